//! "Nothing is acknowledged before its commit is durable": the real binary is killed with −9 fifty times under load, at
//! random moments. Every acknowledged message and receipt is there, none counted twice, first times kept, seqs without
//! gaps (semantics.md rules 3, 5, 12, 22).

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "a test reports by panicking"
)]

#[path = "support/process.rs"]
mod process;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rand::RngExt;
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use yidu_proto::v1::{self, ReceiptFilter, ReceiptVerdict};
use yidu_testkit::User;
use yidu_testkit::user::name;
use yidu_testkit::words::{group, text};

use process::Process;

const KILLS: usize = 50;
const READERS: usize = 12;
const GROUP: &str = "crash";

/// What clients were told.
#[derive(Default)]
struct Told {
    /// Message ids by seq.
    messages: BTreeMap<u64, String>,
    /// Readers by seq.
    receipts: BTreeMap<u64, BTreeSet<String>>,
    /// Times of reading that a list has shown once.
    times: HashMap<(u64, String), u64>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_kills_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Process::start(folder.path());
    let readers: Vec<String> = (0..READERS).map(|n| format!("reader-{n}")).collect();
    found_group(&server, &readers).await;

    let told = Arc::new(Mutex::new(Told::default()));
    let mut position = 0;
    for _ in 0..KILLS {
        let before = told.lock().await.messages.last_key_value().map_or(0, |(seq, _)| *seq);
        load_until_killed(&mut server, &readers, &told).await;
        let mut alice = User::login(&server.url(), server.login("alice")).await.unwrap();
        assert!(alice.login.position >= position, "a change number was given back");
        position = alice.login.position;
        check(&mut alice, &mut *told.lock().await, before + 1).await;
    }

    let mut alice = User::login(&server.url(), server.login("alice")).await.unwrap();
    let mut told = told.lock().await;
    check(&mut alice, &mut told, 1).await;
    no_gaps(&mut alice).await;
    let receipts: usize = told.receipts.values().map(BTreeSet::len).sum();
    println!(
        "{KILLS} kills, {} messages and {receipts} receipts acknowledged, none lost",
        told.messages.len()
    );
    assert!(told.messages.len() > KILLS && receipts > KILLS, "the load was no load");
}

async fn found_group(server: &Process, readers: &[String]) {
    let mut administrator = User::login(&server.url(), server.login("administrator")).await.unwrap();
    let everybody = readers.iter().cloned().chain(["alice".to_owned()]);
    let accounts = everybody.map(|user_id| v1::Profile { user_id, ..Default::default() }).collect();
    administrator.ask(v1::ImportAccounts { accounts }).await.unwrap();
    let create = v1::CreateGroup {
        group_id: GROUP.into(),
        r#type: v1::GroupType::Work.into(),
        name: "crash".into(),
        owner: "alice".into(),
        members: readers.to_vec(),
        ..Default::default()
    };
    administrator.ask(create).await.unwrap();
}

/// One sender and all readers at full speed; the kill comes at a random moment after the first acknowledgement.
async fn load_until_killed(server: &mut Process, readers: &[String], told: &Arc<Mutex<Told>>) {
    let newest = Arc::new(AtomicU64::new(0));
    let (sent, seen) = tokio::sync::watch::channel(0_u64);
    let mut load = JoinSet::new();
    let alice = User::login(&server.url(), server.login("alice")).await.unwrap();
    load.spawn(send_until_killed(alice, Arc::clone(told), sent, Arc::clone(&newest)));
    let first = told.lock().await.messages.last_key_value().map_or(1, |(seq, _)| seq + 1);
    for reader in readers {
        let user = User::login(&server.url(), server.login(reader)).await.unwrap();
        load.spawn(read_until_killed(user, Arc::clone(told), seen.clone(), first));
    }
    let mut first_receipt = seen;
    first_receipt.wait_for(|seq| *seq > 0).await.unwrap();
    let moment = Duration::from_micros(rand::rng().random_range(0..150_000));
    tokio::time::sleep(moment).await;
    server.kill_and_restart();
    while let Some(done) = load.join_next().await {
        done.unwrap();
    }
}

