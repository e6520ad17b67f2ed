//! `openim/sendmsg` and `batchsendmsg`.

use anyhow::Result;
use serde_json::{Value, json};
use yidu_proto::v1::{self, push::Event};
use yidu_testkit::words::with;
use yidu_testkit::{Rest, TestServer, User};

fn text(what: &str) -> Value {
    json!([{"MsgType": "TIMTextElem", "MsgContent": {"Text": what}}])
}

async fn accounts(rest: &mut Rest, users: &[&str]) -> Result<()> {
    rest.ok("im_open_login_svc/multiaccount_import", json!({"Accounts": users})).await?;
    Ok(())
}

#[tokio::test]
async fn in_a_users_name_with_a_receipt() -> Result<()> {
    let server = TestServer::start().await?;
    let mut rest = server.rest().await?;
    let mut people = server.users(&["alice", "bob"]).await?;
    for (random, field) in ["IsNeedReadReceipt", "NeedReadReceipt"].into_iter().enumerate() {
        let message = json!({"From_Account": "alice", "To_Account": "bob", "MsgRandom": random, "MsgTimeStamp": 1_700_000_000,
            "CloudCustomData": "c", "MsgBody": text(field), field: 1});
        let sent = rest.ok("openim/sendmsg", message).await?;
        let heard = people[1].hears(field).await?;
        assert_eq!((heard.from.as_str(), heard.need_receipt), ("alice", true));
        assert_eq!(heard.cloud_custom_data, "c");
        let key = format!("{}_{random}_{}", heard.seq, heard.time_ms / 1_000);
        assert_eq!(sent["MsgKey"], key);
        assert_eq!(sent["MsgId"], heard.id);
        assert_eq!(sent["MsgTime"], heard.time_ms / 1_000);
        people[0].hears(field).await?;
        people[1].reads(&with("alice"), &[heard.seq]).await?;
        assert_eq!(people[0].hears_read(heard.seq, 1).await?.read_count, 1);
    }
    // Without From_Account the administrator writes; the same random within five minutes is the same message.
    let message = json!({"To_Account": "bob", "MsgRandom": 9, "MsgBody": text("again")});
    let first = rest.ok("openim/sendmsg", message.clone()).await?;
    assert_eq!(rest.ok("openim/sendmsg", message).await?["MsgKey"], first["MsgKey"]);
    assert_eq!(people[1].hears("again").await?.from, "administrator");
    assert_eq!(people[1].history(&with("administrator")).await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn the_switches_of_a_message() -> Result<()> {
    let server = TestServer::start().await?;
    let mut rest = server.rest().await?;
    let mut people = server.users(&["alice", "bob"]).await?;
    let mut send = async |random: u32, more: Value| {
        let mut message = json!({"From_Account": "alice", "To_Account": "bob", "MsgRandom": random,
            "MsgBody": text(&format!("m{random}"))});
        message.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        rest.ok("openim/sendmsg", message).await
    };
    send(1, json!({"SendMsgControl": ["NoUnread"]})).await?;
    send(2, json!({"SendMsgControl": ["NoLastMsg"]})).await?;
    send(3, json!({"OnlineOnlyFlag": 1})).await?;
    send(4, json!({"MsgLifeTime": 0})).await?;
    send(5, json!({"SyncOtherMachine": 2, "OnlineOnlyFlag": false})).await?;
    send(6, json!({"SyncOtherMachine": 1, "MsgLifeTime": 604_800})).await?;
    for random in 1..=6 {
        people[1].hears(&format!("m{random}")).await?;
    }
    people[0].hears("m6").await?;
    let heard = |user: &mut User| {
        let pushes = user.pushes();
        let texts = pushes.iter().filter_map(|push| match push {
            Event::Message(message) => Some(yidu_testkit::words::text_of(message)),
            _ => None,
        });
        texts.collect::<Vec<_>>()
    };
    assert!(!heard(&mut people[0]).contains(&"m5".to_owned()), "not for the sender's devices");
    let texts = |views: Vec<v1::MessageView>| -> Vec<String> {
        views.iter().map(|view| yidu_testkit::words::text_of(view.message.as_ref().unwrap())).collect()
    };
    let (alices, bobs) = (people[0].history(&with("bob")).await?, people[1].history(&with("alice")).await?);
    assert_eq!(texts(alices), ["m1", "m2", "m6"]);
    assert_eq!(texts(bobs), ["m1", "m2", "m5", "m6"]);
    assert_eq!(people[1].conversation(&with("alice")).await?.unread_count, 3, "m1 does not count");
    Ok(())
}

#[tokio::test]
async fn to_five_hundred_at_once() -> Result<()> {
    let server = TestServer::start().await?;
    let mut rest = server.rest().await?;
    let crowd: Vec<String> = (0..500).map(|n| format!("u{n}")).collect();
    for users in crowd.chunks(100) {
        rest.ok("im_open_login_svc/multiaccount_import", json!({"Accounts": users})).await?;
    }
    let message = |to: &[String]| json!({"From_Account": "u0", "To_Account": to, "MsgRandom": 7, "IsNeedReadReceipt": 1, "MsgBody": text("all")});
    let mut to = crowd[1..].to_vec();
    to.push("nobody".into());
    let sent = rest.ok("openim/batchsendmsg", message(&to)).await?;
    assert_eq!(sent["ErrorList"], json!([{"To_Account": "nobody", "ErrorCode": 90012}]));
    let mut last = server.user("u499").await?;
    let seen = last.history(&with("u0")).await?;
    assert_eq!(seen.len(), 1);
    assert!(seen[0].message.as_ref().unwrap().need_receipt);

    to.push("another".into());
    assert_eq!(rest.refused("openim/batchsendmsg", message(&to)).await?, 90011);
    assert_eq!(rest.refused("openim/batchsendmsg", message(&["nobody".into()])).await?, 90012);
    assert_eq!(rest.refused("openim/batchsendmsg", message(&[])).await?, 90003);
    // One key names the message to any of them.
    let key = &sent["MsgKey"];
    rest.ok("openim/admin_msgwithdraw", json!({"From_Account": "u0", "To_Account": "u499", "MsgKey": key}))
        .await?;
    let seen = last.history(&with("u0")).await?;
    assert!(seen[0].message.as_ref().unwrap().recall.is_some());
    Ok(())
}

#[tokio::test]
async fn what_is_refused() -> Result<()> {
    let server = TestServer::start().await?;
    let mut rest = server.rest().await?;
    accounts(&mut rest, &["alice", "bob"]).await?;
    let send = |more: Value| {
        let mut message = json!({"To_Account": "bob", "MsgRandom": 1, "MsgBody": text("x")});
        message.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        message
    };
    for (more, code) in [
        (json!({"To_Account": "nobody"}), 90012),
        (json!({"To_Account": ""}), 90003),
        (json!({"To_Account": "x".repeat(33)}), 90003),
        (json!({"From_Account": "nobody"}), 90048),
        (json!({"From_Account": ""}), 90008),
        (json!({"From_Account": "bob"}), 20001),
        (json!({"MsgBody": []}), 90002),
        (json!({"MsgBody": text(&"x".repeat(12 * 1024))}), 93000),
        (json!({"SyncOtherMachine": 3}), 90031),
        (json!({"MsgLifeTime": 604_801}), 90026),
        (json!({"MsgLifeTime": 0, "IsNeedReadReceipt": 1}), 20001),
    ] {
        assert_eq!(rest.refused("openim/sendmsg", send(more.clone())).await?, code, "{more}");
    }
    Ok(())
}
