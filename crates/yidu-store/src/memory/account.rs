//! Accounts.

use async_trait::async_trait;

use super::feed::Topic;
use super::{MemoryStore, State, names_behind};
use crate::account::{Account, Accounts, NewAccount};
use crate::{AppId, ConversationId, Millis, Result, StoreError, Tinyid};

#[async_trait]
impl Accounts for MemoryStore {
    async fn open_accounts(
        &self,
        app: AppId,
        accounts: Vec<NewAccount>,
        now: Millis,
    ) -> Result<Vec<(Account, bool)>> {
        self.write(|state| state.open_accounts(app, accounts, now))
    }

    async fn accounts(&self, app: AppId, users: &[String]) -> Result<Vec<Option<Account>>> {
        self.read(|state| {
            let by_name = |user: &String| state.names.get(&(app, user.clone()));
            Ok(users
                .iter()
                .map(|user| by_name(user).and_then(|id| state.accounts.get(id)).cloned())
                .collect())
        })
    }

    async fn accounts_by_tinyid(&self, tinyids: &[Tinyid]) -> Result<Vec<Option<Account>>> {
        self.read(|state| Ok(tinyids.iter().map(|id| state.accounts.get(id).cloned()).collect()))
    }

    async fn list_accounts(
        &self,
        app: AppId,
        after: &str,
        limit: usize,
    ) -> Result<(Vec<Account>, Option<String>)> {
        self.read(|state| {
            let (found, next) = names_behind(&state.names, app, after, limit);
            Ok((found.iter().filter_map(|id| state.accounts.get(id)).cloned().collect(), next))
        })
    }

    async fn revoke_sigs(&self, user: Tinyid, from_s: u64) -> Result<()> {
        self.write(|state| state.revoke_sigs(user, from_s))
    }

    async fn delete_account(&self, user: Tinyid) -> Result<Vec<ConversationId>> {
        self.write(|state| state.delete_account(user))
    }
}

impl State {
    fn open_accounts(
        &mut self,
        app: AppId,
        accounts: Vec<NewAccount>,
        now: Millis,
    ) -> Result<Vec<(Account, bool)>> {
        if !self.apps.contains_key(&app) {
            return Err(StoreError::NoSuchApp);
        }
        let mut opened = Vec::new();
        let mut wrote = false;
        for new in accounts {
            let (tinyid, made) = match self.names.get(&(app, new.user.clone())) {
                Some(&there) => (there, false),
                None => (self.make_account(app, &new.user, now), true),
            };
            let changed = self.set_profile(tinyid, new);
            if changed && !made {
                self.note(tinyid, Topic::Profile);
            }
            wrote |= changed || made;
            opened.push((tinyid, made));
        }
        if wrote {
            self.committed();
        }
        opened.into_iter().map(|(tinyid, made)| Ok((self.live_account(tinyid)?.clone(), made))).collect()
    }

    fn make_account(&mut self, app: AppId, user: &str, created: Millis) -> Tinyid {
        let tinyid = match self.accounts.last_key_value() {
            Some((newest, _)) => Tinyid(newest.0 + 1),
            None => Tinyid::FIRST,
        };
        let account = Account {
            tinyid,
            app,
            user: user.to_owned(),
            nick: String::new(),
            avatar_url: String::new(),
            created,
            sigs_valid_from_s: 0,
            deleted: false,
        };
        self.names.insert((app, account.user.clone()), tinyid);
        self.accounts.insert(tinyid, account);
        tinyid
    }

    /// Whether anything is different now.
    fn set_profile(&mut self, tinyid: Tinyid, new: NewAccount) -> bool {
        let Some(account) = self.accounts.get_mut(&tinyid) else { return false };
        let before = account.clone();
        account.nick = new.nick.unwrap_or_else(|| before.nick.clone());
        account.avatar_url = new.avatar_url.unwrap_or_else(|| before.avatar_url.clone());
        *account != before
    }

    fn revoke_sigs(&mut self, user: Tinyid, from_s: u64) -> Result<()> {
        let account = self.accounts.get_mut(&user).filter(|account| !account.deleted);
        let account = account.ok_or(StoreError::NoSuchAccount)?;
        if from_s > account.sigs_valid_from_s {
            account.sigs_valid_from_s = from_s;
            self.committed();
        }
        Ok(())
    }

    fn delete_account(&mut self, user: Tinyid) -> Result<Vec<ConversationId>> {
        let account = self.live_account(user)?;
        let name = (account.app, account.user.clone());
        let mut groups = Vec::new();
        for (id, timeline) in &mut self.conversations {
            if timeline.leave(user) && timeline.group().is_some() {
                groups.push(*id);
            }
        }
        self.names.remove(&name);
        if let Some(account) = self.accounts.get_mut(&user) {
            account.deleted = true;
        }
        self.committed();
        Ok(groups)
    }

    pub(super) fn live_account(&self, user: Tinyid) -> Result<&Account> {
        self.accounts.get(&user).filter(|account| !account.deleted).ok_or(StoreError::NoSuchAccount)
    }

    /// Whether the user has an account in the app now.
    pub(super) fn lives_in(&self, app: AppId, user: Tinyid) -> bool {
        self.live_account(user).is_ok_and(|account| account.app == app)
    }

    /// What the account is called, or was.
    pub(super) fn user_name(&self, user: Tinyid) -> String {
        self.accounts.get(&user).map(|account| account.user.clone()).unwrap_or_default()
    }
}
