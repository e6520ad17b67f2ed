//! Listeners: replaced, removed, one entry for each function; user data as it was (rule 14).

use yidu_testkit::TestServer;

use crate::person::Person;
use crate::words::{C2C, send, send_receipts};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_entry_for_each_function_and_user_data_as_it_was() {
    let server = TestServer::start().await.unwrap();
    let mut bob = Person::logged_in(&server, "bob");
    let mut alice = Person::logged_in(&server, "alice");
    let times_heard = |person: &mut Person, text: &str| {
        person.said().iter().filter(|line| line[0] == "told" && line[3].contains(text)).count()
    };

    // As the C# package does: the same function again, with other user data.
    bob.listen("messages", "AddRecvNewMsgCallback_KeyString_2");
    send(&mut alice, "bob", C2C, "once");
    let line = bob.told("messages", |line| line[3].contains("once"));
    assert_eq!(line[2], "AddRecvNewMsgCallback_KeyString_2");
    send(&mut alice, "bob", C2C, "after it");
    let received = bob.hears("after it");
    assert_eq!(times_heard(&mut bob, "once"), 0, "one entry, told once");

    // Another function is another listener, with user data of its own.
    bob.listen("also messages", "the other");
    send(&mut alice, "bob", C2C, "to two");
    assert_eq!(bob.told("also messages", |line| line[3].contains("to two"))[2], "the other");
    assert_eq!(
        bob.told("messages", |line| line[3].contains("to two"))[2],
        "AddRecvNewMsgCallback_KeyString_2"
    );
    bob.unlisten("also messages");

    // Removed: nothing more comes. What is asked for comes nevertheless.
    bob.unlisten("messages");
    send(&mut alice, "bob", C2C, "unheard");
    bob.call("TIMMsgMarkAllMessageAsRead", "", &[]).good();
    assert_eq!(times_heard(&mut bob, "unheard"), 0);
    bob.listen("messages", "读者 🎧");
    send(&mut alice, "bob", C2C, "heard again");
    assert_eq!(bob.told("messages", |line| line[3].contains("heard again"))[2], "读者 🎧");

    // Replaced: the new one alone is told.
    alice.listen("receipts", "the second");
    send_receipts(&mut bob, &[received]);
    assert_eq!(
        alice.told("receipts", |line| !line[3].contains("\"msg_receipt_msg_id\":\"\""))[2],
        "the second"
    );
    alice.unlisten("receipts");
    alice.leave();
    bob.leave();
}
