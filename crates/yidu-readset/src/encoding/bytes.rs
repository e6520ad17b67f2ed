//! Varints and a cursor over the bytes of a body.

use super::{DecodeError, in_range};

pub(super) fn put(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(low_byte(value) | 0x80);
        value >>= 7;
    }
    out.push(low_byte(value));
}

fn low_byte(value: u64) -> u8 {
    value.to_le_bytes()[0]
}

/// Bytes that [`put`] takes for a number of so many bits.
pub(super) fn len_of_bits(bits: u32) -> usize {
    bits.div_ceil(7).max(1) as usize
}

#[derive(Debug)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(rest: &'a [u8]) -> Self {
        Self { rest }
    }

    pub(super) fn remaining(&self) -> usize {
        self.rest.len()
    }

    pub(super) fn bytes(&mut self, what: &'static str, len: usize) -> Result<&'a [u8], DecodeError> {
        let (taken, rest) = self.rest.split_at_checked(len).ok_or(DecodeError::Ended { what })?;
        self.rest = rest;
        Ok(taken)
    }

    pub(super) fn byte(&mut self, what: &'static str) -> Result<u8, DecodeError> {
        let (&byte, rest) = self.rest.split_first().ok_or(DecodeError::Ended { what })?;
        self.rest = rest;
        Ok(byte)
    }

    pub(super) fn varint(&mut self, what: &'static str) -> Result<u64, DecodeError> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte(what)?;
            let bits = u64::from(byte & 0x7f);
            // The tenth byte has room for one bit; a last byte of zero would be a longer spelling.
            if shift == 63 && byte > 1 || shift > 0 && byte == 0 {
                return Err(DecodeError::NotCanonical { what });
            }
            value |= bits << shift;
            if byte < 0x80 {
                break;
            }
        }
        Ok(value)
    }

    /// A varint within bounds, both included.
    pub(super) fn within<T>(&mut self, what: &'static str, min: T, max: T) -> Result<T, DecodeError>
    where
        T: Copy + Into<u64> + TryFrom<u64>,
    {
        let value = in_range(what, self.varint(what)?, min.into(), max.into())?;
        Ok(T::try_from(value).unwrap_or(max))
    }

    /// A varint within bounds that counts something in memory.
    pub(super) fn count(&mut self, what: &'static str, min: usize, max: usize) -> Result<usize, DecodeError> {
        let value = in_range(what, self.varint(what)?, min as u64, max as u64)?;
        Ok(usize::try_from(value).unwrap_or(max))
    }

    pub(super) fn finish(self) -> Result<(), DecodeError> {
        if self.rest.is_empty() { Ok(()) } else { Err(DecodeError::Trailing { bytes: self.rest.len() }) }
    }
}
