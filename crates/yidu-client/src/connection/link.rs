//! One WebSocket: frames in, frames out, neither waiting for the other.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_util::{Sink, Stream};
use prost::Message as _;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::http::header::SEC_WEBSOCKET_PROTOCOL;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error as WsError, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};
use yidu_proto::SUBPROTOCOL;
use yidu_proto::limits::FRAME_BYTES;
use yidu_proto::v1::{self, request::Operation, response, server_item::Item};

use super::{Credentials, frames};
use crate::builder::Config;
use crate::error::{Error, ErrorKind, Result};

/// The id of the login request; later ids are greater.
pub(crate) const LOGIN_ID: u64 = 1;

/// Bytes of one frame of the server's that are taken: a page of the largest messages and room to spare.
const LARGEST_FRAME: usize = 16 * FRAME_BYTES;

/// A connection that is logged in.
pub(crate) struct Link {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    outgoing: VecDeque<Bytes>,
    outgoing_bytes: usize,
    /// Something was handed to the socket that may not be flushed yet.
    flushing: bool,
    incoming: VecDeque<Item>,
}

impl Link {
    /// Connects and logs in, within the configured time.
    ///
    /// Pushes that come with the answer to the login are kept for [`next`](Link::next).
    pub(crate) async fn open(config: &Config, credentials: &Credentials) -> Result<(Link, v1::LoginResult)> {
        let opening = async {
            let mut link = Link::connect(config).await?;
            let result = link.log_in(config, credentials).await?;
            Ok((link, result))
        };
        timeout(config.connect_timeout, opening).await.unwrap_or_else(|_| {
            Err(Error::new(
                ErrorKind::Timeout,
                "the server did not take the login in time; is the address right?",
            ))
        })
    }

    async fn connect(config: &Config) -> Result<Link> {
        // Where several providers are built in, rustls wants to be told; an error says that the app has told it.
        #[cfg(feature = "tls")]
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut request = config.uri.clone().into_client_request().map_err(connect_failed)?;
        request.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SUBPROTOCOL));
        let limits = WebSocketConfig::default()
            .max_message_size(Some(LARGEST_FRAME))
            .max_frame_size(Some(LARGEST_FRAME));
        let (socket, _) =
            connect_async_with_config(request, Some(limits), true).await.map_err(connect_failed)?;
        Ok(Link {
            socket,
            outgoing: VecDeque::new(),
            outgoing_bytes: 0,
            flushing: false,
            incoming: VecDeque::new(),
        })
    }

    async fn log_in(&mut self, config: &Config, credentials: &Credentials) -> Result<v1::LoginResult> {
        let login = v1::Login {
            app_id: config.app_id,
            user_id: credentials.user_id.clone(),
            user_sig: credentials.user_sig.clone(),
            platform: config.platform.into(),
            device_id: config.device.clone(),
        };
        self.send(&[v1::Request { id: LOGIN_ID, operation: Some(Operation::Login(login)) }]);
        let mut early = VecDeque::new();
        let result = loop {
            match self.next().await? {
                Some(Item::Response(response)) if response.id <= LOGIN_ID => {
                    break login_result(response)?;
                }
                Some(item) => early.push_back(item),
                None => {}
            }
        };
        early.append(&mut self.incoming);
        self.incoming = early;
        Ok(result)
    }

    /// Queues requests; [`next`](Link::next) writes them.
    pub(crate) fn send<'a>(&mut self, requests: impl IntoIterator<Item = &'a v1::Request>) {
        for frame in frames::frames(requests) {
            self.outgoing_bytes += frame.len();
            self.outgoing.push_back(frame);
        }
    }

    /// There is little enough unwritten to take more.
    pub(crate) fn has_room(&self) -> bool {
        self.outgoing_bytes < FRAME_BYTES
    }

    /// Writes what is queued and reads what comes; `None` when everything queued has just been written. May be cancelled
    /// without loss.
    ///
    /// # Errors
    /// The connection is over.
    pub(crate) async fn next(&mut self) -> Result<Option<Item>> {
        poll_fn(|cx| self.poll(cx)).await
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Item>>> {
        if let Some(item) = self.incoming.pop_front() {
            return Poll::Ready(Ok(Some(item)));
        }
        let writing = self.flushing || !self.outgoing.is_empty();
        if writing && self.poll_write(cx)?.is_ready() {
            return Poll::Ready(Ok(None));
        }
        loop {
            let frame = match ready!(Pin::new(&mut self.socket).poll_next(cx)) {
                Some(Ok(Message::Binary(bytes))) => bytes,
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => continue,
                Some(Ok(Message::Text(_))) => return Poll::Ready(Err(unreadable())),
                Some(Ok(Message::Close(_))) | None => return Poll::Ready(Err(connection_closed())),
                Some(Err(error)) => return Poll::Ready(Err(connection_lost(error))),
            };
            let frame = v1::ServerFrame::decode(frame).map_err(|source| unreadable().with_source(source))?;
            // An item of a kind that this build does not know is left out.
            self.incoming.extend(frame.items.into_iter().filter_map(|item| item.item));
            if let Some(item) = self.incoming.pop_front() {
                return Poll::Ready(Ok(Some(item)));
            }
        }
    }

    /// Ready when nothing is left to write.
    fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let mut socket = Pin::new(&mut self.socket);
        while !self.outgoing.is_empty() {
            ready!(socket.as_mut().poll_ready(cx)).map_err(connection_lost)?;
            if let Some(frame) = self.outgoing.pop_front() {
                self.outgoing_bytes -= frame.len();
                self.flushing = true;
                socket.as_mut().start_send(Message::Binary(frame)).map_err(connection_lost)?;
            }
        }
        ready!(socket.poll_flush(cx)).map_err(connection_lost)?;
        self.flushing = false;
        Poll::Ready(Ok(()))
    }
}

fn login_result(response: v1::Response) -> Result<v1::LoginResult> {
    match (response.error, response.result) {
        (Some(error), _) => Err(Error::refused(error)),
        (None, Some(response::Result::Login(result))) => Ok(result),
        (None, _) => Err(unreadable()),
    }
}

fn connect_failed(source: WsError) -> Error {
    let text = if let WsError::Http(answer) = &source {
        format!("the server answered with HTTP {}; is this the address of Yidu?", answer.status())
    } else {
        "cannot connect to the server; is it running, and is the address right?".to_owned()
    };
    Error::new(ErrorKind::Disconnected, text).with_source(source)
}

fn connection_closed() -> Error {
    Error::new(ErrorKind::Disconnected, "the server closed the connection")
}

fn connection_lost(source: WsError) -> Error {
    Error::new(ErrorKind::Disconnected, "the connection was lost").with_source(source)
}

fn unreadable() -> Error {
    Error::new(ErrorKind::Protocol, "the server said something that this build cannot read")
}
