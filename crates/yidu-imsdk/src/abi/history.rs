//! Histories: reading, finding, deleting, revoking, marking as read.

use std::ffi::c_int;

use serde::Deserialize;
use yidu_client::{ReadUpTo, v1};

use super::{conversation_arguments, parse};
use crate::ffi::callback::{Answer, Callback, Failure, Outcome};
use crate::ffi::enums::{TIMConvType, TIMResult};
use crate::ffi::types::TIMCommCallback;
use crate::ffi::{Enum, Text, UserData};
use crate::json::JsonError;
use crate::json::locator::MsgLocator;
use crate::json::object::{self, Field};
use crate::json::reference::MessageRef;
use crate::local::Record;
use crate::sdk::call::{self, Refusal, nothing};
use crate::sdk::conversations;
use crate::sdk::history::ListParam;
use crate::sdk::place::{Place, Places};
use crate::sdk::session::Session;
use crate::sdk::show;

/// Messages that are found or deleted in one call.
const FOUND: usize = 1_000;
const DELETED: usize = 50;

/// Reads a part of a conversation's history.
///
/// `json_get_msg_param`: MsgGetMsgListParam; NULL or "" means the newest 20. `_count`: 1 to 1,000, 0 means 20.
/// `_is_forward`: towards the newer, else towards the older. Where to begin, first that is given:
/// `_message_seq_array` (groups; these messages alone), `_last_msg` (left out of the result), `_last_msg_seq` (groups;
/// included), else the newest or the oldest. `_time_begin` and `_time_period` (seconds) bound the result: from the begin
/// towards where it reads. `_is_ramble` false reads only what is kept on this side, and `_message_type_array` then
/// picks kinds of element; true, or absent, asks the server, and takes what is kept on this side when it cannot be
/// reached.
///
/// Callback: an array of Message, newest first towards the older, oldest first towards the newer. Revoked messages are
/// in it with status 6, deleted ones are not. Errors: 10007 (not in the conversation), 10010 (no such group). Returns
/// TIM_ERR_PARAM for a count out of bounds or a last message that is not of this conversation.
#[unsafe(no_mangle)]
pub extern "C" fn TIMMsgGetMsgList(
    conv_id: Text,
    conv_type: Enum<TIMConvType>,
    json_get_msg_param: Text,
    cb: TIMCommCallback,
    user_data: UserData,
) -> c_int {
    call::in_session(Callback::Comm(cb, user_data), |session, reader| {
        let conversation = conversation_arguments(reader, &conv_id, &conv_type)?;
        let param = match reader.optional_json(&json_get_msg_param)? {
            Some(json) => parse::<ListParam<'_>>(json)?,
            None => ListParam::default(),
        };
        let query = param.query(session, conversation)?;
        let session = session.clone();
        Ok(async move {
            let records = query.run(&session).await?;
            Ok(Answer::Json(show::messages(&session, &records)))
        })
    })
}

/// Finds messages on this side by their ids: what this process has seen or sent, and what a folder named in TIMInit
/// kept from earlier ones.
///
/// `json_message_id_array`: 1 to 1,000 ids. Callback: an array of Message, revoked and deleted ones (status 6 and 4)
/// too; ids that are not known here are left out.
#[unsafe(no_mangle)]
pub extern "C" fn TIMMsgFindMessages(
    json_message_id_array: Text,
    cb: TIMCommCallback,
    user_data: UserData,
) -> c_int {
    call::in_session(Callback::Comm(cb, user_data), |session, reader| {
        let ids: Vec<String> = object::read(reader.json(&json_message_id_array)?)?;
        if ids.len() > FOUND {
            return Err(Refusal::param(format!("at most {FOUND} ids in one call")));
        }
        let session = session.clone();
        Ok(async move {
            let found: Vec<Record> = ids.iter().filter_map(|id| session.local.get(id)).collect();
            Ok(Answer::Json(show::messages(&session, &found)))
        })
    })
}

/// Finds messages of one conversation by their places: `message_locator_seq`, and where they are given
/// `message_locator_rand` and `message_locator_time` have to fit.
///
/// `json_msg_Locator_array`: 1 to 1,000 MsgLocators. Callback: an array of Message, from this side, else from the
/// server; what does not exist or may not be seen is left out. Errors: 10007, 10010.
#[unsafe(no_mangle)]
pub extern "C" fn TIMMsgFindByMsgLocatorList(
    conv_id: Text,
    conv_type: Enum<TIMConvType>,
    json_msg_Locator_array: Text,
    cb: TIMCommCallback,
    user_data: UserData,
) -> c_int {
    call::in_session(Callback::Comm(cb, user_data), |session, reader| {
        let conversation = conversation_arguments(reader, &conv_id, &conv_type)?;
        let locators = MsgLocator::parse_array(reader.json(&json_msg_Locator_array)?)?;
        if locators.is_empty() || locators.len() > FOUND {
            return Err(Refusal::param(format!("1 to {FOUND} locators in one call")));
        }
        let session = session.clone();
        Ok(async move { locate(&session, conversation, locators).await })
    })
}

