//! Which change numbers a session has had: the watermark of the outbox.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::time::Instant;

/// How long a number may be missing while higher ones are there. Commits of one user are announced within milliseconds
/// of each other, so what is missing for longer was lost on the bus.
pub(crate) const GAP: Duration = Duration::from_secs(1);

/// Numbers that may wait beyond a missing one: more and the missing one counts as lost. One commit answers up to 1,024
/// requests of 50 receipts each, and its requests are announced in any order.
const AHEAD: usize = 64 * 1_024;

/// The numbers of a user's change feed as one session sees them arrive.
///
/// `settled ≤ lost ≤ run`: everything up to `settled` was queued for the session or given to it. What lies between
/// `settled` and `lost` was dropped or never came; the client was told to pull it. Everything from `lost` to `run` has
/// arrived without a gap; `ahead` holds numbers beyond a gap.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    settled: u64,
    lost: u64,
    run: u64,
    ahead: BTreeSet<u64>,
    gap_since: Option<Instant>,
}

impl Numbers {
    /// Begins at the position that login answers: what is not above it is of no concern any more.
    pub(crate) fn begin(&mut self, position: u64, now: Instant) {
        self.given(0, position, now);
    }

    /// Notes a number. False when it is of no use: it has been here, or was lost and is the client's to pull.
    pub(crate) fn arrived(&mut self, number: u64, now: Instant) -> bool {
        if number <= self.run {
            return false;
        }
        if number > self.run + 1 {
            self.gap_since.get_or_insert(now);
            return self.ahead.insert(number);
        }
        self.run = number;
        self.absorb(now);
        true
    }

    /// Up to here nothing is missing, so that only what still waits in the outbox holds the position back.
    pub(crate) fn bound(&self) -> u64 {
        if self.settled < self.lost { self.settled } else { self.run }
    }

    /// Everything up to here has arrived, or is the client's to pull.
    pub(crate) fn run(&self) -> u64 {
        self.run
    }

    /// The session's own `GetChanges` has answered everything after `after` up to `position`.
    pub(crate) fn given(&mut self, after: u64, position: u64, now: Instant) {
        if after > self.bound() {
            return;
        }
        self.settled = self.bound().max(position);
        if self.settled >= self.lost {
            self.run = self.run.max(self.settled);
            self.absorb(now);
        }
    }

    /// What was queued above `position` is dropped, and what is missing is given up: the client will be told to pull.
    pub(crate) fn lose(&mut self, position: u64) {
        self.settled = self.bound().min(position);
        self.lost = self.ahead.last().copied().unwrap_or(self.run).max(self.run);
        self.run = self.lost;
        self.ahead.clear();
        self.gap_since = None;
    }

    /// When the missing number counts as lost.
    pub(crate) fn gap_ends(&self) -> Option<Instant> {
        self.gap_since.map(|since| since + GAP)
    }

    /// The missing number counts as lost now.
    pub(crate) fn gap_is_lost(&self, now: Instant) -> bool {
        self.ahead.len() > AHEAD || self.gap_ends().is_some_and(|end| end <= now)
    }

    /// Joins what waited behind a gap that has closed. A further gap gets its own time.
    fn absorb(&mut self, now: Instant) {
        let before = self.ahead.len();
        while let Some(first) = self.ahead.first().copied() {
            if first > self.run + 1 {
                break;
            }
            self.ahead.pop_first();
            self.run = self.run.max(first);
        }
        if self.ahead.is_empty() {
            self.gap_since = None;
        } else if self.ahead.len() != before {
            self.gap_since = Some(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begun(position: u64) -> (Numbers, Instant) {
        let now = Instant::now();
        let mut numbers = Numbers::default();
        numbers.begin(position, now);
        (numbers, now)
    }

    #[test]
    fn a_gap_holds_the_bound_until_it_closes() {
        let (mut numbers, now) = begun(10);
        assert!(numbers.arrived(11, now));
        assert!(numbers.arrived(13, now) && numbers.arrived(15, now));
        assert_eq!(numbers.bound(), 11);
        assert!(numbers.arrived(12, now));
        assert_eq!(numbers.bound(), 13);
        assert!(numbers.gap_ends().is_some(), "14 is still missing");
        assert!(numbers.arrived(14, now));
        assert_eq!((numbers.bound(), numbers.gap_ends()), (15, None));
        assert!(!numbers.arrived(14, now), "the same number twice");
    }

    #[test]
    fn what_came_before_login_ended_is_behind_the_position() {
        let now = Instant::now();
        let mut numbers = Numbers::default();
        assert!(numbers.arrived(40, now) && numbers.arrived(42, now));
        numbers.begin(41, now);
        assert_eq!((numbers.bound(), numbers.gap_ends()), (42, None));
    }

    #[test]
    fn what_is_lost_is_settled_by_pulling_it() {
        let (mut numbers, now) = begun(10);
        for number in [11, 12, 14] {
            assert!(numbers.arrived(number, now));
        }
        assert!(numbers.gap_is_lost(now + GAP));
        numbers.lose(11);
        assert_eq!(numbers.bound(), 11);
        assert!(!numbers.arrived(13, now), "the client pulls it");
        assert!(numbers.arrived(15, now));
        assert_eq!(numbers.bound(), 11);
        numbers.given(12, 20, now);
        assert_eq!(numbers.bound(), 11, "it was not asked from where the session stands");
        numbers.given(11, 13, now);
        assert_eq!(numbers.bound(), 13);
        numbers.given(13, 14, now);
        assert_eq!(numbers.bound(), 15);
    }
}
