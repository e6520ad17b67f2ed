//! Rule 5 over the wire: pages of a list at a version, from any place on, and certain users by name.

use std::collections::BTreeSet;

use anyhow::Result;
use yidu_proto::v1::{self, GroupType, ReceiptFilter, ReceiptReaderState as State, get_receipt_page::Start};
use yidu_testkit::{TestServer, members, words};

fn names(page: &v1::GetReceiptPageResult) -> Vec<String> {
    page.members.iter().map(|member| member.profile.clone().unwrap_or_default().user_id).collect()
}

#[tokio::test]
async fn while_receipts_land_offsets_name_the_same_members() -> Result<()> {
    let server = TestServer::start().await?;
    let people = members("m", 31);
    let to = server.group(GroupType::Public, &people).await?;
    let sender = server.client(&people[0]).await?;
    let message = yidu_client::NewMessage::text(to.clone(), "please read").need_receipt();
    let seq = sender.send(message).await?.seq;
    for reader in &people[1..=10] {
        server.user(reader).await?.reads(&to, &[seq]).await?;
    }
    let ask = |filter: ReceiptFilter, version, offset, limit| v1::GetReceiptPage {
        conversation: Some(to.clone()),
        seq,
        filter: filter.into(),
        version,
        start: Some(Start::Offset(offset)),
        limit,
        keyword: String::new(),
    };
    let first = sender.receipt_page(ask(ReceiptFilter::NotRead, 0, 0, 7)).await?;
    assert_eq!((first.total, first.offset, names(&first)), (20, 0, people[11..18].to_vec()));
    for reader in &people[11..=20] {
        server.user(reader).await?.reads(&to, &[seq]).await?;
    }
    let mut everybody = BTreeSet::new();
    for offset in [14, 0, 7] {
        let page = sender.receipt_page(ask(ReceiptFilter::NotRead, first.version, offset, 7)).await?;
        assert_eq!((page.total, page.offset, page.version), (20, offset, first.version));
        let expected = &people[11 + offset as usize..(18 + offset as usize).min(31)];
        assert_eq!(names(&page), expected);
        assert!(page.members.iter().all(|m| m.state() == State::Unread && m.read_time_ms == 0));
        everybody.extend(names(&page));
    }
    assert_eq!(everybody, people[11..].iter().cloned().collect());

    let newest = sender.receipt_page(ask(ReceiptFilter::Read, 0, 15, 100)).await?;
    assert_eq!((newest.total, names(&newest)), (20, people[16..=20].to_vec()));
    assert!(newest.members.iter().all(|m| m.state() == State::Read && m.read_time_ms > 0));
    let search = v1::GetReceiptPage { keyword: "M-00002".into(), ..ask(ReceiptFilter::Read, 0, 0, 100) };
    let found = sender.receipt_page(search).await?;
    assert_eq!((names(&found), found.total, found.next_cursor), (vec![people[20].clone()], 20, 0));
    Ok(())
}

#[tokio::test]
async fn certain_users_by_name() -> Result<()> {
    let server = TestServer::start().await?;
    let to = server.group(GroupType::Public, &["owner", "alice", "bob", "cleo", "dora"]).await?;
    let alice = server.client("alice").await?;
    let message = yidu_client::NewMessage::text(to.clone(), "please read").need_receipt();
    let message = alice.send(message).await?;
    server.user("bob").await?.reads(&to, &[message.seq]).await?;
    let quit = v1::QuitGroup { group_id: words::group_id(&to) };
    server.user("dora").await?.ask(quit).await?;
    let asked = ["dora", "bob", "nobody", "alice", "cleo"].map(str::to_owned);
    let status = alice.read_status(&to, message.seq, &asked).await?;
    let states: Vec<_> = status.iter().map(|status| (&*status.user_id, status.state())).collect();
    let expected = [
        ("dora", State::Left),
        ("bob", State::Read),
        ("nobody", State::NotAsked),
        ("alice", State::NotAsked),
        ("cleo", State::Unread),
    ];
    assert_eq!(states, expected);
    assert!(status[1].read_time_ms >= message.time_ms && status[4].read_time_ms == 0);
    Ok(())
}

#[tokio::test]
async fn what_is_no_page_has_a_number() -> Result<()> {
    let server = TestServer::start().await?;
    let to = server.group(GroupType::Public, &["alice", "bob"]).await?;
    let (mut alice, mut bob) = (server.user("alice").await?, server.user("bob").await?);
    let seq = alice.says(&to, "please read").await?.seq;
    let good = v1::GetReceiptPage { conversation: Some(to.clone()), seq, ..Default::default() };
    alice.ask(v1::GetReceiptPage { limit: 500, ..good.clone() }).await?;
    for bad in [
        v1::GetReceiptPage { limit: 501, ..good.clone() },
        v1::GetReceiptPage { version: u64::MAX, ..good.clone() },
        v1::GetReceiptPage { filter: 9, ..good.clone() },
        v1::GetReceiptPage { keyword: "x".repeat(101), ..good.clone() },
        v1::GetReceiptPage { conversation: None, ..good.clone() },
    ] {
        assert_eq!(alice.refused(bad.clone()).await?, 6017, "{bad:?}");
    }
    assert_eq!(alice.refused(v1::GetReceiptPage { seq: 99, ..good.clone() }).await?, 10062);
    assert_eq!(bob.refused(good).await?, 10007);
    let status = |users| v1::GetReadStatus { conversation: Some(to.clone()), seq, user_ids: users };
    assert_eq!(alice.refused(status(Vec::new())).await?, 6017);
    assert_eq!(alice.refused(status(vec!["bob".into(); 101])).await?, 6017);
    assert_eq!(bob.refused(status(vec!["bob".into()])).await?, 10007);
    let not_read = ReceiptFilter::NotRead.into();
    let list = v1::ListReceiptMembers {
        conversation: Some(to.clone()),
        seq,
        filter: not_read,
        ..Default::default()
    };
    assert_eq!(alice.refused(list).await?, 6017, "it is for pages at a version");
    Ok(())
}
