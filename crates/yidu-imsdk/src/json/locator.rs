//! MsgLocator: a message by its place.

use yidu_client::v1::{self, conversation_ref::Of};

use super::JsonError;
use super::message::unique_id;
use super::object::{objects, parse};
use crate::ffi::enums::TIMConvType;

objects! {
    /// Where a message is.
    MsgLocator {
        message_locator_conv_id: String,
        message_locator_conv_type: i32,
        message_locator_is_revoked: bool,
        message_locator_time: u64,
        message_locator_seq: u64,
        message_locator_is_self: bool,
        message_locator_rand: u64,
        message_locator_unique_id: u64,
    }

    /// What is told of a revoked message: its locator, by whom, why.
    MsgRevoked {
        message_locator_conv_id: String,
        message_locator_conv_type: i32,
        message_locator_is_revoked: bool,
        message_locator_time: u64,
        message_locator_seq: u64,
        message_locator_is_self: bool,
        message_locator_rand: u64,
        message_locator_unique_id: u64,
        message_revoker_user_id: String,
        message_revoker_nick_name: String,
        message_revoker_face_url: String,
        message_revoke_reason: String,
    }
}

impl MsgLocator {
    /// Reads an array of at most 10,000. A locator needs a seq.
    pub(crate) fn parse_array(text: &str) -> Result<Vec<MsgLocator>, JsonError> {
        let locators: Vec<MsgLocator> = parse(text)?;
        if locators.iter().any(|locator| locator.message_locator_seq == 0) {
            return Err(JsonError::missing("message_locator_seq"));
        }
        Ok(locators)
    }
}

impl MsgRevoked {
    /// `message` is what is known of it here.
    pub(crate) fn of(
        conversation: &v1::ConversationRef,
        revoked: &v1::RecalledMessage,
        me: &str,
        message: Option<&v1::Message>,
    ) -> MsgRevoked {
        let (message_locator_conv_id, message_locator_conv_type) = named(conversation);
        let recall = revoked.recall.clone().unwrap_or_default();
        let known = message.cloned().unwrap_or_default();
        MsgRevoked {
            message_locator_conv_id,
            message_locator_conv_type,
            message_locator_is_revoked: true,
            message_locator_time: known.time_ms / 1_000,
            message_locator_seq: revoked.seq,
            message_locator_is_self: revoked.from == me,
            message_locator_rand: random_of(&revoked.message_id).into(),
            message_locator_unique_id: unique_id(known.time_ms, random_of(&revoked.message_id)),
            message_revoker_user_id: recall.by,
            message_revoker_nick_name: recall.by_nick,
            message_revoker_face_url: recall.by_avatar_url,
            message_revoke_reason: recall.reason,
        }
    }
}

/// The bare id and the number of the type of a conversation.
pub(crate) fn named(conversation: &v1::ConversationRef) -> (String, i32) {
    match &conversation.of {
        Some(Of::User(user)) => (user.clone(), TIMConvType::kTIMConv_C2C as i32),
        Some(Of::Group(group)) => (group.clone(), TIMConvType::kTIMConv_Group as i32),
        None => (String::new(), TIMConvType::kTIMConv_Invalid as i32),
    }
}

/// The last part of `<tinyid>-<time>-<random>`.
fn random_of(message_id: &str) -> u32 {
    message_id.rsplit_once('-').and_then(|(_, random)| random.parse().ok()).unwrap_or_default()
}
