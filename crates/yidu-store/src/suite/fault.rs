//! What becomes of intents when a write fails.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::model::{Step, World, same, script};
use super::scene::{APP, START, Scene, all, new_account};
use super::{Harness, block_on};
use crate::StoreError;
use crate::memory::MemoryStore;
use crate::receipt::Filter;

/// Fails each write of a script of all intents once, on a new harness each time: what was acknowledged is there
/// afterwards, the intent that failed is wholly there or wholly absent, and everything goes on from that.
/// [`conformance_suite!`] does this as the test `whichever_write_fails_nothing_acknowledged_is_lost`.
///
/// [`conformance_suite!`]: crate::conformance_suite
///
/// # Panics
/// Something acknowledged is lost, or half of something is there.
pub fn lose_nothing_acknowledged<H: Harness>(factory: impl Fn() -> H) {
    block_on(async {
        for nth in 0.. {
            if round(&factory(), nth).await == Round::NothingFailed {
                return;
            }
        }
    });
}

#[derive(PartialEq, Eq)]
enum Round {
    AWriteFailed,
    NothingFailed,
}

async fn round(harness: &dyn Harness, nth: u64) -> Round {
    let script = script();
    let mut engine = World::open(harness.open().await).await;
    let mut reference = World::open(Arc::new(MemoryStore::new())).await;
    if !harness.fail_write(nth) {
        return Round::NothingFailed;
    }
    let Some(failed) = acknowledged(&mut engine, &mut reference, &script).await else {
        assert!(nth >= script.len() as u64, "only {nth} writes could be made to fail");
        return Round::NothingFailed;
    };
    stopped(&engine).await;
    engine.store = None;
    engine.store = Some(harness.open().await);
    engine.look_up().await;

    let (is, absent) = (engine.observe().await, reference.observe().await);
    if is != absent {
        reference.take(&script[failed]).await;
        let there = reference.observe().await;
        same(&is, &there, &format!("half of it is there: write {nth} failed at {:?}, and", script[failed]));
    }
    reference.same_time_as(&engine);
    let failed_again = acknowledged(&mut engine, &mut reference, &script[failed..]).await;
    assert_eq!(failed_again, None, "the fault is over");
    same(&engine.observe().await, &reference.observe().await, &format!("after write {nth} failed"));
    Round::AWriteFailed
}

/// Runs steps on both sides until one finds that the engine has stopped: which.
async fn acknowledged(engine: &mut World, reference: &mut World, steps: &[Step]) -> Option<usize> {
    for (place, step) in steps.iter().enumerate() {
        match engine.try_take(step).await {
            Err(StoreError::Stopped { .. } | StoreError::DiskFull) => return Some(place),
            Ok(answer) => assert_eq!(answer, reference.take(step).await, "{step:?}"),
            Err(error) => assert_eq!(engine.refusal(&error), reference.take(step).await, "{step:?}"),
        }
    }
    None
}

/// After a failed write every intent says so, also those that only read.
async fn stopped(engine: &World) {
    let store = engine.store.as_deref().unwrap();
    let answers = [
        store.apps().await.err(),
        store.open_accounts(APP, vec![new_account("late")], START).await.err(),
        store.accounts(APP, &["user0".into()]).await.err(),
        store.history(all(engine.at(0), engine.users[0])).await.err(),
        store.receipt_states(engine.at(0), &[1]).await.err(),
        store.changes(engine.users[0], 0, 10).await.err(),
        store.stats().await.err(),
    ];
    for answer in answers {
        assert!(matches!(answer, Some(StoreError::Stopped { .. })), "{answer:?}");
    }
}

pub(super) async fn racing_receipts_that_were_acknowledged_survive_a_failed_write(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let crowd = scene.crowd(25).await;
    let group = scene.group("g", &crowd).await;
    for nth in 0..8 {
        let seq = scene.ask(group, crowd[0]).await;
        if !harness.fail_write(nth) {
            return;
        }
        let mut racers = JoinSet::new();
        for &reader in &crowd[1..] {
            let (store, batch) = (scene.shared(), scene.batch(group, reader, &[seq]));
            racers.spawn(async move { (reader, store.record_receipts(batch).await) });
        }
        let mut acknowledged = Vec::new();
        for (reader, answer) in racers.join_all().await {
            match answer {
                Ok(outcomes) => acknowledged.push((reader, outcomes[0].advance.clone().unwrap().change)),
                Err(error) => {
                    assert!(matches!(error, StoreError::Stopped { .. } | StoreError::DiskFull), "{error:?}")
                }
            }
        }
        scene.reopen().await;
        let there = scene.listed(group, seq, Filter::Read).await;
        let position = scene.position(crowd[0]).await.unwrap();
        for (reader, change) in acknowledged {
            assert!(there.contains(&reader), "the receipt of {reader:?} was acknowledged and is lost");
            assert!(change <= position, "change {change} was given out, the feed is at {position}");
        }
        assert_eq!(scene.counts(group, seq).await.0 as usize, there.len());
    }
}
