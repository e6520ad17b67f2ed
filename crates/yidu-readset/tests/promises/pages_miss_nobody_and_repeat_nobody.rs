//! Pages while receipts land and members come and go between them (`semantics.md` rule 5).

use std::collections::BTreeSet;

use proptest::prelude::*;
use yidu_readset::{Filter, Ordinal, page};

use crate::history::{Event, World, event, history};

fn filter() -> impl Strategy<Value = Filter> {
    prop_oneof![Just(Filter::Read), Just(Filter::Unread), Just(Filter::Left), Just(Filter::NotRead)]
}

fn in_list(world: &World, message: usize, filter: Filter) -> BTreeSet<Ordinal> {
    world.model.list(message, filter).into_iter().map(|(o, _)| o).collect()
}

/// Turns pages to the end, letting events happen between them; returns who came and who was in the list
/// all the while.
fn turn(
    world: &mut World,
    message: usize,
    filter: Filter,
    limit: usize,
    meanwhile: &[Event],
) -> Result<(Vec<Ordinal>, BTreeSet<Ordinal>), TestCaseError> {
    let mut meanwhile = meanwhile.iter();
    let (mut came, mut stayed) = (Vec::new(), in_list(world, message, filter));
    let mut cursor = 0;
    loop {
        let m = &world.messages[message];
        let got = page(&world.roster, &m.spec, &m.set, filter, cursor, limit);
        let list = world.model.list(message, filter);
        let rest: Vec<_> = list.into_iter().filter(|(o, _)| *o >= cursor).collect();
        prop_assert_eq!(&got.members[..], &rest[..limit.min(rest.len())]);
        prop_assert_eq!(got.finished, rest.len() <= limit);
        prop_assert_eq!(got.finished, got.next == 0);
        came.extend(got.members.iter().map(|(o, _)| *o));
        if got.finished {
            return Ok((came, stayed));
        }
        cursor = got.next;
        for event in meanwhile.by_ref().take(2) {
            world.live(event);
            let now = in_list(world, message, filter);
            stayed.retain(|o| now.contains(o));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..Default::default() })]

    #[test]
    fn whoever_stays_in_the_list_comes_exactly_once(
        events in history(),
        meanwhile in prop::collection::vec(event(), 0..60),
        message in any::<usize>(),
        filter in filter(),
        limit in prop_oneof![1..8_usize, 8..400_usize],
    ) {
        let mut world = World::after(&events);
        prop_assume!(!world.messages.is_empty());
        let message = message % world.messages.len();
        let (came, stayed) = turn(&mut world, message, filter, limit, &meanwhile)?;
        let once: BTreeSet<_> = came.iter().copied().collect();
        prop_assert_eq!(once.len(), came.len(), "somebody came twice");
        prop_assert!(once.is_superset(&stayed), "somebody was missed");
    }

    #[test]
    fn in_a_quiet_conversation_the_pages_are_the_list(
        events in history(),
        message in any::<usize>(),
        filter in filter(),
        limit in 1..300_usize,
    ) {
        let mut world = World::after(&events);
        prop_assume!(!world.messages.is_empty());
        let message = message % world.messages.len();
        let (came, stayed) = turn(&mut world, message, filter, limit, &[])?;
        prop_assert!(came.into_iter().eq(stayed));
    }
}

#[test]
fn a_limit_of_nothing_counts_as_one_so_that_every_page_gets_on() {
    let world = World::after(&[
        Event::Join { people: 3 },
        Event::Send { sender: None, targets: None, needs_receipt: true },
    ]);
    let m = &world.messages[0];
    let first = page(&world.roster, &m.spec, &m.set, Filter::Unread, 0, 0);
    assert_eq!((first.members, first.next, first.finished), (vec![(0, None)], 1, false));
    let all = page(&world.roster, &m.spec, &m.set, Filter::Unread, 0, usize::MAX);
    assert_eq!((all.members.len(), all.next, all.finished), (3, 0, true));
}
