//! The handle: logging in and out, asking, listening.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use prost::Message;
use tokio::runtime::Handle;
use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio::time::{Instant, timeout};
use yidu_proto::limits::FRAME_BYTES;
use yidu_proto::v1::{self, conversation_ref::Of};

use crate::builder::{ClientBuilder, Config};
use crate::call::Call;
use crate::connection::{self, Control, Credentials, Pending};
use crate::error::{Error, ErrorKind, Result};
use crate::event::{EventStream, Events};
use crate::outbox::Outbox;

/// Calls that wait in line for the background task; further callers wait for room.
const QUEUE: usize = 1_024;

/// A connection to Yidu for one user at a time. Clones are handles of the same connection; when the last one is
/// dropped, the connection is closed.
#[derive(Clone)]
pub struct Client {
    pub(crate) shared: Arc<Shared>,
    control: mpsc::Sender<Control>,
    requests: mpsc::Sender<Pending>,
}

/// What handles and the background task have in common.
pub(crate) struct Shared {
    pub(crate) config: Config,
    pub(crate) events: Events,
    pub(crate) status: watch::Sender<Status>,
    pub(crate) session: Mutex<Option<Session>>,
    /// Counts the logins, so that a call of one session never goes out in the next one.
    pub(crate) login_count: AtomicU64,
    pub(crate) clock: Mutex<Option<ServerClock>>,
    pub(crate) outbox: Mutex<Outbox>,
    pub(crate) outbox_filled: Notify,
}

/// Who is logged in.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Session {
    /// The user.
    pub user_id: String,
    /// The internal account number, first part of the ids of the user's messages.
    pub tinyid: u64,
    /// The user administers the app.
    pub administrator: bool,
}

/// Where a client stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nobody is logged in: calls fail at once.
    LoggedOut,
    /// A login is under way.
    LoggingIn,
    /// Logged in and connected.
    Online,
    /// Logged in; the connection is being made again. Calls wait for it.
    Reconnecting,
    /// Closed for good.
    Closed,
}

/// The server's clock as it was told last.
#[derive(Clone, Copy)]
pub(crate) struct ServerClock {
    server_ms: u64,
    told: Instant,
}

/// The conversation with a user.
pub fn user(id: impl Into<String>) -> v1::ConversationRef {
    v1::ConversationRef { of: Some(Of::User(id.into())) }
}

/// The conversation of a group.
pub fn group(id: impl Into<String>) -> v1::ConversationRef {
    v1::ConversationRef { of: Some(Of::Group(id.into())) }
}

