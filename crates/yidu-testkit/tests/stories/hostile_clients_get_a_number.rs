//! House rule: "Bad input gets a clear error and loses nothing; hostile input costs bounded memory and time." Whatever a
//! client sends, it gets a number from the table or a closed socket, and others are served on.

use anyhow::{Context, Result};
use prost::Message as _;
use yidu_proto::limits;
use yidu_proto::v1::request::Operation;
use yidu_proto::v1::{self, GroupType};
use yidu_testkit::words::{plain, text, with};
use yidu_testkit::{Peer, TestServer};

/// Everybody else is served.
async fn serves(server: &TestServer) -> Result<()> {
    let (mut alice, mut bob) = (server.user("alice").await?, server.user("bob").await?);
    alice.says(&with("bob"), "still there?").await?;
    bob.hears("still there?").await?;
    Ok(())
}

#[tokio::test]
async fn requests_before_a_login_and_a_second_login() -> Result<()> {
    let server = TestServer::start().await?;
    let mut peer = Peer::connect(&server.url()).await?;
    assert_eq!(peer.refused(plain(&with("bob"), "let me in")).await?, 6014);
    let mut alice = server.user("alice").await?;
    assert_eq!(alice.refused(server.login("alice", "alice-1")).await?, 7501);
    assert_eq!(alice.refused(server.login("bob", "alice-1")).await?, 7501);
    alice.ask(v1::Ping {}).await?;
    serves(&server).await
}

#[tokio::test]
async fn after_a_logout_there_is_no_session() -> Result<()> {
    let server = TestServer::start().await?;
    let mut alice = server.user("alice").await?;
    alice.ask(v1::Logout {}).await?;
    match alice.ask(plain(&with("bob"), "still me?")).await {
        Ok(_) => panic!("a session after its logout"),
        Err(error) => match error.downcast::<yidu_testkit::Refused>() {
            Ok(refused) => assert_eq!(refused.code, 6014),
            Err(_closed) => {}
        },
    }
    serves(&server).await
}

#[tokio::test]
async fn frames_that_are_none() -> Result<()> {
    let server = TestServer::start().await?;
    server.user("bob").await?;
    let whole = v1::ClientFrame {
        requests: vec![v1::Request {
            id: 1,
            operation: Some(Operation::SendMessage(text(&with("bob"), "cut off"))),
        }],
    };
    let whole = whole.encode_to_vec();
    let garbage: Vec<u8> = (0..4_096_u32).map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()[3]).collect();
    for (what, bytes) in [
        ("truncated", whole[..whole.len() - 3].to_vec()),
        ("garbage", garbage),
        ("a length that is not there", vec![0x0a, 0xff, 0xff, 0xff, 0xff, 0x7f]),
        ("over a mebibyte", vec![0; limits::FRAME_BYTES + 1]),
    ] {
        for logged_in in [false, true] {
            let mut peer = if logged_in {
                server.user("alice").await?.into_peer()
            } else {
                Peer::connect(&server.url()).await?
            };
            // The server may close while a large frame is still being written.
            if peer.send_bytes(bytes.clone()).await.is_ok() {
                peer.until_closed().await.with_context(|| what.to_owned())?;
            }
        }
    }
    let mut peer = server.user("alice").await?.into_peer();
    peer.send_text("{\"requests\":[]}").await?;
    peer.until_closed().await?;
    assert!(
        server.user("bob").await?.history(&with("alice")).await?.is_empty(),
        "half a request was carried out"
    );
    serves(&server).await
}

