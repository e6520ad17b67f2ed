//! All receipts of one message.

mod chunk;

pub(crate) use chunk::Chunk;

use crate::bits::{Bits, count, join, split};
use crate::encoding::WHOLE_MAX;
use crate::{Millis, Ordinal};

/// Readers up to which a set is a plain list.
const SMALL_MAX: usize = 16;

/// All receipts of one message: who has read it, and when. It only grows, and the first time stands.
///
/// Up to 16 readers are a list of 8 bytes each; more are chunks of 1,024 ordinals: about 200 bytes and 4 a
/// reader. Times are exact to the millisecond however late.
#[derive(Clone, Debug)]
pub struct ReadSet {
    sent_at: Millis,
    len: u32,
    /// Changed since the last `mark_clean`.
    dirty: bool,
    /// The set while it is small: ordinals and milliseconds after `sent_at`, ascending. Else empty.
    few: Vec<(Ordinal, u32)>,
    /// The set when it is not: chunks that have a reader, ascending by index. Else empty.
    chunks: Vec<Entry>,
}

#[derive(Clone, Debug)]
struct Entry {
    index: u32,
    chunk: Box<Chunk>,
}

/// Equal are sets with the same receipts and the same time of sending; what is not stored yet, and the form
/// in memory, make no difference.
impl PartialEq for ReadSet {
    fn eq(&self, other: &Self) -> bool {
        self.sent_at == other.sent_at && self.len == other.len && self.iter().eq(other.iter())
    }
}

impl Eq for ReadSet {}

impl ReadSet {
    /// No receipts yet for a message sent at this time.
    #[must_use]
    pub fn new(sent_at: Millis) -> Self {
        Self { sent_at, len: 0, dirty: true, few: Vec::new(), chunks: Vec::new() }
    }

    /// When the message was sent; no receipt is older.
    #[must_use]
    pub fn sent_at(&self) -> Millis {
        self.sent_at
    }

    /// Records that `o` has read the message; a time before [`ReadSet::sent_at`] counts as that.
    /// True if it is new; false (nothing changes, the first time stands) if it is there.
    ///
    /// Whether `o` may is not looked at: [`verdict`](crate::verdict()) says so.
    pub fn insert(&mut self, o: Ordinal, at: Millis) -> bool {
        let delta = at.saturating_sub(self.sent_at);
        let new = if self.chunks.is_empty() { self.insert_few(o, delta) } else { self.insert_many(o, delta) };
        if new {
            self.dirty = true;
            self.len += 1;
            // From now on chunks are stored one by one: none of them is yet.
            if self.len == WHOLE_MAX + 1 {
                self.chunks.iter_mut().for_each(|entry| entry.chunk.dirty = true);
            }
        }
        new
    }

    /// Whether `o` has read the message.
    #[must_use]
    pub fn contains(&self, o: Ordinal) -> bool {
        let (index, offset) = split(o);
        self.chunk(index).is_some_and(|chunk| chunk.contains(offset)) || self.find_few(o).is_ok()
    }

    /// When `o` has read the message, if so.
    #[must_use]
    pub fn time_of(&self, o: Ordinal) -> Option<Millis> {
        let (index, offset) = split(o);
        let delta = match self.find_few(o) {
            Ok(at) => Some(u64::from(self.few[at].1)),
            Err(_) => self.chunk(index).and_then(|chunk| chunk.get(offset)),
        };
        delta.map(|delta| self.sent_at + delta)
    }

