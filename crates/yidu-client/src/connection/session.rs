//! From login to logout, over as many connections as it takes.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep};
use yidu_proto::{Code, v1};

use super::backoff::Backoff;
use super::in_flight::InFlight;
use super::link::Link;
use super::resume::Resume;
use super::{Control, Credentials, Pending};
use crate::Event;
use crate::client::{ServerClock, Session, Shared, Status};
use crate::error::{Error, ErrorKind, Result};

/// The background task.
pub(crate) struct Task {
    pub(crate) shared: Arc<Shared>,
    pub(crate) control: mpsc::Receiver<Control>,
    pub(crate) requests: mpsc::Receiver<Pending>,
    pub(crate) in_flight: InFlight,
    pub(crate) resume: Resume,
    /// Who asked for the end of the session, to be told when it has come.
    pub(crate) farewells: Vec<oneshot::Sender<()>>,
}

/// Why a connection, or the session, is over.
pub(crate) enum End {
    /// To be made again, at once or after what the server said.
    Lost {
        error: Error,
        after: Option<Duration>,
    },
    LoggedOut,
    /// By the server, or because there is to be no reconnect.
    Ended(Error),
    Closed,
}

type LoginReply = oneshot::Sender<Result<Session>>;

/// Runs until the client is closed or its last handle dropped.
pub(crate) async fn run(
    shared: Arc<Shared>,
    control: mpsc::Receiver<Control>,
    requests: mpsc::Receiver<Pending>,
) {
    let resume = Resume::new(shared.config.catch_up_limit);
    let in_flight = InFlight::new();
    let mut task = Task { shared, control, requests, in_flight, resume, farewells: Vec::new() };
    while let Some((credentials, reply)) = task.wait_for_login().await {
        task.shared.status.send_replace(Status::LoggingIn);
        task.shared.events.tell(Event::Connecting);
        let (end, reply) = match task.log_in(&credentials).await {
            Ok((link, login)) => {
                let session = task.session_begins(&credentials, &login);
                // An error says that the caller has given up; the session stands nevertheless.
                let _ = reply.send(Ok(session));
                (task.stay(&credentials, link, login).await, None)
            }
            Err(end) => (end, Some(reply)),
        };
        task.session_ends(&end);
        if let Some(reply) = reply {
            task.shared.events.tell(Event::Disconnected { error: end.error(), retry_in: None });
            let _ = reply.send(Err(end.error()));
        }
        if matches!(end, End::Closed) {
            break;
        }
    }
    task.shared.status.send_replace(Status::Closed);
    task.shared.events.close();
    task.say_farewell();
}

impl Task {
    /// Logged out. `None` when the client is closed.
    async fn wait_for_login(&mut self) -> Option<(Credentials, LoginReply)> {
        loop {
            tokio::select! {
                control = self.control.recv() => match control {
                    Some(Control::Login { credentials, reply }) => return Some((credentials, reply)),
                    Some(Control::Logout { reply }) => {
                        self.forget();
                        let _ = reply.send(());
                    }
                    Some(Control::Close { reply }) => {
                        self.farewells.push(reply);
                        return None;
                    }
                    None => return None,
                },
                Some(pending) = self.requests.recv() => {
                    let _ = pending.reply.send(Err(Error::not_logged_in()));
                }
            }
        }
    }

    /// One attempt, unless a logout or a close comes first.
    async fn log_in(&mut self, credentials: &Credentials) -> Result<(Link, v1::LoginResult), End> {
        let shared = self.shared.clone();
        let opening = Link::open(&shared.config, credentials);
        tokio::pin!(opening);
        loop {
            tokio::select! {
                opened = &mut opening => {
                    return opened.map_err(|error| End::Lost { error, after: None });
                }
                control = self.control.recv() => if let Some(end) = self.not_online(control) {
                    return Err(end);
                }
            }
        }
    }

    fn session_begins(&mut self, credentials: &Credentials, login: &v1::LoginResult) -> Session {
        let session = Session {
            user_id: credentials.user_id.clone(),
            tinyid: login.tinyid,
            administrator: login.administrator,
        };
        self.shared.outbox.lock().own(&session.user_id);
        *self.shared.session.lock() = Some(session.clone());
        self.shared.login_count.fetch_add(1, Ordering::AcqRel);
        self.connected(login);
        session
    }

