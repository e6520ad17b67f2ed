//! Receipts: saying that one has read, seeing who has.
//!
//! A message asks for receipts with `message_need_read_receipt` when it is sent. Sending a receipt does not change an
//! unread count, and clearing an unread count sends no receipts.

use std::ffi::c_int;
use std::sync::Arc;

use yidu_client::v1;

use crate::ffi::callback::{Answer, Callback, Failure, Outcome};
use crate::ffi::enums::{TIMGroupMessageReadMembersFilter, TIMResult};
use crate::ffi::types::{TIMCommCallback, TIMMsgGroupMessageReadMemberListCallback};
use crate::ffi::{Enum, Text, UserData};
use crate::json::reference::MessageRef;
use crate::sdk::call::{self, Refusal, nothing};
use crate::sdk::events::receipt_sent;
use crate::sdk::place::{Place, Places};
use crate::sdk::session::{Session, is_about_the_way};
use crate::sdk::show;

/// Receipts in one call (`semantics.md` rule 3).
const RECEIPTS: usize = 50;
/// Messages whose receipts are asked for in one call.
const STATES: usize = 1_000;
/// Members of a page (rule 5).
const MEMBERS: u32 = 100;

/// Says that one has read messages: 1 to 50 of one conversation, each judged by itself by the server.
///
/// `json_msg_array`: an array of Message as they were received; of each, `message_conv_id`, `message_conv_type` and
/// `message_seq` are enough, or `message_msg_id` when this process has seen it. Messages that did not ask, or are one's
/// own, or were revoked, get no receipt, which is no error.
///
/// Callback: no result, after the receipts are on the server's disk. Without a connection, or when it breaks, it comes at
/// once: the receipts wait in memory, at most 10,000, and go out when the connection is back, until TIMLogout or
/// TIMUninit. Repeating a receipt changes nothing. Errors: 10007 (not in the conversation), 10010 (no such group), 10062
/// (none of the messages is known). Returns TIM_ERR_PARAM for more than 50 messages, none, or several conversations.
#[unsafe(no_mangle)]
pub extern "C" fn TIMMsgSendMessageReadReceipts(
    json_msg_array: Text,
    cb: TIMCommCallback,
    user_data: UserData,
) -> c_int {
    call::in_session(Callback::Comm(cb, user_data), |session, reader| {
        let references = MessageRef::parse_array(reader.json(&json_msg_array)?)?;
        let places = Places::of(session, &references, RECEIPTS)?;
        let session = session.clone();
        Ok(async move { send(&session, places?).await })
    })
}

async fn send(session: &Session, places: Places) -> Outcome {
    let Places { conversation, seqs } = places;
    if !session.is_online() {
        return wait_for_connection(session, &conversation, &seqs);
    }
    match session.client.send_receipts(&conversation, &seqs).await {
        Ok(results) => {
            for result in results {
                if matches!(result.verdict(), v1::ReceiptVerdict::Recorded | v1::ReceiptVerdict::Already) {
                    receipt_sent(session, &conversation, result.seq);
                } else {
                    let verdict = result.verdict().as_str_name();
                    session
                        .log
                        .info(&format!("no receipt for message {}: {verdict} ({})", result.seq, result.code));
                }
            }
            nothing()
        }
        Err(error) if is_about_the_way(&error) => wait_for_connection(session, &conversation, &seqs),
        Err(error) => Err(error.into()),
    }
}

fn wait_for_connection(session: &Session, conversation: &v1::ConversationRef, seqs: &[u64]) -> Outcome {
    session.client.queue_receipts(conversation, seqs)?;
    for seq in seqs {
        receipt_sent(session, conversation, *seq);
    }
    nothing()
}

