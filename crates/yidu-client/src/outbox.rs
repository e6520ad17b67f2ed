//! Receipts that wait for the server's answer.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use yidu_proto::limits::RECEIPTS;
use yidu_proto::v1::ConversationRef;

/// Receipts the outbox holds; beyond that the oldest go.
pub const CAPACITY: usize = 10_000;

/// The unsent receipts of one user, oldest first, each once.
///
/// A receipt is *waiting* until it is in a batch, then *under way* until the batch is settled (the server has judged it:
/// it goes) or released (it waits again, in its old place).
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    owner: String,
    /// By order of arrival.
    entries: BTreeMap<u64, Entry>,
    /// Conversation → seq → key in `entries`.
    places: HashMap<Arc<ConversationRef>, BTreeMap<u64, u64>>,
    next: u64,
}

#[derive(Debug)]
struct Entry {
    conversation: Arc<ConversationRef>,
    seq: u64,
    under_way: bool,
}

/// At most 50 receipts of one conversation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Batch {
    pub(crate) conversation: ConversationRef,
    pub(crate) seqs: Vec<u64>,
}

/// Seqs that had to go, by conversation.
pub(crate) type Dropped = Vec<(ConversationRef, Vec<u64>)>;

impl Outbox {
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Adds receipts of `user`; another user's go first, since a receipt may count for no one else (`semantics.md`
    /// rule 13). Returns whether any is new, and the oldest that had to make room.
    pub(crate) fn add(
        &mut self,
        user: &str,
        conversation: &ConversationRef,
        seqs: &[u64],
    ) -> (bool, Dropped) {
        self.own(user);
        let before = self.next;
        let conversation = Arc::new(conversation.clone());
        for &seq in seqs {
            let places = self.places.entry(conversation.clone()).or_default();
            if places.contains_key(&seq) {
                continue;
            }
            places.insert(seq, self.next);
            self.entries
                .insert(self.next, Entry { conversation: conversation.clone(), seq, under_way: false });
            self.next += 1;
        }
        (self.next > before, self.make_room())
    }

    /// Makes the outbox `user`'s: what another user left is gone.
    pub(crate) fn own(&mut self, user: &str) {
        if self.owner != user {
            *self = Outbox { owner: user.to_owned(), next: self.next, ..Outbox::default() };
        }
    }

    /// Up to 50 waiting receipts of the conversation that has the oldest one. They are under way from now.
    pub(crate) fn next_batch(&mut self) -> Option<Batch> {
        let conversation = self.entries.values().find(|entry| !entry.under_way)?.conversation.clone();
        let mut seqs = Vec::new();
        for (&seq, key) in self.places.get(&conversation)? {
            if let Some(entry) = self.entries.get_mut(key)
                && !entry.under_way
            {
                entry.under_way = true;
                seqs.push(seq);
                if seqs.len() == RECEIPTS {
                    break;
                }
            }
        }
        Some(Batch { conversation: (*conversation).clone(), seqs })
    }

    /// The server has judged these: they are done.
    pub(crate) fn settle(&mut self, batch: &Batch) {
        for seq in &batch.seqs {
            self.remove(&batch.conversation, *seq);
        }
    }

    /// The server could not take these now: they wait again.
    pub(crate) fn release_batch(&mut self, batch: &Batch) {
        let Some(places) = self.places.get(&batch.conversation) else { return };
        for key in batch.seqs.iter().filter_map(|seq| places.get(seq)) {
            if let Some(entry) = self.entries.get_mut(key) {
                entry.under_way = false;
            }
        }
    }

    /// The connection is gone: what was under way waits again.
    pub(crate) fn release(&mut self) {
        for entry in self.entries.values_mut() {
            entry.under_way = false;
        }
    }

    fn make_room(&mut self) -> Dropped {
        let mut dropped: Dropped = Vec::new();
        while self.entries.len() > CAPACITY {
            let Some((_, oldest)) = self.entries.pop_first() else { break };
            self.forget_place(&oldest.conversation, oldest.seq);
            match dropped.last_mut() {
                Some((conversation, seqs)) if *conversation == *oldest.conversation => seqs.push(oldest.seq),
                Some(_) | None => dropped.push(((*oldest.conversation).clone(), vec![oldest.seq])),
            }
        }
        dropped
    }

    fn remove(&mut self, conversation: &ConversationRef, seq: u64) {
        if let Some(key) = self.forget_place(conversation, seq) {
            self.entries.remove(&key);
        }
    }

    fn forget_place(&mut self, conversation: &ConversationRef, seq: u64) -> Option<u64> {
        let places = self.places.get_mut(conversation)?;
        let key = places.remove(&seq);
        if places.is_empty() {
            self.places.remove(conversation);
        }
        key
    }
}

#[cfg(test)]
mod tests;
