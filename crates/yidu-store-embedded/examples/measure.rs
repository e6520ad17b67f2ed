//! Measures the hot path: receipts per second, commits, bytes, starting. `cargo run --release --example measure [folder]`.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a program for people at a terminal")]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use yidu_proto::v1;
use yidu_store::account::NewAccount;
use yidu_store::app::{App, AppKey};
use yidu_store::group::NewGroup;
use yidu_store::message::NewMessage;
use yidu_store::receipt::{Filter, ReceiptBatch};
use yidu_store::{Accounts, AppId, Apps, ConversationId, Groups, Messages, Receipts, Seq, Tinyid, Upkeep};
use yidu_store_embedded::{EmbeddedStore, Options};

const APP: AppId = AppId(1);
const NOON: u64 = 1_700_000_000_000;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = std::env::args().nth(1).map_or(temporary.path().to_owned(), Into::into);
    let begun = Instant::now();
    let store = EmbeddedStore::open(&folder, Options::default()).unwrap();
    println!("made in {:.0?}", begun.elapsed());
    let scene = Scene::new(store).await;
    println!(
        "{:>8} {:>6} {:>9} {:>12} {:>9} {:>10} {:>9} {:>9}",
        "members", "batch", "in flight", "receipts/s", "CPU µs", "per commit", "p50 ms", "p99 ms"
    );
    for (members, batch, flight) in [
        (50, 50, 3),
        (500, 50, 3),
        (500, 50, 20),
        (500, 50, 64),
        (500, 1, 64),
        (500, 1, 1_000),
        (5_000, 50, 20),
        (100_000, 50, 20),
        (100_000, 1, 1_000),
    ] {
        scene.run(members, batch, flight).await;
    }
    let large = scene.large().await;
    let stats = scene.store.stats().await.unwrap();
    println!("{} receipts, {} on disk, {} in memory", stats.receipts, stats.disk_bytes, stats.cache_bytes);
    println!("{} of them only in the journal", stats.unfolded_receipts);
    let receipts = stats.receipts;
    drop(scene);
    let begun = Instant::now();
    let store = EmbeddedStore::open(&folder, Options::default()).unwrap();
    println!("opened without closing in {:.0?}", begun.elapsed());
    cold(&store, large).await;
    store.close().await.unwrap();
    settle(&folder, receipts);
}

struct Scene {
    store: Arc<EmbeddedStore>,
    people: Vec<Tinyid>,
}

impl Scene {
    async fn new(store: Arc<EmbeddedStore>) -> Self {
        let keys = vec![AppKey { secret: "secret".to_owned(), created: 0, retires: None }];
        let app =
            App { id: APP, name: String::new(), keys, settings: v1::AppSettings::default(), created: 0 };
        store.create_app(app).await.unwrap();
        let mut people = Vec::new();
        for block in 0..100 {
            let name = |n: u32| NewAccount { user: format!("user{block}-{n}"), ..Default::default() };
            let opened = store.open_accounts(APP, (0..1_000).map(name).collect(), NOON).await.unwrap();
            people.extend(opened.into_iter().map(|(account, _)| account.tinyid));
        }
        Self { store, people }
    }

    async fn group(&self, id: String, members: usize) -> ConversationId {
        let info = v1::Group { id, created_ms: NOON, ..Default::default() };
        let people = &self.people[..members];
        let new =
            NewGroup { app: APP, info, owner: Some(people[0]), by: None, members: people[1..].to_vec() };
        self.store.create_group(new).await.unwrap().0.conversation
    }

    async fn send(&self, conversation: ConversationId, count: u32) -> Vec<Seq> {
        let mut seqs = Vec::new();
        for random in 0..count {
            let id = format!("{}-{NOON}-{random}", self.people[0].0);
            let message = v1::Message { id, time_ms: NOON, random, need_receipt: true, ..Default::default() };
            let sender = self.people[0];
            let new = NewMessage {
                conversation,
                sender,
                as_administrator: false,
                message,
                targets: None,
                counts_unread: true,
                untold: false,
            };
            seqs.push(self.store.append_message(new).await.unwrap().message.seq);
        }
        seqs
    }

