//! The callback types of what the library does. Those of the rest are in `gen/callbacks.rs`.

use std::ffi::{c_char, c_int};

use super::enums::{TIMConvEvent, TIMLogLevel, TIMNetworkStatus};
use super::{Enum, UserData};

/// A C text that lives until the callback returns. Never NULL.
pub type Out = *const c_char;

/// The answer to a call, once.
///
/// `code`: 0, or an error number (docs/errors.md). `desc`: what went wrong and what to do about it, for a developer;
/// "" on success. `json_params`: the result as the function says; "" where there is none.
pub type TIMCommCallback =
    Option<unsafe extern "C" fn(code: i32, desc: Out, json_params: Out, user_data: UserData)>;

/// A page of those who have read a group message, or have not: the answer to `TIMMsgGetGroupMessageReadMemberList`.
///
/// `json_group_member_array`: an array of GroupMemberInfo. `next_seq`: where the next page begins, 0 on the last one.
/// `is_finished`: this is the last page. On failure `[]`, 0, true, and the reason goes to the log callback.
pub type TIMMsgGroupMessageReadMemberListCallback = Option<
    unsafe extern "C" fn(json_group_member_array: Out, next_seq: u64, is_finished: bool, user_data: UserData),
>;

/// New messages: an array of Message.
pub type TIMRecvNewMsgCallback = Option<unsafe extern "C" fn(json_msg_array: Out, user_data: UserData)>;

/// News of receipts for own messages: an array of MessageReceipt.
pub type TIMMsgReadedReceiptCallback =
    Option<unsafe extern "C" fn(json_msg_read_receipt_array: Out, user_data: UserData)>;

/// Revoked messages: an array of objects with the keys of MsgLocator, and who revoked it why.
pub type TIMMsgRevokeCallback =
    Option<unsafe extern "C" fn(json_msg_revoke_info_array: Out, user_data: UserData)>;

/// Messages that have changed: an array of Message.
pub type TIMMsgUpdateCallback = Option<unsafe extern "C" fn(json_msg_array: Out, user_data: UserData)>;

/// What happened to conversations: a TIMConvEvent and an array of ConvInfo ("" for Start and Finish).
pub type TIMConvEventCallback =
    Option<unsafe extern "C" fn(conv_event: Enum<TIMConvEvent>, json_conv_array: Out, user_data: UserData)>;

/// The unread messages over all conversations.
pub type TIMConvTotalUnreadMessageCountChangedCallback =
    Option<unsafe extern "C" fn(total_unread_count: c_int, user_data: UserData)>;

/// Something happened in a group: one GroupTipsElem.
pub type TIMGroupTipsEventCallback = Option<unsafe extern "C" fn(json_group_tip: Out, user_data: UserData)>;

/// Where the connection stands; `code` and `desc` say why after `Disconnected` and `ConnectFailed`.
pub type TIMNetworkStatusListenerCallback =
    Option<unsafe extern "C" fn(status: Enum<TIMNetworkStatus>, code: i32, desc: Out, user_data: UserData)>;

/// The session was ended from outside.
pub type TIMKickedOfflineCallback = Option<unsafe extern "C" fn(user_data: UserData)>;

/// The UserSig ran out while online: log in with a new one.
pub type TIMUserSigExpiredCallback = Option<unsafe extern "C" fn(user_data: UserData)>;

/// A line of the log.
pub type TIMLogCallback =
    Option<unsafe extern "C" fn(level: Enum<TIMLogLevel>, log: Out, user_data: UserData)>;

/// One's own profile was changed elsewhere: one UserProfile.
pub type TIMSelfInfoUpdatedCallback =
    Option<unsafe extern "C" fn(json_user_profile: Out, user_data: UserData)>;

include!("gen/callbacks.rs");
