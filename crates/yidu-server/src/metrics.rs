//! Figures for operators: every metric of the server, with its labels and how many series they make.
//!
//! They go through the `metrics` facade to a Prometheus recorder, which is installed once per process; servers of one
//! process share it. Where the process has a recorder already, that one gets the figures and `/metrics` has none.

use std::sync::LazyLock;

use metrics::{Counter, Gauge, Histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use yidu_proto::v1::ReceiptVerdict;
use yidu_store::upkeep::StoreStats;

use crate::gateway::OPERATIONS;
use crate::rest::v4::COMMANDS;

/// Names, kinds and meanings. Label values are fixed words of this code or numbers of the error table, never names of
/// users, groups or apps: the number of series does not grow with use.
const CATALOG: &[Entry] = &[
    entry(CONNECTIONS, Kind::Gauge, "Open connections, HTTP included."),
    entry(CONNECTIONS_TURNED_AWAY, Kind::Counter, "Connections closed because they did not log in in time."),
    entry(SESSIONS, Kind::Gauge, "Sessions that are logged in."),
    entry(KICKS, Kind::Counter, "Sessions ended by the server. Label reason: 5 words of the contract."),
    entry(
        REQUEST_SECONDS,
        Kind::Histogram,
        "Time from start to answer. Label operation: one per operation and per REST command, about 70.",
    ),
    entry(
        REQUEST_FAILURES,
        Kind::Counter,
        "Refused requests. Labels operation (70) and code (70, few of them met).",
    ),
    entry(REQUEST_PANICS, Kind::Counter, "Requests that met a bug of the server. Should stay 0."),
    entry(RECEIPTS, Kind::Counter, "Receipts judged. Label verdict: 7."),
    entry(RECEIPT_PUSHES, Kind::Counter, "Receipt updates pushed to devices."),
    entry(
        UPDATES_MERGED,
        Kind::Counter,
        "Receipt updates that replaced a waiting one and were not pushed themselves.",
    ),
    entry(RESYNCS, Kind::Counter, "Outboxes that were full: the device was too slow and was told to pull."),
    entry(STALLED, Kind::Counter, "Connections closed because the socket made no progress."),
    entry(HOOKS_TOLD, Kind::Counter, "Hooks that back ends of apps have accepted."),
    entry(HOOK_FAILURES, Kind::Counter, "Webhook calls that were not accepted; they are repeated."),
    entry(HOOKS_DEAD, Kind::Counter, "Hooks that were given up and lie among the dead letters of their app."),
    entry(HOOKS_WAITING, Kind::Gauge, "Hooks that wait to be accepted, of all apps."),
    entry(HOOKS_AGE, Kind::Gauge, "Seconds that the oldest of them has waited."),
    entry(STORE_COMMITS, Kind::Counter, "Commits of the store since it was opened."),
    entry(STORE_SYNCS, Kind::Counter, "Syncs of the disk since the store was opened."),
    entry(STORE_RECEIPTS, Kind::Counter, "Receipts recorded since the store was opened."),
    entry(
        STORE_UNFOLDED,
        Kind::Gauge,
        "Receipts that are durable as records and not yet folded into their sets.",
    ),
    entry(STORE_CACHE_BYTES, Kind::Gauge, "Bytes of read sets and rosters in memory."),
    entry(STORE_DISK_BYTES, Kind::Gauge, "Bytes of the data folder."),
];

const CONNECTIONS: &str = "yidu_connections";
const CONNECTIONS_TURNED_AWAY: &str = "yidu_connections_not_logged_in_total";
const SESSIONS: &str = "yidu_sessions";
const KICKS: &str = "yidu_kicks_total";
const REQUEST_SECONDS: &str = "yidu_request_seconds";
const REQUEST_FAILURES: &str = "yidu_request_failures_total";
const REQUEST_PANICS: &str = "yidu_request_panics_total";
const RECEIPTS: &str = "yidu_receipts_total";
const RECEIPT_PUSHES: &str = "yidu_receipt_pushes_total";
const UPDATES_MERGED: &str = "yidu_receipt_updates_merged_total";
const RESYNCS: &str = "yidu_outbox_resyncs_total";
const STALLED: &str = "yidu_sockets_stalled_total";
const HOOKS_TOLD: &str = "yidu_webhook_hooks_told_total";
const HOOK_FAILURES: &str = "yidu_webhook_failures_total";
const HOOKS_DEAD: &str = "yidu_webhook_hooks_dead_total";
const HOOKS_WAITING: &str = "yidu_webhook_hooks_waiting";
const HOOKS_AGE: &str = "yidu_webhook_oldest_seconds";
const STORE_COMMITS: &str = "yidu_store_commits_total";
const STORE_SYNCS: &str = "yidu_store_syncs_total";
const STORE_RECEIPTS: &str = "yidu_store_receipts_total";
const STORE_UNFOLDED: &str = "yidu_store_unfolded_receipts";
const STORE_CACHE_BYTES: &str = "yidu_store_cache_bytes";
const STORE_DISK_BYTES: &str = "yidu_store_disk_bytes";

/// Bounds of the request histogram: a commit of a fast disk, the budgets of an update, a server in trouble.
const REQUEST_BUCKETS: &[f64] =
    &[0.000_1, 0.000_3, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.05, 0.1, 0.3, 1.0, 3.0, 10.0];

struct Entry {
    name: &'static str,
    kind: Kind,
    help: &'static str,
}

enum Kind {
    Counter,
    Gauge,
    Histogram,
}

const fn entry(name: &'static str, kind: Kind, help: &'static str) -> Entry {
    Entry { name, kind, help }
}

/// Handles of the metrics that are counted often.
pub(crate) struct Metrics {
    pub(crate) connections: Gauge,
    pub(crate) not_logged_in: Counter,
    pub(crate) sessions: Gauge,
    pub(crate) panics: Counter,
    pub(crate) receipt_pushes: Counter,
    pub(crate) updates_merged: Counter,
    pub(crate) resyncs: Counter,
    pub(crate) stalled: Counter,
    pub(crate) hook_failures: Counter,
    pub(crate) hooks_dead: Counter,
    request_seconds: Vec<Histogram>,
    command_seconds: Vec<Histogram>,
    receipts: [Counter; 8],
}

struct Installed {
    metrics: Metrics,
    handle: Option<PrometheusHandle>,
}

static INSTALLED: LazyLock<Installed> = LazyLock::new(|| {
    let builder = PrometheusBuilder::new().set_buckets(REQUEST_BUCKETS);
    // Installing fails only where somebody else's recorder is in place, and building only for an empty list of buckets.
    let handle = builder.ok().and_then(|builder| builder.install_recorder().ok());
    CATALOG.iter().for_each(describe);
    Installed { metrics: Metrics::new(), handle }
});

/// The handles. The first call installs the recorder.
pub(crate) fn metrics() -> &'static Metrics {
    &INSTALLED.metrics
}

