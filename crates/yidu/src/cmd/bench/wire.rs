//! One cheap connection: a WebSocket and what is said on it, in the protocol of Yidu or of the baselines in `bench/`.

use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddr};

use anyhow::{Context, Result, bail};
use futures_util::{SinkExt, StreamExt};
use prost::Message as _;
use serde::{Deserialize, Serialize};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::http::header::SEC_WEBSOCKET_PROTOCOL;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use yidu_proto::v1::{self, push::Event, request::Operation, response, server_item::Item};

/// Connections of one source address: below the ports that Linux hands out (32768 to 60999).
const PER_ADDRESS: usize = 25_000;

/// Which protocol is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// `yidu.v1`.
    Yidu,
    /// The JSON of `bench/README.md`.
    Baseline,
}

/// What was heard.
#[derive(Debug)]
pub(super) enum Heard {
    /// The answer to receipts.
    Recorded { id: u64, receipts: usize },
    /// The answer to something else.
    Answer(Answer),
    /// A push: so many have read this message.
    Read { seq: u64, read: u32 },
    /// A push that asks to pull: updates were dropped.
    Resync,
}

#[derive(Debug)]
pub(super) enum Answer {
    Yidu(Box<response::Result>),
    Baseline(Said),
}

/// What a client of a baseline says.
#[derive(Debug, Default, Serialize)]
pub(super) struct Say<'a> {
    pub(super) id: u64,
    pub(super) op: &'a str,
    pub(super) group: &'a str,
    #[serde(skip_serializing_if = "<[u64]>::is_empty")]
    pub(super) seqs: &'a [u64],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    pub(super) members: &'a [String],
}

/// What a baseline says.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Said {
    #[serde(default)]
    id: u64,
    #[serde(default)]
    recorded: Option<usize>,
    #[serde(default)]
    pub(super) seq: u64,
    #[serde(default)]
    pub(super) counts: Vec<(u64, u32)>,
    #[serde(default)]
    push: Vec<(u64, u32)>,
    #[serde(default)]
    error: Option<String>,
}

pub(super) struct Wire {
    socket: WebSocketStream<TcpStream>,
    dialect: Dialect,
    next_id: u64,
    heard: VecDeque<Heard>,
}

