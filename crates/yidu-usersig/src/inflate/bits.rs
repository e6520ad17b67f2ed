//! A deflate stream as bits, lowest first.

use crate::error::Malformed;

/// Reads bits; every read past the end is an error, so that hostile streams end with their bytes.
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    /// Number of bits read.
    position: usize,
}

impl<'a> Bits<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, position: 0 }
    }

    /// The next `count` bits (at most 16) as a number.
    pub(super) fn take(&mut self, count: u8) -> Result<usize, Malformed> {
        let mut value = 0;
        for place in 0..count {
            let byte = self.bytes.get(self.position / 8).ok_or(Malformed::Stream)?;
            value |= usize::from(byte >> (self.position % 8) & 1) << place;
            self.position += 1;
        }
        Ok(value)
    }

    /// The next byte; only where [`align`](Self::align) came before.
    pub(super) fn take_byte(&mut self) -> Result<u8, Malformed> {
        let byte = *self.bytes.get(self.position / 8).ok_or(Malformed::Stream)?;
        self.position += 8;
        Ok(byte)
    }

    /// Goes to the next byte boundary, over bits that every compressor leaves at zero.
    pub(super) fn align(&mut self) -> Result<(), Malformed> {
        while !self.position.is_multiple_of(8) {
            if self.take(1)? != 0 {
                return Err(Malformed::NotCanonical);
            }
        }
        Ok(())
    }

    /// Whole bytes not yet begun.
    pub(super) fn left(&self) -> usize {
        self.bytes.len() - self.position.div_ceil(8)
    }
}
