//! How long to wait before the next attempt.

use std::time::Duration;

/// How a client comes back after a lost connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reconnect {
    first: Duration,
    most: Duration,
    enabled: bool,
}

impl Reconnect {
    /// Exponential back-off with full jitter: before attempt n the wait is random between 0 and `first` × 2ⁿ, at most
    /// `most`, so that a crowd that was cut off together does not come back together. A connection that lasted for
    /// `most` starts over from `first`.
    pub const fn between(first: Duration, most: Duration) -> Reconnect {
        Reconnect { first, most, enabled: true }
    }

    /// Not at all: a lost connection ends the session.
    pub const fn never() -> Reconnect {
        Reconnect { first: Duration::ZERO, most: Duration::ZERO, enabled: false }
    }
}

/// Between 0.5 s and 30 s.
impl Default for Reconnect {
    fn default() -> Reconnect {
        Reconnect::between(Duration::from_millis(500), Duration::from_secs(30))
    }
}

/// Where the back-off stands.
#[derive(Debug)]
pub(crate) struct Backoff {
    policy: Reconnect,
    attempt: u32,
}

impl Backoff {
    pub(crate) fn new(policy: Reconnect) -> Backoff {
        Backoff { policy, attempt: 0 }
    }

    /// The wait before the next attempt, given a random number of [0, 1); `None` when there is to be none.
    pub(crate) fn next(&mut self, random: f64) -> Option<Duration> {
        if !self.policy.enabled {
            return None;
        }
        let ceiling =
            self.policy.first.saturating_mul(2_u32.saturating_pow(self.attempt)).min(self.policy.most);
        self.attempt = self.attempt.saturating_add(1);
        Some(ceiling.mul_f64(random))
    }

    /// A connection has ended that lasted for this long.
    pub(crate) fn connection_lasted(&mut self, time: Duration) {
        if time >= self.policy.most {
            self.attempt = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LAST: f64 = 1.0 - f64::EPSILON;

    #[test]
    fn the_ceiling_doubles_up_to_the_most() {
        let mut backoff = Backoff::new(Reconnect::default());
        let ceilings: Vec<u128> = (0..9).map(|_| backoff.next(LAST).unwrap().as_millis()).collect();
        assert_eq!(ceilings, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
        backoff.connection_lasted(Duration::from_secs(29));
        assert!(backoff.next(LAST).unwrap() > Duration::from_secs(29));
        backoff.connection_lasted(Duration::from_secs(30));
        assert!(backoff.next(LAST).unwrap() <= Duration::from_millis(500));
    }

    #[test]
    fn never_means_never() {
        assert_eq!(Backoff::new(Reconnect::never()).next(0.5), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_wait_is_between_zero_and_the_most(
            first in 0..10_000_u64, most in 0..100_000_u64, randoms in prop::collection::vec(0.0..1.0, 1..100),
        ) {
            let most = Duration::from_millis(most);
            let mut backoff = Backoff::new(Reconnect::between(Duration::from_millis(first), most));
            for random in randoms {
                prop_assert!(backoff.next(random).unwrap() <= most);
            }
        }
    }
}
