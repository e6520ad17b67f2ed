//! Accounts and profiles, as their administrators keep them.

use yidu_proto::v1::change::Thing;
use yidu_proto::{Code, v1};
use yidu_server::bus::{Body, Topic};

use crate::world::{World, code, group_ref, refused, told, user_ref};

fn profile(user: &str, nick: &str) -> v1::Profile {
    v1::Profile { user_id: user.to_owned(), nick: nick.to_owned(), avatar_url: String::new() }
}

#[tokio::test]
async fn only_administrators_keep_accounts() {
    let world = World::new().await;
    let [alice, _bob] = world.users(["alice", "bob"]).await;
    let import = v1::ImportAccounts { accounts: vec![profile("carol", "")] };
    refused(world.service.import_accounts(&alice, import).await, Code::AdministratorRequired);
    let delete = v1::DeleteAccounts { user_ids: vec!["bob".to_owned()] };
    refused(world.service.delete_accounts(&alice, delete).await, Code::AdministratorRequired);
    let kick = v1::KickAccount { user_id: "bob".to_owned() };
    refused(world.service.kick_account(&alice, kick).await, Code::AdministratorRequired);
}

#[tokio::test]
async fn importing_makes_what_is_not_there_and_updates_what_is_not_empty() {
    let world = World::new().await;
    let administrator = world.administrator().await;
    let alice = world.user("alice").await;
    let nick = v1::ModifyProfile { nick: None, avatar_url: Some("a.png".to_owned()) };
    world.service.modify_profile(&alice, nick).await.unwrap();
    world.bus.heard();

    let accounts =
        vec![profile("alice", "Alice"), profile("bob", ""), profile(&"x".repeat(33), ""), profile("", "")];
    let failed =
        world.service.import_accounts(&administrator, v1::ImportAccounts { accounts }).await.unwrap().failed;
    assert_eq!(failed, ["x".repeat(33), String::new()]);
    let get = || v1::GetProfiles { user_ids: ["bob", "nobody", "alice"].map(str::to_owned).to_vec() };
    let profiles = world.service.get_profiles(&alice, get()).await.unwrap().profiles;
    let alices = v1::Profile { avatar_url: "a.png".to_owned(), ..profile("alice", "Alice") };
    assert_eq!(profiles, [profile("bob", ""), alices.clone()]);
    let [change] = told(&world.bus.heard(), alice.tinyid).try_into().unwrap();
    assert_eq!(change.thing, Some(Thing::Profile(alices)));
    assert_eq!(change.number, world.service.subscriptions(alice.tinyid).await.unwrap().position);

    let again = v1::ImportAccounts { accounts: vec![profile("alice", "Alice"), profile("bob", "")] };
    world.service.import_accounts(&administrator, again).await.unwrap();
    assert!(world.bus.heard().is_empty());
    let long = v1::ImportAccounts { accounts: vec![profile("bob", &"x".repeat(501))] };
    refused(world.service.import_accounts(&administrator, long).await, Code::InvalidParameters);
}

#[tokio::test]
async fn ones_own_other_devices_learn_the_new_profile() {
    let world = World::new().await;
    let alice = world.user("alice").await;
    let rename = |nick: &str| v1::ModifyProfile { nick: Some(nick.to_owned()), avatar_url: None };
    let new = world.service.modify_profile(&alice, rename("Ali")).await.unwrap().profile.unwrap();
    assert_eq!(new, profile("alice", "Ali"));
    let heard = world.bus.heard();
    assert_eq!(
        (heard.len(), heard[0].topic, heard[0].except),
        (1, Topic::User(alice.tinyid), Some(alice.session))
    );
    world.service.modify_profile(&alice, rename("Ali")).await.unwrap();
    assert!(world.bus.heard().is_empty());
    refused(world.service.modify_profile(&alice, rename(&"x".repeat(501))).await, Code::InvalidParameters);
}

#[tokio::test]
async fn a_deleted_account_is_a_leaver_of_every_group_and_its_sessions_end() {
    let world = World::new().await;
    let administrator = world.administrator().await;
    let [alice, bob] = world.users(["alice", "bob"]).await;
    let group = world.group(v1::GroupType::Work, &alice, &[&bob]).await;
    let seq = world.ask(&alice, group_ref(&group)).await;
    let to_bob = world.ask(&alice, user_ref("bob")).await;
    assert_eq!(to_bob, 1);

    let delete = v1::DeleteAccounts { user_ids: vec!["nobody".to_owned(), "bob".to_owned()] };
    let results = world.service.delete_accounts(&administrator, delete).await.unwrap().results;
    assert_eq!(results.iter().map(|result| result.code).collect::<Vec<_>>(), [70107, 0]);
    let heard = world.bus.heard();
    let [event] = heard.as_slice() else { panic!("{heard:?}") };
    assert_eq!(event.topic, Topic::User(bob.tinyid));
    let Body::Kicked(kicked) = &event.body else { panic!("{event:?}") };
    assert_eq!((kicked.reason(), kicked.code), (v1::kicked::Reason::AccountDeleted, 70107));

    let state = world.state(&alice, group_ref(&group), seq).await;
    assert_eq!((state.unread_count, state.left_count), (0, 1));
    refused(world.service.send_message(&alice, world.text(user_ref("bob"), "?")).await, Code::PeerUnknown);
    refused(world.service.send_message(&bob, world.text(user_ref("alice"), "?")).await, Code::NoAccount);
    refused(world.read(&bob, group_ref(&group), &[seq]).await, Code::NoPermission);

    let reborn = world.user("bob").await;
    assert_ne!(reborn.tinyid, bob.tinyid);
    world.say(&alice, user_ref("bob")).await;
    assert!(world.bus.heard().iter().any(|event| event.topic == Topic::User(reborn.tinyid)));
}

#[tokio::test]
async fn a_kick_ends_sessions_and_the_sigs_of_until_now() {
    let world = World::new().await;
    let administrator = world.administrator().await;
    let bob = world.user("bob").await;
    let sig = world.sig("bob");
    let kick = |user: &str| v1::KickAccount { user_id: user.to_owned() };
    world.service.kick_account(&administrator, kick("bob")).await.unwrap();
    let heard = world.bus.heard();
    let Body::Kicked(kicked) = &heard[0].body else { panic!("{heard:?}") };
    assert_eq!((heard[0].topic, kicked.code), (Topic::User(bob.tinyid), 70052));
    assert_eq!(kicked.reason(), v1::kicked::Reason::Administrator);
    refused(world.login("bob", sig.clone()).await, Code::UserSigRevoked);
    world.clock.pass(1_000);
    refused(world.login("bob", sig).await, Code::UserSigRevoked);
    world.login("bob", world.sig("bob")).await.unwrap();
    assert_eq!(code(&world.service.kick_account(&administrator, kick("nobody")).await), 70107);
}
