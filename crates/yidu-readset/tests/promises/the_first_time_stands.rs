//! A read set is a map from reader to the first time, exact to the millisecond.

use std::collections::BTreeMap;

use proptest::prelude::*;
use yidu_readset::{Millis, Ordinal, ReadSet};

const SENT_AT: Millis = 1_700_000_000_000;

fn receipts() -> impl Strategy<Value = Vec<(Ordinal, Millis)>> {
    let reader = prop_oneof![0..20_u32, 0..3_000_u32, any::<u32>()];
    let late = (1_u64 << 32) - 2;
    let after = prop_oneof![0..10_000_u64, late..late + 4, any::<u64>().prop_map(|at| at >> 8)];
    let receipt = (reader, after).prop_map(|(o, after)| (o, SENT_AT - 5 + after));
    prop_oneof![prop::collection::vec(receipt.clone(), 0..20), prop::collection::vec(receipt, 0..400)]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn whatever_comes_later(receipts in receipts(), from in 0..3_000_u32) {
        let mut set = ReadSet::new(SENT_AT);
        let mut model = BTreeMap::new();
        for &(o, at) in &receipts {
            let new = !model.contains_key(&o);
            model.entry(o).or_insert(at.max(SENT_AT));
            prop_assert_eq!(set.insert(o, at), new);
        }
        prop_assert_eq!(set.len() as usize, model.len());
        prop_assert_eq!(set.is_empty(), model.is_empty());
        prop_assert!(set.iter().eq(model.iter().map(|(o, at)| (*o, *at))));
        prop_assert!(set.iter_from(from).eq(model.range(from..).map(|(o, at)| (*o, *at))));
        for o in receipts.iter().map(|(o, _)| *o).chain([0, 7, 1_024, u32::MAX]) {
            prop_assert_eq!(set.time_of(o), model.get(&o).copied());
            prop_assert_eq!(set.contains(o), model.contains_key(&o));
        }
    }
}

#[test]
fn a_set_of_one_to_sixteen_readers_takes_tens_of_bytes() {
    let mut set = ReadSet::new(SENT_AT);
    set.insert(1, SENT_AT + 9);
    assert_eq!(set.heap_bytes(), 8);
    (0..16).for_each(|o| _ = set.insert(o, SENT_AT + 9));
    assert_eq!(set.heap_bytes(), 16 * 8);
}
