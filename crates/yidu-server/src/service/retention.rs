//! History that is older than its app keeps it (semantics.md rule 18).

use yidu_store::Millis;

use super::failure::About;
use super::{Failure, Service};

/// Messages of one app in one slice: small enough that no commit of a user waits long behind it.
const SLICE: usize = 500;

const DAY_MS: Millis = 24 * 60 * 60 * 1_000;

impl Service {
    /// Removes one slice of expired history of each app that keeps it for some days only. Returns how many messages: 0 when
    /// there was nothing left to do, so whoever drives this calls again soon after anything else, and later after 0.
    pub async fn run_retention(&self) -> Result<usize, Failure> {
        let now = self.clock.now();
        let mut removed = 0;
        for app in self.store.apps().await.map_err(Failure::of(About::Account))? {
            let days = Millis::from(app.settings.history_days);
            if days > 0 {
                let before = now.saturating_sub(days * DAY_MS);
                let expired = self.store.expire_history(app.id, before, SLICE).await;
                removed += expired.map_err(Failure::of(About::Account))?;
            }
        }
        Ok(removed)
    }
}
