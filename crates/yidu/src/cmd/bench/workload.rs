//! The workloads.

mod chat;
mod idle;
mod start;

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::load::{self, Loaded};
use super::report::Report;
use super::stage::{Cast, Stage};
use super::target::Target;
use super::{BenchArgs, Workload};
use crate::cmd::own_server::Server;
use crate::output::Output;

/// Receipts a second of `low`.
const LOW: f64 = 50.0;
/// Sizes of `growth`, as far as `--members` goes.
const SIZES: [u32; 5] = [50, 500, 5_000, 20_000, 100_000];
/// Between two receipts of one message in an open loop: the pace of updates, and room for the spread of the arrivals. So
/// no update waits for its pace, and what is measured is the way and not the pacing.
const APART: f64 = 0.4;
/// Messages of one sender in an open loop, at most: about as many as the server keeps paced for one device (4,096).
const MESSAGES: f64 = 4_000.0;
/// Sockets of the generator and of the server beside those of readers.
const SPARE: u64 = 500;

/// Runs one workload; `growth` is several. `server`: the one that is measured, if it is one's own.
pub(super) async fn run(
    target: &Target,
    args: &BenchArgs,
    (workload, sockets): (Workload, u64),
    before: &[Report],
    server: Option<&mut Server>,
    output: Output,
) -> Result<Vec<Report>> {
    let bench = Bench { target, args, output, sockets };
    let one = match workload {
        Workload::Single => bench.closed("single", args.members, 1).await,
        Workload::Batch20 => bench.closed("batch20", args.members, 20).await,
        Workload::Batch50 => bench.closed("batch50", args.members, 50).await,
        Workload::Low => bench.open("low", LOW, args.seconds.unwrap_or(30)).await,
        Workload::Seventy => bench.seventy(before).await,
        Workload::Storm => bench.storm().await,
        Workload::Growth => return bench.growth().await,
        Workload::Reconnect => idle::reconnect(&bench).await,
        Workload::Soak => bench.soak().await,
        Workload::Connections => idle::connections(&bench).await,
        Workload::Start => match server {
            Some(server) => start::run(&bench, server).await,
            None => Err(anyhow::anyhow!("only a server of one's own can be killed: leave out --server")),
        },
    };
    one.map(|report| vec![report]).with_context(|| format!("{workload:?}"))
}

struct Bench<'a> {
    target: &'a Target,
    args: &'a BenchArgs,
    output: Output,
    sockets: u64,
}

