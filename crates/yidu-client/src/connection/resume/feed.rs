//! The user's own change feed: each changed thing told once with its newest state, receipts only forward.

use std::collections::{HashMap, VecDeque};

use yidu_proto::limits::CHANGES;
use yidu_proto::v1::{self, ConversationRef, change, request::Operation};

use crate::Event;

/// Things told beyond the position, and messages whose read count is remembered. Beyond this the memory of the oldest
/// goes, and a state may then be told twice.
const REMEMBERED: usize = 10_000;

pub(crate) struct Feed {
    /// Everything up to here was told.
    position: u64,
    /// What was told beyond the position: pushes overtake each other, since receipts are paced.
    told: HashMap<Thing, u64>,
    read_counts: ReadCounts,
    /// While the feed is read page by page: how far the pushes have come.
    pulling: Option<u64>,
}

/// What an entry of the feed is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Thing {
    Receipt(Option<ConversationRef>, u64),
    PeerRead(String),
    UnreadCleared(Option<ConversationRef>),
    Membership(String),
    Profile,
    ConversationDeleted(ConversationRef),
}

impl Feed {
    pub(crate) fn new(position: u64) -> Feed {
        Feed { position, told: HashMap::new(), read_counts: ReadCounts::default(), pulling: None }
    }

    /// Begins to read the feed from its position.
    pub(crate) fn pull(&mut self) -> Operation {
        self.pulling = Some(self.pulling.unwrap_or(0));
        Operation::GetChanges(v1::GetChanges {
            after: self.position,
            limit: u32::try_from(CHANGES).unwrap_or(0),
        })
    }

    /// Stops reading; the position stays where the last page put it.
    pub(crate) fn stop(&mut self) {
        self.pulling = None;
    }

    pub(crate) fn is_pulling(&self) -> bool {
        self.pulling.is_some()
    }

    /// A page has come: what is new in it, and the request for the next one.
    pub(crate) fn page(&mut self, page: v1::GetChangesResult) -> (Vec<Event>, Option<Operation>) {
        let events = page.changes.into_iter().filter_map(|change| self.tell(change)).collect();
        // A server that does not get on would be asked for ever.
        let finished = page.finished || page.position <= self.position;
        self.advance(page.position);
        if !finished {
            return (events, Some(self.pull()));
        }
        if let Some(pushed) = self.pulling.take() {
            self.advance(pushed);
        }
        (events, None)
    }

    pub(crate) fn pushed(&mut self, changes: v1::Changes) -> Vec<Event> {
        let events = changes.changes.into_iter().filter_map(|change| self.tell(change)).collect();
        match &mut self.pulling {
            // What came before this login is not in yet, so the position waits.
            Some(pushed) => *pushed = changes.position.max(*pushed),
            None => self.advance(changes.position),
        }
        events
    }

    fn advance(&mut self, position: u64) {
        if position > self.position {
            self.position = position;
            self.told.retain(|_, number| *number > position);
        }
    }

    /// The event of an entry; `None` when this, or something newer about the same thing, was told.
    fn tell(&mut self, change: v1::Change) -> Option<Event> {
        let thing = change.thing?;
        let about = Thing::of(&thing);
        if change.number <= self.position || self.told.get(&about).is_some_and(|told| change.number <= *told)
        {
            return None;
        }
        if self.told.len() >= REMEMBERED {
            self.told.clear();
        }
        self.told.insert(about, change.number);
        Some(match thing {
            change::Thing::Receipt(state) => {
                if !self.read_counts.rises(&state) {
                    return None;
                }
                Event::Receipt(state)
            }
            change::Thing::PeerRead(read) => Event::PeerRead(read),
            change::Thing::UnreadCleared(cleared) => Event::UnreadCleared(cleared),
            change::Thing::Membership(membership) => Event::Membership(membership),
            change::Thing::Profile(profile) => Event::Profile(profile),
            change::Thing::ConversationDeleted(conversation) => Event::ConversationDeleted(conversation),
        })
    }
}

impl Thing {
    fn of(thing: &change::Thing) -> Thing {
        match thing {
            change::Thing::Receipt(state) => Thing::Receipt(state.conversation.clone(), state.seq),
            change::Thing::PeerRead(read) => Thing::PeerRead(read.user_id.clone()),
            change::Thing::UnreadCleared(cleared) => Thing::UnreadCleared(cleared.conversation.clone()),
            change::Thing::Membership(membership) => Thing::Membership(membership.group_id.clone()),
            change::Thing::Profile(_) => Thing::Profile,
            change::Thing::ConversationDeleted(conversation) => {
                Thing::ConversationDeleted(conversation.clone())
            }
        }
    }
}

/// The highest read count told of each message, the latest messages only.
#[derive(Default)]
struct ReadCounts {
    counts: HashMap<(Option<ConversationRef>, u64), u32>,
    order: VecDeque<(Option<ConversationRef>, u64)>,
}

impl ReadCounts {
    /// Whether this state is not behind one that was told. The same count may come again: who left has changed.
    fn rises(&mut self, state: &v1::ReceiptState) -> bool {
        let message = (state.conversation.clone(), state.seq);
        if let Some(count) = self.counts.get_mut(&message) {
            let rises = state.read_count >= *count;
            *count = state.read_count.max(*count);
            return rises;
        }
        if self.order.len() >= REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.counts.remove(&oldest);
        }
        self.order.push_back(message.clone());
        self.counts.insert(message, state.read_count);
        true
    }
}
