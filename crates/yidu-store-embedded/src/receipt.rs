//! Receipts: the hot path of the store, and the file to read first.
//!
//! [`record`] runs on the writer: load what is not at hand, judge with the pure rule of `yidu-readset`, insert into the
//! read set in memory, take the sender's next number, note it for the one journal row of the commit. No other row is
//! written until [`crate::fold`] does it for all receipts of a message at once.

use async_trait::async_trait;
use yidu_readset::{Ordinal, ReadSet, ReadSetHead, Roster, Seq, Verdict, verdict};
use yidu_store::receipt::{
    Advance, AudienceAt, AudienceAtPage, AudienceMember, AudiencePage, Filter, NewReminder, ReadTimeline,
    ReaderStanding, ReceiptBatch, ReceiptOutcome, ReceiptState, Reminded,
};
use yidu_store::webhook::Command;
use yidu_store::{ConversationId, Receipts, Result, Tinyid};

use crate::commit::Txn;
use crate::record::journal::Receipt;
use crate::record::{Message, StoredSet};
use crate::rows::{View, corrupt};
use crate::state::{Bad, Conversation, Hot, key_chunk, key_seq};
use crate::store::{EmbeddedStore, Shared};
use crate::tables::Table;
use crate::webhook;

mod list;
mod remind;

pub(crate) use remind::{forget as forget_reminder, is_for as reminder_is_for};

#[async_trait]
impl Receipts for EmbeddedStore {
    async fn record_receipts(&self, batch: ReceiptBatch) -> Result<Vec<ReceiptOutcome>> {
        self.write(move |txn| record(txn, &batch)).await
    }

    async fn receipt_states(&self, conversation: ConversationId, seqs: &[Seq]) -> Result<Vec<ReceiptState>> {
        let shared = &self.shared;
        self.read_conversation(conversation, |view, found| states(shared, view, found, seqs)).await
    }

    async fn audience_page(
        &self,
        conversation: ConversationId,
        seq: Seq,
        filter: Filter,
        cursor: Ordinal,
        limit: usize,
    ) -> Result<AudiencePage> {
        let shared = &self.shared;
        self.read_conversation(conversation, |view, found| {
            list::page(shared, view, found, seq, filter, cursor, limit)
        })
        .await
    }

    async fn audience_at(&self, query: AudienceAt) -> Result<AudienceAtPage> {
        let shared = &self.shared;
        self.read_conversation(query.conversation, |view, found| list::page_at(shared, view, found, query))
            .await
    }

    async fn reader(&self, conversation: ConversationId, seq: Seq, user: Tinyid) -> Result<ReaderStanding> {
        let shared = &self.shared;
        self.read_conversation(conversation, |view, found| list::reader(shared, view, found, seq, user)).await
    }

    async fn read_timeline(
        &self,
        conversation: ConversationId,
        seq: Seq,
        buckets: u32,
    ) -> Result<(Option<ReadTimeline>, ReceiptState)> {
        let shared = &self.shared;
        self.read_conversation(conversation, |view, found| {
            load(shared, view, found, seq)?;
            let hot = list::asked(found, seq)?;
            let state = hot.state(found.id, found.is_c2c(), &found.roster);
            Ok((yidu_readset::read_timeline(&hot.set, buckets), state))
        })
        .await
    }

    async fn audience_members(
        &self,
        conversation: ConversationId,
        seq: Seq,
        users: &[Tinyid],
    ) -> Result<Vec<Option<AudienceMember>>> {
        let shared = &self.shared;
        self.read_conversation(conversation, |view, found| {
            load(shared, view, found, seq)?;
            list::members_named(view, found, seq, users)
        })
        .await
    }

    async fn remind_unread(&self, reminder: NewReminder) -> Result<Reminded> {
        self.write(move |txn| remind::remind(txn, reminder)).await
    }
}

