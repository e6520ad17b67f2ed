//! What waits to be written to one session.
//!
//! Events come in from whoever commits something ([`Outbox::push`], [`Outbox::changes`]) and never wait; the session
//! takes out as much as its socket has room for ([`Outbox::poll_fill`]), so that what a slow device cannot take stays
//! here, where it merges and has a bound.
//!
//! # Two kinds of pushes
//! Messages, recalls and everything else that is news in itself wait in order. A receipt update only replaces the one
//! before it: of each message the newest counts wait, once (semantics.md rule 7). The first update of a quiet message
//! goes out at once; then the message rests for 200 ms, and what came meanwhile goes out as one. Since an update is kept
//! until it has been pushed, the last state always arrives.
//!
//! # The position
//! Every push of changes tells a position: from there the device resumes its change feed after a broken connection. It
//! may be lower than need be, which costs a repeated entry, and must never be higher, which loses a change for good.
//! Higher than right it would become in four ways, and so it is the lowest of what they allow:
//! 1. *A number still on its way.* Numbers of one user are given out without gaps, but commits announce them in any
//!    order. The position stays below the first number that has not arrived (`Numbers::bound`).
//! 2. *An update that rests.* Message A has number 7 and rests, message B has number 8 and is pushed: the position is 6.
//!    When A is then named by number 9, the update that waits is number 9 and the position may be 8: the feed keeps only
//!    the newest entry of a thing, and 9 is above 8. Hence the *newest* number of each thing that waits counts, and a
//!    message that never gets quiet does not hold the position back.
//! 3. *What was dropped* when the device was too slow. The position then stays where it was, however much is pushed
//!    afterwards, until the device has pulled: an answer to its `GetChanges` that begins at or below the position moves
//!    the position to the end of that answer (`Outbox::given`).
//! 4. *What the bus lost.* A number that has not arrived a second after a higher one counts as dropped.
//!
//! A change that the session made itself is not pushed to it; its number counts as arrived, since the answer tells it.
//!
//! An update that arrives late, below numbers that were pushed already, must not bring older counts back (rule 22): a
//! message is remembered while a lower number than its own may still arrive, and the state with more read stays. Other
//! changes carry no such order, so they wait until no lower number is missing.
//!
//! # Bounds
//! The number and the bytes of pushes, and the number of messages with receipts under way. Who exceeds one is *behind*:
//! everything that waits is dropped, and everything that comes, until `Resync` is written, at most once a second. All of
//! it was committed before, so that a device that pulls upon `Resync` misses nothing.

use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use futures_util::task::AtomicWaker;
use parking_lot::Mutex;
use tokio::time::Instant;
use yidu_proto::v1;

mod numbers;
mod queue;
mod receipts;
#[cfg(test)]
mod tests;

pub use queue::{Bounds, Filled};

use queue::Queue;

/// The outbox of one session. Everything but [`Self::poll_fill`] may be called from anywhere and never blocks for longer
/// than a few copies take.
#[derive(Debug)]
pub struct Outbox {
    state: Mutex<State>,
    session: AtomicWaker,
}

#[derive(Debug)]
struct State {
    queue: Queue,
    /// The session has been woken and has not looked yet.
    woken: bool,
    /// When the session will look by itself.
    alarm: Option<Instant>,
}

impl Outbox {
    /// An empty outbox. It only collects until [`Self::open`].
    pub fn new(bounds: Bounds) -> Outbox {
        let state = State { queue: Queue::new(bounds), woken: false, alarm: None };
        Outbox { state: Mutex::new(state), session: AtomicWaker::new() }
    }

    /// Queues an encoded push.
    pub(super) fn push(&self, item: Bytes) {
        self.with(Instant::now(), |queue| queue.push(item));
    }

    /// Queues entries of the user's change feed, by rising number.
    pub fn changes(&self, changes: &[v1::Change]) {
        let now = Instant::now();
        self.with(now, |queue| changes.iter().for_each(|change| queue.change(change, now)));
    }

    /// Notes entries of the user's change feed that the session knows as the answer of its own request.
    pub fn known(&self, changes: &[v1::Change]) {
        let now = Instant::now();
        self.with(now, |queue| changes.iter().for_each(|change| queue.known(change.number, now)));
    }

    /// Login is answered with this position of the change feed: pushes may follow.
    pub fn open(&self, position: u64) {
        let now = Instant::now();
        self.with(now, |queue| queue.open(position, now));
    }

    /// The session is answering its own `GetChanges` after `after` with everything up to `position`.
    pub fn given(&self, after: u64, position: u64) {
        let now = Instant::now();
        self.with(now, |queue| queue.given(after, position, now));
    }

    /// Ends the session: what waits is not written any more, this is. Of several reasons the first stands.
    pub fn kick(&self, kicked: v1::Kicked) {
        self.with(Instant::now(), |queue| queue.kick(kicked));
    }

    /// Appends what can be written now to `out`, until it holds `room` bytes; only the last item may exceed it. Pending
    /// when there is nothing: the task is woken when there is, provided it calls again at [`Self::alarm`].
    pub fn poll_fill(&self, cx: &mut Context<'_>, out: &mut BytesMut, room: usize) -> Poll<Filled> {
        // Registered before the look, or what comes in between would wake nobody.
        self.session.register(cx.waker());
        let now = Instant::now();
        let mut state = self.state.lock();
        state.woken = false;
        let filled = state.queue.fill(out, room, now);
        state.alarm = state.queue.due();
        match filled {
            Filled::Nothing => Poll::Pending,
            Filled::Items | Filled::Last => Poll::Ready(filled),
        }
    }

    /// When the session is to call [`Self::poll_fill`] again by itself.
    pub fn alarm(&self) -> Option<Instant> {
        self.state.lock().alarm
    }

    fn with(&self, now: Instant, change: impl FnOnce(&mut Queue)) {
        let mut state = self.state.lock();
        change(&mut state.queue);
        if !state.woken && (state.queue.is_ready(now) || state.wants_earlier_alarm()) {
            state.woken = true;
            drop(state);
            self.session.wake();
        }
    }
}

impl State {
    fn wants_earlier_alarm(&self) -> bool {
        self.queue.due().is_some_and(|due| self.alarm.is_none_or(|alarm| due < alarm))
    }
}
