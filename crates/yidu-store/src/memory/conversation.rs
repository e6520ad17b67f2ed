//! Conversations as their members see them.

use async_trait::async_trait;
use yidu_proto::v1;

use super::feed::Topic;
use super::timeline::{Kind, Timeline};
use super::{MemoryStore, State};
use crate::conversation::{
    ClearAdvance, ClearUpTo, Cleared, ConversationKind, ConversationView, Conversations,
};
use crate::webhook::News;
use crate::{AppId, ConversationId, Millis, Ordinal, Result, Seq, StoreError, Tinyid};

#[async_trait]
impl Conversations for MemoryStore {
    async fn open_c2c(&self, app: AppId, one: Tinyid, other: Tinyid) -> Result<ConversationId> {
        self.write(|state| state.open_c2c(app, one, other))
    }

    async fn find_c2c(&self, app: AppId, one: Tinyid, other: Tinyid) -> Result<Option<ConversationId>> {
        self.read(|state| {
            let id = state.c2c.get(&(one.min(other), one.max(other))).copied();
            Ok(id.filter(|id| state.timeline(*id).is_ok_and(|timeline| timeline.app == app)))
        })
    }

    async fn conversation_kind(&self, conversation: ConversationId) -> Result<Option<ConversationKind>> {
        self.read(|state| Ok(state.timeline(conversation).ok().map(Timeline::kind)))
    }

    async fn conversation_ids(&self, user: Tinyid) -> Result<Vec<ConversationId>> {
        self.read(|state| Ok(state.joined(user).map(|(id, ..)| id).collect()))
    }

    async fn conversations(
        &self,
        user: Tinyid,
        after: Option<(Millis, ConversationId)>,
        limit: usize,
    ) -> Result<(Vec<ConversationView>, u64)> {
        self.read(|state| Ok(state.list(user, after, limit)))
    }

    async fn conversation(&self, user: Tinyid, conversation: ConversationId) -> Result<ConversationView> {
        self.read(|state| {
            let timeline = state.timeline(conversation)?;
            Ok(timeline.view(conversation, timeline.member(user)?))
        })
    }

    async fn clear_unread(
        &self,
        user: Tinyid,
        conversation: ConversationId,
        up_to: ClearUpTo,
        now: Millis,
    ) -> Result<Cleared> {
        self.write(|state| state.clear_unread(user, conversation, up_to, now))
    }

    async fn delete_conversation(&self, user: Tinyid, conversation: ConversationId) -> Result<u64> {
        self.write(|state| state.delete_conversation(user, conversation))
    }
}

impl State {
    /// A conversation that is there: not a dismissed group.
    pub(super) fn timeline(&self, id: ConversationId) -> Result<&Timeline> {
        let timeline = self.conversations.get(&id).filter(|timeline| timeline.is_live());
        timeline.ok_or(StoreError::NoSuchConversation)
    }

    pub(super) fn timeline_mut(&mut self, id: ConversationId) -> Result<&mut Timeline> {
        let timeline = self.conversations.get_mut(&id).filter(|timeline| timeline.is_live());
        timeline.ok_or(StoreError::NoSuchConversation)
    }

    pub(super) fn add_timeline(&mut self, timeline: Timeline) -> ConversationId {
        let newest = self.conversations.last_key_value().map_or(0, |(id, _)| id.0);
        let id = ConversationId(newest + 1);
        self.conversations.insert(id, timeline);
        id
    }

    fn open_c2c(&mut self, app: AppId, one: Tinyid, other: Tinyid) -> Result<ConversationId> {
        if one == other {
            return Err(StoreError::Invalid("a one-to-one conversation is between two different accounts"));
        }
        if !self.lives_in(app, one) || !self.lives_in(app, other) {
            return Err(StoreError::NoSuchAccount);
        }
        let pair = (one.min(other), one.max(other));
        if let Some(&id) = self.c2c.get(&pair) {
            return Ok(id);
        }
        let mut timeline = Timeline::new(app, Kind::C2c(pair.0, pair.1));
        timeline.join(pair.0, v1::Role::Member, 0);
        timeline.join(pair.1, v1::Role::Member, 0);
        let id = self.add_timeline(timeline);
        self.c2c.insert(pair, id);
        self.committed();
        Ok(id)
    }

    fn joined(&self, user: Tinyid) -> impl Iterator<Item = (ConversationId, &Timeline, Ordinal)> {
        let live = self.conversations.iter().filter(|(_, timeline)| timeline.is_live());
        live.filter_map(move |(&id, timeline)| Some((id, timeline, timeline.member(user).ok()?)))
    }

