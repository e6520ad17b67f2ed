//! Texts that come in.

use yidu_client::{ElementKind, v1};

use crate::ffi::enums::TIMResult;
use crate::json::JsonError;
use crate::json::locator::MsgLocator;
use crate::json::message::given::Draft;
use crate::json::profile;
use crate::json::reference::MessageRef;

fn refused(text: &str) -> (TIMResult, String) {
    let error = Draft::parse(text).unwrap_err();
    (TIMResult::from(error.clone()), error.to_string())
}

#[test]
fn a_message_to_be_sent_is_read_with_everything_an_app_may_set() {
    let draft = Draft::parse(
        r#"{"message_elem_array":[{"elem_type":0,"text_elem_content":"你好 👋 \"\\\u0000"}],
            "message_need_read_receipt":true,"message_priority":0,"message_cloud_custom_str":"云",
            "message_group_at_user_array":["张三","__kImSDK_MessageAtALL__"],"message_is_online_msg":false,
            "message_is_excluded_from_unread_count":true,"message_excluded_from_last_message":true,
            "message_support_message_extension":true,"message_target_group_member_array":["李四"],
            "message_disable_cloud_message_pre_hook":true,"message_disable_cloud_message_post_hook":true,
            "message_custom_int":7,"message_custom_str":"本地","unknown":{"deep":[1,null]}}"#,
    )
    .unwrap();
    assert_eq!(draft.request.elements[0].as_text().as_deref(), Some("你好 👋 \"\\\0"));
    assert!(draft.request.need_receipt && draft.request.at_all && !draft.request.online_only);
    assert!(draft.request.exclude_from_unread && draft.request.exclude_from_last_message);
    assert!(draft.request.support_extension);
    assert!(draft.request.skip_before_hook && draft.request.skip_after_hook);
    assert_eq!(draft.request.priority(), v1::Priority::High);
    assert_eq!(draft.request.cloud_custom_data, "云");
    assert_eq!(draft.request.at_users, ["张三"]);
    assert_eq!(draft.request.targets, ["李四"]);
    assert_eq!((draft.custom_int, draft.custom_str.as_str()), (7, "本地"));
}

#[test]
fn keys_of_other_element_types_are_passed_over() {
    // What C# sends for a text: the numbers of all types.
    let draft = Draft::parse(
        r#"{"message_unique_id":0,"message_rand":0,"message_seq":0,"message_elem_array":[{"elem_type":0,
            "text_elem_content":"hi","image_elem_level":0,"image_elem_format":255,"face_elem_index":0,
            "location_elem_longitude":0.0,"location_elem_latitude":0,"file_elem_file_size":0,
            "video_elem_video_size":0,"merge_elem_layer_over_limit":false,"group_tips_elem_tip_type":0,
            "group_report_elem_report_type":0,"group_tips_elem_member_num":0}]}"#,
    );
    assert_eq!(draft.unwrap().request.elements[0].as_text().as_deref(), Some("hi"));
}

#[test]
fn numbers_may_be_in_quotes_and_null_is_absent() {
    let draft = Draft::parse(
        r#"{"message_elem_array":[{"elem_type":"6","face_elem_index":"-3","face_elem_buf":null}],
            "message_need_read_receipt":1,"message_priority":"2","message_custom_str":null,"message_seq":null,
            "message_group_at_user_array":null}"#,
    )
    .unwrap();
    let face = draft.request.elements[0].kind().unwrap();
    assert_eq!(face, Some(ElementKind::Face(v1::FaceElement { index: -3, data: String::new() })));
    assert!(draft.request.need_receipt);
    assert_eq!(draft.request.priority(), v1::Priority::Low);
}

