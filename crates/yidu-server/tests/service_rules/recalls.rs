//! Taking messages back.

use yidu_proto::{Code, v1};
use yidu_server::bus::{Body, Topic};

use crate::world::{World, code, group_ref, refused, user_ref};

fn recall(of: v1::ConversationRef, seq: u64) -> v1::RecallMessage {
    v1::RecallMessage { conversation: Some(of), seq, reason: "a slip".to_owned() }
}

#[tokio::test]
async fn everybody_who_saw_it_is_told_and_finds_it_without_content() {
    let world = World::new().await;
    let [alice, bob] = world.users(["alice", "bob"]).await;
    let message = world.say(&alice, user_ref("bob")).await;
    world.bus.heard();
    let recalled =
        world.service.recall_message(&alice, recall(user_ref("bob"), 1)).await.unwrap().recall.unwrap();
    assert_eq!((recalled.by.as_str(), recalled.reason.as_str()), ("alice", "a slip"));

    let heard = world.bus.heard();
    let topics: Vec<_> = heard.iter().map(|event| event.topic).collect();
    assert_eq!(topics, [Topic::User(bob.tinyid), Topic::User(alice.tinyid)]);
    let Body::ConversationChange(change) = &heard[0].body else { panic!("{heard:?}") };
    assert_eq!(change.to, Some(user_ref("bob")), "the receiver of the message, whoever looks");
    let Some(v1::conversation_change::Thing::Recalled(told)) = &change.thing else { panic!("{change:?}") };
    assert_eq!((&told.message_id, told.seq, &told.recall), (&message.id, 1, &Some(recalled.clone())));

    let feed = v1::GetConversationChanges { conversation: Some(user_ref("alice")), after: 0, limit: 0 };
    let feed = world.service.get_conversation_changes(&bob, feed).await.unwrap();
    assert_eq!((feed.changes, feed.finished), (vec![change.clone()], true));
    let request = v1::GetMessages { conversation: Some(user_ref("alice")), seqs: vec![1] };
    let seen = world.service.get_messages(&bob, request).await.unwrap().messages[0].message.clone().unwrap();
    assert!(seen.elements.is_empty() && seen.cloud_custom_data.is_empty());
    assert_eq!(seen.recall, Some(recalled));
}

#[tokio::test]
async fn who_may_recall_what_and_until_when() {
    let world = World::new().await;
    let administrator = world.administrator().await;
    let [owner, admin, member, other, outsider] =
        world.users(["owner", "admin", "member", "other", "outsider"]).await;
    let group = world.group(v1::GroupType::Public, &owner, &[&admin, &member, &other]).await;
    world.role(&owner, &group, &admin, v1::Role::Admin).await;
    let table = [
        (&member, 0, 10031),
        (&owner, 0, 10031),
        (&admin, 0, 10031),
        (&other, 10007, 10007),
        (&outsider, 10007, 10007),
        (&administrator, 0, 0),
    ];
    for (caller, in_time, late) in table {
        for (passed, expected) in [(120_000, in_time), (120_001, late)] {
            let seq = world.say(&member, group_ref(&group)).await.seq;
            world.clock.pass(passed);
            let result = world.service.recall_message(caller, recall(group_ref(&group), seq)).await;
            assert_eq!(code(&result), expected, "{} after {passed} ms", caller.user);
        }
    }
}

#[tokio::test]
async fn refusals_have_the_numbers_of_their_kind_of_conversation() {
    let world = World::new().await;
    let [alice, bob] = world.users(["alice", "bob"]).await;
    let group = world.group(v1::GroupType::Public, &alice, &[&bob]).await;
    for (of, unknown, again, late) in
        [(user_ref("bob"), 20022, 20023, 20016), (group_ref(&group), 10030, 10032, 10031)]
    {
        let seq = world.say(&alice, of.clone()).await.seq;
        let mine = async |seq| code(&world.service.recall_message(&alice, recall(of.clone(), seq)).await);
        assert_eq!(mine(seq + 1).await, unknown);
        assert_eq!(mine(0).await, 6017);
        assert_eq!(mine(seq).await, 0);
        assert_eq!(mine(seq).await, again);
        let old = world.say(&alice, of.clone()).await.seq;
        world.clock.pass(120_001);
        assert_eq!(mine(old).await, late);
        let new = world.say(&alice, of.clone()).await.seq;
        world.settings(|settings| settings.recall_seconds = 0).await;
        assert_eq!(mine(new).await, late);
        world.settings(|settings| settings.recall_seconds = 120).await;
    }
    world.say(&alice, user_ref("bob")).await;
    refused(world.service.recall_message(&bob, recall(user_ref("alice"), 3)).await, Code::NoPermission);
}

#[tokio::test]
async fn tips_are_not_recallable() {
    let world = World::new().await;
    let [alice, bob] = world.users(["alice", "bob"]).await;
    let group = world.group(v1::GroupType::Work, &alice, &[]).await;
    world.add(&alice, &group, &bob).await;
    refused(world.service.recall_message(&alice, recall(group_ref(&group), 1)).await, Code::NotRecallable);
}
