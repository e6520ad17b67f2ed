//! Between the JSON of the C interface and the types of the contract. Pure.
//!
//! One file per noun; the fields of its structs are the keys of the interface. What comes in: a key may be missing or
//! null, keys that belong elsewhere are passed over, numbers may be in quotes; what is wrong is named ([`JsonError`]).
//! What goes out: every key of the noun, with 0, false, "" or [] where Yidu has nothing to say, so that strict readers
//! (C#) find the type they expect.

pub(crate) mod conversation;
pub(crate) mod element;
mod error;
pub(crate) mod group;
pub(crate) mod locator;
pub(crate) mod member;
pub(crate) mod merge;
pub(crate) mod message;
pub(crate) mod numbers;
pub(crate) mod object;
pub(crate) mod profile;
pub(crate) mod receipt;
pub(crate) mod reference;
pub(crate) mod tips;

use serde::Serialize;

pub(crate) use error::JsonError;

/// A value as text.
pub(crate) fn text(value: &impl Serialize) -> String {
    // Structs, vectors and strings cannot fail; an empty text is what every reader of the interface takes for nothing.
    serde_json::to_string(value).unwrap_or_default()
}

/// Several values as an array.
pub(crate) fn array<T: Serialize>(values: impl IntoIterator<Item = T>) -> String {
    text(&values.into_iter().collect::<Vec<T>>())
}

#[cfg(test)]
mod tests;
