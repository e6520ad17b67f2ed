//! Messages: sending, history, recall.

use std::time::{SystemTime, UNIX_EPOCH};

use yidu_proto::limits::{DELETIONS, PAGE};
use yidu_proto::{Element, v1};

use super::in_portions;
use crate::Client;
use crate::error::{Error, ErrorKind, Result};

/// A message to be sent: to whom, what, and how. Sending the same value again within 5 minutes is sending it once
/// (`semantics.md` rule 12), so a failed send is repeated with the same value.
#[derive(Clone, PartialEq)]
#[must_use = "a message has to be sent"]
pub struct NewMessage {
    request: v1::SendMessage,
}

impl NewMessage {
    /// To a user or a group, as yet without content. Made unique by the clock and a random number.
    pub fn new(to: v1::ConversationRef) -> NewMessage {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        NewMessage {
            request: v1::SendMessage {
                to: Some(to),
                random: rand::random(),
                client_time_s: now.as_secs(),
                ..Default::default()
            },
        }
    }

    /// A text message.
    pub fn text(to: v1::ConversationRef, content: impl Into<String>) -> NewMessage {
        NewMessage::new(to).element(Element::text(content))
    }

    /// Adds a piece of content: at most 100, 12 KiB together with the cloud custom data.
    pub fn element(mut self, element: impl Into<Element>) -> NewMessage {
        self.request.elements.push(element.into());
        self
    }

    /// Asks for receipts (`semantics.md` rule 1).
    pub fn need_receipt(mut self) -> NewMessage {
        self.request.need_receipt = true;
        self
    }

    /// The app's own data, kept with the message on the server.
    pub fn cloud_custom_data(mut self, data: impl Into<String>) -> NewMessage {
        self.request.cloud_custom_data = data.into();
        self
    }

    /// Calls on members of the group by name: at most 100.
    pub fn at(mut self, users: impl IntoIterator<Item = impl Into<String>>) -> NewMessage {
        self.request.at_users.extend(users.into_iter().map(Into::into));
        self
    }

    /// Calls on everybody in the group.
    pub fn at_all(mut self) -> NewMessage {
        self.request.at_all = true;
        self
    }

    /// Group members who alone get the message: at most 50. Never counted unread; not with `at` or `at_all`.
    pub fn targets(mut self, users: impl IntoIterator<Item = impl Into<String>>) -> NewMessage {
        self.request.targets.extend(users.into_iter().map(Into::into));
        self
    }

    /// For who is online now; stored nowhere.
    pub fn online_only(mut self) -> NewMessage {
        self.request.online_only = true;
        self
    }

    /// How urgent it is in a crowded group.
    pub fn priority(mut self, priority: v1::Priority) -> NewMessage {
        self.request.priority = priority.into();
        self
    }

    /// Does not raise unread counts.
    pub fn exclude_from_unread(mut self) -> NewMessage {
        self.request.exclude_from_unread = true;
        self
    }

    /// Does not become the conversation's last message.
    pub fn exclude_from_last_message(mut self) -> NewMessage {
        self.request.exclude_from_last_message = true;
        self
    }

    /// Allows extensions to the message later.
    pub fn support_extension(mut self) -> NewMessage {
        self.request.support_extension = true;
        self
    }

    /// The id it will have, known before it is sent: `<tinyid>-<time>-<random>`.
    pub fn id(&self, sender_tinyid: u64) -> String {
        format!("{sender_tinyid}-{}-{}", self.request.client_time_s, self.request.random)
    }

    /// The request it goes out as.
    pub fn request(&self) -> &v1::SendMessage {
        &self.request
    }
}

/// A request made by hand, with a time and a random number of one's own.
impl From<v1::SendMessage> for NewMessage {
    fn from(request: v1::SendMessage) -> NewMessage {
        NewMessage { request }
    }
}

/// Shows no content.
impl std::fmt::Debug for NewMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewMessage")
            .field("to", &self.request.to)
            .field("random", &self.request.random)
            .field("need_receipt", &self.request.need_receipt)
            .finish_non_exhaustive()
    }
}

/// Which part of a history to read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct HistoryQuery {
    direction: v1::get_history::Direction,
    from_seq: u64,
    limit: u32,
    min_time_ms: u64,
    max_time_ms: u64,
}

impl HistoryQuery {
    /// From the newest message towards the older, newest first.
    pub fn newest() -> HistoryQuery {
        HistoryQuery::default()
    }

    /// From this seq, included, towards the older, newest first.
    pub fn older(from_seq: u64) -> HistoryQuery {
        HistoryQuery { from_seq, ..HistoryQuery::default() }
    }

