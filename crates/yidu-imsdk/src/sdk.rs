//! What stands between the exported functions and the Rust SDK: the one instance, its login, its callbacks.
//!
//! - [`library`]: the process's one instance, from `TIMInit` to `TIMUninit`.
//! - [`call`]: how every exported function is carried out and answered, exactly once.
//! - [`queue`]: the callback thread and what waits for it.
//! - [`login`], [`session`]: who is logged in; [`place`]: which message is meant.
//! - [`events`]: what happens unasked, on its way to the listeners.
//! - [`config`], [`address`], [`log`]: what can be set, where to connect, what is told to developers.

pub(crate) mod address;
pub(crate) mod call;
pub(crate) mod config;
pub(crate) mod conversations;
pub(crate) mod events;
pub(crate) mod history;
pub(crate) mod library;
pub(crate) mod log;
pub(crate) mod login;
pub(crate) mod place;
pub(crate) mod queue;
pub(crate) mod session;
pub(crate) mod show;
