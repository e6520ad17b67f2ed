//! Conversations as one who is in them sees them.

use yidu_proto::limits::PAGE;
use yidu_proto::v1;

use super::in_portions;
use crate::Client;
use crate::error::Result;

/// Up to where an unread count is cleared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadUpTo {
    /// Everything there is now.
    Everything,
    /// Up to this message.
    Seq(u64),
    /// C2C: up to this time.
    TimeMs(u64),
}

/// Conversations.
///
/// ```no_run
/// # async fn example(client: yidu_client::Client) -> yidu_client::Result<()> {
/// use yidu_client::{ReadUpTo, user};
/// for conversation in client.list_conversations("", 100).await?.conversations {
///     println!("{}: {} unread", conversation.show_name, conversation.unread_count);
/// }
/// client.clear_unread(&user("bob"), ReadUpTo::Everything).await?;
/// # Ok(())
/// # }
/// ```
impl Client {
    /// A page of one's conversations, most recently active first. The cursor is empty for the first page, then the
    /// page's `next_cursor`, which is empty on the last one; `limit` is at most 100, and 0 means 100.
    ///
    /// # Errors
    /// Refused: 6017 (a cursor that is none).
    pub async fn list_conversations(
        &self,
        cursor: impl Into<String>,
        limit: u32,
    ) -> Result<v1::ListConversationsResult> {
        self.call(v1::ListConversations { cursor: cursor.into(), limit }).await
    }

    /// These conversations; those that do not exist, or that one is not in, are left out. More than 100 go out in
    /// several calls.
    ///
    /// # Errors
    /// The kinds of [`ErrorKind`](crate::ErrorKind) that are about the way to the server.
    pub async fn conversations(&self, of: &[v1::ConversationRef]) -> Result<Vec<v1::Conversation>> {
        in_portions(of, PAGE, async |conversations| {
            Ok(self.call(v1::GetConversations { conversations }).await?.conversations)
        })
        .await
    }

    /// Clears the unread count of a conversation and returns what is left. Sends no receipts (`semantics.md` rule 11);
    /// C2C: the peer learns the time. Going back changes nothing.
    ///
    /// # Errors
    /// Refused: 10007 (not in the conversation), 10010 (no such group).
    pub async fn clear_unread(&self, conversation: &v1::ConversationRef, up_to: ReadUpTo) -> Result<u64> {
        let (up_to_seq, up_to_time_ms) = match up_to {
            ReadUpTo::Everything => (0, 0),
            ReadUpTo::Seq(seq) => (seq, 0),
            ReadUpTo::TimeMs(time_ms) => (0, time_ms),
        };
        let conversation = Some(conversation.clone());
        Ok(self.call(v1::ClearUnread { conversation, up_to_seq, up_to_time_ms }).await?.unread_count)
    }

    /// Clears the unread count of every conversation.
    ///
    /// # Errors
    /// The kinds of [`ErrorKind`](crate::ErrorKind) that are about the way to the server.
    pub async fn clear_all_unread(&self) -> Result<()> {
        self.call(v1::ClearUnread::default()).await.map(drop)
    }

    /// Removes a conversation with its history so far from one's own list, for oneself only. A new message brings it
    /// back.
    ///
    /// # Errors
    /// Refused: 10007 (not in the conversation), 10010 (no such group).
    pub async fn delete_conversation(&self, conversation: &v1::ConversationRef) -> Result<()> {
        self.call(v1::DeleteConversation { conversation: Some(conversation.clone()) }).await.map(drop)
    }
}
