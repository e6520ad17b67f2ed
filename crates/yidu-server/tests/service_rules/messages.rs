//! Sending messages and looking at them.

use yidu_proto::{Code, Element, ElementKind, v1};
use yidu_server::bus::{Body, Event, Topic};

use crate::world::{World, code, group_ref, refused, told_group, user_ref};

fn heard_messages(events: &[Event]) -> Vec<Topic> {
    events.iter().filter(|event| matches!(event.body, Body::Message(_))).map(|event| event.topic).collect()
}

#[tokio::test]
async fn a_message_reaches_everybody_but_the_session_that_sent_it() {
    let world = World::new().await;
    let [alice, bob] = world.users(["alice", "bob"]).await;
    let group = world.group(v1::GroupType::Work, &alice, &[&bob]).await;
    let nick = v1::ModifyProfile { nick: Some("Alice A.".to_owned()), avatar_url: Some("a.png".to_owned()) };
    world.service.modify_profile(&alice, nick).await.unwrap();
    world.bus.heard();

    let request = v1::SendMessage { random: 77, ..world.text(group_ref(&group), "tea?") };
    let sent = world.service.send_message(&alice, request).await.unwrap().message.unwrap();
    assert_eq!(sent.id, format!("{}-{}-77", alice.tinyid.0, crate::world::START / 1_000));
    assert_eq!((sent.seq, sent.time_ms, sent.platform), (1, crate::world::START, alice.platform));
    assert_eq!((sent.from_nick.as_str(), sent.from_avatar_url.as_str()), ("Alice A.", "a.png"));
    let heard = world.bus.heard();
    assert_eq!(heard.len(), 1);
    assert_eq!((heard[0].except, &heard[0].only), (Some(alice.session), &None));
    assert_eq!(*told_group(&heard)[0], sent);

    world.say(&alice, user_ref("bob")).await;
    let heard = world.bus.heard();
    assert_eq!(heard_messages(&heard), [Topic::User(bob.tinyid), Topic::User(alice.tinyid)]);
    assert!(heard.iter().all(|event| event.except == Some(alice.session)));
}

#[tokio::test]
async fn the_same_message_sent_twice_is_one_message() {
    let world = World::new().await;
    let [alice, _bob] = world.users(["alice", "bob"]).await;
    let request = world.text(user_ref("bob"), "once");
    let first = world.service.send_message(&alice, request.clone()).await.unwrap();
    world.bus.heard();
    world.clock.pass(4 * 60 * 1_000);
    let second = world.service.send_message(&alice, request.clone()).await.unwrap();
    assert!(second.repeated && !first.repeated);
    assert_eq!(second.message, first.message);
    assert!(world.bus.heard().is_empty());
    world.clock.pass(2 * 60 * 1_000);
    assert_eq!(world.service.send_message(&alice, request).await.unwrap().message.unwrap().seq, 2);
}

#[tokio::test]
async fn what_cannot_be_sent_says_why() {
    let world = World::new().await;
    let [alice, bob, eve] = world.users(["alice", "bob", "eve"]).await;
    let group = world.group(v1::GroupType::Work, &alice, &[&bob]).await;
    let to_bob = || world.text(user_ref("bob"), "hello");
    let to_group = || world.text(group_ref(&group), "hello");
    let tip: Element = ElementKind::GroupTip(v1::GroupTipElement::default()).into();
    let many = ElementKind::Merge(v1::MergeElement {
        messages: vec![Default::default(); 301],
        ..Default::default()
    });
    let users = |count| vec!["bob".to_owned(); count];
    let table = [
        (90002, v1::SendMessage { elements: Vec::new(), ..to_bob() }),
        (90002, v1::SendMessage { elements: vec![Element::default()], ..to_bob() }),
        (90002, v1::SendMessage { elements: vec![tip], ..to_group() }),
        (90002, v1::SendMessage { elements: vec![many.into()], ..to_bob() }),
        (90002, v1::SendMessage { elements: vec![Element::text("x"); 101], ..to_bob() }),
        (80002, world.text(user_ref("bob"), &"x".repeat(12 * 1024))),
        (80002, v1::SendMessage { cloud_custom_data: "x".repeat(12 * 1024), ..to_bob() }),
        (6017, v1::SendMessage { to: None, ..to_bob() }),
        (6017, v1::SendMessage { need_receipt: true, online_only: true, ..to_bob() }),
        (6017, v1::SendMessage { at_users: users(101), ..to_group() }),
        (6017, v1::SendMessage { at_users: vec!["x".repeat(33)], ..to_group() }),
        (6017, v1::SendMessage { targets: users(51), ..to_group() }),
        (6017, v1::SendMessage { targets: users(1), at_all: true, ..to_group() }),
        (6017, v1::SendMessage { targets: users(1), ..to_bob() }),
        (6017, world.text(user_ref("alice"), "to myself")),
        (7003, world.text(user_ref(""), "to nobody")),
        (20003, world.text(user_ref("nobody"), "hello?")),
        (10010, world.text(group_ref("nowhere"), "hello?")),
        (10015, world.text(group_ref(""), "hello?")),
    ];
    for (expected, request) in table {
        let sent = world.service.send_message(&alice, request).await;
        assert_eq!(code(&sent), expected, "{sent:?}");
    }
    assert_eq!(code(&world.service.send_message(&eve, to_group()).await), 10007);
    assert!(world.bus.heard().is_empty());
    assert_eq!(world.say(&alice, group_ref(&group)).await.seq, 1, "nothing was stored");
    assert_eq!(world.say(&alice, user_ref("bob")).await.seq, 1);
}

