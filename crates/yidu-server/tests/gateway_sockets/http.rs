//! What operators ask over HTTP.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use yidu_store::Upkeep;

use crate::world::World;

/// Status and body.
async fn get(world: &World, path: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(world.address()).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: y\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).await.unwrap();
    let (head, body) = response.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

#[tokio::test]
async fn readiness_follows_the_store_and_health_does_not() {
    let world = World::new().await;
    assert_eq!(get(&world, "/healthz").await, (200, "alive\n".to_owned()));
    assert_eq!(get(&world, "/readyz").await, (200, "ready\n".to_owned()));
    world.store.close().await.unwrap();
    // It is asked every two seconds.
    let trouble = loop {
        let (status, body) = get(&world, "/readyz").await;
        if status != 200 {
            break (status, body);
        }
        tokio::task::yield_now().await;
    };
    assert!(trouble.0 == 503 && trouble.1.contains("storage has stopped"), "{trouble:?}");
    assert_eq!(get(&world, "/healthz").await.0, 200);
}

#[tokio::test]
async fn figures_are_there_for_a_scraper() {
    let world = World::new().await;
    let _ann = world.user("ann").await;
    let (status, figures) = get(&world, "/metrics").await;
    assert_eq!(status, 200);
    for name in
        ["yidu_sessions", "yidu_request_seconds_count{operation=\"login\"}", "yidu_store_commits_total"]
    {
        assert!(figures.contains(name), "{name} is not in\n{figures}");
    }
}

#[tokio::test]
async fn the_websocket_says_so_to_a_browser() {
    let world = World::new().await;
    let (status, text) = get(&world, "/ws").await;
    assert!(status == 426 && text.contains("yidu.v1"), "{status} {text}");
    assert_eq!(get(&world, "/nowhere").await.0, 404);
}
