//! Those of a chunk who are no members now, and what a count of a message asks of them.

use super::Leaver;
use crate::Seq;
use crate::bits::Bits;

/// Who is away, with all their comings and goings as two sorted lists.
///
/// Each of them has left once more than returned, so among any number of them the leaves after a seq less the returns
/// after it are those who were there: a count searches two short lists instead of asking everybody.
#[derive(Clone, Default, Debug)]
pub(super) struct Away {
    pub(super) who: Bits,
    leaves: Vec<Seq>,
    returns: Vec<Seq>,
}

impl Away {
    /// Those of the chunk's leavers who are away; none when nobody is.
    pub(super) fn of(leavers: &[Leaver]) -> Option<Box<Away>> {
        let mut away = Box::<Away>::default();
        for leaver in leavers.iter().filter(|leaver| leaver.away) {
            away.who.set(leaver.offset);
            for (seq, back) in moves(leaver) {
                away.list(back).push(seq);
            }
        }
        away.leaves.sort_unstable();
        away.returns.sort_unstable();
        (!away.leaves.is_empty()).then_some(away)
    }

    pub(super) fn add(&mut self, leaver: &Leaver) {
        self.who.set(leaver.offset);
        for (seq, back) in moves(leaver) {
            let list = self.list(back);
            // Nearly always the end: seqs ascend.
            list.insert(list.partition_point(|&at| at <= seq), seq);
        }
    }

    pub(super) fn remove(&mut self, leaver: &Leaver) {
        self.who.clear(leaver.offset);
        for (seq, back) in moves(leaver) {
            let list = self.list(back);
            if let Ok(at) = list.binary_search(&seq) {
                list.remove(at);
            }
        }
    }

    /// How many of them were members when `seq` was given, or had yet to join for the first time.
    pub(super) fn there_or_to_come(&self, seq: Seq) -> u16 {
        let after = |list: &[Seq]| list.len() - list.partition_point(|&at| at <= seq);
        u16::try_from(after(&self.leaves) - after(&self.returns)).unwrap_or(u16::MAX)
    }

    pub(super) fn heap_bytes(&self) -> usize {
        size_of::<Self>() + (self.leaves.capacity() + self.returns.capacity()) * size_of::<Seq>()
    }

    fn list(&mut self, back: bool) -> &mut Vec<Seq> {
        if back { &mut self.returns } else { &mut self.leaves }
    }
}

/// Leaves (false) and returns (true) in turn, a leave first.
fn moves(leaver: &Leaver) -> impl Iterator<Item = (Seq, bool)> {
    let later = leaver.later().zip([true, false].into_iter().cycle());
    std::iter::once((leaver.left(), false)).chain(later)
}
