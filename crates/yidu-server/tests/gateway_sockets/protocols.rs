//! Which frames are understood, and what happens to the others.

use prost::Message as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use yidu_proto::v1::request::Operation;
use yidu_proto::v1::response::Result as Answer;
use yidu_proto::v1::server_item::Item;
use yidu_proto::{limits, v1};

use crate::world::{Peer, World, ping};

/// Reads the response to what could not be read, and the end.
async fn refused_as_unreadable(peer: &mut Peer) -> String {
    peer.read_to_end().await;
    let Some(Item::Response(response)) = peer.items.pop_back() else { panic!("no response") };
    assert_eq!(response.id, 0);
    assert_eq!(peer.closed.as_ref().unwrap().0, 1007);
    let error = response.error.unwrap();
    assert_eq!(error.code, 6017);
    error.text
}

#[tokio::test]
async fn without_a_sub_protocol_of_ours_the_handshake_is_refused_with_a_text() {
    let world = World::new().await;
    for offer in [None, Some("yidu.v9")] {
        let Err(Error::Http(response)) = Peer::try_connect(world.address(), None, offer).await else {
            panic!("accepted {offer:?}")
        };
        assert_eq!(response.status(), 400);
        let text = String::from_utf8(response.body().clone().unwrap_or_default()).unwrap();
        assert!(text.is_empty() || text.contains("yidu.v1.json"), "{text}");
    }
}

#[tokio::test]
async fn json_says_the_same_as_protobuf() {
    let world = World::new().await;
    let mut peer = Peer::try_connect(world.address(), None, Some("yidu.v1.json")).await.unwrap();
    let login = world.login("ann", "laptop");
    let login = format!(
        r#"{{"requests":[{{"id":"1","login":{{"appId":{},"userId":"ann","userSig":"{}"}}}},{{"id":"2","ping":{{}}}}]}}"#,
        login.app_id, login.user_sig
    );
    peer.send(Message::text(login)).await;
    let mut answers = peer.read_text().await;
    if !answers.contains("\"ping\"") {
        answers += &peer.read_text().await;
    }
    assert!(answers.contains("heartbeatMs") && answers.contains("serverTimeMs"), "{answers}");
    peer.send(Message::text(r#"{"requests":[{"id":"3","pong":{}}]}"#)).await;
    let refusal = peer.read_text().await;
    assert!(refusal.contains("6017") && refusal.contains("pong"), "{refusal}");
    peer.read_to_end().await;
    assert_eq!(peer.closed.unwrap().0, 1007);
}

#[tokio::test]
async fn a_frame_that_cannot_be_read_is_answered_and_the_connection_closed() {
    let world = World::new().await;
    let request = v1::Request { id: 9, operation: Some(ping()) };
    let whole = v1::ClientFrame { requests: vec![request] }.encode_to_vec();
    let mut too_long = whole.clone();
    too_long.resize(limits::FRAME_BYTES + 1, 0);
    let cases = [
        (Message::binary(whole[..whole.len() - 1].to_vec()), "cannot be read"),
        (Message::binary(vec![0xff; 20]), "cannot be read"),
        (Message::binary(too_long), "too large"),
        (Message::text("{}"), "text frame"),
    ];
    for (message, expected) in cases {
        let mut peer = world.user("ann").await;
        peer.send(message).await;
        let text = refused_as_unreadable(&mut peer).await;
        assert!(text.contains(expected), "{text}");
    }
}

#[tokio::test]
async fn login_comes_first_and_once() {
    let world = World::new().await;
    let mut peer = world.connect().await;
    assert_eq!(peer.ask(ping()).await, Err(6014));
    let wrong = v1::Login { user_sig: "nonsense".into(), ..world.login("ann", "") };
    assert_eq!(peer.ask(Operation::Login(wrong)).await, Err(70003));
    let long = v1::Login { device_id: "x".repeat(65), ..world.login("ann", "") };
    assert_eq!(peer.ask(Operation::Login(long)).await, Err(6017));
    // What follows a login in the same frame waits for it.
    let login = Operation::Login(world.login("ann", ""));
    let first = peer.requests(vec![login.clone(), ping(), login]).await;
    let Answer::Login(answer) = peer.answer(first).await.unwrap() else { panic!() };
    assert_eq!(answer.heartbeat_ms, 30_000);
    assert!(matches!(peer.answer(first + 1).await, Ok(Answer::Ping(_))));
    assert_eq!(peer.answer(first + 2).await, Err(7501));
}

#[tokio::test]
async fn an_operation_of_a_later_contract_is_refused_and_the_others_carried_out() {
    let world = World::new().await;
    let mut peer = world.user("ann").await;
    let later = v1::Request { id: 100, operation: None };
    let known = v1::Request { id: 101, operation: Some(ping()) };
    peer.send(v1::ClientFrame { requests: vec![later, known] }.encode_to_vec()).await;
    assert_eq!(peer.answer(100).await, Err(10003));
    assert!(matches!(peer.answer(101).await, Ok(Answer::Ping(_))));
}

#[tokio::test]
async fn logout_is_answered_last_and_then_the_connection_closes() {
    let world = World::new().await;
    let mut peer = world.user("ann").await;
    let changes = Operation::GetChanges(v1::GetChanges::default());
    let first = peer.requests(vec![changes, Operation::Logout(v1::Logout {}), ping()]).await;
    peer.read_to_end().await;
    let ids: Vec<u64> = peer
        .items
        .iter()
        .map(|item| match item {
            Item::Response(response) => response.id,
            Item::Push(push) => panic!("{push:?}"),
        })
        .collect();
    assert_eq!(ids, [first, first + 1]);
    assert_eq!(peer.closed.unwrap().0, 1000);
}

#[tokio::test]
async fn websocket_pings_are_answered() {
    let world = World::new().await;
    let mut peer = world.user("ann").await;
    peer.send(Message::Ping("are you there".into())).await;
    assert_eq!(peer.next_pong().await, "are you there");
}