#[tokio::test]
async fn a_message_of_just_12_kib_goes_through() {
    let world = World::new().await;
    let [alice, _bob] = world.users(["alice", "bob"]).await;
    let mut text = "x".repeat(12 * 1024);
    while Element::text(text.clone()).raw().len() > 12 * 1024 {
        text.pop();
    }
    world.service.send_message(&alice, world.text(user_ref("bob"), &text)).await.unwrap();
}

#[tokio::test]
async fn a_targeted_message_is_for_its_targets_and_its_sender() {
    let world = World::new().await;
    let [alice, bob, carol, _eve] = world.users(["alice", "bob", "carol", "eve"]).await;
    let group = world.group(v1::GroupType::Work, &alice, &[&bob, &carol]).await;
    let targets = ["bob", "eve", "nobody"].map(str::to_owned).to_vec();
    let request = v1::SendMessage { targets, need_receipt: true, ..world.text(group_ref(&group), "psst") };
    let sent = world.service.send_message(&alice, request).await.unwrap().message.unwrap();
    assert!(sent.targeted);
    assert_eq!(sent.audience_count, 1);

    let heard = world.bus.heard();
    assert_eq!(heard[0].only.as_deref(), Some(&[bob.tinyid, alice.tinyid][..]));
    let sees = async |caller| {
        let request = v1::GetMessages { conversation: Some(group_ref(&group)), seqs: vec![sent.seq] };
        world.service.get_messages(caller, request).await.unwrap().messages.len()
    };
    assert_eq!((sees(&alice).await, sees(&bob).await, sees(&carol).await), (1, 1, 0));
    assert_eq!(world.conversation(&bob, group_ref(&group)).await.unread_count, 0);
    let verdict = world.read(&carol, group_ref(&group), &[sent.seq]).await.unwrap();
    assert_eq!(verdict, [v1::ReceiptVerdict::NotInAudience]);

    let community = world.group(v1::GroupType::Community, &alice, &[&bob]).await;
    let request =
        v1::SendMessage { targets: vec!["bob".to_owned()], ..world.text(group_ref(&community), "psst") };
    refused(world.service.send_message(&alice, request).await, Code::InvalidParameters);
}

#[tokio::test]
async fn online_only_messages_are_delivered_and_stored_nowhere() {
    let world = World::new().await;
    let [alice, bob] = world.users(["alice", "bob"]).await;
    let work = world.group(v1::GroupType::Work, &alice, &[&bob]).await;
    let room = world.group(v1::GroupType::AvChatRoom, &alice, &[&bob]).await;
    let typing = |to| v1::SendMessage { online_only: true, ..world.text(to, "typing") };
    for (request, topics) in [
        (typing(user_ref("bob")), 2),
        (typing(group_ref(&work)), 1),
        (world.text(group_ref(&room), "hello, viewers"), 1),
    ] {
        let to = request.to.clone().unwrap();
        let sent = world.service.send_message(&alice, request).await.unwrap().message.unwrap();
        assert_eq!((sent.seq, sent.online_only), (0, true));
        assert_eq!(heard_messages(&world.bus.heard()).len(), topics);
        let request = v1::GetHistory { conversation: Some(to), ..Default::default() };
        assert!(world.service.get_history(&alice, request).await.unwrap().messages.is_empty());
    }
    let join = v1::JoinGroup { group_id: room.clone(), ..Default::default() };
    let carol = world.user("carol").await;
    world.service.join_group(&carol, join).await.unwrap();
    let [tip] = told_group(&world.bus.heard()).try_into().unwrap();
    assert_eq!((tip.seq, tip.online_only), (0, true), "so are tips in a room that stores nothing");
    let Ok(Some(ElementKind::GroupTip(tip))) = tip.elements[0].kind() else { panic!("{tip:?}") };
    assert_eq!((tip.users, tip.member_count), (vec!["carol".to_owned()], 3));
}

