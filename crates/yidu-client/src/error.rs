//! What can go wrong in a call.

use std::sync::Arc;
use std::time::Duration;

use yidu_proto::{Code, v1};

/// The result of every call of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call failed: a kind to match on, a text to read, and the error beneath where there is one.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{text}")]
pub struct Error {
    kind: ErrorKind,
    text: String,
    retry_after: Option<Duration>,
    #[source]
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

/// The kinds of failure. Only [`Refused`](ErrorKind::Refused) and [`Invalid`](ErrorKind::Invalid) are about the request
/// itself; the others are about the way to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// Nobody is logged in, or the session ended before the answer came.
    NotLoggedIn,
    /// A login while somebody is logged in, or while another login runs. Log out first.
    AlreadyLoggedIn,
    /// The server said no, with this number (`docs/errors.md`).
    Refused(u32),
    /// No answer before the deadline. The server may have carried the request out; asking again does no harm.
    Timeout,
    /// There is no connection and this call does not wait for one.
    Disconnected,
    /// The client was closed.
    Closed,
    /// The request cannot be sent as it is. Nothing was sent.
    Invalid,
    /// The server said something that this build cannot read.
    Protocol,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, text: impl Into<String>) -> Error {
        Error { kind, text: text.into(), retry_after: None, source: None }
    }

    pub(crate) fn with_source(self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
        Error { source: Some(Arc::from(source.into())), ..self }
    }

    pub(crate) fn not_logged_in() -> Error {
        Error::new(ErrorKind::NotLoggedIn, "not logged in; call login first")
    }

    pub(crate) fn closed() -> Error {
        Error::new(ErrorKind::Closed, "the client is closed")
    }

    pub(crate) fn refused(error: v1::Error) -> Error {
        let retry_after = u64::from(error.retry_after_ms);
        Error {
            kind: ErrorKind::Refused(error.code),
            text: if error.text.is_empty() { meaning(error.code) } else { error.text },
            retry_after: (retry_after > 0).then(|| Duration::from_millis(retry_after)),
            source: None,
        }
    }

    /// What to match on.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The number for interfaces that speak numbers: the server's own, or for what failed on this side the one that the
    /// vendor's clients use (6014, 6012, 6200, 6013, 6017, 6001, 7501).
    pub fn code(&self) -> u32 {
        match self.kind {
            ErrorKind::Refused(number) => number,
            ErrorKind::NotLoggedIn => Code::NotLoggedIn.number(),
            ErrorKind::AlreadyLoggedIn => Code::LoginRunning.number(),
            ErrorKind::Invalid => Code::InvalidParameters.number(),
            ErrorKind::Timeout => 6012,
            ErrorKind::Disconnected => 6200,
            ErrorKind::Closed => 6013,
            ErrorKind::Protocol => 6001,
        }
    }

    /// The server refused with this code.
    pub fn is_refused(&self, code: Code) -> bool {
        self.kind == ErrorKind::Refused(code.number())
    }

    /// When to try again, for refusals that pass by themselves.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// A refusal that passes by itself: the server is busy, or cannot store anything now.
    pub fn is_transient(&self) -> bool {
        self.retry_after.is_some()
            || [Code::Busy, Code::Internal, Code::StorageUnavailable]
                .into_iter()
                .any(|code| self.is_refused(code))
    }
}

fn meaning(number: u32) -> String {
    match Code::from_number(number) {
        Some(code) => code.meaning().to_owned(),
        None => format!("the server refused with {number}"),
    }
}
