//! Settings of an app, and what they keep.

use yidu_proto::{Code, v1};

use crate::world::{START, World, group_ref, refused, user_ref};

#[tokio::test]
async fn a_new_app_has_the_promised_settings() {
    let world = World::new().await;
    let administrator = world.administrator().await;
    let settings =
        world.service.get_settings(&administrator, v1::GetSettings {}).await.unwrap().settings.unwrap();
    use v1::GroupType::{AvChatRoom, Community, Meeting, Public, Work};
    let mut ticked: Vec<_> = settings.receipt_group_types().collect();
    ticked.sort();
    assert_eq!(ticked, [Public, Work, Meeting]);
    assert_eq!(settings.receipt_viewers(), v1::ReceiptViewers::Sender);
    assert_eq!(
        (settings.history_days, settings.recall_seconds, settings.account_auto_create),
        (0, 120, true)
    );
    assert_eq!(settings.administrators, ["administrator"]);
    for (kind, members) in
        [(Work, 200), (Public, 2_000), (Meeting, 6_000), (Community, 100_000), (AvChatRoom, 1_000_000)]
    {
        assert!(settings.group_limits.contains(&v1::GroupLimit { r#type: kind.into(), members }));
    }
    assert!((1_400_000_000..1_500_000_000).contains(&world.app.id.0));
    let secret = &world.app.keys[0].secret;
    assert!(secret.len() == 64 && secret.chars().all(|c| c.is_ascii_hexdigit()));
    assert!(!format!("{:?}", world.app).contains(secret.as_str()));
}

#[tokio::test]
async fn wrong_settings_are_refused_by_the_name_of_the_field_and_change_nothing() {
    let world = World::new().await;
    let administrator = world.administrator().await;
    let get = async || {
        world.service.get_settings(&administrator, v1::GetSettings {}).await.unwrap().settings.unwrap()
    };
    let good = get().await;
    let limit = |kind: i32, members| vec![v1::GroupLimit { r#type: kind, members }];
    let table = [
        ("receipt_group_types", v1::AppSettings { receipt_group_types: vec![4], ..good.clone() }),
        ("receipt_group_types", v1::AppSettings { receipt_group_types: vec![3], ..good.clone() }),
        ("receipt_group_types", v1::AppSettings { receipt_group_types: vec![1, 1], ..good.clone() }),
        ("receipt_viewers", v1::AppSettings { receipt_viewers: 3, ..good.clone() }),
        ("multi_device", v1::AppSettings { multi_device: 3, ..good.clone() }),
        ("administrators", v1::AppSettings { administrators: Vec::new(), ..good.clone() }),
        ("administrators", v1::AppSettings { administrators: vec!["x".repeat(33)], ..good.clone() }),
        ("administrators", v1::AppSettings { administrators: vec!["a".to_owned(); 21], ..good.clone() }),
        ("group_limits", v1::AppSettings { group_limits: limit(1, 0), ..good.clone() }),
        ("group_limits", v1::AppSettings { group_limits: limit(1, 1_000_001), ..good.clone() }),
        ("group_limits", v1::AppSettings { group_limits: limit(9, 1), ..good.clone() }),
        ("group_limits", v1::AppSettings { group_limits: limit(1, 5).repeat(2), ..good.clone() }),
    ];
    for (field, settings) in table {
        let request = v1::ModifySettings { settings: Some(settings), dry_run: false };
        let text =
            refused(world.service.modify_settings(&administrator, request).await, Code::BadGroupParameter);
        assert!(text.contains(field), "{text}");
    }
    let none = v1::ModifySettings::default();
    refused(world.service.modify_settings(&administrator, none).await, Code::BadGroupParameter);
    assert_eq!(get().await, good);
}

#[tokio::test]
async fn a_change_counts_at_once_here_and_within_a_second_on_other_nodes() {
    let world = World::new().await;
    let [alice, _bob] = world.users(["alice", "bob"]).await;
    let administrator = world.administrator().await;
    let there = world.other_node();
    let works = async |service: &yidu_server::service::Service| {
        service.get_settings(&alice, v1::GetSettings {}).await.is_ok()
    };
    assert_eq!((works(&world.service).await, works(&there).await), (false, false));
    world.settings(|settings| settings.administrators.push("alice".to_owned())).await;
    assert!(works(&world.service).await);
    world.clock.pass(999);
    assert!(works(&there).await);

    world.settings(|settings| settings.administrators.retain(|user| user != "alice")).await;
    assert!(!works(&world.service).await, "a session does not outlive the right");
    refused(world.service.get_settings(&alice, v1::GetSettings {}).await, Code::AdministratorRequired);
    assert!(works_for(&world, &administrator).await);
}

async fn works_for(world: &World, caller: &yidu_server::service::Caller) -> bool {
    world.service.get_settings(caller, v1::GetSettings {}).await.is_ok()
}

#[tokio::test]
async fn settings_and_a_new_key_at_the_same_time_both_stay() {
    let world = World::on_disk().await;
    let administrator = world.administrator().await;
    let mut settings =
        world.service.get_settings(&administrator, v1::GetSettings {}).await.unwrap().settings.unwrap();
    settings.recall_seconds = 7;
    let request = v1::ModifySettings { settings: Some(settings), dry_run: false };
    let (rotated, changed) = tokio::join!(
        world.service.rotate_key(world.app.id, 1_000),
        world.service.modify_settings(&administrator, request)
    );
    let (rotated, changed) = (rotated.unwrap(), changed.unwrap());
    assert_eq!(changed.settings.unwrap().recall_seconds, 7);
    let sig = world.sig_with("alice", &rotated.keys[0].secret, world.clock_now() / 1_000);
    world.login("alice", sig).await.unwrap();
    let settings =
        world.service.get_settings(&administrator, v1::GetSettings {}).await.unwrap().settings.unwrap();
    assert_eq!(settings.recall_seconds, 7);
}

#[tokio::test]
async fn expired_history_is_gone_and_its_counts_stay() {
    let world = World::new().await;
    let [alice, bob] = world.users(["alice", "bob"]).await;
    let group = world.group(v1::GroupType::Work, &alice, &[&bob]).await;
    let old = world.ask(&alice, group_ref(&group)).await;
    world.read(&bob, group_ref(&group), &[old]).await.unwrap();
    assert_eq!(world.service.run_retention().await.unwrap(), 0, "0 days: for ever");
    world.settings(|settings| settings.history_days = 1).await;
    let day = 24 * 60 * 60 * 1_000;
    world.clock.pass(day - 1);
    assert_eq!(world.service.run_retention().await.unwrap(), 0);
    world.clock.pass(2);
    assert_eq!(world.clock_now(), START + day + 1);
    let new = world.ask(&alice, group_ref(&group)).await;
    assert_eq!(world.service.run_retention().await.unwrap(), 1);
    assert_eq!(world.service.run_retention().await.unwrap(), 0);

    let history = v1::GetHistory { conversation: Some(group_ref(&group)), ..Default::default() };
    let page = world.service.get_history(&bob, history).await.unwrap();
    let seqs: Vec<u64> = page.messages.iter().map(|view| view.message.as_ref().unwrap().seq).collect();
    assert_eq!(seqs, [new]);
    let list =
        v1::ListReceiptMembers { conversation: Some(group_ref(&group)), seq: old, ..Default::default() };
    refused(world.service.list_receipt_members(&alice, list).await, Code::NoReceipt);
    assert_eq!(world.state(&alice, group_ref(&group), old).await.read_count, 1);
    world.say(&alice, user_ref("bob")).await;
}
