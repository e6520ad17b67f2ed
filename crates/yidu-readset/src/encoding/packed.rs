//! A list of numbers in as many bits each as suit most of them, the others patched in afterwards.
//!
//! Layout: a byte with the width (and 128 when there are exceptions), the low bits of all numbers, then per
//! exception how many numbers lie between it and the one before, and its high bits.

use super::bytes::{Reader, len_of_bits, put};
use super::{DecodeError, canonical, in_range};

const MAX_WIDTH: u32 = 32;
const EXCEPTIONS: u8 = 0x80;

/// How a list is packed; a pure function of the bit lengths in it, so that a list has one spelling.
pub(super) struct Plan {
    width: u32,
    exceptions: usize,
    /// Bytes the packed list takes, with one byte assumed for the place of each exception.
    pub(super) size: usize,
}

impl Plan {
    /// `min_width` above 0 makes the bytes grow with the length of the list whatever it holds, which is what
    /// bounds a decoder that has no other bound.
    pub(super) fn of(values: &[u64], min_width: u32) -> Self {
        let mut histogram = [0_usize; 65];
        values.iter().for_each(|value| histogram[bit_length(*value) as usize] += 1);
        let longest = values.iter().copied().max().map_or(0, bit_length);
        let widths = min_width..=longest.clamp(min_width, MAX_WIDTH);
        let plans = widths.map(|width| {
            let wider = width + 1..=longest;
            let exceptions = wider.clone().map(|bits| histogram[bits as usize]).sum();
            let patches: usize =
                wider.map(|bits| histogram[bits as usize] * (1 + len_of_bits(bits - width))).sum();
            let size = 1 + usize::from(exceptions > 0) + packed_len(values.len(), width) + patches;
            Self { width, exceptions, size }
        });
        plans.min_by_key(|plan| plan.size).unwrap_or(Self { width: min_width, exceptions: 0, size: 0 })
    }

    pub(super) fn write(&self, out: &mut Vec<u8>, values: &[u64]) {
        let flag = if self.exceptions > 0 { EXCEPTIONS } else { 0 };
        out.push(self.width.to_le_bytes()[0] | flag);
        write_low_bits(out, values, self.width);
        if self.exceptions > 0 {
            put(out, self.exceptions as u64);
            let mut next = 0;
            for (at, value) in values.iter().enumerate().filter(|(_, value)| **value >> self.width > 0) {
                put(out, (at - next) as u64);
                put(out, value >> self.width);
                next = at + 1;
            }
        }
    }
}

pub(super) fn pack(out: &mut Vec<u8>, values: &[u64], min_width: u32) {
    Plan::of(values, min_width).write(out, values);
}

/// Reads `len` numbers; the caller has bounded `len`.
pub(super) fn unpack(
    reader: &mut Reader<'_>,
    what: &'static str,
    len: usize,
    min_width: u32,
) -> Result<Vec<u64>, DecodeError> {
    let head = reader.byte(what)?;
    let width = u32::from(head & !EXCEPTIONS);
    in_range(what, width.into(), min_width.into(), MAX_WIDTH.into())?;
    let mut values = read_low_bits(reader, what, len, width)?;
    if head & EXCEPTIONS != 0 {
        let exceptions = reader.count(what, 1, len)?;
        let mut rest = values.iter_mut();
        for _ in 0..exceptions {
            let last = rest.len().checked_sub(1).ok_or(DecodeError::Ended { what })?;
            let skipped = reader.count(what, 0, last)?;
            let high = reader.within(what, 1, u64::MAX >> width)?;
            if let Some(value) = rest.nth(skipped) {
                *value |= high << width;
            }
        }
    }
    canonical(what, Plan::of(&values, min_width).width == width)?;
    Ok(values)
}

fn bit_length(value: u64) -> u32 {
    u64::BITS - value.leading_zeros()
}

fn packed_len(len: usize, width: u32) -> usize {
    (len * width as usize).div_ceil(8)
}

fn write_low_bits(out: &mut Vec<u8>, values: &[u64], width: u32) {
    let mask = (1 << width) - 1;
    let (mut bits, mut filled) = (0_u64, 0);
    for value in values {
        bits |= (value & mask) << filled;
        filled += width;
        if filled >= 32 {
            out.extend_from_slice(&bits.to_le_bytes()[..4]);
            bits >>= 32;
            filled -= 32;
        }
    }
    out.extend_from_slice(&bits.to_le_bytes()[..filled.div_ceil(8) as usize]);
}

fn read_low_bits(
    reader: &mut Reader<'_>,
    what: &'static str,
    len: usize,
    width: u32,
) -> Result<Vec<u64>, DecodeError> {
    let packed = reader.bytes(what, packed_len(len, width))?;
    let used = (len * width as usize) % 8;
    canonical(what, used == 0 || packed.last().is_none_or(|last| last >> used == 0))?;
    let mask = (1 << width) - 1;
    let at = |index: usize| {
        let bit = index * width as usize;
        let rest = &packed[bit / 8..];
        let word = rest.first_chunk().copied().unwrap_or_else(|| {
            let mut tail = [0; 8];
            tail[..rest.len()].copy_from_slice(rest);
            tail
        });
        u64::from_le_bytes(word) >> (bit % 8) & mask
    };
    Ok((0..len).map(at).collect())
}
