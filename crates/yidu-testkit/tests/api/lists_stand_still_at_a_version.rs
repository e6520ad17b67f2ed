//! A list at a version stands still while receipts keep landing: offsets name the same members for ever, nobody is there
//! twice, nobody is missed.

use std::collections::BTreeSet;

use serde_json::Value;
use yidu_proto::v1;
use yidu_proto::v1::conversation_ref::Of;
use yidu_testkit::words::{group_id, text};
use yidu_testkit::{Api, TestServer, members};

use crate::{Scene, escaped};

fn names(page: &Value) -> Vec<String> {
    let members = page["members"].as_array().unwrap();
    members.iter().map(|member| member["user_id"].as_str().unwrap().to_owned()).collect()
}

/// A list at a version, put together from pages by offset, the last page first.
async fn by_offset(api: &Api, path: &str, list: &str, version: u64, limit: u64) -> Vec<String> {
    let first =
        api.read(&format!("{path}/members?list={list}&version={version}&limit={limit}")).await.unwrap();
    let total = first["total"].as_u64().unwrap();
    let mut all = vec![String::new(); usize::try_from(total).unwrap()];
    for offset in (0..total.div_ceil(limit)).rev().map(|page| page * limit) {
        let query = format!("list={list}&version={version}&limit={limit}&offset={offset}");
        let page = api.read(&format!("{path}/members?{query}")).await.unwrap();
        assert_eq!((page["total"].as_u64(), page["offset"].as_u64()), (Some(total), Some(offset)));
        for (at, name) in names(&page).into_iter().enumerate() {
            all[usize::try_from(offset).unwrap() + at] = name;
        }
    }
    all
}

#[tokio::test]
async fn while_receipts_land_a_version_shows_the_same_list_from_every_offset() {
    let server = TestServer::start().await.unwrap();
    let crowd = members("m", 600);
    let to = server.group(v1::GroupType::Public, &crowd).await.unwrap();
    let sent =
        server.service().send_message(&server.caller(&crowd[0]).await.unwrap(), text(&to, "read")).await;
    let seq = sent.unwrap().message.unwrap().seq;
    let group = group_id(&to);
    let path = format!("/api/v1/apps/{}/groups/{}/messages/{seq}/receipt", server.app(), escaped(&group));
    let api = server.api("administrator");

    let read = async |user: &String| {
        let reader = server.caller(user).await.unwrap();
        let conversation = Some(v1::ConversationRef { of: Some(Of::Group(group.clone())) });
        server
            .service()
            .send_receipts(&reader, v1::SendReceipts { conversation, seqs: vec![seq] })
            .await
            .unwrap();
    };
    for user in &crowd[1..200] {
        read(user).await;
    }
    let begin = api.read(&format!("{path}/members?list=read&limit=7")).await.unwrap();
    let version = begin["version"].as_u64().unwrap();
    assert_eq!(begin["total"], 199);
    // Others read all the while, from both ends of the list.
    let landing = async {
        for (one, other) in crowd[200..400].iter().zip(crowd[400..].iter().rev()) {
            tokio::join!(read(one), read(other));
        }
    };
    let looking = async {
        let mut shown = BTreeSet::new();
        for _ in 0..5 {
            for list in ["read", "not_read", "unread"] {
                shown.insert((list, by_offset(&api, &path, list, version, 97).await));
            }
        }
        shown
    };
    let ((), shown) = tokio::join!(landing, looking);
    let lists: Vec<_> = shown.into_iter().collect();
    assert_eq!(
        lists,
        [
            ("not_read", crowd[200..].to_vec()),
            ("read", crowd[1..200].to_vec()),
            ("unread", crowd[200..].to_vec())
        ]
    );
    let state = api.read(&path).await.unwrap();
    assert_eq!(state["read_count"], 599, "the counts of now are ahead of the version");
    let now = api.read(&format!("{path}/members?list=read&limit=1000")).await.unwrap();
    assert_eq!(names(&now), crowd[1..], "the newest version has everybody");
}

