//! `group_open_http_svc`: messages of groups, notices, history, recall.

use anyhow::Result;
use serde_json::{Value, json};
use yidu_proto::v1::{self, GroupType};
use yidu_testkit::words::group_id;
use yidu_testkit::{Clock, TestServer};

fn text(what: &str) -> Value {
    json!([{"MsgType": "TIMTextElem", "MsgContent": {"Text": what}}])
}

#[tokio::test]
async fn in_a_members_name_with_all_that_a_message_can_have() -> Result<()> {
    let server = TestServer::start().await?;
    let mut rest = server.rest().await?;
    let to = server.group(GroupType::Public, &["alice", "bob", "carol"]).await?;
    let id = group_id(&to);
    let mut people = server.users(&["alice", "bob", "carol"]).await?;
    let command = "group_open_http_svc/send_group_msg";
    for (random, field) in ["NeedReadReceipt", "IsNeedReadReceipt"].into_iter().enumerate() {
        let message = json!({"GroupId": id, "Random": random, "From_Account": "alice", "MsgPriority": "High", "CloudCustomData": "c",
            "SupportMessageExtension": 1, "GroupAtInfo": [{"GroupAtAllFlag": 1}, {"GroupAtAllFlag": 0, "GroupAt_Account": "bob"}],
            "MsgBody": text(field), field: 1});
        let sent = rest.ok(command, message.clone()).await?;
        let heard = people[1].hears(field).await?;
        assert_eq!(
            (heard.from.as_str(), heard.priority(), heard.need_receipt),
            ("alice", v1::Priority::High, true)
        );
        assert_eq!(
            (heard.audience_count, heard.at_all, &*heard.at_users),
            (2, true, &["bob".to_owned()][..])
        );
        assert!(heard.support_extension && heard.cloud_custom_data == "c");
        assert_eq!((&sent["MsgSeq"], &sent["MsgTime"]), (&json!(heard.seq), &json!(heard.time_ms / 1_000)));
        people[0].hears(field).await?;
        assert_eq!(
            rest.ok(command, message).await?["MsgSeq"],
            sent["MsgSeq"],
            "the same random is the same message"
        );
    }
    let targeted = json!({"GroupId": id, "Random": 7, "To_Account": ["bob"], "NeedReadReceipt": true, "MsgBody": text("for bob")});
    let sent = rest.ok(command, targeted).await?;
    assert_eq!(people[1].hears("for bob").await?.audience_count, 1);
    let online = json!({"GroupId": id, "Random": 8, "OnlineOnlyFlag": 1, "MsgBody": text("now")});
    assert_eq!(rest.ok(command, online).await?["MsgSeq"], 0);
    people[2].hears("now").await?;
    assert!(
        people[2]
            .history(&to)
            .await?
            .iter()
            .all(|view| view.message.as_ref().unwrap().seq < sent["MsgSeq"].as_u64().unwrap())
    );
    Ok(())
}

#[tokio::test]
async fn what_is_refused() -> Result<()> {
    let server = TestServer::start().await?;
    let mut rest = server.rest().await?;
    let id = group_id(&server.group(GroupType::Public, &["alice", "bob"]).await?);
    let community = group_id(&server.group(GroupType::Community, &["alice"]).await?);
    let av = group_id(&server.group(GroupType::AvChatRoom, &["alice"]).await?);
    let mute = json!({"GroupId": id, "Member_Account": "bob", "MuteTime": 600});
    rest.ok("group_open_http_svc/modify_group_member_info", mute).await?;
    let many = vec!["bob"; 51];
    for (change, code) in [
        (json!({"GroupId": "none"}), 10010),
        (json!({"GroupId": ""}), 10015),
        (json!({"From_Account": "bob"}), 10017),
        (json!({"From_Account": "nobody"}), 10019),
        (json!({"From_Account": ""}), 10004),
        (json!({"MsgPriority": "Urgent"}), 10004),
        (json!({"To_Account": many}), 10004),
        (json!({"To_Account": ["bob"], "GroupAtInfo": [{"GroupAtAllFlag": 1}]}), 10004),
        (json!({"OnlineOnlyFlag": 1, "SendMsgControl": ["NoUnread"]}), 10004),
        (json!({"MsgBody": []}), 10004),
        (json!({"MsgBody": text(&"x".repeat(12 * 1024))}), 80002),
        (json!({"GroupId": community, "NeedReadReceipt": 1}), 7013),
        (json!({"GroupId": av, "NeedReadReceipt": 1}), 7013),
        (json!({"GroupId": community, "To_Account": ["alice"]}), 10004),
    ] {
        let mut message = json!({"GroupId": id, "Random": 1, "MsgBody": text("x")});
        message.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        assert_eq!(rest.refused("group_open_http_svc/send_group_msg", message).await?, code, "{change}");
    }
    // Unmuted, and everybody muted but the managers.
    rest.ok(
        "group_open_http_svc/modify_group_member_info",
        json!({"GroupId": id, "Member_Account": "bob", "ShutUpTime": 0}),
    )
    .await?;
    let say = |from: &str, random: u32| json!({"GroupId": id, "From_Account": from, "Random": random, "MsgBody": text("x")});
    rest.ok("group_open_http_svc/send_group_msg", say("bob", 2)).await?;
    rest.ok("group_open_http_svc/modify_group_base_info", json!({"GroupId": id, "MuteAllMember": "On"}))
        .await?;
    assert_eq!(rest.refused("group_open_http_svc/send_group_msg", say("bob", 3)).await?, 10017);
    rest.ok("group_open_http_svc/send_group_msg", say("alice", 4)).await?;
    Ok(())
}