/// All figures in the text format of Prometheus; `None` where the process has a recorder of its own.
pub fn render() -> Option<String> {
    INSTALLED.handle.as_ref().map(PrometheusHandle::render)
}

/// Moves collected samples into their buckets. To be called every few seconds, so that samples do not pile up when
/// nobody scrapes.
pub(crate) fn upkeep() {
    if let Some(handle) = &INSTALLED.handle {
        handle.run_upkeep();
    }
}

impl Metrics {
    fn new() -> Metrics {
        Metrics {
            connections: metrics::gauge!(CONNECTIONS),
            not_logged_in: metrics::counter!(CONNECTIONS_TURNED_AWAY),
            sessions: metrics::gauge!(SESSIONS),
            panics: metrics::counter!(REQUEST_PANICS),
            receipt_pushes: metrics::counter!(RECEIPT_PUSHES),
            updates_merged: metrics::counter!(UPDATES_MERGED),
            resyncs: metrics::counter!(RESYNCS),
            stalled: metrics::counter!(STALLED),
            hook_failures: metrics::counter!(HOOK_FAILURES),
            hooks_dead: metrics::counter!(HOOKS_DEAD),
            request_seconds: OPERATIONS.iter().map(|name| seconds(name)).collect(),
            command_seconds: COMMANDS.iter().map(|command| seconds(command.label)).collect(),
            receipts: std::array::from_fn(|verdict| {
                let verdict =
                    i32::try_from(verdict).ok().and_then(|number| ReceiptVerdict::try_from(number).ok());
                metrics::counter!(RECEIPTS, "verdict" => verdict.map_or("UNKNOWN", |known| known.as_str_name()))
            }),
        }
    }

