//! Accounts.

use tokio::task::JoinSet;

use super::Harness;
use super::scene::{APP, Scene, app, distinct, new_account};
use crate::account::{Account, NewAccount};
use crate::feed::Thing;
use crate::{AppId, StoreError, Tinyid};

pub(super) async fn accounts_are_made_in_one_commit_and_once(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let at = scene.now();
    let both = vec![new_account("anna"), NewAccount { nick: Some("Ben".into()), ..new_account("ben") }];
    let made = scene.commits(1, scene.open_accounts(APP, both.clone(), at)).await.unwrap();
    let account = |tinyid, user: &str, nick: &str| Account {
        tinyid,
        app: APP,
        user: user.into(),
        nick: nick.into(),
        avatar_url: String::new(),
        created: at,
        sigs_valid_from_s: 0,
        deleted: false,
    };
    let expected = [account(made[0].0.tinyid, "anna", ""), account(made[1].0.tinyid, "ben", "Ben")];
    assert_eq!(made, [(expected[0].clone(), true), (expected[1].clone(), true)]);
    assert_eq!(made[0].0.tinyid, Tinyid::FIRST);
    distinct(&[made[0].0.tinyid, made[1].0.tinyid]);

    scene.reopen().await;
    let again = scene.commits(0, scene.open_accounts(APP, vec![new_account("ben")], at + 5)).await.unwrap();
    assert_eq!(again, [(expected[1].clone(), false)]);
    for user in [expected[0].tinyid, expected[1].tinyid] {
        assert_eq!(scene.position(user).await.unwrap(), 0, "a new account has no changes");
    }
    let nowhere = scene.open_accounts(AppId(7), both, at).await;
    assert_eq!(nowhere, Err(StoreError::NoSuchApp));
}

pub(super) async fn racing_logins_make_one_account(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let mut racers = JoinSet::new();
    for _ in 0..16 {
        let (store, at) = (scene.shared(), scene.now());
        racers.spawn(async move {
            store.open_accounts(APP, vec![new_account("anna")], at).await.unwrap().remove(0)
        });
    }
    let opened = racers.join_all().await;
    assert_eq!(opened.iter().filter(|(_, made)| *made).count(), 1);
    assert!(opened.iter().all(|(account, _)| *account == opened[0].0));
}

pub(super) async fn accounts_are_found_by_name_and_by_number(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let names = ["ben", "nobody", "anna"].map(String::from);
    let found = scene.accounts(APP, &names).await.unwrap();
    let tinyids: Vec<_> =
        found.iter().map(|account| account.as_ref().map(|account| account.tinyid)).collect();
    assert_eq!(tinyids, [Some(ben), None, Some(anna)]);
    let by_number = scene.accounts_by_tinyid(&[anna, Tinyid(77), ben]).await.unwrap();
    assert_eq!(by_number, [found[2].clone(), None, found[0].clone()]);
    assert_eq!(scene.accounts(AppId(7), &names).await.unwrap(), [None, None, None]);
}

pub(super) async fn each_app_has_its_own_names(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let other = AppId(1_400_000_002);
    scene.create_app(app(other)).await.unwrap();
    let [anna] = scene.users(["anna"]).await;
    let (namesake, made) = scene.open_accounts(other, vec![new_account("anna")], 1).await.unwrap().remove(0);
    assert!(made);
    assert_ne!(namesake.tinyid, anna);
    assert_eq!(scene.accounts(APP, &["anna".into()]).await.unwrap()[0].as_ref().unwrap().tinyid, anna);
}

pub(super) async fn what_is_given_of_a_profile_is_set(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, _] = scene.users(["anna", "ben"]).await;
    let set = |nick: Option<&str>, avatar_url: Option<&str>| NewAccount {
        user: "anna".into(),
        nick: nick.map(String::from),
        avatar_url: avatar_url.map(String::from),
    };
    let steps = [
        (set(Some("Anna"), None), ("Anna", "")),
        (set(None, Some("a.png")), ("Anna", "a.png")),
        (set(Some(""), None), ("", "a.png")),
    ];
    for (number, (change, (nick, avatar_url))) in (1..).zip(steps) {
        let (account, made) = scene.open_accounts(APP, vec![change], 5).await.unwrap().remove(0);
        assert_eq!((account.nick.as_str(), account.avatar_url.as_str(), made), (nick, avatar_url, false));
        scene.reopen().await;
        assert_eq!(scene.accounts_by_tinyid(&[anna]).await.unwrap(), [Some(account)]);
        let feed = scene.feed(anna, 0).await;
        assert_eq!(
            feed.iter().map(|c| (c.number, &c.thing)).collect::<Vec<_>>(),
            [(number, &Thing::Profile)]
        );
    }
}

