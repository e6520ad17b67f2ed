//! What was acknowledged is there after whatever stopped the store.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "a test reports by panicking"
)]

mod support;

use std::sync::Arc;

use support::{NOON, batch, copy, counts, group, hasty, lazy, membership, message, open, read, send, users};
use yidu_store::receipt::Filter;
use yidu_store::{Feeds, Groups, Messages, Receipts, StoreError, Upkeep};
use yidu_store_embedded::{EmbeddedStore, Injected, OpenError, Options};

#[tokio::test]
async fn a_closed_store_has_everything_when_it_is_opened_again() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path(), Options::default());
    let people = users(&*store, 4).await;
    let room = group(&*store, "room", &people).await;
    let seqs = send(&*store, room, people[0], 3).await;
    read(&*store, room, people[1], &seqs).await;
    read(&*store, room, people[2], &seqs[..1]).await;
    let before = store.receipt_states(room, &seqs).await.unwrap();
    let feed = store.changes(people[0], 0, 100).await.unwrap();
    store.close().await.unwrap();
    assert!(matches!(store.position(people[0]).await, Err(StoreError::Stopped { .. })));
    store.close().await.unwrap();

    let store = open(dir.path(), Options::default());
    assert_eq!(store.stats().await.unwrap().unfolded_receipts, 0, "closing folds");
    assert_eq!(store.receipt_states(room, &seqs).await.unwrap(), before);
    assert_eq!(store.changes(people[0], 0, 100).await.unwrap(), feed);
    assert_eq!(before[0].counts.read, 2);
}

#[tokio::test]
async fn dropping_without_closing_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path(), Options::default());
    let people = users(&*store, 5).await;
    let room = group(&*store, "room", &people).await;
    let seqs = send(&*store, room, people[0], 2).await;
    read(&*store, room, people[1], &seqs).await;
    let position = store.position(people[0]).await.unwrap();
    drop(store);

    let store = open(dir.path(), Options::default());
    assert_eq!(store.stats().await.unwrap().unfolded_receipts, 2, "the journal has them");
    assert_eq!(store.position(people[0]).await.unwrap(), position);
    assert_eq!(counts(&*store, room, seqs[0]).await.read, 1);
    let again = store.record_receipts(batch(room, people[2], &seqs, NOON)).await.unwrap();
    let change = again[0].advance.as_ref().unwrap().change;
    assert_eq!(change, position + 1, "numbers go on where they were");
}

/// The folder is copied under a running store, as a kill would leave it: whatever was acknowledged before the copy began
/// is in it, and it fits together.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_at_any_moment_loses_nothing_acknowledged() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path(), hasty());
    let people = users(&*store, 40).await;
    let room = group(&*store, "room", &people).await;
    let seqs = send(&*store, room, people[0], 20).await;
    for round in 0..6 {
        let readers = people[1 + round * 6..][..6].to_vec();
        let work = {
            let (store, seqs) = (Arc::clone(&store), seqs.clone());
            tokio::spawn(async move {
                for reader in readers {
                    read(&*store, room, reader, &seqs).await;
                }
            })
        };
        let acknowledged = counts(&*store, room, seqs[0]).await.read;
        let killed = tempfile::tempdir().unwrap();
        copy(dir.path(), killed.path());
        let found = open(killed.path(), lazy());
        assert!(counts(&*found, room, seqs[0]).await.read >= acknowledged);
        let report = found.check(&|_, _| ()).await.unwrap();
        assert_eq!(report.problems, Vec::<String>::new());
        work.await.unwrap();
    }
}

