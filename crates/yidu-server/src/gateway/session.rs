//! A session: one task per connection, driven by the events of [`Event`].
//!
//! Everything a session waits for is polled in one place ([`Session::poll_event`]), in this order: answers, pushes,
//! input, output, time. So what is ready at one moment leaves in one WebSocket message, requests go on while a slow
//! socket is being written to, and a socket that takes nothing stops the reading of its own requests and nothing else.
//!
//! # Bounds
//! Requests under way: a fixed number, then reading stops. Answers waiting to be written: 256 KiB, then no further
//! request is started. Pushes: the outbox. Input: the frame at hand.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use crate::service::Millis;
use futures_util::FutureExt;
use tokio::time::{Instant, Sleep, sleep_until};
use tokio_util::sync::WaitForCancellationFutureOwned;
use v1::request::Operation;
use v1::response::Result as AnswerResult;
use yidu_proto::{Code, v1};

mod deadlines;
mod login;
mod output;
mod requests;
mod socket;

pub(super) use socket::{Form, Socket};

use super::Gateway;
use super::dispatch::{self, dispatch, watched};
use super::encode::PushField;
use super::outbox::Filled;
use super::registry::Registration;
use super::wire::Admission;
use crate::service::{Caller, Failure, SessionId};
use login::Entered;
use output::Output;
use requests::{Frame, InFlight};
use socket::{Gone, Incoming};

/// Close codes of the WebSocket protocol (RFC 6455, section 7.4.1).
mod close {
    pub(super) const NORMAL: u16 = 1000;
    pub(super) const GOING_AWAY: u16 = 1001;
    pub(super) const BAD_FRAME: u16 = 1007;
    pub(super) const POLICY: u16 = 1008;
}

/// Every trigger of a session.
#[expect(clippy::large_enum_variant, reason = "moved once for each; a box would be an allocation for each")]
enum Event {
    /// A request has been carried out.
    Answered(Answer),
    /// The outbox has written into the output.
    Pushed(Filled),
    /// A request of the frame at hand, or of a lane, can be started.
    Startable,
    /// Something came in.
    Received(Incoming),
    /// Something was written: there may be room again for what had to wait.
    Written,
    /// A deadline may have passed.
    Tick,
    /// The server is about to stop.
    Drain,
    /// The connection is over.
    Gone(Gone),
}

/// What came of a request.
#[expect(clippy::large_enum_variant, reason = "moved once for each; a box would be an allocation for each")]
enum Answer {
    Login(u64, Result<Box<Entered>, Failure>),
    Call { id: u64, given_after: Option<u64>, result: Result<AnswerResult, Failure> },
}

/// How far a session is.
enum Phase {
    /// Nothing but a login is taken.
    New,
    /// A login is being checked; what follows it waits.
    LoggingIn,
    LoggedIn {
        caller: Arc<Caller>,
        registration: Registration,
        sig_expires_at: Millis,
        /// When to compare that with the clock.
        look_at_sig: Instant,
    },
}

/// Why a session takes no more requests: it ends when those under way are answered.
enum Parting {
    /// The client asked for it; this request is to be answered last.
    Logout(u64),
    Draining,
}

/// How a session ends.
enum End {
    /// The socket is gone, or not worth a goodbye.
    Drop(String),
    /// In order, with a close code and a reason.
    Close(u16, &'static str),
}

struct Session {
    gateway: Arc<Gateway>,
    id: SessionId,
    admission: Arc<Admission>,
    socket: Socket,
    phase: Phase,
    parting: Option<Parting>,
    frame: Frame,
    in_flight: InFlight<Answer>,
    output: Output,
    /// When the client last gave a sign of life.
    heard: Instant,
    alarm: Pin<Box<Sleep>>,
    draining: Pin<Box<WaitForCancellationFutureOwned>>,
}

/// Serves a connection until it ends.
pub(super) async fn run(gateway: Arc<Gateway>, admission: Arc<Admission>, socket: Socket) {
    let mut session = Session {
        id: gateway.next_session(),
        alarm: Box::pin(sleep_until(admission.since + gateway.limits.login)),
        draining: Box::pin(gateway.draining.clone().cancelled_owned()),
        gateway,
        admission,
        socket,
        phase: Phase::New,
        parting: None,
        frame: Frame::default(),
        in_flight: InFlight::new(),
        output: Output::default(),
        heard: Instant::now(),
    };
    let end = loop {
        let event = std::future::poll_fn(|cx| session.poll_event(cx)).await;
        if let Some(end) = session.handle(event) {
            break end;
        }
    };
    session.end(end).await;
}

impl Session {
    fn poll_event(&mut self, cx: &mut Context<'_>) -> Poll<Event> {
        if let Poll::Ready(answer) = self.in_flight.poll_done(cx) {
            return Poll::Ready(Event::Answered(answer));
        }
        if let (true, Phase::LoggedIn { registration, .. }) = (self.may_push(), &self.phase)
            && let Poll::Ready(filled) = self.output.poll_fill(&registration.link().outbox, cx)
        {
            return Poll::Ready(Event::Pushed(filled));
        }
        if self.may_start() {
            return Poll::Ready(Event::Startable);
        }
        if self.may_read() {
            match self.socket.poll_read(cx) {
                Poll::Ready(Ok(incoming)) => return Poll::Ready(Event::Received(incoming)),
                Poll::Ready(Err(gone)) => return Poll::Ready(Event::Gone(gone)),
                Poll::Pending => {}
            }
        }
        if let Poll::Ready(event) = self.poll_output(cx) {
            return Poll::Ready(event);
        }
        if self.parting.is_none() && self.draining.poll_unpin(cx).is_ready() {
            return Poll::Ready(Event::Drain);
        }
        self.poll_alarm(cx)
    }

