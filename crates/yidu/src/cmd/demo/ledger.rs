//! What readers were told, to be held against what the server says afterwards.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::Mutex;

/// Every receipt that was acknowledged.
#[derive(Default)]
pub(crate) struct Ledger {
    by_seq: Mutex<HashMap<u64, HashSet<String>>>,
    len: AtomicUsize,
}

impl Ledger {
    /// Notes an acknowledged receipt; a second acknowledgement of the same one is the repeat that it is.
    pub(crate) fn acknowledged(&self, reader: &str, seq: u64) {
        if self.by_seq.lock().entry(seq).or_default().insert(reader.to_owned()) {
            self.len.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.len.load(Ordering::Relaxed)
    }

    /// Readers of a message who were told that their receipt is recorded.
    pub(crate) fn readers(&self, seq: u64) -> HashSet<String> {
        self.by_seq.lock().get(&seq).cloned().unwrap_or_default()
    }
}