    fn list(
        &self,
        user: Tinyid,
        after: Option<(Millis, ConversationId)>,
        limit: usize,
    ) -> (Vec<ConversationView>, u64) {
        let listed = self.joined(user).filter(|(_, timeline, ordinal)| timeline.is_listed(*ordinal));
        let mut views: Vec<_> = listed.map(|(id, timeline, ordinal)| timeline.view(id, ordinal)).collect();
        let unread = views.iter().map(|view| view.unread).sum();
        let place = |active: Millis, id: ConversationId| (std::cmp::Reverse(active), id);
        views.sort_by_key(|view| place(view.active, view.id));
        if let Some((active, id)) = after {
            views.retain(|view| place(view.active, view.id) > place(active, id));
        }
        views.truncate(limit);
        (views, unread)
    }

    fn clear_unread(
        &mut self,
        user: Tinyid,
        conversation: ConversationId,
        up_to: ClearUpTo,
        now: Millis,
    ) -> Result<Cleared> {
        let timeline = self.timeline_mut(conversation)?;
        let ordinal = timeline.member(user)?;
        let seq = timeline.seq_of(up_to);
        if seq <= timeline.person(ordinal).read_seq {
            let read_seq = timeline.person(ordinal).read_seq;
            return Ok(Cleared { read_seq, unread: timeline.unread(ordinal), advance: None });
        }
        // Everything is cleared at this moment; a part of it, as of its newest message.
        let sent = timeline.stored(seq).map_or(now, |stored| stored.message.time_ms);
        let time = if seq == timeline.last_seq() { now } else { sent };
        let person = timeline.person_mut(ordinal);
        person.read_seq = seq;
        person.cleared = person.cleared.max(time);
        let time = person.cleared;
        let (unread, peer) = (timeline.unread(ordinal), timeline.peer(user));
        let own_change = self.note(user, Topic::UnreadCleared(conversation));
        let peer = peer.map(|peer| (peer, self.note(peer, Topic::PeerRead(conversation)), time));
        if let Some((peer, ..)) = peer {
            self.tell_of(conversation, now, |_| News::Cleared { reader: user, peer, time });
        }
        self.committed();
        Ok(Cleared { read_seq: seq, unread, advance: Some(ClearAdvance { own_change, peer }) })
    }

    fn delete_conversation(&mut self, user: Tinyid, conversation: ConversationId) -> Result<u64> {
        let timeline = self.timeline_mut(conversation)?;
        let ordinal = timeline.member(user)?;
        let last = timeline.last_seq();
        let person = timeline.person_mut(ordinal);
        person.unlisted_at = Some(last);
        person.history_deleted = last;
        person.read_seq = last;
        let number = self.note(user, Topic::ConversationDeleted(conversation));
        self.committed();
        Ok(number)
    }
}

impl Timeline {
    /// C2C: the other one.
    pub(super) fn peer(&self, user: Tinyid) -> Option<Tinyid> {
        match self.kind {
            Kind::C2c(one, other) if one == user => Some(other),
            Kind::C2c(one, _) => Some(one),
            Kind::Group(_) => None,
        }
    }

    /// C2C: up to when the user's peer has cleared.
    pub(super) fn peer_read(&self, user: Tinyid) -> Millis {
        let peer = self.peer(user).and_then(|peer| self.ordinals.get(&peer));
        peer.map_or(0, |&ordinal| self.person(ordinal).cleared)
    }

    pub(super) fn unread(&self, ordinal: Ordinal) -> u64 {
        let person = self.person(ordinal);
        let later = self.messages.iter().filter(|stored| stored.message.seq > person.read_seq);
        let counting = later.filter(|stored| stored.counts_unread && stored.audience.targets.is_none());
        counting.filter(|stored| stored.sender != person.user).count() as u64
    }

    fn is_listed(&self, ordinal: Ordinal) -> bool {
        let begun = self.group().is_some() || self.last_seq() > 0;
        begun && self.person(ordinal).unlisted_at.is_none_or(|at| self.last_seq() > at)
    }

    fn view(&self, id: ConversationId, ordinal: Ordinal) -> ConversationView {
        let person = self.person(ordinal);
        let last =
            self.messages.iter().rev().find(|stored| {
                self.may_see(ordinal, stored, false) && !stored.message.exclude_from_last_message
            });
        ConversationView {
            id,
            kind: self.kind(),
            last_seq: self.last_seq(),
            last_change: self.feed.len() as u64,
            last_message: last.map(|stored| self.message_view(id, ordinal, stored)),
            unread: self.unread(ordinal),
            read_seq: person.read_seq,
            peer_read: self.peer_read(person.user),
            active: self.messages.last().map_or(person.joined, |newest| newest.message.time_ms),
        }
    }

    fn seq_of(&self, up_to: ClearUpTo) -> Seq {
        match up_to {
            ClearUpTo::Newest => self.last_seq(),
            ClearUpTo::Seq(seq) => seq.min(self.last_seq()),
            ClearUpTo::Time(time) => {
                let old_enough = self.messages.iter().rev().find(|stored| stored.message.time_ms <= time);
                old_enough.map_or(0, |stored| stored.message.seq)
            }
        }
    }
}