    /// Writes what is ready; an event when that leaves something to do.
    fn poll_output(&mut self, cx: &mut Context<'_>) -> Poll<Event> {
        let mut wrote = !self.socket.is_idle();
        loop {
            match self.socket.poll_write(cx) {
                Poll::Ready(Ok(())) => {}
                Poll::Ready(Err(gone)) => return Poll::Ready(Event::Gone(gone)),
                Poll::Pending => return Poll::Pending,
            }
            let Some(message) = self.output.take() else { break };
            if let Err(gone) = self.socket.write(message) {
                return Poll::Ready(Event::Gone(gone));
            }
            wrote = true;
        }
        if wrote { Poll::Ready(Event::Written) } else { Poll::Pending }
    }

    fn handle(&mut self, event: Event) -> Option<End> {
        match event {
            Event::Answered(Answer::Login(id, result)) => self.entered(id, result),
            Event::Answered(Answer::Call { id, given_after, result }) => {
                self.answered(id, given_after, result)
            }
            Event::Pushed(Filled::Last) => return Some(End::Close(close::POLICY, "kicked")),
            Event::Pushed(Filled::Items | Filled::Nothing) | Event::Written => {}
            Event::Startable => {
                if let Err(text) = self.start() {
                    return Some(self.unreadable(text));
                }
            }
            Event::Received(incoming) => {
                self.heard = Instant::now();
                self.look_at_sig(self.heard);
                match incoming {
                    Incoming::Frame(frame) => self.frame = Frame::new(frame),
                    Incoming::Alive => {}
                    Incoming::Unreadable(text) => return Some(self.unreadable(text)),
                }
            }
            Event::Tick => return self.tick(),
            Event::Drain => {
                let draining = v1::Draining { reconnect_after_ms: rand::random_range(500..5_000) };
                self.output.push(PushField::Draining, &draining);
                self.parting = Some(Parting::Draining);
            }
            Event::Gone(Gone(why)) => return Some(End::Drop(why)),
        }
        self.parted()
    }

    /// There is a request that may be started now.
    fn may_start(&self) -> bool {
        let held = matches!(self.phase, Phase::LoggingIn) || self.parting.is_some();
        let room = self.output.has_room() && self.in_flight.len() < self.gateway.limits.requests;
        (self.output.has_room() && self.in_flight.has_free()) || (!held && room && !self.frame.is_done())
    }

    fn may_read(&self) -> bool {
        self.parting.is_none() && self.frame.is_done() && self.output.has_room()
    }

    /// Starts a request; an error when the frame cannot be read.
    fn start(&mut self) -> Result<(), String> {
        if let Some((id, operation, lane)) = self.in_flight.next_free() {
            self.call(id, operation, Some(lane));
            return Ok(());
        }
        let Some(request) = self.frame.next()? else { return Ok(()) };
        let id = request.id;
        let Some(operation) = request.operation else {
            let text = "this server does not know the operation: it is older than the client";
            self.refuse(id, Failure::new(Code::UnknownCommand, text));
            return Ok(());
        };
        match (&self.phase, operation) {
            (Phase::New, Operation::Login(login)) => {
                self.phase = Phase::LoggingIn;
                let (gateway, session) = (Arc::clone(&self.gateway), self.id);
                let login = async move { login::login(&gateway, session, login).await.map(Box::new) };
                self.in_flight.run(None, async move { Answer::Login(id, watched(0, login).await) });
            }
            (Phase::New | Phase::LoggingIn, _) => {
                let text = "not logged in: the first request of a connection is login";
                self.refuse(id, Failure::new(Code::NotLoggedIn, text));
            }
            (Phase::LoggedIn { .. }, Operation::Logout(_)) => self.parting = Some(Parting::Logout(id)),
            (Phase::LoggedIn { .. }, operation) => {
                let lane = dispatch::lane(&operation);
                if let Some((id, operation)) = self.in_flight.enter(id, operation, lane.clone()) {
                    self.call(id, operation, lane);
                }
            }
        }
        Ok(())
    }

