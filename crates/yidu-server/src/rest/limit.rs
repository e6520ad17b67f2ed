//! How often who may call: a token bucket for each app and for each user of one.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use quick_cache::sync::Cache;
use yidu_proto::Code;

use crate::service::{AppId, Failure};

/// Buckets that are kept, of users and apps together. When there are more, those not used for longest are forgotten and
/// begin full again: a bucket that nobody draws from is full after a second anyway.
const BUCKETS: usize = 65_536;

/// The buckets. Whoever is asked about has shown who it is, so that nobody can draw from another's.
pub struct Limit {
    user: Quota,
    app: Quota,
    buckets: Cache<(AppId, Option<Arc<str>>), Arc<DefaultDirectRateLimiter>>,
    clock: DefaultClock,
}

impl Limit {
    /// Buckets that take so many requests a second, and as many at once after a quiet second.
    pub fn new(user_per_second: u64, app_per_second: u64) -> Limit {
        let quota = |rate: u64| {
            Quota::per_second(u32::try_from(rate).ok().and_then(NonZeroU32::new).unwrap_or(NonZeroU32::MAX))
        };
        Limit {
            user: quota(user_per_second),
            app: quota(app_per_second),
            buckets: Cache::new(BUCKETS),
            clock: DefaultClock::default(),
        }
    }

    /// Takes a request of a user. Errors: 60007 (the user's bucket is empty), 60011 (the app's), with the time after which
    /// there is room for the next.
    pub fn take(&self, app: AppId, user: &Arc<str>) -> Result<(), Failure> {
        self.draw((app, Some(Arc::clone(user))), self.user).map_err(|wait| {
            let text = format!("{user} calls too often: wait, or raise rest.user_requests_per_second");
            refusal(Code::TooManyCallsOfUser, text, wait)
        })?;
        self.draw((app, None), self.app).map_err(|wait| {
            let text = format!("app {} calls too often: wait, or raise rest.app_requests_per_second", app.0);
            refusal(Code::TooManyCallsOfApp, text, wait)
        })
    }

    fn draw(&self, who: (AppId, Option<Arc<str>>), quota: Quota) -> Result<(), Duration> {
        let full = || Ok::<_, std::convert::Infallible>(Arc::new(RateLimiter::direct(quota)));
        let bucket = match self.buckets.get_or_insert_with(&who, full) {
            Ok(bucket) => bucket,
            Err(never) => match never {},
        };
        bucket.check().map_err(|until| until.wait_time_from(self.clock.now()))
    }
}

fn refusal(code: Code, text: String, wait: Duration) -> Failure {
    // Rounded up: whoever waits that long is not refused for a fraction of a millisecond.
    let retry_after_ms = u32::try_from(wait.as_millis()).unwrap_or(u32::MAX).saturating_add(1);
    Failure { retry_after_ms, ..Failure::new(code, text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_who_calls_too_often_holds_up_nobody_else() {
        let limit = Limit::new(1, 1_000);
        let (app, alice, bob): (_, Arc<str>, Arc<str>) = (AppId(1), "alice".into(), "bob".into());
        limit.take(app, &alice).unwrap();
        let refused = (0..1_000).find_map(|_| limit.take(app, &alice).err()).unwrap();
        assert_eq!(refused.code, Code::TooManyCallsOfUser);
        assert!((1..=1_001).contains(&refused.retry_after_ms), "{refused:?}");
        limit.take(app, &bob).unwrap();
        limit.take(AppId(2), &alice).unwrap();
    }

    #[test]
    fn users_of_an_app_draw_from_its_bucket_together() {
        let limit = Limit::new(1_000, 2);
        let users: Vec<Arc<str>> = (0..1_000).map(|n| format!("user-{n}").into()).collect();
        let refused = users.iter().find_map(|user| limit.take(AppId(1), user).err()).unwrap();
        assert_eq!(refused.code, Code::TooManyCallsOfApp);
        limit.take(AppId(2), &users[0]).unwrap();
    }
}
