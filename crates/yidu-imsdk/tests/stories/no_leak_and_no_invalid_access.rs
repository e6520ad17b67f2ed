//! The C programs under valgrind: nothing of the library leaks, no access is invalid.

use std::process::Command;

use tokio::net::TcpListener;
use yidu_client::v1::GroupType;
use yidu_testkit::TestServer;

use crate::person::{Person, compiled};
use crate::words::{C2C, GROUP, asking, found, group_id, history, send, send_receipts, states};

/// Lost memory and invalid accesses end the program with 99. Threads take turns fairly, since the library has several.
const VALGRIND: [&str; 7] = [
    "valgrind",
    "--quiet",
    "--error-exitcode=99",
    "--leak-check=full",
    "--errors-for-leak-kinds=definite,indirect",
    "--show-leak-kinds=definite,indirect",
    "--fair-sched=try",
];

fn needs_valgrind() {
    let found = Command::new("valgrind").arg("--version").output();
    assert!(found.is_ok(), "this test needs valgrind: apt-get install valgrind");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_with_the_library() {
    needs_valgrind();
    let server = TestServer::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let group = group_id(&server.group(GroupType::Work, &["alice", "bob"]).await.unwrap());
    let mut bob = Person::logged_in(&server, "bob");
    let mut alice = Person::start_under(&VALGRIND, &[("YIDU_SERVER_URL", &server.url())]);
    let config = serde_json::json!({ "sdk_config_config_file_path": folder.path() }).to_string();
    assert_eq!(alice.init(&server, &config), 0);
    alice.listen_to_all();
    alice.log_in(&server, "alice").good();

    let sent = send(&mut alice, &group, GROUP, "群消息 🙂");
    let received = bob.hears("群消息 🙂");
    send_receipts(&mut bob, &[received]);
    alice.told_item("receipts", |item| item["msg_receipt_read_count"] == 1);
    assert_eq!(states(&mut alice, std::slice::from_ref(&sent))[0]["msg_receipt_read_count"], 1);
    assert_eq!(alice.members(&sent, 0, 0, 100).0.len(), 1);
    assert_eq!(alice.members(&sent, 1, 0, 1), (Vec::new(), 0, true));

    send(&mut bob, "alice", C2C, "and you?");
    let asked = alice.hears("and you?");
    send_receipts(&mut alice, std::slice::from_ref(&asked));
    assert_eq!(history(&mut alice, "bob", C2C).len(), 1);
    assert_eq!(found(&mut alice, &sent)["message_msg_id"], sent["message_msg_id"]);
    alice.call("TIMMsgSetLocalCustomData", "s", &[&asked.to_string()]).good();
    alice.call("TIMMsgRevoke", "sis", &[&group, GROUP, &sent.to_string()]).good();
    alice.call("TIMMsgReportReaded", "sis", &["bob", C2C, "\\N"]).good();
    assert_ne!(alice.call("TIMMsgSendMessage", "siso", &["nobody", C2C, &asking("x")]).code, 0);
    assert_eq!(alice.refused("TIMMsgSendMessageReadReceipts", "s", &["[{]"]), -3);
    assert_eq!(alice.call("TIMFriendshipAddFriend", "s", &["{}"]).code, 7013);
    alice.call("TIMLogout", "", &[]).good();
    alice.log_in(&server, "alice").good();
    alice.leave();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ending_and_beginning_again() {
    needs_valgrind();
    let server = TestServer::start().await.unwrap();
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let output = Command::new(VALGRIND[0])
        .args(&VALGRIND[1..])
        .arg(compiled("lifecycle.c"))
        .args([&server.app().to_string(), "alice", &server.sig("alice"), &server.url()])
        .arg(format!("ws://{}", silent.local_addr().unwrap()))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
