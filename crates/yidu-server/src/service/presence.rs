//! Who is online, and where.

use yidu_proto::Code;
use yidu_store::Tinyid;

use super::place::check_count;
use super::{Caller, Failure, Service};
use crate::bus::Presence;

/// Users in one request.
const USERS: usize = 500;

impl Service {
    /// On which platforms users are online now, in order; `None` for who has no account. Administrators only. Errors: 6017,
    /// 70403.
    pub async fn online(&self, caller: &Caller, users: &[String]) -> Result<Vec<Option<Vec<i32>>>, Failure> {
        self.require_administrator(caller).await?;
        check_count(users.len(), USERS, "users")?;
        let accounts = self.accounts(caller.app, users).await?;
        let tinyids: Vec<Tinyid> = accounts.iter().flatten().map(|account| account.tinyid).collect();
        let platforms =
            |there: Presence| there.devices.iter().map(|device| device.platform).collect::<Vec<i32>>();
        let mut online = self.bus.presence(&tinyids).await.into_iter().map(platforms);
        Ok(accounts.into_iter().map(|account| account.and_then(|_| online.next())).collect())
    }

    /// Where a user is online now. Administrators only. Errors: 70107, 70403.
    pub async fn presence(&self, caller: &Caller, user: &str) -> Result<Presence, Failure> {
        self.require_administrator(caller).await?;
        let account = self.account(caller.app, user).await?;
        let none = || Failure::new(Code::NoAccount, format!("{user} has no account in this app"));
        self.presence_of(account.ok_or_else(none)?.tinyid).await
    }

    pub(super) async fn presence_of(&self, user: Tinyid) -> Result<Presence, Failure> {
        Ok(self.bus.presence(&[user]).await.pop().unwrap_or_default())
    }
}
