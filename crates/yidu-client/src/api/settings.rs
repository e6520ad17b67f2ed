//! Settings of the app, for its administrators.

use yidu_proto::v1;

use crate::Client;
use crate::error::Result;

/// Settings.
///
/// ```no_run
/// # async fn example(client: yidu_client::Client) -> yidu_client::Result<()> {
/// let mut settings = client.settings().await?;
/// settings.history_days = 90;
/// client.modify_settings(settings).await?;
/// # Ok(())
/// # }
/// ```
impl Client {
    /// The app's settings.
    ///
    /// # Errors
    /// Refused: 70403 (an administrator is required).
    pub async fn settings(&self) -> Result<v1::AppSettings> {
        Ok(self.call(v1::GetSettings {}).await?.settings.unwrap_or_default())
    }

    /// Replaces the settings as a whole and returns them as they are then. They hold within a second.
    ///
    /// # Errors
    /// Refused: 70403 (an administrator is required), 10004 (names the field that is wrong).
    pub async fn modify_settings(&self, settings: v1::AppSettings) -> Result<v1::AppSettings> {
        let request = v1::ModifySettings { settings: Some(settings), dry_run: false };
        Ok(self.call(request).await?.settings.unwrap_or_default())
    }
}
