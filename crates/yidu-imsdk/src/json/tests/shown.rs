//! Texts that go out: read back as a strict reader (C#) would.

use serde_json::{Value, json};
use yidu_client::v1::{self, group_tip_element as tip};
use yidu_client::{Element, ElementKind};

use crate::ffi::enums::TIMMsgStatus;
use crate::json::locator::MsgRevoked;
use crate::json::member::GroupMemberInfo;
use crate::json::message::{Message, Seen};
use crate::json::receipt::MessageReceipt;
use crate::json::tips::GroupTipsElem;
use crate::json::{array, text};

/// No null, no negative number but where the interface has one, no float but coordinates.
fn is_strict(value: &Value, key: &str) {
    match value {
        Value::Null => panic!("{key} is null"),
        Value::Number(number) if key.starts_with("location_elem_l") => assert!(number.is_f64()),
        Value::Number(number) if key == "elem_type" => assert!(number.is_i64()),
        Value::Number(number) => assert!(number.is_u64(), "{key}: {number}"),
        Value::Array(items) => items.iter().for_each(|item| is_strict(item, key)),
        Value::Object(fields) => fields.iter().for_each(|(key, value)| is_strict(value, key)),
        Value::Bool(_) | Value::String(_) => {}
    }
}

fn value(text: &str) -> Value {
    let value = serde_json::from_str(text).unwrap();
    is_strict(&value, "");
    value
}

fn message(to: v1::ConversationRef) -> v1::Message {
    v1::Message {
        id: "144115233406643804-1727580296-4026038328".into(),
        to: Some(to),
        from: "爱丽丝".into(),
        seq: 42,
        time_ms: 1_727_580_297_999,
        client_time_s: 1_727_580_296,
        random: 4_026_038_328,
        elements: vec![Element::text("你好 👋")],
        need_receipt: true,
        platform: v1::Platform::Web.into(),
        from_nick: "Alice 🐱".into(),
        ..Default::default()
    }
}

fn shown(view: &v1::MessageView, me: &str) -> Value {
    let status = TIMMsgStatus::kTIMMsg_SendSucc;
    let seen = Seen { view, me, status, is_read: false, custom_int: 3, custom_str: "本地" };
    value(&text(&Message::of(&seen)))
}

#[test]
fn a_one_to_one_message_is_named_after_the_other_and_knows_who_has_read_it() {
    let mut view = v1::MessageView { message: Some(message(yidu_client::user("bob"))), ..Default::default() };
    let received = shown(&view, "bob");
    assert_eq!(received["message_conv_id"], "爱丽丝");
    assert_eq!(received["message_conv_type"], 1);
    assert_eq!(received["message_is_from_self"], false);
    assert_eq!(received["message_is_read"], false);
    view.receipt_sent = true;
    assert_eq!(shown(&view, "bob")["message_has_sent_receipt"], false, "groups only");

    view.receipt = Some(v1::ReceiptState { read_count: 1, audience_count: 1, ..Default::default() });
    let own = shown(&view, "爱丽丝");
    assert_eq!(own["message_conv_id"], "bob");
    assert_eq!(own["message_is_from_self"], true);
    assert_eq!(own["message_is_read"], true);
    assert_eq!(own["message_receipt_peer_read"], true);
    assert_eq!(own["message_is_peer_read"], false);
    assert_eq!(own["message_group_receipt_read_count"], 0);
    assert_eq!(own["message_server_time"], 1_727_580_297_u64);
    assert_eq!(own["message_unique_id"], (1_727_580_297_u64 << 32) | 4_026_038_328);
    assert_eq!(own["message_sender_tiny_id"], 144_115_233_406_643_804_u64);
    assert_eq!(own["message_platform"], 0);
    assert_eq!(own["message_status"], 2);
    assert_eq!(own["message_custom_int"], 3);
    assert_eq!(own["message_sender_profile"]["user_profile_nick_name"], "Alice 🐱");
    assert!(own.get("message_revoker_user_id").is_none());
    assert!(own.get("message_sender_group_member_info").is_none());
}

