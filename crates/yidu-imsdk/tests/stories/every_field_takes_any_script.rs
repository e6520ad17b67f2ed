//! Chinese, emoji, escapes and control characters in every field that takes text, there and back.

use serde_json::json;
use yidu_client::v1::GroupType;
use yidu_testkit::TestServer;

use crate::person::Person;
use crate::words::{GROUP, found, group_id, history};

/// Four-byte characters, a combined emoji, right-to-left, quotes, a backslash, a line end, a control character, a NUL.
const ANY: &str = "已读 ✓ 👩‍👩‍👧 𠮷 שלום \"q\" \\ \n \u{1} \u{0} end";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn through_the_library_and_back() {
    let server = TestServer::start().await.unwrap();
    let (reader, sender) = ("读者一号", "发送者😀");
    let group = group_id(&server.group(GroupType::Work, &[sender, reader]).await.unwrap());
    let mut alice = Person::logged_in(&server, sender);
    let mut bob = Person::logged_in(&server, reader);
    assert_eq!(alice.plain("TIMGetLoginUserID", "o", &[]), (0, sender.to_owned()));

    let message = json!({
        "message_elem_array": [
            { "elem_type": 0, "text_elem_content": ANY },
            { "elem_type": 3, "custom_elem_data": ANY, "custom_elem_desc": ANY, "custom_elem_ext": ANY, "custom_elem_sound": ANY },
            { "elem_type": 6, "face_elem_index": 1, "face_elem_buf": ANY },
            { "elem_type": 7, "location_elem_desc": ANY, "location_elem_longitude": 116.4, "location_elem_latitude": 39.9 },
        ],
        "message_cloud_custom_str": ANY,
        "message_custom_str": ANY,
        "message_need_read_receipt": true,
    });
    let sent = alice.call("TIMMsgSendMessage", "siso", &[&group, GROUP, &message.to_string()]).good();
    let received = bob.told_item("messages", |item| item["message_msg_id"] == sent["message_msg_id"]);
    for shown in [&sent, &received, &history(&mut bob, &group, GROUP)[0], &found(&mut bob, &sent)] {
        for (n, element) in message["message_elem_array"].as_array().unwrap().iter().enumerate() {
            for (key, value) in element.as_object().unwrap() {
                assert_eq!(shown["message_elem_array"][n][key], *value, "{key}");
            }
        }
        assert_eq!(shown["message_cloud_custom_str"], ANY);
        assert_eq!(shown["message_sender"], sender);
    }
    assert_eq!(sent["message_custom_str"], ANY, "stays on the sender's side");
    assert_eq!(received["message_custom_str"], "");

    // \u escapes with surrogate pairs are understood like raw text.
    let escaped =
        r#"{"message_elem_array":[{"elem_type":0,"text_elem_content":"\u5df2\u8bfb \ud83d\ude00"}]}"#;
    alice.call("TIMMsgSendMessage", "siso", &[&group, GROUP, escaped]).good();
    bob.hears("已读 😀");

    let mut revoke = sent.clone();
    revoke["message_revoke_reason"] = ANY.into();
    alice.call("TIMMsgRevoke", "sis", &[&group, GROUP, &revoke.to_string()]).good();
    let told = bob.told_item("revoked", |_| true);
    assert_eq!(
        (&told["message_revoke_reason"], &told["message_revoker_user_id"]),
        (&json!(ANY), &json!(sender))
    );
}
