//! Who is slow, silent or hostile costs a bounded amount, and nobody else notices.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use yidu_proto::v1;
use yidu_proto::v1::push::Event;
use yidu_proto::v1::request::Operation;
use yidu_proto::v1::response::Result as Answer;

use crate::world::{Peer, World, message, ping, say};

/// Reads until the other side has closed or reset.
async fn is_closed(mut stream: TcpStream) {
    let mut bytes = [0; 256];
    while stream.read(&mut bytes).await.is_ok_and(|read| read > 0) {}
}

#[tokio::test]
async fn half_open_connections_are_dropped_and_disturb_nobody() {
    let world = World::with(|config| {
        config.gateway.connections_not_logged_in = 20;
        config.gateway.login_seconds = 1;
    })
    .await;
    let mut ann = world.user("ann").await;
    // Three times as many as may be half open: silent ones, ones that stop within a header, and WebSockets without login.
    let mut half_open = Vec::new();
    for n in 0..60 {
        let mut stream = TcpStream::connect(world.address()).await.unwrap();
        let begin: &[u8] = match n % 3 {
            0 => b"",
            1 => b"GET /ws HTTP/1.1\r\nHost: y",
            _ => {
                b"GET /ws HTTP/1.1\r\nHost: y\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
                  Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
                  Sec-WebSocket-Protocol: yidu.v1\r\n\r\n"
            }
        };
        stream.write_all(begin).await.unwrap();
        half_open.push(stream);
    }
    assert!(ann.ask(ping()).await.is_ok());
    for stream in half_open {
        is_closed(stream).await;
    }
    let mut bob = world.user("bob").await;
    assert!(bob.ask(ping()).await.is_ok() && ann.ask(ping()).await.is_ok());
}

#[tokio::test]
async fn a_stranger_cannot_make_the_server_keep_a_large_frame() {
    let world = World::new().await;
    let mut stranger = world.connect().await;
    let huge = v1::Login { user_sig: "x".repeat(200_000), ..world.login("ann", "") };
    // The server hangs up before it has read it all, which may fail the sending.
    let id = tokio::spawn(async move {
        let request = v1::Request { id: 1, operation: Some(Operation::Login(huge)) };
        let frame = prost::Message::encode_to_vec(&v1::ClientFrame { requests: vec![request] });
        let _cut_off = stranger.try_send(frame).await;
        stranger.read_to_end().await;
        stranger
    });
    let stranger = id.await.unwrap();
    assert!(stranger.items.is_empty());
}

#[tokio::test]
async fn who_is_silent_for_three_heartbeats_is_gone() {
    let world = World::with(|config| config.gateway.heartbeat_seconds = 1).await;
    let (mut silent, mut lively) = (world.user("ann").await, world.user("bob").await);
    let lively = tokio::spawn(async move {
        let mut beat = tokio::time::interval(std::time::Duration::from_millis(500));
        for _ in 0..8 {
            beat.tick().await;
            lively.ask(ping()).await.unwrap();
        }
    });
    silent.read_to_end().await;
    assert_eq!(silent.closed.unwrap(), (1008, "silent for three heartbeats".to_owned()));
    lively.await.unwrap();
}

#[tokio::test]
async fn a_slow_reader_loses_pushes_and_not_its_way() {
    let world = World::with(|config| {
        config.gateway.outbox_pushes = 16;
        config.gateway.outbox_kib = 64;
    })
    .await;
    let mut ann = world.user("ann").await;
    let mut slow = Peer::connect(world.address(), Some(4_096)).await;
    slow.ask(Operation::Login(world.login("bob", "slow"))).await.unwrap();
    let mut quick = world.connect().await;
    quick.ask(Operation::Login(world.login("bob", "quick"))).await.unwrap();
    let group = world.group(&mut ann, &["bob"]).await;

    // More than the buffers of a machine hold (6 MiB at most on Linux, as it comes), while `slow` reads nothing.
    let text = "x".repeat(11_000);
    let count = 1_000;
    for n in 0..count {
        ann.ask(say(&group, n, &text)).await.unwrap();
        quick.push(message).await.expect("another device of the same user is not slowed");
    }
    // Then it reads: what was under way, in order, and that there was more.
    let mut seqs = Vec::new();
    loop {
        let resync = |event: &Event| match event {
            Event::Message(message) => Some(Some(message.seq)),
            Event::Resync(_) => Some(None),
            _ => None,
        };
        match slow.push(resync).await.expect("it is told") {
            Some(seq) => seqs.push(seq),
            None => break,
        }
    }
    assert!(seqs.windows(2).all(|pair| pair[0] < pair[1]));
    assert!(seqs.len() < count as usize, "everything was kept for it");
    // And it goes on.
    ann.ask(say(&group, count, "last")).await.unwrap();
    let last = |event: &Event| {
        message(event).filter(|message| message.elements[0].as_text().as_deref() == Some("last"))
    };
    slow.push(last).await.unwrap();
}

#[tokio::test]
async fn who_reads_late_gets_all_its_answers() {
    let world = World::new().await;
    let mut ann = world.user("ann").await;
    let group = world.group(&mut ann, &[]).await;
    let text = "x".repeat(11_000);
    for n in 0..60 {
        ann.ask(say(&group, n, &text)).await.unwrap();
    }
    let mut slow = Peer::connect(world.address(), Some(4_096)).await;
    slow.ask(Operation::Login(world.login("ann", "slow"))).await.unwrap();
    // 60 times 660 KB are 40 MB: the server carries out what it can write and leaves the rest in the frame until then.
    let history = v1::GetHistory { conversation: Some(group), limit: 60, ..Default::default() };
    let first = slow.requests(vec![Operation::GetHistory(history); 60]).await;
    assert!(ann.ask(ping()).await.is_ok());
    for offset in 0..60 {
        let Ok(Answer::GetHistory(page)) = slow.answer(first + offset).await else { panic!() };
        assert_eq!(page.messages.len(), 60);
    }
}
