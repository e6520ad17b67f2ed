//! Messages: appending, history, recall.

use async_trait::async_trait;
use yidu_proto::v1;

use crate::receipt::ReceiptState;
use crate::{ConversationId, Millis, Result, Seq, Tinyid};

/// A message to be appended. The store gives the seq, the audience and the audience's size.
#[derive(Clone, Debug, PartialEq)]
pub struct NewMessage {
    /// The conversation.
    pub conversation: ConversationId,
    /// Who sends; the message's `from` is this user's name.
    pub sender: Tinyid,
    /// An administrator or the server itself sends: need not be a member.
    pub as_administrator: bool,
    /// The message as everyone will see it, but `seq` and `audience_count`. `time_ms` is the server's clock.
    pub message: v1::Message,
    /// Group members who alone get it; those who are no members are left out. `None`: everyone.
    pub targets: Option<Vec<Tinyid>>,
    /// It raises the unread count of those who did not send it.
    pub counts_unread: bool,
    /// No webhook tells of its sending.
    pub untold: bool,
}

/// An appended message.
#[derive(Clone, Debug, PartialEq)]
pub struct Appended {
    /// The message with seq and audience size.
    pub message: v1::Message,
    /// It had been appended before, within `limits::REPEAT_WINDOW_MS` (semantics.md rule 12); nothing was written.
    pub repeated: bool,
    /// The targets that are members; `None`: everyone.
    pub targets: Option<Vec<Tinyid>>,
}

/// Which part of a conversation's messages to give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryQuery {
    /// The conversation.
    pub conversation: ConversationId,
    /// Who looks. Sees what was sent while being a member, less own deletions and others' targeted messages.
    pub viewer: Tinyid,
    /// The viewer sees messages from before joining too (Meeting groups; semantics.md rule 21).
    pub before_joining: bool,
    /// First seq to look at, inclusive; `None`: the newest (older) or the oldest (newer).
    pub from: Option<Seq>,
    /// Towards the newer, oldest first; otherwise towards the older, newest first.
    pub newer: bool,
    /// At least 1.
    pub limit: usize,
    /// Only messages of these times, inclusive.
    pub min_time: Millis,
    /// `Millis::MAX` for open.
    pub max_time: Millis,
}

/// A message and what it is to the one who looks.
#[derive(Clone, Debug, PartialEq)]
pub struct MessageView {
    /// As everyone sees it; a recalled one without elements and custom data, with `recall`.
    pub message: v1::Message,
    /// Own messages that asked for receipts.
    pub receipt: Option<ReceiptState>,
    /// Others' messages that asked: the viewer's receipt is recorded.
    pub receipt_sent: bool,
}

/// A page of history.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryPage {
    /// In the direction asked.
    pub messages: Vec<MessageView>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<Seq>,
}

/// A recall.
#[derive(Clone, Debug, PartialEq)]
pub struct Recalled {
    /// The message, now without content.
    pub message: v1::Message,
    /// The number of the entry in the conversation's feed.
    pub change: u64,
    /// Who alone saw it; `None`: everyone.
    pub targets: Option<Vec<Tinyid>>,
}

/// An entry of a conversation's change feed.
#[derive(Clone, Debug, PartialEq)]
pub struct ConversationChange {
    /// Position in the conversation's feed, from 1.
    pub number: u64,
    /// The message that was recalled, without content, or the one that the viewer is reminded of.
    pub message: v1::Message,
    /// Who reminds and when; `None`: a recall.
    pub reminder: Option<(Tinyid, Millis)>,
}

/// Messages.
#[async_trait]
pub trait Messages {
    /// Gives the message the next seq, fixes its audience (semantics.md, "audience") and stores it, in one commit.
    /// The same sender, conversation and random within the window is answered with the first one's message. A C2C
    /// message, or one in a group, puts the conversation (back) on the lists of those in it. Errors:
    /// `NoSuchConversation`, `NotMember`.
    async fn append_message(&self, message: NewMessage) -> Result<Appended>;

    /// A page of history. Errors: `NoSuchConversation`, `NotMember` (the viewer is no member now).
    async fn history(&self, query: HistoryQuery) -> Result<HistoryPage>;

    /// Messages by seq as the viewer sees them, in order of `seqs`; those that are not there or may not be seen are left
    /// out. Errors: as `history`.
    async fn messages(
        &self,
        conversation: ConversationId,
        viewer: Tinyid,
        before_joining: bool,
        seqs: &[Seq],
    ) -> Result<Vec<MessageView>>;

    /// The message itself, whoever looks, and its sender; for rules and administrators. `None` when it is not there.
    async fn message(&self, conversation: ConversationId, seq: Seq) -> Result<Option<(v1::Message, Tinyid)>>;

    /// Recalls a message: content gone, receipts closed with the counts of this instant, an entry in the conversation's
    /// feed. `not_before`: messages older than that are refused. Errors: `NoSuchConversation`, `NoSuchMessage`,
    /// `AlreadyRecalled`, `TooLateToRecall`.
    async fn recall_message(
        &self,
        conversation: ConversationId,
        seq: Seq,
        recall: v1::Recall,
        not_before: Millis,
    ) -> Result<Recalled>;

    /// Takes messages out of one user's view. Unknown seqs are ignored. Errors: `NoSuchConversation`, `NotMember`.
    async fn delete_messages(&self, conversation: ConversationId, user: Tinyid, seqs: &[Seq]) -> Result<()>;

    /// Entries of the conversation's feed after a number, at most `limit`, as far as the viewer may see the message they
    /// are about. Of reminders the newest `limits::REMINDERS` of the conversation, those that are for the viewer and whose
    /// message the viewer has not read. Errors: as `history`.
    async fn conversation_changes(
        &self,
        conversation: ConversationId,
        viewer: Tinyid,
        before_joining: bool,
        after: u64,
        limit: usize,
    ) -> Result<(Vec<ConversationChange>, bool)>;
}
