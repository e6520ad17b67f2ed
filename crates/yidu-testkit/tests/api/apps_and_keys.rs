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

#[tokio::test]
async fn one_key_is_deleted_and_the_last_one_is_not() {
    let server = TestServer::start().await.unwrap();
    let operator = server.api_of_operator().unwrap();
    let base = format!("/api/v1/apps/{}", server.app());
    let keys = async || {
        let app = operator.read(&base).await.unwrap();
        let keys = app["keys"].as_array().unwrap().clone();
        keys.iter().map(|key| key["fingerprint"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let delete =
        async |key: &str| operator.send("DELETE", &format!("{base}/keys/{key}"), &[], None).await.unwrap();
    let old = keys().await.remove(0);
    assert_eq!(delete(&old).await.problem().unwrap(), (409, 6_017), "the only one");
    assert_eq!(delete("ffffffffffff").await.problem().unwrap(), (404, 6_017));
    let rotated =
        operator.json("POST", &format!("{base}/keys"), &json!({ "grace_seconds": 3_600 })).await.unwrap();
    let secret = rotated.json().unwrap()["secret_key"].as_str().unwrap().to_owned();
    let [new, _] = keys().await.try_into().unwrap();
    assert_eq!(delete(&new).await.problem().unwrap(), (409, 6_017), "the other one is good for an hour only");
    let by_old_key = server.api("administrator");
    by_old_key.read(&format!("{base}/settings")).await.unwrap();

    let deleted = delete(&old).await;
    assert_eq!((deleted.status, deleted.json().unwrap()["keys"].as_array().unwrap().len()), (200, 1));
    let refused = by_old_key.get(&format!("{base}/settings")).await.unwrap();
    assert_eq!(refused.problem().unwrap(), (401, 70_009), "at once");
    let by_new_key = Api::new(server.address(), Some(server.sig_with(&secret, "administrator").unwrap()));
    let note = by_new_key.read(&format!("{base}/audit?limit=1")).await.unwrap()["entries"][0].clone();
    assert_eq!(
        (&note["what"], &note["by"], &note["whom"]),
        (&json!("key.deleted"), &json!("operator"), &json!(old))
    );
    assert_eq!(note["before"]["keys"].as_array().unwrap().len(), 2);
    assert_eq!(note["after"]["keys"][0]["fingerprint"], new);
    assert!(!note.to_string().contains(&secret), "a log holds no secret");
    let reply = by_new_key.send("DELETE", &format!("{base}/keys/{new}"), &[], None).await.unwrap();
    assert_eq!(reply.problem().unwrap(), (403, 10_007), "for the operator");
}

#[tokio::test]
async fn the_key_file_holds_the_newest_key_that_is_left() {
    let server = TestServer::start().await.unwrap();
    let operator = server.api_of_operator().unwrap();
    let made = operator.json("POST", "/api/v1/apps", &json!({})).await.unwrap().json().unwrap();
    let app = made["app"]["app_id"].as_u64().unwrap();
    let base = format!("/api/v1/apps/{app}");
    let mut secrets = vec![made["secret_key"].clone()];
    for _ in 0..2 {
        let path = format!("{base}/keys");
        let rotated = operator.json("POST", &path, &json!({})).await.unwrap().json().unwrap();
        secrets.push(rotated["secret_key"].clone());
    }
    let file = server.files().unwrap().app_key(u32::try_from(app).unwrap());
    let held = || std::fs::read_to_string(&file).unwrap().trim().to_owned();
    assert_eq!(held(), secrets[2]);
    let keys = operator.read(&base).await.unwrap()["keys"].clone();
    let middle = keys[1]["fingerprint"].as_str().unwrap();
    operator.send("DELETE", &format!("{base}/keys/{middle}"), &[], None).await.unwrap();
    assert_eq!(held(), secrets[2]);
}
