//! Messages inside a message.

use prost::Message as _;
use prost::bytes::Bytes;
use serde::Serialize;
use serde::de::{Deserializer, Error as _};
use serde::ser::Serializer;
use yidu_client::v1;

use super::element::Context;
use super::message::{Message, given::Given};
use super::object::Field;

/// Merged messages that lie within one another and are shown.
const LAYERS: u32 = 10;

/// Messages that are merged into one.
const MESSAGES: usize = 300;

/// The messages of a merged message.
#[derive(Clone, PartialEq)]
#[cfg_attr(test, derive(Debug))]
pub(crate) enum Merged {
    /// As they were read: encoded, as the contract carries them.
    Given(Vec<Bytes>),
    /// As they are written.
    Shown(Vec<Message>),
}

impl Merged {
    /// As the contract carries them.
    pub(crate) fn given(self) -> Vec<Bytes> {
        match self {
            Merged::Given(messages) => messages,
            Merged::Shown(_) => Vec::new(),
        }
    }

    /// As they are written; beyond ten layers none, and true.
    pub(crate) fn shown(messages: &[Bytes], context: Context<'_>) -> (Merged, bool) {
        if context.depth >= LAYERS {
            return (Merged::Shown(Vec::new()), !messages.is_empty());
        }
        let messages =
            messages.iter().take(MESSAGES).filter_map(|bytes| v1::Message::decode(bytes.clone()).ok());
        let shown = messages.map(|message| Message::merged(&message, context)).collect();
        (Merged::Shown(shown), false)
    }
}

impl Default for Merged {
    fn default() -> Merged {
        Merged::Given(Vec::new())
    }
}

/// A message that is read into bytes at once.
#[derive(Default)]
struct Encoded(Bytes);

impl Field for Encoded {
    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let given = Given::read(from)?;
        let message = given.into_merged().map_err(D::Error::custom)?;
        Ok(Encoded(message.encode_to_vec().into()))
    }
}

impl Field for Merged {
    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let messages = Vec::<Encoded>::read(from)?;
        if messages.len() > MESSAGES {
            return Err(D::Error::custom(format!("too many messages, expected at most {MESSAGES} messages")));
        }
        Ok(Merged::Given(messages.into_iter().map(|message| message.0).collect()))
    }
}

impl Serialize for Merged {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Merged::Shown(messages) => messages.serialize(to),
            Merged::Given(_) => Vec::<Message>::new().serialize(to),
        }
    }
}

impl<'de> serde::Deserialize<'de> for Merged {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Merged::read(from)
    }
}
