//! A request shows who is asking: a user with a UserSig, or the operator with the token beside the store.

use crate::Scene;

#[tokio::test]
async fn the_sender_and_administrators_see_receipts_and_others_get_a_problem() {
    let scene = Scene::with(&["ben", "cleo"]).await;
    let path = scene.receipt();
    for user in ["sender", "administrator"] {
        assert_eq!(scene.server.api(user).read(&path).await.unwrap()["audience_count"], 2, "{user}");
    }
    let operator = scene.server.api_of_operator().unwrap();
    assert_eq!(operator.read(&path).await.unwrap()["audience_count"], 2);
    for user in ["ben", "a stranger's id"] {
        let problem = scene.server.api(user).get(&path).await.unwrap().problem().unwrap();
        assert!(matches!(problem, (403, 10_007) | (401, 7_003)), "{user}: {problem:?}");
    }
}

#[tokio::test]
async fn without_a_good_token_every_door_is_shut() {
    let scene = Scene::with(&["ben"]).await;
    let sig = |sig: String| yidu_testkit::Api::new(scene.server.address(), Some(sig));
    let callers = [
        (scene.server.api_of_nobody(), 6_014),
        (sig("nonsense".into()), 70_003),
        (sig("0".repeat(64)), 70_003),
        (sig(scene.server.expired_sig("administrator")), 70_001),
        (sig(scene.server.sig_with("another key", "administrator").unwrap()), 70_009),
        (sig(scene.server.sig_for(1, "administrator")), 70_020),
    ];
    for (caller, code) in callers {
        let reply = caller.get(&scene.receipt()).await.unwrap();
        assert_eq!(reply.problem().unwrap(), (401, code), "{reply:?}");
        assert!(reply.header("www-authenticate").starts_with("Bearer"));
        assert_eq!(reply.header("cache-control"), "no-store");
    }
    let basic = [("authorization", "Basic YTpi")];
    let reply = scene.server.api_of_nobody().send("GET", &scene.receipt(), &basic, None).await.unwrap();
    assert_eq!(reply.problem().unwrap(), (401, 6_014));
}

#[tokio::test]
async fn a_user_of_one_app_has_no_business_in_another() {
    let scene = Scene::with(&["ben"]).await;
    let other = scene.server.service().create_app("another").await.unwrap().id.0;
    let path = scene.receipt().replace(&scene.server.app().to_string(), &other.to_string());
    let reply = scene.administrator().get(&path).await.unwrap();
    assert_eq!(reply.problem().unwrap(), (403, 70_014));
    let reply = scene.server.api_of_operator().unwrap().get(&path).await.unwrap();
    assert_eq!(reply.problem().unwrap(), (404, 10_010), "the operator is let in; there is no such group");
}

#[tokio::test]
async fn the_document_and_the_problems_are_for_everybody() {
    let scene = Scene::with(&["ben"]).await;
    let nobody = scene.server.api_of_nobody();
    let document = nobody.read("/api/openapi.json").await.unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3."), "{document}");
    let paths = document["paths"].as_object().unwrap();
    assert!(paths.keys().all(|path| path.starts_with("/api/v1/")), "{:?}", paths.keys());
    let explained = nobody.get("/api/problems/10062").await.unwrap();
    assert!(String::from_utf8_lossy(&explained.body).contains("no receipt information"), "{explained:?}");
    assert_eq!(nobody.get("/api/problems/1").await.unwrap().problem().unwrap(), (404, 10_003));
    assert_eq!(nobody.get("/api/v1/nowhere").await.unwrap().problem().unwrap(), (404, 10_003));
    let reply = nobody.send("DELETE", &scene.receipt(), &[], None).await.unwrap();
    assert_eq!(reply.problem().unwrap(), (405, 10_003));
    assert!(reply.header("allow").contains("GET"), "{reply:?}");
    let origin = [("origin", "https://elsewhere.example")];
    let reply = nobody.send("GET", "/api/openapi.json", &origin, None).await.unwrap();
    assert_eq!(reply.header("access-control-allow-origin"), "", "CORS is off");
}
