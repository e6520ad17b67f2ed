//! The change feed of a user: numbered, one entry per thing (semantics.md rule 7).
//!
//! Entries are written by the intents that change things; here they are read. Numbers are dense when given out: every
//! change takes the user's next one, and an older entry of the same thing disappears.

use async_trait::async_trait;

use crate::receipt::ReceiptState;
use crate::{ConversationId, Millis, Result, Seq, Tinyid};

/// One entry, with the newest state of its thing at the time of reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Position in the user's feed, from 1.
    pub number: u64,
    /// What changed.
    pub thing: Thing,
}

/// What an entry of a user's feed names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Thing {
    /// The receipts of one of the user's own messages.
    Receipt(ReceiptState),
    /// C2C: the peer cleared its unread count up to a time.
    PeerRead {
        /// The conversation.
        conversation: ConversationId,
        /// Up to when.
        time: Millis,
    },
    /// The user cleared an unread count.
    UnreadCleared {
        /// The conversation.
        conversation: ConversationId,
        /// Up to which seq.
        read_seq: Seq,
        /// What is unread now.
        unread: u64,
    },
    /// The user is in a group now, or no longer.
    Membership {
        /// The group.
        conversation: ConversationId,
        /// In it now.
        member: bool,
        /// How that came, as `v1::membership::Cause`.
        cause: i32,
        /// Who did it.
        by: Option<Tinyid>,
    },
    /// The user's own profile.
    Profile,
    /// The user deleted a conversation from the list.
    ConversationDeleted {
        /// The conversation.
        conversation: ConversationId,
    },
}

/// A page of a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangePage {
    /// By rising number.
    pub changes: Vec<Change>,
    /// Everything up to here is given; ask again after it.
    pub position: u64,
    /// There was nothing more.
    pub finished: bool,
}

/// Change feeds.
#[async_trait]
pub trait Feeds {
    /// The newest number given out to the user; 0 when there is none.
    async fn position(&self, user: Tinyid) -> Result<u64>;

    /// Entries after a number, at most `limit` (at least 1).
    async fn changes(&self, user: Tinyid, after: u64, limit: usize) -> Result<ChangePage>;
}
