//! Groups, members and conversations, both ways.

use serde_json::{Value, json};
use yidu_client::v1;

use crate::ffi::enums::TIMResult;
use crate::json::conversation::{self, ConvInfo, SeenConversation};
use crate::json::group::create::NewGroup;
use crate::json::group::modify::{self, GroupChange};
use crate::json::group::{GroupBaseInfo, GroupDetailInfo, params};
use crate::json::{JsonError, text};

fn refused<T>(result: Result<T, JsonError>) -> (TIMResult, String) {
    let error = result.err().expect("it has to be refused");
    (TIMResult::from(error.clone()), error.to_string())
}

#[test]
fn a_group_is_created_with_its_first_members() {
    let group = NewGroup::parse(
        r#"{"create_group_param_group_name":"读书会 📚","create_group_param_group_type":1,"create_group_param_add_option":3,
            "create_group_param_group_member_array":[{"group_member_info_identifier":"甲","group_member_info_member_role":300},
            {"group_member_info_identifier":"乙","group_member_info_join_time":0}],"create_group_param_max_member_num":0}"#,
    )
    .unwrap();
    assert_eq!(group.request.name, "读书会 📚");
    assert_eq!(group.request.r#type(), v1::GroupType::Work);
    assert_eq!(group.request.members, ["甲", "乙"]);
    assert_eq!(group.request.add_option, None);
    assert_eq!(group.admins, ["甲"]);
    assert!(group.unsupported.is_empty());
}

