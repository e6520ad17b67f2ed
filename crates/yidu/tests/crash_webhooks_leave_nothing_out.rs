//! Webhooks are told at least once: the real binary is killed with −9 again and again, at random moments between commits and
//! deliveries. Every receipt that was acknowledged is named by a call that the app's back end has accepted, counts of a
//! message never fall, and no number is missing (docs/webhooks.md, "Delivery").

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "a test reports by panicking"
)]

#[path = "support/process.rs"]
mod process;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rand::RngExt;
use tokio::task::JoinSet;
use yidu_proto::v1::{self, ReceiptVerdict};
use yidu_testkit::words::{group, text};
use yidu_testkit::{Manner, Received, Receiver, User};

use process::Process;

const KILLS: usize = 12;
const READERS: usize = 6;
const GROUP: &str = "crash";

type Receipts = BTreeSet<(u64, String)>;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_the_server_is_killed_between_commit_and_delivery() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Process::start(folder.path());
    let receiver = Receiver::start().await.unwrap();
    let calls = AtomicUsize::new(0);
    // Now and then the back end has a bad moment of its own.
    receiver.answers(move |_| match calls.fetch_add(1, Ordering::Relaxed) % 7 {
        6 => Manner::Fail(500),
        _ => Manner::Accept,
    });
    let readers: Vec<String> = (0..READERS).map(|n| format!("reader-{n}")).collect();
    set_up(&server, &receiver, &readers).await;

    let (mut asked, mut acknowledged) = (BTreeSet::new(), Receipts::new());
    for _ in 0..KILLS {
        let (seqs, receipts) = load_until_killed(&mut server, &readers).await;
        asked.extend(seqs);
        acknowledged.extend(receipts);
    }
    assert!(acknowledged.len() > KILLS, "the load was no load");
    let complete = |heard: &[Received]| {
        let told = Told::of(heard);
        told.named.is_superset(&acknowledged) && told.asked.is_superset(&asked)
    };
    let heard = receiver.wait("every acknowledged receipt", complete).await.unwrap();
    let told = Told::of(&heard);
    let newest = *told.numbers.last().unwrap();
    assert_eq!(told.numbers.len() as u64, newest, "a number is missing");
    println!(
        "{KILLS} kills, {} receipts acknowledged, {} calls, none left out",
        acknowledged.len(),
        heard.len()
    );
}

/// What accepted calls have told.
#[derive(Default)]
struct Told {
    named: Receipts,
    /// Messages of whose sending was told.
    asked: BTreeSet<u64>,
    numbers: BTreeSet<u64>,
}

impl Told {
    fn of(heard: &[Received]) -> Told {
        let mut told = Told::default();
        let mut counts = BTreeMap::new();
        let mut before = BTreeSet::new();
        for received in heard.iter().filter(|received| received.accepted) {
            let repeated = received.numbers.iter().any(|number| before.contains(number));
            for entry in received.body["GroupMsgReceiptList"].as_array().unwrap() {
                let (seq, read) = (entry["MsgSeq"].as_u64().unwrap(), entry["ReadNum"].as_u64().unwrap());
                told.asked.insert(seq);
                // A repetition tells what it told before.
                let newest = counts.entry(seq).or_insert(read);
                assert!(repeated || *newest <= read, "the count of {seq} fell from {newest} to {read}");
                *newest = (*newest).max(read);
            }
            told.named.extend(received.readers());
            before.extend(received.numbers.iter().copied());
        }
        told.numbers = before;
        told
    }
}

async fn set_up(server: &Process, receiver: &Receiver, readers: &[String]) {
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
    let mut settings = administrator.ask(v1::GetSettings {}).await.unwrap().settings.unwrap();
    settings.webhook = Some(receiver.webhook(&["Group.CallbackAfterReadReceipt"]));
    administrator.ask(v1::ModifySettings { settings: Some(settings), dry_run: false }).await.unwrap();
}

/// One sender and all readers at full speed until the kill; what they were told.
async fn load_until_killed(server: &mut Process, readers: &[String]) -> (BTreeSet<u64>, Receipts) {
    let (sent, seen) = tokio::sync::watch::channel(0_u64);
    let mut alice = User::login(&server.url(), server.login("alice")).await.unwrap();
    let sending = tokio::spawn(async move {
        let mut seqs = BTreeSet::new();
        while let Ok(message) = alice.sends(text(&group(GROUP), "请确认")).await {
            seqs.insert(message.seq);
            let _no_reader_left = sent.send(message.seq);
        }
        seqs
    });
    let mut reading = JoinSet::new();
    for reader in readers {
        let user = User::login(&server.url(), server.login(reader)).await.unwrap();
        reading.spawn(read_until_killed(user, seen.clone()));
    }
    let mut first = seen;
    first.wait_for(|seq| *seq > 0).await.unwrap();
    let moment = Duration::from_micros(rand::rng().random_range(0..200_000));
    tokio::time::sleep(moment).await;
    server.kill_and_restart();
    let mut receipts = Receipts::new();
    while let Some(read) = reading.join_next().await {
        receipts.extend(read.unwrap());
    }
    (sending.await.unwrap(), receipts)
}

async fn read_until_killed(mut user: User, mut seen: tokio::sync::watch::Receiver<u64>) -> Receipts {
    let mut receipts = Receipts::new();
    let mut last = 0;
    while seen.wait_for(|seq| *seq > last).await.is_ok() {
        last = *seen.borrow();
        let Ok(verdicts) = user.reads(&group(GROUP), &[last]).await else { break };
        if matches!(verdicts[..], [ReceiptVerdict::Recorded | ReceiptVerdict::Already]) {
            receipts.insert((last, user.name.clone()));
        }
    }
    receipts
}
