//! Folding: what only the journal has goes into stored read sets and feed rows, and the journal behind it goes.
//!
//! In slices between batches, so that no commit waits for more than a few milliseconds. A fold covers the journal up to
//! the row that was its newest when it started. Receipts that land meanwhile belong to the next fold, even where this
//! one happens to write them already: reading a receipt twice does no harm.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use yidu_store::{ConversationId, Result, Seq};

use crate::cache;
use crate::commit::Txn;
use crate::receipt;
use crate::record::{Entry, EntryThing, StoredSet};
use crate::state::{Conversation, key_chunk, key_seq, pair};
use crate::store::Shared;
use crate::tables::Table;

/// How long a slice may take; the message it is at is finished.
const SLICE: Duration = Duration::from_millis(2);
/// Rows of the journal that one slice deletes.
const DELETIONS: u64 = 2_048;

/// What there is to fold, and how far the running fold is.
pub(crate) struct Fold {
    limit_bytes: u64,
    limit_receipts: u64,
    bytes: u64,
    receipts: u64,
    /// The number of the next row of the journal.
    next_row: u64,
    /// The oldest row there may be.
    first_row: u64,
    dirty: Vec<(ConversationId, Seq)>,
    running: Option<Running>,
}

struct Running {
    messages: std::vec::IntoIter<(ConversationId, Seq)>,
    /// Rows before this one go at the end.
    until: u64,
    receipts: u64,
}

impl Fold {
    pub(crate) fn new(limit_bytes: u64, limit_receipts: u64, first_row: u64, next_row: u64) -> Self {
        Self {
            limit_bytes,
            limit_receipts,
            bytes: 0,
            receipts: 0,
            next_row,
            first_row,
            dirty: Vec::new(),
            running: None,
        }
    }

    /// The journal has grown.
    pub(crate) fn grew(&mut self, bytes: u64, receipts: u64) {
        self.bytes += bytes;
        self.receipts += receipts;
    }

    /// Messages that have receipts which only the journal has.
    pub(crate) fn mark(&mut self, mut messages: Vec<(ConversationId, Seq)>) {
        self.dirty.append(&mut messages);
    }

    /// The number for a new row of the journal.
    pub(crate) fn next_row(&mut self) -> u64 {
        let row = self.next_row;
        self.next_row += 1;
        row
    }

    /// Receipts that only the journal has.
    pub(crate) fn unfolded(&self) -> u64 {
        self.receipts + self.running.as_ref().map_or(0, |running| running.receipts)
    }

    pub(crate) fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// Starts a fold of everything so far; a running one is finished first by what is left of it.
    pub(crate) fn start(&mut self, shared: &Shared) {
        let mut messages = std::mem::take(&mut self.dirty);
        let mut receipts = std::mem::take(&mut self.receipts);
        if let Some(running) = self.running.take() {
            messages.extend(running.messages);
            receipts += running.receipts;
        }
        // Neighbours lie together on disk.
        messages.sort_unstable();
        self.bytes = 0;
        shared.unfolded.store(receipts, Ordering::Relaxed);
        self.running = Some(Running { messages: messages.into_iter(), until: self.next_row, receipts });
    }

    /// Starts a fold when it is time, and does a slice of the running one.
    pub(crate) fn step(&mut self, txn: &mut Txn<'_>) -> Result<()> {
        if self.running.is_none() && (self.bytes > self.limit_bytes || self.receipts > self.limit_receipts) {
            self.start(txn.shared);
        }
        let begun = Instant::now();
        let mut done = false;
        if let Some(running) = &mut self.running {
            loop {
                match running.messages.next() {
                    Some((conversation, seq)) => fold(txn, conversation, seq)?,
                    None => break done = true,
                }
                if begun.elapsed() > SLICE {
                    break;
                }
            }
            if done {
                let end = running.until.min(self.first_row.saturating_add(DELETIONS));
                done = end == running.until;
                delete_journal(txn, &mut self.first_row, end)?;
            }
        }
        if done {
            self.running = None;
        }
        txn.shared.unfolded.store(self.unfolded(), Ordering::Relaxed);
        Ok(())
    }
}

/// Deletes rows of the journal that are there.
fn delete_journal(txn: &mut Txn<'_>, first: &mut u64, end: u64) -> Result<()> {
    let rows = txn.view.range(Table::Journal, &first.to_be_bytes(), &end.to_be_bytes(), usize::MAX)?;
    for (key, _) in rows {
        txn.delete(Table::Journal, &key);
    }
    *first = end;
    Ok(())
}

/// Writes what has changed of one message's read set, and the entry in the sender's feed.
fn fold(txn: &mut Txn<'_>, id: ConversationId, seq: Seq) -> Result<()> {
    let slot = txn.slot(id);
    // A dismissed group's too: the numbers that its receipts took in feeds must not be given again.
    let mut conversation = cache::lock(&slot, &txn.view, id)?;
    let shared: &Shared = txn.shared;
    if receipt::load(shared, &txn.view, &mut conversation, seq)? {
        conversation.pending = txn.batch;
        write(txn, &mut conversation, seq);
    }
    Ok(())
}

/// Puts a hot message's set and entry on disk, if only the journal has them.
pub(crate) fn write(txn: &mut Txn<'_>, conversation: &mut Conversation, seq: Seq) {
    let id = conversation.id;
    let Some(hot) = conversation.hot.get_mut(&seq).filter(|hot| hot.unfolded) else { return };
    let change = txn.shared.feeds.lock().fold(hot.sender, (id, seq), txn.batch);
    if let Some(change) = change.filter(|&change| change != hot.stored_change) {
        if hot.stored_change != 0 {
            txn.delete(Table::Feed, &pair(hot.sender.0, hot.stored_change));
        }
        let entry: Entry = EntryThing::Receipt(id, seq).into();
        txn.put_record(Table::Feed, &pair(hot.sender.0, change), &entry);
        hot.stored_change = change;
    }
    hot.unfolded = false;
    if hot.expired {
        return;
    }
    let in_chunks = !hot.set.fits_whole();
    let bytes = if in_chunks { hot.set.encode_head() } else { hot.set.encode_whole() };
    if in_chunks {
        for chunk in hot.set.dirty_chunks() {
            if let Some(bytes) = hot.set.encode_chunk(chunk) {
                txn.put(Table::ReadSetChunks, &key_chunk(id, seq, chunk), &bytes);
            }
        }
    }
    let stored = StoredSet { change: hot.stored_change, in_chunks, bytes };
    txn.put_record(Table::ReadSets, &key_seq(id, seq), &stored);
    hot.set.mark_clean();
}
