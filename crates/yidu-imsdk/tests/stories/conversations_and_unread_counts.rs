//! Conversations come, change and go; unread counts follow (semantics.md rules 11 and 14).

use serde_json::{Value, json};
use yidu_client::v1::GroupType;
use yidu_testkit::TestServer;

use crate::person::Person;
use crate::words::{C2C, GROUP, group_id, plain, send};

// TIMConvEvent.
const ADD: &str = "0";
const DEL: &str = "1";
const UPDATE: &str = "2";
const START: &str = "3";
const FINISH: &str = "4";

fn listening(server: &TestServer, user: &str) -> Person {
    let mut person = Person::start(&[("YIDU_SERVER_URL", &server.url())]);
    assert_eq!(person.init(server, "{}"), 0);
    person.listen_to_all();
    person.listen("conversations", "c");
    person.listen("unread", "u");
    person.log_in(server, user).good();
    person
}

/// Waits for an event about a conversation that is as `pick` wants it.
fn event(person: &mut Person, event: &str, id: &str, mut pick: impl FnMut(&Value) -> bool) -> Value {
    let mut found = None;
    person.told("conversations", |line| {
        let all: Vec<Value> = serde_json::from_str(&line[3]).unwrap_or_default();
        found = all.into_iter().find(|info| line[4] == event && info["conv_id"] == id && pick(info));
        found.is_some()
    });
    found.unwrap()
}

fn has_unread(count: u64) -> impl FnMut(&Value) -> bool {
    move |info| info["conv_unread_num"] == count
}

fn total(person: &mut Person) -> Value {
    let answer = person.call("TIMConvGetTotalUnreadMessageCount", "", &[]).good();
    answer["conv_get_total_unread_message_count_result_unread_count"].clone()
}

fn list(person: &mut Person) -> Vec<Value> {
    person.call("TIMConvGetConvList", "", &[]).good().as_array().unwrap().clone()
}

