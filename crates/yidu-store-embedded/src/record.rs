//! Stored values: a version byte, the body, and the CRC-32C of both.
//!
//! Numbers are LEB128 varints, texts and bytes have their length before them. Encodings of `yidu-readset` carry their
//! own version and checksum and are stored as they are, but for [`StoredSet`], which has a number in front.

mod account;
mod app;
mod audit;
mod conversation;
mod feed;
mod hook;
pub(crate) mod journal;
mod message;
mod reminder;
mod set;

pub(crate) use conversation::{Description, Head, Kind, Member, Standing};
pub(crate) use feed::{Entry, EntryThing};
pub(crate) use message::Message;
pub(crate) use reminder::Reminder;
pub(crate) use set::StoredSet;

const VERSION: u8 = 1;
const CHECKSUM: usize = 4;

/// Why bytes are no record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadRecord {
    #[error("{0} bytes are too few for a record")]
    Short(usize),
    #[error("the checksum does not match the bytes")]
    Checksum,
    #[error("version {0} is unknown, the newest known is {VERSION}")]
    Version(u8),
    #[error("it ends inside {0}")]
    Ended(&'static str),
    #[error("{0} bytes follow its end")]
    Trailing(usize),
    #[error("{0} is out of range")]
    Range(&'static str),
    #[error("{0}")]
    Prost(#[from] prost::DecodeError),
    #[error("{0}")]
    ReadSet(#[from] yidu_readset::DecodeError),
}

/// A stored value.
pub(crate) trait Record: Sized {
    fn write(&self, out: &mut Writer);
    fn read(reader: &mut Reader<'_>) -> Result<Self, BadRecord>;
}

pub(crate) fn encode(record: &impl Record) -> Vec<u8> {
    let mut out = Writer(vec![VERSION]);
    record.write(&mut out);
    let checksum = crc32c::crc32c(&out.0);
    out.0.extend_from_slice(&checksum.to_le_bytes());
    out.0
}

pub(crate) fn decode<R: Record>(bytes: &[u8]) -> Result<R, BadRecord> {
    let short = BadRecord::Short(bytes.len());
    let Some((content, checksum)) = bytes.split_last_chunk::<CHECKSUM>() else { return Err(short) };
    let Some((&version, body)) = content.split_first() else { return Err(short) };
    if crc32c::crc32c(content).to_le_bytes() != *checksum {
        return Err(BadRecord::Checksum);
    }
    if version != VERSION {
        return Err(BadRecord::Version(version));
    }
    let mut reader = Reader(body);
    let record = R::read(&mut reader)?;
    if reader.0.is_empty() { Ok(record) } else { Err(BadRecord::Trailing(reader.0.len())) }
}

/// A body being written.
pub(crate) struct Writer(Vec<u8>);

impl Writer {
    pub(crate) fn number(&mut self, value: impl Into<u64>) {
        let mut value = value.into();
        loop {
            let [low, ..] = value.to_le_bytes();
            value >>= 7;
            if value == 0 {
                return self.0.push(low & 0x7f);
            }
            self.0.push(low | 0x80);
        }
    }

    pub(crate) fn byte(&mut self, value: u8) {
        self.0.push(value);
    }

    pub(crate) fn bytes(&mut self, value: &[u8]) {
        self.number(value.len() as u64);
        self.0.extend_from_slice(value);
    }

    /// Everything up to the end of the record.
    pub(crate) fn rest(&mut self, value: &[u8]) {
        self.0.extend_from_slice(value);
    }

    pub(crate) fn prost_rest(&mut self, value: &impl prost::Message) {
        self.0.extend_from_slice(&value.encode_to_vec());
    }

    /// Nothing as 0, a number as one more; the greatest there is comes back as the one before.
    pub(crate) fn option(&mut self, value: Option<u64>) {
        self.number(value.map_or(0, |value| value.saturating_add(1)));
    }
}

/// A body being read.
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn byte(&mut self, what: &'static str) -> Result<u8, BadRecord> {
        let (&byte, rest) = self.0.split_first().ok_or(BadRecord::Ended(what))?;
        self.0 = rest;
        Ok(byte)
    }

    pub(crate) fn u64(&mut self, what: &'static str) -> Result<u64, BadRecord> {
        let mut value: u64 = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte(what)?;
            let part = u64::from(byte & 0x7f);
            if shift == 63 && part > 1 {
                return Err(BadRecord::Range(what));
            }
            value |= part << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(BadRecord::Range(what))
    }

    pub(crate) fn u32(&mut self, what: &'static str) -> Result<u32, BadRecord> {
        u32::try_from(self.u64(what)?).map_err(|_| BadRecord::Range(what))
    }

    pub(crate) fn option(&mut self, what: &'static str) -> Result<Option<u64>, BadRecord> {
        Ok(self.u64(what)?.checked_sub(1))
    }

    pub(crate) fn bytes(&mut self, what: &'static str) -> Result<&'a [u8], BadRecord> {
        let len = usize::try_from(self.u64(what)?).map_err(|_| BadRecord::Range(what))?;
        let (taken, rest) = self.0.split_at_checked(len).ok_or(BadRecord::Ended(what))?;
        self.0 = rest;
        Ok(taken)
    }

    pub(crate) fn text(&mut self, what: &'static str) -> Result<String, BadRecord> {
        String::from_utf8(self.bytes(what)?.to_vec()).map_err(|_| BadRecord::Range(what))
    }

    pub(crate) fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.0)
    }

    /// How many follow, each of at least one byte: no record can ask for more memory than it has bytes.
    pub(crate) fn count(&mut self, what: &'static str) -> Result<usize, BadRecord> {
        let count = usize::try_from(self.u64(what)?).map_err(|_| BadRecord::Range(what))?;
        if count <= self.0.len() { Ok(count) } else { Err(BadRecord::Range(what)) }
    }
}
