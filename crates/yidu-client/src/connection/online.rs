//! One connection from login to its end.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};
use yidu_proto::limits::REQUESTS;
use yidu_proto::v1::{self, push, request::Operation, response, server_item::Item};

use super::in_flight::{self, Waiter};
use super::link::Link;
use super::liveness::{Due, Liveness};
use super::resume::Step;
use super::session::{End, Task, already_logged_in};
use super::{Control, Pending};
use crate::Event;
use crate::client::ServerClock;
use crate::error::{Error, ErrorKind, Result};
use crate::outbox::Batch;

/// Batches of the outbox that go out together, once the last ones are answered: few calls while little waits, many
/// receipts a round trip while much does.
const OUTBOX_BATCHES: usize = 8;
/// A server that is about to stop is given this long to answer what it was asked.
const DRAIN: Duration = Duration::from_secs(5);
/// A server that does not answer a logout is waited for this long.
const GOODBYE: Duration = Duration::from_secs(5);

/// What belongs to one connection.
struct Online<'a> {
    link: &'a mut Link,
    alive: Liveness,
    /// Outbox batches without an answer.
    batches: usize,
    /// The outbox waits until then.
    outbox_from: Instant,
    /// When to look for requests that were forgotten, on either side.
    tidy_at: Instant,
    /// The catch-up is begun again then.
    resume_at: Option<Instant>,
    draining: Option<Draining>,
    /// Logging out, at the latest then.
    logout: Option<Instant>,
}

struct Draining {
    until: Instant,
    reconnect_after: Duration,
}

impl Task {
    /// Serves a connection until it ends.
    pub(super) async fn online(&mut self, link: &mut Link, user_id: &str, login: &v1::LoginResult) -> End {
        let now = Instant::now();
        let mut on = Online {
            link,
            alive: Liveness::new(login.heartbeat_ms, now),
            batches: 0,
            outbox_from: now,
            tidy_at: now + self.tidy_every(),
            resume_at: None,
            draining: None,
            logout: None,
        };
        self.forget_abandoned();
        on.send(&self.in_flight.again());
        let steps = self.resume.logged_in(user_id, login);
        self.take(&mut on, steps);
        match self.serve(&mut on).await {
            Ok(end) => end,
            // The session is over for the user whether the server has answered the logout or not.
            Err(_) if on.logout.is_some() => End::LoggedOut,
            Err(error) => End::Lost { after: on.draining.map(|draining| draining.reconnect_after), error },
        }
    }

    async fn serve(&mut self, on: &mut Online<'_>) -> Result<End> {
        let shared = self.shared.clone();
        let mut calls = Vec::new();
        loop {
            let wake = match self.due(on)? {
                Some(end) => return Ok(end),
                None => self.wake_at(on),
            };
            let room = if on.takes_calls() { self.in_flight.room().min(REQUESTS) } else { 0 };
            tokio::select! {
                control = self.control.recv() => if let Some(end) = self.controlled(on, control) {
                    return Ok(end);
                },
                _ = self.requests.recv_many(&mut calls, room), if room > 0 => self.call(on, &mut calls),
                progress = on.link.next() => if let Some(item) = progress?
                    && let Some(end) = self.received(on, item)?
                {
                    return Ok(end);
                },
                () = shared.outbox_filled.notified(), if on.batches == 0 => {}
                () = sleep_until(wake) => {}
            }
        }
    }