#[tokio::test]
async fn what_was_acknowledged_is_in_the_next_version_and_what_comes_later_is_not() {
    let scene = Scene::with(&["ben", "cleo", "dora"]).await;
    let api = scene.administrator();
    let mut versions = Vec::new();
    for user in ["cleo", "ben", "dora"] {
        scene.reads(user).await;
        let page = api.read(&format!("{}/members", scene.receipt())).await.unwrap();
        versions.push((page["version"].as_u64().unwrap(), names(&page)));
    }
    assert_eq!(versions[2].1, ["ben", "cleo", "dora"]);
    assert!(versions.windows(2).all(|pair| pair[0].0 < pair[1].0), "{versions:?}");
    for (version, expected) in &versions {
        let page = api.read(&format!("{}/members?version={version}", scene.receipt())).await.unwrap();
        assert_eq!(names(&page), *expected, "version {version}");
    }
}

#[tokio::test]
async fn a_version_survives_a_restart_and_a_leaver_moves_from_unread_to_left_only() {
    let mut scene = Scene::with(&["ben", "cleo", "dora", "emil"]).await;
    scene.reads("ben").await;
    let page = scene.administrator().read(&format!("{}/members", scene.receipt())).await.unwrap();
    let version = page["version"].as_u64().unwrap();
    let remove =
        v1::RemoveMembers { group_id: scene.group.clone(), users: vec!["dora".into()], ..Default::default() };
    scene.server.administrator().await.unwrap().ask(remove).await.unwrap();
    scene.reads("cleo").await;
    scene.server.restart().await.unwrap();
    let api = scene.administrator();
    let list = async |list: &str| {
        let path = format!("{}/members?list={list}&version={version}", scene.receipt());
        let page = api.read(&path).await.unwrap();
        let members = page["members"].as_array().unwrap().clone();
        members
            .iter()
            .map(|member| {
                format!("{} {}", member["user_id"].as_str().unwrap(), member["state"].as_str().unwrap())
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(list("read").await, ["ben read"]);
    assert_eq!(list("not_read").await, ["cleo unread", "dora left", "emil unread"]);
    assert_eq!(list("unread").await, ["cleo unread", "emil unread"]);
    assert_eq!(list("left").await, ["dora left"]);
}

#[tokio::test]
async fn a_search_finds_by_id_nick_and_name_card_whatever_the_case() {
    let scene = Scene::with(&["ben", "cleo", "dora"]).await;
    let profile =
        v1::Profile {
            user_id: "cleo".into(), nick: "Kleopatra 克娄巴特拉".into(), ..Default::default()
        };
    let mut admin = scene.server.administrator().await.unwrap();
    admin.ask(v1::ImportAccounts { accounts: vec![profile] }).await.unwrap();
    let card = v1::ModifyMember {
        group_id: scene.group.clone(),
        user_id: "dora".into(),
        name_card: Some("Dora of Sales".into()),
        ..Default::default()
    };
    admin.ask(card).await.unwrap();
    let api = scene.administrator();
    for (search, found) in [
        ("BEN", vec!["ben"]),
        ("kleo", vec!["cleo"]),
        ("%E5%85%8B%E5%A8%84", vec!["cleo"]),
        ("sales", vec!["dora"]),
        ("o", vec!["cleo", "dora"]),
        ("nobody", vec![]),
    ] {
        let page = api.read(&format!("{}/members?list=unread&q={search}", scene.receipt())).await.unwrap();
        assert_eq!(names(&page), found, "{search}");
        assert_eq!((&page["finished"], &page["next_cursor"]), (&true.into(), &0.into()));
    }
    let first = api.read(&format!("{}/members?list=unread&q=o&limit=1", scene.receipt())).await.unwrap();
    let cursor = first["next_cursor"].as_u64().unwrap();
    let next = format!("{}/members?list=unread&q=o&limit=1&cursor={cursor}", scene.receipt());
    assert_eq!(names(&first), ["cleo"]);
    assert_eq!(names(&api.read(&next).await.unwrap()), ["dora"]);
}

#[tokio::test]
async fn a_page_that_cannot_be_is_refused() {
    let scene = Scene::with(&["ben"]).await;
    let api = scene.administrator();
    for query in [
        "limit=0",
        "limit=1001",
        "limit=-1",
        "offset=1&cursor=1",
        "list=everybody",
        "version=99999999999999",
        "version=tomorrow",
        "cursor=4294967296",
        "page=2",
        &format!("q={}", "x".repeat(101)),
    ] {
        let reply = api.get(&format!("{}/members?{query}", scene.receipt())).await.unwrap();
        assert_eq!(reply.problem().unwrap(), (400, 6_017), "{query}");
    }
}
