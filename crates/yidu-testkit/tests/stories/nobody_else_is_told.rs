//! Rule 8: "No receipt is broadcast to the group. The reader's own other devices learn that the reader has sent it."

use anyhow::Result;
use yidu_proto::v1::push::Event;
use yidu_proto::v1::{self, GroupType, change::Thing};
use yidu_testkit::words::plain;
use yidu_testkit::{TestServer, User};

/// What a user heard of receipts up to a message that was sent after them.
async fn heard_of_receipts(user: &mut User, marker: &str) -> Result<Vec<Event>> {
    user.hears(marker).await?;
    let about = |event: &Event| match event {
        Event::ReceiptsSent(_) => true,
        Event::Changes(changes) => is_about_receipts(&changes.changes),
        Event::Message(_)
        | Event::ConversationChange(_)
        | Event::Kicked(_)
        | Event::Resync(_)
        | Event::Draining(_) => false,
    };
    Ok(user.pushes().into_iter().filter(about).collect())
}

fn is_about_receipts(changes: &[v1::Change]) -> bool {
    changes.iter().any(|change| matches!(change.thing, Some(Thing::Receipt(_))))
}

#[tokio::test]
async fn but_the_sender_and_the_readers_own_devices() -> Result<()> {
    let server = TestServer::start().await?;
    let to = server.group(GroupType::Work, &["alice", "bob", "carol", "dave"]).await?;
    let mut alice = server.user("alice").await?;
    let (mut phone, mut desk) = (server.device("bob", "phone").await?, server.device("bob", "desk").await?);
    let (mut carol, mut dave) = (server.user("carol").await?, server.user("dave").await?);
    let seq = alice.says(&to, "read me").await?.seq;

    phone.reads(&to, &[seq]).await?;
    alice.hears_read(seq, 1).await?;
    let sent = desk
        .wait("what the phone has sent", |event| match event {
            Event::ReceiptsSent(sent) => Some(sent.clone()),
            _ => None,
        })
        .await?;
    assert_eq!(sent, v1::ReceiptsSent { conversation: Some(to.clone()), seqs: vec![seq] });

    alice.sends(plain(&to, "marker")).await?;
    for user in [&mut phone, &mut carol, &mut dave] {
        assert_eq!(heard_of_receipts(user, "marker").await?, [], "{} was told", user.name);
        let feed = user.changes_after(0).await?;
        assert!(!is_about_receipts(&feed), "{}'s change feed tells: {feed:?}", user.name);
    }
    Ok(())
}

#[tokio::test]
async fn history_says_what_one_has_sent_and_nothing_of_others() -> Result<()> {
    let server = TestServer::start().await?;
    let to = server.group(GroupType::Work, &["alice", "bob", "carol"]).await?;
    let mut people = server.users(&["alice", "bob", "carol"]).await?;
    let seq = people[0].says(&to, "read me").await?.seq;
    people[1].reads(&to, &[seq]).await?;
    let mut seen = Vec::new();
    for user in &mut people {
        let view = user.history(&to).await?.pop().unwrap();
        seen.push((view.receipt_sent, view.receipt.map(|state| state.read_count)));
    }
    assert_eq!(seen, [(false, Some(1)), (true, None), (false, None)]);
    Ok(())
}