pub(super) async fn revoking_sigs_never_goes_back(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, gone] = scene.users(["anna", "gone"]).await;
    for (from, expected) in [(500, 500), (300, 500), (700, 700)] {
        scene.revoke_sigs(anna, from).await.unwrap();
        scene.reopen().await;
        let account = scene.accounts_by_tinyid(&[anna]).await.unwrap().remove(0).unwrap();
        assert_eq!(account.sigs_valid_from_s, expected);
    }
    scene.delete_account(gone).await.unwrap();
    for nobody in [gone, Tinyid(77)] {
        assert_eq!(scene.revoke_sigs(nobody, 1).await, Err(StoreError::NoSuchAccount));
    }
}

pub(super) async fn a_deleted_account_leaves_everything_in_one_commit(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben, cleo] = scene.users(["anna", "ben", "cleo"]).await;
    let own = scene.group("own", &[anna, ben]).await;
    let in_it = scene.group("in", &[ben, anna]).await;
    let left = scene.group("left", &[ben, anna]).await;
    scene.leave(left, &[anna]).await;
    scene.group("other", &[ben, cleo]).await;
    let c2c = scene.c2c(anna, ben).await;
    scene.say(c2c, anna).await;

    let mut groups = scene.commits(1, scene.delete_account(anna)).await.unwrap();
    groups.sort_unstable();
    assert_eq!(groups, [own, in_it]);
    scene.reopen().await;
    assert_eq!(scene.delete_account(anna).await, Err(StoreError::NoSuchAccount));
    assert_eq!(scene.accounts(APP, &["anna".into()]).await.unwrap(), [None]);
    let kept = scene.accounts_by_tinyid(&[anna]).await.unwrap().remove(0).unwrap();
    assert_eq!((kept.user.as_str(), kept.deleted), ("anna", true));
    let orphan = scene.group_of(own).await.unwrap().unwrap();
    assert_eq!((orphan.owner, orphan.info.owner.as_str(), orphan.info.member_count), (None, "", 1));
    for conversation in [own, in_it, c2c] {
        assert_eq!(scene.members_by_user(conversation, &[anna]).await.unwrap(), [None]);
        assert_eq!(scene.conversation(anna, conversation).await, Err(StoreError::NotMember));
    }
    assert_eq!(scene.conversation_ids(anna).await.unwrap(), []);
    assert_eq!(scene.seen(c2c, ben).await, [1], "what was said stays with the other");
}

pub(super) async fn a_free_name_is_given_to_somebody_else(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let group = scene.group("g", &[ben, anna]).await;
    let c2c = scene.c2c(anna, ben).await;
    scene.say(c2c, ben).await;
    scene.delete_account(anna).await.unwrap();
    scene.reopen().await;
    let (second, made) = scene.open_accounts(APP, vec![new_account("anna")], 9).await.unwrap().remove(0);
    assert!(made);
    assert!(second.tinyid > ben, "numbers are never given again");
    assert_eq!(scene.conversation_ids(second.tinyid).await.unwrap(), []);
    assert_eq!(scene.find_c2c(APP, second.tinyid, ben).await.unwrap(), None);
    assert_ne!(scene.c2c(second.tinyid, ben).await, c2c);
    scene.join(group, &[second.tinyid]).await;
    let member = scene.members_by_user(group, &[second.tinyid]).await.unwrap().remove(0).unwrap();
    assert_eq!(member.ordinal, 2);
}

pub(super) async fn accounts_are_listed_by_name_page_by_page(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let other = AppId(1_400_000_002);
    scene.create_app(app(other)).await.unwrap();
    scene.open_accounts(other, vec![new_account("anna")], 1).await.unwrap();
    let names = ["b", "a", "B", "a-b", "ab", "ä", "gone", "中文", "a~"];
    let [.., gone, _, _] = scene.users(names).await;
    scene.delete_account(gone).await.unwrap();
    for limit in [1, 3, 8, 100] {
        let (mut listed, mut after) = (Vec::new(), String::new());
        loop {
            let (page, next) = scene.list_accounts(APP, &after, limit).await.unwrap();
            assert!(page.len() <= limit);
            listed.extend(page.into_iter().map(|account| account.user));
            let Some(next) = next else { break };
            after = next;
        }
        assert_eq!(listed, ["B", "a", "a-b", "ab", "a~", "b", "ä", "中文"], "pages of {limit}");
        scene.reopen().await;
    }
    let (behind, next) = scene.list_accounts(APP, "aa", 2).await.unwrap();
    let behind: Vec<_> = behind.iter().map(|account| account.user.as_str()).collect();
    assert_eq!((behind, next.as_deref()), (vec!["ab", "a~"], Some("a~")), "of a name that nobody has");
    assert_eq!(scene.list_accounts(AppId(7), "", 9).await.unwrap(), (vec![], None));
}

pub(super) async fn a_page_of_accounts_costs_the_same_in_a_large_app(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let mut costs = Vec::new();
    for size in [20, 500] {
        scene.crowd(size).await;
        scene.reopen().await;
        let before = scene.operations();
        scene.list_accounts(APP, "n1", 10).await.unwrap();
        costs.push(scene.operations_since(before));
    }
    assert_eq!(costs[0], costs[1]);
}
