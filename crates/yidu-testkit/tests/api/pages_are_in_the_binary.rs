//! The chat and the console are served from the binary, guarded, and stand in the way of nothing else.

use yidu_testkit::{Api, Reply, TestServer};

async fn get(server: &TestServer, path: &str, headers: &[(&str, &str)]) -> Reply {
    server.api_of_nobody().send("GET", path, headers, None).await.unwrap()
}

fn is_page(reply: &Reply) -> bool {
    reply.status == 200 && reply.header("content-type") == "text/html; charset=utf-8"
}

#[tokio::test]
async fn a_browser_gets_both_pages_and_every_place_of_the_console() {
    let server = TestServer::start().await.unwrap();
    for path in
        ["/", "/index.html", "/console/", "/console/index.html", "/console/apps/1400000001/policy?x=1"]
    {
        assert!(is_page(&get(&server, path, &[]).await), "{path}");
    }
    let chat = get(&server, "/", &[]).await.body;
    let console = get(&server, "/console/", &[]).await.body;
    assert_ne!(chat, console);
    for place in ["/console/groups", "/console/a/1400000001/users/anna.schmidt"] {
        assert_eq!(get(&server, place, &[]).await.body, console, "{place}");
    }
    let redirect = get(&server, "/console", &[]).await;
    assert_eq!((redirect.status, redirect.header("location")), (308, "/console/"));
    for path in ["/nothing", "/missing.js", "/console/assets/missing.js", "/../Cargo.toml", "/demo.json"] {
        assert_eq!(get(&server, path, &[]).await.status, 404, "{path}");
    }
    let posted = server.api_of_nobody().send("POST", "/", &[], None).await.unwrap();
    assert_eq!((posted.status, posted.header("allow")), (405, "GET, HEAD"));
}

#[tokio::test]
async fn a_page_that_a_browser_has_is_not_sent_again() {
    let server = TestServer::start().await.unwrap();
    let mut tags = std::collections::BTreeSet::new();
    for encoding in ["identity", "gzip", "br, gzip"] {
        let accept = ("accept-encoding", encoding);
        let first = get(&server, "/console/", &[accept]).await;
        assert_eq!(first.header("cache-control"), "no-cache");
        assert_eq!(first.header("vary"), "accept-encoding");
        let tag = first.header("etag").to_owned();
        assert!(tag.starts_with('"') && tag.ends_with('"'), "a strong tag: {tag}");
        let again =
            get(&server, "/console/", &[accept, ("if-none-match", &format!("\"other\", {tag}"))]).await;
        assert_eq!((again.status, again.body.len()), (304, 0));
        assert_eq!(again.header("etag"), tag);
        let changed = get(&server, "/console/", &[accept, ("if-none-match", "\"other\"")]).await;
        assert_eq!(changed.body, first.body);
        tags.insert((tag, first.header("content-encoding").to_owned()));
    }
    let coded = tags.iter().filter(|(_, coding)| !coding.is_empty()).count();
    assert_eq!(tags.len(), coded + 1, "each form has a tag of its own: {tags:?}");
}

#[tokio::test]
async fn a_page_may_run_its_own_files_and_talk_to_its_own_server() {
    let server = TestServer::start().await.unwrap();
    for path in ["/", "/console/", "/console/audit"] {
        let page = get(&server, path, &[]).await;
        let policy = page.header("content-security-policy");
        for part in [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "require-trusted-types-for 'script'",
            "connect-src 'self' ws://localhost wss://localhost",
        ] {
            assert!(policy.split(';').any(|given| given.trim() == part), "{path}: {part} in {policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        assert_eq!(page.header("cross-origin-opener-policy"), "same-origin");
        let text = String::from_utf8_lossy(&page.body);
        let inline = text.contains("<style") || text.contains(" style=") || text.contains("<script>");
        assert!(!inline && !text.contains(" onclick="), "the policy would refuse it: {text}");
    }
}

#[tokio::test]
async fn pages_hide_no_other_door() {
    let server = TestServer::start().await.unwrap();
    assert_eq!(get(&server, "/readyz", &[]).await.body, "ready\n");
    assert!(get(&server, "/metrics", &[]).await.header("content-type").starts_with("text/plain"));
    assert_eq!(get(&server, "/api/v1/nothing", &[]).await.problem().unwrap(), (404, 10_003));
    assert_eq!(get(&server, "/api/openapi.json", &[]).await.header("content-type"), "application/json");
    assert_eq!(
        get(&server, yidu_proto::WS_PATH, &[]).await.header("content-type"),
        "text/plain; charset=utf-8"
    );
    let v4 = get(&server, "/v4/nothing/here", &[]).await.json().unwrap();
    assert_eq!(v4["ActionStatus"], "FAIL", "{v4}");
    server.user("alice").await.unwrap();
}

#[tokio::test]
async fn pages_can_be_switched_off() {
    let server = TestServer::with(|config| {
        config.chat.enabled = false;
        config.console.enabled = false;
    });
    let server = server.await.unwrap();
    for path in ["/", "/index.html", "/console", "/console/", "/console/audit"] {
        assert_eq!(get(&server, path, &[]).await.status, 404, "{path}");
    }
    assert_eq!(get(&server, "/readyz", &[]).await.status, 200);
}

#[tokio::test]
async fn the_console_can_have_an_address_of_its_own() {
    let server = TestServer::with(|config| config.console.listen = Some("127.0.0.1:0".parse().unwrap()));
    let server = server.await.unwrap();
    assert!(is_page(&get(&server, "/", &[]).await));
    for path in ["/console", "/console/", "/console/audit"] {
        assert_eq!(get(&server, path, &[]).await.status, 404, "{path}");
    }
    let apart = Api::new(server.console_address().unwrap(), None);
    assert!(is_page(&apart.get("/console/").await.unwrap()));
    assert_eq!(apart.get("/api/v1/apps").await.unwrap().problem().unwrap().0, 401);
    for path in ["/", yidu_proto::WS_PATH, "/metrics", "/v4/nothing/here"] {
        assert_eq!(apart.get(path).await.unwrap().status, 404, "{path}");
    }
}
