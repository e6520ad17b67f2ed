//! A workload's group with its messages, its readers online and its sender listening; measured from here to the last push.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::listener::{Listener, Push};
use super::load::{Latencies, Loaded, Sent, latencies, note};
use super::report::Report;
use super::target::Target;
use super::usage::{Usage, disk_bytes};
use super::wire::Wire;
use crate::output::Output;

pub(super) struct Stage<'a> {
    pub(super) target: &'a Target,
    pub(super) output: Output,
    pub(super) name: String,
    pub(super) group: String,
    pub(super) members: u32,
    pub(super) seqs: Vec<u64>,
    pub(super) done: Arc<AtomicUsize>,
    /// Each sender's device, and the messages that are its own.
    listeners: Vec<(Listener, Vec<u64>)>,
}

/// Who takes part: members, of whom so many readers are online, and messages by so many senders.
#[derive(Clone, Copy)]
pub(super) struct Cast {
    pub(super) members: u32,
    pub(super) readers: u32,
    pub(super) messages: u32,
    pub(super) senders: u32,
}

/// The server's use of the machine at one instant.
pub(super) struct Mark {
    at: Instant,
    server: Usage,
    own: Usage,
    disk: Option<u64>,
}

impl<'a> Stage<'a> {
    /// Founds the group, posts the messages, then brings the readers online: nobody is told of messages during the measure.
    pub(super) async fn set(
        target: &'a Target,
        output: Output,
        name: &str,
        Cast { members, readers, messages, senders }: Cast,
    ) -> Result<(Stage<'a>, Vec<Wire>)> {
        let group = target.group(name);
        let names: Vec<String> = (0..senders).map(|n| target.nth_sender(n)).collect();
        let progress = |what: &str, n: usize| output.progress(format!("{name}: {what}: {n}"));
        let founding = target.found(&group, &names, members, |n| progress("members", n)).await;
        founding.context("cannot make the group")?;
        progress("messages", messages as usize);
        let mut own = Vec::new();
        for sender in &names {
            let mut poster = target.connect(sender).await?;
            let posted = target.post(&mut poster, &group, messages.div_ceil(senders)).await;
            own.push(posted.context("cannot post")?);
        }
        // Message after message another sender.
        let seqs = (0..own[0].len()).flat_map(|at| own.iter().map(move |seqs| seqs[at])).collect();
        let mut listeners = Vec::new();
        for (sender, seqs) in names.iter().zip(own) {
            listeners.push((Listener::new(target.connect(sender).await?), seqs));
        }
        // Spread over the audience: not the first so many.
        let every = ((members - 1) / readers.max(1)).max(1);
        let wires =
            target.connect_readers((0..readers).map(|n| 1 + n * every), |n| progress("online", n)).await;
        let wires = wires.context("the readers do not get online")?;
        let done = Arc::default();
        let (name, output) = (name.to_owned(), output);
        Ok((Stage { target, output, name, group, members, seqs, done, listeners }, wires))
    }

    pub(super) fn mark(&self) -> Mark {
        let disk = self.target.data.as_deref().map(|data: &Path| disk_bytes(data));
        Mark { at: Instant::now(), server: self.target.usage(), own: Usage::own(), disk }
    }

    /// Runs a load while saying how far it is.
    pub(super) async fn watch(
        &self,
        load: impl Future<Output = Result<Loaded>>,
        receipts: usize,
    ) -> Result<Loaded> {
        let mut load = std::pin::pin!(load);
        let mut tick = tokio::time::interval(Duration::from_millis(250));
        let mut last = (0, Instant::now());
        loop {
            tokio::select! {
                done = &mut load => {
                    self.output.progress_done();
                    return done;
                }
                _ = tick.tick() => {
                    let now = (self.done.load(Ordering::Relaxed), Instant::now());
                    let rate = super::report::per_second(now.0 - last.0, now.1 - last.1);
                    last = now;
                    self.output.progress(format!("{}: {} of {receipts}, {rate:.0} a second", self.name, now.0));
                }
            }
        }
    }

