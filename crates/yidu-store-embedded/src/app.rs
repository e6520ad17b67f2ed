//! Apps.

use async_trait::async_trait;
use yidu_store::app::App;
use yidu_store::audit::Note;
use yidu_store::{AppId, Apps, Result, StoreError};

use crate::audit;
use crate::rows::parse;
use crate::store::EmbeddedStore;
use crate::tables::Table;

#[async_trait]
impl Apps for EmbeddedStore {
    async fn create_app(&self, app: App) -> Result<()> {
        self.write(move |txn| {
            let key = app.id.0.to_be_bytes();
            if txn.view.has(Table::Apps, &key)? {
                return Err(StoreError::AppExists);
            }
            txn.put_record(Table::Apps, &key, &app);
            txn.shared.hooks.set(&app);
            Ok(())
        })
        .await
    }

    async fn apps(&self) -> Result<Vec<App>> {
        self.read(|view| {
            // One more than the greatest key.
            let rows = view.range(Table::Apps, &[], &[0xff; 5], usize::MAX)?;
            rows.iter().map(|(key, value)| parse(Table::Apps, key, value)).collect()
        })
        .await
    }

    async fn app(&self, id: AppId) -> Result<Option<App>> {
        self.read(|view| view.record(Table::Apps, &id.0.to_be_bytes())).await
    }

    async fn update_app(&self, app: App, note: Option<Note>) -> Result<()> {
        self.write(move |txn| {
            let key = app.id.0.to_be_bytes();
            let stored: App = txn.view.record(Table::Apps, &key)?.ok_or(StoreError::NoSuchApp)?;
            let app = App { created: stored.created, ..app };
            txn.put_record(Table::Apps, &key, &app);
            txn.shared.hooks.set(&app);
            audit::write(txn, app.id, note)
        })
        .await
    }
}
