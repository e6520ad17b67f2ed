//! URLs, bodies and sizes: HTTP 200 and the envelope, whatever comes.

use anyhow::Result;
use hyper::{Method, StatusCode};
use serde_json::json;
use yidu_proto::v1::GroupType;
use yidu_testkit::{TestServer, members};

#[tokio::test]
async fn unknown_commands_and_other_methods() -> Result<()> {
    let server = TestServer::start().await?;
    let mut rest = server.rest().await?;
    for (method, path, code) in [
        (Method::POST, "/v4/openim/no_such_command", 60002),
        (Method::POST, "/v4/no_such_service/sendmsg", 60002),
        (Method::POST, "/v4/group_open_http_svc/no_such_command", 10003),
        (Method::POST, "/v4/openim", 60002),
        (Method::POST, "/v4/openim/sendmsg/more", 60002),
        (Method::GET, "/v4/openim/sendmsg", 60002),
        (Method::PUT, "/v4/openim/sendmsg", 60002),
    ] {
        let url = format!("{path}?{}", rest.query());
        let (status, answer) = rest.send(method, &url, "{}").await?;
        assert_eq!((status, answer["ErrorCode"].as_u64()), (StatusCode::OK, Some(code)), "{path}: {answer}");
    }
    Ok(())
}

#[tokio::test]
async fn a_body_that_is_not_json_and_a_field_that_is_not_of_its_type() -> Result<()> {
    let server = TestServer::start().await?;
    let mut rest = server.rest().await?;
    for body in
        ["", "no", "[]", "1", "{", r#"{"UserID":"#, r#"{"UserID":1"#, r#"{"UserID":"a"} more"#, "\u{0}"]
    {
        let answer = rest.call("im_open_login_svc/account_import", body.to_owned()).await?;
        assert_eq!(answer["ErrorCode"], 60003, "{body:?}: {answer}");
    }
    let deep = format!(r#"{{"UserID":{}"#, "[".repeat(100_000));
    assert_eq!(rest.call("im_open_login_svc/account_import", deep).await?["ErrorCode"], 60003);

    // The text names the field; what the command does not know is ignored.
    let text = |value: &str| json!([{"MsgType": "TIMTextElem", "MsgContent": {"Text": value}}]);
    for (command, body, code, field) in [
        ("im_open_login_svc/account_import", json!({"UserID": 7}), 70402, "UserID"),
        ("im_open_login_svc/account_import", json!({"Nick": "A"}), 70402, "UserID"),
        ("im_open_login_svc/account_check", json!({}), 70402, "CheckItem"),
        ("openim/sendmsg", json!({"MsgRandom": 1, "MsgBody": text("x")}), 90003, "To_Account"),
        (
            "openim/sendmsg",
            json!({"To_Account": 1, "MsgRandom": 1, "MsgBody": text("x")}),
            90003,
            "To_Account",
        ),
        ("openim/sendmsg", json!({"To_Account": "a", "MsgBody": text("x")}), 90005, "MsgRandom"),
        ("openim/sendmsg", json!({"To_Account": "a", "MsgRandom": -1, "MsgBody": []}), 90005, "MsgRandom"),
        ("openim/sendmsg", json!({"To_Account": "a", "MsgRandom": 1}), 90002, "MsgBody"),
        ("openim/sendmsg", json!({"To_Account": "a", "MsgRandom": 1, "MsgBody": "x"}), 90007, "MsgBody"),
        (
            "openim/sendmsg",
            json!({"To_Account": "a", "MsgRandom": 1, "MsgBody": [{"MsgType": "No"}]}),
            90010,
            "MsgBody[0]",
        ),
        (
            "openim/sendmsg",
            json!({"To_Account": "a", "MsgRandom": 1, "MsgTimeStamp": "x", "MsgBody": []}),
            90006,
            "MsgTimeStamp",
        ),
        (
            "openim/sendmsg",
            json!({"To_Account": "a", "From_Account": [], "MsgRandom": 1, "MsgBody": []}),
            90008,
            "From_Account",
        ),
        (
            "openim/sendmsg",
            json!({"To_Account": "a", "MsgRandom": 1, "MsgLifeTime": "x", "MsgBody": []}),
            90044,
            "MsgLifeTime",
        ),
        (
            "openim/sendmsg",
            json!({"To_Account": "a", "MsgRandom": 1, "CloudCustomData": 1, "MsgBody": []}),
            90001,
            "CloudCustomData",
        ),
        ("openim/admin_msgwithdraw", json!({"From_Account": "a", "To_Account": "b"}), 90054, "MsgKey"),
        ("openim/admin_set_msg_read", json!({"Peer_Account": "b"}), 90008, "Report_Account"),
        ("group_open_http_svc/destroy_group", json!({}), 10015, "GroupId"),
        ("group_open_http_svc/create_group", json!({"Type": "Public"}), 10004, "Name"),
        ("group_open_http_svc/send_group_msg", json!({"GroupId": "g", "Random": "x"}), 10004, "Random"),
        (
            "group_open_http_svc/get_group_msg_receipt",
            json!({"GroupId": "g", "MsgSeqList": [{"MsgSeq": "1"}]}),
            10004,
            "MsgSeqList[0].MsgSeq",
        ),
    ] {
        let (refused, why) = rest.refusal(command, body.clone()).await?;
        assert_eq!(refused, code, "{command} {body}: {why}");
        assert!(why.contains(field), "{command} {body}: {why}");
    }
    rest.ok("im_open_login_svc/account_import", json!({"UserID": "a", "Unknown": {"x": [1]}})).await?;
    Ok(())
}

#[tokio::test]
async fn bodies_and_answers_have_their_bounds() -> Result<()> {
    let server = TestServer::start().await?;
    let mut rest = server.rest().await?;
    let body = format!(r#"{{"UserID":"a","Unknown":"{}"}}"#, "x".repeat(1_000_000));
    assert_eq!(rest.call("im_open_login_svc/account_import", body).await?["ErrorCode"], 0);
    // The connection ends with a body that nobody reads to its end.
    let mut greedy = server.rest().await?;
    greedy.ok("im_open_login_svc/account_import", json!({"UserID": "a"})).await?;
    let body = format!(r#"{{"UserID":"a","Unknown":"{}"}}"#, "x".repeat(1_100_000));
    match greedy.call("im_open_login_svc/account_import", body).await {
        Ok(answer) => assert_eq!(answer["ErrorCode"], 60003, "{answer}"),
        Err(error) => assert!(error.downcast_ref::<hyper::Error>().is_some(), "{error}"),
    }
    // A stranger is heard out for a little while only.
    let mut stranger = server.rest_as("administrator", "rubbish").await?;
    let body = format!(r#"{{"Unknown":"{}"}}"#, "x".repeat(10_000));
    assert_eq!(stranger.call("im_open_login_svc/account_import", body).await?["ErrorCode"], 70003);

    let crowd = members("a-member-with-a-rather-long-id", 9_000);
    let crowd: Vec<String> = crowd.into_iter().map(|name| name[name.len() - 32..].to_owned()).collect();
    let group = server.group(GroupType::Community, &crowd).await?;
    let id = yidu_testkit::words::group_id(&group);
    let all = json!({"GroupId": id});
    assert_eq!(rest.refused("group_open_http_svc/get_group_member_info", all).await?, 10018);
    let some = json!({"GroupId": id, "MemberInfoFilter": ["Role"], "Limit": 6000});
    let page = rest.ok("group_open_http_svc/get_group_member_info", some).await?;
    assert_eq!(page["MemberList"].as_array().unwrap().len(), 6_000);
    assert_eq!(page["MemberNum"], 9_000);
    Ok(())
}
