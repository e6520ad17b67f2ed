//! Who may do what, for every type of group (`tim-interface.md` A.4). In the table: O owner, A group admin, M member,
//! X somebody who is not in the group, S administrator of the app.

use yidu_proto::v1;
use yidu_server::service::{Caller, Failure};

use crate::world::{World, code, group_ref};

/// What is tried, and by whom it may be done in Work, Public, Meeting, Community and AVChatRoom groups.
const TABLE: [(Deed, [&str; 5]); 15] = [
    (Deed::Dismiss, ["S", "OS", "OS", "OS", "OS"]),
    (Deed::Quit, ["OAM", "AM", "AM", "AM", "AM"]),
    (Deed::Join, ["", "", "XS", "XS", "XS"]),
    (Deed::Add, ["OAMS", "OAS", "OAS", "OAMS", "S"]),
    (Deed::RemoveMember, ["OS", "OAS", "OAS", "OAS", "S"]),
    (Deed::Rename, ["OAMS", "OAS", "OAS", "OAS", "OAS"]),
    (Deed::MuteAll, ["OAS", "OAS", "OAS", "OAS", "OAS"]),
    (Deed::ReceiptsSwitch, ["OS", "OS", "OS", "OS", "OS"]),
    (Deed::Transfer, ["OS", "OS", "OS", "OS", "OS"]),
    (Deed::MakeAdmin, ["OS", "OS", "OS", "OS", "OS"]),
    (Deed::MuteMember, ["OAS", "OAS", "OAS", "OAS", "OAS"]),
    (Deed::NameCard, ["OAS", "OAS", "OAS", "OAS", "OAS"]),
    (Deed::ListMembers, ["OAMS", "OAMS", "OAMS", "OAMS", "OAMS"]),
    (Deed::Look, ["OAMS", "OAMXS", "OAMXS", "OAMXS", "OAMXS"]),
    (Deed::Send, ["OAMS", "OAMS", "OAMS", "OAMS", "OAMS"]),
];

#[derive(Clone, Copy, Debug)]
enum Deed {
    Dismiss,
    Quit,
    Join,
    Add,
    RemoveMember,
    Rename,
    MuteAll,
    ReceiptsSwitch,
    Transfer,
    MakeAdmin,
    MuteMember,
    NameCard,
    ListMembers,
    Look,
    Send,
}

