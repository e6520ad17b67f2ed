//! Sizes and counts that are checked where requests enter.

/// Bytes of a user id (section 0 of the vendor's interface).
pub const USER_ID_BYTES: usize = 32;
/// Bytes of a group id.
pub const GROUP_ID_BYTES: usize = 48;
/// Bytes of a device id.
pub const DEVICE_ID_BYTES: usize = 64;
/// Bytes of a nick, an avatar URL.
pub const PROFILE_TEXT_BYTES: usize = 500;
/// Bytes of a group's name.
pub const GROUP_NAME_BYTES: usize = 100;
/// Bytes of a group's introduction or notification.
pub const GROUP_TEXT_BYTES: usize = 400;
/// Entries of a group's custom data.
pub const APP_DATA: usize = 10;
/// Bytes of a key in it.
pub const APP_DATA_KEY_BYTES: usize = 16;
/// Bytes of a value in it.
pub const APP_DATA_VALUE_BYTES: usize = 512;
/// Bytes of a member's name card.
pub const NAME_CARD_BYTES: usize = 50;
/// Bytes of the greeting of an application to join.
pub const HELLO_BYTES: usize = 300;
/// Bytes of the reason of a recall or a removal.
pub const REASON_BYTES: usize = 512;
/// Bytes of a message: its encoded elements and cloud custom data together.
pub const MESSAGE_BYTES: usize = 12 * 1024;
/// Elements of a message.
pub const ELEMENTS: usize = 100;
/// Users named by `at_users`.
pub const AT_USERS: usize = 100;
/// Targets of a targeted group message.
pub const TARGETS: usize = 50;
/// Receipts in one call (semantics.md rule 3).
pub const RECEIPTS: usize = 50;
/// Receipt states in one call.
pub const RECEIPT_STATES: usize = 100;
/// Members in a page of readers (semantics.md rule 5).
pub const RECEIPT_MEMBERS: usize = 1_000;
/// Members in a page of a list at a version.
pub const RECEIPT_PAGE: usize = 500;
/// Users in one call of `GetReadStatus` or `RemindUnread`.
pub const RECEIPT_USERS: usize = 100;
/// Bytes of a search among the readers of a message.
pub const RECEIPT_SEARCH_BYTES: usize = 100;
/// Milliseconds between two reminders of one message (semantics.md rule 23).
pub const REMINDER_PACE_MS: u64 = 60 * 1_000;
/// Reminders of one conversation that somebody who was away hears of (semantics.md rule 23).
pub const REMINDERS: usize = 100;
/// Messages in a page of history.
pub const HISTORY: usize = 100;
/// Messages deleted in one call.
pub const DELETIONS: usize = 50;
/// Conversations, groups or profiles in one call or page.
pub const PAGE: usize = 100;
/// Groups in one call of `GetGroups`.
pub const GROUPS: usize = 50;
/// Users a member may add in one call, or name when creating a group.
pub const ADD_MEMBERS: usize = 20;
/// Users an administrator may add in one call, or import.
pub const ADD_MEMBERS_ADMIN: usize = 1_000;
/// Users removed in one call.
pub const REMOVE_MEMBERS: usize = 100;
/// Members in a page of the member list.
pub const MEMBERS: usize = 1_000;
/// Entries in a page of a change feed.
pub const CHANGES: usize = 1_000;
/// Members of the largest group an app may allow (semantics.md rule 2).
pub const GROUP_MEMBERS: u32 = 1_000_000;
/// Devices of one user online at once (semantics.md rule 20).
pub const DEVICES: usize = 10;
/// Administrators of an app.
pub const ADMINISTRATORS: usize = 20;
/// Bytes of one WebSocket message, either way.
pub const FRAME_BYTES: usize = 1024 * 1024;
/// Requests in one frame.
pub const REQUESTS: usize = 1_000;
/// Milliseconds within which the same sender, conversation and random is the same message (semantics.md rule 12).
pub const REPEAT_WINDOW_MS: u64 = 5 * 60 * 1_000;
/// Milliseconds between two updates of one message to one device while receipts keep coming (semantics.md rule 7).
pub const RECEIPT_PACE_MS: u64 = 200;
