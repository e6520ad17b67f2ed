//! Sending receipts (semantics.md rules 3, 4, 7 to 13).

use yidu_proto::v1::ReceiptVerdict::{
    Already, NotInAudience, NotRequested, OwnMessage, Recalled, Recorded, UnknownMessage,
};
use yidu_proto::{Code, v1};
use yidu_server::bus::{Body, Topic};

use crate::world::{World, group_ref, refused, told_receipts, user_ref};

#[tokio::test]
async fn a_receipt_is_told_to_the_sender_and_the_readers_own_devices_and_to_nobody_else() {
    let world = World::new().await;
    let [alice, bob, carol] = world.users(["alice", "bob", "carol"]).await;
    let group = world.group(v1::GroupType::Work, &alice, &[&bob, &carol]).await;
    let seq = world.ask(&alice, group_ref(&group)).await;

    assert_eq!(world.read(&bob, group_ref(&group), &[seq]).await.unwrap(), [Recorded]);

    let heard = world.bus.heard();
    assert_eq!(heard.len(), 2, "{heard:?}");
    assert_eq!((heard[0].topic, heard[0].except), (Topic::User(alice.tinyid), None));
    let [(number, state)] = told_receipts(&heard, alice.tinyid).try_into().unwrap();
    assert_eq!(number, world.service.subscriptions(alice.tinyid).await.unwrap().position);
    assert_eq!(state, world.state(&alice, group_ref(&group), seq).await);
    assert_eq!((state.audience_count, state.read_count, state.unread_count, state.left_count), (2, 1, 1, 0));
    assert_eq!((heard[1].topic, heard[1].except), (Topic::User(bob.tinyid), Some(bob.session)));
    let Body::ReceiptsSent(sent) = &heard[1].body else { panic!("{heard:?}") };
    assert_eq!(*sent, v1::ReceiptsSent { conversation: Some(group_ref(&group)), seqs: vec![seq] });
}

#[tokio::test]
async fn each_item_gets_a_result_of_its_own_in_the_order_asked() {
    let world = World::new().await;
    let [alice, bob, carol] = world.users(["alice", "bob", "carol"]).await;
    let group = world.group(v1::GroupType::Work, &alice, &[&carol]).await;
    let to = || group_ref(&group);
    let before_joining = world.ask(&alice, to()).await;
    world.add(&alice, &group, &bob).await;
    let asked = world.ask(&alice, to()).await;
    let taken_back = world.ask(&alice, to()).await;
    let own = world.ask(&bob, to()).await;
    let plain = world.say(&alice, to()).await.seq;
    let recall = v1::RecallMessage { conversation: Some(to()), seq: taken_back, ..Default::default() };
    world.service.recall_message(&alice, recall).await.unwrap();

    let seqs = vec![before_joining, asked, 99, taken_back, asked, own, plain, asked];
    let request = v1::SendReceipts { conversation: Some(to()), seqs: seqs.clone() };
    let results = world.service.send_receipts(&bob, request).await.unwrap().results;

    let answered: Vec<u64> = results.iter().map(|result| result.seq).collect();
    assert_eq!(answered, seqs);
    let verdicts: Vec<_> = results.iter().map(|result| (result.verdict(), result.code)).collect();
    let expected = [
        (NotInAudience, 10007),
        (Recorded, 0),
        (UnknownMessage, 10062),
        (Recalled, 10032),
        (Already, 0),
        (OwnMessage, 0),
        (NotRequested, 10062),
        (Already, 0),
    ];
    assert_eq!(verdicts, expected);
}

#[tokio::test]
async fn a_repeat_writes_nothing_wakes_nobody_and_the_first_time_stands() {
    let world = World::new().await;
    let [alice, bob] = world.users(["alice", "bob"]).await;
    let group = world.group(v1::GroupType::Public, &alice, &[&bob]).await;
    let seq = world.ask(&alice, group_ref(&group)).await;
    let first_read = crate::world::START;
    world.read(&bob, group_ref(&group), &[seq]).await.unwrap();
    world.bus.heard();
    let position = world.service.subscriptions(alice.tinyid).await.unwrap().position;

    world.clock.pass(60_000);
    assert_eq!(world.read(&bob, group_ref(&group), &[seq, seq]).await.unwrap(), [Already, Already]);

    assert!(world.bus.heard().is_empty());
    assert_eq!(world.service.subscriptions(alice.tinyid).await.unwrap().position, position);
    let request = v1::ListReceiptMembers { conversation: Some(group_ref(&group)), seq, ..Default::default() };
    let page = world.service.list_receipt_members(&alice, request).await.unwrap();
    assert_eq!(page.members[0].read_time_ms, first_read);
}

