//! Any text for every function that takes text; shared by the test beside it and the fuzz target.
#![allow(unsafe_code, reason = "a C caller is played here")]

use std::cell::RefCell;
use std::ffi::{CStr, c_char, c_int};
use std::sync::atomic::{AtomicU64, Ordering};

use ImSDK::ffi::types::{Out, TIMCommCallback, TIMMsgGroupMessageReadMemberListCallback};
use ImSDK::ffi::{Buffer, Enum, Text, UserData};

/// Callbacks that have come.
pub(crate) static ANSWERS: AtomicU64 = AtomicU64::new(0);

/// A function with its name.
pub(crate) type Function = (&'static str, fn(&Given<'_>) -> c_int);

/// What one call is given: the same text in every place for one, the same number in every place for one.
pub(crate) struct Given<'a> {
    pub(crate) text: &'a CStr,
    pub(crate) number: u64,
    buffer: RefCell<[c_char; 128]>,
}

impl Given<'_> {
    pub(crate) fn new(text: &CStr, number: u64) -> Given<'_> {
        Given { text, number, buffer: RefCell::new([0; 128]) }
    }

    fn text(&self) -> Text {
        // SAFETY: ends with NUL and outlives the call.
        unsafe { Text::new(self.text.as_ptr()) }
    }

    fn buffer(&self) -> Buffer {
        // SAFETY: 128 bytes that outlive the call.
        unsafe { Buffer::new(self.buffer.borrow_mut().as_mut_ptr()) }
    }

    fn user_data(&self) -> UserData {
        UserData::new(std::ptr::null())
    }

    fn flag(&self) -> bool {
        self.number % 2 == 1
    }

    fn number(&self) -> c_int {
        self.unsigned().cast_signed()
    }

    fn unsigned(&self) -> u32 {
        u32::try_from(self.number & u64::from(u32::MAX)).unwrap_or_default()
    }

    fn long(&self) -> i64 {
        self.number.cast_signed()
    }

    fn unsigned_long(&self) -> u64 {
        self.number
    }

    fn answered(&self) -> TIMCommCallback {
        Some(answered)
    }

    fn members(&self) -> TIMMsgGroupMessageReadMemberListCallback {
        Some(members)
    }
}

unsafe extern "C" fn answered(_code: i32, desc: Out, json: Out, _user_data: UserData) {
    // SAFETY: the library promises two texts.
    let (desc, json) = unsafe { (CStr::from_ptr(desc), CStr::from_ptr(json)) };
    assert!(desc.to_str().is_ok() && json.to_str().is_ok(), "callbacks get UTF-8");
    ANSWERS.fetch_add(1, Ordering::SeqCst);
}

unsafe extern "C" fn members(json: Out, _next_seq: u64, _is_finished: bool, _user_data: UserData) {
    // SAFETY: as above.
    assert!(unsafe { CStr::from_ptr(json) }.to_str().is_ok());
    ANSWERS.fetch_add(1, Ordering::SeqCst);
}

/// Whether a function has a callback.
pub(crate) fn answers(function: &str) -> bool {
    ![
        "TIMInit",
        "TIMConvSetDraft",
        "TIMConvCancelDraft",
        "TIMConvSubscribeUnreadMessageCountByFilter",
        "TIMConvUnsubscribeUnreadMessageCountByFilter",
    ]
    .contains(&function)
}

/// What TIMInit and TIMLogin are called with; the answer to the login is counted too.
pub(crate) fn log_in(app: u32, config: &CStr, user: &CStr, sig: &CStr) {
    let given = Given::new(config, 0);
    assert_eq!(ImSDK::abi::base::TIMInit(app.into(), given.text()), 0);
    let before = ANSWERS.load(Ordering::SeqCst);
    let (user, sig) = (Given::new(user, 0), Given::new(sig, 0));
    assert_eq!(ImSDK::abi::base::TIMLogin(user.text(), sig.text(), Some(answered), user.user_data()), 0);
    wait_for_answers(before + 1);
    assert_eq!(ImSDK::abi::base::TIMGetLoginUserID(given.buffer()), 0);
}

/// Waits until so many callbacks have come.
pub(crate) fn wait_for_answers(wanted: u64) {
    let begun = std::time::Instant::now();
    while ANSWERS.load(Ordering::SeqCst) < wanted {
        assert!(
            begun.elapsed().as_secs() < 60,
            "{} of {wanted} callbacks have come",
            ANSWERS.load(Ordering::SeqCst)
        );
        std::thread::yield_now();
    }
}

include!("gen/functions.rs");
