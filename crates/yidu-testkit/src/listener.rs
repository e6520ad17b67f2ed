//! The events of an SDK client, waited for.

use std::collections::VecDeque;

use anyhow::{Context, Result, bail};
use tokio::time::{Instant, timeout_at};
use yidu_client::{Client, Event, EventStream};
use yidu_proto::v1;

use crate::peer::PATIENCE;
use crate::words::text_of;

/// Hears what a client is told. What nobody has waited for stays in a queue.
pub struct Listener {
    events: EventStream,
    kept: VecDeque<Event>,
}

impl Listener {
    /// Hears everything from now on.
    pub fn of(client: &Client) -> Listener {
        Listener { events: client.events(), kept: VecDeque::new() }
    }

    /// Waits for the first event that `pick` takes. Others stay where they are, and a failure names them.
    pub async fn wait<T>(&mut self, what: &str, mut pick: impl FnMut(&Event) -> Option<T>) -> Result<T> {
        let deadline = Instant::now() + PATIENCE;
        let mut looked_at = 0;
        loop {
            while let Some(event) = self.kept.get(looked_at) {
                if let Some(picked) = pick(event) {
                    self.kept.remove(looked_at);
                    return Ok(picked);
                }
                looked_at += 1;
            }
            let next = timeout_at(deadline, self.events.next()).await;
            match next.with_context(|| format!("waiting for {what}; came instead: {:?}", self.kept))? {
                None => bail!("waiting for {what}, the client was closed; came instead: {:?}", self.kept),
                Some(Event::Lagged(lost)) => bail!("waiting for {what}, {lost} events were lost"),
                Some(event) => self.kept.push_back(event),
            }
        }
    }

    /// Waits for a message with this text.
    pub async fn hears(&mut self, what: &str) -> Result<v1::Message> {
        let told = format!("the message {what:?}");
        self.wait(&told, |event| match event {
            Event::Message(message) if text_of(message) == what => Some((**message).clone()),
            _ => None,
        })
        .await
    }

    /// Waits for the update of a message's receipts that tells of at least `read` readers.
    pub async fn hears_read(&mut self, seq: u64, read: u32) -> Result<v1::ReceiptState> {
        let what = format!("{read} readers of message {seq}");
        self.wait(&what, |event| match event {
            Event::Receipt(state) if state.seq == seq && state.read_count >= read => Some(state.clone()),
            _ => None,
        })
        .await
    }

    /// Waits until everything that was missed has been told.
    pub async fn caught_up(&mut self) -> Result<()> {
        self.wait("the end of catching up", |event| matches!(event, Event::CaughtUp).then_some(())).await
    }

    /// Takes everything that has been heard and not waited for.
    pub fn heard(&mut self) -> Vec<Event> {
        self.kept.drain(..).collect()
    }
}
