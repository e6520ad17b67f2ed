//! Words ("audience", "group") and the vendor's table A.4: who may add, remove, change, mute, hand over and dismiss, and
//! what members hear of it.

use anyhow::Result;
use yidu_proto::v1::{self, AddOption, GroupType, Role, member_result::Outcome, membership::Cause};
use yidu_testkit::words::{group, group_id, is_tip, plain, text};
use yidu_testkit::{TestServer, User};

/// Waits until the user is in the group, or out of it.
async fn membership(user: &mut User, id: &str, member: bool) -> Result<Cause> {
    let what = format!("membership {member} in {id}");
    user.hears_change(&what, |thing| match thing {
        v1::change::Thing::Membership(membership)
            if membership.group_id == id && membership.member == member =>
        {
            Some(membership.cause())
        }
        _ => None,
    })
    .await
}

#[tokio::test]
async fn who_adds_and_who_removes() -> Result<()> {
    let server = TestServer::start().await?;
    // Owner, manager, member, stranger: may add.
    for (kind, expected) in [
        (GroupType::Work, [true, true, true, false]),
        (GroupType::Public, [true, true, false, false]),
        (GroupType::Meeting, [true, true, false, false]),
        (GroupType::Community, [true, true, true, false]),
    ] {
        let to = server.group(kind, &["owner", "manager", "member"]).await?;
        let mut people = server.users(&["owner", "manager", "member", "stranger"]).await?;
        let mut role =
            v1::ModifyMember { group_id: group_id(&to), user_id: "manager".into(), ..Default::default() };
        role.role = Some(Role::Admin.into());
        if kind != GroupType::Work {
            people[0].ask(role).await?;
        }
        for (at, (user, expected)) in people.iter_mut().zip(expected).enumerate() {
            let guest = format!("guest-{at}");
            server.user(&guest).await?;
            let add = v1::AddMembers { group_id: group_id(&to), users: vec![guest], silent: false };
            let added = user.ask(add).await.is_ok_and(|done| done.results[0].outcome() == Outcome::Done);
            assert_eq!(added, expected, "{} in {kind:?}", user.name);
        }
        let remove =
            v1::RemoveMembers { group_id: group_id(&to), users: vec!["owner".into()], ..Default::default() };
        let refused = people[2].ask(remove.clone()).await.map(|done| done.results[0].code);
        assert!(
            refused.is_err() || refused.is_ok_and(|code| code == 10007),
            "a member removed the owner: {kind:?}"
        );
        let remove = v1::RemoveMembers { users: vec!["member".into()], ..remove };
        assert_eq!(people[0].ask(remove).await?.results[0].outcome(), Outcome::Done, "{kind:?}");
    }
    Ok(())
}

#[tokio::test]
async fn who_comes_and_goes_is_told_and_hears_from_then_on() -> Result<()> {
    let server = TestServer::start().await?;
    let to = server.group(GroupType::Public, &["alice", "bob"]).await?;
    let id = group_id(&to);
    let mut people = server.users(&["alice", "bob", "carol"]).await?;
    people[0]
        .ask(v1::AddMembers { group_id: id.clone(), users: vec!["carol".into()], silent: false })
        .await?;
    assert_eq!(membership(&mut people[2], &id, true).await?, Cause::Added);
    people[0].says(&to, "welcome").await?;
    people[2].hears("welcome").await?;
    let tip = people[1].wait("a tip", |event| match event {
        v1::push::Event::Message(message) if is_tip(message) => Some(message.clone()),
        _ => None,
    });
    assert!(tip.await?.seq > 0);

    let remove =
        v1::RemoveMembers { group_id: id.clone(), users: vec!["carol".into()], ..Default::default() };
    people[0].ask(remove).await?;
    assert_eq!(membership(&mut people[2], &id, false).await?, Cause::Removed);
    let secret = people[0].says(&to, "she is gone").await?;
    assert_eq!(secret.audience_count, 1);
    assert_eq!(people[2].refused(text(&to, "am I?")).await?, 10007);

    // What comes to her now is of another conversation.
    let direct = yidu_testkit::words::with("carol");
    people[0].says(&direct, "marker").await?;
    people[2].hears("marker").await?;
    let heard = people[2].pushes().iter().any(|event| {
        matches!(event, v1::push::Event::Message(message) if message.seq >= secret.seq && message.to == Some(to.clone()))
    });
    assert!(!heard, "who left still hears the group");
    Ok(())
}

