//! The sender's device: one connection that hears of receipts, and what it has heard.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};
use parking_lot::Mutex;
use tokio::task::JoinHandle;

use super::wire::{Heard, Wire};

/// How long the last push may take to come: generous, since machines are shared.
const PATIENCE: Duration = Duration::from_secs(60);

/// A push about one message.
#[derive(Clone, Copy, Debug)]
pub(super) struct Push {
    pub(super) at: Instant,
    pub(super) seq: u64,
    pub(super) read: u32,
}

#[derive(Default)]
struct Screen {
    newest: HashMap<u64, u32>,
    pushes: Vec<Push>,
    fell: bool,
    resyncs: usize,
}

/// Listens until it is dropped.
pub(super) struct Listener {
    screen: Arc<Mutex<Screen>>,
    task: JoinHandle<Result<()>>,
}

impl Listener {
    pub(super) fn new(mut wire: Wire) -> Listener {
        let screen = Arc::new(Mutex::new(Screen::default()));
        let seen = Arc::clone(&screen);
        let task = tokio::spawn(async move {
            loop {
                match wire.next().await? {
                    Heard::Read { seq, read } => {
                        let at = Instant::now();
                        let mut screen = seen.lock();
                        let newest = screen.newest.entry(seq).or_default();
                        let fell = *newest > read;
                        *newest = read.max(*newest);
                        screen.fell |= fell;
                        screen.pushes.push(Push { at, seq, read });
                    }
                    Heard::Resync => seen.lock().resyncs += 1,
                    Heard::Recorded { .. } | Heard::Answer(_) => bail!("an answer to nothing"),
                }
            }
        });
        Listener { screen, task }
    }

    /// Waits until the last push of every message tells this count; returns all pushes in order.
    ///
    /// # Errors
    /// It never came, it told more, pushes were dropped, or a count fell although pushes are to be `ordered` (the baselines
    /// promise no order: the highest count is their last).
    pub(super) async fn until(&self, expected: &[(u64, u32)], ordered: bool) -> Result<Vec<Push>> {
        let begun = Instant::now();
        let missing = |screen: &Screen| {
            expected
                .iter()
                .filter(|(seq, read)| screen.newest.get(seq).copied().unwrap_or(0) != *read)
                .count()
        };
        loop {
            let (missing, resyncs) = {
                let screen = self.screen.lock();
                (missing(&screen), screen.resyncs)
            };
            ensure!(resyncs == 0, "the sender's device was told to pull: it was too slow");
            if missing == 0 {
                break;
            }
            ensure!(!self.task.is_finished(), "the sender's connection has ended");
            ensure!(
                begun.elapsed() < PATIENCE,
                "the sender's last push is wrong for {missing} of {} messages",
                expected.len()
            );
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let screen = self.screen.lock();
        ensure!(!(ordered && screen.fell), "a count that the sender was told fell");
        Ok(screen.pushes.clone())
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.task.abort();
    }
}
