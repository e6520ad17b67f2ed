//! What happens to conversations: their events and the number of unread messages.

use std::sync::Arc;

use yidu_client::v1::{self, conversation_ref::Of};
use yidu_client::{Event, ReadUpTo};

use super::session::Session;
use crate::ffi::enums::TIMConvType;

/// Follows the events of one login.
pub(crate) struct Conversations {
    _session: Arc<Session>,
}

impl Conversations {
    pub(crate) fn new(session: Arc<Session>) -> Conversations {
        Conversations { _session: session }
    }

    /// Tells the listeners what an event means for the conversations.
    pub(crate) async fn on(&mut self, _event: &Event) {}
}

/// Clears the unread counts of all conversations of a type.
pub(crate) async fn clear_all(session: &Session, of: TIMConvType) -> Result<(), yidu_client::Error> {
    let mut cursor = String::new();
    loop {
        let page = session.client.list_conversations(cursor, 0).await?;
        for conversation in page.conversations {
            let Some(reference) = conversation.r#ref else { continue };
            if conversation.unread_count > 0 && type_of(&reference) == of {
                session.client.clear_unread(&reference, ReadUpTo::Everything).await?;
            }
        }
        if page.next_cursor.is_empty() {
            return Ok(());
        }
        cursor = page.next_cursor;
    }
}

fn type_of(conversation: &v1::ConversationRef) -> TIMConvType {
    match &conversation.of {
        Some(Of::User(_)) => TIMConvType::TIMConvType_C2C,
        Some(Of::Group(_)) => TIMConvType::TIMConvType_Group,
        None => TIMConvType::TIMConvType_Invalid,
    }
}
