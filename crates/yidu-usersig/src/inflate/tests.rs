//! The strict decoder beside the common one of flate2.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use proptest::collection::vec;
use proptest::prelude::*;

use super::unpack;
use crate::error::Malformed;

/// What flate2 makes of a stream that ends where the bytes end.
fn common(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut decoder = ZlibDecoder::new(bytes);
    let mut text = Vec::new();
    decoder.by_ref().take(1 << 20).read_to_end(&mut text).ok()?;
    (usize::try_from(decoder.total_in()).ok()? == bytes.len()).then_some(text)
}

fn compress(text: &[u8], level: Compression) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), level);
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// Few letters, so that there is much to copy, and from many places.
fn repetitive() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![vec(0_u8..3, 0..600), vec(b'a'..b'j', 0..2000), vec(any::<u8>(), 0..4096)]
}

proptest! {
    #[test]
    fn what_is_stored_comes_back(text in repetitive()) {
        prop_assert_eq!(unpack(&compress(&text, Compression::none())), Ok(text));
    }

    #[test]
    fn what_is_accepted_is_what_the_common_decoder_reads(
        text in repetitive(), at in any::<prop::sample::Index>(), change in 1_u8..,
    ) {
        let mut bytes = compress(&text, Compression::default());
        let at = at.index(bytes.len());
        bytes[at] ^= change;
        if let Ok(text) = unpack(&bytes) {
            prop_assert_eq!(common(&bytes), Some(text));
        }
    }

    #[test]
    fn noise_neither_panics_nor_differs(noise in vec(any::<u8>(), 0..300)) {
        let bytes = [&[0x78, 0x9c][..], &noise].concat();
        if let Ok(text) = unpack(&bytes) {
            prop_assert_eq!(common(&bytes), Some(text));
        }
    }
}

#[test]
fn a_stream_that_is_cut_anywhere_is_refused() {
    let bytes = compress(b"to be or not to be, that is the question; to be", Compression::default());
    assert!(unpack(&bytes).is_ok());
    for len in 0..bytes.len() {
        assert!(unpack(&bytes[..len]).is_err(), "{len} bytes");
    }
}

#[test]
fn a_byte_behind_the_end_is_refused() {
    let mut bytes = compress(b"to be or not to be", Compression::default());
    bytes.push(0);
    assert_eq!(unpack(&bytes), Err(Malformed::Stream));
}

/// `abcde-abcdf-abcd` with fixed codes, whose last copy reads `abcd` from `distance` bytes back.
fn with_last_copy_from(distance: usize) -> Vec<u8> {
    let mut bits = Writer::default();
    bits.put(0b011, 3);
    b"abcde-".iter().for_each(|byte| bits.literal(*byte));
    bits.copy_of_4(6);
    b"f-".iter().for_each(|byte| bits.literal(*byte));
    bits.copy_of_4(distance);
    bits.code(0, 7);
    bits.zlib(b"abcde-abcdf-abcd")
}

#[test]
fn a_copy_from_further_than_needed_is_refused() {
    let (near, far) = (with_last_copy_from(6), with_last_copy_from(12));
    assert_eq!(common(&near), common(&far));
    assert_eq!(unpack(&near).as_deref(), Ok(&b"abcde-abcdf-abcd"[..]));
    assert_eq!(unpack(&far), Err(Malformed::NotCanonical));
}

#[test]
fn a_bit_set_in_the_unused_end_of_the_last_byte_is_refused() {
    let mut bytes = with_last_copy_from(6);
    let last = bytes.len() - 5;
    bytes[last] |= 0x80;
    assert_eq!(common(&bytes).as_deref(), Some(&b"abcde-abcdf-abcd"[..]));
    assert_eq!(unpack(&bytes), Err(Malformed::NotCanonical));
}

/// Writes a block with the fixed codes.
#[derive(Default)]
struct Writer(Vec<u8>, u32);

impl Writer {
    fn put(&mut self, value: u16, count: u32) {
        for place in 0..count {
            if self.1.is_multiple_of(8) {
                self.0.push(0);
            }
            *self.0.last_mut().unwrap() |= u8::from(value >> place & 1 == 1) << (self.1 % 8);
            self.1 += 1;
        }
    }

    /// Huffman codes are written from their highest bit.
    fn code(&mut self, code: u16, len: u32) {
        self.put(code.reverse_bits() >> (16 - len), len);
    }

    fn literal(&mut self, byte: u8) {
        self.code(0x30 + u16::from(byte), 8);
    }

    fn copy_of_4(&mut self, distance: usize) {
        self.code(2, 7);
        match distance {
            6 => (self.code(4, 5), self.put(1, 1)),
            12 => (self.code(6, 5), self.put(3, 2)),
            other => panic!("no code written down for distance {other}"),
        };
    }

    fn zlib(self, text: &[u8]) -> Vec<u8> {
        [&[0x78, 0x9c], &self.0[..], &super::adler32(text).to_be_bytes()].concat()
    }
}
