//! Members of groups: coming, going, changing.

use yidu_proto::v1;

use super::Harness;
use super::scene::{Scene, tip, tip_content};
use crate::feed::Thing;
use crate::group::{MemberChange, MemberOutcome, MembersChange};
use crate::{ConversationId, StoreError, Tinyid};

pub(super) async fn each_who_comes_or_goes_is_judged_by_himself(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben, cleo, dora] = scene.users(["anna", "ben", "cleo", "dora"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    let joining =
        MembersChange { max_members: 3, ..scene.moving(group, &[ben, Tinyid(77), cleo, dora], true) };
    let joined = scene.commits(1, scene.change_members(joining)).await.unwrap();
    use MemberOutcome::{Already, Done, Full, NoSuchAccount};
    assert_eq!(joined.outcomes, [Already, NoSuchAccount, Done(1), Full]);
    assert_eq!(scene.position(dora).await.unwrap(), 0);

    let left = scene.commits(1, scene.leave(group, &[dora, cleo, ben])).await;
    assert_eq!(left.outcomes, [Already, Done(2), Done(2)]);
    let nowhere = scene.change_members(scene.moving(ConversationId(4_000_000), &[anna], true)).await;
    assert_eq!(nowhere, Err(StoreError::NoSuchConversation));
}

pub(super) async fn a_change_that_changes_nothing_writes_nothing(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben, cleo] = scene.users(["anna", "ben", "cleo"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    for (user, join) in [(ben, true), (cleo, false)] {
        let tip = Some(tip(scene.draft(group, anna)));
        let change = MembersChange { tip, ..scene.moving(group, &[user], join) };
        let answer = scene.commits(0, scene.change_members(change)).await.unwrap();
        assert_eq!((answer.outcomes, answer.tip), (vec![MemberOutcome::Already], None));
    }
    assert_eq!(scene.view(anna, group).await.last_seq, 0);
}

pub(super) async fn those_who_move_are_told_why_and_by_whom(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let conversation = scene.group("g", &[anna]).await;
    for (join, cause) in [
        (true, v1::membership::Cause::Added),
        (false, v1::membership::Cause::Quit),
        (true, v1::membership::Cause::Joined),
    ] {
        let by = anna;
        let change = MembersChange { cause: cause.into(), by, ..scene.moving(conversation, &[ben], join) };
        let MemberOutcome::Done(number) = scene.change_members(change).await.unwrap().outcomes[0] else {
            panic!("ben did not move");
        };
        scene.reopen().await;
        let feed = scene.feed(ben, 0).await;
        let told = Thing::Membership { conversation, member: join, cause: cause.into(), by: Some(by) };
        assert_eq!(feed.iter().map(|c| (c.number, c.thing.clone())).collect::<Vec<_>>(), [(number, told)]);
    }
}

pub(super) async fn who_comes_back_has_the_ordinal_of_before(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben, cleo] = scene.users(["anna", "ben", "cleo"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    scene.leave(group, &[ben]).await;
    scene.join(group, &[cleo]).await;
    scene.reopen().await;
    let back = scene.moving(group, &[ben], true);
    let at = back.at;
    scene.change_members(back).await.unwrap();
    scene.reopen().await;
    let (members, _) = scene.members(group, 0, 10).await.unwrap();
    assert_eq!(
        members.iter().map(|m| (m.user, m.ordinal)).collect::<Vec<_>>(),
        [(anna, 0), (ben, 1), (cleo, 2)]
    );
    assert_eq!(members[1].joined, at, "the latest joining");
}

pub(super) async fn roles_of_leavers_are_gone(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    let promote = MemberChange { role: Some(v1::Role::Admin.into()), ..Default::default() };
    scene.change_member(group, ben, promote, None).await.unwrap();
    scene.leave(group, &[anna, ben]).await;
    assert_eq!(scene.members_by_user(group, &[anna, ben]).await.unwrap(), [None, None]);
    let orphan = scene.group_of(group).await.unwrap().unwrap();
    assert_eq!((orphan.owner, orphan.info.owner.as_str(), orphan.info.member_count), (None, "", 0));
    scene.join(group, &[anna, ben]).await;
    let (members, _) = scene.members(group, 0, 10).await.unwrap();
    assert!(members.iter().all(|member| member.role == i32::from(v1::Role::Member)), "{members:?}");
    assert_eq!(scene.group_of(group).await.unwrap().unwrap().owner, None);
}

pub(super) async fn a_tip_names_those_concerned_and_is_seen_by_joiners(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben, cleo] = scene.users(["anna", "ben", "cleo"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    let arrival = Some(tip(scene.draft(group, anna)));
    let change = MembersChange { tip: arrival, ..scene.moving(group, &[ben, cleo], true) };
    let changed = scene.commits(1, scene.change_members(change)).await.unwrap();
    assert_eq!(changed.next_seq, 1);
    let told = changed.tip.unwrap().message;
    assert_eq!((told.seq, tip_content(&told)), (1, (vec!["cleo".into()], 3)));
    assert_eq!(scene.seen(group, cleo).await, [1]);

    // The leaver's own tip: sent by somebody who is out by then.
    let farewell = Some(tip(scene.draft(group, cleo)));
    let change = MembersChange { tip: farewell, ..scene.moving(group, &[cleo], false) };
    let changed = scene.change_members(change).await.unwrap();
    assert_eq!(changed.next_seq, 2);
    let told = changed.tip.unwrap().message;
    assert_eq!((told.seq, tip_content(&told)), (2, (vec!["cleo".into()], 2)));
    scene.reopen().await;
    scene.join(group, &[cleo]).await;
    assert_eq!(scene.seen(group, cleo).await, [1]);
    assert_eq!(scene.seen(group, ben).await, [1, 2]);
    assert_eq!(scene.message(group, 2).await.unwrap(), Some((told, cleo)));
}

pub(super) async fn a_tip_names_the_first_hundred(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let crowd = scene.crowd(131).await;
    let group = scene.group("g", &crowd[..1]).await;
    let change = MembersChange {
        tip: Some(tip(scene.draft(group, crowd[0]))),
        ..scene.moving(group, &crowd[1..], true)
    };
    let told = scene.change_members(change).await.unwrap().tip.unwrap();
    let (users, member_count) = tip_content(&told.message);
    assert_eq!((users.len(), users[0].as_str(), users[99].as_str(), member_count), (100, "n1", "n100", 131));
}

pub(super) async fn a_tip_is_never_taken_for_a_repeat(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let group = scene.group("g", &[anna]).await;
    let same = tip(scene.draft(group, anna));
    for join in [true, false] {
        let change = MembersChange { tip: Some(same.clone()), ..scene.moving(group, &[ben], join) };
        assert!(!scene.change_members(change).await.unwrap().tip.unwrap().repeated);
    }
    assert_eq!(scene.seen(group, anna).await, [1, 2]);
    let message = scene.append_message(same).await.unwrap();
    assert_eq!((message.repeated, message.message.seq), (false, 3), "nor does a message repeat a tip");
}

pub(super) async fn members_come_by_pages_in_order_of_ordinals(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let crowd = scene.crowd(10).await;
    let group = scene.group("g", &crowd).await;
    scene.leave(group, &[crowd[0], crowd[4], crowd[9]]).await;
    scene.reopen().await;
    let (mut members, mut from) = (Vec::new(), 0);
    loop {
        let (page, next) = scene.members(group, from, 3).await.unwrap();
        assert!(page.len() <= 3);
        members.extend(page.into_iter().map(|member| member.user));
        from = next;
        if next == 0 {
            break;
        }
    }
    let expected: Vec<_> = [1, 2, 3, 5, 6, 7, 8].map(|i| crowd[i]).to_vec();
    assert_eq!(members, expected);
    let (page, next) = scene.members(group, 0, 7).await.unwrap();
    assert_eq!((page.len(), next), (7, 0), "a full page can be the last");
    assert_eq!(scene.members(group, 40, 7).await.unwrap(), (vec![], 0));
}

pub(super) async fn one_member_is_changed_in_what_is_given(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben, cleo] = scene.users(["anna", "ben", "cleo"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    let before = scene.members_by_user(group, &[ben]).await.unwrap().remove(0).unwrap();
    let named = MemberChange { name_card: Some("B.".into()), ..Default::default() };
    assert_eq!(scene.commits(1, scene.change_member(group, ben, named, None)).await.unwrap(), None);
    let muted = MemberChange { muted_until: Some(9_999), role: Some(300), ..Default::default() };
    let told = tip(scene.draft(group, anna));
    let told = scene.commits(1, scene.change_member(group, ben, muted.clone(), Some(told))).await.unwrap();
    assert_eq!(told.unwrap().message.seq, 1);
    scene.reopen().await;
    let now = scene.members_by_user(group, &[ben]).await.unwrap().remove(0).unwrap();
    let expected = crate::group::Member { name_card: "B.".into(), muted_until: 9_999, role: 300, ..before };
    assert_eq!(now, expected);

    let outsider = scene.change_member(group, cleo, muted, Some(tip(scene.draft(group, anna)))).await;
    assert_eq!(outsider, Err(StoreError::NotMember));
    assert_eq!(scene.view(ben, group).await.last_seq, 1);
}

pub(super) async fn a_member_is_found_by_how_many_come_before(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let crowd = scene.crowd(1_100).await;
    let group = scene.group("g", &crowd).await;
    scene.leave(group, &[crowd[0], crowd[4], crowd[1_030]]).await;
    scene.reopen().await;
    let (members, _) = scene.members(group, 0, 2_000).await.unwrap();
    for before in [0, 1, 3, 500, 1_021, 1_022, 1_026, 1_096] {
        let ordinal = scene.nth_member(group, before).await.unwrap();
        assert_eq!(ordinal, Some(members[before as usize].ordinal), "{before}");
    }
    for before in [1_097, u32::MAX] {
        assert_eq!(scene.nth_member(group, before).await.unwrap(), None);
    }
    let nowhere = scene.nth_member(ConversationId(4_000_000), 0).await;
    assert_eq!(nowhere, Err(StoreError::NoSuchConversation));
}
