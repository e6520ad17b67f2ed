//! The outbox against a model: whatever the order of arrival, pacing, loss and the moment of disconnecting, resuming
//! from the position and what was pushed give the newest state of every thing.

use std::collections::HashMap;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use proptest::prelude::*;
use prost::Message;
use tokio::time::Instant;
use v1::change::Thing;
use v1::push::Event;
use yidu_proto::v1;

use super::numbers::GAP;
use super::queue::{Bounds, Filled, Queue, RESYNC_PACE};
use super::receipts::PACE;
use crate::gateway::encode::{self, PushField};

const ROOM: usize = 16 * 1024;
const WIDE: Bounds = Bounds { pushes: 1_000, bytes: 1 << 20, receipts: 1_000 };

fn receipt(number: u64, seq: u64, read: u32) -> v1::Change {
    let conversation =
        v1::ConversationRef { of: Some(v1::conversation_ref::Of::Group(format!("group {}", seq % 3))) };
    let state = v1::ReceiptState {
        conversation: Some(conversation),
        seq,
        message_id: format!("1-2-{seq}"),
        read_count: read,
        ..Default::default()
    };
    v1::Change { number, thing: Some(Thing::Receipt(state)) }
}

fn cleared(number: u64) -> v1::Change {
    let thing = v1::UnreadCleared { read_seq: number, ..Default::default() };
    v1::Change { number, thing: Some(Thing::UnreadCleared(thing)) }
}

fn message(bytes: usize) -> Bytes {
    encode::push(PushField::Message, &v1::Message { id: "m".repeat(bytes), ..Default::default() })
}

/// Everything that can be written now.
fn filled(queue: &mut Queue, now: Instant) -> Vec<Event> {
    let mut out = BytesMut::new();
    while queue.fill(&mut out, usize::MAX, now) == Filled::Items {}
    let frame = v1::ServerFrame::decode(out.freeze()).unwrap();
    let events = frame.items.into_iter().map(|item| match item.item {
        Some(v1::server_item::Item::Push(push)) => push.event.unwrap(),
        other => panic!("{other:?}"),
    });
    events.collect()
}

/// (number, seq, read) of the receipts in the only push, and its position.
fn only_changes(events: &[Event]) -> (Vec<(u64, u64, u32)>, u64) {
    let [Event::Changes(changes)] = events else { panic!("{events:?}") };
    let receipts = changes.changes.iter().map(|change| match &change.thing {
        Some(Thing::Receipt(state)) => (change.number, state.seq, state.read_count),
        other => panic!("{other:?}"),
    });
    (receipts.collect(), changes.position)
}

fn opened(bounds: Bounds, position: u64) -> (Queue, Instant) {
    let now = Instant::now();
    let mut queue = Queue::new(bounds);
    queue.open(position, now);
    (queue, now)
}

#[test]
fn the_first_receipt_goes_out_at_once_and_the_rest_every_200_ms() {
    let (mut queue, start) = opened(WIDE, 0);
    let mut pushed = Vec::new();
    // A receipt every 10 ms for one second, looked at after each.
    for step in 0..=100u64 {
        let now = start + Duration::from_millis(10 * step);
        queue.change(&receipt(step + 1, 1, u32::try_from(step).unwrap() + 1), now);
        pushed.extend(filled(&mut queue, now).iter().map(|event| (step * 10, event.clone())));
    }
    let times: Vec<u64> = pushed.iter().map(|(time, _)| *time).collect();
    assert_eq!(times, [0, 200, 400, 600, 800, 1_000]);
    assert_eq!(only_changes(&[pushed[1].1.clone()]), (vec![(21, 1, 21)], 21));
    // The last state arrives although nothing follows it.
    queue.change(&receipt(102, 1, 102), start + Duration::from_millis(1_001));
    assert_eq!(queue.due(), Some(start + Duration::from_millis(1_200)));
    assert!(filled(&mut queue, start + Duration::from_millis(1_199)).is_empty());
    let last = filled(&mut queue, start + Duration::from_millis(1_200));
    assert_eq!(only_changes(&last), (vec![(102, 1, 102)], 102));
    // Quiet for a pace: nothing is kept, nothing is due, and the next goes out at once.
    assert!(filled(&mut queue, start + Duration::from_millis(1_400)).is_empty());
    assert_eq!(queue.due(), None);
    queue.change(&receipt(103, 1, 103), start + Duration::from_millis(1_401));
    assert_eq!(filled(&mut queue, start + Duration::from_millis(1_401)).len(), 1);
}

