//! Who is in a group.

use yidu_proto::{limits, v1};
use yidu_store::group::{Group, Member};
use yidu_store::{Ordinal, Seq, StoreError, Tinyid};

use crate::service::failure::About;
use crate::service::place::page_size;
use crate::service::{Caller, Failure, Service};

/// Members in a page when the request does not say.
const MEMBERS: usize = 100;

/// Members that one request looks at to find those of the roles it asks for; a page may so be short and not the last.
const LOOKED_AT: usize = 10_000;

impl Service {
    /// A page of the members by order of joining, or certain members. Members and administrators only. Errors: 6017, 10007,
    /// 10010, 10015.
    pub async fn list_members(
        &self,
        caller: &Caller,
        request: v1::ListMembers,
    ) -> Result<v1::ListMembersResult, Failure> {
        let limit = page_size(request.limit, MEMBERS, limits::MEMBERS)?;
        let from = Ordinal::try_from(request.cursor)
            .map_err(|_| Failure::invalid("the cursor is none that a page has returned"))?;
        if request.users.len() > limits::PAGE {
            return Err(Failure::invalid(format!("more than {} users", limits::PAGE)));
        }
        let group = self.group(caller.app, &request.group_id).await?;
        let standing = self.standing(caller, group.conversation).await?;
        if !standing.is_member() && !standing.administrator {
            return Err(Failure::forbidden("only members see who is in the group"));
        }
        let (members, next) = if request.users.is_empty() {
            self.page_of_members(&group, from, limit, &request.roles).await?
        } else {
            (self.certain_members(caller, &group, &request.users, &request.roles).await?, 0)
        };
        let people = self.people(members.iter().map(|member| member.user).collect()).await?;
        let members = members.into_iter().map(|member| v1::Member {
            profile: Some(people.profile(member.user)),
            role: member.role,
            joined_ms: member.joined,
            name_card: member.name_card,
            muted_until_ms: member.muted_until,
        });
        Ok(v1::ListMembersResult { members: members.collect(), next_cursor: next.into() })
    }

    /// The cursor of [`Service::list_members`] with which the list begins behind so many members; `None` when there are not so
    /// many. Reads no members. Administrators only. Errors: 10010, 10015, 70403.
    pub async fn member_cursor(
        &self,
        caller: &Caller,
        group_id: &str,
        before: u32,
    ) -> Result<Option<u64>, Failure> {
        self.require_administrator(caller).await?;
        let id = self.find_group(caller.app, group_id).await?;
        let ordinal = self.store.nth_member(id, before).await.map_err(Failure::of(About::Group))?;
        Ok(ordinal.map(u64::from))
    }

    /// Up to which seq members have cleared their unread counts of a group, in order; 0 for who is none. Administrators
    /// only. Errors: 10010, 10015, 70403.
    pub async fn read_positions(
        &self,
        caller: &Caller,
        group_id: &str,
        users: &[String],
    ) -> Result<Vec<Seq>, Failure> {
        self.require_administrator(caller).await?;
        let id = self.find_group(caller.app, group_id).await?;
        let mut positions = Vec::with_capacity(users.len());
        for account in self.accounts(caller.app, users).await? {
            let Some(account) = account else {
                positions.push(0);
                continue;
            };
            match self.store.conversation(account.tinyid, id).await {
                Ok(conversation) => positions.push(conversation.read_seq),
                Err(StoreError::NotMember) => positions.push(0),
                Err(error) => return Err(Failure::of(About::Group)(error)),
            }
        }
        Ok(positions)
    }

    async fn page_of_members(
        &self,
        group: &Group,
        mut from: Ordinal,
        limit: usize,
        roles: &[i32],
    ) -> Result<(Vec<Member>, Ordinal), Failure> {
        let mut page = Vec::new();
        let mut looked_at = 0;
        loop {
            let found = self.store.members(group.conversation, from, limit - page.len()).await;
            let (found, next) = found.map_err(Failure::of(About::Group))?;
            looked_at += found.len();
            page.extend(found.into_iter().filter(|member| asked(roles, member)));
            if next == 0 || page.len() == limit || looked_at >= LOOKED_AT {
                return Ok((page, next));
            }
            from = next;
        }
    }

    async fn certain_members(
        &self,
        caller: &Caller,
        group: &Group,
        users: &[String],
        roles: &[i32],
    ) -> Result<Vec<Member>, Failure> {
        let accounts = self.accounts(caller.app, users).await?;
        let tinyids: Vec<Tinyid> = accounts.into_iter().flatten().map(|account| account.tinyid).collect();
        let found = self.store.members_by_user(group.conversation, &tinyids).await;
        let found = found.map_err(Failure::of(About::Group))?;
        Ok(found.into_iter().flatten().filter(|member| asked(roles, member)).collect())
    }
}

fn asked(roles: &[i32], member: &Member) -> bool {
    roles.is_empty() || roles.contains(&member.role)
}
