//! The code tables of a deflate block.

use super::bits::Bits;
use crate::error::Malformed;

/// Order in which a dynamic block gives the lengths of the code length codes.
const CODE_LENGTH_ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const LONGEST_CODE: usize = 15;

/// A canonical Huffman code: how many codes each length has, and their symbols in order.
pub(super) struct Huffman {
    counts: [usize; LONGEST_CODE + 1],
    symbols: Vec<usize>,
}

impl Huffman {
    pub(super) fn fixed_literals() -> Result<Self, Malformed> {
        let mut lengths = [8; 288];
        lengths[144..256].fill(9);
        lengths[256..280].fill(7);
        Self::new(&lengths)
    }

    pub(super) fn fixed_distances() -> Result<Self, Malformed> {
        Self::new(&[5; 32])
    }

    /// Builds the code from a length per symbol, 0 for none.
    ///
    /// A code must use up all bit patterns. The exceptions are a code without symbols, and one with a single symbol of
    /// one bit: a block with fewer than two distances has those.
    fn new(lengths: &[usize]) -> Result<Self, Malformed> {
        let mut counts = [0; LONGEST_CODE + 1];
        for &length in lengths {
            *counts.get_mut(length).ok_or(Malformed::Stream)? += 1;
        }
        counts[0] = 0;
        let mut symbols: Vec<usize> = (0..lengths.len()).filter(|&symbol| lengths[symbol] > 0).collect();
        symbols.sort_by_key(|&symbol| lengths[symbol]);

        let mut free = 1_usize;
        for count in &counts[1..] {
            free = (free * 2).checked_sub(*count).ok_or(Malformed::Stream)?;
        }
        let complete = free == 0 || symbols.is_empty() || (symbols.len() == 1 && counts[1] == 1);
        if complete { Ok(Self { counts, symbols }) } else { Err(Malformed::Stream) }
    }

    pub(super) fn decode(&self, bits: &mut Bits<'_>) -> Result<usize, Malformed> {
        // `code` is the pattern read so far, less the first pattern of its length; `index` the symbols shorter than it.
        let (mut code, mut index) = (0, 0);
        for count in &self.counts[1..] {
            code = code * 2 + bits.take(1)?;
            if code < *count {
                return Ok(self.symbols[index + code]);
            }
            code -= count;
            index += count;
        }
        Err(Malformed::Stream)
    }
}

/// Reads the two tables (literals and lengths, distances) at the head of a dynamic block.
pub(super) fn read_tables(bits: &mut Bits<'_>) -> Result<(Huffman, Huffman), Malformed> {
    let literals = bits.take(5)? + 257;
    let distances = bits.take(5)? + 1;
    let code_lengths = bits.take(4)? + 4;
    if literals > 286 || distances > 30 {
        return Err(Malformed::Stream);
    }
    let mut lengths = [0; 19];
    for &symbol in &CODE_LENGTH_ORDER[..code_lengths] {
        lengths[symbol] = bits.take(3)?;
    }
    let (lengths, spelling) = read_lengths(bits, &Huffman::new(&lengths)?, literals + distances)?;
    let (literals, distances) = lengths.split_at(literals);
    if literals[256] == 0 {
        return Err(Malformed::Stream);
    }
    // zlib spells the two tables one after the other, miniz and libdeflate as one.
    if spelling != spelled(&lengths) && spelling != [spelled(literals), spelled(distances)].concat() {
        return Err(Malformed::NotCanonical);
    }
    Ok((Huffman::new(literals)?, Huffman::new(distances)?))
}

/// A code length and how many symbols in a row it is given to by one code.
type Run = (usize, usize);

/// Reads `count` code lengths, and how they were spelled; a repeat past the end is an error.
fn read_lengths(
    bits: &mut Bits<'_>,
    code: &Huffman,
    count: usize,
) -> Result<(Vec<usize>, Vec<Run>), Malformed> {
    let mut lengths: Vec<usize> = Vec::with_capacity(count);
    let mut spelling = Vec::new();
    while lengths.len() < count {
        let (length, times) = match code.decode(bits)? {
            16 => (*lengths.last().ok_or(Malformed::Stream)?, 3 + bits.take(2)?),
            17 => (0, 3 + bits.take(3)?),
            18 => (0, 11 + bits.take(7)?),
            length => (length, 1),
        };
        lengths.resize(lengths.len() + times, length);
        spelling.push((length, times));
    }
    if lengths.len() == count { Ok((lengths, spelling)) } else { Err(Malformed::Stream) }
}

/// How compressors spell code lengths: of each row of equal ones as many as fit into a repeat, until fewer than a
/// repeat needs are left. A repeat of anything but zero says "again" and needs the length itself before it.
fn spelled(lengths: &[usize]) -> Vec<Run> {
    let mut spelling = Vec::new();
    for row in lengths.chunk_by(|a, b| a == b) {
        let (length, mut left) = (row[0], row.len());
        let longest = if length == 0 { 138 } else { 6 };
        if length != 0 {
            spelling.push((length, 1));
            left -= 1;
        }
        while left > 0 {
            let times = if left < 3 { 1 } else { left.min(longest) };
            spelling.push((length, times));
            left -= times;
        }
    }
    spelling
}