#[test]
fn an_update_that_rests_holds_the_position_back_until_a_newer_one_takes_its_place() {
    let (mut queue, now) = opened(WIDE, 5);
    queue.change(&receipt(6, 1, 1), now);
    assert_eq!(only_changes(&filled(&mut queue, now)), (vec![(6, 1, 1)], 6));
    queue.change(&receipt(7, 1, 2), now);
    queue.change(&receipt(8, 2, 1), now);
    assert_eq!(only_changes(&filled(&mut queue, now)), (vec![(8, 2, 1)], 6));
    queue.change(&receipt(9, 1, 3), now);
    queue.change(&receipt(10, 3, 1), now);
    assert_eq!(only_changes(&filled(&mut queue, now)), (vec![(10, 3, 1)], 8));
    assert_eq!(only_changes(&filled(&mut queue, now + PACE)), (vec![(9, 1, 3)], 10));
}

#[test]
fn a_straggler_never_brings_older_counts_back() {
    let (mut queue, now) = opened(WIDE, 0);
    queue.change(&receipt(2, 1, 2), now);
    assert_eq!(only_changes(&filled(&mut queue, now)), (vec![(2, 1, 2)], 0));
    // Long after the message went quiet, but before its gap counts as lost.
    let late = now + 4 * PACE;
    assert!(filled(&mut queue, late).is_empty());
    queue.change(&receipt(1, 1, 1), late);
    assert!(filled(&mut queue, late + PACE).is_empty());
    queue.change(&receipt(3, 1, 3), late + PACE);
    assert_eq!(only_changes(&filled(&mut queue, late + 2 * PACE)), (vec![(3, 1, 3)], 3));
}

#[test]
fn a_change_without_an_order_of_its_own_waits_for_the_missing_number() {
    let (mut queue, now) = opened(WIDE, 0);
    queue.change(&cleared(2), now);
    assert!(filled(&mut queue, now).is_empty());
    queue.change(&cleared(1), now);
    let [Event::Changes(changes)] = &filled(&mut queue, now)[..] else { panic!() };
    assert_eq!(changes.changes, [cleared(1), cleared(2)]);
    assert_eq!(changes.position, 2);
}

#[test]
fn a_lost_number_makes_the_device_pull() {
    let (mut queue, now) = opened(WIDE, 0);
    queue.change(&receipt(2, 1, 1), now);
    assert_eq!(filled(&mut queue, now).len(), 1);
    assert_eq!(queue.due(), Some(now + PACE));
    assert!(filled(&mut queue, now + PACE).is_empty());
    assert!(queue.due().is_some_and(|due| due <= now + GAP));
    assert_eq!(filled(&mut queue, now + GAP), [Event::Resync(v1::Resync {})]);
    queue.change(&receipt(3, 1, 2), now + GAP);
    assert_eq!(only_changes(&filled(&mut queue, now + GAP)), (vec![(3, 1, 2)], 0));
    queue.given(0, 3, now + GAP);
    queue.change(&receipt(4, 2, 1), now + GAP);
    assert_eq!(only_changes(&filled(&mut queue, now + GAP)), (vec![(4, 2, 1)], 4));
}

#[test]
fn a_full_outbox_is_dropped_and_says_so_once_a_second() {
    let bounds = Bounds { pushes: 10, bytes: 10_000, receipts: 3 };
    for kind in 0..3 {
        let (mut queue, now) = opened(bounds, 0);
        let mut number = 0;
        let mut overflow = |queue: &mut Queue, now: Instant| match kind {
            0 => (0..20).for_each(|_| queue.push(message(1))),
            1 => (0..5).for_each(|_| queue.push(message(3_000))),
            _ => (0..5).for_each(|_| {
                number += 1;
                queue.change(&receipt(number, number, 1), now);
            }),
        };
        overflow(&mut queue, now);
        assert!(queue.is_ready(now));
        assert_eq!(filled(&mut queue, now), [Event::Resync(v1::Resync {})]);
        queue.push(message(1));
        assert_eq!(filled(&mut queue, now).len(), 1, "it goes on");

        overflow(&mut queue, now);
        assert!(!queue.is_ready(now) && filled(&mut queue, now).is_empty());
        assert_eq!(queue.due(), Some(now + RESYNC_PACE));
        assert_eq!(filled(&mut queue, now + RESYNC_PACE), [Event::Resync(v1::Resync {})]);
    }
}

