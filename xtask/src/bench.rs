//! Yidu beside the baselines of `bench/`: the same generator, the same machine, one after another, written down.

mod servers;
mod write;

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::debian::{self, Tool};
use servers::Peer;

const TOOLS: [Tool; 2] = [
    ("postgresql", &["test", "-e", "/usr/share/doc/postgresql"]),
    ("redis-server", &["redis-server", "--version"]),
];

/// What is measured: workload, members, receipts. Batches need many receipts, since CPU is counted in hundredths of seconds.
const RUNS: [(&str, u32, u32); 8] = [
    ("single", 50, 40_000),
    ("single", 500, 40_000),
    ("single", 5_000, 40_000),
    ("batch20", 500, 400_000),
    ("batch50", 500, 400_000),
    ("low", 500, 1),
    ("seventy", 500, 40_000),
    ("storm", 5_000, 1),
];

/// Those who are compared, as the tables name them.
const NAMES: [&str; 3] = ["Yidu", "A", "B"];

/// The reports of one run, round after round, of each of [`NAMES`].
struct Measured {
    run: (&'static str, u32, u32),
    reports: [Vec<Value>; 3],
}

/// Installs and builds what is missing, runs everything, or the workloads named, `rounds` times in turn, writes
/// `docs/benchmarks.md`.
pub(crate) fn compare(root: &Path, rounds: u32, only: &[String]) -> Result<()> {
    debian::ensure_installed(&TOOLS)?;
    build(root, &["build", "--release", "--package", "yidu"])?;
    build(&root.join("bench"), &["build", "--release"])?;
    let yidu = root.join("target/release/yidu");
    let chosen = |run: &(&str, u32, u32)| only.is_empty() || only.iter().any(|name| name == run.0);
    let runs = RUNS.into_iter().filter(chosen);
    let mut all: Vec<Measured> = runs.map(|run| Measured { run, reports: Default::default() }).collect();
    ensure!(!all.is_empty(), "no such workload: {only:?}");
    for round in 1..=rounds {
        for measured in &mut all {
            for (name, reports) in NAMES.iter().zip(&mut measured.reports) {
                let (workload, members, _) = measured.run;
                let report = one(root, &yidu, name, measured.run);
                let report =
                    report.with_context(|| format!("{workload} with {members} members on {name}"))?;
                println!(
                    "bench: round {round}: {workload}, {members} members, {name}: {:.2} µs, {:.0} a second",
                    report["server_cpu_us_per_receipt"].as_f64().unwrap_or(0.0),
                    report["receipts_per_second"].as_f64().unwrap_or(0.0),
                );
                reports.push(report);
            }
        }
    }
    let page = write::page(root, &all, rounds)?;
    std::fs::write(root.join("docs/benchmarks.md"), page).context("cannot write docs/benchmarks.md")
}

/// Runs one workload on a server that is new.
fn one(
    root: &Path,
    yidu: &Path,
    name: &str,
    (workload, members, receipts): (&str, u32, u32),
) -> Result<Value> {
    let mut command = Command::new(yidu);
    command.args(["--json", "bench", workload, "--seconds", "10"]);
    command.args(["--members", &members.to_string(), "--receipts", &receipts.to_string()]);
    let _peer = match name {
        "Yidu" => None,
        _ => {
            let peer = if name == "A" { Peer::postgres(root)? } else { Peer::redis(root)? };
            command.args(["--peer", &peer.url]);
            peer.pids.iter().for_each(|pid| _ = command.args(["--pid", &pid.to_string()]));
            Some(peer)
        }
    };
    let output = command.output().context("cannot start yidu bench")?;
    let said = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.success(), "{said}");
    let mut said: Value = serde_json::from_str(&said)?;
    Ok(said["workloads"][0].take())
}

fn build(folder: &Path, arguments: &[&str]) -> Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo).args(arguments).current_dir(folder).status();
    ensure!(status.context("cannot start cargo")?.success(), "{} does not build", folder.display());
    Ok(())
}