fn record(txn: &mut Txn<'_>, batch: &ReceiptBatch) -> Result<Vec<ReceiptOutcome>> {
    let slot = txn.slot(batch.conversation);
    let mut conversation = txn.lock(&slot, batch.conversation)?;
    let reader = conversation.member(&txn.view, batch.reader)?;
    // Whatever can fail is done before anything changes.
    for &seq in &batch.seqs {
        load(txn.shared, &txn.view, &mut conversation, seq)?;
        if let Some(hot) = conversation.hot.get(&seq) {
            txn.shared.feeds.lock().load(&txn.view, hot.sender)?;
        }
    }
    Ok(batch.seqs.iter().map(|&seq| judge(txn, &mut conversation, reader, seq, batch)).collect())
}

/// The verdict on one receipt, and all that follows from it.
fn judge(
    txn: &mut Txn<'_>,
    conversation: &mut Conversation,
    reader: Ordinal,
    seq: Seq,
    batch: &ReceiptBatch,
) -> ReceiptOutcome {
    let (id, c2c) = (conversation.id, conversation.is_c2c());
    let Some(hot) = conversation.hot.get_mut(&seq).filter(|hot| !hot.expired) else {
        return ReceiptOutcome { seq, verdict: Verdict::UnknownMessage, advance: None };
    };
    let verdict = verdict(&conversation.roster, Some(hot.facts()), &hot.set, reader);
    if verdict != Verdict::Recorded {
        return ReceiptOutcome { seq, verdict, advance: None };
    }
    hot.set.insert(reader, batch.at);
    if !std::mem::replace(&mut hot.unfolded, true) {
        txn.unfolded.push((id, seq));
    }
    let sender = hot.sender;
    let change = txn.shared.feeds.lock().receipt(sender, (id, seq), txn.batch);
    txn.record_receipt(Receipt { conversation: id, seq, sender, change, reader, at: batch.at });
    let state = hot.state(id, c2c, &conversation.roster);
    note(txn, conversation, &state, batch);
    ReceiptOutcome { seq, verdict, advance: Some(Advance { sender, change, state }) }
}

/// What a webhook is to tell of the receipt, if the app wants it.
fn note(txn: &mut Txn<'_>, conversation: &Conversation, state: &ReceiptState, batch: &ReceiptBatch) {
    let (app, c2c) = (conversation.description.app, conversation.is_c2c());
    if !txn.shared.hooks.wants(app, if c2c { Command::C2cRead } else { Command::GroupRead }) {
        return;
    }
    let receipt = (batch.reader, batch.at);
    if c2c && let Some(hot) = conversation.hot.get(&state.seq) {
        webhook::peer_read(&mut txn.reads, conversation, hot.key(), state.sender, receipt);
    } else {
        let counts = (state.counts.read, state.counts.unread);
        webhook::read(&mut txn.reads, conversation, state.seq, counts, receipt);
    }
}

/// Makes a message hot: its facts and its read set, with what the journal adds. False: there is no such message.
pub(crate) fn load(
    shared: &Shared,
    view: &View<'_>,
    conversation: &mut Conversation,
    seq: Seq,
) -> Result<bool> {
    if let Some(hot) = conversation.hot.get_mut(&seq) {
        hot.used = true;
        return Ok(true);
    }
    let Some(message) = conversation.message(view, seq)? else { return Ok(false) };
    let stored = stored(view, conversation.id, seq)?;
    let set = match &stored {
        Some(stored) => read_set(view, conversation.id, seq, stored)?,
        None => ReadSet::new(message.sent_at),
    };
    let mut hot = Hot::new(&message, seq, set);
    hot.stored_change = stored.map_or(0, |stored| stored.change);
    let recovered = shared.recovered.take((conversation.id, seq));
    hot.unfolded = !recovered.is_empty();
    for (reader, at) in recovered {
        hot.set.insert(reader, at);
    }
    conversation.hot.insert(seq, hot);
    Ok(true)
}

