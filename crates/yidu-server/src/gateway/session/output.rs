//! What is ready to be written: items, gathered into as few WebSocket messages as may be.

use std::collections::VecDeque;

use bytes::{Bytes, BytesMut};
use prost::Message;
use yidu_proto::{Code, limits, v1};

use crate::gateway::encode;
use crate::gateway::outbox::{Filled, Outbox};

/// While this much waits to be written, no further request is started.
const HIGH: usize = 256 * 1024;

/// Pushes are taken from the outbox up to here: what waits there merges, what is here does not.
const PUSHES: usize = 16 * 1024;

#[derive(Debug, Default)]
pub(super) struct Output {
    full: VecDeque<Bytes>,
    current: BytesMut,
    bytes: usize,
}

impl Output {
    /// There is room for the answer of another request.
    pub(super) fn has_room(&self) -> bool {
        self.bytes < HIGH
    }

    /// Appends a response. One that is too large for a frame is refused in its place.
    pub(super) fn response(&mut self, mut response: v1::Response) {
        if response.encoded_len() + 32 > limits::FRAME_BYTES {
            let text = "the answer is larger than a frame may be (1 MiB): ask for a smaller page";
            let code = Code::InvalidParameters.number();
            let error = Some(v1::Error { code, text: text.to_owned(), retry_after_ms: 0 });
            response = v1::Response { id: response.id, error, result: None };
        }
        self.append(|out| encode::append_response(out, &response));
    }

    /// Appends a push.
    pub(super) fn push(&mut self, field: encode::PushField, body: &impl Message) {
        self.append(|out| encode::append_push(out, field, body));
    }

    /// Appends what waits in an outbox, as far as there is room.
    pub(super) fn poll_fill(
        &mut self,
        outbox: &Outbox,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Filled> {
        let before = self.current.len();
        let filled = outbox.poll_fill(cx, &mut self.current, PUSHES);
        self.bytes += self.current.len() - before;
        filled
    }

    /// There is room for pushes.
    pub(super) fn wants_pushes(&self) -> bool {
        self.bytes < PUSHES
    }

    /// The next WebSocket message.
    pub(super) fn take(&mut self) -> Option<Bytes> {
        let message = match self.full.pop_front() {
            Some(message) => message,
            // Taken as a whole, so that an idle connection keeps no buffer.
            None if !self.current.is_empty() => std::mem::take(&mut self.current).freeze(),
            None => return None,
        };
        self.bytes -= message.len();
        Some(message)
    }

    fn append(&mut self, append: impl FnOnce(&mut BytesMut)) {
        let before = self.current.len();
        append(&mut self.current);
        self.bytes += self.current.len() - before;
        if before > 0 && self.current.len() > HIGH {
            // Two messages instead of one that a client may refuse for its size.
            let last = self.current.split_off(before);
            self.full.push_back(std::mem::replace(&mut self.current, last).freeze());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(bytes: usize) -> v1::Response {
        let message = v1::Message { cloud_custom_data: "x".repeat(bytes), ..Default::default() };
        let view = v1::MessageView { message: Some(message), ..Default::default() };
        let result = v1::GetHistoryResult { messages: vec![view], next_seq: 0 };
        v1::Response { id: 1, error: None, result: Some(v1::response::Result::GetHistory(result)) }
    }

    #[test]
    fn no_message_is_larger_than_a_frame_and_none_gets_lost() {
        let mut output = Output::default();
        let sizes = [10, 200_000, 100_000, 1_000_000, 10, 10, limits::FRAME_BYTES];
        sizes.iter().for_each(|size| output.response(history(*size)));
        let mut lengths = Vec::new();
        while let Some(message) = output.take() {
            assert!(message.len() <= limits::FRAME_BYTES);
            for item in v1::ServerFrame::decode(message).unwrap().items {
                let Some(v1::server_item::Item::Response(response)) = item.item else { panic!() };
                let length = response.encoded_len();
                lengths.push(response.error.map_or(length, |error| error.code as usize));
            }
        }
        assert_eq!(lengths.len(), sizes.len());
        assert_eq!(lengths.last(), Some(&6017));
        assert_eq!(output.bytes, 0);
    }
}
