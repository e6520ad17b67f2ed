//! read + unread + left is the audience, after every step; read never falls (`semantics.md` rule 4).

use proptest::prelude::*;
use yidu_readset::{Counts, DecodeError, ReadSetHead, counts};

use crate::history::{Message, World, history};

fn all(world: &World) -> Vec<Counts> {
    let count = |m: &Message| counts(&world.roster, &m.spec, m.audience_count, &m.set);
    world.messages.iter().map(count).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..Default::default() })]

    #[test]
    fn at_every_step_of_every_history(events in history()) {
        let mut world = World::default();
        let mut before: Vec<Counts> = Vec::new();
        for event in &events {
            world.live(event);
            let now = all(&world);
            for (message, count) in now.iter().enumerate() {
                prop_assert_eq!(count.read + count.unread + count.left, count.audience);
                prop_assert_eq!(*count, world.model.counts(message));
            }
            for (old, new) in before.iter().zip(&now) {
                prop_assert!(old.read <= new.read && old.audience == new.audience);
            }
            before = now;
        }
    }

    #[test]
    fn the_head_of_a_stored_set_gives_the_same(events in history()) {
        let world = World::after(&events);
        for (message, warm) in world.messages.iter().zip(all(&world)) {
            let head = ReadSetHead::decode(&message.set.encode_head()).unwrap();
            let fetch = |index| Ok::<_, DecodeError>(message.set.encode_chunk(index).expect("only chunks that exist"));
            let cold = head.counts(&world.roster, &message.spec, message.audience_count, fetch);
            prop_assert_eq!(cold, Ok(warm));
        }
    }
}
