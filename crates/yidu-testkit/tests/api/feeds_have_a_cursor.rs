//! A sender's change feed over HTTP: each changed message once, with its newest state, from where one was.

use serde_json::json;

use crate::Scene;

#[tokio::test]
async fn a_back_end_that_was_away_gets_each_changed_message_once() {
    let mut scene = Scene::with(&["ben", "cleo"]).await;
    let feed = format!("/api/v1/apps/{}/users/sender/changes", scene.server.app());
    let api = scene.administrator();
    let begin = api.read(&feed).await.unwrap();
    let position = begin["position"].as_u64().unwrap();
    scene.reads("ben").await;
    scene.reads("cleo").await;
    let first = scene.seq;
    scene.seq = scene.sender.says(&scene.to, "and this").await.unwrap().seq;
    scene.reads("ben").await;

    let page = api.read(&format!("{feed}?after={position}")).await.unwrap();
    let told: Vec<_> =
        page["changes"].as_array().unwrap().iter().filter(|change| change["type"] == "receipt").collect();
    let states: Vec<_> =
        told.iter().map(|change| (&change["receipt"]["seq"], &change["receipt"]["read_count"])).collect();
    assert_eq!(states, [(&json!(first), &json!(2)), (&json!(scene.seq), &json!(1))]);
    assert_eq!(page["finished"], true);
    let rest = api.read(&format!("{feed}?after={}", page["position"])).await.unwrap();
    assert_eq!(rest["changes"], json!([]));
    let one = scene.server.api("sender").read(&format!("{feed}?after={position}&limit=1")).await.unwrap();
    assert_eq!((one["changes"].as_array().unwrap().len(), &one["finished"]), (1, &json!(false)));
}

#[tokio::test]
async fn nobody_reads_another_users_feed() {
    let scene = Scene::with(&["ben"]).await;
    let feed = format!("/api/v1/apps/{}/users/sender/changes", scene.server.app());
    assert_eq!(scene.server.api("ben").get(&feed).await.unwrap().problem().unwrap(), (403, 70_403));
    let nobody = format!("/api/v1/apps/{}/users/nobody/changes", scene.server.app());
    assert_eq!(scene.administrator().get(&nobody).await.unwrap().problem().unwrap(), (404, 70_107));
    let bad = format!("{feed}?limit=1001");
    assert_eq!(scene.administrator().get(&bad).await.unwrap().problem().unwrap(), (400, 6_017));
}
