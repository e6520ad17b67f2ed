//! What calls cost: memory stays flat, and sending receipts does not hold the caller up.

use serde_json::json;
use yidu_client::v1::GroupType;
use yidu_testkit::TestServer;

use crate::person::Person;
use crate::words::{GROUP, group_id, send};

/// Calls before memory is looked at first: by then every pool and cache has its size.
const WARM: u32 = 20_000;
const CALLS: u32 = 100_000;
/// Growth that is no leak: 80 bytes a call would be more.
const GROWTH: i64 = 8 * 1024 * 1024;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_thousand_questions_leave_memory_flat() {
    let server = TestServer::start().await.unwrap();
    let group = group_id(&server.group(GroupType::Work, &["alice", "bob"]).await.unwrap());
    let mut alice = Person::logged_in(&server, "alice");
    let sent = json!([send(&mut alice, &group, GROUP, "x")]).to_string();
    alice.cost("TIMMsgGetMessageReadReceipts", WARM, &sent);
    let before = alice.memory();
    let median = alice.cost("TIMMsgGetMessageReadReceipts", CALLS, &sent);
    let grown = alice.memory() - before;
    println!(
        "TIMMsgGetMessageReadReceipts: median {median} ns on the calling thread, {grown} bytes more after {CALLS}"
    );
    assert!(grown < GROWTH, "{grown} bytes more");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_sending_receipts_costs_the_calling_thread() {
    let server = TestServer::start().await.unwrap();
    let group = group_id(&server.group(GroupType::Work, &["alice", "bob"]).await.unwrap());
    let mut alice = Person::logged_in(&server, "alice");
    let mut bob = Person::logged_in(&server, "bob");
    send(&mut alice, &group, GROUP, "x");
    let received = json!([bob.hears("x")]).to_string();
    let median = bob.cost("TIMMsgSendMessageReadReceipts", 10_000, &received);
    println!("TIMMsgSendMessageReadReceipts: median {median} ns on the calling thread");
}
