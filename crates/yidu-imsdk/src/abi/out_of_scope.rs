//! What lies outside of what Yidu does: exported with the exact signature, so that existing code links and binds.

use std::ffi::c_int;

use crate::ffi::callback::{Callback, Failure};
use crate::ffi::enums::*;
use crate::ffi::types::*;
use crate::ffi::{Buffer, Enum, Text, UserData};
use crate::sdk::call;

/// 7013 through the callback.
fn unsupported(callback: Callback, function: &'static str, area: &'static str) -> c_int {
    call::answered(callback, |_, _| {
        Ok(async move { Err(Failure::unsupported(format!("{function}: Yidu has no {area}"))) })
    })
}

/// A function without a callback, which can say nothing: `TIM_SUCC`, or that there is no `TIMInit`.
fn neutral() -> c_int {
    call::at_once(|_, _| Ok(()))
}

include!("gen/out_of_scope.rs");
