//! Reminders (semantics.md rule 23), and the audience asked by name.

use yidu_proto::{limits, v1};

use super::Harness;
use super::scene::Scene;
use crate::receipt::{NewReminder, Reminded};
use crate::{ConversationId, Seq, StoreError, Tinyid};

async fn remind(
    scene: &Scene<'_>,
    conversation: ConversationId,
    by: Tinyid,
    seq: Seq,
    users: Option<&[Tinyid]>,
) -> Result<Reminded, StoreError> {
    let users = users.map(<[Tinyid]>::to_vec);
    scene.remind_unread(NewReminder { conversation, seq, by, at: scene.now(), users }).await
}

/// Numbers, seqs and who reminds, as somebody is told.
async fn told(scene: &Scene<'_>, group: ConversationId, viewer: Tinyid) -> Vec<(u64, Seq, Option<Tinyid>)> {
    let (changes, finished) = scene.conversation_changes(group, viewer, false, 0, 1_000).await.unwrap();
    assert!(finished);
    let by = |change: &crate::message::ConversationChange| change.reminder.map(|(by, _)| by);
    changes.iter().map(|change| (change.number, change.message.seq, by(change))).collect()
}

pub(super) async fn a_reminder_is_told_to_those_who_have_not_read_and_only_while(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben, cleo, dora] = scene.users(["anna", "ben", "cleo", "dora"]).await;
    let group = scene.group("g", &[anna, ben, cleo]).await;
    let seq = scene.ask(group, anna).await;
    scene.join(group, &[dora]).await;
    scene.read(group, ben, &[seq]).await;
    let reminded = scene.commits(1, remind(&scene, group, anna, seq, None)).await.unwrap();
    assert_eq!(reminded, Reminded::Noted { change: 1, users: vec![cleo] });
    for _ in 0..2 {
        assert_eq!(told(&scene, group, cleo).await, [(1, seq, Some(anna))]);
        for viewer in [anna, ben, dora] {
            assert_eq!(told(&scene, group, viewer).await, [], "it is for none of these");
        }
        assert_eq!(scene.view(cleo, group).await.last_change, 1);
        scene.reopen().await;
    }
    let unread = scene.view(cleo, group).await.unread;
    scene.read(group, cleo, &[seq]).await;
    assert_eq!(told(&scene, group, cleo).await, []);
    assert_eq!(scene.view(cleo, group).await.unread, unread);
    scene.wait(limits::REMINDER_PACE_MS);
    let nobody = scene.commits(0, remind(&scene, group, anna, seq, None)).await.unwrap();
    assert_eq!(nobody, Reminded::Nobody);
}

pub(super) async fn a_message_is_reminded_of_once_a_minute_and_the_newest_stands(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben, cleo] = scene.users(["anna", "ben", "cleo"]).await;
    let group = scene.group("g", &[anna, ben, cleo]).await;
    let (seq, other) = (scene.ask(group, anna).await, scene.ask(group, anna).await);
    let first = scene.now() + 1;
    remind(&scene, group, anna, seq, None).await.unwrap();
    scene.reopen().await;
    let again_at = first + limits::REMINDER_PACE_MS;
    let again = scene.commits(0, remind(&scene, group, anna, seq, Some(&[ben]))).await.unwrap();
    assert_eq!(again, Reminded::TooSoon { again_at });
    let other_users = remind(&scene, group, anna, other, None).await.unwrap();
    assert_eq!(other_users, Reminded::Noted { change: 2, users: vec![ben, cleo] });

    scene.wait(limits::REMINDER_PACE_MS);
    let named = remind(&scene, group, ben, seq, Some(&[cleo, anna])).await.unwrap();
    assert_eq!(named, Reminded::Noted { change: 3, users: vec![cleo] });
    scene.reopen().await;
    assert_eq!(told(&scene, group, cleo).await, [(2, other, Some(anna)), (3, seq, Some(ben))]);
    assert_eq!(told(&scene, group, ben).await, [(2, other, Some(anna))]);
}

pub(super) async fn what_cannot_be_read_any_more_is_not_reminded_of(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    let (seq, plain) = (scene.ask(group, anna).await, scene.say(group, anna).await);
    remind(&scene, group, anna, seq, None).await.unwrap();
    scene.recall_message(group, seq, v1::Recall::default(), 0).await.unwrap();
    assert_eq!(told(&scene, group, ben).await, [(2, seq, None)], "the recall alone");
    scene.wait(limits::REMINDER_PACE_MS);
    assert_eq!(remind(&scene, group, anna, seq, None).await, Err(StoreError::AlreadyRecalled));
    assert_eq!(remind(&scene, group, anna, plain, None).await, Err(StoreError::NoReceipts));
    assert_eq!(remind(&scene, group, anna, 99, None).await, Err(StoreError::NoSuchMessage));
    let nowhere = ConversationId(999);
    assert_eq!(remind(&scene, nowhere, anna, seq, None).await, Err(StoreError::NoSuchConversation));
}

pub(super) async fn of_many_reminders_the_newest_hundred_are_told(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    let recalled = scene.say(group, anna).await;
    scene.recall_message(group, recalled, v1::Recall::default(), 0).await.unwrap();
    let mut seqs = Vec::new();
    for _ in 0..limits::REMINDERS + 3 {
        seqs.push(scene.ask(group, anna).await);
        remind(&scene, group, anna, seqs[seqs.len() - 1], None).await.unwrap();
    }
    let told: Vec<Seq> = told(&scene, group, ben).await.into_iter().map(|(_, seq, _)| seq).collect();
    assert_eq!(told, [&[recalled], &seqs[3..]].concat());
}

pub(super) async fn an_audience_is_asked_by_name(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben, cleo, dora] = scene.users(["anna", "ben", "cleo", "dora"]).await;
    let group = scene.group("g", &[anna, ben, cleo, dora]).await;
    let (seq, plain) = (scene.ask(group, anna).await, scene.say(group, anna).await);
    let batch = scene.batch(group, ben, &[seq]);
    let at = batch.at;
    scene.record_receipts(batch).await.unwrap();
    scene.leave(group, &[ben, dora]).await;
    scene.reopen().await;
    let people = [dora, anna, ben, Tinyid(999), cleo];
    let members = scene.audience_members(group, seq, &people).await.unwrap();
    let found = members.iter().map(|member| member.as_ref().map(|m| (m.user, m.read_at, m.left)));
    let expected =
        [Some((dora, None, true)), None, Some((ben, Some(at), false)), None, Some((cleo, None, false))];
    assert_eq!(found.collect::<Vec<_>>(), expected);
    assert_eq!(scene.audience_members(group, plain, &people).await, Err(StoreError::NoReceipts));
    assert_eq!(scene.audience_members(group, 99, &people).await, Err(StoreError::NoSuchMessage));
    let nowhere = scene.audience_members(ConversationId(999), seq, &people).await;
    assert_eq!(nowhere, Err(StoreError::NoSuchConversation));
    assert_eq!(scene.audience_members(group, seq, &[]).await.unwrap(), []);
}
