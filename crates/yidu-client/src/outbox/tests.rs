//! The outbox against its promises: bounded, in order, nothing twice.
use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::{group, user};

#[test]
fn a_batch_is_of_one_conversation_and_at_most_fifty() {
    let mut outbox = Outbox::default();
    let seqs: Vec<u64> = (1..=60).collect();
    outbox.add("a", &group("g"), &seqs);
    outbox.add("a", &user("bob"), &[7]);
    let batches: Vec<Batch> = std::iter::from_fn(|| outbox.next_batch()).collect();
    let shape: Vec<_> = batches.iter().map(|batch| (batch.conversation.clone(), batch.seqs.len())).collect();
    assert_eq!(shape, [(group("g"), 50), (group("g"), 10), (user("bob"), 1)]);
}

#[test]
fn what_waits_or_is_under_way_is_not_added_again() {
    let mut outbox = Outbox::default();
    assert!(outbox.add("a", &group("g"), &[1, 1, 2]).0);
    assert!(!outbox.add("a", &group("g"), &[2]).0);
    let batch = outbox.next_batch().unwrap();
    assert!(!outbox.add("a", &group("g"), &[1, 2]).0);
    outbox.settle(&batch);
    assert_eq!(outbox.len(), 0);
    assert!(outbox.add("a", &group("g"), &[1]).0);
}

#[test]
fn the_oldest_make_room() {
    let mut outbox = Outbox::default();
    let seqs: Vec<u64> = (1..=CAPACITY as u64).collect();
    outbox.add("a", &group("g"), &[5]);
    outbox.add("a", &group("h"), &seqs);
    let (added, dropped) = outbox.add("a", &group("h"), &[20_000]);
    assert!(added);
    assert_eq!(dropped, [(group("h"), vec![1])]);
    assert_eq!(outbox.len(), CAPACITY);
}

#[test]
fn nobody_sends_what_another_user_has_read() {
    let mut outbox = Outbox::default();
    outbox.add("a", &group("g"), &[1]);
    outbox.own("a");
    assert_eq!(outbox.len(), 1);
    outbox.own("b");
    assert_eq!(outbox.next_batch(), None);
}

#[derive(Clone, Debug)]
enum Act {
    Add {
        conversation: u8,
        seqs: Vec<u64>,
    },
    Send,
    /// The server judges the nth batch under way.
    Settle(usize),
    /// It is too busy for it.
    TryAgain(usize),
    Break,
}

fn act() -> impl Strategy<Value = Act> {
    let seqs = prop::collection::vec(1..80_u64, 1..70);
    prop_oneof![
        3 => (0..3_u8, seqs).prop_map(|(conversation, seqs)| Act::Add { conversation, seqs }),
        4 => Just(Act::Send),
        3 => any::<usize>().prop_map(Act::Settle),
        1 => any::<usize>().prop_map(Act::TryAgain),
        1 => Just(Act::Break),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Against two plain sets, of what waits and of what is under way: nothing is lost, nothing is sent by two batches
    /// at once, and what is left over in the end goes out.
    #[test]
    fn every_receipt_goes_out_until_it_is_judged(acts in prop::collection::vec(act(), 0..80)) {
        let mut outbox = Outbox::default();
        let mut waiting: BTreeSet<(String, u64)> = BTreeSet::new();
        let mut under_way: Vec<Batch> = Vec::new();
        let name = |conversation: &ConversationRef| format!("{conversation:?}");
        for act in acts {
            match act {
                Act::Add { conversation, seqs } => {
                    let to = group(format!("g{conversation}"));
                    for &seq in &seqs {
                        if !under_way.iter().any(|batch| batch.conversation == to && batch.seqs.contains(&seq)) {
                            waiting.insert((name(&to), seq));
                        }
                    }
                    outbox.add("a", &to, &seqs);
                }
                Act::Send => match outbox.next_batch() {
                    Some(batch) => {
                        prop_assert!((1..=RECEIPTS).contains(&batch.seqs.len()));
                        for &seq in &batch.seqs {
                            prop_assert!(waiting.remove(&(name(&batch.conversation), seq)));
                        }
                        under_way.push(batch);
                    }
                    None => prop_assert!(waiting.is_empty()),
                },
                Act::Settle(nth) => if let Some(nth) = nth.checked_rem(under_way.len()) {
                    outbox.settle(&under_way.remove(nth));
                },
                Act::TryAgain(nth) => if let Some(nth) = nth.checked_rem(under_way.len()) {
                    let batch = under_way.remove(nth);
                    outbox.release_batch(&batch);
                    waiting.extend(batch.seqs.iter().map(|seq| (name(&batch.conversation), *seq)));
                },
                Act::Break => {
                    outbox.release();
                    for batch in under_way.drain(..) {
                        waiting.extend(batch.seqs.iter().map(|seq| (name(&batch.conversation), *seq)));
                    }
                }
            }
            let all: usize = waiting.len() + under_way.iter().map(|batch| batch.seqs.len()).sum::<usize>();
            prop_assert_eq!(outbox.len(), all);
        }
        while let Some(batch) = outbox.next_batch() {
            for &seq in &batch.seqs {
                prop_assert!(waiting.remove(&(name(&batch.conversation), seq)));
            }
        }
        prop_assert!(waiting.is_empty());
    }
}
