//! What the API shows of the wire's vocabulary.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yidu_proto::v1::{self, conversation_ref::Of};

use crate::bus::OnlineDevice;
use crate::service::ReceiptReader;

/// What a conversation is.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ConversationType {
    /// One-to-one; the id is the other user's.
    User,
    /// A group.
    Group,
}

/// A conversation, as the user named in the context sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Conversation {
    #[serde(rename = "type")]
    kind: ConversationType,
    id: String,
}

impl From<Option<v1::ConversationRef>> for Conversation {
    fn from(named: Option<v1::ConversationRef>) -> Conversation {
        match named.and_then(|named| named.of) {
            Some(Of::User(id)) => Conversation { kind: ConversationType::User, id },
            Some(Of::Group(id)) => Conversation { kind: ConversationType::Group, id },
            None => Conversation { kind: ConversationType::Group, id: String::new() },
        }
    }
}

/// The receipts of one message. read + unread + left = audience.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReceiptState {
    conversation: Conversation,
    seq: u64,
    message_id: String,
    /// Who was asked.
    audience_count: u32,
    /// Who has read. Never falls.
    read_count: u32,
    /// Who has not and is in the conversation now.
    unread_count: u32,
    /// Who has not and is no longer in the conversation.
    left_count: u32,
    /// One-to-one: when the peer read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    peer_read_time_ms: Option<u64>,
    /// The message was recalled: these counts are final.
    closed: bool,
}

impl From<v1::ReceiptState> for ReceiptState {
    fn from(state: v1::ReceiptState) -> ReceiptState {
        ReceiptState {
            conversation: state.conversation.into(),
            seq: state.seq,
            message_id: state.message_id,
            audience_count: state.audience_count,
            read_count: state.read_count,
            unread_count: state.unread_count,
            left_count: state.left_count,
            peer_read_time_ms: Some(state.peer_read_time_ms).filter(|&time| time > 0),
            closed: state.closed,
        }
    }
}

/// What everybody may know of a user.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Profile {
    pub(super) user_id: String,
    /// May be empty.
    pub(super) nick: String,
    /// May be empty.
    pub(super) avatar_url: String,
}

impl From<v1::Profile> for Profile {
    fn from(profile: v1::Profile) -> Profile {
        Profile { user_id: profile.user_id, nick: profile.nick, avatar_url: profile.avatar_url }
    }
}

/// A device on which a user is online.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Device {
    platform: Platform,
    /// What the device calls itself; may be empty.
    device_id: String,
    /// When it logged in.
    since_ms: u64,
}

/// Devices as they are shown.
pub(super) fn devices(online: Vec<OnlineDevice>) -> Vec<Device> {
    let device = |device: OnlineDevice| Device {
        platform: v1::Platform::try_from(device.platform).unwrap_or(v1::Platform::Other).into(),
        device_id: device.id,
        since_ms: device.since,
    };
    online.into_iter().map(device).collect()
}

/// Where somebody who was asked stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ReaderState {
    /// Has read.
    Read,
    /// Has not, and is in the conversation now.
    Unread,
    /// Has not, and is no longer in the conversation.
    Left,
}

/// Somebody who was asked to read a message.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Reader {
    pub(super) user_id: String,
    pub(super) nick: String,
    pub(super) avatar_url: String,
    /// Name card in the group.
    pub(super) name_card: String,
    pub(super) state: ReaderState,
    /// When it was read, by the server's clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) read_time_ms: Option<u64>,
}

impl From<ReceiptReader> for Reader {
    fn from(reader: ReceiptReader) -> Reader {
        let state = match reader.read_at {
            Some(_) => ReaderState::Read,
            None if reader.left => ReaderState::Left,
            None => ReaderState::Unread,
        };
        Reader {
            user_id: reader.profile.user_id,
            nick: reader.profile.nick,
            avatar_url: reader.profile.avatar_url,
            name_card: reader.name_card,
            state,
            read_time_ms: reader.read_at,
        }
    }
}

/// A message without its content.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Message {
    id: String,
    conversation: Conversation,
    seq: u64,
    from: String,
    /// The server's clock.
    time_ms: u64,
    /// Asks for receipts.
    need_receipt: bool,
    /// Went to some members only.
    targeted: bool,
    /// Was recalled.
    recalled: bool,
    elements: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    receipt: Option<ReceiptState>,
}

impl From<crate::service::FoundMessage> for Message {
    fn from(found: crate::service::FoundMessage) -> Message {
        let message = found.message;
        Message {
            id: message.id,
            conversation: Some(found.conversation).into(),
            seq: message.seq,
            from: message.from,
            time_ms: message.time_ms,
            need_receipt: message.need_receipt,
            targeted: message.targeted,
            recalled: message.recall.is_some(),
            elements: message.elements.len(),
            receipt: found.receipt.map(Into::into),
        }
    }
}

macro_rules! named {
    ($(#[doc = $doc:literal])+ $name:ident of $wire:ty { $($(#[$attribute:meta])* $value:ident = $of:ident),+ $(,)? }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub(super) enum $name { $($(#[$attribute])* $value,)+ }

        impl From<$wire> for $name {
            fn from(value: $wire) -> $name {
                match value { $(<$wire>::$of => $name::$value,)+ }
            }
        }

        impl From<$name> for $wire {
            fn from(value: $name) -> $wire {
                match value { $($name::$value => <$wire>::$of,)+ }
            }
        }
    };
}

pub(super) use named;

named! {
    /// A type of group, as the vendor calls it.
    GroupType of v1::GroupType {
        #[serde(rename = "Public")] Public = Public,
        #[serde(rename = "Work")] Work = Work,
        #[serde(rename = "Meeting")] Meeting = Meeting,
        #[serde(rename = "AVChatRoom")] AvChatRoom = AvChatRoom,
        #[serde(rename = "Community")] Community = Community,
    }
}

named! {
    /// Whether receipts work in one group.
    ReceiptSwitch of v1::ReceiptSwitch {
        /// As the app's settings say for its type.
        Inherit = Inherit,
        On = On,
        Off = Off,
    }
}

named! {
    /// What a member is.
    Role of v1::Role {
        None = None,
        Member = Member,
        Admin = Admin,
        Owner = Owner,
    }
}

named! {
    /// A platform that users log in from.
    Platform of v1::Platform {
        Other = Other,
        Windows = Windows,
        Android = Android,
        Ios = Ios,
        Mac = Mac,
        Simulator = Simulator,
        Web = Web,
        Linux = Linux,
    }
}
