//! Tips: what a group is told of itself. A tip is a message that is appended in the same commit as the change it tells of,
//! so that everybody sees it at its place between the other messages.

use std::sync::Arc;

use yidu_proto::v1::group_tip_element::{GroupChange, MemberChange, Type};
use yidu_proto::{Element, ElementKind, v1};
use yidu_store::ConversationId;
use yidu_store::group::Group;
use yidu_store::message::{Appended, NewMessage};

use super::message::message_id;
use super::place::group_ref;
use super::sequence::{Moment, Turn};
use super::{Caller, Failure, Service, policy};
use crate::bus::{Body, Event, Topic};

/// Users that a tip names at most.
const NAMED: usize = 100;

/// A tip on its way. In types that store no messages it is delivered only.
pub(super) struct Tip {
    message: NewMessage,
    stored: bool,
}

impl Service {
    /// A tip by the caller; several elements when one change has several sides. Not counted as unread.
    pub(super) async fn tip(
        &self,
        caller: &Caller,
        group: &Group,
        elements: Vec<v1::GroupTipElement>,
    ) -> Result<Tip, Failure> {
        let by = self.own_account(caller).await?;
        let stored = policy::of(group.info.r#type()).stores_messages;
        let now = self.clock.now();
        let random: u32 = rand::random();
        let message = v1::Message {
            id: message_id(caller.tinyid, now / 1_000, random),
            to: Some(group_ref(&group.info.id)),
            from: by.user.clone(),
            time_ms: now,
            client_time_s: now / 1_000,
            random,
            elements: elements.into_iter().map(|tip| ElementKind::GroupTip(tip).into()).collect(),
            online_only: !stored,
            exclude_from_unread: true,
            platform: caller.platform,
            from_nick: by.nick.clone(),
            from_avatar_url: by.avatar_url.clone(),
            ..Default::default()
        };
        let message = NewMessage {
            conversation: group.conversation,
            sender: caller.tinyid,
            as_administrator: true,
            message,
            targets: None,
            counts_unread: false,
            untold: true,
        };
        Ok(Tip { message, stored })
    }
}

impl Tip {
    /// What the store is to append; `None` in types that store no messages.
    pub(super) fn for_store(&self) -> Option<NewMessage> {
        self.stored.then(|| self.message.clone())
    }

    /// Names those concerned, as the store does in a tip that it appends.
    pub(super) fn concerning(mut self, users: impl Iterator<Item = String>, member_count: u32) -> Tip {
        let users: Vec<String> = users.take(NAMED).collect();
        let fill = |element: &Element| match element.kind() {
            Ok(Some(ElementKind::GroupTip(tip))) => {
                ElementKind::GroupTip(v1::GroupTipElement { users: users.clone(), member_count, ..tip })
                    .into()
            }
            Ok(_) | Err(_) => element.clone(),
        };
        let elements = &mut self.message.message.elements;
        *elements = elements.iter().map(fill).collect();
        self
    }

    /// The event for everybody in the group; `None` when the store had nothing to append it to. The caller's session gets
    /// it too: the answer of its request does not hold it.
    pub(super) fn event(self, appended: Option<Appended>) -> Option<Event> {
        let conversation = self.message.conversation;
        match appended {
            Some(appended) => Some(event(conversation, appended.message)),
            None if self.stored => None,
            None => Some(event(conversation, self.message.message)),
        }
    }

    /// Tells the group when the turn has come.
    pub(super) fn tell(self, turn: Turn<'_>, appended: Option<Appended>) {
        // What no store has appended has no place between the messages.
        let moment = Moment::at(appended.as_ref().map_or(0, |appended| appended.message.seq));
        turn.answered(moment, self.event(appended).into_iter().collect());
    }
}

fn event(conversation: ConversationId, message: v1::Message) -> Event {
    let body = Body::Message(Arc::new(message));
    Event { topic: Topic::Conversation(conversation), except: None, only: None, body }
}

/// People came or went; who and how many is filled in when that is known.
pub(super) fn membership(by: &str, kind: Type, join_type: u32, reason: String) -> v1::GroupTipElement {
    v1::GroupTipElement { r#type: kind.into(), by: by.to_owned(), join_type, reason, ..Default::default() }
}

/// A member's role changed.
pub(super) fn role(by: &str, user: &str, admin: bool, member_count: u32) -> v1::GroupTipElement {
    let kind = if admin { Type::AdminSet } else { Type::AdminCancelled };
    v1::GroupTipElement {
        r#type: kind.into(),
        by: by.to_owned(),
        users: vec![user.to_owned()],
        member_count,
        ..Default::default()
    }
}

/// A member was muted, or may write again.
pub(super) fn muted(by: &str, user: &str, until: u64, member_count: u32) -> v1::GroupTipElement {
    v1::GroupTipElement {
        r#type: Type::MemberChanged.into(),
        by: by.to_owned(),
        users: vec![user.to_owned()],
        member_count,
        member_changes: vec![MemberChange { user_id: user.to_owned(), muted_until_ms: until }],
        ..Default::default()
    }
}

/// The group's description changed.
pub(super) fn group_changed(by: &str, changes: Vec<GroupChange>, member_count: u32) -> v1::GroupTipElement {
    v1::GroupTipElement {
        r#type: Type::GroupChanged.into(),
        by: by.to_owned(),
        member_count,
        group_changes: changes,
        ..Default::default()
    }
}
