//! Webhooks.

use std::collections::BTreeSet;

use yidu_proto::v1;

use super::Harness;
use super::scene::{APP, Scene, app};
use crate::conversation::ClearUpTo;
use crate::group::MembersChange;
use crate::message::NewMessage;
use crate::webhook::{Command, GroupName, Hook, News, Place};
use crate::{AppId, ConversationId, StoreError, Tinyid};

/// The app wants these.
async fn want(scene: &Scene<'_>, commands: &[Command]) {
    let mut app = app(APP);
    app.settings.webhook = Some(v1::Webhook {
        url: "http://127.0.0.1:1".into(),
        commands: commands.iter().map(|command| command.name().to_owned()).collect(),
        ..Default::default()
    });
    scene.update_app(app, None).await.unwrap();
}

async fn all(scene: &Scene<'_>) -> Vec<Hook> {
    scene.hooks(APP, 0, 1_000).await.unwrap()
}

async fn told(scene: &Scene<'_>) -> Vec<Command> {
    all(scene).await.iter().map(|hook| hook.news.command()).collect()
}

/// A group of three in an app that wants everything, and no hooks.
async fn group(scene: &Scene<'_>) -> (ConversationId, [Tinyid; 3]) {
    let people = scene.users(["anna", "ben", "cleo"]).await;
    let group = scene.group("g", &people).await;
    want(scene, Command::ALL).await;
    (group, people)
}

fn name() -> GroupName {
    GroupName { id: "g".into(), kind: v1::GroupType::Work.into() }
}

pub(super) async fn an_app_without_an_endpoint_has_no_hooks_and_costs_nothing(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    let sent = scene.append_message(scene.asking(group, anna)).await.unwrap().message;
    scene.commits(1, scene.record_receipts(scene.batch(group, ben, &[sent.seq]))).await.unwrap();
    let state = News::State {
        user: anna,
        platform: 1,
        action: "Login".into(),
        reason: String::new(),
        kicked: vec![],
    };
    scene.commits(0, scene.tell(APP, 1, 1, state.clone())).await.unwrap();
    assert!(scene.hook_queues().await.unwrap().is_empty());
    assert!(all(&scene).await.is_empty());
    assert_eq!(scene.tell(AppId(9), 1, 1, state).await, Err(StoreError::NoSuchApp));
}

pub(super) async fn hooks_are_in_the_commit_of_what_they_tell_of(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let (group, [anna, ben, _]) = group(&scene).await;
    let draft = scene.asking(group, anna);
    let sent = scene.commits(1, scene.append_message(draft)).await.unwrap().message;
    let batch = scene.batch(group, ben, &[sent.seq]);
    scene.commits(1, scene.record_receipts(batch.clone())).await.unwrap();
    scene.reopen().await;
    let hooks = all(&scene).await;
    assert_eq!(hooks.iter().map(|hook| hook.number).collect::<Vec<_>>(), [1, 2, 3]);
    let place = Place::Group(name());
    assert_eq!(hooks[0].news, News::Sent { place, sender: anna, message: Box::new(sent.clone()) });
    assert_eq!(hooks[1].news, News::Asked { group: name(), seq: sent.seq, audience: 2 });
    let readers = vec![(ben, batch.at)];
    assert_eq!(hooks[2].news, News::Read { group: name(), seq: sent.seq, read: 1, unread: 1, readers });
    assert_eq!((hooks[2].at, hooks[2].since), (batch.at, batch.at));
    assert!(hooks.iter().all(|hook| hook.topic == group.0));
    let queues = scene.hook_queues().await.unwrap();
    assert_eq!(queues.iter().map(|queue| (queue.app, queue.waiting)).collect::<Vec<_>>(), [(APP, 3)]);
    assert_eq!(scene.hooks(APP, 1, 1).await.unwrap()[0].number, 2);
}

