//! The naive model: every stay and every receipt written out.

use std::collections::{BTreeMap, BTreeSet};

use yidu_readset::{Counts, Filter, Millis, Ordinal, Seq, Verdict};

#[derive(Default, Clone)]
pub(crate) struct Person {
    pub(crate) first_join: Seq,
    /// From join to leave; a stay that has not ended has no leave.
    pub(crate) stays: Vec<(Seq, Option<Seq>)>,
}

impl Person {
    pub(crate) fn is_member(&self) -> bool {
        self.stays.last().is_some_and(|(_, leave)| leave.is_none())
    }

    pub(crate) fn was_member(&self, seq: Seq) -> bool {
        self.stays.iter().any(|&(join, leave)| join <= seq && leave.is_none_or(|leave| seq < leave))
    }
}

#[derive(Clone)]
pub(crate) struct ModelMessage {
    pub(crate) sender: Option<Ordinal>,
    pub(crate) needs_receipt: bool,
    pub(crate) recalled: bool,
    pub(crate) audience: BTreeSet<Ordinal>,
    pub(crate) receipts: BTreeMap<Ordinal, Millis>,
}

#[derive(Default, Clone)]
pub(crate) struct Model {
    pub(crate) people: Vec<Person>,
    pub(crate) messages: Vec<ModelMessage>,
}

impl Model {
    pub(crate) fn is_member(&self, o: Ordinal) -> bool {
        self.people.get(o as usize).is_some_and(Person::is_member)
    }

    pub(crate) fn was_member(&self, o: Ordinal, seq: Seq) -> bool {
        self.people.get(o as usize).is_some_and(|person| person.was_member(seq))
    }

    pub(crate) fn ordinals(&self) -> impl Iterator<Item = Ordinal> {
        0..u32::try_from(self.people.len()).unwrap()
    }

    pub(crate) fn join_new(&mut self, next_seq: Seq) {
        self.people.push(Person { first_join: next_seq, stays: vec![(next_seq, None)] });
    }

    pub(crate) fn rejoin(&mut self, o: Ordinal, next_seq: Seq) -> bool {
        let new = !self.is_member(o);
        if new {
            self.people[o as usize].stays.push((next_seq, None));
        }
        new
    }

    pub(crate) fn leave(&mut self, o: Ordinal, next_seq: Seq) -> bool {
        let was = self.is_member(o);
        if was {
            let stays = &mut self.people[o as usize].stays;
            stays.last_mut().unwrap().1 = Some(next_seq);
            stays.retain(|(join, leave)| *leave != Some(*join));
        }
        was
    }

    pub(crate) fn send(
        &mut self,
        seq: Seq,
        sender: Option<Ordinal>,
        targets: Option<&[Ordinal]>,
        needs_receipt: bool,
    ) {
        let asked = |o: &Ordinal| {
            self.was_member(*o, seq)
                && Some(*o) != sender
                && targets.is_none_or(|targets| targets.contains(o))
        };
        let audience = self.ordinals().filter(asked).collect();
        let receipts = BTreeMap::new();
        self.messages.push(ModelMessage { sender, needs_receipt, recalled: false, audience, receipts });
    }

    pub(crate) fn verdict(&self, message: usize, reader: Ordinal) -> Verdict {
        let m = &self.messages[message];
        let rules = [
            (m.sender == Some(reader), Verdict::OwnMessage),
            (m.recalled, Verdict::Recalled),
            (!m.needs_receipt, Verdict::NotRequested),
            (!m.audience.contains(&reader), Verdict::NotInAudience),
            (m.receipts.contains_key(&reader), Verdict::Already),
        ];
        rules.into_iter().find(|(holds, _)| *holds).map_or(Verdict::Recorded, |(_, verdict)| verdict)
    }

    pub(crate) fn list(&self, message: usize, filter: Filter) -> Vec<(Ordinal, Option<Millis>)> {
        let m = &self.messages[message];
        let belongs = |o: &Ordinal| match filter {
            Filter::Read => m.receipts.contains_key(o),
            Filter::Unread => !m.receipts.contains_key(o) && self.is_member(*o),
            Filter::Left => !m.receipts.contains_key(o) && !self.is_member(*o),
            Filter::NotRead => !m.receipts.contains_key(o),
        };
        m.audience.iter().copied().filter(belongs).map(|o| (o, m.receipts.get(&o).copied())).collect()
    }

    pub(crate) fn counts(&self, message: usize) -> Counts {
        let count = |filter| u32::try_from(self.list(message, filter).len()).unwrap();
        Counts {
            audience: u32::try_from(self.messages[message].audience.len()).unwrap(),
            read: count(Filter::Read),
            unread: count(Filter::Unread),
            left: count(Filter::Left),
        }
    }
}