    /// A request was answered; `operation` is its place in [`OPERATIONS`].
    pub(crate) fn request(&self, operation: usize, took: std::time::Duration) {
        if let Some(histogram) = self.request_seconds.get(operation) {
            histogram.record(took);
        }
    }

    /// A REST call was answered; `command` is its place in [`COMMANDS`].
    pub(crate) fn command(&self, command: usize, took: std::time::Duration) {
        if let Some(histogram) = self.command_seconds.get(command) {
            histogram.record(took);
        }
    }

    /// A request was refused.
    pub(crate) fn request_failed(&self, operation: &'static str, code: u32) {
        metrics::counter!(REQUEST_FAILURES, "operation" => operation, "code" => code.to_string())
            .increment(1);
    }

    /// Receipts were judged; the verdicts as on the wire.
    pub(crate) fn receipts(&self, verdicts: impl Iterator<Item = i32>) {
        let mut judged = [0; 8];
        for verdict in verdicts {
            if let Some(count) = usize::try_from(verdict).ok().and_then(|verdict| judged.get_mut(verdict)) {
                *count += 1;
            }
        }
        for (counter, count) in self.receipts.iter().zip(judged).filter(|(_, count)| *count > 0) {
            counter.increment(count);
        }
    }

    /// A session was ended by the server.
    pub(crate) fn kicked(&self, reason: &'static str) {
        metrics::counter!(KICKS, "reason" => reason).increment(1);
    }

    /// Hooks were accepted by back ends.
    pub(crate) fn hooks_told(&self, hooks: u64) {
        metrics::counter!(HOOKS_TOLD).increment(hooks);
    }

    /// What waits to be told, and for how many seconds the oldest has.
    #[expect(clippy::cast_precision_loss, reason = "a figure for a chart")]
    pub(crate) fn hooks_waiting(&self, waiting: u64, oldest: u64) {
        metrics::gauge!(HOOKS_WAITING).set(waiting as f64);
        metrics::gauge!(HOOKS_AGE).set(oldest as f64);
    }

    /// The store's own figures.
    #[expect(clippy::cast_precision_loss, reason = "a figure for a chart")]
    pub(crate) fn store(&self, stats: &StoreStats) {
        metrics::counter!(STORE_COMMITS).absolute(stats.commits);
        metrics::counter!(STORE_SYNCS).absolute(stats.syncs);
        metrics::counter!(STORE_RECEIPTS).absolute(stats.receipts);
        metrics::gauge!(STORE_UNFOLDED).set(stats.unfolded_receipts as f64);
        metrics::gauge!(STORE_CACHE_BYTES).set(stats.cache_bytes as f64);
        metrics::gauge!(STORE_DISK_BYTES).set(stats.disk_bytes as f64);
    }
}

fn seconds(operation: &'static str) -> Histogram {
    metrics::histogram!(REQUEST_SECONDS, "operation" => operation)
}

fn describe(entry: &Entry) {
    match entry.kind {
        Kind::Counter => metrics::describe_counter!(entry.name, entry.help),
        Kind::Gauge => metrics::describe_gauge!(entry.name, entry.help),
        Kind::Histogram => metrics::describe_histogram!(entry.name, metrics::Unit::Seconds, entry.help),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_is_in_the_catalog_and_every_entry_is_shown() {
        let figures = metrics();
        figures.kicked("REASON_ADMINISTRATOR");
        figures.request(0, std::time::Duration::from_millis(2));
        figures.request_failed(OPERATIONS[0], 6014);
        figures.receipts([ReceiptVerdict::Recorded as i32].into_iter());
        figures.hooks_told(1);
        figures.hooks_waiting(1, 1);
        figures.store(&StoreStats { commits: 3, ..StoreStats::default() });
        upkeep();
        let shown = render().unwrap();
        let names = |prefix: &str| -> std::collections::BTreeSet<String> {
            let lines = shown.lines().filter_map(|line| line.strip_prefix(prefix));
            lines.map(|line| line.split(' ').next().unwrap().to_owned()).collect()
        };
        let catalog: std::collections::BTreeSet<_> =
            CATALOG.iter().map(|entry| entry.name.to_owned()).collect();
        assert_eq!(names("# TYPE "), catalog);
        assert_eq!(names("# HELP "), catalog);
        assert!(shown.contains("yidu_receipts_total{verdict=\"RECEIPT_VERDICT_RECORDED\"}"), "{shown}");
    }
}
