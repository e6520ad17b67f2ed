//! Messages: what the store has to know, and behind it the message as it goes on the wire.

use bytes::Bytes;
use prost::Message as _;
use yidu_proto::v1;
use yidu_store::receipt::Counts;
use yidu_store::{Millis, Ordinal, Seq, Tinyid};

use super::{BadRecord, Reader, Record, Writer};

const NEEDS_RECEIPT: u8 = 1;
const RECALLED: u8 = 1 << 1;
const EXPIRED: u8 = 1 << 2;
const COUNTS_UNREAD: u8 = 1 << 3;
const TARGETED: u8 = 1 << 4;
const NOT_LAST: u8 = 1 << 5;
const FINAL_COUNTS: u8 = 1 << 6;
const TIP: u8 = 1 << 7;

/// A stored message.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Message {
    pub(crate) id: String,
    pub(crate) sender: Tinyid,
    /// None when the sender was never a member.
    pub(crate) sender_ordinal: Option<Ordinal>,
    pub(crate) sent_at: Millis,
    pub(crate) random: u32,
    pub(crate) needs_receipt: bool,
    pub(crate) recalled: bool,
    /// Its content is gone.
    pub(crate) expired: bool,
    pub(crate) counts_unread: bool,
    /// It is not shown as the newest message of a conversation.
    pub(crate) not_last: bool,
    /// The store's own; it repeats nothing and nothing repeats it.
    pub(crate) tip: bool,
    pub(crate) audience_count: u32,
    /// Counting messages of the conversation up to here, this one included.
    pub(crate) counted: u64,
    /// Ascending; `None`: everyone.
    pub(crate) targets: Option<Vec<Ordinal>>,
    /// Of the instant of the recall or of expiring.
    pub(crate) final_counts: Option<Counts>,
    /// The wire's message without its id; without content when recalled or expired.
    pub(crate) body: Bytes,
}

impl Message {
    /// Packs what goes on the wire into `body`.
    pub(crate) fn set_body(&mut self, message: &v1::Message) {
        // The id is in front already, for those who only count receipts.
        let id = prost::encoding::string::encoded_len(1, &message.id);
        let body: Bytes = message.encode_to_vec().into();
        self.body = if message.id.is_empty() { body } else { body.slice(id..) };
    }

    /// The message as everyone sees it.
    pub(crate) fn message(&self) -> Result<v1::Message, BadRecord> {
        let mut message = v1::Message::decode(self.body.clone())?;
        message.id.clone_from(&self.id);
        Ok(message)
    }

    /// What a read set has to know of it.
    pub(crate) fn spec(&self, seq: Seq) -> yidu_readset::AudienceSpec {
        yidu_readset::AudienceSpec { seq, sender: self.sender_ordinal, targets: self.targets.clone() }
    }

    fn flags(&self) -> u8 {
        let flag = |set: bool, bit: u8| if set { bit } else { 0 };
        flag(self.needs_receipt, NEEDS_RECEIPT)
            | flag(self.recalled, RECALLED)
            | flag(self.expired, EXPIRED)
            | flag(self.counts_unread, COUNTS_UNREAD)
            | flag(self.targets.is_some(), TARGETED)
            | flag(self.not_last, NOT_LAST)
            | flag(self.final_counts.is_some(), FINAL_COUNTS)
            | flag(self.tip, TIP)
    }
}

impl Record for Message {
    fn write(&self, out: &mut Writer) {
        out.byte(self.flags());
        out.bytes(self.id.as_bytes());
        out.number(self.sender.0);
        out.option(self.sender_ordinal.map(u64::from));
        out.number(self.sent_at);
        out.number(self.random);
        out.number(self.audience_count);
        out.number(self.counted);
        if let Some(targets) = &self.targets {
            out.number(targets.len() as u64);
            targets.iter().for_each(|&target| out.number(target));
        }
        if let Some(Counts { audience, read, unread, left }) = self.final_counts {
            [audience, read, unread, left].into_iter().for_each(|count| out.number(count));
        }
        out.rest(&self.body);
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, BadRecord> {
        let flags = reader.byte("flags")?;
        let has = |bit: u8| flags & bit != 0;
        let id = reader.text("id")?;
        let sender = Tinyid(reader.u64("sender")?);
        let ordinal = reader.option("ordinal of the sender")?.map(Ordinal::try_from).transpose();
        let sender_ordinal = ordinal.map_err(|_| BadRecord::Range("ordinal of the sender"))?;
        let sent_at = reader.u64("time of sending")?;
        let random = reader.u32("random")?;
        let audience_count = reader.u32("audience count")?;
        let counted = reader.u64("counted messages")?;
        let targets = has(TARGETED).then(|| read_targets(reader)).transpose()?;
        let final_counts = has(FINAL_COUNTS).then(|| read_counts(reader)).transpose()?;
        Ok(Self {
            id,
            sender,
            sender_ordinal,
            sent_at,
            random,
            needs_receipt: has(NEEDS_RECEIPT),
            recalled: has(RECALLED),
            expired: has(EXPIRED),
            counts_unread: has(COUNTS_UNREAD),
            not_last: has(NOT_LAST),
            tip: has(TIP),
            audience_count,
            counted,
            targets,
            final_counts,
            body: Bytes::copy_from_slice(reader.rest()),
        })
    }
}

fn read_targets(reader: &mut Reader<'_>) -> Result<Vec<Ordinal>, BadRecord> {
    (0..reader.count("targets")?).map(|_| reader.u32("target")).collect()
}

fn read_counts(reader: &mut Reader<'_>) -> Result<Counts, BadRecord> {
    Ok(Counts {
        audience: reader.u32("counts")?,
        read: reader.u32("counts")?,
        unread: reader.u32("counts")?,
        left: reader.u32("counts")?,
    })
}
