//! Profiles: one's own is changed, others see it.

use serde_json::{Value, json};
use yidu_testkit::TestServer;

use crate::person::Person;
use crate::words::{C2C, send};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_name_is_seen_by_others_and_by_ones_other_devices() {
    let server = TestServer::start().await.unwrap();
    let mut alice = Person::logged_in(&server, "alice");
    let mut other_device = Person::logged_in(&server, "alice");
    let mut bob = Person::logged_in(&server, "bob");
    other_device.listen("self", "s");

    let change = json!({ "user_profile_item_nick_name": "爱丽丝 🐰", "user_profile_item_face_url": "https://a/头像.png" });
    let answer = alice.call("TIMProfileModifySelfUserProfile", "s", &[&change.to_string()]);
    assert_eq!(answer.good(), Value::Null);
    let told = other_device.told("self", |_| true);
    let told: Value = serde_json::from_str(&told[3]).unwrap();
    assert_eq!(told["user_profile_nick_name"], "爱丽丝 🐰");

    let ask = json!({ "friendship_getprofilelist_param_identifier_array": ["nobody", "alice", "bob"] });
    let profiles = bob.call("TIMProfileGetUserProfileList", "s", &[&ask.to_string()]).good();
    assert_eq!(profiles.as_array().unwrap().len(), 2, "who has no account is left out");
    let of = |user: &str| {
        profiles.as_array().unwrap().iter().find(|p| p["user_profile_identifier"] == user).cloned()
    };
    let profile = of("alice").unwrap();
    assert_eq!(profile["user_profile_nick_name"], "爱丽丝 🐰");
    assert_eq!(profile["user_profile_face_url"], "https://a/头像.png");
    assert_eq!(profile["user_profile_custom_string_array"], json!([]));
    assert_eq!(of("bob").unwrap()["user_profile_nick_name"], "");

    send(&mut alice, "bob", C2C, "who am I?");
    let heard = bob.hears("who am I?");
    assert_eq!(heard["message_sender_profile"]["user_profile_nick_name"], "爱丽丝 🐰");
    for person in [alice, other_device, bob] {
        person.leave();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_kept_is_named_and_changes_nothing() {
    let server = TestServer::start().await.unwrap();
    let mut alice = Person::logged_in(&server, "alice");
    let modify = "TIMProfileModifySelfUserProfile";
    assert_eq!(alice.refused(modify, "s", &["{}"]), -3);
    assert_eq!(alice.refused(modify, "s", &[r#"{"user_profile_item_nick_name":7}"#]), -4);
    let both = json!({ "user_profile_item_nick_name": "x", "user_profile_item_gender": 1 });
    let answer = alice.call(modify, "s", &[&both.to_string()]);
    assert_eq!(answer.code, 7013);
    assert!(answer.desc.contains("user_profile_item_gender"), "{answer:?}");
    let long = json!({ "user_profile_item_nick_name": "名".repeat(200) });
    assert_eq!(alice.call(modify, "s", &[&long.to_string()]).code, 6017);
    let get = "TIMProfileGetUserProfileList";
    assert_eq!(alice.refused(get, "s", &["{}"]), -3);
    let ask = json!({ "friendship_getprofilelist_param_identifier_array": ["alice"] });
    let profile = alice.call(get, "s", &[&ask.to_string()]).good();
    assert_eq!(profile[0]["user_profile_nick_name"], "");
    alice.leave();
}
