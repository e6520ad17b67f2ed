//! Counting what the store asks of the disk, and making it fail on purpose.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;

/// Counts operations of a store and injects failures into it. Clones share everything. The default injects nothing.
///
/// A failure is for good: the store stops with it, as it does when a real disk fails.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    reads: AtomicU64,
    puts: AtomicU64,
    commits: AtomicU64,
    syncs: AtomicU64,
    planned: Mutex<Option<(u64, Injected)>>,
}

/// How a commit is to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Injected {
    /// Nothing of the batch reaches the disk.
    BeforeWrite,
    /// The batch is on disk, but the sync reports a failure: it may be there after opening again.
    AfterWrite,
    /// Nothing reaches the disk because it is full.
    DiskFull,
}

/// Operations since the store was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Operations {
    /// Rows and ranges looked up in the engine.
    pub reads: u64,
    /// Rows put or deleted.
    pub puts: u64,
    /// Atomic batches written.
    pub commits: u64,
    /// Syncs of the disk.
    pub syncs: u64,
}

impl Faults {
    /// Makes the `nth` commit from now on fail (0: the next one). A batch in which nothing is written is none.
    pub fn fail_commit(&self, nth: u64, how: Injected) {
        *self.0.planned.lock() = Some((nth, how));
    }

    /// Takes back what was planned and has not happened.
    pub fn clear(&self) {
        *self.0.planned.lock() = None;
    }

    /// What the store has done so far.
    #[must_use]
    pub fn operations(&self) -> Operations {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Operations {
            reads: get(&self.0.reads),
            puts: get(&self.0.puts),
            commits: get(&self.0.commits),
            syncs: get(&self.0.syncs),
        }
    }

    pub(crate) fn read(&self) {
        self.0.reads.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn committed(&self, puts: u64, syncs: u64) {
        self.0.puts.fetch_add(puts, Ordering::Relaxed);
        self.0.commits.fetch_add(1, Ordering::Relaxed);
        self.0.syncs.fetch_add(syncs, Ordering::Relaxed);
    }

    /// Called once for every commit: the failure that was planned for it.
    pub(crate) fn next_commit(&self) -> Option<Injected> {
        let mut planned = self.0.planned.lock();
        match &mut *planned {
            Some((0, how)) => {
                let how = *how;
                *planned = None;
                Some(how)
            }
            Some((left, _)) => {
                *left -= 1;
                None
            }
            None => None,
        }
    }
}
