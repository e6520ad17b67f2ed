//! Every command of docs/webhooks.md with its body, its query and its signature.

use anyhow::Result;
use serde_json::json;
use yidu_proto::v1::{self, GroupType};
use yidu_testkit::words::{group_id, plain, with};
use yidu_testkit::{Receiver, TestServer};

async fn listening(commands: &[&str]) -> Result<(TestServer, Receiver)> {
    let (server, receiver) = (TestServer::start().await?, Receiver::start().await?);
    let webhook = v1::Webhook { token: "a secret".into(), ..receiver.webhook(commands) };
    server.settings(|settings| settings.webhook = Some(webhook)).await?;
    Ok((server, receiver))
}

#[tokio::test]
async fn messages_of_groups_and_of_two() -> Result<()> {
    let commands = [
        "Group.CallbackAfterSendMsg",
        "C2C.CallbackAfterSendMsg",
        "Group.CallbackAfterRecallMsg",
        "C2C.CallbackAfterMsgWithDraw",
    ];
    let (server, receiver) = listening(&commands).await?;
    let to = server.group(GroupType::Meeting, &["alice", "bob"]).await?;
    let mut alice = server.user("alice").await?;
    let mut message = plain(&to, "hello");
    message.at_users = vec!["bob".into()];
    message.cloud_custom_data = "x".into();
    let said = alice.sends(message).await?;
    let told = receiver.call("Group.CallbackAfterSendMsg", 1).await?;
    assert_eq!(told.query["SdkAppid"], server.app().to_string());
    assert_eq!(told.query["CallbackCommand"], "Group.CallbackAfterSendMsg");
    assert_eq!(
        (&*told.query["contenttype"], &*told.query["OptPlatform"], &*told.query["ClientIP"]),
        ("json", "Unknown", "")
    );
    assert_eq!(told.query["Sign"].len(), 64);
    assert!(told.query["RequestTime"].parse::<u64>()? > 1_600_000_000);
    assert_eq!(
        told.body,
        json!({
            "CallbackCommand": "Group.CallbackAfterSendMsg",
            "GroupId": group_id(&to),
            "Type": "ChatRoom",
            "From_Account": "alice",
            "Operator_Account": "alice",
            "Random": said.random,
            "MsgId": said.id,
            "MsgSeq": said.seq,
            "MsgTime": said.time_ms / 1_000,
            "OnlineOnlyFlag": 0,
            "MsgBody": [{"MsgType": "TIMTextElem", "MsgContent": {"Text": "hello"}}],
            "CloudCustomData": "x",
            "GroupAtInfo": [{"GroupAtAllFlag": 0, "GroupAt_Account": "bob"}],
            "EventTime": said.time_ms,
        })
    );
    let recall = v1::RecallMessage { conversation: Some(to.clone()), seq: said.seq, ..Default::default() };
    alice.ask(recall).await?;
    let told = receiver.call("Group.CallbackAfterRecallMsg", 1).await?;
    assert_eq!(told.body["MsgSeqList"], json!([{"MsgSeq": said.seq}]));
    assert_eq!(told.body["Operator_Account"], "alice");

    let said = alice.sends(plain(&with("bob"), "hi")).await?;
    let told = receiver.call("C2C.CallbackAfterSendMsg", 1).await?;
    let key = format!("{}_{}_{}", said.seq, said.random, said.time_ms / 1_000);
    assert_eq!((&told.body["From_Account"], &told.body["To_Account"]), (&json!("alice"), &json!("bob")));
    assert_eq!((&told.body["MsgKey"], &told.body["UnreadMsgNum"]), (&json!(key), &json!(1)));
    assert_eq!(told.body["SendMsgResult"], 0);
    let recall = v1::RecallMessage { conversation: Some(with("bob")), seq: said.seq, ..Default::default() };
    alice.ask(recall).await?;
    let told = receiver.call("C2C.CallbackAfterMsgWithDraw", 1).await?;
    assert_eq!((&told.body["MsgKey"], &told.body["To_Account"]), (&json!(key), &json!("bob")));

    let mut once = plain(&to, "now or never");
    once.online_only = true;
    alice.sends(once).await?;
    let told = receiver.call("Group.CallbackAfterSendMsg", 2).await?;
    assert_eq!((&told.body["OnlineOnlyFlag"], &told.body["MsgSeq"]), (&json!(1), &json!(0)));
    let silent = v1::SendMessage { skip_after_hook: true, ..plain(&to, "unheard") };
    alice.sends(silent).await?;
    alice.sends(plain(&to, "heard")).await?;
    let told = receiver.call("Group.CallbackAfterSendMsg", 3).await?;
    assert_eq!(told.body["MsgBody"][0]["MsgContent"]["Text"], "heard");
    Ok(())
}

