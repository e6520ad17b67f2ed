//! Calling back: answers to calls, events to listeners.

use std::ffi::{CStr, CString, c_int, c_void};

use parking_lot::Mutex;

use super::enums::{Enum, TIMConvEvent, TIMLogLevel, TIMNetworkStatus};
use super::types::{
    Out, TIMCommCallback, TIMConvEventCallback, TIMConvTotalUnreadMessageCountChangedCallback,
    TIMGroupTipsEventCallback, TIMKickedOfflineCallback, TIMLogCallback,
    TIMMsgGroupMessageReadMemberListCallback, TIMMsgReadedReceiptCallback, TIMMsgRevokeCallback,
    TIMMsgUpdateCallback, TIMNetworkStatusListenerCallback, TIMRecvNewMsgCallback,
    TIMSelfInfoUpdatedCallback, TIMUserSigExpiredCallback,
};

/// `const void*` of the caller: handed back as it came, never looked behind.
#[repr(transparent)]
#[derive(Clone, Copy, Debug)]
pub struct UserData(*const c_void);

// SAFETY: the pointer is a number here; only the caller's own callback gives it a meaning, on the callback thread, as the
// interface says.
unsafe impl Send for UserData {}
// SAFETY: as above.
unsafe impl Sync for UserData {}

impl UserData {
    /// For callers in Rust.
    pub const fn new(pointer: *const c_void) -> UserData {
        UserData(pointer)
    }
}

/// Whom to answer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Callback {
    Comm(TIMCommCallback, UserData),
    ReadMembers(TIMMsgGroupMessageReadMemberListCallback, UserData),
}

/// What a call comes to.
#[derive(Debug)]
pub(crate) enum Answer {
    /// Done, with a result; "" where there is none.
    Json(String),
    /// A page of members.
    ReadMembers { json: String, next_seq: u64, finished: bool },
}

/// Why a call failed.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) code: u32,
    pub(crate) text: String,
    /// What there is to show nevertheless: the message of a failed send, with status 3. Else "".
    pub(crate) json: String,
}

/// The result of every call.
pub(crate) type Outcome = Result<Answer, Failure>;

impl Callback {
    /// Calls back. Does nothing where the caller gave no function.
    pub(crate) fn answer(self, outcome: Outcome) {
        match self {
            Callback::Comm(Some(function), user_data) => {
                let (code, desc, json) = match outcome {
                    Ok(Answer::Json(json) | Answer::ReadMembers { json, .. }) => (0, String::new(), json),
                    Err(Failure { code, text, json }) => {
                        (i32::try_from(code).unwrap_or(i32::MAX), text, json)
                    }
                };
                let (desc, json) = (c_string(desc), c_string(json));
                // SAFETY: the caller promised a function of this type; the texts live until it returns.
                unsafe { function(code, desc.as_ptr(), json.as_ptr(), user_data) };
            }
            Callback::ReadMembers(Some(function), user_data) => {
                let (json, next_seq, finished) = match outcome {
                    Ok(Answer::ReadMembers { json, next_seq, finished }) => (json, next_seq, finished),
                    Ok(Answer::Json(_)) | Err(_) => ("[]".to_owned(), 0, true),
                };
                let json = c_string(json);
                // SAFETY: as above.
                unsafe { function(json.as_ptr(), next_seq, finished, user_data) };
            }
            Callback::Comm(None, _) | Callback::ReadMembers(None, _) => {}
        }
    }
}

/// Something to tell a listener.
#[derive(Debug)]
pub(crate) enum Notice {
    NewMessages(String),
    Receipts(String),
    Revoked(String),
    Updated(String),
    Conversations(TIMConvEvent, String),
    TotalUnread(c_int),
    GroupTips(String),
    SelfInfo(String),
    Network(TIMNetworkStatus, u32, String),
    KickedOffline,
    UserSigExpired,
    Log(TIMLogLevel, String),
}

/// One listener at most.
#[derive(Debug)]
pub(crate) struct Slot<F>(Mutex<Option<(F, UserData)>>);

impl<F> Default for Slot<F> {
    fn default() -> Slot<F> {
        Slot(Mutex::new(None))
    }
}

impl<F: Copy> Slot<F> {
    /// Replaces the listener; `None` removes it.
    pub(crate) fn set(&self, function: Option<F>, user_data: UserData) {
        *self.0.lock() = function.map(|function| (function, user_data));
    }

    /// Whether anybody listens.
    pub(crate) fn is_set(&self) -> bool {
        self.0.lock().is_some()
    }

    /// The listener, copied out so that it is never called with the lock held.
    fn get(&self) -> Option<(F, UserData)> {
        *self.0.lock()
    }
}

/// The function in a callback type, which C may leave NULL.
type Function<F> = <F as Nullable>::Function;

/// `Option` of a function pointer.
pub(crate) trait Nullable {
    type Function: Copy;
}

impl<F: Copy> Nullable for Option<F> {
    type Function = F;
}

