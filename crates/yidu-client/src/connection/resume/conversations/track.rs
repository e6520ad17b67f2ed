//! Where one conversation stands.

use std::collections::BTreeSet;

/// Messages remembered beyond a gap. Seqs that one may not see (messages to other members) look like gaps too, so a gap
/// is closed when so many have come after it.
const MOST_ABOVE: usize = 256;

/// What has been told of a conversation.
#[derive(Debug, Default)]
pub(crate) struct Track {
    /// Every message up to here was told or was there before; `None` while that is not known.
    through: Option<u64>,
    /// Told beyond it.
    above: BTreeSet<u64>,
    /// Number of the last change told.
    change: u64,
}

impl Track {
    /// A conversation that has not begun.
    pub(crate) fn new() -> Track {
        Track { through: Some(0), ..Track::default() }
    }

    /// Something of it was told, or was there when following it began.
    pub(crate) fn has_begun(&self) -> bool {
        self.next() > 1 || !self.above.is_empty() || self.change > 0
    }

    /// Where to read on; 0 when that is not known.
    pub(crate) fn next(&self) -> u64 {
        self.through.map_or(0, |seq| seq + 1)
    }

    pub(crate) fn last_change(&self) -> u64 {
        self.change
    }

    /// Where it stood when following it began. Changes nothing once something is known.
    pub(crate) fn stood_at(&mut self, seq: u64) {
        if self.through.is_none() && self.above.is_empty() {
            self.through = Some(seq);
        }
    }

    /// The first seq that may be missing when the newest is `last_seq`; 0 when that is not known.
    pub(crate) fn missing(&self, last_seq: u64) -> Option<u64> {
        let through = self.through.unwrap_or(0);
        (last_seq > through).then(|| self.next())
    }

    /// Takes a message; false when it was taken before.
    pub(crate) fn take(&mut self, seq: u64) -> bool {
        if self.through.is_some_and(|through| seq <= through) || !self.above.insert(seq) {
            return false;
        }
        if self.above.len() > MOST_ABOVE {
            self.through = self.above.first().copied();
        }
        self.absorb();
        true
    }

    /// Everything up to here counts as told.
    pub(crate) fn skip_to(&mut self, seq: u64) {
        self.through = self.through.max(Some(seq));
        self.absorb();
    }

    /// Takes a change; false when it, or a later one, was taken before.
    pub(crate) fn change(&mut self, number: u64) -> bool {
        let new = number > self.change;
        self.change = self.change.max(number);
        new
    }

    fn absorb(&mut self) {
        while let Some(&next) = self.above.first()
            && next <= self.through.unwrap_or(0) + 1
        {
            self.above.pop_first();
            self.through = self.through.max(Some(next));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_was_there_before_is_not_missing() {
        let mut track = Track::default();
        assert_eq!(track.missing(9), Some(0));
        track.stood_at(9);
        assert_eq!(track.missing(9), None);
        assert_eq!(track.missing(12), Some(10));
        track.stood_at(11);
        assert_eq!(track.missing(12), Some(10));
    }

    #[test]
    fn a_gap_stays_missing_until_it_is_skipped() {
        let mut track = Track::new();
        assert!(track.take(1) && track.take(3));
        assert_eq!(track.missing(3), Some(2));
        track.skip_to(2);
        assert_eq!(track.missing(3), None);
        assert!(!track.take(3) && track.take(4));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Against a plain set: nothing is taken twice, nothing up to `through` is untaken, memory has a bound. (While
        /// gaps are shorter than what is remembered.)
        #[test]
        fn it_takes_like_a_set(start in 0..5_u64, seqs in prop::collection::vec(1..200_u64, 0..400)) {
            let mut track = Track::default();
            track.stood_at(start);
            let mut model: HashSet<u64> = (1..=start).collect();
            for seq in seqs {
                prop_assert_eq!(track.take(seq), model.insert(seq));
                let through = track.through.unwrap_or(0);
                prop_assert!((1..=through).all(|seq| model.contains(&seq)));
                prop_assert!(!model.contains(&(through + 1)));
            }
        }

        #[test]
        fn a_gap_that_never_closes_costs_bounded_memory(step in 2..5_u64) {
            let mut track = Track::new();
            for n in 1..2_000 {
                prop_assert!(track.take(n * step));
                prop_assert!(track.above.len() <= MOST_ABOVE);
            }
        }
    }
}
