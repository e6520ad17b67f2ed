//! A server on the store in memory, and clients that speak frames.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use prost::Message as _;
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Error, Message};
use yidu_proto::v1;
use yidu_proto::v1::push::Event;
use yidu_proto::v1::request::Operation;
use yidu_proto::v1::response::Result as Answer;
use yidu_proto::v1::server_item::Item;
use yidu_server::clock::{Clock, SystemClock};
use yidu_server::compose::{self, Running};
use yidu_server::config::Config;
use yidu_store::memory::MemoryStore;
use yidu_usersig::{Claims, SecretKey, sign};

/// Ends a story that would wait for ever.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct World {
    pub(crate) running: Running,
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) app: u32,
    key: SecretKey,
}

impl World {
    pub(crate) async fn new() -> World {
        World::with(|_| ()).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> World {
        World::at(change, Arc::new(SystemClock)).await
    }

    pub(crate) async fn at(change: impl FnOnce(&mut Config), clock: Arc<dyn Clock>) -> World {
        let mut config = Config::default();
        config.listen = SocketAddr::from(([127, 0, 0, 1], 0));
        change(&mut config);
        let store = Arc::new(MemoryStore::new());
        let running = compose::start_with_store(config, Arc::clone(&store) as _, clock).await.unwrap();
        let app = running.service().create_app("stories").await.unwrap();
        let key = SecretKey::new(app.keys[0].secret.as_str()).unwrap();
        World { running, store, app: app.id.0, key }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.running.local_addr()
    }

    pub(crate) fn login(&self, user: &str, device: &str) -> v1::Login {
        self.login_until(user, device, SystemClock.now() / 1_000, 1_000)
    }

    pub(crate) fn login_until(&self, user: &str, device: &str, issued_at: u64, expires_in: u64) -> v1::Login {
        let claims =
            Claims { app_id: self.app, user_id: user.to_owned(), issued_at, expires_in, userbuf: None };
        v1::Login {
            app_id: self.app,
            user_id: user.to_owned(),
            user_sig: sign(&self.key, &claims),
            platform: v1::Platform::Linux.into(),
            device_id: device.to_owned(),
        }
    }

    pub(crate) async fn connect(&self) -> Peer {
        Peer::connect(self.address(), None).await
    }

    /// A user who is logged in on a device of that name.
    pub(crate) async fn user(&self, user: &str) -> Peer {
        let mut peer = self.connect().await;
        peer.ask(Operation::Login(self.login(user, user))).await.unwrap();
        peer
    }

    /// A group of these users, who are logged in.
    pub(crate) async fn group(&self, owner: &mut Peer, members: &[&str]) -> v1::ConversationRef {
        let members = members.iter().map(|user| (*user).to_owned()).collect();
        let create = v1::CreateGroup {
            r#type: v1::GroupType::Work.into(),
            name: "a group".into(),
            members,
            ..Default::default()
        };
        match owner.ask(Operation::CreateGroup(create)).await.unwrap() {
            Answer::CreateGroup(made) => {
                let group = v1::conversation_ref::Of::Group(made.group_id);
                v1::ConversationRef { of: Some(group) }
            }
            other => panic!("{other:?}"),
        }
    }

    /// Changes the app's settings by another way than a session.
    pub(crate) async fn multi_device(&self, policy: v1::MultiDevice) {
        let mut administrator = self.user("administrator").await;
        let settings = match administrator.ask(Operation::GetSettings(v1::GetSettings {})).await.unwrap() {
            Answer::GetSettings(answer) => answer.settings.unwrap(),
            other => panic!("{other:?}"),
        };
        let settings = Some(v1::AppSettings { multi_device: policy.into(), ..settings });
        administrator
            .ask(Operation::ModifySettings(v1::ModifySettings { settings, dry_run: false }))
            .await
            .unwrap();
    }
}

/// One WebSocket.
pub(crate) struct Peer {
    socket: WebSocketStream<TcpStream>,
    next_id: u64,
    pub(crate) items: VecDeque<Item>,
    /// Frames that have come in.
    pub(crate) frames: usize,
    /// How the server closed: code and reason.
    pub(crate) closed: Option<(u16, String)>,
}

impl Peer {
    /// Connects; `buffer` narrows what the socket holds unread.
    pub(crate) async fn connect(address: SocketAddr, buffer: Option<u32>) -> Peer {
        Peer::try_connect(address, buffer, Some("yidu.v1")).await.unwrap()
    }

    pub(crate) async fn try_connect(
        address: SocketAddr,
        buffer: Option<u32>,
        protocol: Option<&'static str>,
    ) -> Result<Peer, Error> {
        let socket = TcpSocket::new_v4()?;
        if let Some(buffer) = buffer {
            socket.set_recv_buffer_size(buffer)?;
        }
        let stream = socket.connect(address).await?;
        let mut request = format!("ws://{address}/ws").into_client_request()?;
        if let Some(protocol) = protocol {
            request.headers_mut().insert("Sec-WebSocket-Protocol", HeaderValue::from_static(protocol));
        }
        let (socket, _) = tokio_tungstenite::client_async(request, stream).await?;
        Ok(Peer { socket, next_id: 1, items: VecDeque::new(), frames: 0, closed: None })
    }

