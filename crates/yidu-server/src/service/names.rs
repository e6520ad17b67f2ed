//! From names to the store's numbers and back, in bounded caches: a request costs one look-up for all its names, and the
//! usual one none.
//!
//! What a number names never changes, so those entries stay until they are crowded out. Accounts change: a change made
//! through this service replaces the entry at once, one made by another node is seen after [`FRESH_MS`].

use std::collections::HashMap;
use std::sync::Arc;

use quick_cache::sync::Cache;
use yidu_proto::{Code, name, v1};
use yidu_store::account::Account;
use yidu_store::conversation::ConversationKind;
use yidu_store::{AppId, ConversationId, Millis, Tinyid};

use super::failure::About;
use super::{Caller, Failure, Service};

/// How long an account is taken for unchanged.
const FRESH_MS: Millis = 5_000;

/// Entries of each cache: some ten MiB in all, more only with long nicks.
const ENTRIES: usize = 65_536;

/// The caches.
pub(super) struct Names {
    by_user: Cache<(AppId, String), Known>,
    by_tinyid: Cache<Tinyid, Known>,
    groups: Cache<(AppId, String), ConversationId>,
    pairs: Cache<(Tinyid, Tinyid), ConversationId>,
    kinds: Cache<ConversationId, Arc<ConversationKind>>,
}

#[derive(Clone)]
struct Known {
    account: Arc<Account>,
    at: Millis,
}

impl Names {
    pub(super) fn new() -> Names {
        Names {
            by_user: Cache::new(ENTRIES),
            by_tinyid: Cache::new(ENTRIES),
            groups: Cache::new(ENTRIES),
            pairs: Cache::new(ENTRIES),
            kinds: Cache::new(ENTRIES),
        }
    }

    /// An account has changed or is gone.
    pub(super) fn forget(&self, account: &Account) {
        self.by_user.remove(&(account.app, account.user.clone()));
        self.by_tinyid.remove(&account.tinyid);
    }

    fn keep(&self, account: Account, at: Millis) -> Arc<Account> {
        let account = Arc::new(account);
        let known = Known { account: Arc::clone(&account), at };
        if !account.deleted {
            self.by_user.insert((account.app, account.user.clone()), known.clone());
        }
        self.by_tinyid.insert(account.tinyid, known);
        account
    }
}

/// Accounts by number, deleted ones too.
pub(super) struct People(HashMap<Tinyid, Arc<Account>>);

impl People {
    /// The user's name; empty for a number that was never given.
    pub(super) fn user(&self, tinyid: Tinyid) -> String {
        self.0.get(&tinyid).map(|account| account.user.clone()).unwrap_or_default()
    }

    /// What everybody may know of the user.
    pub(super) fn profile(&self, tinyid: Tinyid) -> v1::Profile {
        self.0.get(&tinyid).map(|account| profile(account)).unwrap_or_default()
    }
}

/// What everybody may know of an account.
pub(super) fn profile(account: &Account) -> v1::Profile {
    v1::Profile {
        user_id: account.user.clone(),
        nick: account.nick.clone(),
        avatar_url: account.avatar_url.clone(),
    }
}

impl Service {
    /// Live accounts by name, in order, in one look-up at most; `None` for those that are not there.
    pub(super) async fn accounts(
        &self,
        app: AppId,
        users: &[String],
    ) -> Result<Vec<Option<Arc<Account>>>, Failure> {
        let now = self.clock.now();
        let mut found: Vec<_> =
            users.iter().map(|user| fresh(self.names.by_user.get(&(app, user.clone())), now)).collect();
        let missing: Vec<usize> = (0..users.len()).filter(|&at| found[at].is_none()).collect();
        if !missing.is_empty() {
            let asked: Vec<String> = missing.iter().map(|&at| users[at].clone()).collect();
            let got = self.store.accounts(app, &asked).await.map_err(Failure::of(About::Account))?;
            for (at, account) in missing.into_iter().zip(got) {
                found[at] = account.map(|account| self.names.keep(account, now));
            }
        }
        Ok(found)
    }

    /// A live account by name.
    pub(super) async fn account(&self, app: AppId, user: &str) -> Result<Option<Arc<Account>>, Failure> {
        Ok(self.accounts(app, &[user.to_owned()]).await?.pop().flatten())
    }

