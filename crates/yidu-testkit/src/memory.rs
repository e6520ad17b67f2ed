//! How much memory this process takes, where the system tells (Linux).

use anyhow::{Context, Result};

/// Resident bytes now.
pub fn resident() -> Result<u64> {
    status("VmRSS:")
}

/// Resident bytes at their highest.
pub fn peak() -> Result<u64> {
    status("VmHWM:")
}

fn status(field: &str) -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(field)).context("no such field")?;
    let kib: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kib * 1024)
}
