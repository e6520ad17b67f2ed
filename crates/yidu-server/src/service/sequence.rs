//! Messages of a conversation reach the bus by seq (semantics.md rule 22), although their appends end in any order.
//!
//! Every append takes a ticket before it asks the store. When it is answered with a seq, only appends that were under way
//! at that moment can have got a smaller one: later tickets get greater seqs. So a message is handed on when every ticket
//! given before its answer has ended, smallest seq first; it waits for appends of its own conversation alone, and never for
//! a quiet one.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use parking_lot::Mutex;
use yidu_store::{ConversationId, Seq};

use super::Service;
use crate::bus::{Event, Publish};

/// Conversations with appends under way; bounded by the requests under way.
#[derive(Default)]
pub(super) struct Sequences {
    lanes: Mutex<HashMap<ConversationId, Arc<Mutex<Lane>>>>,
}

#[derive(Default)]
struct Lane {
    next_ticket: u64,
    under_way: BTreeSet<u64>,
    /// By seq: the first ticket that was not given when the answer came, and what to hand on.
    waiting: BTreeMap<Seq, (u64, Vec<Event>)>,
}

/// An append under way. Dropping it without an answer lets those behind it pass.
pub(super) struct Append<'a> {
    service: &'a Service,
    conversation: ConversationId,
    lane: Arc<Mutex<Lane>>,
    ticket: u64,
}

impl Service {
    /// Begins an append. To be called before the store is asked.
    pub(super) fn begin_append(&self, conversation: ConversationId) -> Append<'_> {
        let mut lanes = self.sequences.lanes.lock();
        let lane = Arc::clone(lanes.entry(conversation).or_default());
        let ticket = lane.lock().begin();
        Append { service: self, conversation, lane, ticket }
    }
}

impl Append<'_> {
    /// The append was answered: its events go out when their turn comes.
    pub(super) fn answered(self, seq: Seq, events: Vec<Event>) {
        let mut lane = self.lane.lock();
        let barrier = lane.next_ticket;
        lane.waiting.insert(seq, (barrier, events));
    }
}

impl Drop for Append<'_> {
    fn drop(&mut self) {
        let mut lanes = self.service.sequences.lanes.lock();
        let mut lane = self.lane.lock();
        lane.under_way.remove(&self.ticket);
        // The last one keeps the map locked too: a new lane must not overtake this one.
        if lane.under_way.is_empty() {
            lanes.remove(&self.conversation);
        } else {
            drop(lanes);
        }
        // Under the lane's lock, so that nobody overtakes between taking out and handing on.
        lane.hand_on(&*self.service.bus);
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
            let barrier = first.get().0;
            if self.under_way.first().is_some_and(|oldest| *oldest < barrier) {
                return;
            }
            let (_, (_, events)) = first.remove_entry();
            bus.publish(events);
        }
    }
}
