//! `im_open_login_svc`: importing, checking, deleting, kicking.

use anyhow::Result;
use serde_json::{Value, json};
use yidu_proto::v1;
use yidu_testkit::TestServer;

fn users(count: usize) -> Vec<Value> {
    (0..count).map(|n| json!({"UserID": format!("u{n}")})).collect()
}

#[tokio::test]
async fn importing_under_new_and_old_names() -> Result<()> {
    let server = TestServer::start().await?;
    let mut rest = server.rest().await?;
    rest.ok(
        "im_open_login_svc/account_import",
        json!({"UserID": "alice", "Nick": "Alice", "FaceUrl": "https://x/a"}),
    )
    .await?;
    rest.ok("im_open_login_svc/account_import", json!({"Identifier": "bob"})).await?;
    rest.ok("im_open_login_svc/account_import", json!({"UserID": "bob", "Nick": "Bob"})).await?;
    let listed = json!({"AccountList": [{"UserID": "carol", "Nick": "Carol"}, {"UserID": "x".repeat(33)}]});
    let failed = rest.ok("im_open_login_svc/multiaccount_import", listed).await?;
    assert_eq!(failed["FailAccounts"], json!(["x".repeat(33)]));
    let bare =
        rest.ok("im_open_login_svc/multiaccount_import", json!({"Accounts": ["dave", "erin"]})).await?;
    assert_eq!(bare["FailAccounts"], json!([]));

    let mut alice = server.user("alice").await?;
    let user_ids = ["alice", "bob", "carol", "dave", "erin"].map(str::to_owned).to_vec();
    let profiles = alice.ask(v1::GetProfiles { user_ids }).await?.profiles;
    let nicks: Vec<&str> = profiles.iter().map(|profile| &*profile.nick).collect();
    assert_eq!(nicks, ["Alice", "Bob", "Carol", "", ""]);
    assert_eq!(profiles[0].avatar_url, "https://x/a");
    Ok(())
}

#[tokio::test]
async fn checking_and_deleting_each_by_itself() -> Result<()> {
    let server = TestServer::start().await?;
    let mut rest = server.rest().await?;
    rest.ok("im_open_login_svc/multiaccount_import", json!({"Accounts": ["alice", "bob"]})).await?;
    let items = json!([{"UserID": "alice"}, {"UserID": "nobody"}]);
    let checked = rest.ok("im_open_login_svc/account_check", json!({"CheckItem": items})).await?;
    let statuses = json!([
        {"UserID": "alice", "ResultCode": 0, "ResultInfo": "", "AccountStatus": "Imported"},
        {"UserID": "nobody", "ResultCode": 0, "ResultInfo": "", "AccountStatus": "NotImported"},
    ]);
    assert_eq!(checked["ResultItem"], statuses);

    let deleted = rest.ok("im_open_login_svc/account_delete", json!({"DeleteItem": items})).await?;
    let codes: Vec<_> =
        deleted["ResultItem"].as_array().unwrap().iter().map(|item| item["ResultCode"].as_u64()).collect();
    assert_eq!(codes, [Some(0), Some(70107)]);
    let checked = rest.ok("im_open_login_svc/account_check", json!({"CheckItem": items})).await?;
    assert_eq!(checked["ResultItem"][0]["AccountStatus"], "NotImported");
    Ok(())
}

#[tokio::test]
async fn a_hundred_in_one_request() -> Result<()> {
    let server = TestServer::start().await?;
    let mut rest = server.rest().await?;
    for (command, field) in [
        ("im_open_login_svc/multiaccount_import", "AccountList"),
        ("im_open_login_svc/account_check", "CheckItem"),
        ("im_open_login_svc/account_delete", "DeleteItem"),
    ] {
        rest.ok(command, json!({field: users(100)})).await?;
        assert_eq!(rest.refused(command, json!({field: users(101)})).await?, 70206, "{command}");
        assert_eq!(rest.refused(command, json!({field: []})).await?, 70206, "{command}");
    }
    let long = json!({"UserID": "alice", "Nick": "x".repeat(501)});
    assert_eq!(rest.refused("im_open_login_svc/account_import", long).await?, 70402);
    let id = json!({"UserID": "x".repeat(33)});
    assert_eq!(rest.refused("im_open_login_svc/account_import", id).await?, 70402);
    Ok(())
}

#[tokio::test]
async fn a_kick_ends_sessions_and_older_usersigs() -> Result<()> {
    let server = TestServer::start().await?;
    let mut rest = server.rest().await?;
    let alice = server.user("alice").await?;
    let login = server.login("alice", "later");
    rest.ok("im_open_login_svc/kick", json!({"Identifier": "alice"})).await?;
    let told = alice.into_peer().until_closed().await?;
    assert!(
        told.iter().any(|event| matches!(event, v1::push::Event::Kicked(kicked) if kicked.code == 70052))
    );
    let refused = server.service().login(&login).await.unwrap_err();
    assert_eq!(refused.code.number(), 70052);
    assert_eq!(rest.refused("im_open_login_svc/kick", json!({"UserID": "nobody"})).await?, 70107);
    Ok(())
}
