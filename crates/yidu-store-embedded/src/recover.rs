//! Starting: reads the journal of receipts, and nothing else.
//!
//! Its receipts go into their read sets when those are asked for, or folded. Reading a row twice does no harm: the first
//! time of a receipt stands, and a number in a feed only rises.

use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use yidu_store::{ConversationId, Millis, Ordinal, Result, Seq};

use crate::feed::Feeds;
use crate::fold::Fold;
use crate::record::journal::Journal;
use crate::rows::{Rows, corrupt, parse};
use crate::store::Options;
use crate::tables::Table;

/// Receipts of the journal, by message, that are in no read set in memory yet.
#[derive(Default)]
pub(crate) struct Recovered(Mutex<Receipts>);

type Receipts = FxHashMap<(ConversationId, Seq), Vec<(Ordinal, Millis)>>;

impl Recovered {
    /// Takes the receipts of a message.
    pub(crate) fn take(&self, message: (ConversationId, Seq)) -> Vec<(Ordinal, Millis)> {
        self.0.lock().remove(&message).unwrap_or_default()
    }

    pub(crate) fn has(&self, message: (ConversationId, Seq)) -> bool {
        self.0.lock().contains_key(&message)
    }
}

/// Reads the journal. Errors: `Corrupt`, naming the row.
pub(crate) fn recover(rows: &Rows, options: &Options) -> Result<(Recovered, Feeds, Fold)> {
    let (mut receipts, mut feeds) = (Receipts::default(), Feeds::default());
    let (mut bytes, mut count) = (0, 0);
    let (mut first, mut last) = (None, 0);
    rows.view()?.each(Table::Journal, |key, value| {
        let number =
            <[u8; 8]>::try_from(key).map_err(|_| corrupt(Table::Journal, key, "the key is not one"))?;
        last = u64::from_be_bytes(number);
        first.get_or_insert(last);
        bytes += value.len() as u64;
        let Journal(groups) = parse(Table::Journal, key, value)?;
        for group in groups {
            let message = (group.conversation, group.seq);
            count += group.receipts.len() as u64;
            feeds.recover(group.sender, message, group.change);
            receipts.entry(message).or_default().extend(group.receipts);
        }
        Ok(())
    })?;
    let dirty = receipts.keys().copied().collect();
    let mut fold =
        Fold::new(options.journal_fold_bytes, options.journal_fold_receipts, first.unwrap_or(1), last + 1);
    fold.grew(bytes, count);
    fold.mark(dirty);
    Ok((Recovered(Mutex::new(receipts)), feeds, fold))
}