    /// Every reader acknowledges every message once, so many at once in each batch, so many batches in flight.
    async fn run(&self, members: usize, batch: u32, flight: usize) {
        let conversation = self.group(format!("{members}-{batch}-{flight}"), members).await;
        let seqs = self.send(conversation, 50).await;
        let (commits, cpu, begun) = (self.store.operations().commits, cpu(), Instant::now());
        let chunks: Vec<Vec<Seq>> = seqs.chunks(batch as usize).map(<[Seq]>::to_vec).collect();
        let work = chunks
            .into_iter()
            .flat_map(|seqs| self.people[1..members].iter().map(move |&reader| (reader, seqs.clone())));
        let work: Vec<(Tinyid, Vec<Seq>)> = work.take(6_000_000 / (50 * batch as usize).max(120)).collect();
        let receipts: usize = work.iter().map(|(_, seqs)| seqs.len()).sum();
        let queue = Arc::new(parking_lot::Mutex::new(work.into_iter()));
        let tasks: Vec<_> = (0..flight)
            .map(|_| {
                let (store, queue) = (Arc::clone(&self.store), Arc::clone(&queue));
                tokio::spawn(async move {
                    let mut times = Vec::new();
                    loop {
                        let next = queue.lock().next();
                        let Some((reader, seqs)) = next else { return times };
                        let begun = Instant::now();
                        let at = NOON + u64::from(begun.elapsed().subsec_millis());
                        let batch = ReceiptBatch { conversation, reader, seqs, at };
                        store.record_receipts(batch).await.unwrap();
                        times.push(begun.elapsed());
                    }
                })
            })
            .collect();
        let mut times: Vec<Duration> = Vec::new();
        for task in tasks {
            times.extend(task.await.unwrap());
        }
        let (took, cpu) = (begun.elapsed(), self::cpu() - cpu);
        times.sort_unstable();
        let commits = self.store.operations().commits - commits;
        let quantile = |q: usize| times[times.len() * q / 100].as_secs_f64() * 1e3;
        println!(
            "{members:>8} {batch:>6} {flight:>9} {:>12.0} {:>9.2} {:>10.0} {:>9.2} {:>9.2}",
            receipts as f64 / took.as_secs_f64(),
            cpu.as_secs_f64() * 1e6 / receipts as f64,
            receipts as f64 / commits as f64,
            quantile(50),
            quantile(99),
        );
    }

    /// A message that half of 100,000 members have read.
    async fn large(&self) -> (ConversationId, Seq) {
        let conversation = self.group("large".to_owned(), self.people.len()).await;
        let seqs = self.send(conversation, 1).await;
        let mut tasks = tokio::task::JoinSet::new();
        for &reader in self.people.iter().skip(1).step_by(2) {
            let batch =
                ReceiptBatch { conversation, reader, seqs: seqs.clone(), at: NOON + reader.0 % 60_000 };
            let store = Arc::clone(&self.store);
            tasks.spawn(async move { store.record_receipts(batch).await.unwrap().len() });
        }
        tasks.join_all().await;
        (conversation, seqs[0])
    }
}

async fn cold(store: &EmbeddedStore, (conversation, seq): (ConversationId, Seq)) {
    for heat in ["cold", "warm"] {
        let begun = Instant::now();
        let states = store.receipt_states(conversation, &[seq]).await.unwrap();
        println!("{heat}: {} counted in {:.0?}", states[0].counts.read, begun.elapsed());
        let begun = Instant::now();
        let page = store.audience_page(conversation, seq, Filter::Unread, 70_000, 100).await.unwrap();
        println!("{heat}: a page of {} in {:.0?}", page.members.len(), begun.elapsed());
    }
}

/// Bytes of the tables of receipts after a full compaction.
fn settle(folder: &Path, receipts: u64) {
    let db = fjall::Database::builder(folder.join("data")).open().unwrap();
    let mut bytes = 0;
    for table in ["read_sets", "read_set_chunks", "journal", "feed"] {
        let keyspace = db.keyspace(table, fjall::KeyspaceCreateOptions::default).unwrap();
        keyspace.rotate_memtable_and_wait().unwrap();
        keyspace.major_compact().unwrap();
        println!("{table}: {} bytes at rest", keyspace.disk_space());
        bytes += keyspace.disk_space();
    }
    println!("{:.2} bytes at rest per receipt", bytes as f64 / receipts as f64);
}

/// CPU time of this process so far.
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    Duration::from_millis(ticks * 10)
}
