//! Operators sign in to the console: the first with a token that works once, all with passwords that are worth guarding.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use serde_json::json;
use yidu_testkit::{Clock, Console, TestServer};

const PASSWORD: &str = "a long enough one";
const MINUTE: u64 = 60_000;

async fn owned(server: &TestServer) -> Console {
    let token = server.setup_token().unwrap();
    Console::set_up(server.address(), &token, "ann", PASSWORD).await.unwrap()
}

async fn sign_in(server: &TestServer, name: &str, password: &str) -> (u16, u64) {
    let body = json!({ "name": name, "password": password });
    let reply = server.api_of_nobody().json("POST", "/api/v1/session", &body).await.unwrap();
    if reply.status == 200 { (200, 0) } else { reply.problem().unwrap() }
}

#[tokio::test]
async fn the_set_up_token_makes_one_owner_and_is_worth_nothing_afterwards() {
    let mut server = TestServer::start().await.unwrap();
    let token = server.setup_token().unwrap();
    let set_up = |token: &str, password: &str| json!({ "token": token, "name": "ann", "password": password });
    let nobody = server.api_of_nobody();
    for (token, password, problem) in [("wrong", PASSWORD, (401, 6_014)), (&*token, "short", (400, 6_017))] {
        let reply = nobody.json("POST", "/api/v1/session/setup", &set_up(token, password)).await.unwrap();
        assert_eq!(reply.problem().unwrap(), problem);
    }
    let ann = owned(&server).await;
    assert_eq!((&ann.session["name"], &ann.session["role"]), (&json!("ann"), &json!("owner")));
    assert_eq!(ann.get("/api/v1/session").await.unwrap().json().unwrap(), ann.session);
    assert_eq!(server.setup_token(), None);
    let reply = nobody.json("POST", "/api/v1/session/setup", &set_up(&token, PASSWORD)).await.unwrap();
    assert_eq!(reply.problem().unwrap(), (403, 10_007));

    server.abort_and_restart().await.unwrap();
    assert_eq!(server.setup_token(), None, "accounts outlive a crash");
    assert_eq!(ann.get("/api/v1/session").await.unwrap().problem().unwrap(), (401, 6_014));
    assert_eq!(sign_in(&server, "ann", PASSWORD).await, (200, 0));
    assert_eq!(sign_in(&server, "ann", "another password").await, (401, 6_014));
    assert_eq!(sign_in(&server, "nobody", PASSWORD).await, (401, 6_014));
}

#[tokio::test]
async fn the_token_of_the_data_folder_signs_in_as_an_owner() {
    let server = TestServer::start().await.unwrap();
    let token = server.operator_token().unwrap();
    let holder =
        Console::open(server.address(), "/api/v1/session", &json!({ "token": token })).await.unwrap();
    assert_eq!((&holder.session["name"], &holder.session["role"]), (&json!("operator"), &json!("owner")));
    let body = json!({ "token": "0".repeat(64) });
    let wrong = server.api_of_nobody().json("POST", "/api/v1/session", &body).await.unwrap();
    assert_eq!(wrong.problem().unwrap(), (401, 6_014));
    let both = json!({ "token": token, "name": "ann", "password": PASSWORD });
    let reply = server.api_of_nobody().json("POST", "/api/v1/session", &both).await.unwrap();
    assert_eq!(reply.problem().unwrap(), (400, 6_017));
}

#[tokio::test]
async fn only_a_page_of_the_console_can_write_with_its_cookie() {
    let server = TestServer::start().await.unwrap();
    let ann = owned(&server).await;
    let csrf = ("yidu-csrf", &*ann.csrf);
    let here = ("origin", "http://localhost");
    for headers in [
        vec![],
        vec![csrf],
        vec![here],
        vec![csrf, ("origin", "http://elsewhere.example")],
        vec![csrf, ("origin", "null")],
        vec![here, ("yidu-csrf", "guessed")],
    ] {
        let reply = ann.send_with("POST", "/api/v1/apps", &headers).await.unwrap();
        assert_eq!(reply.problem().unwrap(), (403, 10_007), "{headers:?}");
        let reply = ann.send_with("DELETE", "/api/v1/session", &headers).await.unwrap();
        assert_eq!(reply.problem().unwrap(), (403, 10_007), "{headers:?}");
    }
    assert_eq!(ann.send_with("POST", "/api/v1/apps", &[csrf, here]).await.unwrap().status, 201);
    let evil = [("origin", "http://elsewhere.example")];
    let body = json!({ "name": "ann", "password": PASSWORD }).to_string().into_bytes();
    let reply = server.api_of_nobody().send("POST", "/api/v1/session", &evil, Some(body)).await.unwrap();
    assert_eq!(reply.problem().unwrap(), (403, 10_007), "no other page signs anybody in");
}