async fn send_until_killed(
    mut alice: User,
    told: Arc<Mutex<Told>>,
    sent: tokio::sync::watch::Sender<u64>,
    newest: Arc<AtomicU64>,
) {
    while let Ok(message) = alice.sends(text(&group(GROUP), "请确认 / please confirm")).await {
        assert!(message.seq > newest.swap(message.seq, Ordering::Relaxed), "a seq was given twice");
        told.lock().await.messages.insert(message.seq, message.id);
        let _no_reader_left = sent.send(message.seq);
    }
}

async fn read_until_killed(
    mut user: User,
    told: Arc<Mutex<Told>>,
    mut seen: tokio::sync::watch::Receiver<u64>,
    first: u64,
) {
    let mut from = first;
    while seen.wait_for(|seq| *seq >= from).await.is_ok() {
        let to = (*seen.borrow()).min(from + 49);
        let seqs: Vec<u64> = (from..=to).collect();
        let Ok(verdicts) = user.reads(&group(GROUP), &seqs).await else { return };
        let mut told = told.lock().await;
        for (seq, verdict) in seqs.iter().zip(verdicts) {
            match verdict {
                ReceiptVerdict::Recorded | ReceiptVerdict::Already => {
                    told.receipts.entry(*seq).or_default().insert(user.name.clone());
                }
                // A message of a commit that was lost with the kill, or a tip.
                ReceiptVerdict::UnknownMessage | ReceiptVerdict::NotRequested => {}
                other => panic!("the receipt for {seq} was judged {other:?}"),
            }
        }
        from = to + 1;
    }
}

/// Everything that was told from `first` on is there, once, with the time it was first shown with.
async fn check(alice: &mut User, told: &mut Told, first: u64) {
    let to = group(GROUP);
    let seqs: Vec<u64> = told.messages.range(first..).map(|(seq, _)| *seq).collect();
    for part in seqs.chunks(100) {
        let request = v1::GetMessages { conversation: Some(to.clone()), seqs: part.to_vec() };
        let found: BTreeMap<u64, String> = alice
            .ask(request)
            .await
            .unwrap()
            .messages
            .into_iter()
            .filter_map(|view| view.message)
            .map(|message| (message.seq, message.id))
            .collect();
        for seq in part {
            assert_eq!(found.get(seq), told.messages.get(seq), "message {seq} was acknowledged with this id");
        }
    }
    for seq in seqs {
        let list = alice.list(&to, seq, ReceiptFilter::Read, 100).await.unwrap();
        let names: BTreeSet<String> = list.iter().map(name).collect();
        assert_eq!(names.len(), list.len(), "somebody is in the list of message {seq} twice");
        assert_eq!(
            alice.counts(&to, seq).await.unwrap()[1] as usize,
            list.len(),
            "the count of {seq} is its list's"
        );
        let acknowledged = told.receipts.get(&seq).cloned().unwrap_or_default();
        let lost: Vec<_> = acknowledged.difference(&names).collect();
        assert!(lost.is_empty(), "acknowledged receipts of message {seq} are lost: {lost:?}");
        for member in list {
            let shown = *told.times.entry((seq, name(&member))).or_insert(member.read_time_ms);
            assert_eq!(shown, member.read_time_ms, "the first time of {} for {seq} stands", name(&member));
        }
    }
}

async fn no_gaps(alice: &mut User) {
    let to = group(GROUP);
    let last = alice.conversation(&to).await.unwrap().last_seq;
    let (mut expected, mut from) = (1, 0);
    loop {
        let request = v1::GetHistory {
            conversation: Some(to.clone()),
            direction: v1::get_history::Direction::Newer.into(),
            from_seq: from,
            limit: 100,
            ..Default::default()
        };
        let page = alice.ask(request).await.unwrap();
        for message in page.messages.iter().filter_map(|view| view.message.as_ref()) {
            assert_eq!(message.seq, expected, "seqs have no gaps");
            expected += 1;
        }
        if page.next_seq == 0 {
            break;
        }
        from = page.next_seq;
    }
    assert_eq!(expected, last + 1);
}
