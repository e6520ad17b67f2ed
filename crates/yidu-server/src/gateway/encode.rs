//! Items of a `ServerFrame`, encoded so that they can be laid one after another (frame.proto: a frame is the
//! encodings of its items).

use bytes::{BufMut, Bytes, BytesMut};
use prost::Message;
use prost::encoding::{WireType, encode_key, encode_varint, encoded_len_varint};
use yidu_proto::v1;

/// Field `items` of `ServerFrame`.
const ITEMS: u32 = 1;
/// Fields of `ServerItem`.
const RESPONSE: u32 = 1;
const PUSH: u32 = 2;

/// What a push holds, as its field number in `Push`.
#[derive(Clone, Copy)]
pub(super) enum PushField {
    Message = 1,
    Changes = 2,
    ConversationChange = 3,
    ReceiptsSent = 4,
    Kicked = 5,
    Resync = 6,
    Draining = 7,
}

/// An item with a push: encoded once, shared by every session it goes to.
pub(super) fn push(field: PushField, body: &impl Message) -> Bytes {
    let mut out = BytesMut::new();
    append_push(&mut out, field, body);
    out.freeze()
}

/// Appends an item with a push.
pub(super) fn append_push(out: &mut BytesMut, field: PushField, body: &impl Message) {
    let body_len = body.encoded_len();
    let push_len = delimited_len(body_len);
    out.reserve(delimited_len(delimited_len(push_len)));
    open(out, ITEMS, delimited_len(push_len));
    open(out, PUSH, push_len);
    open(out, field as u32, body_len);
    body.encode_raw(out);
}

/// Appends an item with a response.
pub(super) fn append_response(out: &mut BytesMut, response: &v1::Response) {
    let response_len = response.encoded_len();
    out.reserve(delimited_len(delimited_len(response_len)));
    open(out, ITEMS, delimited_len(response_len));
    open(out, RESPONSE, response_len);
    response.encode_raw(out);
}

/// Field numbers up to 15 take one byte.
fn delimited_len(body: usize) -> usize {
    1 + encoded_len_varint(body as u64) + body
}

fn open(out: &mut impl BufMut, field: u32, len: usize) {
    encode_key(field, WireType::LengthDelimited, out);
    encode_varint(len as u64, out);
}

#[cfg(test)]
mod tests {
    use super::*;
    use v1::push::Event;
    use v1::server_item::Item;

    fn items(bytes: &[u8]) -> Vec<Item> {
        let frame = v1::ServerFrame::decode(bytes).unwrap();
        frame.items.into_iter().map(|item| item.item.unwrap()).collect()
    }

    fn event(bytes: &[u8]) -> Event {
        match items(bytes).remove(0) {
            Item::Push(push) => push.event.unwrap(),
            Item::Response(_) => panic!("a response"),
        }
    }

    #[test]
    fn every_push_reads_as_what_it_is() {
        let message = v1::Message { id: "1-2-3".into(), seq: 300, ..Default::default() };
        assert_eq!(event(&push(PushField::Message, &message)), Event::Message(message));
        let changes = v1::Changes { changes: vec![v1::Change::default()], position: 9 };
        assert_eq!(event(&push(PushField::Changes, &changes)), Event::Changes(changes));
        let change = v1::ConversationChange { number: 4, ..Default::default() };
        assert_eq!(event(&push(PushField::ConversationChange, &change)), Event::ConversationChange(change));
        let sent = v1::ReceiptsSent { seqs: vec![1, 2], ..Default::default() };
        assert_eq!(event(&push(PushField::ReceiptsSent, &sent)), Event::ReceiptsSent(sent));
        let kicked = v1::Kicked { code: 6208, text: "x".repeat(200), ..Default::default() };
        assert_eq!(event(&push(PushField::Kicked, &kicked)), Event::Kicked(kicked));
        assert_eq!(event(&push(PushField::Resync, &v1::Resync {})), Event::Resync(v1::Resync {}));
        let draining = v1::Draining { reconnect_after_ms: 70_000 };
        assert_eq!(event(&push(PushField::Draining, &draining)), Event::Draining(draining));
    }

    #[test]
    fn items_laid_one_after_another_are_a_frame() {
        let response = v1::Response { id: 7, ..Default::default() };
        let mut out = BytesMut::new();
        append_response(&mut out, &response);
        append_push(&mut out, PushField::Resync, &v1::Resync {});
        append_response(&mut out, &response);
        assert_eq!(items(&out).len(), 3);
        assert_eq!(items(&out)[2], Item::Response(response));
    }
}
