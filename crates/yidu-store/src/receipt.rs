//! Receipts: recording, counting, listing. The exemplar of the contract.

use async_trait::async_trait;
pub use yidu_readset::{BUCKETS_MAX, Bucket, Counts, Filter, ReadTimeline, Start, Verdict};

use crate::{ConversationId, Millis, Ordinal, Result, Seq, Tinyid};

/// What one reader says to have read in one conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptBatch {
    /// The conversation.
    pub conversation: ConversationId,
    /// Who read.
    pub reader: Tinyid,
    /// Which messages; at most `limits::RECEIPTS`, may repeat.
    pub seqs: Vec<Seq>,
    /// The server's clock (semantics.md rule 10).
    pub at: Millis,
}

/// What became of one receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptOutcome {
    /// The message.
    pub seq: Seq,
    /// The judgement.
    pub verdict: Verdict,
    /// Set exactly when the verdict is `Recorded`: what the sender is to be told.
    pub advance: Option<Advance>,
}

/// A read set has grown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advance {
    /// Who sent the message and is to be told.
    pub sender: Tinyid,
    /// The number of this change in the sender's feed.
    pub change: u64,
    /// The newest state, this receipt included.
    pub state: ReceiptState,
}

/// The receipts of one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptState {
    /// The conversation.
    pub conversation: ConversationId,
    /// The message.
    pub seq: Seq,
    /// Its id.
    pub message_id: String,
    /// Who sent it.
    pub sender: Tinyid,
    /// Counts of this instant; of the instant of the recall for a recalled message (semantics.md rule 9).
    pub counts: Counts,
    /// C2C: when the peer's receipt was recorded.
    pub peer_read: Option<Millis>,
    /// The message is recalled.
    pub closed: bool,
}

/// A member of an audience, in a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AudienceMember {
    /// Who.
    pub user: Tinyid,
    /// The number in the conversation.
    pub ordinal: Ordinal,
    /// The name card in the group; empty in C2C.
    pub name_card: String,
    /// When, in the list of those who have read.
    pub read_at: Option<Millis>,
    /// In the lists of those who have not: no longer in the conversation.
    pub left: bool,
}

/// A page of one list of an audience.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AudiencePage {
    /// In order of first joining.
    pub members: Vec<AudienceMember>,
    /// Pass for the next page; 0 on the last.
    pub next: Ordinal,
    /// This is the last page.
    pub finished: bool,
    /// State of the same instant.
    pub state: ReceiptState,
}

/// Which page of which list of an audience, as it was at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AudienceAt {
    /// The conversation.
    pub conversation: ConversationId,
    /// The message.
    pub seq: Seq,
    /// The list.
    pub filter: Filter,
    /// The instant: receipts of later milliseconds are not there yet.
    pub at: Millis,
    /// Where the page begins.
    pub start: Start,
    /// At least 1.
    pub limit: usize,
}

/// A page of one list of an audience as it was at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AudienceAtPage {
    /// In order of first joining.
    pub members: Vec<AudienceMember>,
    /// Pass as [`Start::Cursor`] for the next page; 0 on the last.
    pub next: Ordinal,
    /// This is the last page.
    pub finished: bool,
    /// Members of the list before this page.
    pub offset: u32,
    /// Members of the whole list.
    pub total: u32,
    /// State of now.
    pub state: ReceiptState,
}

/// Where one user stands with one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReaderStanding {
    /// In the audience.
    pub asked: bool,
    /// When the user has read it.
    pub read_at: Option<Millis>,
    /// In the audience, has not read it and is no longer in the conversation; of a recalled message: at the recall.
    pub left: bool,
    /// Was in the conversation when the message got its seq.
    pub was_member: bool,
    /// The seq of the first message after the user first came in; `None`: never was in.
    pub first_seq: Option<Seq>,
    /// In the conversation now.
    pub member: bool,
    /// The latest joining.
    pub joined: Option<Millis>,
    /// State of the same instant.
    pub state: ReceiptState,
}

