//! Apps: tenants with their keys and settings.

use async_trait::async_trait;
use yidu_proto::v1;

use crate::audit::Note;
use crate::{AppId, Millis, Result};

/// A tenant.
#[derive(Clone, PartialEq)]
pub struct App {
    /// The SDKAppID.
    pub id: AppId,
    /// For people; may be empty.
    pub name: String,
    /// Newest first; at least one. UserSigs made with any of them are valid.
    pub keys: Vec<AppKey>,
    /// As the app's administrators set them.
    pub settings: v1::AppSettings,
    /// When it was made.
    pub created: Millis,
}

/// A secret key of an app.
#[derive(Clone, PartialEq, Eq)]
pub struct AppKey {
    /// What signs UserSigs. Never logged.
    pub secret: String,
    /// When it was made.
    pub created: Millis,
    /// No longer valid from this time on; `None`: for ever.
    pub retires: Option<Millis>,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("id", &self.id).field("name", &self.name).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for AppKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AppKey").field("created", &self.created).finish_non_exhaustive()
    }
}

/// Apps.
#[async_trait]
pub trait Apps {
    /// Stores a new app. Errors: `AppExists`.
    async fn create_app(&self, app: App) -> Result<()>;

    /// All apps, by id.
    async fn apps(&self) -> Result<Vec<App>>;

    /// One app; `None` when there is none.
    async fn app(&self, id: AppId) -> Result<Option<App>>;

    /// Replaces name, keys and settings of an app, with an entry of its audit log in the same commit. From then on hooks
    /// are written as the new settings say. Errors: `NoSuchApp`.
    async fn update_app(&self, app: App, note: Option<Note>) -> Result<()>;
}
