//! Read sets: in one piece, or as a head and chunks.

use super::bytes::{Reader, put};
use super::packed::{pack, unpack};
use super::{DecodeError, RecordKind, WHOLE_MAX, begin, canonical, in_range, members, open, seal};
use crate::bits::{Bits, CHUNK, count, join, split};
use crate::set::Chunk;
use crate::{Millis, Ordinal, ReadSet};

/// Chunks that 2³² ordinals make.
const CHUNKS: u32 = 1 << 22;

/// The head of a read set that is stored in chunks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReadSetHead {
    /// When the message was sent.
    pub sent_at: Millis,
    /// How many receipts the chunks hold.
    pub len: u32,
    /// Ascending, apart from each other: which chunks exist.
    runs: Vec<std::ops::Range<u32>>,
}

impl ReadSetHead {
    /// Reads a head alone.
    ///
    /// # Errors
    /// [`DecodeError`] unless these are the bytes of [`ReadSet::encode_head`].
    pub fn decode(record: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = open(record, RecordKind::SetHead)?;
        let sent_at = reader.varint("time of sending")?;
        let len = reader.within("number of receipts", 0, u32::MAX)?;
        let runs_stored = reader.within("number of runs of chunks", 0, CHUNKS / 2)?;
        let mut runs: Vec<std::ops::Range<u32>> = Vec::new();
        for _ in 0..runs_stored {
            // A gap of nothing would be the same run.
            let (least, from) = runs.last().map_or((0, 0), |run| (1, run.end));
            let start = from + reader.within("chunk", least, CHUNKS - from)?;
            let room = (CHUNKS - start).checked_sub(1).ok_or(DecodeError::Ended { what: "chunk" })?;
            let end = start + 1 + reader.within("chunk", 0, room)?;
            runs.push(start..end);
        }
        reader.finish()?;
        let chunks: u64 = runs.iter().map(|run| u64::from(run.end - run.start)).sum();
        in_range("number of receipts", len.into(), chunks, chunks * 1024)?;
        Ok(Self { sent_at, len, runs })
    }

    /// Which chunks exist, ascending.
    pub fn chunks(&self) -> impl Iterator<Item = u32> {
        self.runs.iter().cloned().flatten()
    }

    /// Whether a chunk exists.
    #[must_use]
    pub fn has_chunk(&self, index: u32) -> bool {
        let after = self.runs.partition_point(|run| run.start <= index);
        after > 0 && self.runs[after - 1].contains(&index)
    }
}

impl ReadSet {
    /// Whether one record ([`ReadSet::encode_whole`]) is the form to store: up to [`WHOLE_MAX`] receipts.
    /// Once false it stays so. The change makes [`ReadSet::dirty_chunks`] name every chunk.
    #[must_use]
    pub fn fits_whole(&self) -> bool {
        self.len() <= WHOLE_MAX
    }

    /// The set as one record.
    #[must_use]
    pub fn encode_whole(&self) -> Vec<u8> {
        let mut out = begin(RecordKind::WholeSet);
        put(&mut out, self.sent_at());
        put(&mut out, self.len().into());
        let (ordinals, deltas): (Vec<u32>, Vec<u64>) = self.deltas_from(0).unzip();
        write_receipts(&mut out, &ordinals, deltas, time_width(self.len()));
        seal(out)
    }

    /// Reads the record of [`ReadSet::encode_whole`]. Nothing is dirty in the set.
    ///
    /// # Errors
    /// [`DecodeError`] for any other bytes.
    pub fn decode_whole(record: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = open(record, RecordKind::WholeSet)?;
        let sent_at = reader.varint("time of sending")?;
        let room = count(reader.remaining()).saturating_mul(8);
        let len = reader.within("number of receipts", 0, room.max(WHOLE_MAX))?;
        let (ordinals, deltas) = if len == 0 {
            (Vec::new(), Vec::new())
        } else {
            let ordinals = members::read(&mut reader, len as usize, Ordinal::MAX)?;
            (ordinals, read_times(&mut reader, len as usize, time_width(len))?)
        };
        reader.finish()?;
        check_times(sent_at, deltas.iter().copied().max())?;
        Ok(Self::from_sorted(sent_at, &ordinals, &deltas))
    }

    /// The head of the set: to write whenever a chunk is written.
    #[must_use]
    pub fn encode_head(&self) -> Vec<u8> {
        let mut runs: Vec<std::ops::Range<u32>> = Vec::new();
        for index in self.chunk_indices() {
            match runs.last_mut() {
                Some(run) if run.end == index => run.end += 1,
                Some(_) | None => runs.push(index..index + 1),
            }
        }
        let mut out = begin(RecordKind::SetHead);
        put(&mut out, self.sent_at());
        put(&mut out, self.len().into());
        put(&mut out, runs.len() as u64);
        let mut from = 0;
        for run in runs {
            put(&mut out, (run.start - from).into());
            put(&mut out, (run.end - run.start - 1).into());
            from = run.end;
        }
        seal(out)
    }