#[tokio::test]
async fn joining_and_quitting() -> Result<()> {
    let server = TestServer::start().await?;
    let mut alice = server.user("alice").await?;
    let mut bob = server.user("bob").await?;
    let meeting = server.group(GroupType::Meeting, &["alice"]).await?;
    let work = server.group(GroupType::Work, &["alice"]).await?;
    let public = server.group(GroupType::Public, &["alice"]).await?;
    let join = |to| v1::JoinGroup { group_id: group_id(to), hello: "hello".into() };
    bob.ask(join(&meeting)).await?;
    assert_eq!(bob.refused(join(&meeting)).await?, 10013);
    assert_eq!(bob.refused(join(&work)).await?, 10007);
    assert_eq!(bob.refused(join(&public)).await?, 10007, "needs approval");
    assert_eq!(bob.refused(v1::JoinGroup { group_id: "nothing".into(), ..Default::default() }).await?, 10010);

    let open = v1::ModifyGroup {
        group_id: group_id(&public),
        add_option: Some(AddOption::Any.into()),
        max_members: Some(2),
        ..Default::default()
    };
    alice.ask(open).await?;
    bob.ask(join(&public)).await?;
    assert_eq!(server.user("carol").await?.refused(join(&public)).await?, 10014);

    let quit = |to| v1::QuitGroup { group_id: group_id(to) };
    bob.ask(quit(&public)).await?;
    assert_eq!(bob.refused(quit(&public)).await?, 10007);
    assert_eq!(alice.refused(quit(&public)).await?, 10009, "the owner of a Public group");
    alice.ask(quit(&work)).await?;
    Ok(())
}

#[tokio::test]
async fn muting_roles_and_handing_over() -> Result<()> {
    let server = TestServer::start().await?;
    let to = server.group(GroupType::Public, &["owner", "manager", "member"]).await?;
    let id = group_id(&to);
    let mut people = server.users(&["owner", "manager", "member"]).await?;
    let member =
        |user: &str| v1::ModifyMember { group_id: id.clone(), user_id: user.into(), ..Default::default() };

    let promote = v1::ModifyMember { role: Some(Role::Admin.into()), ..member("manager") };
    assert_eq!(people[1].refused(promote.clone()).await?, 10007);
    people[0].ask(promote).await?;

    let mute = |until| v1::ModifyMember { muted_until_ms: Some(until), ..member("member") };
    people[1].ask(mute(u64::from(u32::MAX) * 1_000)).await?;
    assert_eq!(people[2].refused(plain(&to, "muted")).await?, 10017);
    people[1].ask(mute(0)).await?;
    people[2].sends(plain(&to, "free")).await?;
    let mute_manager =
        v1::ModifyMember { muted_until_ms: Some(u64::from(u32::MAX) * 1_000), ..member("manager") };
    assert_eq!(people[2].refused(mute_manager).await?, 10007);

    let all = |on| v1::ModifyGroup { group_id: id.clone(), mute_all: Some(on), ..Default::default() };
    people[1].ask(all(true)).await?;
    assert_eq!(people[2].refused(plain(&to, "muted")).await?, 10017);
    people[1].sends(plain(&to, "managers may")).await?;
    people[1].ask(all(false)).await?;

    let transfer = v1::TransferGroup { group_id: id.clone(), owner: "member".into() };
    assert_eq!(people[1].refused(transfer.clone()).await?, 10007);
    people[0].ask(transfer).await?;
    let group =
        people[0].ask(v1::GetGroups { group_ids: vec![id.clone()] }).await?.groups.remove(0).group.unwrap();
    assert_eq!((group.owner.as_str(), group.member_count), ("member", 3));
    assert_eq!(
        people[0].refused(v1::DismissGroup { group_id: id.clone() }).await?,
        10007,
        "no longer the owner"
    );

    let list = v1::ListMembers { group_id: id, limit: 2, ..Default::default() };
    let first = people[0].ask(list.clone()).await?;
    let rest = people[0].ask(v1::ListMembers { cursor: first.next_cursor, ..list }).await?;
    assert_eq!(rest.next_cursor, 0);
    let roles: Vec<_> = first
        .members
        .iter()
        .chain(&rest.members)
        .map(|one| (one.profile.as_ref().unwrap().user_id.clone(), one.role()))
        .collect();
    let expected = [("owner", Role::Member), ("manager", Role::Admin), ("member", Role::Owner)];
    assert_eq!(roles, expected.map(|(user, role)| (user.to_owned(), role)));
    Ok(())
}

