//! `group_open_http_svc`: the receipts of a notice, from the first reader to the last.

use anyhow::Result;
use serde_json::{Value, json};
use yidu_proto::v1::{GroupType, ReceiptFilter};
use yidu_testkit::words::group_id;
use yidu_testkit::{Clock, TestServer, members};

const SVC: &str = "group_open_http_svc";

fn seqs(seqs: &[u64]) -> Value {
    json!(seqs.iter().map(|seq| json!({"MsgSeq": seq})).collect::<Vec<_>>())
}

#[tokio::test]
async fn counts_lists_and_times() -> Result<()> {
    let clock = Clock::new();
    let server = TestServer::with_clock(&clock).await?;
    let mut rest = server.rest().await?;
    let crowd = members("m", 450);
    let to = server.group(GroupType::Public, &crowd).await?;
    let id = group_id(&to);
    let send = json!({"GroupId": id, "Random": 1, "From_Account": crowd[0], "NeedReadReceipt": 1,
        "MsgBody": [{"MsgType": "TIMTextElem", "MsgContent": {"Text": "notice"}}]});
    let seq = rest.ok(&format!("{SVC}/send_group_msg"), send).await?["MsgSeq"].as_u64().unwrap();
    let mut sender = server.user(&crowd[0]).await?;

    let receipt = |reader: &str| json!({"GroupId": id, "From_Account": reader, "MsgSeqList": seqs(&[seq])});
    for reader in &crowd[1..=210] {
        clock.advance(1_000);
        rest.ok(&format!("{SVC}/group_msg_receipt"), receipt(reader)).await?;
    }
    assert_eq!(sender.hears_read(seq, 210).await?.read_count, 210);
    let counts = rest
        .ok(&format!("{SVC}/get_group_msg_receipt"), json!({"GroupId": id, "MsgSeqList": seqs(&[seq, 999])}))
        .await?;
    assert_eq!(
        counts["GroupMsgReceiptList"],
        json!([{"MsgSeq": seq, "Code": 0, "ReadNum": 210, "UnreadNum": 239},
        {"MsgSeq": 999, "Code": 10062, "ReadNum": 0, "UnreadNum": 0}])
    );

    // Back ends say Filter and Count, the vendor's clients Flag and Num.
    for (filter, list, account, count, expected) in [
        ("Filter", "ReadList", "Read_Account", "Count", &crowd[1..=210]),
        ("Flag", "UnreadList", "Unread_Account", "Num", &crowd[211..]),
    ] {
        let mut names = Vec::new();
        let mut cursor = json!("");
        let mut pages = 0;
        loop {
            let request = json!({"GroupId": id, "MsgSeq": seq, filter: u8::from(list == "UnreadList"), "Cursor": cursor, count: 200});
            let page = rest.ok(&format!("{SVC}/get_group_msg_receipt_detail"), request).await?;
            pages += 1;
            assert_eq!(page["MsgSeq"], seq);
            assert_eq!(page["IsFinish"], page["IsFinished"]);
            names.extend(
                page[list]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|entry| entry[account].as_str().unwrap().to_owned()),
            );
            cursor = page["Cursor"].clone();
            assert_eq!(page["IsFinish"] == 1, cursor == "0");
            if page["IsFinish"] == 1 {
                break;
            }
        }
        assert_eq!((names.as_slice(), pages), (expected, 2));
    }
    let asked = json!({"GroupId": id, "MemberReadMsgList": [{"MsgSeq": seq, "MemberList_Account": [crowd[210], crowd[211], "nobody", crowd[1]]}]});
    let times = rest.ok(&format!("{SVC}/get_group_msg_receipts_by_users"), asked).await?;
    let list = times["MsgReadList"].as_array().unwrap();
    assert_eq!(list.len(), 2);
    assert_eq!(
        (&list[0]["Read_Account"], &list[0]["Read_Time"]),
        (&json!(crowd[210]), &json!(clock.now() / 1_000))
    );
    assert_eq!(list[0]["Read_Time"].as_u64().unwrap() - list[1]["Read_Time"].as_u64().unwrap(), 209);
    assert_eq!(sender.names(&to, seq, ReceiptFilter::Read).await?.len(), 210);
    Ok(())
}

