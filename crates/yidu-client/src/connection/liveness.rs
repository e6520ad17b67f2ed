//! Heartbeats: when to say something, and when the peer counts as dead.
//!
//! A network that is gone leaves the socket open, so silence is the only sign of it. After an interval in which nothing
//! was sent, or nothing was heard, a ping goes out; when nothing at all is heard for the grace time after it, the peer
//! is dead.

use std::time::Duration;

use tokio::time::Instant;

const DEFAULT_INTERVAL: Duration = Duration::from_secs(30);
const LONGEST_GRACE: Duration = Duration::from_secs(10);

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Due {
    /// Nothing until then.
    Nothing(Instant),
    Ping,
    Dead,
}

#[derive(Debug)]
pub(crate) struct Liveness {
    interval: Duration,
    sent: Instant,
    heard: Instant,
    /// When the ping went out that nothing was heard after.
    pinged: Option<Instant>,
}

impl Liveness {
    /// The interval is the server's; 0 means 30 s.
    pub(crate) fn new(heartbeat_ms: u32, now: Instant) -> Liveness {
        let interval = match heartbeat_ms {
            0 => DEFAULT_INTERVAL,
            given => Duration::from_millis(u64::from(given)),
        };
        Liveness { interval, sent: now, heard: now, pinged: None }
    }

    pub(crate) fn sent(&mut self, now: Instant) {
        self.sent = now;
    }

    pub(crate) fn pinged(&mut self, now: Instant) {
        self.sent = now;
        self.pinged = Some(self.pinged.unwrap_or(now));
    }

    pub(crate) fn heard(&mut self, now: Instant) {
        self.heard = now;
        self.pinged = None;
    }

    pub(crate) fn due(&self, now: Instant) -> Due {
        let dead = self.pinged.map(|pinged| pinged + self.interval.min(LONGEST_GRACE));
        if dead.is_some_and(|dead| dead <= now) {
            return Due::Dead;
        }
        // With a ping under way, silence from the peer is no reason for another one.
        let quiet_since = if self.pinged.is_some() { self.sent } else { self.sent.min(self.heard) };
        let ping = quiet_since + self.interval;
        if ping <= now { Due::Ping } else { Due::Nothing(dead.map_or(ping, |dead| dead.min(ping))) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_quiet_connection_is_pinged_every_interval() {
        let start = Instant::now();
        let mut alive = Liveness::new(5_000, start);
        assert_eq!(alive.due(start + 4 * SECOND), Due::Nothing(start + 5 * SECOND));
        assert_eq!(alive.due(start + 5 * SECOND), Due::Ping);
        alive.pinged(start + 5 * SECOND);
        alive.heard(start + 6 * SECOND);
        assert_eq!(alive.due(start + 7 * SECOND), Due::Nothing(start + 10 * SECOND));
    }

    #[test]
    fn one_who_only_listens_says_something_in_time() {
        let start = Instant::now();
        let mut alive = Liveness::new(5_000, start);
        for second in 1..5 {
            alive.heard(start + second * SECOND);
        }
        assert_eq!(alive.due(start + 5 * SECOND), Due::Ping);
    }

    #[test]
    fn a_peer_that_takes_everything_and_says_nothing_is_dead() {
        let start = Instant::now();
        let mut alive = Liveness::new(25_000, start);
        for second in 1..=25 {
            alive.sent(start + second * SECOND);
        }
        assert_eq!(alive.due(start + 25 * SECOND), Due::Ping);
        alive.pinged(start + 25 * SECOND);
        assert_eq!(alive.due(start + 26 * SECOND), Due::Nothing(start + 35 * SECOND));
        alive.sent(start + 34 * SECOND);
        assert_eq!(alive.due(start + 35 * SECOND), Due::Dead);
    }
}