impl Client {
    /// Sets a client up.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    pub(crate) fn start(config: Config, runtime: &Handle) -> Client {
        let (control, control_receiver) = mpsc::channel(16);
        let (requests, request_receiver) = mpsc::channel(QUEUE);
        let shared = Arc::new(Shared {
            events: Events::new(config.event_capacity),
            status: watch::Sender::new(Status::LoggedOut),
            session: Mutex::new(None),
            login_count: AtomicU64::new(0),
            clock: Mutex::new(None),
            outbox: Mutex::new(Outbox::default()),
            outbox_filled: Notify::new(),
            config,
        });
        runtime.spawn(connection::run(shared.clone(), control_receiver, request_receiver));
        Client { shared, control, requests }
    }

    /// Connects and logs in; returns once the session stands. One attempt: a failure leaves the client logged out, and
    /// only a session that stood once is kept up by reconnecting. The UserSig is held in memory for that. Dropping the
    /// future does not stop the login; `logout` does.
    ///
    /// The next login of the same user resumes where the last session was cut off by a kick or an expired UserSig;
    /// after [`logout`](Client::logout), or as another user, it begins afresh.
    ///
    /// # Errors
    /// [`Refused`](ErrorKind::Refused) with the server's number, 6208 once after this device was pushed out;
    /// [`Disconnected`](ErrorKind::Disconnected), [`Timeout`](ErrorKind::Timeout) where the server cannot be reached;
    /// [`AlreadyLoggedIn`](ErrorKind::AlreadyLoggedIn); [`NotLoggedIn`](ErrorKind::NotLoggedIn) when `logout` came first.
    pub async fn login(&self, user_id: impl Into<String>, user_sig: impl Into<String>) -> Result<Session> {
        let credentials = Credentials { user_id: user_id.into(), user_sig: user_sig.into() };
        self.control(|reply| Control::Login { credentials, reply }).await?
    }

    /// Ends the session, on the server too if it can be reached. Calls under way fail, receipts in the outbox are
    /// dropped. Does nothing when nobody is logged in.
    ///
    /// # Errors
    /// [`Closed`](ErrorKind::Closed).
    pub async fn logout(&self) -> Result<()> {
        self.control(|reply| Control::Logout { reply }).await
    }

    /// Closes the connection and ends the event streams. Every later call fails with [`ErrorKind::Closed`]. The server
    /// sees a lost connection, not a logout. Does nothing when the client is closed.
    pub async fn close(&self) {
        // An error says that the task has ended: closed is what was asked for.
        let _ = self.control(|reply| Control::Close { reply }).await;
    }

    /// What happens from now on. Every call makes a subscriber of its own; subscribe before logging in to miss nothing.
    pub fn events(&self) -> EventStream {
        self.shared.events.subscribe()
    }

    /// Where the client stands now.
    pub fn status(&self) -> Status {
        *self.shared.status.borrow()
    }

    /// Who is logged in, also while reconnecting.
    pub fn session(&self) -> Option<Session> {
        self.shared.session.lock().clone()
    }

    /// The server's time in milliseconds since 1970, going by what it said last; `None` before the first login.
    pub fn server_time_ms(&self) -> Option<u64> {
        self.shared.clock.lock().map(|clock| clock.now_ms())
    }

    /// Carries out any operation of the contract. The methods by noun are short forms of this.
    ///
    /// ```no_run
    /// # async fn example(client: yidu_client::Client) -> yidu_client::Result<()> {
    /// use yidu_client::v1;
    /// let group_ids = vec!["team".to_owned()];
    /// let answer = client.call(v1::GetGroups { group_ids }).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As each operation's comment in `proto/yidu/v1` says, as [`Refused`](ErrorKind::Refused); else the other kinds of
    /// [`ErrorKind`].
    pub async fn call<C: Call>(&self, request: C) -> Result<C::Answer> {
        self.call_within(self.shared.config.request_timeout, request).await
    }

    /// [`call`](Client::call) with a deadline of its own.
    ///
    /// # Errors
    /// As `call`.
    pub async fn call_within<C: Call>(&self, limit: Duration, request: C) -> Result<C::Answer> {
        match self.status() {
            Status::Online | Status::Reconnecting => {}
            Status::LoggedOut | Status::LoggingIn => return Err(Error::not_logged_in()),
            Status::Closed => return Err(Error::closed()),
        }
        let login = self.shared.login_count.load(Ordering::Acquire);
        let operation = request.into_operation();
        let request = v1::Request { id: 0, operation: Some(operation) };
        // The id and the frame around the request take a few bytes more.
        if request.encoded_len() + 32 > FRAME_BYTES {
            return Err(Error::new(ErrorKind::Invalid, "the request is over 1 MiB"));
        }
        let (reply, answer) = oneshot::channel();
        let pending = Pending { request, login, reply };
        let exchange = async {
            self.requests.send(pending).await.map_err(|_| Error::closed())?;
            answer.await.unwrap_or_else(|_| Err(Error::closed()))
        };
        let result = timeout(limit, exchange).await.map_err(|_| {
            Error::new(ErrorKind::Timeout, "no answer before the deadline; asking again does no harm")
        })??;
        C::answer(result)
            .ok_or_else(|| Error::new(ErrorKind::Protocol, "the answer belongs to another operation"))
    }

    async fn control<T>(&self, make: impl FnOnce(oneshot::Sender<T>) -> Control) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        self.control.send(make(reply)).await.map_err(|_| Error::closed())?;
        answer.await.map_err(|_| Error::closed())
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("app", &self.shared.config.app_id)
            .field("session", &self.session())
            .field("status", &self.status())
            .finish_non_exhaustive()
    }
}

impl ServerClock {
    pub(crate) fn told(server_ms: u64) -> ServerClock {
        ServerClock { server_ms, told: Instant::now() }
    }

    fn now_ms(self) -> u64 {
        let passed = u64::try_from(self.told.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.server_ms.saturating_add(passed)
    }
}