#[tokio::test]
async fn a_failed_write_stops_the_store_and_loses_nothing_acknowledged() {
    for how in [Injected::BeforeWrite, Injected::AfterWrite, Injected::DiskFull] {
        let dir = tempfile::tempdir().unwrap();
        let options = Options::default();
        let faults = options.faults.clone();
        let store = open(dir.path(), options);
        let people = users(&*store, 4).await;
        let room = group(&*store, "room", &people).await;
        let seqs = send(&*store, room, people[0], 1).await;
        read(&*store, room, people[1], &seqs).await;

        faults.fail_commit(0, how);
        let failed = store.record_receipts(batch(room, people[2], &seqs, NOON)).await;
        let expected = |error: &StoreError| match how {
            Injected::DiskFull => *error == StoreError::DiskFull,
            Injected::BeforeWrite | Injected::AfterWrite => matches!(error, StoreError::Stopped { .. }),
        };
        assert!(failed.as_ref().is_err_and(expected), "{how:?}: {failed:?}");
        let later = store.receipt_states(room, &seqs).await;
        assert!(later.as_ref().is_err_and(expected), "{how:?}: {later:?}");
        let later = store.append_message(message(room, people[0], 9, NOON)).await;
        assert!(later.as_ref().is_err_and(expected), "{how:?}: {later:?}");
        drop(store);

        let store = open(dir.path(), Options::default());
        let read = counts(&*store, room, seqs[0]).await.read;
        let expected = if how == Injected::AfterWrite { 2 } else { 1 };
        assert_eq!(read, expected, "{how:?}: the truth is what is on disk");
        assert_eq!(store.check(&|_, _| ()).await.unwrap().problems, Vec::<String>::new());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_that_saw_a_write_which_then_fails_is_not_answered_with_it() {
    let dir = tempfile::tempdir().unwrap();
    let options = lazy();
    let faults = options.faults.clone();
    let store = open(dir.path(), options);
    let people = users(&*store, 4).await;
    let room = group(&*store, "room", &people).await;
    let seqs = send(&*store, room, people[0], 1).await;
    faults.fail_commit(0, Injected::BeforeWrite);
    let writer = tokio::spawn({
        let (store, seqs, reader) = (Arc::clone(&store), seqs.clone(), people[1]);
        async move { store.record_receipts(batch(room, reader, &seqs, NOON)).await }
    });
    while !writer.is_finished() {
        match store.receipt_states(room, &seqs).await {
            Ok(states) => assert_eq!(states[0].counts.read, 0, "it is not on disk"),
            Err(error) => assert!(matches!(error, StoreError::Stopped { .. }), "{error:?}"),
        }
        tokio::task::yield_now().await;
    }
    assert!(writer.await.unwrap().is_err());
}

#[tokio::test]
async fn a_recalled_message_keeps_its_lists_through_folding_and_reopening() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path(), hasty());
    let people = users(&*store, 6).await;
    let room = group(&*store, "room", &people).await;
    let seqs = send(&*store, room, people[0], 1).await;
    read(&*store, room, people[1], &seqs).await;
    store.change_members(membership(room, &people[2..3], false)).await.unwrap();
    store.recall_message(room, seqs[0], Default::default(), 0).await.unwrap();
    // No message in between: only what was stored tells these from those who had left before.
    store.change_members(membership(room, &people[3..4], false)).await.unwrap();
    store.change_members(membership(room, &people[2..3], true)).await.unwrap();
    store.close().await.unwrap();

    let store = open(dir.path(), hasty());
    let list = async |filter| {
        let page = store.audience_page(room, seqs[0], filter, 0, 10).await.unwrap();
        page.members.into_iter().map(|member| member.user).collect::<Vec<_>>()
    };
    assert_eq!(list(Filter::Read).await, people[1..2]);
    assert_eq!(list(Filter::Left).await, people[2..3]);
    assert_eq!(list(Filter::Unread).await, people[3..]);
    let counts = counts(&*store, room, seqs[0]).await;
    assert_eq!((counts.audience, counts.read, counts.left, counts.unread), (5, 1, 1, 3));
}

#[tokio::test]
async fn a_folder_has_one_store() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path(), lazy());
    let second = EmbeddedStore::open(dir.path(), lazy());
    assert!(matches!(second, Err(OpenError::Locked(_))));
    store.close().await.unwrap();
    assert!(EmbeddedStore::open(dir.path(), lazy()).is_ok(), "closing lets go, whoever still holds it");
}

#[tokio::test]
async fn a_newer_folder_is_refused_and_a_strange_one_named() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path(), lazy()));
    let format = dir.path().join("FORMAT");
    std::fs::write(&format, "2\n").unwrap();
    let newer = EmbeddedStore::open(dir.path(), lazy()).err().unwrap();
    assert!(matches!(newer, OpenError::NewerVersion { found: 2, known: 1 }), "{newer}");
    std::fs::write(&format, "x").unwrap();
    let strange = EmbeddedStore::open(dir.path(), lazy()).err().unwrap();
    assert!(strange.to_string().contains("FORMAT"), "{strange}");
    std::fs::remove_file(&format).unwrap();
    let missing = EmbeddedStore::open(dir.path(), lazy()).err().unwrap();
    assert!(matches!(missing, OpenError::Corrupt { .. }), "{missing}");
}

/// Writes into the tables behind the store's back.
fn damage(dir: &std::path::Path, table: &str) {
    let db = fjall::Database::builder(dir.join("data")).open().unwrap();
    let keyspace = db.keyspace(table, fjall::KeyspaceCreateOptions::default).unwrap();
    let (key, value) = keyspace.first_key_value().unwrap().into_inner().unwrap();
    let mut value = value.to_vec();
    let middle = value.len() / 2;
    value[middle] ^= 1;
    keyspace.insert(key, value).unwrap();
    db.persist(fjall::PersistMode::SyncAll).unwrap();
}

#[tokio::test]
async fn a_damaged_journal_row_stops_the_start_and_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path(), lazy());
    let people = users(&*store, 3).await;
    let room = group(&*store, "room", &people).await;
    let seqs = send(&*store, room, people[0], 1).await;
    read(&*store, room, people[1], &seqs).await;
    drop(store);
    damage(dir.path(), "journal");
    let error = EmbeddedStore::open(dir.path(), lazy()).err().unwrap();
    assert!(error.to_string().contains("row 0000000000000001 of table journal"), "{error}");
}

#[tokio::test]
async fn a_damaged_row_is_an_error_where_it_is_needed_and_a_line_in_the_check() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path(), lazy());
    let people = users(&*store, 3).await;
    let room = group(&*store, "room", &people).await;
    let other = group(&*store, "other", &people).await;
    let seqs = send(&*store, room, people[0], 1).await;
    send(&*store, other, people[0], 1).await;
    read(&*store, room, people[1], &seqs).await;
    read(&*store, other, people[1], &[1]).await;
    store.close().await.unwrap();
    drop(store);
    damage(dir.path(), "read_sets");

    let store = open(dir.path(), lazy());
    let error = store.receipt_states(room, &seqs).await.unwrap_err();
    assert!(matches!(&error, StoreError::Corrupt { what, .. } if what.contains("read_sets")), "{error}");
    let error = store.record_receipts(batch(room, people[2], &seqs, NOON)).await.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error}");
    assert_eq!(counts(&*store, other, 1).await.read, 1, "the others are served");
    let problems = store.check(&|_, _| ()).await.unwrap().problems;
    assert!(problems.len() == 1 && problems[0].contains("read_sets"), "{problems:?}");
}
