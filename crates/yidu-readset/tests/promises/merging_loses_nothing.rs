//! Merging is commutative, associative and idempotent, and keeps the earlier time.

use std::collections::BTreeMap;

use proptest::prelude::*;
use yidu_readset::{Millis, Ordinal, ReadSet};

fn set() -> impl Strategy<Value = ReadSet> {
    let sent_at = prop_oneof![4 => Just(1_000_u64), 1 => 990..1_010_u64];
    let reader = prop_oneof![0..12_u32, 0..3_000_u32];
    let at = prop_oneof![900..1_100_u64, 1_000..90_000_u64, Just((1 << 32) + 999), Just(1 << 40)];
    (sent_at, prop::collection::vec((reader, at), 0..60)).prop_map(|(sent_at, receipts)| {
        let mut set = ReadSet::new(sent_at);
        receipts.into_iter().for_each(|(o, at)| _ = set.insert(o, at));
        set
    })
}

fn merged(a: &ReadSet, b: &ReadSet) -> ReadSet {
    let mut all = a.clone();
    all.merge(b);
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..Default::default() })]

    #[test]
    fn the_laws_hold(a in set(), b in set(), c in set()) {
        prop_assert_eq!(merged(&a, &b), merged(&b, &a));
        prop_assert_eq!(merged(&merged(&a, &b), &c), merged(&a, &merged(&b, &c)));
        prop_assert_eq!(merged(&a, &a), a.clone());
        prop_assert_eq!(merged(&merged(&a, &b), &b), merged(&a, &b));
    }

    #[test]
    fn everybody_is_there_with_the_earlier_time(a in set(), b in set()) {
        let mut all = a.clone();
        let new = all.merge(&b);
        let mut model: BTreeMap<Ordinal, Millis> = a.iter().collect();
        for (o, at) in b.iter() {
            model.entry(o).and_modify(|first| *first = at.min(*first)).or_insert(at);
        }
        prop_assert_eq!(new as usize, model.len() - a.len() as usize);
        prop_assert_eq!(all.len() as usize, model.len());
        prop_assert_eq!(all.sent_at(), a.sent_at().min(b.sent_at()));
        prop_assert!(all.iter().eq(model));
    }

    #[test]
    fn only_what_changed_anything_is_dirty(a in set(), b in set()) {
        let mut all = a.clone();
        all.mark_clean();
        all.merge(&b);
        prop_assert_eq!(all.is_dirty(), all != a);
        all.mark_clean();
        all.merge(&b);
        all.merge(&a);
        prop_assert!(!all.is_dirty());
        prop_assert_eq!(all.dirty_chunks().count(), 0);
    }
}
