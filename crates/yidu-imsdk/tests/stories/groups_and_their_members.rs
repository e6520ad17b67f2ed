//! Groups: made, changed, joined, left and ended through the C library, and what their members are told.

use serde_json::{Value, json};
use yidu_client::v1::GroupType;
use yidu_testkit::{TestServer, members};

use crate::person::Person;
use crate::words::{GROUP, group_id, history, send};

fn create(person: &mut Person, group: &Value) -> String {
    let created = person.call("TIMGroupCreate", "s", &[&group.to_string()]).good();
    created["create_group_result_groupid"].as_str().unwrap().to_owned()
}

fn modify(person: &mut Person, group: &str, flag: u32, key: &str, value: Value) -> i32 {
    let mut param =
        json!({ "group_modify_info_param_group_id": group, "group_modify_info_param_modify_flag": flag });
    param[format!("group_modify_info_param_{key}")] = value;
    person.call("TIMGroupModifyGroupInfo", "s", &[&param.to_string()]).code
}

/// Waits for a tip of this type about a group.
fn tip(person: &mut Person, kind: u32, group: &str) -> Value {
    let mut found = Value::Null;
    person.told("tips", |line| {
        found = serde_json::from_str(&line[3]).unwrap();
        found["group_tips_elem_tip_type"] == kind && found["group_tips_elem_group_id"] == group
    });
    found
}

