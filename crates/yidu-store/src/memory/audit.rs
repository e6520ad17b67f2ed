//! Audit logs.

use async_trait::async_trait;

use super::{MemoryStore, State};
use crate::audit::{AuditEntry, Audits, KEPT, Note};
use crate::{AppId, Result, StoreError};

#[async_trait]
impl Audits for MemoryStore {
    async fn note(&self, app: AppId, note: Note) -> Result<()> {
        self.write(|state| {
            if !state.apps.contains_key(&app) {
                return Err(StoreError::NoSuchApp);
            }
            state.audit(app, Some(note));
            state.committed();
            Ok(())
        })
    }

    async fn audit(&self, app: AppId, below: u64, limit: usize) -> Result<Vec<AuditEntry>> {
        self.read(|state| {
            let notes = state.audits.range((app, 0)..(app, below)).rev().take(limit);
            Ok(notes.map(|(&(_, number), note)| AuditEntry { number, note: note.clone() }).collect())
        })
    }
}

impl State {
    /// Writes an entry.
    pub(super) fn audit(&mut self, app: AppId, note: Option<Note>) {
        let Some(note) = note else { return };
        let newest = self.audits.range((app, 0)..=(app, u64::MAX)).next_back().map_or(0, |(key, _)| key.1);
        self.audits.insert((app, newest + 1), note);
        if let Some(oldest) = (newest + 1).checked_sub(KEPT) {
            self.audits.remove(&(app, oldest));
        }
    }
}