    fn session_ends(&mut self, end: &End) {
        self.shared.status.send_replace(Status::LoggedOut);
        *self.shared.session.lock() = None;
        self.in_flight.fail(&end.error());
        match end {
            End::LoggedOut => self.forget(),
            End::Ended(error) => {
                if let ErrorKind::Refused(code) = error.kind() {
                    self.shared.events.tell(session_over(code, error.to_string()));
                }
            }
            End::Lost { .. } | End::Closed => {}
        }
        if !matches!(end, End::Closed) {
            self.say_farewell();
        }
    }

    fn say_farewell(&mut self) {
        for reply in self.farewells.drain(..) {
            // An error says that nobody waits for it any more.
            let _ = reply.send(());
        }
    }

    fn connected(&self, login: &v1::LoginResult) {
        *self.shared.clock.lock() = Some(ServerClock::told(login.server_time_ms));
        self.shared.status.send_replace(Status::Online);
        self.shared.events.tell(Event::Connected);
    }

    /// Nothing of the user is to be left.
    fn forget(&mut self) {
        self.resume.forget();
        self.shared.outbox.lock().own("");
    }

    /// Keeps the session up until it ends for good.
    async fn stay(&mut self, credentials: &Credentials, mut link: Link, mut login: v1::LoginResult) -> End {
        let mut backoff = Backoff::new(self.shared.config.reconnect);
        loop {
            let begun = Instant::now();
            let end = self.online(&mut link, &credentials.user_id, &login).await;
            drop(link);
            let End::Lost { error, after } = end else { return end };
            tracing::debug!("connection lost: {error}");
            backoff.connection_lasted(begun.elapsed());
            self.shared.outbox.lock().release();
            self.shared.status.send_replace(Status::Reconnecting);
            match self.come_back(credentials, &mut backoff, error, after).await {
                Ok(again) => (link, login) = again,
                Err(end) => return end,
            }
            self.connected(&login);
        }
    }

    /// Tries until a login succeeds or cannot.
    async fn come_back(
        &mut self,
        credentials: &Credentials,
        backoff: &mut Backoff,
        mut error: Error,
        mut after: Option<Duration>,
    ) -> Result<(Link, v1::LoginResult), End> {
        loop {
            let wait = backoff.next(rand::random());
            let wait = wait.map(|wait| after.take().map_or(wait, |after| after + wait));
            self.shared.events.tell(Event::Disconnected { error: error.clone(), retry_in: wait });
            let Some(wait) = wait else { return Err(End::Ended(error)) };
            self.pause(wait).await?;
            self.shared.events.tell(Event::Connecting);
            match self.log_in(credentials).await {
                Err(End::Lost { error: refusal, .. }) if is_final(&refusal) => {
                    return Err(End::Ended(refusal));
                }
                Err(End::Lost { error: why, .. }) => {
                    after = why.retry_after();
                    error = why;
                }
                done => return done,
            }
        }
    }

    async fn pause(&mut self, wait: Duration) -> Result<(), End> {
        let woken = sleep(wait);
        tokio::pin!(woken);
        loop {
            tokio::select! {
                () = &mut woken => return Ok(()),
                control = self.control.recv() => if let Some(end) = self.not_online(control) {
                    return Err(end);
                }
            }
        }
    }

    /// What a control means while there is no connection.
    fn not_online(&mut self, control: Option<Control>) -> Option<End> {
        match control {
            Some(Control::Login { reply, .. }) => {
                let _ = reply.send(Err(already_logged_in()));
                None
            }
            Some(Control::Logout { reply }) => {
                self.farewells.push(reply);
                Some(End::LoggedOut)
            }
            Some(Control::Close { reply }) => {
                self.farewells.push(reply);
                Some(End::Closed)
            }
            None => Some(End::Closed),
        }
    }
}

impl End {
    fn error(&self) -> Error {
        match self {
            End::Lost { error, .. } | End::Ended(error) => error.clone(),
            End::LoggedOut => Error::new(ErrorKind::NotLoggedIn, "logged out before the answer came"),
            End::Closed => Error::closed(),
        }
    }
}

/// The event that tells the end of a session by its number.
fn session_over(code: u32, text: String) -> Event {
    match Code::from_number(code) {
        Some(Code::UserSigExpired | Code::UserSigExpiredOnline) => Event::UserSigExpired,
        Some(_) | None => Event::KickedOffline { code, text },
    }
}

pub(crate) fn already_logged_in() -> Error {
    Error::new(ErrorKind::AlreadyLoggedIn, "logged in already; log out first")
}

/// A refused login that no repetition will better.
fn is_final(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Refused(_)) && !error.is_transient()
}
