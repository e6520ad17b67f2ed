//! Rule 11: "A receipt for one message sets `message_receipt_peer_read`. Clearing the conversation's unread count sets
//! `message_is_peer_read` for everything up to that time. Neither does the other's work."

use anyhow::Result;
use yidu_proto::v1::{self, ReceiptVerdict, change::Thing};
use yidu_testkit::words::{plain, with};
use yidu_testkit::{TestServer, User};

/// For each message of the conversation: the receipt's time is there, the conversation is read up to it.
async fn levels(user: &mut User, to: &v1::ConversationRef) -> Result<Vec<(bool, bool)>> {
    let views = user.history(to).await?;
    Ok(views
        .iter()
        .map(|view| (view.receipt.as_ref().is_some_and(|state| state.peer_read_time_ms > 0), view.peer_read))
        .collect())
}

#[tokio::test]
async fn a_receipt_is_for_its_message_alone() -> Result<()> {
    let server = TestServer::start().await?;
    let (mut alice, mut bob) = (server.user("alice").await?, server.user("bob").await?);
    alice.says(&with("bob"), "one").await?;
    let two = alice.says(&with("bob"), "two").await?;
    assert_eq!(bob.reads(&with("alice"), &[two.seq]).await?, [ReceiptVerdict::Recorded]);

    let state = alice.hears_read(two.seq, 1).await?;
    assert_eq!(state.conversation, Some(with("bob")));
    assert_eq!(state.message_id, two.id);
    assert!(state.peer_read_time_ms >= two.time_ms);
    assert_eq!(levels(&mut alice, &with("bob")).await?, [(false, false), (true, false)]);
    assert_eq!(bob.conversation(&with("alice")).await?.unread_count, 2, "a receipt clears nothing");
    assert_eq!(alice.conversation(&with("bob")).await?.peer_read_time_ms, 0);
    Ok(())
}

#[tokio::test]
async fn clearing_is_for_everything_up_to_then_and_no_receipt() -> Result<()> {
    let server = TestServer::start().await?;
    let (mut alice, mut bob) = (server.user("alice").await?, server.user("bob").await?);
    alice.sends(plain(&with("bob"), "without")).await?;
    let asked = alice.says(&with("bob"), "asks").await?;
    let clear = v1::ClearUnread { conversation: Some(with("alice")), ..Default::default() };
    assert_eq!(bob.ask(clear).await?.unread_count, 0);

    let told = alice
        .hears_change("that the peer has cleared", |thing| match thing {
            Thing::PeerRead(read) => Some(read.clone()),
            _ => None,
        })
        .await?;
    assert_eq!(told.user_id, "bob");
    assert!(told.time_ms >= asked.time_ms);
    assert_eq!(levels(&mut alice, &with("bob")).await?, [(false, true), (false, true)]);
    assert_eq!(alice.counts(&with("bob"), asked.seq).await?, [1, 0, 1, 0], "clearing is no receipt");
    assert_eq!(alice.conversation(&with("bob")).await?.peer_read_time_ms, told.time_ms);

    alice.says(&with("bob"), "later").await?;
    assert_eq!(levels(&mut alice, &with("bob")).await?.last(), Some(&(false, false)));
    // What the one has read says nothing of the other's messages.
    bob.says(&with("alice"), "answer").await?;
    assert_eq!(levels(&mut bob, &with("alice")).await?.last(), Some(&(false, false)));
    Ok(())
}
