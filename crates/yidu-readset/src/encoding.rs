//! The stored forms: versioned, checksummed, compact, each with exactly one spelling.
//!
//! Every record is a tag byte (version in the high half, [`RecordKind`] in the low one), the body, and the
//! CRC-32C of both in little-endian order. Numbers in a body are LEB128 varints in their shortest form.
//! Decoders never panic, allocate no more than a constant plus a multiple of what they are given, and accept
//! only what the encoders write: bytes that decode encode to the same bytes.
//!
//! | record | body |
//! |---|---|
//! | whole set | time of sending, number of receipts, members, times |
//! | head of a large set | time of sending, number of receipts, the chunks that exist as runs |
//! | chunk of a set | index, number of receipts, members (offsets), times |
//! | chunk of a roster | index, number of ordinals, runs of first joins, runs of people with the same leaves |
//!
//! *Members* are the first one, then the gaps, or a bitmap where that is shorter. *Times* are milliseconds
//! relative to the earliest of the record. Gaps and times are packed with as many bits as suit most of them;
//! the few that need more follow as exceptions, so that one late reader costs five bytes and not a wider
//! field for everybody. People in sequence, and everybody at once, therefore cost nothing per head.

mod bytes;
mod members;
mod packed;
mod roster;
mod set;

pub use set::ReadSetHead;
pub(crate) use set::decode_readers;

use bytes::Reader;

/// Receipts up to which a set is stored as one record.
pub const WHOLE_MAX: u32 = 1024;

const VERSION: u8 = 1;
const CHECKSUM: usize = 4;

/// What a record holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum RecordKind {
    /// A read set in one piece.
    WholeSet = 1,
    /// The head of a read set in chunks.
    SetHead = 2,
    /// 1,024 ordinals of a read set.
    SetChunk = 3,
    /// 1,024 ordinals of a roster.
    RosterChunk = 4,
}

/// Why bytes are no record.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum DecodeError {
    /// Not even a tag and a checksum.
    #[error("{len} bytes are too few for a record: it was cut off")]
    TooShort {
        /// How many there are.
        len: usize,
    },
    /// The bytes are not those that were written.
    #[error(
        "checksum {found:08x} does not match the bytes ({computed:08x}): the record was damaged or cut off"
    )]
    Checksum {
        /// As stored.
        found: u32,
        /// As the bytes give it.
        computed: u32,
    },
    /// Written by a newer Yidu.
    #[error(
        "record version {found} is unknown, the newest known is 1: use the Yidu that wrote it or a newer one"
    )]
    Version {
        /// As stored.
        found: u8,
    },
    /// A record of another kind.
    #[error("record kind {found} where {expected:?} belongs: the key and the value do not fit")]
    Kind {
        /// What was asked for.
        expected: RecordKind,
        /// As stored.
        found: u8,
    },
    /// The body stops too early.
    #[error("record ends inside {what}")]
    Ended {
        /// What was being read.
        what: &'static str,
    },
    /// The body goes on after its end.
    #[error("{bytes} bytes too many at the end of the record")]
    Trailing {
        /// How many.
        bytes: usize,
    },
    /// A number outside its bounds.
    #[error("{what} is {found}, allowed are {min} to {max}")]
    OutOfRange {
        /// Which number.
        what: &'static str,
        /// As stored.
        found: u64,
        /// Least allowed.
        min: u64,
        /// Greatest allowed.
        max: u64,
    },
    /// Right in content, but not as the encoder writes it.
    #[error("{what} is not in its one form")]
    NotCanonical {
        /// Which part.
        what: &'static str,
    },
}

/// Begins a record.
fn begin(kind: RecordKind) -> Vec<u8> {
    vec![VERSION << 4 | kind as u8]
}

/// Ends a record.
fn seal(mut record: Vec<u8>) -> Vec<u8> {
    let checksum = crc32c::crc32c(&record);
    record.extend_from_slice(&checksum.to_le_bytes());
    record
}

/// Checks checksum, version and kind; gives the body.
fn open(record: &[u8], expected: RecordKind) -> Result<Reader<'_>, DecodeError> {
    let short = DecodeError::TooShort { len: record.len() };
    let Some((content, checksum)) = record.split_last_chunk::<CHECKSUM>() else { return Err(short) };
    let Some((&tag, body)) = content.split_first() else { return Err(short) };
    let (found, computed) = (u32::from_le_bytes(*checksum), crc32c::crc32c(content));
    if found != computed {
        return Err(DecodeError::Checksum { found, computed });
    }
    if tag >> 4 != VERSION {
        return Err(DecodeError::Version { found: tag >> 4 });
    }
    if tag & 0xf != expected as u8 {
        return Err(DecodeError::Kind { expected, found: tag & 0xf });
    }
    Ok(Reader::new(body))
}

fn in_range(what: &'static str, found: u64, min: u64, max: u64) -> Result<u64, DecodeError> {
    if (min..=max).contains(&found) {
        Ok(found)
    } else {
        Err(DecodeError::OutOfRange { what, found, min, max })
    }
}

fn canonical(what: &'static str, holds: bool) -> Result<(), DecodeError> {
    if holds { Ok(()) } else { Err(DecodeError::NotCanonical { what }) }
}
