//! Groups as wholes.

use yidu_proto::v1;

use super::Harness;
use super::scene::{APP, Scene, all, app, new_group, tip};
use crate::conversation::ConversationKind;
use crate::feed::Thing;
use crate::group::{GroupChange, Member};
use crate::receipt::Filter;
use crate::{AppId, ConversationId, StoreError, Tinyid};

pub(super) async fn a_new_group_has_its_first_members_in_order(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben, cleo] = scene.users(["anna", "ben", "cleo"]).await;
    let mut new = new_group("g", &[cleo, anna, ben], scene.now());
    new.members.insert(1, Tinyid(77));
    let created = new.info.created_ms;
    let (group, numbers) = scene.commits(1, scene.create_group(new.clone())).await.unwrap();
    assert_eq!(numbers, [(cleo, 1), (anna, 1), (ben, 1)], "who has no account is left out");
    let filled = v1::Group { owner: "cleo".into(), member_count: 3, ..new.info };
    assert_eq!((&group.info, group.owner, group.app), (&filled, Some(cleo), APP));
    scene.reopen().await;
    assert_eq!(scene.group_of(group.conversation).await.unwrap().as_ref(), Some(&group));
    let (members, next) = scene.members(group.conversation, 0, 10).await.unwrap();
    let member = |user, ordinal, role: v1::Role| Member {
        user,
        ordinal,
        role: role.into(),
        joined: created,
        name_card: String::new(),
        muted_until: 0,
    };
    let (owner, other) = (v1::Role::Owner, v1::Role::Member);
    assert_eq!(members, [member(cleo, 0, owner), member(anna, 1, other), member(ben, 2, other)]);
    assert_eq!(next, 0);
}

pub(super) async fn first_members_are_told_that_they_are_in(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let conversation = scene.group("g", &[anna, ben]).await;
    for user in [anna, ben] {
        let cause = v1::membership::Cause::Created.into();
        let told = Thing::Membership { conversation, member: true, cause, by: Some(anna) };
        assert_eq!(scene.things(user, 0).await, [told]);
    }
}

pub(super) async fn a_group_id_is_given_once_in_an_app(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let group = scene.group("g", &[anna]).await;
    let again =
        async |scene: &Scene<'_>| scene.create_group(new_group("g", &[ben], scene.now())).await.unwrap_err();
    assert_eq!(again(&scene).await, StoreError::GroupExists { owner: Some(anna) });
    assert_eq!(scene.position(ben).await.unwrap(), 0);
    scene.dismiss_group(group, scene.now()).await.unwrap();
    scene.reopen().await;
    assert!(matches!(again(&scene).await, StoreError::GroupExists { .. }), "not even after it was dismissed");

    let other = AppId(1_400_000_002);
    scene.create_app(app(other)).await.unwrap();
    let elsewhere =
        crate::group::NewGroup { app: other, owner: None, members: vec![], ..new_group("g", &[ben], 1) };
    let (elsewhere, _) = scene.create_group(elsewhere).await.unwrap();
    assert_ne!(elsewhere.conversation, group);
    assert_eq!((elsewhere.info.owner.as_str(), elsewhere.info.member_count), ("", 0));
}

pub(super) async fn groups_are_found_by_id_and_by_conversation(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let (g, h) = (scene.group("g", &[anna]).await, scene.group("h", &[ben, anna]).await);
    scene.say(h, anna).await;
    let ids = ["h", "x", "g"].map(String::from);
    let groups = scene.groups(APP, &ids).await.unwrap();
    let found: Vec<_> = groups.iter().map(|group| group.as_ref().map(|group| group.conversation)).collect();
    assert_eq!(found, [Some(h), None, Some(g)]);
    let h_now = groups[0].as_ref().unwrap();
    assert_eq!((h_now.info.last_seq, h_now.info.member_count, h_now.info.owner.as_str()), (1, 2, "ben"));
    assert_eq!(scene.groups(AppId(9), &ids).await.unwrap(), [None, None, None]);
    let c2c = scene.c2c(anna, ben).await;
    for none in [c2c, ConversationId(4_000_000)] {
        assert_eq!(scene.group_of(none).await.unwrap(), None);
    }
}

pub(super) async fn a_new_description_leaves_what_the_store_fills(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    let before = scene.group_of(group).await.unwrap().unwrap().info;
    let info = v1::Group {
        id: "other".into(),
        r#type: v1::GroupType::Meeting.into(),
        name: "new name".into(),
        owner: "nobody".into(),
        member_count: 99,
        last_seq: 99,
        mute_all: true,
        ..before.clone()
    };
    let change =
        GroupChange { info: Some(info), tip: Some(tip(scene.draft(group, anna))), ..GroupChange::default() };
    let (changed, appended) = scene.commits(1, scene.change_group(group, change)).await.unwrap();
    assert_eq!(appended.unwrap().message.seq, 1);
    let expected = v1::Group { name: "new name".into(), mute_all: true, last_seq: 1, ..before };
    assert_eq!(changed.info, expected);
    scene.reopen().await;
    assert_eq!(scene.group_of(group).await.unwrap(), Some(changed));
    assert_eq!(scene.groups(APP, &["other".into()]).await.unwrap(), [None]);
}