#[tokio::test]
async fn reading_in_one_to_one_conversations() -> Result<()> {
    let (server, receiver) = listening(&["Yidu.C2CMessageReceipt", "C2C.CallbackAfterMsgReport"]).await?;
    let (mut alice, mut bob) = (server.user("alice").await?, server.user("bob").await?);
    let said = alice.says(&with("bob"), "请确认").await?;
    bob.reads(&with("alice"), &[said.seq]).await?;
    let told = receiver.call("Yidu.C2CMessageReceipt", 1).await?;
    assert_eq!((&told.body["From_Account"], &told.body["To_Account"]), (&json!("alice"), &json!("bob")));
    let receipt = &told.body["MsgReceiptList"][0];
    assert_eq!((&receipt["MsgId"], &receipt["MsgSeq"]), (&json!(said.id), &json!(said.seq)));
    assert_eq!(receipt["MsgKey"], format!("{}_{}_{}", said.seq, said.random, said.time_ms / 1_000));
    assert_eq!(receipt["ReadTime"], told.body["EventTime"]);
    bob.ask(v1::ClearUnread { conversation: Some(with("alice")), ..Default::default() }).await?;
    let told = receiver.call("C2C.CallbackAfterMsgReport", 1).await?;
    assert_eq!((&told.body["Report_Account"], &told.body["Peer_Account"]), (&json!("bob"), &json!("alice")));
    assert_eq!(told.body["UnreadMsgNum"], 0);
    assert!(told.body["LastReadTime"].as_u64().unwrap() >= said.time_ms / 1_000);
    Ok(())
}

#[tokio::test]
async fn groups_and_their_members() -> Result<()> {
    let commands = [
        "Group.CallbackAfterCreateGroup",
        "Group.CallbackAfterNewMemberJoin",
        "Group.CallbackAfterMemberExit",
        "Group.CallbackAfterGroupDestroyed",
    ];
    let (server, receiver) = listening(&commands).await?;
    let to = server.group(GroupType::Public, &["alice", "bob"]).await?;
    let told = receiver.call("Group.CallbackAfterCreateGroup", 1).await?;
    assert_eq!(
        (&told.body["Operator_Account"], &told.body["Owner_Account"]),
        (&json!("administrator"), &json!("alice"))
    );
    assert_eq!((&told.body["Type"], &told.body["Name"]), (&json!("Public"), &json!("a group")));
    assert_eq!(told.body["MemberList"][0], json!({"Member_Account": "alice"}));
    let told = receiver.call("Group.CallbackAfterNewMemberJoin", 1).await?;
    assert_eq!(
        (&told.body["JoinType"], &told.body["Operator_Account"]),
        (&json!("Invited"), &json!("administrator"))
    );
    assert_eq!(told.body["NewMemberList"], json!([{"Member_Account": "bob"}]));
    let mut bob = server.user("bob").await?;
    bob.ask(v1::QuitGroup { group_id: group_id(&to) }).await?;
    let told = receiver.call("Group.CallbackAfterMemberExit", 1).await?;
    assert_eq!(
        (&told.body["ExitType"], &told.body["ExitMemberList"]),
        (&json!("Quit"), &json!([{"Member_Account": "bob"}]))
    );
    let mut administrator = server.administrator().await?;
    administrator.adds(&to, &["bob".to_owned()]).await?;
    let remove =
        v1::RemoveMembers { group_id: group_id(&to), users: vec!["bob".into()], ..Default::default() };
    server.user("alice").await?.ask(remove).await?;
    let told = receiver.call("Group.CallbackAfterMemberExit", 2).await?;
    assert_eq!((&told.body["ExitType"], &told.body["Operator_Account"]), (&json!("Kicked"), &json!("alice")));
    Ok(())
}

#[tokio::test]
async fn devices_that_come_and_go() -> Result<()> {
    let (server, receiver) = listening(&["State.StateChange"]).await?;
    let mut alice = server.user("alice").await?;
    alice.ask(v1::Logout {}).await?;
    drop(server.user("alice").await?);
    let mut seen = Vec::new();
    for nth in 1..=8 {
        let told = receiver.call("State.StateChange", nth).await?;
        let info = &told.body["Info"];
        if info["To_Account"] == "alice" {
            seen.push((
                info["Action"].as_str().unwrap().to_owned(),
                info["Reason"].as_str().unwrap().to_owned(),
            ));
        }
        if seen.len() == 4 {
            break;
        }
    }
    let word = |action: &str, reason: &str| (action.to_owned(), reason.to_owned());
    let (login, gone) = (word("Login", "Register"), word("Disconnect", "LinkClose"));
    assert_eq!(seen, [login.clone(), word("Logout", "Unregister"), login, gone]);
    Ok(())
}
