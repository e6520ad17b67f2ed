//! `docs/benchmarks.md`.

use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use anyhow::Result;
use serde_json::Value;

use super::{Measured, NAMES};

/// The page: the tables with ratios, the machine, the versions, the commands.
pub(super) fn page(root: &Path, all: &[Measured], rounds: u32) -> Result<String> {
    let mut out = String::from(
        "# Yidu beside what one would build oneself\n\nWritten by `cargo xtask bench-compare`; do not edit. A is axum with \
         PostgreSQL, a row per receipt, durable when answered. B is axum with Redis, a set per message, which may lose a \
         second. Both are in [bench/](../bench/README.md) and leave out all that does not concern receipts; Yidu does all of \
         it, and answers after a sync of the disk. One generator (`yidu bench`) drives all three, in turn, each on a server \
         that is new, and checks that every count is exact.\n\n## Server CPU per receipt, in µs\nUser and system time of the \
         server's processes, database included. It is the figure that noise spares.\n\n",
    );
    let cpu = |report: &Value| report["server_cpu_us_per_receipt"].as_f64();
    out.push_str(
        "| workload | members | Yidu | A | B | A / Yidu | B / Yidu |\n|---|---|---|---|---|---|---|\n",
    );
    for measured in all {
        let [yidu, a, b] = measured.reports.each_ref().map(|reports| least(reports, cpu));
        let (workload, members, _) = measured.run;
        writeln!(
            out,
            "| {workload} | {members} | {yidu:.2} | {a:.2} | {b:.2} | {:.1} | {:.1} |",
            a / yidu.max(1e-9),
            b / yidu.max(1e-9)
        )?;
    }
    out.push_str("\n## Rates and latencies\nThe generator shares the machine: rates are floors. ms, p50 / p99; open loops (low, \
         seventy) count from when a request should have been sent. Notify: until the sender's device has the push. Storm: \
         pushes to the sender are the whole number.\n\n| workload | members | | receipts/s | answer ms | notify ms | \
         MB resident | bytes written per receipt | pushes | generator µs |\n|---|---|---|---|---|---|---|---|---|---|\n");
    for measured in all {
        let (workload, members, _) = measured.run;
        for (name, reports) in NAMES.iter().zip(&measured.reports) {
            // The round with the least CPU, which the others have disturbed least.
            let best = reports.iter().min_by(|a, b| cpu(a).unwrap_or(0.0).total_cmp(&cpu(b).unwrap_or(0.0)));
            let Some(best) = best else { continue };
            let figure = |key: &str| best[key].as_f64().unwrap_or(0.0);
            writeln!(
                out,
                "| {workload} | {members} | {name} | {:.0} | {} | {} | {:.0} | {:.0} | {:.0} | {:.1} |",
                figure("receipts_per_second"),
                latency(&best["latency_us"]),
                latency(&best["notify_us"]),
                figure("server_memory_bytes") / f64::from(1 << 20),
                figure("bytes_written") / figure("receipts").max(1.0),
                figure("pushes"),
                figure("generator_cpu_us_per_receipt"),
            )?;
        }
    }
    write!(
        out,
        "\n## Machine and versions\n{} round{}; the lowest CPU of each is shown.\n\n",
        rounds,
        if rounds == 1 { "" } else { "s" }
    )?;
    for (what, value) in facts(root) {
        writeln!(out, "- {what}: {value}")?;
    }
    out.push_str("\n## Again\n```sh\ncargo xtask bench-compare            # all of this; as root it installs PostgreSQL and Redis\n\
         yidu bench --help                    # each workload alone, also those that only Yidu has\n```\n");
    Ok(out)
}

fn least(reports: &[Value], pick: impl Fn(&Value) -> Option<f64>) -> f64 {
    reports.iter().filter_map(pick).fold(f64::MAX, f64::min)
}

fn latency(all: &Value) -> String {
    match (all["p50"].as_f64(), all["p99"].as_f64()) {
        (Some(p50), Some(p99)) => format!("{:.2} / {:.2}", p50 / 1e3, p99 / 1e3),
        _ => "–".to_owned(),
    }
}

fn facts(root: &Path) -> Vec<(&'static str, String)> {
    let file = |path: &str, key: &str| {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(key)).unwrap_or_default();
        line.split_once([':', '=']).map_or("unknown", |(_, value)| value.trim()).trim_matches('"').to_owned()
    };
    let said = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).current_dir(root).output();
        output
            .map_or("unknown".to_owned(), |output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    vec![
        ("processor", format!("{}, {cores} cores", file("/proc/cpuinfo", "model name"))),
        ("memory", file("/proc/meminfo", "MemTotal")),
        ("system", format!("{}, Linux {}", file("/etc/os-release", "PRETTY_NAME"), said("uname", &["-r"]))),
        ("Rust", said("rustc", &["--version"])),
        ("PostgreSQL", said("psql", &["--version"])),
        ("Redis", said("redis-server", &["--version"])),
        (
            "Yidu",
            format!("{} ({})", env!("CARGO_PKG_VERSION"), said("git", &["rev-parse", "--short", "HEAD"])),
        ),
        ("date", said("date", &["--utc", "+%F"])),
    ]
}