pub(super) async fn a_new_owner_takes_the_role_of_the_old_one(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben, cleo] = scene.users(["anna", "ben", "cleo"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    let change = GroupChange { owner: Some(ben), ..Default::default() };
    let (changed, _) = scene.change_group(group, change).await.unwrap();
    assert_eq!((changed.owner, changed.info.owner.as_str()), (Some(ben), "ben"));
    scene.reopen().await;
    let members = scene.members_by_user(group, &[anna, ben]).await.unwrap();
    let roles: Vec<i32> = members.into_iter().map(|member| member.unwrap().role).collect();
    assert_eq!(roles, [v1::Role::Member.into(), i32::from(v1::Role::Owner)]);

    let info = v1::Group { name: "stolen".into(), ..changed.info.clone() };
    let outsider = GroupChange {
        owner: Some(cleo),
        info: Some(info),
        tip: Some(tip(scene.draft(group, cleo))),
        note: None,
    };
    assert_eq!(scene.change_group(group, outsider).await, Err(StoreError::NotMember));
    assert_eq!(scene.group_of(group).await.unwrap(), Some(changed), "nothing of it was done");
}

pub(super) async fn a_dismissed_group_is_there_for_nobody(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    let seq = scene.ask(group, anna).await;
    scene.read(group, ben, &[seq]).await;
    scene.commits(1, scene.dismiss_group(group, scene.now())).await.unwrap();
    let gone = Some(StoreError::NoSuchConversation);
    for _ in 0..2 {
        assert_eq!(scene.dismiss_group(group, scene.now()).await.err(), gone);
        assert_eq!(scene.append_message(scene.draft(group, anna)).await.err(), gone);
        assert_eq!(scene.history(all(group, anna)).await.err(), gone);
        assert_eq!(scene.conversation(anna, group).await.err(), gone);
        assert_eq!(scene.record_receipts(scene.batch(group, ben, &[seq])).await.err(), gone);
        assert_eq!(scene.receipt_states(group, &[seq]).await.err(), gone);
        assert_eq!(scene.audience_page(group, seq, Filter::Read, 0, 1).await.err(), gone);
        assert_eq!(scene.members(group, 0, 10).await.err(), gone);
        assert_eq!(scene.change_members(scene.moving(group, &[ben], false)).await.err(), gone);
        assert_eq!(scene.conversation_kind(group).await.unwrap(), None);
        assert_eq!(scene.groups(APP, &["g".into()]).await.unwrap(), [None]);
        assert_eq!(scene.message(group, seq).await.unwrap(), None);
        assert_eq!((scene.conversation_ids(ben).await.unwrap(), scene.list(ben).await), (vec![], vec![]));
        let still_in = scene.feed(anna, 0).await.into_iter().filter(|change| match &change.thing {
            Thing::Membership { member, .. } => *member,
            Thing::Receipt(_) => true,
            Thing::PeerRead { .. } | Thing::UnreadCleared { .. } => false,
            Thing::Profile | Thing::ConversationDeleted { .. } => false,
        });
        assert_eq!(still_in.count(), 0, "no feed says that anna is in it, or tells of its receipts");
        scene.reopen().await;
    }
}

pub(super) async fn dismissing_costs_the_same_whatever_the_size(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let crowd = scene.crowd(300).await;
    let mut costs = Vec::new();
    for (id, members) in [("small", &crowd[..3]), ("large", &crowd[..])] {
        let group = scene.group(id, members).await;
        scene.ask(group, members[0]).await;
        let before = scene.operations();
        scene.dismiss_group(group, scene.now()).await.unwrap();
        costs.push(scene.operations_since(before));
    }
    assert_eq!(costs[0], costs[1]);
}

pub(super) async fn intents_for_groups_do_not_find_one_to_one_conversations(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben, cleo] = scene.users(["anna", "ben", "cleo"]).await;
    let c2c = scene.c2c(anna, ben).await;
    let gone = Some(StoreError::NoSuchConversation);
    assert_eq!(scene.dismiss_group(c2c, scene.now()).await.err(), gone);
    assert_eq!(scene.change_group(c2c, GroupChange::default()).await.err(), gone);
    assert_eq!(scene.change_members(scene.moving(c2c, &[cleo], true)).await.err(), gone);
    assert_eq!(scene.change_members(scene.moving(c2c, &[ben], false)).await.err(), gone);
    assert_eq!(scene.conversation_kind(c2c).await.unwrap(), Some(ConversationKind::C2c(anna, ben)));
    let members = scene.members_by_user(c2c, &[ben, cleo, anna]).await.unwrap();
    let roles: Vec<_> =
        members.into_iter().map(|member| member.map(|member| (member.user, member.role))).collect();
    let role = v1::Role::Member.into();
    assert_eq!(roles, [Some((ben, role)), None, Some((anna, role))]);
}

pub(super) async fn groups_are_listed_by_id_without_those_dismissed(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    for id in ["b", "@TGS#1", "a", "c"] {
        let group = scene.group(id, &[anna, ben]).await;
        if id == "b" {
            scene.dismiss_group(group, scene.now()).await.unwrap();
        }
    }
    scene.c2c(anna, ben).await;
    for _ in 0..2 {
        let (mut pages, mut after) = (Vec::new(), String::new());
        loop {
            let (page, next) = scene.list_groups(APP, &after, 1).await.unwrap();
            pages.push(page.into_iter().map(|group| group.info.id).collect::<Vec<_>>());
            let Some(next) = next else { break };
            after = next;
        }
        assert_eq!(pages, [vec!["@TGS#1"], vec!["a"], vec![], vec!["c"]], "a page looks at one id");
        let (all, next) = scene.list_groups(APP, "", 4).await.unwrap();
        assert_eq!((all.len(), next), (3, None));
        assert_eq!(scene.group_of(all[1].conversation).await.unwrap().as_ref(), Some(&all[1]));
        assert_eq!(scene.list_groups(AppId(7), "", 4).await.unwrap(), (vec![], None));
        scene.reopen().await;
    }
}
