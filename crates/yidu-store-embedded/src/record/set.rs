//! The first row of a stored read set.

use super::{BadRecord, Reader, Record, Writer};

/// A whole set, or the head of one in chunks, in the encoding of `yidu-readset`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredSet {
    /// The number under which the sender's feed has the message; 0: none.
    pub(crate) change: u64,
    /// `bytes` is a head; the chunks have rows of their own.
    pub(crate) in_chunks: bool,
    pub(crate) bytes: Vec<u8>,
}

impl Record for StoredSet {
    fn write(&self, out: &mut Writer) {
        out.number(self.change);
        out.byte(u8::from(self.in_chunks));
        out.rest(&self.bytes);
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, BadRecord> {
        Ok(Self {
            change: reader.u64("number in the feed")?,
            in_chunks: reader.byte("form")? != 0,
            bytes: reader.rest().to_vec(),
        })
    }
}