async fn locate(session: &Session, conversation: v1::ConversationRef, locators: Vec<MsgLocator>) -> Outcome {
    let unknown: Vec<u64> = locators
        .iter()
        .map(|locator| locator.message_locator_seq)
        .filter(|seq| *seq > 0 && session.local.at(&conversation, *seq).is_none())
        .collect();
    if !unknown.is_empty() && session.is_online() {
        for view in session.client.messages(&conversation, &unknown).await? {
            session.local.see(&conversation, view);
        }
    }
    let found = locators.iter().filter_map(|locator| {
        let record = session.local.at(&conversation, locator.message_locator_seq)?;
        let message = record.message();
        let fits = |wanted: u64, is: u64| wanted == 0 || wanted == is;
        let same = fits(locator.message_locator_rand, message.random.into())
            && fits(locator.message_locator_time, message.time_ms / 1_000);
        same.then_some(record)
    });
    Ok(Answer::Json(show::messages(session, &found.collect::<Vec<_>>())))
}

/// Revokes a message for everybody: one's own; owner and admins of a group also others'. The message stays in the
/// history with status 6, its content is gone, its receipts are closed.
///
/// `json_msg_param`: the Message; `message_revoke_reason` in it is shown to the others (at most 512 bytes).
///
/// Callback: no result. Errors: 20016, 10031 (too late: 2 minutes unless the app says otherwise), 20022, 10030 (no such
/// message), 20023, 10032 (revoked already, or cannot be), 10007 (may not), 6200 (no connection).
#[unsafe(no_mangle)]
pub extern "C" fn TIMMsgRevoke(
    conv_id: Text,
    conv_type: Enum<TIMConvType>,
    json_msg_param: Text,
    cb: TIMCommCallback,
    user_data: UserData,
) -> c_int {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Reason {
        #[serde(deserialize_with = "Field::read")]
        message_revoke_reason: String,
    }
    call::in_session(Callback::Comm(cb, user_data), |session, reader| {
        let conversation = conversation_arguments(reader, &conv_id, &conv_type)?;
        let json = reader.json(&json_msg_param)?;
        let place = place_in(session, &conversation, &MessageRef::parse(json)?)?;
        let reason: Reason = parse(json)?;
        let session = session.clone();
        Ok(async move {
            let Place { conversation, seq } = place?;
            let recall = session.client.recall(&conversation, seq, reason.message_revoke_reason).await?;
            if let Some(record) = session.local.at(&conversation, seq) {
                session.local.change(&conversation, &record.message().id, |record| record.recall(recall));
            }
            session.conversations.touch_given(&conversation);
            nothing()
        })
    })
}

/// Deletes one message from one's own view.
///
/// `json_msgdel_param`: `msg_delete_param_msg`, the Message, and `msg_delete_param_is_ramble`: true deletes it on the
/// server for all one's devices, false on this side alone. Callback: no result. Errors: 10007, 10010, 6200.
#[unsafe(no_mangle)]
pub extern "C" fn TIMMsgDelete(
    conv_id: Text,
    conv_type: Enum<TIMConvType>,
    json_msgdel_param: Text,
    cb: TIMCommCallback,
    user_data: UserData,
) -> c_int {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Param<'a> {
        #[serde(borrow)]
        msg_delete_param_msg: Option<MessageRef<'a>>,
        #[serde(deserialize_with = "Field::read")]
        msg_delete_param_is_ramble: bool,
    }
    call::in_session(Callback::Comm(cb, user_data), |session, reader| {
        let conversation = conversation_arguments(reader, &conv_id, &conv_type)?;
        let param: Param<'_> = parse(reader.json(&json_msgdel_param)?)?;
        let message = param.msg_delete_param_msg.ok_or_else(|| JsonError::missing("msg_delete_param_msg"))?;
        let place = place_in(session, &conversation, &message)?;
        let ramble = param.msg_delete_param_is_ramble;
        let session = session.clone();
        Ok(async move {
            let Place { conversation, seq } = place?;
            delete(&session, Places { conversation, seqs: vec![seq] }, ramble).await
        })
    })
}

/// Deletes messages from one's own view, here and on the server: 1 to 50 of one conversation.
///
/// `json_msg_array`: an array of Message. Callback: no result; messages that are not there are passed over. Errors:
/// 10007, 10010, 6200. Returns TIM_ERR_PARAM for more than 50, none, or several conversations.
#[unsafe(no_mangle)]
pub extern "C" fn TIMMsgListDelete(
    conv_id: Text,
    conv_type: Enum<TIMConvType>,
    json_msg_array: Text,
    cb: TIMCommCallback,
    user_data: UserData,
) -> c_int {
    call::in_session(Callback::Comm(cb, user_data), |session, reader| {
        let conversation = conversation_arguments(reader, &conv_id, &conv_type)?;
        let references = MessageRef::parse_array(reader.json(&json_msg_array)?)?;
        let places = Places::of(session, &references, DELETED)?;
        if places.as_ref().is_ok_and(|places| places.conversation != conversation) {
            return Err(Refusal::param("the messages are of another conversation"));
        }
        let session = session.clone();
        Ok(async move { delete(&session, places?, true).await })
    })
}

