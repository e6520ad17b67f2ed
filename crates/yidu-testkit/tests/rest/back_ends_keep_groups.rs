//! `group_open_http_svc`: groups and their members.

use anyhow::Result;
use serde_json::{Value, json};
use yidu_proto::v1::GroupType;
use yidu_testkit::{Clock, Rest, TestServer, members};

const SVC: &str = "group_open_http_svc";

fn at(command: &str) -> String {
    format!("{SVC}/{command}")
}

async fn accounts(rest: &mut Rest, users: &[impl AsRef<str>]) -> Result<()> {
    let users: Vec<&str> = users.iter().map(AsRef::as_ref).collect();
    for users in users.chunks(100) {
        rest.ok("im_open_login_svc/multiaccount_import", json!({"Accounts": users})).await?;
    }
    Ok(())
}

async fn group(rest: &mut Rest, kind: &str, members: &[&str]) -> Result<String> {
    let members: Vec<Value> = members.iter().map(|user| json!({"Member_Account": user})).collect();
    let request = json!({"Type": kind, "Name": "a group", "Owner_Account": members[0]["Member_Account"], "MemberList": members});
    let made = rest.ok(&at("create_group"), request).await?;
    Ok(made["GroupId"].as_str().unwrap().to_owned())
}

async fn info(rest: &mut Rest, id: &str) -> Result<Value> {
    let answer = rest.ok(&at("get_group_info"), json!({"GroupIdList": [id]})).await?;
    assert_eq!(answer["GroupInfo"][0]["ErrorCode"], 0, "{answer}");
    Ok(answer["GroupInfo"][0].clone())
}

#[tokio::test]
async fn making_and_describing() -> Result<()> {
    let clock = Clock::new();
    let server = TestServer::with_clock(&clock).await?;
    let mut rest = server.rest().await?;
    accounts(&mut rest, &["alice", "bob", "carol"]).await?;
    let made = rest
        .ok(&at("create_group"), json!({"Owner_Account": "alice", "Type": "Public", "GroupId": "MyGroup", "Name": "G", "Introduction": "i",
            "Notification": "n", "FaceUrl": "https://x/g", "MaxMemberCount": 500, "ApplyJoinOption": "FreeAccess",
            "AppDefinedData": [{"Key": "k1", "Value": "v1"}, {"Key": "k2", "Value": "v2"}],
            "MemberList": [{"Member_Account": "bob", "Role": "Admin"}, {"Member_Account": "carol"}]}))
        .await?;
    assert_eq!(made["GroupId"], "MyGroup");
    let group = info(&mut rest, "MyGroup").await?;
    let created = clock.now() / 1_000;
    for (field, value) in [
        ("Type", json!("Public")),
        ("Name", json!("G")),
        ("Introduction", json!("i")),
        ("Notification", json!("n")),
        ("FaceUrl", json!("https://x/g")),
        ("Owner_Account", json!("alice")),
        ("MemberNum", json!(3)),
        ("MaxMemberNum", json!(500)),
        ("ApplyJoinOption", json!("FreeAccess")),
        ("ShutUpAllMember", json!("Off")),
        ("NextMsgSeq", json!(1)),
        ("LastMsgTime", json!(0)),
        ("CreateTime", json!(created)),
        ("LastInfoTime", json!(created)),
        ("AppDefinedData", json!([{"Key": "k1", "Value": "v1"}, {"Key": "k2", "Value": "v2"}])),
    ] {
        assert_eq!(group[field], value, "{field}");
    }
    let roles: Vec<_> = group["MemberList"]
        .as_array()
        .unwrap()
        .iter()
        .map(|member| (member["Member_Account"].as_str().unwrap(), member["Role"].as_str().unwrap()))
        .collect();
    assert_eq!(roles, [("alice", "Owner"), ("bob", "Admin"), ("carol", "Member")]);

    clock.advance(5_000);
    let change = json!({"GroupId": "MyGroup", "Name": "H", "Introduction": "j", "Notification": "o", "FaceUrl": "https://x/h",
        "MaxMemberNum": 400, "ApplyJoinOption": "DisableApply", "ShutUpAllMember": "On",
        "AppDefinedData": [{"Key": "k1", "Value": ""}, {"Key": "k3", "Value": "v3"}]});
    rest.ok(&at("modify_group_base_info"), change).await?;
    let group = info(&mut rest, "MyGroup").await?;
    for (field, value) in [
        ("Name", json!("H")),
        ("MaxMemberNum", json!(400)),
        ("ApplyJoinOption", json!("DisableApply")),
        ("MuteAllMember", json!("On")),
        ("LastInfoTime", json!(created + 5)),
        ("CreateTime", json!(created)),
        ("AppDefinedData", json!([{"Key": "k2", "Value": "v2"}, {"Key": "k3", "Value": "v3"}])),
    ] {
        assert_eq!(group[field], value, "{field}");
    }
    // A filter names what is told, and a group that is not there has a code of its own.
    let filter = json!({"GroupIdList": ["MyGroup", "none"], "ResponseFilter": {"GroupBaseInfoFilter": ["Name"],
        "MemberInfoFilter": ["Role"], "AppDefinedDataFilter_Group": ["k2"]}});
    let answer = rest.ok(&at("get_group_info"), filter).await?;
    let mut first = answer["GroupInfo"][0].clone();
    assert_eq!(
        first["MemberList"].as_array_mut().unwrap().remove(0),
        json!({"Member_Account": "alice", "Role": "Owner"})
    );
    assert_eq!((first["Name"].as_str(), first.get("Type")), (Some("H"), None));
    assert_eq!(answer["GroupInfo"][1]["ErrorCode"], 10010);
    Ok(())
}

