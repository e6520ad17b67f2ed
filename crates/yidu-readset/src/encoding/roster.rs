//! Rosters in chunks of 1,024 ordinals.

use super::bytes::{Reader, put};
use super::{DecodeError, RecordKind, begin, canonical, in_range, open, seal};
use crate::bits::CHUNK;
use crate::roster::{Chunk, JoinRun, Leaver};
use crate::{Roster, Seq};

/// Leaves and returns up to which neighbours with the same ones share one entry. Without a bound a few bytes
/// could stand for a thousand copies of a long list.
const SHARED_MOVES: usize = 4;

impl Roster {
    /// One chunk of 1,024 ordinals (the last may hold fewer); none when no ordinal of it was given.
    #[must_use]
    pub fn encode_chunk(&self, index: u32) -> Option<Vec<u8>> {
        let chunk = self.chunk(index)?;
        let mut out = begin(RecordKind::RosterChunk);
        put(&mut out, index.into());
        put(&mut out, chunk.len().into());
        write_joins(&mut out, chunk.joins());
        write_leavers(&mut out, chunk.leavers(), chunk.joins().first().map_or(0, |run| run.seq));
        Some(seal(out))
    }

    /// Puts a roster of so many ordinals together from its chunks, which `fetch` gives by index.
    /// Nothing is dirty in it.
    ///
    /// # Errors
    /// What `fetch` fails with; [`DecodeError`] when a record is not what [`Roster::encode_chunk`] gave, or
    /// when the chunks are not those of one roster of this size.
    pub fn from_chunks<E: From<DecodeError>>(
        ordinals: u32,
        mut fetch: impl FnMut(u32) -> Result<Vec<u8>, E>,
    ) -> Result<Self, E> {
        let mut chunks: Vec<Chunk> = Vec::new();
        for index in 0..ordinals.div_ceil(1024) {
            let len = u16::try_from(ordinals - index * 1024).unwrap_or(CHUNK).min(CHUNK);
            let earliest = chunks.last().map_or(0, Chunk::last_join);
            chunks.push(read_chunk(&fetch(index)?, index, len, earliest)?);
        }
        Ok(Self::from_checked(chunks))
    }
}

fn read_chunk(record: &[u8], index: u32, len: u16, earliest: Seq) -> Result<Chunk, DecodeError> {
    let mut reader = open(record, RecordKind::RosterChunk)?;
    reader.within("chunk", index, index)?;
    let len = reader.within("number of ordinals", len, len)?;
    let joins = read_joins(&mut reader, len, earliest)?;
    let leavers = read_leavers(&mut reader, len, &joins)?;
    reader.finish()?;
    Ok(Chunk::from_parts(len, joins, leavers))
}

fn write_joins(out: &mut Vec<u8>, joins: &[JoinRun]) {
    put(out, joins.len() as u64);
    let mut before = JoinRun { start: 0, seq: 0 };
    for run in joins {
        put(out, (run.start - before.start).into());
        put(out, run.seq - before.seq);
        before = *run;
    }
}

fn read_joins(reader: &mut Reader<'_>, len: u16, earliest: Seq) -> Result<Vec<JoinRun>, DecodeError> {
    const WHAT: &str = "first join";
    let count = reader.within("number of first joins", 1, len)?;
    let mut joins: Vec<JoinRun> = Vec::new();
    for _ in 0..count {
        let run = match joins.last() {
            None => {
                reader.within(WHAT, 0, 0_u16)?;
                JoinRun { start: 0, seq: reader.within(WHAT, earliest, Seq::MAX)? }
            }
            Some(last) => {
                let room = len - 1 - last.start;
                let start = last.start + reader.within(WHAT, 1, room)?;
                let seq = last.seq + reader.within(WHAT, 1, Seq::MAX - last.seq)?;
                JoinRun { start, seq }
            }
        };
        joins.push(run);
    }
    Ok(joins)
}

/// Neighbours with the same few leaves and returns.
fn alike(a: &Leaver, b: &Leaver) -> bool {
    a.offset + 1 == b.offset
        && a.left() == b.left()
        && a.later_len() < SHARED_MOVES
        && a.later().eq(b.later())
}

fn write_leavers(out: &mut Vec<u8>, leavers: &[Leaver], base: Seq) {
    put(out, leavers.chunk_by(alike).count() as u64);
    let mut next = 0;
    for group in leavers.chunk_by(alike) {
        let leaver = &group[0];
        put(out, (leaver.offset - next).into());
        put(out, group.len() as u64 - 1);
        put(out, leaver.later_len() as u64);
        put(out, leaver.left() - base);
        let mut before = leaver.left();
        for at in leaver.later() {
            put(out, at - before);
            before = at;
        }
        next = group[group.len() - 1].offset + 1;
    }
}

fn read_leavers(reader: &mut Reader<'_>, len: u16, joins: &[JoinRun]) -> Result<Vec<Leaver>, DecodeError> {
    const WHAT: &str = "leave or return";
    let groups = reader.within("number of leavers", 0, len)?;
    let mut leavers: Vec<Leaver> = Vec::new();
    let mut next = 0;
    for _ in 0..groups {
        let room = (len - next).checked_sub(1).ok_or(DecodeError::Ended { what: "leaver" })?;
        let offset = next + reader.within("leaver", 0, room)?;
        let end = offset + 1 + reader.within("leaver", 0, len - offset - 1)?;
        let first = read_leaver(reader, offset, joins.first().map_or(0, |run| run.seq))?;
        let joined = joins.iter().rev().find(|run| run.start < end).map_or(0, |run| run.seq);
        in_range(WHAT, first.left(), joined, Seq::MAX)?;
        canonical("leaver", leavers.last().is_none_or(|last| !alike(last, &first)))?;
        canonical("leaver", end == offset + 1 || first.later_len() < SHARED_MOVES)?;
        leavers.extend((offset..end).map(|offset| first.at(offset)));
        next = end;
    }
    Ok(leavers)
}

fn read_leaver(reader: &mut Reader<'_>, offset: u16, base: Seq) -> Result<Leaver, DecodeError> {
    const WHAT: &str = "leave or return";
    // Each takes a byte at least.
    let count = reader.count("number of leaves and returns", 0, reader.remaining())?;
    let mut before = base + reader.within(WHAT, 0, Seq::MAX - base)?;
    let mut leaver = Leaver::new(offset, before);
    for at in 0..count {
        // A stay without a message is not kept, so a leave lies after the return before it.
        let least = Seq::from(at % 2 == 1);
        before += reader.within(WHAT, least, Seq::MAX - before)?;
        leaver.push(before);
    }
    Ok(leaver)
}
