//! 1,024 consecutive ordinals of a roster.

use super::away::Away;
use crate::Seq;
use crate::bits::{Bits, CHUNK};

/// From offset `start` on, until the next run, everybody joined first at `seq`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct JoinRun {
    pub(crate) start: u16,
    pub(crate) seq: Seq,
}

/// Somebody who has left at least once: leaves and returns in turn, a leave first, not descending.
///
/// Walks over everybody read these, so they are small: one who left, or left and came back, has no `between`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Leaver {
    /// The first leave.
    left: Seq,
    /// The newest leave or return.
    last: Seq,
    between: Option<Box<Between>>,
    pub(crate) offset: u16,
    pub(super) away: bool,
}

/// The leaves and returns between the first and the newest.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
struct Between(Vec<Seq>);

impl Leaver {
    pub(crate) fn new(offset: u16, left: Seq) -> Self {
        Self { left, last: left, between: None, offset, away: true }
    }

    /// The same comings and goings of somebody else.
    pub(crate) fn at(&self, offset: u16) -> Self {
        Self { offset, ..self.clone() }
    }

    pub(crate) fn left(&self) -> Seq {
        self.left
    }

    /// How many leaves and returns there are after the first leave.
    pub(crate) fn later_len(&self) -> usize {
        match &self.between {
            Some(between) => between.0.len() + 1,
            None => usize::from(!self.away),
        }
    }

    /// The leaves and returns after the first leave.
    pub(crate) fn later(&self) -> impl Iterator<Item = Seq> {
        let between = self.between.iter().flat_map(|between| between.0.iter().copied());
        between.chain((self.later_len() > 0).then_some(self.last))
    }

    /// The next leave or return, whichever is due; not before the newest.
    pub(crate) fn push(&mut self, seq: Seq) {
        if self.later_len() > 0 {
            self.between.get_or_insert_default().0.push(self.last);
        }
        self.last = seq;
        self.away = !self.away;
    }

    /// A leave. A stay that saw no message vanishes, so that going in and out costs nothing.
    fn leave(&mut self, seq: Seq) {
        if seq > self.last {
            return self.push(seq);
        }
        self.away = true;
        let Some(between) = &mut self.between else {
            self.last = self.left;
            return;
        };
        self.last = between.0.pop().unwrap_or(self.left);
        if between.0.is_empty() {
            self.between = None;
        }
    }

