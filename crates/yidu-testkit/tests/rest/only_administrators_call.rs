//! The query of the URL says who asks: an administrator of the app, with a UserSig that is checked as at a login.

use anyhow::Result;
use hyper::Method;
use serde_json::json;
use yidu_proto::v1::GroupType;
use yidu_testkit::TestServer;

const COMMANDS: [(&str, u64); 3] = [
    ("im_open_login_svc/account_check", 70403),
    ("openim/query_online_status", 90009),
    ("group_open_http_svc/get_group_info", 10007),
];

#[tokio::test]
async fn anybody_else_gets_the_number_of_the_part() -> Result<()> {
    let server = TestServer::start().await?;
    let mut mallory = server.rest_as("mallory", &server.sig("mallory")).await?;
    for (command, code) in COMMANDS {
        let (refused, text) = mallory.refusal(command, json!({})).await?;
        assert_eq!(refused, code, "{command}");
        assert!(text.contains("mallory"), "{text}");
    }
    let mut rest = server.rest().await?;
    let known = rest.ok(COMMANDS[0].0, json!({"CheckItem": [{"UserID": "mallory"}]})).await?;
    assert_eq!(known["ResultItem"][0]["AccountStatus"], "NotImported", "being refused makes no account");

    // The list of administrators counts at once, both ways.
    server.settings(|settings| settings.administrators.push("mallory".into())).await?;
    mallory.ok(COMMANDS[0].0, json!({"CheckItem": [{"UserID": "mallory"}]})).await?;
    server.settings(|settings| settings.administrators.retain(|name| name != "mallory")).await?;
    assert_eq!(mallory.refused(COMMANDS[0].0, json!({})).await?, 70403);
    Ok(())
}

#[tokio::test]
async fn a_usersig_is_checked_as_at_a_login() -> Result<()> {
    let server = TestServer::start().await?;
    let administrator = "administrator";
    let cases = [
        (server.expired_sig(administrator), 70001),
        ("rubbish".to_owned(), 70003),
        (server.sig_with(&"f".repeat(64), administrator)?, 70009),
        (server.sig("alice"), 70013),
        (server.sig_for(server.app() + 1, administrator), 70014),
    ];
    for (sig, code) in cases {
        let mut rest = server.rest_as(administrator, &sig).await?;
        assert_eq!(rest.refused(COMMANDS[0].0, json!({})).await?, code);
    }
    let mut rest = server.rest().await?;
    rest.ok("im_open_login_svc/kick", json!({"UserID": administrator})).await?;
    assert_eq!(rest.refused(COMMANDS[0].0, json!({})).await?, 70052, "kicked");
    Ok(())
}

#[tokio::test]
async fn what_the_url_lacks_has_its_number() -> Result<()> {
    let server = TestServer::start().await?;
    let (app, sig) = (server.app(), server.sig("administrator"));
    let long = "x".repeat(33);
    let mut rest = server.rest().await?;
    for (query, code) in [
        (String::new(), 60012),
        (format!("identifier=administrator&usersig={sig}"), 60012),
        (format!("sdkappid=&identifier=administrator&usersig={sig}"), 60012),
        (format!("sdkappid=many&identifier=administrator&usersig={sig}"), 60006),
        (format!("sdkappid=1&identifier=administrator&usersig={sig}"), 60006),
        (format!("sdkappid={app}&usersig={sig}"), 60004),
        (format!("sdkappid={app}&identifier=administrator"), 60004),
        (format!("sdkappid={app}&identifier=administrator&usersig="), 60004),
        (format!("sdkappid={app}&identifier={long}&usersig={sig}"), 60015),
        (format!("sdkappid={app}&sdkappid={app}&identifier=administrator&usersig={sig}"), 60002),
    ] {
        let path = format!("/v4/openim/query_online_status?{query}");
        let (_, answer) = rest.send(Method::POST, &path, "{}").await?;
        assert_eq!(answer["ErrorCode"], code, "{query}: {answer}");
        assert_eq!(answer["ActionStatus"], "FAIL");
    }
    // Neither `random` nor `contenttype` is asked for.
    let path =
        format!("/v4/openim/query_online_status?sdkappid={app}&identifier=administrator&usersig={sig}");
    let (_, answer) = rest.send(Method::POST, &path, r#"{"To_Account":["administrator"]}"#).await?;
    assert_eq!(answer["ErrorCode"], 0, "{answer}");
    Ok(())
}

#[tokio::test]
async fn an_app_is_not_another_app() -> Result<()> {
    let server = TestServer::start().await?;
    let group = server.group(GroupType::Public, &["alice"]).await?;
    let other = server.service().create_app("another").await?;
    let key = other.keys[0].secret.clone();
    let claims = yidu_usersig::Claims {
        app_id: other.id.0,
        user_id: "administrator".into(),
        issued_at: std::time::UNIX_EPOCH.elapsed()?.as_secs(),
        expires_in: 600,
        userbuf: None,
    };
    let sig = yidu_usersig::sign(&key.parse()?, &claims);
    let mut rest = server.rest().await?;
    let path = format!(
        "/v4/group_open_http_svc/get_group_info?sdkappid={}&identifier=administrator&usersig={sig}",
        other.id.0
    );
    let body = json!({"GroupIdList": [yidu_testkit::words::group_id(&group)]}).to_string();
    let (_, answer) = rest.send(Method::POST, &path, body).await?;
    assert_eq!(answer["GroupInfo"][0]["ErrorCode"], 10010, "{answer}");
    Ok(())
}
