//! Keeping a store: figures, expiring, closing.

use std::sync::atomic::Ordering;

use async_trait::async_trait;
use tokio::sync::oneshot;
use yidu_store::upkeep::{CheckReport, StoreStats};
use yidu_store::{AppId, ConversationId, Millis, Result, Seq, Upkeep};

use crate::cache;
use crate::check;
use crate::commit::{Job, Txn};
use crate::fold;
use crate::message::{empty, oldest_key};
use crate::receipt;
use crate::rows::corrupt;
use crate::state::{Conversation, key_chunk, key_seq};
use crate::store::EmbeddedStore;
use crate::tables::Table;

#[async_trait]
impl Upkeep for EmbeddedStore {
    async fn stats(&self) -> Result<StoreStats> {
        self.shared.durable.check()?;
        let operations = self.operations();
        Ok(StoreStats {
            commits: operations.commits,
            syncs: operations.syncs,
            receipts: self.shared.receipts.load(Ordering::Relaxed),
            disk_bytes: self.shared.folder.lock().as_ref().map_or(0, crate::folder::Folder::bytes),
            unfolded_receipts: self.shared.unfolded.load(Ordering::Relaxed),
            cache_bytes: self.shared.cache.bytes() as u64,
        })
    }

    async fn check(&self, progress: &(dyn Fn(&str, u64) + Send + Sync)) -> Result<CheckReport> {
        self.read(|view| check::check(&self.shared, view, progress)).await
    }

    async fn expire_history(&self, app: AppId, before: Millis, limit: usize) -> Result<usize> {
        self.write(move |txn| expire(txn, app, before, limit)).await
    }

    async fn close(&self) -> Result<()> {
        let (answer, answered) = oneshot::channel();
        let closed = match self.send(Job::Close(answer)).await {
            Ok(()) => answered.await.unwrap_or_else(|_| Err(self.why_stopped())),
            // Closed before, or stopped by a fault: there is nothing left to make durable.
            Err(_) => Ok(()),
        };
        self.join_writer();
        closed
    }
}

/// Takes the content out of old messages, conversation by conversation, the one with the oldest message first.
fn expire(txn: &mut Txn<'_>, app: AppId, before: Millis, limit: usize) -> Result<usize> {
    let (from, to) = (oldest_key(app, 0, ConversationId(0)), oldest_key(app, before, ConversationId(0)));
    let mut expired = 0;
    for (key, _) in txn.view.range(Table::Oldest, &from, &to, limit)? {
        if expired >= limit {
            break;
        }
        let id = key.get(12..).and_then(|id| <[u8; 8]>::try_from(id).ok());
        let id = id.ok_or_else(|| corrupt(Table::Oldest, &key, "the key is not one"))?;
        let id = ConversationId(u64::from_be_bytes(id));
        txn.delete(Table::Oldest, &key);
        let slot = txn.slot(id);
        // A dismissed group's too: what nobody can see any more is not to be kept either.
        let mut conversation = cache::lock(&slot, &txn.view, id)?;
        conversation.pending = txn.batch;
        expired += expire_some(txn, &mut conversation, before, limit - expired)?;
    }
    Ok(expired)
}

/// Expires the oldest messages of one conversation, and notes the oldest that stays.
fn expire_some(
    txn: &mut Txn<'_>,
    conversation: &mut Conversation,
    before: Millis,
    limit: usize,
) -> Result<usize> {
    let id = conversation.id;
    let mut expired = 0;
    loop {
        let seq = conversation.head.expired + 1;
        let Some(message) = conversation.message(&txn.view, seq)? else { break };
        if message.sent_at >= before || expired == limit {
            let key = oldest_key(conversation.description.app, message.sent_at, id);
            txn.put(Table::Oldest, &key, &[]);
            break;
        }
        expire_one(txn, conversation, seq)?;
        conversation.head.expired = seq;
        expired += 1;
    }
    txn.put_record(Table::Heads, &id.0.to_be_bytes(), &conversation.head);
    Ok(expired)
}

fn expire_one(txn: &mut Txn<'_>, conversation: &mut Conversation, seq: Seq) -> Result<()> {
    let (id, key) = (conversation.id, key_seq(conversation.id, seq));
    receipt::load(txn.shared, &txn.view, conversation, seq)?;
    let Some(mut message) = conversation.message(&txn.view, seq)? else { return Ok(()) };
    let mut wire = message.message().map_err(|error| corrupt(Table::Messages, &key, &error.to_string()))?;
    // The entry in the sender's feed stays, with the final counts.
    fold::write(txn, conversation, seq);
    let c2c = conversation.is_c2c();
    if let Some(hot) = conversation.hot.get(&seq).filter(|hot| hot.needs_receipt) {
        message.final_counts = Some(hot.counts(&conversation.roster));
        txn.delete(Table::RecalledLeft, &key);
        receipt::forget_reminder(txn, id, seq)?;
        // In C2C the one receipt is part of the state, and as small as its absence.
        if !c2c {
            txn.delete(Table::ReadSets, &key);
        }
        if !hot.set.fits_whole() {
            let mut chunks: Vec<u32> = hot.set.iter().map(|(ordinal, _)| ordinal / 1024).collect();
            chunks.dedup();
            chunks.iter().for_each(|&chunk| txn.delete(Table::ReadSetChunks, &key_chunk(id, seq, chunk)));
        }
    }
    conversation.hot.remove(&seq);
    empty(&mut wire);
    message.set_body(&wire);
    message.expired = true;
    txn.put_record(Table::Messages, &key, &message);
    Ok(())
}