    fn was_away(&self, seq: Seq) -> bool {
        if seq < self.left {
            false
        } else if seq >= self.last {
            self.away
        } else {
            let passed = self.between.as_ref().map_or(0, |b| b.0.partition_point(|&at| at <= seq));
            passed.is_multiple_of(2)
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Chunk {
    len: u16,
    joins: Vec<JoinRun>,
    /// Ascending by offset.
    leavers: Vec<Leaver>,
    /// None while nobody is away. Derived from `leavers`.
    away: Option<Box<Away>>,
    /// No leave in this chunk is older; `Seq::MAX` without any. Derived.
    first_leave: Seq,
    /// No leave or return in this chunk is newer; 0 without any. Derived.
    last_move: Seq,
    /// Changed since the owner last said that it is stored.
    pub(crate) dirty: bool,
}

impl PartialEq for Chunk {
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len && self.joins == other.joins && self.leavers == other.leavers
    }
}

impl Chunk {
    pub(crate) fn new() -> Self {
        Self {
            len: 0,
            joins: Vec::with_capacity(1),
            leavers: Vec::new(),
            away: None,
            first_leave: Seq::MAX,
            last_move: 0,
            dirty: true,
        }
    }

    /// From stored parts that the decoder has checked.
    pub(crate) fn from_parts(len: u16, joins: Vec<JoinRun>, leavers: Vec<Leaver>) -> Self {
        let mut chunk = Self { len, joins, dirty: false, ..Self::new() };
        for leaver in &leavers {
            chunk.first_leave = chunk.first_leave.min(leaver.left);
            chunk.last_move = chunk.last_move.max(leaver.last);
        }
        chunk.away = Away::of(&leavers);
        chunk.leavers = leavers;
        chunk
    }

    pub(crate) fn len(&self) -> u16 {
        self.len
    }

    pub(crate) fn is_full(&self) -> bool {
        self.len == CHUNK
    }

    pub(crate) fn joins(&self) -> &[JoinRun] {
        &self.joins
    }

    pub(crate) fn leavers(&self) -> &[Leaver] {
        &self.leavers
    }

    pub(crate) fn last_move(&self) -> Seq {
        self.last_move
    }

    pub(crate) fn last_join(&self) -> Seq {
        self.joins.last().map_or(0, |run| run.seq)
    }

    /// Somebody new; `seq` is not below [`Chunk::last_join`].
    pub(crate) fn push(&mut self, seq: Seq) {
        if self.joins.is_empty() || self.last_join() != seq {
            self.joins.push(JoinRun { start: self.len, seq });
        }
        self.len += 1;
        self.dirty = true;
    }

    pub(crate) fn leave(&mut self, offset: u16, seq: Seq) -> bool {
        if !self.is_member(offset) {
            return false;
        }
        let at = match self.find(offset) {
            Err(at) => {
                let left = seq.max(self.first_join(offset));
                self.leavers.insert(at, Leaver::new(offset, left));
                at
            }
            Ok(at) => {
                self.leavers[at].leave(seq);
                at
            }
        };
        self.first_leave = self.first_leave.min(seq);
        self.away.get_or_insert_default().add(&self.leavers[at]);
        self.moved(seq);
        true
    }

    pub(crate) fn rejoin(&mut self, offset: u16, seq: Seq) -> bool {
        let Ok(at) = self.find(offset) else { return false };
        let leaver = &mut self.leavers[at];
        if !leaver.away {
            return false;
        }
        if let Some(away) = &mut self.away {
            away.remove(leaver);
            if away.who.is_empty() {
                self.away = None;
            }
        }
        leaver.push(seq.max(leaver.last));
        self.moved(seq);
        true
    }

    fn moved(&mut self, seq: Seq) {
        self.last_move = self.last_move.max(seq);
        self.dirty = true;
    }

    pub(crate) fn is_member(&self, offset: u16) -> bool {
        offset < self.len && !self.away().is_some_and(|away| away.get(offset))
    }

    pub(crate) fn was_member(&self, offset: u16, seq: Seq) -> bool {
        offset < self.joined_by(seq) && !self.find(offset).is_ok_and(|at| self.leavers[at].was_away(seq))
    }

    /// `offset` is below [`Chunk::len`].
    pub(crate) fn first_join(&self, offset: u16) -> Seq {
        let after = self.joins.partition_point(|run| run.start <= offset);
        self.joins[after - 1].seq
    }

    /// Start of the current stay of a member.
    pub(crate) fn joined_at(&self, offset: u16) -> Option<Seq> {
        self.is_member(offset).then(|| match self.find(offset) {
            Ok(at) => self.leavers[at].last,
            Err(_) => self.first_join(offset),
        })
    }

    /// How many of the chunk had joined for the first time when `seq` was given: they are its first ones.
    pub(crate) fn joined_by(&self, seq: Seq) -> u16 {
        if self.last_join() <= seq {
            return self.len;
        }
        let after = self.joins.partition_point(|run| run.seq <= seq);
        self.joins[after].start
    }

    /// Every ordinal that was given.
    pub(crate) fn all(&self) -> Bits {
        Bits::below(self.len)
    }

    /// Members now.
    pub(crate) fn now(&self) -> Bits {
        let all = self.all();
        self.away().map_or(all, |away| all.without(away))
    }

    pub(crate) fn now_count(&self) -> u16 {
        self.len - self.away().map_or(0, Bits::count)
    }

    /// Not members now; none while everybody is one.
    pub(crate) fn away(&self) -> Option<&Bits> {
        self.away.as_ref().map(|away| &away.who)
    }

    /// Those of `candidates` (ordinals that were given) who were members when `seq` was given.
    pub(crate) fn among(&self, seq: Seq, candidates: Bits) -> Bits {
        let joined = self.joined_by(seq);
        let mut bits = if joined == self.len { candidates } else { candidates.and(&Bits::below(joined)) };
        if seq < self.first_leave || bits.is_empty() {
            return bits;
        }
        if seq >= self.last_move {
            return self.away().map_or(bits, |away| bits.without(away));
        }
        for leaver in &self.leavers {
            if leaver.was_away(seq) {
                bits.clear(leaver.offset);
            }
        }
        bits
    }

    /// How many were members when `seq` was given.
    pub(crate) fn count_at(&self, seq: Seq) -> u16 {
        let joined = self.joined_by(seq);
        if seq < self.first_leave {
            return joined;
        }
        joined - self.leavers_below(joined).iter().map(|leaver| u16::from(leaver.was_away(seq))).sum::<u16>()
    }

    /// Nobody who was a member when `seq` was given is away now.
    pub(crate) fn none_left_since(&self, seq: Seq) -> bool {
        self.away.is_none() || seq >= self.last_move
    }

    /// How many were members when `seq` was given and are away now.
    pub(crate) fn left_since(&self, seq: Seq) -> u16 {
        let Some(away) = &self.away else { return 0 };
        let joined = self.joined_by(seq);
        let to_come = if joined == self.len { 0 } else { away.who.without(&Bits::below(joined)).count() };
        away.there_or_to_come(seq) - to_come
    }

    fn leavers_below(&self, end: u16) -> &[Leaver] {
        // Nearly always all: not searching saves the better part of a count.
        if end == self.len {
            return &self.leavers;
        }
        &self.leavers[..self.leavers.partition_point(|leaver| leaver.offset < end)]
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        let between = self.leavers.iter().filter_map(|leaver| leaver.between.as_ref());
        let between = between.map(|b| size_of::<Between>() + b.0.capacity() * size_of::<Seq>());
        self.joins.capacity() * size_of::<JoinRun>()
            + self.leavers.capacity() * size_of::<Leaver>()
            + self.away.as_ref().map_or(0, |away| away.heap_bytes())
            + between.sum::<usize>()
    }

    fn find(&self, offset: u16) -> Result<usize, usize> {
        self.leavers.binary_search_by_key(&offset, |leaver| leaver.offset)
    }
}
