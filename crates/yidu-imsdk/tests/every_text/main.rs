//! Any text for every function that takes text, logged in to a real server: no crash, and each call that was accepted is
//! answered once. The stable twin of the fuzz target `imsdk_text`.

#![allow(clippy::unwrap_used, reason = "a test asserts by panicking")]

mod given;

use std::ffi::CString;
use std::sync::atomic::Ordering;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use yidu_testkit::TestServer;

use given::{ANSWERS, FUNCTIONS, Given, log_in, wait_for_answers};

/// Keys that functions look for, so that texts get past the first gate.
const KEYS: [&str; 24] = [
    "message_elem_array",
    "elem_type",
    "text_elem_content",
    "message_msg_id",
    "message_conv_id",
    "message_conv_type",
    "message_seq",
    "message_need_read_receipt",
    "message_custom_int",
    "msg_getmsglist_param_last_msg",
    "msg_getmsglist_param_count",
    "msg_getmsglist_param_message_seq_array",
    "message_locator_seq",
    "msg_delete_param_msg",
    "request_internal_operation",
    "request_set_custom_server_info_param",
    "set_config_log_level",
    "sdk_config_config_file_path",
    "create_group_param_group_name",
    "group_modify_info_param_modify_flag",
    "friendship_getprofilelist_param_identifier_array",
    "get_conversation_list_param_conv_id",
    "group_invite_member_param_identifier_array",
    "user_profile_item_nick_name",
];

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<u64>().prop_map(Into::into),
        (0..12_u32).prop_map(Into::into),
        ".{0,20}".prop_map(Into::into),
        Just("bob".into()),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        let key = proptest::sample::select(&KEYS[..]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Into::into),
            prop::collection::vec((key, inner), 0..6).prop_map(|pairs| {
                serde_json::Value::Object(
                    pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
                )
            }),
        ]
    })
}

fn text() -> impl Strategy<Value = CString> {
    prop_oneof![
        prop::collection::vec(1_u8..=255, 0..200).prop_map(|bytes| CString::new(bytes).unwrap()),
        json().prop_map(|json| CString::new(json.to_string()).unwrap()),
        Just(c"bob".to_owned()),
    ]
}

#[test]
fn every_function_stands_any_text_and_answers_what_it_accepts() {
    // The library has a runtime of its own, so the one of the server is not entered here.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let server = runtime.block_on(TestServer::start()).unwrap();
    let config = format!(r#"{{"sdk_config_server_url":"{}"}}"#, server.url());
    let sig = CString::new(server.sig("alice")).unwrap();
    log_in(server.app(), &CString::new(config).unwrap(), c"alice", &sig);
    let quiet = c"{\"set_config_is_log_output_console\":false}";
    let mut accepted = ANSWERS.load(Ordering::SeqCst);
    let mut call = |function: usize, text: &std::ffi::CStr, number: u64| {
        let (name, call) = FUNCTIONS[function % FUNCTIONS.len()];
        let result = call(&Given::new(text, number));
        assert!((-6..=0).contains(&result), "{name} returned {result}");
        if result == 0 && given::answers(name) {
            accepted += 1;
        }
    };
    let set_config = FUNCTIONS.iter().position(|(name, _)| *name == "TIMSetConfig").unwrap();
    call(set_config, quiet, 0);
    // Every function with every kind of text, then whatever comes up.
    for function in 0..FUNCTIONS.len() {
        for text in [c"", c"{", c"[]", c"{}", c"[{}]", c"null", c"0", c"\"x\"", c"\xff\xfe", c"[[[[[[[["] {
            call(function, text, 1);
        }
    }
    let deep = CString::new("[".repeat(200_000)).unwrap();
    let long = CString::new(format!("[\"{}\"]", "x".repeat(2_000_000))).unwrap();
    for function in 0..FUNCTIONS.len() {
        call(function, &deep, 2);
        call(function, &long, 2);
    }
    let config = Config { failure_persistence: None, ..Config::default() };
    let cases = (0..FUNCTIONS.len(), text(), prop_oneof![0..5_u64, any::<u64>()]);
    let call = std::cell::RefCell::new(call);
    TestRunner::new(config)
        .run(&cases, |(function, text, number)| {
            (call.borrow_mut())(function, &text, number);
            Ok(())
        })
        .unwrap();
    let find = FUNCTIONS.iter().position(|(name, _)| *name == "TIMMsgFindMessages").unwrap();
    // Still logged in: a call that needs it is accepted.
    let given = c"[\"id\"]";
    assert_eq!(FUNCTIONS[find].1(&Given::new(given, 0)), 0);
    accepted += 1;
    wait_for_answers(accepted);
    assert_eq!(ImSDK::abi::base::TIMUninit(), 0);
    assert_eq!(ANSWERS.load(Ordering::SeqCst), accepted, "no call is answered twice");
}
