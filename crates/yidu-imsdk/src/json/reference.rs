//! A message as it is named in a request: by its id, or by its place. Everything else in it is passed over, so that a
//! page of whole messages costs little.

use std::borrow::Cow;

use serde::Deserialize;
use yidu_client::v1;

use super::JsonError;
use super::object::{Field, List, Object, borrowed, read};
use crate::ffi::enums::TIMConvType;

/// Names a message. Valid with an id alone, or with a conversation and a seq.
#[derive(Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(Debug))]
#[serde(default)]
pub(crate) struct MessageRef<'a> {
    #[serde(borrow, deserialize_with = "borrowed")]
    pub(crate) message_msg_id: Cow<'a, str>,
    #[serde(borrow, deserialize_with = "borrowed")]
    pub(crate) message_conv_id: Cow<'a, str>,
    #[serde(deserialize_with = "Field::read")]
    pub(crate) message_conv_type: i32,
    #[serde(deserialize_with = "Field::read")]
    pub(crate) message_seq: u64,
    #[serde(deserialize_with = "Field::read")]
    pub(crate) message_rand: u64,
    #[serde(deserialize_with = "Field::read")]
    pub(crate) message_server_time: u64,
}

impl<'a> MessageRef<'a> {
    /// Reads an object.
    pub(crate) fn parse(text: &'a str) -> Result<MessageRef<'a>, JsonError> {
        let Object(reference): Object<MessageRef<'a>> = read(text)?;
        reference.check()
    }

    /// Reads an array of at most 10,000.
    pub(crate) fn parse_array(text: &'a str) -> Result<Vec<MessageRef<'a>>, JsonError> {
        let List(references): List<Object<MessageRef<'a>>> = read(text)?;
        references.into_iter().map(|reference| reference.0.check()).collect()
    }

    /// The conversation it says it is in; `None` where it says nothing that is one.
    pub(crate) fn conversation(&self) -> Option<v1::ConversationRef> {
        conversation(&self.message_conv_id, self.message_conv_type)
    }

    fn check(self) -> Result<MessageRef<'a>, JsonError> {
        let has_place = self.message_seq > 0 && self.conversation().is_some();
        if self.message_msg_id.is_empty() && !has_place {
            return Err(JsonError::missing("message_msg_id"));
        }
        Ok(self)
    }
}

/// A conversation by its bare id and the number of its type; `None` where the two name none.
pub(crate) fn conversation(id: &str, conv_type: i32) -> Option<v1::ConversationRef> {
    if id.is_empty() {
        return None;
    }
    match TIMConvType::from_number(conv_type)? {
        TIMConvType::kTIMConv_C2C => Some(yidu_client::user(id)),
        TIMConvType::kTIMConv_Group => Some(yidu_client::group(id)),
        TIMConvType::kTIMConv_Invalid | TIMConvType::kTIMConv_System => None,
    }
}
