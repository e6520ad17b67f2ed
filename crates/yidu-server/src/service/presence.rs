//! Who is online.

use yidu_store::Tinyid;

use super::place::check_count;
use super::{Caller, Failure, Service};

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
        let mut online = self.bus.online(&tinyids).await.into_iter();
        Ok(accounts.into_iter().map(|account| account.and_then(|_| online.next())).collect())
    }
}