#[tokio::test]
async fn one_event_per_sender_with_rising_numbers() {
    let world = World::new().await;
    let [alice, bob, carol] = world.users(["alice", "bob", "carol"]).await;
    let group = world.group(v1::GroupType::Work, &alice, &[&bob, &carol]).await;
    let to = || group_ref(&group);
    let seqs = [world.ask(&alice, to()).await, world.ask(&bob, to()).await, world.ask(&alice, to()).await];

    world.read(&carol, to(), &[seqs[2], seqs[1], seqs[0]]).await.unwrap();

    let heard = world.bus.heard();
    let topics: Vec<_> = heard.iter().map(|event| event.topic).collect();
    let expected = [alice.tinyid, bob.tinyid, carol.tinyid].map(Topic::User);
    assert_eq!(topics, expected);
    let numbers: Vec<u64> = told_receipts(&heard, alice.tinyid).iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers.len(), 2);
    assert!(numbers[0] < numbers[1]);
}

#[tokio::test]
async fn the_call_as_a_whole_fails_only_when_it_is_malformed_or_comes_from_outside() {
    let world = World::new().await;
    let [alice, bob, eve] = world.users(["alice", "bob", "eve"]).await;
    let group = world.group(v1::GroupType::Public, &alice, &[&bob]).await;
    let seq = world.ask(&alice, group_ref(&group)).await;

    refused(world.read(&bob, group_ref(&group), &[]).await, Code::InvalidParameters);
    let many: Vec<u64> = (1..=51).collect();
    let text = refused(world.read(&bob, group_ref(&group), &many).await, Code::InvalidParameters);
    assert_eq!(text, "51 seqs in one request: at most 50");
    assert_eq!(world.read(&bob, group_ref(&group), &many[..50]).await.unwrap().len(), 50);
    let nowhere = v1::ConversationRef::default();
    refused(world.read(&bob, nowhere, &[seq]).await, Code::InvalidParameters);
    refused(world.read(&eve, group_ref(&group), &[seq]).await, Code::NoPermission);
    refused(world.read(&bob, group_ref("nowhere"), &[seq]).await, Code::NoSuchGroup);
    refused(world.read(&bob, user_ref("nobody"), &[seq]).await, Code::PeerUnknown);
    refused(world.read(&bob, user_ref("alice"), &[seq]).await, Code::NoPermission);
    refused(world.read(&bob, user_ref("bob"), &[seq]).await, Code::InvalidParameters);

    let dismissed = v1::DismissGroup { group_id: group.clone() };
    world.service.dismiss_group(&alice, dismissed).await.unwrap();
    refused(world.read(&bob, group_ref(&group), &[seq]).await, Code::NoSuchGroup);
}

#[tokio::test]
async fn whoever_leaves_counts_as_left_and_whoever_comes_back_as_unread() {
    let world = World::new().await;
    let [alice, bob, carol, dave] = world.users(["alice", "bob", "carol", "dave"]).await;
    let group = world.group(v1::GroupType::Work, &alice, &[&bob, &carol]).await;
    let to = || group_ref(&group);
    let seq = world.ask(&alice, to()).await;
    world.read(&bob, to(), &[seq]).await.unwrap();
    let counts = async || {
        let state = world.state(&alice, to(), seq).await;
        [state.audience_count, state.read_count, state.unread_count, state.left_count]
    };
    assert_eq!(counts().await, [2, 1, 1, 0]);

    world.remove(&alice, &group, &carol).await;
    assert_eq!(counts().await, [2, 1, 0, 1]);
    refused(world.read(&carol, to(), &[seq]).await, Code::NoPermission);

    world.remove(&alice, &group, &bob).await;
    assert_eq!(counts().await, [2, 1, 0, 1], "a receipt stays when its reader goes");

    world.add(&alice, &group, &dave).await;
    assert_eq!(counts().await, [2, 1, 0, 1], "a joiner is in no older audience");

    world.add(&alice, &group, &carol).await;
    assert_eq!(counts().await, [2, 1, 1, 0]);
    assert_eq!(world.read(&carol, to(), &[seq]).await.unwrap(), [Recorded]);
    assert_eq!(counts().await, [2, 2, 0, 0]);
}