fn results(answer: &Value, prefix: &str) -> Vec<(String, u64)> {
    let one = |item: &Value| {
        let user = item[format!("{prefix}_identifier")].as_str().unwrap().to_owned();
        (user, item[format!("{prefix}_result")].as_u64().unwrap())
    };
    answer.as_array().unwrap().iter().map(one).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_from_its_first_to_its_last_day() {
    let server = TestServer::start().await.unwrap();
    let mut alice = Person::logged_in(&server, "alice");
    let mut bob = Person::logged_in(&server, "张三 👤");
    drop(server.users(&["carol", "dave"]).await.unwrap());
    bob.listen("tips", "t");
    bob.listen("conversations", "c");

    let group = create(
        &mut alice,
        &json!({
            "create_group_param_group_name": "读书会 📚", "create_group_param_group_type": 0,
            "create_group_param_introduction": "每周一本", "create_group_param_add_option": 2,
            "create_group_param_group_member_array": [
                { "group_member_info_identifier": "张三 👤", "group_member_info_member_role": 300 },
                { "group_member_info_identifier": "carol" }],
        }),
    );
    let admins = tip(&mut bob, 4, &group);
    assert_eq!(admins["group_tips_elem_user_array"], json!(["张三 👤"]));
    assert_eq!(admins["group_tips_elem_op_user"], "alice");

    let infos =
        alice.call("TIMGroupGetGroupInfoList", "s", &[&json!([group, "no-such-group"]).to_string()]).good();
    assert_eq!(infos[0]["get_groups_info_result_code"], 0);
    let info = &infos[0]["get_groups_info_result_info"];
    assert_eq!(info["group_detail_info_group_name"], "读书会 📚");
    assert_eq!(info["group_detail_info_introduction"], "每周一本");
    assert_eq!(info["group_detail_info_owner_identifier"], "alice");
    assert_eq!(info["group_detail_info_member_num"], 3);
    assert_eq!(info["group_detail_info_add_option"], 2);
    assert_eq!(infos[1]["get_groups_info_result_code"], 10010);
    assert_eq!(infos[1]["get_groups_info_result_info"]["group_detail_info_group_id"], "no-such-group");

    let sent = send(&mut alice, &group, GROUP, "hello");
    bob.hears("hello");
    let joined = bob.call("TIMGroupGetJoinedGroupList", "", &[]).good();
    assert_eq!(joined[0]["group_base_info_group_id"], group);
    assert_eq!(joined[0]["group_base_info_latest_seq"], sent["message_seq"]);
    assert_eq!(joined[0]["group_base_info_self_info"]["group_self_info_role"], 300);
    assert_eq!(joined[0]["group_base_info_self_info"]["group_self_info_unread_num"], 1);

    // An admin takes back what another has written: everybody is told who, by name.
    let nick = json!({ "user_profile_item_nick_name": "三哥 🐼" });
    bob.call("TIMProfileModifySelfUserProfile", "s", &[&nick.to_string()]).good();
    let mut taken_back = sent.clone();
    taken_back["message_revoke_reason"] = "跑题了".into();
    bob.call("TIMMsgRevoke", "sis", &[&group, GROUP, &taken_back.to_string()]).good();
    let told = alice.told_item("revoked", |item| item["message_locator_seq"] == sent["message_seq"]);
    assert_eq!(told["message_revoker_user_id"], "张三 👤");
    assert_eq!(told["message_revoker_nick_name"], "三哥 🐼");
    assert_eq!(told["message_revoke_reason"], "跑题了");
    let shown = &history(&mut alice, &group, GROUP)[0];
    assert_eq!(
        (&shown["message_status"], &shown["message_revoker_nick_name"]),
        (&json!(6), &json!("三哥 🐼"))
    );

    // In: one new, one who is in already, one who has no account.
    let invite = json!({ "group_invite_member_param_group_id": group,
        "group_invite_member_param_identifier_array": ["dave", "carol", "nobody"] });
    let invited = alice.call("TIMGroupInviteMember", "s", &[&invite.to_string()]).good();
    let expected = [("dave", 1), ("carol", 2), ("nobody", 0)].map(|(user, result)| (user.to_owned(), result));
    assert_eq!(results(&invited, "group_invite_member_result"), expected);
    let came = tip(&mut bob, 1, &group);
    assert_eq!(came["group_tips_elem_user_array"], json!(["dave"]));
    assert_eq!(came["group_tips_elem_join_type"], 2);
    assert_eq!(came["group_tips_elem_member_num"], 4);

    assert_eq!(modify(&mut alice, &group, 1, "group_name", "新名字 ✨".into()), 0);
    let changed = &tip(&mut bob, 6, &group)["group_tips_elem_group_change_info_array"][0];
    assert_eq!(changed["group_tips_group_change_info_flag"], 1);
    assert_eq!(changed["group_tips_group_change_info_value"], "新名字 ✨");

    let mute = json!({ "group_modify_member_info_group_id": group, "group_modify_member_info_identifier": "dave",
        "group_modify_member_info_modify_flag": 12, "group_modify_member_info_shutup_time": 3600,
        "group_modify_member_info_name_card": "戴夫" });
    alice.call("TIMGroupModifyMemberInfo", "s", &[&mute.to_string()]).good();
    let muted = &tip(&mut bob, 7, &group)["group_tips_elem_member_change_info_array"][0];
    assert_eq!(muted["group_tips_member_change_info_identifier"], "dave");
    let seconds = muted["group_tips_member_change_info_shutupTime"].as_u64().unwrap();
    assert!((3500..=3600).contains(&seconds), "{seconds}");
    let named = json!({ "group_get_members_info_list_param_group_id": group,
        "group_get_members_info_list_param_identifier_array": ["dave"] });
    let dave = bob.call("TIMGroupGetMemberInfoList", "s", &[&named.to_string()]).good();
    let dave = &dave["group_get_member_info_list_result_info_array"][0];
    assert_eq!(dave["group_member_info_name_card"], "戴夫");
    assert!(dave["group_member_info_shutup_time"].as_u64() > sent["message_server_time"].as_u64());

    let remove = json!({ "group_delete_member_param_group_id": group,
        "group_delete_member_param_identifier_array": ["dave", "nobody"], "group_delete_member_param_user_data": "吵" });
    let removed = alice.call("TIMGroupDeleteMember", "s", &[&remove.to_string()]).good();
    let expected = [("dave", 1), ("nobody", 1)].map(|(user, result)| (user.to_owned(), result));
    assert_eq!(results(&removed, "group_delete_member_result"), expected);
    assert_eq!(tip(&mut bob, 3, &group)["group_tips_elem_user_array"], json!(["dave"]));

    // The owner has to hand over before leaving; the new owner may end it.
    assert_eq!(alice.call("TIMGroupQuit", "s", &[&group]).code, 10009);
    assert_eq!(modify(&mut alice, &group, 1 << 31, "owner", "张三 👤".into()), 0);
    alice.call("TIMGroupQuit", "s", &[&group]).good();
    assert_eq!(tip(&mut bob, 2, &group)["group_tips_elem_op_user"], "alice");
    assert_eq!(alice.call("TIMGroupDelete", "s", &[&group]).code, 10007);
    alice.call("TIMGroupJoin", "ss", &[&group, "让我进来"]).good();
    assert_eq!(tip(&mut bob, 1, &group)["group_tips_elem_join_type"], 1);
    bob.call("TIMGroupDelete", "s", &[&group]).good();
    bob.told("conversations", |line| line[4] == "1" && line[3].contains(&group));
    assert_eq!(alice.call("TIMGroupQuit", "s", &[&group]).code, 10010);
    alice.leave();
    bob.leave();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_of_members_comes_by_pages_and_by_role() {
    let server = TestServer::start().await.unwrap();
    let mut everybody = vec!["alice".to_owned()];
    everybody.extend(members("member", 150));
    let group = group_id(&server.group(GroupType::Work, &everybody).await.unwrap());
    let mut alice = Person::logged_in(&server, "alice");
    let mut page = |next_seq: u64, role: u64| {
        let param = json!({ "group_get_members_info_list_param_group_id": group,
            "group_get_members_info_list_param_next_seq": next_seq,
            "group_get_members_info_list_param_option": { "group_member_get_info_option_role_flag": role } });
        let page = alice.call("TIMGroupGetMemberInfoList", "s", &[&param.to_string()]).good();
        let members = page["group_get_member_info_list_result_info_array"].as_array().unwrap().clone();
        let ids: Vec<String> = (members.iter())
            .map(|member| member["group_member_info_identifier"].as_str().unwrap().to_owned())
            .collect();
        (ids, page["group_get_member_info_list_result_next_seq"].as_u64().unwrap())
    };
    let (mut all, next) = page(0, 0);
    assert_eq!(all.len(), 100);
    assert_ne!(next, 0);
    let (rest, end) = page(next, 0);
    assert_eq!(end, 0);
    all.extend(rest);
    all.sort();
    assert_eq!(all, everybody);
    let (owner, end) = page(0, 1);
    assert_eq!((owner, end), (vec!["alice".to_owned()], 0));
    alice.leave();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_with_a_group_has_its_number() {
    let server = TestServer::start().await.unwrap();
    let mut alice = Person::logged_in(&server, "alice");
    let create = "TIMGroupCreate";
    assert_eq!(alice.refused(create, "s", &["{}"]), -3);
    assert_eq!(alice.refused(create, "s", &["[]"]), -3);
    alice.told("log", |line| line[3].contains("create_group_param_group_name"));
    let many: Vec<Value> =
        members("m", 21).iter().map(|m| json!({ "group_member_info_identifier": m })).collect();
    let many = json!({ "create_group_param_group_name": "g", "create_group_param_group_member_array": many });
    assert_eq!(alice.refused(create, "s", &[&many.to_string()]), -4);
    let taken = json!({ "create_group_param_group_name": "g", "create_group_param_group_id": "taken" });
    alice.call(create, "s", &[&taken.to_string()]).good();
    assert_eq!(alice.call(create, "s", &[&taken.to_string()]).code, 10025);
    let long = json!({ "create_group_param_group_name": "名".repeat(34) });
    assert_eq!(alice.call(create, "s", &[&long.to_string()]).code, 10004);
    let topics = json!({ "create_group_param_group_name": "g", "create_group_param_is_support_topic": true });
    let answer = alice.call(create, "s", &[&topics.to_string()]);
    assert_eq!(answer.code, 7013);
    assert!(answer.desc.contains("create_group_param_is_support_topic"), "{answer:?}");
    let joined = alice.call("TIMGroupGetJoinedGroupList", "", &[]).good();
    assert_eq!(joined.as_array().unwrap().len(), 1, "what was refused was not created");

    for (function, shape, arguments) in [
        ("TIMGroupDelete", "s", vec!["\\N"]),
        ("TIMGroupQuit", "s", vec![""]),
        ("TIMGroupJoin", "ss", vec!["\\N", "\\N"]),
    ] {
        assert_eq!(alice.refused(function, shape, &arguments), -6, "{function}");
    }
    assert_eq!(alice.call("TIMGroupJoin", "ss", &["no-such-group", "\\N"]).code, 10010);
    assert_eq!(alice.refused("TIMGroupGetGroupInfoList", "s", &["[]"]), -4);
    assert_eq!(modify(&mut alice, "taken", 0x40, "visible", 1.into()), 7013);
    let ban = json!({ "group_delete_member_param_group_id": "taken",
        "group_delete_member_param_identifier_array": ["bob"], "group_delete_member_param_duration": 60 });
    assert_eq!(alice.call("TIMGroupDeleteMember", "s", &[&ban.to_string()]).code, 7013);
    alice.leave();
}
