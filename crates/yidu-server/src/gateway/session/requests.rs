//! The requests of a session: those of the frame at hand, and those under way.

use std::collections::{HashMap, VecDeque};
use std::task::{Context, Poll};

use bytes::{Buf, Bytes};
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use prost::Message;
use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, skip_field};
use v1::request::Operation;
use yidu_proto::{limits, v1};

use crate::gateway::dispatch::Lane;

/// The frame at hand. It stays as it came, and requests are taken out as they can be started: a frame of a megabyte of
/// tiny requests would grow twelvefold if it were decoded at once.
#[derive(Debug, Default)]
pub(super) struct Frame {
    rest: Bytes,
    taken: usize,
}

impl Frame {
    pub(super) fn new(frame: Bytes) -> Frame {
        Frame { rest: frame, taken: 0 }
    }

    pub(super) fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next request; `None` when there is none. The error says why the frame cannot be read from here on.
    pub(super) fn next(&mut self) -> Result<Option<v1::Request>, String> {
        let request = self.take().map_err(|error| format!("the frame cannot be read: {error}"))?;
        let Some(request) = request else { return Ok(None) };
        self.taken += 1;
        if self.taken > limits::REQUESTS {
            return Err(format!(
                "the frame holds more than {} requests: send several frames",
                limits::REQUESTS
            ));
        }
        if request.id == 0 {
            return Err("a request has the id 0: give each its own, from 1".to_owned());
        }
        Ok(Some(request))
    }

    fn take(&mut self) -> Result<Option<v1::Request>, prost::DecodeError> {
        while !self.rest.is_empty() {
            let (field, wire_type) = decode_key(&mut self.rest)?;
            if (field, wire_type) != (1, WireType::LengthDelimited) {
                // A field of a later contract.
                skip_field(wire_type, field, &mut self.rest, DecodeContext::default())?;
                continue;
            }
            let length = decode_varint(&mut self.rest)?;
            let Some(length) = usize::try_from(length).ok().filter(|length| *length <= self.rest.remaining())
            else {
                // Says that it is cut off, in the words of the decoder.
                return v1::Request::decode(&[0x0a, 0x01][..]).map(Some);
            };
            return v1::Request::decode(self.rest.split_to(length)).map(Some);
        }
        self.rest = Bytes::new();
        Ok(None)
    }
}

/// A request that has been carried out.
pub(super) struct Done<T> {
    lane: Option<Lane>,
    pub(super) answer: T,
}

/// Requests under way: running, or waiting for the one before them in their lane.
pub(super) struct InFlight<T> {
    running: FuturesUnordered<BoxFuture<'static, Done<T>>>,
    /// Lanes that are taken, with who waits behind.
    lanes: HashMap<Lane, VecDeque<(u64, Operation)>>,
    /// Lanes that have become free and have somebody waiting.
    free: Vec<Lane>,
    waiting: usize,
}

