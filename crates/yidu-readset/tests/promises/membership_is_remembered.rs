//! Who is a member, who was one when, since when, and how many: for everybody and every seq.

use proptest::prelude::*;
use yidu_readset::{Audience, Ordinal, Roster, UnknownOrdinal};

use crate::history::{World, history};

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..Default::default() })]

    #[test]
    fn the_roster_says_what_the_stays_say(events in history()) {
        let World { model, roster, messages } = World::after(&events);
        prop_assert_eq!(roster.ordinals() as usize, model.people.len());
        let members: Vec<Ordinal> = model.ordinals().filter(|&o| model.is_member(o)).collect();
        prop_assert_eq!(roster.members() as usize, members.len());
        prop_assert_eq!(roster.iter_members().collect::<Vec<_>>(), members.clone());
        for from in [1, 63, 64, 1_000, 1_024, 2_000, 1 << 31] {
            let rest: Vec<_> = members.iter().copied().filter(|&o| o >= from).collect();
            prop_assert_eq!(roster.iter_members_from(from).collect::<Vec<_>>(), rest);
        }
        for (o, person) in (0..).zip(&model.people) {
            prop_assert_eq!(roster.first_join(o), Some(person.first_join));
            let joined_at = person.stays.last().filter(|_| person.is_member()).map(|stay| stay.0);
            prop_assert_eq!(roster.joined_at(o), joined_at);
            for seq in 0..messages.len() as u64 + 3 {
                prop_assert_eq!(roster.was_member(o, seq), person.was_member(seq), "ordinal {} at {}", o, seq);
            }
        }
        for seq in 0..messages.len() as u64 + 3 {
            let there = model.people.iter().filter(|person| person.was_member(seq)).count();
            prop_assert_eq!(roster.members_at(seq) as usize, there);
        }
    }

    #[test]
    fn an_audience_never_changes(events in history()) {
        let World { model, roster, messages } = World::after(&events);
        for (message, expected) in messages.iter().zip(&model.messages) {
            let audience = Audience::new(&roster, &message.spec);
            prop_assert!(audience.iter().eq(expected.audience.iter().copied()));
            prop_assert_eq!(audience.len(), message.audience_count);
            prop_assert_eq!(audience.len() as usize, expected.audience.len());
            for o in 0..roster.ordinals() + 2 {
                prop_assert_eq!(audience.contains(o), expected.audience.contains(&o));
            }
        }
    }
}

#[test]
fn an_ordinal_that_was_never_given_is_refused() {
    let mut roster = Roster::new();
    roster.join_new(1);
    let unknown = UnknownOrdinal { ordinal: 1, given: 1 };
    assert_eq!(roster.leave(1, 2), Err(unknown));
    assert_eq!(roster.rejoin(1, 2), Err(unknown));
    assert_eq!((roster.first_join(1), roster.joined_at(1)), (None, None));
    assert!(!roster.is_member(1) && !roster.was_member(1, 1));
}

#[test]
fn going_in_and_out_between_two_messages_leaves_nothing_behind() {
    let mut roster = Roster::new();
    let o = roster.join_new(1);
    assert_eq!(roster.leave(o, 5), Ok(true));
    let away = roster.clone();
    let bytes = roster.heap_bytes();
    for _ in 0..1_000 {
        assert_eq!(roster.rejoin(o, 5), Ok(true));
        assert_eq!(roster.leave(o, 5), Ok(true));
    }
    assert_eq!(roster, away);
    assert!(roster.heap_bytes() <= bytes + 64);
}

#[test]
fn seqs_that_go_backwards_count_as_the_newest_known() {
    let mut roster = Roster::new();
    let a = roster.join_new(10);
    let b = roster.join_new(3);
    assert_eq!(roster.first_join(b), Some(10));
    assert_eq!(roster.leave(a, 2), Ok(true));
    assert_eq!(roster.rejoin(a, 1), Ok(true));
    assert_eq!(roster.joined_at(a), Some(10));
    assert_eq!((9..12).map(|seq| roster.members_at(seq)).collect::<Vec<_>>(), [0, 2, 2]);
}

#[test]
fn a_million_who_join_at_once_take_a_fraction_of_a_byte_each() {
    let mut roster = Roster::new();
    (0..1_000_000).for_each(|_| _ = roster.join_new(7));
    assert_eq!((roster.members(), roster.members_at(6), roster.members_at(7)), (1_000_000, 0, 1_000_000));
    assert!(roster.heap_bytes() < 300_000, "{} bytes", roster.heap_bytes());
}
