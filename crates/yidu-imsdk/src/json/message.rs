//! Message: as it is shown. As it is given: [`given`].

pub(crate) mod given;

use serde::Serialize;
use yidu_client::v1::{self, conversation_ref::Of};

use super::element::{self, AnyElem, Context};
use super::locator::named;
use super::member::GroupMemberInfo;
use super::numbers;
use super::profile::UserProfile;
use crate::ffi::enums::TIMMsgStatus;

/// `message_group_at_user_array`: everybody.
pub(crate) const AT_ALL: &str = "__kImSDK_MessageAtALL__";

/// `message_sender` of what the server says by itself.
const SYSTEM: &str = "@TIM#SYSTEM";

/// A message and what is known of it on this side.
#[derive(Clone, Copy)]
pub(crate) struct Seen<'a> {
    /// As the server shows it.
    pub(crate) view: &'a v1::MessageView,
    /// Who looks.
    pub(crate) me: &'a str,
    /// Where it stands; a recalled message is revoked, whatever this says.
    pub(crate) status: TIMMsgStatus,
    /// The unread count is cleared up to it or beyond.
    pub(crate) is_read: bool,
    pub(crate) custom_int: u32,
    pub(crate) custom_str: &'a str,
}

/// A message as it is shown. All keys of the interface but those that are only ever set by the app and go nowhere
/// (`message_is_forward_message`, `message_target_group_member_array`, push settings) and those of pinned messages.
#[derive(Clone, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(Debug))]
pub(crate) struct Message {
    message_elem_array: Vec<AnyElem>,
    message_conv_id: String,
    message_conv_type: i32,
    message_sender: String,
    message_priority: i32,
    message_client_time: u64,
    message_server_time: u64,
    message_is_from_self: bool,
    message_platform: i32,
    message_is_read: bool,
    message_is_online_msg: bool,
    message_is_peer_read: bool,
    message_receipt_peer_read: bool,
    message_need_read_receipt: bool,
    message_support_message_extension: bool,
    message_is_broadcast_message: bool,
    message_has_sent_receipt: bool,
    message_status: i32,
    message_unique_id: u64,
    message_msg_id: String,
    message_rand: u64,
    message_seq: u64,
    message_custom_int: u32,
    message_custom_str: String,
    message_cloud_custom_str: String,
    message_is_excluded_from_unread_count: bool,
    message_excluded_from_last_message: bool,
    message_excluded_from_content_moderation: bool,
    message_has_risk_content: bool,
    message_group_at_user_array: Vec<String>,
    message_sender_profile: UserProfile,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_sender_group_member_info: Option<GroupMemberInfo>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    revoked: Option<Revoked>,
    message_sender_tiny_id: u64,
    message_receiver_tiny_id: u64,
    message_group_receipt_read_count: u32,
    message_group_receipt_unread_count: u32,
    message_version: u64,
}

/// Keys that only a revoked message has.
#[derive(Clone, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(Debug))]
struct Revoked {
    message_revoker_user_id: String,
    message_revoker_nick_name: String,
    message_revoker_face_url: String,
    message_revoke_reason: String,
}

impl Message {
    /// A message as the interface shows it.
    pub(crate) fn of(seen: &Seen<'_>) -> Message {
        let none = v1::Message::default();
        let message = seen.view.message.as_ref().unwrap_or(&none);
        let receipt = seen.view.receipt.as_ref();
        let from_self = message.from == seen.me;
        let status = if message.recall.is_some() { TIMMsgStatus::kTIMMsg_Revoked } else { seen.status };
        let read_count = receipt.map_or(0, |receipt| receipt.read_count);
        let unread_count = receipt.map_or(0, |receipt| receipt.unread_count);
        let in_group = matches!(place(message), Some(Of::Group(_)));
        Message {
            message_is_read: from_self || seen.is_read,
            message_is_peer_read: seen.view.peer_read,
            message_receipt_peer_read: !in_group && read_count > 0,
            message_has_sent_receipt: in_group && seen.view.receipt_sent,
            message_status: status as i32,
            message_custom_int: seen.custom_int,
            message_custom_str: seen.custom_str.to_owned(),
            revoked: message.recall.as_ref().map(Revoked::from),
            message_group_receipt_read_count: if in_group { read_count } else { 0 },
            message_group_receipt_unread_count: if in_group { unread_count } else { 0 },
            ..Message::same_for_all(message, Context { me: seen.me, message, depth: 0 })
        }
    }