#[tokio::test]
async fn every_type_and_a_group_without_an_owner() -> Result<()> {
    let server = TestServer::start().await?;
    let mut rest = server.rest().await?;
    accounts(&mut rest, &["alice", "bob"]).await?;
    for kind in ["Private", "Public", "ChatRoom", "AVChatRoom", "Community"] {
        let id = group(&mut rest, kind, &["alice"]).await?;
        assert!(id.starts_with("@TGS#"), "{id}");
        assert_eq!(info(&mut rest, &id).await?["Type"], kind);
        rest.ok(&at("destroy_group"), json!({"GroupId": id})).await?;
        assert_eq!(rest.refused(&at("destroy_group"), json!({"GroupId": id})).await?, 10010);
    }
    let made = rest
        .ok(
            &at("create_group"),
            json!({"Type": "Private", "Name": "G", "ApplyJoinOption": "FreeAccess",
        "MemberList": [{"Member_Account": "alice"}, {"Member_Account": "bob"}]}),
        )
        .await?;
    let group = info(&mut rest, made["GroupId"].as_str().unwrap()).await?;
    assert_eq!(
        (&group["Owner_Account"], &group["MemberNum"]),
        (&json!(""), &json!(2)),
        "the administrator is not in it"
    );
    Ok(())
}

