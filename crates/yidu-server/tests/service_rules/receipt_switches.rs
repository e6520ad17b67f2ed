//! Where receipts work (semantics.md rules 1 and 2).

use yidu_proto::v1::ReceiptVerdict::Recorded;
use yidu_proto::{Code, v1};

use crate::world::{World, group_ref, refused, user_ref};

#[tokio::test]
async fn where_receipts_are_off_sending_fails_names_the_switch_and_stores_nothing() {
    use v1::GroupType::{AvChatRoom, Community, Meeting, Public, Work};
    let world = World::new().await;
    let alice = world.user("alice").await;
    let table = [
        (Work, None),
        (Public, None),
        (Meeting, None),
        (
            Community,
            Some(
                "read receipts are off for Community groups in this app: tick Community in the console (setting \
                 `receipt_group_types`)",
            ),
        ),
        (AvChatRoom, Some("read receipts: AVChatRoom groups never have them; send without need_receipt")),
    ];
    for (kind, refusal) in table {
        let group = world.group(kind, &alice, &[]).await;
        let request = v1::SendMessage { need_receipt: true, ..world.text(group_ref(&group), "read me") };
        let sent = world.service.send_message(&alice, request).await;
        let get = v1::GetGroups { group_ids: vec![group.clone()] };
        let info = world.service.get_groups(&alice, get).await.unwrap().groups[0].group.clone().unwrap();
        assert_eq!(info.receipts_work, refusal.is_none(), "{kind:?}");
        match refusal {
            None => assert_eq!(sent.unwrap().message.unwrap().seq, 1),
            Some(text) => {
                assert_eq!(refused(sent, Code::NotSupported), text);
                assert!(world.bus.heard().is_empty());
                assert_eq!(info.last_seq, 0);
            }
        }
        world.bus.heard();
    }
}

#[tokio::test]
async fn a_group_is_switched_off_by_itself_and_on_again() {
    let world = World::new().await;
    let alice = world.user("alice").await;
    let group = world.group(v1::GroupType::Public, &alice, &[]).await;
    let switch = async |switch: v1::ReceiptSwitch| {
        let receipts = Some(switch.into());
        let request = v1::ModifyGroup { group_id: group.clone(), receipts, ..Default::default() };
        world.service.modify_group(&alice, request).await.unwrap().group.unwrap().receipts_work
    };
    let send = async || {
        let request = v1::SendMessage { need_receipt: true, ..world.text(group_ref(&group), "read me") };
        world.service.send_message(&alice, request).await
    };
    assert!(!switch(v1::ReceiptSwitch::Off).await);
    let text = refused(send().await, Code::NotSupported);
    assert!(text.contains(&group) && text.contains("switch `receipts`"), "{text}");
    assert!(switch(v1::ReceiptSwitch::On).await);
    send().await.unwrap();
    assert!(switch(v1::ReceiptSwitch::Inherit).await);
    send().await.unwrap();
}

#[tokio::test]
async fn unticking_a_type_leaves_messages_that_were_accepted_as_they_are() {
    let world = World::new().await;
    let [alice, bob] = world.users(["alice", "bob"]).await;
    let group = world.group(v1::GroupType::Work, &alice, &[&bob]).await;
    let seq = world.ask(&alice, group_ref(&group)).await;

    world.settings(|settings| settings.receipt_group_types.clear()).await;

    assert_eq!(world.read(&bob, group_ref(&group), &[seq]).await.unwrap(), [Recorded]);
    assert_eq!(world.state(&alice, group_ref(&group), seq).await.read_count, 1);
    let request = v1::SendMessage { need_receipt: true, ..world.text(group_ref(&group), "read me") };
    refused(world.service.send_message(&alice, request).await, Code::NotSupported);
    assert_eq!(world.ask(&alice, user_ref("bob")).await, 1, "one-to-one always works");
}

#[tokio::test]
async fn a_group_with_receipts_may_be_larger_than_the_vendors_200() {
    let world = World::new().await;
    let administrator = world.administrator().await;
    world
        .settings(|settings| {
            settings.group_limits =
                vec![v1::GroupLimit { r#type: v1::GroupType::Work.into(), members: 1_000 }];
        })
        .await;
    let accounts: Vec<v1::Profile> =
        (0..500).map(|n| v1::Profile { user_id: format!("user-{n}"), ..Default::default() }).collect();
    let users: Vec<String> = accounts.iter().map(|account| account.user_id.clone()).collect();
    world.service.import_accounts(&administrator, v1::ImportAccounts { accounts }).await.unwrap();
    let create = v1::CreateGroup {
        r#type: v1::GroupType::Work.into(),
        name: "a big one".to_owned(),
        members: users,
        ..Default::default()
    };
    let group = world.service.create_group(&administrator, create).await.unwrap().group_id;

    let seq = world.ask(&administrator, group_ref(&group)).await;
    assert_eq!(world.state(&administrator, group_ref(&group), seq).await.unread_count, 500);
}
