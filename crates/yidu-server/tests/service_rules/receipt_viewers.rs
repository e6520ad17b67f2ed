//! Who may look at receipts (semantics.md rule 6).

use yidu_proto::v1;
use yidu_proto::v1::ReceiptViewers::{Managers, Members, Sender};

use crate::world::{World, code, group_ref, user_ref};

#[tokio::test]
async fn the_apps_policy_says_who_sees_the_receipts_of_others() {
    let world = World::new().await;
    let [sender, owner, admin, member, outsider] =
        world.users(["sender", "owner", "admin", "member", "outsider"]).await;
    let administrator = world.administrator().await;
    let group = world.group(v1::GroupType::Public, &owner, &[&sender, &admin, &member]).await;
    world.role(&owner, &group, &admin, v1::Role::Admin).await;
    let seq = world.ask(&sender, group_ref(&group)).await;

    let viewers = [&sender, &owner, &admin, &member, &outsider, &administrator];
    let table = [
        (Sender, [true, false, false, false, false, true]),
        (Managers, [true, true, true, false, false, true]),
        (Members, [true, true, true, true, false, true]),
    ];
    for (policy, allowed) in table {
        world.settings(|settings| settings.receipt_viewers = policy.into()).await;
        for (viewer, allowed) in viewers.iter().zip(allowed) {
            let list =
                v1::ListReceiptMembers { conversation: Some(group_ref(&group)), seq, ..Default::default() };
            let listed = world.service.list_receipt_members(viewer, list).await;
            let expected = if allowed { 0 } else { 10007 };
            assert_eq!(code(&listed), expected, "{policy:?}: list by {}", viewer.user);

            let get = v1::GetReceipts { conversation: Some(group_ref(&group)), seqs: vec![seq] };
            let states = world.service.get_receipts(viewer, get).await.unwrap().states;
            assert_eq!(states.len(), usize::from(allowed), "{policy:?}: counts for {}", viewer.user);
        }
    }
}

#[tokio::test]
async fn items_that_are_not_ones_own_or_did_not_ask_are_left_out() {
    let world = World::new().await;
    let [alice, bob] = world.users(["alice", "bob"]).await;
    let group = world.group(v1::GroupType::Public, &alice, &[&bob]).await;
    let own = world.ask(&alice, group_ref(&group)).await;
    let bobs = world.ask(&bob, group_ref(&group)).await;
    let plain = world.say(&alice, group_ref(&group)).await.seq;

    let get = v1::GetReceipts { conversation: Some(group_ref(&group)), seqs: vec![bobs, plain, own, 99] };
    let states = world.service.get_receipts(&alice, get).await.unwrap().states;
    assert_eq!(states.iter().map(|state| state.seq).collect::<Vec<_>>(), [own]);
}

#[tokio::test]
async fn whoever_may_not_look_does_not_learn_which_messages_there_are() {
    let world = World::new().await;
    let [alice, bob, eve] = world.users(["alice", "bob", "eve"]).await;
    let group = world.group(v1::GroupType::Public, &alice, &[&bob]).await;
    world.ask(&alice, group_ref(&group)).await;
    for (viewer, there, not_there) in [(&eve, 10007, 10007), (&bob, 10007, 10062)] {
        for (seq, expected) in [(1, there), (2, not_there)] {
            let list =
                v1::ListReceiptMembers { conversation: Some(group_ref(&group)), seq, ..Default::default() };
            assert_eq!(code(&world.service.list_receipt_members(viewer, list).await), expected);
        }
    }
}

#[tokio::test]
async fn a_policy_for_groups_opens_nothing_between_two() {
    let world = World::new().await;
    world.settings(|settings| settings.receipt_viewers = Members.into()).await;
    let [alice, bob] = world.users(["alice", "bob"]).await;
    let seq = world.ask(&alice, user_ref("bob")).await;
    let list =
        |peer| v1::ListReceiptMembers { conversation: Some(user_ref(peer)), seq, ..Default::default() };
    assert_eq!(code(&world.service.list_receipt_members(&alice, list("bob")).await), 0);
    assert_eq!(code(&world.service.list_receipt_members(&bob, list("alice")).await), 10007);
}
