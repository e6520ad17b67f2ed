//! Logging in: the UserSig, the account, and what a session has to know.

use std::sync::Arc;

use yidu_proto::{Code, name, v1};
use yidu_store::account::{Account, NewAccount};
use yidu_store::app::App;
use yidu_store::{AppId, ConversationId, Millis, Tinyid};
use yidu_usersig::{Claims, Expected, SecretKey, VerifyError, verify};

use super::failure::About;
use super::settings::{administers, is_good, no_administrator};
use super::{Caller, Failure, Service, SessionId};

/// What a login established.
#[derive(Clone, Debug)]
pub struct LoggedIn {
    /// The app.
    pub app: AppId,
    /// The user's name.
    pub user: Arc<str>,
    /// The user's number.
    pub tinyid: Tinyid,
    /// The user administers the app.
    pub administrator: bool,
    /// When the UserSig runs out.
    pub sig_expires_at: Millis,
    /// How many devices the user may be online on (semantics.md rule 20).
    pub multi_device: v1::MultiDevice,
}

/// Where a user's change feed stands and what the user is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscriptions {
    /// Conversations whose events the user's sessions get.
    pub conversations: Vec<ConversationId>,
    /// The newest number of the user's change feed.
    pub position: u64,
}

impl LoggedIn {
    /// The caller of the requests that come on this session.
    pub fn caller(&self, session: SessionId, platform: i32) -> Caller {
        Caller {
            app: self.app,
            user: Arc::clone(&self.user),
            tinyid: self.tinyid,
            session,
            platform,
            administrator: None,
        }
    }
}

impl Service {
    /// Checks the UserSig against every key of the app that is still good, and makes the account when there is none and
    /// the app allows it (semantics.md rule 19; administrators always get theirs). Logging in again writes nothing.
    /// Errors: 7003, 70001, 70002, 70003, 70009, 70013, 70014, 70020, 70052, 70107.
    pub async fn login(&self, request: &v1::Login) -> Result<LoggedIn, Failure> {
        self.log_in(request, false).await
    }

    /// [`Self::login`] of somebody who must administer the app; makes no account for anybody else. Errors: those, and 70403.
    pub async fn login_administrator(&self, request: &v1::Login) -> Result<LoggedIn, Failure> {
        self.log_in(request, true).await
    }

    async fn log_in(&self, request: &v1::Login, must_administer: bool) -> Result<LoggedIn, Failure> {
        name::check_user_id(&request.user_id)
            .map_err(|why| Failure::new(Code::InvalidUserId, format!("not a user id: {why}")))?;
        let now = self.clock.now();
        let app = self.app(AppId(request.app_id)).await?;
        let claims = check_sig(&app, request, now)?;
        if must_administer && !administers(&app, &request.user_id) {
            return Err(no_administrator(&request.user_id));
        }
        let account = self.login_account(&app, &request.user_id, now).await?;
        if claims.issued_at < account.sigs_valid_from_s {
            return Err(Failure::new(
                Code::UserSigRevoked,
                "the UserSig was made before an administrator ended the user's sessions: sign a new one",
            ));
        }
        Ok(LoggedIn {
            app: app.id,
            administrator: administers(&app, &account.user),
            user: account.user.into(),
            tinyid: account.tinyid,
            sig_expires_at: claims.expires_at().saturating_mul(1_000),
            multi_device: app.settings.multi_device(),
        })
    }

    /// What a session of the user is to hear, and from where on.
    ///
    /// Register the session for the user first, then ask, then register it for the conversations: what happens to the user
    /// in between is then either sampled here or delivered, never neither. Two rules follow. A `Departed` that arrives in
    /// between wins over the sample. And a message sent in between may have been delivered to the other members only, so
    /// the client looks at its conversations after the answer to its login, not before.
    pub async fn subscriptions(&self, user: Tinyid) -> Result<Subscriptions, Failure> {
        let conversations = self.store.conversation_ids(user).await.map_err(Failure::of(About::Account))?;
        let position = self.store.position(user).await.map_err(Failure::of(About::Account))?;
        Ok(Subscriptions { conversations, position })
    }

    /// A caller who is another user, on an administrator's word (semantics.md rule 13). Errors: 70403, 70107.
    pub async fn on_behalf_of(&self, administrator: &Caller, user: &str) -> Result<Caller, Failure> {
        self.require_administrator(administrator).await?;
        let account = self.account(administrator.app, user).await?.ok_or_else(|| {
            Failure::new(Code::NoAccount, format!("{user} has no account: import it first"))
        })?;
        Ok(Caller {
            app: administrator.app,
            user: account.user.as_str().into(),
            tinyid: account.tinyid,
            session: administrator.session,
            platform: administrator.platform,
            administrator: Some(Arc::clone(&administrator.user)),
        })
    }

    /// Reads past the caches: a deleted account or a kick must count at the very next login.
    async fn login_account(&self, app: &App, user: &str, now: Millis) -> Result<Account, Failure> {
        let known =
            self.store.accounts(app.id, &[user.to_owned()]).await.map_err(Failure::of(About::Account))?;
        if let Some(account) = known.into_iter().next().flatten() {
            return Ok(account);
        }
        let none = || {
            Failure::new(
                Code::NoAccount,
                format!(
                    "{user} has no account and this app makes none at login: import it, or turn on account_auto_create"
                ),
            )
        };
        if !app.settings.account_auto_create && !administers(app, user) {
            return Err(none());
        }
        let new = NewAccount { user: user.to_owned(), nick: None, avatar_url: None };
        let made =
            self.store.open_accounts(app.id, vec![new], now).await.map_err(Failure::of(About::Account))?;
        tracing::info!(app = app.id.0, user, "an account was made at login");
        made.into_iter().next().map(|(account, _)| account).ok_or_else(none)
    }
}

fn check_sig(app: &App, request: &v1::Login, now: Millis) -> Result<Claims, Failure> {
    let expected = Expected { app_id: request.app_id, user_id: &request.user_id, now: now / 1_000 };
    let mut refusal = VerifyError::WrongKey;
    for key in app.keys.iter().filter(|key| is_good(key, now)) {
        let Ok(secret) = SecretKey::new(&*key.secret) else { continue };
        match verify(&secret, &request.user_sig, &expected) {
            Ok(claims) => return Ok(claims),
            // Another key may be the right one; what the right key refuses says more than what a wrong one does.
            Err(VerifyError::WrongKey) => {}
            Err(other) => refusal = other,
        }
    }
    let code = match refusal {
        VerifyError::Empty => Code::UserSigEmpty,
        VerifyError::Malformed(_) => Code::UserSigMalformed,
        VerifyError::AppMismatch { .. } => Code::UserSigOtherApp,
        VerifyError::WrongKey => Code::UserSigWrongKey,
        VerifyError::UserMismatch { .. } => Code::UserSigOtherUser,
        VerifyError::Expired { .. } => Code::UserSigExpired,
    };
    Err(Failure::new(code, refusal.to_string()))
}