#[tokio::test]
async fn a_dismissed_group_is_there_for_nobody() -> Result<()> {
    let server = TestServer::start().await?;
    let (mut alice, mut bob) = (server.user("alice").await?, server.user("bob").await?);
    let create = v1::CreateGroup {
        group_id: "team".into(),
        r#type: GroupType::Public.into(),
        name: "the team".into(),
        members: vec!["bob".into()],
        ..Default::default()
    };
    let to = group(&alice.ask(create.clone()).await?.group_id);
    let seq = alice.says(&to, "last words").await?.seq;
    assert_eq!(bob.refused(v1::DismissGroup { group_id: group_id(&to) }).await?, 10007);
    alice.ask(v1::DismissGroup { group_id: group_id(&to) }).await?;
    bob.wait("the dismissal", |event| match event {
        v1::push::Event::ConversationChange(change) => match &change.thing {
            Some(v1::conversation_change::Thing::Dismissed(dismissed)) => Some(dismissed.by.clone()),
            _ => None,
        },
        _ => None,
    })
    .await?;
    for user in [&mut alice, &mut bob] {
        assert_eq!(user.refused(text(&to, "anybody?")).await?, 10010);
        let receipts = v1::SendReceipts { conversation: Some(to.clone()), seqs: vec![seq] };
        assert_eq!(user.refused(receipts).await?, 10010);
        assert!(user.ask(v1::ListJoinedGroups::default()).await?.groups.is_empty());
        assert!(user.ask(v1::ListConversations::default()).await?.conversations.is_empty());
    }
    // Its id is not given again.
    assert!([10021, 10025].contains(&alice.refused(create.clone()).await?));
    assert_eq!(bob.refused(create).await?, 10021);
    Ok(())
}

#[tokio::test]
async fn a_targeted_message_is_for_its_targets_alone() -> Result<()> {
    let server = TestServer::start().await?;
    let to = server.group(GroupType::Work, &["alice", "bob", "carol"]).await?;
    let mut people = server.users(&["alice", "bob", "carol"]).await?;
    let message = v1::SendMessage { targets: vec!["bob".into(), "nobody".into()], ..text(&to, "psst") };
    let message = people[0].sends(message).await?;
    assert!(message.targeted);
    assert_eq!(message.audience_count, 1);
    people[0].says(&to, "for all").await?;
    people[2].hears("for all").await?;
    assert_eq!(people[2].pushes(), [], "carol heard it");
    people[1].hears("psst").await?;
    assert_eq!(people[1].conversation(&to).await?.unread_count, 1, "a targeted message never counts unread");
    let receipt = people[1].reads(&to, &[message.seq]).await?;
    assert_eq!(receipt, [v1::ReceiptVerdict::Recorded]);
    assert_eq!(people[0].counts(&to, message.seq).await?, [1, 1, 0, 0]);
    Ok(())
}
