//! The background task that owns the socket.
//!
//! - [`session`]: logged out, logging in, coming back.
//! - [`online`]: one connection from login to its end: every trigger is an arm of one `select!`.
//! - [`link`], [`frames`]: bytes ↔ items; [`in_flight`]: requests without an answer; [`liveness`]: heartbeats.
//! - [`resume`]: what was missed, told once; pure.

mod backoff;
mod frames;
mod in_flight;
mod link;
mod liveness;
mod online;
mod resume;
mod session;

use tokio::sync::oneshot;
use yidu_proto::v1::{self, response};

pub use backoff::Reconnect;
pub(crate) use session::run;

use crate::client::Session;
use crate::error::Result;

/// What only the session keeping can do. Has a queue of its own, so that a full line of calls never holds up a logout.
pub(crate) enum Control {
    Login { credentials: Credentials, reply: oneshot::Sender<Result<Session>> },
    Logout { reply: oneshot::Sender<()> },
    Close { reply: oneshot::Sender<()> },
}

/// A call in line.
pub(crate) struct Pending {
    /// Has no id as yet.
    pub(crate) request: v1::Request,
    /// The login it was made under.
    pub(crate) login: u64,
    pub(crate) reply: CallReply,
}

pub(crate) type CallReply = oneshot::Sender<Result<response::Result>>;

/// Who logs in. Has no `Debug`, so that no UserSig gets into a log.
pub(crate) struct Credentials {
    pub(crate) user_id: String,
    pub(crate) user_sig: String,
}
