//! An export holds everybody who was asked exactly once, in both forms.

use serde_json::Value;
use yidu_proto::v1;

use crate::Scene;

#[tokio::test]
async fn everybody_is_in_it_once_with_state_and_time() {
    let scene = Scene::with(&["ben", "cleo", "dora", "emil"]).await;
    scene.reads("cleo").await;
    scene.reads("emil").await;
    let remove =
        v1::RemoveMembers { group_id: scene.group.clone(), users: vec!["ben".into()], ..Default::default() };
    scene.server.administrator().await.unwrap().ask(remove).await.unwrap();
    let reply = scene.administrator().get(&format!("{}/export", scene.receipt())).await.unwrap();
    assert_eq!((reply.status, reply.header("content-type")), (200, "application/x-ndjson"));
    assert!(reply.header("content-disposition").starts_with("attachment; filename=\"receipts-"));
    let text = String::from_utf8(reply.body.to_vec()).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told: Vec<_> = lines
        .iter()
        .map(|line| (line["user_id"].as_str().unwrap(), line["state"].as_str().unwrap()))
        .collect();
    assert_eq!(told, [("cleo", "read"), ("emil", "read"), ("ben", "left"), ("dora", "unread")]);
    assert!(lines.iter().all(|line| line["read_time_ms"].is_u64() == (line["state"] == "read")), "{text}");

    // The version makes an export the same for ever.
    let version = reply.header("yidu-version").to_owned();
    scene.reads("dora").await;
    let again = format!("{}/export?version={version}", scene.receipt());
    assert_eq!(scene.administrator().get(&again).await.unwrap().body, reply.body);
}

#[tokio::test]
async fn csv_quotes_what_it_must_and_defuses_formulas() {
    let scene = Scene::with(&["ben", "cleo", "dora"]).await;
    let nick = |user: &str, nick: &str| v1::Profile {
        user_id: user.into(),
        nick: nick.into(),
        ..Default::default()
    };
    let accounts = vec![
        nick("ben", "Ben, \"the\"\nreader"),
        nick("cleo", "=HYPERLINK(\"http://x\")"),
        nick("dora", "多拉"),
    ];
    scene.server.administrator().await.unwrap().ask(v1::ImportAccounts { accounts }).await.unwrap();
    let reply = scene.administrator().get(&format!("{}/export?format=csv", scene.receipt())).await.unwrap();
    assert_eq!(reply.header("content-type"), "text/csv; charset=utf-8");
    let text = String::from_utf8(reply.body.to_vec()).unwrap();
    let expected = "user_id,nick,name_card,state,read_time_ms\r\n\
        ben,\"Ben, \"\"the\"\"\nreader\",,unread,\r\n\
        cleo,\"'=HYPERLINK(\"\"http://x\"\")\",,unread,\r\n\
        dora,多拉,,unread,\r\n";
    assert_eq!(text, expected);
}

#[tokio::test]
async fn who_may_not_see_the_list_gets_no_file() {
    let scene = Scene::with(&["ben"]).await;
    let path = format!("{}/export", scene.receipt());
    assert_eq!(scene.server.api("ben").get(&path).await.unwrap().problem().unwrap(), (403, 10_007));
    let path = format!("{}/export?format=xml", scene.receipt());
    assert_eq!(scene.administrator().get(&path).await.unwrap().problem().unwrap(), (400, 6_017));
}
