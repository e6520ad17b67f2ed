//! `TIMMsgGetMsgList`: which part of a history each parameter means.

use serde_json::{Value, json};
use yidu_client::v1::GroupType;
use yidu_testkit::TestServer;

use crate::person::Person;
use crate::words::{C2C, GROUP, group_id, one, send};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn last_message_last_seq_seqs_direction_and_times() {
    let server = TestServer::start().await.unwrap();
    let group = group_id(&server.group(GroupType::Work, &["alice", "bob"]).await.unwrap());
    let mut alice = Person::logged_in(&server, "alice");
    let mut sent: Vec<Value> = Vec::new();
    for n in 1..=9 {
        sent.push(send(&mut alice, &group, GROUP, &format!("第{n}条 🎉")));
    }
    let mut seqs = |param: Value| -> Vec<u64> {
        let list = alice.call("TIMMsgGetMsgList", "sis", &[&group, GROUP, &param.to_string()]).good();
        list.as_array().unwrap().iter().map(|message| message["message_seq"].as_u64().unwrap()).collect()
    };
    for ramble in [true, false] {
        let mut part = |param: Value| {
            let mut all = serde_json::Map::new();
            all.insert("msg_getmsglist_param_is_ramble".to_owned(), ramble.into());
            for (key, value) in param.as_object().unwrap() {
                all.insert(format!("msg_getmsglist_param_{key}"), value.clone());
            }
            seqs(Value::Object(all))
        };
        assert_eq!(part(json!({ "count": 3 })), [9, 8, 7]);
        assert_eq!(part(json!({ "count": 3, "last_msg": {} })), [9, 8, 7]);
        assert_eq!(part(json!({ "count": 3, "last_msg": sent[4] })), [4, 3, 2], "without the last message");
        assert_eq!(part(json!({ "count": 3, "last_msg": sent[4], "is_forward": true })), [6, 7, 8]);
        assert_eq!(part(json!({ "count": 3, "last_msg_seq": 5 })), [5, 4, 3], "with the last seq");
        assert_eq!(part(json!({ "count": 2, "last_msg": sent[4], "last_msg_seq": 9 })), [4, 3]);
        assert_eq!(part(json!({ "count": 2, "is_forward": true })), [1, 2]);
        assert_eq!(part(json!({ "last_msg": sent[0] })), [0_u64; 0]);
        assert_eq!(part(json!({ "message_seq_array": [2, 9, 77], "last_msg_seq": 5 })), [2, 9]);
        let now = sent[8]["message_server_time"].as_u64().unwrap();
        assert_eq!(part(json!({ "time_begin": now, "time_period": 3600 })).len(), 9);
        assert_eq!(part(json!({ "time_begin": now - 3600, "time_period": 60 })), [0_u64; 0]);
        let whole = sent[4]["message_msg_id"].clone();
        assert_eq!(
            part(json!({ "count": 1, "last_msg": { "message_msg_id": whole, "message_seq": 0 } })),
            [4]
        );
    }
    let types =
        json!({ "msg_getmsglist_param_is_ramble": false, "msg_getmsglist_param_message_type_array": [3] });
    assert_eq!(seqs(types), [0_u64; 0]);
    let refused = |alice: &mut Person, param: Value| {
        alice.refused("TIMMsgGetMsgList", "sis", &[&group, GROUP, &param.to_string()])
    };
    assert_eq!(refused(&mut alice, json!({ "msg_getmsglist_param_count": 1001 })), -4);
    assert_eq!(refused(&mut alice, json!({ "msg_getmsglist_param_count": -1 })), -4);
    assert_eq!(refused(&mut alice, json!([])), -3);
    assert_eq!(alice.refused("TIMMsgGetMsgList", "sis", &["", GROUP, "{}"]), -6);
    assert_eq!(alice.refused("TIMMsgGetMsgList", "sis", &["\\N", C2C, "{}"]), -5);
    assert_eq!(alice.refused("TIMMsgGetMsgList", "sis", &["bob", "9", "{}"]), -5);

    let locator = json!({ "message_locator_seq": 3, "message_locator_rand": sent[2]["message_rand"] });
    let found = alice.call("TIMMsgFindByMsgLocatorList", "sis", &[&group, GROUP, &one(&locator)]).good();
    assert_eq!(found[0]["message_msg_id"], sent[2]["message_msg_id"]);
    let other = json!({ "message_locator_seq": 3, "message_locator_rand": 1 });
    let found = alice.call("TIMMsgFindByMsgLocatorList", "sis", &[&group, GROUP, &one(&other)]).good();
    assert_eq!(found, json!([]));
}