#[tokio::test]
async fn what_making_refuses() -> Result<()> {
    let server = TestServer::start().await?;
    let mut rest = server.rest().await?;
    let crowd = members("m", 101);
    accounts(&mut rest, &crowd).await?;
    accounts(&mut rest, &["alice", "bob"]).await?;
    server
        .settings(|settings| {
            settings.group_limits =
                vec![yidu_proto::v1::GroupLimit { r#type: GroupType::Meeting.into(), members: 3 }];
        })
        .await?;
    let list = |users: &[String]| {
        json!(users.iter().map(|user| json!({"Member_Account": user})).collect::<Vec<_>>())
    };
    let base = json!({"Type": "Public", "Name": "G", "Owner_Account": "alice", "GroupId": "taken"});
    rest.ok(&at("create_group"), base.clone()).await?;
    for (change, code) in [
        (json!({"Type": "Meetings", "GroupId": "g"}), 10004),
        (json!({"Name": "", "GroupId": "g"}), 10004),
        (json!({"Name": "x".repeat(101), "GroupId": "g"}), 10004),
        (json!({"Introduction": "x".repeat(401), "GroupId": "g"}), 10004),
        (json!({"ApplyJoinOption": "Perhaps", "GroupId": "g"}), 10004),
        (json!({"MaxMemberCount": 2_001, "GroupId": "g"}), 10004),
        (json!({"AppDefinedData": [{"Key": "k".repeat(17), "Value": "v"}], "GroupId": "g"}), 10004),
        (json!({"AppDefinedData": [{"Key": "k", "Value": "v".repeat(513)}], "GroupId": "g"}), 10004),
        (json!({"MemberList": [{"Member_Account": "bob", "Role": "Owner"}], "GroupId": "g"}), 10004),
        (json!({"MemberList": list(&crowd), "GroupId": "g"}), 10005),
        (json!({"Type": "ChatRoom", "MemberList": list(&crowd[..3]), "GroupId": "g"}), 10014),
        (json!({"GroupId": "@TGS#mine"}), 10015),
        (json!({"GroupId": "g".repeat(49)}), 10015),
        (json!({"Owner_Account": "nobody", "GroupId": "g"}), 10019),
        (json!({"MemberList": [{"Member_Account": "nobody"}], "GroupId": "g"}), 10019),
        (json!({"Owner_Account": "bob"}), 10021),
        (json!({}), 10025),
    ] {
        let mut request = base.clone();
        request.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        assert_eq!(rest.refused(&at("create_group"), request).await?, code, "{change}");
    }
    let mut request = base.clone();
    request["GroupId"] = json!("hundred");
    request["MemberList"] = list(&crowd[..100]);
    rest.ok(&at("create_group"), request).await?;
    for (change, code) in [
        (json!({"GroupId": "none"}), 10010),
        (json!({"GroupId": ""}), 10015),
        (json!({"GroupId": "taken", "ShutUpAllMember": "Perhaps"}), 10004),
        (json!({"GroupId": "taken", "Name": ""}), 10004),
    ] {
        assert_eq!(rest.refused(&at("modify_group_base_info"), change.clone()).await?, code, "{change}");
    }
    let ids: Vec<String> = (0..51).map(|n| format!("g{n}")).collect();
    assert_eq!(rest.refused(&at("get_group_info"), json!({"GroupIdList": ids})).await?, 10004);
    rest.ok(&at("get_group_info"), json!({"GroupIdList": ids[1..]})).await?;
    Ok(())
}

#[tokio::test]
async fn members_come_and_go() -> Result<()> {
    let server = TestServer::start().await?;
    let mut rest = server.rest().await?;
    let crowd = members("m", 301);
    accounts(&mut rest, &crowd).await?;
    accounts(&mut rest, &["alice", "bob"]).await?;
    let id = group(&mut rest, "Public", &["alice"]).await?;
    let list = |users: &[String]| {
        json!(users.iter().map(|user| json!({"Member_Account": user})).collect::<Vec<_>>())
    };
    let add = |users: Value| json!({"GroupId": id, "Silence": 1, "MemberList": users});
    let added = rest
        .ok(
            &at("add_group_member"),
            add(
                json!([{"Member_Account": "bob"}, {"Member_Account": "alice"}, {"Member_Account": "nobody"}]),
            ),
        )
        .await?;
    assert_eq!(
        added["MemberList"],
        json!([{"Member_Account": "bob", "Result": 1}, {"Member_Account": "alice", "Result": 2},
        {"Member_Account": "nobody", "Result": 0}])
    );
    rest.ok(&at("add_group_member"), add(list(&crowd[..300]))).await?;
    assert_eq!(rest.refused(&at("add_group_member"), add(list(&crowd))).await?, 10005);
    assert_eq!(rest.refused(&at("add_group_member"), add(json!([]))).await?, 10004);
    assert_eq!(
        rest.refused(&at("add_group_member"), add(json!([{"Member_Account": "nobody"}]))).await?,
        10019
    );

    let delete = |users: &[String]| json!({"GroupId": id, "Reason": "done", "MemberToDel_Account": users});
    rest.ok(&at("delete_group_member"), delete(&crowd[..100])).await?;
    rest.ok(&at("delete_group_member"), delete(&crowd[..100])).await?;
    assert_eq!(rest.refused(&at("delete_group_member"), delete(&crowd[..101])).await?, 10005);
    assert_eq!(info(&mut rest, &id).await?["MemberNum"], 202);

    let av = group(&mut rest, "AVChatRoom", &["alice"]).await?;
    for (command, field) in
        [("add_group_member", "MemberList"), ("delete_group_member", "MemberToDel_Account")]
    {
        let one = if field == "MemberList" { json!([{"Member_Account": "bob"}]) } else { json!(["bob"]) };
        let code = if field == "MemberList" { 10007 } else { 10004 };
        assert_eq!(rest.refused(&at(command), json!({"GroupId": av, field: one})).await?, code, "{command}");
        assert_eq!(
            rest.refused(&at(command), json!({"GroupId": "none", field: one})).await?,
            10010,
            "{command}"
        );
    }
    server
        .settings(|settings| {
            settings.group_limits =
                vec![yidu_proto::v1::GroupLimit { r#type: GroupType::Public.into(), members: 202 }];
        })
        .await?;
    assert_eq!(rest.refused(&at("add_group_member"), add(list(&crowd[..1]))).await?, 10014);
    Ok(())
}

#[tokio::test]
async fn members_by_pages_roles_and_fields() -> Result<()> {
    let clock = Clock::new();
    let server = TestServer::with_clock(&clock).await?;
    let mut rest = server.rest().await?;
    let crowd = members("m", 250);
    let to = server.group(GroupType::Public, &crowd).await?;
    let id = yidu_testkit::words::group_id(&to);
    let mut all = Vec::new();
    let mut next = json!("");
    loop {
        let page = json!({"GroupId": id, "Limit": 100, "Next": next, "MemberInfoFilter": ["Role"]});
        let page = rest.ok(&at("get_group_member_info"), page).await?;
        assert_eq!(page["MemberNum"], 250);
        all.extend(page["MemberList"].as_array().unwrap().clone());
        next = page["Next"].clone();
        if next == "" {
            break;
        }
    }
    let names = |list: &[Value]| {
        list.iter().map(|m| m["Member_Account"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(&all), crowd);
    let offset =
        rest.ok(&at("get_group_member_info"), json!({"GroupId": id, "Limit": 20, "Offset": 240})).await?;
    assert_eq!(names(offset["MemberList"].as_array().unwrap()), crowd[240..]);
    assert_eq!(
        rest.refused(&at("get_group_member_info"), json!({"GroupId": id, "Limit": 6_001})).await?,
        10004
    );
    assert_eq!(rest.refused(&at("get_group_member_info"), json!({"GroupId": "none"})).await?, 10010);

    let modify = json!({"GroupId": id, "Member_Account": crowd[7], "Role": "Admin", "NameCard": "seven", "ShutUpTime": 60});
    rest.ok(&at("modify_group_member_info"), modify).await?;
    let admins =
        rest.ok(&at("get_group_member_info"), json!({"GroupId": id, "MemberRoleFilter": ["Admin"]})).await?;
    let until = (clock.now() + 60_000) / 1_000;
    let seven = &admins["MemberList"][0];
    assert_eq!(names(admins["MemberList"].as_array().unwrap()), [crowd[7].clone()]);
    assert_eq!(
        (&seven["NameCard"], &seven["ShutUpUntil"], &seven["MsgSeq"]),
        (&json!("seven"), &json!(until), &json!(0))
    );

    let roles = rest
        .ok(
            &at("get_role_in_group"),
            json!({"GroupId": id, "User_Account": [crowd[0], crowd[7], crowd[8], "nobody"]}),
        )
        .await?;
    let roles: Vec<_> = roles["UserIdList"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["Role"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(roles, ["Owner", "Admin", "Member", "NotMember"]);
    let many = vec!["x"; 501];
    assert_eq!(
        rest.refused(&at("get_role_in_group"), json!({"GroupId": id, "User_Account": many})).await?,
        10005
    );
    for (change, code) in [
        (json!({"Member_Account": "nobody"}), 10007),
        (json!({"Member_Account": crowd[7], "Role": "King"}), 10004),
        (json!({"Member_Account": crowd[7], "Role": "Owner"}), 10004),
        (json!({"Member_Account": crowd[7], "NameCard": "x".repeat(51)}), 10004),
    ] {
        let mut request = json!({"GroupId": id});
        request.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        assert_eq!(rest.refused(&at("modify_group_member_info"), request).await?, code, "{change}");
    }
    Ok(())
}

#[tokio::test]
async fn a_new_owner_and_the_groups_of_a_user() -> Result<()> {
    let server = TestServer::start().await?;
    let mut rest = server.rest().await?;
    accounts(&mut rest, &["alice", "bob", "carol"]).await?;
    let id = group(&mut rest, "Public", &["alice", "bob"]).await?;
    let work = group(&mut rest, "Private", &["bob"]).await?;
    let av = group(&mut rest, "AVChatRoom", &["bob"]).await?;
    rest.ok(&at("change_group_owner"), json!({"GroupId": id, "NewOwner_Account": "bob"})).await?;
    assert_eq!(info(&mut rest, &id).await?["Owner_Account"], "bob");
    assert_eq!(
        rest.refused(&at("change_group_owner"), json!({"GroupId": id, "NewOwner_Account": "carol"})).await?,
        10007
    );
    assert_eq!(
        rest.refused(&at("change_group_owner"), json!({"GroupId": "none", "NewOwner_Account": "bob"}))
            .await?,
        10010
    );

    let ids = |answer: &Value| {
        answer["GroupIdList"]
            .as_array()
            .unwrap()
            .iter()
            .map(|g| g["GroupId"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let command = at("get_joined_group_list");
    let mine = rest.ok(&command, json!({"Member_Account": "bob"})).await?;
    assert_eq!((ids(&mine), &mine["TotalCount"]), (vec![id.clone(), work.clone()], &json!(2)));
    assert_eq!(mine["GroupIdList"][0], json!({"GroupId": id}));
    let huge = rest.ok(&command, json!({"Member_Account": "bob", "WithHugeGroups": 1})).await?;
    assert_eq!(ids(&huge), [id.clone(), work.clone(), av]);
    let typed = rest.ok(&command, json!({"Member_Account": "bob", "GroupType": "Private"})).await?;
    assert_eq!(ids(&typed), std::slice::from_ref(&work));
    let page = rest
        .ok(
            &command,
            json!({"Member_Account": "bob", "Limit": 1, "Offset": 1, "ResponseFilter":
        {"GroupBaseInfoFilter": ["Type"], "SelfInfoFilter": ["Role", "MsgFlag"]}}),
        )
        .await?;
    let own = json!({"Member_Account": "bob", "Role": "Owner", "MsgFlag": "AcceptAndNotify"});
    assert_eq!(
        (&page["TotalCount"], &page["GroupIdList"]),
        (&json!(2), &json!([{"GroupId": work, "Type": "Private", "SelfInfo": own}]))
    );
    assert_eq!(rest.ok(&command, json!({"Member_Account": "carol"})).await?["TotalCount"], 0);
    assert_eq!(rest.refused(&command, json!({"Member_Account": "nobody"})).await?, 10019);
    assert_eq!(rest.refused(&command, json!({"Member_Account": "bob", "Limit": 5_001})).await?, 10004);
    assert_eq!(rest.refused(&command, json!({"Member_Account": "bob", "GroupType": "X"})).await?, 10004);
    Ok(())
}
