//! Memory of the caller: what comes in, what goes out. The only room with raw pointers.
//!
//! The types here have the layout of the C types that they stand for, so an exported function takes them as they come
//! and is safe to write. What the C caller promises (texts end with NUL and live as long as the call, buffers are as
//! large as documented, function pointers stay callable until they are replaced) is stated in `ImSDK.h`.
#![allow(unsafe_code, reason = "C strings and function pointers are raw by nature; they stay in this room")]

pub mod callback;
pub mod enums;
pub mod text;
pub mod types;

pub use callback::UserData;
pub use enums::Enum;
pub use text::{Buffer, Text};
