//! All users and all groups of an app, by pages. For administrators.

use yidu_proto::{limits, v1};
use yidu_store::account::Account;
use yidu_store::group::Group;
use yidu_store::{Millis, Tinyid};

use super::failure::About;
use super::names::profile;
use super::place::page_size;
use super::{Caller, Failure, Service, group};
use crate::bus::Presence;

/// Users or groups that one search looks at: the rest is for the next request.
const SEARCHED: usize = 5_000;

/// Users or groups that are read from the store at once.
const AT_ONCE: usize = 500;

/// Which page of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DirectoryQuery {
    /// Only those whose id or name begins with this, whatever the case; empty: all.
    pub prefix: String,
    /// [`DirectoryPage::next`] of the page before; empty: the first page.
    pub after: String,
    /// 1 to 100; 0: 100.
    pub limit: u32,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct DirectoryPage<T> {
    /// In order of the bytes of their ids.
    pub items: Vec<T>,
    /// Where to go on; `None` at the end. A search may stop before its page is full and not be at the end.
    pub next: Option<String>,
}

/// A user of an app.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedUser {
    /// Who.
    pub profile: v1::Profile,
    /// When the account was made.
    pub created: Millis,
    /// Where the user is online.
    pub presence: Presence,
}

impl Service {
    /// A page of the users of the app; deleted ones are not there. Who is in the app from the first page to the last is
    /// listed exactly once. A page costs what it holds; a search looks at 5,000 users at most and then says where to go on.
    /// Administrators only. Errors: 6017, 70403.
    pub async fn list_users(
        &self,
        caller: &Caller,
        query: DirectoryQuery,
    ) -> Result<DirectoryPage<ListedUser>, Failure> {
        self.require_administrator(caller).await?;
        let mut walk = Walk::new(query, |account: &Account| (account.user.clone(), account.nick.clone()))?;
        while let Some(limit) = walk.wants() {
            let found = self.store.list_accounts(caller.app, &walk.after, limit).await;
            let (found, next) = found.map_err(Failure::of(About::Account))?;
            walk.take(found, next, limit);
        }
        let tinyids: Vec<Tinyid> = walk.items.iter().map(|account| account.tinyid).collect();
        let presence = self.bus.presence(&tinyids).await;
        let page = walk.page();
        let listed = page.items.iter().zip(presence).map(|(account, presence)| ListedUser {
            profile: profile(account),
            created: account.created,
            presence,
        });
        Ok(DirectoryPage { items: listed.collect(), next: page.next })
    }

    /// A page of the groups of the app; dismissed ones are not there. As [`Service::list_users`], by group id and name.
    /// Administrators only. Errors: 6017, 70403.
    pub async fn list_groups(
        &self,
        caller: &Caller,
        query: DirectoryQuery,
    ) -> Result<DirectoryPage<v1::Group>, Failure> {
        self.require_administrator(caller).await?;
        let app = self.app(caller.app).await?;
        let mut walk = Walk::new(query, |group: &Group| (group.info.id.clone(), group.info.name.clone()))?;
        while let Some(limit) = walk.wants() {
            let found = self.store.list_groups(caller.app, &walk.after, limit).await;
            let (found, next) = found.map_err(Failure::of(About::Group))?;
            walk.take(found, next, limit);
        }
        let page = walk.page();
        let items = page.items.iter().map(|found| group::wire(&app.settings, found)).collect();
        Ok(DirectoryPage { items, next: page.next })
    }
}

/// A walk over a list until a page is full, enough was looked at, or the list ends.
struct Walk<T, N> {
    /// Of an item: its id and its name.
    names: N,
    prefix: String,
    limit: usize,
    items: Vec<T>,
    /// Behind which id to go on.
    after: String,
    looked_at: usize,
    ended: bool,
}

impl<T, N: Fn(&T) -> (String, String)> Walk<T, N> {
    fn new(query: DirectoryQuery, names: N) -> Result<Walk<T, N>, Failure> {
        let limit = page_size(query.limit, limits::PAGE, limits::PAGE)?;
        let prefix = query.prefix.to_lowercase();
        Ok(Walk { names, prefix, limit, items: Vec::new(), after: query.after, looked_at: 0, ended: false })
    }

    /// How many to read next, if any.
    fn wants(&self) -> Option<usize> {
        let done = self.ended || self.items.len() == self.limit || self.looked_at >= SEARCHED;
        let all = self.prefix.is_empty();
        (!done).then(|| if all { self.limit - self.items.len() } else { AT_ONCE })
    }

    fn take(&mut self, found: Vec<T>, next: Option<String>, looked_at: usize) {
        self.looked_at += looked_at;
        let mut found = found.into_iter();
        while let Some(item) = found.next() {
            let (id, name) = (self.names)(&item);
            if !self.begins(&id) && !self.begins(&name) {
                continue;
            }
            self.items.push(item);
            if self.items.len() == self.limit && (found.len() > 0 || next.is_some()) {
                // What was read behind it is read again for the next page.
                self.after = id;
                return;
            }
        }
        self.ended = next.is_none();
        self.after = next.unwrap_or_default();
    }

    fn begins(&self, text: &str) -> bool {
        self.prefix.is_empty() || text.to_lowercase().starts_with(&self.prefix)
    }

    fn page(self) -> DirectoryPage<T> {
        let next = Some(self.after).filter(|_| !self.ended);
        DirectoryPage { items: self.items, next }
    }
}
