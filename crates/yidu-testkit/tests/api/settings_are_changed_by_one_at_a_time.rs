//! Two who change the settings at once do not undo each other; a dry run changes nothing.

use serde_json::{Value, json};
use yidu_testkit::{Reply, TestServer};

fn path(server: &TestServer) -> String {
    format!("/api/v1/apps/{}/settings", server.app())
}

async fn put(server: &TestServer, query: &str, tag: &str, settings: &Value) -> Reply {
    let body = Some(settings.to_string().into_bytes());
    let path = format!("{}{query}", path(server));
    server.api("administrator").send("PUT", &path, &[("if-match", tag)], body).await.unwrap()
}

#[tokio::test]
async fn a_stale_etag_is_a_conflict_and_a_fresh_one_is_not() {
    let server = TestServer::start().await.unwrap();
    let read = server.api("administrator").get(&path(&server)).await.unwrap();
    let tag = read.header("etag").to_owned();
    let mut settings = read.json().unwrap();
    settings["receipt_viewers"] = json!("members");
    let changed = put(&server, "", &tag, &settings).await;
    assert_eq!(changed.status, 200, "{changed:?}");
    let told = changed.json().unwrap();
    let expected = json!([{ "field": "receipt_viewers", "before": "sender", "after": "members" }]);
    assert_eq!(told["differences"], expected);
    assert_ne!(changed.header("etag"), tag);

    // Somebody else still has the old state.
    let mut theirs = read.json().unwrap();
    theirs["history_days"] = json!(30);
    assert_eq!(put(&server, "", &tag, &theirs).await.problem().unwrap(), (412, 10_004));
    let now = server.api("administrator").get(&path(&server)).await.unwrap();
    assert_eq!(now.json().unwrap(), settings, "nothing was undone");
    assert_eq!(now.header("etag"), changed.header("etag"));
    assert_eq!(put(&server, "", "*", &theirs).await.status, 200, "whatever is there");
    let reply = server.api("administrator").json("PUT", &path(&server), &theirs).await.unwrap();
    assert_eq!(reply.problem().unwrap(), (428, 6_017));
}

#[tokio::test]
async fn of_two_who_change_at_once_one_is_told() {
    let server = TestServer::start().await.unwrap();
    let read = server.api("administrator").get(&path(&server)).await.unwrap();
    let (tag, mut one, mut other) = (read.header("etag"), read.json().unwrap(), read.json().unwrap());
    one["recall_seconds"] = json!(1);
    other["recall_seconds"] = json!(2);
    let (one, other) = tokio::join!(put(&server, "", tag, &one), put(&server, "", tag, &other));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
}

#[tokio::test]
async fn a_dry_run_tells_what_would_change_and_changes_nothing() {
    let server = TestServer::start().await.unwrap();
    let read = server.api("administrator").get(&path(&server)).await.unwrap();
    let mut settings = read.json().unwrap();
    settings["group_limits"]["Work"] = json!(500);
    let tried = put(&server, "?dry_run=true", read.header("etag"), &settings).await.json().unwrap();
    assert_eq!(
        (&tried["dry_run"], &tried["differences"][0]["field"]),
        (&json!(true), &json!("group_limits"))
    );
    assert_eq!(server.api("administrator").get(&path(&server)).await.unwrap().body, read.body);
    settings["administrators"] = json!([]);
    let refused = put(&server, "?dry_run=true", read.header("etag"), &settings).await;
    assert_eq!(refused.problem().unwrap(), (400, 10_004), "what would be refused is refused");
}

#[tokio::test]
async fn only_administrators_and_the_operator_come_near_them() {
    let server = TestServer::start().await.unwrap();
    assert_eq!(server.api("bob").get(&path(&server)).await.unwrap().problem().unwrap(), (403, 70_403));
    let settings = server.api_of_operator().unwrap().read(&path(&server)).await.unwrap();
    let (path, bob) = (path(&server), server.api("bob"));
    let reply = bob.send("PUT", &path, &[("if-match", "*")], Some(settings.to_string().into_bytes()));
    assert_eq!(reply.await.unwrap().problem().unwrap(), (403, 70_403));
    let mut settings = settings;
    settings["receipt_group_types"] = json!(["AVChatRoom"]);
    let refused = put(&server, "", "*", &settings).await;
    assert_eq!(refused.problem().unwrap(), (400, 10_004));
}
