//! Short forms for what the stories say.

use serde_json::{Value, json};
use yidu_client::v1;

use crate::person::Person;

/// `TIMConvType`.
pub(crate) const C2C: &str = "1";
pub(crate) const GROUP: &str = "2";

/// A text message that asks for receipts.
pub(crate) fn asking(text: &str) -> String {
    let mut message = plain(text);
    message["message_need_read_receipt"] = true.into();
    message.to_string()
}

/// A text message.
pub(crate) fn plain(text: &str) -> Value {
    json!({ "message_elem_array": [{ "elem_type": 0, "text_elem_content": text }] })
}

/// An array of one.
pub(crate) fn one(item: &Value) -> String {
    json!([item]).to_string()
}

/// The id of a group.
pub(crate) fn group_id(conversation: &v1::ConversationRef) -> String {
    match &conversation.of {
        Some(v1::conversation_ref::Of::Group(group)) => group.clone(),
        other => panic!("{other:?} is no group"),
    }
}

/// Sends a message that asks for receipts; the message as it came back.
pub(crate) fn send(person: &mut Person, to: &str, conv_type: &str, text: &str) -> Value {
    let (tag, returned, id) = person.begin("TIMMsgSendMessage", "siso", &[to, conv_type, &asking(text)]);
    assert_eq!(returned, 0);
    let sent = person.answer(&tag).good();
    assert_eq!(sent["message_msg_id"], id, "the id in the buffer is the id of the message");
    assert_eq!(sent["message_status"], 2);
    sent
}

/// Sends receipts, which have no result.
pub(crate) fn send_receipts(person: &mut Person, messages: &[Value]) {
    let answer = person.call("TIMMsgSendMessageReadReceipts", "s", &[&json!(messages).to_string()]);
    assert_eq!((answer.code, answer.json.as_str()), (0, ""), "{answer:?}");
}

/// The receipts of messages.
pub(crate) fn states(person: &mut Person, messages: &[Value]) -> Vec<Value> {
    let states = person.call("TIMMsgGetMessageReadReceipts", "s", &[&json!(messages).to_string()]).good();
    states.as_array().unwrap().clone()
}

/// The message as it is known on this side.
pub(crate) fn found(person: &mut Person, message: &Value) -> Value {
    let id = &message["message_msg_id"];
    person.call("TIMMsgFindMessages", "s", &[&one(id)]).good()[0].clone()
}

/// The newest messages of a conversation, newest first.
pub(crate) fn history(person: &mut Person, with: &str, conv_type: &str) -> Vec<Value> {
    person.call("TIMMsgGetMsgList", "sis", &[with, conv_type, "\\N"]).good().as_array().unwrap().clone()
}
