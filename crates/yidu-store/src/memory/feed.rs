//! Change feeds of users.

use std::collections::BTreeMap;

use async_trait::async_trait;
use yidu_proto::v1;

use super::{MemoryStore, State};
use crate::feed::{Change, ChangePage, Feeds, Thing};
use crate::{ConversationId, Result, Seq, Tinyid};

/// A feed: which topics have an entry at which number.
#[derive(Default)]
pub(super) struct Feed {
    newest: u64,
    entries: BTreeMap<u64, Topic>,
}

/// What an entry is about; the newest state is looked up when the feed is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Topic {
    Receipt(ConversationId, Seq),
    PeerRead(ConversationId),
    UnreadCleared(ConversationId),
    Membership(ConversationId),
    Profile,
    ConversationDeleted(ConversationId),
}

#[async_trait]
impl Feeds for MemoryStore {
    async fn position(&self, user: Tinyid) -> Result<u64> {
        self.read(|state| Ok(state.feeds.get(&user).map_or(0, |feed| feed.newest)))
    }

    async fn changes(&self, user: Tinyid, after: u64, limit: usize) -> Result<ChangePage> {
        self.read(|state| Ok(state.changes(user, after, limit)))
    }
}

impl State {
    /// Gives the user's next number to a topic in place of the one it had.
    pub(super) fn note(&mut self, user: Tinyid, topic: Topic) -> u64 {
        let feed = self.feeds.entry(user).or_default();
        feed.newest += 1;
        feed.entries.retain(|_, other| *other != topic);
        feed.entries.insert(feed.newest, topic);
        feed.newest
    }

    fn changes(&self, user: Tinyid, after: u64, limit: usize) -> ChangePage {
        let Some(feed) = self.feeds.get(&user) else {
            return ChangePage { changes: Vec::new(), position: 0, finished: true };
        };
        let newer = feed.entries.iter().filter(|(number, _)| **number > after);
        let mut things =
            newer.filter_map(|(&number, topic)| Some(Change { number, thing: self.thing(user, *topic)? }));
        let changes: Vec<Change> = things.by_ref().take(limit).collect();
        let finished = things.next().is_none();
        let position = match changes.last() {
            Some(last) if !finished => last.number,
            Some(_) | None => feed.newest,
        };
        ChangePage { changes, position, finished }
    }

    /// `None`: of a group that is no more only the membership is told.
    fn thing(&self, user: Tinyid, topic: Topic) -> Option<Thing> {
        match topic {
            Topic::Receipt(conversation, seq) => {
                let timeline = self.timeline(conversation).ok()?;
                Some(Thing::Receipt(timeline.receipt_state(conversation, timeline.stored(seq)?)))
            }
            Topic::PeerRead(conversation) => {
                let timeline = self.timeline(conversation).ok()?;
                Some(Thing::PeerRead { conversation, time: timeline.peer_read(user) })
            }
            Topic::UnreadCleared(conversation) => {
                let timeline = self.timeline(conversation).ok()?;
                let ordinal = timeline.member(user).ok()?;
                let read_seq = timeline.person(ordinal).read_seq;
                Some(Thing::UnreadCleared { conversation, read_seq, unread: timeline.unread(ordinal) })
            }
            Topic::Membership(conversation) => Some(self.membership(user, conversation)),
            Topic::Profile => Some(Thing::Profile),
            Topic::ConversationDeleted(conversation) => {
                self.timeline(conversation).ok()?;
                Some(Thing::ConversationDeleted { conversation })
            }
        }
    }

    fn membership(&self, user: Tinyid, conversation: ConversationId) -> Thing {
        let gone = || {
            let cause = v1::membership::Cause::Dismissed.into();
            Thing::Membership { conversation, member: false, cause, by: None }
        };
        let Ok(timeline) = self.timeline(conversation) else { return gone() };
        let Some(person) = timeline.people.iter().find(|person| person.user == user) else { return gone() };
        let (cause, by) = person.moved;
        Thing::Membership { conversation, member: timeline.member(user).is_ok(), cause, by }
    }
}
