//! Requests into frames: as many in one as fit.

use bytes::{Bytes, BytesMut};
use prost::Message;
use prost::encoding::{encoded_len_varint, message};
use yidu_proto::limits::{FRAME_BYTES, REQUESTS};
use yidu_proto::v1;

/// `ClientFrame.requests`.
const REQUESTS_FIELD: u32 = 1;

/// Encodes requests, in order, as few frames as the limits allow (1 MiB, 1,000 requests). A request that alone is over
/// the limit gets a frame of its own.
pub(crate) fn frames<'a>(requests: impl IntoIterator<Item = &'a v1::Request>) -> Vec<Bytes> {
    let mut frames = Vec::new();
    let mut frame = BytesMut::new();
    let mut count = 0;
    for request in requests {
        let body = request.encoded_len();
        let size = 1 + encoded_len_varint(body as u64) + body;
        if count == REQUESTS || (count > 0 && frame.len() + size > FRAME_BYTES) {
            frames.push(frame.split().freeze());
            count = 0;
        }
        message::encode(REQUESTS_FIELD, request, &mut frame);
        count += 1;
    }
    if count > 0 {
        frames.push(frame.freeze());
    }
    frames
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use yidu_proto::v1::request::Operation;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn frames_hold_every_request_in_order_within_the_limits(
            sizes in prop::collection::vec(prop_oneof![9 => 0..100_usize, 1 => 0..400_000_usize], 0..2_500),
        ) {
            let mut total = 0;
            let requests: Vec<v1::Request> = (1..).zip(sizes).take_while(|(_, size)| { total += size; total < 8_000_000 })
                .map(|(id, size)| {
                    let get = v1::GetProfiles { user_ids: vec!["u".repeat(size)] };
                    v1::Request { id, operation: Some(Operation::GetProfiles(get)) }
                })
                .collect();
            let mut read = Vec::new();
            for frame in frames(&requests) {
                prop_assert!(frame.len() <= FRAME_BYTES);
                let frame = v1::ClientFrame::decode(frame).unwrap();
                prop_assert!((1..=REQUESTS).contains(&frame.requests.len()));
                read.extend(frame.requests);
            }
            prop_assert_eq!(read, requests);
        }
    }
}