/// Those who have not read a message are to be asked again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewReminder {
    /// The conversation.
    pub conversation: ConversationId,
    /// The message.
    pub seq: Seq,
    /// Who reminds, and is not reminded.
    pub by: Tinyid,
    /// The server's clock.
    pub at: Millis,
    /// Only these; `None`: everybody.
    pub users: Option<Vec<Tinyid>>,
}

/// What became of a reminder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reminded {
    /// These have not read and are in the conversation; the entry of its feed has this number.
    Noted {
        /// Position in the conversation's feed.
        change: u64,
        /// In order of first joining.
        users: Vec<Tinyid>,
    },
    /// There was nobody to be reminded: nothing was written.
    Nobody,
    /// The message was reminded of less than `limits::REMINDER_PACE_MS` ago: nothing was written.
    TooSoon {
        /// From when on it may be.
        again_at: Millis,
    },
}

/// Receipts.
#[async_trait]
pub trait Receipts {
    /// Judges each seq and records those that advance a read set, in one commit, with the sender's next change number
    /// each (semantics.md rules 3, 7, 12). Returns outcomes in the order of `seqs`. A batch in which nothing advances
    /// writes nothing. The reader's unread count does not change. Engines do this in one round trip, whatever the size.
    /// Errors: `NoSuchConversation`, `NotMember` (the reader is not in the conversation now).
    async fn record_receipts(&self, batch: ReceiptBatch) -> Result<Vec<ReceiptOutcome>>;

    /// The states of messages that asked for receipts, in order of `seqs`; unknown seqs and messages that did not ask
    /// are left out. Errors: `NoSuchConversation`.
    async fn receipt_states(&self, conversation: ConversationId, seqs: &[Seq]) -> Result<Vec<ReceiptState>>;

    /// A page of who has read, who has not, or who left without (semantics.md rules 4 and 5). `cursor` 0 is the start,
    /// otherwise what the last page said; `limit` at least 1. Of a recalled message: the lists as they were. Errors:
    /// `NoSuchConversation`, `NoSuchMessage`, `NoReceipts`.
    async fn audience_page(
        &self,
        conversation: ConversationId,
        seq: Seq,
        filter: Filter,
        cursor: Ordinal,
        limit: usize,
    ) -> Result<AudiencePage>;

    /// A page of a list as it was at an instant, from any place on: who had read by then; who had not, whether in the
    /// conversation now or not; or either half of these. The cost of a page grows with the audience, not with where the
    /// page begins. Nothing is kept between pages. Errors: as `audience_page`.
    async fn audience_at(&self, query: AudienceAt) -> Result<AudienceAtPage>;

    /// Where a user stands with a message, whoever it is. Errors: as `audience_page`.
    async fn reader(&self, conversation: ConversationId, seq: Seq, user: Tinyid) -> Result<ReaderStanding>;

    /// When the readers of a message have read it, summed up in at most so many buckets; `None` while nobody has. With the
    /// state of the same instant. Errors: as `audience_page`.
    async fn read_timeline(
        &self,
        conversation: ConversationId,
        seq: Seq,
        buckets: u32,
    ) -> Result<(Option<ReadTimeline>, ReceiptState)>;

    /// Users as the audience of a message has them, in order; `None` for those who were not asked. Who has left is answered
    /// as well. Errors: as `audience_page`.
    async fn audience_members(
        &self,
        conversation: ConversationId,
        seq: Seq,
        users: &[Tinyid],
    ) -> Result<Vec<Option<AudienceMember>>>;

    /// Notes in the conversation's feed, as one entry whatever their number, that those who have not read a message are
    /// asked again; an earlier reminder of the message disappears from it (semantics.md rule 23). Errors: as
    /// `audience_page`, and `AlreadyRecalled`.
    async fn remind_unread(&self, reminder: NewReminder) -> Result<Reminded>;
}
