//! What a session does because time has passed.

use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::FutureExt;
use tokio::time::Instant;
use yidu_proto::v1::kicked::Reason;

use super::{End, Event, Phase, Session, close};
use crate::gateway::Limits;
use crate::gateway::registry::farewell;
use crate::metrics::metrics;

/// The longest wait between two looks at the clock for the end of a UserSig: timers follow another clock.
const MAX_WAIT: Duration = Duration::from_secs(60 * 60);

/// The shortest.
const CLOCK_LOOKS: Duration = Duration::from_millis(10);

/// Why a session ends that gives no sign of life.
pub(super) const SILENT: &str = "silent for three heartbeats";

impl Session {
    /// Rings when [`Self::tick`] may have something to do.
    pub(super) fn poll_alarm(&mut self, cx: &mut Context<'_>) -> Poll<Event> {
        let next = self.next_deadline();
        // An alarm that rings too early costs a look; one that is moved at every frame costs a lock each time.
        if self.alarm.is_elapsed() || next < self.alarm.deadline() {
            self.alarm.as_mut().reset(next);
        }
        self.alarm.poll_unpin(cx).map(|()| Event::Tick)
    }

    /// Ends the session when a deadline has passed.
    pub(super) fn tick(&mut self) -> Option<End> {
        let now = Instant::now();
        let Limits { login, heartbeat, stalled, .. } = self.gateway.limits;
        if self.socket.stuck_since().is_some_and(|since| since + stalled <= now) {
            metrics().stalled.increment(1);
            return Some(End::Drop("the socket made no progress".to_owned()));
        }
        if self.may_read() && self.heard + 3 * heartbeat <= now {
            return Some(End::Close(close::POLICY, SILENT));
        }
        match self.phase {
            Phase::LoggedIn { look_at_sig, .. } => {
                if look_at_sig <= now {
                    self.look_at_sig(now);
                }
            }
            Phase::New | Phase::LoggingIn => {
                if self.admission.since + login <= now {
                    metrics().not_logged_in.increment(1);
                    return Some(End::Close(close::POLICY, "no login in time"));
                }
            }
        }
        self.parted()
    }

    /// Ends the session when its UserSig has run out by the server's clock.
    pub(super) fn look_at_sig(&mut self, now: Instant) {
        if let Phase::LoggedIn { registration, sig_expires_at, look_at_sig, .. } = &mut self.phase {
            let left = sig_expires_at.saturating_sub(self.gateway.clock.now());
            if left == 0 {
                registration.link().kick(farewell(Reason::UserSigExpired));
            }
            *look_at_sig = now + Duration::from_millis(left).clamp(CLOCK_LOOKS, MAX_WAIT);
        }
    }

    /// When the next [`Self::tick`] has something to do. A deadline that a busy socket holds up is left out, since the end
    /// of the writing is an event itself.
    fn next_deadline(&mut self) -> Instant {
        let limits = self.gateway.limits;
        let heartbeat = self.may_read().then(|| self.heard + 3 * limits.heartbeat);
        let stuck = self.socket.stuck_since().map(|since| since + limits.stalled);
        let phase = match &self.phase {
            Phase::LoggedIn { look_at_sig, .. } => *look_at_sig,
            Phase::New | Phase::LoggingIn => self.admission.since + limits.login,
        };
        [heartbeat, stuck, self.outbox_alarm()].into_iter().flatten().fold(phase, Instant::min)
    }

    fn outbox_alarm(&self) -> Option<Instant> {
        match &self.phase {
            Phase::LoggedIn { registration, .. } if self.may_push() => registration.link().outbox.alarm(),
            Phase::LoggedIn { .. } | Phase::New | Phase::LoggingIn => None,
        }
    }
}
