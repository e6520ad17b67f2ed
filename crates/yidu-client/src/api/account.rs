//! Accounts and profiles.

use yidu_proto::limits::{ADD_MEMBERS_ADMIN, PAGE};
use yidu_proto::v1;

use super::in_portions;
use crate::Client;
use crate::error::Result;

/// Profiles, and accounts for administrators.
///
/// ```no_run
/// # async fn example(client: yidu_client::Client) -> yidu_client::Result<()> {
/// use yidu_client::v1::{ModifyProfile, Profile};
/// client.modify_profile(ModifyProfile { nick: Some("Alice".into()), avatar_url: None }).await?;
/// client.import_accounts(&[Profile { user_id: "bob".into(), ..Default::default() }]).await?;
/// # Ok(())
/// # }
/// ```
impl Client {
    /// What everybody may know of these users. Who has no account is left out. More than 100 go out in several calls.
    ///
    /// # Errors
    /// The kinds of [`ErrorKind`](crate::ErrorKind) that are about the way to the server.
    pub async fn profiles(&self, user_ids: &[String]) -> Result<Vec<v1::Profile>> {
        in_portions(user_ids, PAGE, async |user_ids| {
            Ok(self.call(v1::GetProfiles { user_ids }).await?.profiles)
        })
        .await
    }

    /// Changes what is set in one's own profile and returns it as it is then.
    ///
    /// # Errors
    /// Refused: 6017 (over 500 bytes).
    pub async fn modify_profile(&self, change: v1::ModifyProfile) -> Result<v1::Profile> {
        Ok(self.call(change).await?.profile.unwrap_or_default())
    }

    /// Administrators: makes accounts and returns the ids that cannot be one. An existing account takes what is not
    /// empty. More than 1,000 go out in several calls.
    ///
    /// # Errors
    /// Refused: 70403 (an administrator is required).
    pub async fn import_accounts(&self, accounts: &[v1::Profile]) -> Result<Vec<String>> {
        in_portions(accounts, ADD_MEMBERS_ADMIN, async |accounts| {
            Ok(self.call(v1::ImportAccounts { accounts }).await?.failed)
        })
        .await
    }

    /// Administrators: deletes accounts, ends their sessions and makes them leavers of every group. Each has a code of
    /// its own. More than 100 go out in several calls.
    ///
    /// # Errors
    /// Refused: 70403 (an administrator is required).
    pub async fn delete_accounts(
        &self,
        user_ids: &[String],
    ) -> Result<Vec<v1::delete_accounts_result::Result>> {
        in_portions(user_ids, PAGE, async |user_ids| {
            Ok(self.call(v1::DeleteAccounts { user_ids }).await?.results)
        })
        .await
    }

    /// Administrators: ends a user's sessions; UserSigs made before now are refused with 70052.
    ///
    /// # Errors
    /// Refused: 70403 (an administrator is required), 70107 (no such account).
    pub async fn kick(&self, user_id: impl Into<String>) -> Result<()> {
        self.call(v1::KickAccount { user_id: user_id.into() }).await.map(drop)
    }
}
