//! Whatever is sent, the answer is a problem with a number and the server goes on; what it costs is bounded.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use yidu_testkit::Api;

use crate::{Scene, escaped};

#[tokio::test]
async fn bodies_that_are_none_are_refused() {
    let scene = Scene::with(&["ben"]).await;
    let path = format!("/api/v1/apps/{}/groups/{}/receipts", scene.server.app(), escaped(&scene.group));
    let api = scene.administrator();
    let json = [("content-type", "application/json")];
    let deep = [b"[".repeat(20_000), b"]".repeat(20_000)].concat();
    let large = format!("{{\"receipts\":\"{}\"}}", "o".repeat(80_000)).into_bytes();
    for (headers, body, status) in [
        (&json[..], b"".to_vec(), 400),
        (&json, b"{".to_vec(), 400),
        (&json, b"null".to_vec(), 422),
        (&json, b"[\"on\"]".to_vec(), 422),
        (&json, b"\xff\xfe".to_vec(), 400),
        (&json, b"{\"receipts\":\"on\",\"receipts\":\"off\"}".to_vec(), 422),
        (&json, deep, 422),
        (&json, large, 413),
        (&[("content-type", "text/plain")], b"{\"receipts\":\"on\"}".to_vec(), 415),
    ] {
        let reply = api.send("PUT", &path, headers, Some(body)).await.unwrap();
        assert_eq!(reply.problem().unwrap(), (status, 6_017), "{reply:?}");
    }
}

#[tokio::test]
async fn paths_and_queries_that_mean_nothing_are_refused() {
    let scene = Scene::with(&["ben"]).await;
    let app = scene.server.app();
    let api = scene.administrator();
    for (path, status) in [
        ("/api".to_owned(), 404),
        ("/api/".to_owned(), 404),
        ("/api/v1".to_owned(), 404),
        ("/api/v2/apps".to_owned(), 404),
        ("/api/v1/apps/4294967296/settings".to_owned(), 400),
        (format!("/api/v1/apps/{app}/groups/%ff/messages/1/receipt"), 400),
        (format!("/api/v1/apps/{app}/groups/%00/messages/1/receipt"), 404),
        (format!("/api/v1/apps/{app}/groups/{}/messages/1/receipt", "g".repeat(4_000)), 400),
        (format!("/api/v1/apps/{app}/users/..%2f..%2fetc/changes"), 404),
        (format!("{}/members?q=%ff", scene.receipt()), 200),
        (format!("/api/v1/apps/{app}/messages"), 400),
    ] {
        let reply = api.get(&path).await.unwrap();
        assert_eq!(reply.status, status, "{path}: {reply:?}");
        if status != 200 {
            reply.problem().unwrap();
        }
    }
}

#[tokio::test]
async fn a_stranger_cannot_make_the_server_read_a_large_body() {
    let scene = Scene::with(&["ben"]).await;
    let mut stream = TcpStream::connect(scene.server.address()).await.unwrap();
    let head = format!(
        "PUT /api/v1/apps/{}/settings HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
         content-length: 100000000\r\n\r\n",
        scene.server.app()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    // The server answers or hangs up long before all is sent.
    let junk = vec![b' '; 1 << 20];
    let mut sent = 0;
    while sent < 100 && stream.write_all(&junk).await.is_ok() {
        sent += 1;
    }
    let mut answer = Vec::new();
    let _reset = stream.read_to_end(&mut answer).await;
    assert!(sent < 100, "100 MB were taken");
    scene.administrator().read(&scene.receipt()).await.unwrap();
}

#[tokio::test]
async fn a_token_of_any_size_is_only_a_bad_token() {
    let scene = Scene::with(&["ben"]).await;
    for token in ["x".repeat(9_000), "eJ".repeat(2_000), "%".to_owned(), "é".to_owned(), "*".repeat(6_000)] {
        let api = Api::new(scene.server.address(), Some(token));
        let (status, _) = api.get(&scene.receipt()).await.unwrap().problem().unwrap();
        assert_eq!(status, 401);
    }
}