pub(super) async fn every_receipt_is_in_a_hook_and_repeats_are_not(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let (group, [anna, ben, cleo]) = group(&scene).await;
    want(&scene, &[Command::GroupRead]).await;
    let mut seqs = Vec::new();
    for _ in 0..3 {
        seqs.push(scene.append_message(scene.asking(group, anna)).await.unwrap().message.seq);
    }
    for reader in [ben, cleo, ben] {
        scene.record_receipts(scene.batch(group, reader, &seqs)).await.unwrap();
    }
    let mut read = Vec::new();
    for hook in all(&scene).await {
        if let News::Read { seq, read: count, readers, .. } = hook.news {
            assert_eq!(readers.len(), 1);
            read.push((seq, readers[0].0, count));
        }
    }
    let expected: Vec<_> = [(ben, 1), (cleo, 2)]
        .into_iter()
        .flat_map(|(reader, count)| seqs.iter().map(move |&seq| (seq, reader, count)))
        .collect();
    assert_eq!(read, expected);
}

pub(super) async fn a_one_to_one_receipt_names_its_message(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let (_, [anna, ben, _]) = group(&scene).await;
    let c2c = scene.open_c2c(APP, anna, ben).await.unwrap();
    let sent = scene.append_message(scene.asking(c2c, anna)).await.unwrap().message;
    scene.record_receipts(scene.batch(c2c, ben, &[sent.seq])).await.unwrap();
    scene.clear_unread(ben, c2c, ClearUpTo::Newest, 99_000).await.unwrap();
    scene.clear_unread(ben, c2c, ClearUpTo::Newest, 99_001).await.unwrap();
    assert_eq!(told(&scene).await, [Command::C2cSent, Command::C2cRead, Command::C2cReport]);
    let hooks = all(&scene).await;
    let News::PeerRead { author, reader, message } = &hooks[1].news else { panic!("{:?}", hooks[1]) };
    assert_eq!((*author, *reader), (anna, ben));
    assert_eq!((&*message.id, message.seq, message.random), (&*sent.id, sent.seq, sent.random));
    assert_eq!(hooks[2].news, News::Cleared { reader: ben, peer: anna, time: 99_000 });
}

pub(super) async fn hooks_outlive_what_they_tell_of(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let (group, [anna, ben, cleo]) = group(&scene).await;
    let sent = scene.append_message(scene.asking(group, anna)).await.unwrap().message;
    let recall = v1::Recall { by: "anna".into(), time_ms: scene.now(), ..Default::default() };
    scene.recall_message(group, sent.seq, recall, 0).await.unwrap();
    scene.commits(1, scene.dismiss_group(group, 77)).await.unwrap();
    let hooks = all(&scene).await;
    let News::Sent { message, .. } = &hooks[0].news else { panic!("{:?}", hooks[0]) };
    assert_eq!(**message, sent, "with its content");
    assert_eq!(hooks[2].news.command(), Command::GroupRecalled);
    let last = hooks.last().unwrap();
    let users = vec![anna, ben, cleo];
    let dismissed = News::Dismissed { group: name(), name: "the group g".into(), owner: Some(anna), users };
    assert_eq!((&last.news, last.at), (&dismissed, 77));
}

pub(super) async fn who_comes_and_goes_is_told(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let (group, [anna, ben, cleo]) = group(&scene).await;
    let gone = MembersChange {
        conversation: group,
        users: vec![ben, cleo],
        join: false,
        cause: v1::membership::Cause::Removed.into(),
        by: anna,
        at: 5,
        tip: None,
        max_members: 10,
    };
    scene.commits(1, scene.change_members(gone.clone())).await.unwrap();
    scene.commits(0, scene.change_members(gone.clone())).await.unwrap();
    let back = MembersChange {
        users: vec![anna, ben],
        join: true,
        cause: v1::membership::Cause::Added.into(),
        ..gone
    };
    scene.change_members(back).await.unwrap();
    scene.group("new", &[anna, ben]).await;
    let hooks = all(&scene).await;
    let (removed, added) = (v1::membership::Cause::Removed.into(), v1::membership::Cause::Added.into());
    let left = News::Moved { group: name(), join: false, cause: removed, by: anna, users: vec![ben, cleo] };
    let joined = News::Moved { group: name(), join: true, cause: added, by: anna, users: vec![ben] };
    assert_eq!(hooks.iter().take(2).map(|hook| hook.news.clone()).collect::<Vec<_>>(), [left, joined]);
    let News::Founded { owner, by, users, .. } = &hooks[2].news else { panic!("{:?}", hooks[2]) };
    assert_eq!((*owner, *by, &**users), (Some(anna), Some(anna), &[anna, ben][..]));
}

