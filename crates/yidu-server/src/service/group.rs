//! Groups: what they are, who leads them, their end.

use std::hash::{BuildHasher, RandomState};

use serde_json::json;
use tokio::sync::{Mutex, MutexGuard};
use yidu_proto::v1::group_tip_element::GroupChange as Told;
use yidu_proto::{Code, limits, v1};
use yidu_store::conversation::ConversationKind;
use yidu_store::group::{Group, GroupChange, Member};
use yidu_store::{AppId, ConversationId, StoreError, Tinyid};

use super::audit::real;
use super::failure::About;
use super::place::{check_count, group_ref, page_size};
use super::policy::{self, Standing};
use super::settings::member_limit;
use super::tips::group_changed;
use super::{Caller, Failure, Note, Service, receipt};
use crate::bus::{Body, Event, Topic};

mod create;
mod modify;

/// The vendor's number for a change of the owner.
const CHANGED_OWNER: u32 = 5;

/// Held while a group's description is read, changed and written back as a whole, so that no change undoes another.
#[derive(Default)]
pub(super) struct Changing {
    locks: [Mutex<()>; 32],
    hasher: RandomState,
}

impl Changing {
    async fn one_at_a_time(&self, conversation: ConversationId) -> MutexGuard<'_, ()> {
        let hash = self.hasher.hash_one(conversation);
        let slot = usize::try_from(hash % 32).unwrap_or_default();
        self.locks[slot].lock().await
    }
}

