//! Requests without an answer.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;
use yidu_proto::v1::{self, request::Operation, response};

use super::CallReply;
use super::link::LOGIN_ID;
use super::resume::Ask;
use crate::error::{Error, ErrorKind, Result};
use crate::outbox::Batch;

/// Calls without an answer at once; further ones wait in line.
const MOST_CALLS: usize = 1_024;

/// Who waits for an answer.
pub(crate) enum Waiter {
    Call(CallReply),
    Resume(Ask),
    Outbox(Batch),
    Ping,
    Logout,
}

/// Keyed by request id, which rises and is never used again, so that the order of asking is kept over a reconnect.
pub(crate) struct InFlight {
    entries: BTreeMap<u64, Entry>,
    calls: usize,
    last_id: u64,
}

struct Entry {
    waiter: Waiter,
    /// What a call asks for, to ask it again. The others are asked anew.
    request: Option<v1::Request>,
    since: Instant,
}

impl InFlight {
    pub(crate) fn new() -> InFlight {
        InFlight { entries: BTreeMap::new(), calls: 0, last_id: LOGIN_ID }
    }

    /// How many more calls may be under way.
    pub(crate) fn room(&self) -> usize {
        MOST_CALLS.saturating_sub(self.calls)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Takes a call in and returns its request with an id, to be sent.
    pub(crate) fn add_call(&mut self, mut request: v1::Request, reply: CallReply) -> v1::Request {
        request.id = self.next_id();
        self.calls += 1;
        let entry =
            Entry { waiter: Waiter::Call(reply), request: Some(request.clone()), since: Instant::now() };
        self.entries.insert(request.id, entry);
        request
    }

    /// Takes a request of the session keeping's own in, to be sent.
    pub(crate) fn add(&mut self, operation: Operation, waiter: Waiter) -> v1::Request {
        let id = self.next_id();
        self.entries.insert(id, Entry { waiter, request: None, since: Instant::now() });
        v1::Request { id, operation: Some(operation) }
    }

    /// Who waits for this answer, and what was asked for if a call did; `None` when nobody does.
    pub(crate) fn answered(&mut self, id: u64) -> Option<(Waiter, Option<v1::Request>)> {
        let entry = self.entries.remove(&id)?;
        self.calls -= usize::from(entry.request.is_some());
        Some((entry.waiter, entry.request))
    }

    /// Forgets calls that nobody waits for any more, and returns what they asked for.
    pub(crate) fn forget_abandoned(&mut self) -> Vec<v1::Request> {
        let abandoned = self
            .entries
            .extract_if(.., |_, entry| matches!(&entry.waiter, Waiter::Call(reply) if reply.is_closed()));
        let requests: Vec<v1::Request> = abandoned.filter_map(|(_, entry)| entry.request).collect();
        self.calls -= requests.len();
        requests
    }

    /// After a reconnect: the requests of the calls, to be sent again in order. What the session keeping itself had
    /// asked for is forgotten.
    pub(crate) fn again(&mut self) -> Vec<v1::Request> {
        self.entries.retain(|_, entry| entry.request.is_some());
        self.entries.values().filter_map(|entry| entry.request.clone()).collect()
    }

    /// Since when the session keeping waits for its oldest answer but for that to a ping.
    pub(crate) fn own_oldest(&self, now: Instant) -> Duration {
        let own =
            self.entries.values().find(|entry| matches!(entry.waiter, Waiter::Resume(_) | Waiter::Outbox(_)));
        own.map_or(Duration::ZERO, |entry| now.duration_since(entry.since))
    }

    /// Ends every call with this error and forgets the rest.
    pub(crate) fn fail(&mut self, error: &Error) {
        for entry in std::mem::take(&mut self.entries).into_values() {
            if let Waiter::Call(reply) = entry.waiter {
                // An error says that the caller has given up.
                let _ = reply.send(Err(error.clone()));
            }
        }
        self.calls = 0;
    }

    fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }
}

/// The result in a response, or why there is none.
pub(crate) fn result(response: v1::Response) -> Result<response::Result> {
    match (response.error, response.result) {
        (Some(error), _) => Err(Error::refused(error)),
        (None, Some(result)) => Ok(result),
        (None, None) => {
            Err(Error::new(ErrorKind::Protocol, "the answer is of a kind that this build does not know"))
        }
    }
}
