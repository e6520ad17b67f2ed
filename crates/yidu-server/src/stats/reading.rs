//! One reading of the server's own metrics, and of its process.

use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System};
use yidu_store::Millis;

use crate::metrics;

/// Totals and gauges at a moment.
#[derive(Clone, Debug, Default)]
pub(super) struct Reading {
    pub(super) time_ms: Millis,
    /// (name with labels, value), as `/metrics` shows them.
    lines: Vec<(String, f64)>,
    pub(super) memory_bytes: f64,
    pub(super) cpu_percent: f64,
}

impl Reading {
    pub(super) fn take(time_ms: Millis, process: &mut Process) -> Reading {
        let (memory_bytes, cpu_percent) = process.usage();
        let text = metrics::render().unwrap_or_default();
        let line = |line: &str| {
            let (name, value) = line.rsplit_once(' ')?;
            (!name.starts_with('#')).then_some((name.to_owned(), value.parse().ok()?))
        };
        Reading { time_ms, lines: text.lines().filter_map(line).collect(), memory_bytes, cpu_percent }
    }

    /// The sum of all series of a metric whose labels contain a text.
    pub(super) fn sum(&self, name: &str, label: &str) -> f64 {
        let of_name =
            |line: &str| line.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('{'));
        let matching = self.lines.iter().filter(|(line, _)| of_name(line) && line.contains(label));
        matching.map(|(_, value)| value).sum()
    }

    /// The bounds of a histogram's buckets with how many are within, of all series together.
    pub(super) fn buckets(&self, name: &str) -> Vec<(f64, f64)> {
        let mut buckets: Vec<(f64, f64)> = Vec::new();
        let prefix = format!("{name}_bucket{{");
        for (line, value) in self.lines.iter().filter(|(line, _)| line.starts_with(&prefix)) {
            let bound = line.split("le=\"").nth(1).and_then(|rest| rest.split('"').next());
            let Some(bound) = bound.and_then(|bound| bound.replace("+Inf", "inf").parse::<f64>().ok()) else {
                continue;
            };
            match buckets.iter_mut().find(|(known, _)| known.total_cmp(&bound).is_eq()) {
                Some((_, sum)) => *sum += value,
                None => buckets.push((bound, *value)),
            }
        }
        buckets.sort_by(|one, other| one.0.total_cmp(&other.0));
        buckets
    }
}

/// This process, as the operating system sees it.
pub(super) struct Process {
    system: System,
    pid: Option<Pid>,
}

impl Process {
    pub(super) fn new() -> Process {
        Process { system: System::new(), pid: sysinfo::get_current_pid().ok() }
    }

    /// Bytes of memory, and percent of one core since the last call. 0 where the system does not tell.
    #[expect(clippy::cast_precision_loss, reason = "a figure for a chart")]
    fn usage(&mut self) -> (f64, f64) {
        let Some(pid) = self.pid else { return (0.0, 0.0) };
        let what = ProcessRefreshKind::nothing().with_cpu().with_memory();
        self.system.refresh_processes_specifics(ProcessesToUpdate::Some(&[pid]), false, what);
        let process = self.system.process(pid);
        process.map_or((0.0, 0.0), |process| (process.memory() as f64, f64::from(process.cpu_usage())))
    }
}
