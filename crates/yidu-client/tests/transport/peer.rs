//! The other end of the socket, doing what a story says.

use std::collections::VecDeque;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use prost::Message as _;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use yidu_client::v1::{self, push, request::Operation, response, server_item::Item};
use yidu_client::{Client, Event, EventStream, Reconnect, Session};

pub(crate) struct Peer {
    listener: TcpListener,
}

pub(crate) struct Connection {
    pub(crate) socket: WebSocketStream<TcpStream>,
    requests: VecDeque<v1::Request>,
    /// Requests of each frame that came.
    pub(crate) frames: Vec<usize>,
    pub(crate) login: v1::Login,
}

impl Peer {
    pub(crate) async fn new() -> Peer {
        Peer { listener: TcpListener::bind("127.0.0.1:0").await.unwrap() }
    }

    pub(crate) fn url(&self) -> String {
        format!("ws://{}", self.listener.local_addr().unwrap())
    }

    /// A client of this peer that comes back at once.
    pub(crate) fn client(&self) -> Client {
        self.client_with(Reconnect::between(Duration::from_millis(1), Duration::from_millis(5)))
    }

    pub(crate) fn client_with(&self, reconnect: Reconnect) -> Client {
        Client::builder().server(self.url()).app(7).device("d").reconnect(reconnect).build().unwrap()
    }

    pub(crate) async fn tcp(&self) -> TcpStream {
        self.listener.accept().await.unwrap().0
    }

    /// The next connection, up to its login request.
    pub(crate) async fn accept(&self) -> Connection {
        let mut connection = self.handshake().await;
        let Some(Operation::Login(login)) = connection.raw().await.unwrap().operation else {
            panic!("the first request is not a login")
        };
        connection.login = login;
        connection
    }

    async fn handshake(&self) -> Connection {
        #[expect(clippy::result_large_err, reason = "the library's own type")]
        let protocol = |request: &Request, mut response: Response| -> Result<Response, ErrorResponse> {
            assert_eq!(request.uri().path(), "/ws");
            let asked = request.headers()["sec-websocket-protocol"].clone();
            response.headers_mut().insert("sec-websocket-protocol", asked);
            Ok(response)
        };
        let socket = tokio_tungstenite::accept_hdr_async(self.tcp().await, protocol).await.unwrap();
        Connection { socket, requests: VecDeque::new(), frames: Vec::new(), login: v1::Login::default() }
    }

    /// The next connection, logged in.
    pub(crate) async fn welcome(&self) -> Connection {
        let mut connection = self.accept().await;
        connection.welcome(60_000).await;
        connection
    }

    /// A client that is logged in as alice, and its connection.
    pub(crate) async fn online(&self) -> (Client, EventStream, Connection) {
        let client = self.client();
        let events = client.events();
        let (session, connection) = tokio::join!(client.login("alice", "sig"), self.welcome());
        assert_eq!(session.unwrap().user_id, "alice");
        (client, events, connection)
    }

    /// A login, with what the peer does about it.
    pub(crate) async fn log_in(&self, client: &Client) -> (yidu_client::Result<Session>, Connection) {
        tokio::join!(client.login("alice", "sig"), self.welcome())
    }
}

impl Connection {
    pub(crate) async fn welcome(&mut self, heartbeat_ms: u32) {
        let result = v1::LoginResult {
            tinyid: 9,
            server_time_ms: 1_000,
            position: 5,
            heartbeat_ms,
            administrator: false,
        };
        self.answer(1, response::Result::Login(result)).await;
    }

    /// The next request of any kind; `None` when the client is gone.
    pub(crate) async fn raw(&mut self) -> Option<v1::Request> {
        while self.requests.is_empty() {
            match self.socket.next().await? {
                Ok(Message::Binary(frame)) => {
                    let frame = v1::ClientFrame::decode(frame).unwrap();
                    self.frames.push(frame.requests.len());
                    self.requests.extend(frame.requests);
                }
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
        self.requests.pop_front()
    }

    /// The next request of the app's; what the session keeping asks is answered with "nothing new".
    pub(crate) async fn next(&mut self) -> Option<v1::Request> {
        loop {
            let request = self.raw().await?;
            let answer = match request.operation.as_ref().unwrap() {
                Operation::Ping(_) => response::Result::Ping(v1::PingResult { server_time_ms: 2_000 }),
                Operation::ListConversations(_) => {
                    response::Result::ListConversations(v1::ListConversationsResult::default())
                }
                Operation::GetChanges(get) => {
                    let (position, finished) = (get.after, true);
                    response::Result::GetChanges(v1::GetChangesResult {
                        changes: Vec::new(),
                        position,
                        finished,
                    })
                }
                _ => return Some(request),
            };
            self.answer(request.id, answer).await;
        }
    }

    /// Plays the server until the client hangs up.
    pub(crate) async fn until_gone(mut self) {
        while self.next().await.is_some() {}
    }

    pub(crate) async fn answer(&mut self, id: u64, result: response::Result) {
        self.response(v1::Response { id, error: None, result: Some(result) }).await;
    }

    pub(crate) async fn refuse(&mut self, id: u64, code: u32, retry_after_ms: u32) {
        let error = v1::Error { code, text: "no".into(), retry_after_ms };
        self.response(v1::Response { id, error: Some(error), result: None }).await;
    }

    pub(crate) async fn push(&mut self, event: push::Event) {
        self.items([Item::Push(v1::Push { event: Some(event) })]).await;
    }

    async fn response(&mut self, response: v1::Response) {
        self.items([Item::Response(response)]).await;
    }

    /// Sends items in one frame.
    pub(crate) async fn items(&mut self, items: impl IntoIterator<Item = Item>) {
        let items = items.into_iter().map(|item| v1::ServerItem { item: Some(item) }).collect();
        let frame = v1::ServerFrame { items };
        self.socket.send(Message::Binary(frame.encode_to_vec().into())).await.unwrap();
    }
}

/// The first event that this gives something for.
pub(crate) async fn event<T>(events: &mut EventStream, find: impl Fn(&Event) -> Option<T>) -> T {
    loop {
        let event = events.next().await.expect("the client is open");
        if let Some(found) = find(&event) {
            return found;
        }
    }
}

pub(crate) fn message(seq: u64) -> v1::Message {
    v1::Message { to: Some(yidu_client::group("g")), from: "bob".into(), seq, ..Default::default() }
}
