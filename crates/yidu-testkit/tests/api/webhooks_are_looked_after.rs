//! Whoever looks after an app sees what its back end was told, what was given up and why, and has it told again.

use serde_json::json;
use yidu_proto::v1;
use yidu_testkit::{Clock, Manner, Receiver, TestServer, eventually};

const SENT: &str = "Group.CallbackAfterSendMsg";
const MINUTE: u64 = 60_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_refused_for_a_day_is_listed_with_its_reason_and_told_again() {
    let clock = Clock::new();
    let server = TestServer::with_clock(&clock).await.unwrap();
    let receiver = Receiver::start().await.unwrap();
    let to = server.group(v1::GroupType::Work, &["alice", "bob"]).await.unwrap();
    let webhook = v1::Webhook { token: "a secret of the app".to_owned(), ..receiver.webhook(&[SENT]) };
    server.settings(|settings| settings.webhook = Some(webhook)).await.unwrap();
    let api = server.api("administrator");
    let path = |rest: &str| format!("/api/v1/apps/{}/{rest}", server.app());
    let nothing = api.read(&path("webhooks/deliveries")).await.unwrap();
    assert_eq!(nothing, json!({"deliveries": []}));

    receiver.answers(|_| Manner::Fail(503));
    server.user("alice").await.unwrap().says(&to, "a body of a message").await.unwrap();
    receiver.wait("the first try", |heard| heard.len() == 1).await.unwrap();
    clock.advance(24 * 60 * MINUTE);
    receiver.wait("the last try", |heard| heard.len() == 2).await.unwrap();
    let dead = eventually("a dead letter", async || {
        let page = api.read(&path("webhooks/dead-letters")).await?;
        Ok(Some(page["dead_letters"].clone()).filter(|dead| dead != &json!([])))
    });
    let dead = dead.await.unwrap();
    assert_eq!((&dead[0]["number"], &dead[0]["command"]), (&json!(1), &json!(SENT)));
    assert!(dead[0]["reason"].as_str().unwrap().contains("503"), "{dead}");
    assert_eq!(api.read(&path("webhooks")).await.unwrap(), json!({"waiting": 0}));

    receiver.answers(|_| Manner::Accept);
    let again = api.json("POST", &path("webhooks/replay"), &json!({"numbers": [1, 2]})).await.unwrap();
    assert_eq!((again.status, again.json().unwrap()), (200, json!({"replayed": 1})));
    receiver.call(SENT, 1).await.unwrap();
    let all = eventually("the third call", async || {
        let page = api.read(&path("webhooks/deliveries")).await?;
        Ok(Some(page["deliveries"].clone())
            .filter(|calls| calls.as_array().is_some_and(|all| all.len() == 3)))
    });
    let all = all.await.unwrap();
    assert!(all[0].get("reason").is_none(), "accepted: {}", all[0]);
    for refused in [&all[1], &all[2]] {
        assert!(refused["reason"].as_str().unwrap().contains("503"), "{refused}");
    }
    for call in all.as_array().unwrap() {
        assert_eq!((&call["command"], &call["url"]), (&json!(SENT), &json!(receiver.url())));
        assert_eq!((&call["hooks"], &call["numbers"]), (&json!(1), &json!([1])));
    }
    let newest = api.read(&path("webhooks/deliveries?limit=1")).await.unwrap();
    assert_eq!(newest["deliveries"], json!([all[0]]));
    assert!(!all.to_string().contains("a body"), "nothing of what was told");

    let settings = api.read(&path("settings")).await.unwrap();
    assert_eq!(settings["webhook"]["token"], "***", "{settings}");
    let log = api.read(&path("audit?limit=1")).await.unwrap();
    assert_eq!(log["entries"][0]["what"], "webhook.replayed");
    let before = log["next_below"].as_u64().unwrap();
    let older = api.read(&path(&format!("audit?limit=1&below={before}"))).await.unwrap();
    assert_eq!(older["entries"][0]["what"], "settings.changed");
    assert!(!older.to_string().contains("a secret"), "{older}");
}

#[tokio::test]
async fn it_is_for_those_who_administer_the_app() {
    let server = TestServer::start().await.unwrap();
    let alice = server.api("alice");
    for what in ["webhooks", "webhooks/deliveries", "webhooks/dead-letters"] {
        let refused = alice.get(&format!("/api/v1/apps/{}/{what}", server.app())).await.unwrap();
        assert_eq!(refused.problem().unwrap().0, 403, "{what}");
    }
    let none = format!("/api/v1/apps/{}/webhooks/deliveries?limit=0", server.app());
    assert_eq!(server.api("administrator").get(&none).await.unwrap().problem().unwrap().0, 400);
}
