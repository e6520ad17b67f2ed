//! Where one user stands with one message, and how fast readers were.

use super::Harness;
use super::scene::{Scene, targeting};
use crate::receipt::{Bucket, ReadTimeline, ReaderStanding};
use crate::{ConversationId, StoreError, Tinyid};

pub(super) async fn where_anybody_stands_with_a_message_is_told(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben, cleo, dora, emil, fay] =
        scene.users(["anna", "ben", "cleo", "dora", "emil", "fay"]).await;
    let group = scene.group("g", &[anna, ben, cleo, dora, emil]).await;
    scene.say(group, anna).await;
    scene.leave(group, &[emil]).await;
    let seq = scene.ask(group, anna).await;
    let batch = scene.batch(group, ben, &[seq]);
    let read = batch.at;
    scene.record_receipts(batch).await.unwrap();
    scene.leave(group, &[dora]).await;
    let joining = scene.moving(group, &[emil, fay], true);
    let joined = joining.at;
    scene.change_members(joining).await.unwrap();
    let targeted = scene.send(targeting(scene.asking(group, anna), &[ben])).await;
    let created = scene.group_of(group).await.unwrap().unwrap().info.created_ms;

    for _ in 0..2 {
        let state = scene.state(group, seq).await;
        let base = ReaderStanding {
            asked: true,
            read_at: None,
            left: false,
            was_member: true,
            first_seq: Some(1),
            member: true,
            joined: Some(created),
            state,
        };
        let not_asked = ReaderStanding { asked: false, ..base.clone() };
        for (user, expected) in [
            (anna, not_asked.clone()),
            (ben, ReaderStanding { read_at: Some(read), ..base.clone() }),
            (cleo, base.clone()),
            (dora, ReaderStanding { left: true, member: false, ..base.clone() }),
            (emil, ReaderStanding { was_member: false, joined: Some(joined), ..not_asked.clone() }),
            (
                fay,
                ReaderStanding {
                    was_member: false,
                    first_seq: Some(3),
                    joined: Some(joined),
                    ..not_asked.clone()
                },
            ),
            (
                Tinyid(77),
                ReaderStanding {
                    was_member: false,
                    first_seq: None,
                    member: false,
                    joined: None,
                    ..not_asked.clone()
                },
            ),
        ] {
            assert_eq!(scene.reader(group, seq, user).await.unwrap(), expected, "{user:?}");
        }
        let cleo = scene.reader(group, targeted, cleo).await.unwrap();
        assert_eq!((cleo.asked, cleo.was_member), (false, true), "no target");
        assert_eq!(scene.reader(group, 1, anna).await, Err(StoreError::NoReceipts));
        assert_eq!(scene.reader(group, 9, anna).await, Err(StoreError::NoSuchMessage));
        let nowhere = scene.reader(ConversationId(4_000_000), 1, anna).await;
        assert_eq!(nowhere, Err(StoreError::NoSuchConversation));
        scene.reopen().await;
    }
}

pub(super) async fn a_recall_keeps_who_had_left(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben, cleo] = scene.users(["anna", "ben", "cleo"]).await;
    let group = scene.group("g", &[anna, ben, cleo]).await;
    let seq = scene.ask(group, anna).await;
    scene.leave(group, &[ben]).await;
    let recall = yidu_proto::v1::Recall { by: "anna".into(), time_ms: scene.now(), ..Default::default() };
    scene.recall_message(group, seq, recall, 0).await.unwrap();
    scene.join(group, &[ben]).await;
    scene.leave(group, &[cleo]).await;
    for _ in 0..2 {
        let ben = scene.reader(group, seq, ben).await.unwrap();
        assert_eq!((ben.asked, ben.left, ben.member, ben.state.closed), (true, true, true, true));
        let cleo = scene.reader(group, seq, cleo).await.unwrap();
        assert_eq!((cleo.asked, cleo.left, cleo.member), (true, false, false));
        scene.reopen().await;
    }
}

pub(super) async fn times_of_reading_are_summed_up(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let crowd = scene.crowd(6).await;
    let group = scene.group("g", &crowd).await;
    let asking = scene.asking(group, crowd[0]);
    let sent = asking.message.time_ms;
    let seq = scene.send(asking).await;
    let (none, state) = scene.read_timeline(group, seq, 4).await.unwrap();
    assert_eq!((none, state.counts.unread), (None, 5));
    for (reader, after) in crowd[1..].iter().zip([900, 20, 1_000, 501, 100]) {
        let mut batch = scene.batch(group, *reader, &[seq]);
        batch.at = sent + after;
        scene.record_receipts(batch).await.unwrap();
    }
    let buckets =
        [(125, 2), (250, 0), (500, 0), (1_000, 3)].map(|(until, count)| Bucket { until, count }).to_vec();
    let expected = ReadTimeline { first: 20, median: 501, last: 1_000, buckets };
    for _ in 0..2 {
        let (timeline, state) = scene.read_timeline(group, seq, 4).await.unwrap();
        assert_eq!((timeline.as_ref(), state.counts.read), (Some(&expected), 5));
        scene.reopen().await;
    }
    assert_eq!(scene.read_timeline(group, 9, 4).await, Err(StoreError::NoSuchMessage));
}
