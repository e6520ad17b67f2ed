//! `openim`: history, reading, receipts, taking back, unread counts, who is online.

use anyhow::Result;
use serde_json::{Value, json};
use yidu_proto::v1;
use yidu_testkit::words::with;
use yidu_testkit::{Clock, Rest, TestServer, User};

const WHEN: (u64, u64) = (0, u32::MAX as u64);

fn roaming(operator: &str, peer: &str, most: u32) -> Value {
    json!({"Operator_Account": operator, "Peer_Account": peer, "MaxCnt": most, "MinTime": WHEN.0, "MaxTime": WHEN.1})
}

async fn sends(rest: &mut Rest, random: u32, what: &str) -> Result<String> {
    let message = json!({"From_Account": "alice", "To_Account": "bob", "MsgRandom": random, "IsNeedReadReceipt": 1,
        "MsgBody": [{"MsgType": "TIMTextElem", "MsgContent": {"Text": what}}]});
    Ok(rest.ok("openim/sendmsg", message).await?["MsgKey"].as_str().unwrap().to_owned())
}

async fn pair(server: &TestServer) -> Result<[User; 2]> {
    let people = server.users(&["alice", "bob"]).await?;
    people.try_into().map_err(|_| anyhow::anyhow!("not two"))
}

#[tokio::test]
async fn history_says_what_a_receipt_has_changed() -> Result<()> {
    let server = TestServer::start().await?;
    let mut rest = server.rest().await?;
    let [mut alice, mut bob] = pair(&server).await?;
    let keys = [sends(&mut rest, 1, "one").await?, sends(&mut rest, 2, "two").await?];
    bob.hears("two").await?;

    // Clearing the unread count is no receipt.
    rest.ok("openim/admin_set_msg_read", json!({"Report_Account": "bob", "Peer_Account": "alice"})).await?;
    assert_eq!(bob.conversation(&with("alice")).await?.unread_count, 0);
    alice
        .hears_change("that bob has cleared", |thing| match thing {
            v1::change::Thing::PeerRead(read) => Some(read.time_ms),
            _ => None,
        })
        .await?;
    let page = rest.ok("openim/admin_getroammsg", roaming("alice", "bob", 10)).await?;
    assert_eq!((&page["Complete"], &page["MsgCnt"]), (&json!(1), &json!(2)));
    let list = page["MsgList"].as_array().unwrap();
    assert!(list.iter().all(|message| message["IsNeedReadReceipt"] == 1 && message["IsPeerRead"] == 0));
    assert_eq!((&list[0]["MsgKey"], &list[1]["MsgKey"]), (&json!(keys[1]), &json!(keys[0])), "newest first");

    let read = |key: &str| {
        json!({"Operator_Account": "bob", "Peer_Account": "alice",
        "C2CMsgInfo": [{"From_Account": "alice", "To_Account": "bob", "MsgKey": key}]})
    };
    let sent = rest.ok("openim/c2c_msg_read_receipt", read(&keys[0])).await?;
    assert_eq!(sent["C2CMsgReceiptList"], json!([{"MsgKey": keys[0], "Code": 0}]));
    assert!(alice.hears_read(1, 1).await?.peer_read_time_ms > 0);
    rest.ok("openim/c2c_msg_read_receipt", read(&keys[0])).await?;
    for (operator, peer) in [("alice", "bob"), ("bob", "alice")] {
        let page = rest.ok("openim/admin_getroammsg", roaming(operator, peer, 10)).await?;
        let list = page["MsgList"].as_array().unwrap();
        let read: Vec<_> = list.iter().map(|message| message["IsPeerRead"].as_u64().unwrap()).collect();
        assert_eq!(read, [0, 1], "as {operator} sees it");
    }
    Ok(())
}

