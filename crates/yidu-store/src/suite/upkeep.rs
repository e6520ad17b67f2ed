//! Figures, checking, expiry, closing.

use std::sync::atomic::{AtomicU64, Ordering};

use yidu_proto::v1;

use super::Harness;
use super::scene::{APP, Scene, app, distinct};
use crate::receipt::{Filter, Verdict};
use crate::{AppId, StoreError};

pub(super) async fn figures_count_commits_and_receipts(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    let seqs = [scene.ask(group, anna).await, scene.ask(group, anna).await];
    let before = scene.stats().await.unwrap();
    scene.read(group, ben, &seqs).await;
    scene.read(group, ben, &seqs).await;
    let after = scene.stats().await.unwrap();
    assert!(after.commits > before.commits);
    assert_eq!(after.receipts - before.receipts, 2, "a repeat is none");
}

pub(super) async fn a_sound_store_has_no_problems(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben, cleo] = scene.users(["anna", "ben", "cleo"]).await;
    let group = scene.group("g", &[anna, ben, cleo]).await;
    let c2c = scene.c2c(anna, ben).await;
    let (asked, private) = (scene.ask(group, anna).await, scene.ask(c2c, anna).await);
    scene.read(group, ben, &[asked]).await;
    scene.read(c2c, ben, &[private]).await;
    scene.leave(group, &[cleo]).await;
    scene.recall_message(group, asked, v1::Recall::default(), 0).await.unwrap();
    scene.delete_account(cleo).await.unwrap();
    let dismissed = scene.group("h", &[anna]).await;
    scene.dismiss_group(dismissed, scene.now()).await.unwrap();
    for _ in 0..2 {
        let calls = AtomicU64::new(0);
        let heard = |_: &str, _: u64| {
            calls.fetch_add(1, Ordering::Relaxed);
        };
        let report = scene.check(&heard).await.unwrap();
        assert_eq!(report.problems, Vec::<String>::new());
        assert!(report.looked_at.iter().any(|(_, how_many)| *how_many > 0));
        assert!(calls.load(Ordering::Relaxed) > 0, "progress is told");
        scene.reopen().await;
    }
}

pub(super) async fn expired_messages_are_gone_but_for_their_final_counts(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben, cleo] = scene.users(["anna", "ben", "cleo"]).await;
    let group = scene.group("g", &[anna, ben, cleo]).await;
    let (asked, unasked) = (scene.ask(group, anna).await, scene.say(group, anna).await);
    scene.read(group, ben, &[asked]).await;
    let before = scene.now();
    let kept = scene.ask(group, anna).await;
    assert_eq!(scene.expire_history(APP, before, 100).await.unwrap(), 2);
    assert_eq!(scene.commits(0, scene.expire_history(APP, before, 100)).await.unwrap(), 0);
    scene.leave(group, &[cleo]).await;
    for _ in 0..2 {
        assert_eq!(scene.seen(group, anna).await, [kept]);
        assert_eq!(scene.messages(group, ben, true, &[asked, unasked]).await.unwrap(), []);
        assert_eq!(scene.message(group, asked).await.unwrap(), None);
        let page = scene.audience_page(group, asked, Filter::Read, 0, 10).await;
        assert_eq!(page, Err(StoreError::NoReceipts));
        assert_eq!(scene.counts(group, asked).await, (1, 1, 0), "as they were");
        assert_eq!(scene.verdict(group, ben, unasked).await, Verdict::UnknownMessage);
        let recall = scene.recall_message(group, unasked, v1::Recall::default(), 0).await;
        assert_eq!(recall, Err(StoreError::NoSuchMessage));
        assert_eq!(scene.counts(group, kept).await, (0, 1, 1));
        scene.reopen().await;
    }
    assert_eq!(scene.ask(group, anna).await, 4, "seqs go on");
}

pub(super) async fn history_expires_by_app_and_in_slices(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let (group, c2c) = (scene.group("g", &[anna, ben]).await, scene.c2c(anna, ben).await);
    for conversation in [group, c2c, group, c2c, group] {
        scene.say(conversation, anna).await;
    }
    let other = AppId(1_400_000_002);
    scene.create_app(app(other)).await.unwrap();
    let end = scene.now();
    assert_eq!(scene.expire_history(other, end, 100).await.unwrap(), 0);
    let mut slices = Vec::new();
    while slices.last() != Some(&0) {
        slices.push(scene.expire_history(APP, end, 2).await.unwrap());
    }
    assert!(slices.iter().all(|slice| *slice <= 2), "{slices:?}");
    assert_eq!(slices.iter().sum::<usize>(), 5);
    assert_eq!((scene.seen(group, ben).await, scene.seen(c2c, ben).await), (vec![], vec![]));
    distinct(&[group, c2c]);
}

pub(super) async fn a_closed_store_has_stopped(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    let seq = scene.ask(group, anna).await;
    scene.close().await.unwrap();
    scene.close().await.unwrap();
    let stopped = |error: Option<StoreError>| {
        assert!(matches!(error, Some(StoreError::Stopped { .. })), "{error:?}");
    };
    stopped(scene.append_message(scene.draft(group, anna)).await.err());
    stopped(scene.record_receipts(scene.batch(group, ben, &[seq])).await.err());
    stopped(scene.receipt_states(group, &[seq]).await.err());
    stopped(scene.changes(anna, 0, 10).await.err());
    stopped(scene.apps().await.err());
    stopped(scene.stats().await.err());
    scene.reopen().await;
    assert_eq!(scene.verdict(group, ben, seq).await, Verdict::Recorded);
}