impl<T: Send + 'static> InFlight<T> {
    pub(super) fn new() -> InFlight<T> {
        InFlight { running: FuturesUnordered::new(), lanes: HashMap::new(), free: Vec::new(), waiting: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.running.len() + self.waiting
    }

    /// [`Self::next_free`] has something.
    pub(super) fn has_free(&self) -> bool {
        !self.free.is_empty()
    }

    /// Takes a request in. It is started now unless its lane is taken; then [`Self::next_free`] gives it back in its turn.
    pub(super) fn enter(
        &mut self,
        id: u64,
        operation: Operation,
        lane: Option<Lane>,
    ) -> Option<(u64, Operation)> {
        let Some(lane) = lane else { return Some((id, operation)) };
        if let Some(waiting) = self.lanes.get_mut(&lane) {
            waiting.push_back((id, operation));
            self.waiting += 1;
            return None;
        }
        self.lanes.insert(lane, VecDeque::new());
        Some((id, operation))
    }

    /// Runs what carries out a request of this lane.
    pub(super) fn run(&mut self, lane: Option<Lane>, answer: impl Future<Output = T> + Send + 'static) {
        self.running.push(Box::pin(async move { Done { lane, answer: answer.await } }));
    }

    /// A request whose lane has become free, to be run now.
    pub(super) fn next_free(&mut self) -> Option<(u64, Operation, Lane)> {
        let lane = self.free.pop()?;
        let (id, operation) = self.lanes.get_mut(&lane)?.pop_front()?;
        self.waiting -= 1;
        Some((id, operation, lane))
    }

    /// The next answer. Pending also when nothing is under way.
    pub(super) fn poll_done(&mut self, cx: &mut Context<'_>) -> Poll<T> {
        match self.running.poll_next_unpin(cx) {
            Poll::Ready(Some(done)) => {
                if let Some(lane) = done.lane {
                    self.leave(lane);
                }
                Poll::Ready(done.answer)
            }
            Poll::Ready(None) | Poll::Pending => Poll::Pending,
        }
    }

    /// Lets what has been started end, whoever wanted the answer: a request that is dropped between its commit and its
    /// announcement would leave others without their pushes. What has not been started is dropped.
    pub(super) async fn finish(mut self) {
        while self.running.next().await.is_some() {}
    }

    fn leave(&mut self, lane: Lane) {
        match self.lanes.get(&lane) {
            Some(waiting) if !waiting.is_empty() => self.free.push(lane),
            Some(_) | None => {
                self.lanes.remove(&lane);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ping(id: u64) -> v1::Request {
        v1::Request { id, operation: Some(Operation::Ping(v1::Ping {})) }
    }

    fn frame(requests: Vec<v1::Request>) -> Bytes {
        v1::ClientFrame { requests }.encode_to_vec().into()
    }

    #[test]
    fn requests_come_out_one_by_one_as_they_went_in() {
        let mut bytes = frame(vec![ping(1), ping(2)]).to_vec();
        bytes.extend([0x12, 0x01, 0xff]);
        bytes.extend(frame(vec![ping(3)]));
        let mut frame = Frame::new(bytes.into());
        for id in 1..=3 {
            assert_eq!(frame.next().unwrap(), Some(ping(id)));
        }
        assert_eq!(frame.next().unwrap(), None);
        assert!(frame.is_done());
    }

    #[test]
    fn a_frame_that_cannot_be_read_says_why() {
        let whole = frame(vec![ping(1)]);
        for cut in 1..whole.len() {
            assert!(Frame::new(whole.slice(..cut)).next().is_err(), "cut at {cut}");
        }
        let error = Frame::new(frame(vec![ping(0)])).next().unwrap_err();
        assert!(error.contains("id 0"), "{error}");
        let mut many = Frame::new(frame((0..=limits::REQUESTS as u64).map(|id| ping(id + 1)).collect()));
        let error = std::iter::repeat_with(|| many.next()).find_map(Result::err).unwrap();
        assert!(error.contains("more than 1000"), "{error}");
    }

    #[tokio::test]
    async fn a_lane_keeps_its_order_and_the_others_go_on() {
        let mut in_flight: InFlight<u64> = InFlight::new();
        let lane = Some(Lane::Account);
        let operation = Operation::Ping(v1::Ping {});
        assert!(in_flight.enter(1, operation.clone(), lane.clone()).is_some());
        in_flight.run(lane.clone(), async { 1 });
        assert!(in_flight.enter(2, operation.clone(), lane.clone()).is_none());
        assert!(in_flight.enter(3, operation.clone(), lane.clone()).is_none());
        assert!(in_flight.enter(4, operation.clone(), Some(Lane::Pages)).is_some());
        assert!(in_flight.enter(5, operation, None).is_some());
        assert_eq!(in_flight.len(), 3);
        for id in [2, 3] {
            assert!(in_flight.next_free().is_none());
            assert_eq!(std::future::poll_fn(|cx| in_flight.poll_done(cx)).await, id - 1);
            let (next, _, lane) = in_flight.next_free().unwrap();
            assert_eq!(next, id);
            in_flight.run(Some(lane), async move { id });
        }
        assert_eq!(std::future::poll_fn(|cx| in_flight.poll_done(cx)).await, 3);
        assert!(in_flight.lanes.keys().eq([&Lane::Pages]));
    }
}
