//! Logging in (semantics.md rule 19).

use yidu_proto::{Code, v1};

use crate::world::{World, code, refused};

#[tokio::test]
async fn the_first_login_makes_the_account_and_the_next_finds_it() {
    let world = World::new().await;
    let first = world.login("alice", world.sig("alice")).await.unwrap();
    let second = world.login("alice", world.sig("alice")).await.unwrap();
    assert_eq!(first.tinyid, second.tinyid);
    assert_eq!(first.sig_expires_at, crate::world::START + 3_600_000);
    assert!(!first.administrator);
    assert_eq!(first.multi_device, v1::MultiDevice::All);
    assert!(world.login("administrator", world.sig("administrator")).await.unwrap().administrator);
}

#[tokio::test]
async fn an_app_may_forbid_that_logins_make_accounts() {
    let world = World::new().await;
    world.user("alice").await;
    world.settings(|settings| settings.account_auto_create = false).await;
    world.login("alice", world.sig("alice")).await.unwrap();
    refused(world.login("bob", world.sig("bob")).await, Code::NoAccount);
    world.settings(|settings| settings.administrators.push("second".to_owned())).await;
    world.login("second", world.sig("second")).await.unwrap();
}

#[tokio::test]
async fn every_refused_sig_has_its_number() {
    let world = World::new().await;
    let key = world.app.keys[0].secret.clone();
    let now = world.clock_now() / 1_000;
    let other_app = {
        let other = world.service.create_app("other").await.unwrap();
        yidu_usersig::sign(
            &key.parse().unwrap(),
            &yidu_usersig::Claims {
                app_id: other.id.0,
                user_id: "alice".to_owned(),
                issued_at: now,
                expires_in: 60,
                userbuf: None,
            },
        )
    };
    let table = [
        (70002, String::new()),
        (70003, "no sig".to_owned()),
        (70009, world.sig_with("alice", "another key", now)),
        (70013, world.sig("bob")),
        (70014, other_app),
        (70001, world.sig_with("alice", &key, now - 3_600)),
        (0, world.sig("alice")),
    ];
    for (expected, sig) in table {
        assert_eq!(code(&world.login("alice", sig).await), expected);
    }
    assert_eq!(code(&world.login("", world.sig("")).await), 7003);
    let nowhere = v1::Login { app_id: 1, user_id: "alice".to_owned(), ..Default::default() };
    assert_eq!(code(&world.service.login(&nowhere).await), 70020);
}

#[tokio::test]
async fn sigs_of_a_rotated_key_are_good_until_their_grace_is_over() {
    let world = World::new().await;
    let old = world.app.keys[0].secret.clone();
    let now = world.clock_now() / 1_000;
    let app = world.service.rotate_key(world.app.id, 10_000).await.unwrap();
    assert_eq!(app.keys.len(), 2);
    let new = app.keys[0].secret.clone();
    assert_eq!(new.len(), 64);
    assert_ne!(old, new);
    let try_both = async || {
        let with = |key: &str| world.login("alice", world.sig_with("alice", key, now));
        (code(&with(&old).await), code(&with(&new).await))
    };
    assert_eq!(try_both().await, (0, 0));
    world.clock.pass(9_999);
    assert_eq!(try_both().await, (0, 0));
    world.clock.pass(1);
    assert_eq!(try_both().await, (70009, 0));
    assert_eq!(
        world.service.rotate_key(world.app.id, 0).await.unwrap().keys.len(),
        2,
        "dead keys are dropped"
    );
    assert_eq!(try_both().await, (70009, 70009));
}

#[tokio::test]
async fn the_right_key_says_why_even_if_another_key_is_asked_last() {
    let world = World::new().await;
    let old = world.app.keys[0].secret.clone();
    let new = world.service.rotate_key(world.app.id, 1_000_000).await.unwrap().keys[0].secret.clone();
    let expired = world.clock_now() / 1_000 - 3_600;
    for key in [old, new] {
        let login = world.login("alice", world.sig_with("alice", &key, expired)).await;
        refused(login, Code::UserSigExpired);
    }
}

#[tokio::test]
async fn a_session_learns_what_it_is_in_and_where_its_feed_stands() {
    let world = World::new().await;
    let [alice, bob] = world.users(["alice", "bob"]).await;
    let before = world.service.subscriptions(bob.tinyid).await.unwrap();
    assert_eq!((before.conversations.len(), before.position), (0, 0));
    let group = world.group(v1::GroupType::Work, &alice, &[&bob]).await;
    let after = world.service.subscriptions(bob.tinyid).await.unwrap();
    assert_eq!((after.conversations.len(), after.position), (1, 1));
    world.remove(&alice, &group, &bob).await;
    let gone = world.service.subscriptions(bob.tinyid).await.unwrap();
    assert_eq!((gone.conversations.len(), gone.position), (0, 2));
}
