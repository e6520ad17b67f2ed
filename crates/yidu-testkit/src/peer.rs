//! A bare client: the frames themselves, for stories in which a well-behaved SDK would be in the way.

use std::collections::VecDeque;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use futures_util::{SinkExt, StreamExt};
use prost::Message as _;
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{Instant, timeout, timeout_at};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use yidu_proto::v1::push::Event;
use yidu_proto::v1::{self, request::Operation, server_item::Item};

use crate::ask::Ask;

/// How long a story waits for an event before it calls it missing. Generous: machines are shared.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Bytes that a narrow socket holds.
const NARROW: u32 = 16 * 1024;

/// A request that the server refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The number.
    pub code: u32,
    /// What the server says about it.
    pub text: String,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "refused with {}: {}", self.code, self.text)
    }
}

impl std::error::Error for Refused {}

/// One WebSocket, spoken by hand. What it is told unasked waits in a queue until a story looks for it.
pub struct Peer {
    socket: WebSocketStream<TcpStream>,
    next_id: u64,
    pushes: VecDeque<Event>,
    responses: VecDeque<v1::Response>,
}

impl Peer {
    /// Opens a socket with the binary sub-protocol; says nothing yet.
    pub async fn connect(url: &str) -> Result<Peer> {
        Peer::over(url, TcpSocket::new_v4()?).await
    }

    /// Opens a socket that holds little of what is not read, so that whoever writes to it soon notices.
    pub async fn connect_narrowly(url: &str) -> Result<Peer> {
        let socket = TcpSocket::new_v4()?;
        socket.set_recv_buffer_size(NARROW)?;
        Peer::over(url, socket).await
    }

    async fn over(url: &str, socket: TcpSocket) -> Result<Peer> {
        let mut request = format!("{url}{}", yidu_proto::WS_PATH).into_client_request()?;
        let protocol = HeaderValue::from_static(yidu_proto::SUBPROTOCOL);
        request.headers_mut().insert("Sec-WebSocket-Protocol", protocol);
        let address = url.trim_start_matches("ws://").parse().context("not ws://<address>:<port>")?;
        let stream = socket.connect(address).await.context("cannot connect")?;
        stream.set_nodelay(true)?;
        let (socket, _) = tokio_tungstenite::client_async(request, stream).await.context("no WebSocket")?;
        Ok(Peer { socket, next_id: 1, pushes: VecDeque::new(), responses: VecDeque::new() })
    }

    /// Sends raw bytes as one binary frame.
    pub async fn send_bytes(&mut self, bytes: Vec<u8>) -> Result<()> {
        Ok(self.socket.send(Frame::Binary(bytes.into())).await?)
    }

    /// Sends text, which the binary sub-protocol does not know.
    pub async fn send_text(&mut self, text: &str) -> Result<()> {
        Ok(self.socket.send(Frame::Text(text.into())).await?)
    }

    /// Sends requests in one frame without waiting; returns their ids.
    pub async fn send(&mut self, operations: Vec<Operation>) -> Result<Vec<u64>> {
        let first = self.next_id;
        self.next_id += operations.len() as u64;
        let requests = (first..).zip(operations);
        let requests =
            requests.map(|(id, operation)| v1::Request { id, operation: Some(operation) }).collect();
        self.send_bytes(v1::ClientFrame { requests }.encode_to_vec()).await?;
        Ok((first..self.next_id).collect())
    }

    /// One request and its answer; an error that holds a [`Refused`] when the server refuses it.
    pub async fn ask<R: Ask>(&mut self, request: R) -> Result<R::Answer> {
        let id = self.send(vec![request.operation()]).await?[0];
        let response = self.response_to(id).await?;
        if let Some(v1::Error { code, text, .. }) = response.error {
            return Err(Refused { code, text }.into());
        }
        R::answer(response.result.context("an answer without a result")?)
            .context("the answer to something else")
    }

    /// One request that the server is to refuse; returns the number.
    pub async fn refused<R: Ask>(&mut self, request: R) -> Result<u32> {
        match self.ask(request).await {
            Ok(_) => bail!("the server carried out what it should refuse"),
            Err(error) => Ok(error.downcast::<Refused>()?.code),
        }
    }

    /// The response to a request that was sent.
    pub async fn response_to(&mut self, id: u64) -> Result<v1::Response> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(at) = self.responses.iter().position(|response| response.id == id) {
                return self.responses.remove(at).context("just found");
            }
            self.read(deadline).await.with_context(|| format!("waiting for the answer to request {id}"))?;
        }
    }

    /// Waits for the first push that `pick` takes. Others stay where they are, and a failure names them.
    pub async fn wait<T>(&mut self, what: &str, mut pick: impl FnMut(&Event) -> Option<T>) -> Result<T> {
        let deadline = Instant::now() + PATIENCE;
        let mut looked_at = 0;
        loop {
            while let Some(event) = self.pushes.get(looked_at) {
                if let Some(picked) = pick(event) {
                    self.pushes.remove(looked_at);
                    return Ok(picked);
                }
                looked_at += 1;
            }
            if let Err(error) = self.read(deadline).await {
                let came: Vec<_> = self.pushes.iter().collect();
                return Err(error.context(format!("waiting for {what}; came instead: {came:?}")));
            }
        }
    }

    /// Takes all pushes that have been read so far.
    pub fn pushes(&mut self) -> Vec<Event> {
        self.pushes.drain(..).collect()
    }

    /// Reads until the server closes the socket; returns the pushes that came before.
    pub async fn until_closed(mut self) -> Result<Vec<Event>> {
        loop {
            match timeout(PATIENCE, self.socket.next()).await.context("the server does not close")? {
                None | Some(Err(_) | Ok(Frame::Close(_))) => return Ok(self.pushes()),
                Some(Ok(frame)) => self.take(&frame)?,
            }
        }
    }

    async fn read(&mut self, deadline: Instant) -> Result<()> {
        let frame = timeout_at(deadline, self.socket.next()).await.context("nothing came")?;
        let frame = frame.context("the server closed the socket")??;
        if let Frame::Close(why) = &frame {
            bail!("the server closed the socket: {why:?}");
        }
        self.take(&frame)
    }

    fn take(&mut self, frame: &Frame) -> Result<()> {
        let Frame::Binary(bytes) = frame else { return Ok(()) };
        for item in v1::ServerFrame::decode(bytes.as_ref())?.items {
            match item.item.context("an empty item")? {
                Item::Response(response) => self.responses.push_back(response),
                Item::Push(push) => one_by_one(push.event, &mut self.pushes),
            }
        }
        Ok(())
    }
}

/// Changes are queued one by one, the position of the push with the last, so that a story can pick one of them.
fn one_by_one(event: Option<Event>, pushes: &mut VecDeque<Event>) {
    let Some(Event::Changes(v1::Changes { mut changes, position })) = event else {
        pushes.extend(event);
        return;
    };
    let last = changes.pop();
    let alone = |change, position| Event::Changes(v1::Changes { changes: vec![change], position });
    pushes.extend(changes.into_iter().map(|change| alone(change, 0)));
    match last {
        Some(change) => pushes.push_back(alone(change, position)),
        None => pushes.push_back(Event::Changes(v1::Changes { changes: Vec::new(), position })),
    }
}
