//! Every receipt reaches the app's back end, whatever the back end does meanwhile: it fails, hangs, answers rubbish, is gone
//! for minutes. In order per message, counts rising, nobody left out (docs/webhooks.md, "Delivery").

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Result;
use yidu_proto::v1::{self, GroupType};
use yidu_server::service::{Caller, DeadHook};
use yidu_testkit::words::group_id;
use yidu_testkit::{Clock, Manner, Received, Receiver, TestServer, eventually, members};

const READ: &str = "Group.CallbackAfterReadReceipt";
const MINUTE: u64 = 60_000;

async fn wants(server: &TestServer, receiver: &Receiver, commands: &[&str]) -> Result<()> {
    let webhook = receiver.webhook(commands);
    server.settings(|settings| settings.webhook = Some(webhook)).await
}

/// Who was named for which message by accepted calls, and that counts never fall.
fn named(heard: &[Received]) -> BTreeSet<(u64, String)> {
    let mut counts = BTreeMap::new();
    let mut named = BTreeSet::new();
    for received in heard.iter().filter(|received| received.accepted && received.command() == READ) {
        for entry in received.body["GroupMsgReceiptList"].as_array().unwrap() {
            let seq = entry["MsgSeq"].as_u64().unwrap();
            let read = entry["ReadNum"].as_u64().unwrap();
            let before = counts.insert(seq, read).unwrap_or_default();
            assert!(before <= read, "the count of {seq} fell from {before} to {read}");
        }
        named.extend(received.readers());
    }
    named
}

/// Numbers of accepted calls, each of which must have come at least once and, without crashes, only once.
fn numbers(heard: &[Received]) -> Vec<u64> {
    let mut numbers: Vec<u64> =
        heard.iter().filter(|one| one.accepted).flat_map(|one| one.numbers.clone()).collect();
    numbers.sort_unstable();
    numbers
}

async fn nothing_waits(server: &TestServer, caller: &Caller) -> Result<()> {
    eventually("an empty queue", async || {
        Ok((server.service().hooks_waiting(caller).await? == 0).then_some(()))
    })
    .await
}

