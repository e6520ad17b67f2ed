//! Making groups, coming and going, tips.

use yidu_proto::v1::member_result::Outcome;
use yidu_proto::{Code, ElementKind, v1};
use yidu_server::bus::{Body, Event, Topic};

use crate::world::{World, code, group_ref, refused, told, told_group};

fn tips(events: &[Event]) -> Vec<v1::GroupTipElement> {
    let mut tips = Vec::new();
    for message in told_group(events) {
        for element in &message.elements {
            if let Ok(Some(ElementKind::GroupTip(tip))) = element.kind() {
                tips.push(tip);
            }
        }
    }
    tips
}

fn create(kind: v1::GroupType) -> v1::CreateGroup {
    v1::CreateGroup { r#type: kind.into(), name: "tea".to_owned(), ..Default::default() }
}

#[tokio::test]
async fn first_members_hear_of_the_group_before_anything_is_said_in_it() {
    let world = World::new().await;
    let [alice, bob] = world.users(["alice", "bob"]).await;
    let request = v1::CreateGroup {
        members: vec!["bob".to_owned(), "alice".to_owned()],
        ..create(v1::GroupType::Work)
    };
    let group = world.service.create_group(&alice, request).await.unwrap().group_id;
    assert!(group.starts_with("@TGS#") && group.len() == 17, "{group}");

    let heard = world.bus.heard();
    for member in [&alice, &bob] {
        let own: Vec<&Event> =
            heard.iter().filter(|event| event.topic == Topic::User(member.tinyid)).collect();
        assert!(matches!(own[0].body, Body::Entered(_)), "{own:?}");
        assert!(matches!(own[1].body, Body::Changes(_)), "{own:?}");
    }
    let [change] = told(&heard, bob.tinyid).try_into().unwrap();
    let membership = v1::Membership {
        group_id: group.clone(),
        member: true,
        cause: v1::membership::Cause::Created.into(),
        by: "alice".to_owned(),
    };
    assert_eq!(change.thing, Some(v1::change::Thing::Membership(membership)));

    let list = v1::ListMembers { group_id: group, ..Default::default() };
    let members = world.service.list_members(&bob, list).await.unwrap().members;
    let roles: Vec<_> =
        members.iter().map(|member| (member.profile.clone().unwrap().user_id, member.role())).collect();
    let expected = [("alice".to_owned(), v1::Role::Owner), ("bob".to_owned(), v1::Role::Member)];
    assert_eq!(roles, expected);
}

#[tokio::test]
async fn a_group_that_cannot_be_made_says_why() {
    use v1::GroupType::{Community, Public, Work};
    let world = World::new().await;
    let alice = world.user("alice").await;
    let bob = world.user("bob").await;
    let make = async |caller, request| code(&world.service.create_group(caller, request).await);
    let named = |id: &str, kind| v1::CreateGroup { group_id: id.to_owned(), ..create(kind) };

    assert_eq!(make(&alice, named("tea", Public)).await, 0);
    assert_eq!(make(&alice, named("tea", Public)).await, 10025);
    assert_eq!(make(&bob, named("tea", Public)).await, 10021);
    assert_eq!(make(&alice, named("@TGS#mine", Public)).await, 10015);
    assert_eq!(make(&alice, named("@TGS#_mine", Public)).await, 10015);
    assert_eq!(make(&alice, named("mine", Community)).await, 10015);
    assert_eq!(make(&alice, named("@TGS#_mine", Community)).await, 0);
    assert_eq!(make(&alice, named(&"x".repeat(49), Public)).await, 10015);
    let bad = [
        v1::CreateGroup { name: String::new(), ..create(Public) },
        v1::CreateGroup { name: "x".repeat(101), ..create(Public) },
        v1::CreateGroup { introduction: "x".repeat(401), ..create(Public) },
        v1::CreateGroup { max_members: 201, ..create(Work) },
        v1::CreateGroup { add_option: Some(v1::AddOption::Any.into()), ..create(Work) },
        v1::CreateGroup { r#type: 3, ..create(Work) },
        v1::CreateGroup { receipts: 3, ..create(Work) },
    ];
    for request in bad {
        assert_eq!(make(&alice, request.clone()).await, 10004, "{request:?}");
    }
    let with = |members: Vec<String>| v1::CreateGroup { members, ..create(Work) };
    assert_eq!(make(&alice, with(vec!["nobody".to_owned()])).await, 10019);
    assert_eq!(make(&alice, with(vec!["bob".to_owned(); 21])).await, 10005);
    let full = v1::CreateGroup { max_members: 1, ..with(vec!["bob".to_owned()]) };
    assert_eq!(make(&alice, full).await, 10014);
    assert_eq!(make(&alice, v1::CreateGroup { owner: "bob".to_owned(), ..create(Work) }).await, 10007);
    let administrator = world.administrator().await;
    assert_eq!(make(&administrator, v1::CreateGroup { owner: "bob".to_owned(), ..create(Work) }).await, 0);
}

#[tokio::test]
async fn the_id_of_a_dismissed_group_is_not_given_again_and_its_members_are_told() {
    let world = World::new().await;
    let [alice, bob] = world.users(["alice", "bob"]).await;
    let request = v1::CreateGroup {
        group_id: "tea".to_owned(),
        members: vec!["bob".to_owned()],
        ..create(v1::GroupType::Public)
    };
    world.service.create_group(&alice, request.clone()).await.unwrap();
    world.bus.heard();
    let dismiss = v1::DismissGroup { group_id: "tea".to_owned() };
    world.service.dismiss_group(&alice, dismiss).await.unwrap();

    let heard = world.bus.heard();
    let [event] = heard.as_slice() else { panic!("{heard:?}") };
    let Body::ConversationChange(change) = &event.body else { panic!("{event:?}") };
    assert_eq!(change.to, Some(group_ref("tea")));
    let dismissed = v1::Dismissed { by: "alice".to_owned() };
    assert_eq!(change.thing, Some(v1::conversation_change::Thing::Dismissed(dismissed)));
    refused(
        world.service.send_message(&bob, world.text(group_ref("tea"), "hello?")).await,
        Code::NoSuchGroup,
    );
    refused(world.service.create_group(&bob, request).await, Code::GroupIdTaken);
}

#[tokio::test]
async fn a_joiner_hears_the_tip_and_a_leaver_does_not() {
    let world = World::new().await;
    let [alice, bob] = world.users(["alice", "bob"]).await;
    let group = world.group(v1::GroupType::Meeting, &alice, &[]).await;
    let join = || v1::JoinGroup { group_id: group.clone(), ..Default::default() };
    world.service.join_group(&bob, join()).await.unwrap();

    let heard = world.bus.heard();
    assert!(matches!(heard[0].body, Body::Entered(_)), "{heard:?}");
    assert_eq!(heard[0].topic, Topic::User(bob.tinyid));
    let [tip] = tips(&heard).try_into().unwrap();
    assert_eq!(tip.r#type(), v1::group_tip_element::Type::Joined);
    assert_eq!(
        (tip.by, tip.users, tip.member_count, tip.join_type),
        ("bob".to_owned(), vec!["bob".to_owned()], 2, 1)
    );
    let [message] = told_group(&heard).try_into().unwrap();
    assert_eq!(message.seq, 1, "a tip has its place between the messages");
    refused(world.service.join_group(&bob, join()).await, Code::AlreadyMember);

    world.service.quit_group(&bob, v1::QuitGroup { group_id: group.clone() }).await.unwrap();
    let heard = world.bus.heard();
    assert!(matches!(heard[0].body, Body::Departed(_)), "{heard:?}");
    let [tip] = tips(&heard).try_into().unwrap();
    assert_eq!(tip.r#type(), v1::group_tip_element::Type::Quit);
    assert_eq!((tip.users, tip.member_count), (vec!["bob".to_owned()], 1));
    assert_eq!(world.conversation(&alice, group_ref(&group)).await.unread_count, 0, "tips are not unread");
}

#[tokio::test]
async fn each_who_is_added_is_judged_by_itself() {
    let world = World::new().await;
    let [alice, bob, carol, dave] = world.users(["alice", "bob", "carol", "dave"]).await;
    let request =
        v1::CreateGroup { max_members: 3, members: vec!["bob".to_owned()], ..create(v1::GroupType::Work) };
    let group = world.service.create_group(&alice, request).await.unwrap().group_id;
    world.bus.heard();

    let users = ["bob", "nobody", "carol", "carol", "dave"].map(str::to_owned).to_vec();
    let add = v1::AddMembers { group_id: group.clone(), users, silent: false };
    let results = world.service.add_members(&alice, add).await.unwrap().results;
    let results: Vec<_> =
        results.iter().map(|result| (result.user_id.as_str(), result.outcome(), result.code)).collect();
    let expected = [
        ("bob", Outcome::Already, 0),
        ("nobody", Outcome::Failed, 10019),
        ("carol", Outcome::Done, 0),
        ("dave", Outcome::Failed, 10014),
    ];
    assert_eq!(results, expected);
    let heard = world.bus.heard();
    let [tip] = tips(&heard).try_into().unwrap();
    assert_eq!((tip.users, tip.member_count, tip.join_type), (vec!["carol".to_owned()], 3, 2));
    assert!(told(&heard, bob.tinyid).is_empty() && told(&heard, dave.tinyid).is_empty());
    assert_eq!(told(&heard, carol.tinyid).len(), 1);

    let again = v1::AddMembers { group_id: group, users: vec!["bob".to_owned()], silent: false };
    world.service.add_members(&alice, again).await.unwrap();
    assert!(world.bus.heard().is_empty(), "nothing changed, nobody is told");
}

#[tokio::test]
async fn whoever_is_no_member_counts_as_removed() {
    let world = World::new().await;
    let [alice, bob, _carol] = world.users(["alice", "bob", "carol"]).await;
    let group = world.group(v1::GroupType::Work, &alice, &[&bob]).await;
    let users = ["carol", "nobody", "bob"].map(str::to_owned).to_vec();
    let reason = "搬走了".to_owned();
    let remove = v1::RemoveMembers { group_id: group, users, reason, silent: false };
    let results = world.service.remove_members(&alice, remove).await.unwrap().results;
    assert!(
        results.iter().all(|result| result.outcome() == Outcome::Done && result.code == 0),
        "{results:?}"
    );
    let [tip] = tips(&world.bus.heard()).try_into().unwrap();
    assert_eq!((tip.users, tip.member_count), (vec!["bob".to_owned()], 1));
    assert_eq!(tip.reason, "搬走了");
}

#[tokio::test]
async fn applications_are_granted_or_refused_as_the_group_says() {
    let world = World::new().await;
    let [alice, bob] = world.users(["alice", "bob"]).await;
    let group = world.group(v1::GroupType::Public, &alice, &[]).await;
    let join = async || {
        world.service.join_group(&bob, v1::JoinGroup { group_id: group.clone(), ..Default::default() }).await
    };
    let option = async |option: v1::AddOption| {
        let add_option = Some(option.into());
        let request = v1::ModifyGroup { group_id: group.clone(), add_option, ..Default::default() };
        world.service.modify_group(&alice, request).await.unwrap();
    };
    let text = refused(join().await, Code::NoPermission);
    assert!(text.contains("approves"), "a Public group approves by default: {text}");
    option(v1::AddOption::Forbid).await;
    refused(join().await, Code::NoPermission);
    option(v1::AddOption::Any).await;
    let hello = v1::JoinGroup { group_id: group.clone(), hello: "x".repeat(301) };
    refused(world.service.join_group(&bob, hello).await, Code::BadGroupParameter);
    let small = v1::ModifyGroup { group_id: group.clone(), max_members: Some(1), ..Default::default() };
    world.service.modify_group(&alice, small).await.unwrap();
    refused(join().await, Code::GroupFull);
    let larger = v1::ModifyGroup { group_id: group.clone(), max_members: Some(2), ..Default::default() };
    world.service.modify_group(&alice, larger).await.unwrap();
    join().await.unwrap();
}

#[tokio::test]
async fn what_changed_is_told_and_what_did_not_is_not() {
    let world = World::new().await;
    let [alice, bob] = world.users(["alice", "bob"]).await;
    let group = world.group(v1::GroupType::Public, &alice, &[&bob]).await;
    let request = v1::ModifyGroup {
        group_id: group.clone(),
        name: Some("coffee".to_owned()),
        introduction: Some(String::new()),
        mute_all: Some(true),
        ..Default::default()
    };
    let changed = world.service.modify_group(&alice, request.clone()).await.unwrap().group.unwrap();
    assert_eq!((changed.name.as_str(), changed.mute_all, changed.max_members), ("coffee", true, 2_000));
    let [tip] = tips(&world.bus.heard()).try_into().unwrap();
    let told: Vec<_> = tip
        .group_changes
        .iter()
        .map(|change| (change.what, change.value.as_str(), change.bool_value))
        .collect();
    assert_eq!(told, [(1, "coffee", false), (8, "", true)]);
    world.service.modify_group(&alice, request).await.unwrap();
    assert!(world.bus.heard().is_empty());

    let member = |role: Option<v1::Role>, muted: Option<u64>| v1::ModifyMember {
        group_id: group.clone(),
        user_id: "bob".to_owned(),
        role: role.map(i32::from),
        muted_until_ms: muted,
        ..Default::default()
    };
    world.service.modify_member(&alice, member(Some(v1::Role::Admin), Some(7))).await.unwrap();
    let heard = world.bus.heard();
    assert_eq!(told_group(&heard).len(), 1, "one change, one message");
    let kinds: Vec<_> = tips(&heard).iter().map(v1::GroupTipElement::r#type).collect();
    use v1::group_tip_element::Type::{AdminSet, MemberChanged};
    assert_eq!(kinds, [AdminSet, MemberChanged]);
    world.service.modify_member(&alice, member(Some(v1::Role::Admin), Some(7))).await.unwrap();
    assert!(world.bus.heard().is_empty());
    refused(
        world.service.modify_member(&alice, member(Some(v1::Role::Owner), None)).await,
        Code::BadGroupParameter,
    );
}

#[tokio::test]
async fn a_group_is_handed_over() {
    let world = World::new().await;
    let [alice, bob, _eve] = world.users(["alice", "bob", "eve"]).await;
    let group = world.group(v1::GroupType::Public, &alice, &[&bob]).await;
    let to = |owner: &str| v1::TransferGroup { group_id: group.clone(), owner: owner.to_owned() };
    refused(world.service.transfer_group(&alice, to("eve")).await, Code::NoPermission);
    refused(world.service.transfer_group(&alice, to("nobody")).await, Code::NoPermission);
    world.service.transfer_group(&alice, to("alice")).await.unwrap();
    assert!(world.bus.heard().is_empty());
    world.service.transfer_group(&alice, to("bob")).await.unwrap();
    let [tip] = tips(&world.bus.heard()).try_into().unwrap();
    assert_eq!((tip.group_changes[0].what, tip.group_changes[0].value.as_str()), (5, "bob"));
    refused(world.service.transfer_group(&alice, to("alice")).await, Code::NoPermission);
    world.service.dismiss_group(&bob, v1::DismissGroup { group_id: group.clone() }).await.unwrap();
}

#[tokio::test]
async fn members_and_groups_are_listed_by_pages_and_roles() {
    let world = World::new().await;
    let [alice, bob, carol] = world.users(["alice", "bob", "carol"]).await;
    let mut groups = Vec::new();
    for _ in 0..5 {
        groups.push(world.group(v1::GroupType::Work, &alice, &[&bob, &carol]).await);
    }
    world.ask(&alice, crate::world::user_ref("bob")).await;
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page =
            world.service.list_joined_groups(&bob, v1::ListJoinedGroups { cursor, limit: 2 }).await.unwrap();
        assert!(page.groups.len() <= 2);
        seen.extend(page.groups.into_iter().map(|group| group.id));
        cursor = page.next_cursor;
        if cursor.is_empty() {
            break;
        }
    }
    assert_eq!(seen, groups);

    let group = &groups[0];
    world.role(&alice, group, &carol, v1::Role::Admin).await;
    let ask = async |request| {
        let page = world.service.list_members(&bob, request).await.unwrap();
        let users: Vec<_> = page.members.into_iter().map(|member| member.profile.unwrap().user_id).collect();
        (users, page.next_cursor)
    };
    let all = v1::ListMembers { group_id: group.clone(), limit: 2, ..Default::default() };
    let (first, cursor) = ask(all.clone()).await;
    assert_eq!(first, ["alice", "bob"]);
    assert_eq!(ask(v1::ListMembers { cursor, ..all.clone() }).await, (vec!["carol".to_owned()], 0));
    let managers = vec![v1::Role::Owner.into(), v1::Role::Admin.into()];
    assert_eq!(ask(v1::ListMembers { roles: managers, ..all.clone() }).await.0, ["alice", "carol"]);
    let users = vec!["carol".to_owned(), "nobody".to_owned()];
    assert_eq!(ask(v1::ListMembers { users, ..all }).await.0, ["carol"]);
}

#[tokio::test]
async fn two_who_change_different_things_at_once_both_succeed() {
    let world = World::on_disk().await;
    let alice = world.user("alice").await;
    let group = world.group(v1::GroupType::Public, &alice, &[]).await;
    let base = v1::ModifyGroup { group_id: group.clone(), ..Default::default() };
    let name = v1::ModifyGroup { name: Some("coffee".to_owned()), ..base.clone() };
    let notice = v1::ModifyGroup { notification: Some("at five".to_owned()), ..base };
    let (one, two) =
        tokio::join!(world.service.modify_group(&alice, name), world.service.modify_group(&alice, notice));
    one.unwrap();
    two.unwrap();
    let get = v1::GetGroups { group_ids: vec![group] };
    let info = world.service.get_groups(&alice, get).await.unwrap().groups[0].group.clone().unwrap();
    assert_eq!((info.name.as_str(), info.notification.as_str()), ("coffee", "at five"));
}
