//! Operators see what a node does: now, as a stream that ends with the server, and which settings it has.

use std::time::Duration;

use http_body_util::BodyExt;
use serde_json::Value;
use yidu_testkit::PATIENCE;

use crate::Scene;

/// The next event of a stream; `None`: it has ended.
async fn event(body: &mut hyper::body::Incoming) -> Option<Value> {
    let frame = tokio::time::timeout(PATIENCE, body.frame()).await.unwrap()?.unwrap();
    let text = String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap();
    let data = text.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
    assert!(text.lines().any(|line| line == "event: stats"), "{text}");
    Some(serde_json::from_str(data).unwrap())
}

#[tokio::test]
async fn a_receipt_shows_in_the_stream_which_ends_when_the_server_stops() {
    let mut scene = Scene::with(&["ben"]).await;
    let operator = scene.server.api_of_operator().unwrap();
    let answer = operator.open("GET", "/api/v1/stats/stream", &[], None).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    let mut body = answer.into_body();
    let first = event(&mut body).await.unwrap();
    assert!(first["connections"].as_f64().unwrap() >= 1.0, "{first}");
    assert!(first["memory_bytes"].as_f64().unwrap() > 1e6, "{first}");
    scene.reads("ben").await;
    let seen = async {
        while event(&mut body).await.unwrap()["receipts_accepted_per_second"].as_f64().unwrap() <= 0.0 {}
    };
    tokio::time::timeout(PATIENCE, seen).await.unwrap();
    let now = operator.read("/api/v1/stats").await.unwrap();
    assert!(now["time_ms"].as_u64().unwrap() > 0 && now.as_object().unwrap().len() >= 30, "{now}");

    let stop = tokio::spawn(async move { scene.server.stop().await });
    let rest = async { while event(&mut body).await.is_some() {} };
    tokio::time::timeout(Duration::from_secs(60), rest).await.unwrap();
    stop.await.unwrap().unwrap();
}

#[tokio::test]
async fn streams_are_bounded() {
    let scene = Scene::with(&["ben"]).await;
    let operator = scene.server.api_of_operator().unwrap();
    let mut open = Vec::new();
    for _ in 0..64 {
        open.push(operator.open("GET", "/api/v1/stats/stream", &[], None).await.unwrap());
    }
    assert!(open.iter().all(|answer| answer.status() == 200));
    assert_eq!(operator.get("/api/v1/stats/stream").await.unwrap().problem().unwrap().0, 503);
}

#[tokio::test]
async fn the_settings_of_a_node_are_shown_and_no_secret_is() {
    let scene = Scene::with(&["ben"]).await;
    let operator = scene.server.api_of_operator().unwrap();
    let shown = operator.read("/api/v1/nodes/config").await.unwrap();
    let settings = shown["settings"].as_array().unwrap();
    let heartbeat = settings.iter().find(|one| one["key"] == "gateway.heartbeat_seconds").unwrap();
    assert_eq!(heartbeat["value"], "30");
    assert!(shown["disk_free_bytes"].as_u64() <= shown["disk_total_bytes"].as_u64(), "{shown}");
    assert!(shown["disk_total_bytes"].as_u64().unwrap() > 0);
    assert!(!shown.to_string().contains(&scene.server.operator_token().unwrap()));
    assert_eq!(scene.administrator().get("/api/v1/nodes/config").await.unwrap().problem().unwrap().0, 403);
    let history = operator.read("/api/v1/stats/history?step_ms=60000").await.unwrap();
    assert_eq!((&history["step_ms"], history["points"].is_array()), (&60_000.into(), true));
    let refused = operator.get("/api/v1/stats/history?step_ms=0").await.unwrap();
    assert_eq!(refused.problem().unwrap(), (400, 6_017));
}