async fn delete(session: &Session, places: Places, on_server: bool) -> Outcome {
    let Places { conversation, seqs } = places;
    if on_server {
        session.client.delete_messages(&conversation, &seqs).await?;
    }
    for seq in seqs {
        if let Some(record) = session.local.at(&conversation, seq) {
            session.local.change(&conversation, &record.message().id, |record| record.deleted = true);
        }
    }
    nothing()
}

/// Sets `message_custom_int` and `message_custom_str` of a message that is known on this side. They never leave it; in a
/// folder named in TIMInit they outlive the process.
///
/// `json_msg_param`: the Message with the new values. Callback: no result. Errors: 10062 (not known here).
#[unsafe(no_mangle)]
pub extern "C" fn TIMMsgSetLocalCustomData(
    json_msg_param: Text,
    cb: TIMCommCallback,
    user_data: UserData,
) -> c_int {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Custom {
        #[serde(deserialize_with = "Field::read")]
        message_custom_int: u32,
        #[serde(deserialize_with = "Field::read")]
        message_custom_str: String,
    }
    call::in_session(Callback::Comm(cb, user_data), |session, reader| {
        let json = reader.json(&json_msg_param)?;
        let place = Place::of(session, &MessageRef::parse(json)?);
        let custom: Custom = parse(json)?;
        let session = session.clone();
        Ok(async move {
            let Place { conversation, seq } = place.ok_or_else(Failure::unknown_message)?;
            let record = session.local.at(&conversation, seq).ok_or_else(Failure::unknown_message)?;
            session.local.change(&conversation, &record.message().id, |record| {
                record.custom_int = custom.message_custom_int;
                record.custom_str = custom.message_custom_str;
            });
            nothing()
        })
    })
}

/// Clears the unread count of a conversation; sends no receipts. One-to-one the peer learns the time.
///
/// `conv_id` NULL or "": all conversations of that type. `json_msg_param`: up to this Message; NULL or "": everything.
/// Callback: no result. Errors: 10007, 10010, 6200.
#[unsafe(no_mangle)]
pub extern "C" fn TIMMsgReportReaded(
    conv_id: Text,
    conv_type: Enum<TIMConvType>,
    json_msg_param: Text,
    cb: TIMCommCallback,
    user_data: UserData,
) -> c_int {
    call::in_session(Callback::Comm(cb, user_data), |session, reader| {
        let named = reader.optional(&conv_id, TIMResult::TIM_ERR_CONV)?.is_some();
        let conversation =
            if named { Some(conversation_arguments(reader, &conv_id, &conv_type)?) } else { None };
        let conv_type = TIMConvType::from_number(conv_type.number()).ok_or(TIMResult::TIM_ERR_CONV)?;
        let up_to = match (&conversation, reader.optional_json(&json_msg_param)?) {
            (Some(conversation), Some(json)) => place_in(session, conversation, &MessageRef::parse(json)?)?
                .map(|place| ReadUpTo::Seq(place.seq)),
            _ => Ok(ReadUpTo::Everything),
        };
        let session = session.clone();
        Ok(async move {
            let up_to = up_to?;
            match conversation {
                Some(conversation) => conversations::clear(&session, &conversation, up_to).await?,
                None => conversations::clear_all(&session, Some(conv_type)).await?,
            }
            nothing()
        })
    })
}

/// Clears the unread count of every conversation; sends no receipts. Callback: no result.
#[unsafe(no_mangle)]
pub extern "C" fn TIMMsgMarkAllMessageAsRead(cb: TIMCommCallback, user_data: UserData) -> c_int {
    call::in_session(Callback::Comm(cb, user_data), |session, _| {
        let session = session.clone();
        Ok(async move {
            conversations::clear_all(&session, None).await?;
            nothing()
        })
    })
}

/// The place of a message that has to be in this conversation.
fn place_in(
    session: &Session,
    conversation: &v1::ConversationRef,
    reference: &MessageRef<'_>,
) -> Result<Result<Place, Failure>, Refusal> {
    match Place::of(session, reference) {
        Some(place) if place.conversation != *conversation => {
            Err(Refusal::param("the message is of another conversation"))
        }
        Some(place) => Ok(Ok(place)),
        None if reference.message_seq > 0 => {
            Ok(Ok(Place { conversation: conversation.clone(), seq: reference.message_seq }))
        }
        None => Ok(Err(Failure::unknown_message())),
    }
}
