//! The receipts of 1,024 consecutive ordinals.

use crate::bits::{Bits, Ones};

/// In `deltas`: as it stands, unless `late` has a greater one.
const LATE: u32 = u32::MAX;

/// Who of the chunk has read, and when: milliseconds after the message, in the order of offsets.
#[derive(Clone, Default, Debug)]
pub(crate) struct Chunk {
    bits: Bits,
    deltas: Vec<u32>,
    /// Deltas of 2³² (49 days) and more, ascending by offset.
    late: Vec<(u16, u64)>,
    /// Changed since the owner last said that it is stored.
    pub(crate) dirty: bool,
}

impl Chunk {
    /// From stored receipts that the decoder has checked: offsets below 1,024, strictly ascending.
    pub(crate) fn from_sorted(offsets: &[u32], deltas: &[u64]) -> Self {
        let mut chunk = Self { deltas: Vec::with_capacity(deltas.len()), ..Self::default() };
        for (offset, &delta) in offsets.iter().map(|offset| (offset % 1024) as u16).zip(deltas) {
            chunk.bits.set(offset);
            let narrow = chunk.narrow(offset, delta);
            chunk.deltas.push(narrow);
        }
        chunk
    }

    pub(crate) fn bits(&self) -> &Bits {
        &self.bits
    }

    /// Who had read when `delta` had passed.
    pub(crate) fn bits_at(&self, delta: u64) -> Bits {
        // Mostly all had: told from the times alone, several at once.
        if u32::try_from(delta).is_ok_and(|delta| self.deltas.iter().all(|&d| d <= delta && d != LATE)) {
            return self.bits;
        }
        let mut bits = self.bits;
        self.iter_from(0).filter(|(_, after)| *after > delta).for_each(|(offset, _)| bits.clear(offset));
        bits
    }

    pub(crate) fn contains(&self, offset: u16) -> bool {
        self.bits.get(offset)
    }

    pub(crate) fn get(&self, offset: u16) -> Option<u64> {
        self.contains(offset).then(|| self.delta(offset, self.bits.rank(offset)))
    }

    /// False, and nothing changes, when it is there.
    pub(crate) fn insert(&mut self, offset: u16, delta: u64) -> bool {
        if self.contains(offset) {
            return false;
        }
        let narrow = self.narrow(offset, delta);
        self.deltas.insert(self.bits.rank(offset), narrow);
        self.bits.set(offset);
        self.dirty = true;
        true
    }

    /// Puts a smaller delta in place of a greater one.
    pub(crate) fn lower(&mut self, offset: u16, delta: u64) {
        let rank = self.bits.rank(offset);
        if delta >= self.delta(offset, rank) {
            return;
        }
        if let Ok(at) = self.late.binary_search_by_key(&offset, |(o, _)| *o) {
            self.late.remove(at);
        }
        self.deltas[rank] = self.narrow(offset, delta);
        self.dirty = true;
    }

    /// Offsets and deltas, ascending by offset, from `offset` on.
    pub(crate) fn iter_from(&self, offset: u16) -> Receipts<'_> {
        Receipts { chunk: self, rank: self.bits.rank(offset), ones: self.bits.ones_from(offset) }
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        self.deltas.capacity() * size_of::<u32>() + self.late.capacity() * size_of::<(u16, u64)>()
    }

    fn delta(&self, offset: u16, rank: usize) -> u64 {
        let narrow = self.deltas[rank];
        if narrow != LATE {
            return u64::from(narrow);
        }
        let at = self.late.binary_search_by_key(&offset, |(o, _)| *o);
        at.map_or(u64::from(LATE), |at| self.late[at].1)
    }

    /// The form of a delta in `deltas`; one that does not fit goes into `late`.
    fn narrow(&mut self, offset: u16, delta: u64) -> u32 {
        u32::try_from(delta).unwrap_or_else(|_| {
            let at = self.late.partition_point(|(o, _)| *o < offset);
            self.late.insert(at, (offset, delta));
            LATE
        })
    }
}

/// Ascending walk over a [`Chunk`].
#[derive(Clone, Debug)]
pub(crate) struct Receipts<'a> {
    chunk: &'a Chunk,
    ones: Ones,
    rank: usize,
}

impl Iterator for Receipts<'_> {
    type Item = (u16, u64);

    fn next(&mut self) -> Option<(u16, u64)> {
        let offset = self.ones.next()?;
        let delta = self.chunk.delta(offset, self.rank);
        self.rank += 1;
        Some((offset, delta))
    }
}
