//! The numbers that the console shows. Their documentation is what it explains them with.

use serde::Serialize;
use utoipa::ToSchema;

use super::reading::Reading;

/// Numbers of one node. Rates and percentiles are over the step before `time_ms`: the last second, or the step of the
/// history. Totals are since the process began.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub(crate) struct Figures {
    /// When they were read, by the server's clock. Unit: ms since 1970. 0: nothing was read yet.
    pub(crate) time_ms: u64,
    /// Open connections, HTTP included.
    connections: f64,
    /// Sessions that are logged in.
    sessions: f64,
    /// Requests of clients answered: every operation and REST command. Unit: 1/s.
    requests_per_second: f64,
    /// Requests refused. Unit: 1/s.
    failures_per_second: f64,
    /// Requests that met a bug of the server, in total. Should stay 0.
    bugs: f64,
    /// Half of the requests took at most so long from start to answer, the sync of the disk included. Unit: ms.
    request_p50_ms: f64,
    /// 99 of 100 requests took at most so long. Unit: ms.
    request_p99_ms: f64,
    /// Requests that send a message, of clients and of back ends. Unit: 1/s.
    messages_per_second: f64,
    /// Receipts that were judged, whatever the verdict. Unit: 1/s.
    receipts_per_second: f64,
    /// Receipts that were recorded. Unit: 1/s.
    receipts_accepted_per_second: f64,
    /// Receipts of somebody who had read already: the first time stands. Unit: 1/s.
    receipts_duplicate_per_second: f64,
    /// Receipts for messages that ask for none. Unit: 1/s.
    receipts_not_asked_per_second: f64,
    /// Receipts of somebody who was not asked. Unit: 1/s.
    receipts_not_audience_per_second: f64,
    /// Receipt updates pushed to devices of senders. Unit: 1/s.
    pushes_per_second: f64,
    /// Updates that replaced a waiting one, so that one push told of several. Unit: 1/s.
    merged_per_second: f64,
    /// Recorded receipts for one pushed update: how much coalescing saves. 0 while nothing is pushed.
    coalescing_ratio: f64,
    /// Devices that were too slow and were told to pull, in total.
    resyncs: f64,
    /// Connections closed because the socket took nothing, in total.
    stalled: f64,
    /// Commits of the store. Unit: 1/s.
    commits_per_second: f64,
    /// Syncs of the disk. Unit: 1/s.
    syncs_per_second: f64,
    /// Bytes of the data folder.
    storage_bytes: f64,
    /// Bytes of read sets and rosters in memory.
    cache_bytes: f64,
    /// Receipts that are durable and not yet folded into their read sets.
    unfolded_receipts: f64,
    /// Hooks that wait for the back ends of apps.
    webhooks_waiting: f64,
    /// How long the oldest of them has waited. Unit: s.
    webhooks_oldest_seconds: f64,
    /// Webhook calls that were not accepted; they are repeated. Unit: 1/s.
    webhook_failures_per_second: f64,
    /// Hooks that were given up since the process began.
    webhooks_dead: f64,
    /// Memory of the process. Unit: bytes. 0 where the system does not tell.
    memory_bytes: f64,
    /// Processor time of the process. Unit: percent of one core.
    cpu_percent: f64,
}

impl Figures {
    #[expect(clippy::cast_precision_loss, reason = "a figure for a chart")]
    pub(super) fn between(before: &Reading, now: &Reading) -> Figures {
        let seconds = (now.time_ms.saturating_sub(before.time_ms) as f64 / 1_000.0).max(0.001);
        let rate =
            |name: &str, label: &str| ((now.sum(name, label) - before.sum(name, label)) / seconds).max(0.0);
        let gauge = |name: &str| now.sum(name, "");
        let verdict = |verdict: &str| rate("yidu_receipts_total", &format!("RECEIPT_VERDICT_{verdict}\""));
        let (p50, p99) = percentiles(before, now, "yidu_request_seconds");
        let accepted = verdict("RECORDED");
        let pushes = rate("yidu_receipt_pushes_total", "");
        Figures {
            time_ms: now.time_ms,
            connections: gauge("yidu_connections"),
            sessions: gauge("yidu_sessions"),
            requests_per_second: rate("yidu_request_seconds_count", ""),
            failures_per_second: rate("yidu_request_failures_total", ""),
            bugs: gauge("yidu_request_panics_total"),
            request_p50_ms: p50,
            request_p99_ms: p99,
            messages_per_second: SENDS.iter().map(|name| rate("yidu_request_seconds_count", name)).sum(),
            receipts_per_second: rate("yidu_receipts_total", ""),
            receipts_accepted_per_second: accepted,
            receipts_duplicate_per_second: verdict("ALREADY"),
            receipts_not_asked_per_second: verdict("NOT_REQUESTED"),
            receipts_not_audience_per_second: verdict("NOT_IN_AUDIENCE"),
            pushes_per_second: pushes,
            merged_per_second: rate("yidu_receipt_updates_merged_total", ""),
            coalescing_ratio: if pushes > 0.0 { accepted / pushes } else { 0.0 },
            resyncs: gauge("yidu_outbox_resyncs_total"),
            stalled: gauge("yidu_sockets_stalled_total"),
            commits_per_second: rate("yidu_store_commits_total", ""),
            syncs_per_second: rate("yidu_store_syncs_total", ""),
            storage_bytes: gauge("yidu_store_disk_bytes"),
            cache_bytes: gauge("yidu_store_cache_bytes"),
            unfolded_receipts: gauge("yidu_store_unfolded_receipts"),
            webhooks_waiting: gauge("yidu_webhook_hooks_waiting"),
            webhooks_oldest_seconds: gauge("yidu_webhook_oldest_seconds"),
            webhook_failures_per_second: rate("yidu_webhook_failures_total", ""),
            webhooks_dead: gauge("yidu_webhook_hooks_dead_total"),
            memory_bytes: now.memory_bytes,
            cpu_percent: now.cpu_percent,
        }
    }
}

/// The operations that send a message, as labels of the metrics have them.
const SENDS: [&str; 3] = [
    "operation=\"send_message\"",
    "operation=\"v4/openim/sendmsg\"",
    "operation=\"v4/group_open_http_svc/send_group_msg\"",
];

/// Upper bounds in milliseconds of the buckets in which the middle one and the last of a hundred fall; 0: there was none.
fn percentiles(before: &Reading, now: &Reading, name: &str) -> (f64, f64) {
    let (old, new) = (before.buckets(name), now.buckets(name));
    let within = |index: usize| new[index].1 - old.get(index).map_or(0.0, |bucket| bucket.1);
    let all = if new.is_empty() { 0.0 } else { within(new.len() - 1) };
    let at = |share: f64| {
        let bucket = (0..new.len()).find(|&index| all > 0.0 && within(index) >= all * share);
        // Above the last bound all that is known is that bound.
        let known = new.iter().rev().find(|(bound, _)| bound.is_finite()).map_or(0.0, |bucket| bucket.0);
        bucket.map_or(0.0, |index| if new[index].0.is_finite() { new[index].0 } else { known } * 1_000.0)
    };
    (at(0.5), at(0.99))
}
