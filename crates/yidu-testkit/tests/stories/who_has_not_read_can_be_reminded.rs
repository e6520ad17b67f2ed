//! Rule 23: "Those who have not read a message can be asked again, by whoever may see who they are. Their devices hear of it,
//! also when they come back; nobody else does, and no unread count changes. Once a minute for each message."

use anyhow::Result;
use yidu_client::{Code, Event, NewMessage};
use yidu_proto::v1::{self, GroupType};
use yidu_testkit::words::with;
use yidu_testkit::{Clock, Link, Listener, TestServer};

fn reminder(event: &Event) -> Option<v1::ReceiptReminder> {
    match event {
        Event::ReceiptReminder { reminder, .. } => Some(reminder.clone()),
        _ => None,
    }
}

fn reminders(events: &[Event]) -> usize {
    events.iter().filter(|event| reminder(event).is_some()).count()
}

#[tokio::test]
async fn their_devices_hear_of_it_and_nobody_elses() -> Result<()> {
    let server = TestServer::start().await?;
    let to = server.group(GroupType::Work, &["alice", "bob", "cleo", "dora"]).await?;
    let alice = server.client("alice").await?;
    let (bob, cleo) = (server.client("bob").await?, server.client("cleo").await?);
    let tablet = server.client_device("cleo", "tablet").await?;
    let mut ears = [&alice, &bob, &cleo, &tablet].map(Listener::of);
    let message = alice.send(NewMessage::text(to.clone(), "please read").need_receipt()).await?;
    for listener in &mut ears[1..] {
        listener.hears("please read").await?;
    }
    bob.send_receipts(&to, &[message.seq]).await?;
    let unread = cleo.conversations(std::slice::from_ref(&to)).await?.remove(0).unread_count;

    assert_eq!(alice.remind_unread(&to, message.seq, &[]).await?, 2, "cleo, and dora who is offline");
    for listener in &mut ears[2..] {
        let heard = listener.wait("the reminder", reminder).await?;
        assert_eq!((heard.seq, &*heard.message_id), (message.seq, &*message.id));
        assert_eq!((&*heard.from, &*heard.by), ("alice", "alice"));
    }
    let after = cleo.conversations(std::slice::from_ref(&to)).await?.remove(0).unread_count;
    assert_eq!(after, unread, "a reminder is no message");
    // Whatever was said before the next message has come before it.
    cleo.send(NewMessage::text(to.clone(), "the end")).await?;
    for listener in &mut ears[..2] {
        listener.hears("the end").await?;
        assert_eq!(reminders(&listener.heard()), 0, "nobody else is told");
    }
    let changes = v1::GetConversationChanges { conversation: Some(to.clone()), after: 0, limit: 0 };
    let [mut bob, mut dora] = [server.device("bob", "x").await?, server.device("dora", "x").await?];
    assert_eq!(bob.ask(changes.clone()).await?.changes, []);
    assert_eq!(dora.ask(changes).await?.changes.len(), 1);
    Ok(())
}

#[tokio::test]
async fn who_was_away_hears_of_it_on_coming_back_unless_it_was_read() -> Result<()> {
    let mut server = TestServer::start().await?;
    let to = server.group(GroupType::Work, &["alice", "bob", "cleo"]).await?;
    let link = Link::to(&server.url()).await?;
    let (bob, cleo) = (server.client_over(&link, "bob").await?, server.client_over(&link, "cleo").await?);
    let (mut bobs, mut cleos) = (Listener::of(&bob), Listener::of(&cleo));
    let alice = server.client("alice").await?;
    let message = alice.send(NewMessage::text(to.clone(), "please read").need_receipt()).await?;
    bobs.hears("please read").await?;
    cleos.hears("please read").await?;
    link.cut();
    for listener in [&mut bobs, &mut cleos] {
        listener.wait("the cut", |event| matches!(event, Event::Disconnected { .. }).then_some(())).await?;
        listener.heard();
    }
    assert_eq!(alice.remind_unread(&to, message.seq, &[]).await?, 2);
    server.device("bob", "elsewhere").await?.reads(&to, &[message.seq]).await?;
    server.abort_and_restart().await?;

    link.mend();
    cleos.caught_up().await?;
    bobs.caught_up().await?;
    let heard: Vec<_> = cleos.heard().iter().filter_map(reminder).map(|reminder| reminder.seq).collect();
    assert_eq!(heard, [message.seq], "once");
    assert_eq!(reminders(&bobs.heard()), 0);
    Ok(())
}

