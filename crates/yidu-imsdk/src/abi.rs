//! The exported functions, one file per noun: C arguments in, a typed call, a `TIMResult` out.
//!
//! Their comments are the documentation of `ImSDK.h`, which `cargo xtask codegen` makes from them, as it makes `gen/`
//! from `abi/symbols.tsv`: every function that is not written by hand here, with its exact signature.
#![allow(unsafe_code, reason = "`no_mangle` is what makes a function of the C library")]
#![allow(non_snake_case, reason = "the names are those of the interface")]

pub mod base;
pub mod experimental;
pub mod listener;
pub mod out_of_scope;
