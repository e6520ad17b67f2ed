//! What can go wrong in a store.

use crate::Tinyid;

/// The answer of every intent.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// Why an intent was not carried out. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The app is not there.
    #[error("no such app")]
    NoSuchApp,
    /// An app with this id is there already.
    #[error("the app exists already")]
    AppExists,
    /// The account is not there, or was deleted.
    #[error("no such account")]
    NoSuchAccount,
    /// The conversation is not there, or its group was dismissed.
    #[error("no such conversation")]
    NoSuchConversation,
    /// The group id is taken, by a group with this owner.
    #[error("the group id is taken")]
    GroupExists {
        /// Who owns the group that has the id.
        owner: Option<Tinyid>,
    },
    /// The user is not a member of the conversation now.
    #[error("not a member of the conversation")]
    NotMember,
    /// The message is not there.
    #[error("no such message")]
    NoSuchMessage,
    /// The message is recalled already.
    #[error("the message is recalled already")]
    AlreadyRecalled,
    /// The message is older than the recall time.
    #[error("the message is too old to recall")]
    TooLateToRecall,
    /// The message never asked for receipts, so there are no lists and counts of it.
    #[error("the message did not ask for receipts")]
    NoReceipts,
    /// The disk is full. The store has stopped; free space and start again.
    #[error("the disk is full: free some space, then restart; nothing that was acknowledged is lost")]
    DiskFull,
    /// An earlier write failed, so that what is in memory may not be on disk.
    #[error("storage has stopped after a failed write ({reason}): restart to read the truth from disk")]
    Stopped {
        /// What the disk said.
        reason: String,
    },
    /// Bytes on disk are not what was written.
    #[error("corrupt {what}: {why}; run `yidu check` and restore the folder from a backup")]
    Corrupt {
        /// Table and key.
        what: String,
        /// What is wrong with it.
        why: String,
    },
    /// The intent was given something that its documentation excludes: a bug in the caller.
    #[error("invalid call of the store: {0}")]
    Invalid(&'static str),
}
