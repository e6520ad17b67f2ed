//! The gateway: one port, a WebSocket per device, a session on each.
//!
//! In the order a receipt passes: `listen` accepts a connection (limits, HTTP) → `upgrade` makes it a WebSocket →
//! `session` reads frames → `dispatch` finds the call. And back: `deliver` takes events from the bus, finds sessions in
//! the `registry`, puts them into each one's [`outbox`], from where the `session` writes them.
//!
//! The gateway knows the service and never the store.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use parking_lot::Mutex;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

mod deliver;
mod dispatch;
mod encode;
mod http;
mod listen;
pub mod outbox;
mod registry;
mod session;
mod upgrade;
mod wire;

pub(crate) use dispatch::OPERATIONS;
pub use registry::Registry;
pub use wire::Admission;

use crate::clock::Clock;
use crate::service::{Service, SessionId};

/// How much the gateway takes on. Beyond each limit there is a written rule.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections at once; accepting waits for a place.
    pub connections: usize,
    /// Of those, who has not logged in yet; accepting waits for a place.
    pub strangers: usize,
    /// Time to log in; then the connection is closed.
    pub login: Duration,
    /// A client that is silent for three of these is taken for gone.
    pub heartbeat: Duration,
    /// Requests of a session under way; then it is not read from.
    pub requests: usize,
    /// A socket that takes no byte for this long is closed.
    pub stalled: Duration,
    /// What may wait for a session; then it is told to resync.
    pub outbox: outbox::Bounds,
}

/// Whether the server is fit for work.
#[derive(Debug, Default)]
pub struct Health {
    trouble: Mutex<Option<String>>,
}

impl Health {
    /// Tells what is wrong; `None`: nothing.
    pub fn set(&self, trouble: Option<String>) {
        *self.trouble.lock() = trouble;
    }

    /// What is wrong, for an operator's eyes.
    pub fn trouble(&self) -> Option<String> {
        self.trouble.lock().clone()
    }
}

/// What all connections share.
pub struct Gateway {
    service: Arc<Service>,
    registry: Arc<Registry>,
    clock: Arc<dyn Clock>,
    limits: Limits,
    health: Arc<Health>,
    sessions: AtomicU64,
    /// No more connections, no more requests; what is under way ends.
    draining: CancellationToken,
    /// Nothing at all any more.
    stopping: CancellationToken,
    tasks: TaskTracker,
}

impl Gateway {
    /// A gateway to a service. Events reach its sessions once `registry` is connected to the bus of the service.
    pub fn new(
        service: Arc<Service>,
        registry: Arc<Registry>,
        clock: Arc<dyn Clock>,
        limits: Limits,
        health: Arc<Health>,
    ) -> Arc<Gateway> {
        Arc::new(Gateway {
            service,
            registry,
            clock,
            limits,
            health,
            sessions: AtomicU64::new(0),
            draining: CancellationToken::new(),
            stopping: CancellationToken::new(),
            tasks: TaskTracker::new(),
        })
    }

    /// Accepts connections from now on, also for other routes of the port: a handler that has seen who is asking calls
    /// [`Admission::admit`] on the `Arc<Admission>` among the extensions of its request.
    pub fn listen(self: &Arc<Self>, listener: TcpListener, others: Router) {
        let router = http::routes(Arc::clone(self)).merge(others);
        self.listen_apart(listener, router);
    }

    /// Accepts connections from now on for these routes alone. The port has places of its own, as many as the other.
    pub fn listen_apart(self: &Arc<Self>, listener: TcpListener, router: Router) {
        self.spawn(listen::accept(Arc::clone(self), listener, router));
    }

    /// Takes no more connections and requests, tells the sessions, lets what is under way end, and returns when all is
    /// quiet or the time is up. What is left then is cut off.
    pub async fn drain(&self, time: Duration) {
        self.draining.cancel();
        self.tasks.close();
        if tokio::time::timeout(time, self.tasks.wait()).await.is_err() {
            tracing::warn!(connections = self.tasks.len(), "the time for draining is up");
        }
        self.abort().await;
    }

    /// Drops all connections and requests where they are.
    pub async fn abort(&self) {
        self.stopping.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// Runs a task that ends with the gateway at the latest.
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let stopping = self.stopping.clone();
        self.tasks.spawn(async move {
            let _cut_off = stopping.run_until_cancelled_owned(task).await;
        });
    }

    fn next_session(&self) -> SessionId {
        SessionId(self.sessions.fetch_add(1, Ordering::Relaxed) + 1)
    }
}
