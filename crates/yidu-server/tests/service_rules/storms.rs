//! Whatever readers do, in whatever order: the counts are those of a simple model, what is pushed is what the feed says,
//! and the feed holds each message once.

use std::collections::{BTreeMap, BTreeSet};

use proptest::test_runner::{Config, TestRunner};
use yidu_proto::v1;
use yidu_proto::v1::ReceiptVerdict::{Already, OwnMessage, Recorded, UnknownMessage};

use crate::world::{World, group_ref, told_receipts};

const READERS: usize = 4;
const MESSAGES: u64 = 6;

#[test]
fn batches_of_receipts_in_any_order() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let batch = (0..READERS, proptest::collection::vec(1..=MESSAGES + 1, 1..8));
    let batches = proptest::collection::vec(batch, 1..30);
    let config = Config { cases: 64, failure_persistence: None, ..Config::default() };
    let run = |batches| {
        runtime.block_on(story(batches));
        Ok(())
    };
    TestRunner::new(config).run(&batches, run).unwrap();
}

async fn story(batches: Vec<(usize, Vec<u64>)>) {
    let world = World::new().await;
    let people = world.users(["p0", "p1", "p2", "p3"]).await;
    let group = world.group(v1::GroupType::Work, &people[0], &[&people[1], &people[2], &people[3]]).await;
    let sender = |seq: u64| usize::try_from(seq).unwrap() % 2;
    for seq in 1..=MESSAGES {
        assert_eq!(world.ask(&people[sender(seq)], group_ref(&group)).await, seq);
    }
    let since = [
        world.service.subscriptions(people[0].tinyid).await.unwrap().position,
        world.service.subscriptions(people[1].tinyid).await.unwrap().position,
    ];
    let mut read: BTreeMap<u64, BTreeSet<usize>> = BTreeMap::new();
    let mut pushed: BTreeMap<u64, (u64, v1::ReceiptState)> = BTreeMap::new();
    for (reader, seqs) in batches {
        let verdicts = world.read(&people[reader], group_ref(&group), &seqs).await.unwrap();
        for (&seq, verdict) in seqs.iter().zip(verdicts) {
            let expected = if seq > MESSAGES {
                UnknownMessage
            } else if sender(seq) == reader {
                OwnMessage
            } else if read.entry(seq).or_default().insert(reader) {
                Recorded
            } else {
                Already
            };
            assert_eq!(verdict, expected, "seq {seq} by {reader}");
        }
        let heard = world.bus.heard();
        for person in &people[..2] {
            let mut last = 0;
            for (number, state) in told_receipts(&heard, person.tinyid) {
                assert!(number > last, "rising numbers");
                last = number;
                pushed.insert(state.seq, (number, state));
            }
        }
    }
    for (who, person) in people[..2].iter().enumerate() {
        let request = v1::GetChanges { after: since[who], limit: 0 };
        let feed = world.service.get_changes(person, request).await.unwrap();
        let mut fed = BTreeMap::new();
        for change in feed.changes {
            let Some(v1::change::Thing::Receipt(state)) = change.thing else { continue };
            assert!(fed.insert(state.seq, (change.number, state)).is_none(), "each message once");
        }
        let own: BTreeMap<_, _> = pushed
            .iter()
            .filter(|(seq, _)| sender(**seq) == who)
            .map(|(seq, told)| (*seq, told.clone()))
            .collect();
        assert_eq!(fed, own);
    }
    for (seq, readers) in read {
        let count = u32::try_from(readers.len()).unwrap();
        let state = world.state(&people[sender(seq)], group_ref(&group), seq).await;
        assert_eq!((state.audience_count, state.read_count, state.unread_count), (3, count, 3 - count));
    }
}