    /// Accounts by number, in one look-up at most.
    pub(super) async fn people(&self, tinyids: Vec<Tinyid>) -> Result<People, Failure> {
        let now = self.clock.now();
        let mut people = HashMap::new();
        let mut missing = Vec::new();
        for tinyid in tinyids {
            match fresh(self.names.by_tinyid.get(&tinyid), now) {
                Some(account) => drop(people.insert(tinyid, account)),
                None => missing.push(tinyid),
            }
        }
        missing.sort_unstable();
        missing.dedup();
        if !missing.is_empty() {
            let got = self.store.accounts_by_tinyid(&missing).await.map_err(Failure::of(About::Account))?;
            for account in got.into_iter().flatten() {
                people.insert(account.tinyid, self.names.keep(account, now));
            }
        }
        Ok(People(people))
    }

    /// The caller's own account. Errors: 70107 when it was deleted meanwhile.
    pub(super) async fn own_account(&self, caller: &Caller) -> Result<Arc<Account>, Failure> {
        let known = self.people(vec![caller.tinyid]).await?.0.remove(&caller.tinyid);
        known
            .filter(|account| !account.deleted)
            .ok_or_else(|| Failure::new(Code::NoAccount, format!("{} has no account any more", caller.user)))
    }

    /// The account of the other user of a one-to-one conversation. Errors: 7003, 6017 (oneself), 20003.
    pub(super) async fn peer(&self, caller: &Caller, user: &str) -> Result<Arc<Account>, Failure> {
        name::check_user_id(user)
            .map_err(|why| Failure::new(Code::InvalidUserId, format!("not a user id: {why}")))?;
        if user == &*caller.user {
            return Err(Failure::invalid("there is no conversation with oneself"));
        }
        self.account(caller.app, user).await?.ok_or_else(|| {
            Failure::new(
                Code::PeerUnknown,
                format!("{user} has no account: import it or let the user log in once"),
            )
        })
    }

    /// The conversation of two users; `None` when it was never opened.
    pub(super) async fn find_c2c(
        &self,
        app: AppId,
        one: Tinyid,
        other: Tinyid,
    ) -> Result<Option<ConversationId>, Failure> {
        let pair = (one.min(other), one.max(other));
        if let Some(id) = self.names.pairs.get(&pair) {
            return Ok(Some(id));
        }
        let found = self.store.find_c2c(app, pair.0, pair.1).await.map_err(Failure::of(About::C2c))?;
        if let Some(id) = found {
            self.names.pairs.insert(pair, id);
        }
        Ok(found)
    }

    /// The conversation of two users, made when it is not there.
    pub(super) async fn open_c2c(
        &self,
        app: AppId,
        one: Tinyid,
        other: Tinyid,
    ) -> Result<ConversationId, Failure> {
        if let Some(id) = self.find_c2c(app, one, other).await? {
            return Ok(id);
        }
        let id = self.store.open_c2c(app, one, other).await.map_err(Failure::of(About::C2c))?;
        self.names.pairs.insert((one.min(other), one.max(other)), id);
        Ok(id)
    }

    /// The conversation of a group; may since have been dismissed, which the store then says. Errors: 10015, 10010.
    pub(super) async fn find_group(&self, app: AppId, group_id: &str) -> Result<ConversationId, Failure> {
        let key = (app, group_id.to_owned());
        match self.names.groups.get(&key) {
            Some(id) => Ok(id),
            None => Ok(self.group(app, group_id).await?.conversation),
        }
    }

    /// Remembers which conversation a group is: its id is never given to another.
    pub(super) fn keep_group(&self, app: AppId, group_id: &str, id: ConversationId) {
        self.names.groups.insert((app, group_id.to_owned()), id);
    }

    /// What conversations are; those that are not there, or were dismissed before they were ever asked for, are left
    /// out.
    pub(super) async fn kinds(
        &self,
        ids: Vec<ConversationId>,
    ) -> Result<HashMap<ConversationId, Arc<ConversationKind>>, Failure> {
        let mut kinds = HashMap::new();
        for id in ids {
            if kinds.contains_key(&id) {
                continue;
            }
            if let Some(kind) = self.names.kinds.get(&id) {
                kinds.insert(id, kind);
            } else if let Some(kind) =
                self.store.conversation_kind(id).await.map_err(Failure::of(About::Account))?
            {
                let kind = Arc::new(kind);
                self.names.kinds.insert(id, Arc::clone(&kind));
                kinds.insert(id, kind);
            }
        }
        Ok(kinds)
    }
}

fn fresh(known: Option<Known>, now: Millis) -> Option<Arc<Account>> {
    known.filter(|known| now.abs_diff(known.at) < FRESH_MS).map(|known| known.account)
}

/// The other of two.
pub(super) fn other(one: Tinyid, two: Tinyid, viewer: Tinyid) -> Tinyid {
    if one == viewer { two } else { one }
}