#[test]
fn a_group_message_has_its_counts_and_whether_one_has_sent_a_receipt() {
    let mut view =
        v1::MessageView { message: Some(message(yidu_client::group("@TGS#1"))), ..Default::default() };
    view.receipt_sent = true;
    view.receipt = Some(v1::ReceiptState { read_count: 3, unread_count: 4, ..Default::default() });
    let shown = shown(&view, "bob");
    assert_eq!(shown["message_conv_id"], "@TGS#1");
    assert_eq!(shown["message_has_sent_receipt"], true);
    assert_eq!(shown["message_receipt_peer_read"], false);
    assert_eq!(shown["message_group_receipt_read_count"], 3);
    assert_eq!(shown["message_group_receipt_unread_count"], 4);
    assert_eq!(shown["message_sender_group_member_info"]["group_member_info_identifier"], "爱丽丝");
}

#[test]
fn a_recalled_message_says_by_whom_and_why() {
    let mut recalled = message(yidu_client::group("g"));
    recalled.recall = Some(v1::Recall {
        by: "爱丽丝".into(),
        reason: "打错了".into(),
        by_nick: "Alice 🐱".into(),
        ..Default::default()
    });
    let view = v1::MessageView { message: Some(recalled), ..Default::default() };
    let shown = shown(&view, "bob");
    assert_eq!(shown["message_status"], 6);
    assert_eq!(shown["message_revoker_user_id"], "爱丽丝");
    assert_eq!(shown["message_revoker_nick_name"], "Alice 🐱");
    assert_eq!(shown["message_revoke_reason"], "打错了");
}

#[test]
fn numbers_that_json_or_csharp_cannot_hold_are_tamed() {
    let place =
        v1::LocationElement { description: String::new(), longitude: f64::NAN, latitude: f64::INFINITY };
    let file = v1::FileElement { size: u64::MAX, ..Default::default() };
    let mut odd = message(yidu_client::group("g"));
    odd.elements =
        vec![ElementKind::Location(place).into(), ElementKind::File(file).into(), Element::default()];
    let view = v1::MessageView { message: Some(odd), ..Default::default() };
    let shown = shown(&view, "bob");
    assert_eq!(shown["message_elem_array"][0]["location_elem_longitude"], 0.0);
    assert_eq!(shown["message_elem_array"][1]["file_elem_file_size"], i32::MAX);
    assert_eq!(shown["message_elem_array"][2], json!({"elem_type": -1}), "a type of a later contract");
}

#[test]
fn merged_messages_end_at_the_tenth_layer() {
    use prost::Message as _;
    let mut inner = message(yidu_client::group("g"));
    for _ in 0..500 {
        let messages = vec![inner.encode_to_vec().into()];
        let merge = v1::MergeElement { messages, ..Default::default() };
        inner = v1::Message {
            elements: vec![ElementKind::Merge(merge).into()],
            ..message(yidu_client::group("g"))
        };
    }
    let view = v1::MessageView { message: Some(inner), ..Default::default() };
    let mut layer = &shown(&view, "bob")["message_elem_array"][0];
    for _ in 0..10 {
        assert_eq!(layer["merge_elem_layer_over_limit"], false);
        layer = &layer["merge_elem_message_array"][0]["message_elem_array"][0];
    }
    assert_eq!(layer["merge_elem_layer_over_limit"], true);
    assert_eq!(layer["merge_elem_message_array"], json!([]));
}

