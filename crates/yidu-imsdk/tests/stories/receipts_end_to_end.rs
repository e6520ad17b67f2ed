//! Receipts through the C library: one-to-one and group, late readers, pages, lists (rules 3 to 8, 11, 12, 15).

use std::collections::BTreeSet;

use serde_json::{Value, json};
use yidu_client::v1::GroupType;
use yidu_testkit::{TestServer, members};

use crate::person::Person;
use crate::words::{C2C, GROUP, group_id, one, send, send_receipts, states};

/// Every page of a list: the ids, and the number of pages.
fn list(person: &mut Person, message: &Value, filter: u32, count: u32) -> (Vec<String>, usize) {
    let (mut names, mut next, mut pages) = (Vec::new(), 0, 0);
    loop {
        let (members, next_seq, finished) = person.members(message, filter, next, count);
        pages += 1;
        assert!(members.len() <= count as usize);
        names.extend(members.iter().map(|m| m["group_member_info_identifier"].as_str().unwrap().to_owned()));
        assert_eq!(finished, next_seq == 0, "the last page says so and has no next one");
        if finished {
            return (names, pages);
        }
        next = next_seq;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_to_one_the_sender_hears_of_the_message_and_of_the_conversation_apart() {
    let server = TestServer::start().await.unwrap();
    let mut bob = Person::logged_in(&server, "bob");
    let mut alice = Person::logged_in(&server, "alice");
    let sent = send(&mut alice, "bob", C2C, "你好 😀");
    assert_eq!(sent["message_need_read_receipt"], true);
    assert_eq!(sent["message_is_from_self"], true);
    assert_eq!(sent["message_conv_id"], "bob");

    let received = bob.hears("你好 😀");
    assert_eq!(received["message_conv_id"], "alice");
    assert_eq!(received["message_is_from_self"], false);
    assert_eq!(received["message_need_read_receipt"], true);
    assert_eq!(received["message_msg_id"], sent["message_msg_id"]);

    // The conversation's level alone.
    bob.call("TIMMsgReportReaded", "sis", &["alice", C2C, "\\N"]).good();
    let read = alice.told_item("receipts", |item| item["msg_receipt_msg_id"] == "");
    assert_eq!((&read["msg_receipt_conv_id"], &read["msg_receipt_conv_type"]), (&json!("bob"), &json!(1)));
    assert!(
        read["msg_receipt_time_stamp"].as_u64().unwrap() >= sent["message_server_time"].as_u64().unwrap()
    );
    let found = alice.call("TIMMsgFindMessages", "s", &[&one(&sent["message_msg_id"])]).good();
    assert_eq!(found[0]["message_is_peer_read"], true);
    assert_eq!(found[0]["message_receipt_peer_read"], false, "clearing an unread count sends no receipt");

    // The message's level.
    send_receipts(&mut bob, &[received]);
    let receipt = alice.told_item("receipts", |item| item["msg_receipt_msg_id"] == sent["message_msg_id"]);
    assert_eq!(receipt["msg_receipt_is_peer_read"], true);
    assert!(receipt["msg_receipt_time_stamp"].as_u64().unwrap() > 0);
    let keys = receipt.as_object().unwrap().keys().map(String::as_str).collect::<BTreeSet<_>>();
    let all = ["conv_id", "conv_type", "is_peer_read", "msg_id", "read_count", "time_stamp", "unread_count"];
    let all: Vec<String> = all.iter().map(|key| format!("msg_receipt_{key}")).collect();
    assert_eq!(keys, all.iter().map(String::as_str).collect(), "all keys of a receipt are always present");
    assert_eq!(states(&mut alice, std::slice::from_ref(&sent))[0]["msg_receipt_is_peer_read"], true);
    let found = alice.call("TIMMsgFindMessages", "s", &[&one(&sent["message_msg_id"])]).good();
    assert_eq!(found[0]["message_receipt_peer_read"], true);
    alice.leave();
    bob.leave();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_a_group_late_readers_count_through_the_history_until_everybody_has_read() {
    let server = TestServer::start().await.unwrap();
    let group = group_id(&server.group(GroupType::Work, &["alice", "bob", "carol"]).await.unwrap());
    let mut alice = Person::logged_in(&server, "alice");
    let mut bob = Person::logged_in(&server, "bob");
    let sent = send(&mut alice, &group, GROUP, "会议三点 🕒");
    assert_eq!(states(&mut alice, std::slice::from_ref(&sent))[0]["msg_receipt_unread_count"], 2);

    let received = bob.hears("会议三点 🕒");
    send_receipts(&mut bob, std::slice::from_ref(&received));
    send_receipts(&mut bob, std::slice::from_ref(&received));
    let id = &sent["message_msg_id"];
    let heard = |read: u64| move |item: &Value| item["msg_receipt_read_count"].as_u64() >= Some(read);
    let state = alice.told_item("receipts", heard(1));
    assert_eq!((&state["msg_receipt_msg_id"], &state["msg_receipt_unread_count"]), (id, &json!(1)));
    assert_eq!(list(&mut alice, &sent, 0, 100).0, ["bob"]);
    assert_eq!(list(&mut alice, &sent, 1, 100).0, ["carol"]);
    let found = bob.call("TIMMsgFindMessages", "s", &[&one(id)]).good();
    assert_eq!(found[0]["message_has_sent_receipt"], true);

    // Carol comes late and finds it in the history.
    let mut carol = Person::logged_in(&server, "carol");
    let history = carol
        .call(
            "TIMMsgGetMsgList",
            "sis",
            &[&group, GROUP, r#"{"msg_getmsglist_param_count":10,"msg_getmsglist_param_is_ramble":true}"#],
        )
        .good();
    let late = history.as_array().unwrap().iter().find(|message| message["message_msg_id"] == *id).unwrap();
    assert_eq!(late["message_has_sent_receipt"], false);
    send_receipts(&mut carol, std::slice::from_ref(late));
    let state = alice.told_item("receipts", heard(2));
    assert_eq!(state["msg_receipt_unread_count"], 0);
    assert_eq!(list(&mut alice, &sent, 1, 100), (Vec::new(), 1));

    // Who did not send it may not see who has read it; the callback can only say so with an empty last page.
    assert_eq!(bob.members(&received, 0, 0, 100), (Vec::new(), 0, true));
    bob.told("log", |line| line[3].contains("10007"));
    assert_eq!(states(&mut bob, &[received]), Vec::<Value>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_of_150_comes_by_pages_of_7_and_of_100_and_misses_nobody() {
    let server = TestServer::start().await.unwrap();
    let mut everybody = vec!["alice".to_owned()];
    everybody.extend(members("member", 150));
    let to = server.group(GroupType::Work, &everybody).await.unwrap();
    let group = group_id(&to);
    let mut alice = Person::logged_in(&server, "alice");
    let sent = send(&mut alice, &group, GROUP, "who reads this?");
    let readers = &everybody[1..=40];
    let seq = sent["message_seq"].as_u64().unwrap();
    for user in &mut server.users(readers).await.unwrap() {
        user.reads(&to, &[seq]).await.unwrap();
    }
    alice.told_item("receipts", |item| item["msg_receipt_read_count"] == 40);

    let expected = |names: &[String]| names.iter().cloned().collect::<BTreeSet<_>>();
    for (count, read_pages, unread_pages) in [(7, 6, 16), (100, 1, 2)] {
        let (read, pages) = list(&mut alice, &sent, 0, count);
        assert_eq!((read.len(), pages), (40, read_pages));
        assert_eq!(expected(&read), expected(readers));
        let (unread, pages) = list(&mut alice, &sent, 1, count);
        assert_eq!((unread.len(), pages), (110, unread_pages));
        assert_eq!(expected(&unread), expected(&everybody[41..]));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_with_receipts_has_its_number() {
    let server = TestServer::start().await.unwrap();
    let group = group_id(&server.group(GroupType::Work, &["alice", "bob"]).await.unwrap());
    let mut alice = Person::logged_in(&server, "alice");
    let sent = send(&mut alice, &group, GROUP, "x");
    let other = send(&mut alice, "bob", C2C, "y");
    let receipts = "TIMMsgSendMessageReadReceipts";
    assert_eq!(alice.refused(receipts, "s", &["\\N"]), -3);
    assert_eq!(alice.refused(receipts, "s", &["nonsense"]), -3);
    assert_eq!(alice.refused(receipts, "s", &["{}"]), -3);
    assert_eq!(alice.refused(receipts, "s", &["[{}]"]), -3);
    assert_eq!(alice.refused(receipts, "s", &["[]"]), -4);
    assert_eq!(alice.refused(receipts, "s", &[&json!([sent, other]).to_string()]), -4);
    let many: Vec<Value> = vec![sent.clone(); 51];
    assert_eq!(alice.refused(receipts, "s", &[&json!(many).to_string()]), -4);
    alice.told("log", |line| line[3].contains("1 to 50"));
    let unknown =
        json!([{ "message_msg_id": "1-2-3", "message_seq": 0, "message_rand": 0, "message_unique_id": 0 }]);
    assert_eq!(alice.call(receipts, "s", &[&unknown.to_string()]).code, 10062);
    // One's own message gets none, which is no error.
    send_receipts(&mut alice, std::slice::from_ref(&sent));
    assert_eq!(states(&mut alice, std::slice::from_ref(&sent))[0]["msg_receipt_read_count"], 0);
    // The id alone is enough for what this process has seen.
    let id_alone = json!({ "message_msg_id": sent["message_msg_id"], "message_seq": 0 });
    assert_eq!(states(&mut alice, &[id_alone])[0]["msg_receipt_unread_count"], 1);

    for (message, filter, count, number) in
        [(&sent, "0", "101", -4), (&sent, "0", "0", -4), (&sent, "2", "10", -4), (&other, "0", "10", -6)]
    {
        assert_eq!(alice.members_refused(&message.to_string(), filter, count), number);
    }
    assert_eq!(alice.members_refused("[", "0", "10"), -3);
}
