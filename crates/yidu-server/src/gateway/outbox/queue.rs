//! What waits for one session: the outbox without its lock and its waker. Time comes in as an argument.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use prost::Message;
use tokio::time::Instant;
use yidu_proto::v1;

use super::numbers::Numbers;
use super::receipts::{Receipts, Update};
use crate::gateway::encode::{self, PushField};
use crate::metrics::metrics;

/// The least time between two `Resync`: each makes the device pull, which must not become the load that it answers.
pub(crate) const RESYNC_PACE: Duration = Duration::from_secs(1);

/// Changes in one push.
const CHANGES: usize = 256;

/// How much may wait for one session.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Pushes in order: messages, and changes other than receipts.
    pub pushes: usize,
    /// Bytes of those.
    pub bytes: usize,
    /// Messages with receipt updates that wait or were pushed within the last pace.
    pub receipts: usize,
}

/// What [`Queue::fill`] came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filled {
    /// Nothing can be written now.
    Nothing,
    /// Items were appended.
    Items,
    /// The last item of the session was appended: it is kicked.
    Last,
}

#[derive(Debug)]
pub(crate) struct Queue {
    bounds: Bounds,
    /// Login has been answered: pushes may follow.
    open: bool,
    /// Encoded items, in order.
    pushes: VecDeque<Bytes>,
    /// Changes other than receipts, by number.
    others: BTreeMap<u64, v1::Change>,
    /// Bytes of `pushes` and `others`.
    bytes: usize,
    receipts: Receipts,
    numbers: Numbers,
    /// What the device has been told or given: a position never goes back.
    told: u64,
    /// Something was dropped and `Resync` not yet written: whatever comes is dropped too.
    behind: bool,
    resync_from: Option<Instant>,
    kicked: Option<v1::Kicked>,
}

impl Queue {
    pub(crate) fn new(bounds: Bounds) -> Queue {
        Queue {
            bounds,
            open: false,
            pushes: VecDeque::new(),
            others: BTreeMap::new(),
            bytes: 0,
            receipts: Receipts::default(),
            numbers: Numbers::default(),
            told: 0,
            behind: false,
            resync_from: None,
            kicked: None,
        }
    }

    /// Queues an encoded push.
    pub(crate) fn push(&mut self, item: Bytes) {
        if self.behind {
            return;
        }
        self.bytes += item.len();
        self.pushes.push_back(item);
        if self.is_over() {
            self.fall_behind(u64::MAX);
        }
    }

    /// Notes an entry of the user's change feed that the session knows as the answer of its own request.
    pub(crate) fn known(&mut self, number: u64, now: Instant) {
        self.arrived(number, now);
        if !self.behind && self.numbers.gap_is_lost(now) {
            self.fall_behind(u64::MAX);
        }
    }

    /// Queues an entry of the user's change feed.
    pub(crate) fn change(&mut self, change: &v1::Change, now: Instant) {
        if !self.arrived(change.number, now) {
            return;
        }
        match &change.thing {
            Some(v1::change::Thing::Receipt(state)) => {
                match self.receipts.update(change.number, state, self.bounds.receipts) {
                    Update::Ready | Update::Rests => {}
                    Update::Merged => metrics().updates_merged.increment(1),
                    Update::Full => return self.fall_behind(change.number - 1),
                }
            }
            Some(_) | None => {
                self.bytes += change.encoded_len();
                self.others.insert(change.number, change.clone());
            }
        }
        if self.is_over() || self.numbers.gap_is_lost(now) {
            self.fall_behind(u64::MAX);
        }
    }

    /// Login is answered with this position: from here on pushes are complete.
    pub(crate) fn open(&mut self, position: u64, now: Instant) {
        self.open = true;
        self.numbers.begin(position, now);
        self.told = position;
        self.receipts.forget_up_to(position);
        self.others.retain(|number, _| *number > position);
        self.bytes = self.pushes.iter().map(Bytes::len).sum::<usize>()
            + self.others.values().map(Message::encoded_len).sum::<usize>();
    }

    /// The session's own `GetChanges` is being answered.
    pub(crate) fn given(&mut self, after: u64, position: u64, now: Instant) {
        if after <= self.position() {
            self.numbers.given(after, position, now);
            self.told = self.told.max(position);
        }
    }

    /// The session ends with this. The first reason stands.
    pub(crate) fn kick(&mut self, kicked: v1::Kicked) {
        if self.kicked.is_none() {
            metrics().kicked(kicked.reason().as_str_name());
            self.kicked = Some(kicked);
        }
    }

