//! Receipts: saying that one has read, seeing who has.
//!
//! A message asks for receipts when it is sent ([`NewMessage::need_receipt`](crate::NewMessage::need_receipt)); who was
//! in its audience then may send one, once. Sending a receipt is not clearing an unread count
//! ([`Client::clear_unread`]): neither does the other's work (`semantics.md` rule 11).
//!
//! There are two ways to send. [`Client::send_receipts`] waits for the server's verdicts.
//! [`Client::queue_receipts`] returns at once and leaves the rest to the outbox, which is what an app wants that marks
//! messages as they scroll into view.

use futures_util::{Stream, stream};
use yidu_proto::limits::{RECEIPT_STATES, RECEIPT_USERS, RECEIPTS};
use yidu_proto::v1;

use super::in_portions;
use crate::error::{Error, Result};
use crate::{Client, Event};

/// Receipts.
impl Client {
    /// Sends receipts for messages of one conversation and returns the server's verdict on each, in the order asked,
    /// after they are on disk. Repeating it changes nothing. No seq: no call.
    ///
    /// More than 50 seqs go out in several calls; when one of them fails, the others may have been recorded.
    ///
    /// ```no_run
    /// # async fn example(client: yidu_client::Client) -> yidu_client::Result<()> {
    /// use yidu_client::group;
    /// for result in client.send_receipts(&group("team"), &[41, 42]).await? {
    ///     println!("{}: {:?}", result.seq, result.verdict());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Refused: 10007 (not in the conversation), 10010 (no such group). A message that cannot have the receipt is a
    /// verdict, not an error (`semantics.md` rule 3).
    pub async fn send_receipts(
        &self,
        conversation: &v1::ConversationRef,
        seqs: &[u64],
    ) -> Result<Vec<v1::ReceiptResult>> {
        in_portions(seqs, RECEIPTS, async |seqs| {
            let request = v1::SendReceipts { conversation: Some(conversation.clone()), seqs };
            Ok(self.call(request).await?.results)
        })
        .await
    }

    /// Puts receipts into the outbox and returns at once; they are sent as soon as there is a connection, and again
    /// after a reconnect until the server has judged them. A receipt that waits already is not added again.
    ///
    /// The outbox holds [`OUTBOX_CAPACITY`](crate::OUTBOX_CAPACITY) receipts; beyond that the oldest go, with
    /// [`Event::ReceiptsDropped`]. It is kept over reconnects, kicks and an expired UserSig, and emptied by `logout`.
    ///
    /// ```no_run
    /// # fn example(client: yidu_client::Client) -> yidu_client::Result<()> {
    /// client.queue_receipts(&yidu_client::user("bob"), &[7, 8, 9])?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`NotLoggedIn`](crate::ErrorKind::NotLoggedIn): a receipt is somebody's, so somebody has to be logged in.
    pub fn queue_receipts(&self, conversation: &v1::ConversationRef, seqs: &[u64]) -> Result<()> {
        let user_id = self.session().ok_or_else(Error::not_logged_in)?.user_id;
        let (added, dropped) = self.shared.outbox.lock().add(&user_id, conversation, seqs);
        for (conversation, seqs) in dropped {
            self.shared.events.tell(Event::ReceiptsDropped { conversation, seqs, error: None });
        }
        if added {
            self.shared.events.tell(Event::OutboxChanged { pending: self.pending_receipts() });
            self.shared.outbox_filled.notify_one();
        }
        Ok(())
    }

    /// How many receipts wait in the outbox for the server's answer.
    pub fn pending_receipts(&self) -> usize {
        self.shared.outbox.lock().len()
    }

    /// The newest receipts of one's own messages of one conversation. Seqs of others' messages, of messages that did
    /// not ask, and unknown ones are left out. More than 100 seqs go out in several calls.
    ///
    /// # Errors
    /// Refused: 10007 (not in the conversation), 10010 (no such group).
    pub async fn receipts(
        &self,
        conversation: &v1::ConversationRef,
        seqs: &[u64],
    ) -> Result<Vec<v1::ReceiptState>> {
        in_portions(seqs, RECEIPT_STATES, async |seqs| {
            let request = v1::GetReceipts { conversation: Some(conversation.clone()), seqs };
            Ok(self.call(request).await?.states)
        })
        .await
    }

    /// A page of those who have read a message, have not, or have left without reading. Begin with `cursor` 0 and go on
    /// with the page's `next_cursor` until `finished`; `limit` is at most 1,000, and 0 means 100. While receipts keep
    /// landing, nobody is returned twice (`semantics.md` rule 5).
    ///
    /// # Errors
    /// Refused: 10007 (may not see it, rule 6), 10062 (unknown message, or one that did not ask), 6017.
    pub async fn receipt_members(
        &self,
        conversation: &v1::ConversationRef,
        seq: u64,
        filter: v1::ReceiptFilter,
        cursor: u64,
        limit: u32,
    ) -> Result<v1::ListReceiptMembersResult> {
        let filter = filter.into();
        let conversation = Some(conversation.clone());
        self.call(v1::ListReceiptMembers { conversation, seq, filter, cursor, limit }).await
    }

