//! Logging in, coming back, being sent away.

use std::time::Duration;

use futures_util::SinkExt;
use tokio_tungstenite::tungstenite::Message;
use yidu_client::v1::{self, kicked::Reason, push, request::Operation, response, server_item::Item};
use yidu_client::{Client, ErrorKind, Event, Reconnect, Status, group};

use crate::peer::{Peer, event, message};

fn kicked(reason: Reason, code: u32) -> push::Event {
    push::Event::Kicked(v1::Kicked { reason: reason.into(), code, text: "away with you".into() })
}

#[tokio::test]
async fn the_first_frame_says_who_comes() {
    let peer = Peer::new().await;
    let client = peer.client();
    assert_eq!(client.status(), Status::LoggedOut);
    let (session, connection) = peer.log_in(&client).await;
    let login = &connection.login;
    assert_eq!((login.app_id, login.user_id.as_str(), login.user_sig.as_str()), (7, "alice", "sig"));
    assert_eq!(login.device_id, "d");
    assert_eq!(session.unwrap().tinyid, 9);
    assert_eq!(client.status(), Status::Online);
    assert!(client.server_time_ms().unwrap() >= 1_000);
    assert!(!format!("{client:?}").contains("sig"));
}

#[tokio::test]
async fn a_refused_login_is_handed_on_and_the_next_one_may_work() {
    let peer = Peer::new().await;
    let client = peer.client();
    let refuse = async {
        let mut connection = peer.accept().await;
        connection.refuse(1, 6_208, 0).await;
        connection.until_gone().await;
    };
    let (result, ()) = tokio::join!(client.login("alice", "sig"), refuse);
    assert_eq!(result.unwrap_err().kind(), ErrorKind::Refused(6_208));
    assert_eq!(client.status(), Status::LoggedOut);
    let (session, _connection) = peer.log_in(&client).await;
    assert!(session.is_ok());
    assert_eq!(client.login("bob", "sig").await.unwrap_err().kind(), ErrorKind::AlreadyLoggedIn);
}

#[tokio::test]
async fn without_a_server_the_login_says_so() {
    let peer = Peer::new().await;
    let url = peer.url();
    let silent =
        Client::builder().server(&url).app(1).connect_timeout(Duration::from_millis(20)).build().unwrap();
    assert_eq!(silent.login("alice", "sig").await.unwrap_err().kind(), ErrorKind::Timeout);
    drop(peer);
    let nobody = Client::builder().server(&url).app(1).build().unwrap();
    assert_eq!(nobody.login("alice", "sig").await.unwrap_err().kind(), ErrorKind::Disconnected);
    assert_eq!(nobody.send_text(&group("g"), "hi").await.unwrap_err().kind(), ErrorKind::NotLoggedIn);
}

#[tokio::test]
async fn a_logout_overtakes_a_login_that_hangs() {
    let peer = Peer::new().await;
    let client = peer.client();
    let (login, ()) = tokio::join!(client.login("alice", "sig"), async {
        let connection = peer.accept().await;
        client.logout().await.unwrap();
        connection.until_gone().await;
    });
    assert_eq!(login.unwrap_err().kind(), ErrorKind::NotLoggedIn);
    assert_eq!(client.status(), Status::LoggedOut);
}

#[tokio::test]
async fn a_lost_connection_comes_back_and_tells_what_was_missed() {
    let peer = Peer::new().await;
    let (_client, mut events, mut connection) = peer.online().await;
    connection.push(push::Event::Message(message(1))).await;
    event(&mut events, |event| matches!(event, Event::Message(m) if m.seq == 1).then_some(())).await;
    drop(connection);

    let mut connection = peer.welcome().await;
    let missed = async {
        while let Some(request) = connection.raw().await {
            let answer = match request.operation.unwrap() {
                Operation::GetChanges(get) => {
                    assert_eq!(get.after, 5);
                    let state = v1::ReceiptState { seq: 1, read_count: 3, ..Default::default() };
                    let thing = Some(v1::change::Thing::Receipt(state));
                    let changes = vec![v1::Change { number: 6, thing }];
                    response::Result::GetChanges(v1::GetChangesResult {
                        changes,
                        position: 6,
                        finished: true,
                    })
                }
                Operation::ListConversations(_) => {
                    let conversation = v1::Conversation {
                        r#ref: Some(group("g")),
                        last_seq: 2,
                        active_time_ms: 3_000,
                        ..Default::default()
                    };
                    let conversations = vec![conversation];
                    response::Result::ListConversations(v1::ListConversationsResult {
                        conversations,
                        ..Default::default()
                    })
                }
                Operation::GetHistory(get) => {
                    assert_eq!(get.from_seq, 2);
                    let messages = vec![v1::MessageView { message: Some(message(2)), ..Default::default() }];
                    response::Result::GetHistory(v1::GetHistoryResult { messages, next_seq: 0 })
                }
                other => panic!("{other:?}"),
            };
            connection.answer(request.id, answer).await;
        }
    };
    let mut told = Vec::new();
    let listen = async {
        loop {
            match events.next().await.unwrap() {
                Event::Message(message) => told.push(format!("message {}", message.seq)),
                Event::Receipt(state) => told.push(format!("{} read", state.read_count)),
                Event::CaughtUp => break,
                _ => {}
            }
        }
    };
    tokio::select! { () = missed => panic!("the client has hung up"), () = listen => {} }
    told.sort();
    assert_eq!(told, ["3 read", "message 2"]);
}

