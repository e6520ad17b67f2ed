//! Accounts.

use async_trait::async_trait;
use yidu_store::account::{Account, NewAccount};
use yidu_store::{Accounts, AppId, ConversationId, Millis, Result, StoreError, Tinyid};

use crate::commit::Txn;
use crate::feed;
use crate::member;
use crate::record::EntryThing;
use crate::rows::View;
use crate::store::EmbeddedStore;
use crate::tables::Table;

#[async_trait]
impl Accounts for EmbeddedStore {
    async fn open_accounts(
        &self,
        app: AppId,
        accounts: Vec<NewAccount>,
        now: Millis,
    ) -> Result<Vec<(Account, bool)>> {
        self.write(move |txn| {
            if !txn.view.has(Table::Apps, &app.0.to_be_bytes())? {
                return Err(StoreError::NoSuchApp);
            }
            // Reads first: nothing that was read below can fail afterwards.
            for new in &accounts {
                if let Some(account) = find(&txn.view, app, &new.user)? {
                    txn.shared.feeds.lock().load(&txn.view, account.tinyid)?;
                }
            }
            accounts.into_iter().map(|new| open(txn, app, new, now)).collect()
        })
        .await
    }

    async fn accounts(&self, app: AppId, users: &[String]) -> Result<Vec<Option<Account>>> {
        self.read(|view| users.iter().map(|user| find(view, app, user)).collect()).await
    }

    async fn accounts_by_tinyid(&self, tinyids: &[Tinyid]) -> Result<Vec<Option<Account>>> {
        self.read(|view| tinyids.iter().map(|&tinyid| by_tinyid(view, tinyid)).collect()).await
    }

    async fn list_accounts(
        &self,
        app: AppId,
        after: &str,
        limit: usize,
    ) -> Result<(Vec<Account>, Option<String>)> {
        self.read(|view| {
            let (found, next) = view.names_behind(Table::Users, app, after, limit)?;
            let account = |tinyid: u64| view.expect(Table::Accounts, &tinyid.to_be_bytes());
            Ok((found.into_iter().map(account).collect::<Result<_>>()?, next))
        })
        .await
    }

    async fn revoke_sigs(&self, user: Tinyid, from_s: u64) -> Result<()> {
        self.write(move |txn| {
            let mut account = live(&txn.view, user)?.ok_or(StoreError::NoSuchAccount)?;
            if account.sigs_valid_from_s < from_s {
                account.sigs_valid_from_s = from_s;
                put(txn, &account);
            }
            Ok(())
        })
        .await
    }

    async fn delete_account(&self, user: Tinyid) -> Result<Vec<ConversationId>> {
        self.write(move |txn| {
            let mut account = live(&txn.view, user)?.ok_or(StoreError::NoSuchAccount)?;
            let groups = member::leave_everything(txn, user)?;
            txn.delete(Table::Users, &name_key(account.app, &account.user));
            account.deleted = true;
            put(txn, &account);
            Ok(groups)
        })
        .await
    }
}

/// An account by number, deleted or not.
pub(crate) fn by_tinyid(view: &View<'_>, user: Tinyid) -> Result<Option<Account>> {
    view.record(Table::Accounts, &user.0.to_be_bytes())
}

/// An account that is not deleted.
pub(crate) fn live(view: &View<'_>, user: Tinyid) -> Result<Option<Account>> {
    Ok(by_tinyid(view, user)?.filter(|account| !account.deleted))
}

/// The name of an account; empty for numbers never given.
pub(crate) fn name(view: &View<'_>, user: Tinyid) -> Result<String> {
    Ok(by_tinyid(view, user)?.map_or_else(String::new, |account| account.user))
}

fn find(view: &View<'_>, app: AppId, user: &str) -> Result<Option<Account>> {
    match view.number(Table::Users, &name_key(app, user))? {
        Some(tinyid) => view.expect(Table::Accounts, &tinyid.to_be_bytes()).map(Some),
        None => Ok(None),
    }
}

fn open(txn: &mut Txn<'_>, app: AppId, new: NewAccount, now: Millis) -> Result<(Account, bool)> {
    if let Some(mut account) = find(&txn.view, app, &new.user)? {
        let nick = new.nick.unwrap_or_else(|| account.nick.clone());
        let avatar_url = new.avatar_url.unwrap_or_else(|| account.avatar_url.clone());
        if (&nick, &avatar_url) != (&account.nick, &account.avatar_url) {
            (account.nick, account.avatar_url) = (nick, avatar_url);
            put(txn, &account);
            txn.shared.feeds.lock().load(&txn.view, account.tinyid)?;
            feed::change(txn, account.tinyid, EntryThing::Profile)?;
        }
        return Ok((account, false));
    }
    let tinyid = Tinyid(txn.next_number(b"tinyid", Tinyid::FIRST.0)?);
    let account = Account {
        tinyid,
        app,
        nick: new.nick.unwrap_or_default(),
        avatar_url: new.avatar_url.unwrap_or_default(),
        user: new.user,
        created: now,
        sigs_valid_from_s: 0,
        deleted: false,
    };
    txn.put(Table::Users, &name_key(app, &account.user), &tinyid.0.to_be_bytes());
    put(txn, &account);
    Ok((account, true))
}

fn put(txn: &mut Txn<'_>, account: &Account) {
    txn.put_record(Table::Accounts, &account.tinyid.0.to_be_bytes(), account);
}

fn name_key(app: AppId, user: &str) -> Vec<u8> {
    [&app.0.to_be_bytes()[..], user.as_bytes()].concat()
}