    /// Does what the time has come for.
    fn due(&mut self, on: &mut Online<'_>) -> Result<Option<End>> {
        let now = Instant::now();
        if on.logout.is_some_and(|until| until <= now) {
            return Ok(Some(End::LoggedOut));
        }
        if let Some(draining) = &on.draining
            && (self.in_flight.is_empty() || draining.until <= now)
        {
            let error = Error::new(ErrorKind::Disconnected, "the server is about to stop");
            return Ok(Some(End::Lost { error, after: Some(draining.reconnect_after) }));
        }
        if on.tidy_at <= now {
            on.tidy_at = now + self.tidy_every();
            self.forget_abandoned();
            if self.in_flight.own_oldest(now) >= self.tidy_every() {
                return Err(Error::new(ErrorKind::Timeout, "the server has left a request unanswered"));
            }
        }
        if on.resume_at.is_some_and(|at| at <= now) {
            on.resume_at = None;
            let steps = self.resume.again();
            self.take(on, steps);
        }
        if on.batches == 0 && on.outbox_from <= now && on.draining.is_none() && on.logout.is_none() {
            self.send_outbox(on);
        }
        match on.alive.due(now) {
            Due::Nothing(_) => {}
            Due::Dead => return Err(Error::new(ErrorKind::Disconnected, "the server no longer answers")),
            Due::Ping => {
                on.send(&[self.in_flight.add(Operation::Ping(v1::Ping {}), Waiter::Ping)]);
                on.alive.pinged(now);
            }
        }
        Ok(None)
    }

    fn tidy_every(&self) -> Duration {
        self.shared.config.request_timeout.max(Duration::from_secs(1))
    }

    fn wake_at(&self, on: &Online<'_>) -> Instant {
        let now = Instant::now();
        let beat = if let Due::Nothing(until) = on.alive.due(now) { until } else { now };
        let draining = on.draining.as_ref().map(|draining| draining.until);
        let outbox = (on.outbox_from > now).then_some(on.outbox_from);
        [Some(on.tidy_at), on.logout, draining, outbox, on.resume_at]
            .into_iter()
            .flatten()
            .fold(beat, Instant::min)
    }

    fn controlled(&mut self, on: &mut Online<'_>, control: Option<Control>) -> Option<End> {
        match control {
            Some(Control::Login { reply, .. }) => {
                let _ = reply.send(Err(already_logged_in()));
            }
            Some(Control::Logout { reply }) => {
                self.farewells.push(reply);
                if on.logout.is_none() {
                    let request = self.in_flight.add(Operation::Logout(v1::Logout {}), Waiter::Logout);
                    on.logout = Some(Instant::now() + GOODBYE);
                    on.send(&[request]);
                }
            }
            Some(Control::Close { reply }) => {
                self.farewells.push(reply);
                return Some(End::Closed);
            }
            None => return Some(End::Closed),
        }
        None
    }

    /// Sends the calls that have come, in as few frames as they fit.
    fn call(&mut self, on: &mut Online<'_>, calls: &mut Vec<Pending>) {
        let login = self.shared.login_count.load(std::sync::atomic::Ordering::Acquire);
        let mut requests = Vec::with_capacity(calls.len());
        for pending in calls.drain(..).filter(|pending| !pending.reply.is_closed()) {
            if pending.login != login {
                let _ = pending.reply.send(Err(Error::not_logged_in()));
                continue;
            }
            if let Some(Operation::SendMessage(message)) = &pending.request.operation {
                self.resume.sending(message);
            }
            requests.push(self.in_flight.add_call(pending.request, pending.reply));
        }
        on.send(&requests);
    }

    fn received(&mut self, on: &mut Online<'_>, item: Item) -> Result<Option<End>> {
        on.alive.heard(Instant::now());
        match item {
            Item::Response(response) if response.id == 0 => {
                Err(Error::new(ErrorKind::Protocol, "the server could not read what was sent"))
            }
            Item::Response(response) => Ok(self.answered(on, response)),
            Item::Push(v1::Push { event }) => Ok(event.and_then(|event| self.pushed(on, event))),
        }
    }

    fn answered(&mut self, on: &mut Online<'_>, response: v1::Response) -> Option<End> {
        let id = response.id;
        let (waiter, request) = self.in_flight.answered(id)?;
        let answer = in_flight::result(response);
        match waiter {
            Waiter::Call(reply) => {
                self.note_sent(request, &answer);
                // An error says that the caller has given up.
                let _ = reply.send(answer);
            }
            Waiter::Resume(ask) => {
                let steps = self.resume.answered(ask, answer);
                self.take(on, steps);
            }
            Waiter::Outbox(batch) => self.outbox_answered(on, batch, answer),
            Waiter::Logout => return Some(End::LoggedOut),
            Waiter::Ping => {
                if let Ok(response::Result::Ping(pong)) = answer {
                    *self.shared.clock.lock() = Some(ServerClock::told(pong.server_time_ms));
                }
            }
        }
        None
    }