    /// One chunk of 1,024 ordinals; none when nobody of it has read.
    #[must_use]
    pub fn encode_chunk(&self, index: u32) -> Option<Vec<u8>> {
        let chunk = self.deltas_from(join(index, 0)).take_while(|(o, _)| split(*o).0 == index);
        let (offsets, deltas): (Vec<u32>, Vec<u64>) = chunk.map(|(o, delta)| (o % 1024, delta)).unzip();
        if offsets.is_empty() {
            return None;
        }
        let mut out = begin(RecordKind::SetChunk);
        put(&mut out, index.into());
        put(&mut out, offsets.len() as u64);
        write_receipts(&mut out, &offsets, deltas, 0);
        Some(seal(out))
    }

    /// Puts a set together from its head and its chunks, which `fetch` gives by index. Nothing is dirty in it.
    ///
    /// # Errors
    /// What `fetch` fails with; [`DecodeError`] when a record is not what [`ReadSet::encode_head`] or
    /// [`ReadSet::encode_chunk`] gave, or when the chunks hold another number of receipts than the head says.
    pub fn from_parts<E: From<DecodeError>>(
        head: &[u8],
        mut fetch: impl FnMut(u32) -> Result<Vec<u8>, E>,
    ) -> Result<Self, E> {
        let head = ReadSetHead::decode(head)?;
        let mut chunks = Vec::new();
        let mut len = 0;
        for index in head.chunks() {
            let record = fetch(index)?;
            let (offsets, deltas) = read_chunk(&record, index)?;
            check_times(head.sent_at, deltas.iter().copied().max())?;
            len += offsets.len() as u64;
            chunks.push((index, Chunk::from_sorted(&offsets, &deltas)));
        }
        in_range("number of receipts in chunks", len, head.len.into(), head.len.into())?;
        Ok(Self::from_chunks(head.sent_at, head.len, chunks))
    }
}

/// Who has a receipt in a chunk record; the times are not looked at.
pub(crate) fn decode_readers(record: &[u8], index: u32) -> Result<Bits, DecodeError> {
    let mut reader = open(record, RecordKind::SetChunk)?;
    let offsets = read_offsets(&mut reader, index)?;
    Ok(offsets.into_iter().fold(Bits::default(), |mut bits, offset| {
        bits.set(split(offset).1);
        bits
    }))
}

fn read_chunk(record: &[u8], index: u32) -> Result<(Vec<u32>, Vec<u64>), DecodeError> {
    let mut reader = open(record, RecordKind::SetChunk)?;
    let offsets = read_offsets(&mut reader, index)?;
    let deltas = read_times(&mut reader, offsets.len(), 0)?;
    reader.finish()?;
    Ok((offsets, deltas))
}

fn read_offsets(reader: &mut Reader<'_>, index: u32) -> Result<Vec<u32>, DecodeError> {
    reader.within("chunk", index, index)?;
    let len = reader.count("number of receipts", 1, CHUNK.into())?;
    members::read(reader, len, u32::from(CHUNK) - 1)
}

/// More receipts than a constant must cost bytes each, or a few bytes could ask for any amount of memory.
fn time_width(len: u32) -> u32 {
    u32::from(len > WHOLE_MAX)
}

fn write_receipts(out: &mut Vec<u8>, ordinals: &[u32], mut deltas: Vec<u64>, min_width: u32) {
    let Some(first) = deltas.iter().copied().min() else { return };
    members::write(out, ordinals);
    put(out, first);
    deltas.iter_mut().for_each(|delta| *delta -= first);
    pack(out, &deltas, min_width);
}

fn read_times(reader: &mut Reader<'_>, len: usize, min_width: u32) -> Result<Vec<u64>, DecodeError> {
    const WHAT: &str = "list of times";
    let first = reader.varint(WHAT)?;
    let mut deltas = unpack(reader, WHAT, len, min_width)?;
    canonical(WHAT, deltas.iter().min() == Some(&0))?;
    for delta in &mut deltas {
        *delta = delta.checked_add(first).ok_or(DecodeError::NotCanonical { what: WHAT })?;
    }
    Ok(deltas)
}

fn check_times(sent_at: Millis, latest: Option<u64>) -> Result<(), DecodeError> {
    in_range("time of a receipt", latest.unwrap_or(0), 0, u64::MAX - sent_at).map(|_| ())
}
