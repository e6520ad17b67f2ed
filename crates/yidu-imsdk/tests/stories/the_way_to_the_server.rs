//! Cut connections, restarts, other devices: nothing is lost, nothing is told twice (rules 7, 8, 12, 17, 20).

use serde_json::json;
use yidu_client::v1::GroupType;
use yidu_testkit::{Link, TestServer};

use crate::person::Person;
use crate::words::{C2C, GROUP, found, group_id, history, send, send_receipts, states};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receipt_that_was_sent_offline_arrives_when_the_connection_is_back() {
    let server = TestServer::start().await.unwrap();
    let link = Link::to(&server.url()).await.unwrap();
    let mut bob = Person::logged_in_at(&link.url(), &server, "bob");
    let mut alice = Person::logged_in(&server, "alice");
    let sent = send(&mut alice, "bob", C2C, "on the train?");
    let received = bob.hears("on the train?");

    link.cut();
    bob.told("network", |line| line[4] == "1");
    send_receipts(&mut bob, &[received]);
    assert_eq!(states(&mut alice, std::slice::from_ref(&sent))[0]["msg_receipt_is_peer_read"], false);
    let missed = send(&mut alice, "bob", C2C, "in the tunnel");
    // What is kept here can be read.
    assert_eq!(history(&mut bob, "alice", C2C).len(), 1);

    link.mend();
    alice.told_item("receipts", |item| item["msg_receipt_msg_id"] == sent["message_msg_id"]);
    let late = bob.hears("in the tunnel");
    assert_eq!(late["message_msg_id"], missed["message_msg_id"]);
    bob.told("network", |line| line[4] == "0");
    assert_eq!(history(&mut bob, "alice", C2C).len(), 2);
    alice.leave();
    bob.leave();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_of_the_server_in_the_middle_loses_nothing() {
    let mut server = TestServer::start().await.unwrap();
    let group = group_id(&server.group(GroupType::Work, &["alice", "bob", "carol"]).await.unwrap());
    let mut alice = Person::logged_in(&server, "alice");
    let mut bob = Person::logged_in(&server, "bob");
    let sent = send(&mut alice, &group, GROUP, "before");
    let before = bob.hears("before");
    send_receipts(&mut bob, &[before]);

    server.stop().await.unwrap();
    alice.told("network", |line| line[4] == "1");
    // Asked while the server is away, answered when it is back.
    let (tag, returned, _) =
        alice.begin("TIMMsgSendMessage", "siso", &[&group, GROUP, &crate::words::asking("during")]);
    assert_eq!(returned, 0);
    server.restart().await.unwrap();
    assert_eq!(alice.answer(&tag).good()["message_seq"], 2);

    let during = bob.hears("during");
    send_receipts(&mut bob, &[during]);
    alice.told_item("receipts", |item| item["msg_receipt_msg_id"] == sent["message_msg_id"]);
    let newest = history(&mut alice, &group, GROUP)[0].clone();
    let counts: Vec<_> = states(&mut alice, &[sent, newest])
        .iter()
        .map(|state| (state["msg_receipt_read_count"].clone(), state["msg_receipt_unread_count"].clone()))
        .collect();
    assert_eq!(counts, [(json!(1), json!(1)), (json!(1), json!(1))]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_devices_of_one_user_know_the_same() {
    let server = TestServer::start().await.unwrap();
    let group = group_id(&server.group(GroupType::Work, &["alice", "bob"]).await.unwrap());
    let mut phone = Person::logged_in(&server, "bob");
    let mut desk = Person::logged_in(&server, "bob");
    let mut alice = Person::logged_in(&server, "alice");
    let sent = send(&mut alice, &group, GROUP, "to both");
    let (on_phone, on_desk) = (phone.hears("to both"), desk.hears("to both"));
    assert_eq!(on_phone["message_msg_id"], on_desk["message_msg_id"]);

    // The other device learns of the receipt, nobody else does.
    send_receipts(&mut phone, &[on_phone]);
    let updated = desk.told_item("updated", |message| message["message_has_sent_receipt"] == true);
    assert_eq!(updated["message_msg_id"], sent["message_msg_id"]);
    assert_eq!(found(&mut desk, &sent)["message_has_sent_receipt"], true);

    // One's own messages come to the other device too, once.
    let own = send(&mut phone, &group, GROUP, "from the phone");
    let copy = desk.hears("from the phone");
    assert_eq!(
        (&copy["message_is_from_self"], &copy["message_msg_id"]),
        (&json!(true), &own["message_msg_id"])
    );
    alice.hears("from the phone");
    assert!(!phone.said().iter().any(|line| line[0] == "told" && line[1] == "messages"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_pushed_out_hears_it_and_is_refused_once() {
    let server = TestServer::start().await.unwrap();
    server.settings(|settings| settings.multi_device = 2).await.unwrap();
    let mut first = Person::logged_in(&server, "bob");
    let second = Person::logged_in(&server, "bob");
    first.told("kicked", |line| line[2] == "for kicked");
    assert_eq!(first.plain("TIMGetLoginStatus", "", &[]).0, 3);
    assert_eq!(first.refused("TIMMsgMarkAllMessageAsRead", "", &[]), -2);
    second.leave();
    assert_eq!(first.log_in(&server, "bob").code, 6208);
    first.log_in(&server, "bob").good();
    first.leave();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_is_the_first_that_is_named() {
    let server = TestServer::start().await.unwrap();
    let nowhere = "ws://127.0.0.1:9";
    let login = |mut person: Person, config: &str| {
        assert_eq!(person.init(&server, config), 0);
        person
    };
    // The environment.
    let mut person = login(Person::start(&[("YIDU_SERVER_URL", &server.url())]), "{}");
    person.log_in(&server, "alice").good();
    // TIMInit goes before it.
    let config = json!({ "sdk_config_server_url": server.url() }).to_string();
    let mut person = login(Person::start(&[("YIDU_SERVER_URL", nowhere)]), &config);
    person.log_in(&server, "alice").good();
    // The experimental operation goes before both.
    let config = json!({ "sdk_config_server_url": nowhere }).to_string();
    let mut person = login(Person::start(&[("YIDU_SERVER_URL", nowhere)]), &config);
    let refused = person.log_in(&server, "alice");
    assert_eq!(refused.code, 6200, "{refused:?}");
    let url = server.url();
    let (host, port) = url.trim_start_matches("ws://").rsplit_once(':').unwrap();
    let address = json!({ "server_address_ip": host, "server_address_port": port.parse::<u16>().unwrap() });
    let operation = json!({
        "request_internal_operation": "internal_operation_set_custom_server_info",
        "request_set_custom_server_info_param": { "longconnection_address_array": [address] },
    });
    let answer = person.call("callExperimentalAPI", "s", &[&operation.to_string()]).good();
    assert_eq!(answer["response_internal_operation"], operation["request_internal_operation"]);
    person.log_in(&server, "alice").good();
}
