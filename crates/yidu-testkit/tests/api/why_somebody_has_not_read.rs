//! One user's state on one message, and how fast a message was read, from facts that the server has.

use serde_json::json;
use yidu_proto::v1;
use yidu_testkit::{Clock, TestServer};

use crate::{Scene, escaped};

#[tokio::test]
async fn each_state_has_its_reason() {
    let mut scene = Scene::with(&["ben", "cleo", "dora", "emil"]).await;
    let mut admin = scene.server.administrator().await.unwrap();
    let remove = |user: &str| v1::RemoveMembers {
        group_id: scene.group.clone(),
        users: vec![user.to_owned()],
        ..Default::default()
    };
    admin.ask(remove("emil")).await.unwrap();
    scene.server.users(&["fay", "gus"]).await.unwrap();
    let seq = scene.sender.says(&scene.to, "and this?").await.unwrap().seq;
    scene.seq = seq;
    admin.ask(remove("dora")).await.unwrap();
    admin.adds(&scene.to, &["fay".into(), "emil".into()]).await.unwrap();
    scene.reads("ben").await;
    let targeted = v1::SendMessage {
        targets: vec!["ben".into()],
        ..yidu_testkit::words::text(&scene.to, "for ben alone")
    };
    let targeted = scene.sender.sends(targeted).await.unwrap().seq;
    let api = scene.administrator();
    let of = async |seq: u64, user: &str| {
        let path = format!(
            "/api/v1/apps/{}/groups/{}/messages/{seq}/receipt/members/{user}",
            scene.server.app(),
            escaped(&scene.group)
        );
        api.read(&path).await.unwrap()
    };
    for (seq, user, state, reason, member) in [
        (seq, "ben", "read", None, true),
        (seq, "cleo", "unread", None, true),
        (seq, "dora", "left", None, false),
        (seq, "sender", "not_asked", Some("sender"), true),
        (seq, "emil", "not_asked", Some("left_before"), true),
        (seq, "fay", "not_asked", Some("joined_later"), true),
        (seq, "gus", "not_asked", Some("never_joined"), false),
        (targeted, "cleo", "not_asked", Some("not_targeted"), true),
    ] {
        let found = of(seq, user).await;
        assert_eq!(found["user_id"], user);
        assert_eq!(found["state"], state, "{found}");
        assert_eq!(found.get("reason"), reason.map(|reason| json!(reason)).as_ref(), "{found}");
        assert_eq!(found["member"], member, "{found}");
        assert_eq!(found.get("joined_ms").is_some(), user != "gus", "{found}");
        assert_eq!(found.get("read_time_ms").is_some(), state == "read", "{found}");
        assert_eq!(found["receipt"]["seq"], seq);
    }
}

#[tokio::test]
async fn administrators_see_whether_the_user_was_there_and_senders_do_not() {
    let mut scene = Scene::with(&["ben", "cleo"]).await;
    let first = scene.receipt();
    scene.seq = scene.sender.says(&scene.to, "two").await.unwrap().seq;
    scene.reads("ben").await;
    let mut cleo = scene.server.user("cleo").await.unwrap();
    let clear = v1::ClearUnread { conversation: Some(scene.to.clone()), ..Default::default() };
    cleo.ask(clear).await.unwrap();
    let api = scene.administrator();
    let ben = api.read(&format!("{first}/members/ben")).await.unwrap();
    assert_eq!((&ben["state"], &ben["newer_read_seq"]), (&json!("unread"), &json!(scene.seq)));
    let cleo = api.read(&format!("{first}/members/cleo")).await.unwrap();
    assert_eq!((&cleo["state"], &cleo["online"]), (&json!("unread"), &json!(true)));
    assert_eq!(cleo["cleared_seq"], scene.seq, "the message was in sight");
    assert!(cleo.get("newer_read_seq").is_none());
    let own = scene.server.api("sender").read(&format!("{first}/members/cleo")).await.unwrap();
    assert_eq!(own["state"], "unread");
    for field in ["online", "last_online_ms", "cleared_seq", "newer_read_seq"] {
        assert!(own.get(field).is_none(), "{own}");
    }
    for path in [format!("{first}/members/cleo"), format!("{first}/timeline")] {
        let reply = scene.server.api("ben").get(&path).await.unwrap();
        assert_eq!(reply.problem().unwrap(), (403, 10_007), "{path}");
    }
    let none = format!("{first}/members/nobody");
    assert_eq!(api.get(&none).await.unwrap().problem().unwrap(), (404, 70_107));
    assert_eq!(scene.server.api("ben").get(&none).await.unwrap().problem().unwrap(), (403, 10_007));
}

#[tokio::test]
async fn times_of_reading_are_summed_up() {
    let clock = Clock::new();
    let scene = Scene::on(TestServer::with_clock(&clock).await.unwrap(), &["a", "b", "c", "d"]).await;
    let path = format!("{}/timeline", scene.receipt());
    let api = scene.server.api("sender");
    let nobody = api.read(&path).await.unwrap();
    assert_eq!(nobody["buckets"], json!([]));
    assert!(nobody.get("first_ms").is_none() && nobody["receipt"]["unread_count"] == 4, "{nobody}");
    for (user, after) in [("c", 1_000), ("a", 59_000), ("d", 3_540_000)] {
        clock.advance(after);
        scene.reads(user).await;
    }
    let timeline = api.read(&format!("{path}?buckets=3")).await.unwrap();
    let (first, median, last) = (&timeline["first_ms"], &timeline["median_ms"], &timeline["last_ms"]);
    let close = |time: &serde_json::Value, expected: u64| time.as_u64().unwrap().abs_diff(expected) < 100;
    assert!(close(first, 1_000) && close(median, 60_000) && close(last, 3_600_000), "{timeline}");
    let buckets = timeline["buckets"].as_array().unwrap();
    let counts: Vec<_> = buckets.iter().map(|bucket| bucket["count"].as_u64().unwrap()).collect();
    assert_eq!((counts, &buckets[2]["until_ms"]), (vec![2, 0, 1], last));
    assert_eq!(timeline["receipt"]["read_count"], 3);
    for query in ["buckets=0", "buckets=64", "buckets=-1", "size=1"] {
        let reply = api.get(&format!("{path}?{query}")).await.unwrap();
        assert_eq!(reply.problem().unwrap(), (400, 6_017), "{query}");
    }
}
