//! The two ways of asking: closed loop (the next request when the last is answered) and open loop (at its time, whatever
//! the server does).

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use hdrhistogram::Histogram;
use rand::RngExt;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::wire::{Heard, Wire};

/// Latencies in microseconds, three digits, up to ten minutes.
pub(super) type Latencies = Histogram<u64>;

pub(super) fn latencies() -> Latencies {
    Histogram::new_with_max(600_000_000, 3).expect("these bounds are allowed")
}

pub(super) fn note(latencies: &mut Latencies, took: Duration) {
    latencies.saturating_record(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
}

/// What came of a load.
pub(super) struct Loaded {
    pub(super) wires: Vec<Wire>,
    pub(super) latencies: Latencies,
    pub(super) requests: usize,
    pub(super) recorded: usize,
    /// Receipts by the time they should have been sent at; only of an open loop.
    pub(super) sent: Vec<Sent>,
    /// How late the generator itself was.
    pub(super) lag: Latencies,
}

/// A receipt of an open loop.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sent {
    pub(super) at: Instant,
    pub(super) seq: u64,
}

/// Every reader acknowledges every message once, `batch` in one request, `in_flight` requests at a time: so many workers,
/// each with readers of its own and one request under way.
pub(super) async fn closed(
    wires: Vec<Wire>,
    group: &str,
    seqs: &[u64],
    batch: usize,
    in_flight: usize,
    done: &Arc<AtomicUsize>,
) -> Result<Loaded> {
    let workers = in_flight.clamp(1, wires.len().max(1));
    let mut shares: Vec<Vec<Wire>> = (0..workers).map(|_| Vec::new()).collect();
    for (n, wire) in wires.into_iter().enumerate() {
        shares[n % workers].push(wire);
    }
    let (group, seqs): (Arc<str>, Arc<[u64]>) = (group.into(), seqs.into());
    let mut tasks = JoinSet::new();
    for mut share in shares {
        let (group, seqs, done) = (Arc::clone(&group), Arc::clone(&seqs), Arc::clone(done));
        tasks.spawn(async move {
            let mut loaded = Loaded::empty();
            for part in seqs.chunks(batch) {
                for wire in &mut share {
                    let begun = Instant::now();
                    loaded.recorded += wire.receipts(&group, part).await?;
                    note(&mut loaded.latencies, begun.elapsed());
                    loaded.requests += 1;
                    done.fetch_add(part.len(), Ordering::Relaxed);
                }
            }
            loaded.wires = share;
            anyhow::Ok(loaded)
        });
    }
    gather(tasks).await
}

/// Poisson arrivals, `rate` a second: one receipt each, message after message, so that the pushes of one message are as far
/// apart as can be. Latency counts from the time at which a receipt should have been sent (no coordinated omission).
pub(super) async fn open(
    wires: Vec<Wire>,
    group: &str,
    seqs: &[u64],
    rate: f64,
    done: &Arc<AtomicUsize>,
) -> Result<Loaded> {
    let mut tasks = JoinSet::new();
    let mut queues = Vec::new();
    for wire in wires {
        let (queue, due) = mpsc::unbounded_channel();
        queues.push(queue);
        tasks.spawn(acknowledge_in_time(wire, group.to_owned(), due, Arc::clone(done)));
    }
    let seqs = seqs.to_vec();
    // A thread of its own: timers of the runtime are a millisecond wide.
    std::thread::spawn(move || arrivals(&queues, &seqs, rate));
    gather(tasks).await
}

fn arrivals(queues: &[mpsc::UnboundedSender<Sent>], seqs: &[u64], rate: f64) {
    let mut at = Instant::now();
    for queue_offset in 0..queues.len() {
        for (n, &seq) in seqs.iter().enumerate() {
            let uniform: f64 = rand::rng().random();
            at += Duration::from_secs_f64(-(1.0 - uniform).ln() / rate);
            if let Some(wait) = at.checked_duration_since(Instant::now()) {
                std::thread::sleep(wait);
            }
            // Every reader gets every message once over the rounds. A reader that is gone says why itself.
            let _gone = queues[(n + queue_offset) % queues.len()].send(Sent { at, seq });
        }
    }
}

async fn acknowledge_in_time(
    mut wire: Wire,
    group: String,
    mut due: mpsc::UnboundedReceiver<Sent>,
    done: Arc<AtomicUsize>,
) -> Result<Loaded> {
    let mut loaded = Loaded::empty();
    let mut waiting: HashMap<u64, Instant> = HashMap::new();
    let mut ended = false;
    while !(ended && waiting.is_empty()) {
        tokio::select! {
            next = due.recv(), if !ended => match next {
                Some(sent) => {
                    note(&mut loaded.lag, sent.at.elapsed());
                    let id = wire.send_receipts(&group, &[sent.seq]).await?;
                    waiting.insert(id, sent.at);
                    loaded.sent.push(sent);
                    loaded.requests += 1;
                }
                None => ended = true,
            },
            heard = wire.next() => if let Heard::Recorded { id, receipts } = heard? {
                let at = waiting.remove(&id).context("an answer to nothing")?;
                note(&mut loaded.latencies, at.elapsed());
                loaded.recorded += receipts;
                done.fetch_add(1, Ordering::Relaxed);
            },
        }
    }
    loaded.wires = vec![wire];
    Ok(loaded)
}

/// All readers acknowledge one message, each at a moment of its own within a second.
pub(super) async fn storm(
    wires: Vec<Wire>,
    group: &str,
    seq: u64,
    done: &Arc<AtomicUsize>,
) -> Result<Loaded> {
    // Time for every task to be there before the first moment.
    let begin = Instant::now() + Duration::from_millis(500);
    let group: Arc<str> = group.into();
    let mut tasks = JoinSet::new();
    for mut wire in wires {
        let (group, done) = (Arc::clone(&group), Arc::clone(done));
        let at = begin + Duration::from_micros(rand::rng().random_range(0..1_000_000));
        tasks.spawn(async move {
            tokio::time::sleep_until(at.into()).await;
            let mut loaded = Loaded::empty();
            note(&mut loaded.lag, at.elapsed());
            loaded.recorded = wire.receipts(&group, &[seq]).await?;
            loaded.requests = 1;
            let took = at.elapsed();
            loaded.sent.push(Sent { at, seq });
            done.fetch_add(1, Ordering::Relaxed);
            anyhow::Ok((loaded, took, wire))
        });
    }
    let mut all = Loaded::empty();
    while let Some(one) = tasks.join_next().await {
        let (loaded, took, wire) = one.context("a reader broke")??;
        all.requests += loaded.requests;
        all.recorded += loaded.recorded;
        all.sent.extend(loaded.sent);
        note(&mut all.latencies, took);
        all.wires.push(wire);
    }
    Ok(all)
}

async fn gather(mut tasks: JoinSet<Result<Loaded>>) -> Result<Loaded> {
    let mut all = Loaded::empty();
    while let Some(one) = tasks.join_next().await {
        let one = one.context("a worker broke")??;
        all.wires.extend(one.wires);
        all.latencies.add(&one.latencies)?;
        all.lag.add(&one.lag)?;
        all.sent.extend(one.sent);
        all.requests += one.requests;
        all.recorded += one.recorded;
    }
    ensure!(!all.wires.is_empty(), "there were no readers");
    Ok(all)
}

impl Loaded {
    pub(super) fn empty() -> Loaded {
        Loaded {
            wires: Vec::new(),
            latencies: latencies(),
            requests: 0,
            recorded: 0,
            sent: Vec::new(),
            lag: latencies(),
        }
    }
}
