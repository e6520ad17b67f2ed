//! What happens in a conversation reaches the bus by seq (semantics.md rule 22), although the commits are answered in any
//! order: messages, and who comes and goes between them.
//!
//! Whoever is about to write takes a ticket first. When the write is answered with a seq, only writes that were under way
//! at that moment can have got a smaller one: later tickets get greater seqs. So what there is to tell is handed on when
//! every ticket given before its answer has ended, smallest seq first; it waits for writes to its own conversation alone,
//! and never in a quiet one.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use parking_lot::Mutex;
use yidu_store::{ConversationId, Seq};

use super::Service;
use crate::bus::{Event, Publish};

/// Conversations with writes under way; bounded by the requests under way.
#[derive(Default)]
pub(super) struct Sequences {
    lanes: Mutex<HashMap<ConversationId, Arc<Mutex<Lane>>>>,
}

#[derive(Default)]
struct Lane {
    next_ticket: u64,
    under_way: BTreeSet<u64>,
    waiting: BTreeMap<Moment, Waiting>,
}

/// When something happened in a conversation; ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment {
    seq: Seq,
    message: bool,
}

impl Moment {
    /// In front of the message that has this seq or will get it.
    pub(super) fn before(seq: Seq) -> Moment {
        Moment { seq, message: false }
    }

    /// The message itself.
    pub(super) fn at(seq: Seq) -> Moment {
        Moment { seq, message: true }
    }
}

#[derive(Default)]
struct Waiting {
    /// The first ticket that was not given when the answer came.
    barrier: u64,
    events: Vec<Event>,
}

/// A write under way. Dropping it without an answer lets those behind it pass.
pub(super) struct Turn<'a> {
    service: &'a Service,
    conversation: ConversationId,
    lane: Arc<Mutex<Lane>>,
    ticket: u64,
}

impl Service {
    /// Takes a ticket. To be called before the store is asked to write.
    pub(super) fn turn(&self, conversation: ConversationId) -> Turn<'_> {
        // The lane is locked after the map is free again: a lane may be handing on to many sessions.
        let lane = Arc::clone(self.sequences.lanes.lock().entry(conversation).or_default());
        let ticket = lane.lock().begin();
        Turn { service: self, conversation, lane, ticket }
    }
}

impl Turn<'_> {
    /// The store has answered: the events go out, in this order, when their turn comes.
    pub(super) fn answered(self, moment: Moment, events: Vec<Event>) {
        let mut lane = self.lane.lock();
        let barrier = lane.next_ticket;
        let waiting = lane.waiting.entry(moment).or_default();
        waiting.barrier = barrier;
        waiting.events.extend(events);
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut lane = self.lane.lock();
        lane.under_way.remove(&self.ticket);
        // Under the lane's lock, so that nobody overtakes between taking out and handing on.
        lane.hand_on(&*self.service.bus);
        drop(lane);
        let mut lanes = self.service.sequences.lanes.lock();
        // Lanes are cloned under the map's lock: with the map's and this one there is no other turn, taken or about to be.
        if Arc::strong_count(&self.lane) == 2 {
            lanes.remove(&self.conversation);
        }
    }
}

impl Lane {
    fn begin(&mut self) -> u64 {
        let ticket = self.next_ticket;
        self.next_ticket += 1;
        self.under_way.insert(ticket);
        ticket
    }

    fn hand_on(&mut self, bus: &dyn Publish) {
        while let Some(first) = self.waiting.first_entry() {
            if self.under_way.first().is_some_and(|oldest| *oldest < first.get().barrier) {
                return;
            }
            bus.publish(first.remove().events);
        }
    }
}
