//! Stopping: in order, and not in order.

use yidu_proto::v1::push::Event;
use yidu_proto::v1::response::Result as Answer;
use yidu_proto::v1::server_item::Item;
use yidu_store::{StoreError, Upkeep};

use crate::world::{Peer, World, ping, say};

#[tokio::test]
async fn draining_ends_what_is_under_way_and_says_goodbye() {
    let world = World::new().await;
    let (mut ann, mut idle) = (world.user("ann").await, world.user("bob").await);
    let group = world.group(&mut ann, &["bob"]).await;
    let half_open = world.connect().await;
    let count = 200;
    let first = ann.requests((0..count).map(|n| say(&group, n, "hello")).collect()).await;
    ann.answer(first).await.unwrap();

    let (address, store) = (world.address(), world.store.clone());
    let stopped = tokio::spawn(world.running.stop());
    ann.read_to_end().await;
    idle.read_to_end().await;
    drop(half_open);
    stopped.await.unwrap().unwrap();
    for peer in [&ann, &idle] {
        assert_eq!(peer.closed.as_ref().unwrap().0, 1001);
        let draining = peer.items.iter().filter_map(|item| match item {
            Item::Push(push) => match &push.event {
                Some(Event::Draining(draining)) => Some(draining.reconnect_after_ms),
                _ => None,
            },
            Item::Response(_) => None,
        });
        let draining: Vec<u32> = draining.collect();
        assert!(draining.len() == 1 && draining[0] > 0, "{draining:?}");
    }
    // Every answer stands for a message, in order; what was not begun has none.
    let answered = ann.items.iter().filter_map(|item| match item {
        Item::Response(response) => match &response.result {
            Some(Answer::SendMessage(sent)) => Some((response.id, sent.message.as_ref().unwrap().seq)),
            _ => None,
        },
        Item::Push(_) => None,
    });
    let answered: Vec<_> = answered.collect();
    assert!(answered.windows(2).all(|pair| pair[1] == (pair[0].0 + 1, pair[0].1 + 1)), "{answered:?}");
    assert!(matches!(store.stats().await, Err(StoreError::Stopped { .. })));
    assert!(Peer::try_connect(address, None, Some("yidu.v1")).await.is_err());
}

#[tokio::test]
async fn breaking_off_leaves_the_store_as_it_is() {
    let world = World::new().await;
    let mut ann = world.user("ann").await;
    assert!(ann.ask(ping()).await.is_ok());
    world.running.abort().await;
    ann.read_to_end().await;
    assert_eq!(ann.closed, None);
    assert!(world.store.stats().await.is_ok());
}
