//! Lists of who has read and who has not (semantics.md rule 5).

use std::collections::BTreeSet;

use yidu_proto::{Code, v1};
use yidu_server::service::Caller;

use crate::world::{World, group_ref, refused};

#[tokio::test]
async fn while_receipts_keep_landing_nobody_comes_twice_and_who_stays_comes_once() {
    let world = World::new().await;
    let alice = world.user("alice").await;
    let (group, readers) = crowd(&world, &alice, 25).await;
    let seq = world.ask(&alice, group_ref(&group)).await;

    let (mut seen, mut cursor, mut pages) = (Vec::new(), 0, 0);
    loop {
        let page = list(&world, &alice, &group, seq, v1::ReceiptFilter::Unread, cursor).await;
        seen.extend(page.members.iter().map(|member| member.profile.clone().unwrap().user_id));
        assert!(page.members.iter().all(|member| member.read_time_ms == 0));
        pages += 1;
        // One whom a page has shown reads, and one whom no page has shown yet.
        world.read(&readers[pages - 1], group_ref(&group), &[seq]).await.unwrap();
        world.read(&readers[25 - pages], group_ref(&group), &[seq]).await.unwrap();
        let state = page.state.unwrap();
        assert_eq!(state.read_count + state.unread_count + state.left_count, 25);
        if page.finished {
            assert_eq!(page.next_cursor, 0);
            break;
        }
        cursor = page.next_cursor;
    }
    let once: BTreeSet<_> = seen.iter().cloned().collect();
    assert_eq!(once.len(), seen.len(), "nobody twice");
    let stayed = &readers[pages..25 - pages];
    assert!(stayed.iter().all(|reader| once.contains(&*reader.user)), "{seen:?}");

    let page = list(&world, &alice, &group, seq, v1::ReceiptFilter::Read, 0).await;
    assert_eq!(page.members.len(), (pages * 2).min(10));
    assert!(page.members.iter().all(|member| member.read_time_ms == crate::world::START));
}

#[tokio::test]
async fn a_page_names_people_with_profile_and_name_card() {
    let world = World::new().await;
    let [alice, bob] = world.users(["alice", "bob"]).await;
    let group = world.group(v1::GroupType::Public, &alice, &[&bob]).await;
    let nick = v1::ModifyProfile { nick: Some("Bobby".to_owned()), avatar_url: None };
    world.service.modify_profile(&bob, nick).await.unwrap();
    let card = v1::ModifyMember {
        group_id: group.clone(),
        user_id: "bob".to_owned(),
        name_card: Some("the builder".to_owned()),
        ..Default::default()
    };
    world.service.modify_member(&bob, card).await.unwrap();
    let seq = world.ask(&alice, group_ref(&group)).await;

    let page = list(&world, &alice, &group, seq, v1::ReceiptFilter::Unread, 0).await;
    let [member] = page.members.try_into().unwrap();
    assert_eq!(member.name_card, "the builder");
    assert_eq!(member.profile.unwrap().nick, "Bobby");

    world.remove(&alice, &group, &bob).await;
    let page = list(&world, &alice, &group, seq, v1::ReceiptFilter::Left, 0).await;
    assert_eq!(page.members[0].profile.clone().unwrap().user_id, "bob");
}

#[tokio::test]
async fn a_list_that_cannot_be_says_why() {
    let world = World::new().await;
    let [alice, bob] = world.users(["alice", "bob"]).await;
    let group = world.group(v1::GroupType::Public, &alice, &[&bob]).await;
    let seq = world.ask(&alice, group_ref(&group)).await;
    let plain = world.say(&alice, group_ref(&group)).await.seq;
    let good = v1::ListReceiptMembers { conversation: Some(group_ref(&group)), seq, ..Default::default() };
    let ask = async |request| world.service.list_receipt_members(&alice, request).await;

    refused(ask(v1::ListReceiptMembers { seq: 99, ..good.clone() }).await, Code::NoReceipt);
    refused(ask(v1::ListReceiptMembers { seq: plain, ..good.clone() }).await, Code::NoReceipt);
    refused(ask(v1::ListReceiptMembers { filter: 7, ..good.clone() }).await, Code::InvalidParameters);
    refused(ask(v1::ListReceiptMembers { limit: 1_001, ..good.clone() }).await, Code::InvalidParameters);
    refused(ask(v1::ListReceiptMembers { cursor: u64::MAX, ..good.clone() }).await, Code::InvalidParameters);
    assert!(ask(good).await.is_ok());
}

async fn crowd(world: &World, owner: &Caller, size: usize) -> (String, Vec<Caller>) {
    let group = world.group(v1::GroupType::Work, owner, &[]).await;
    let mut readers = Vec::new();
    for number in 0..size {
        let reader = world.user(&format!("reader-{number:02}")).await;
        world.add(owner, &group, &reader).await;
        readers.push(reader);
    }
    (group, readers)
}

async fn list(
    world: &World,
    caller: &Caller,
    group: &str,
    seq: u64,
    filter: v1::ReceiptFilter,
    cursor: u64,
) -> v1::ListReceiptMembersResult {
    let request = v1::ListReceiptMembers {
        conversation: Some(group_ref(group)),
        seq,
        filter: filter.into(),
        cursor,
        limit: 10,
    };
    world.service.list_receipt_members(caller, request).await.unwrap()
}