/// Who listens to what.
#[derive(Debug, Default)]
pub(crate) struct Listeners {
    /// One entry for each function, in the order of adding.
    new_messages: Mutex<Vec<(Function<TIMRecvNewMsgCallback>, UserData)>>,
    pub(crate) receipts: Slot<Function<TIMMsgReadedReceiptCallback>>,
    pub(crate) revoked: Slot<Function<TIMMsgRevokeCallback>>,
    pub(crate) updated: Slot<Function<TIMMsgUpdateCallback>>,
    pub(crate) conversations: Slot<Function<TIMConvEventCallback>>,
    pub(crate) total_unread: Slot<Function<TIMConvTotalUnreadMessageCountChangedCallback>>,
    pub(crate) group_tips: Slot<Function<TIMGroupTipsEventCallback>>,
    pub(crate) self_info: Slot<Function<TIMSelfInfoUpdatedCallback>>,
    pub(crate) network: Slot<Function<TIMNetworkStatusListenerCallback>>,
    pub(crate) kicked_offline: Slot<Function<TIMKickedOfflineCallback>>,
    pub(crate) user_sig_expired: Slot<Function<TIMUserSigExpiredCallback>>,
    pub(crate) log: Slot<Function<TIMLogCallback>>,
}

impl Listeners {
    /// Adds a listener of new messages. The same function again keeps its one entry and its place, with the newer user
    /// data.
    pub(crate) fn add_new_messages(&self, function: Function<TIMRecvNewMsgCallback>, user_data: UserData) {
        let mut listeners = self.new_messages.lock();
        match listeners.iter_mut().find(|(listed, _)| same(*listed, function)) {
            Some(entry) => entry.1 = user_data,
            None => listeners.push((function, user_data)),
        }
    }

    /// Removes a listener of new messages; does nothing when it is none.
    pub(crate) fn remove_new_messages(&self, function: Function<TIMRecvNewMsgCallback>) {
        self.new_messages.lock().retain(|(listed, _)| !same(*listed, function));
    }

    /// Whether anybody listens to new messages.
    pub(crate) fn hears_new_messages(&self) -> bool {
        !self.new_messages.lock().is_empty()
    }

    /// Forgets everybody.
    pub(crate) fn clear(&self) {
        let nobody = UserData(std::ptr::null());
        self.new_messages.lock().clear();
        self.receipts.set(None, nobody);
        self.revoked.set(None, nobody);
        self.updated.set(None, nobody);
        self.conversations.set(None, nobody);
        self.total_unread.set(None, nobody);
        self.group_tips.set(None, nobody);
        self.self_info.set(None, nobody);
        self.network.set(None, nobody);
        self.kicked_offline.set(None, nobody);
        self.user_sig_expired.set(None, nobody);
        self.log.set(None, nobody);
    }

    /// Tells whoever listens at this moment; does nothing where nobody does.
    pub(crate) fn tell(&self, notice: Notice) {
        match notice {
            Notice::NewMessages(json) => {
                let listeners = self.new_messages.lock().clone();
                let json = c_string(json);
                for (function, user_data) in listeners {
                    tell_json(Some((function, user_data)), &json);
                }
            }
            Notice::Receipts(json) => tell_json(self.receipts.get(), &c_string(json)),
            Notice::Revoked(json) => tell_json(self.revoked.get(), &c_string(json)),
            Notice::Updated(json) => tell_json(self.updated.get(), &c_string(json)),
            Notice::GroupTips(json) => tell_json(self.group_tips.get(), &c_string(json)),
            Notice::SelfInfo(json) => tell_json(self.self_info.get(), &c_string(json)),
            Notice::Conversations(event, json) => {
                tell_numbered(self.conversations.get(), Enum::new(event as c_int), json);
            }
            Notice::Log(level, line) => tell_numbered(self.log.get(), Enum::new(level as c_int), line),
            Notice::KickedOffline => tell_bare(self.kicked_offline.get()),
            Notice::UserSigExpired => tell_bare(self.user_sig_expired.get()),
            Notice::TotalUnread(count) => {
                if let Some((function, user_data)) = self.total_unread.get() {
                    // SAFETY: the caller promised a function of this type.
                    unsafe { function(count, user_data) };
                }
            }
            Notice::Network(status, code, text) => {
                if let Some((function, user_data)) = self.network.get() {
                    let (code, text) = (i32::try_from(code).unwrap_or(i32::MAX), c_string(text));
                    // SAFETY: as above; the text lives until the function returns.
                    unsafe { function(Enum::new(status as c_int), code, text.as_ptr(), user_data) };
                }
            }
        }
    }
}

fn tell_json(listener: Option<(unsafe extern "C" fn(Out, UserData), UserData)>, json: &CStr) {
    if let Some((function, user_data)) = listener {
        // SAFETY: the caller promised a function of this type; the text lives until it returns.
        unsafe { function(json.as_ptr(), user_data) };
    }
}

fn tell_numbered<T>(
    listener: Option<(unsafe extern "C" fn(Enum<T>, Out, UserData), UserData)>,
    number: Enum<T>,
    text: String,
) {
    if let Some((function, user_data)) = listener {
        let text = c_string(text);
        // SAFETY: as above.
        unsafe { function(number, text.as_ptr(), user_data) };
    }
}

fn tell_bare(listener: Option<(unsafe extern "C" fn(UserData), UserData)>) {
    if let Some((function, user_data)) = listener {
        // SAFETY: as above.
        unsafe { function(user_data) };
    }
}

fn same(one: Function<TIMRecvNewMsgCallback>, other: Function<TIMRecvNewMsgCallback>) -> bool {
    std::ptr::fn_addr_eq(one, other)
}

/// JSON holds no NUL; what does is cut there, as C would.
fn c_string(text: String) -> CString {
    CString::new(text).unwrap_or_else(|error| {
        let cut = error.nul_position();
        let mut bytes = error.into_vec();
        bytes.truncate(cut);
        CString::new(bytes).unwrap_or_default()
    })
}