#[test]
fn a_group_that_cannot_be_is_refused_by_its_key() {
    let with = |more: &str| NewGroup::parse(&format!(r#"{{"create_group_param_group_name":"g",{more}}}"#));
    assert_eq!(refused(NewGroup::parse("{}")).0, TIMResult::TIM_ERR_JSON);
    for more in [
        r#""create_group_param_group_type":3"#,
        r#""create_group_param_add_option":9"#,
        r#""create_group_param_max_member_num":-1"#,
        r#""create_group_param_group_member_array":[{"group_member_info_identifier":"a","group_member_info_member_role":400}]"#,
    ] {
        assert_eq!(refused(with(more)).0, TIMResult::TIM_ERR_PARAM, "{more}");
    }
    let many = vec![json!({"group_member_info_identifier": "a"}); 21];
    let many = format!(r#""create_group_param_group_member_array":{}"#, Value::from(many));
    assert!(refused(with(&many)).1.contains("at most 20"));
    let topics = with(r#""create_group_param_is_support_topic":true"#).unwrap();
    assert_eq!(topics.unsupported, ["create_group_param_is_support_topic"]);
}

#[test]
fn custom_fields_of_a_group_come_and_go_whole() {
    let fields =
        r#"[{"group_info_custom_string_info_key":"部门","group_info_custom_string_info_value":"研发"}]"#;
    let entry = v1::AppData { key: "部门".into(), value: "研发".into() };
    let group = NewGroup::parse(&format!(
        r#"{{"create_group_param_group_name":"g","create_group_param_custom_info":{fields}}}"#
    ));
    assert_eq!(group.unwrap().request.app_data, vec![entry.clone()]);
    let change = modify::read_group(&format!(
        r#"{{"group_modify_info_param_group_id":"g","group_modify_info_param_modify_flag":512,
            "group_modify_info_param_custom_info":{fields}}}"#
    ));
    let GroupChange::Modify(change) = change.unwrap() else { panic!("not a change") };
    assert_eq!(change.app_data, vec![entry.clone()]);
    let shown = GroupDetailInfo::of(&v1::Group { app_data: vec![entry], ..Default::default() }, 0);
    let shown = serde_json::to_value(&shown).unwrap();
    assert_eq!(shown["group_detail_info_custom_info"], serde_json::from_str::<Value>(fields).unwrap());
}

#[test]
fn the_flag_says_which_keys_count() {
    let read = |flag: &str, more: &str| {
        modify::read_group(&format!(
            r#"{{"group_modify_info_param_group_id":"g","group_modify_info_param_modify_flag":{flag}{more}}}"#
        ))
    };
    let name = r#","group_modify_info_param_group_name":"新名","group_modify_info_param_notification":"passed over""#;
    let changed = v1::ModifyGroup { group_id: "g".into(), name: Some("新名".into()), ..Default::default() };
    assert_eq!(read("1", name), Ok(GroupChange::Modify(changed)));
    let owner = r#","group_modify_info_param_owner":"乙""#;
    let transfer = v1::TransferGroup { group_id: "g".into(), owner: "乙".into() };
    for flag in ["2147483648", "-2147483648"] {
        assert_eq!(read(flag, owner), Ok(GroupChange::Transfer(transfer.clone())), "{flag}");
    }
    assert_eq!(read("64", ""), Ok(GroupChange::Unsupported(vec!["whether a group is visible"])));
    assert_eq!(refused(read("0", name)).0, TIMResult::TIM_ERR_JSON);
    assert_eq!(refused(read("2", "")).0, TIMResult::TIM_ERR_JSON);
    assert_eq!(refused(read("-2147483647", owner)).0, TIMResult::TIM_ERR_PARAM);
    assert_eq!(refused(read("1048576", name)).0, TIMResult::TIM_ERR_PARAM);
}

#[test]
fn a_member_is_muted_for_seconds() {
    let read = modify::read_member(
        r#"{"group_modify_member_info_group_id":"g","group_modify_member_info_identifier":"u",
            "group_modify_member_info_modify_flag":14,"group_modify_member_info_member_role":300,
            "group_modify_member_info_shutup_time":60,"group_modify_member_info_name_card":"名片"}"#,
    )
    .unwrap();
    assert_eq!(read.request.role, Some(300));
    assert_eq!(read.request.name_card.as_deref(), Some("名片"));
    assert_eq!(read.mute_seconds, Some(60));
}

#[test]
fn lists_of_users_have_their_limits() {
    let invite = |users: usize| {
        let users = vec!["u"; users];
        let text = json!({"group_invite_member_param_group_id": "g", "group_invite_member_param_identifier_array": users});
        params::read_invite(&text.to_string())
    };
    assert_eq!(invite(20).unwrap().users.len(), 20);
    assert_eq!(refused(invite(0)).0, TIMResult::TIM_ERR_PARAM);
    assert_eq!(refused(invite(21)).0, TIMResult::TIM_ERR_PARAM);
    assert_eq!(
        refused(params::read_invite(r#"{"group_invite_member_param_group_id":"g"}"#)).0,
        TIMResult::TIM_ERR_JSON
    );
    let members = params::read_members(
        r#"{"group_get_members_info_list_param_group_id":"g","group_get_members_info_list_param_next_seq":7,
            "group_get_members_info_list_param_option":{"group_member_get_info_option_role_flag":3}}"#,
    )
    .unwrap();
    assert_eq!(members.cursor, 7);
    assert_eq!(members.roles, [400, 300]);
    assert_eq!(refused(params::read_groups("{}")).0, TIMResult::TIM_ERR_JSON);
    assert_eq!(refused(params::read_groups("[]")).0, TIMResult::TIM_ERR_PARAM);
}

#[test]
fn conversations_are_shown_with_their_own_kind_of_reading() {
    let shown = |conversation: v1::ConversationRef, group_type| -> Value {
        let conversation = v1::Conversation {
            r#ref: Some(conversation),
            read_seq: 5,
            unread_count: 2,
            active_time_ms: 9_999,
            show_name: "名字 🙂".into(),
            ..Default::default()
        };
        let seen = SeenConversation {
            conversation: &conversation,
            last_message: None,
            group_type,
            read_time_ms: 4_000,
        };
        serde_json::from_str(&text(&ConvInfo::of(seen))).unwrap()
    };
    let with_user = shown(yidu_client::user("bob"), None);
    assert_eq!((&with_user["conv_id"], &with_user["conv_type"]), (&json!("bob"), &json!(1)));
    assert_eq!(with_user["conv_c2c_read_timestamp"], 4);
    assert_eq!(with_user["conv_group_read_sequence"], 0);
    assert!(with_user.get("conv_group_type").is_none());
    let in_group = shown(yidu_client::group("群"), Some(v1::GroupType::Meeting));
    assert_eq!(in_group["conv_type"], 2);
    assert_eq!(in_group["conv_c2c_read_timestamp"], 0);
    assert_eq!(in_group["conv_group_read_sequence"], 5);
    assert_eq!(in_group["conv_group_type"], 2);
    assert_eq!(in_group["conv_unread_num"], 2);
    assert_eq!(in_group["conv_active_time"], 9);
    assert_eq!(in_group["conv_is_has_lastmsg"], false);
    assert_eq!(in_group["conv_mark_array"], json!([]));
}

#[test]
fn conversations_are_asked_for_by_id_and_type() {
    let read = |kind: u32| {
        let item = json!({"get_conversation_list_param_conv_id": "a", "get_conversation_list_param_conv_type": kind});
        conversation::read_get(&json!([item]).to_string())
    };
    assert_eq!(read(1).unwrap(), [yidu_client::user("a")]);
    assert_eq!(read(2).unwrap(), [yidu_client::group("a")]);
    assert_eq!(refused(read(3)).0, TIMResult::TIM_ERR_PARAM);
    assert_eq!(refused(conversation::read_get("[{}]")).0, TIMResult::TIM_ERR_JSON);
}

#[test]
fn a_group_is_shown_with_what_one_is_in_it() {
    let group =
        v1::Group { id: "g".into(), last_seq: 7, created_ms: 5_000, member_count: 3, ..Default::default() };
    let conversation = v1::Conversation { read_seq: 4, unread_count: 3, ..Default::default() };
    let member = v1::Member { role: 300, joined_ms: 6_000, ..Default::default() };
    let base = GroupBaseInfo::of(&group, Some(&conversation), Some(&member));
    let base: Value = serde_json::from_str(&text(&base)).unwrap();
    assert_eq!(base["group_base_info_latest_seq"], 7);
    assert_eq!(base["group_base_info_readed_seq"], 4);
    let own = json!({"group_self_info_join_time": 6, "group_self_info_role": 300,
                     "group_self_info_unread_num": 3, "group_self_info_msg_flag": 0});
    assert_eq!(base["group_base_info_self_info"], own);
    let detail: Value = serde_json::from_str(&text(&GroupDetailInfo::of(&group, 8_000))).unwrap();
    assert_eq!(detail["group_detail_info_next_msg_seq"], 8);
    assert_eq!(detail["group_detail_info_last_msg_time"], 8);
    assert_eq!(detail["group_detail_info_member_num"], 3);
}
