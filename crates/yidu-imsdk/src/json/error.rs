//! What is wrong with a text.

use std::fmt;

use crate::ffi::enums::TIMResult;

/// Why a text was refused. Names the key and never shows the value: what people write is not for logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum JsonError {
    /// Not JSON, or an array where an object belongs, or the other way round.
    NotJson(String),
    /// A required key is missing.
    Missing(String),
    /// A value of the wrong type, or out of bounds.
    Value {
        /// The way to it: `message_elem_array[0].face_elem_index`.
        key: String,
        /// What belongs there.
        expected: String,
    },
}

impl JsonError {
    pub(crate) fn missing(key: &str) -> JsonError {
        JsonError::Missing(key.to_owned())
    }

    pub(crate) fn value(key: impl Into<String>, expected: impl Into<String>) -> JsonError {
        JsonError::Value { key: key.into(), expected: expected.into() }
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            JsonError::NotJson(why) => write!(f, "not the JSON that belongs here: {why}"),
            JsonError::Missing(key) => write!(f, "the key {key} is missing"),
            JsonError::Value { key, expected } => write!(f, "{key} has to be {expected}"),
        }
    }
}

/// `semantics.md` rule 14.
impl From<JsonError> for TIMResult {
    fn from(error: JsonError) -> TIMResult {
        match error {
            JsonError::NotJson(_) | JsonError::Missing(_) => TIMResult::TIM_ERR_JSON,
            JsonError::Value { .. } => TIMResult::TIM_ERR_PARAM,
        }
    }
}
