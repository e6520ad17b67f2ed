//! Receipts of group messages: counts, lists, sending them for a member (semantics.md rules 3 to 6 and 13).

use serde::{Deserialize, Serialize};
use yidu_proto::{Code, limits, v1};

use super::answer::Refusal;
use super::call::Call;
use super::fields::{Flag, SeqItem, in_group, number};

/// Members in a page.
const PAGE: u32 = 200;

/// Members in a page when the request does not say.
const USUAL: u32 = 100;

/// Users, over all messages, in one request for the times of reading.
const USERS: usize = 500;

/// A group and messages of it.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Messages {
    group_id: String,
    msg_seq_list: Vec<SeqItem>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Counts {
    group_msg_receipt_list: Vec<Count>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Count {
    code: u32,
    msg_seq: u64,
    read_num: u32,
    unread_num: u32,
}

/// Per message 0, or 10062 for one that never asked, is unknown or has expired. Errors: 10004, 10010, 10015.
pub(super) async fn counts(call: &Call, request: Messages) -> Result<Counts, Refusal> {
    let seqs = seqs(call, request.msg_seq_list, limits::RECEIPT_STATES)?;
    let asked = v1::GetReceipts { conversation: in_group(&request.group_id), seqs: seqs.clone() };
    let states = call.service.get_receipts(&call.caller, asked).await?.states;
    let count = |seq| match states.iter().find(|state| state.seq == seq) {
        Some(state) => {
            Count { code: 0, msg_seq: seq, read_num: state.read_count, unread_num: state.unread_count }
        }
        None => Count { code: Code::NoReceipt.number(), msg_seq: seq, read_num: 0, unread_num: 0 },
    };
    Ok(Counts { group_msg_receipt_list: seqs.into_iter().map(count).collect() })
}

/// Back ends send `Filter` and `Count`, the vendor's own clients `Flag` and `Num`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Members {
    group_id: String,
    msg_seq: u64,
    filter: Option<Flag>,
    flag: Option<Flag>,
    cursor: Option<String>,
    count: Option<u32>,
    num: Option<u32>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Page {
    cursor: String,
    is_finish: u8,
    /// The vendor's table calls it so, its sample and its clients `IsFinish`.
    is_finished: u8,
    msg_seq: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    read_list: Option<Vec<Reader>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unread_list: Option<Vec<NotReader>>,
}

#[derive(Serialize)]
struct Reader {
    #[serde(rename = "Read_Account")]
    user: String,
    #[serde(rename = "Read_Time")]
    time: u64,
}

#[derive(Serialize)]
struct NotReader {
    #[serde(rename = "Unread_Account")]
    user: String,
}

/// Errors: 10004, 10010, 10015, 10062.
pub(super) async fn members(call: &Call, request: Members) -> Result<Page, Refusal> {
    let filter = request.filter.or(request.flag).unwrap_or_default();
    let limit = request.count.or(request.num).unwrap_or(USUAL);
    if limit == 0 || limit > PAGE {
        return Err(call.refuse("Count", format!("Count is {limit}: 1 to {PAGE} members in a page")));
    }
    let cursor = match request.cursor.as_deref() {
        None | Some("") => 0,
        Some(cursor) => {
            cursor.parse().map_err(|_| call.refuse("Cursor", "Cursor is none that a page has returned"))?
        }
    };
    let unread = filter.0;
    let kind = if unread { v1::ReceiptFilter::Unread } else { v1::ReceiptFilter::Read };
    let asked = v1::ListReceiptMembers {
        conversation: in_group(&request.group_id),
        seq: request.msg_seq,
        filter: kind.into(),
        cursor,
        limit,
    };
    let page = call.service.list_receipt_members(&call.caller, asked).await?;
    let user = |member: &v1::ReceiptMember| {
        member.profile.as_ref().map(|profile| profile.user_id.clone()).unwrap_or_default()
    };
    let reader =
        |member: &v1::ReceiptMember| Reader { user: user(member), time: member.read_time_ms / 1_000 };
    let not_reader = |member: &v1::ReceiptMember| NotReader { user: user(member) };
    Ok(Page {
        cursor: page.next_cursor.to_string(),
        is_finish: number(page.finished),
        is_finished: number(page.finished),
        msg_seq: request.msg_seq,
        read_list: (!unread).then(|| page.members.iter().map(reader).collect()),
        unread_list: unread.then(|| page.members.iter().map(not_reader).collect()),
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Send {
    group_id: String,
    #[serde(rename = "From_Account")]
    reader: String,
    msg_seq_list: Vec<SeqItem>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Sent {
    group_msg_receipt_list: Vec<Judged>,
}

/// What became of one receipt.
#[derive(Serialize)]
pub(super) struct Judged {
    #[serde(rename = "MsgSeq")]
    pub(super) seq: u64,
    #[serde(rename = "Code")]
    pub(super) code: u32,
}

/// Each message has a code of its own: 0, 10007, 10032 or 10062. The call fails when the reader has a receipt for none of
/// them afterwards. Errors: those, and 10004, 10010, 10015, 10019.
pub(super) async fn send(call: &Call, request: Send) -> Result<Sent, Refusal> {
    let seqs = seqs(call, request.msg_seq_list, limits::RECEIPTS)?;
    call.check_user("From_Account", &request.reader)?;
    let reader = call.in_the_name_of(Some(&request.reader)).await?;
    let send = v1::SendReceipts { conversation: in_group(&request.group_id), seqs };
    let sent = call.service.send_receipts(&reader, send).await?;
    let judged: Vec<_> =
        sent.results.into_iter().map(|result| Judged { seq: result.seq, code: result.code }).collect();
    check(&judged)?;
    Ok(Sent { group_msg_receipt_list: judged })
}

/// Refuses when nothing came of any receipt, with what came of the first.
pub(super) fn check(judged: &[Judged]) -> Result<(), Refusal> {
    let first = judged.first().map_or(0, |judged| judged.code);
    match Code::from_number(first) {
        Some(code) if judged.iter().all(|judged| judged.code != 0) => {
            let text = format!("no receipt was recorded; of message {}: {}", judged[0].seq, code.meaning());
            Err(Refusal::new(code, text))
        }
        Some(_) | None => Ok(()),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ByUsers {
    group_id: String,
    member_read_msg_list: Vec<Asked>,
}

#[derive(Deserialize)]
struct Asked {
    #[serde(rename = "MsgSeq")]
    seq: u64,
    #[serde(rename = "MemberList_Account")]
    users: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ReadTimes {
    msg_read_list: Vec<ReadTime>,
}

#[derive(Serialize)]
struct ReadTime {
    #[serde(rename = "MsgSeq")]
    seq: u64,
    #[serde(rename = "Read_Account")]
    user: String,
    #[serde(rename = "Read_Time")]
    time: u64,
}

/// Those of the named who have read. Errors: 10004, 10005, 10010, 10015, 10062.
pub(super) async fn by_users(call: &Call, request: ByUsers) -> Result<ReadTimes, Refusal> {
    let messages = request.member_read_msg_list;
    let users: usize = messages.iter().map(|asked| asked.users.len()).sum();
    if messages.is_empty() || messages.len() > limits::RECEIPTS {
        let text = format!("MemberReadMsgList names {}: 1 to {} messages", messages.len(), limits::RECEIPTS);
        return Err(call.refuse("MemberReadMsgList", text));
    }
    if users > USERS {
        let text = format!("MemberList_Account names {users} users in all: at most {USERS}");
        return Err(Refusal::new(Code::TooManyAccounts, text));
    }
    let mut list = Vec::with_capacity(users);
    for Asked { seq, users } in messages {
        let times = call.service.read_times(&call.caller, &request.group_id, seq, &users).await?;
        let read = users.into_iter().zip(times).filter_map(|(user, time)| Some((user, time?)));
        list.extend(read.map(|(user, time)| ReadTime { seq, user, time: time / 1_000 }));
    }
    Ok(ReadTimes { msg_read_list: list })
}

fn seqs(call: &Call, list: Vec<SeqItem>, most: usize) -> Result<Vec<u64>, Refusal> {
    if list.is_empty() || list.len() > most {
        let text = format!("MsgSeqList names {} messages: 1 to {most}", list.len());
        return Err(call.refuse("MsgSeqList", text));
    }
    Ok(list.into_iter().map(|item| item.seq).collect())
}
