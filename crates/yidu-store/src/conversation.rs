//! Conversations as their members see them: lists, unread counts.

use async_trait::async_trait;

use crate::message::MessageView;
use crate::{AppId, ConversationId, Millis, Result, Seq, Tinyid};

/// What a conversation is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConversationKind {
    /// One-to-one; the smaller tinyid first.
    C2c(Tinyid, Tinyid),
    /// The group with this id.
    Group(String),
}

/// A conversation as one of its members sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct ConversationView {
    /// The conversation.
    pub id: ConversationId,
    /// What it is.
    pub kind: ConversationKind,
    /// The newest seq; 0 without messages.
    pub last_seq: Seq,
    /// The newest number of the conversation's feed.
    pub last_change: u64,
    /// The newest message the member may see that is not excluded from being one.
    pub last_message: Option<MessageView>,
    /// Messages after `read_seq` that count and are not the member's own. Targeted messages never count.
    pub unread: u64,
    /// Cleared up to here by the member.
    pub read_seq: Seq,
    /// C2C: up to when the peer has cleared; 0: never.
    pub peer_read: Millis,
    /// When the newest message was sent, or, without messages, when the member came in.
    pub active: Millis,
}

/// An unread count was cleared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cleared {
    /// Up to which seq the member has cleared now.
    pub read_seq: Seq,
    /// What is unread now.
    pub unread: u64,
    /// It advanced: the number in the member's own feed, and in C2C the peer, its change number, and the time up to
    /// which the peer's messages now count as read at the conversation level (semantics.md rule 11). `None`: nothing
    /// was written.
    pub advance: Option<ClearAdvance>,
}

/// What others are to be told of a cleared count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClearAdvance {
    /// Number in the own feed.
    pub own_change: u64,
    /// C2C: peer, number in the peer's feed, time.
    pub peer: Option<(Tinyid, u64, Millis)>,
}

/// Up to where an unread count is cleared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClearUpTo {
    /// Everything.
    Newest,
    /// Up to this seq; beyond the newest means the newest.
    Seq(Seq),
    /// Up to the newest message not younger than this time.
    Time(Millis),
}

/// Conversations.
#[async_trait]
pub trait Conversations {
    /// The one-to-one conversation of two different accounts, made when it is not there. Both are in it from seq 1 on; who
    /// came back under the same tinyid was never gone. It is on nobody's list before its first message. Errors:
    /// `NoSuchAccount`.
    async fn open_c2c(&self, app: AppId, one: Tinyid, other: Tinyid) -> Result<ConversationId>;

    /// The one-to-one conversation; `None` when it was never opened.
    async fn find_c2c(&self, app: AppId, one: Tinyid, other: Tinyid) -> Result<Option<ConversationId>>;

    /// What a conversation is; `None` when there is none. A dismissed group is none.
    async fn conversation_kind(&self, conversation: ConversationId) -> Result<Option<ConversationKind>>;

    /// All conversations that the user is in: for announcing sessions, so also those not on the list.
    async fn conversation_ids(&self, user: Tinyid) -> Result<Vec<ConversationId>>;

    /// A page of the user's list, most recently active first, then by id; `after` is the last item of the page before.
    /// With the sum of unread counts over the whole list.
    async fn conversations(
        &self,
        user: Tinyid,
        after: Option<(Millis, ConversationId)>,
        limit: usize,
    ) -> Result<(Vec<ConversationView>, u64)>;

    /// One conversation as the user sees it. Errors: `NoSuchConversation`, `NotMember`.
    async fn conversation(&self, user: Tinyid, conversation: ConversationId) -> Result<ConversationView>;

    /// Clears the unread count at server time `now`. Never goes back. Errors: `NoSuchConversation`, `NotMember`.
    async fn clear_unread(
        &self,
        user: Tinyid,
        conversation: ConversationId,
        up_to: ClearUpTo,
        now: Millis,
    ) -> Result<Cleared>;

    /// Takes the conversation off the user's list and its history so far out of the user's view; clears the unread count
    /// for the user without telling the peer. Returns the number in the user's feed. Errors: `NoSuchConversation`,
    /// `NotMember`.
    async fn delete_conversation(&self, user: Tinyid, conversation: ConversationId) -> Result<u64>;
}
