//! Apps.

use async_trait::async_trait;

use super::{MemoryStore, State};
use crate::app::{App, Apps};
use crate::audit::Note;
use crate::{AppId, Result, StoreError};

#[async_trait]
impl Apps for MemoryStore {
    async fn create_app(&self, app: App) -> Result<()> {
        self.write(|state| state.create_app(app))
    }

    async fn apps(&self) -> Result<Vec<App>> {
        self.read(|state| Ok(state.apps.values().cloned().collect()))
    }

    async fn app(&self, id: AppId) -> Result<Option<App>> {
        self.read(|state| Ok(state.apps.get(&id).cloned()))
    }

    async fn update_app(&self, app: App, note: Option<Note>) -> Result<()> {
        self.write(|state| state.update_app(app, note))
    }
}

impl State {
    fn create_app(&mut self, app: App) -> Result<()> {
        if self.apps.contains_key(&app.id) {
            return Err(StoreError::AppExists);
        }
        self.apps.insert(app.id, app);
        self.committed();
        Ok(())
    }

    fn update_app(&mut self, app: App, note: Option<Note>) -> Result<()> {
        let id = app.id;
        let there = self.apps.get_mut(&app.id).ok_or(StoreError::NoSuchApp)?;
        *there = App { created: there.created, ..app };
        self.audit(id, note);
        self.committed();
        Ok(())
    }
}
