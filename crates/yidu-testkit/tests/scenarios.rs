//! The scenarios of `examples/scenarios`, played by people with the Rust SDK.

#![allow(clippy::unwrap_used, reason = "a test asserts by panicking")]

use yidu_testkit::scenario::{Sdk, play_text};

yidu_testkit::scenarios! {
    Sdk;
    a_group_of_a_hundred_and_fifty
    a_receipt_is_sent_offline
    any_script_in_every_field
    everybody_reads
    late_readers_find_it_in_the_history
    one_to_one
    the_network_is_cut_and_comes_back
    the_server_restarts
    two_devices
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_hold_is_named() {
    let refused = async |steps: &str| {
        let groups = r#"[{ "name": "team", "kind": "Work", "members": ["alice", "bob"] }]"#;
        let text = format!(r#"{{ "shows": "", "groups": {groups}, "steps": [{steps}] }}"#);
        format!("{:#}", play_text("wrong", &text, &Sdk).await.unwrap_err())
    };
    let sends = r#"{ "as": "alice", "does": "sends", "in": "team", "text": "x" }"#;
    let counts = r#"{ "as": "alice", "does": "counts", "in": "team", "text": "x", "gives": { "read": 1 } }"#;
    let why = refused(&format!("{sends}, {counts}")).await;
    assert!(why.starts_with("wrong, step 2") && why.contains(r#"gave {"read":0,"unread":1}"#), "{why}");
    assert!(refused(r#"{ "as": "alice", "does": "flies" }"#).await.contains("flies"));
}
