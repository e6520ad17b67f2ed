//! The list of conversations and unread counts (semantics.md rule 11).

use yidu_proto::v1;
use yidu_proto::v1::change::Thing;

use crate::world::{World, group_ref, told, user_ref};

#[tokio::test]
async fn the_list_names_everybody_and_comes_by_pages() {
    let world = World::new().await;
    let [alice, bob, carol] = world.users(["alice", "bob", "carol"]).await;
    let group = world.group(v1::GroupType::Work, &alice, &[&bob]).await;
    let nick = v1::ModifyProfile { nick: Some("Bobby".to_owned()), avatar_url: Some("b.png".to_owned()) };
    world.service.modify_profile(&bob, nick).await.unwrap();
    for (from, to) in [(&alice, group_ref(&group)), (&carol, user_ref("alice")), (&bob, user_ref("alice"))] {
        world.clock.pass(10);
        world.say(from, to).await;
    }
    let list = async |cursor, limit| {
        world.service.list_conversations(&alice, v1::ListConversations { cursor, limit }).await.unwrap()
    };
    let page = list(String::new(), 2).await;
    assert_eq!(page.total_unread, 2);
    let shown: Vec<_> = page
        .conversations
        .iter()
        .map(|one| {
            (one.r#ref.clone().unwrap(), one.show_name.as_str(), one.avatar_url.as_str(), one.unread_count)
        })
        .collect();
    assert_eq!(shown, [(user_ref("bob"), "Bobby", "b.png", 1), (user_ref("carol"), "carol", "", 1)]);
    let page = list(page.next_cursor, 2).await;
    assert_eq!(page.conversations[0].show_name, "tea");
    assert_eq!(page.conversations[0].last_message.as_ref().unwrap().message.as_ref().unwrap().from, "alice");
    assert_eq!((page.conversations.len(), page.next_cursor.as_str()), (1, ""));
    assert_eq!(list(String::new(), 3).await.next_cursor, "", "a full page may be the last");
    let bad = v1::ListConversations { cursor: "x".to_owned(), limit: 0 };
    assert!(world.service.list_conversations(&alice, bad).await.is_err());
}

#[tokio::test]
async fn clearing_is_told_to_own_devices_and_one_to_one_to_the_peer_once() {
    let world = World::new().await;
    let [alice, bob] = world.users(["alice", "bob"]).await;
    world.say(&alice, user_ref("bob")).await;
    world.say(&alice, user_ref("bob")).await;
    world.bus.heard();
    let clear =
        |seq| v1::ClearUnread { conversation: Some(user_ref("alice")), up_to_seq: seq, up_to_time_ms: 0 };
    world.clock.pass(500);
    assert_eq!(world.service.clear_unread(&bob, clear(1)).await.unwrap().unread_count, 1);
    let heard = world.bus.heard();
    let [own] = told(&heard, bob.tinyid).try_into().unwrap();
    let cleared = v1::UnreadCleared { conversation: Some(user_ref("alice")), read_seq: 1, unread_count: 1 };
    assert_eq!(own.thing, Some(Thing::UnreadCleared(cleared)));
    assert!(heard.iter().any(|event| event.except == Some(bob.session)));
    let [peer] = told(&heard, alice.tinyid).try_into().unwrap();
    let Some(Thing::PeerRead(read)) = peer.thing else { panic!("{peer:?}") };
    assert_eq!(read.user_id, "bob");

    world.service.clear_unread(&bob, clear(1)).await.unwrap();
    assert!(world.bus.heard().is_empty(), "a repeat wakes nobody");
}

#[tokio::test]
async fn everything_is_cleared_at_once() {
    let world = World::new().await;
    let [alice, bob, carol] = world.users(["alice", "bob", "carol"]).await;
    let group = world.group(v1::GroupType::Work, &alice, &[&bob]).await;
    world.say(&bob, group_ref(&group)).await;
    world.say(&bob, user_ref("alice")).await;
    world.say(&carol, user_ref("alice")).await;
    world.bus.heard();
    let cleared = world.service.clear_unread(&alice, v1::ClearUnread::default()).await.unwrap();
    assert_eq!(cleared.unread_count, 0);
    let heard = world.bus.heard();
    assert_eq!(told(&heard, alice.tinyid).len(), 3);
    assert_eq!((told(&heard, bob.tinyid).len(), told(&heard, carol.tinyid).len()), (1, 1));
    let list = world.service.list_conversations(&alice, v1::ListConversations::default()).await.unwrap();
    assert_eq!(list.total_unread, 0);
    let by_seq = v1::ClearUnread { up_to_seq: 3, ..Default::default() };
    assert!(world.service.clear_unread(&alice, by_seq).await.is_err(), "a seq belongs to one conversation");
}

#[tokio::test]
async fn a_deleted_conversation_is_gone_for_oneself_until_something_new_comes() {
    let world = World::new().await;
    let [alice, bob] = world.users(["alice", "bob"]).await;
    world.say(&alice, user_ref("bob")).await;
    world.bus.heard();
    let delete = v1::DeleteConversation { conversation: Some(user_ref("alice")) };
    world.service.delete_conversation(&bob, delete).await.unwrap();
    let heard = world.bus.heard();
    assert!(told(&heard, alice.tinyid).is_empty(), "the peer is not told");
    let [own] = told(&heard, bob.tinyid).try_into().unwrap();
    assert_eq!(own.thing, Some(Thing::ConversationDeleted(user_ref("alice"))));
    let list = async |caller| {
        let request = v1::ListConversations::default();
        world.service.list_conversations(caller, request).await.unwrap().conversations.len()
    };
    assert_eq!((list(&alice).await, list(&bob).await), (1, 0));
    world.say(&alice, user_ref("bob")).await;
    assert_eq!(list(&bob).await, 1);
    let request = v1::GetHistory { conversation: Some(user_ref("alice")), ..Default::default() };
    assert_eq!(world.service.get_history(&bob, request).await.unwrap().messages.len(), 1);
}

#[tokio::test]
async fn conversations_that_are_not_there_or_not_ones_own_are_left_out() {
    let world = World::new().await;
    let [alice, bob, eve] = world.users(["alice", "bob", "eve"]).await;
    let group = world.group(v1::GroupType::Public, &alice, &[&bob]).await;
    world.say(&alice, user_ref("eve")).await;
    let asked = vec![
        group_ref("nowhere"),
        user_ref("alice"),
        group_ref(&group),
        user_ref("nobody"),
        user_ref("eve"),
        v1::ConversationRef::default(),
        user_ref("bob"),
    ];
    let get = async |caller| {
        let request = v1::GetConversations { conversations: asked.clone() };
        let found = world.service.get_conversations(caller, request).await.unwrap().conversations;
        found.into_iter().map(|one| one.r#ref.unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(get(&alice).await, [group_ref(&group), user_ref("eve")]);
    assert_eq!(get(&eve).await, [user_ref("alice")]);
}