#[tokio::test]
async fn a_peer_that_falls_silent_is_left() {
    let peer = Peer::new().await;
    let client = peer.client();
    let mut events = client.events();
    let (session, mut silent) = tokio::join!(client.login("alice", "sig"), async {
        let mut connection = peer.accept().await;
        connection.welcome(20).await;
        connection
    });
    session.unwrap();
    // The list after the login, then pings; nothing is answered.
    while !matches!(silent.raw().await.unwrap().operation, Some(Operation::Ping(_))) {}
    let error = event(&mut events, |event| match event {
        Event::Disconnected { error, .. } => Some(error.clone()),
        _ => None,
    })
    .await;
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (ErrorKind::Disconnected, "the server no longer answers")
    );
    let _again = peer.welcome().await;
}

#[tokio::test]
async fn what_is_pushed_around_the_answer_to_the_login_is_told() {
    let peer = Peer::new().await;
    let client = peer.client();
    let mut events = client.events();
    let (session, _connection) = tokio::join!(client.login("alice", "sig"), async {
        let mut connection = peer.accept().await;
        let push = |seq| Item::Push(v1::Push { event: Some(push::Event::Message(message(seq))) });
        let result = Some(response::Result::Login(v1::LoginResult::default()));
        let answer = Item::Response(v1::Response { id: 1, error: None, result });
        connection.items([push(1)]).await;
        connection.items([push(2), answer, push(3)]).await;
        connection
    });
    session.unwrap();
    for seq in 1..=3 {
        let told = event(&mut events, |event| match event {
            Event::Message(message) => Some(message.seq),
            _ => None,
        });
        assert_eq!(told.await, seq);
    }
}

#[tokio::test]
async fn an_idle_connection_is_kept_up_with_pings() {
    let peer = Peer::new().await;
    let client = peer.client();
    let (session, mut connection) = tokio::join!(client.login("alice", "sig"), async {
        let mut connection = peer.accept().await;
        connection.welcome(20).await;
        connection
    });
    session.unwrap();
    for _ in 0..3 {
        let ping = loop {
            let request = connection.raw().await.expect("the connection stands");
            if matches!(request.operation, Some(Operation::Ping(_))) {
                break request;
            }
        };
        let pong = v1::PingResult { server_time_ms: 90_000 };
        connection.answer(ping.id, response::Result::Ping(pong)).await;
    }
    assert!(client.server_time_ms().unwrap() >= 90_000);
}

#[tokio::test]
async fn nonsense_ends_the_connection_not_the_session() {
    let peer = Peer::new().await;
    let (_client, mut events, mut connection) = peer.online().await;
    connection.socket.send(Message::text("hello")).await.unwrap();
    let kind = event(&mut events, |event| match event {
        Event::Disconnected { error, .. } => Some(error.kind()),
        _ => None,
    });
    assert_eq!(kind.await, ErrorKind::Protocol);
    let mut connection = peer.welcome().await;
    connection.socket.send(Message::Binary(vec![0xff; 9].into())).await.unwrap();
    let _again = peer.welcome().await;
}

#[tokio::test]
async fn who_is_kicked_stays_away() {
    let peer = Peer::new().await;
    let (client, mut events, mut connection) = peer.online().await;
    let team = group("g");
    let (result, ()) = tokio::join!(client.send_text(&team, "hi"), async {
        connection.next().await.unwrap();
        connection.push(kicked(Reason::OtherDevice, 6_208)).await;
        connection.until_gone().await;
    });
    assert_eq!(result.unwrap_err().code(), 6_208);
    let code = event(&mut events, |event| match event {
        Event::KickedOffline { code, .. } => Some(*code),
        _ => None,
    });
    assert_eq!(code.await, 6_208);
    assert_eq!((client.status(), client.session()), (Status::LoggedOut, None));
    assert_eq!(client.send_text(&group("g"), "hi").await.unwrap_err().kind(), ErrorKind::NotLoggedIn);
}

