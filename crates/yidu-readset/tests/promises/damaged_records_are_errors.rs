//! Any cut or changed byte is an error; no bytes, however made, make a decoder panic or take another spelling.

use proptest::prelude::*;
use proptest::sample::Index;
use yidu_readset::{DecodeError, ReadSet, ReadSetHead, Roster};

use crate::history::{World, history};

/// One record of each kind, from a lived conversation.
fn records(world: &World) -> Vec<Vec<u8>> {
    let mut records: Vec<_> = (0..).map_while(|index| world.roster.encode_chunk(index)).collect();
    for message in &world.messages {
        records.push(message.set.encode_whole());
        records.push(message.set.encode_head());
        records.extend(
            message.set.iter().map(|(o, _)| o / 1024).max().and_then(|i| message.set.encode_chunk(i)),
        );
    }
    records
}

/// Decodes with every decoder; what one accepts, the encoder must write again byte for byte.
fn decode_all(bytes: &[u8], lens: &[u32]) -> Result<u32, TestCaseError> {
    let mut accepted = 0;
    if let Ok(set) = ReadSet::decode_whole(bytes) {
        prop_assert_eq!(set.encode_whole(), bytes);
        accepted += 1;
    }
    if ReadSetHead::decode(bytes).is_ok() {
        let missing = ReadSet::from_parts(bytes, |_| Err(DecodeError::Ended { what: "test" }));
        if let Ok(set) = missing {
            prop_assert_eq!(set.encode_head(), bytes);
        }
        accepted += 1;
    }
    for &len in lens {
        if let Ok(roster) = Roster::from_chunks(len, |_| Ok::<_, DecodeError>(bytes.to_vec())) {
            prop_assert_eq!(roster.encode_chunk(0).unwrap(), bytes);
            accepted += 1;
        }
    }
    // A head whose only chunk is 0, with any number of receipts that fits.
    for readers in [1, 2, 700] {
        let mut like = ReadSet::new(1_000);
        (0..readers).for_each(|o| _ = like.insert(o, 1_000));
        if let Ok(set) = ReadSet::from_parts(&like.encode_head(), |_| Ok::<_, DecodeError>(bytes.to_vec())) {
            prop_assert_eq!(set.encode_chunk(0).unwrap(), bytes);
            accepted += 1;
        }
    }
    Ok(accepted)
}

fn with_checksum(mut bytes: Vec<u8>) -> Vec<u8> {
    let checksum = crc32c::crc32c(&bytes);
    bytes.extend(checksum.to_le_bytes());
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_cut_or_changed_record_is_refused(events in history(), at in any::<Index>(), flip in 1..=255_u8) {
        let world = World::after(&events);
        let lens = [world.roster.ordinals().clamp(1, 1024)];
        for record in records(&world) {
            let mut changed = record.clone();
            changed[at.index(record.len())] ^= flip;
            prop_assert_eq!(decode_all(&changed, &lens)?, 0);
            prop_assert_eq!(decode_all(&record[..at.index(record.len())], &lens)?, 0);
            prop_assert_eq!(decode_all(&[&record[..], &[flip]].concat(), &lens)?, 0);
        }
    }

    #[test]
    fn a_forged_record_with_a_right_checksum_is_refused_or_canonical(
        events in history(),
        changes in prop::collection::vec((any::<Index>(), any::<u8>()), 1..4),
    ) {
        let world = World::after(&events);
        let lens = [world.roster.ordinals().clamp(1, 1024)];
        for mut record in records(&world) {
            record.truncate(record.len() - 4);
            for (at, byte) in &changes {
                let at = at.index(record.len());
                record[at] = *byte;
            }
            decode_all(&with_checksum(record), &lens)?;
        }
    }

    #[test]
    fn arbitrary_bytes_with_a_right_checksum(kind in 0..7_u8, body in prop::collection::vec(
        prop_oneof![4 => 0..4_u8, 1 => any::<u8>()], 0..60)) {
        let record = [&[0x10 | kind][..], &body].concat();
        decode_all(&with_checksum(record), &[1, 2, 3, 600, 1024])?;
    }
}

#[test]
fn every_single_bit_of_a_record_counts() {
    let mut set = ReadSet::new(1_700_000_000_000);
    (0..200).for_each(|o| _ = set.insert(o * 3, 1_700_000_000_000 + u64::from(o) * 777));
    let record = set.encode_whole();
    for bit in 0..record.len() * 8 {
        let mut changed = record.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(matches!(ReadSet::decode_whole(&changed), Err(DecodeError::Checksum { .. })), "bit {bit}");
    }
    for len in 0..record.len() {
        assert!(ReadSet::decode_whole(&record[..len]).is_err(), "cut to {len}");
    }
}

#[test]
fn a_newer_version_is_named() {
    let record = with_checksum(vec![0x21, 0, 0]);
    assert_eq!(ReadSet::decode_whole(&record), Err(DecodeError::Version { found: 2 }));
}

#[test]
fn a_few_bytes_cannot_ask_for_much_memory() {
    // A whole set that claims four billion receipts.
    let record = with_checksum(vec![0x11, 0, 0xff, 0xff, 0xff, 0xff, 0x0f]);
    assert!(ReadSet::decode_whole(&record).is_err());
}
