//! Conversations: the list, unread counts. Listeners: TIMSetConvEventCallback and
//! TIMSetConvTotalUnreadMessageCountChangedCallback.

use std::ffi::c_int;

use serde_json::json;
use yidu_client::{ReadUpTo, v1};

use super::conversation_arguments;
use crate::ffi::callback::{Answer, Callback};
use crate::ffi::enums::{TIMConvType, TIMResult};
use crate::ffi::types::TIMCommCallback;
use crate::ffi::{Enum, Text, UserData};
use crate::json::conversation;
use crate::sdk::call::{self, Refusal, nothing};
use crate::sdk::conversations::{self, c_count};

/// Conversations in a list.
const LISTED: usize = 10_000;
/// Conversations that one call may ask for.
const ASKED: usize = 1_000;

/// One's conversations, most recently active first, at most the first 10,000.
///
/// Callback: an array of ConvInfo. `conv_last_msg` is there when there is a message that counts as one. Yidu knows no
/// drafts, pins, marks and receive options: those keys have their defaults.
#[unsafe(no_mangle)]
pub extern "C" fn TIMConvGetConvList(cb: TIMCommCallback, user_data: UserData) -> c_int {
    call::in_session(Callback::Comm(cb, user_data), |session, _| {
        let session = session.clone();
        Ok(async move {
            let list = conversations::list(&session, LISTED).await?;
            Ok(Answer::Json(conversations::given(&session, &list).await?))
        })
    })
}

/// Conversations by name: an array of 1 to 1,000 objects with `get_conversation_list_param_conv_id` and
/// `get_conversation_list_param_conv_type`.
///
/// Callback: an array of ConvInfo; those that do not exist, or that one is not in, are left out.
#[unsafe(no_mangle)]
pub extern "C" fn TIMConvGetConvInfo(
    json_get_conv_list_param: Text,
    cb: TIMCommCallback,
    user_data: UserData,
) -> c_int {
    call::in_session(Callback::Comm(cb, user_data), |session, reader| {
        let asked = conversation::read_get(reader.json(&json_get_conv_list_param)?)?;
        if asked.is_empty() || asked.len() > ASKED {
            return Err(Refusal::param(format!("1 to {ASKED} conversations in one call")));
        }
        let session = session.clone();
        Ok(async move {
            let found = session.client.conversations(&asked).await?;
            Ok(Answer::Json(conversations::given(&session, &found).await?))
        })
    })
}

/// Takes a conversation off one's own list with its history so far, for oneself alone. A new message brings it back.
///
/// Callback: no result. The conversation listener hears of it (Del), if the app has been given the conversation. Errors:
/// 10007 (not in the conversation), 10010 (no such group).
#[unsafe(no_mangle)]
pub extern "C" fn TIMConvDelete(
    conv_id: Text,
    conv_type: Enum<TIMConvType>,
    cb: TIMCommCallback,
    user_data: UserData,
) -> c_int {
    call::in_session(Callback::Comm(cb, user_data), |session, reader| {
        let conversation = conversation_arguments(reader, &conv_id, &conv_type)?;
        let session = session.clone();
        Ok(async move {
            session.client.delete_conversation(&conversation).await?;
            conversations::deleted(&session, &conversation).await;
            nothing()
        })
    })
}

/// The unread messages over all conversations. After the first call the listener of
/// TIMSetConvTotalUnreadMessageCountChangedCallback is told whenever the number changes.
///
/// Callback: `{"conv_get_total_unread_message_count_result_unread_count": number}`.
#[unsafe(no_mangle)]
pub extern "C" fn TIMConvGetTotalUnreadMessageCount(cb: TIMCommCallback, user_data: UserData) -> c_int {
    call::in_session(Callback::Comm(cb, user_data), |session, _| {
        let session = session.clone();
        Ok(async move {
            let total = session.client.list_conversations("", 1).await?.total_unread;
            session.conversations.count(total);
            let count = json!({ "conv_get_total_unread_message_count_result_unread_count": c_count(total) });
            Ok(Answer::Json(count.to_string()))
        })
    })
}