impl Wire {
    /// Opens the `nth` connection of this process to a server; on loopback every 25,000 have a source address of their
    /// own, since ports are few.
    pub(super) async fn open(dialect: Dialect, to: SocketAddr, nth: usize, path: &str) -> Result<Wire> {
        let socket = TcpSocket::new_v4()?;
        let address = nth / PER_ADDRESS;
        if to.ip().is_loopback() && address > 0 {
            let last = u8::try_from(address + 1).context("more connections than loopback addresses")?;
            socket.bind(SocketAddr::from((Ipv4Addr::new(127, 0, 0, last), 0)))?;
        }
        let stream = socket.connect(to).await.context("cannot connect")?;
        stream.set_nodelay(true)?;
        let mut request = format!("ws://{to}{path}").into_client_request()?;
        if dialect == Dialect::Yidu {
            let protocol = HeaderValue::from_static(yidu_proto::SUBPROTOCOL);
            request.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, protocol);
        }
        let config = WebSocketConfig::default().read_buffer_size(2_048).write_buffer_size(0);
        let opened = tokio_tungstenite::client_async_with_config(request, stream, Some(config)).await;
        let (socket, _) = opened.context("no WebSocket")?;
        Ok(Wire { socket, dialect, next_id: 1, heard: VecDeque::new() })
    }

    /// Sends the receipts of the user of this connection as one request in a frame of its own; returns its id.
    pub(super) async fn send_receipts(&mut self, group: &str, seqs: &[u64]) -> Result<u64> {
        match self.dialect {
            Dialect::Yidu => {
                let receipts = v1::SendReceipts { conversation: Some(group_ref(group)), seqs: seqs.to_vec() };
                self.say(Operation::SendReceipts(receipts)).await
            }
            Dialect::Baseline => self.say_baseline(Say { op: "read", group, seqs, ..Say::default() }).await,
        }
    }

    /// Sends receipts and waits for the answer; how many were recorded.
    pub(super) async fn receipts(&mut self, group: &str, seqs: &[u64]) -> Result<usize> {
        let asked = self.send_receipts(group, seqs).await?;
        loop {
            match self.next().await? {
                Heard::Recorded { id, receipts } if id == asked => return Ok(receipts),
                Heard::Recorded { .. } | Heard::Answer(_) => bail!("an answer to nothing"),
                Heard::Read { .. } | Heard::Resync => {}
            }
        }
    }

    /// One request of Yidu's and its answer.
    pub(super) async fn ask(&mut self, operation: Operation) -> Result<response::Result> {
        self.say(operation).await?;
        match self.answer().await? {
            Answer::Yidu(answer) => Ok(*answer),
            Answer::Baseline(_) => bail!("not the protocol of Yidu"),
        }
    }

    /// One request of a baseline's and its answer.
    pub(super) async fn ask_baseline(&mut self, say: Say<'_>) -> Result<Said> {
        self.say_baseline(say).await?;
        match self.answer().await? {
            Answer::Baseline(said) => Ok(said),
            Answer::Yidu(_) => bail!("not the protocol of the baselines"),
        }
    }

    /// Sends a request without waiting; its id.
    pub(super) async fn say(&mut self, operation: Operation) -> Result<u64> {
        let id = self.next_id();
        let requests = vec![v1::Request { id, operation: Some(operation) }];
        let frame = v1::ClientFrame { requests }.encode_to_vec();
        self.socket.send(Frame::Binary(frame.into())).await?;
        Ok(id)
    }

    async fn say_baseline(&mut self, say: Say<'_>) -> Result<u64> {
        let id = self.next_id();
        let text = serde_json::to_string(&Say { id, ..say })?;
        self.socket.send(Frame::Text(text.into())).await?;
        Ok(id)
    }

    fn next_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id - 1
    }

    /// The next answer that is not one to receipts.
    pub(super) async fn answer(&mut self) -> Result<Answer> {
        loop {
            match self.next().await? {
                Heard::Answer(answer) => return Ok(answer),
                Heard::Recorded { .. } => bail!("an answer to nothing"),
                Heard::Read { .. } | Heard::Resync => {}
            }
        }
    }

    /// The next thing that is said. May be cancelled without loss.
    pub(super) async fn next(&mut self) -> Result<Heard> {
        loop {
            if let Some(heard) = self.heard.pop_front() {
                return Ok(heard);
            }
            match self.socket.next().await.context("the server closed the connection")?? {
                Frame::Binary(bytes) => {
                    for item in v1::ServerFrame::decode(bytes)?.items {
                        take(item, &mut self.heard)?;
                    }
                }
                Frame::Text(text) => take_baseline(serde_json::from_str(&text)?, &mut self.heard)?,
                Frame::Close(why) => bail!("the server closed the connection: {why:?}"),
                Frame::Ping(_) | Frame::Pong(_) | Frame::Frame(_) => {}
            }
        }
    }
}

fn take(item: v1::ServerItem, heard: &mut VecDeque<Heard>) -> Result<()> {
    match item.item {
        Some(Item::Response(v1::Response { error: Some(error), .. })) => {
            bail!("the server refused with {}: {}", error.code, error.text)
        }
        Some(Item::Response(v1::Response { id, result: Some(result), .. })) => {
            heard.push_back(match result {
                response::Result::SendReceipts(result) => {
                    let recorded = |one: &&v1::ReceiptResult| one.verdict() == v1::ReceiptVerdict::Recorded;
                    Heard::Recorded { id, receipts: result.results.iter().filter(recorded).count() }
                }
                other => Heard::Answer(Answer::Yidu(Box::new(other))),
            })
        }
        Some(Item::Push(push)) => match push.event {
            Some(Event::Changes(changes)) => heard.extend(changes.changes.into_iter().filter_map(|change| {
                let Some(v1::change::Thing::Receipt(state)) = change.thing else { return None };
                Some(Heard::Read { seq: state.seq, read: state.read_count })
            })),
            Some(Event::Resync(_)) => heard.push_back(Heard::Resync),
            Some(Event::Kicked(kicked)) => bail!("kicked: {}", kicked.text),
            Some(_) | None => {}
        },
        Some(Item::Response(_)) | None => {}
    }
    Ok(())
}

fn take_baseline(said: Said, heard: &mut VecDeque<Heard>) -> Result<()> {
    if let Some(error) = said.error {
        bail!("the baseline refused: {error}");
    }
    heard.extend(said.push.iter().map(|&(seq, read)| Heard::Read { seq, read }));
    match said.recorded {
        Some(receipts) => heard.push_back(Heard::Recorded { id: said.id, receipts }),
        None if said.id > 0 => heard.push_back(Heard::Answer(Answer::Baseline(said))),
        None => {}
    }
    Ok(())
}

pub(super) fn group_ref(group: &str) -> v1::ConversationRef {
    v1::ConversationRef { of: Some(v1::conversation_ref::Of::Group(group.to_owned())) }
}
