//! Fields that several commands have.

use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize};
use yidu_proto::v1::{self, conversation_ref::Of};

/// A switch: 0 or 1; clients also send false and true.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Flag(pub(super) bool);

/// `{"UserID": …}`, of old `{"Identifier": …}`.
#[derive(Debug, Deserialize)]
pub(super) struct User {
    #[serde(rename = "UserID")]
    user: Option<String>,
    #[serde(rename = "Identifier")]
    identifier: Option<String>,
}

/// `{"MsgSeq": …}`.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct SeqItem {
    #[serde(rename = "MsgSeq")]
    pub(super) seq: u64,
}

/// `{"Member_Account": …}`.
#[derive(Debug, Deserialize)]
pub(super) struct MemberItem {
    #[serde(rename = "Member_Account")]
    pub(super) user: String,
    #[serde(rename = "Role")]
    pub(super) role: Option<String>,
}

impl User {
    /// The user, under either name.
    pub(super) fn named(self) -> Option<String> {
        self.user.or(self.identifier)
    }
}

/// Whether a switch is given and on.
pub(super) fn is_on(flag: Option<Flag>) -> bool {
    flag.is_some_and(|flag| flag.0)
}

/// A field that is a number for switches.
pub(super) fn number(on: bool) -> u8 {
    u8::from(on)
}

/// The one-to-one conversation with a user.
pub(super) fn with_user(user: &str) -> Option<v1::ConversationRef> {
    Some(v1::ConversationRef { of: Some(Of::User(user.to_owned())) })
}

/// A group's conversation.
pub(super) fn in_group(group: &str) -> Option<v1::ConversationRef> {
    Some(v1::ConversationRef { of: Some(Of::Group(group.to_owned())) })
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Switch)
    }
}

struct Switch;

impl Visitor<'_> for Switch {
    type Value = Flag;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("0 or 1")
    }

    fn visit_bool<E: Error>(self, on: bool) -> Result<Flag, E> {
        Ok(Flag(on))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Flag, E> {
        match number {
            0 => Ok(Flag(false)),
            1 => Ok(Flag(true)),
            _ => Err(E::invalid_value(serde::de::Unexpected::Unsigned(number), &self)),
        }
    }
}
