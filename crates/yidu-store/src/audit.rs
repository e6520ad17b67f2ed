//! The audit log of an app: who changed what, when.

use async_trait::async_trait;

use crate::{AppId, Millis, Result};

/// Entries that are kept of an app; beyond them the oldest goes.
pub const KEPT: u64 = 10_000;

/// Something to be written into an app's audit log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note {
    /// The server's clock.
    pub at: Millis,
    /// Who: a user id, or `operator` for who has the machine.
    pub by: String,
    /// What was done: a word of the service.
    pub what: String,
    /// To what: a group, a user; may be empty.
    pub whom: String,
    /// How it was, as JSON; empty where that says nothing. Holds no secret.
    pub before: String,
    /// How it is now, likewise.
    pub after: String,
}

/// An entry of an audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Position in the app's log, from 1.
    pub number: u64,
    /// What was noted.
    pub note: Note,
}

/// Audit logs.
#[async_trait]
pub trait Audits {
    /// Writes an entry of its own; changes that are to be noted in their own commit take their note along. Errors:
    /// `NoSuchApp`.
    async fn note(&self, app: AppId, note: Note) -> Result<()>;

    /// Entries by falling number, below a number (`u64::MAX` for the newest), at most `limit`.
    async fn audit(&self, app: AppId, below: u64, limit: usize) -> Result<Vec<AuditEntry>>;
}
