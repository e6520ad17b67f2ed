//! Rule 12: "Every request may be sent twice without harm. A message is the same message when sender, conversation and
//! client random are the same within 5 minutes: the second send answers with the first one's id and seq. A repeated receipt
//! writes nothing, takes no change number and wakes nobody."

use anyhow::Result;
use yidu_proto::v1::{self, GroupType, ReceiptFilter, ReceiptVerdict, member_result::Outcome};
use yidu_testkit::words::{group_id, text, text_of, with};
use yidu_testkit::{Clock, TestServer};

#[tokio::test]
async fn a_message_is_the_same_also_after_a_restart() -> Result<()> {
    let mut server = TestServer::start().await?;
    let group = server.group(GroupType::Work, &["alice", "bob"]).await?;
    let mut bob = server.user("bob").await?;
    for to in [group, with("bob")] {
        let message = text(&to, "once");
        let mut alice = server.user("alice").await?;
        let first = alice.ask(message.clone()).await?;
        let second = alice.ask(message.clone()).await?;
        assert_eq!((first.repeated, second.repeated), (false, true));
        assert_eq!(second.message, first.message);

        server.restart().await?;
        let mut alice = server.user("alice").await?;
        assert_eq!(alice.ask(message.clone()).await?, second);
        // Another sender or another random is another message.
        bob = server.user("bob").await?;
        let marker = alice.ask(v1::SendMessage { random: message.random + 100_000, ..message }).await?;
        assert!(!marker.repeated);
        let seqs = (first.message.unwrap().seq, marker.message.unwrap().seq);
        assert_eq!(seqs.1, seqs.0 + 1);
    }
    let heard = bob.history(&with("alice")).await?;
    assert_eq!(
        heard.iter().filter_map(|view| view.message.as_ref()).map(text_of).collect::<Vec<_>>(),
        ["once", "once"]
    );
    Ok(())
}

#[tokio::test]
async fn the_second_send_is_delivered_to_nobody() -> Result<()> {
    let server = TestServer::start().await?;
    let (mut alice, mut bob) = (server.user("alice").await?, server.user("bob").await?);
    let message = text(&with("bob"), "once");
    alice.ask(message.clone()).await?;
    alice.ask(message).await?;
    alice.says(&with("bob"), "marker").await?;
    bob.hears("marker").await?;
    bob.hears("once").await?;
    assert_eq!(bob.pushes(), [], "the message came twice");
    assert_eq!(bob.conversation(&with("alice")).await?.unread_count, 2);
    Ok(())
}

#[tokio::test]
async fn after_five_minutes_it_is_another_message() -> Result<()> {
    let clock = Clock::new();
    let server = TestServer::with_clock(&clock).await?;
    let (mut alice, _bob) = (server.user("alice").await?, server.user("bob").await?);
    let message = text(&with("bob"), "once");
    let first = alice.ask(message.clone()).await?;
    clock.advance(4 * 60 * 1_000);
    assert!(alice.ask(message.clone()).await?.repeated);
    clock.advance(2 * 60 * 1_000);
    let later = alice.ask(message).await?;
    assert!(!later.repeated);
    assert_eq!(later.message.unwrap().seq, first.message.unwrap().seq + 1);
    Ok(())
}

#[tokio::test]
async fn a_receipt_keeps_its_first_time_and_takes_no_change_number() -> Result<()> {
    let mut server = TestServer::start().await?;
    let to = server.group(GroupType::Work, &["alice", "bob"]).await?;
    let (mut alice, mut bob) = (server.user("alice").await?, server.user("bob").await?);
    let seq = alice.says(&to, "read me").await?.seq;
    assert_eq!(bob.reads(&to, &[seq]).await?, [ReceiptVerdict::Recorded]);
    let first = alice.list(&to, seq, ReceiptFilter::Read, 10).await?;
    let feed = alice.changes_after(0).await?;

    assert_eq!(bob.reads(&to, &[seq, seq]).await?, [ReceiptVerdict::Already; 2]);
    server.restart().await?;
    (alice, bob) = (server.user("alice").await?, server.user("bob").await?);
    assert_eq!(bob.reads(&to, &[seq]).await?, [ReceiptVerdict::Already]);
    assert_eq!(alice.list(&to, seq, ReceiptFilter::Read, 10).await?, first);
    assert_eq!(alice.changes_after(0).await?, feed);
    assert_eq!(alice.login.position, feed.last().map_or(0, |change| change.number));

    // It wakes nobody: the next that advances is the first news.
    let marker = alice.says(&to, "marker").await?.seq;
    bob.reads(&to, &[marker]).await?;
    alice.hears_read(marker, 1).await?;
    assert_eq!(alice.pushes(), []);
    Ok(())
}

#[tokio::test]
async fn members_groups_and_cleared_counts() -> Result<()> {
    let server = TestServer::start().await?;
    let to = server.group(GroupType::Public, &["alice", "bob"]).await?;
    let (mut alice, mut bob) = (server.user("alice").await?, server.user("bob").await?);
    server.user("carol").await?;
    let add = v1::AddMembers { group_id: group_id(&to), users: vec!["carol".into()], silent: false };
    let mut outcomes = Vec::new();
    for _ in 0..2 {
        outcomes.push(alice.ask(add.clone()).await?.results[0].outcome());
    }
    assert_eq!(outcomes, [Outcome::Done, Outcome::Already]);

    let remove =
        v1::RemoveMembers { group_id: group_id(&to), users: vec!["carol".into()], ..Default::default() };
    for _ in 0..2 {
        assert_eq!(alice.ask(remove.clone()).await?.results[0].outcome(), Outcome::Done);
    }
    let tips = alice.history(&to).await?.len();
    assert_eq!(tips, 2, "one tip for the coming and one for the going");

    alice.says(&to, "one").await?;
    let clear = v1::ClearUnread { conversation: Some(to.clone()), ..Default::default() };
    bob.ask(clear.clone()).await?;
    let feed = bob.changes_after(0).await?;
    bob.ask(clear).await?;
    assert_eq!(bob.changes_after(0).await?, feed);
    Ok(())
}
