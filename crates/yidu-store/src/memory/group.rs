//! Groups as wholes.

use async_trait::async_trait;
use yidu_proto::v1;

use super::feed::Topic;
use super::timeline::{GroupState, Kind, Timeline};
use super::{MemoryStore, State, names_behind};
use crate::group::{
    Group, GroupChange, Groups, Member, MemberChange, MembersChange, MembersChanged, NewGroup,
};
use crate::message::{Appended, NewMessage};
use crate::webhook::News;
use crate::{AppId, ConversationId, Millis, Ordinal, Result, StoreError, Tinyid};

#[async_trait]
impl Groups for MemoryStore {
    async fn create_group(&self, group: NewGroup) -> Result<(Group, Vec<(Tinyid, u64)>)> {
        self.write(|state| state.create_group(group))
    }

    async fn groups(&self, app: AppId, ids: &[String]) -> Result<Vec<Option<Group>>> {
        self.read(|state| {
            let conversation = |id: &String| state.group_ids.get(&(app, id.clone())).copied();
            Ok(ids.iter().map(|id| state.group(conversation(id)?).ok()).collect())
        })
    }

    async fn group_of(&self, conversation: ConversationId) -> Result<Option<Group>> {
        self.read(|state| Ok(state.group(conversation).ok()))
    }

    async fn list_groups(
        &self,
        app: AppId,
        after: &str,
        limit: usize,
    ) -> Result<(Vec<Group>, Option<String>)> {
        self.read(|state| {
            let (found, next) = names_behind(&state.group_ids, app, after, limit);
            Ok((found.iter().filter_map(|id| state.group(*id).ok()).collect(), next))
        })
    }

    async fn change_group(
        &self,
        conversation: ConversationId,
        change: GroupChange,
    ) -> Result<(Group, Option<Appended>)> {
        self.write(|state| state.change_group(conversation, change))
    }

    async fn change_members(&self, change: MembersChange) -> Result<MembersChanged> {
        self.write(|state| state.change_members(change))
    }

    async fn change_member(
        &self,
        conversation: ConversationId,
        user: Tinyid,
        change: MemberChange,
        tip: Option<NewMessage>,
    ) -> Result<Option<Appended>> {
        self.write(|state| state.change_member(conversation, user, change, tip))
    }

    async fn members(
        &self,
        conversation: ConversationId,
        from: Ordinal,
        limit: usize,
    ) -> Result<(Vec<Member>, Ordinal)> {
        self.read(|state| Ok(state.timeline(conversation)?.members(from, limit)))
    }

    async fn nth_member(&self, conversation: ConversationId, before: u32) -> Result<Option<Ordinal>> {
        self.read(|state| {
            let mut members = state.timeline(conversation)?.roster.iter_members();
            Ok(members.nth(before as usize))
        })
    }

    async fn members_by_user(
        &self,
        conversation: ConversationId,
        users: &[Tinyid],
    ) -> Result<Vec<Option<Member>>> {
        self.read(|state| {
            let timeline = state.timeline(conversation)?;
            let member = |user: &Tinyid| timeline.member(*user).ok().map(|o| timeline.as_member(o));
            Ok(users.iter().map(member).collect())
        })
    }

    async fn dismiss_group(&self, conversation: ConversationId, at: Millis) -> Result<()> {
        self.write(|state| state.dismiss_group(conversation, at))
    }
}