#[tokio::test]
async fn a_session_ends_by_signing_out_by_idling_and_after_half_a_day() {
    let clock = Clock::new();
    let server = TestServer::with_clock(&clock).await.unwrap();
    let ann = owned(&server).await;
    let reply = ann.send("DELETE", "/api/v1/session", None).await.unwrap();
    assert_eq!(reply.status, 204);
    assert!(reply.header("set-cookie").contains("Max-Age=0"), "{reply:?}");
    assert_eq!(ann.get("/api/v1/apps").await.unwrap().problem().unwrap(), (401, 6_014));

    let idle = Console::sign_in(server.address(), "ann", PASSWORD).await.unwrap();
    let busy = Console::sign_in(server.address(), "ann", PASSWORD).await.unwrap();
    for _ in 0..25 {
        clock.advance(28 * MINUTE);
        assert_eq!(busy.get("/api/v1/apps").await.unwrap().status, 200);
    }
    assert_eq!(idle.get("/api/v1/apps").await.unwrap().problem().unwrap(), (401, 6_014));
    clock.advance(20 * MINUTE);
    assert_eq!(busy.get("/api/v1/apps").await.unwrap().problem().unwrap(), (401, 6_014));
}

#[tokio::test]
async fn whoever_guesses_passwords_waits_longer_and_longer() {
    let clock = Clock::new();
    let server = TestServer::with_clock(&clock).await.unwrap();
    owned(&server).await;
    for _ in 0..5 {
        assert_eq!(sign_in(&server, "ann", "a wrong password").await, (401, 6_014));
    }
    let body = json!({ "name": "ann", "password": PASSWORD });
    let reply = server.api_of_nobody().json("POST", "/api/v1/session", &body).await.unwrap();
    assert_eq!(reply.problem().unwrap(), (429, 60_007), "the right password has to wait too");
    assert_eq!(reply.header("retry-after"), "1");
    clock.advance(1_000);
    assert_eq!(sign_in(&server, "ben", "a wrong password").await, (401, 6_014));
    assert_eq!(
        sign_in(&server, "cleo", "a wrong password").await,
        (429, 60_007),
        "the address waits whatever the name"
    );
    clock.advance(15 * MINUTE);
    assert_eq!(sign_in(&server, "ann", PASSWORD).await, (200, 0));
}

#[tokio::test]
async fn a_crowd_that_signs_in_at_once_is_refused_and_holds_nobody_up() {
    let server = TestServer::start().await.unwrap();
    let ann = owned(&server).await;
    let crowd = join_all((0..100).map(|n| {
        let server = &server;
        async move { sign_in(server, &format!("name-{n}"), "a wrong password").await }
    }));
    let asked = async { ann.get("/api/v1/apps").await.unwrap().status };
    let (outcomes, asked) = tokio::join!(crowd, asked);
    assert_eq!(asked, 200);
    let mut counted = BTreeMap::new();
    outcomes.into_iter().for_each(|outcome| *counted.entry(outcome).or_insert(0) += 1);
    let looked_at = counted.remove(&(401, 6_014)).unwrap_or_default();
    assert!(looked_at <= 5, "after five failures the address waits: {looked_at}");
    let refused: i32 = counted.values().sum();
    assert!(counted.keys().all(|(status, _)| [429, 503].contains(status)), "{counted:?}");
    assert_eq!(looked_at + refused, 100);
}