    /// From this seq, included, towards the newer, oldest first. 0: from the oldest.
    pub fn newer(from_seq: u64) -> HistoryQuery {
        HistoryQuery { direction: v1::get_history::Direction::Newer, from_seq, ..HistoryQuery::default() }
    }

    /// Messages in the page: 1 to 100. Default: 20.
    pub fn limit(mut self, messages: u32) -> HistoryQuery {
        self.limit = messages;
        self
    }

    /// Only messages of these times, both included; 0 is open.
    pub fn times(mut self, min_ms: u64, max_ms: u64) -> HistoryQuery {
        (self.min_time_ms, self.max_time_ms) = (min_ms, max_ms);
        self
    }
}

/// Messages.
///
/// ```no_run
/// # async fn example(client: yidu_client::Client) -> yidu_client::Result<()> {
/// use yidu_client::{HistoryQuery, NewMessage, user};
/// let bob = user("bob");
/// let message = NewMessage::text(bob.clone(), "are you there?").need_receipt();
/// let sent = client.send(message).await?;
/// let page = client.history(&bob, HistoryQuery::newest().limit(50)).await?;
/// client.recall(&bob, sent.seq, "typed too fast").await?;
/// # Ok(())
/// # }
/// ```
impl Client {
    /// Sends a message and returns it as everyone sees it. Returns after it is on disk (an online-only one: after it
    /// was handed on), once, however often it had to be sent.
    ///
    /// # Errors
    /// Refused: 7013 (receipts asked for where they are off), 10007 (not a member), 10010 (no such group), 10017
    /// (muted), 80002 (over 12 KiB), 90012 and 20003 (the peer has no account), 6017 (malformed).
    pub async fn send(&self, message: impl Into<NewMessage>) -> Result<v1::Message> {
        let answer = self.call(message.into().request).await?;
        answer.message.ok_or_else(|| Error::new(ErrorKind::Protocol, "the answer to a send holds no message"))
    }

    /// Sends a text.
    ///
    /// # Errors
    /// As [`send`](Client::send).
    pub async fn send_text(
        &self,
        to: &v1::ConversationRef,
        content: impl Into<String>,
    ) -> Result<v1::Message> {
        self.send(NewMessage::text(to.clone(), content)).await
    }

    /// A page of a conversation's messages, as far as one may see them; recalled ones have `recall` set. The next page
    /// begins at `next_seq`; 0 when there is none.
    ///
    /// # Errors
    /// Refused: 10007 (not in the conversation), 10010 (no such group).
    pub async fn history(
        &self,
        conversation: &v1::ConversationRef,
        query: HistoryQuery,
    ) -> Result<v1::GetHistoryResult> {
        self.call(v1::GetHistory {
            conversation: Some(conversation.clone()),
            direction: query.direction.into(),
            from_seq: query.from_seq,
            limit: query.limit,
            min_time_ms: query.min_time_ms,
            max_time_ms: query.max_time_ms,
        })
        .await
    }

    /// Messages by seq. What does not exist or may not be seen is left out. More than 100 seqs go out in several calls.
    ///
    /// # Errors
    /// As [`history`](Client::history).
    pub async fn messages(
        &self,
        conversation: &v1::ConversationRef,
        seqs: &[u64],
    ) -> Result<Vec<v1::MessageView>> {
        in_portions(seqs, PAGE, async |seqs| {
            let conversation = Some(conversation.clone());
            Ok(self.call(v1::GetMessages { conversation, seqs }).await?.messages)
        })
        .await
    }

    /// Takes a message back for everybody: one's own; group owner and admins also others'; administrators any. The
    /// reason is at most 512 bytes and may be empty.
    ///
    /// # Errors
    /// Refused: 20016 / 10031 (too late), 20022 / 10030 (no such message), 20023 / 10032 (recalled already, or not
    /// recallable), 10007.
    pub async fn recall(
        &self,
        conversation: &v1::ConversationRef,
        seq: u64,
        reason: impl Into<String>,
    ) -> Result<v1::Recall> {
        let conversation = Some(conversation.clone());
        let answer = self.call(v1::RecallMessage { conversation, seq, reason: reason.into() }).await?;
        Ok(answer.recall.unwrap_or_default())
    }

    /// Deletes messages from one's own view; nobody else's changes. Unknown seqs are ignored. More than 50 seqs go out
    /// in several calls.
    ///
    /// # Errors
    /// As [`history`](Client::history).
    pub async fn delete_messages(&self, conversation: &v1::ConversationRef, seqs: &[u64]) -> Result<()> {
        in_portions(seqs, DELETIONS, async |seqs| {
            let conversation = Some(conversation.clone());
            self.call(v1::DeleteMessages { conversation, seqs }).await?;
            Ok(Vec::<()>::new())
        })
        .await?;
        Ok(())
    }
}
