//! Groups and their members.

use yidu_proto::limits::{GROUPS, REMOVE_MEMBERS};
use yidu_proto::v1;

use super::in_portions;
use crate::Client;
use crate::error::Result;

/// Groups.
///
/// ```no_run
/// # async fn example(client: yidu_client::Client) -> yidu_client::Result<()> {
/// use yidu_client::v1::{CreateGroup, GroupType};
/// let team = client
///     .create_group(CreateGroup {
///         name: "Team".into(),
///         r#type: GroupType::Work.into(),
///         members: vec!["bob".into(), "carol".into()],
///         ..Default::default()
///     })
///     .await?;
/// client.add_members(&team, ["dave"]).await?;
/// # Ok(())
/// # }
/// ```
impl Client {
    /// Creates a group and returns its id. Everything but type and name may be left at its default.
    ///
    /// # Errors
    /// Refused: 10021, 10025 (the id is taken), 10004 (a field is wrong), 10019 (a first member has no account).
    pub async fn create_group(&self, group: v1::CreateGroup) -> Result<String> {
        Ok(self.call(group).await?.group_id)
    }

    /// Ends a group for everybody.
    ///
    /// # Errors
    /// Refused: 10007 (not the owner, or a Work group), 10010.
    pub async fn dismiss_group(&self, group_id: impl Into<String>) -> Result<()> {
        self.call(v1::DismissGroup { group_id: group_id.into() }).await.map(drop)
    }

    /// Joins a group, with a greeting of at most 300 bytes.
    ///
    /// # Errors
    /// Refused: 10007 (it takes no applications), 10013 (a member already), 10014 (full), 10010.
    pub async fn join_group(&self, group_id: impl Into<String>, hello: impl Into<String>) -> Result<()> {
        self.call(v1::JoinGroup { group_id: group_id.into(), hello: hello.into() }).await.map(drop)
    }

    /// Leaves a group.
    ///
    /// # Errors
    /// Refused: 10007 (not a member), 10009 (the owner of a group that is not Work), 10010.
    pub async fn quit_group(&self, group_id: impl Into<String>) -> Result<()> {
        self.call(v1::QuitGroup { group_id: group_id.into() }).await.map(drop)
    }

    /// Adds at most 20 users (an administrator: 1,000), each judged by itself.
    ///
    /// # Errors
    /// Refused: 10005 (too many), 10007, 10010.
    pub async fn add_members(
        &self,
        group_id: impl Into<String>,
        users: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<Vec<v1::MemberResult>> {
        let users = users.into_iter().map(Into::into).collect();
        let request = v1::AddMembers { group_id: group_id.into(), users, silent: false };
        Ok(self.call(request).await?.results)
    }

    /// Removes users, each judged by itself; who is no member counts as done. More than 100 go out in several calls.
    ///
    /// # Errors
    /// Refused: 10007, 10010.
    pub async fn remove_members(
        &self,
        group_id: &str,
        users: &[String],
        reason: &str,
    ) -> Result<Vec<v1::MemberResult>> {
        in_portions(users, REMOVE_MEMBERS, async |users| {
            let (group_id, reason) = (group_id.to_owned(), reason.to_owned());
            Ok(self.call(v1::RemoveMembers { group_id, users, reason, silent: false }).await?.results)
        })
        .await
    }

    /// These groups, each with a code of its own. More than 50 go out in several calls.
    ///
    /// # Errors
    /// The kinds of [`ErrorKind`](crate::ErrorKind) that are about the way to the server.
    pub async fn groups(&self, group_ids: &[String]) -> Result<Vec<v1::GroupResult>> {
        in_portions(group_ids, GROUPS, async |group_ids| {
            Ok(self.call(v1::GetGroups { group_ids }).await?.groups)
        })
        .await
    }

    /// A page of a group's members by order of joining. Begin with `cursor` 0 and go on with `next_cursor` until it is
    /// 0; `limit` is at most 1,000, and 0 means 100. By role or by name: [`call`](Client::call) with `ListMembers`.
    ///
    /// # Errors
    /// Refused: 10007, 10010.
    pub async fn members(
        &self,
        group_id: impl Into<String>,
        cursor: u64,
        limit: u32,
    ) -> Result<v1::ListMembersResult> {
        let group_id = group_id.into();
        self.call(v1::ListMembers { group_id, cursor, limit, ..Default::default() }).await
    }

    /// A page of the groups one is in. The cursor is empty for the first page, then the page's `next_cursor`, which is
    /// empty on the last one; `limit` is at most 100, and 0 means 100.
    ///
    /// # Errors
    /// Refused: 6017 (a cursor that is none).
    pub async fn joined_groups(
        &self,
        cursor: impl Into<String>,
        limit: u32,
    ) -> Result<v1::ListJoinedGroupsResult> {
        self.call(v1::ListJoinedGroups { cursor: cursor.into(), limit }).await
    }

    /// Changes what is set and returns the group as it is then.
    ///
    /// # Errors
    /// Refused: 10007 (owner and admins only; in Work groups any member may), 10004, 10010.
    pub async fn modify_group(&self, change: v1::ModifyGroup) -> Result<v1::Group> {
        Ok(self.call(change).await?.group.unwrap_or_default())
    }

    /// Changes a member's role, name card or muting: what is set.
    ///
    /// # Errors
    /// Refused: 10007, 10004, 10010.
    pub async fn modify_member(&self, change: v1::ModifyMember) -> Result<()> {
        self.call(change).await.map(drop)
    }

    /// Makes another member the owner; the old owner stays as a member.
    ///
    /// # Errors
    /// Refused: 10007, 10010.
    pub async fn transfer_group(&self, group_id: impl Into<String>, owner: impl Into<String>) -> Result<()> {
        self.call(v1::TransferGroup { group_id: group_id.into(), owner: owner.into() }).await.map(drop)
    }
}
