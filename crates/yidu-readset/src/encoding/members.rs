//! An ascending list of ordinals: the first, then gaps or a bitmap, whichever is shorter.

use super::bytes::{Reader, len_of_bits, put};
use super::packed::{Plan, unpack};
use super::{DecodeError, canonical, in_range};

/// Writes a strictly ascending list that is not empty; the reader has to know its length.
pub(super) fn write(out: &mut Vec<u8>, members: &[u32]) {
    let (Some(&first), Some(&last)) = (members.first(), members.last()) else { return };
    let gaps = gaps(members);
    let plan = Plan::of(&gaps, 0);
    let bitmap = members.len() > 1 && bitmap_size(first, last) < plan.size;
    put(out, u64::from(first) << 1 | u64::from(bitmap));
    if bitmap {
        put(out, u64::from(last - first - 1));
        let start = out.len();
        out.resize(start + between(first, last).div_ceil(8), 0);
        for member in &members[1..members.len() - 1] {
            let bit = (member - first - 1) as usize;
            out[start + bit / 8] |= 1 << (bit % 8);
        }
    } else if members.len() > 1 {
        plan.write(out, &gaps);
    }
}

/// Reads `len` members, of which none is above `max`; `len` is at least 1 and bounded by the caller.
pub(super) fn read(reader: &mut Reader<'_>, len: usize, max: u32) -> Result<Vec<u32>, DecodeError> {
    const WHAT: &str = "list of members";
    let head = reader.within(WHAT, 0, u64::from(max) << 1 | 1)?;
    let (first, bitmap) = (u32::try_from(head >> 1).unwrap_or(max), head & 1 == 1);
    let mut members = Vec::with_capacity(len);
    members.push(first);
    if bitmap {
        let room = (max - first).checked_sub(1).ok_or(DecodeError::Ended { what: WHAT })?;
        let last = first + 1 + reader.within(WHAT, 0, room)?;
        read_bitmap(reader, first, last, &mut members)?;
        canonical(WHAT, members.len() == len)?;
    } else if len > 1 {
        let mut last = first;
        for gap in unpack(reader, WHAT, len - 1, 0)? {
            let member = in_range(WHAT, gap.saturating_add(u64::from(last) + 1), 0, max.into())?;
            last = u32::try_from(member).unwrap_or(max);
            members.push(last);
        }
    }
    let last = members.last().copied().unwrap_or(first);
    let shorter = len > 1 && bitmap_size(first, last) < Plan::of(&gaps(&members), 0).size;
    canonical(WHAT, bitmap == shorter)?;
    Ok(members)
}

fn read_bitmap(
    reader: &mut Reader<'_>,
    first: u32,
    last: u32,
    members: &mut Vec<u32>,
) -> Result<(), DecodeError> {
    const WHAT: &str = "bitmap of members";
    let bits = between(first, last);
    for (byte, at) in reader.bytes(WHAT, bits.div_ceil(8))?.iter().zip((first + 1..).step_by(8)) {
        let mut byte = *byte;
        while byte != 0 {
            let member = at.saturating_add(byte.trailing_zeros());
            canonical(WHAT, member < last)?;
            members.push(member);
            byte &= byte - 1;
        }
    }
    members.push(last);
    Ok(())
}

/// Members missing between neighbours.
fn gaps(members: &[u32]) -> Vec<u64> {
    members.windows(2).map(|pair| u64::from(pair[1] - pair[0] - 1)).collect()
}

fn between(first: u32, last: u32) -> usize {
    (last - first - 1) as usize
}

fn bitmap_size(first: u32, last: u32) -> usize {
    let bits = last - first - 1;
    len_of_bits(u32::BITS - bits.leading_zeros()) + bits.div_ceil(8) as usize
}
