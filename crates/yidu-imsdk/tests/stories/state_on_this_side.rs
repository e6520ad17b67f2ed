//! What the interface keeps on this side: within the process, and in a folder across processes.

use serde_json::{Value, json};
use yidu_client::v1::GroupType;
use yidu_testkit::TestServer;

use crate::person::Person;
use crate::words::{C2C, GROUP, found, group_id, history, one, plain, send, send_receipts};

/// A process that keeps its state in a folder.
fn with_folder(server: &TestServer, user: &str, folder: &str) -> Person {
    let mut person = Person::start(&[]);
    let config = json!({ "sdk_config_config_file_path": folder, "sdk_config_server_url": server.url() });
    assert_eq!(person.init(server, &config.to_string()), 0);
    person.listen_to_all();
    person.log_in(server, user).good();
    person
}

fn with_custom_data(message: &Value) -> String {
    let mut message = message.clone();
    message["message_custom_int"] = 7.into();
    message["message_custom_str"] = "置顶 📌".into();
    message.to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_carries_custom_data_and_messages_from_one_process_to_the_next() {
    let server = TestServer::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let group = group_id(&server.group(GroupType::Work, &["alice", "bob"]).await.unwrap());
    let mut alice = Person::logged_in(&server, "alice");
    let mut bob = with_folder(&server, "bob", path);
    let sent = send(&mut alice, &group, GROUP, "keep this");
    let received = bob.hears("keep this");
    bob.call("TIMMsgSetLocalCustomData", "s", &[&with_custom_data(&received)]).good();
    send_receipts(&mut bob, &[received]);
    let kept = found(&mut bob, &sent);
    assert_eq!((&kept["message_custom_int"], &kept["message_custom_str"]), (&json!(7), &json!("置顶 📌")));
    bob.leave();

    // The next process finds it without asking anybody.
    let mut bob = with_folder(&server, "bob", path);
    let kept = found(&mut bob, &sent);
    assert_eq!(kept["message_elem_array"][0]["text_elem_content"], "keep this");
    assert_eq!((&kept["message_custom_int"], &kept["message_custom_str"]), (&json!(7), &json!("置顶 📌")));
    assert_eq!(kept["message_has_sent_receipt"], true);
    let local = r#"{"msg_getmsglist_param_is_ramble":false}"#;
    let local = bob.call("TIMMsgGetMsgList", "sis", &[&group, GROUP, local]).good();
    assert_eq!(local[0]["message_msg_id"], sent["message_msg_id"]);
    // What comes from the server keeps what is known here alone.
    assert_eq!(history(&mut bob, &group, GROUP)[0]["message_custom_int"], 7);

    // Another user of the same folder sees nothing of it.
    let mut carol = with_folder(&server, "carol", path);
    assert_eq!(carol.call("TIMMsgFindMessages", "s", &[&one(&sent["message_msg_id"])]).good(), json!([]));
    bob.leave();
    carol.leave();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_process_on_the_same_folder_keeps_to_itself_and_says_so() {
    let server = TestServer::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let mut first = with_folder(&server, "bob", path);
    let mut second = with_folder(&server, "bob", path);
    second.told("log", |line| line[3].contains("in memory only"));
    // They are two devices, so neither pushes the other out.
    let mut alice = Person::logged_in(&server, "alice");
    let sent = send(&mut alice, "bob", C2C, "to both");
    for person in [&mut first, &mut second] {
        person.hears("to both");
        assert_eq!(found(person, &sent)["message_msg_id"], sent["message_msg_id"]);
    }
    second.leave();
    first.leave();
    let mut third = with_folder(&server, "bob", path);
    assert_eq!(found(&mut third, &sent)["message_msg_id"], sent["message_msg_id"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failed_revoked_and_deleted_messages_are_found_with_their_status() {
    let server = TestServer::start().await.unwrap();
    let group = group_id(&server.group(GroupType::Work, &["alice", "bob"]).await.unwrap());
    let mut alice = Person::logged_in(&server, "alice");
    let mut bob = Person::logged_in(&server, "bob");

    let mut message = plain("to nobody");
    message["message_custom_int"] = 3.into();
    let (tag, returned, id) =
        alice.begin("TIMMsgSendMessage", "siso", &["nobody", C2C, &message.to_string()]);
    assert_eq!(returned, 0);
    let failed = alice.answer(&tag);
    assert_ne!(failed.code, 0);
    let shown: Value = serde_json::from_str(&failed.json).unwrap();
    assert_eq!((&shown["message_status"], &shown["message_msg_id"]), (&json!(3), &json!(id)));
    let kept = found(&mut alice, &shown);
    assert_eq!((&kept["message_status"], &kept["message_custom_int"]), (&json!(3), &json!(3)));

    let sent = send(&mut alice, &group, GROUP, "said too much");
    bob.hears("said too much");
    let mut revoke = sent.clone();
    revoke["message_revoke_reason"] = "打错了".into();
    alice.call("TIMMsgRevoke", "sis", &[&group, GROUP, &revoke.to_string()]).good();
    let told = bob.told_item("revoked", |_| true);
    assert_eq!(told["message_locator_seq"], sent["message_seq"]);
    assert_eq!(
        (&told["message_revoker_user_id"], &told["message_revoke_reason"]),
        (&json!("alice"), &json!("打错了"))
    );
    for person in [&mut alice, &mut bob] {
        let kept = found(person, &sent);
        assert_eq!((&kept["message_status"], &kept["message_elem_array"]), (&json!(6), &json!([])));
        assert_eq!(kept["message_revoke_reason"], "打错了");
    }
    assert_eq!(alice.call("TIMMsgRevoke", "sis", &[&group, GROUP, &sent.to_string()]).code, 10032);

    let sent = send(&mut alice, &group, GROUP, "not for me");
    let received = bob.hears("not for me");
    bob.call("TIMMsgListDelete", "sis", &[&group, GROUP, &one(&received)]).good();
    assert_eq!(found(&mut bob, &sent)["message_status"], 4);
    assert_eq!(history(&mut bob, &group, GROUP)[0]["message_status"], 6, "the deleted one is not in it");
    let own = json!({ "msg_delete_param_msg": sent, "msg_delete_param_is_ramble": false });
    alice.call("TIMMsgDelete", "sis", &[&group, GROUP, &own.to_string()]).good();
    assert_eq!(found(&mut alice, &sent)["message_status"], 4);
    assert_eq!(history(&mut alice, &group, GROUP)[0]["message_status"], 6);
}
