//! What is kept in memory: the newest messages, within bounds.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::ops::ControlFlow;
use std::sync::Arc;

use prost::Message as _;

use super::record::Record;

/// Messages that are kept; beyond that the one that was kept first goes.
const MESSAGES: usize = 20_000;
/// Bytes of messages that are kept; beyond that the one that was kept first goes.
const BYTES: usize = 32 * 1024 * 1024;
/// Conversations whose marks are remembered; beyond that they are learnt anew.
const MARKS: usize = 10_000;

/// Messages by id and by place.
#[derive(Debug, Default)]
pub(super) struct Memory {
    records: HashMap<Arc<str>, Kept>,
    places: BTreeMap<(Arc<str>, u64), Arc<str>>,
    /// In the order in which they came.
    order: VecDeque<Arc<str>>,
    bytes: usize,
    marks: HashMap<String, Marks>,
}

/// How far a conversation was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks {
    /// C2C: the peer cleared its unread count up to this time.
    pub(crate) peer_read_ms: u64,
    /// Oneself has cleared the unread count up to this message.
    pub(crate) read_seq: u64,
}

#[derive(Debug)]
struct Kept {
    record: Record,
    place: (Arc<str>, u64),
    bytes: usize,
}

impl Memory {
    pub(super) fn get(&self, id: &str) -> Option<&Record> {
        self.records.get(id).map(|kept| &kept.record)
    }

    pub(super) fn id_at(&self, conversation: &str, seq: u64) -> Option<String> {
        self.places.get(&(conversation.into(), seq)).map(|id| id.to_string())
    }

    pub(super) fn put(&mut self, conversation: &str, id: &str, record: Record) {
        let id: Arc<str> = id.into();
        let seq = record.message().seq;
        let bytes = record.encoded_len() + id.len();
        let place: (Arc<str>, u64) = (conversation.into(), seq);
        // A message without a seq has no place in the conversation.
        if seq > 0 {
            self.places.insert(place.clone(), id.clone());
        }
        self.bytes += bytes;
        match self.records.insert(id.clone(), Kept { record, place, bytes }) {
            Some(old) => self.bytes -= old.bytes,
            None => self.order.push_back(id),
        }
        self.make_room();
    }

    /// From a seq on, included, towards the older or the newer, until `take` breaks off.
    pub(super) fn page(
        &self,
        conversation: &str,
        from_seq: u64,
        older: bool,
        take: &mut dyn FnMut(Record) -> ControlFlow<()>,
    ) {
        let conversation: Arc<str> = conversation.into();
        let at = |seq| (conversation.clone(), seq);
        let mut give = |id: &Arc<str>| match self.records.get(id) {
            Some(kept) => take(kept.record.clone()),
            None => ControlFlow::Continue(()),
        };
        let _ = if older {
            self.places.range(at(0)..=at(from_seq)).rev().try_for_each(|(_, id)| give(id))
        } else {
            self.places.range(at(from_seq)..=at(u64::MAX)).try_for_each(|(_, id)| give(id))
        };
    }

    pub(super) fn marks(&self, conversation: &str) -> Marks {
        self.marks.get(conversation).copied().unwrap_or_default()
    }

    pub(super) fn mark(&mut self, conversation: String, news: Marks) {
        if self.marks.len() >= MARKS {
            self.marks.clear();
        }
        let marks = self.marks.entry(conversation).or_default();
        marks.peer_read_ms = marks.peer_read_ms.max(news.peer_read_ms);
        marks.read_seq = marks.read_seq.max(news.read_seq);
    }

    fn make_room(&mut self) {
        while self.records.len() > MESSAGES || self.bytes > BYTES {
            let Some(oldest) = self.order.pop_front() else { return };
            if let Some(kept) = self.records.remove(&oldest) {
                self.bytes -= kept.bytes;
                self.places.remove(&kept.place);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use yidu_client::v1;

    use super::*;

    fn message(seq: u64, text: usize) -> Record {
        let message = v1::Message { seq, cloud_custom_data: "x".repeat(text), ..Default::default() };
        Record::sending(message, 0, String::new())
    }

    fn seqs(memory: &Memory, from: u64, older: bool, most: usize) -> Vec<u64> {
        let mut seqs = Vec::new();
        memory.page("c", from, older, &mut |record| {
            seqs.push(record.message().seq);
            if seqs.len() == most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        seqs
    }

    #[test]
    fn pages_go_both_ways_and_stay_in_their_conversation() {
        let mut memory = Memory::default();
        for seq in 1..=5 {
            memory.put("c", &format!("c{seq}"), message(seq, 0));
            memory.put("d", &format!("d{seq}"), message(seq, 0));
        }
        assert_eq!(seqs(&memory, u64::MAX, true, 3), [5, 4, 3]);
        assert_eq!(seqs(&memory, 4, true, 9), [4, 3, 2, 1]);
        assert_eq!(seqs(&memory, 4, false, 9), [4, 5]);
    }

    #[test]
    fn memory_is_bounded_by_number_and_by_bytes() {
        let mut memory = Memory::default();
        for seq in 1..=MESSAGES as u64 + 10 {
            memory.put("c", &format!("{seq}"), message(seq, 0));
        }
        assert_eq!(memory.records.len(), MESSAGES);
        assert!(memory.get("10").is_none() && memory.get("11").is_some());
        assert_eq!(memory.places.len(), MESSAGES);
        for seq in 1..=100 {
            memory.put("c", &format!("big{seq}"), message(100_000 + seq, 1024 * 1024));
        }
        assert!(memory.bytes <= BYTES);
        assert!(memory.get("big100").is_some() && memory.get("big1").is_none());
    }
}