#[test]
fn what_is_wrong_is_named_with_the_number_of_its_kind() {
    use TIMResult::{TIM_ERR_JSON, TIM_ERR_PARAM};
    let elem =
        |elem: &str| format!(r#"{{"message_elem_array":[{{"elem_type":0,"text_elem_content":""}},{elem}]}}"#);
    for (text, result, named) in [
        ("", TIM_ERR_JSON, "not the JSON"),
        ("{", TIM_ERR_JSON, "not the JSON"),
        ("[]", TIM_ERR_JSON, "not the JSON"),
        ("7", TIM_ERR_JSON, "not the JSON"),
        ("{}", TIM_ERR_JSON, "message_elem_array"),
        (&elem("{}"), TIM_ERR_JSON, "elem_type"),
        (&elem(r#"{"elem_type":0}"#), TIM_ERR_JSON, "text_elem_content"),
        (&elem(r#"{"elem_type":6}"#), TIM_ERR_JSON, "face_elem_index"),
        (&elem(r#"{"elem_type":7,"location_elem_latitude":1}"#), TIM_ERR_JSON, "location_elem_longitude"),
        (&elem(r#"{"elem_type":1}"#), TIM_ERR_JSON, "image_elem_orig_path"),
        (&elem(r#"{"elem_type":4}"#), TIM_ERR_JSON, "file_elem_file_path"),
        (&elem(r#"{"elem_type":2}"#), TIM_ERR_JSON, "sound_elem_file_path"),
        (&elem(r#"{"elem_type":9}"#), TIM_ERR_JSON, "video_elem_video_path"),
        (&elem(r#"{"elem_type":12}"#), TIM_ERR_JSON, "merge_elem_message_array"),
        (r#"{"message_elem_array":[]}"#, TIM_ERR_PARAM, "message_elem_array"),
        (r#"{"message_elem_array":{}}"#, TIM_ERR_PARAM, "message_elem_array"),
        (&elem(r#"{"elem_type":5}"#), TIM_ERR_PARAM, "message_elem_array[1]"),
        (&elem(r#"{"elem_type":99}"#), TIM_ERR_PARAM, "message_elem_array[1]"),
        (&elem(r#"{"elem_type":0,"text_elem_content":7}"#), TIM_ERR_PARAM, "text_elem_content"),
        (&elem(r#"{"elem_type":6,"face_elem_index":3000000000}"#), TIM_ERR_PARAM, "face_elem_index"),
    ] {
        let (got, why) = refused(text);
        assert_eq!(got, result, "{text}: {why}");
        assert!(why.contains(named), "{text}: {why}");
    }
    let more = |more: &str| {
        refused(&format!(r#"{{"message_elem_array":[{{"elem_type":0,"text_elem_content":"x"}}],{more}}}"#))
    };
    for (key, value) in [
        ("message_priority", "4"),
        ("message_priority", "1.5"),
        ("message_need_read_receipt", "2"),
        ("message_need_read_receipt", "\"yes\""),
        ("message_custom_int", "-1"),
        ("message_group_at_user_array", "{}"),
        ("message_seq", "1,\"message_seq\":2"),
    ] {
        let (result, why) = more(&format!(r#""{key}":{value}"#));
        assert_eq!(result, TIM_ERR_PARAM, "{key}: {value}: {why}");
        assert!(why.contains(key), "{key}: {value}: {why}");
    }
}

#[test]
fn an_error_never_shows_what_people_write() {
    let (_, why) = refused(r#"{"message_elem_array":"secret"}"#);
    assert!(!why.contains("secret"), "{why}");
    let (_, why) = refused(r#"{"message_elem_array":[{"elem_type":"secret"}]}"#);
    assert!(!why.contains("secret"), "{why}");
}

#[test]
fn absurd_sizes_are_refused() {
    let deep = format!(r#"{{"x":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(refused(&deep).0, TIMResult::TIM_ERR_JSON);
    let mut layers = r#"{"elem_type":0,"text_elem_content":"x"}"#.to_owned();
    for _ in 0..60 {
        layers =
            format!(r#"{{"elem_type":12,"merge_elem_message_array":[{{"message_elem_array":[{layers}]}}]}}"#);
    }
    assert_eq!(refused(&format!(r#"{{"message_elem_array":[{layers}]}}"#)).0, TIMResult::TIM_ERR_JSON);
    let wide = format!(r#"{{"message_group_at_user_array":[{}""]}}"#, "\"\",".repeat(10_000));
    assert_eq!(refused(&wide).0, TIMResult::TIM_ERR_PARAM);
    let long = format!(r#"{{"x":"{}"}}"#, "x".repeat(1024 * 1024));
    assert_eq!(refused(&long).0, TIMResult::TIM_ERR_PARAM);
    let many = format!("[{}{{}}]", r#"{"message_msg_id":"1-2-3"},"#.repeat(10_000));
    assert!(matches!(MessageRef::parse_array(&many), Err(JsonError::NotJson(_))));
}

#[test]
fn a_message_is_named_by_its_id_alone_or_by_its_place() {
    let by_id = MessageRef::parse(
        r#"{"message_msg_id":"1-2-3","message_unique_id":0,"message_rand":0,"message_seq":0}"#,
    );
    assert_eq!(by_id.unwrap().message_msg_id, "1-2-3");
    let text = r#"{"message_conv_id":"群\u4e00","message_conv_type":2,"message_seq":5,"message_rand":6,"message_server_time":7}"#;
    let by_place = MessageRef::parse(text).unwrap();
    assert_eq!(by_place.conversation(), Some(yidu_client::group("群一")));
    assert_eq!((by_place.message_seq, by_place.message_rand, by_place.message_server_time), (5, 6, 7));
    for nothing in
        ["{}", r#"{"message_seq":5}"#, r#"{"message_conv_id":"a","message_conv_type":3,"message_seq":5}"#]
    {
        assert_eq!(MessageRef::parse(nothing), Err(JsonError::missing("message_msg_id")), "{nothing}");
    }
}

#[test]
fn names_in_an_array_are_read_without_the_rest_of_their_messages() {
    let text = r#"[{"message_elem_array":[{"elem_type":"anything"}],"message_msg_id":"1-2-3","message_conv_id":"a","message_conv_type":1},
                   {"message_msg_id":"\u0031-2-4"}]"#;
    let references = MessageRef::parse_array(text).unwrap();
    assert!(matches!(&references[0].message_msg_id, std::borrow::Cow::Borrowed("1-2-3")));
    assert_eq!(references[0].conversation(), Some(yidu_client::user("a")));
    assert_eq!(references[1].message_msg_id, "1-2-4");
    assert_eq!(references[1].conversation(), None);
    assert!(MessageRef::parse_array("[]").unwrap().is_empty());
    let wrong = MessageRef::parse_array(r#"[{"message_msg_id":"1-2-3","message_seq":-1}]"#).unwrap_err();
    assert!(wrong.to_string().starts_with("[0].message_seq"), "{wrong}");
}

#[test]
fn a_locator_needs_a_seq() {
    let read = MsgLocator::parse_array(
        r#"[{"message_locator_conv_id":"g","message_locator_conv_type":2,"message_locator_seq":3}]"#,
    );
    assert_eq!(read.unwrap()[0].message_locator_seq, 3);
    assert_eq!(MsgLocator::parse_array("[{}]"), Err(JsonError::missing("message_locator_seq")));
}

#[test]
fn a_change_of_the_profile_names_what_is_not_kept() {
    let (change, unsupported) =
        profile::read_modify(r#"{"user_profile_item_nick_name":"小明 😀","user_profile_item_gender":1}"#)
            .unwrap();
    assert_eq!(change.nick.as_deref(), Some("小明 😀"));
    assert_eq!(unsupported, ["user_profile_item_gender"]);
    assert!(matches!(profile::read_modify("{}"), Err(JsonError::Missing(_))));
    assert!(matches!(profile::read_get("{}"), Err(JsonError::Missing(_))));
}

#[test]
fn an_array_is_no_object() {
    assert_eq!(refused(r#"{"message_elem_array":[[0,"hi"]]}"#).0, TIMResult::TIM_ERR_PARAM);
    assert!(matches!(MessageRef::parse(r#"["1-2-3"]"#), Err(JsonError::NotJson(_))));
    assert!(MessageRef::parse_array(r#"[["1-2-3"]]"#).is_err());
}
