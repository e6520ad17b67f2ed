//! The operator makes apps, rotates keys and tries UserSigs; nobody else does.

use serde_json::json;
use yidu_testkit::{Api, TestServer};

#[tokio::test]
async fn an_app_is_made_and_its_key_signs() {
    let server = TestServer::start().await.unwrap();
    let operator = server.api_of_operator().unwrap();
    let made = operator.json("POST", "/api/v1/apps", &json!({ "name": "second" })).await.unwrap();
    assert_eq!(made.status, 201);
    let made = made.json().unwrap();
    let app = made["app"]["app_id"].as_u64().unwrap();
    assert_eq!(made["secret_key"].as_str().unwrap().len(), 64);
    let listed = operator.read("/api/v1/apps").await.unwrap();
    assert!(listed["apps"].as_array().unwrap().contains(&made["app"]), "{listed}");
    assert!(!listed.to_string().contains(made["secret_key"].as_str().unwrap()), "a key is shown once");

    let path = format!("/api/v1/apps/{app}/usersigs");
    let sig = operator.json("POST", &path, &json!({ "user_id": "administrator" })).await.unwrap();
    let sig = sig.json().unwrap()["user_sig"].as_str().unwrap().to_owned();
    let administrator = Api::new(server.address(), Some(sig));
    let settings = format!("/api/v1/apps/{app}/settings");
    assert_eq!(administrator.read(&settings).await.unwrap()["receipt_viewers"], "sender");

    // Without grace, what was signed with the old key is worth nothing from the rotation on.
    let path = format!("/api/v1/apps/{app}/keys");
    let rotated = operator.json("POST", &path, &json!({ "grace_seconds": 0 })).await.unwrap();
    assert_eq!(rotated.status, 201);
    let rotated = rotated.json().unwrap();
    assert_ne!(rotated["secret_key"], made["secret_key"]);
    assert_eq!(rotated["app"]["keys"].as_array().unwrap().len(), 2);
    assert_eq!(administrator.get(&settings).await.unwrap().problem().unwrap(), (401, 70_009));
}

#[tokio::test]
async fn administrators_are_not_operators() {
    let server = TestServer::start().await.unwrap();
    let administrator = server.api("administrator");
    let app = server.app();
    for path in ["/api/v1/apps".to_owned(), format!("/api/v1/apps/{app}"), "/api/v1/nodes".to_owned()] {
        assert_eq!(administrator.get(&path).await.unwrap().problem().unwrap(), (403, 10_007), "{path}");
    }
    for (path, body) in [
        ("/api/v1/apps".to_owned(), json!({})),
        (format!("/api/v1/apps/{app}/keys"), json!({})),
        (format!("/api/v1/apps/{app}/usersigs"), json!({ "user_id": "bob" })),
    ] {
        let reply = administrator.json("POST", &path, &body).await.unwrap();
        assert_eq!(reply.problem().unwrap(), (403, 10_007), "{path}");
    }
}

#[tokio::test]
async fn what_an_operator_asks_for_has_its_bounds() {
    let server = TestServer::start().await.unwrap();
    let operator = server.api_of_operator().unwrap();
    let app = server.app();
    let (apps, sigs) = ("/api/v1/apps".to_owned(), format!("/api/v1/apps/{app}/usersigs"));
    for (path, body, problem) in [
        (&apps, json!({ "name": "x".repeat(101) }), (400, 6_017)),
        (&apps, json!({ "title": "x" }), (422, 6_017)),
        (&sigs, json!({}), (422, 6_017)),
        (&sigs, json!({ "user_id": "" }), (400, 7_003)),
        (&sigs, json!({ "user_id": "bob", "expires_seconds": 0 }), (400, 6_017)),
        (&format!("/api/v1/apps/{app}/keys"), json!({ "grace_seconds": u64::MAX }), (400, 6_017)),
        (&"/api/v1/apps/1/keys".to_owned(), json!({}), (404, 70_020)),
    ] {
        assert_eq!(
            operator.json("POST", path, &body).await.unwrap().problem().unwrap(),
            problem,
            "{path} {body}"
        );
    }
    let nodes = operator.read("/api/v1/nodes").await.unwrap();
    assert!(nodes["nodes"][0]["storage"]["commits"].as_u64().unwrap() > 0, "{nodes}");
}
