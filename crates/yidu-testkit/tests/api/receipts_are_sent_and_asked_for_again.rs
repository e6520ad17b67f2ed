//! Two calls that change something about receipts: saying that one has read, and reminding those who have not.

use serde_json::json;
use yidu_testkit::words::with;

use crate::Scene;

#[tokio::test]
async fn a_user_says_what_was_read_without_a_connection() {
    let mut scene = Scene::with(&["ben", "cleo"]).await;
    let app = scene.server.app();
    let path = format!("/api/v1/apps/{app}/users/ben/receipts");
    let ben = scene.server.api("ben");
    let body = json!({ "group": scene.group, "seqs": [scene.seq, scene.seq, 99] });
    let reply = ben.json("POST", &path, &body).await.unwrap();
    assert_eq!(reply.status, 200);
    let expected = json!({ "results": [
        { "seq": scene.seq, "verdict": "recorded", "code": 0 },
        { "seq": scene.seq, "verdict": "already", "code": 0 },
        { "seq": 99, "verdict": "unknown_message", "code": 10_062 },
    ] });
    assert_eq!(reply.json().unwrap(), expected);
    assert_eq!(scene.sender.hears_read(scene.seq, 1).await.unwrap().unread_count, 1);

    let seq = scene.sender.says(&with("ben"), "and you?").await.unwrap().seq;
    let reply = ben.json("POST", &path, &json!({ "peer": "sender", "seqs": [seq] })).await.unwrap();
    assert_eq!(reply.json().unwrap()["results"][0]["verdict"], "recorded");

    for (body, problem) in [
        (json!({ "seqs": [1] }), (400, 6_017)),
        (json!({ "group": scene.group, "peer": "sender", "seqs": [1] }), (400, 6_017)),
        (json!({ "group": scene.group, "seqs": [] }), (400, 6_017)),
        (json!({ "group": scene.group, "seqs": vec![1; 51] }), (400, 6_017)),
        (json!({ "group": "nowhere", "seqs": [1] }), (404, 10_010)),
    ] {
        let reply = ben.json("POST", &path, &body).await.unwrap();
        assert_eq!(reply.problem().unwrap(), problem, "{body}");
    }
    let others = scene.server.api("cleo").json("POST", &path, &body).await.unwrap();
    assert_eq!(others.problem().unwrap(), (403, 70_403), "in another user's name");
}

#[tokio::test]
async fn who_has_not_read_is_reminded_once_a_minute() {
    let scene = Scene::with(&["ben", "cleo"]).await;
    scene.reads("ben").await;
    let path = format!("{}/remind", scene.receipt());
    let reply = scene.server.api("ben").json("POST", &path, &json!({})).await.unwrap();
    assert_eq!(reply.problem().unwrap(), (403, 10_007));
    let sender = scene.server.api("sender");
    let reply = sender.json("POST", &path, &json!({ "users": ["ben"] })).await.unwrap();
    assert_eq!(reply.json().unwrap(), json!({ "reminded": 0 }));
    let operator = scene.server.api_of_operator().unwrap();
    let reply = operator.json("POST", &path, &json!({})).await.unwrap();
    assert_eq!(reply.json().unwrap(), json!({ "reminded": 1 }));
    let again = sender.json("POST", &path, &json!({})).await.unwrap();
    assert_eq!(again.problem().unwrap(), (429, 60_007));
    let wait: u64 = again.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
}
