//! Conversations in memory: loaded when asked for, let go by a budget of bytes.

use std::collections::VecDeque;
use std::sync::Arc;

use parking_lot::{MappedMutexGuard, Mutex, MutexGuard};
use rustc_hash::FxHashMap;
use yidu_store::{ConversationId, Result};

use crate::rows::View;
use crate::state::Conversation;

/// Empty until somebody has loaded it under the lock, so that nobody ever sees two of the same.
pub(crate) type Slot = Arc<Mutex<Option<Conversation>>>;

/// What one sweep may cost, in conversations and messages that it looks at: some tens of microseconds. A conversation with
/// more messages in memory than that is looked at once in several sweeps.
const SWEEP: usize = 256;

/// All conversations in memory.
pub(crate) struct Cache {
    budget: usize,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    slots: FxHashMap<ConversationId, Entry>,
    /// The order in which sweeps look at them.
    ring: VecDeque<ConversationId>,
    bytes: usize,
    /// What sweeps have not spent yet.
    saved: usize,
}

#[derive(Default)]
struct Entry {
    slot: Slot,
    /// As the last sweep measured it.
    bytes: usize,
    /// What looking at it cost the last sweep.
    cost: usize,
}

impl Cache {
    pub(crate) fn new(budget: usize) -> Self {
        Self { budget, inner: Mutex::default() }
    }

    pub(crate) fn slot(&self, id: ConversationId) -> Slot {
        let inner = &mut *self.inner.lock();
        let entry = inner.slots.entry(id).or_insert_with(|| {
            inner.ring.push_back(id);
            Entry::default()
        });
        Arc::clone(&entry.slot)
    }

    /// Bytes, as the last sweeps have measured them.
    pub(crate) fn bytes(&self) -> usize {
        self.inner.lock().bytes
    }

    /// Measures the next few, and while the whole is over the budget lets go of what was not used since the sweep
    /// before. What is not on disk in its stored form stays: folding bounds that.
    pub(crate) fn sweep(&self, durable: u64) {
        let inner = &mut *self.inner.lock();
        inner.saved += SWEEP;
        for _ in 0..inner.ring.len() {
            let Some(&id) = inner.ring.front() else { return };
            let cost = inner.slots.get(&id).map_or(0, |entry| entry.cost) + 1;
            if cost > inner.saved {
                return;
            }
            inner.saved -= cost;
            inner.ring.pop_front();
            let Some(entry) = inner.slots.get_mut(&id) else { continue };
            let seen = visit(&entry.slot, inner.bytes > self.budget, durable);
            inner.bytes = inner.bytes + seen.bytes - entry.bytes;
            (entry.bytes, entry.cost) = (seen.bytes, seen.messages);
            if seen.keep {
                inner.ring.push_back(id);
            } else {
                inner.slots.remove(&id);
            }
        }
        // Everything was looked at: there is nothing to save for.
        inner.saved = 0;
    }
}

/// What a sweep has found in a slot.
#[derive(Default)]
struct Seen {
    keep: bool,
    bytes: usize,
    messages: usize,
}

fn visit(slot: &Slot, over: bool, durable: u64) -> Seen {
    // Whoever holds a clone is using it, and the map's lock keeps out new ones.
    let free = Arc::strong_count(slot) == 1;
    let Some(mut conversation) = slot.try_lock() else { return Seen { keep: true, ..Seen::default() } };
    let Some(conversation) = &mut *conversation else { return Seen { keep: !free, ..Seen::default() } };
    if over {
        conversation.shrink(durable);
        if !std::mem::take(&mut conversation.used) && free && conversation.is_clean(durable) {
            return Seen::default();
        }
    }
    Seen { keep: true, bytes: conversation.bytes(), messages: conversation.hot.len() }
}

/// Locks a slot, reading the conversation if it is empty. The reader sees what its newest batch has done.
pub(crate) fn lock<'a>(
    slot: &'a Slot,
    view: &View<'_>,
    id: ConversationId,
) -> Result<MappedMutexGuard<'a, Conversation>> {
    let mut guard = slot.lock();
    if guard.is_none() {
        let mut loaded = Conversation::load(view, id)?;
        // Rows that were not durable yet may be among those it was made of.
        loaded.pending = view.seen();
        *guard = Some(loaded);
    }
    let mut conversation =
        MutexGuard::map(guard, |guard| guard.as_mut().expect("it was loaded above, under the same lock"));
    view.see(conversation.pending);
    conversation.used = true;
    Ok(conversation)
}