impl Service {
    /// What groups are, in order of the ids, each with a code of its own. Errors: 6017.
    pub async fn get_groups(
        &self,
        caller: &Caller,
        request: v1::GetGroups,
    ) -> Result<v1::GetGroupsResult, Failure> {
        check_count(request.group_ids.len(), limits::GROUPS, "group ids")?;
        let app = self.app(caller.app).await?;
        let found = self.store.groups(caller.app, &request.group_ids).await;
        let found = found.map_err(Failure::of(About::Group))?;
        let mut groups = Vec::with_capacity(found.len());
        for (group_id, group) in request.group_ids.into_iter().zip(found) {
            let seen = match &group {
                None => Err(Code::NoSuchGroup),
                Some(group) if policy::of(group.info.r#type()).public => Ok(group),
                Some(group) => {
                    let standing = self.standing(caller, group.conversation).await?;
                    let seen = standing.administrator || standing.is_member();
                    if seen { Ok(group) } else { Err(Code::NoPermission) }
                }
            };
            groups.push(match seen {
                Ok(group) => v1::GroupResult { group_id, code: 0, group: Some(wire(&app.settings, group)) },
                Err(code) => v1::GroupResult { group_id, code: code.number(), group: None },
            });
        }
        Ok(v1::GetGroupsResult { groups })
    }

    /// The groups the caller is in, oldest first, by pages. Errors: 6017.
    pub async fn list_joined_groups(
        &self,
        caller: &Caller,
        request: v1::ListJoinedGroups,
    ) -> Result<v1::ListJoinedGroupsResult, Failure> {
        let limit = page_size(request.limit, limits::PAGE, limits::PAGE)?;
        let after = match request.cursor.as_str() {
            "" => 0,
            cursor => {
                cursor.parse().map_err(|_| Failure::invalid("the cursor is none that a page has returned"))?
            }
        };
        let app = self.app(caller.app).await?;
        let mut ids =
            self.store.conversation_ids(caller.tinyid).await.map_err(Failure::of(About::Account))?;
        ids.sort_unstable();
        let mut page = v1::ListJoinedGroupsResult::default();
        let mut last = 0;
        for id in ids.into_iter().filter(|id| id.0 > after) {
            if page.groups.len() == limit {
                page.next_cursor = last.to_string();
                break;
            }
            last = id.0;
            if let Some(ConversationKind::Group(_)) = self.kinds(vec![id]).await?.get(&id).map(|kind| &**kind)
                && let Some(group) = self.store.group_of(id).await.map_err(Failure::of(About::Group))?
            {
                page.groups.push(wire(&app.settings, &group));
            }
        }
        Ok(page)
    }

    /// Ends a group: members who are online are told, everybody else finds it gone (10010). The owner where the type lets
    /// the owner, and administrators, of whom it is noted in the audit log. Errors: 10007, 10010, 10015.
    pub async fn dismiss_group(
        &self,
        caller: &Caller,
        request: v1::DismissGroup,
    ) -> Result<v1::DismissGroupResult, Failure> {
        let group = self.group(caller.app, &request.group_id).await?;
        let standing = self.standing(caller, group.conversation).await?;
        let policy = policy::of(group.info.r#type());
        if !standing.may(policy.dismiss) {
            return Err(Failure::forbidden(match policy.dismiss {
                policy::Who::Nobody => format!("{} groups are dismissed by administrators only", policy.name),
                policy::Who::Owner | policy::Who::Managers | policy::Who::Members => {
                    "only the owner dismisses the group".to_owned()
                }
            }));
        }
        self.store
            .dismiss_group(group.conversation, self.clock.now())
            .await
            .map_err(Failure::of(About::Group))?;
        tracing::info!(app = caller.app.0, group = %request.group_id, by = %caller.user, "a group was dismissed");

        // Not an entry of a feed: the feed has gone with the group.
        let change = v1::ConversationChange {
            to: Some(group_ref(&request.group_id)),
            number: 0,
            thing: Some(v1::conversation_change::Thing::Dismissed(v1::Dismissed {
                by: caller.user.to_string(),
            })),
        };
        self.announce(vec![Event {
            topic: Topic::Conversation(group.conversation),
            except: Some(caller.session),
            only: None,
            body: Body::ConversationChange(change),
        }]);
        if standing.administrator {
            let v1::Group { name, owner, member_count, last_seq, .. } = &group.info;
            let before = json!({"type": policy.name, "name": name, "owner": owner, "member_count": member_count,
                "last_seq": last_seq});
            let note = Note {
                before: before.to_string(),
                ..self.entry(real(caller), "group.dismissed", &*group.info.id)
            };
            self.note(caller.app, note).await?;
        }
        Ok(v1::DismissGroupResult {})
    }

    /// Makes another member the owner; the old one stays as an ordinary member. Handing a group to its owner changes
    /// nothing. The owner and administrators. Errors: 10007, 10010, 10015.
    pub async fn transfer_group(
        &self,
        caller: &Caller,
        request: v1::TransferGroup,
    ) -> Result<v1::TransferGroupResult, Failure> {
        let group = self.group(caller.app, &request.group_id).await?;
        if !self.standing(caller, group.conversation).await?.may(policy::Who::Owner) {
            return Err(Failure::forbidden("only the owner hands the group over"));
        }
        let no_member = || Failure::forbidden(format!("{} is not in the group", request.owner));
        let owner = self.account(caller.app, &request.owner).await?.ok_or_else(no_member)?;
        if group.owner == Some(owner.tinyid) {
            return Ok(v1::TransferGroupResult {});
        }
        let told = Told { what: CHANGED_OWNER, value: owner.user.clone(), bool_value: false };
        let tip = group_changed(&caller.user, vec![told], group.info.member_count);
        let tip = self.tip(caller, &group, vec![tip]).await?;
        let change = GroupChange { owner: Some(owner.tinyid), tip: tip.for_store(), ..Default::default() };
        let turn = self.turn(group.conversation);
        let changed = self.store.change_group(group.conversation, change).await;
        let (_, appended) = changed.map_err(|error| match error {
            StoreError::NotMember => no_member(),
            other => Failure::of(About::Group)(other),
        })?;
        tip.tell(turn, appended);
        Ok(v1::TransferGroupResult {})
    }

    /// A group by id. Errors: 10010, 10015.
    pub(super) async fn group(&self, app: AppId, group_id: &str) -> Result<Group, Failure> {
        if group_id.is_empty() || group_id.len() > limits::GROUP_ID_BYTES {
            return Err(Failure::new(Code::InvalidGroupId, "a group id has 1 to 48 bytes"));
        }
        let found =
            self.store.groups(app, &[group_id.to_owned()]).await.map_err(Failure::of(About::Group))?;
        let group = found.into_iter().next().flatten().ok_or_else(|| no_group(group_id))?;
        self.keep_group(app, group_id, group.conversation);
        Ok(group)
    }

    /// The group of a conversation. Errors: 10010.
    pub(super) async fn group_of(&self, conversation: ConversationId) -> Result<Group, Failure> {
        let group = self.store.group_of(conversation).await.map_err(Failure::of(About::Group))?;
        group.ok_or_else(|| Failure::of(About::Group)(StoreError::NoSuchConversation))
    }

    /// A member now. Errors: 10010.
    pub(super) async fn member(
        &self,
        conversation: ConversationId,
        user: Tinyid,
    ) -> Result<Option<Member>, Failure> {
        let found =
            self.store.members_by_user(conversation, &[user]).await.map_err(Failure::of(About::Group))?;
        Ok(found.into_iter().next().flatten())
    }

    /// What the caller is in a conversation. Errors: 10010.
    pub(super) async fn standing(
        &self,
        caller: &Caller,
        conversation: ConversationId,
    ) -> Result<Standing, Failure> {
        let member = self.member(conversation, caller.tinyid).await?;
        let role = member.map_or(v1::Role::None as i32, |member| member.role);
        Ok(Standing { administrator: self.administers(caller).await?, role })
    }
}

/// A group as its members see it.
pub(super) fn wire(settings: &v1::AppSettings, group: &Group) -> v1::Group {
    v1::Group {
        max_members: max_members(settings, &group.info),
        receipts_work: receipt::refusal(settings, &group.info).is_none(),
        ..group.info.clone()
    }
}

/// Members the group may have: what it was made for, at most what the app allows. 0 in the stored description stands for
/// what the app allows at any time.
pub(super) fn max_members(settings: &v1::AppSettings, info: &v1::Group) -> u32 {
    let limit = member_limit(settings, info.r#type());
    if info.max_members == 0 { limit } else { info.max_members.min(limit) }
}

fn no_group(group_id: &str) -> Failure {
    Failure::new(Code::NoSuchGroup, format!("there is no group {group_id}, or it was dismissed"))
}

/// Events that tell a user to be in a group now, or no longer.
pub(super) fn membership_event(
    caller: &Caller,
    group_id: &str,
    user: Tinyid,
    number: u64,
    cause: v1::membership::Cause,
    member: bool,
) -> Event {
    let membership = v1::Membership {
        group_id: group_id.to_owned(),
        member,
        cause: cause.into(),
        by: caller.user.to_string(),
    };
    let change = v1::Change { number, thing: Some(v1::change::Thing::Membership(membership)) };
    Event {
        topic: Topic::User(user),
        except: Some(caller.session),
        only: None,
        body: Body::Changes(vec![change]),
    }
}

/// An event that makes a user's sessions hear, or no longer hear, of a conversation: for every session, the caller's too.
pub(super) fn subscription_event(user: Tinyid, conversation: ConversationId, member: bool) -> Event {
    let body = if member { Body::Entered(conversation) } else { Body::Departed(conversation) };
    Event { topic: Topic::User(user), except: None, only: None, body }
}