#[tokio::test]
async fn the_two_levels_of_one_to_one_reading_do_not_do_each_others_work() {
    let world = World::new().await;
    let [alice, bob] = world.users(["alice", "bob"]).await;
    let first = world.ask(&alice, user_ref("bob")).await;
    let second = world.ask(&alice, user_ref("bob")).await;
    let history = async |caller, peer| {
        let request = v1::GetHistory { conversation: Some(user_ref(peer)), ..Default::default() };
        world.service.get_history(caller, request).await.unwrap().messages
    };

    world.clock.pass(1_000);
    let read_at = crate::world::START + 1_000;
    assert_eq!(world.read(&bob, user_ref("alice"), &[first]).await.unwrap(), [Recorded]);
    let heard = world.bus.heard();
    let [(_, state)] = told_receipts(&heard, alice.tinyid).try_into().unwrap();
    assert_eq!(state.conversation, Some(user_ref("bob")), "as the sender names the conversation");
    assert_eq!(state.peer_read_time_ms, read_at);
    assert_eq!(world.conversation(&bob, user_ref("alice")).await.unread_count, 2);
    let seen = history(&alice, "bob").await;
    let marks: Vec<_> =
        seen.iter().map(|view| (view.receipt.as_ref().unwrap().peer_read_time_ms, view.peer_read)).collect();
    assert_eq!(marks, [(0, false), (read_at, false)], "newest first");

    world.clock.pass(1_000);
    let clear = v1::ClearUnread { conversation: Some(user_ref("alice")), ..Default::default() };
    assert_eq!(world.service.clear_unread(&bob, clear).await.unwrap().unread_count, 0);
    assert!(told_receipts(&world.bus.heard(), alice.tinyid).is_empty());
    let seen = history(&alice, "bob").await;
    let marks: Vec<_> =
        seen.iter().map(|view| (view.receipt.as_ref().unwrap().peer_read_time_ms, view.peer_read)).collect();
    assert_eq!(marks, [(0, true), (read_at, true)]);
    let bobs = history(&bob, "alice").await;
    let sent: Vec<_> =
        bobs.iter().map(|view| (view.message.as_ref().unwrap().seq, view.receipt_sent)).collect();
    assert_eq!(sent, [(second, false), (first, true)]);
}

#[tokio::test]
async fn a_recall_closes_the_receipts() {
    let world = World::new().await;
    let [alice, bob, carol] = world.users(["alice", "bob", "carol"]).await;
    let group = world.group(v1::GroupType::Work, &alice, &[&bob, &carol]).await;
    let to = || group_ref(&group);
    let seq = world.ask(&alice, to()).await;
    world.read(&bob, to(), &[seq]).await.unwrap();
    let recall = v1::RecallMessage { conversation: Some(to()), seq, ..Default::default() };
    world.service.recall_message(&alice, recall).await.unwrap();
    world.bus.heard();

    assert_eq!(world.read(&carol, to(), &[seq]).await.unwrap(), [Recalled]);

    assert!(world.bus.heard().is_empty());
    let state = world.state(&alice, to(), seq).await;
    assert_eq!((state.read_count, state.unread_count, state.closed), (1, 1, true));
}

#[tokio::test]
async fn only_an_administrator_sends_receipts_for_somebody_else() {
    let world = World::new().await;
    let [alice, bob] = world.users(["alice", "bob"]).await;
    let group = world.group(v1::GroupType::Work, &alice, &[&bob]).await;
    let seq = world.ask(&alice, group_ref(&group)).await;
    refused(world.service.on_behalf_of(&alice, "bob").await, Code::AdministratorRequired);
    let administrator = world.administrator().await;
    refused(world.service.on_behalf_of(&administrator, "nobody").await, Code::NoAccount);

    let for_bob = world.service.on_behalf_of(&administrator, "bob").await.unwrap();
    assert_eq!(world.read(&for_bob, group_ref(&group), &[seq]).await.unwrap(), [Recorded]);
    assert_eq!(world.read(&bob, group_ref(&group), &[seq]).await.unwrap(), [Already]);
}

#[tokio::test]
async fn what_could_not_be_stored_is_neither_acknowledged_nor_told() {
    let world = World::new().await;
    let [alice, bob] = world.users(["alice", "bob"]).await;
    let group = world.group(v1::GroupType::Work, &alice, &[&bob]).await;
    let seq = world.ask(&alice, group_ref(&group)).await;

    world.memory.fail_write(0, false);
    let text = refused(world.read(&bob, group_ref(&group), &[seq]).await, Code::StorageUnavailable);
    assert!(text.contains("restart"), "{text}");
    assert!(world.bus.heard().is_empty());

    world.memory.reopen();
    assert_eq!(world.read(&bob, group_ref(&group), &[seq]).await.unwrap(), [Recorded]);
}
