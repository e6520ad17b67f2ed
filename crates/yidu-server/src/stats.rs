//! Numbers of this node for the console: now, and since its start at four densities.
//!
//! Once a second the figures of [`crate::metrics`] are read; rates are differences of two readings. Every density keeps the
//! reading at its last point, so a point is the true rate over its step, not an average of averages. A second in which
//! nothing was read, because the machine slept, is a gap: a point that is not there.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio_util::sync::CancellationToken;
use yidu_store::Millis;

mod figures;
mod reading;

pub(crate) use figures::Figures;
use reading::{Process, Reading};

use crate::clock::Clock;

/// Milliseconds between two readings.
const BEAT: u64 = 1_000;

/// Milliseconds of a step, and points: 1 hour, 1 day, 3 days and 7 days.
const DENSITIES: [(Millis, usize); 4] = [(10_000, 360), (60_000, 1_440), (300_000, 864), (600_000, 1_008)];

/// Streams at once.
const STREAMS: usize = 64;

struct Density {
    step: Millis,
    most: usize,
    before: Reading,
    points: VecDeque<Figures>,
}

impl Density {
    fn take(&mut self, now: &Reading) {
        let since = now.time_ms.saturating_sub(self.before.time_ms);
        if since < self.step {
            return;
        }
        // After a pause there is no rate of one step to tell.
        if since < self.step * 2 {
            if self.points.len() >= self.most {
                self.points.pop_front();
            }
            self.points.push_back(Figures::between(&self.before, now));
        }
        self.before = now.clone();
    }
}

/// The numbers of a node since its start. Bounded: 3,672 points.
pub(crate) struct Stats {
    densities: Mutex<Vec<Density>>,
    now: watch::Sender<Arc<Figures>>,
    streams: Arc<Semaphore>,
    ending: CancellationToken,
}

/// A place among the streams; the stream ends with the server.
pub(crate) struct Stream {
    pub(crate) figures: watch::Receiver<Arc<Figures>>,
    pub(crate) ending: CancellationToken,
    _place: OwnedSemaphorePermit,
}

impl Stats {
    pub(crate) fn new() -> Arc<Stats> {
        Arc::new(Stats {
            densities: Mutex::default(),
            now: watch::Sender::new(Arc::new(Figures::default())),
            streams: Arc::new(Semaphore::new(STREAMS)),
            ending: CancellationToken::new(),
        })
    }

    /// Reads once a second, for ever.
    pub(crate) async fn run(self: Arc<Stats>, clock: Arc<dyn Clock>) {
        let mut process = Process::new();
        let mut last = Reading::take(clock.now(), &mut process);
        let density = |(step, most)| Density { step, most, before: last.clone(), points: VecDeque::new() };
        *self.densities.lock() = DENSITIES.into_iter().map(density).collect();
        loop {
            tokio::time::sleep(Duration::from_millis(BEAT)).await;
            let reading = Reading::take(clock.now(), &mut process);
            self.densities.lock().iter_mut().for_each(|density| density.take(&reading));
            self.now.send_replace(Arc::new(Figures::between(&last, &reading)));
            last = reading;
        }
    }

    /// The numbers of the last second.
    pub(crate) fn now(&self) -> Arc<Figures> {
        Arc::clone(&self.now.borrow())
    }

    /// The step of the finest density that is not finer than asked for, and its points from a time on, oldest first.
    pub(crate) fn history(&self, from: Millis, step: Millis) -> (Millis, Vec<Figures>) {
        let densities = self.densities.lock();
        let Some(density) = densities.iter().find(|density| density.step >= step).or(densities.last()) else {
            return (BEAT, Vec::new());
        };
        let since = density.points.iter().filter(|point| point.time_ms >= from);
        (density.step, since.cloned().collect())
    }

    /// A stream; `None` when there are 64.
    pub(crate) fn stream(&self) -> Option<Stream> {
        let place = Arc::clone(&self.streams).try_acquire_owned().ok()?;
        Some(Stream { figures: self.now.subscribe(), ending: self.ending.clone(), _place: place })
    }

    /// Ends all streams: the server drains.
    pub(crate) fn end_streams(&self) {
        self.ending.cancel();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_density_keeps_its_newest_points_and_leaves_gaps() {
        let reading = |time_ms| Reading { time_ms, ..Reading::default() };
        let mut density = Density { step: 10, most: 3, before: reading(0), points: VecDeque::new() };
        for time in [5, 10, 20, 30, 40, 90, 100] {
            density.take(&reading(time));
        }
        let times: Vec<_> = density.points.iter().map(|point| point.time_ms).collect();
        assert_eq!(times, [30, 40, 100], "at 90 nothing is told of the pause");
    }
}
