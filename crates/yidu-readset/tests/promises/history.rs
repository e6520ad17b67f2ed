//! Random histories of a conversation, lived by the model and the real thing side by side.

use proptest::prelude::*;
use yidu_readset::{
    Audience, AudienceSpec, MessageFacts, Millis, Ordinal, ReadSet, Roster, Seq, Verdict, verdict,
};

use crate::model::Model;

/// Something that happens. Numbers choose among what is there when it happens.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    Join { people: u16 },
    Leave { first: u32, people: u16 },
    Rejoin { first: u32, people: u16 },
    Send { sender: Option<u32>, targets: Option<Vec<u32>>, needs_receipt: bool },
    Recall { message: usize },
    Receipts { message: usize, first: u32, people: u16, at: Millis },
}

pub(crate) fn event() -> impl Strategy<Value = Event> {
    let few = || prop_oneof![8 => 1..4_u16, 1 => 1..80_u16];
    let who = || any::<u32>();
    let join = prop_oneof![6 => 1..6_u16, 1 => 900..1_300_u16].prop_map(|people| Event::Join { people });
    let leave = (who(), few()).prop_map(|(first, people)| Event::Leave { first, people });
    let rejoin = (who(), few()).prop_map(|(first, people)| Event::Rejoin { first, people });
    let targets = prop::option::weighted(0.3, prop::collection::vec(who(), 0..12));
    let send = (prop::option::weighted(0.8, who()), targets, prop::bool::weighted(0.9))
        .prop_map(|(sender, targets, needs_receipt)| Event::Send { sender, targets, needs_receipt });
    let recall = any::<usize>().prop_map(|message| Event::Recall { message });
    // Before the message, shortly after it, and more than 49 days (2^32 ms) later.
    let at = prop_oneof![900..5_000_u64, Just(1 << 33), (1_u64 << 32) - 5..(1 << 32) + 5_000];
    let people = prop_oneof![4 => 1..6_u16, 2 => 10..40_u16, 1 => 600..1_500_u16];
    let receipts = (any::<usize>(), who(), people, at)
        .prop_map(|(message, first, people, at)| Event::Receipts { message, first, people, at });
    prop_oneof![4 => join, 3 => leave, 3 => rejoin, 4 => send, 1 => recall, 6 => receipts]
}

/// Some people, then anything.
pub(crate) fn history() -> impl Strategy<Value = Vec<Event>> {
    prop::collection::vec(event(), 1..50)
}

pub(crate) struct Message {
    pub(crate) spec: AudienceSpec,
    pub(crate) audience_count: u32,
    pub(crate) set: ReadSet,
}

/// One receipt that somebody tried to send.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attempt {
    pub(crate) message: usize,
    pub(crate) reader: Ordinal,
    pub(crate) verdict: Verdict,
    pub(crate) expected: Verdict,
}

#[derive(Default)]
pub(crate) struct World {
    pub(crate) model: Model,
    pub(crate) roster: Roster,
    pub(crate) messages: Vec<Message>,
}

pub(crate) const SENT_AT: Millis = 1_000;

impl World {
    pub(crate) fn after(events: &[Event]) -> Self {
        let mut world = Self::default();
        events.iter().for_each(|event| _ = world.live(event));
        world
    }

    pub(crate) fn next_seq(&self) -> Seq {
        self.messages.len() as Seq + 1
    }

    /// Lets an event happen; returns the receipts that were tried.
    pub(crate) fn live(&mut self, event: &Event) -> Vec<Attempt> {
        let next_seq = self.next_seq();
        match event {
            Event::Join { people } => {
                for _ in 0..*people {
                    self.model.join_new(next_seq);
                    let given = self.roster.join_new(next_seq) as usize;
                    assert_eq!(given + 1, self.model.people.len());
                }
            }
            Event::Leave { first, people } => {
                for o in self.some(*first, *people) {
                    assert_eq!(self.roster.leave(o, next_seq).unwrap(), self.model.leave(o, next_seq));
                }
            }
            Event::Rejoin { first, people } => {
                for o in self.some(*first, *people) {
                    assert_eq!(self.roster.rejoin(o, next_seq).unwrap(), self.model.rejoin(o, next_seq));
                }
            }
            Event::Send { sender, targets, needs_receipt } => {
                self.send(*sender, targets.as_deref(), *needs_receipt)
            }
            Event::Recall { message } => {
                if !self.messages.is_empty() {
                    let message = message % self.messages.len();
                    self.model.messages[message].recalled = true;
                }
            }
            Event::Receipts { message, first, people, at } => {
                if !self.messages.is_empty() {
                    let message = message % self.messages.len();
                    let readers = self.some(*first, *people);
                    return (0..).zip(readers).map(|(i, o)| self.receipt(message, o, at + i)).collect();
                }
            }
        }
        Vec::new()
    }

    fn send(&mut self, sender: Option<u32>, targets: Option<&[u32]>, needs_receipt: bool) {
        let seq = self.next_seq();
        // Only a member sends; a target may be anybody, even an ordinal that nobody has.
        let members: Vec<_> = self.roster.iter_members().collect();
        let sender =
            sender.filter(|_| !members.is_empty()).map(|pick| members[pick as usize % members.len()]);
        let room = self.roster.ordinals() + 2;
        let targets = targets.map(|targets| {
            let mut targets: Vec<_> = targets.iter().map(|pick| pick % room).collect();
            targets.sort_unstable();
            targets.dedup();
            targets
        });
        self.model.send(seq, sender, targets.as_deref(), needs_receipt);
        let spec = AudienceSpec { seq, sender, targets };
        let audience_count = Audience::new(&self.roster, &spec).len();
        self.messages.push(Message { spec, audience_count, set: ReadSet::new(SENT_AT) });
    }

    fn receipt(&mut self, message: usize, reader: Ordinal, at: Millis) -> Attempt {
        let expected = self.model.verdict(message, reader);
        let real = &mut self.messages[message];
        let model = &mut self.model.messages[message];
        let (needs_receipt, recalled) = (model.needs_receipt, model.recalled);
        let facts = MessageFacts { spec: &real.spec, needs_receipt, recalled };
        let verdict = verdict(&self.roster, Some(facts), &real.set, reader);
        if verdict == Verdict::Recorded {
            assert!(real.set.insert(reader, at), "what is recorded is new");
            model.receipts.insert(reader, at.max(SENT_AT));
        }
        Attempt { message, reader, verdict, expected }
    }

    /// So many neighbours, in a circle.
    fn some(&self, first: u32, people: u16) -> Vec<Ordinal> {
        let all = self.roster.ordinals();
        (0..u32::from(people).min(all)).map(|i| (first % all + i) % all).collect()
    }
}
