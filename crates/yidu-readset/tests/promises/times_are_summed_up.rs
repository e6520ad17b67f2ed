//! A timeline holds every receipt once, whatever the times; a member is found by how many come before.

use proptest::prelude::*;
use yidu_readset::{BUCKETS_MAX, ReadSet, Roster, read_timeline};

const SENT: u64 = 1_700_000_000_000;

proptest! {
    #[test]
    fn of_any_times_in_any_number_of_buckets(
        times in prop::collection::vec(prop_oneof![0_u64..50, 0_u64..10_000_000_000], 0..400),
        asked in 0_u32..80,
    ) {
        let mut set = ReadSet::new(SENT);
        for (ordinal, time) in (0..).zip(&times) {
            set.insert(ordinal, SENT + time);
        }
        let mut sorted = times.clone();
        sorted.sort_unstable();
        let Some(timeline) = read_timeline(&set, asked) else {
            prop_assert!(times.is_empty());
            return Ok(());
        };
        let middle = sorted[(sorted.len() - 1) / 2];
        let ends = (sorted[0], middle, sorted[sorted.len() - 1]);
        prop_assert_eq!((timeline.first, timeline.median, timeline.last), ends);
        prop_assert!(timeline.buckets.len() <= asked.clamp(1, BUCKETS_MAX) as usize);
        prop_assert_eq!(timeline.buckets.last().map(|bucket| bucket.until), Some(ends.2));
        let mut from = None;
        for bucket in &timeline.buckets {
            prop_assert!(from.is_none_or(|from| from < bucket.until));
            let inside = |time: &&u64| from.is_none_or(|from| **time > from) && **time <= bucket.until;
            prop_assert_eq!(bucket.count as usize, sorted.iter().filter(inside).count());
            from = Some(bucket.until);
        }
    }

    #[test]
    fn the_nth_member_is_the_nth_of_a_walk(size in 0_u32..3_000, left in prop::collection::vec(0_u32..3_000, 0..200)) {
        let mut roster = Roster::new();
        for _ in 0..size {
            roster.join_new(1);
        }
        for ordinal in left {
            let _never_given = roster.leave(ordinal, 2);
        }
        let members: Vec<_> = roster.iter_members().collect();
        for before in [0, 1, size / 2, size.saturating_sub(201), size, u32::MAX] {
            prop_assert_eq!(roster.nth_member(before), members.get(before as usize).copied());
        }
    }
}
