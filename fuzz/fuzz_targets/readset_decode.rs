//! Every decoder of `yidu-readset` on any bytes: no panic, and what is accepted is written again byte for byte.

#![no_main]

use libfuzzer_sys::fuzz_target;
use yidu_readset::{DecodeError, ReadSet, ReadSetHead, Roster};

fuzz_target!(|input: &[u8]| {
    decode(input);
    // With a right checksum the bytes get past the first gate.
    let mut sealed = input.to_vec();
    sealed.extend(crc32c::crc32c(input).to_le_bytes());
    decode(&sealed);
});

fn decode(bytes: &[u8]) {
    if let Ok(set) = ReadSet::decode_whole(bytes) {
        assert_eq!(set.encode_whole(), bytes);
    }
    if let Ok(head) = ReadSetHead::decode(bytes) {
        let missing = ReadSet::from_parts(bytes, |_| Err(DecodeError::Ended { what: "fuzz" }));
        assert!(missing.is_err() || head.len == 0);
    }
    set_chunk(bytes);
    roster_chunk(bytes);
}

/// As chunk 0 of a set with as many readers as the record claims, if it is one.
fn set_chunk(bytes: &[u8]) {
    let Some(readers) = second_number(bytes) else { return };
    let mut like = ReadSet::new(0);
    (0..readers.min(1024)).for_each(|o| _ = like.insert(o, 0));
    if let Ok(set) = ReadSet::from_parts(&like.encode_head(), |_| Ok::<_, DecodeError>(bytes.to_vec())) {
        assert_eq!(set.encode_chunk(0).as_deref().unwrap_or(bytes), bytes);
    }
}

/// As chunk 0 of a roster with as many ordinals as the record claims, if it is one.
fn roster_chunk(bytes: &[u8]) {
    let Some(ordinals) = second_number(bytes) else { return };
    let fetch = |_| Ok::<_, DecodeError>(bytes.to_vec());
    if let Ok(roster) = Roster::from_chunks(ordinals.min(1024), fetch) {
        assert_eq!(roster.encode_chunk(0).as_deref().unwrap_or(bytes), bytes);
        (0..ordinals).for_each(|o| assert_eq!(roster.is_member(o), roster.was_member(o, u64::MAX)));
    }
}

/// A varint of at most two bytes after the tag and an index of 0.
fn second_number(bytes: &[u8]) -> Option<u32> {
    let (low, high) = (u32::from(*bytes.get(2)?), u32::from(*bytes.get(3)?));
    (bytes.get(1) == Some(&0)).then_some(if low < 0x80 { low } else { low & 0x7f | high << 7 })
}
