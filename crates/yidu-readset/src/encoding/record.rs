//! Journal records: what one commit has added to read sets.

use super::bytes::{Reader, put, unzigzag, zigzag};
use super::packed::{pack, unpack};
use super::{DecodeError, RecordKind, begin, canonical, in_range, open, seal};
use crate::{Millis, Ordinal, Seq};

/// One reader has read messages of one conversation at one time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReceiptRecord {
    /// The store's number of the conversation.
    pub conversation: u64,
    /// Who has read.
    pub reader: Ordinal,
    /// When.
    pub at: Millis,
    /// What: ascending, each once.
    pub seqs: Vec<Seq>,
}

/// What a record is written relative to.
#[derive(Default)]
struct Before {
    conversation: u64,
    reader: Ordinal,
    at: Millis,
    seq: Seq,
}

/// A batch of records as one checksummed record, in their order. Seqs that are not ascending are sorted, and
/// repeated ones dropped. Records of one conversation next to each other are shortest: about half a byte per
/// receipt in batches of many messages, five to seven where every record names one.
#[must_use]
pub fn encode_records(records: &[ReceiptRecord]) -> Vec<u8> {
    let mut out = begin(RecordKind::Receipts);
    put(&mut out, records.len() as u64);
    let mut before = Before::default();
    for record in records {
        if record.seqs.is_sorted_by(|a, b| a < b) {
            write(&mut out, record, &record.seqs, &mut before);
        } else {
            let mut seqs = record.seqs.clone();
            seqs.sort_unstable();
            seqs.dedup();
            write(&mut out, record, &seqs, &mut before);
        }
    }
    seal(out)
}

/// Reads the bytes of [`encode_records`].
///
/// # Errors
/// [`DecodeError`] for any other bytes; nothing of a damaged batch is returned.
pub fn decode_records(batch: &[u8]) -> Result<Vec<ReceiptRecord>, DecodeError> {
    const WHAT: &str = "number of records";
    let mut reader = open(batch, RecordKind::Receipts)?;
    // Each takes three bytes at least.
    let count = reader.count(WHAT, 0, reader.remaining() / 3)?;
    let mut before = Before::default();
    let records = (0..count).map(|_| read(&mut reader, &mut before)).collect::<Result<_, _>>()?;
    reader.finish()?;
    Ok(records)
}

fn write(out: &mut Vec<u8>, record: &ReceiptRecord, seqs: &[Seq], before: &mut Before) {
    let other = record.conversation != before.conversation;
    put(out, (seqs.len() as u64) << 1 | u64::from(other));
    if other {
        put(out, zigzag(before.conversation, record.conversation));
    }
    put(out, zigzag(before.reader.into(), record.reader.into()));
    put(out, zigzag(before.at, record.at));
    if let [first, rest @ ..] = seqs {
        put(out, zigzag(before.seq, *first));
        before.seq = *first;
        if !rest.is_empty() {
            let gaps: Vec<u64> = seqs.windows(2).map(|pair| pair[1] - pair[0] - 1).collect();
            pack(out, &gaps, 1);
        }
    }
    before.conversation = record.conversation;
    before.reader = record.reader;
    before.at = record.at;
}

fn read(reader: &mut Reader<'_>, before: &mut Before) -> Result<ReceiptRecord, DecodeError> {
    const SEQS: &str = "seqs of a receipt";
    let head = reader.varint("receipt")?;
    if head & 1 == 1 {
        let conversation = unzigzag(before.conversation, reader.varint("conversation")?);
        canonical("conversation", conversation != before.conversation)?;
        before.conversation = conversation;
    }
    let ordinal = unzigzag(before.reader.into(), reader.varint("reader")?);
    before.reader = Ordinal::try_from(ordinal).map_err(|_| DecodeError::NotCanonical { what: "reader" })?;
    before.at = unzigzag(before.at, reader.varint("time of a receipt")?);
    // Gaps take a bit at least.
    let room = reader.remaining().saturating_mul(8);
    let count = usize::try_from(in_range(SEQS, head >> 1, 0, room as u64)?).unwrap_or(room);
    let mut seqs = Vec::with_capacity(count);
    if count > 0 {
        before.seq = unzigzag(before.seq, reader.varint(SEQS)?);
        seqs.push(before.seq);
    }
    if count > 1 {
        let mut last = before.seq;
        for gap in unpack(reader, SEQS, count - 1, 1)? {
            let next = last.checked_add(1).and_then(|next| next.checked_add(gap));
            last = next.ok_or(DecodeError::NotCanonical { what: SEQS })?;
            seqs.push(last);
        }
    }
    Ok(ReceiptRecord { conversation: before.conversation, reader: before.reader, at: before.at, seqs })
}
