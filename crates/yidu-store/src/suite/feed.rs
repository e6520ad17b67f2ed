//! Change feeds of users.

use tokio::task::JoinSet;
use yidu_proto::v1;

use super::Harness;
use super::scene::{Scene, distinct};
use crate::conversation::ClearUpTo;
use crate::feed::Thing;

pub(super) async fn every_change_takes_the_next_number(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    assert_eq!(scene.position(anna).await.unwrap(), 0);
    let nothing = scene.changes(anna, 0, 10).await.unwrap();
    assert_eq!((nothing.changes.len(), nothing.position, nothing.finished), (0, 0, true));
    let group = scene.group("g", &[anna, ben]).await;
    let c2c = scene.c2c(anna, ben).await;
    let (one, two) = (scene.ask(group, anna).await, scene.ask(c2c, anna).await);
    scene.say(c2c, ben).await;
    scene.read(group, ben, &[one]).await;
    scene.read(c2c, ben, &[two]).await;
    scene.clear_unread(ben, c2c, ClearUpTo::Newest, scene.now()).await.unwrap();
    scene.clear_unread(anna, c2c, ClearUpTo::Newest, scene.now()).await.unwrap();
    scene.delete_conversation(anna, group).await.unwrap();
    scene.reopen().await;
    assert_eq!(scene.position(anna).await.unwrap(), 6);
    let feed = scene.feed(anna, 0).await;
    assert_eq!(feed.iter().map(|change| change.number).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
    assert!(
        matches!(feed[0].thing, Thing::Membership { conversation, member: true, .. } if conversation == group)
    );
    assert_eq!(feed[1].thing, Thing::Receipt(scene.state(group, one).await));
    assert_eq!(feed[2].thing, Thing::Receipt(scene.state(c2c, two).await));
    assert!(matches!(feed[3].thing, Thing::PeerRead { conversation, .. } if conversation == c2c));
    assert_eq!(feed[4].thing, Thing::UnreadCleared { conversation: c2c, read_seq: 2, unread: 0 });
    assert_eq!(feed[5].thing, Thing::ConversationDeleted { conversation: group });
}

pub(super) async fn many_receipts_on_one_message_are_one_entry(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let crowd = scene.crowd(31).await;
    let group = scene.group("g", &crowd).await;
    let (one, other) = (scene.ask(group, crowd[0]).await, scene.ask(group, crowd[0]).await);
    let position = scene.position(crowd[0]).await.unwrap();
    scene.read(group, crowd[1], &[one, other]).await;
    let mut racers = JoinSet::new();
    for &reader in &crowd[2..] {
        let (store, batch) = (scene.shared(), scene.batch(group, reader, &[one]));
        racers.spawn(async move { store.record_receipts(batch).await.unwrap() });
    }
    racers.join_all().await;
    for _ in 0..2 {
        let feed = scene.feed(crowd[0], position).await;
        let expected = [(position + 2, other), (position + 31, one)];
        for (change, (number, seq)) in feed.iter().zip(expected) {
            assert_eq!(
                (change.number, &change.thing),
                (number, &Thing::Receipt(scene.state(group, seq).await))
            );
        }
        assert_eq!(feed.len(), 2);
        scene.reopen().await;
    }
}

pub(super) async fn an_entry_shows_the_newest_state_of_its_thing(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben, cleo] = scene.users(["anna", "ben", "cleo"]).await;
    let group = scene.group("g", &[anna, ben, cleo]).await;
    let seq = scene.ask(group, anna).await;
    let position = scene.position(anna).await.unwrap();
    scene.read(group, ben, &[seq]).await;
    scene.leave(group, &[cleo]).await;
    scene.recall_message(group, seq, v1::Recall::default(), 0).await.unwrap();
    let state = scene.state(group, seq).await;
    assert_eq!((state.closed, state.counts.left), (true, 1));
    assert_eq!(scene.things(anna, position).await, [Thing::Receipt(state)]);
}

pub(super) async fn pages_of_a_feed_leave_nothing_out(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    let mut seqs = Vec::new();
    for _ in 0..10 {
        seqs.push(scene.ask(group, anna).await);
    }
    scene.read(group, ben, &seqs).await;
    scene.reopen().await;
    let (mut numbers, mut after) = (Vec::new(), 0);
    loop {
        let page = scene.changes(anna, after, 4).await.unwrap();
        assert!(page.changes.len() <= 4);
        assert!(page.position >= after, "it never goes back");
        assert!(page.changes.iter().all(|change| change.number > after && change.number <= page.position));
        numbers.extend(page.changes.iter().map(|change| change.number));
        after = page.position;
        if page.finished {
            break;
        }
    }
    distinct(&numbers);
    assert_eq!(numbers, (1..=11).collect::<Vec<_>>());
    assert_eq!(after, scene.position(anna).await.unwrap());
    let nothing = scene.changes(anna, after, 4).await.unwrap();
    assert_eq!((nothing.changes.len(), nothing.position, nothing.finished), (0, after, true));
}

pub(super) async fn a_refused_intent_takes_no_number(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let group = scene.group("g", &[anna]).await;
    let seq = scene.ask(group, anna).await;
    scene.record_receipts(scene.batch(group, ben, &[seq])).await.unwrap_err();
    scene.delete_conversation(ben, group).await.unwrap_err();
    scene.clear_unread(ben, group, ClearUpTo::Newest, scene.now()).await.unwrap_err();
    assert_eq!((scene.position(anna).await.unwrap(), scene.position(ben).await.unwrap()), (1, 0));
}
