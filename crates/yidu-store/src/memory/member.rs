//! Members of groups.

use yidu_proto::{Element, ElementKind, v1};

use super::State;
use super::feed::Topic;
use super::group::check_tip;
use super::timeline::Timeline;
use crate::group::{Member, MemberChange, MemberOutcome, MembersChange, MembersChanged};
use crate::message::{Appended, NewMessage};
use crate::webhook::News;
use crate::{ConversationId, Ordinal, Result, Tinyid};

/// How many of those concerned a tip names.
const TIP_USERS: usize = 100;

impl State {
    pub(super) fn change_members(&mut self, change: MembersChange) -> Result<MembersChanged> {
        self.group_timeline(change.conversation)?;
        check_tip(change.conversation, change.tip.as_ref())?;
        let mut outcomes = Vec::new();
        let mut concerned = Vec::new();
        for &user in &change.users {
            let outcome = self.change_one(&change, user)?;
            if matches!(outcome, MemberOutcome::Done(_)) {
                concerned.push(user);
            }
            outcomes.push(outcome);
        }
        let next_seq = self.timeline(change.conversation)?.last_seq() + 1;
        if concerned.is_empty() {
            return Ok(MembersChanged { outcomes, next_seq, tip: None });
        }
        let names: Vec<String> = concerned.iter().take(TIP_USERS).map(|user| self.user_name(*user)).collect();
        let timeline = self.timeline_mut(change.conversation)?;
        let member_count = timeline.roster.members();
        let tip = change.tip.map(|tip| timeline.append(filled(tip, &names, member_count), true));
        self.tell_of(change.conversation, change.at, |timeline| News::Moved {
            group: timeline.group_name(),
            join: change.join,
            cause: change.cause,
            by: change.by,
            users: concerned,
        });
        self.committed();
        Ok(MembersChanged { outcomes, next_seq, tip })
    }

    fn change_one(&mut self, change: &MembersChange, user: Tinyid) -> Result<MemberOutcome> {
        let app = self.timeline(change.conversation)?.app;
        if change.join && !self.lives_in(app, user) {
            return Ok(MemberOutcome::NoSuchAccount);
        }
        let timeline = self.timeline_mut(change.conversation)?;
        if change.join == timeline.member(user).is_ok() {
            return Ok(MemberOutcome::Already);
        }
        if change.join && timeline.roster.members() >= change.max_members {
            return Ok(MemberOutcome::Full);
        }
        if change.join {
            timeline.join(user, v1::Role::Member, change.at);
        } else {
            timeline.leave(user);
        }
        timeline.moved(user, change.cause, Some(change.by));
        Ok(MemberOutcome::Done(self.note(user, Topic::Membership(change.conversation))))
    }

    pub(super) fn change_member(
        &mut self,
        conversation: ConversationId,
        user: Tinyid,
        change: MemberChange,
        tip: Option<NewMessage>,
    ) -> Result<Option<Appended>> {
        let timeline = self.group_timeline(conversation)?;
        check_tip(conversation, tip.as_ref())?;
        let ordinal = timeline.member(user)?;
        let person = timeline.person_mut(ordinal);
        if let Some(role) = change.role.and_then(|role| v1::Role::try_from(role).ok()) {
            person.role = role;
        }
        person.name_card = change.name_card.unwrap_or_else(|| person.name_card.clone());
        person.muted_until = change.muted_until.unwrap_or(person.muted_until);
        let tip = tip.map(|tip| timeline.append(tip, true));
        self.committed();
        Ok(tip)
    }
}

impl Timeline {
    /// Remembers why somebody is in or out.
    pub(super) fn moved(&mut self, user: Tinyid, cause: i32, by: Option<Tinyid>) {
        if let Some(&ordinal) = self.ordinals.get(&user) {
            self.person_mut(ordinal).moved = (cause, by);
        }
    }

    pub(super) fn members(&self, from: Ordinal, limit: usize) -> (Vec<Member>, Ordinal) {
        let mut ordinals = self.roster.iter_members_from(from);
        let members = ordinals.by_ref().take(limit).map(|ordinal| self.as_member(ordinal)).collect();
        (members, ordinals.next().unwrap_or(0))
    }

    pub(super) fn as_member(&self, ordinal: Ordinal) -> Member {
        let person = self.person(ordinal);
        Member {
            user: person.user,
            ordinal,
            role: person.role.into(),
            joined: person.joined,
            name_card: person.name_card.clone(),
            muted_until: person.muted_until,
        }
    }
}

/// A tip that names those concerned.
fn filled(mut tip: NewMessage, users: &[String], member_count: u32) -> NewMessage {
    for element in &mut tip.message.elements {
        if let Ok(Some(ElementKind::GroupTip(content))) = element.kind() {
            let content = v1::GroupTipElement { users: users.to_vec(), member_count, ..content };
            *element = Element::from(ElementKind::GroupTip(content));
        }
    }
    tip
}
