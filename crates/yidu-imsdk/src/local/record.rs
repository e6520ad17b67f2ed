//! A message as it is kept on this side.

use yidu_client::v1::{self, conversation_ref::Of};

/// A message and what is known of it here. Written to disk as it is, behind a version byte.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Record {
    /// As the server showed it last.
    #[prost(message, optional, tag = "1")]
    pub(crate) view: Option<v1::MessageView>,
    /// Of a message of one's own that is not on the server: sending, or failed.
    #[prost(enumeration = "Way", tag = "2")]
    pub(crate) way: i32,
    /// Deleted on this side.
    #[prost(bool, tag = "3")]
    pub(crate) deleted: bool,
    #[prost(uint32, tag = "4")]
    pub(crate) custom_int: u32,
    #[prost(string, tag = "5")]
    pub(crate) custom_str: String,
}

/// Where a message of one's own is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, prost::Enumeration)]
#[repr(i32)]
pub(crate) enum Way {
    OnServer = 0,
    Sending = 1,
    Failed = 2,
}

impl Record {
    /// A message that is on its way to the server.
    pub(crate) fn sending(message: v1::Message, custom_int: u32, custom_str: String) -> Record {
        let view = Some(v1::MessageView { message: Some(message), ..Default::default() });
        Record { view, way: Way::Sending.into(), deleted: false, custom_int, custom_str }
    }

    /// The message; an empty one where there is none.
    pub(crate) fn message(&self) -> &v1::Message {
        static NONE: std::sync::LazyLock<v1::Message> = std::sync::LazyLock::new(v1::Message::default);
        self.view.as_ref().and_then(|view| view.message.as_ref()).unwrap_or(&NONE)
    }

    /// Takes over what the server shows. What only ever becomes true, or only rises, does not go back (rule 22).
    pub(crate) fn see(&mut self, view: v1::MessageView) {
        self.way = Way::OnServer.into();
        let mut view = view;
        if let Some(old) = self.view.take() {
            view.receipt_sent |= old.receipt_sent;
            view.peer_read |= old.peer_read;
            view.receipt = newer(old.receipt, view.receipt);
            let recall = old.message.and_then(|message| message.recall);
            self.view = Some(view);
            if let Some(recall) = recall.filter(|_| self.message().recall.is_none()) {
                self.recall(recall);
            }
        } else {
            self.view = Some(view);
        }
    }

    /// Everybody may know that it was there, nobody what it said.
    pub(crate) fn recall(&mut self, recall: v1::Recall) {
        if let Some(message) = self.view.as_mut().and_then(|view| view.message.as_mut()) {
            message.elements.clear();
            message.cloud_custom_data.clear();
            message.recall = Some(recall);
        }
    }

    /// The receipts as they are now; older news than what is known changes nothing.
    pub(crate) fn see_receipt(&mut self, state: v1::ReceiptState) {
        let view = self.view.get_or_insert_default();
        view.receipt = newer(view.receipt.take(), Some(state));
    }
}

fn newer(old: Option<v1::ReceiptState>, new: Option<v1::ReceiptState>) -> Option<v1::ReceiptState> {
    match (old, new) {
        (Some(old), Some(new)) if old.read_count > new.read_count => Some(old),
        (old, None) => old,
        (_, new) => new,
    }
}

/// A conversation as a key.
pub(crate) fn conversation_key(conversation: &v1::ConversationRef) -> String {
    match &conversation.of {
        Some(Of::User(user)) => format!("c2c_{user}"),
        Some(Of::Group(group)) => format!("group_{group}"),
        None => String::new(),
    }
}