    /// How many have read the message. Takes constant time.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.len
    }

    /// Whether nobody has read the message.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// All receipts, ascending by ordinal.
    pub fn iter(&self) -> impl Iterator<Item = (Ordinal, Millis)> {
        self.iter_from(0)
    }

    /// The receipts of ordinals from `from` on, ascending by ordinal.
    pub fn iter_from(&self, from: Ordinal) -> impl Iterator<Item = (Ordinal, Millis)> {
        self.deltas_from(from).map(|(o, delta)| (o, self.sent_at + delta))
    }

    /// Takes in all receipts of another set of the same message; returns how many were new. Where both have
    /// one, the smaller time stands, so that merging is commutative, associative and idempotent. Should the
    /// times of sending differ, the smaller one stands as well.
    pub fn merge(&mut self, other: &Self) -> u32 {
        let before = self.len;
        if other.sent_at < self.sent_at {
            let mut moved = Self::new(other.sent_at);
            self.iter().for_each(|(o, at)| _ = moved.insert(o, at));
            *self = moved;
        }
        for (o, at) in other.iter() {
            if !self.insert(o, at) {
                self.lower(o, at);
            }
        }
        self.len - before
    }

    /// Bytes on the heap.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        let boxed = |entry: &Entry| size_of::<Chunk>() + entry.chunk.heap_bytes();
        self.few.capacity() * size_of::<(Ordinal, u32)>()
            + self.chunks.capacity() * size_of::<Entry>()
            + self.chunks.iter().map(boxed).sum::<usize>()
    }

    /// Whether the set changed since the last [`ReadSet::mark_clean`]: a new one has, a loaded one has not.
    #[must_use]
    pub fn is_dirty(&self) -> bool {
        self.dirty
    }

    /// Chunks of 1,024 ordinals to write, ascending: those that changed since the last
    /// [`ReadSet::mark_clean`], and all when the set has outgrown the whole record since.
    pub fn dirty_chunks(&self) -> impl Iterator<Item = u32> {
        let few_dirty = self.dirty;
        self.few_chunks()
            .filter(move |_| few_dirty)
            .chain(self.chunks.iter().filter(|entry| entry.chunk.dirty).map(|entry| entry.index))
    }

    /// Everything is stored now.
    pub fn mark_clean(&mut self) {
        self.dirty = false;
        self.chunks.iter_mut().for_each(|entry| entry.chunk.dirty = false);
    }

    /// From stored receipts that the decoder has checked, ascending by ordinal.
    pub(crate) fn from_sorted(sent_at: Millis, ordinals: &[Ordinal], deltas: &[u64]) -> Self {
        let mut set = Self { dirty: false, len: count(ordinals.len()), ..Self::new(sent_at) };
        if ordinals.len() <= SMALL_MAX {
            let few = ordinals.iter().zip(deltas).map(|(&o, &delta)| u32::try_from(delta).map(|d| (o, d)));
            if let Ok(few) = few.collect() {
                return Self { few, ..set };
            }
        }
        let mut from = 0;
        for group in ordinals.chunk_by(|a, b| split(*a).0 == split(*b).0) {
            let offsets: Vec<u32> = group.iter().map(|o| o % 1024).collect();
            let chunk = Chunk::from_sorted(&offsets, &deltas[from..from + group.len()]);
            set.chunks.push(Entry { index: split(group[0]).0, chunk: Box::new(chunk) });
            from += group.len();
        }
        set
    }

    /// From stored chunks that the decoder has checked, ascending by index, with `len` receipts in all.
    pub(crate) fn from_chunks(sent_at: Millis, len: u32, chunks: Vec<(u32, Chunk)>) -> Self {
        let entry = |(index, chunk)| Entry { index, chunk: Box::new(chunk) };
        let chunks = chunks.into_iter().map(entry).collect();
        Self { len, dirty: false, chunks, ..Self::new(sent_at) }
    }

    /// Indices of chunks with a reader, ascending.
    pub(crate) fn chunk_indices(&self) -> impl Iterator<Item = u32> {
        self.few_chunks().chain(self.chunks.iter().map(|entry| entry.index))
    }

    /// Who of one chunk has read.
    pub(crate) fn bits(&self, index: u32) -> Bits {
        if let Some(chunk) = self.chunk(index) {
            return *chunk.bits();
        }
        let offsets = self.few.iter().map(|(o, _)| split(*o)).filter(|(chunk, _)| *chunk == index);
        offsets.fold(Bits::default(), |mut bits, (_, offset)| {
            bits.set(offset);
            bits
        })
    }

    /// Who of one chunk had read at an instant, the receipts of that millisecond included.
    pub(crate) fn bits_at(&self, index: u32, at: Millis) -> Bits {
        let Some(delta) = at.checked_sub(self.sent_at) else { return Bits::default() };
        if let Some(chunk) = self.chunk(index) {
            return chunk.bits_at(delta);
        }
        let mut bits = Bits::default();
        let read = self.few.iter().filter(|(_, after)| u64::from(*after) <= delta);
        read.map(|(o, _)| split(*o)).filter(|(chunk, _)| *chunk == index).for_each(|(_, o)| bits.set(o));
        bits
    }

    /// Ordinals and milliseconds after the message, ascending, from `from` on.
    pub(crate) fn deltas_from(&self, from: Ordinal) -> impl Iterator<Item = (Ordinal, u64)> {
        let (first, offset) = split(from);
        let few = &self.few[self.find_few(from).unwrap_or_else(|at| at)..];
        let chunks = &self.chunks[self.find(first).unwrap_or_else(|at| at)..];
        let few = few.iter().map(|&(o, delta)| (o, u64::from(delta)));
        few.chain(chunks.iter().flat_map(move |Entry { index, chunk }| {
            let start = if *index == first { offset } else { 0 };
            chunk.iter_from(start).map(|(offset, delta)| (join(*index, offset), delta))
        }))
    }

    fn few_chunks(&self) -> impl Iterator<Item = u32> {
        let chunk = |(o, _): &(Ordinal, u32)| split(*o).0;
        self.few.chunk_by(move |a, b| chunk(a) == chunk(b)).map(move |group| chunk(&group[0]))
    }

    fn find_few(&self, o: Ordinal) -> Result<usize, usize> {
        self.few.binary_search_by_key(&o, |(reader, _)| *reader)
    }

    fn find(&self, index: u32) -> Result<usize, usize> {
        // Without gaps, as in most large sets, the place is the index.
        match self.chunks.get(index as usize) {
            Some(entry) if entry.index == index => Ok(index as usize),
            Some(_) | None => self.chunks.binary_search_by_key(&index, |entry| entry.index),
        }
    }

    fn chunk(&self, index: u32) -> Option<&Chunk> {
        self.find(index).ok().map(|at| &*self.chunks[at].chunk)
    }

    fn insert_few(&mut self, o: Ordinal, delta: u64) -> bool {
        let Err(place) = self.find_few(o) else { return false };
        match u32::try_from(delta) {
            Ok(delta) if self.few.len() < SMALL_MAX => {
                // Most sets have one reader: no room to spare for more before they come.
                if self.few.len() == self.few.capacity() {
                    self.few.reserve_exact(self.few.len().max(1));
                }
                self.few.insert(place, (o, delta));
                true
            }
            Ok(_) | Err(_) => {
                for (o, delta) in std::mem::take(&mut self.few) {
                    self.insert_many(o, delta.into());
                }
                self.insert_many(o, delta)
            }
        }
    }

    fn insert_many(&mut self, o: Ordinal, delta: u64) -> bool {
        let (index, offset) = split(o);
        let at = self.find(index).unwrap_or_else(|at| {
            self.chunks.insert(at, Entry { index, chunk: Box::default() });
            at
        });
        self.chunks[at].chunk.insert(offset, delta)
    }

    /// Puts an earlier time in place of a later one of a reader who is there.
    fn lower(&mut self, o: Ordinal, at: Millis) {
        if self.time_of(o).is_none_or(|time| time <= at) {
            return;
        }
        let delta = at.saturating_sub(self.sent_at);
        self.dirty = true;
        let (index, offset) = split(o);
        if let (Ok(at), Ok(delta)) = (self.find_few(o), u32::try_from(delta)) {
            self.few[at].1 = delta;
        } else if let Ok(at) = self.find(index) {
            self.chunks[at].chunk.lower(offset, delta);
        }
    }
}