async fn dead_letters(server: &TestServer, caller: &Caller, count: usize) -> Result<Vec<DeadHook>> {
    eventually("a dead letter", async || {
        let dead = server.service().dead_hooks(caller, 0, 0).await?;
        Ok((dead.len() >= count).then_some(dead))
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_it_fails_answers_rubbish_and_comes_back_after_minutes() -> Result<()> {
    let clock = Clock::new();
    let server = TestServer::with_clock(&clock).await?;
    let mut receiver = Receiver::start().await?;
    let readers = members("reader", 20);
    let everybody: Vec<String> = ["alice".to_owned()].into_iter().chain(readers.clone()).collect();
    let to = server.group(GroupType::Work, &everybody).await?;
    wants(&server, &receiver, &[READ]).await?;
    let calls = AtomicUsize::new(0);
    receiver.answers(move |_| match calls.fetch_add(1, Ordering::SeqCst) {
        0 => Manner::Fail(500),
        1 => Manner::Rubbish,
        2 => Manner::Say(serde_json::json!({"ActionStatus": "FAIL", "ErrorCode": 7})),
        3 => Manner::Fail(404),
        _ => Manner::Accept,
    });
    let mut alice = server.user("alice").await?;
    let mut seqs = Vec::new();
    for n in 0..10 {
        seqs.push(alice.says(&to, &n.to_string()).await?.seq);
    }
    let mut users = server.users(&readers).await?;
    for user in &mut users[..10] {
        user.reads(&to, &seqs).await?;
    }
    // Each failure is followed by a longer pause: only the clock lets the next try happen.
    for nth in 1..=4 {
        receiver.wait("another try", |heard| heard.len() >= nth).await?;
        clock.advance(10 * MINUTE);
    }
    let first_half = 10 * seqs.len();
    receiver.wait("the first half", |heard| named(heard).len() == first_half).await?;

    receiver.vanish().await;
    for user in &mut users[10..] {
        user.reads(&to, &seqs).await?;
    }
    clock.advance(7 * MINUTE);
    receiver.come_back().await?;
    clock.advance(20 * MINUTE);
    let all: BTreeSet<_> =
        seqs.iter().flat_map(|&seq| readers.iter().map(move |reader| (seq, reader.clone()))).collect();
    let heard = receiver.wait("all readers", |heard| named(heard) == all).await?;
    let given = numbers(&heard);
    let distinct: BTreeSet<u64> = given.iter().copied().collect();
    assert_eq!(distinct.len(), given.len(), "something was told twice without a need");
    assert_eq!(
        distinct.into_iter().collect::<Vec<_>>(),
        (1..=given.len() as u64).collect::<Vec<_>>(),
        "a number is missing"
    );
    let caller = server.caller("administrator").await?;
    nothing_waits(&server, &caller).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_many_read_at_once_calls_are_merged() -> Result<()> {
    let clock = Clock::new();
    let server = TestServer::with_clock(&clock).await?;
    let receiver = Receiver::start().await?;
    let readers = members("reader", 60);
    let everybody: Vec<String> = ["alice".to_owned()].into_iter().chain(readers.clone()).collect();
    let to = server.group(GroupType::Public, &everybody).await?;
    wants(&server, &receiver, &[READ]).await?;
    let seq = server.user("alice").await?.says(&to, "请确认").await?.seq;
    let sent = receiver.call(READ, 1).await?;
    assert_eq!(sent.body["GroupId"], group_id(&to));
    assert_eq!(sent.body["Type"], "Public");
    assert_eq!(
        sent.body["GroupMsgReceiptList"],
        serde_json::json!([{"MsgSeq": seq, "ReadNum": 0, "UnreadNum": 60, "ReadReceiptMembers": []}])
    );
    // The first receipt is not accepted: until the clock moves, it waits, and what comes meanwhile waits behind it.
    receiver.answers(|_| Manner::Fail(503));
    let mut users = server.users(&readers).await?;
    let (first, others) = users.split_first_mut().unwrap();
    first.reads(&to, &[seq]).await?;
    receiver.wait("a try", |heard| heard.len() == 2).await?;
    futures_util::future::try_join_all(
        others.iter_mut().map(|user| user.reads(&to, std::slice::from_ref(&seq))),
    )
    .await?;
    receiver.answers(|_| Manner::Accept);
    clock.advance(MINUTE);
    let all: BTreeSet<_> = readers.iter().map(|reader| (seq, reader.clone())).collect();
    let heard = receiver.wait("all readers", |heard| named(heard) == all).await?;
    assert_eq!(heard.len(), 3, "one call has all that waited: {heard:#?}");
    assert_eq!(heard[2].readers().len(), 60, "each reader is named once");
    let last = &heard[2].body["GroupMsgReceiptList"][0];
    assert_eq!((last["ReadNum"].as_u64(), last["UnreadNum"].as_u64()), (Some(60), Some(0)));
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_the_server_breaks_off_and_the_group_is_gone() -> Result<()> {
    let mut server = TestServer::start().await?;
    let mut receiver = Receiver::start().await?;
    let to = server.group(GroupType::Public, &["alice", "bob"]).await?;
    wants(&server, &receiver, &[READ, "Group.CallbackAfterSendMsg", "Group.CallbackAfterGroupDestroyed"])
        .await?;
    receiver.vanish().await;
    let mut alice = server.user("alice").await?;
    let seq = alice.says(&to, "hello").await?.seq;
    server.user("bob").await?.reads(&to, &[seq]).await?;
    alice.ask(v1::DismissGroup { group_id: group_id(&to) }).await?;
    server.abort().await;
    receiver.come_back().await?;
    server.abort_and_restart().await?;
    let gone = receiver.call("Group.CallbackAfterGroupDestroyed", 1).await?;
    assert_eq!(gone.body["Owner_Account"], "alice");
    assert_eq!(
        gone.body["MemberList"],
        serde_json::json!([{"Member_Account": "alice"}, {"Member_Account": "bob"}])
    );
    let heard: Vec<String> = receiver.accepted().iter().map(|one| one.command().to_owned()).collect();
    let sent = "Group.CallbackAfterSendMsg";
    assert_eq!(heard, [sent, READ, "Group.CallbackAfterGroupDestroyed"], "in the order of what happened");
    let list = receiver.accepted()[1].body["GroupMsgReceiptList"].clone();
    assert_eq!((&list[0]["ReadNum"], &list[1]["ReadNum"]), (&0.into(), &1.into()), "{list}");
    assert_eq!(receiver.accepted()[1].readers(), [(seq, "bob".to_owned())]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_accepted_for_a_day_can_be_looked_at_and_replayed() -> Result<()> {
    let clock = Clock::new();
    let server = TestServer::with_clock(&clock).await?;
    let receiver = Receiver::start().await?;
    let to = server.group(GroupType::Work, &["alice", "bob"]).await?;
    wants(&server, &receiver, &["Group.CallbackAfterSendMsg"]).await?;
    receiver.answers(|_| Manner::Fail(503));
    let message = server.user("alice").await?.says(&to, "hello").await?;
    receiver.wait("the first try", |heard| heard.len() == 1).await?;
    clock.advance(23 * 60 * MINUTE);
    receiver.wait("a later try", |heard| heard.len() == 2).await?;
    let caller = server.caller("administrator").await?;
    assert!(server.service().dead_hooks(&caller, 0, 0).await?.is_empty());
    clock.advance(61 * MINUTE);
    receiver.wait("the last try", |heard| heard.len() == 3).await?;
    let dead = dead_letters(&server, &caller, 1).await?;
    assert_eq!((dead.len(), dead[0].hook.number), (1, 1));
    assert!(dead[0].why.contains("503"), "{}", dead[0].why);
    assert_eq!(server.service().hooks_waiting(&caller).await?, 0);

    receiver.answers(|_| Manner::Accept);
    let bob = server.caller("bob").await?;
    assert_eq!(server.service().replay_hooks(&bob, &[1]).await.unwrap_err().code.number(), 70_403);
    assert_eq!(server.service().replay_hooks(&caller, &[1, 2]).await?, 1);
    let told = receiver.call("Group.CallbackAfterSendMsg", 1).await?;
    assert_eq!((told.numbers, told.body["MsgSeq"].as_u64()), (vec![1], Some(message.seq)));
    assert!(server.service().dead_hooks(&caller, 0, 0).await?.is_empty());
    let log = server.service().audit(&caller, 0, 0).await?;
    assert_eq!(log[0].note.what, "webhook.replayed");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replay_is_tried_at_once_whatever_else_waits() -> Result<()> {
    let clock = Clock::new();
    let server = TestServer::with_clock(&clock).await?;
    let mut receiver = Receiver::start().await?;
    let (old, young) = (
        server.group(GroupType::Work, &["alice", "bob"]).await?,
        server.group(GroupType::Work, &["alice", "bob"]).await?,
    );
    wants(&server, &receiver, &["Group.CallbackAfterSendMsg"]).await?;
    receiver.answers(|_| Manner::Fail(503));
    let mut alice = server.user("alice").await?;
    alice.says(&old, "yesterday").await?;
    receiver.wait("the first try", |heard| heard.len() == 1).await?;
    clock.advance(23 * 60 * MINUTE);
    receiver.wait("a later try", |heard| heard.len() == 2).await?;
    // Keeps the app's queue from being empty: its pauses stay in force from the burial on.
    alice.says(&young, "today").await?;
    receiver.wait("a try of the other", |heard| heard.len() == 3).await?;
    clock.advance(61 * MINUTE);
    let caller = server.caller("administrator").await?;
    dead_letters(&server, &caller, 1).await?;
    receiver.answers(|_| Manner::Accept);
    assert_eq!(server.service().replay_hooks(&caller, &[1]).await?, 1);
    receiver.wait("both", |heard| numbers(heard) == [1, 2]).await?;
    nothing_waits(&server, &caller).await?;

    // The same while nothing can be reached.
    receiver.vanish().await;
    alice.says(&old, "into the void").await?;
    clock.advance(24 * 60 * MINUTE);
    alice.says(&young, "kept").await?;
    dead_letters(&server, &caller, 1).await?;
    receiver.come_back().await?;
    assert_eq!(server.service().replay_hooks(&caller, &[3]).await?, 1);
    receiver.wait("both again", |heard| numbers(heard) == [1, 2, 3, 4]).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_endpoint_that_has_moved_is_called_at_once() -> Result<()> {
    let server = TestServer::with_clock(&Clock::new()).await?;
    let (wrong, right) = (Receiver::start().await?, Receiver::start().await?);
    let to = server.group(GroupType::Work, &["alice", "bob"]).await?;
    wants(&server, &wrong, &["Group.CallbackAfterSendMsg"]).await?;
    wrong.answers(|_| Manner::Fail(404));
    server.user("alice").await?.says(&to, "hello").await?;
    wrong.wait("a try", |heard| heard.len() == 1).await?;
    wants(&server, &right, &["Group.CallbackAfterSendMsg"]).await?;
    right.call("Group.CallbackAfterSendMsg", 1).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_endpoint_that_hangs_delays_no_other_app_and_no_user() -> Result<()> {
    // No pause ends: what is heard was under way at once.
    let server = TestServer::with_clock(&Clock::new()).await?;
    let (slow, quick) = (Receiver::start().await?, Receiver::start().await?);
    let mut groups = Vec::new();
    for _ in 0..10 {
        groups.push(server.group(GroupType::Work, &["alice", "bob"]).await?);
    }
    wants(&server, &slow, &["Group.CallbackAfterSendMsg"]).await?;
    slow.answers(|_| Manner::Hang);
    let other = server.another_app().await?;
    let webhook = quick.webhook(&["C2C.CallbackAfterSendMsg"]);
    other.settings(|settings| settings.webhook = Some(webhook)).await?;
    let mut alice = server.user("alice").await?;
    for n in 0..50 {
        alice.says(&groups[n % groups.len()], &n.to_string()).await?;
    }
    slow.wait("a call", |heard| !heard.is_empty()).await?;
    let (mut anna, _ben) = (other.user("anna").await?, other.user("ben").await?);
    for n in 1..=20 {
        anna.says(&yidu_testkit::words::with("ben"), "hello").await?;
        quick.call("C2C.CallbackAfterSendMsg", n).await?;
    }
    assert!(slow.accepted().is_empty());
    assert!(slow.heard().len() <= 4, "the calls of one app under way are bounded");
    Ok(())
}
