//! Sending messages.

use std::ffi::c_int;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use yidu_client::{NewMessage, v1};

use super::conversation_arguments;
use crate::ffi::callback::{Answer, Callback, Failure, Outcome};
use crate::ffi::enums::TIMConvType;
use crate::ffi::types::TIMCommCallback;
use crate::ffi::{Buffer, Enum, Text, UserData};
use crate::json::message::given::Draft;
use crate::local::{Record, Way};
use crate::sdk::call;
use crate::sdk::session::Session;
use crate::sdk::show;

/// Sends a message to a user (kTIMConv_C2C) or a group (kTIMConv_Group).
///
/// `json_msg_param`: Message with `message_elem_array`; sender, id, seq, times and status are filled in.
/// `message_need_read_receipt` asks for receipts. Body and cloud custom data together have at most 12 KiB.
///
/// `message_id_buffer`: NULL, or at least 128 bytes, which hold the id of the message and a NUL when the function
/// returns TIM_SUCC; the same id is `message_msg_id` in the result.
///
/// Callback: the Message as it was sent, with status 2, after it is on the server's disk. On failure the Message with
/// status 3. Errors: 7013 (receipts asked for where they are off), 10007 (not a member), 10010 (no such group), 10017
/// (muted), 80002 (too long), 90012 and 20003 (the peer has no account), 6200 and 6012 (the server cannot be reached; it
/// may have got the message).
#[unsafe(no_mangle)]
pub extern "C" fn TIMMsgSendMessage(
    conv_id: Text,
    conv_type: Enum<TIMConvType>,
    json_msg_param: Text,
    message_id_buffer: Buffer,
    cb: TIMCommCallback,
    user_data: UserData,
) -> c_int {
    call::in_session(Callback::Comm(cb, user_data), |session, reader| {
        let conversation = conversation_arguments(reader, &conv_id, &conv_type)?;
        let draft = Draft::parse(reader.json(&json_msg_param)?)?;
        let record = begin(session, &conversation, draft.custom_int, draft.custom_str, &draft.request);
        message_id_buffer.write(&record.message().id);
        let session = session.clone();
        Ok(async move { send(&session, conversation, record, draft.request).await })
    })
}

/// The message as it is before the server has seen it.
fn begin(
    session: &Arc<Session>,
    conversation: &v1::ConversationRef,
    custom_int: u32,
    custom_str: String,
    request: &v1::SendMessage,
) -> Record {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let random: u32 = rand::random();
    let message = v1::Message {
        id: format!("{}-{now}-{random}", session.me.tinyid),
        to: Some(conversation.clone()),
        from: session.me.user_id.clone(),
        client_time_s: now,
        random,
        elements: request.elements.clone(),
        need_receipt: request.need_receipt,
        priority: request.priority,
        cloud_custom_data: request.cloud_custom_data.clone(),
        at_users: request.at_users.clone(),
        at_all: request.at_all,
        online_only: request.online_only,
        exclude_from_unread: request.exclude_from_unread,
        exclude_from_last_message: request.exclude_from_last_message,
        support_extension: request.support_extension,
        targeted: !request.targets.is_empty(),
        ..Default::default()
    };
    Record::sending(message, custom_int, custom_str)
}

async fn send(
    session: &Session,
    conversation: v1::ConversationRef,
    mut record: Record,
    request: v1::SendMessage,
) -> Outcome {
    let message = record.message();
    let request = v1::SendMessage {
        to: Some(conversation.clone()),
        random: message.random,
        client_time_s: message.client_time_s,
        ..request
    };
    // An online-only message is kept nowhere.
    let kept = !request.online_only;
    if kept {
        session.local.put(&conversation, record.clone());
    }
    match session.client.send(NewMessage::from(request)).await {
        Ok(sent) => {
            let view = v1::MessageView { message: Some(sent), ..Default::default() };
            if kept {
                record = session.local.see(&conversation, view);
                session.conversations.touch(&conversation);
            } else {
                record.see(view);
            }
            Ok(Answer::Json(show::message(session, &record)))
        }
        Err(error) => {
            record.set_way(Way::Failed);
            if kept {
                session.local.put(&conversation, record.clone());
            }
            Err(Failure::from(error).with_json(show::message(session, &record)))
        }
    }
}
