//! A server with many receipts on disk: killed with −9 at the last answer and started again.

use std::time::Instant;

use anyhow::{Context, Result, ensure};

use super::{Bench, mib};
use crate::cmd::bench::load;
use crate::cmd::bench::report::Report;
use crate::cmd::bench::stage::{Cast, Stage};
use crate::cmd::bench::usage::{Usage, disk_bytes};
use crate::cmd::own_server::Server;

/// Receipts of a request: what fills a disk fastest.
const BATCH: u32 = 50;

/// Fills, kills, waits until the server says that it is ready, and compares all counts.
pub(super) async fn run(bench: &Bench<'_>, server: &mut Server) -> Result<Report> {
    let (target, args) = (bench.target, bench.args);
    let readers = (args.members - 1).min(args.readers);
    bench.afford(readers)?;
    let messages = args.receipts.div_ceil(readers).next_multiple_of(BATCH);
    let receipts = messages as usize * readers as usize;
    let cast = Cast { members: args.members, readers, messages, senders: 1 };
    let (stage, wires) = Stage::set(target, bench.output, "start", cast).await?;
    let (begun, before, own) = (Instant::now(), target.usage(), Usage::own());
    let in_flight = usize::from(args.in_flight);
    let load = load::closed(wires, &stage.group, &stage.seqs, BATCH as usize, in_flight, &stage.done);
    let loaded = stage.watch(load, receipts).await?;
    let (took, now) = (begun.elapsed(), target.usage());
    ensure!(loaded.recorded == receipts, "{} of {receipts} receipts were recorded", loaded.recorded);

    server.kill().await?;
    drop(loaded.wires);
    let disk = disk_bytes(&server.data());
    let ready = server.restart().await?;
    let pid = server.pid().context("the server has ended")?;
    let memory = Usage::of(&[pid]).resident;
    let asked = Instant::now();
    let mut sender = target.connect(&target.sender()).await?;
    let counts = target.counts(&mut sender, &stage.group, &stage.seqs).await?;
    let counted = asked.elapsed();
    let wrong = counts.iter().filter(|(_, read)| *read != readers).count();
    ensure!(wrong == 0, "{wrong} of {} counts are not {readers} after the kill", counts.len());

    #[expect(clippy::cast_precision_loss, reason = "a figure to look at")]
    let bytes = disk as f64 / receipts as f64;
    Ok(Report {
        workload: "start".to_owned(),
        members: args.members,
        connections: readers as usize,
        requests: loaded.requests,
        receipts,
        took,
        server_cpu: now.cpu.saturating_sub(before.cpu),
        own_cpu: Usage::own().cpu.saturating_sub(own.cpu),
        latency: Some(loaded.latencies),
        notify: None,
        lag: None,
        memory: now.resident,
        written: now.written.saturating_sub(before.written),
        grown: None,
        pushes: 0,
        extra: vec![
            ("ready_ms", ready.as_secs_f64() * 1e3),
            ("all_counts_ms", counted.as_secs_f64() * 1e3),
            ("memory_mb_when_ready", mib(memory)),
            ("disk_bytes_per_receipt", bytes),
        ],
    })
}
