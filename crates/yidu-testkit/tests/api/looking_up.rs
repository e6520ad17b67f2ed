//! Users, groups and messages are found by whoever may.

use serde_json::json;
use yidu_proto::v1;

use crate::{Scene, escaped};

#[tokio::test]
async fn a_user_a_group_and_its_members_are_shown() {
    let scene = Scene::with(&["ben", "cleo"]).await;
    let base = format!("/api/v1/apps/{}", scene.server.app());
    let api = scene.administrator();
    let ben = api.read(&format!("{base}/users/ben")).await.unwrap();
    assert_eq!(ben["user_id"], "ben");
    assert!(ben["created_ms"].as_u64().unwrap() > 0);
    let group = api.read(&format!("{base}/groups/{}", escaped(&scene.group))).await.unwrap();
    assert_eq!(
        (&group["type"], &group["owner"], &group["member_count"]),
        (&json!("Public"), &json!("sender"), &json!(3))
    );
    assert_eq!((&group["receipts"], &group["receipts_work"]), (&json!("inherit"), &json!(true)));
    let path = format!("{base}/groups/{}/members", escaped(&scene.group));
    let first = api.read(&format!("{path}?limit=2")).await.unwrap();
    let rest = api.read(&format!("{path}?limit=2&cursor={}", first["next_cursor"])).await.unwrap();
    let all: Vec<_> = [&first, &rest].iter().flat_map(|page| page["members"].as_array().unwrap()).collect();
    let all: Vec<_> =
        all.iter().map(|member| (member["user_id"].as_str().unwrap(), &member["role"])).collect();
    let (owner, member) = (json!("owner"), json!("member"));
    assert_eq!(all, [("sender", &owner), ("ben", &member), ("cleo", &member)]);
    assert_eq!(rest["next_cursor"], 0);
    let joined = api.read(&format!("{base}/users/ben/groups")).await.unwrap();
    assert_eq!(joined["groups"][0]["group_id"], scene.group);
    for (path, problem) in [
        ("users/nobody", (404, 70_107)),
        ("groups/nothing", (404, 10_010)),
        ("users/nobody/groups", (404, 70_107)),
    ] {
        assert_eq!(api.get(&format!("{base}/{path}")).await.unwrap().problem().unwrap(), problem, "{path}");
    }
}

/// A text with the time of now in its id.
fn fresh(to: &v1::ConversationRef, words: &str) -> v1::SendMessage {
    v1::SendMessage { client_time_s: 0, ..yidu_testkit::words::text(to, words) }
}

#[tokio::test]
async fn a_message_is_found_by_its_id_and_by_its_place() {
    let mut scene = Scene::with(&["ben"]).await;
    for n in 0..300 {
        scene.sender.sends(fresh(&scene.to, &format!("message {n}"))).await.unwrap();
    }
    let to_ben = yidu_testkit::words::with("ben");
    let private = scene.sender.sends(fresh(&to_ben, "between us")).await.unwrap();
    let api = scene.administrator();
    let base = format!("/api/v1/apps/{}", scene.server.app());
    let by_place = format!("{base}/messages?q={}@150", escaped(&scene.group));
    let by_place = api.read(&by_place).await.unwrap();
    assert_eq!((&by_place["seq"], &by_place["from"]), (&json!(150), &json!("sender")));
    let by_id = format!("{base}/messages?q={}", by_place["id"].as_str().unwrap());
    assert_eq!(api.read(&by_id).await.unwrap(), by_place);
    let direct = format!("{base}/groups/{}/messages/150", escaped(&scene.group));
    assert_eq!(api.read(&direct).await.unwrap(), by_place);
    let one_to_one = api.read(&format!("{base}/messages?q={}", private.id)).await.unwrap();
    assert_eq!(one_to_one["conversation"], json!({ "type": "user", "id": "ben" }));
    assert!(!one_to_one.to_string().contains("between us"), "contents stay between those who talk");
    assert_eq!(scene.server.api("ben").get(&direct).await.unwrap().problem().unwrap(), (403, 70_403));
    for (q, problem) in [
        ("nonsense", (400, 6_017)),
        ("1-2-3", (404, 10_062)),
        ("nowhere@1", (404, 10_010)),
        ("x@y", (400, 6_017)),
    ] {
        let reply = api.get(&format!("{base}/messages?q={q}")).await.unwrap();
        assert_eq!(reply.problem().unwrap(), problem, "{q}");
    }
}

#[tokio::test]
async fn a_groups_switch_counts_at_once() {
    let mut scene = Scene::with(&["ben"]).await;
    let path = format!("/api/v1/apps/{}/groups/{}/receipts", scene.server.app(), escaped(&scene.group));
    let api = scene.administrator();
    let off = api.json("PUT", &path, &json!({ "receipts": "off" })).await.unwrap().json().unwrap();
    assert_eq!((&off["receipts"], &off["receipts_work"]), (&json!("off"), &json!(false)));
    let refused = scene.sender.says(&scene.to, "who reads this?").await.unwrap_err();
    assert!(refused.to_string().contains("7013"), "{refused}");
    api.json("PUT", &path, &json!({ "receipts": "inherit" })).await.unwrap();
    scene.sender.says(&scene.to, "and this?").await.unwrap();
    let reply = scene.server.api("ben").json("PUT", &path, &json!({ "receipts": "off" })).await.unwrap();
    assert_eq!(reply.problem().unwrap(), (403, 10_007));
    let reply = api.json("PUT", &path, &json!({ "receipts": "sometimes" })).await.unwrap();
    assert_eq!(reply.problem().unwrap(), (422, 6_017));
}
