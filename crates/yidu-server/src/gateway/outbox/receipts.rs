//! Receipt updates of a session, merged by message and paced (semantics.md rule 7).

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use rustc_hash::FxHashMap;
use tokio::time::Instant;
use yidu_proto::{limits, v1};

/// The least time between two updates of a message.
pub(crate) const PACE: Duration = Duration::from_millis(limits::RECEIPT_PACE_MS);

/// A message as the user names it.
type Key = (Arc<v1::ConversationRef>, u64);

/// The newest receipts of messages, waiting for their turn.
///
/// An entry is made by the first update of a message and stays until the message has been quiet for one pace. It is at
/// every moment in exactly one of two queues: `ready`, or `paced` until its time has come.
#[derive(Debug, Default)]
pub(crate) struct Receipts {
    /// Users choose names of conversations, so these are hashed with a secret; seqs are the server's.
    entries: HashMap<Arc<v1::ConversationRef>, FxHashMap<u64, Entry>>,
    len: usize,
    ready: VecDeque<Key>,
    paced: VecDeque<(Instant, Key)>,
}

#[derive(Debug)]
struct Entry {
    /// The newest number that named the message.
    number: u64,
    state: v1::ReceiptState,
    /// Not pushed yet in this state.
    waiting: bool,
}

/// What became of an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Update {
    /// It can be pushed now.
    Ready,
    /// Its message rests: it waits for a time that [`Receipts::due`] tells already.
    Rests,
    /// It took the place of one that waited, or was older than what is known.
    Merged,
    /// There is no room for another message.
    Full,
}

impl Receipts {
    /// Takes the state of a message as of a number of the feed. Of two states the one with more read is kept, of equal
    /// ones the one with the higher number (semantics.md rule 22).
    pub(crate) fn update(&mut self, number: u64, state: &v1::ReceiptState, room: usize) -> Update {
        let default = v1::ConversationRef::default();
        let conversation = state.conversation.as_ref().unwrap_or(&default);
        if let Some(entry) = self.entries.get_mut(conversation).and_then(|seqs| seqs.get_mut(&state.seq)) {
            let waited = entry.waiting;
            entry.merge(number, state);
            return if entry.waiting && !waited { Update::Rests } else { Update::Merged };
        }
        if self.len >= room {
            return Update::Full;
        }
        let conversation = match self.entries.get_key_value(conversation) {
            Some((known, _)) => known.clone(),
            None => Arc::new(conversation.clone()),
        };
        let entry = Entry { number, state: state.clone(), waiting: true };
        self.entries.entry(conversation.clone()).or_default().insert(state.seq, entry);
        self.len += 1;
        self.ready.push_back((conversation, state.seq));
        Update::Ready
    }

    /// Moves on what has waited for its time, and forgets messages that have been quiet for a pace. A message stays
    /// known while a number below its own may still arrive (`run` is the end of those that have): a straggler must not
    /// pass for a first update.
    pub(crate) fn advance(&mut self, now: Instant, run: u64) {
        while self.paced.front().is_some_and(|(at, _)| *at <= now) {
            let Some((_, key)) = self.paced.pop_front() else { break };
            match self.entry(&key) {
                Some(entry) if entry.waiting => self.ready.push_back(key),
                Some(entry) if entry.number > run => self.paced.push_back((now + PACE, key)),
                Some(_) => self.forget(&key),
                None => {}
            }
        }
    }

    /// Something can be pushed now.
    pub(crate) fn is_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    /// Takes at most `limit` updates that can be pushed now; their messages then rest for a pace.
    pub(crate) fn take(&mut self, limit: usize, now: Instant, changes: &mut Vec<v1::Change>) {
        for _ in 0..limit.min(self.ready.len()) {
            let Some(key) = self.ready.pop_front() else { break };
            if let Some(entry) = self.entry(&key) {
                entry.waiting = false;
                let thing = v1::change::Thing::Receipt(entry.state.clone());
                changes.push(v1::Change { number: entry.number, thing: Some(thing) });
                self.paced.push_back((now + PACE, key));
            }
        }
    }

    /// The lowest number among what waits.
    pub(crate) fn lowest_waiting(&self) -> Option<u64> {
        let entries = self.entries.values().flat_map(FxHashMap::values);
        entries.filter(|entry| entry.waiting).map(|entry| entry.number).min()
    }

    /// When [`Self::advance`] has something to do.
    pub(crate) fn due(&self) -> Option<Instant> {
        self.paced.front().map(|(at, _)| *at)
    }

    /// Forgets everything that is not above a position.
    pub(crate) fn forget_up_to(&mut self, position: u64) {
        for seqs in self.entries.values_mut() {
            seqs.retain(|_, entry| entry.number > position);
        }
        self.entries.retain(|_, seqs| !seqs.is_empty());
        self.len = self.entries.values().map(FxHashMap::len).sum();
        let entries = &self.entries;
        let known =
            |(conversation, seq): &Key| entries.get(conversation).is_some_and(|s| s.contains_key(seq));
        self.ready.retain(known);
        self.paced.retain(|(_, key)| known(key));
    }

    fn entry(&mut self, (conversation, seq): &Key) -> Option<&mut Entry> {
        self.entries.get_mut(conversation)?.get_mut(seq)
    }

    fn forget(&mut self, (conversation, seq): &Key) {
        let Some(seqs) = self.entries.get_mut(conversation) else { return };
        if seqs.remove(seq).is_some() {
            self.len -= 1;
        }
        if seqs.is_empty() {
            self.entries.remove(conversation);
        }
        if self.len == 0 {
            // An idle connection keeps no memory of a storm that is over.
            *self = Receipts::default();
        }
    }
}

impl Entry {
    fn merge(&mut self, number: u64, state: &v1::ReceiptState) {
        let newer = (state.read_count, number) > (self.state.read_count, self.number);
        self.number = self.number.max(number);
        if newer {
            // The names in it stay the same; copying figures only spares the allocations of a hot message.
            self.state.audience_count = state.audience_count;
            self.state.read_count = state.read_count;
            self.state.unread_count = state.unread_count;
            self.state.left_count = state.left_count;
            self.state.peer_read_time_ms = state.peer_read_time_ms;
            self.state.closed = state.closed;
            self.waiting = true;
        }
    }
}
