//! A clock that a story moves.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use yidu_server::clock::{Clock as ServerClock, SystemClock};
use yidu_store::Millis;

/// Stands still until it is moved. Clones show the same time.
#[derive(Clone, Debug)]
pub struct Clock(Arc<AtomicU64>);

impl Clock {
    /// A clock that shows the time of its making.
    #[expect(clippy::new_without_default, reason = "a default clock would be the machine's")]
    pub fn new() -> Clock {
        Clock(Arc::new(AtomicU64::new(SystemClock.now())))
    }

    /// What it shows.
    pub fn now(&self) -> Millis {
        self.0.load(Ordering::SeqCst)
    }

    /// Moves it on.
    pub fn advance(&self, by: Millis) {
        self.0.fetch_add(by, Ordering::SeqCst);
    }
}

impl ServerClock for Clock {
    fn now(&self) -> Millis {
        Clock::now(self)
    }
}
