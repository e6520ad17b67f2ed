//! Waiting for what no event tells of.

use std::time::Duration;

use anyhow::{Result, ensure};
use tokio::time::{Instant, sleep};

use crate::PATIENCE;

/// Between two looks.
const LOOK: Duration = Duration::from_millis(10);

/// Asks until there is an answer, for at most [`PATIENCE`]. For what is announced by nothing; everything else has an event.
pub async fn eventually<T>(what: &str, mut ask: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = ask().await? {
            return Ok(answer);
        }
        ensure!(Instant::now() < deadline, "{what} did not come within {} s", PATIENCE.as_secs());
        sleep(LOOK).await;
    }
}
