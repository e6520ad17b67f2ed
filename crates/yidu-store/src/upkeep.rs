//! Keeping a store: figures, checking, closing.

use async_trait::async_trait;

use crate::{AppId, Millis, Result};

/// Figures for operators.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoreStats {
    /// Commits so far in this process.
    pub commits: u64,
    /// Syncs of the disk so far in this process.
    pub syncs: u64,
    /// Receipts recorded so far in this process.
    pub receipts: u64,
    /// Bytes of the data folder; 0 where there is none.
    pub disk_bytes: u64,
    /// Receipts that are durable as records and not yet folded into their read sets.
    pub unfolded_receipts: u64,
    /// Bytes of read sets and rosters in memory.
    pub cache_bytes: u64,
}

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// Things looked at: (what, how many).
    pub looked_at: Vec<(&'static str, u64)>,
    /// What is wrong, one line each, at most 1,000.
    pub problems: Vec<String>,
}

/// Upkeep.
#[async_trait]
pub trait Upkeep {
    /// Figures of this instant.
    async fn stats(&self) -> Result<StoreStats>;

    /// Reads everything and checks that it fits together; `progress` hears what is being looked at and how far it is.
    async fn check(&self, progress: &(dyn Fn(&str, u64) + Send + Sync)) -> Result<CheckReport>;

    /// Removes the content of an app's messages sent before a time, keeping final counts: they are gone from history, and
    /// their lists answer `NoReceipts` (semantics.md rule 18). At most `limit` messages; returns how many.
    async fn expire_history(&self, app: AppId, before: Millis, limit: usize) -> Result<usize>;

    /// Makes everything durable and stops. Later intents answer `Stopped`. Closing twice does nothing.
    async fn close(&self) -> Result<()>;
}
