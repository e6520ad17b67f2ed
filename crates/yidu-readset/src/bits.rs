//! 1,024 bits, the unit in which rosters and read sets are kept, walked and stored.

#![expect(clippy::cast_possible_truncation, reason = "offsets and counts are at most 1,024")]

use crate::Ordinal;

/// Ordinals in one chunk.
pub(crate) const CHUNK: u16 = 1024;
const WORDS: usize = 16;

/// The chunk an ordinal lies in, and its place there.
pub(crate) fn split(ordinal: Ordinal) -> (u32, u16) {
    (ordinal / 1024, (ordinal % 1024) as u16)
}

/// The inverse of [`split`].
pub(crate) fn join(chunk: u32, offset: u16) -> Ordinal {
    chunk * 1024 + Ordinal::from(offset)
}

/// Lengths of lists of ordinals, of which there are at most 2³².
pub(crate) fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

/// A set of offsets in one chunk.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Bits([u64; WORDS]);

impl Bits {
    /// The offsets below `n`.
    pub(crate) fn below(n: u16) -> Self {
        if n == CHUNK {
            return Self([u64::MAX; WORDS]);
        }
        let mut bits = Self::default();
        let (full, rest) = (usize::from(n / 64), n % 64);
        bits.0[..full].fill(u64::MAX);
        if rest > 0 {
            bits.0[full] = (1 << rest) - 1;
        }
        bits
    }

    #[inline]
    pub(crate) fn get(&self, offset: u16) -> bool {
        self.0[usize::from(offset / 64)] >> (offset % 64) & 1 == 1
    }

    #[inline]
    pub(crate) fn set(&mut self, offset: u16) {
        self.0[usize::from(offset / 64)] |= 1 << (offset % 64);
    }

    #[inline]
    pub(crate) fn clear(&mut self, offset: u16) {
        self.0[usize::from(offset / 64)] &= !(1 << (offset % 64));
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().fold(0, |all, word| all | word) == 0
    }

    #[inline]
    pub(crate) fn and(mut self, other: &Self) -> Self {
        self.0.iter_mut().zip(other.0).for_each(|(a, b)| *a &= b);
        self
    }

    #[inline]
    pub(crate) fn without(mut self, other: &Self) -> Self {
        self.0.iter_mut().zip(other.0).for_each(|(a, b)| *a &= !b);
        self
    }

    #[inline]
    pub(crate) fn count(&self) -> u16 {
        self.0.iter().map(|w| w.count_ones() as u16).sum()
    }

    pub(crate) fn or(mut self, other: &Self) -> Self {
        self.0.iter_mut().zip(other.0).for_each(|(a, b)| *a |= b);
        self
    }

    /// How many offsets of the set lie below `offset`.
    #[inline]
    pub(crate) fn rank(&self, offset: u16) -> usize {
        let word = usize::from(offset / 64);
        let below: u32 = self.0[..word].iter().map(|w| w.count_ones()).sum();
        let inside = self.0[word] & ((1 << (offset % 64)) - 1);
        (below + inside.count_ones()) as usize
    }

    /// The offsets of the set from `offset` on, ascending.
    pub(crate) fn ones_from(mut self, offset: u16) -> Ones {
        let word = usize::from(offset / 64);
        self.0[..word].fill(0);
        self.0[word] &= u64::MAX << (offset % 64);
        Ones { bits: self, word }
    }
}

/// Ascending walk over [`Bits`].
#[derive(Clone, Debug)]
pub(crate) struct Ones {
    bits: Bits,
    word: usize,
}

impl Iterator for Ones {
    type Item = u16;

    fn next(&mut self) -> Option<u16> {
        while self.word < WORDS {
            let bits = &mut self.bits.0[self.word];
            if *bits != 0 {
                let offset = self.word as u16 * 64 + bits.trailing_zeros() as u16;
                *bits &= *bits - 1;
                return Some(offset);
            }
            self.word += 1;
        }
        None
    }
}
