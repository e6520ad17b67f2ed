//! The change feed: what a device that was away gets (semantics.md rule 7).

use yidu_proto::v1;
use yidu_proto::v1::change::Thing;

use crate::world::{World, group_ref, user_ref};

#[tokio::test]
async fn many_receipts_on_one_message_are_one_entry_with_the_newest_state() {
    let world = World::new().await;
    let alice = world.user("alice").await;
    let mut readers = Vec::new();
    for number in 0..20 {
        readers.push(world.user(&format!("reader-{number}")).await);
    }
    let members: Vec<_> = readers.iter().collect();
    let group = world.group(v1::GroupType::Work, &alice, &members).await;
    let seq = world.ask(&alice, group_ref(&group)).await;
    let away_since = world.service.subscriptions(alice.tinyid).await.unwrap().position;
    for reader in &readers {
        world.read(reader, group_ref(&group), &[seq]).await.unwrap();
    }

    let missed = v1::GetChanges { after: away_since, limit: 0 };
    let page = world.service.get_changes(&alice, missed).await.unwrap();
    let [change] = page.changes.try_into().unwrap();
    assert_eq!(change.thing, Some(Thing::Receipt(world.state(&alice, group_ref(&group), seq).await)));
    assert_eq!((change.number, page.position, page.finished), (away_since + 20, away_since + 20, true));
}

#[tokio::test]
async fn every_kind_of_entry_is_named_as_its_owner_names_it() {
    let world = World::new().await;
    let [alice, bob] = world.users(["alice", "bob"]).await;
    let group = world.group(v1::GroupType::Work, &bob, &[&alice]).await;
    let seq = world.ask(&alice, user_ref("bob")).await;
    world.read(&bob, user_ref("alice"), &[seq]).await.unwrap();
    let clear = |peer| v1::ClearUnread { conversation: Some(user_ref(peer)), ..Default::default() };
    world.service.clear_unread(&bob, clear("alice")).await.unwrap();
    world.say(&bob, user_ref("alice")).await;
    world.service.clear_unread(&alice, clear("bob")).await.unwrap();
    let nick = v1::ModifyProfile { nick: Some("Ali".to_owned()), avatar_url: None };
    let own = world.service.modify_profile(&alice, nick).await.unwrap().profile.unwrap();
    world.say(&bob, group_ref(&group)).await;
    let delete = v1::DeleteConversation { conversation: Some(group_ref(&group)) };
    world.service.delete_conversation(&alice, delete).await.unwrap();

    let mut things = Vec::new();
    let (mut after, mut pages) = (0, 0);
    loop {
        let page = world.service.get_changes(&alice, v1::GetChanges { after, limit: 2 }).await.unwrap();
        things.extend(page.changes.into_iter().filter_map(|change| change.thing));
        after = page.position;
        pages += 1;
        if page.finished {
            break;
        }
    }
    assert_eq!((pages, things.len()), (3, 6), "{things:?}");
    let joined = v1::Membership {
        group_id: group.clone(),
        member: true,
        cause: v1::membership::Cause::Created.into(),
        by: "bob".to_owned(),
    };
    assert_eq!(things[0], Thing::Membership(joined));
    assert_eq!(things[1], Thing::Receipt(world.state(&alice, user_ref("bob"), seq).await));
    assert!(matches!(&things[2], Thing::PeerRead(read) if read.user_id == "bob"));
    let cleared = v1::UnreadCleared { conversation: Some(user_ref("bob")), read_seq: 2, unread_count: 0 };
    assert_eq!(things[3], Thing::UnreadCleared(cleared));
    assert_eq!(things[4], Thing::Profile(own));
    assert_eq!(things[5], Thing::ConversationDeleted(group_ref(&group)));
}

#[tokio::test]
async fn a_node_that_knew_a_group_still_names_it_when_it_is_gone() {
    let world = World::new().await;
    let [alice, bob] = world.users(["alice", "bob"]).await;
    let group = world.group(v1::GroupType::Public, &alice, &[&bob]).await;
    let seen = world.service.get_changes(&bob, v1::GetChanges::default()).await.unwrap();
    assert_eq!(seen.changes.len(), 1);
    world.service.dismiss_group(&alice, v1::DismissGroup { group_id: group.clone() }).await.unwrap();
    let page = world.service.get_changes(&bob, v1::GetChanges::default()).await.unwrap();
    let Some(Thing::Membership(membership)) = &page.changes[0].thing else { panic!("{page:?}") };
    assert_eq!((membership.group_id.as_str(), membership.member), (group.as_str(), false));
}