#[tokio::test]
async fn history_by_pages_of_thirteen_kilobytes() -> Result<()> {
    let clock = Clock::new();
    let server = TestServer::with_clock(&clock).await?;
    let mut rest = server.rest().await?;
    let _people = pair(&server).await?;
    for random in 0..30 {
        sends(&mut rest, random, &format!("{random} {}", "x".repeat(1_000))).await?;
        clock.advance(700);
    }
    let mut request = roaming("bob", "alice", 100);
    let mut seqs = Vec::new();
    for page in 1.. {
        let answer = rest.ok("openim/admin_getroammsg", request.clone()).await?;
        let list = answer["MsgList"].as_array().unwrap();
        assert!(serde_json::to_vec(list)?.len() <= 13 * 1024 + list.len() + 1);
        seqs.extend(list.iter().map(|message| message["MsgSeq"].as_u64().unwrap()));
        if answer["Complete"] == 1 {
            assert!(page >= 3, "{page} pages");
            break;
        }
        request["MaxTime"] = answer["LastMsgTime"].clone();
        request["LastMsgKey"] = answer["LastMsgKey"].clone();
    }
    assert_eq!(seqs, (1..=30).rev().collect::<Vec<u64>>());

    let first = rest.ok("openim/admin_getroammsg", roaming("bob", "alice", 1)).await?;
    assert_eq!((&first["MsgCnt"], &first["Complete"]), (&json!(1), &json!(0)));
    let late = json!({"Operator_Account": "bob", "Peer_Account": "alice", "MaxCnt": 9, "MinTime": u32::MAX, "MaxTime": u32::MAX});
    assert_eq!(rest.ok("openim/admin_getroammsg", late).await?["MsgCnt"], 0);
    for (field, value, code) in [
        ("LastMsgKey", json!("x"), 90054),
        ("MaxCnt", json!(0), 90001),
        ("Peer_Account", json!("nobody"), 20003),
        ("Operator_Account", json!("nobody"), 90048),
        ("Operator_Account", json!(""), 90008),
        ("Peer_Account", json!(""), 90003),
    ] {
        let mut bad = roaming("bob", "alice", 10);
        bad[field] = value;
        assert_eq!(rest.refused("openim/admin_getroammsg", bad).await?, code, "{field}");
    }
    assert_eq!(rest.refused("openim/admin_getroammsg", json!({"MaxCnt": 1})).await?, 90008);
    Ok(())
}

#[tokio::test]
async fn receipts_for_many_messages_each_with_a_code() -> Result<()> {
    let server = TestServer::start().await?;
    let mut rest = server.rest().await?;
    let [mut alice, _bob] = pair(&server).await?;
    let key = sends(&mut rest, 1, "asks").await?;
    let plain = alice.sends(yidu_testkit::words::plain(&with("bob"), "does not ask")).await?;
    let plain_key = json!({"From_Account": "alice", "To_Account": "bob", "MsgSeq": plain.seq, "MsgRandom": plain.random,
        "MsgTime": plain.time_ms / 1_000});
    let info = |key: &str| json!({"From_Account": "alice", "To_Account": "bob", "MsgKey": key});
    let request = |messages: Vec<Value>| json!({"Operator_Account": "bob", "Peer_Account": "alice", "C2CMsgInfo": messages});
    let command = "openim/c2c_msg_read_receipt";
    let sent = rest.ok(command, request(vec![info("9_9_9"), plain_key.clone(), info(&key)])).await?;
    let codes: Vec<_> = sent["C2CMsgReceiptList"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["Code"].as_u64().unwrap())
        .collect();
    assert_eq!(codes, [20022, 10062, 0]);

    let foreign = json!({"From_Account": "bob", "To_Account": "bob", "MsgKey": key});
    let towards = json!({"From_Account": "alice", "To_Account": "alice", "MsgKey": key});
    let nameless = json!({"From_Account": "alice", "To_Account": "bob"});
    for (messages, code) in [
        (vec![info("9_9_9")], 20022),
        (vec![plain_key], 10062),
        (vec![info("rubbish")], 90054),
        (vec![nameless], 90054),
        (vec![foreign], 90008),
        (vec![towards], 90003),
        (vec![], 20001),
        (vec![info(&key); 51], 20001),
    ] {
        assert_eq!(rest.refused(command, request(messages.clone())).await?, code, "{messages:?}");
    }
    rest.ok(command, request(vec![info(&key); 50])).await?;
    let mut nobody = request(vec![info(&key)]);
    nobody["Operator_Account"] = json!("nobody");
    nobody["C2CMsgInfo"][0]["To_Account"] = json!("nobody");
    assert_eq!(rest.refused(command, nobody).await?, 90048);
    Ok(())
}

#[tokio::test]
async fn taking_back_however_old() -> Result<()> {
    let clock = Clock::new();
    let server = TestServer::with_clock(&clock).await?;
    let mut rest = server.rest().await?;
    let [_alice, mut bob] = pair(&server).await?;
    let key = sends(&mut rest, 1, "a mistake").await?;
    clock.advance(3_600_000);
    let withdraw = |key: &str| json!({"From_Account": "alice", "To_Account": "bob", "MsgKey": key});
    rest.ok("openim/admin_msgwithdraw", withdraw(&key)).await?;
    bob.wait("the recall", |event| match event {
        v1::push::Event::ConversationChange(_) => Some(()),
        _ => None,
    })
    .await?;
    let page = rest.ok("openim/admin_getroammsg", roaming("bob", "alice", 10)).await?;
    assert_eq!((&page["MsgList"][0]["MsgFlagBits"], &page["MsgList"][0]["MsgBody"]), (&json!(8), &json!([])));
    let mut others = withdraw(&key);
    others["From_Account"] = json!("bob");
    others["To_Account"] = json!("alice");
    for (request, code) in
        [(withdraw(&key), 20023), (withdraw("7_7_7"), 20022), (withdraw("7"), 90054), (others, 20022)]
    {
        assert_eq!(rest.refused("openim/admin_msgwithdraw", request.clone()).await?, code, "{request}");
    }
    Ok(())
}

