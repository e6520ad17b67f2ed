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

/// Conversations that one sweep looks at: some tens of microseconds.
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
}

#[derive(Default)]
struct Entry {
    slot: Slot,
    /// As the last sweep measured it.
    bytes: usize,
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
        for _ in 0..SWEEP.min(inner.ring.len()) {
            let Some(id) = inner.ring.pop_front() else { return };
            let Some(entry) = inner.slots.get_mut(&id) else { continue };
            let (keep, bytes) = visit(&entry.slot, inner.bytes > self.budget, durable);
            inner.bytes = inner.bytes + bytes - entry.bytes;
            entry.bytes = bytes;
            if keep {
                inner.ring.push_back(id);
            } else {
                inner.slots.remove(&id);
            }
        }
    }
}

/// Whether to keep a slot, and its bytes if so.
fn visit(slot: &Slot, over: bool, durable: u64) -> (bool, usize) {
    // Whoever holds a clone is using it, and the map's lock keeps out new ones.
    let free = Arc::strong_count(slot) == 1;
    let Some(mut conversation) = slot.try_lock() else { return (true, 0) };
    let Some(conversation) = &mut *conversation else { return (!free, 0) };
    if over {
        conversation.shrink(durable);
        if !std::mem::take(&mut conversation.used) && free && conversation.is_clean(durable) {
            return (false, 0);
        }
    }
    (true, conversation.bytes())
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
