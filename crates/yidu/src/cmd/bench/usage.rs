//! What processes use, from the operating system's accounting (`/proc`, Linux).

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

/// Linux counts CPU time in hundredths of a second for programs, whatever its own tick.
const TICK: Duration = Duration::from_millis(10);

/// What some processes have used so far, their descendants included.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Usage {
    /// User and system time.
    pub(super) cpu: Duration,
    /// Bytes of memory that are resident now.
    pub(super) resident: u64,
    /// Bytes of memory at their highest, summed over the processes.
    pub(super) peak: u64,
    /// Bytes that were caused to be written to a disk.
    pub(super) written: u64,
}

struct Process {
    parent: u32,
    ticks: u64,
}

impl Usage {
    /// Of these processes and all that descend from them. One that is gone counts nothing but in its parent's time.
    pub(super) fn of(pids: &[u32]) -> Usage {
        let all = processes();
        let mut usage = Usage::default();
        for (&pid, process) in all.iter().filter(|(pid, _)| descends(**pid, pids, &all)) {
            usage.cpu += TICK * u32::try_from(process.ticks).unwrap_or(u32::MAX);
            usage.resident += field(pid, "status", "VmRSS:") * 1_024;
            usage.peak += field(pid, "status", "VmHWM:") * 1_024;
            usage.written += field(pid, "io", "write_bytes:");
        }
        usage
    }

    /// Of this process.
    pub(super) fn own() -> Usage {
        Usage { ..Usage::of_one(std::process::id()) }
    }

    fn of_one(pid: u32) -> Usage {
        let ticks = stat(pid).map_or(0, |process| process.ticks);
        Usage { cpu: TICK * u32::try_from(ticks).unwrap_or(u32::MAX), ..Usage::default() }
    }
}

fn processes() -> HashMap<u32, Process> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.filter_map(|pid| Some((pid, stat(pid)?))).collect()
}

fn descends(mut pid: u32, from: &[u32], all: &HashMap<u32, Process>) -> bool {
    while let Some(process) = all.get(&pid) {
        if from.contains(&pid) {
            return true;
        }
        pid = process.parent;
    }
    false
}

/// The second field, the name of the program, may hold anything; the others are numbers.
fn stat(pid: u32) -> Option<Process> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |at: usize| fields.get(at).and_then(|field| field.parse::<u64>().ok());
    // utime, stime, and those of children that have ended and were waited for.
    let ticks = number(11)? + number(12)? + number(13)? + number(14)?;
    Some(Process { parent: u32::try_from(number(1)?).ok()?, ticks })
}

fn field(pid: u32, file: &str, name: &str) -> u64 {
    let text = fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap_or_default();
    let value = text.lines().find_map(|line| line.strip_prefix(name));
    value.and_then(|value| value.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// Bytes that the files of a folder take on the disk.
pub(super) fn disk_bytes(folder: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt;
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(meta) if meta.is_dir() => disk_bytes(&entry.path()),
            Ok(meta) => meta.blocks() * 512,
            Err(_) => 0,
        })
        .sum()
}
