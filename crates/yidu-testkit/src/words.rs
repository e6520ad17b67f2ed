//! Short words for what stories say often.

use yidu_proto::v1::{self, conversation_ref::Of};
use yidu_proto::{Element, ElementKind};

/// The one-to-one conversation with a user.
pub fn with(user: &str) -> v1::ConversationRef {
    v1::ConversationRef { of: Some(Of::User(user.to_owned())) }
}

/// A group.
pub fn group(id: &str) -> v1::ConversationRef {
    v1::ConversationRef { of: Some(Of::Group(id.to_owned())) }
}

/// The id of a group; empty for a one-to-one conversation.
pub fn group_id(to: &v1::ConversationRef) -> String {
    match &to.of {
        Some(Of::Group(id)) => id.clone(),
        Some(Of::User(_)) | None => String::new(),
    }
}

/// A text message that asks for receipts. Its random is a number of its own in this process.
pub fn text(to: &v1::ConversationRef, text: &str) -> v1::SendMessage {
    v1::SendMessage { need_receipt: true, ..plain(to, text) }
}

/// A text message that does not ask for receipts.
pub fn plain(to: &v1::ConversationRef, text: &str) -> v1::SendMessage {
    // Far from the small numbers that stories give by hand: the same number would be the same message.
    static RANDOM: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(1_000_000);
    v1::SendMessage {
        to: Some(to.clone()),
        random: RANDOM.fetch_add(1, std::sync::atomic::Ordering::Relaxed),
        client_time_s: 1_700_000_000,
        elements: vec![Element::text(text)],
        ..v1::SendMessage::default()
    }
}

/// The text of a message; empty for a message without one.
pub fn text_of(message: &v1::Message) -> String {
    message.elements.iter().filter_map(Element::as_text).collect()
}

/// The server wrote the message: somebody came, went or changed something.
pub fn is_tip(message: &v1::Message) -> bool {
    message.elements.iter().any(|element| matches!(element.kind(), Ok(Some(ElementKind::GroupTip(_)))))
}

/// Audience, read, unread, left.
pub fn counts(state: &v1::ReceiptState) -> [u32; 4] {
    [state.audience_count, state.read_count, state.unread_count, state.left_count]
}
