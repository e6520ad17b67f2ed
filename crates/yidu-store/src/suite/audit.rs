//! Audit logs.

use super::Harness;
use super::scene::{APP, Scene, app};
use crate::audit::Note;
use crate::group::GroupChange;
use crate::{AppId, StoreError};

fn note(what: &str) -> Note {
    Note {
        at: 7,
        by: "admin".into(),
        what: what.into(),
        whom: "g".into(),
        before: "1".into(),
        after: "2".into(),
    }
}

pub(super) async fn entries_come_newest_first_by_pages(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    scene.create_app(app(AppId(7))).await.unwrap();
    for n in 1..=5 {
        scene.commits(1, scene.note(APP, note(&n.to_string()))).await.unwrap();
    }
    scene.note(AppId(7), note("another app")).await.unwrap();
    scene.reopen().await;
    let newest = scene.audit(APP, u64::MAX, 2).await.unwrap();
    assert_eq!(newest.iter().map(|entry| entry.number).collect::<Vec<_>>(), [5, 4]);
    assert_eq!(newest[0].note, note("5"));
    let rest = scene.audit(APP, 4, 10).await.unwrap();
    assert_eq!(rest.iter().map(|entry| &*entry.note.what).collect::<Vec<_>>(), ["3", "2", "1"]);
    assert!(scene.audit(APP, 1, 10).await.unwrap().is_empty());
    assert_eq!(scene.note(AppId(8), note("")).await, Err(StoreError::NoSuchApp));
}

pub(super) async fn a_change_takes_its_entry_along(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    scene.commits(1, scene.update_app(app(APP), Some(note("settings")))).await.unwrap();
    let anna = scene.users(["anna"]).await[0];
    let group = scene.group("g", &[anna]).await;
    let change = GroupChange { note: Some(note("switch")), ..GroupChange::default() };
    scene.commits(1, scene.change_group(group, change)).await.unwrap();
    let whats = scene.audit(APP, u64::MAX, 10).await.unwrap();
    assert_eq!(whats.iter().map(|entry| &*entry.note.what).collect::<Vec<_>>(), ["switch", "settings"]);
}