/// Asks for the newest receipts of messages: 1 to 1,000 of one conversation.
///
/// `json_msg_array`: as in TIMMsgSendMessageReadReceipts. Messages of others, and those that did not ask, are left out.
///
/// Callback: an array of MessageReceipt with absolute counts, in the order asked. Errors: 10007 (not in the
/// conversation), 10010 (no such group), 10062 (none of the messages is known). Returns TIM_ERR_PARAM for more than
/// 1,000 messages, none, or several conversations.
#[unsafe(no_mangle)]
pub extern "C" fn TIMMsgGetMessageReadReceipts(
    json_msg_array: Text,
    cb: TIMCommCallback,
    user_data: UserData,
) -> c_int {
    call::in_session(Callback::Comm(cb, user_data), |session, reader| {
        let references = MessageRef::parse_array(reader.json(&json_msg_array)?)?;
        let places = Places::of(session, &references, STATES)?;
        let session = session.clone();
        Ok(async move { get(&session, places?).await })
    })
}

async fn get(session: &Session, places: Places) -> Outcome {
    let states = session.client.receipts(&places.conversation, &places.seqs).await?;
    for state in &states {
        session
            .local
            .change(&places.conversation, &state.message_id, |record| record.see_receipt(state.clone()));
    }
    Ok(Answer::Json(show::receipts(&states)))
}

/// Asks for a page of those who have read a group message, or have not.
///
/// `json_msg`: one Message of a group. `next_seq`: 0 for the first page, then what the last callback said. `count`: 1 to
/// 100. While receipts keep landing, nobody is returned twice, and who belongs to the list from the first page to the
/// last is returned once.
///
/// Callback: members with `group_member_info_identifier`, `_nick_name`, `_name_card` and `_face_url`. It has no error
/// code: on failure it gets "[]", 0, true, and the reason goes to the log: 10007 (may not see it: the sender may, and
/// whom the app's policy names), 10062 (no such message, or it did not ask). Returns TIM_ERR_PARAM for a count or a
/// filter out of bounds, TIM_ERR_GROUP for a message that is not of a group.
#[unsafe(no_mangle)]
pub extern "C" fn TIMMsgGetGroupMessageReadMemberList(
    json_msg: Text,
    filter: Enum<TIMGroupMessageReadMembersFilter>,
    next_seq: u64,
    count: u32,
    cb: TIMMsgGroupMessageReadMemberListCallback,
    user_data: UserData,
) -> c_int {
    call::in_session(Callback::ReadMembers(cb, user_data), |session, reader| {
        let reference = MessageRef::parse(reader.json(&json_msg)?)?;
        let filter = match TIMGroupMessageReadMembersFilter::from_number(filter.number()) {
            Some(TIMGroupMessageReadMembersFilter::TIM_GROUP_MESSAGE_READ_MEMBERS_FILTER_READ) => {
                v1::ReceiptFilter::Read
            }
            Some(TIMGroupMessageReadMembersFilter::TIM_GROUP_MESSAGE_READ_MEMBERS_FILTER_UNREAD) => {
                v1::ReceiptFilter::Unread
            }
            None => return Err(Refusal::param("the filter has to be 0 (read) or 1 (unread)")),
        };
        if count == 0 || count > MEMBERS {
            return Err(Refusal::param(format!("the count has to be 1 to {MEMBERS}")));
        }
        let place = Place::of(session, &reference);
        let is_group =
            |place: &Place| matches!(place.conversation.of, Some(v1::conversation_ref::Of::Group(_)));
        if place.as_ref().is_some_and(|place| !is_group(place)) {
            return Err(TIMResult::TIM_ERR_GROUP.into());
        }
        let session = session.clone();
        Ok(async move {
            let page = members(&session, place, filter, next_seq, count).await;
            page.inspect_err(|failure| {
                session
                    .log
                    .warn(&format!("TIMMsgGetGroupMessageReadMemberList: {} {}", failure.code, failure.text));
            })
        })
    })
}

async fn members(
    session: &Arc<Session>,
    place: Option<Place>,
    filter: v1::ReceiptFilter,
    next_seq: u64,
    count: u32,
) -> Outcome {
    let Place { conversation, seq } = place.ok_or_else(Failure::unknown_message)?;
    let page = session.client.receipt_members(&conversation, seq, filter, next_seq, count).await?;
    let json = show::read_members(&conversation, &page.members);
    Ok(Answer::ReadMembers { json, next_seq: page.next_cursor, finished: page.finished })
}
