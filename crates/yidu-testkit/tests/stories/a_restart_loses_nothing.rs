//! Rules 3, 7 and 12 over a restart: what was acknowledged is there, what was under way is carried out once, what was missed
//! is told, whether the server was stopped or broke off.

use std::collections::BTreeMap;

use anyhow::Result;
use yidu_client::{Event, NewMessage};
use yidu_proto::v1::{self, GroupType, ReceiptFilter};
use yidu_testkit::words::{counts, text_of, with};
use yidu_testkit::{Listener, TestServer};

const MESSAGES: usize = 60;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_what_clients_say_and_hear() -> Result<()> {
    let mut server = TestServer::start().await?;
    let to = server.group(GroupType::Work, &["alice", "bob"]).await?;
    let (alice, bob) = (server.client("alice").await?, server.client("bob").await?);
    let (mut hears, mut bob_hears) = (Listener::of(&alice), Listener::of(&bob));
    let saying = {
        let (alice, to) = (alice.clone(), to.clone());
        tokio::spawn(async move {
            let mut seqs = Vec::new();
            for n in 0..MESSAGES {
                seqs.push(alice.send(NewMessage::text(to.clone(), n.to_string()).need_receipt()).await?.seq);
            }
            anyhow::Ok(seqs)
        })
    };
    // Bob hears them one by one in order, answers each, and the server goes away three times in between.
    let mut heard = Vec::new();
    for n in 0..MESSAGES {
        let message = bob_hears
            .wait("the next message", |event| match event {
                Event::Message(message) => Some(message.clone()),
                _ => None,
            })
            .await?;
        assert_eq!(text_of(&message), n.to_string(), "a message twice, or missed");
        heard.push(message.seq);
        bob.queue_receipts(&to, &[message.seq])?;
        match n {
            15 => server.restart().await?,
            30 => server.abort_and_restart().await?,
            45 => server.restart().await?,
            _ => {}
        }
    }
    let said = saying.await??;
    assert_eq!(said, heard);
    assert_eq!(said, (said[0]..said[0] + MESSAGES as u64).collect::<Vec<_>>(), "something was stored twice");

    let mut reads = BTreeMap::new();
    while reads.len() < MESSAGES {
        let state = hears
            .wait("an update", |event| match event {
                Event::Receipt(state) => Some(state.clone()),
                _ => None,
            })
            .await?;
        assert_eq!(counts(&state), [1, 1, 0, 0]);
        reads.insert(state.seq, ());
    }
    assert!(reads.into_keys().eq(said.iter().copied()));
    let states = alice.receipts(&to, &said).await?;
    assert!(states.iter().all(|state| state.read_count == 1));
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_the_receipts_in_an_outbox() -> Result<()> {
    let mut server = TestServer::start().await?;
    let (alice, bob) = (server.client("alice").await?, server.client("bob").await?);
    let mut hears = Listener::of(&alice);
    let mut seqs = Vec::new();
    for n in 0..120 {
        seqs.push(alice.send(NewMessage::text(with("bob"), n.to_string()).need_receipt()).await?.seq);
    }
    server.stop().await?;
    bob.queue_receipts(&with("alice"), &seqs)?;
    assert_eq!(bob.pending_receipts(), seqs.len());
    server.restart().await?;
    for &seq in &seqs {
        hears.hears_read(seq, 1).await?;
    }
    let mut bob_hears = Listener::of(&bob);
    while bob.pending_receipts() > 0 {
        bob_hears
            .wait("the outbox", |event| matches!(event, Event::OutboxChanged { .. }).then_some(()))
            .await?;
    }
    assert_eq!(alice.receipts(&with("bob"), &seqs).await?.len(), seqs.len());
    Ok(())
}

/// What there is to see of a group: history, list, counts, feed, conversation.
async fn picture(
    server: &TestServer,
    to: &v1::ConversationRef,
    seqs: &[u64],
) -> Result<impl PartialEq + std::fmt::Debug + use<>> {
    let mut alice = server.user("alice").await?;
    let history = alice.history(to).await?;
    let read = alice.list(to, seqs[0], ReceiptFilter::Read, 100).await?;
    let left = alice.list(to, seqs[0], ReceiptFilter::Left, 100).await?;
    let receipts = alice.receipts(to, seqs).await?;
    let feed = alice.changes_after(0).await?;
    let conversation = alice.conversation(to).await?;
    let settings = server.administrator().await?.ask(v1::GetSettings {}).await?;
    Ok((history, read, left, receipts, feed, conversation, settings))
}

#[tokio::test]
async fn of_what_there_is_to_see() -> Result<()> {
    let mut server = TestServer::start().await?;
    let to = server.group(GroupType::Work, &["alice", "bob", "carol", "dave"]).await?;
    server.settings(|settings| settings.recall_seconds = 77).await?;
    let mut people = server.users(&["alice", "bob", "carol", "dave"]).await?;
    let mut seqs = Vec::new();
    for n in 0..10 {
        seqs.push(people[0].says(&to, &n.to_string()).await?.seq);
    }
    people[1].reads(&to, &seqs).await?;
    people[2].reads(&to, &seqs[..5]).await?;
    people[3].ask(v1::QuitGroup { group_id: yidu_testkit::words::group_id(&to) }).await?;
    let recall = v1::RecallMessage { conversation: Some(to.clone()), seq: seqs[9], ..Default::default() };
    people[0].ask(recall).await?;
    people[0].ask(v1::DeleteMessages { conversation: Some(to.clone()), seqs: vec![seqs[8]] }).await?;
    people[1].says(&to, "an answer").await?;

    let before = picture(&server, &to, &seqs).await?;
    server.restart().await?;
    assert_eq!(picture(&server, &to, &seqs).await?, before);
    server.abort_and_restart().await?;
    assert_eq!(picture(&server, &to, &seqs).await?, before);
    Ok(())
}