#[tokio::test]
async fn the_muted_do_not_write_but_managers_and_administrators_do() {
    let world = World::new().await;
    let administrator = world.administrator().await;
    let [alice, bob] = world.users(["alice", "bob"]).await;
    let group = world.group(v1::GroupType::Public, &alice, &[&bob]).await;
    let write =
        async |caller| world.service.send_message(caller, world.text(group_ref(&group), "hello")).await;
    let until = world.clock_now() + 60_000;
    let mute = v1::ModifyMember {
        group_id: group.clone(),
        user_id: "bob".to_owned(),
        muted_until_ms: Some(until),
        ..Default::default()
    };
    world.service.modify_member(&alice, mute).await.unwrap();
    let failure = write(&bob).await.unwrap_err();
    assert_eq!((failure.code, failure.retry_after_ms), (Code::Muted, 60_000));
    world.clock.pass(60_000);
    write(&bob).await.unwrap();

    let all = v1::ModifyGroup { group_id: group.clone(), mute_all: Some(true), ..Default::default() };
    world.service.modify_group(&alice, all).await.unwrap();
    refused(write(&bob).await, Code::Muted);
    write(&alice).await.unwrap();
    let sent = write(&administrator).await.unwrap().message.unwrap();
    assert_eq!(sent.from, "administrator", "without being a member");
}

#[tokio::test]
async fn only_meeting_groups_show_what_was_before_one_joined() {
    let world = World::new().await;
    let [alice, bob] = world.users(["alice", "bob"]).await;
    for (kind, seen) in [(v1::GroupType::Meeting, 3), (v1::GroupType::Public, 2)] {
        let group = world.group(kind, &alice, &[]).await;
        world.say(&alice, group_ref(&group)).await;
        world.add(&alice, &group, &bob).await;
        world.say(&alice, group_ref(&group)).await;
        let request = v1::GetHistory { conversation: Some(group_ref(&group)), ..Default::default() };
        let page = world.service.get_history(&bob, request).await.unwrap();
        assert_eq!(page.messages.len(), seen, "{kind:?}: the tip of joining is among them");
    }
}

#[tokio::test]
async fn history_comes_by_pages_both_ways_without_what_one_deleted() {
    let world = World::new().await;
    let [alice, bob] = world.users(["alice", "bob"]).await;
    for _ in 0..5 {
        world.clock.pass(10);
        world.say(&alice, user_ref("bob")).await;
    }
    let delete = v1::DeleteMessages { conversation: Some(user_ref("alice")), seqs: vec![3, 99] };
    world.service.delete_messages(&bob, delete).await.unwrap();
    let page = async |caller, peer, request| {
        let request = v1::GetHistory { conversation: Some(user_ref(peer)), ..request };
        let page = world.service.get_history(caller, request).await.unwrap();
        let seqs: Vec<u64> = page.messages.iter().map(|view| view.message.as_ref().unwrap().seq).collect();
        (seqs, page.next_seq)
    };
    let newer = v1::get_history::Direction::Newer.into();
    let two = v1::GetHistory { limit: 2, ..Default::default() };
    assert_eq!(page(&alice, "bob", two.clone()).await, (vec![5, 4], 3));
    assert_eq!(page(&alice, "bob", v1::GetHistory { from_seq: 3, ..two.clone() }).await, (vec![3, 2], 1));
    assert_eq!(page(&bob, "alice", v1::GetHistory { direction: newer, limit: 3, ..two }).await.0, [1, 2, 4]);
    let start = crate::world::START;
    let times = v1::GetHistory { min_time_ms: start + 20, max_time_ms: start + 40, ..Default::default() };
    assert_eq!(page(&alice, "bob", times).await.0, [4, 3, 2]);
}
