//! The history of one-to-one conversations, and the keys that name messages in them.

use serde::{Deserialize, Serialize};
use yidu_proto::{limits, v1};

use super::answer::{Refusal, too_large};
use super::call::Call;
use super::elements::{self, Item};
use super::fields::{number, with_user};

/// Bytes of the messages in a page; one message is given however large it is.
const PAGE: usize = 13 * 1024;

/// Set in `MsgFlagBits` of a recalled message.
const RECALLED: u32 = 8;

/// A `MsgKey`: `<seq>_<random>_<time in seconds>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MessageKey {
    pub(super) seq: u64,
    pub(super) random: u32,
    pub(super) time: u64,
}

impl MessageKey {
    pub(super) fn read(text: &str) -> Option<MessageKey> {
        let mut parts = text.split('_');
        let key = MessageKey {
            seq: parts.next()?.parse().ok()?,
            random: parts.next()?.parse().ok()?,
            time: parts.next()?.parse().ok()?,
        };
        parts.next().is_none().then_some(key)
    }
}

/// The key of a message.
pub(super) fn key_of(message: &v1::Message) -> String {
    format!("{}_{}_{}", message.seq, message.random, message.time_ms / 1_000)
}

/// The key in a field. Errors: 90054.
pub(super) fn key_in(call: &Call, field: &str, text: &str) -> Result<MessageKey, Refusal> {
    MessageKey::read(text)
        .ok_or_else(|| call.refuse(field, format!("{field} {text:?} is not <seq>_<random>_<time>")))
}

/// Newer clients name the parties `Operator_Account` and `Peer_Account`, older ones `From_Account` and `To_Account`.
#[derive(Deserialize)]
pub(super) struct List {
    #[serde(rename = "Operator_Account")]
    operator: Option<String>,
    #[serde(rename = "From_Account")]
    from: Option<String>,
    #[serde(rename = "Peer_Account")]
    peer: Option<String>,
    #[serde(rename = "To_Account")]
    to: Option<String>,
    #[serde(rename = "MaxCnt")]
    most: Option<u32>,
    #[serde(rename = "MinTime")]
    min: Option<u64>,
    #[serde(rename = "MaxTime")]
    max: Option<u64>,
    #[serde(rename = "LastMsgKey")]
    last_key: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Page {
    complete: u8,
    msg_cnt: usize,
    last_msg_time: u64,
    last_msg_key: String,
    msg_list: Vec<Roaming>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Roaming {
    #[serde(rename = "From_Account")]
    from: String,
    #[serde(rename = "To_Account")]
    to: String,
    msg_seq: u64,
    msg_random: u32,
    msg_time_stamp: u64,
    msg_flag_bits: u32,
    is_peer_read: u8,
    is_need_read_receipt: u8,
    msg_client_time: u64,
    support_message_extension: u8,
    msg_key: String,
    msg_id: String,
    msg_body: Vec<Item>,
    cloud_custom_data: String,
}

/// Newest first. The next page: the same request with `MaxTime` and `LastMsgKey` as this one's answer has them.
/// Errors: 20003, 90001, 90003, 90008, 90048, 90054.
pub(super) async fn list(call: &Call, request: List) -> Result<Page, Refusal> {
    let missing = |field| call.refuse(field, format!("{field} is missing"));
    let operator = request.operator.or(request.from).ok_or_else(|| missing("Operator_Account"))?;
    let peer = request.peer.or(request.to).ok_or_else(|| missing("Peer_Account"))?;
    call.check_user("Operator_Account", &operator)?;
    call.check_user("Peer_Account", &peer)?;
    let from_seq = match request.last_key.as_deref() {
        None | Some("") => 0,
        Some(key) => match key_in(call, "LastMsgKey", key)?.seq {
            0 | 1 => return Ok(whole(Vec::new(), request.max.unwrap_or_default())),
            seq => seq - 1,
        },
    };
    let most = u32::try_from(limits::HISTORY).unwrap_or(u32::MAX);
    let limit = request.most.unwrap_or(most);
    if limit == 0 {
        return Err(call.refuse("MaxCnt", "MaxCnt is 0: 1 to 100 messages in a page"));
    }
    let viewer = call.in_the_name_of(Some(&operator)).await?;
    let history = v1::GetHistory {
        conversation: with_user(&peer),
        from_seq,
        limit: limit.min(most),
        min_time_ms: request.min.unwrap_or_default().saturating_mul(1_000),
        max_time_ms: request.max.map_or(0, |max| max.saturating_mul(1_000).saturating_add(999)),
        ..Default::default()
    };
    let page = call.service.get_history(&viewer, history).await?;
    let more = page.next_seq > 0;
    let (messages, cut) = fitting(page.messages, &operator)?;
    Ok(Page { complete: number(!more && !cut), ..whole(messages, request.max.unwrap_or_default()) })
}

fn whole(messages: Vec<Roaming>, asked: u64) -> Page {
    let last = messages.last();
    Page {
        complete: 1,
        msg_cnt: messages.len(),
        last_msg_time: last.map_or(asked, |last| last.msg_time_stamp),
        last_msg_key: last.map(|last| last.msg_key.clone()).unwrap_or_default(),
        msg_list: messages,
    }
}

/// As many as a page holds, and whether there are more.
fn fitting(views: Vec<v1::MessageView>, operator: &str) -> Result<(Vec<Roaming>, bool), Refusal> {
    let mut messages = Vec::with_capacity(views.len());
    let mut bytes = 0;
    for view in views {
        let message = roaming(view, operator);
        bytes += serde_json::to_vec(&message).map_err(|_| too_large())?.len();
        if bytes > PAGE && !messages.is_empty() {
            return Ok((messages, true));
        }
        messages.push(message);
    }
    Ok((messages, false))
}

fn roaming(view: v1::MessageView, operator: &str) -> Roaming {
    let message = view.message.unwrap_or_default();
    let own = message.from == operator;
    let read = view.receipt.is_some_and(|receipt| receipt.peer_read_time_ms > 0);
    let to = match message.to.as_ref().and_then(|to| to.of.clone()) {
        Some(v1::conversation_ref::Of::User(user)) => user,
        Some(v1::conversation_ref::Of::Group(_)) | None => String::new(),
    };
    Roaming {
        to,
        msg_seq: message.seq,
        msg_random: message.random,
        msg_time_stamp: message.time_ms / 1_000,
        msg_flag_bits: if message.recall.is_some() { RECALLED } else { 0 },
        is_peer_read: number(if own { read } else { view.receipt_sent }),
        is_need_read_receipt: number(message.need_receipt),
        msg_client_time: message.client_time_s,
        support_message_extension: number(message.support_extension),
        msg_key: key_of(&message),
        msg_body: elements::body(&message.elements),
        msg_id: message.id,
        from: message.from,
        cloud_custom_data: message.cloud_custom_data,
    }
}

#[cfg(test)]
mod tests {
    use super::MessageKey;

    #[test]
    fn a_key_has_three_numbers() {
        let key = MessageKey { seq: 12, random: 4_294_967_295, time: 1_700_000_000 };
        assert_eq!(MessageKey::read("12_4294967295_1700000000"), Some(key));
        for bad in ["", "12", "12_1", "12_1_2_3", "a_1_2", "12_4294967296_1", "12_-1_1", "1__2"] {
            assert_eq!(MessageKey::read(bad), None, "{bad}");
        }
    }
}
