//! What is wrong with a login, or with asking for receipts, has the interface's number.

use yidu_client::v1::GroupType;
use yidu_testkit::TestServer;

use crate::person::Person;
use crate::words::{C2C, GROUP, asking, group_id};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_has_its_number_and_leaves_nobody_logged_in() {
    let server = TestServer::start().await.unwrap();
    let mut person = Person::start(&[("YIDU_SERVER_URL", &server.url())]);
    assert_eq!(person.init(&server, "\\N"), 0);
    person.listen_to_all();
    let other_key = server.sig_with("another-key-of-some-length-0123456789", "alice").unwrap();
    for (sig, number) in [
        (server.expired_sig("alice"), 70001),
        ("nonsense".to_owned(), 70003),
        (other_key, 70009),
        (server.sig("bob"), 70013),
        (server.sig_for(server.app() + 1, "alice"), 70014),
    ] {
        let answer = person.call("TIMLogin", "ss", &["alice", &sig]);
        assert_eq!((answer.code, answer.json.as_str()), (number, ""), "{answer:?}");
        assert!(!answer.desc.is_empty() && !answer.desc.contains(&sig));
        assert_eq!(person.plain("TIMGetLoginStatus", "", &[]).0, 3);
        assert_eq!(person.plain("TIMGetLoginUserID", "o", &[]), (0, String::new()));
    }
    person.told("network", |line| line[4] == "3");
    person.log_in(&server, "alice").good();
    assert_eq!(person.plain("TIMGetLoginStatus", "", &[]).0, 1);
    assert_eq!(person.log_in(&server, "alice").code, 7501);
    let ignore = r#"{"request_internal_operation":"internal_operation_set_ignore_repeat_login","request_set_ignore_repeat_login_param":true}"#;
    person.call("callExperimentalAPI", "s", &[ignore]).good();
    person.log_in(&server, "alice").good();
    assert_eq!(person.log_in(&server, "bob").code, 7501);
    person.leave();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asking_for_receipts_where_they_are_off_is_refused_and_the_message_comes_back_failed() {
    let server = TestServer::start().await.unwrap();
    server.settings(|settings| settings.receipt_group_types.clear()).await.unwrap();
    let group = group_id(&server.group(GroupType::Work, &["alice", "bob"]).await.unwrap());
    let mut alice = Person::logged_in(&server, "alice");
    let refused = alice.call("TIMMsgSendMessage", "siso", &[&group, GROUP, &asking("x")]);
    assert_eq!(refused.code, 7013, "{refused:?}");
    assert!(refused.json.contains("\"message_status\":3"), "{}", refused.json);
    // One-to-one it always works.
    alice.call("TIMMsgSendMessage", "siso", &["bob", C2C, &asking("x")]).good();
}
