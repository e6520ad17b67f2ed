//! Around receipts: what is unread is counted for each member and cleared by that member alone; a conversation that was
//! deleted comes back with the next message.

use anyhow::Result;
use yidu_proto::v1::{self, GroupType, conversation_ref::Of};
use yidu_testkit::words::{group_id, plain, text_of, with};
use yidu_testkit::{TestServer, User};

async fn unread(user: &mut User, to: &v1::ConversationRef) -> Result<u64> {
    Ok(user.conversation(to).await?.unread_count)
}

fn clear(to: &v1::ConversationRef, up_to_seq: u64) -> v1::ClearUnread {
    v1::ClearUnread { conversation: Some(to.clone()), up_to_seq, ..Default::default() }
}

#[tokio::test]
async fn messages_of_others_count_until_they_are_cleared() -> Result<()> {
    let server = TestServer::start().await?;
    let to = server.group(GroupType::Work, &["alice", "bob"]).await?;
    let (mut alice, mut bob) = (server.user("alice").await?, server.user("bob").await?);
    let mut seqs = Vec::new();
    for n in 0..5 {
        seqs.push(alice.says(&to, &n.to_string()).await?.seq);
    }
    let quiet = v1::SendMessage { exclude_from_unread: true, ..plain(&to, "does not count") };
    alice.sends(quiet).await?;
    bob.says(&to, "mine").await?;
    assert_eq!((unread(&mut bob, &to).await?, unread(&mut alice, &to).await?), (5, 1));

    assert_eq!(bob.ask(clear(&to, seqs[2])).await?.unread_count, 2);
    assert_eq!(bob.ask(clear(&to, seqs[0])).await?.unread_count, 2, "clearing never goes back");
    assert_eq!(bob.conversation(&to).await?.read_seq, seqs[2]);
    assert_eq!(bob.ask(clear(&to, 0)).await?.unread_count, 0);
    assert_eq!(unread(&mut alice, &to).await?, 1, "for oneself alone");
    alice.says(&to, "again").await?;
    assert_eq!(unread(&mut bob, &to).await?, 1);
    Ok(())
}

#[tokio::test]
async fn in_c2c_up_to_a_time() -> Result<()> {
    let clock = yidu_testkit::Clock::new();
    let server = TestServer::with_clock(&clock).await?;
    let (mut alice, mut bob) = (server.user("alice").await?, server.user("bob").await?);
    let mut times = Vec::new();
    for n in 0..4 {
        clock.advance(1_000);
        times.push(alice.says(&with("bob"), &n.to_string()).await?.time_ms);
    }
    let up_to = v1::ClearUnread { up_to_time_ms: times[1], ..clear(&with("alice"), 0) };
    assert_eq!(bob.ask(up_to).await?.unread_count, 2);
    let views = alice.history(&with("bob")).await?;
    assert_eq!(views.iter().map(|view| view.peer_read).collect::<Vec<_>>(), [true, true, false, false]);
    Ok(())
}

#[tokio::test]
async fn the_list_is_by_activity_in_pages_with_the_sum() -> Result<()> {
    let server = TestServer::start().await?;
    let clock_free = ["anna", "ben", "cleo", "dan", "eve"];
    let mut bob = server.user("bob").await?;
    for name in clock_free {
        let mut user = server.user(name).await?;
        user.says(&with("bob"), name).await?;
    }
    let to = server.group(GroupType::Work, &["anna", "bob"]).await?;
    server.user("anna").await?.says(&to, "in the group").await?;
    let mut list = Vec::new();
    let mut request = v1::ListConversations { limit: 2, ..Default::default() };
    loop {
        let page = bob.ask(request.clone()).await?;
        assert_eq!(page.total_unread, 6);
        list.extend(page.conversations);
        if page.next_cursor.is_empty() {
            break;
        }
        request.cursor = page.next_cursor;
    }
    let names: Vec<_> = list
        .iter()
        .map(|one| {
            one.last_message.as_ref().and_then(|view| view.message.as_ref()).map(text_of).unwrap_or_default()
        })
        .collect();
    assert_eq!(names, ["in the group", "eve", "dan", "cleo", "ben", "anna"]);
    assert_eq!(list[1].show_name, "eve");
    assert_eq!(list[0].r#ref.as_ref().and_then(|to| to.of.clone()), Some(Of::Group(group_id(&to))));

    bob.ask(v1::ClearUnread::default()).await?;
    assert_eq!(bob.ask(v1::ListConversations::default()).await?.total_unread, 0);
    Ok(())
}

#[tokio::test]
async fn a_deleted_conversation_comes_back_with_what_is_new() -> Result<()> {
    let server = TestServer::start().await?;
    let (mut alice, mut bob) = (server.user("alice").await?, server.user("bob").await?);
    let mut other = server.device("bob", "other").await?;
    let old = alice.says(&with("bob"), "old").await?.seq;
    bob.ask(v1::DeleteConversation { conversation: Some(with("alice")) }).await?;
    assert!(bob.ask(v1::ListConversations::default()).await?.conversations.is_empty());
    assert!(bob.history(&with("alice")).await?.is_empty());
    assert_eq!(alice.history(&with("bob")).await?.len(), 1, "for oneself alone");
    other
        .hears_change("the deletion on the other device", |thing| match thing {
            v1::change::Thing::ConversationDeleted(to) => Some(to.clone()),
            _ => None,
        })
        .await?;

    alice.says(&with("bob"), "new").await?;
    let back = bob.ask(v1::ListConversations::default()).await?.conversations;
    assert_eq!(back.iter().map(|one| one.unread_count).collect::<Vec<_>>(), [1]);
    assert_eq!(bob.history(&with("alice")).await?.len(), 1);
    assert_eq!(
        bob.reads(&with("alice"), &[old]).await?,
        [v1::ReceiptVerdict::Recorded],
        "still in its audience"
    );
    Ok(())
}