fn stored(view: &View<'_>, conversation: ConversationId, seq: Seq) -> Result<Option<StoredSet>> {
    view.record(Table::ReadSets, &key_seq(conversation, seq))
}

fn read_set(view: &View<'_>, conversation: ConversationId, seq: Seq, stored: &StoredSet) -> Result<ReadSet> {
    let set = if stored.in_chunks {
        ReadSet::from_parts(&stored.bytes, |chunk| fetch_chunk(view, conversation, seq, chunk))
    } else {
        ReadSet::decode_whole(&stored.bytes).map_err(Bad::Record)
    };
    set.map_err(|bad| bad.into_store(Table::ReadSets, &key_seq(conversation, seq)))
}

fn fetch_chunk(view: &View<'_>, conversation: ConversationId, seq: Seq, chunk: u32) -> Result<Vec<u8>, Bad> {
    let key = key_chunk(conversation, seq, chunk);
    let row = view.get(Table::ReadSetChunks, &key).map_err(Bad::Store)?;
    let missing = || Bad::Store(corrupt(Table::ReadSetChunks, &key, "the row is not there"));
    row.map(|row| row.to_vec()).ok_or_else(missing)
}

/// The states of those messages that asked for receipts.
pub(crate) fn states(
    shared: &Shared,
    view: &View<'_>,
    conversation: &mut Conversation,
    seqs: &[Seq],
) -> Result<Vec<ReceiptState>> {
    let mut states = Vec::with_capacity(seqs.len());
    for &seq in seqs {
        states.extend(state(shared, view, conversation, seq)?);
    }
    Ok(states)
}

fn state(
    shared: &Shared,
    view: &View<'_>,
    conversation: &mut Conversation,
    seq: Seq,
) -> Result<Option<ReceiptState>> {
    let message = (conversation.id, seq);
    if !conversation.hot.contains_key(&seq) && !shared.recovered.has(message) {
        // The counts of a large set follow from its head: no need to read a million receipts.
        if let Some(stored) = stored(view, conversation.id, seq)?.filter(|stored| stored.in_chunks)
            && let Some(message) = conversation.message(view, seq)?
        {
            return large_state(view, conversation, seq, &message, &stored).map(Some);
        }
    }
    load(shared, view, conversation, seq)?;
    let hot = conversation.hot.get(&seq).filter(|hot| hot.needs_receipt);
    Ok(hot.map(|hot| hot.state(conversation.id, conversation.is_c2c(), &conversation.roster)))
}

/// The state of a message that has a set in chunks; not one of C2C.
fn large_state(
    view: &View<'_>,
    conversation: &Conversation,
    seq: Seq,
    message: &Message,
    stored: &StoredSet,
) -> Result<ReceiptState> {
    let (id, spec) = (conversation.id, message.spec(seq));
    let counted = || {
        let head = ReadSetHead::decode(&stored.bytes)?;
        head.counts::<Bad>(&conversation.roster, &spec, message.audience_count, |chunk| {
            fetch_chunk(view, id, seq, chunk)
        })
    };
    let counts = match message.final_counts {
        Some(counts) => counts,
        None => counted().map_err(|bad| bad.into_store(Table::ReadSets, &key_seq(id, seq)))?,
    };
    Ok(ReceiptState {
        conversation: id,
        seq,
        message_id: message.id.clone(),
        sender: message.sender,
        counts,
        peer_read: None,
        closed: message.recalled,
    })
}

/// Who of the audience had left without reading, for the row that a recall writes; `None`: nobody.
pub(crate) fn left_now(roster: &Roster, hot: &Hot) -> Option<Vec<u8>> {
    let all = yidu_readset::page(roster, &hot.spec, &hot.set, Filter::Left, 0, usize::MAX);
    let mut left = ReadSet::new(0);
    for (ordinal, _) in all.members {
        left.insert(ordinal, 0);
    }
    (!left.is_empty()).then(|| left.encode_whole())
}
