//! Administrators and the operator dismiss groups, delete users and kick them; who did what, when, and how it was, stands in
//! the audit log.

use serde_json::{Value, json};
use yidu_proto::v1::{kicked::Reason, push::Event};
use yidu_testkit::{Api, TestServer};

use crate::{Scene, escaped};

async fn act(api: &Api, method: &str, path: &str) -> u16 {
    api.send(method, path, &[], None).await.unwrap().status
}

/// The newest entry of the audit log.
async fn noted(api: &Api, base: &str) -> Value {
    api.read(&format!("{base}/audit?limit=1")).await.unwrap()["entries"][0].clone()
}

#[tokio::test]
async fn a_group_is_dismissed() {
    let scene = Scene::with(&["ben", "cleo"]).await;
    let base = format!("/api/v1/apps/{}", scene.server.app());
    let path = format!("{base}/groups/{}", escaped(&scene.group));
    let reply = scene.server.api("ben").send("DELETE", &path, &[], None).await.unwrap();
    assert_eq!(reply.problem().unwrap(), (403, 10_007));
    let operator = scene.server.api_of_operator().unwrap();
    assert_eq!(act(&operator, "DELETE", &path).await, 204);
    let note = noted(&operator, &base).await;
    assert_eq!(
        (&note["what"], &note["by"], &note["whom"]),
        (&json!("group.dismissed"), &json!("operator"), &json!(scene.group))
    );
    assert_eq!(note["before"]["member_count"], 3);
    assert_eq!(note["after"], Value::Null);
    assert!(note["time_ms"].as_u64() > Some(0));
    for path in [&path, &scene.receipt()] {
        assert_eq!(operator.get(path).await.unwrap().problem().unwrap(), (404, 10_010), "{path}");
    }
    let again = operator.send("DELETE", &path, &[], None).await.unwrap();
    assert_eq!(again.problem().unwrap(), (404, 10_010));
}

#[tokio::test]
async fn a_user_is_deleted_and_is_a_leaver_of_every_group() {
    let scene = Scene::with(&["ben", "cleo"]).await;
    let base = format!("/api/v1/apps/{}", scene.server.app());
    let api = scene.administrator();
    let ben = scene.server.user("ben").await.unwrap();
    let refused = scene.server.api("ben").send("DELETE", &format!("{base}/users/cleo"), &[], None).await;
    assert_eq!(refused.unwrap().problem().unwrap(), (403, 70_403));
    assert_eq!(act(&api, "DELETE", &format!("{base}/users/ben")).await, 204);
    let told = ben.into_peer().until_closed().await.unwrap();
    let Some(Event::Kicked(kicked)) = told.last() else { panic!("{told:?}") };
    assert_eq!(kicked.reason(), Reason::AccountDeleted);
    let state = api.read(&scene.receipt()).await.unwrap();
    assert_eq!((&state["unread_count"], &state["left_count"]), (&json!(1), &json!(1)));
    let note = noted(&api, &base).await;
    assert_eq!(
        (&note["what"], &note["by"], &note["whom"], &note["before"]["groups"]),
        (&json!("user.deleted"), &json!("administrator"), &json!("ben"), &json!(1))
    );
    let again = api.send("DELETE", &format!("{base}/users/ben"), &[], None).await.unwrap();
    assert_eq!(again.problem().unwrap(), (404, 70_107));
}

#[tokio::test]
async fn a_kick_ends_sessions_and_tells_when_they_were() {
    let server = TestServer::start().await.unwrap();
    let base = format!("/api/v1/apps/{}/users/ben", server.app());
    let api = server.api_of_operator().unwrap();
    let ben = server.device("ben", "his phone").await.unwrap();
    let online = api.read(&format!("{base}/sessions")).await.unwrap();
    let device = &online["devices"][0];
    assert_eq!((&device["platform"], &device["device_id"]), (&json!("linux"), &json!("his phone")));
    let since = device["since_ms"].as_u64().unwrap();
    assert!(online.get("last_online_ms").is_none(), "{online}");

    assert_eq!(act(&api, "POST", &format!("{base}/kick")).await, 204);
    let told = ben.into_peer().until_closed().await.unwrap();
    let Some(Event::Kicked(kicked)) = told.last() else { panic!("{told:?}") };
    assert_eq!(kicked.reason(), Reason::Administrator);
    let offline = loop {
        let now = api.read(&format!("{base}/sessions")).await.unwrap();
        if now.get("last_online_ms").is_some() {
            break now;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(offline["devices"], json!([]));
    assert!(offline["last_online_ms"].as_u64().unwrap() >= since);
    let note = noted(&api, &format!("/api/v1/apps/{}", server.app())).await;
    assert_eq!(
        (&note["what"], &note["by"], &note["whom"]),
        (&json!("user.kicked"), &json!("operator"), &json!("ben"))
    );
    assert_eq!(note["before"], json!({ "user_sigs_valid_from_s": 0 }));
    assert!(note["after"]["user_sigs_valid_from_s"].as_u64() > Some(0));
    let (own, other) = (server.api("ben"), server.api("cleo"));
    assert_eq!(own.get(&base).await.unwrap().problem().unwrap(), (401, 70_052), "a UserSig of before");
    assert_eq!(other.get(&format!("{base}/sessions")).await.unwrap().problem().unwrap(), (403, 70_403));
    for path in ["nobody/kick", "nobody/sessions"] {
        let method = if path.ends_with("kick") { "POST" } else { "GET" };
        let path = format!("/api/v1/apps/{}/users/{path}", server.app());
        let reply = api.send(method, &path, &[], None).await.unwrap();
        assert_eq!(reply.problem().unwrap(), (404, 70_107), "{path}");
    }
}