#[tokio::test]
async fn unread_in_all_and_per_peer() -> Result<()> {
    let server = TestServer::start().await?;
    let mut rest = server.rest().await?;
    let mut people = server.users(&["alice", "bob", "carol"]).await?;
    let group = server.group(v1::GroupType::Work, &["alice", "bob"]).await?;
    people[0].says(&group, "counts elsewhere").await?;
    people[0].says(&with("bob"), "one").await?;
    people[0].says(&with("bob"), "two").await?;
    people[2].says(&with("bob"), "three").await?;
    let command = "openim/get_c2c_unread_msg_num";
    let all = rest.ok(command, json!({"To_Account": "bob"})).await?;
    assert_eq!(all["AllC2CUnreadMsgNum"], 3);
    let some = rest
        .ok(
            command,
            json!({"To_Account": "bob", "Peer_Account": ["alice", "nobody", "carol", "administrator"]}),
        )
        .await?;
    assert_eq!(
        some["C2CUnreadMsgNumList"],
        json!([{"Peer_Account": "alice", "C2CUnreadMsgNum": 2}, {"Peer_Account": "carol", "C2CUnreadMsgNum": 1},
               {"Peer_Account": "administrator", "C2CUnreadMsgNum": 0}])
    );
    assert_eq!(some["ErrorList"], json!([{"Peer_Account": "nobody", "ErrorCode": 90048}]));
    let crowd: Vec<String> = (0..11).map(|n| format!("u{n}")).collect();
    assert_eq!(rest.refused(command, json!({"To_Account": "bob", "Peer_Account": crowd})).await?, 90003);
    assert_eq!(rest.refused(command, json!({"To_Account": "nobody"})).await?, 90048);

    let read = json!({"Report_Account": "bob", "Peer_Account": "alice", "MsgReadTime": 1});
    rest.ok("openim/admin_set_msg_read", read).await?;
    assert_eq!(
        rest.ok(command, json!({"To_Account": "bob"})).await?["AllC2CUnreadMsgNum"],
        3,
        "before the first message"
    );
    for (reader, peer, code) in
        [("", "alice", 90008), ("bob", "", 90003), ("nobody", "alice", 90048), ("bob", "nobody", 20003)]
    {
        let read = json!({"Report_Account": reader, "Peer_Account": peer});
        assert_eq!(rest.refused("openim/admin_set_msg_read", read).await?, code, "{reader} {peer}");
    }
    Ok(())
}

#[tokio::test]
async fn who_is_online_and_on_what() -> Result<()> {
    let server = TestServer::start().await?;
    let mut rest = server.rest().await?;
    let bob = server.user("bob").await?;
    let _alice = server.users(&["alice", "alice"]).await?;
    rest.ok("im_open_login_svc/account_import", json!({"UserID": "carol"})).await?;
    let command = "openim/query_online_status";
    let asked = json!({"To_Account": ["alice", "bob", "carol", "nobody"], "IsNeedDetail": 1});
    let answer = rest.ok(command, asked.clone()).await?;
    let on = json!({"Platform": "Linux", "Status": "Online"});
    assert_eq!(
        answer["QueryResult"],
        json!([{"To_Account": "alice", "Status": "Online", "Detail": [on, on]},
               {"To_Account": "bob", "Status": "Online", "Detail": [on]},
               {"To_Account": "carol", "Status": "Offline", "Detail": []}])
    );
    assert_eq!(answer["ErrorList"], json!([{"To_Account": "nobody", "ErrorCode": 90048}]));

    rest.ok("im_open_login_svc/kick", json!({"UserID": "bob"})).await?;
    bob.into_peer().until_closed().await?;
    let answer = rest.ok(command, json!({"To_Account": ["bob"]})).await?;
    assert_eq!(answer["QueryResult"], json!([{"To_Account": "bob", "Status": "Offline"}]));
    let crowd: Vec<String> = (0..501).map(|n| format!("u{n}")).collect();
    assert_eq!(rest.refused(command, json!({"To_Account": crowd})).await?, 90011);
    assert_eq!(rest.refused(command, json!({"To_Account": []})).await?, 90003);
    Ok(())
}
