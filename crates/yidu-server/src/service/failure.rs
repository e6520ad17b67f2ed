//! Why a request failed, as the client will hear it.

use yidu_proto::{Code, v1};
use yidu_store::StoreError;

/// A refusal: a number of the table and a text that names cause and cure. Holds no secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {text}")]
pub struct Failure {
    /// The number.
    pub code: Code,
    /// For a developer's eyes.
    pub text: String,
    /// When to try again; 0 where that does not help.
    pub retry_after_ms: u32,
    /// What the client hears instead of the code's number: a number of the app's own, given by its webhook.
    pub own_number: Option<u32>,
}

/// What a request was about: the vendor numbers the same refusal differently for users, groups and recalls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// An account, an app or something of the caller's own.
    Account,
    /// A one-to-one conversation.
    C2c,
    /// A group.
    Group,
    /// The recall of a one-to-one message.
    RecallC2c,
    /// The recall of a group message.
    RecallGroup,
}

impl Failure {
    /// A refusal that trying again does not change.
    pub fn new(code: Code, text: impl Into<String>) -> Failure {
        Failure { code, text: text.into(), retry_after_ms: 0, own_number: None }
    }

    /// The number that a caller hears: the app's own, where its back end gave one.
    pub fn number(&self) -> u32 {
        self.own_number.unwrap_or(self.code.number())
    }

    /// A request that is malformed or out of bounds (6017).
    pub(super) fn invalid(text: impl Into<String>) -> Failure {
        Failure::new(Code::InvalidParameters, text)
    }

    /// Something the caller may not do (10007).
    pub(super) fn forbidden(text: impl Into<String>) -> Failure {
        Failure::new(Code::NoPermission, text)
    }

    /// A refusal of the store, as a `map_err` for a request about `about`.
    pub(super) fn of(about: About) -> impl Fn(StoreError) -> Failure {
        move |error| {
            let code = code(&error, about);
            if code == Code::Internal {
                // What broke is for operators; clients cannot help and should not learn the shape of the data.
                tracing::error!(%error, "the store answered what it never should");
                return Failure::new(code, "something broke in the server; its log says what");
            }
            Failure::new(code, error.to_string())
        }
    }
}

fn code(error: &StoreError, about: About) -> Code {
    match error {
        StoreError::NoSuchApp => Code::NoSuchApp,
        StoreError::NoSuchAccount => match about {
            About::Account => Code::NoAccount,
            About::C2c | About::RecallC2c => Code::PeerUnknown,
            About::Group | About::RecallGroup => Code::NoSuchAccount,
        },
        StoreError::NoSuchConversation => match about {
            About::Account | About::C2c | About::RecallC2c => Code::PeerUnknown,
            About::Group | About::RecallGroup => Code::NoSuchGroup,
        },
        StoreError::GroupExists { .. } => Code::GroupIdTaken,
        StoreError::NotMember => Code::NoPermission,
        StoreError::NoSuchMessage => match about {
            About::RecallC2c => Code::RecallUnknownC2c,
            About::RecallGroup => Code::RecallUnknown,
            About::Account | About::C2c | About::Group => Code::NoReceipt,
        },
        StoreError::AlreadyRecalled => match about {
            About::RecallC2c => Code::RecalledAlreadyC2c,
            About::Account | About::C2c | About::Group | About::RecallGroup => Code::NotRecallable,
        },
        StoreError::TooLateToRecall => match about {
            About::RecallC2c => Code::RecallTooLateC2c,
            About::Account | About::C2c | About::Group | About::RecallGroup => Code::RecallTooLate,
        },
        StoreError::NoReceipts => Code::NoReceipt,
        StoreError::DiskFull | StoreError::Stopped { .. } => Code::StorageUnavailable,
        StoreError::AppExists | StoreError::Corrupt { .. } | StoreError::Invalid(_) => Code::Internal,
    }
}

impl From<Failure> for v1::Error {
    fn from(failure: Failure) -> v1::Error {
        v1::Error { code: failure.number(), text: failure.text, retry_after_ms: failure.retry_after_ms }
    }
}
