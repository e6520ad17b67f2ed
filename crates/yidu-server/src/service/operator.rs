//! What the operator of a server may besides the administrators of its apps.

use yidu_proto::{Code, name, v1};
use yidu_store::upkeep::StoreStats;
use yidu_store::{AppId, Millis, Tinyid};
use yidu_usersig::{Claims, SecretKey, sign};

use super::failure::About;
use super::{App, Caller, Failure, Service, SessionId};

/// Seconds for which a UserSig can be good: ten years.
const SIG_SECONDS: u64 = 10 * 366 * 24 * 60 * 60;

impl Service {
    /// A caller with the rights of an administrator of the app who is no user of it; `name` is what the audit log calls it. Errors: 70020.
    pub async fn operator(&self, app: AppId, name: &str) -> Result<Caller, Failure> {
        self.app(app).await?;
        Ok(Caller {
            app,
            user: name.into(),
            tinyid: Tinyid(0),
            session: SessionId::NONE,
            platform: v1::Platform::Other.into(),
            administrator: Some(name.into()),
        })
    }

    /// An app with its keys. Errors: 70020.
    pub async fn app_of(&self, id: AppId) -> Result<App, Failure> {
        Ok((*self.app(id).await?).clone())
    }

    /// A UserSig made with the newest key of the app, and when it runs out. Errors: 6017, 7003, 70020.
    pub async fn user_sig(&self, app: AppId, user: &str, seconds: u64) -> Result<(String, Millis), Failure> {
        name::check_user_id(user)
            .map_err(|why| Failure::new(Code::InvalidUserId, format!("not a user id: {why}")))?;
        if !(1..=SIG_SECONDS).contains(&seconds) {
            return Err(Failure::invalid(format!("a UserSig is good for 1 to {SIG_SECONDS} seconds")));
        }
        let app = self.app(app).await?;
        let key = app.keys.first().and_then(|key| SecretKey::new(&*key.secret).ok());
        let key = key.ok_or_else(|| Failure::new(Code::Internal, "the app has no key: rotate it"))?;
        let claims = Claims {
            app_id: app.id.0,
            user_id: user.to_owned(),
            issued_at: self.clock.now() / 1_000,
            expires_in: seconds,
            userbuf: None,
        };
        Ok((sign(&key, &claims), claims.expires_at().saturating_mul(1_000)))
    }

    /// Figures of the store.
    pub async fn store_stats(&self) -> Result<StoreStats, Failure> {
        self.store.stats().await.map_err(Failure::of(About::Account))
    }

    /// When the account was made. Errors: 70107.
    pub async fn account_created(&self, caller: &Caller, user: &str) -> Result<Millis, Failure> {
        let account = self.account(caller.app, user).await?;
        let none = || Failure::new(Code::NoAccount, format!("{user} has no account in this app"));
        Ok(account.ok_or_else(none)?.created)
    }
}
