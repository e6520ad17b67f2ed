//! ConvInfo.

use serde::Serialize;
use yidu_client::v1;

use super::locator::named;
use super::message::Message;
use super::object::{objects, parse};
use super::{JsonError, reference};

/// A conversation as one who is in it sees it. Yidu knows no drafts, pins, marks, custom data, receive options or groups
/// of conversations: those keys have their defaults.
#[derive(Clone, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(Debug))]
pub(crate) struct ConvInfo {
    conv_id: String,
    conv_type: i32,
    conv_face_url: String,
    conv_show_name: String,
    conv_unread_num: u64,
    conv_active_time: u64,
    conv_is_has_lastmsg: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    conv_last_msg: Option<Message>,
    conv_is_has_draft: bool,
    conv_recv_opt: u32,
    /// Of a group whose type is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    conv_group_type: Option<i32>,
    conv_group_at_info_array: [(); 0],
    conv_is_pinned: bool,
    conv_mark_array: [(); 0],
    conv_custom_data: String,
    conv_conversation_group_array: [(); 0],
    conv_c2c_read_timestamp: u64,
    conv_group_read_sequence: u64,
}

objects! {
    /// Which conversation is asked for.
    GetConversation {
        get_conversation_list_param_conv_id: String,
        get_conversation_list_param_conv_type: i32,
    }
}

/// A conversation and what is known of it on this side.
pub(crate) struct SeenConversation<'a> {
    pub(crate) conversation: &'a v1::Conversation,
    pub(crate) last_message: Option<Message>,
    pub(crate) group_type: Option<v1::GroupType>,
    /// One-to-one: when the newest message that one has read was sent; 0 where that is not known.
    pub(crate) read_time_ms: u64,
}

impl ConvInfo {
    /// A conversation as the interface shows it.
    pub(crate) fn of(seen: SeenConversation<'_>) -> ConvInfo {
        let conversation = seen.conversation;
        let named = ConvInfo::named(&conversation.r#ref.clone().unwrap_or_default());
        let in_group = seen.group_type.is_some() || is_group(conversation);
        ConvInfo {
            conv_face_url: conversation.avatar_url.clone(),
            conv_show_name: conversation.show_name.clone(),
            conv_unread_num: conversation.unread_count,
            conv_active_time: conversation.active_time_ms / 1_000,
            conv_is_has_lastmsg: seen.last_message.is_some(),
            conv_last_msg: seen.last_message,
            conv_group_type: seen.group_type.map(i32::from),
            conv_c2c_read_timestamp: if in_group { 0 } else { seen.read_time_ms / 1_000 },
            conv_group_read_sequence: if in_group { conversation.read_seq } else { 0 },
            ..named
        }
    }

    /// A conversation of which no more than the name is told: one that was deleted.
    pub(crate) fn named(conversation: &v1::ConversationRef) -> ConvInfo {
        let (conv_id, conv_type) = named(conversation);
        ConvInfo { conv_id, conv_type, ..ConvInfo::default() }
    }
}

fn is_group(conversation: &v1::Conversation) -> bool {
    let of = conversation.r#ref.as_ref().and_then(|conversation| conversation.of.as_ref());
    matches!(of, Some(v1::conversation_ref::Of::Group(_)))
}

/// Reads which conversations are asked for.
pub(crate) fn read_get(text: &str) -> Result<Vec<v1::ConversationRef>, JsonError> {
    let asked: Vec<GetConversation> = parse(text)?;
    let named = asked.into_iter().map(|asked| {
        let (id, conv_type) =
            (asked.get_conversation_list_param_conv_id, asked.get_conversation_list_param_conv_type);
        if id.is_empty() {
            return Err(JsonError::missing("get_conversation_list_param_conv_id"));
        }
        reference::conversation(&id, conv_type).ok_or_else(|| {
            JsonError::value("get_conversation_list_param_conv_type", "1 (one-to-one) or 2 (group)")
        })
    });
    named.collect()
}