    /// More messages of the first sender.
    pub(super) async fn post(&mut self, messages: u32) -> Result<Vec<u64>> {
        let mut poster = self.target.connect(&self.target.sender()).await?;
        let seqs = self.target.post(&mut poster, &self.group, messages).await?;
        self.seqs.extend(&seqs);
        self.listeners[0].1.extend(&seqs);
        Ok(seqs)
    }

    /// Waits for the last pushes, asks the server for its counts, and reports. Every message must have been read by
    /// `readers`, no more and no fewer.
    pub(super) async fn finish(&self, since: Mark, loaded: Loaded, readers: u32) -> Result<Report> {
        let ended = self.mark();
        let mut pushes = Vec::new();
        for (listener, seqs) in &self.listeners {
            let expected: Vec<(u64, u32)> = seqs.iter().map(|&seq| (seq, readers)).collect();
            pushes.extend(listener.until(&expected, self.target.is_yidu()).await?);
        }
        let told = self.mark();
        let receipts = self.seqs.len() * readers as usize;
        ensure!(loaded.recorded == receipts, "{} of {receipts} receipts were recorded", loaded.recorded);
        drop(loaded.wires);
        let mut counts = Vec::new();
        for (n, (_, seqs)) in (0..).zip(&self.listeners) {
            let mut sender = self.target.connect(&self.target.nth_sender(n)).await?;
            counts.extend(self.target.counts(&mut sender, &self.group, seqs).await?);
        }
        let wrong = counts.iter().filter(|(_, read)| *read != readers).count();
        ensure!(wrong == 0, "{wrong} of {} final counts are not {readers}", counts.len());
        if self.target.is_yidu() {
            self.check_pace(&pushes, ended.at - since.at)?;
        }
        let open = !loaded.sent.is_empty();
        Ok(Report {
            workload: self.name.clone(),
            members: self.members,
            connections: readers as usize,
            requests: loaded.requests,
            receipts,
            took: ended.at - since.at,
            // With the pushes that were still to come.
            server_cpu: told.server.cpu.saturating_sub(since.server.cpu),
            own_cpu: told.own.cpu.saturating_sub(since.own.cpu),
            notify: open.then(|| notify(&loaded.sent, &pushes)),
            lag: open.then_some(loaded.lag),
            latency: Some(loaded.latencies),
            memory: told.server.resident,
            written: told.server.written.saturating_sub(since.server.written),
            grown: since
                .disk
                .zip(told.disk)
                .map(|(before, after)| after.cast_signed() - before.cast_signed()),
            pushes: pushes.len(),
            extra: Vec::new(),
        })
    }

    /// At most one update of a message every 200 ms, the first at once (semantics.md rule 7).
    fn check_pace(&self, pushes: &[Push], took: Duration) -> Result<()> {
        let pace = u128::from(yidu_proto::limits::RECEIPT_PACE_MS);
        let allowed = 2 + took.as_millis() / pace + 1;
        let mut each = std::collections::HashMap::new();
        pushes.iter().for_each(|push| *each.entry(push.seq).or_insert(0_u128) += 1);
        let most = each.values().copied().max().unwrap_or(0);
        ensure!(most <= allowed, "{most} pushes about one message in {} ms", took.as_millis());
        Ok(())
    }
}

/// From when each receipt should have been sent to the first push that counts it: the nth push of a message that tells of
/// c readers covers the first c receipts of that message.
fn notify(sent: &[Sent], pushes: &[Push]) -> Latencies {
    let mut by_seq: std::collections::HashMap<u64, (Vec<Instant>, usize)> = Default::default();
    sent.iter().for_each(|sent| by_seq.entry(sent.seq).or_default().0.push(sent.at));
    by_seq.values_mut().for_each(|(times, _)| times.sort_unstable());
    let mut all = latencies();
    for push in pushes {
        let Some((times, told)) = by_seq.get_mut(&push.seq) else { continue };
        while let Some(at) = times.get(*told).filter(|_| *told < push.read as usize) {
            note(&mut all, push.at.saturating_duration_since(*at));
            *told += 1;
        }
    }
    all
}
