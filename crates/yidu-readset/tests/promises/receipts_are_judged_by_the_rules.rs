//! Each receipt gets the verdict of `semantics.md` rule 3, in the order of precedence.

use proptest::prelude::*;
use yidu_readset::{AudienceSpec, MessageFacts, ReadSet, Roster, Verdict, verdict};

use crate::history::{World, history};

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..Default::default() })]

    #[test]
    fn every_verdict_is_the_models(events in history()) {
        let mut world = World::default();
        for event in &events {
            for attempt in world.live(event) {
                prop_assert_eq!(attempt.verdict, attempt.expected, "{:?}", attempt);
            }
        }
    }

    #[test]
    fn who_was_recorded_is_already_there_and_a_repeat_changes_nothing(events in history()) {
        let mut world = World::default();
        for event in &events {
            let recorded = world.live(event).into_iter().filter(|a| a.verdict == Verdict::Recorded);
            for attempt in recorded.collect::<Vec<_>>() {
                let set = &mut world.messages[attempt.message].set;
                let before = set.clone();
                prop_assert!(!set.insert(attempt.reader, 1));
                prop_assert_eq!(&*set, &before);
            }
        }
    }
}

#[test]
fn what_comes_first_in_the_order_wins() {
    let mut roster = Roster::new();
    let [sender, reader] = [(); 2].map(|()| roster.join_new(1));
    let stranger = 9;
    let spec = AudienceSpec { seq: 1, sender: Some(sender), targets: None };
    let mut set = ReadSet::new(0);
    set.insert(reader, 5);
    let judge = |who, needs_receipt, recalled| {
        verdict(&roster, Some(MessageFacts { spec: &spec, needs_receipt, recalled }), &set, who)
    };
    assert_eq!(judge(sender, false, true), Verdict::OwnMessage);
    assert_eq!(judge(stranger, false, true), Verdict::Recalled);
    assert_eq!(judge(reader, false, true), Verdict::Recalled);
    assert_eq!(judge(stranger, false, false), Verdict::NotRequested);
    assert_eq!(judge(stranger, true, false), Verdict::NotInAudience);
    assert_eq!(judge(reader, true, false), Verdict::Already);
    assert_eq!(verdict(&roster, None, &set, sender), Verdict::UnknownMessage);
}