#[tokio::test]
async fn every_deed_by_everybody_in_every_type() {
    use v1::GroupType::{AvChatRoom, Community, Meeting, Public, Work};
    let world = World::new().await;
    let administrator = world.administrator().await;
    let [owner, admin, member, outsider, target] =
        world.users(["owner", "admin", "member", "outsider", "target"]).await;
    world.user("newcomer").await;
    let doers = [('O', &owner), ('A', &admin), ('M', &member), ('X', &outsider), ('S', &administrator)];

    let mut wrong = Vec::new();
    for (deed, allowed) in TABLE {
        for (kind, allowed) in [Work, Public, Meeting, Community, AvChatRoom].into_iter().zip(allowed) {
            for (letter, doer) in doers {
                let group = world.group(kind, &owner, &[&admin, &member, &target]).await;
                world.role(&owner, &group, &admin, v1::Role::Admin).await;
                let done = try_it(&world, deed, doer, &group).await;
                if done.is_ok() != allowed.contains(letter) {
                    wrong.push(format!("{deed:?} by {letter} in {kind:?}: {done:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

async fn try_it(world: &World, deed: Deed, by: &Caller, group: &str) -> Result<(), Failure> {
    let service = &world.service;
    let group_id = group.to_owned();
    let target = || "target".to_owned();
    let change = v1::ModifyGroup { group_id: group_id.clone(), ..Default::default() };
    let member = v1::ModifyMember { group_id: group_id.clone(), user_id: target(), ..Default::default() };
    match deed {
        Deed::Dismiss => service.dismiss_group(by, v1::DismissGroup { group_id }).await.map(drop),
        Deed::Quit => service.quit_group(by, v1::QuitGroup { group_id }).await.map(drop),
        Deed::Join => {
            service.join_group(by, v1::JoinGroup { group_id, hello: String::new() }).await.map(drop)
        }
        Deed::Add => {
            let users = vec!["newcomer".to_owned()];
            service.add_members(by, v1::AddMembers { group_id, users, silent: false }).await.map(drop)
        }
        Deed::RemoveMember => {
            let request = v1::RemoveMembers { group_id, users: vec![target()], ..Default::default() };
            service.remove_members(by, request).await.map(drop)
        }
        Deed::Rename => {
            let request = v1::ModifyGroup { name: Some("coffee".to_owned()), ..change };
            service.modify_group(by, request).await.map(drop)
        }
        Deed::MuteAll => {
            service.modify_group(by, v1::ModifyGroup { mute_all: Some(true), ..change }).await.map(drop)
        }
        Deed::ReceiptsSwitch => {
            let receipts = Some(v1::ReceiptSwitch::Off.into());
            service.modify_group(by, v1::ModifyGroup { receipts, ..change }).await.map(drop)
        }
        Deed::Transfer => {
            service.transfer_group(by, v1::TransferGroup { group_id, owner: target() }).await.map(drop)
        }
        Deed::MakeAdmin => {
            let role = Some(v1::Role::Admin.into());
            service.modify_member(by, v1::ModifyMember { role, ..member }).await.map(drop)
        }
        Deed::MuteMember => {
            let muted_until_ms = Some(world.clock_now() + 1_000);
            service.modify_member(by, v1::ModifyMember { muted_until_ms, ..member }).await.map(drop)
        }
        Deed::NameCard => {
            let name_card = Some("Tee".to_owned());
            service.modify_member(by, v1::ModifyMember { name_card, ..member }).await.map(drop)
        }
        Deed::ListMembers => {
            let request = v1::ListMembers { group_id, ..Default::default() };
            service.list_members(by, request).await.map(drop)
        }
        Deed::Look => {
            let groups = service.get_groups(by, v1::GetGroups { group_ids: vec![group_id] }).await?.groups;
            if groups[0].group.is_some() { Ok(()) } else { Err(not_shown(groups[0].code)) }
        }
        Deed::Send => service.send_message(by, world.text(group_ref(group), "hello")).await.map(drop),
    }
}

fn not_shown(code: u32) -> Failure {
    assert_eq!(code, 10007);
    Failure::new(yidu_proto::Code::NoPermission, "not shown")
}

#[tokio::test]
async fn nobody_acts_on_an_equal_or_a_superior() {
    let world = World::new().await;
    let [owner, one, two] = world.users(["owner", "one", "two"]).await;
    let group = world.group(v1::GroupType::Public, &owner, &[&one, &two]).await;
    world.role(&owner, &group, &one, v1::Role::Admin).await;
    world.role(&owner, &group, &two, v1::Role::Admin).await;

    for user in ["owner", "two", "one"] {
        let request =
            v1::RemoveMembers { group_id: group.clone(), users: vec![user.to_owned()], ..Default::default() };
        let results = world.service.remove_members(&one, request).await.unwrap().results;
        assert_eq!((results[0].outcome(), results[0].code), (v1::member_result::Outcome::Failed, 10007));

        let request = v1::ModifyMember {
            group_id: group.clone(),
            user_id: user.to_owned(),
            muted_until_ms: Some(u64::MAX),
            ..Default::default()
        };
        assert_eq!(code(&world.service.modify_member(&one, request).await), 10007);
    }
}

#[tokio::test]
async fn the_owner_may_not_quit_but_of_work_groups() {
    let world = World::new().await;
    let [owner, member] = world.users(["owner", "member"]).await;
    for (kind, expected) in [
        (v1::GroupType::Public, 10009),
        (v1::GroupType::Meeting, 10009),
        (v1::GroupType::Community, 10009),
        (v1::GroupType::AvChatRoom, 10009),
        (v1::GroupType::Work, 0),
    ] {
        let group = world.group(kind, &owner, &[&member]).await;
        let quit = || v1::QuitGroup { group_id: group.clone() };
        assert_eq!(code(&world.service.quit_group(&owner, quit()).await), expected, "{kind:?}");
        assert_eq!(code(&world.service.quit_group(&member, quit()).await), 0);
        assert_eq!(code(&world.service.quit_group(&member, quit()).await), 10007, "gone already");
    }
}

#[tokio::test]
async fn silence_is_for_administrators() {
    let world = World::new().await;
    let administrator = world.administrator().await;
    let [owner, member] = world.users(["owner", "member"]).await;
    let group = world.group(v1::GroupType::Work, &owner, &[]).await;
    let add = || v1::AddMembers { group_id: group.clone(), users: vec!["member".to_owned()], silent: true };
    assert_eq!(code(&world.service.add_members(&owner, add()).await), 10007);
    world.service.add_members(&administrator, add()).await.unwrap();
    let heard = world.bus.heard();
    assert!(crate::world::told_group(&heard).is_empty());
    assert_eq!(crate::world::told(&heard, member.tinyid).len(), 1, "who is concerned is told");
}