#[test]
fn nothing_but_a_kick_is_written_before_login_is_answered() {
    let now = Instant::now();
    let mut queue = Queue::new(WIDE);
    queue.push(message(1));
    queue.change(&receipt(3, 1, 1), now);
    queue.change(&receipt(5, 2, 1), now);
    assert!(!queue.is_ready(now) && filled(&mut queue, now).is_empty());
    queue.open(4, now);
    let events = filled(&mut queue, now);
    assert_eq!(events.len(), 2);
    assert_eq!(only_changes(&events[1..]), (vec![(5, 2, 1)], 5));

    let mut queue = Queue::new(WIDE);
    queue.push(message(1));
    queue.kick(v1::Kicked { code: 6208, ..Default::default() });
    queue.kick(v1::Kicked { code: 6206, ..Default::default() });
    let mut out = BytesMut::new();
    assert_eq!(queue.fill(&mut out, ROOM, now), Filled::Last);
    let kicked = encode::push(PushField::Kicked, &v1::Kicked { code: 6208, ..Default::default() });
    assert_eq!(out, kicked);
}

#[test]
fn a_write_takes_no_more_than_there_is_room_for() {
    let (mut queue, now) = opened(WIDE, 0);
    (0..40).for_each(|_| queue.push(message(1_000)));
    let mut out = BytesMut::new();
    assert_eq!(queue.fill(&mut out, ROOM, now), Filled::Items);
    assert!(out.len() >= ROOM && out.len() < ROOM + 1_100, "{}", out.len());
    assert!(queue.is_ready(now));
}

/// One step of a story.
#[derive(Clone, Debug)]
enum Step {
    /// The next number of the feed names this message.
    Receipt(u64),
    /// The next number names something else.
    Other,
    /// One of the committed numbers is announced.
    Arrive(prop::sample::Index),
    /// One of the committed numbers gets lost on the bus.
    Lose(prop::sample::Index),
    Wait(u64),
    Write,
    /// The device asks `GetChanges` from its position, for this many.
    Ask(usize),
    /// The answer reaches it.
    Answer,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (1..7u64).prop_map(Step::Receipt),
        1 => Just(Step::Other),
        8 => any::<prop::sample::Index>().prop_map(Step::Arrive),
        1 => any::<prop::sample::Index>().prop_map(Step::Lose),
        4 => (0..400u64).prop_map(Step::Wait),
        4 => Just(Step::Write),
        1 => (1..8usize).prop_map(Step::Ask),
        1 => Just(Step::Answer),
    ];
    prop::collection::vec(step, 0..120)
}

/// A thing of the feed: a message, or 0 for everything else that has one entry each.
type Name = (u64, u64);

fn name(change: &v1::Change) -> Name {
    match &change.thing {
        Some(Thing::Receipt(state)) => (state.seq, 0),
        _ => (0, change.number),
    }
}

struct Story {
    queue: Queue,
    now: Instant,
    /// The feed as the store would answer it: the newest entry of each thing.
    feed: HashMap<Name, v1::Change>,
    last: u64,
    reads: HashMap<u64, u32>,
    under_way: Vec<v1::Change>,
    /// What the device knows.
    seen: HashMap<Name, v1::Change>,
    position: u64,
    asked: Option<(u64, u64, Vec<v1::Change>)>,
    /// When a message was pushed last, and with what count.
    pushed: HashMap<u64, (Instant, u32)>,
    lossy: bool,
}

impl Story {
    fn new(bounds: Bounds) -> Story {
        let (queue, now) = opened(bounds, 0);
        Story {
            queue,
            now,
            feed: HashMap::new(),
            last: 0,
            reads: HashMap::new(),
            under_way: Vec::new(),
            seen: HashMap::new(),
            position: 0,
            asked: None,
            pushed: HashMap::new(),
            lossy: false,
        }
    }

    fn run(&mut self, step: Step) {
        match step {
            Step::Receipt(seq) => {
                let read = self.reads.entry(seq).or_default();
                *read += 1;
                let change = receipt(self.last + 1, seq, *read);
                self.commit(change);
            }
            Step::Other => self.commit(cleared(self.last + 1)),
            Step::Arrive(index) => {
                if let Some(change) = self.pick(index) {
                    self.queue.change(&change, self.now);
                }
            }
            Step::Lose(index) => self.lossy |= self.pick(index).is_some(),
            Step::Wait(millis) => self.now += Duration::from_millis(millis),
            Step::Write => self.write(),
            Step::Ask(limit) => self.ask(limit),
            Step::Answer => self.answer(),
        }
        self.check();
    }

    fn commit(&mut self, change: v1::Change) {
        self.last = change.number;
        self.feed.insert(name(&change), change.clone());
        self.under_way.push(change);
    }