#[tokio::test]
async fn a_notice_reaches_whom_it_names() -> Result<()> {
    let server = TestServer::start().await?;
    let mut rest = server.rest().await?;
    let to = server.group(GroupType::Work, &["alice", "bob"]).await?;
    let mut people = server.users(&["alice", "bob"]).await?;
    let command = "group_open_http_svc/send_group_system_notification";
    let data = |message: &v1::Message| match message.elements[0].kind() {
        Ok(Some(yidu_proto::ElementKind::Custom(custom))) => custom.data,
        other => panic!("{other:?}"),
    };
    rest.ok(command, json!({"GroupId": group_id(&to), "Content": "for bob", "ToMembers_Account": ["bob"]}))
        .await?;
    rest.ok(command, json!({"GroupId": group_id(&to), "Content": "for all"})).await?;
    let mut heard = [Vec::new(), Vec::new()];
    for (user, heard) in people.iter_mut().zip(&mut heard) {
        user.wait("the notice for all", |event| match event {
            v1::push::Event::Message(message) => {
                assert_eq!((message.from.as_str(), message.seq), ("@TIM#SYSTEM", 0));
                heard.push(data(message));
                (data(message) == "for all").then_some(())
            }
            _ => None,
        })
        .await?;
    }
    heard[0].dedup();
    heard[1].dedup();
    assert_eq!(heard, [vec!["for all"], vec!["for bob", "for all"]]);
    assert!(people[0].history(&to).await?.is_empty(), "stored nowhere");
    for (request, code) in [
        (json!({"GroupId": "none", "Content": "x"}), 10010),
        (json!({"GroupId": group_id(&to)}), 10004),
        (json!({"GroupId": group_id(&to), "Content": "x".repeat(12 * 1024 + 1)}), 80002),
    ] {
        assert_eq!(rest.refused(command, request.clone()).await?, code);
    }
    Ok(())
}

#[tokio::test]
async fn history_has_no_gaps_and_recalls_have_codes() -> Result<()> {
    let clock = Clock::new();
    let server = TestServer::with_clock(&clock).await?;
    let mut rest = server.rest().await?;
    let to = server.group(GroupType::Work, &["alice", "bob"]).await?;
    let id = group_id(&to);
    let mut alice = server.user("alice").await?;
    for n in 1..=25 {
        alice.says(&to, &format!("m{n}")).await?;
    }
    let newest = alice.conversation(&to).await?.last_seq;
    let command = "group_open_http_svc/group_msg_get_simple";
    let mut seqs = Vec::new();
    let mut next = None;
    while next != Some(0) {
        let mut request = json!({"GroupId": id, "ReqMsgNumber": 20});
        if let Some(next) = next {
            request["ReqMsgSeq"] = json!(next);
        }
        let page = rest.ok(command, request).await?;
        assert_eq!((&page["GroupId"], &page["IsFinished"]), (&json!(id), &json!(1)));
        let list = page["RspMsgList"].as_array().unwrap();
        seqs.extend(list.iter().map(|message| message["MsgSeq"].as_u64().unwrap()));
        next = seqs.last().map(|seq| seq - 1);
    }
    assert_eq!(seqs, (1..=newest).rev().collect::<Vec<_>>());

    clock.advance(3_600_000);
    let last = newest;
    let recall = |seqs: Vec<u64>| json!({"GroupId": id, "MsgSeqList": seqs.iter().map(|seq| json!({"MsgSeq": seq})).collect::<Vec<_>>()});
    let done = rest.ok("group_open_http_svc/group_msg_recall", recall(vec![last, last, 999])).await?;
    assert_eq!(
        done["RecallRetList"],
        json!([{"MsgSeq": last, "RetCode": 0}, {"MsgSeq": last, "RetCode": 10032}, {"MsgSeq": 999, "RetCode": 10030}])
    );
    for (with, place) in [(0, 1), (1, 2)] {
        let page =
            rest.ok(command, json!({"GroupId": id, "ReqMsgNumber": 2, "WithRecalledMsg": with})).await?;
        let list = page["RspMsgList"].as_array().unwrap();
        assert_eq!((&list[0]["IsPlaceMsg"], &list[0]["MsgBody"]), (&json!(place), &json!([])));
        assert_eq!(
            (&list[1]["IsPlaceMsg"], &list[1]["MsgBody"], &list[1]["From_Account"]),
            (&json!(0), &text("m24"), &json!("alice"))
        );
    }
    assert_eq!(
        rest.refused("group_open_http_svc/group_msg_recall", recall((1..=11).collect())).await?,
        10004
    );
    assert_eq!(rest.refused("group_open_http_svc/group_msg_recall", recall(vec![])).await?, 10004);
    for (request, code) in [
        (json!({"GroupId": id, "ReqMsgNumber": 21}), 10004),
        (json!({"GroupId": id, "ReqMsgNumber": 0}), 10004),
        (json!({"GroupId": id}), 10004),
        (json!({"GroupId": "none", "ReqMsgNumber": 1}), 10010),
    ] {
        assert_eq!(rest.refused(command, request.clone()).await?, code, "{request}");
    }
    // What has expired is a hole.
    server.settings(|settings| settings.history_days = 1).await?;
    clock.advance(2 * 24 * 3_600_000);
    while server.service().run_retention().await? > 0 {}
    let page = rest.ok(command, json!({"GroupId": id, "ReqMsgNumber": 20})).await?;
    assert_eq!(page["IsFinished"], 2);
    assert!(page["RspMsgList"].as_array().unwrap().iter().all(|message| message["IsPlaceMsg"] == 1));
    Ok(())
}
