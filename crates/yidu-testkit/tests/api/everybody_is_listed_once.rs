//! All users and all groups of an app by pages: who is there is listed once, whatever the sizes of pages and whatever is
//! searched for.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};
use yidu_proto::v1;
use yidu_testkit::{Api, TestServer};

use crate::{Scene, escaped};

/// A text in a query.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// A whole list by pages: ids in order.
async fn listed(api: &Api, path: &str, field: &str, id: &str, q: &str, limit: usize) -> Vec<String> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let query = format!("q={}&limit={limit}{cursor}", encoded(q));
        let page = api.read(&format!("{path}/{field}?{query}")).await.unwrap();
        let items = page[field].as_array().unwrap();
        assert!(items.len() <= limit);
        all.extend(items.iter().map(|item| item[id].as_str().unwrap().to_owned()));
        match page.get("next_cursor") {
            Some(next) => cursor = format!("&cursor={}", encoded(next.as_str().unwrap())),
            None => return all,
        }
    }
}

fn begins(text: &str, prefix: &str) -> bool {
    text.to_lowercase().starts_with(&prefix.to_lowercase())
}

#[tokio::test]
async fn as_a_plain_model_says_whatever_is_asked() {
    let server = TestServer::start().await.unwrap();
    let mut admin = server.administrator().await.unwrap();
    let name = || prop_oneof!["[abAB]{1,3}", "[a-c]{0,2}[äÄ中]", "[aA][@#/ ]b"];
    let people = prop::collection::btree_map("[abAB]{1,3}", prop::option::of(name()), 30..60);
    let queries = prop::collection::vec((name(), 1_usize..9), 12);
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let mut people = people.new_tree(&mut runner).unwrap().current();
    let mut queries = queries.new_tree(&mut runner).unwrap().current();
    let accounts: Vec<v1::Profile> = people
        .iter()
        .map(|(user, nick)| v1::Profile {
            user_id: user.clone(),
            nick: nick.clone().unwrap_or_default(),
            ..Default::default()
        })
        .collect();
    for accounts in accounts.chunks(50) {
        admin.ask(v1::ImportAccounts { accounts: accounts.to_vec() }).await.unwrap();
    }
    let mut groups = BTreeMap::new();
    for (user, nick) in &people {
        let name = nick.clone().unwrap_or_else(|| "unnamed".to_owned());
        let create = v1::CreateGroup {
            group_id: format!("g-{user}"),
            r#type: v1::GroupType::Public.into(),
            name: name.clone(),
            ..Default::default()
        };
        admin.ask(create).await.unwrap();
        groups.insert(format!("g-{user}"), name);
    }
    // Some go again.
    let api = server.api("administrator");
    let base = format!("/api/v1/apps/{}", server.app());
    let going: Vec<String> = people.keys().step_by(4).cloned().collect();
    for user in going {
        for path in [format!("users/{user}"), format!("groups/g-{user}")] {
            let gone = api.send("DELETE", &format!("{base}/{path}"), &[], None).await.unwrap();
            assert_eq!(gone.status, 204, "{path}");
        }
        people.remove(&user);
        groups.remove(&format!("g-{user}"));
    }
    people.insert("administrator".into(), None);
    queries.extend([(String::new(), 1), (String::new(), 100), ("g-A".into(), 2), ("nobody".into(), 3)]);
    for (q, limit) in queries {
        let users = people
            .iter()
            .filter(|(user, nick)| begins(user, &q) || begins(nick.as_deref().unwrap_or_default(), &q));
        let users: Vec<String> = users.map(|(user, _)| user.clone()).collect();
        assert_eq!(listed(&api, &base, "users", "user_id", &q, limit).await, users, "{q:?} by {limit}");
        let found = groups.iter().filter(|(id, name)| begins(id, &q) || begins(name, &q));
        let found: Vec<String> = found.map(|(id, _)| id.clone()).collect();
        assert_eq!(listed(&api, &base, "groups", "group_id", &q, limit).await, found, "{q:?} by {limit}");
    }
}

#[tokio::test]
async fn with_what_an_administrator_wants_to_know() {
    let scene = Scene::with(&["ben"]).await;
    let api = scene.administrator();
    let base = format!("/api/v1/apps/{}", scene.server.app());
    let groups = api.read(&format!("{base}/groups")).await.unwrap();
    let shown = api.read(&format!("{base}/groups/{}", escaped(&scene.group))).await.unwrap();
    assert_eq!(groups["groups"], json!([shown]), "as the group is shown by itself");
    let users = api.read(&format!("{base}/users?q=SEND")).await.unwrap();
    let sender: &Value = &users["users"][0];
    assert_eq!((&sender["user_id"], &sender["online"]), (&json!("sender"), &json!(true)));
    assert_eq!(sender["devices"].as_array().unwrap().len(), 1);
    assert!(sender["devices"][0]["since_ms"].as_u64() >= sender["created_ms"].as_u64());
    for (user, problem) in [("ben", (403, 70_403)), ("sender", (403, 70_403))] {
        for list in ["users", "groups"] {
            let reply = scene.server.api(user).get(&format!("{base}/{list}")).await.unwrap();
            assert_eq!(reply.problem().unwrap(), problem, "{user} {list}");
        }
    }
}

#[tokio::test]
async fn a_page_that_cannot_be_is_refused() {
    let server = TestServer::start().await.unwrap();
    let api = server.api("administrator");
    let long = "x".repeat(101);
    for query in ["limit=0", "limit=101", &format!("q={long}"), &format!("cursor={long}"), "page=2"] {
        for list in ["users", "groups"] {
            let path = format!("/api/v1/apps/{}/{list}?{query}", server.app());
            assert_eq!(api.get(&path).await.unwrap().problem().unwrap(), (400, 6_017), "{path}");
        }
    }
}