    fn pick(&mut self, index: prop::sample::Index) -> Option<v1::Change> {
        if self.under_way.is_empty() {
            return None;
        }
        // Announced nearly in order, as commits of one machine are.
        Some(self.under_way.remove(index.index(self.under_way.len().min(4))))
    }

    fn write(&mut self) {
        for event in filled(&mut self.queue, self.now) {
            match event {
                Event::Changes(changes) => {
                    assert!(changes.changes.windows(2).all(|pair| pair[0].number < pair[1].number));
                    assert!(changes.position >= self.position, "the position went back");
                    for change in changes.changes {
                        self.check_pace(&change);
                        self.see(change);
                    }
                    self.position = changes.position;
                }
                Event::Resync(_) => {
                    self.lossy = true;
                    self.pushed.values_mut().for_each(|(at, _)| *at = self.now - PACE);
                }
                other => panic!("{other:?}"),
            }
        }
    }

    fn check_pace(&mut self, change: &v1::Change) {
        if let Some(Thing::Receipt(state)) = &change.thing
            && let Some((at, read)) = self.pushed.insert(state.seq, (self.now, state.read_count))
        {
            assert!(
                state.read_count > read,
                "counts of {} went from {read} to {}",
                state.seq,
                state.read_count
            );
            assert!(self.now - at >= PACE, "two updates within a pace");
        }
    }

    fn ask(&mut self, limit: usize) {
        let mut page: Vec<_> =
            self.feed.values().filter(|change| change.number > self.position).cloned().collect();
        page.sort_by_key(|change| change.number);
        let end = if page.len() > limit { page[limit - 1].number } else { self.last };
        page.truncate(limit);
        self.asked = Some((self.position, end, page));
    }

    fn answer(&mut self) {
        let Some((after, position, page)) = self.asked.take() else { return };
        self.queue.given(after, position, self.now);
        page.into_iter().for_each(|change| self.see(change));
        self.position = self.position.max(position);
    }

    /// An answer may have been read before a push that reached the device earlier: of two states it keeps the newer.
    fn see(&mut self, change: v1::Change) {
        let known = self.seen.get(&name(&change)).map_or(0, |known| known.number);
        if change.number > known {
            self.seen.insert(name(&change), change);
        }
    }

    /// If the connection broke now: the feed after the position fills in whatever the device has not seen.
    fn check(&self) {
        for (name, newest) in &self.feed {
            let known = self.seen.get(name).map_or(0, |known| known.number);
            assert!(
                newest.number > self.position || known >= newest.number,
                "{name:?}: newest is {}, seen {known}, resumed after {}",
                newest.number,
                self.position
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn resuming_misses_nothing(story in steps(), receipts in 2..8usize, pushes in 1..6usize) {
        let mut run = Story::new(Bounds { pushes, bytes: 1 << 20, receipts });
        story.into_iter().for_each(|step| run.run(step));
        // Whatever has happened: a device that stays connected and pulls upon Resync ends with the newest of everything.
        for change in std::mem::take(&mut run.under_way) {
            run.queue.change(&change, run.now);
        }
        for _ in 0..4 {
            run.now += GAP.max(RESYNC_PACE);
            run.write();
            run.ask(usize::MAX);
            run.answer();
        }
        prop_assert_eq!(run.position, run.last);
        prop_assert!(run.feed.iter().all(|(name, newest)| run.seen[name] == *newest));
        run.run(Step::Receipt(1));
        for change in std::mem::take(&mut run.under_way) {
            run.queue.change(&change, run.now);
        }
        run.now += PACE;
        run.write();
        prop_assert_eq!(run.position, run.last, "pushes move the position again");
    }

    #[test]
    fn without_loss_pushes_alone_tell_everything(story in steps()) {
        let mut run = Story::new(WIDE);
        for step in story {
            match step {
                // So short that no gap of a whole story is taken for a loss.
                Step::Wait(millis) => run.run(Step::Wait(millis % 8)),
                Step::Lose(_) | Step::Ask(_) => {}
                step => run.run(step),
            }
        }
        for change in std::mem::take(&mut run.under_way) {
            run.queue.change(&change, run.now);
        }
        run.write();
        run.now += PACE;
        run.write();
        // A late number that brings nothing new moves the position, which the next push tells.
        run.run(Step::Receipt(7));
        let last = run.under_way.remove(0);
        run.queue.change(&last, run.now);
        run.now += PACE;
        run.write();
        prop_assert!(!run.lossy);
        prop_assert_eq!(run.position, run.last);
        prop_assert!(run.feed.iter().all(|(name, newest)| run.seen[name] == *newest));
    }
}