/// Clears unread counts; sends no receipts. One-to-one, the peer learns the time (`message_is_peer_read`, and an item
/// without a message id for its receipt listener).
///
/// `conversation_id`: `c2c_` and a user id, or `group_` and a group id; `c2c` for all one-to-one conversations, `group`
/// for all groups, NULL or "" for all. `clean_timestamp` (seconds) is used for a one-to-one conversation and
/// `clean_sequence` for a group: up to there, included; 0 clears everything, and what is cleared already stays so.
///
/// Callback: no result. The conversation listener hears of each that has changed (Update, or Add for one that the app
/// has not been given before). Errors: 10007 (not in the conversation), 10010 (no such group). Returns TIM_ERR_CONV for
/// any other id.
#[unsafe(no_mangle)]
pub extern "C" fn TIMConvCleanConversationUnreadMessageCount(
    conversation_id: Text,
    clean_timestamp: u64,
    clean_sequence: u64,
    cb: TIMCommCallback,
    user_data: UserData,
) -> c_int {
    call::in_session(Callback::Comm(cb, user_data), |session, reader| {
        let id = reader.optional(&conversation_id, TIMResult::TIM_ERR_CONV)?.unwrap_or_default();
        let which = Which::parse(id).ok_or(TIMResult::TIM_ERR_CONV)?;
        let session = session.clone();
        Ok(async move {
            match which {
                Which::All(of) => conversations::clear_all(&session, of).await?,
                Which::User(user) => {
                    // To the end of that second.
                    let up_to = up_to(clean_timestamp, |s| {
                        ReadUpTo::TimeMs(s.saturating_mul(1_000).saturating_add(999))
                    });
                    conversations::clear(&session, &user, up_to).await?;
                }
                Which::Group(group) => {
                    conversations::clear(&session, &group, up_to(clean_sequence, ReadUpTo::Seq)).await?;
                }
            }
            nothing()
        })
    })
}

/// Which unread counts to clear.
#[derive(Debug, PartialEq)]
enum Which {
    /// All of a type; `None`: of every type.
    All(Option<TIMConvType>),
    User(v1::ConversationRef),
    Group(v1::ConversationRef),
}

impl Which {
    fn parse(id: &str) -> Option<Which> {
        match id {
            "" => return Some(Which::All(None)),
            "c2c" => return Some(Which::All(Some(TIMConvType::kTIMConv_C2C))),
            "group" => return Some(Which::All(Some(TIMConvType::kTIMConv_Group))),
            _ => {}
        }
        let some = |id: &str| Some(id.to_owned()).filter(|id| !id.is_empty());
        match (id.strip_prefix("c2c_"), id.strip_prefix("group_")) {
            (Some(user), _) => Some(Which::User(yidu_client::user(some(user)?))),
            (_, Some(group)) => Some(Which::Group(yidu_client::group(some(group)?))),
            (None, None) => None,
        }
    }
}

fn up_to(bound: u64, of: impl FnOnce(u64) -> ReadUpTo) -> ReadUpTo {
    if bound == 0 { ReadUpTo::Everything } else { of(bound) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conversation_id_has_a_prefix_and_a_name() {
        assert_eq!(Which::parse(""), Some(Which::All(None)));
        assert_eq!(Which::parse("group"), Some(Which::All(Some(TIMConvType::kTIMConv_Group))));
        assert_eq!(Which::parse("c2c_张三"), Some(Which::User(yidu_client::user("张三"))));
        assert_eq!(Which::parse("group_@TGS#1"), Some(Which::Group(yidu_client::group("@TGS#1"))));
        for wrong in ["c2c_", "group_", "bob", "C2Cbob"] {
            assert_eq!(Which::parse(wrong), None, "{wrong}");
        }
    }
}