    fn call(&mut self, id: u64, operation: Operation, lane: Option<dispatch::Lane>) {
        let Phase::LoggedIn { caller, .. } = &self.phase else { return };
        let given_after = match &operation {
            Operation::GetChanges(request) => Some(request.after),
            _ => None,
        };
        let call = dispatch(Arc::clone(&self.gateway), Arc::clone(caller), operation);
        self.in_flight.run(lane, async move { Answer::Call { id, given_after, result: call.await } });
    }

    fn entered(&mut self, id: u64, result: Result<Box<Entered>, Failure>) {
        match result {
            Ok(entered) => {
                let Entered { caller, registration, sig_expires_at, result } = *entered;
                self.admission.admit();
                let position = result.position;
                self.respond(id, Ok(AnswerResult::Login(result)));
                // After the answer is in the output: pushes follow it.
                registration.link().outbox.open(position);
                let look_at_sig = Instant::now();
                self.phase = Phase::LoggedIn { caller, registration, sig_expires_at, look_at_sig };
            }
            Err(failure) => {
                self.phase = Phase::New;
                self.refuse(id, failure);
            }
        }
    }

    fn answered(&mut self, id: u64, given_after: Option<u64>, result: Result<AnswerResult, Failure>) {
        if let (Some(after), Ok(AnswerResult::GetChanges(page)), Phase::LoggedIn { registration, .. }) =
            (given_after, &result, &self.phase)
        {
            registration.link().outbox.given(after, page.position);
        }
        self.respond(id, result);
    }

    fn refuse(&mut self, id: u64, failure: Failure) {
        self.respond(id, Err(failure));
    }

    fn respond(&mut self, id: u64, result: Result<AnswerResult, Failure>) {
        let (error, result) = match result {
            Ok(result) => (None, Some(result)),
            Err(failure) => (Some(failure.into()), None),
        };
        self.output.response(v1::Response { id, error, result });
    }

    fn unreadable(&mut self, text: String) -> End {
        self.refuse(0, Failure::new(Code::InvalidParameters, text));
        End::Close(close::BAD_FRAME, "a frame that cannot be read")
    }

    /// A parting session ends when it owes nothing any more.
    fn parted(&mut self) -> Option<End> {
        let idle = self.in_flight.len() == 0;
        match self.parting {
            Some(Parting::Logout(id)) if idle => {
                self.respond(id, Ok(AnswerResult::Logout(v1::LogoutResult {})));
                Some(End::Close(close::NORMAL, "logged out"))
            }
            Some(Parting::Draining) if idle => Some(End::Close(close::GOING_AWAY, "the server stops")),
            Some(Parting::Logout(_) | Parting::Draining) | None => None,
        }
    }

    /// Only for a socket that is ready are pushes taken out of the outbox: until then, what waits there still merges.
    fn may_push(&self) -> bool {
        self.socket.is_idle() && self.output.wants_pushes()
    }

    async fn end(mut self, end: End) {
        // First of all the registration: who is gone hears nothing and counts for nothing.
        let phase = std::mem::replace(&mut self.phase, Phase::New);
        if let Phase::LoggedIn { caller, registration, .. } = phase {
            drop(registration);
            let (action, reason) = match (&self.parting, &end) {
                (Some(Parting::Logout(_)), _) => ("Logout", "Unregister"),
                (_, End::Close(_, deadlines::SILENT)) => ("Disconnect", "TimeOut"),
                _ => ("Disconnect", "LinkClose"),
            };
            let service = Arc::clone(&self.gateway.service);
            self.gateway
                .spawn(async move { service.state_changed(&caller, action, reason, Vec::new()).await });
        }
        let in_flight = std::mem::replace(&mut self.in_flight, InFlight::new());
        self.gateway.spawn(in_flight.finish());
        match end {
            End::Drop(why) => tracing::debug!(session = self.id.0, why, "a session ended"),
            End::Close(code, reason) => {
                tracing::debug!(session = self.id.0, code, reason, "a session is closed");
                let rest = std::iter::from_fn(|| self.output.take()).collect();
                self.socket.close(rest, code, reason).await;
            }
        }
    }
}