#[test]
fn a_receipt_always_has_all_its_keys() {
    let state = |conversation| v1::ReceiptState {
        conversation: Some(conversation),
        message_id: "1-2-3".into(),
        read_count: 1,
        unread_count: 6,
        left_count: 2,
        peer_read_time_ms: 5_999,
        ..Default::default()
    };
    let unread = v1::ReceiptState { read_count: 0, peer_read_time_ms: 0, ..state(yidu_client::user("bob")) };
    let read = v1::PeerRead { user_id: "bob".into(), time_ms: 7_001 };
    let receipts = array([
        MessageReceipt::from(&state(yidu_client::group("群"))),
        MessageReceipt::from(&state(yidu_client::user("bob"))),
        MessageReceipt::from(&unread),
        MessageReceipt::from(&read),
    ]);
    let item = |conv_id, conv_type, id, time, peer, read, unread| {
        json!({"msg_receipt_conv_id": conv_id, "msg_receipt_conv_type": conv_type, "msg_receipt_msg_id": id,
               "msg_receipt_time_stamp": time, "msg_receipt_is_peer_read": peer,
               "msg_receipt_read_count": read, "msg_receipt_unread_count": unread})
    };
    let expected = [
        item("群", 2, "1-2-3", 0, false, 1, 6),
        item("bob", 1, "1-2-3", 5, true, 0, 0),
        item("bob", 1, "1-2-3", 0, false, 0, 0),
        item("bob", 1, "", 7, true, 0, 0),
    ];
    assert_eq!(value(&receipts), Value::from(expected.to_vec()));
}

#[test]
fn a_reader_has_a_name_a_card_and_a_face() {
    let profile = v1::Profile { user_id: "u".into(), nick: "小红".into(), avatar_url: "http://a".into() };
    let reader =
        v1::ReceiptMember { profile: Some(profile), name_card: "名片 🪪".into(), read_time_ms: 9 };
    let shown = value(&array([GroupMemberInfo::reader("g", &reader)]));
    assert_eq!(shown[0]["group_member_info_identifier"], "u");
    assert_eq!(shown[0]["group_member_info_name_card"], "名片 🪪");
    assert_eq!(shown[0]["group_member_info_nick_name"], "小红");
    assert_eq!(shown[0]["group_member_info_face_url"], "http://a");
    assert_eq!(shown[0]["group_member_info_custom_info"], json!([]));
}

#[test]
fn a_tip_says_what_happened_to_whom() {
    let element = v1::GroupTipElement {
        r#type: tip::Type::MemberChanged.into(),
        by: "owner".into(),
        users: vec!["甲".into()],
        member_count: 9,
        group_changes: vec![tip::GroupChange { what: 8, value: String::new(), bool_value: true }],
        member_changes: vec![tip::MemberChange { user_id: "甲".into(), muted_until_ms: 1_727_580_357_000 }],
        join_type: 0,
        reason: "moved on".into(),
    };
    let message = message(yidu_client::group("g"));
    let shown = value(&text(&GroupTipsElem::of(&message, &element)));
    assert_eq!(shown["elem_type"], 5);
    assert_eq!(shown["group_tips_elem_tip_type"], 7);
    assert_eq!(shown["group_tips_elem_group_id"], "g");
    assert_eq!(shown["group_tips_elem_user_array"], json!(["甲"]));
    assert_eq!(shown["group_tips_elem_member_num"], 9);
    assert_eq!(shown["group_tips_elem_group_change_info_array"][0]["group_tips_group_change_info_flag"], 8);
    let muted = &shown["group_tips_elem_member_change_info_array"][0];
    assert_eq!(muted["group_tips_member_change_info_shutupTime"], 60);
    assert_eq!(shown["group_tips_elem_changed_user_info_array"][0]["user_profile_identifier"], "甲");
}

#[test]
fn a_revoked_message_is_told_by_its_place() {
    let conversation = yidu_client::group("g");
    let recall = v1::Recall {
        by: "admin".into(),
        reason: "广告".into(),
        by_nick: "群主".into(),
        ..Default::default()
    };
    let revoked =
        v1::RecalledMessage { seq: 42, message_id: "7-8-9".into(), from: "a".into(), recall: Some(recall) };
    let shown = value(&array([MsgRevoked::of(&conversation, &revoked, "a", None)]));
    assert_eq!(shown[0]["message_locator_conv_id"], "g");
    assert_eq!(shown[0]["message_locator_conv_type"], 2);
    assert_eq!(shown[0]["message_locator_seq"], 42);
    assert_eq!(shown[0]["message_locator_rand"], 9);
    assert_eq!(shown[0]["message_locator_is_self"], true);
    assert_eq!(shown[0]["message_locator_is_revoked"], true);
    assert_eq!(shown[0]["message_revoke_reason"], "广告");
    assert_eq!(shown[0]["message_revoker_nick_name"], "群主");
}
