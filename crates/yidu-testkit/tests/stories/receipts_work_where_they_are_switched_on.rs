//! Rule 1: "In C2C it always works. In a group it works when the group's type is ticked and the group has not been
//! switched off by itself. Where it does not work, sending fails with 7013; nothing is stored. Unticking a type later
//! leaves messages that were already accepted as they are."

use anyhow::Result;
use yidu_proto::v1::{self, GroupType, ReceiptSwitch, ReceiptVerdict};
use yidu_testkit::words::{group_id, plain, text, with};
use yidu_testkit::{Refused, TestServer};

#[tokio::test]
async fn in_c2c_always() -> Result<()> {
    let server = TestServer::start().await?;
    server.settings(|settings| settings.receipt_group_types.clear()).await?;
    let (mut alice, mut bob) = (server.user("alice").await?, server.user("bob").await?);
    let message = alice.says(&with("bob"), "hello").await?;
    assert_eq!(message.audience_count, 1);
    assert_eq!(bob.reads(&with("alice"), &[message.seq]).await?, [ReceiptVerdict::Recorded]);
    Ok(())
}

#[tokio::test]
async fn in_a_new_app_in_work_public_and_meeting_groups() -> Result<()> {
    let server = TestServer::start().await?;
    for kind in [GroupType::Work, GroupType::Public, GroupType::Meeting] {
        let to = server.group(kind, &["alice", "bob"]).await?;
        let mut alice = server.user("alice").await?;
        assert_eq!(alice.says(&to, "hello").await?.audience_count, 1, "{kind:?}");
    }
    let community = server.group(GroupType::Community, &["alice", "bob"]).await?;
    let mut alice = server.user("alice").await?;
    assert_eq!(alice.refused(text(&community, "hello")).await?, 7013);

    server.settings(|settings| settings.receipt_group_types.push(GroupType::Community.into())).await?;
    assert_eq!(alice.says(&community, "hello").await?.audience_count, 1);
    Ok(())
}

#[tokio::test]
async fn never_in_an_avchatroom() -> Result<()> {
    let server = TestServer::start().await?;
    let mut administrator = server.administrator().await?;
    let mut settings = administrator.ask(v1::GetSettings {}).await?.settings.unwrap();
    settings.receipt_group_types.push(GroupType::AvChatRoom.into());
    assert_eq!(
        administrator.refused(v1::ModifySettings { settings: Some(settings), dry_run: false }).await?,
        10004
    );

    let mut alice = server.user("alice").await?;
    let room =
        v1::CreateGroup { r#type: GroupType::AvChatRoom.into(), name: "room".into(), ..Default::default() };
    let room = yidu_testkit::words::group(&alice.ask(room).await?.group_id);
    assert_eq!(alice.refused(text(&room, "hello")).await?, 7013);
    Ok(())
}

#[tokio::test]
async fn where_it_does_not_work_the_refusal_names_the_switch_and_nothing_is_stored() -> Result<()> {
    let server = TestServer::start().await?;
    let to = server.group(GroupType::Work, &["alice", "bob"]).await?;
    let (mut alice, mut bob) = (server.user("alice").await?, server.user("bob").await?);
    let before = alice.sends(plain(&to, "before")).await?;

    server.settings(|settings| settings.receipt_group_types.clear()).await?;
    let error = alice.ask(text(&to, "unticked")).await.unwrap_err().downcast::<Refused>()?;
    assert_eq!(error.code, 7013);
    assert!(error.text.contains("Work"), "{}", error.text);

    let after = alice.sends(plain(&to, "after")).await?;
    assert_eq!(after.seq, before.seq + 1, "the refused message took no seq");
    assert_eq!(bob.history(&to).await?.len(), 2);
    Ok(())
}

#[tokio::test]
async fn a_group_is_switched_off_and_on_by_itself() -> Result<()> {
    let server = TestServer::start().await?;
    let to = server.group(GroupType::Work, &["alice", "bob"]).await?;
    let other = server.group(GroupType::Work, &["alice", "bob"]).await?;
    let mut alice = server.user("alice").await?;
    let turn = |switch: ReceiptSwitch| v1::ModifyGroup {
        group_id: group_id(&to),
        receipts: Some(switch.into()),
        ..Default::default()
    };

    assert!(!alice.ask(turn(ReceiptSwitch::Off)).await?.group.unwrap().receipts_work);
    let error = alice.ask(text(&to, "off")).await.unwrap_err().downcast::<Refused>()?;
    assert_eq!(error.code, 7013);
    assert!(error.text.contains("switched off"), "{}", error.text);
    alice.says(&other, "another group is not concerned").await?;

    assert!(alice.ask(turn(ReceiptSwitch::Inherit)).await?.group.unwrap().receipts_work);
    alice.says(&to, "inherited").await?;

    // The group's own switch does not reach beyond the console's tick.
    alice.ask(turn(ReceiptSwitch::On)).await?;
    alice.says(&to, "on").await?;
    server.settings(|settings| settings.receipt_group_types.clear()).await?;
    assert_eq!(alice.refused(text(&to, "unticked")).await?, 7013);
    Ok(())
}

#[tokio::test]
async fn unticking_later_leaves_accepted_messages_as_they_are() -> Result<()> {
    let server = TestServer::start().await?;
    let to = server.group(GroupType::Work, &["alice", "bob", "carol"]).await?;
    let (mut alice, mut bob) = (server.user("alice").await?, server.user("bob").await?);
    let message = alice.says(&to, "accepted").await?;

    server.settings(|settings| settings.receipt_group_types.clear()).await?;
    assert_eq!(bob.reads(&to, &[message.seq]).await?, [ReceiptVerdict::Recorded]);
    assert_eq!(alice.counts(&to, message.seq).await?, [2, 1, 1, 0]);
    assert_eq!(alice.names(&to, message.seq, v1::ReceiptFilter::Read).await?, ["bob"]);
    assert_eq!(alice.hears_read(message.seq, 1).await?.read_count, 1);
    Ok(())
}
