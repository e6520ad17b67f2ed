//! What may never happen to the figures of a store, whatever is asked of it.

use std::collections::HashMap;

use super::step::CONVERSATIONS;
use super::world::World;
use crate::{ConversationId, Seq, Tinyid};

/// The figures of a moment ago.
#[derive(Default)]
pub(super) struct Invariants {
    read: HashMap<(ConversationId, Seq), u32>,
    audience: HashMap<(ConversationId, Seq), u32>,
    last: HashMap<ConversationId, Seq>,
    position: HashMap<Tinyid, u64>,
}

impl Invariants {
    /// Counts add up to an audience that stays as it was, read counts and feeds only grow, seqs have no gaps.
    pub(super) async fn hold(&mut self, world: &World) {
        for place in 0..CONVERSATIONS {
            self.hold_messages(world, place).await;
        }
        for &user in &world.users {
            let position = world.store().position(user).await.unwrap();
            let before = self.position.insert(user, position).unwrap_or(0);
            assert!(position >= before, "the feed of {user:?} fell from {before} to {position}");
            let page = world.store().changes(user, 0, 1_000).await.unwrap();
            let numbers: Vec<u64> = page.changes.iter().map(|change| change.number).collect();
            assert!(numbers.is_sorted_by(|one, other| one < other), "{numbers:?} do not rise");
            assert!(numbers.last().is_none_or(|newest| *newest <= position), "{numbers:?} pass {position}");
        }
    }

    async fn hold_messages(&mut self, world: &World, place: usize) {
        let id = world.at(place);
        let Ok((members, _)) = world.store().members(id, 0, 1).await else { return };
        if members.is_empty() {
            return;
        }
        let last = world.last_seq(place).await.unwrap();
        let before = self.last.insert(id, last).unwrap_or(0);
        assert!(last >= before, "the newest seq fell from {before} to {last}");
        for seq in 1..=last {
            assert!(world.store().message(id, seq).await.unwrap().is_some(), "there is no message {seq}");
        }
        let seqs: Vec<Seq> = (1..=last).collect();
        for state in world.store().receipt_states(id, &seqs).await.unwrap() {
            let (counts, of) = (state.counts, (id, state.seq));
            assert_eq!(counts.read + counts.unread + counts.left, counts.audience, "{state:?}");
            let read = self.read.insert(of, counts.read).unwrap_or(0);
            assert!(counts.read >= read, "{} have read, before it were {read}", counts.read);
            let audience = self.audience.insert(of, counts.audience).unwrap_or(counts.audience);
            assert_eq!(counts.audience, audience, "the audience of message {}", state.seq);
        }
    }
}
