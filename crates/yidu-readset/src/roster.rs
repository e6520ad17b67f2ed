//! Who is and was a member of a conversation, and when.

mod away;
mod chunk;

pub(crate) use chunk::{Chunk, JoinRun, Leaver};

use crate::bits::{Bits, count, join, split};
use crate::{Ordinal, Seq};

/// An ordinal that this roster has never given.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("ordinal {ordinal} was never given in this conversation ({given} were): join_new gives the next one")]
pub struct UnknownOrdinal {
    /// The ordinal that was asked for.
    pub ordinal: Ordinal,
    /// How many ordinals the roster has given.
    pub given: u32,
}

/// Who is and was a member of one conversation, and when; a C2C conversation is a roster of two.
///
/// Ordinals are given in the order of first joins, so those who had joined when a message was sent are always
/// the first so-and-so many. Only for people who have left at least once are their stays kept one by one.
///
/// # Cost
/// A chunk of 1,024 ordinals takes about 100 bytes, 176 more while somebody of it is away, 16 for every
/// different seq at which people first joined, 32 for everybody who has ever left, 8 for each move between
/// their first leave and their newest leave or return, and 8 for each move of those who are away now.
/// Questions about one user take tens of nanoseconds; a question about everybody takes some nanoseconds per
/// chunk, plus some per person who has ever left in those chunks where people came or went both before and
/// after the seq asked for. [`counts()`](crate::counts()) pays for chunks alone.
///
/// Seqs that go backwards (a `next_seq` below one given before) are taken as the newest one known.
#[derive(Clone, Default, Debug)]
pub struct Roster {
    chunks: Vec<Chunk>,
    members: u32,
    last_move: Seq,
}

/// Equal are rosters that tell the same about everybody; what is not stored yet makes no difference.
impl PartialEq for Roster {
    fn eq(&self, other: &Self) -> bool {
        self.chunks == other.chunks
    }
}

impl Roster {
    /// A conversation that nobody has joined.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// First join of somebody new, who is in the audience from the message with seq `next_seq` on.
    /// Returns the new ordinal, which is the number of ordinals given before.
    ///
    /// # Panics
    /// After 4,294,966,272 ordinals: give a conversation fewer.
    pub fn join_new(&mut self, next_seq: Seq) -> Ordinal {
        let last_join = self.chunks.last().map_or(0, Chunk::last_join);
        if self.chunks.last().is_none_or(Chunk::is_full) {
            assert!(self.chunks.len() < (1 << 22) - 1, "a conversation has no more than 2^32 ordinals");
            self.chunks.push(Chunk::new());
        }
        let ordinal = self.ordinals();
        if let Some(chunk) = self.chunks.last_mut() {
            chunk.push(next_seq.max(last_join));
        }
        self.members += 1;
        ordinal
    }

    /// Somebody comes back, and is in the audience from `next_seq` on. False (nothing changes) for a member.
    ///
    /// # Errors
    /// [`UnknownOrdinal`] when the ordinal was never given.
    pub fn rejoin(&mut self, o: Ordinal, next_seq: Seq) -> Result<bool, UnknownOrdinal> {
        let (chunk, offset) = self.known(o)?;
        let changed = chunk.rejoin(offset, next_seq);
        if changed {
            self.members += 1;
            self.last_move = self.last_move.max(next_seq);
        }
        Ok(changed)
    }

    /// Somebody leaves: from `next_seq` on they are in no audience. A stay without a message leaves no trace,
    /// except that the ordinal and [`Roster::first_join`] stay. False (nothing changes) for a non-member.
    ///
    /// # Errors
    /// [`UnknownOrdinal`] when the ordinal was never given.
    pub fn leave(&mut self, o: Ordinal, next_seq: Seq) -> Result<bool, UnknownOrdinal> {
        let (chunk, offset) = self.known(o)?;
        let changed = chunk.leave(offset, next_seq);
        if changed {
            self.members -= 1;
            self.last_move = self.last_move.max(next_seq);
        }
        Ok(changed)
    }

    /// Whether `o` is a member now.
    #[must_use]
    pub fn is_member(&self, o: Ordinal) -> bool {
        self.at(o).is_some_and(|(chunk, offset)| chunk.is_member(offset))
    }

    /// Whether `o` was a member when the message with this seq got it.
    #[must_use]
    pub fn was_member(&self, o: Ordinal, seq: Seq) -> bool {
        self.at(o).is_some_and(|(chunk, offset)| chunk.was_member(offset, seq))
    }

    /// The `next_seq` of the first join; none for an ordinal that was never given.
    #[must_use]
    pub fn first_join(&self, o: Ordinal) -> Option<Seq> {
        self.at(o).map(|(chunk, offset)| chunk.first_join(offset))
    }

