//! Messages of groups.

use serde::{Deserialize, Serialize};
use yidu_proto::{Code, v1};

use super::answer::{Nothing, Refusal};
use super::call::Call;
use super::elements::{self, Item};
use super::fields::{Flag, SeqItem, in_group, is_on, number};
use super::send::{AFTER_HOOK, BEFORE_HOOK, forbids};

/// Receivers of a targeted message.
const TARGETS: usize = yidu_proto::limits::TARGETS;

/// Messages in a page.
const PAGE: u32 = 20;

/// Messages recalled in one request.
const RECALLS: usize = 10;

/// Names everybody in `GroupAtInfo` of old clients.
const EVERYBODY: &str = "__kImSDK_MessageAtALL__";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Send {
    group_id: String,
    random: u32,
    msg_body: Vec<Item>,
    #[serde(rename = "From_Account")]
    from: Option<String>,
    msg_priority: Option<String>,
    online_only_flag: Option<Flag>,
    send_msg_control: Option<Vec<String>>,
    cloud_custom_data: Option<String>,
    support_message_extension: Option<Flag>,
    #[serde(rename = "To_Account")]
    targets: Option<Vec<String>>,
    group_at_info: Option<Vec<At>>,
    need_read_receipt: Option<Flag>,
    is_need_read_receipt: Option<Flag>,
    forbid_callback_control: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct At {
    #[serde(rename = "GroupAtAllFlag")]
    everybody: Option<Flag>,
    #[serde(rename = "GroupAt_Account")]
    user: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Sent {
    msg_time: u64,
    msg_seq: u64,
    msg_id: String,
}

/// Errors: 7013, 10004, 10007, 10010, 10015, 10017, 10019, 80002.
pub(super) async fn send(call: &Call, request: Send) -> Result<Sent, Refusal> {
    let priority = match request.msg_priority.as_deref() {
        None | Some("Normal") => v1::Priority::Normal,
        Some("High") => v1::Priority::High,
        Some("Low") => v1::Priority::Low,
        Some("Lowest") => v1::Priority::Lowest,
        Some(other) => {
            return Err(call.refuse("MsgPriority", format!("MsgPriority {other:?}: High, Normal or Low")));
        }
    };
    let control = request.send_msg_control.unwrap_or_default();
    let online_only = is_on(request.online_only_flag);
    if online_only && !control.is_empty() {
        return Err(call.refuse("SendMsgControl", "SendMsgControl does not go with OnlineOnlyFlag"));
    }
    let targets = request.targets.unwrap_or_default();
    if targets.len() > TARGETS {
        return Err(call.refuse("To_Account", format!("To_Account names more than {TARGETS} members")));
    }
    if let Some(from) = &request.from {
        call.check_user("From_Account", from)?;
    }
    let at = request.group_at_info.unwrap_or_default();
    let everybody = |at: &At| is_on(at.everybody) || at.user.as_deref() == Some(EVERYBODY);
    let message = v1::SendMessage {
        to: in_group(&request.group_id),
        random: request.random,
        elements: elements::elements(request.msg_body),
        need_receipt: is_on(request.need_read_receipt) || is_on(request.is_need_read_receipt),
        priority: priority.into(),
        cloud_custom_data: request.cloud_custom_data.unwrap_or_default(),
        at_all: at.iter().any(everybody),
        at_users: at.into_iter().filter(|at| !everybody(at)).filter_map(|at| at.user).collect(),
        online_only,
        exclude_from_unread: control.iter().any(|word| word == "NoUnread"),
        exclude_from_last_message: control.iter().any(|word| word == "NoLastMsg"),
        support_extension: is_on(request.support_message_extension),
        targets,
        skip_before_hook: forbids(request.forbid_callback_control.as_deref(), BEFORE_HOOK),
        skip_after_hook: forbids(request.forbid_callback_control.as_deref(), AFTER_HOOK),
        ..Default::default()
    };
    let sender = call.in_the_name_of(request.from.as_deref()).await?;
    let sent = call.service.send_message(&sender, message).await?.message.unwrap_or_default();
    Ok(Sent { msg_time: sent.time_ms / 1_000, msg_seq: sent.seq, msg_id: sent.id })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Notify {
    group_id: String,
    content: String,
    #[serde(rename = "ToMembers_Account")]
    members: Option<Vec<String>>,
}

/// Reaches who is online: a message of `@TIM#SYSTEM` with one custom element, which is stored nowhere. Errors: 10004,
/// 10010, 10015, 80002.
pub(super) async fn notify(call: &Call, request: Notify) -> Result<Nothing, Refusal> {
    let members = request.members.unwrap_or_default();
    call.service.notify_group(&call.caller, &request.group_id, &members, request.content).await?;
    Ok(Nothing {})
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    group_id: String,
    req_msg_number: u32,
    req_msg_seq: Option<u64>,
    with_recalled_msg: Option<Flag>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Page {
    group_id: String,
    is_finished: u8,
    rsp_msg_list: Vec<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Message {
    #[serde(rename = "From_Account")]
    from: String,
    /// 0 a message, 1 a hole, 2 recalled.
    is_place_msg: u8,
    msg_priority: i32,
    msg_random: u32,
    msg_seq: u64,
    msg_time_stamp: u64,
    is_system_msg: u8,
    need_read_receipt: u8,
    msg_body: Vec<Item>,
    cloud_custom_data: String,
}

/// Newest first, without a gap in the seqs: what has expired is a hole. The next page begins at the smallest seq less 1.
/// Errors: 10004, 10010, 10015.
pub(super) async fn list(call: &Call, request: List) -> Result<Page, Refusal> {
    if request.req_msg_number == 0 || request.req_msg_number > PAGE {
        let text = format!("ReqMsgNumber is {}: 1 to {PAGE} messages in a page", request.req_msg_number);
        return Err(call.refuse("ReqMsgNumber", text));
    }
    let (service, group) = (&call.service, &request.group_id);
    let found =
        service.group_messages(&call.caller, group, request.req_msg_seq, request.req_msg_number).await?;
    let expired = !found.is_empty() && found.iter().all(|(_, message)| message.is_none());
    // Without `WithRecalledMsg` a recalled message is no more than a hole.
    let recalled = if is_on(request.with_recalled_msg) { 2 } else { 1 };
    let messages = found.into_iter().map(|(seq, message)| shown(seq, message, recalled)).collect();
    Ok(Page { group_id: request.group_id, is_finished: if expired { 2 } else { 1 }, rsp_msg_list: messages })
}

fn shown(seq: u64, message: Option<v1::Message>, recalled: u8) -> Message {
    let hole = message.is_none();
    let message = message.unwrap_or_default();
    let is_place_msg = if message.recall.is_some() { recalled } else { u8::from(hole) };
    Message {
        msg_body: elements::body(&message.elements),
        is_system_msg: number(elements::is_tip(&message.elements)),
        from: message.from,
        is_place_msg,
        msg_priority: message.priority,
        msg_random: message.random,
        msg_seq: seq,
        msg_time_stamp: message.time_ms / 1_000,
        need_read_receipt: number(message.need_receipt),
        cloud_custom_data: message.cloud_custom_data,
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Recall {
    group_id: String,
    msg_seq_list: Vec<SeqItem>,
    reason: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Recalled {
    recall_ret_list: Vec<RecallResult>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct RecallResult {
    msg_seq: u64,
    ret_code: u32,
}

/// However old they are; per message 0, 10030 or 10032. Errors: 10004, 10010, 10015.
pub(super) async fn recall(call: &Call, request: Recall) -> Result<Recalled, Refusal> {
    if request.msg_seq_list.is_empty() || request.msg_seq_list.len() > RECALLS {
        let text = format!("MsgSeqList names {} messages: 1 to {RECALLS}", request.msg_seq_list.len());
        return Err(call.refuse("MsgSeqList", text));
    }
    let mut results = Vec::with_capacity(request.msg_seq_list.len());
    for SeqItem { seq } in request.msg_seq_list {
        let recall = v1::RecallMessage {
            conversation: in_group(&request.group_id),
            seq: seq.max(1),
            reason: request.reason.clone().unwrap_or_default(),
        };
        let ret_code = match call.service.recall_message(&call.caller, recall).await {
            Ok(_) => 0,
            Err(failure) => match failure.code {
                Code::RecallUnknown | Code::NotRecallable => failure.code.number(),
                _ => return Err(failure.into()),
            },
        };
        results.push(RecallResult { msg_seq: seq, ret_code });
    }
    Ok(Recalled { recall_ret_list: results })
}
