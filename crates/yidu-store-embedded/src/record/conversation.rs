//! Conversations, their members, and how one of them has the conversation.

use prost::Message as _;
use yidu_proto::v1;
use yidu_store::{AppId, Millis, Seq, Tinyid};

use super::{BadRecord, Reader, Record, Writer};

/// What a conversation is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Description {
    pub(crate) app: AppId,
    pub(crate) dismissed: bool,
    pub(crate) kind: Kind,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    /// The smaller tinyid first.
    C2c(Tinyid, Tinyid),
    Group {
        owner: Option<Tinyid>,
        /// What the store fills is empty in it.
        info: Box<v1::Group>,
    },
}

impl Record for Description {
    fn write(&self, out: &mut Writer) {
        out.number(self.app.0);
        out.byte(u8::from(self.dismissed));
        match &self.kind {
            Kind::C2c(one, other) => {
                out.byte(0);
                out.number(one.0);
                out.number(other.0);
            }
            Kind::Group { owner, info } => {
                out.byte(1);
                out.option(owner.map(|owner| owner.0));
                out.prost_rest(&**info);
            }
        }
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, BadRecord> {
        let app = AppId(reader.u32("app")?);
        let dismissed = reader.byte("dismissal")? != 0;
        let kind = match reader.byte("kind")? {
            0 => Kind::C2c(Tinyid(reader.u64("user")?), Tinyid(reader.u64("user")?)),
            1 => Kind::Group {
                owner: reader.option("owner")?.map(Tinyid),
                info: Box::new(v1::Group::decode(reader.rest())?),
            },
            _ => return Err(BadRecord::Range("kind")),
        };
        Ok(Self { app, dismissed, kind })
    }
}

/// What every message moves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) last_seq: Seq,
    /// When the newest message was sent; 0 without messages.
    pub(crate) last_time: Millis,
    /// How many messages raised unread counts so far.
    pub(crate) counted: u64,
    /// Newest number of the conversation's feed.
    pub(crate) last_change: u64,
    /// Messages up to here have expired.
    pub(crate) expired: Seq,
    /// Ordinals given so far.
    pub(crate) ordinals: u32,
    /// Members now.
    pub(crate) members: u32,
}

impl Record for Head {
    fn write(&self, out: &mut Writer) {
        out.number(self.last_seq);
        out.number(self.last_time);
        out.number(self.counted);
        out.number(self.last_change);
        out.number(self.expired);
        out.number(self.ordinals);
        out.number(self.members);
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, BadRecord> {
        Ok(Self {
            last_seq: reader.u64("newest seq")?,
            last_time: reader.u64("time of the newest message")?,
            counted: reader.u64("counted messages")?,
            last_change: reader.u64("newest change")?,
            expired: reader.u64("expired seq")?,
            ordinals: reader.u32("ordinals")?,
            members: reader.u32("members")?,
        })
    }
}

/// A member, or one who was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) user: Tinyid,
    pub(crate) role: i32,
    pub(crate) joined: Millis,
    pub(crate) muted_until: Millis,
    pub(crate) name_card: String,
}

impl Record for Member {
    fn write(&self, out: &mut Writer) {
        out.number(self.user.0);
        out.number(self.role.cast_unsigned());
        out.number(self.joined);
        out.number(self.muted_until);
        out.bytes(self.name_card.as_bytes());
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, BadRecord> {
        Ok(Self {
            user: Tinyid(reader.u64("user")?),
            role: reader.u32("role")?.cast_signed(),
            joined: reader.u64("time of joining")?,
            muted_until: reader.u64("end of muting")?,
            name_card: reader.text("name card")?,
        })
    }
}

/// A conversation as one user has it. What is unread follows from it without a write per member and message:
/// `counted − counted_at_mark − (own − own_at_mark)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    /// In it now.
    pub(crate) member: bool,
    /// When the user came in last.
    pub(crate) joined: Millis,
    /// Not on the list until a message after this one comes; `None`: on it.
    pub(crate) hidden: Option<Seq>,
    /// History up to here was deleted by the user.
    pub(crate) cleared: Seq,
    /// Everything up to here is read at the conversation level: the mark.
    pub(crate) read_seq: Seq,
    /// Counting messages up to the mark.
    pub(crate) counted_at_mark: u64,
    /// The user's own among them.
    pub(crate) own_at_mark: u64,
    /// The user's own counting messages so far.
    pub(crate) own: u64,
    /// C2C: the user cleared up to this time; the peer may know.
    pub(crate) read_time: Millis,
}

impl Standing {
    /// Counting messages of others behind the mark.
    pub(crate) fn unread(&self, head: &Head) -> u64 {
        let all = head.counted.saturating_sub(self.counted_at_mark);
        all.saturating_sub(self.own.saturating_sub(self.own_at_mark))
    }

    /// Whether the conversation is on the user's list.
    pub(crate) fn listed(&self, head: &Head) -> bool {
        self.member && self.hidden.is_none_or(|seq| head.last_seq > seq)
    }
}

impl Record for Standing {
    fn write(&self, out: &mut Writer) {
        out.byte(u8::from(self.member));
        out.number(self.joined);
        out.option(self.hidden);
        out.number(self.cleared);
        out.number(self.read_seq);
        out.number(self.counted_at_mark);
        out.number(self.own_at_mark);
        out.number(self.own);
        out.number(self.read_time);
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, BadRecord> {
        Ok(Self {
            member: reader.byte("membership")? != 0,
            joined: reader.u64("time of joining")?,
            hidden: reader.option("hidden seq")?,
            cleared: reader.u64("cleared seq")?,
            read_seq: reader.u64("read seq")?,
            counted_at_mark: reader.u64("counted messages")?,
            own_at_mark: reader.u64("own messages")?,
            own: reader.u64("own messages")?,
            read_time: reader.u64("read time")?,
        })
    }
}