    /// The `next_seq` of the join or return that began the current stay; none for a non-member.
    #[must_use]
    pub fn joined_at(&self, o: Ordinal) -> Option<Seq> {
        self.at(o).and_then(|(chunk, offset)| chunk.joined_at(offset))
    }

    /// How many ordinals were ever given; they are `0..ordinals()`.
    #[must_use]
    pub fn ordinals(&self) -> u32 {
        let Some(last) = self.chunks.last() else { return 0 };
        join(count(self.chunks.len()) - 1, last.len())
    }

    /// How many are members now. Takes constant time.
    #[must_use]
    pub fn members(&self) -> u32 {
        self.members
    }

    /// Members now, ascending.
    pub fn iter_members(&self) -> impl Iterator<Item = Ordinal> {
        self.iter_members_from(0)
    }

    /// Members now whose ordinal is at least `from`, ascending.
    pub fn iter_members_from(&self, from: Ordinal) -> impl Iterator<Item = Ordinal> {
        self.walk(from, |_, chunk| chunk.now())
    }

    /// The member before whom so many others come; none when there are not so many. Passes 1,024 ordinals in some
    /// nanoseconds.
    #[must_use]
    pub fn nth_member(&self, mut before: u32) -> Option<Ordinal> {
        for (index, chunk) in self.chunks() {
            let here = u32::from(chunk.now_count());
            if before < here {
                return chunk.now().ones_from(0).nth(before as usize).map(|offset| join(index, offset));
            }
            before -= here;
        }
        None
    }

    /// How many were members when the message with this seq got it.
    #[must_use]
    pub fn members_at(&self, seq: Seq) -> u32 {
        let newest = self.chunks.last().map_or(0, Chunk::last_join);
        if seq >= newest && seq >= self.last_move {
            return self.members;
        }
        self.chunks.iter().map(|chunk| u32::from(chunk.count_at(seq))).sum()
    }

    /// Bytes on the heap.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        let spare = (self.chunks.capacity() - self.chunks.len()) * size_of::<Chunk>();
        spare + self.chunks.iter().map(|chunk| size_of::<Chunk>() + chunk.heap_bytes()).sum::<usize>()
    }

    /// Chunks of 1,024 ordinals that changed since the last [`Roster::mark_clean`], ascending; in a new
    /// roster all, in a loaded one none.
    pub fn dirty_chunks(&self) -> impl Iterator<Item = u32> {
        self.chunks().filter(|(_, chunk)| chunk.dirty).map(|(index, _)| index)
    }

    /// Everything is stored now.
    pub fn mark_clean(&mut self) {
        self.chunks.iter_mut().for_each(|chunk| chunk.dirty = false);
    }

    /// From stored chunks that the decoder has checked: all but the last are full, first joins do not descend.
    pub(crate) fn from_checked(chunks: Vec<Chunk>) -> Self {
        let members = chunks.iter().map(|chunk| u32::from(chunk.now_count())).sum();
        let last_move = chunks.iter().map(Chunk::last_move).max().unwrap_or(0);
        Self { chunks, members, last_move }
    }

    /// All chunks with their index.
    pub(crate) fn chunks(&self) -> impl Iterator<Item = (u32, &Chunk)> {
        (0..).zip(&self.chunks)
    }

    pub(crate) fn chunk(&self, index: u32) -> Option<&Chunk> {
        self.chunks.get(index as usize)
    }

    /// Nobody who was a member when `seq` was given is away now.
    pub(crate) fn none_left_since(&self, seq: Seq) -> bool {
        self.members == self.ordinals() || seq >= self.last_move
    }

    /// The ordinals from `from` on that `pick` chooses chunk by chunk, ascending.
    pub(crate) fn walk<'a>(
        &'a self,
        from: Ordinal,
        mut pick: impl FnMut(u32, &'a Chunk) -> Bits + 'a,
    ) -> impl Iterator<Item = Ordinal> + 'a {
        let (first, offset) = split(from);
        self.chunks().skip(first as usize).flat_map(move |(index, chunk)| {
            let start = if index == first { offset } else { 0 };
            pick(index, chunk).ones_from(start).map(move |offset| join(index, offset))
        })
    }

    fn at(&self, o: Ordinal) -> Option<(&Chunk, u16)> {
        let (chunk, offset) = split(o);
        self.chunk(chunk).filter(|chunk| offset < chunk.len()).map(|chunk| (chunk, offset))
    }

    fn known(&mut self, o: Ordinal) -> Result<(&mut Chunk, u16), UnknownOrdinal> {
        let given = self.ordinals();
        let (chunk, offset) = split(o);
        let chunk = self.chunks.get_mut(chunk as usize).filter(|chunk| offset < chunk.len());
        chunk.map(|chunk| (chunk, offset)).ok_or(UnknownOrdinal { ordinal: o, given })
    }
}