pub(super) async fn a_message_that_is_not_to_be_told_of_is_not(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let (group, [anna, ..]) = group(&scene).await;
    let silent = NewMessage { untold: true, ..scene.asking(group, anna) };
    scene.append_message(silent).await.unwrap();
    assert!(all(&scene).await.is_empty());
}

pub(super) async fn only_wanted_commands_are_noted(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let (group, [anna, ben, _]) = group(&scene).await;
    want(&scene, &[Command::GroupRead]).await;
    let sent = scene.append_message(scene.asking(group, anna)).await.unwrap().message;
    scene.append_message(scene.draft(group, anna)).await.unwrap();
    want(&scene, &[]).await;
    scene.record_receipts(scene.batch(group, ben, &[sent.seq])).await.unwrap();
    assert_eq!(told(&scene).await, [Command::GroupRead], "of the sending alone");
}

pub(super) async fn settled_hooks_are_gone_and_numbers_are_not_given_again(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let (group, [anna, ..]) = group(&scene).await;
    want(&scene, &[Command::GroupSent]).await;
    for _ in 0..3 {
        scene.append_message(scene.draft(group, anna)).await.unwrap();
    }
    scene.commits(1, scene.settle_hooks(APP, &[1, 3, 3, 99])).await.unwrap();
    scene.reopen().await;
    assert_eq!(all(&scene).await.iter().map(|hook| hook.number).collect::<Vec<_>>(), [2]);
    scene.settle_hooks(APP, &[2]).await.unwrap();
    assert!(scene.hook_queues().await.unwrap().is_empty());
    scene.append_message(scene.draft(group, anna)).await.unwrap();
    assert_eq!(all(&scene).await[0].number, 4);
}

pub(super) async fn buried_hooks_come_back_with_their_numbers(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let (group, [anna, ..]) = group(&scene).await;
    want(&scene, &[Command::GroupSent]).await;
    for _ in 0..3 {
        scene.append_message(scene.draft(group, anna)).await.unwrap();
    }
    let before = all(&scene).await;
    scene.commits(1, scene.bury_hooks(APP, &[1, 2, 9], "no answer", 50)).await.unwrap();
    scene.reopen().await;
    let dead = scene.dead_hooks(APP, u64::MAX, 10).await.unwrap();
    assert_eq!(dead.iter().map(|dead| dead.hook.number).collect::<Vec<_>>(), [2, 1]);
    assert_eq!((dead[1].died, &*dead[1].why, &dead[1].hook), (50, "no answer", &before[0]));
    assert_eq!(scene.dead_hooks(APP, 2, 10).await.unwrap().len(), 1);
    assert_eq!(scene.revive_hooks(APP, &[1, 9], 60).await, Ok(1));
    let waiting = all(&scene).await;
    assert_eq!(waiting.iter().map(|hook| hook.number).collect::<Vec<_>>(), [1, 3]);
    assert_eq!(waiting[0], Hook { since: 60, ..before[0].clone() });
    assert_eq!(scene.dead_hooks(APP, u64::MAX, 10).await.unwrap().len(), 1);
    assert_eq!(scene.hook_queues().await.unwrap()[0].waiting, 2);
}

pub(super) async fn racing_readers_are_all_told_of(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let people = scene.crowd(20).await;
    let group = scene.group("g", &people).await;
    want(&scene, &[Command::GroupRead]).await;
    let sent = scene.append_message(scene.asking(group, people[0])).await.unwrap().message;
    let racing = people[1..].iter().map(|&reader| {
        let (store, batch) = (scene.shared(), scene.batch(group, reader, &[sent.seq]));
        tokio::spawn(async move { store.record_receipts(batch).await })
    });
    for outcome in racing.collect::<Vec<_>>() {
        outcome.await.unwrap().unwrap();
    }
    let (mut named, mut count) = (BTreeSet::new(), 0);
    for hook in all(&scene).await {
        if let News::Read { read, readers, .. } = hook.news {
            assert_eq!(
                usize::try_from(read).unwrap(),
                named.len() + readers.len(),
                "counts rise by those named"
            );
            count += readers.len();
            named.extend(readers.into_iter().map(|(reader, _)| reader));
        }
    }
    assert_eq!((named.len(), count), (19, 19));
}
