//! zlib streams (RFC 1950, 1951), read so strictly that a changed byte shows.
//!
//! A common decoder skips what does not matter for the text: unused bits, the place a copy is taken from when several
//! hold the same bytes. There a changed token would pass, so this one checks them; see the crate docs for the rules.

mod bits;
mod copies;
mod huffman;

use bits::Bits;
use copies::{Copies, Effort};
use huffman::Huffman;

use crate::error::Malformed;

const LENGTH_BASE: [u16; 29] = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
    227, 258,
];
const LENGTH_EXTRA: [u8; 29] =
    [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
/// The longest copy has a code of its own (285); 284 with all extra bits set would be a second spelling.
const LONGEST_COPY: (usize, usize) = (27, 258);
/// Distances up to 4,096 lie below code 24, and no token unpacks to more.
const DISTANCE_BASE: [u16; 24] =
    [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073];
const DISTANCE_EXTRA: [u8; 24] = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10];

/// Unpacks a whole zlib stream of at most `MAX_JSON_LEN` bytes of text.
pub(crate) fn unpack(bytes: &[u8]) -> Result<Vec<u8>, Malformed> {
    let (header, rest) = bytes.split_first_chunk::<2>().ok_or(Malformed::Header)?;
    let (stream, checksum) = rest.split_last_chunk::<4>().ok_or(Malformed::Stream)?;
    let mut copies = Copies::new(Effort::of(*header).ok_or(Malformed::Header)?);
    let mut bits = Bits::new(stream);
    while !block(&mut bits, &mut copies)? {}
    bits.align()?;
    let text = copies.into_text();
    if bits.left() > 0 || adler32(&text).to_be_bytes() != *checksum {
        return Err(Malformed::Stream);
    }
    Ok(text)
}

/// Reads one block; true when it was the last.
fn block(bits: &mut Bits<'_>, copies: &mut Copies) -> Result<bool, Malformed> {
    let last = bits.take(1)? == 1;
    match bits.take(2)? {
        0 => stored(bits, copies)?,
        1 => compressed(bits, copies, &Huffman::fixed_literals()?, &Huffman::fixed_distances()?)?,
        2 => {
            let (literals, distances) = huffman::read_tables(bits)?;
            compressed(bits, copies, &literals, &distances)?;
        }
        _ => return Err(Malformed::Stream),
    }
    Ok(last)
}

fn stored(bits: &mut Bits<'_>, copies: &mut Copies) -> Result<(), Malformed> {
    bits.align()?;
    let (len, complement) = (bits.take(16)?, bits.take(16)?);
    if len ^ complement != 0xffff {
        return Err(Malformed::Stream);
    }
    for _ in 0..len {
        copies.literal(bits.take_byte()?)?;
    }
    Ok(())
}

fn compressed(
    bits: &mut Bits<'_>,
    copies: &mut Copies,
    literals: &Huffman,
    distances: &Huffman,
) -> Result<(), Malformed> {
    loop {
        let symbol = literals.decode(bits)?;
        match u8::try_from(symbol) {
            Ok(byte) => copies.literal(byte)?,
            Err(_) if symbol == 256 => return Ok(()),
            Err(_) => {
                let code = symbol - 257;
                let len = extended(bits, code, &LENGTH_BASE, &LENGTH_EXTRA)?;
                if (code, len) == LONGEST_COPY {
                    return Err(Malformed::NotCanonical);
                }
                let code = distances.decode(bits)?;
                let distance = extended(bits, code, &DISTANCE_BASE, &DISTANCE_EXTRA)?;
                copies.copy(len, distance)?;
            }
        }
    }
}

fn extended(bits: &mut Bits<'_>, code: usize, base: &[u16], extra: &[u8]) -> Result<usize, Malformed> {
    let (Some(base), Some(extra)) = (base.get(code), extra.get(code)) else { return Err(Malformed::Stream) };
    Ok(usize::from(*base) + bits.take(*extra)?)
}

fn adler32(text: &[u8]) -> u32 {
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in text {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    b << 16 | a
}

#[cfg(test)]
mod tests;
