//! Rule 6: "The sender and the app's administrators; group owner and admins, or all members, when the app's policy says so
//! (`receipt_viewers`). Others get 10007. Items that are not one's own, or did not ask, are left out and the call
//! succeeds."

use anyhow::Result;
use yidu_proto::v1::{self, GroupType, ReceiptFilter, ReceiptViewers};
use yidu_testkit::words::{group_id, plain, with};
use yidu_testkit::{TestServer, User};

async fn sees(user: &mut User, to: &v1::ConversationRef, seq: u64) -> Result<bool> {
    let page = v1::ListReceiptMembers {
        conversation: Some(to.clone()),
        seq,
        filter: ReceiptFilter::Unread.into(),
        cursor: 0,
        limit: 100,
    };
    match user.ask(page).await {
        Ok(_) => Ok(true),
        Err(error) => {
            assert_eq!(error.downcast::<yidu_testkit::Refused>()?.code, 10007);
            Ok(false)
        }
    }
}

#[tokio::test]
async fn as_the_apps_policy_says() -> Result<()> {
    let server = TestServer::start().await?;
    let to = server.group(GroupType::Public, &["owner", "manager", "alice", "bob"]).await?;
    let mut people = server.users(&["owner", "manager", "alice", "bob", "mallory", "administrator"]).await?;
    let promote = v1::ModifyMember {
        group_id: group_id(&to),
        user_id: "manager".into(),
        role: Some(v1::Role::Admin.into()),
        ..Default::default()
    };
    people[0].ask(promote).await?;
    let seq = people[2].says(&to, "who reads?").await?.seq;

    // Owner, manager, sender, member, stranger, administrator.
    for (viewers, expected) in [
        (ReceiptViewers::Sender, [false, false, true, false, false, true]),
        (ReceiptViewers::Managers, [true, true, true, false, false, true]),
        (ReceiptViewers::Members, [true, true, true, true, false, true]),
    ] {
        server.settings(|settings| settings.receipt_viewers = viewers.into()).await?;
        for (user, expected) in people.iter_mut().zip(expected) {
            let name = user.name.clone();
            assert_eq!(sees(user, &to, seq).await?, expected, "{name}, {viewers:?}");
            let counted = user.receipts(&to, &[seq]).await.map_or(0, |states| states.len());
            assert_eq!(counted == 1, expected, "{name}, {viewers:?}: counts");
        }
    }
    Ok(())
}

#[tokio::test]
async fn in_c2c_the_sender_alone() -> Result<()> {
    let server = TestServer::start().await?;
    server.settings(|settings| settings.receipt_viewers = ReceiptViewers::Members.into()).await?;
    let (mut alice, mut bob) = (server.user("alice").await?, server.user("bob").await?);
    let mut mallory = server.user("mallory").await?;
    let seq = alice.says(&with("bob"), "for you").await?.seq;
    assert!(sees(&mut alice, &with("bob"), seq).await?);
    assert!(!sees(&mut bob, &with("alice"), seq).await?);
    assert!(!sees(&mut mallory, &with("alice"), seq).await?);
    assert!(bob.receipts(&with("alice"), &[seq]).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn what_is_not_ones_own_or_did_not_ask_is_left_out() -> Result<()> {
    let server = TestServer::start().await?;
    let to = server.group(GroupType::Work, &["alice", "bob"]).await?;
    let (mut alice, mut bob) = (server.user("alice").await?, server.user("bob").await?);
    let own = alice.says(&to, "mine").await?.seq;
    let unasked = alice.sends(plain(&to, "without")).await?.seq;
    let others = bob.says(&to, "not yours").await?.seq;
    let states = alice.receipts(&to, &[others, 777, own, unasked]).await?;
    assert_eq!(states.iter().map(|state| state.seq).collect::<Vec<_>>(), [own]);

    let page = v1::ListReceiptMembers { conversation: Some(to), seq: unasked, ..Default::default() };
    assert_eq!(alice.refused(page.clone()).await?, 10062);
    assert_eq!(alice.refused(v1::ListReceiptMembers { seq: 777, ..page }).await?, 10062);
    Ok(())
}
