//! A message as it is given: to be sent, or to be merged into one.

use yidu_client::{Element, v1};

use super::AT_ALL;
use crate::ffi::enums::TIMConvType;
use crate::json::element::GivenElem;
use crate::json::object::{objects, parse};
use crate::json::profile::UserProfile;
use crate::json::{JsonError, numbers, reference};

objects! {
    /// What is read of a message. Keys that are not here have no effect: content moderation, push settings, webhook
    /// switches and what the SDK fills in.
    Given {
        message_elem_array: Option<Vec<GivenElem>>,
        message_conv_id: String,
        message_conv_type: i32,
        message_sender: String,
        message_priority: Option<i32>,
        message_client_time: u64,
        message_server_time: u64,
        message_is_from_self: bool,
        message_is_online_msg: bool,
        message_need_read_receipt: bool,
        message_support_message_extension: bool,
        message_msg_id: String,
        message_rand: u64,
        message_seq: u64,
        message_custom_int: u32,
        message_custom_str: String,
        message_cloud_custom_str: String,
        message_is_excluded_from_unread_count: bool,
        message_excluded_from_last_message: bool,
        message_group_at_user_array: Vec<String>,
        message_target_group_member_array: Vec<String>,
        message_disable_cloud_message_pre_hook: bool,
        message_disable_cloud_message_post_hook: bool,
        message_sender_profile: UserProfile,
    }
}

/// A message to be sent. To whom, when and with which random number is not yet said.
#[derive(Clone, Default, PartialEq)]
#[cfg_attr(test, derive(Debug))]
pub(crate) struct Draft {
    pub(crate) request: v1::SendMessage,
    /// For this side alone.
    pub(crate) custom_int: u32,
    pub(crate) custom_str: String,
}

impl Draft {
    /// Reads a message to be sent. `message_elem_array` is required and not empty.
    pub(crate) fn parse(text: &str) -> Result<Draft, JsonError> {
        let given: Given = parse(text)?;
        let elements = given.message_elem_array.ok_or_else(|| JsonError::missing("message_elem_array"))?;
        if elements.is_empty() {
            return Err(JsonError::value("message_elem_array", "an array of at least one element"));
        }
        let (at_users, at_all) = at(given.message_group_at_user_array);
        let request = v1::SendMessage {
            elements: plain(elements),
            need_receipt: given.message_need_read_receipt,
            priority: priority(given.message_priority)?.into(),
            cloud_custom_data: given.message_cloud_custom_str,
            at_users,
            at_all,
            online_only: given.message_is_online_msg,
            exclude_from_unread: given.message_is_excluded_from_unread_count,
            exclude_from_last_message: given.message_excluded_from_last_message,
            support_extension: given.message_support_message_extension,
            targets: given.message_target_group_member_array,
            skip_before_hook: given.message_disable_cloud_message_pre_hook,
            skip_after_hook: given.message_disable_cloud_message_post_hook,
            ..Default::default()
        };
        let (custom_int, custom_str) = (given.message_custom_int, given.message_custom_str);
        Ok(Draft { request, custom_int, custom_str })
    }
}

impl Given {
    /// The message as it was received, to be carried inside of another one.
    pub(crate) fn into_merged(self) -> Result<v1::Message, JsonError> {
        let priority = priority(self.message_priority)?;
        let random = u32::try_from(self.message_rand)
            .map_err(|_| JsonError::value("message_rand", "a whole number from 0 to 4294967295"))?;
        let (at_users, at_all) = at(self.message_group_at_user_array);
        let to = if self.message_conv_type == TIMConvType::kTIMConv_C2C as i32 && !self.message_is_from_self {
            // The conversation is named after the sender; who received it is not in the message.
            None
        } else {
            reference::conversation(&self.message_conv_id, self.message_conv_type)
        };
        Ok(v1::Message {
            id: self.message_msg_id,
            to,
            from: self.message_sender,
            seq: self.message_seq,
            time_ms: self.message_server_time.saturating_mul(1_000),
            client_time_s: self.message_client_time,
            random,
            elements: plain(self.message_elem_array.unwrap_or_default()),
            need_receipt: self.message_need_read_receipt,
            priority: priority.into(),
            cloud_custom_data: self.message_cloud_custom_str,
            at_users,
            at_all,
            support_extension: self.message_support_message_extension,
            from_nick: self.message_sender_profile.user_profile_nick_name,
            from_avatar_url: self.message_sender_profile.user_profile_face_url,
            ..Default::default()
        })
    }
}

fn plain(elements: Vec<GivenElem>) -> Vec<Element> {
    elements.into_iter().map(|element| element.0).collect()
}

fn priority(number: Option<i32>) -> Result<v1::Priority, JsonError> {
    let Some(number) = number else { return Ok(v1::Priority::Normal) };
    numbers::priority_of(number)
        .ok_or_else(|| JsonError::value("message_priority", "a number of TIMMsgPriority (0 to 3)"))
}

/// Who is called upon, and whether everybody is.
fn at(users: Vec<String>) -> (Vec<String>, bool) {
    let count = users.len();
    let users: Vec<String> = users.into_iter().filter(|user| user != AT_ALL).collect();
    let all = users.len() < count;
    (users, all)
}
