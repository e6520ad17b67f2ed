//! Rule 9: "Receipts of a recalled message are closed: new ones are refused, updates stop; sender and administrators still
//! see the state at the recall."

use anyhow::Result;
use yidu_proto::v1::push::Event;
use yidu_proto::v1::{self, GroupType, ReceiptFilter, ReceiptVerdict, change::Thing, conversation_change};
use yidu_testkit::words::{counts, group_id, plain, with};
use yidu_testkit::{TestServer, User};

async fn recall(user: &mut User, to: &v1::ConversationRef, seq: u64) -> Result<v1::Recall> {
    let request = v1::RecallMessage { conversation: Some(to.clone()), seq, reason: "a slip".into() };
    Ok(user.ask(request).await?.recall.unwrap())
}

#[tokio::test]
async fn with_the_state_of_that_instant() -> Result<()> {
    let server = TestServer::start().await?;
    let to = server.group(GroupType::Work, &["alice", "bob", "carol", "dave"]).await?;
    let mut people = server.users(&["alice", "bob", "carol", "dave"]).await?;
    let seq = people[0].says(&to, "oops").await?.seq;
    people[1].reads(&to, &[seq]).await?;
    people[0].hears_read(seq, 1).await?;
    recall(&mut people[0], &to, seq).await?;

    assert_eq!(people[2].reads(&to, &[seq]).await?, [ReceiptVerdict::Recalled]);
    assert_eq!(people[1].reads(&to, &[seq]).await?, [ReceiptVerdict::Recalled]);
    // Whoever goes now does not move from unread to left either.
    people[3].ask(v1::QuitGroup { group_id: group_id(&to) }).await?;
    let state = people[0].receipts(&to, &[seq]).await?.pop().unwrap();
    assert_eq!((counts(&state), state.closed), ([3, 1, 2, 0], true));

    let mut administrator = server.administrator().await?;
    assert_eq!(administrator.names(&to, seq, ReceiptFilter::Read).await?, ["bob"]);
    assert_eq!(people[0].names(&to, seq, ReceiptFilter::Unread).await?, ["carol", "dave"]);
    assert_eq!(people[0].names(&to, seq, ReceiptFilter::Left).await?.len(), 0);

    // Updates stop: a message that is read afterwards is the only news.
    let marker = people[0].says(&to, "marker").await?.seq;
    people[1].reads(&to, &[marker]).await?;
    people[0].hears_read(marker, 1).await?;
    let later = people[0].pushes().into_iter().any(|event| match event {
        Event::Changes(changes) => {
            changes.changes.iter().any(|change| matches!(&change.thing, Some(Thing::Receipt(state)) if state.seq == seq && !state.closed))
        }
        _ => false,
    });
    assert!(!later, "an update of a recalled message");
    Ok(())
}

#[tokio::test]
async fn everybody_sees_the_recall_and_nobody_the_content() -> Result<()> {
    let server = TestServer::start().await?;
    let to = server.group(GroupType::Work, &["alice", "bob"]).await?;
    let (mut alice, mut bob) = (server.user("alice").await?, server.user("bob").await?);
    let message = alice.says(&to, "oops").await?;
    bob.hears("oops").await?;
    let recalled = recall(&mut alice, &to, message.seq).await?;
    assert_eq!((recalled.by.as_str(), recalled.reason.as_str()), ("alice", "a slip"));
    let heard = bob
        .wait("the recall", |event| match event {
            Event::ConversationChange(change) => Some(change.clone()),
            _ => None,
        })
        .await?;
    let Some(conversation_change::Thing::Recalled(told)) = &heard.thing else { panic!("{heard:?}") };
    assert_eq!((told.seq, told.message_id.as_str()), (message.seq, message.id.as_str()));
    assert_eq!(heard.to, Some(to.clone()));

    let view = bob.history(&to).await?.pop().unwrap().message.unwrap();
    assert_eq!(
        (view.seq, view.elements.len(), view.recall.map(|recall| recall.by)),
        (message.seq, 0, Some("alice".into()))
    );
    let feed =
        v1::GetConversationChanges { conversation: Some(to.clone()), after: heard.number - 1, limit: 0 };
    assert_eq!(bob.ask(feed).await?.changes, std::slice::from_ref(&heard));
    assert_eq!(bob.conversation(&to).await?.last_change, heard.number);
    Ok(())
}

#[tokio::test]
async fn in_c2c_too() -> Result<()> {
    let server = TestServer::start().await?;
    let (mut alice, mut bob) = (server.user("alice").await?, server.user("bob").await?);
    let read = alice.says(&with("bob"), "read").await?.seq;
    let unread = alice.says(&with("bob"), "unread").await?.seq;
    bob.reads(&with("alice"), &[read]).await?;
    for seq in [read, unread] {
        recall(&mut alice, &with("bob"), seq).await?;
        assert_eq!(bob.reads(&with("alice"), &[seq]).await?, [ReceiptVerdict::Recalled]);
    }
    let states = alice.receipts(&with("bob"), &[read, unread]).await?;
    assert!(states.iter().all(|state| state.closed));
    assert_eq!(states.iter().map(counts).collect::<Vec<_>>(), [[1, 1, 0, 0], [1, 0, 1, 0]]);
    Ok(())
}

#[tokio::test]
async fn who_may_recall_what_and_how_long() -> Result<()> {
    let server = TestServer::start().await?;
    let to = server.group(GroupType::Public, &["owner", "alice", "bob"]).await?;
    let mut people = server.users(&["owner", "alice", "bob", "mallory"]).await?;
    let mut administrator = server.administrator().await?;
    let seq = people[1].says(&to, "one").await?.seq;
    let other = people[1].says(&to, "two").await?.seq;
    let group = |seq| v1::RecallMessage { conversation: Some(to.clone()), seq, ..Default::default() };
    let c2c =
        |user: &str, seq| v1::RecallMessage { conversation: Some(with(user)), seq, ..Default::default() };

    assert_eq!(people[2].refused(group(seq)).await?, 10007);
    assert_eq!(people[3].refused(group(seq)).await?, 10007);
    people[0].ask(group(seq)).await?;
    assert_eq!(people[1].refused(group(seq)).await?, 10032, "recalled already");
    assert_eq!(people[1].refused(group(4_711)).await?, 10030);

    let direct = people[1].sends(plain(&with("bob"), "direct")).await?.seq;
    assert_eq!(people[2].refused(c2c("alice", direct)).await?, 10007);
    people[1].ask(c2c("bob", direct)).await?;
    assert_eq!(people[1].refused(c2c("bob", direct)).await?, 20023);
    assert_eq!(people[1].refused(c2c("bob", 4_711)).await?, 20022);

    server.settings(|settings| settings.recall_seconds = 0).await?;
    assert_eq!(people[1].refused(group(other)).await?, 10031);
    administrator.ask(group(other)).await?;
    let late = people[1].sends(plain(&with("bob"), "late")).await?.seq;
    assert_eq!(people[1].refused(c2c("bob", late)).await?, 20016);
    Ok(())
}