#[tokio::test]
async fn a_new_user_sig_resumes_where_the_old_one_ran_out() {
    let peer = Peer::new().await;
    let (client, mut events, mut connection) = peer.online().await;
    connection.push(kicked(Reason::UserSigExpired, 6_206)).await;
    event(&mut events, |event| matches!(event, Event::UserSigExpired).then_some(())).await;
    let (session, mut connection) = peer.log_in(&client).await;
    session.unwrap();
    let after = loop {
        if let Some(Operation::GetChanges(get)) = connection.raw().await.unwrap().operation {
            break get.after;
        }
    };
    assert_eq!(after, 5);
}

#[tokio::test]
async fn a_login_that_is_refused_while_coming_back_ends_the_session() {
    let peer = Peer::new().await;
    let (client, mut events, connection) = peer.online().await;
    drop(connection);
    // Busy is no answer, so it is asked again.
    peer.accept().await.refuse(1, 9_506, 1).await;
    peer.accept().await.refuse(1, 70_052, 0).await;
    let code = event(&mut events, |event| match event {
        Event::KickedOffline { code, .. } => Some(*code),
        _ => None,
    });
    assert_eq!(code.await, 70_052);
    assert_eq!(client.status(), Status::LoggedOut);
}

#[tokio::test]
async fn without_reconnect_a_lost_connection_is_the_end() {
    let peer = Peer::new().await;
    let client = peer.client_with(Reconnect::never());
    let mut events = client.events();
    let (_, connection) = peer.log_in(&client).await;
    drop(connection);
    let retry = event(&mut events, |event| match event {
        Event::Disconnected { retry_in, .. } => Some(*retry_in),
        _ => None,
    });
    assert_eq!(retry.await, None);
    // Answered once the session is over.
    client.logout().await.unwrap();
    assert_eq!(client.status(), Status::LoggedOut);
}

#[tokio::test]
async fn a_draining_server_answers_what_it_has_and_gets_no_more() {
    let peer = Peer::new().await;
    let (client, _events, mut connection) = peer.online().await;
    let first = client.settings();
    let (first, mut connection) = tokio::join!(first, async {
        let request = connection.next().await.unwrap();
        connection.push(push::Event::Draining(v1::Draining { reconnect_after_ms: 1 })).await;
        let result = v1::GetSettingsResult { settings: None };
        connection.answer(request.id, response::Result::GetSettings(result)).await;
        assert_eq!(connection.next().await, None);
        peer.welcome().await
    });
    first.unwrap();
    let (second, ()) = tokio::join!(client.settings(), async {
        let request = connection.next().await.unwrap();
        connection.answer(request.id, response::Result::GetSettings(v1::GetSettingsResult::default())).await;
    });
    second.unwrap();
}

#[tokio::test]
async fn a_logout_is_said_to_the_server_and_holds_without_an_answer() {
    let peer = Peer::new().await;
    let (client, _events, mut connection) = peer.online().await;
    let (result, ()) = tokio::join!(client.logout(), async {
        let request = connection.next().await.unwrap();
        assert!(matches!(request.operation, Some(Operation::Logout(_))));
        drop(connection);
    });
    result.unwrap();
    assert_eq!((client.status(), client.session()), (Status::LoggedOut, None));
    client.logout().await.unwrap();
}

#[tokio::test]
async fn closing_ends_calls_streams_and_the_connection() {
    let peer = Peer::new().await;
    let (client, mut events, connection) = peer.online().await;
    client.close().await;
    connection.until_gone().await;
    while events.next().await.is_some() {}
    assert_eq!(client.status(), Status::Closed);
    assert_eq!(client.settings().await.unwrap_err().kind(), ErrorKind::Closed);
    assert_eq!(client.login("alice", "sig").await.unwrap_err().kind(), ErrorKind::Closed);
    client.close().await;
    assert!(client.events().next().await.is_none());
}

#[tokio::test]
async fn the_last_handle_takes_the_connection_with_it() {
    let peer = Peer::new().await;
    let (client, mut events, connection) = peer.online().await;
    let other = client.clone();
    drop(client);
    assert_eq!(other.status(), Status::Online);
    drop(other);
    connection.until_gone().await;
    while events.next().await.is_some() {}
}

#[tokio::test]
async fn a_subscriber_that_does_not_listen_loses_the_oldest_alone() {
    let peer = Peer::new().await;
    let client = Client::builder().server(peer.url()).app(7).event_capacity(8).build().unwrap();
    let (mut idle, mut eager) = (client.events(), client.events());
    let (_, mut connection) = peer.log_in(&client).await;
    for seq in 1..=50 {
        connection.push(push::Event::Message(message(seq))).await;
        let told = event(&mut eager, |event| match event {
            Event::Message(message) => Some(message.seq),
            _ => None,
        });
        assert_eq!(told.await, seq);
    }
    // Connecting and Connected came before the 50 messages.
    assert!(matches!(idle.next().await, Some(Event::Lagged(44))));
    assert!(matches!(idle.next().await, Some(Event::Message(message)) if message.seq == 43));
}