#[tokio::test]
async fn requests_that_are_none() -> Result<()> {
    let server = TestServer::start().await?;
    server.user("bob").await?;
    let mut alice = server.user("alice").await?;
    // An operation of the future, between two that are known.
    let mut frame = v1::ClientFrame {
        requests: vec![v1::Request { id: 901, operation: Some(Operation::Ping(v1::Ping {})) }],
    }
    .encode_to_vec();
    // Request { id: 902, field 4000: empty message }
    frame.extend([0x0a, 0x07, 0x08, 0x86, 0x07, 0x82, 0xfa, 0x01, 0x00]);
    frame.extend(
        v1::ClientFrame {
            requests: vec![v1::Request { id: 903, operation: Some(Operation::Ping(v1::Ping {})) }],
        }
        .encode_to_vec(),
    );
    alice.send_bytes(frame).await?;
    assert!(alice.response_to(901).await?.error.is_none());
    assert_eq!(alice.response_to(902).await?.error.context("an unknown operation")?.code, 10003);
    assert!(alice.response_to(903).await?.error.is_none());

    assert_eq!(alice.refused(plain(&with(""), "to nobody")).await?, 7003);
    assert_eq!(alice.refused(plain(&with(&"x".repeat(33)), "too long a name")).await?, 7003);
    assert_eq!(alice.refused(plain(&with("alice"), "to myself")).await?, 6017);
    assert_eq!(alice.refused(v1::SendMessage { to: None, ..plain(&with("bob"), "nowhere") }).await?, 6017);
    assert_eq!(
        alice.refused(v1::SendMessage { elements: Vec::new(), ..plain(&with("bob"), "") }).await?,
        90002
    );
    assert_eq!(alice.refused(plain(&with("bob"), &"x".repeat(limits::MESSAGE_BYTES + 1))).await?, 80002);
    assert_eq!(
        alice
            .refused(v1::GetHistory { conversation: Some(with("bob")), limit: 101, ..Default::default() })
            .await?,
        6017
    );
    assert_eq!(alice.refused(v1::GetChanges { after: 0, limit: 1_001 }).await?, 6017);
    let nameless = v1::CreateGroup { r#type: GroupType::Work.into(), ..Default::default() };
    assert_eq!(alice.refused(nameless).await?, 10004);
    serves(&server).await
}

#[tokio::test]
async fn more_requests_than_a_frame_may_hold() -> Result<()> {
    let server = TestServer::start().await?;
    let mut alice = server.user("alice").await?;
    let pings = |count| std::iter::repeat_n(Operation::Ping(v1::Ping {}), count).collect::<Vec<_>>();
    for id in alice.send(pings(limits::REQUESTS)).await? {
        assert!(alice.response_to(id).await?.error.is_none());
    }
    let mut peer = alice.into_peer();
    peer.send(pings(limits::REQUESTS + 1)).await?;
    peer.until_closed().await?;
    serves(&server).await
}

#[tokio::test]
async fn somebody_elses_conversations() -> Result<()> {
    let server = TestServer::start().await?;
    let to = server.group(GroupType::Work, &["alice", "bob"]).await?;
    let (mut alice, mut mallory) = (server.user("alice").await?, server.user("mallory").await?);
    let seq = alice.says(&to, "secret").await?.seq;
    let conversation = Some(to.clone());
    let history = v1::GetHistory { conversation: conversation.clone(), limit: 10, ..Default::default() };
    assert_eq!(mallory.refused(history).await?, 10007);
    let messages = v1::GetMessages { conversation: conversation.clone(), seqs: vec![seq] };
    assert_eq!(mallory.refused(messages).await?, 10007);
    let members = v1::ListReceiptMembers { conversation: conversation.clone(), seq, ..Default::default() };
    assert_eq!(mallory.refused(members).await?, 10007);
    let feed = v1::GetConversationChanges { conversation: conversation.clone(), after: 0, limit: 0 };
    assert_eq!(mallory.refused(feed).await?, 10007);
    assert_eq!(
        mallory.refused(v1::ClearUnread { conversation: conversation.clone(), ..Default::default() }).await?,
        10007
    );
    assert_eq!(mallory.refused(text(&to, "me too")).await?, 10007);
    let list = v1::ListMembers { group_id: yidu_testkit::words::group_id(&to), ..Default::default() };
    assert_eq!(mallory.refused(list).await?, 10007);
    assert!(mallory.ask(v1::GetConversations { conversations: vec![to] }).await?.conversations.is_empty());
    serves(&server).await
}
