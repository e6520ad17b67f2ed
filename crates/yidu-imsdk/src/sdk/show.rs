//! What is known, as the texts of the interface.

use yidu_client::v1;

use super::session::Session;
use crate::local::Record;

pub(crate) fn messages(_session: &Session, _records: &[Record]) -> String {
    String::new()
}
pub(crate) fn profile(_profile: &v1::Profile) -> String {
    String::new()
}
pub(crate) fn group_tip(_message: &v1::Message) -> Option<String> {
    None
}
pub(crate) fn receipts(_states: &[v1::ReceiptState]) -> String {
    String::new()
}
pub(crate) fn peer_read(_read: &v1::PeerRead) -> String {
    String::new()
}
pub(crate) fn recalled(
    _session: &Session,
    _conversation: &v1::ConversationRef,
    _recalled: &v1::RecalledMessage,
    _record: Option<&Record>,
) -> String {
    String::new()
}
