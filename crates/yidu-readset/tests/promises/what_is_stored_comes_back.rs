//! Encode and decode give the same back, in one spelling, also when only the changed chunks are written.

use std::collections::BTreeMap;

use proptest::prelude::*;
use yidu_readset::encoding::RecordKind;
use yidu_readset::{DecodeError, Millis, Ordinal, ReadSet, ReadSetHead, Roster, WHOLE_MAX};

use crate::history::{World, history};

/// What a store keeps of one read set or roster.
#[derive(Default)]
struct Stored {
    whole: Option<Vec<u8>>,
    head: Vec<u8>,
    chunks: BTreeMap<u32, Vec<u8>>,
}

impl Stored {
    fn fetch(&self, index: u32) -> Result<Vec<u8>, DecodeError> {
        Ok(self.chunks.get(&index).cloned().unwrap_or_default())
    }

    /// Writes as little as a store has to.
    fn save_set(&mut self, set: &mut ReadSet) {
        if !set.is_dirty() {
            return;
        }
        if set.fits_whole() {
            self.whole = Some(set.encode_whole());
        } else {
            self.whole = None;
            self.head = set.encode_head();
            let dirty: Vec<u32> = set.dirty_chunks().collect();
            self.chunks.extend(dirty.into_iter().map(|index| (index, set.encode_chunk(index).unwrap())));
        }
        set.mark_clean();
    }

    fn load_set(&self) -> Result<ReadSet, DecodeError> {
        match &self.whole {
            Some(whole) => ReadSet::decode_whole(whole),
            None => ReadSet::from_parts(&self.head, |index| self.fetch(index)),
        }
    }

    fn save_roster(&mut self, roster: &mut Roster) {
        let dirty: Vec<u32> = roster.dirty_chunks().collect();
        self.chunks.extend(dirty.into_iter().map(|index| (index, roster.encode_chunk(index).unwrap())));
        roster.mark_clean();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_conversation_saved_and_loaded_at_any_step(events in history(), steps in 1..8_usize) {
        let mut world = World::default();
        let (mut roster, mut sets) = (Stored::default(), Vec::<Stored>::new());
        for part in events.chunks(steps) {
            part.iter().for_each(|event| _ = world.live(event));
            roster.save_roster(&mut world.roster);
            sets.resize_with(world.messages.len(), Stored::default);
            let loaded = Roster::from_chunks(world.roster.ordinals(), |index| roster.fetch(index));
            prop_assert_eq!(loaded.as_ref(), Ok(&world.roster));
            let loaded = loaded.unwrap();
            prop_assert_eq!(loaded.members(), world.roster.members());
            prop_assert_eq!(loaded.dirty_chunks().count(), 0);
            // Lives on with what was loaded, so that a loaded form is tried as well as a grown one.
            world.roster = loaded;
            for (message, stored) in world.messages.iter_mut().zip(&mut sets) {
                stored.save_set(&mut message.set);
                let loaded = stored.load_set();
                prop_assert_eq!(loaded.as_ref(), Ok(&message.set));
                message.set = loaded.unwrap();
                prop_assert!(!message.set.is_dirty() && message.set.dirty_chunks().count() == 0);
            }
        }
    }

    #[test]
    fn a_set_of_any_shape_in_both_forms(
        sent_at in any::<u64>().prop_map(|at| at >> 2),
        receipts in prop::collection::vec(
            (prop_oneof![0..40_u32, 0..5_000_u32, any::<u32>()], any::<u64>(), 2..64_u32),
            0..1_500,
        ),
    ) {
        let mut set = ReadSet::new(sent_at);
        receipts.into_iter().for_each(|(o, at, shift)| _ = set.insert(o, sent_at + (at >> shift)));
        let whole = set.encode_whole();
        prop_assert_eq!(ReadSet::decode_whole(&whole), Ok(set.clone()));
        let head = set.encode_head();
        let fetch = |index| Ok::<_, DecodeError>(set.encode_chunk(index).unwrap());
        let loaded = ReadSet::from_parts(&head, fetch).unwrap();
        prop_assert_eq!(&loaded, &set);
        prop_assert_eq!(loaded.encode_whole(), whole);
        let head = ReadSetHead::decode(&head).unwrap();
        prop_assert_eq!((head.sent_at, head.len), (set.sent_at(), set.len()));
        let mut chunks: Vec<u32> = set.iter().map(|(o, _)| o / 1024).collect();
        chunks.dedup();
        prop_assert!(head.chunks().eq(chunks.iter().copied()));
        for index in chunks.iter().flat_map(|&index| [index, index.saturating_sub(1), index + 1]) {
            prop_assert_eq!(head.has_chunk(index), chunks.contains(&index));
            prop_assert_eq!(set.encode_chunk(index).is_some(), chunks.contains(&index));
        }
    }
}

#[test]
fn outgrowing_the_whole_record_makes_every_chunk_due() {
    let mut set = ReadSet::new(0);
    (0..WHOLE_MAX).for_each(|o| _ = set.insert(o * 5, 1));
    assert!(set.fits_whole());
    set.mark_clean();
    set.insert(1, 1);
    assert!(!set.fits_whole());
    assert_eq!(set.dirty_chunks().collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
    set.mark_clean();
    set.insert(1_026, 1);
    assert_eq!(set.dirty_chunks().collect::<Vec<_>>(), [1]);
}

#[test]
fn a_million_who_joined_at_once_are_a_thousand_records_of_a_few_bytes() {
    let mut roster = Roster::new();
    (0..1_000_000).for_each(|_| _ = roster.join_new(123_456));
    // A whole chunk leaves at once as well: still a run.
    (2_048..3_072).for_each(|o| assert_eq!(roster.leave(o, 200_000), Ok(true)));
    let records: Vec<_> = (0..).map_while(|index| roster.encode_chunk(index)).collect();
    assert_eq!(records.len(), 977);
    let longest = records.iter().map(Vec::len).max();
    assert!(longest.is_some_and(|len| len <= 24), "{longest:?} bytes");
    let loaded =
        Roster::from_chunks(1_000_000, |index| Ok::<_, DecodeError>(records[index as usize].clone()));
    assert_eq!(loaded, Ok(roster));
}

#[test]
fn a_record_under_the_wrong_key_is_noticed() {
    let mut set = ReadSet::new(7);
    (0..3_000).for_each(|o| _ = set.insert(o, 8));
    let swapped = |index| Ok::<_, DecodeError>(set.encode_chunk(index ^ 1).unwrap_or_default());
    let error = ReadSet::from_parts(&set.encode_head(), swapped);
    assert!(matches!(error, Err(DecodeError::OutOfRange { what: "chunk", found: 1, .. })));
    let kind = DecodeError::Kind { expected: RecordKind::WholeSet, found: RecordKind::SetHead as u8 };
    assert_eq!(ReadSet::decode_whole(&set.encode_head()), Err(kind));
    let other: Millis = 9;
    let mut short = ReadSet::new(other);
    (0..1_500).for_each(|o: Ordinal| _ = short.insert(o, other));
    let mixed = ReadSet::from_parts(&short.encode_head(), |index| {
        Ok::<_, DecodeError>(set.encode_chunk(index).unwrap())
    });
    assert!(matches!(mixed, Err(DecodeError::OutOfRange { what: "number of receipts in chunks", .. })));
}