    /// Moves what can be written now to `out` until it holds `room` bytes; the last item may exceed it.
    pub(crate) fn fill(&mut self, out: &mut BytesMut, room: usize, now: Instant) -> Filled {
        let before = out.len();
        if let Some(kicked) = &self.kicked {
            encode::append_push(out, PushField::Kicked, kicked);
            return Filled::Last;
        }
        if !self.open {
            return Filled::Nothing;
        }
        if self.numbers.gap_is_lost(now) {
            self.fall_behind(u64::MAX);
        }
        if self.resync_is_due(now) {
            encode::append_push(out, PushField::Resync, &v1::Resync {});
            self.behind = false;
            self.resync_from = Some(now + RESYNC_PACE);
        }
        self.fill_pushes(out, room);
        self.receipts.advance(now, self.numbers.run());
        while out.len() < room && self.fill_changes(out, now) {}
        if out.len() == before { Filled::Nothing } else { Filled::Items }
    }

    /// [`Self::fill`] would append something.
    pub(crate) fn is_ready(&self, now: Instant) -> bool {
        self.kicked.is_some()
            || (self.open
                && (!self.pushes.is_empty()
                    || self.receipts.is_ready()
                    || self.next_other_is_due()
                    || self.resync_is_due(now)
                    || self.due().is_some_and(|due| due <= now)))
    }

    /// When [`Self::fill`] is to be called although nothing new has come.
    pub(crate) fn due(&self) -> Option<Instant> {
        if !self.open {
            return None;
        }
        let resync = if self.behind { self.resync_from } else { None };
        [self.receipts.due(), self.numbers.gap_ends(), resync].into_iter().flatten().min()
    }

    /// False when there is nothing to queue: the number is of no use, or the session is behind and has lost it as well.
    fn arrived(&mut self, number: u64, now: Instant) -> bool {
        let bound = self.numbers.bound();
        let fresh = self.numbers.arrived(number, now);
        if fresh && self.behind {
            self.numbers.lose(bound);
        }
        fresh && !self.behind
    }

    fn is_over(&self) -> bool {
        self.pushes.len() + self.others.len() > self.bounds.pushes || self.bytes > self.bounds.bytes
    }

    /// The rule for when it is full: drop what waits and whatever comes until `Resync` is written, then go on. Everything
    /// dropped is committed already, so a client that pulls after `Resync` has it; until it has pulled, its position
    /// stays where it is, and below whatever could not even be queued (`below`).
    fn fall_behind(&mut self, below: u64) {
        self.numbers.lose(self.position().min(below));
        self.pushes = VecDeque::new();
        self.others = BTreeMap::new();
        self.bytes = 0;
        self.receipts = Receipts::default();
        self.behind = true;
        metrics().resyncs.increment(1);
    }

    fn resync_is_due(&self, now: Instant) -> bool {
        self.behind && self.resync_from.is_none_or(|from| from <= now)
    }

    fn fill_pushes(&mut self, out: &mut BytesMut, room: usize) {
        while out.len() < room {
            let Some(item) = self.pushes.pop_front() else { break };
            self.bytes -= item.len();
            out.extend_from_slice(&item);
        }
        if self.pushes.is_empty() {
            // An idle connection keeps no memory of a burst that is over.
            self.pushes = VecDeque::new();
        }
    }

    /// One push of changes; false when there is none.
    fn fill_changes(&mut self, out: &mut BytesMut, now: Instant) -> bool {
        let mut changes = Vec::new();
        while changes.len() < CHANGES && self.next_other_is_due() {
            let Some((_, change)) = self.others.pop_first() else { break };
            self.bytes -= change.encoded_len();
            changes.push(change);
        }
        self.receipts.take(CHANGES - changes.len(), now, &mut changes);
        if changes.is_empty() {
            return false;
        }
        changes.sort_unstable_by_key(|change| change.number);
        metrics().receipt_pushes.increment(changes.iter().filter(|change| is_receipt(change)).count() as u64);
        self.told = self.position();
        let push = v1::Changes { changes, position: self.told };
        encode::append_push(out, PushField::Changes, &push);
        true
    }

    /// Changes other than receipts carry no order of their own, so none overtakes a missing one.
    fn next_other_is_due(&self) -> bool {
        self.others.first_key_value().is_some_and(|(number, _)| *number <= self.numbers.run())
    }

    /// Up to here everything was pushed to this session, or was before its login.
    fn position(&self) -> u64 {
        let waiting = [self.receipts.lowest_waiting(), self.others.keys().next().copied()];
        let below = waiting.into_iter().flatten().min().map_or(u64::MAX, |lowest| lowest - 1);
        self.numbers.bound().min(below).max(self.told)
    }
}

fn is_receipt(change: &v1::Change) -> bool {
    matches!(change.thing, Some(v1::change::Thing::Receipt(_)))
}
