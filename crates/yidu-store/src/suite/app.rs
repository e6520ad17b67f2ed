//! Apps.

use super::Harness;
use super::scene::{APP, Scene, app};
use crate::app::{App, AppKey};
use crate::{AppId, StoreError};

pub(super) async fn an_app_is_made_once(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let (low, high) = (AppId(1_400_000_000), AppId(1_400_000_009));
    for id in [high, low] {
        scene.commits(1, scene.create_app(app(id))).await.unwrap();
    }
    let other = App { name: "another".into(), ..app(low) };
    assert_eq!(scene.create_app(other).await, Err(StoreError::AppExists));
    scene.reopen().await;
    let apps = scene.apps().await.unwrap();
    assert_eq!(apps.iter().map(|app| app.id).collect::<Vec<_>>(), [low, APP, high], "by id");
    assert!(apps == [app(low), app(APP), app(high)], "as they were given");
    assert!(scene.app(high).await.unwrap() == Some(app(high)));
    assert!(scene.app(AppId(7)).await.unwrap().is_none());
}

pub(super) async fn name_keys_and_settings_are_replaced(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let mut changed = app(APP);
    changed.name = "renamed".into();
    changed.settings.history_days = 30;
    changed.settings.administrators = vec!["admin".into()];
    changed.keys[0].retires = Some(9_000);
    changed.keys.insert(0, AppKey { secret: "new key".into(), created: 8_000, retires: None });
    scene.commits(1, scene.update_app(App { created: 1, ..changed.clone() }, None)).await.unwrap();
    scene.reopen().await;
    assert!(scene.app(APP).await.unwrap() == Some(changed), "but for when it was made");
    assert_eq!(scene.update_app(app(AppId(7)), None).await, Err(StoreError::NoSuchApp));
}