#[tokio::test]
async fn accounts_are_added_changed_and_removed_and_their_sessions_end() {
    let server = TestServer::start().await.unwrap();
    let ann = owned(&server).await;
    let ben = json!({ "name": "ben", "role": "viewer", "password": PASSWORD });
    let added = ann.send("POST", "/api/v1/operators", Some(&ben)).await.unwrap();
    assert_eq!(added.status, 201);
    assert!(!String::from_utf8_lossy(&added.body).contains("password"), "{added:?}");
    assert_eq!(
        ann.send("POST", "/api/v1/operators", Some(&ben)).await.unwrap().problem().unwrap(),
        (400, 6_017)
    );
    for name in ["", "operator", "a/b", "a b", "\u{e9}", &"x".repeat(65)] {
        let body = json!({ "name": name, "role": "viewer", "password": PASSWORD });
        let reply = ann.send("POST", "/api/v1/operators", Some(&body)).await.unwrap();
        assert_eq!(reply.problem().unwrap(), (400, 6_017), "{name}");
    }
    let listed = ann.get("/api/v1/operators").await.unwrap().json().unwrap();
    let names: Vec<_> =
        listed["operators"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
    assert_eq!(names, ["ann", "ben"]);

    let session = Console::sign_in(server.address(), "ben", PASSWORD).await.unwrap();
    let change = json!({ "role": "operator", "password": "another long one" });
    assert_eq!(ann.send("PUT", "/api/v1/operators/ben", Some(&change)).await.unwrap().status, 200);
    assert_eq!(session.get("/api/v1/apps").await.unwrap().problem().unwrap(), (401, 6_014));
    assert_eq!(sign_in(&server, "ben", PASSWORD).await, (401, 6_014));
    let session = Console::sign_in(server.address(), "ben", "another long one").await.unwrap();
    assert_eq!(session.session["role"], "operator");
    assert_eq!(ann.send("DELETE", "/api/v1/operators/ben", None).await.unwrap().status, 204);
    assert_eq!(session.get("/api/v1/apps").await.unwrap().problem().unwrap(), (401, 6_014));
    assert_eq!(ann.send("DELETE", "/api/v1/operators/ben", None).await.unwrap().status, 404);
    for (method, body) in [("PUT", Some(json!({ "role": "viewer" }))), ("DELETE", None)] {
        let reply = ann.send(method, "/api/v1/operators/ann", body.as_ref()).await.unwrap();
        assert_eq!(reply.problem().unwrap(), (400, 6_017), "the last owner stays");
    }
}

#[tokio::test]
async fn the_audit_log_names_the_operator() {
    let server = TestServer::start().await.unwrap();
    let ann = owned(&server).await;
    let path = format!("/api/v1/apps/{}", server.app());
    let read = ann.get(&format!("{path}/settings")).await.unwrap();
    let mut settings = read.json().unwrap();
    settings["recall_seconds"] = json!(77);
    let headers = [
        ("cookie", &*ann.cookie),
        ("yidu-csrf", &*ann.csrf),
        ("origin", "http://localhost"),
        ("if-match", read.header("etag")),
    ];
    let body = settings.to_string().into_bytes();
    let nobody = server.api_of_nobody();
    let put = nobody.send("PUT", &format!("{path}/settings"), &headers, Some(body)).await.unwrap();
    assert_eq!(put.status, 200, "{put:?}");
    assert_eq!(ann.send("POST", &format!("{path}/keys"), Some(&json!({}))).await.unwrap().status, 201);
    let log = ann.get(&format!("{path}/audit")).await.unwrap().json().unwrap();
    let noted: Vec<_> =
        log["entries"].as_array().unwrap().iter().map(|one| (&one["what"], &one["by"])).collect();
    let by = json!("operator:ann");
    assert_eq!(noted[..2], [(&json!("key.rotated"), &by), (&json!("settings.changed"), &by)]);
}

#[tokio::test]
async fn where_the_console_has_an_address_of_its_own_nobody_signs_in_elsewhere() {
    let server = TestServer::with(|config| config.console.listen = Some("127.0.0.1:0".parse().unwrap()));
    let server = server.await.unwrap();
    let token = server.setup_token().unwrap();
    let body = json!({ "token": token, "name": "ann", "password": PASSWORD });
    for path in ["/api/v1/session", "/api/v1/session/setup"] {
        let reply = server.api_of_nobody().json("POST", path, &body).await.unwrap();
        assert_eq!(reply.problem().unwrap(), (404, 10_003), "{path}");
    }
    let ann = Console::set_up(server.console_address().unwrap(), &token, "ann", PASSWORD).await.unwrap();
    assert_eq!(ann.get("/api/v1/apps").await.unwrap().status, 200);
    server.api_of_operator().unwrap().read("/api/v1/operators").await.unwrap();
}