    pub(crate) async fn send(&mut self, message: impl Into<Message>) {
        self.socket.send(message.into()).await.unwrap();
    }

    /// Sends, if the server lets it.
    pub(crate) async fn try_send(&mut self, message: impl Into<Message>) -> Result<(), Error> {
        self.socket.send(message.into()).await
    }

    /// Sends requests in one frame; returns the id of the first, the others follow it.
    pub(crate) async fn requests(&mut self, operations: Vec<Operation>) -> u64 {
        let first = self.next_id;
        self.next_id += operations.len() as u64;
        let requests = (first..).zip(operations);
        let requests =
            requests.map(|(id, operation)| v1::Request { id, operation: Some(operation) }).collect();
        self.send(v1::ClientFrame { requests }.encode_to_vec()).await;
        first
    }

    /// One request and its answer, or the number it is refused with.
    pub(crate) async fn ask(&mut self, operation: Operation) -> Result<Answer, u32> {
        let id = self.requests(vec![operation]).await;
        self.answer(id).await
    }

    pub(crate) async fn answer(&mut self, id: u64) -> Result<Answer, u32> {
        let response = self
            .find(|item| match item {
                Item::Response(response) if response.id == id => Some(response.clone()),
                Item::Response(_) | Item::Push(_) => None,
            })
            .await;
        let response = response.unwrap_or_else(|| panic!("closed ({:?}) before the answer", self.closed));
        match (response.error, response.result) {
            (Some(error), _) => Err(error.code),
            (None, result) => Ok(result.unwrap()),
        }
    }

    /// The next push that is wanted; `None` when the connection ends before it.
    pub(crate) async fn push<T>(&mut self, wanted: impl Fn(&Event) -> Option<T>) -> Option<T> {
        self.find(|item| match item {
            Item::Push(push) => push.event.as_ref().and_then(&wanted),
            Item::Response(_) => None,
        })
        .await
    }

    async fn find<T>(&mut self, wanted: impl Fn(&Item) -> Option<T>) -> Option<T> {
        loop {
            if let Some((index, found)) =
                self.items.iter().enumerate().find_map(|(index, item)| Some((index, wanted(item)?)))
            {
                self.items.remove(index);
                return Some(found);
            }
            if !self.read().await {
                return None;
            }
        }
    }

    /// Reads one frame; false when the connection has ended.
    pub(crate) async fn read(&mut self) -> bool {
        let message = tokio::time::timeout(PATIENCE, self.socket.next()).await.expect("nothing comes");
        match message {
            Some(Ok(Message::Binary(frame))) => {
                self.frames += 1;
                let items = v1::ServerFrame::decode(frame).unwrap().items;
                self.items.extend(items.into_iter().map(|item| item.item.unwrap()));
                true
            }
            Some(Ok(Message::Close(close))) => {
                self.closed = close.map(|close| (close.code.into(), close.reason.to_string()));
                true
            }
            Some(Ok(_)) => true,
            Some(Err(_)) | None => false,
        }
    }

    /// Reads a frame of text.
    pub(crate) async fn read_text(&mut self) -> String {
        match tokio::time::timeout(PATIENCE, self.socket.next()).await.expect("nothing comes") {
            Some(Ok(Message::Text(text))) => text.to_string(),
            other => panic!("{other:?}"),
        }
    }

    /// Reads up to the answer to a WebSocket ping.
    pub(crate) async fn next_pong(&mut self) -> String {
        loop {
            match tokio::time::timeout(PATIENCE, self.socket.next()).await.expect("nothing comes") {
                Some(Ok(Message::Pong(text))) => return String::from_utf8(text.to_vec()).unwrap(),
                Some(Ok(_)) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// Reads until the server has closed.
    pub(crate) async fn read_to_end(&mut self) {
        while self.read().await {}
    }
}

pub(crate) fn ping() -> Operation {
    Operation::Ping(v1::Ping {})
}

pub(crate) fn say(to: &v1::ConversationRef, random: u32, text: &str) -> Operation {
    Operation::SendMessage(v1::SendMessage {
        to: Some(to.clone()),
        random,
        client_time_s: 1_700_000_000,
        elements: vec![yidu_proto::Element::text(text)],
        need_receipt: true,
        ..Default::default()
    })
}

pub(crate) fn message(event: &Event) -> Option<v1::Message> {
    match event {
        Event::Message(message) => Some(message.clone()),
        _ => None,
    }
}

pub(crate) fn kicked(event: &Event) -> Option<v1::Kicked> {
    match event {
        Event::Kicked(kicked) => Some(kicked.clone()),
        _ => None,
    }
}