impl Bench<'_> {
    async fn closed(&self, name: &str, members: u32, batch: u32) -> Result<Report> {
        let readers = (members - 1).min(self.args.readers);
        self.afford(readers)?;
        let messages = self.args.receipts.div_ceil(readers).next_multiple_of(batch);
        let (stage, wires) =
            Stage::set(self.target, self.output, name, Cast { members, readers, messages, senders: 1 })
                .await?;
        let mark = stage.mark();
        let in_flight = usize::from(self.args.in_flight);
        let load = load::closed(wires, &stage.group, &stage.seqs, batch as usize, in_flight, &stage.done);
        let loaded = stage.watch(load, messages as usize * readers as usize).await?;
        stage.finish(mark, loaded, readers).await
    }

    async fn open(&self, name: &str, rate: f64, seconds: u32) -> Result<Report> {
        let receipts = rate * f64::from(seconds);
        // As many messages as keep the updates of one message apart, and senders so that none has too many of them.
        let senders = whole((rate * APART / MESSAGES).ceil().max(1.0));
        let messages = whole((rate * APART).max(1.0)).next_multiple_of(senders);
        let readers = whole(receipts / f64::from(messages)).clamp(1, self.args.members - 1);
        self.afford(readers)?;
        let (stage, wires) = Stage::set(
            self.target,
            self.output,
            name,
            Cast { members: self.args.members, readers, messages, senders },
        )
        .await?;
        let mark = stage.mark();
        let load = load::open(wires, &stage.group, &stage.seqs, rate, &stage.done);
        let loaded = stage.watch(load, messages as usize * readers as usize).await?;
        let mut report = stage.finish(mark, loaded, readers).await?;
        report.extra.push(("asked_per_second", rate));
        Ok(report)
    }

    async fn seventy(&self, before: &[Report]) -> Result<Report> {
        let single = match (self.args.rate, before.iter().find(|report| report.workload == "single")) {
            (Some(rate), _) => return self.open("seventy", f64::from(rate), 10).await,
            (None, Some(single)) => super::report::per_second(single.receipts, single.took),
            (None, None) => {
                let single = self.closed("before-seventy", self.args.members, 1).await?;
                super::report::per_second(single.receipts, single.took)
            }
        };
        self.open("seventy", 0.7 * single, 10).await
    }

    async fn storm(&self) -> Result<Report> {
        let readers = self.args.members - 1;
        self.afford(readers)?;
        let chats = if self.target.is_yidu() {
            Some(chat::Chats::begin(self.target, self.args.members).await?)
        } else {
            None
        };
        let (stage, wires) = Stage::set(
            self.target,
            self.output,
            "storm",
            Cast { members: self.args.members, readers, messages: 1, senders: 1 },
        )
        .await?;
        let seq = *stage.seqs.first().context("nothing was posted")?;
        if let Some(chats) = &chats {
            chats.measure();
        }
        let mark = stage.mark();
        let load = load::storm(wires, &stage.group, seq, &stage.done);
        let loaded = stage.watch(load, readers as usize).await?;
        let mut report = stage.finish(mark, loaded, readers).await?;
        if let Some(chats) = chats {
            report.extra.extend(chats.end().await?);
        }
        Ok(report)
    }

    async fn growth(&self) -> Result<Vec<Report>> {
        let mut reports = Vec::new();
        let most = self.args.members.max(SIZES[0]);
        for members in SIZES.into_iter().filter(|size| *size <= most) {
            let name = format!("growth{members}");
            reports.push(self.closed(&name, members, 1).await.with_context(|| name.clone())?);
        }
        let least = reports.first().map_or(0.0, Report::cpu_us);
        for report in &mut reports {
            report.extra.push(("cpu_ratio_to_smallest", report.cpu_us() / least.max(1e-9)));
        }
        Ok(reports)
    }

    /// Round after round of new messages, every one read by everybody, until the time is over; memory at the end of the
    /// first tenth and at the end.
    async fn soak(&self) -> Result<Report> {
        const ROUND: u32 = 20;
        let readers = (self.args.members - 1).min(self.args.readers);
        self.afford(readers)?;
        let (mut stage, mut wires) = Stage::set(
            self.target,
            self.output,
            "soak",
            Cast { members: self.args.members, readers, messages: ROUND, senders: 1 },
        )
        .await?;
        let (mark, begun) = (stage.mark(), Instant::now());
        let long = Duration::from_secs(self.args.seconds.unwrap_or(1_800).into());
        let mut sum = Loaded { wires: Vec::new(), ..Loaded::empty() };
        let (mut early, mut late) = (0, 0);
        let mut round = stage.seqs.clone();
        loop {
            let in_flight = usize::from(self.args.in_flight);
            let load = load::closed(wires, &stage.group, &round, 1, in_flight, &stage.done);
            let loaded = stage.watch(load, stage.seqs.len() * readers as usize).await?;
            sum.requests += loaded.requests;
            sum.recorded += loaded.recorded;
            sum.latencies.add(&loaded.latencies)?;
            wires = loaded.wires;
            let memory = self.target.usage().resident;
            late = memory.max(late);
            if begun.elapsed() < long / 10 || early == 0 {
                early = late;
            }
            if begun.elapsed() >= long {
                break;
            }
            round = stage.post(ROUND).await?;
        }
        sum.wires = wires;
        let mut report = stage.finish(mark, sum, readers).await?;
        report.extra.push(("memory_mb_first_tenth", mib(early)));
        report.extra.push(("memory_mb_highest", mib(late)));
        Ok(report)
    }

    /// A process may hold so many sockets, and the server is one process.
    fn afford(&self, connections: u32) -> Result<()> {
        ensure!(
            u64::from(connections) + SPARE <= self.sockets,
            "{connections} connections need as many open files and the system allows {}: raise `ulimit -Hn` to {} or more",
            self.sockets,
            u64::from(connections) + SPARE
        );
        Ok(())
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates, and never negative")]
fn whole(figure: f64) -> u32 {
    figure.round() as u32
}

#[expect(clippy::cast_precision_loss, reason = "a figure to look at")]
fn mib(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}
