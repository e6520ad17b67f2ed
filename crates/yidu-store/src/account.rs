//! Accounts and profiles.

use async_trait::async_trait;

use crate::{AppId, ConversationId, Millis, Result, Tinyid};

/// A user of an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Internal number.
    pub tinyid: Tinyid,
    /// Its app.
    pub app: AppId,
    /// The name the app gave it. A deleted account's name may be taken by a new account with another tinyid.
    pub user: String,
    /// May be empty.
    pub nick: String,
    /// May be empty.
    pub avatar_url: String,
    /// When it was made.
    pub created: Millis,
    /// UserSigs issued before this second are refused; 0: none.
    pub sigs_valid_from_s: u64,
    /// The account is gone; kept so that receipts and messages can still name the user.
    pub deleted: bool,
}

/// An account to be made, or profile fields to be set on one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewAccount {
    /// The name.
    pub user: String,
    /// `None`: keep what is there (empty for a new account).
    pub nick: Option<String>,
    /// `None`: keep what is there (empty for a new account).
    pub avatar_url: Option<String>,
}

/// Accounts.
#[async_trait]
pub trait Accounts {
    /// Makes the accounts that are not there and sets the given profile fields on those that are. Returns all, in order
    /// and in their new state, each with whether it was made now. One commit for all. Errors: `NoSuchApp`.
    async fn open_accounts(
        &self,
        app: AppId,
        accounts: Vec<NewAccount>,
        now: Millis,
    ) -> Result<Vec<(Account, bool)>>;

    /// Live accounts by name, in order; `None` for those that are not there.
    async fn accounts(&self, app: AppId, users: &[String]) -> Result<Vec<Option<Account>>>;

    /// Accounts by number, in order, deleted ones too; `None` for numbers never given.
    async fn accounts_by_tinyid(&self, tinyids: &[Tinyid]) -> Result<Vec<Option<Account>>>;

    /// Live accounts of an app in the order of their names' bytes, behind the name `after` (empty: from the first on). Looks
    /// at `limit` names at most. With the name to go on behind; `None` at the end.
    async fn list_accounts(
        &self,
        app: AppId,
        after: &str,
        limit: usize,
    ) -> Result<(Vec<Account>, Option<String>)>;

    /// Refuses UserSigs issued before `from_s` (unix seconds). Never goes back. Errors: `NoSuchAccount`.
    async fn revoke_sigs(&self, user: Tinyid, from_s: u64) -> Result<()>;

    /// Deletes an account: it is a leaver of every group and of every one-to-one conversation (semantics.md rules 4
    /// and 19), its name is free, its groups stay (those it owned without an owner). One commit. Returns the groups it
    /// was a member of. Errors: `NoSuchAccount`.
    async fn delete_account(&self, user: Tinyid) -> Result<Vec<ConversationId>>;
}
