//! One message's receipts: four counts that add up, and why there are none.

use serde_json::json;
use yidu_proto::v1;
use yidu_testkit::words::group_id;

use crate::{Scene, escaped};

#[tokio::test]
async fn the_four_counts_add_up_to_who_was_asked() {
    let mut scene = Scene::with(&["ben", "cleo", "dora"]).await;
    scene.reads("ben").await;
    let remove =
        v1::RemoveMembers { group_id: group_id(&scene.to), users: vec!["dora".into()], ..Default::default() };
    scene.server.administrator().await.unwrap().ask(remove).await.unwrap();

    let state = scene.administrator().read(&scene.receipt()).await.unwrap();
    let own = scene.sender.receipts(&scene.to, &[scene.seq]).await.unwrap().remove(0);
    let expected = json!({
        "conversation": { "type": "group", "id": scene.group }, "seq": scene.seq, "message_id": own.message_id,
        "audience_count": 3, "read_count": 1, "unread_count": 1, "left_count": 1, "closed": false,
    });
    assert_eq!(state, expected);
}

#[tokio::test]
async fn a_one_to_one_message_tells_when_the_peer_read_it() {
    let scene = Scene::with(&["ben"]).await;
    let mut sender = scene.server.user("sender").await.unwrap();
    let to_ben = yidu_testkit::words::with("ben");
    let seq = sender.says(&to_ben, "hello").await.unwrap().seq;
    let path = format!("/api/v1/apps/{}/users/sender/peers/ben/messages/{seq}/receipt", scene.server.app());
    let state = scene.administrator().read(&path).await.unwrap();
    assert_eq!((&state["read_count"], state.get("peer_read_time_ms")), (&json!(0), None));
    let mut ben = scene.server.user("ben").await.unwrap();
    ben.reads(&yidu_testkit::words::with("sender"), &[seq]).await.unwrap();
    for caller in [scene.server.api("sender"), scene.server.api_of_operator().unwrap()] {
        let state = caller.read(&path).await.unwrap();
        assert_eq!(state["conversation"], json!({ "type": "user", "id": "ben" }));
        assert_eq!(state["read_count"], 1);
        assert!(state["peer_read_time_ms"].as_u64().is_some(), "{state}");
    }
    let reply = scene.server.api("ben").get(&path).await.unwrap();
    assert_eq!(reply.problem().unwrap(), (403, 70_403), "another user's conversation");
}

#[tokio::test]
async fn what_has_no_receipts_is_not_found() {
    let mut scene = Scene::with(&["ben"]).await;
    let plain = yidu_testkit::words::plain(&scene.to, "just so you know");
    let plain = scene.sender.sends(plain).await.unwrap().seq;
    let app = scene.server.app();
    let group = escaped(&scene.group);
    let admin = scene.administrator();
    for (path, problem) in [
        (format!("/api/v1/apps/{app}/groups/{group}/messages/{plain}/receipt"), (404, 10_062)),
        (format!("/api/v1/apps/{app}/groups/{group}/messages/999/receipt"), (404, 10_062)),
        (format!("/api/v1/apps/{app}/groups/nowhere/messages/1/receipt"), (404, 10_010)),
        (format!("/api/v1/apps/{app}/groups/{group}/messages/one/receipt"), (400, 6_017)),
        (format!("/api/v1/apps/{app}/users/sender/peers/nobody/messages/1/receipt"), (404, 20_003)),
    ] {
        assert_eq!(admin.get(&path).await.unwrap().problem().unwrap(), problem, "{path}");
    }
}
