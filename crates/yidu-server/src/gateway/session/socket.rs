//! The WebSocket of a session: frames in either form, small buffers, large messages in pieces.

use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use prost::Message as _;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{CloseCode, Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};
use yidu_proto::{json, limits};

use crate::gateway::wire::Wire;

/// Bytes read at once; an idle connection keeps as much.
const READ_BUFFER: usize = 4 * 1024;

/// Bytes of a piece: larger messages go out as several WebSocket frames, so that the write buffer, which never shrinks,
/// stays small.
const PIECE: usize = 8 * 1024;

/// Bytes of a JSON frame. Reading JSON takes many times its size; it is for looking at, not for work.
const JSON_FRAME_BYTES: usize = 128 * 1024;

/// How long a socket may take to say goodbye.
const FAREWELL: Duration = Duration::from_secs(2);

/// The two forms of frames, which the client chooses by sub-protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::gateway) enum Form {
    /// `yidu.v1`: protobuf.
    Binary,
    /// `yidu.v1.json`: proto3 JSON.
    Json,
}

/// What came in.
#[derive(Debug)]
pub(super) enum Incoming {
    /// An encoded `ClientFrame`.
    Frame(Bytes),
    /// A sign of life.
    Alive,
    /// Something that is not a frame of this form.
    Unreadable(String),
}

/// The connection is over, for this reason.
#[derive(Debug)]
pub(super) struct Gone(pub(super) String);

pub(in crate::gateway) struct Socket {
    stream: WebSocketStream<Wire>,
    form: Form,
    /// What is left of the message being written, and whether its first piece is out.
    writing: Option<(Bytes, bool)>,
    /// Everything was handed to the stream, which may still hold some of it.
    flushing: bool,
    /// Bytes written when they were last seen to rise, and when that was.
    progress: (u64, Instant),
}

impl Socket {
    pub(in crate::gateway) async fn new(wire: Wire, read_already: Bytes, form: Form) -> Socket {
        let frame = match form {
            Form::Binary => limits::FRAME_BYTES,
            Form::Json => JSON_FRAME_BYTES,
        };
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER)
            .write_buffer_size(PIECE)
            .max_write_buffer_size(8 * PIECE)
            .max_frame_size(Some(frame))
            .max_message_size(Some(frame));
        let read_already = read_already.to_vec();
        let stream =
            WebSocketStream::from_partially_read(wire, read_already, Role::Server, Some(config)).await;
        Socket { stream, form, writing: None, flushing: false, progress: (0, Instant::now()) }
    }

    /// Reads the next frame. Pings are answered on the way.
    pub(super) fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<Result<Incoming, Gone>> {
        let message = match ready!(self.stream.poll_next_unpin(cx)) {
            None => return Poll::Ready(Err(Gone("closed by the client".to_owned()))),
            Some(Ok(message)) => message,
            Some(Err(Error::Capacity(error))) => {
                return Poll::Ready(Ok(Incoming::Unreadable(format!("the frame is too large: {error}"))));
            }
            Some(Err(error)) => return Poll::Ready(Err(Gone(error.to_string()))),
        };
        Poll::Ready(Ok(match (message, self.form) {
            (Message::Binary(frame), Form::Binary) => Incoming::Frame(frame),
            (Message::Text(text), Form::Json) => match json::client_frame_from_json(&text) {
                Ok(frame) => Incoming::Frame(frame.encode_to_vec().into()),
                Err(error) => Incoming::Unreadable(error.to_string()),
            },
            (Message::Text(_), Form::Binary) => {
                Incoming::Unreadable("a text frame: the sub-protocol yidu.v1 has binary ones".to_owned())
            }
            (Message::Binary(_), Form::Json) => {
                Incoming::Unreadable("a binary frame: the sub-protocol yidu.v1.json has text ones".to_owned())
            }
            // The stream ends right after a close frame.
            (Message::Ping(_) | Message::Pong(_) | Message::Close(_) | Message::Frame(_), _) => {
                Incoming::Alive
            }
        }))
    }

    /// Nothing is being written.
    pub(super) fn is_idle(&self) -> bool {
        self.writing.is_none() && !self.flushing
    }

    /// Begins to write items as one WebSocket message. Only while [`Self::is_idle`].
    pub(super) fn write(&mut self, items: Bytes) -> Result<(), Gone> {
        let message = match self.form {
            Form::Binary => items,
            Form::Json => json::server_frame_to_json(&items).map_err(|error| Gone(error.to_string()))?.into(),
        };
        self.progress = (self.stream.get_ref().written(), Instant::now());
        self.writing = Some((message, false));
        Ok(())
    }

    /// Goes on writing. Ready when everything is with the operating system.
    pub(super) fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Gone>> {
        while let Some((rest, begun)) = &mut self.writing {
            ready!(self.stream.poll_ready_unpin(cx)).map_err(gone)?;
            let piece = rest.split_to(rest.len().min(PIECE));
            let last = rest.is_empty();
            let opcode = match (*begun, self.form) {
                (true, _) => Data::Continue,
                (false, Form::Binary) => Data::Binary,
                (false, Form::Json) => Data::Text,
            };
            *begun = true;
            let frame = Frame::message(piece, OpCode::Data(opcode), last);
            self.stream.start_send_unpin(Message::Frame(frame)).map_err(gone)?;
            if last {
                self.writing = None;
                self.flushing = true;
            }
        }
        if self.flushing {
            ready!(self.stream.poll_flush_unpin(cx)).map_err(gone)?;
            self.flushing = false;
        }
        Poll::Ready(Ok(()))
    }

    /// Since when no byte of what is being written has gone out; `None` while nothing is.
    pub(super) fn stuck_since(&mut self) -> Option<Instant> {
        if self.is_idle() {
            return None;
        }
        let written = self.stream.get_ref().written();
        if written != self.progress.0 {
            self.progress = (written, Instant::now());
        }
        Some(self.progress.1)
    }

    /// Writes what is left and these messages, and closes in order, within two seconds.
    pub(super) async fn close(mut self, rest: Vec<Bytes>, code: u16, reason: &str) {
        let farewell = async {
            self.flush().await?;
            for message in rest {
                self.write(message)?;
                self.flush().await?;
            }
            let frame = CloseFrame { code: CloseCode::from(code), reason: reason.to_owned().into() };
            self.stream.send(Message::Close(Some(frame))).await.map_err(gone)?;
            while let Some(Ok(_)) = self.stream.next().await {}
            // To drop a connection that has unread input resets it, and the client loses what was written last.
            let wire = self.stream.get_mut();
            let _gone = wire.shutdown().await;
            let mut unread = [0; 1_024];
            while wire.read(&mut unread).await.is_ok_and(|bytes| bytes > 0) {}
            Ok::<_, Gone>(())
        };
        // Whoever does not answer, or is gone, is dropped all the same.
        let _late = timeout(FAREWELL, farewell).await;
    }

    async fn flush(&mut self) -> Result<(), Gone> {
        std::future::poll_fn(|cx| self.poll_write(cx)).await
    }
}

fn gone(error: Error) -> Gone {
    Gone(error.to_string())
}
