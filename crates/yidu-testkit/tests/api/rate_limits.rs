//! Whoever calls too often is told when there is room again, and holds up nobody else.

use yidu_testkit::TestServer;

#[tokio::test]
async fn a_user_who_calls_too_often_gets_429_and_a_time_to_wait() {
    let server = TestServer::with(|config| config.rest.user_requests_per_second = 1).await.unwrap();
    let path = format!("/api/v1/apps/{}/settings", server.app());
    let api = server.api("administrator");
    let mut refused = None;
    for _ in 0..1_000 {
        let reply = api.get(&path).await.unwrap();
        if reply.status != 200 {
            refused = Some(reply);
            break;
        }
    }
    let refused = refused.unwrap();
    assert_eq!(refused.problem().unwrap(), (429, 60_007));
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=2).contains(&wait), "{wait} s");
    assert!(refused.json().unwrap()["retry_after_ms"].as_u64().unwrap() <= 1_001);
    let operator = server.api_of_operator().unwrap();
    operator.read(&path).await.unwrap();
}

#[tokio::test]
async fn the_users_of_an_app_share_its_bucket() {
    let server = TestServer::with(|config| config.rest.app_requests_per_second = 1).await.unwrap();
    let mut refused = None;
    for n in 0..1_000 {
        let user = format!("user-{}", n % 10);
        let reply =
            server.api(&user).get(&format!("/api/v1/apps/{}/users/{user}", server.app())).await.unwrap();
        if reply.status != 200 {
            refused = Some(reply);
            break;
        }
    }
    assert_eq!(refused.unwrap().problem().unwrap(), (429, 60_011));
}

#[tokio::test]
async fn rest_v4_has_the_same_limits_with_the_vendors_numbers() {
    let server = TestServer::with(|config| config.rest.user_requests_per_second = 1).await.unwrap();
    let back_end = server.rest().await.unwrap();
    let path = format!("/v4/im_open_login_svc/account_check?{}", back_end.query());
    let check = serde_json::json!({"CheckItem": [{"UserID": "bob"}]});
    let api = server.api("administrator");
    let mut refused = None;
    for _ in 0..1_000 {
        let reply = api.json("POST", &path, &check).await.unwrap();
        if reply.json().unwrap()["ErrorCode"] != 0 {
            refused = Some(reply);
            break;
        }
    }
    let refused = refused.unwrap();
    assert_eq!((refused.status, refused.json().unwrap()["ErrorCode"].clone()), (200, 60_007.into()));
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=2).contains(&wait), "{wait} s");
}