    /// A page of one list of a message's audience as it was at a version: any offset, any time, with an optional search.
    /// The first page tells its version; with that, `offset` names the same member for ever, whatever lands meanwhile.
    /// `limit` is at most 500, and 0 means 100.
    ///
    /// ```no_run
    /// # async fn example(client: yidu_client::Client) -> yidu_client::Result<()> {
    /// use yidu_client::v1::{self, get_receipt_page::Start};
    /// let first = v1::GetReceiptPage {
    ///     conversation: Some(yidu_client::group("team")),
    ///     seq: 42,
    ///     filter: v1::ReceiptFilter::NotRead.into(),
    ///     limit: 50,
    ///     ..Default::default()
    /// };
    /// let page = client.receipt_page(first.clone()).await?;
    /// let start = Some(Start::Offset(page.total.saturating_sub(50)));
    /// let last = client.receipt_page(v1::GetReceiptPage { version: page.version, start, ..first }).await?;
    /// println!("{} of {} at {}", last.members.len(), last.total, last.version);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Refused: 10007 (may not see it, rule 6), 10062 (unknown message, or one that did not ask), 6017.
    pub async fn receipt_page(&self, page: v1::GetReceiptPage) -> Result<v1::GetReceiptPageResult> {
        self.call(page).await
    }

    /// Whether certain users have read a message, in the order asked. More than 100 users go out in several calls.
    ///
    /// # Errors
    /// As [`receipt_members`](Client::receipt_members).
    pub async fn read_status(
        &self,
        conversation: &v1::ConversationRef,
        seq: u64,
        users: &[String],
    ) -> Result<Vec<v1::ReadStatus>> {
        in_portions(users, RECEIPT_USERS, async |user_ids| {
            let request = v1::GetReadStatus { conversation: Some(conversation.clone()), seq, user_ids };
            Ok(self.call(request).await?.users)
        })
        .await
    }

    /// Asks those again who have not read a message: all of them, or, with `users`, those of at most 100 (`semantics.md`
    /// rule 23). Their devices get [`Event::ReceiptReminder`]. Returns how many were reminded; with 0 nothing happened.
    ///
    /// # Errors
    /// Refused: 10007 (may not see who has read), 10032 (recalled), 10062, 6017, and 60007 within a minute of the last
    /// reminder of the message, with the time that is left.
    pub async fn remind_unread(
        &self,
        conversation: &v1::ConversationRef,
        seq: u64,
        users: &[String],
    ) -> Result<u32> {
        let conversation = Some(conversation.clone());
        let request = v1::RemindUnread { conversation, seq, user_ids: users.to_vec() };
        Ok(self.call(request).await?.reminded)
    }

    /// All pages of [`receipt_members`](Client::receipt_members), read as they are asked for.
    ///
    /// ```no_run
    /// # async fn example(client: yidu_client::Client) -> yidu_client::Result<()> {
    /// use yidu_client::{group, v1::ReceiptFilter};
    /// let mut unread = client.receipt_member_pages(&group("team"), 42, ReceiptFilter::Unread);
    /// while let Some(page) = unread.next().await? {
    ///     for member in page.members {
    ///         println!("{} has not read it", member.profile.unwrap_or_default().user_id);
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn receipt_member_pages(
        &self,
        conversation: &v1::ConversationRef,
        seq: u64,
        filter: v1::ReceiptFilter,
    ) -> ReceiptMembers {
        let first = v1::ListReceiptMembers {
            conversation: Some(conversation.clone()),
            seq,
            filter: filter.into(),
            cursor: 0,
            limit: 0,
        };
        ReceiptMembers { client: self.clone(), next: Some(first) }
    }
}

/// The pages of one list of readers; made by [`Client::receipt_member_pages`].
#[derive(Debug)]
#[must_use = "nothing is asked before the first page is"]
pub struct ReceiptMembers {
    client: Client,
    /// `None` after the last page.
    next: Option<v1::ListReceiptMembers>,
}

impl ReceiptMembers {
    /// Members in a page: 1 to 1,000. Default: 100.
    pub fn page_size(mut self, members: u32) -> ReceiptMembers {
        if let Some(next) = &mut self.next {
            next.limit = members;
        }
        self
    }

    /// The next page; `None` after the last one. After an error the same page can be asked for again.
    ///
    /// # Errors
    /// As [`Client::receipt_members`].
    pub async fn next(&mut self) -> Result<Option<v1::ListReceiptMembersResult>> {
        let Some(next) = &mut self.next else { return Ok(None) };
        let page = self.client.call(next.clone()).await?;
        next.cursor = page.next_cursor;
        if page.finished {
            self.next = None;
        }
        Ok(Some(page))
    }

    /// Everybody on the pages that are left, in one list.
    ///
    /// # Errors
    /// As [`Client::receipt_members`].
    pub async fn collect(mut self) -> Result<Vec<v1::ReceiptMember>> {
        let mut members = Vec::new();
        while let Some(page) = self.next().await? {
            members.extend(page.members);
        }
        Ok(members)
    }

    /// The pages as a [`Stream`] that ends after the last page or the first error.
    pub fn into_stream(self) -> impl Stream<Item = Result<v1::ListReceiptMembersResult>> + Send {
        stream::try_unfold(self, async |mut pages| Ok(pages.next().await?.map(|page| (page, pages))))
    }
}
