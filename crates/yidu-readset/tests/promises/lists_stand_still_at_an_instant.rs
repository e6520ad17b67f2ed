//! Lists as they were at an instant, whatever has landed since, by cursor and by offset.

use proptest::prelude::*;
use yidu_readset::{Filter, Millis, Ordinal, PageAt, Start, page_at};

use crate::history::{World, history};

/// The list of a plain model: whoever has read later had not read yet.
fn list_at(world: &World, message: usize, filter: Filter, at: Millis) -> Vec<(Ordinal, Option<Millis>)> {
    let later = |o: &Ordinal| world.model.messages[message].receipts.get(o).is_none_or(|read| *read > at);
    let mut list = world.model.list(message, filter);
    if filter == Filter::Read {
        list.retain(|(o, _)| !later(o));
        return list;
    }
    let since = world.model.list(message, Filter::Read).into_iter().map(|(o, _)| o).filter(later);
    let belongs = |o: &Ordinal| match filter {
        Filter::Unread => world.model.is_member(*o),
        Filter::Left => !world.model.is_member(*o),
        Filter::Read | Filter::NotRead => true,
    };
    list.extend(since.filter(belongs).map(|o| (o, None)));
    list.sort_unstable();
    list
}

fn ask(world: &World, message: usize, filter: Filter, at: Millis, start: Start, limit: usize) -> PageAt {
    let m = &world.messages[message];
    page_at(&world.roster, &m.spec, &m.set, filter, at, start, limit)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..Default::default() })]

    #[test]
    fn every_page_is_that_part_of_the_list(
        events in history(),
        message in any::<usize>(),
        filter in prop_oneof![Just(Filter::Read), Just(Filter::Unread), Just(Filter::Left), Just(Filter::NotRead)],
        nth in any::<usize>(),
        offset in 0..300_u32,
        limit in 1..300_usize,
    ) {
        let world = World::after(&events);
        prop_assume!(!world.messages.is_empty());
        let message = message % world.messages.len();
        let times: Vec<Millis> = world.model.messages[message].receipts.values().copied().collect();
        let at = times.get(nth % times.len().max(1)).copied().unwrap_or_default();
        let list = list_at(&world, message, filter, at);

        let part = ask(&world, message, filter, at, Start::Offset(offset), limit);
        let from = list.len().min(offset as usize);
        let to = list.len().min(from + limit);
        prop_assert_eq!(&part.members[..], &list[from..to]);
        prop_assert_eq!((part.offset as usize, part.total as usize), (from, list.len()));
        prop_assert_eq!((part.finished, part.next == 0), (to == list.len(), to == list.len()));

        let (mut came, mut cursor) = (Vec::new(), 0);
        loop {
            let page = ask(&world, message, filter, at, Start::Cursor(cursor), limit);
            prop_assert_eq!(page.offset as usize, came.len());
            came.extend(page.members);
            if page.finished {
                break;
            }
            cursor = page.next;
        }
        prop_assert_eq!(came, list);
    }
}