    fn pushed(&mut self, on: &mut Online<'_>, event: push::Event) -> Option<End> {
        match event {
            push::Event::Kicked(kicked) => {
                let error = v1::Error { code: kicked.code, text: kicked.text, retry_after_ms: 0 };
                return Some(End::Ended(Error::refused(error)));
            }
            push::Event::Draining(draining) => {
                let reconnect_after = Duration::from_millis(draining.reconnect_after_ms.into());
                on.draining = Some(Draining { until: Instant::now() + DRAIN, reconnect_after });
            }
            event => {
                let steps = self.resume.pushed(event);
                self.take(on, steps);
            }
        }
        None
    }

    /// Carries out what the resuming wants.
    fn take(&mut self, on: &mut Online<'_>, steps: Vec<Step>) {
        let mut requests = Vec::new();
        for step in steps {
            match step {
                Step::Ask(ask, operation) => {
                    requests.push(self.in_flight.add(operation, Waiter::Resume(ask)))
                }
                Step::Tell(event) => self.shared.events.tell(event),
                Step::Retry(after) => on.resume_at = Some(Instant::now() + after),
            }
        }
        on.send(&requests);
    }

    fn send_outbox(&mut self, on: &mut Online<'_>) {
        let mut requests = Vec::new();
        let mut outbox = self.shared.outbox.lock();
        while requests.len() < OUTBOX_BATCHES
            && let Some(batch) = outbox.next_batch()
        {
            let receipts =
                v1::SendReceipts { conversation: Some(batch.conversation.clone()), seqs: batch.seqs.clone() };
            requests.push(self.in_flight.add(Operation::SendReceipts(receipts), Waiter::Outbox(batch)));
        }
        drop(outbox);
        on.batches = requests.len();
        on.send(&requests);
    }

    fn outbox_answered(&mut self, on: &mut Online<'_>, batch: Batch, answer: Result<response::Result>) {
        on.batches = on.batches.saturating_sub(1);
        let refusal = match answer {
            Ok(_) => None,
            Err(error) if error.is_transient() => {
                let after = error.retry_after().unwrap_or(Duration::from_secs(1));
                on.outbox_from = Instant::now() + after;
                self.shared.outbox.lock().release_batch(&batch);
                return;
            }
            Err(error) => Some(error),
        };
        let pending = {
            let mut outbox = self.shared.outbox.lock();
            outbox.settle(&batch);
            outbox.len()
        };
        if refusal.is_some() {
            let Batch { conversation, seqs } = batch;
            self.shared.events.tell(Event::ReceiptsDropped { conversation, seqs, error: refusal });
        }
        self.shared.events.tell(Event::OutboxChanged { pending });
    }

    fn note_sent(&mut self, request: Option<v1::Request>, answer: &Result<response::Result>) {
        if let Some(Operation::SendMessage(request)) = request.and_then(|request| request.operation) {
            let message = match answer {
                Ok(response::Result::SendMessage(sent)) => sent.message.as_ref(),
                Ok(_) | Err(_) => None,
            };
            self.resume.sent(&request, message);
        }
    }

    fn forget_abandoned(&mut self) {
        for request in self.in_flight.forget_abandoned() {
            if let Some(Operation::SendMessage(request)) = request.operation {
                self.resume.sent(&request, None);
            }
        }
    }
}

impl Online<'_> {
    fn send(&mut self, requests: &[v1::Request]) {
        if !requests.is_empty() {
            self.link.send(requests);
            self.alive.sent(Instant::now());
        }
    }

    fn takes_calls(&self) -> bool {
        self.draining.is_none() && self.logout.is_none() && self.link.has_room()
    }
}
