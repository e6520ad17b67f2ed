//! Connections that come and stay: devices that resume, devices that say nothing.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use futures_util::{StreamExt, TryStreamExt, stream};
use yidu_proto::v1::{self, request::Operation, response};

use super::Bench;
use crate::cmd::bench::load::{latencies, note};
use crate::cmd::bench::report::Report;
use crate::cmd::bench::target::Target;
use crate::cmd::bench::usage::Usage;
use crate::cmd::bench::wire::Wire;

/// Logins under way while connections are brought up.
const DOORS: usize = 64;
/// A silent client says so much more often than the server's three heartbeats of 30 s.
const HEARTBEAT: Duration = Duration::from_secs(25);

/// Devices of readers that all come back at once: connect, log in, pull the change feed and the newest conversations.
pub(super) async fn reconnect(bench: &Bench<'_>) -> Result<Report> {
    let (target, devices) = (bench.target, bench.args.connections);
    bench.afford(devices)?;
    let group = target.group("reconnect");
    target.found(&group, &[target.sender()], devices + 1, |_| ()).await?;
    let mut poster = target.connect(&target.sender()).await?;
    target.post(&mut poster, &group, 20).await?;
    let (before, own, begun) = (target.usage(), Usage::own(), Instant::now());
    let resumes = (1..=devices).map(|n| resume(target, n, begun));
    let resumed: Vec<(Duration, Wire)> =
        stream::iter(resumes).buffer_unordered(devices as usize).try_collect().await?;
    let took = begun.elapsed();
    let mut all = latencies();
    resumed.iter().for_each(|(took, _)| note(&mut all, *took));
    let mut report = bare("reconnect", devices, took, (before, own), target);
    report.latency = Some(all);
    let cpu = report.server_cpu.as_secs_f64() * 1e6 / f64::from(devices);
    report.extra = vec![("cpu_us_per_device", cpu)];
    Ok(report)
}

async fn resume(target: &Target, n: u32, begun: Instant) -> Result<(Duration, Wire)> {
    let (mut wire, position) = target.login(&target.reader(n)).await?;
    let changes = v1::GetChanges { after: position.saturating_sub(1), limit: 0 };
    let changes = wire.ask(Operation::GetChanges(changes)).await?;
    ensure!(matches!(&changes, response::Result::GetChanges(page) if page.finished), "a page is missing");
    let list = wire.ask(Operation::ListConversations(v1::ListConversations::default())).await?;
    let response::Result::ListConversations(list) = list else { anyhow::bail!("no conversations") };
    ensure!(list.conversations.len() == 1, "{} conversations instead of 1", list.conversations.len());
    Ok((begun.elapsed(), wire))
}

/// Idle connections: memory of the server for each.
pub(super) async fn connections(bench: &Bench<'_>) -> Result<Report> {
    let (target, wanted) = (bench.target, bench.args.connections);
    bench.afford(wanted)?;
    target.found(&target.group("idle"), &[target.sender()], 2, |_| ()).await?;
    let (before, own, begun) = (target.usage(), Usage::own(), Instant::now());
    let logins = (1..=wanted).map(|n| async move { target.connect(&target.reader(n)).await });
    let mut logins = stream::iter(logins).buffer_unordered(DOORS);
    let mut wires = Vec::new();
    while let Some(wire) = logins.next().await {
        let wire = wire.with_context(|| format!("after {} connections", wires.len()))?;
        wires.push(wire);
        if wires.len() % 500 == 0 {
            bench.output.progress(format!("connections: {} of {wanted}", wires.len()));
        }
    }
    let took = begun.elapsed();
    let mut report = bare("connections", wanted, took, (before, own), target);
    let idle = target.usage();
    hold(bench, &mut wires).await?;
    let after = target.usage();
    #[expect(clippy::cast_precision_loss, reason = "a figure to look at")]
    let each = after.resident.saturating_sub(before.resident) as f64 / f64::from(wanted);
    let cpu = report.server_cpu.as_secs_f64() * 1e6 / f64::from(wanted);
    let holding = after.cpu.saturating_sub(idle.cpu).as_secs_f64() * 1e3;
    report.memory = after.resident;
    report.extra = vec![("bytes_per_connection", each), ("cpu_us_per_login", cpu), ("idle_cpu_ms", holding)];
    Ok(report)
}

/// Keeps them for the time that was asked, then looks whether all are still there.
async fn hold(bench: &Bench<'_>, wires: &mut [Wire]) -> Result<()> {
    let end = Instant::now() + Duration::from_secs(bench.args.seconds.unwrap_or(10).into());
    loop {
        let left = end.saturating_duration_since(Instant::now());
        tokio::time::sleep(left.min(HEARTBEAT)).await;
        for wire in wires.iter_mut() {
            wire.ask(Operation::Ping(v1::Ping {})).await.context("an idle connection is gone")?;
        }
        if Instant::now() >= end {
            bench.output.progress_done();
            return Ok(());
        }
    }
}

fn bare(
    name: &str,
    connections: u32,
    took: Duration,
    (before, own): (Usage, Usage),
    target: &Target,
) -> Report {
    let now = target.usage();
    Report {
        workload: name.to_owned(),
        members: connections,
        connections: connections as usize,
        requests: connections as usize,
        receipts: 0,
        took,
        server_cpu: now.cpu.saturating_sub(before.cpu),
        own_cpu: Usage::own().cpu.saturating_sub(own.cpu),
        latency: None,
        notify: None,
        lag: None,
        memory: now.resident,
        written: now.written.saturating_sub(before.written),
        grown: None,
        pushes: 0,
        extra: Vec::new(),
    }
}