impl State {
    fn create_group(&mut self, new: NewGroup) -> Result<(Group, Vec<(Tinyid, u64)>)> {
        let id = (new.app, new.info.id.clone());
        if let Some(taken) = self.group_ids.get(&id) {
            let owner = self.group(*taken).ok().and_then(|group| group.owner);
            return Err(StoreError::GroupExists { owner });
        }
        let owner = new.owner.filter(|owner| self.lives_in(new.app, *owner));
        let (created, by) = (new.info.created_ms, new.by);
        let group = GroupState { info: new.info, owner, dismissed: false };
        let mut timeline = Timeline::new(new.app, Kind::Group(Box::new(group)));
        let mut first = Vec::new();
        let roles = owner.map(|owner| (owner, v1::Role::Owner)).into_iter();
        for (user, role) in roles.chain(new.members.into_iter().map(|user| (user, v1::Role::Member))) {
            if self.lives_in(new.app, user) && timeline.join(user, role, created) {
                timeline.moved(user, v1::membership::Cause::Created.into(), owner);
                first.push(user);
            }
        }
        let conversation = self.add_timeline(timeline);
        self.group_ids.insert(id, conversation);
        let numbered = |user| (user, self.note(user, Topic::Membership(conversation)));
        let members = first.into_iter().map(numbered).collect();
        self.tell_of(conversation, created, |timeline| News::Founded {
            group: timeline.group_name(),
            name: timeline.group().map(|group| group.info.name.clone()).unwrap_or_default(),
            by: by.or(owner),
            owner,
            users: timeline.first_members(),
        });
        self.committed();
        Ok((self.group(conversation)?, members))
    }

    /// A group with what the store fills.
    pub(super) fn group(&self, conversation: ConversationId) -> Result<Group> {
        let timeline = self.timeline(conversation)?;
        let group = timeline.group().ok_or(StoreError::NoSuchConversation)?;
        let info = v1::Group {
            owner: group.owner.map(|owner| self.user_name(owner)).unwrap_or_default(),
            member_count: timeline.roster.members(),
            last_seq: timeline.last_seq(),
            ..group.info.clone()
        };
        Ok(Group { conversation, app: timeline.app, info, owner: group.owner })
    }

    /// The conversation of a group; one-to-one conversations are none.
    pub(super) fn group_timeline(&mut self, conversation: ConversationId) -> Result<&mut Timeline> {
        let timeline = self.timeline_mut(conversation)?;
        if timeline.group().is_some() { Ok(timeline) } else { Err(StoreError::NoSuchConversation) }
    }

    fn change_group(
        &mut self,
        conversation: ConversationId,
        change: GroupChange,
    ) -> Result<(Group, Option<Appended>)> {
        let timeline = self.group_timeline(conversation)?;
        check_tip(conversation, change.tip.as_ref())?;
        let owner = change.owner.map(|owner| timeline.member(owner)).transpose()?;
        if let (Some(info), Some(group)) = (change.info, timeline.group_mut()) {
            group.info = v1::Group { id: group.info.id.clone(), r#type: group.info.r#type, ..info };
        }
        if let Some(owner) = owner {
            timeline.transfer(owner);
        }
        let tip = change.tip.map(|tip| timeline.append(tip, true));
        let app = timeline.app;
        self.audit(app, change.note);
        self.committed();
        Ok((self.group(conversation)?, tip))
    }

    fn dismiss_group(&mut self, conversation: ConversationId, at: Millis) -> Result<()> {
        self.group_timeline(conversation)?;
        self.tell_of(conversation, at, |timeline| News::Dismissed {
            group: timeline.group_name(),
            name: timeline.group().map(|group| group.info.name.clone()).unwrap_or_default(),
            owner: timeline.group().and_then(|group| group.owner),
            users: timeline.first_members(),
        });
        let group = self.timeline_mut(conversation)?.group_mut().ok_or(StoreError::NoSuchConversation)?;
        group.dismissed = true;
        self.committed();
        Ok(())
    }
}

impl Timeline {
    fn transfer(&mut self, to: Ordinal) {
        let new = self.person(to).user;
        let old = self.group_mut().and_then(|group| group.owner.replace(new));
        if let Some(&old) = old.and_then(|old| self.ordinals.get(&old)) {
            self.person_mut(old).role = v1::Role::Member;
        }
        self.person_mut(to).role = v1::Role::Owner;
    }
}

pub(super) fn check_tip(conversation: ConversationId, tip: Option<&NewMessage>) -> Result<()> {
    if tip.is_none_or(|tip| tip.conversation == conversation) {
        Ok(())
    } else {
        Err(StoreError::Invalid("a tip goes into the conversation that is changed"))
    }
}