#[tokio::test]
async fn each_receipt_has_a_code() -> Result<()> {
    let server = TestServer::start().await?;
    let mut rest = server.rest().await?;
    let to = server.group(GroupType::Work, &["alice", "bob"]).await?;
    let id = group_id(&to);
    let mut alice = server.user("alice").await?;
    let asks = alice.says(&to, "asks").await?.seq;
    let plain = alice.sends(yidu_testkit::words::plain(&to, "does not")).await?.seq;
    let recalled = alice.says(&to, "recalled").await?.seq;
    rest.ok(&format!("{SVC}/group_msg_recall"), json!({"GroupId": id, "MsgSeqList": seqs(&[recalled])}))
        .await?;
    rest.ok(
        &format!("{SVC}/add_group_member"),
        json!({"GroupId": id, "Silence": 1, "MemberList": [{"Member_Account": "administrator"}]}),
    )
    .await?;

    let command = format!("{SVC}/group_msg_receipt");
    let send =
        |reader: &str, list: &[u64]| json!({"GroupId": id, "From_Account": reader, "MsgSeqList": seqs(list)});
    let sent = rest.ok(&command, send("bob", &[asks, plain, recalled, 999, asks])).await?;
    let codes: Vec<_> = sent["GroupMsgReceiptList"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["Code"].as_u64().unwrap())
        .collect();
    assert_eq!(codes, [0, 10062, 10032, 10062, 0]);
    for (reader, list, code) in [
        ("bob", vec![plain], 10062),
        ("bob", vec![recalled], 10032),
        ("administrator", vec![asks], 10007),
        ("carol", vec![asks], 10019),
        ("bob", vec![], 10004),
        ("bob", vec![asks; 51], 10004),
        ("", vec![asks], 10004),
    ] {
        assert_eq!(rest.refused(&command, send(reader, &list)).await?, code, "{reader} {list:?}");
    }
    rest.ok(&command, send("bob", &[asks; 50])).await?;
    rest.ok("im_open_login_svc/account_import", json!({"UserID": "carol"})).await?;
    assert_eq!(rest.refused(&command, send("carol", &[asks])).await?, 10007, "not in the group");
    // A recalled message keeps the state of that instant.
    let counts = rest
        .ok(
            &format!("{SVC}/get_group_msg_receipt"),
            json!({"GroupId": id, "MsgSeqList": seqs(&[recalled, plain])}),
        )
        .await?;
    assert_eq!(
        (&counts["GroupMsgReceiptList"][0]["UnreadNum"], &counts["GroupMsgReceiptList"][1]["Code"]),
        (&json!(1), &json!(10062))
    );
    Ok(())
}

#[tokio::test]
async fn limits_and_numbers_of_the_lists() -> Result<()> {
    let server = TestServer::start().await?;
    let mut rest = server.rest().await?;
    let to = server.group(GroupType::Meeting, &["alice", "bob"]).await?;
    let id = group_id(&to);
    let mut alice = server.user("alice").await?;
    let asks = alice.says(&to, "asks").await?.seq;
    let plain = alice.sends(yidu_testkit::words::plain(&to, "does not")).await?.seq;
    let detail = |change: Value| {
        let mut request = json!({"GroupId": id, "MsgSeq": asks, "Filter": 0, "Cursor": "", "Count": 200});
        request.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        request
    };
    let command = format!("{SVC}/get_group_msg_receipt_detail");
    let empty = rest.ok(&command, detail(json!({}))).await?;
    assert_eq!(
        (&empty["ReadList"], &empty["IsFinish"], &empty["Cursor"]),
        (&json!([]), &json!(1), &json!("0"))
    );
    for (change, code) in [
        (json!({"Count": 201}), 10004),
        (json!({"Count": 0}), 10004),
        (json!({"Filter": 2}), 10004),
        (json!({"Cursor": "x"}), 10004),
        (json!({"MsgSeq": plain}), 10062),
        (json!({"MsgSeq": 999}), 10062),
        (json!({"GroupId": "none"}), 10010),
        (json!({"GroupId": ""}), 10015),
    ] {
        assert_eq!(rest.refused(&command, detail(change.clone())).await?, code, "{change}");
    }
    let many: Vec<u64> = (1..=101).collect();
    let command = format!("{SVC}/get_group_msg_receipt");
    rest.ok(&command, json!({"GroupId": id, "MsgSeqList": seqs(&many[1..])})).await?;
    assert_eq!(rest.refused(&command, json!({"GroupId": id, "MsgSeqList": seqs(&many)})).await?, 10004);
    assert_eq!(rest.refused(&command, json!({"GroupId": id, "MsgSeqList": []})).await?, 10004);
    assert_eq!(rest.refused(&command, json!({"GroupId": "none", "MsgSeqList": seqs(&[1])})).await?, 10010);

    let command = format!("{SVC}/get_group_msg_receipts_by_users");
    let asked = |seq: u64, users: usize| json!({"GroupId": id, "MemberReadMsgList": [{"MsgSeq": seq, "MemberList_Account": members("m", users)}]});
    rest.ok(&command, asked(asks, 500)).await?;
    for (request, code) in [
        (asked(asks, 501), 10005),
        (asked(plain, 1), 10062),
        (asked(999, 1), 10062),
        (json!({"GroupId": id, "MemberReadMsgList": []}), 10004),
        (json!({"GroupId": "none", "MemberReadMsgList": [{"MsgSeq": 1, "MemberList_Account": []}]}), 10010),
    ] {
        assert_eq!(rest.refused(&command, request).await?, code);
    }
    Ok(())
}

#[tokio::test]
async fn receipts_sent_for_a_member_are_counted_with_the_others() -> Result<()> {
    let server = TestServer::start().await?;
    let mut rest = server.rest().await?;
    let to = server.group(GroupType::Work, &["alice", "bob"]).await?;
    let seq = server.user("alice").await?.says(&to, "asks").await?.seq;
    let recorded = || {
        let figures = yidu_server::metrics::render().unwrap_or_default();
        let line = figures
            .lines()
            .find(|line| line.starts_with("yidu_receipts_total") && line.contains("_RECORDED"));
        line.and_then(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).unwrap_or_default()
    };
    let before = recorded();
    rest.ok(
        &format!("{SVC}/group_msg_receipt"),
        json!({"GroupId": group_id(&to), "From_Account": "bob", "MsgSeqList": seqs(&[seq])}),
    )
    .await?;
    assert!(recorded() > before, "other stories of the process count there too");
    let figures = yidu_server::metrics::render().unwrap();
    assert!(figures.contains(r#"operation="v4/group_open_http_svc/group_msg_receipt""#));
    Ok(())
}
