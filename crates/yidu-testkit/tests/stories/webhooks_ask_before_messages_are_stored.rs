//! The app's back end is asked before a message is stored: it lets it pass, refuses it, puts other content in its place, or
//! does not answer within 2 s, and then the app's choice counts.

use anyhow::Result;
use serde_json::json;
use yidu_proto::v1::{self, GroupType, WebhookTimeout};
use yidu_testkit::words::{plain, text_of, with};
use yidu_testkit::{Manner, Receiver, Refused, TestServer};

const GROUP: &str = "Group.CallbackBeforeSendMsg";
const C2C: &str = "C2C.CallbackBeforeSendMsg";

async fn asking(on_timeout: WebhookTimeout) -> Result<(TestServer, Receiver)> {
    let (server, receiver) = (TestServer::start().await?, Receiver::start().await?);
    let webhook = v1::Webhook { on_timeout: on_timeout.into(), ..receiver.webhook(&[GROUP, C2C]) };
    server.settings(|settings| settings.webhook = Some(webhook)).await?;
    Ok((server, receiver))
}

/// By the text of the message.
fn rule(question: &yidu_testkit::Received) -> Manner {
    match question.body["MsgBody"][0]["MsgContent"]["Text"].as_str().unwrap_or_default() {
        "deny" => Manner::Say(json!({"ActionStatus": "OK", "ErrorInfo": "", "ErrorCode": 1})),
        "deny group" => {
            Manner::Say(json!({"ActionStatus": "OK", "ErrorInfo": "not here", "ErrorCode": 10_150}))
        }
        "deny c2c" => {
            Manner::Say(json!({"ActionStatus": "OK", "ErrorInfo": "not him", "ErrorCode": 120_005}))
        }
        "drop" => Manner::Say(json!({"ActionStatus": "OK", "ErrorCode": 2})),
        "bad words" => Manner::Say(json!({
            "ActionStatus": "OK",
            "ErrorCode": 0,
            "MsgBody": [{"MsgType": "TIMTextElem", "MsgContent": {"Text": "***"}}],
            "CloudCustomData": "checked",
        })),
        "hang" => Manner::Hang,
        "rubbish" => Manner::Rubbish,
        _ => Manner::Accept,
    }
}

fn refused(error: &anyhow::Error) -> (u32, String) {
    let refused = error.downcast_ref::<Refused>().expect("a refusal");
    (refused.code, refused.text.clone())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_lets_pass_refuses_and_replaces() -> Result<()> {
    let (server, receiver) = asking(WebhookTimeout::Allow).await?;
    let to = server.group(GroupType::Work, &["alice", "bob"]).await?;
    receiver.answers(rule);
    let (mut alice, mut bob) = (server.user("alice").await?, server.user("bob").await?);
    let said = alice.sends(plain(&to, "fine")).await?;
    let question = receiver.call(GROUP, 1).await?;
    assert_eq!(question.body["MsgBody"], json!([{"MsgType": "TIMTextElem", "MsgContent": {"Text": "fine"}}]));
    assert_eq!(
        (&question.body["From_Account"], &question.body["Type"]),
        (&json!("alice"), &json!("Private"))
    );
    assert!(question.numbers.is_empty() && question.body.get("MsgSeq").is_none());

    let error = alice.sends(plain(&to, "deny")).await.unwrap_err();
    assert_eq!(refused(&error).0, 10_016);
    let error = alice.sends(plain(&to, "deny group")).await.unwrap_err();
    assert_eq!(refused(&error), (10_150, "not here".to_owned()));
    let error = alice.sends(plain(&with("bob"), "deny")).await.unwrap_err();
    assert_eq!(refused(&error).0, 20_006);
    let error = alice.sends(plain(&with("bob"), "deny c2c")).await.unwrap_err();
    assert_eq!(refused(&error), (120_005, "not him".to_owned()));
    assert_eq!(alice.sends(plain(&to, "drop")).await?.seq, 0, "the sender takes it for sent");

    let replaced = alice.sends(plain(&to, "bad words")).await?;
    assert_eq!((&*text_of(&replaced), &*replaced.cloud_custom_data), ("***", "checked"));
    assert_eq!(replaced.seq, said.seq + 1, "what was refused or dropped is nowhere");
    let seen = bob.history(&to).await?;
    let texts: Vec<String> = seen.iter().filter_map(|view| view.message.as_ref()).map(text_of).collect();
    assert!(texts.contains(&"***".to_owned()) && !texts.contains(&"bad words".to_owned()), "{texts:?}");
    let unasked = v1::SendMessage { skip_before_hook: true, ..plain(&to, "deny") };
    assert_eq!(alice.sends(unasked).await?.seq, replaced.seq + 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_back_end_that_sends_hears_the_same_numbers() -> Result<()> {
    let (server, receiver) = asking(WebhookTimeout::Allow).await?;
    let to = server.group(GroupType::Work, &["alice", "bob"]).await?;
    receiver.answers(rule);
    let mut back_end = server.rest().await?;
    let body = |text: &str| json!([{"MsgType": "TIMTextElem", "MsgContent": {"Text": text}}]);
    for (random, (text, number)) in [("deny", 10_016), ("deny group", 10_150)].into_iter().enumerate() {
        let message =
            json!({"GroupId": yidu_testkit::words::group_id(&to), "Random": random, "MsgBody": body(text)});
        let refused = back_end.refused("group_open_http_svc/send_group_msg", message).await?;
        assert_eq!(refused, number, "{text}");
    }
    for (random, (text, number)) in [("deny", 20_006), ("deny c2c", 120_005)].into_iter().enumerate() {
        let message =
            json!({"From_Account": "alice", "To_Account": "bob", "MsgRandom": random, "MsgBody": body(text)});
        assert_eq!(back_end.refused("openim/sendmsg", message).await?, number, "{text}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_it_does_not_answer_the_app_has_chosen() -> Result<()> {
    let (server, receiver) = asking(WebhookTimeout::Allow).await?;
    receiver.answers(rule);
    let (mut alice, _bob) = (server.user("alice").await?, server.user("bob").await?);
    assert!(alice.sends(plain(&with("bob"), "hang")).await?.seq > 0);
    assert!(alice.sends(plain(&with("bob"), "rubbish")).await?.seq > 0);
    server
        .settings(|settings| {
            settings.webhook.as_mut().unwrap().on_timeout = WebhookTimeout::Deny.into();
        })
        .await?;
    for text in ["hang", "rubbish"] {
        let error = alice.sends(plain(&with("bob"), text)).await.unwrap_err();
        assert_eq!(refused(&error).0, 20_006, "{text}");
    }
    assert!(alice.sends(plain(&with("bob"), "fine")).await?.seq > 0);
    Ok(())
}
