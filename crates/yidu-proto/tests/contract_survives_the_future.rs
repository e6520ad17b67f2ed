//! A frame from a newer contract reads here as far as this build knows it (the rules at the head of `frame.proto`).

use proptest::prelude::*;
use prost::Message;
use yidu_proto::{Element, v1};

/// Field 900, a string: something of a later contract.
const FUTURE_FIELD: &[u8] = &[0xa2, 0x38, 0x03, b'n', b'e', b'w'];

#[test]
fn unknown_fields_are_ignored_and_the_known_ones_read() {
    let mut bytes = v1::SendReceipts { conversation: None, seqs: vec![1, 2] }.encode_to_vec();
    bytes.extend_from_slice(FUTURE_FIELD);
    assert_eq!(v1::SendReceipts::decode(bytes.as_slice()).unwrap().seqs, [1, 2]);
}

#[test]
fn an_unknown_operation_still_has_its_request_id() {
    let mut request = v1::Request { id: 7, operation: None }.encode_to_vec();
    request.extend_from_slice(FUTURE_FIELD);
    let request = v1::Request::decode(request.as_slice()).unwrap();
    assert_eq!((request.id, request.operation), (7, None));
}

#[test]
fn an_unknown_enum_value_stays_the_number_it_is() {
    let message = v1::Message { platform: 4_711, ..Default::default() };
    let again = v1::Message::decode(message.encode_to_vec().as_slice()).unwrap();
    assert_eq!(again.platform, 4_711);
    assert_eq!(again.encode_to_vec(), message.encode_to_vec());
}

proptest! {
    #[test]
    fn items_are_concatenable(ids in prop::collection::vec(1_u64.., 0..20)) {
        let item = |id| v1::ServerItem {
            item: Some(v1::server_item::Item::Response(v1::Response { id, error: None, result: None })),
        };
        let one_by_one: Vec<u8> =
            ids.iter().flat_map(|id| v1::ServerFrame { items: vec![item(*id)] }.encode_to_vec()).collect();
        let together = v1::ServerFrame { items: ids.into_iter().map(item).collect() };
        prop_assert_eq!(one_by_one, together.encode_to_vec());
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _read = v1::ClientFrame::decode(bytes.as_slice());
        if let Ok(element) = Element::decode(bytes.as_slice()) {
            prop_assert_eq!(Element::decode(element.raw()).map(|again| again.raw().to_vec()), Ok(element.raw().to_vec()));
        }
    }
}
