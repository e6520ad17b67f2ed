//! Listeners. One function for each event, but for new messages, to which several may listen.
//!
//! A listener may be set at any time, before `TIMInit` too; `TIMUninit` forgets it. A callback that is running when its
//! listener is replaced or removed runs to its end.

use crate::ffi::UserData;
use crate::ffi::types::{
    TIMConvEventCallback, TIMConvTotalUnreadMessageCountChangedCallback, TIMGroupTipsEventCallback,
    TIMKickedOfflineCallback, TIMLogCallback, TIMMsgReadedReceiptCallback, TIMMsgRevokeCallback,
    TIMMsgUpdateCallback, TIMNetworkStatusListenerCallback, TIMRecvNewMsgCallback,
    TIMSelfInfoUpdatedCallback, TIMUserSigExpiredCallback,
};
use crate::sdk::call::guard;
use crate::sdk::library::listeners;

/// Adds a listener of new messages. A function that listens already keeps its one entry and gets the new user_data.
///
/// Told: messages of others in one's conversations, and one's own from other devices (`message_is_from_self`), each
/// once, in the order of their seqs within a conversation; after a time without connection those that were missed, at
/// most the newest 1,000 of each conversation (the rest is in the history). NULL does nothing.
#[unsafe(no_mangle)]
pub extern "C" fn TIMAddRecvNewMsgCallback(cb: TIMRecvNewMsgCallback, user_data: UserData) {
    guard((), || {
        if let Some(function) = cb {
            listeners().add_new_messages(function, user_data);
        }
    });
}

/// Removes a listener of new messages, named by its function. Does nothing when it does not listen.
#[unsafe(no_mangle)]
pub extern "C" fn TIMRemoveRecvNewMsgCallback(cb: TIMRecvNewMsgCallback) {
    guard((), || {
        if let Some(function) = cb {
            listeners().remove_new_messages(function);
        }
    });
}

/// Sets who hears of receipts for own messages; NULL removes.
///
/// Told, as an array of MessageReceipt: the newest receipts of a message that asked for them, with absolute counts that
/// never fall, at most every 200 ms for each message while receipts keep coming, the last state always; and, one-to-one,
/// that the peer has cleared its unread count: an item with an empty `msg_receipt_msg_id` and the time up to which. What
/// came while away is told once, with its newest state. All keys are always present.
#[unsafe(no_mangle)]
pub extern "C" fn TIMSetMsgReadedReceiptCallback(cb: TIMMsgReadedReceiptCallback, user_data: UserData) {
    guard((), || listeners().receipts.set(cb, user_data));
}

/// Sets who hears of revoked messages; NULL removes.
///
/// Told: the locator of each message, who revoked it and why. The message stays in the history with status 6.
#[unsafe(no_mangle)]
pub extern "C" fn TIMSetMsgRevokeCallback(cb: TIMMsgRevokeCallback, user_data: UserData) {
    guard((), || listeners().revoked.set(cb, user_data));
}

/// Sets who hears of messages that have changed; NULL removes.
///
/// Told: messages of groups for which another of one's own devices has sent a receipt (`message_has_sent_receipt`), as
/// far as they are known on this side.
#[unsafe(no_mangle)]
pub extern "C" fn TIMSetMsgUpdateCallback(cb: TIMMsgUpdateCallback, user_data: UserData) {
    guard((), || listeners().updated.set(cb, user_data));
}

/// Sets who hears of new, changed and deleted conversations; NULL removes.
///
/// Told, with an array of ConvInfo: Add for a conversation that the app has not been given before, by an event or by
/// TIMConvGetConvList or TIMConvGetConvInfo; Update when a given one has a new, sent or revoked message, or its unread
/// count was cleared here or on another device; Del (only `conv_id` and `conv_type` count) when a given one was deleted
/// from one's list, left or ended. Changes that come close together are told as one, with the newest state. Start and
/// Finish, with "": a login, which has nothing to catch up with; and, when a lost connection is back, before and after
/// what was missed.
#[unsafe(no_mangle)]
pub extern "C" fn TIMSetConvEventCallback(cb: TIMConvEventCallback, user_data: UserData) {
    guard((), || listeners().conversations.set(cb, user_data));
}

/// Sets who hears of the number of unread messages over all conversations; NULL removes. Told whenever it changes, after
/// the first call of TIMConvGetTotalUnreadMessageCount.
#[unsafe(no_mangle)]
pub extern "C" fn TIMSetConvTotalUnreadMessageCountChangedCallback(
    cb: TIMConvTotalUnreadMessageCountChangedCallback,
    user_data: UserData,
) {
    guard((), || listeners().total_unread.set(cb, user_data));
}

/// Sets who hears of what happens in groups: comings, goings, changes; NULL removes. The same tips are new messages too.
#[unsafe(no_mangle)]
pub extern "C" fn TIMSetGroupTipsEventCallback(cb: TIMGroupTipsEventCallback, user_data: UserData) {
    guard((), || listeners().group_tips.set(cb, user_data));
}

/// Sets who hears that one's own profile was changed by another device or an administrator; NULL removes.
#[unsafe(no_mangle)]
pub extern "C" fn TIMSetSelfInfoUpdatedCallback(cb: TIMSelfInfoUpdatedCallback, user_data: UserData) {
    guard((), || listeners().self_info.set(cb, user_data));
}

/// Sets who hears where the connection stands; NULL removes.
///
/// Told: Connecting before each attempt, Connected after it, ConnectFailed with code and reason when it fails,
/// Disconnected with code and reason when a connection is lost.
#[unsafe(no_mangle)]
pub extern "C" fn TIMSetNetworkStatusListenerCallback(
    cb: TIMNetworkStatusListenerCallback,
    user_data: UserData,
) {
    guard((), || listeners().network.set(cb, user_data));
}

/// Sets who hears that the session was ended from outside: by another device under the app's policy, by an
/// administrator, with the account; NULL removes. Nobody is logged in then; the next login of a device that was pushed
/// out fails with 6208, once.
#[unsafe(no_mangle)]
pub extern "C" fn TIMSetKickedOfflineCallback(cb: TIMKickedOfflineCallback, user_data: UserData) {
    guard((), || listeners().kicked_offline.set(cb, user_data));
}

/// Sets who hears that the UserSig ran out while online; NULL removes. Nobody is logged in then: log in with a new one.
#[unsafe(no_mangle)]
pub extern "C" fn TIMSetUserSigExpiredCallback(cb: TIMUserSigExpiredCallback, user_data: UserData) {
    guard((), || listeners().user_sig_expired.set(cb, user_data));
}

/// Sets who gets the lines of the log; NULL removes.
///
/// Lines of at least `set_config_callback_log_level`, without any UserSig, cut at 16 KiB. At most 1,024 lines wait for
/// the callback; beyond that lines are dropped, and the next one says how many.
#[unsafe(no_mangle)]
pub extern "C" fn TIMSetLogCallback(cb: TIMLogCallback, user_data: UserData) {
    guard((), || listeners().log.set(cb, user_data));
}
