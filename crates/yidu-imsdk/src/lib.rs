//! `libImSDK`: the C interface that existing code knows, on top of [`yidu_client`].
//!
//! - [`abi`]: the exported functions, one file per noun: C arguments in, a typed call, a `TIMResult` out.
//! - [`ffi`]: everything that touches memory of the caller: texts, buffers, callbacks. The only room with raw pointers.
//! - `sdk`: what stands between: the one instance, its login, the queue of callbacks and their thread.
//! - `local`: what is kept on this side: messages that were seen, local custom data.
//! - [`json`]: between the texts of the interface and the types of the contract. Pure.
//!
//! A call is checked on the caller's thread, answered by a task of the runtime, and its callback runs on the one
//! callback thread. `abi` knows all other rooms, `sdk` knows `ffi`, `local` and `json`; none of them knows `abi`.

#![allow(non_snake_case, reason = "the file name is the vendor's: libImSDK")]

pub mod abi;
pub mod ffi;
pub mod json;
mod local;
mod sdk;
