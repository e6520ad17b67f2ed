//! What a workload has shown, as a table and as JSON.

use std::time::Duration;

use serde_json::{Value, json};

use super::load::Latencies;

/// The figures of one workload.
pub(super) struct Report {
    pub(super) workload: String,
    pub(super) members: u32,
    pub(super) connections: usize,
    pub(super) requests: usize,
    /// Receipts that were recorded; the counts at the end are exactly these.
    pub(super) receipts: usize,
    pub(super) took: Duration,
    /// Of the server's processes.
    pub(super) server_cpu: Duration,
    /// Of the generator.
    pub(super) own_cpu: Duration,
    /// From the request (open loop: from when it should have been sent) to its answer.
    pub(super) latency: Option<Latencies>,
    /// From when a receipt should have been sent to the push that tells the sender.
    pub(super) notify: Option<Latencies>,
    /// How late the generator was; only of an open loop.
    pub(super) lag: Option<Latencies>,
    pub(super) memory: u64,
    pub(super) written: u64,
    /// Bytes by which the data folder grew.
    pub(super) grown: Option<i64>,
    /// Pushes about receipts to the sender's device.
    pub(super) pushes: usize,
    /// Figures of this workload alone, by name.
    pub(super) extra: Vec<(&'static str, f64)>,
}

impl Report {
    pub(super) fn cpu_us(&self) -> f64 {
        per(self.server_cpu.as_secs_f64() * 1e6, self.receipts)
    }

    fn own_cpu_us(&self) -> f64 {
        per(self.own_cpu.as_secs_f64() * 1e6, self.receipts)
    }

    pub(super) fn json(&self) -> Value {
        let mut value = json!({
            "workload": self.workload, "members": self.members, "connections": self.connections,
            "requests": self.requests, "receipts": self.receipts, "exact": true, "seconds": self.took.as_secs_f64(),
            "receipts_per_second": per_second(self.receipts, self.took),
            "server_cpu_seconds": self.server_cpu.as_secs_f64(), "generator_cpu_seconds": self.own_cpu.as_secs_f64(),
            "server_cpu_us_per_receipt": self.cpu_us(), "generator_cpu_us_per_receipt": self.own_cpu_us(),
            "latency_us": self.latency.as_ref().map(quantiles), "notify_us": self.notify.as_ref().map(quantiles),
            "generator_lag_us": self.lag.as_ref().map(quantiles), "server_memory_bytes": self.memory,
            "bytes_written": self.written, "folder_grown_bytes": self.grown, "pushes": self.pushes,
        });
        for (name, figure) in &self.extra {
            value[*name] = json!(figure);
        }
        value
    }

    fn cells(&self) -> [String; 11] {
        let quantile = |latencies: &Option<Latencies>, q: f64| {
            latencies.as_ref().map_or("–".to_owned(), |all| ms(all.value_at_quantile(q)))
        };
        let each = |bytes: f64| format!("{:.1}", per(bytes, self.receipts));
        let cpu = |us: f64| if self.receipts == 0 { "–".to_owned() } else { format!("{us:.2}") };
        [
            self.workload.clone(),
            self.members.to_string(),
            self.receipts.to_string(),
            format!("{:.0}", per_second(self.receipts, self.took)),
            cpu(self.cpu_us()),
            cpu(self.own_cpu_us()),
            format!("{} / {}", quantile(&self.latency, 0.5), quantile(&self.latency, 0.99)),
            format!("{} / {}", quantile(&self.notify, 0.5), quantile(&self.notify, 0.99)),
            format!("{}", self.memory >> 20),
            #[expect(clippy::cast_precision_loss, reason = "a figure to look at")]
            if self.receipts == 0 { "–".to_owned() } else { each(self.written as f64) },
            self.pushes.to_string(),
        ]
    }
}

const HEADS: [&str; 11] = [
    "workload",
    "members",
    "receipts",
    "per s",
    "CPU µs",
    "own CPU µs",
    "answer ms p50 / p99",
    "notify ms p50 / p99",
    "MB",
    "written B",
    "pushes",
];

/// A table for people.
pub(super) fn table(reports: &[Report]) -> String {
    let rows: Vec<[String; 11]> =
        std::iter::once(HEADS.map(str::to_owned)).chain(reports.iter().map(Report::cells)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; 11] = std::array::from_fn(width);
    let line = |row: &[String; 11]| {
        let mut line = format!("{:<width$}", row[0], width = widths[0]);
        for (cell, width) in row.iter().zip(widths).skip(1) {
            line.push_str(&format!("  {cell:>width$}"));
        }
        line
    };
    let mut lines: Vec<String> = rows.iter().map(line).collect();
    for report in reports.iter().filter(|report| !report.extra.is_empty()) {
        let figures: Vec<String> =
            report.extra.iter().map(|(name, figure)| format!("{name} {figure:.1}")).collect();
        lines.push(format!("{}: {}", report.workload, figures.join(", ")));
    }
    lines
        .push("CPU and bytes are per receipt: of the server's processes, own: of this generator.".to_owned());
    lines.join("\n")
}

fn quantiles(all: &Latencies) -> Value {
    json!({
        "p50": all.value_at_quantile(0.5), "p90": all.value_at_quantile(0.9), "p99": all.value_at_quantile(0.99),
        "p999": all.value_at_quantile(0.999), "max": all.max(), "count": all.len(),
    })
}

#[expect(clippy::cast_precision_loss, reason = "a figure to look at")]
fn ms(us: u64) -> String {
    let ms = us as f64 / 1e3;
    if ms < 10.0 { format!("{ms:.2}") } else { format!("{ms:.0}") }
}

#[expect(clippy::cast_precision_loss, reason = "a figure to look at")]
fn per(all: f64, receipts: usize) -> f64 {
    if receipts == 0 { 0.0 } else { all / receipts as f64 }
}

#[expect(clippy::cast_precision_loss, reason = "a figure to look at")]
pub(super) fn per_second(receipts: usize, took: Duration) -> f64 {
    receipts as f64 / took.as_secs_f64().max(1e-9)
}
