//! The exported functions, one file per noun: C arguments in, a typed call, a `TIMResult` out.
//!
//! Their comments are the documentation of `ImSDK.h`, which `cargo xtask codegen` makes from them, as it makes `gen/`
//! from `abi/symbols.tsv`: every function that is not written by hand here, with its exact signature.
#![allow(unsafe_code, reason = "`no_mangle` is what makes a function of the C library")]
#![allow(non_snake_case, reason = "the names are those of the interface")]

pub mod base;
pub mod conversation;
pub mod experimental;
pub mod group;
pub mod history;
pub mod listener;
pub mod member;
pub mod message;
pub mod out_of_scope;
pub mod profile;
pub mod receipt;

use serde::Deserialize;
use yidu_client::v1;

use crate::ffi::enums::{TIMConvType, TIMResult};
use crate::ffi::text::Reader;
use crate::ffi::{Enum, Text};
use crate::json::object::{self, Object};
use crate::json::{JsonError, reference};

/// Reads an object; what is wrong with it is named.
fn parse<'a, T: Deserialize<'a> + Default>(text: &'a str) -> Result<T, JsonError> {
    object::read(text).map(|Object(read)| read)
}

/// A conversation by its bare id and its type. `TIM_ERR_GROUP` for a group without a readable id, else `TIM_ERR_CONV`.
fn conversation_arguments(
    reader: &mut Reader,
    conv_id: &Text,
    conv_type: &Enum<TIMConvType>,
) -> Result<v1::ConversationRef, TIMResult> {
    let is_group = conv_type.number() == TIMConvType::kTIMConv_Group as i32;
    let otherwise = if is_group { TIMResult::TIM_ERR_GROUP } else { TIMResult::TIM_ERR_CONV };
    let id = reader.name(conv_id, otherwise)?;
    reference::conversation(id, conv_type.number()).ok_or(otherwise)
}
