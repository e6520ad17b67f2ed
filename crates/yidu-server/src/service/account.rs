//! Accounts: importing, deleting, kicking. For administrators.

use std::collections::HashMap;

use serde_json::json;
use yidu_proto::{Code, limits, name, v1};
use yidu_store::account::NewAccount;
use yidu_store::{StoreError, Tinyid};

use super::audit::real;
use super::failure::About;
use super::names::profile;
use super::place::check_count;
use super::profile::check_profile_text;
use super::{Caller, Failure, Note, Service};
use crate::bus::{Body, Event, Topic};

impl Service {
    /// Makes accounts, and updates with what is not empty those that are there; whose profile changes is told. One commit
    /// for all whose id is one. Errors: 6017, 70403.
    pub async fn import_accounts(
        &self,
        caller: &Caller,
        request: v1::ImportAccounts,
    ) -> Result<v1::ImportAccountsResult, Failure> {
        self.require_administrator(caller).await?;
        check_count(request.accounts.len(), limits::ADD_MEMBERS_ADMIN, "accounts")?;
        for account in &request.accounts {
            check_profile_text("nick", &account.nick)?;
            check_profile_text("avatar_url", &account.avatar_url)?;
        }
        let (good, bad): (Vec<_>, Vec<_>) =
            request.accounts.into_iter().partition(|account| name::check_user_id(&account.user_id).is_ok());
        let before = self.positions_of_changing(caller, &good).await?;
        let text = |text: String| Some(text).filter(|text| !text.is_empty());
        let accounts = good
            .into_iter()
            .map(|account| NewAccount {
                user: account.user_id,
                nick: text(account.nick),
                avatar_url: text(account.avatar_url),
            })
            .collect();
        let opened = self.store.open_accounts(caller.app, accounts, self.clock.now()).await;
        let opened = opened.map_err(Failure::of(About::Account))?;
        let mut events = Vec::new();
        for (account, _) in &opened {
            self.names.forget(account);
            if let Some(&before) = before.get(&account.tinyid) {
                events.extend(self.profile_event(account.tinyid, before, profile(account)).await?);
            }
        }
        self.announce(events);
        Ok(v1::ImportAccountsResult { failed: bad.into_iter().map(|account| account.user_id).collect() })
    }

    /// Where the feeds of those stand who are there already and whose profiles are about to change.
    async fn positions_of_changing(
        &self,
        caller: &Caller,
        accounts: &[v1::Profile],
    ) -> Result<HashMap<Tinyid, u64>, Failure> {
        let users: Vec<String> = accounts.iter().map(|account| account.user_id.clone()).collect();
        let known = self.accounts(caller.app, &users).await?;
        let mut positions = HashMap::new();
        for (new, old) in accounts.iter().zip(known) {
            let Some(old) = old else { continue };
            let changes = |new: &str, old: &str| !new.is_empty() && new != old;
            if changes(&new.nick, &old.nick) || changes(&new.avatar_url, &old.avatar_url) {
                positions.insert(old.tinyid, self.position(old.tinyid).await?);
            }
        }
        Ok(positions)
    }

    /// Deletes accounts, each by itself: their sessions end, and they are leavers of every group (semantics.md rule 19).
    /// Noted in the
    /// audit log. Errors: 6017, 70403.
    pub async fn delete_accounts(
        &self,
        caller: &Caller,
        request: v1::DeleteAccounts,
    ) -> Result<v1::DeleteAccountsResult, Failure> {
        self.require_administrator(caller).await?;
        check_count(request.user_ids.len(), limits::PAGE, "user ids")?;
        let mut results = Vec::with_capacity(request.user_ids.len());
        for user_id in request.user_ids {
            let deleted = self.delete_account(caller, &user_id).await?;
            let code = if deleted { 0 } else { Code::NoAccount.number() };
            results.push(v1::delete_accounts_result::Result { user_id, code });
        }
        Ok(v1::DeleteAccountsResult { results })
    }

    /// Returns whether there was such an account.
    async fn delete_account(&self, caller: &Caller, user: &str) -> Result<bool, Failure> {
        let Some(account) = self.account(caller.app, user).await? else { return Ok(false) };
        let deleted = self.store.delete_account(account.tinyid).await;
        self.names.forget(&account);
        let groups = match deleted {
            Ok(groups) => groups.len(),
            Err(StoreError::NoSuchAccount) => return Ok(false),
            Err(error) => return Err(Failure::of(About::Account)(error)),
        };
        tracing::info!(app = caller.app.0, user, by = %caller.user, groups, "an account was deleted");
        let kicked = kicked(v1::kicked::Reason::AccountDeleted, Code::NoAccount, "the account was deleted");
        self.announce(vec![to_sessions(account.tinyid, kicked)]);
        let before = json!({"nick": account.nick, "created_ms": account.created, "groups": groups});
        let note = Note { before: before.to_string(), ..self.entry(real(caller), "user.deleted", user) };
        self.note(caller.app, note).await?;
        Ok(true)
    }

    /// Ends a user's sessions and makes the UserSigs of until now invalid. A UserSig names the second it was made in, so
    /// one of this very second is refused too. Noted in the audit log. Errors: 70107, 70403.
    pub async fn kick_account(
        &self,
        caller: &Caller,
        request: v1::KickAccount,
    ) -> Result<v1::KickAccountResult, Failure> {
        self.require_administrator(caller).await?;
        let account = self.account(caller.app, &request.user_id).await?;
        let account = account
            .ok_or_else(|| Failure::new(Code::NoAccount, format!("{:?} has no account", request.user_id)))?;
        let from_s = self.clock.now() / 1_000 + 1;
        self.store.revoke_sigs(account.tinyid, from_s).await.map_err(Failure::of(About::Account))?;
        self.names.forget(&account);
        tracing::info!(app = caller.app.0, user = %account.user, by = %caller.user, "a user was kicked");
        let text = "an administrator ended the sessions: log in with a new UserSig";
        let kicked = kicked(v1::kicked::Reason::Administrator, Code::UserSigRevoked, text);
        self.announce(vec![to_sessions(account.tinyid, kicked)]);
        let valid_from = |second: u64| json!({"user_sigs_valid_from_s": second}).to_string();
        let note = Note {
            before: valid_from(account.sigs_valid_from_s),
            after: valid_from(from_s),
            ..self.entry(real(caller), "user.kicked", &*account.user)
        };
        self.note(caller.app, note).await?;
        Ok(v1::KickAccountResult {})
    }
}

fn kicked(reason: v1::kicked::Reason, code: Code, text: &str) -> v1::Kicked {
    v1::Kicked { reason: reason.into(), code: code.number(), text: text.to_owned() }
}

fn to_sessions(user: Tinyid, kicked: v1::Kicked) -> Event {
    Event { topic: Topic::User(user), except: None, only: None, body: Body::Kicked(kicked) }
}
