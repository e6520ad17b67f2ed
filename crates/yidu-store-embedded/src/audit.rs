//! Audit logs.

use async_trait::async_trait;
use yidu_store::audit::{AuditEntry, KEPT, Note};
use yidu_store::{AppId, Audits, Result, StoreError};

use crate::commit::Txn;
use crate::rows::parse;
use crate::store::EmbeddedStore;
use crate::tables::Table;
use crate::webhook::{number_of, row_key};

#[async_trait]
impl Audits for EmbeddedStore {
    async fn note(&self, app: AppId, note: Note) -> Result<()> {
        self.write(move |txn| {
            if !txn.view.has(Table::Apps, &app.0.to_be_bytes())? {
                return Err(StoreError::NoSuchApp);
            }
            write(txn, app, Some(note))
        })
        .await
    }

    async fn audit(&self, app: AppId, below: u64, limit: usize) -> Result<Vec<AuditEntry>> {
        self.read(|view| {
            let rows = view.last_rows(Table::Audit, &row_key(app, 0), &row_key(app, below), limit)?;
            let entry = |(key, value): &(fjall::Slice, fjall::Slice)| {
                Ok(AuditEntry {
                    number: number_of(Table::Audit, key)?,
                    note: parse(Table::Audit, key, value)?,
                })
            };
            rows.iter().map(entry).collect()
        })
        .await
    }
}

/// Writes an entry; the oldest goes when there are too many.
pub(crate) fn write(txn: &mut Txn<'_>, app: AppId, note: Option<Note>) -> Result<()> {
    let Some(note) = note else { return Ok(()) };
    let counter = [&b"audit"[..], &app.0.to_be_bytes()].concat();
    let number = txn.next_number(&counter, 1)?;
    txn.put_record(Table::Audit, &row_key(app, number), &note);
    if let Some(oldest) = number.checked_sub(KEPT).filter(|oldest| *oldest > 0) {
        txn.delete(Table::Audit, &row_key(app, oldest));
    }
    Ok(())
}
