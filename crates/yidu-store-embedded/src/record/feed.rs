//! Entries of a user's change feed.

use yidu_store::{ConversationId, Seq, Tinyid};

use super::{BadRecord, Reader, Record, Writer};

/// An entry: its thing, and what of its newest state is kept nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) thing: EntryThing,
    /// Membership: cause, who did it.
    pub(crate) moved: Option<(i32, Option<Tinyid>)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EntryThing {
    Receipt(ConversationId, Seq),
    PeerRead(ConversationId),
    UnreadCleared(ConversationId),
    Membership(ConversationId),
    Profile,
    ConversationDeleted(ConversationId),
}

impl EntryThing {
    /// Its name among the things of a user: the tail of a key in `feed_things`.
    pub(crate) fn key(self) -> Vec<u8> {
        let (tag, conversation) = match self {
            EntryThing::Receipt(conversation, seq) => {
                return [&[0], &conversation.0.to_be_bytes()[..], &seq.to_be_bytes()].concat();
            }
            EntryThing::PeerRead(conversation) => (1, conversation.0),
            EntryThing::UnreadCleared(conversation) => (2, conversation.0),
            EntryThing::Membership(conversation) => (3, conversation.0),
            EntryThing::Profile => (4, 0),
            EntryThing::ConversationDeleted(conversation) => (5, conversation.0),
        };
        [&[tag], &conversation.to_be_bytes()[..]].concat()
    }
}

impl From<EntryThing> for Entry {
    fn from(thing: EntryThing) -> Self {
        Self { thing, moved: None }
    }
}

impl Record for Entry {
    fn write(&self, out: &mut Writer) {
        match self.thing {
            EntryThing::Receipt(conversation, seq) => {
                out.byte(0);
                out.number(conversation.0);
                out.number(seq);
            }
            EntryThing::PeerRead(conversation) => {
                out.byte(1);
                out.number(conversation.0);
            }
            EntryThing::UnreadCleared(conversation) => {
                out.byte(2);
                out.number(conversation.0);
            }
            EntryThing::Membership(conversation) => {
                out.byte(3);
                out.number(conversation.0);
                let (cause, by) = self.moved.unwrap_or_default();
                out.number(cause.cast_unsigned());
                out.option(by.map(|by| by.0));
            }
            EntryThing::Profile => out.byte(4),
            EntryThing::ConversationDeleted(conversation) => {
                out.byte(5);
                out.number(conversation.0);
            }
        }
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, BadRecord> {
        let tag = reader.byte("thing")?;
        if tag == 4 {
            return Ok(EntryThing::Profile.into());
        }
        let conversation = ConversationId(reader.u64("conversation")?);
        Ok(match tag {
            0 => EntryThing::Receipt(conversation, reader.u64("seq")?).into(),
            1 => EntryThing::PeerRead(conversation).into(),
            2 => EntryThing::UnreadCleared(conversation).into(),
            3 => {
                let cause = reader.u32("cause")?.cast_signed();
                let by = reader.option("doer")?.map(Tinyid);
                Self { thing: EntryThing::Membership(conversation), moved: Some((cause, by)) }
            }
            5 => EntryThing::ConversationDeleted(conversation).into(),
            _ => return Err(BadRecord::Range("thing")),
        })
    }
}
