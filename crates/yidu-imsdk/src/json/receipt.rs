//! MessageReceipt: all keys are always present (`semantics.md` rule 15).

use yidu_client::v1::{self, conversation_ref::Of};

use super::object::objects;
use crate::ffi::enums::TIMConvType;

objects! {
    /// News of receipts: for one message, or (with an empty id) that a peer has cleared its unread count.
    MessageReceipt {
        msg_receipt_conv_id: String,
        msg_receipt_conv_type: i32,
        msg_receipt_msg_id: String,
        msg_receipt_time_stamp: u64,
        msg_receipt_is_peer_read: bool,
        msg_receipt_read_count: u64,
        msg_receipt_unread_count: u64,
    }
}

impl From<&v1::ReceiptState> for MessageReceipt {
    /// One-to-one: whether the peer has read it, and when. Group: the counts, of those who have left neither.
    fn from(state: &v1::ReceiptState) -> MessageReceipt {
        let msg_receipt_msg_id = state.message_id.clone();
        match state.conversation.as_ref().and_then(|conversation| conversation.of.as_ref()) {
            Some(Of::Group(group)) => MessageReceipt {
                msg_receipt_conv_id: group.clone(),
                msg_receipt_conv_type: TIMConvType::kTIMConv_Group as i32,
                msg_receipt_msg_id,
                msg_receipt_read_count: state.read_count.into(),
                msg_receipt_unread_count: state.unread_count.into(),
                ..MessageReceipt::default()
            },
            Some(Of::User(peer)) => MessageReceipt {
                msg_receipt_msg_id,
                msg_receipt_is_peer_read: state.read_count > 0,
                ..with_peer(peer, state.peer_read_time_ms)
            },
            None => MessageReceipt { msg_receipt_msg_id, ..MessageReceipt::default() },
        }
    }
}

impl From<&v1::PeerRead> for MessageReceipt {
    fn from(read: &v1::PeerRead) -> MessageReceipt {
        MessageReceipt { msg_receipt_is_peer_read: true, ..with_peer(&read.user_id, read.time_ms) }
    }
}

fn with_peer(peer: &str, time_ms: u64) -> MessageReceipt {
    MessageReceipt {
        msg_receipt_conv_id: peer.to_owned(),
        msg_receipt_conv_type: TIMConvType::kTIMConv_C2C as i32,
        msg_receipt_time_stamp: time_ms / 1_000,
        ..MessageReceipt::default()
    }
}