fn clean(person: &mut Person, id: &str, time: u64, seq: u64) {
    let (time, seq) = (time.to_string(), seq.to_string());
    let answer = person.call("TIMConvCleanConversationUnreadMessageCount", "suu", &[id, &time, &seq]);
    assert_eq!(answer.good(), Value::Null);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conversation_comes_changes_is_read_and_goes() {
    let server = TestServer::start().await.unwrap();
    let mut bob = listening(&server, "bob");
    bob.told("conversations", |line| line[4] == START && line[3].is_empty());
    bob.told("conversations", |line| line[4] == FINISH && line[3].is_empty());
    assert_eq!(list(&mut bob), Vec::<Value>::new());
    assert_eq!(total(&mut bob), 0);

    let mut alice = Person::logged_in(&server, "alice");
    send(&mut alice, "bob", C2C, "第一条 👋");
    let info = event(&mut bob, ADD, "alice", has_unread(1));
    assert_eq!(info["conv_type"], 1);
    assert_eq!(info["conv_show_name"], "alice");
    assert_eq!(info["conv_is_has_lastmsg"], true);
    assert_eq!(info["conv_last_msg"]["message_elem_array"][0]["text_elem_content"], "第一条 👋");
    assert_eq!(info["conv_last_msg"]["message_conv_id"], "alice");
    assert_eq!(info["conv_last_msg"]["message_is_read"], false);
    bob.told("unread", |line| line[4] == "1");

    let second = send(&mut alice, "bob", C2C, "second");
    event(&mut bob, UPDATE, "alice", has_unread(2));
    bob.told("unread", |line| line[4] == "2");
    assert_eq!(total(&mut bob), 2);

    clean(&mut bob, "c2c_alice", 0, 0);
    let info = event(&mut bob, UPDATE, "alice", has_unread(0));
    assert_eq!(info["conv_c2c_read_timestamp"], second["message_server_time"]);
    assert_eq!(info["conv_last_msg"]["message_is_read"], true);
    bob.told("unread", |line| line[4] == "0");
    let read = alice.told_item("receipts", |item| item["msg_receipt_msg_id"] == "");
    assert_eq!(read["msg_receipt_conv_id"], "bob");
    assert_eq!(read["msg_receipt_is_peer_read"], true);
    assert!(read["msg_receipt_time_stamp"].as_u64() >= second["message_server_time"].as_u64());

    bob.call("TIMConvDelete", "si", &["alice", C2C]).good();
    event(&mut bob, DEL, "alice", |_| true);
    assert_eq!(list(&mut bob), Vec::<Value>::new());
    send(&mut alice, "bob", C2C, "back");
    event(&mut bob, ADD, "alice", has_unread(1));
    assert_eq!(list(&mut bob).len(), 1);
    alice.leave();
    bob.leave();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unread_counts_are_cleared_up_to_a_message_by_kind_and_altogether() {
    let server = TestServer::start().await.unwrap();
    let group = group_id(&server.group(GroupType::Public, &["alice", "bob"]).await.unwrap());
    let mut alice = Person::logged_in(&server, "alice");
    let mut bob = listening(&server, "bob");
    let named = format!("group_{group}");
    let seq = |message: &Value| message["message_seq"].as_u64().unwrap();
    let first = send(&mut alice, &group, GROUP, "one");
    let second = send(&mut alice, &group, GROUP, "two");
    let third = send(&mut alice, &group, GROUP, "three");
    send(&mut alice, "bob", C2C, "hello");

    clean(&mut bob, &named, 0, seq(&second));
    let ask = json!([{ "get_conversation_list_param_conv_id": group, "get_conversation_list_param_conv_type": 2 },
        { "get_conversation_list_param_conv_id": "nobody", "get_conversation_list_param_conv_type": 1 }]);
    let info = bob.call("TIMConvGetConvInfo", "s", &[&ask.to_string()]).good();
    assert_eq!(info.as_array().unwrap().len(), 1);
    assert_eq!(info[0]["conv_unread_num"], 1);
    assert_eq!(info[0]["conv_group_read_sequence"], seq(&second));
    assert_eq!(info[0]["conv_group_type"], 0);
    assert_eq!(total(&mut bob), 2);
    // Going back changes nothing.
    clean(&mut bob, &named, 0, seq(&first));
    assert_eq!(total(&mut bob), 2);

    clean(&mut bob, "group", 0, 0);
    event(&mut bob, UPDATE, &group, |info| info["conv_group_read_sequence"] == seq(&third));
    assert_eq!(total(&mut bob), 1);
    clean(&mut bob, "\\N", 0, 0);
    assert_eq!(total(&mut bob), 0);
    alice.leave();
    bob.leave();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_device_and_a_restart_are_told() {
    let mut server = TestServer::start().await.unwrap();
    let mut alice = Person::logged_in(&server, "alice");
    let mut phone = listening(&server, "bob");
    let mut desk = listening(&server, "bob");
    send(&mut alice, "bob", C2C, "to both");
    event(&mut phone, ADD, "alice", has_unread(1));
    event(&mut desk, ADD, "alice", has_unread(1));
    clean(&mut phone, "c2c_alice", 0, 0);
    event(&mut desk, UPDATE, "alice", has_unread(0));
    // What one sends is the newest message on the other device, and here.
    send(&mut phone, "alice", C2C, "回复");
    let is_reply =
        |info: &Value| info["conv_last_msg"]["message_elem_array"][0]["text_elem_content"] == "回复";
    event(&mut phone, UPDATE, "alice", is_reply);
    let info = event(&mut desk, UPDATE, "alice", is_reply);
    assert_eq!(info["conv_last_msg"]["message_is_from_self"], true);

    phone.told("conversations", |line| line[4] == FINISH);
    server.restart().await.unwrap();
    phone.told("conversations", |line| line[4] == START);
    phone.told("conversations", |line| line[4] == START);
    phone.told("conversations", |line| line[4] == FINISH);
    desk.call("TIMConvDelete", "si", &["alice", C2C]).good();
    event(&mut phone, DEL, "alice", |_| true);
    for person in [alice, phone, desk] {
        person.leave();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_with_a_conversation_has_its_number() {
    let server = TestServer::start().await.unwrap();
    let mut alice = Person::start(&[("YIDU_SERVER_URL", &server.url())]);
    let clean = "TIMConvCleanConversationUnreadMessageCount";
    assert_eq!(alice.refused("TIMConvGetConvList", "", &[]), -1);
    assert_eq!(alice.init(&server, "{}"), 0);
    assert_eq!(alice.refused("TIMConvGetConvList", "", &[]), -2);
    assert_eq!(alice.refused(clean, "suu", &["c2c_bob", "0", "0"]), -2);
    alice.log_in(&server, "alice").good();
    for id in ["bob", "c2c_", "group_"] {
        assert_eq!(alice.refused(clean, "suu", &[id, "0", "0"]), -5, "{id}");
    }
    assert_eq!(alice.refused("TIMConvGetConvInfo", "s", &["{}"]), -3);
    assert_eq!(alice.refused("TIMConvGetConvInfo", "s", &["[{}]"]), -3);
    assert_eq!(alice.refused("TIMConvGetConvInfo", "s", &["[]"]), -4);
    assert_eq!(alice.refused("TIMConvDelete", "si", &["bob", "3"]), -5);
    assert_eq!(alice.refused("TIMConvDelete", "si", &["\\N", GROUP]), -6);
    assert_eq!(alice.call("TIMConvDelete", "si", &["no-such-group", GROUP]).code, 10010);
    assert_eq!(alice.call(clean, "suu", &["group_no-such-group", "0", "0"]).code, 10010);
    let _ = plain("");
    alice.leave();
}