#[tokio::test]
async fn once_a_minute_also_after_a_restart() -> Result<()> {
    let clock = Clock::new();
    let mut server = TestServer::with_clock(&clock).await?;
    let to = server.group(GroupType::Work, &["alice", "bob"]).await?;
    let mut alice = server.user("alice").await?;
    let seq = alice.says(&to, "please read").await?.seq;
    let remind = v1::RemindUnread { conversation: Some(to.clone()), seq, user_ids: Vec::new() };
    assert_eq!(alice.ask(remind.clone()).await?.reminded, 1);
    server.abort_and_restart().await?;
    let alice = server.client("alice").await?;
    clock.advance(59_000);
    let error = alice.remind_unread(&to, seq, &[]).await.unwrap_err();
    assert!(error.is_refused(Code::TooManyCallsOfUser), "{error}");
    assert_eq!(error.retry_after(), Some(std::time::Duration::from_secs(1)));
    clock.advance(1_000);
    assert_eq!(alice.remind_unread(&to, seq, &["bob".into(), "nobody".into()]).await?, 1);
    clock.advance(60_000);
    server.user("bob").await?.reads(&to, &[seq]).await?;
    assert_eq!(alice.remind_unread(&to, seq, &[]).await?, 0, "nobody is left");
    Ok(())
}

#[tokio::test]
async fn by_whoever_may_see_who_has_read() -> Result<()> {
    let server = TestServer::start().await?;
    let to = server.group(GroupType::Public, &["owner", "alice", "bob", "cleo"]).await?;
    let mut people = server.users(&["owner", "alice", "bob", "mallory"]).await?;
    let mut administrator = server.administrator().await?;
    let seq = people[1].says(&to, "please read").await?.seq;
    let plain = people[1].sends(yidu_testkit::words::plain(&to, "no need")).await?.seq;
    let remind = |seq, users: &[&str]| v1::RemindUnread {
        conversation: Some(to.clone()),
        seq,
        user_ids: users.iter().map(|&user| user.to_owned()).collect(),
    };
    for stranger in [0, 2, 3] {
        assert_eq!(people[stranger].refused(remind(seq, &[])).await?, 10007, "{}", people[stranger].name);
    }
    assert_eq!(people[1].refused(remind(plain, &[])).await?, 10062);
    assert_eq!(people[1].refused(remind(999, &[])).await?, 10062);
    let many = vec!["bob"; 101];
    assert_eq!(people[1].refused(remind(seq, &many)).await?, 6017);
    assert_eq!(administrator.ask(remind(seq, &["bob", "bob", "alice", "mallory"])).await?.reminded, 1);
    let recall = v1::RecallMessage { conversation: Some(to.clone()), seq, reason: String::new() };
    people[1].ask(recall).await?;
    assert_eq!(people[1].refused(remind(seq, &[])).await?, 10032);
    Ok(())
}

#[tokio::test]
async fn in_c2c_the_peer_hears_of_it() -> Result<()> {
    let server = TestServer::start().await?;
    let (alice, bob) = (server.client("alice").await?, server.client("bob").await?);
    let mut bobs = Listener::of(&bob);
    let message = alice.send(NewMessage::text(with("bob"), "please read").need_receipt()).await?;
    assert_eq!(alice.remind_unread(&with("bob"), message.seq, &[]).await?, 1);
    let conversation = bobs
        .wait("the reminder", |event| match event {
            Event::ReceiptReminder { conversation, .. } => Some(conversation.clone()),
            _ => None,
        })
        .await?;
    assert_eq!(conversation, with("alice"));
    Ok(())
}