    /// A message inside of another: nothing is known of it here.
    pub(super) fn merged(message: &v1::Message, outer: Context<'_>) -> Message {
        let context = Context { me: outer.me, message, depth: outer.depth + 1 };
        let status = TIMMsgStatus::kTIMMsg_SendSucc as i32;
        Message { message_status: status, ..Message::same_for_all(message, context) }
    }

    /// What is the same for everyone, but for whose it is and what the conversation is called.
    fn same_for_all(message: &v1::Message, context: Context<'_>) -> Message {
        let (message_conv_id, message_conv_type) = conversation(message, context.me);
        let from = v1::Profile {
            user_id: message.from.clone(),
            nick: message.from_nick.clone(),
            avatar_url: message.from_avatar_url.clone(),
        };
        let sender = if message.from.is_empty() { SYSTEM } else { &message.from };
        let card = match place(message) {
            Some(Of::Group(group)) => {
                Some(GroupMemberInfo::named(group, Some(&from), &message.from_name_card))
            }
            Some(Of::User(_)) | None => None,
        };
        Message {
            message_elem_array: (message.elements.iter())
                .map(|element| element::shown(element, context))
                .collect(),
            message_conv_id,
            message_conv_type,
            message_sender: sender.to_owned(),
            message_priority: numbers::priority(message.priority()),
            message_client_time: message.client_time_s,
            message_server_time: message.time_ms / 1_000,
            message_is_from_self: message.from == context.me,
            message_platform: numbers::platform(message.platform()),
            message_is_online_msg: message.online_only,
            message_need_read_receipt: message.need_receipt,
            message_support_message_extension: message.support_extension,
            message_unique_id: unique_id(message.time_ms, message.random),
            message_msg_id: message.id.clone(),
            message_rand: message.random.into(),
            message_seq: message.seq,
            message_cloud_custom_str: message.cloud_custom_data.clone(),
            message_is_excluded_from_unread_count: message.exclude_from_unread,
            message_excluded_from_last_message: message.exclude_from_last_message,
            message_group_at_user_array: at_users(message),
            message_sender_profile: UserProfile::from(&from),
            message_sender_group_member_info: card,
            message_sender_tiny_id: tinyid_of(&message.id),
            ..Message::default()
        }
    }
}

impl From<&v1::Recall> for Revoked {
    fn from(recall: &v1::Recall) -> Revoked {
        Revoked {
            message_revoker_user_id: recall.by.clone(),
            message_revoker_nick_name: recall.by_nick.clone(),
            message_revoker_face_url: recall.by_avatar_url.clone(),
            message_revoke_reason: recall.reason.clone(),
        }
    }
}

/// `message_unique_id`: the second and the random number in one.
pub(crate) fn unique_id(time_ms: u64, random: u32) -> u64 {
    ((time_ms / 1_000) << 32) | u64::from(random)
}

fn place(message: &v1::Message) -> Option<&Of> {
    message.to.as_ref().and_then(|to| to.of.as_ref())
}

/// The conversation as the one who looks names it: one-to-one, the other user.
fn conversation(message: &v1::Message, me: &str) -> (String, i32) {
    match place(message) {
        Some(Of::User(to)) if to == me => named(&yidu_client::user(message.from.clone())),
        Some(Of::User(_) | Of::Group(_)) | None => named(&message.to.clone().unwrap_or_default()),
    }
}

fn at_users(message: &v1::Message) -> Vec<String> {
    let mut users = message.at_users.clone();
    if message.at_all {
        users.push(AT_ALL.to_owned());
    }
    users
}

/// The first part of `<tinyid>-<time>-<random>`.
fn tinyid_of(message_id: &str) -> u64 {
    message_id.split_once('-').and_then(|(tinyid, _)| tinyid.parse().ok()).unwrap_or_default()
}
