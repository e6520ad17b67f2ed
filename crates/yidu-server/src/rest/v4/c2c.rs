//! One-to-one conversations besides sending and history: reading, taking back, who is online.

use serde::{Deserialize, Serialize};
use yidu_proto::{Code, limits, v1};

use super::answer::{Nothing, Refusal};
use super::call::Call;
use super::fields::{Flag, is_on, with_user};
use super::group_receipt::{self, Judged};
use super::roaming::{MessageKey, key_in};
use crate::service::{Caller, SentMessage};

/// Peers in one request for unread messages.
const PEERS: usize = 10;

/// Users in one request for their being online.
const USERS: usize = 500;

#[derive(Deserialize)]
pub(super) struct SetRead {
    #[serde(rename = "Report_Account")]
    reader: String,
    #[serde(rename = "Peer_Account")]
    peer: String,
    #[serde(rename = "MsgReadTime")]
    time: Option<u64>,
}

/// Errors: 20003, 90001, 90003, 90008, 90048.
pub(super) async fn set_read(call: &Call, request: SetRead) -> Result<Nothing, Refusal> {
    call.check_user("Report_Account", &request.reader)?;
    call.check_user("Peer_Account", &request.peer)?;
    let reader = call.in_the_name_of(Some(&request.reader)).await?;
    let clear = v1::ClearUnread {
        conversation: with_user(&request.peer),
        up_to_time_ms: request.time.map_or(0, |time| time.saturating_mul(1_000).saturating_add(999)),
        ..Default::default()
    };
    call.service.clear_unread(&reader, clear).await?;
    Ok(Nothing {})
}

#[derive(Deserialize)]
pub(super) struct Withdraw {
    #[serde(rename = "From_Account")]
    from: String,
    #[serde(rename = "To_Account")]
    to: String,
    #[serde(rename = "MsgKey")]
    key: String,
}

/// Errors: 20003, 20022, 20023, 90001, 90003, 90008, 90048, 90054.
pub(super) async fn withdraw(call: &Call, request: Withdraw) -> Result<Nothing, Refusal> {
    call.check_user("From_Account", &request.from)?;
    call.check_user("To_Account", &request.to)?;
    let key = key_in(call, "MsgKey", &request.key)?;
    let sender = call.in_the_name_of(Some(&request.from)).await?;
    let seq = find(call, &sender, &request.to, &request.from, key).await?;
    let recall = v1::RecallMessage { conversation: with_user(&request.to), seq, reason: String::new() };
    call.service.recall_message(&sender, recall).await?;
    Ok(Nothing {})
}

/// The seq of the message with that key. Errors: 20022.
async fn find(call: &Call, caller: &Caller, peer: &str, from: &str, key: MessageKey) -> Result<u64, Refusal> {
    let sent = SentMessage { from, seq: key.seq, random: key.random, time_s: key.time };
    let found = call.service.find_sent(caller, peer, sent).await?;
    found.ok_or_else(|| {
        Refusal::new(Code::RecallUnknownC2c, format!("{from} has sent no such message in this conversation"))
    })
}

#[derive(Deserialize)]
pub(super) struct Receipts {
    #[serde(rename = "Operator_Account")]
    reader: String,
    #[serde(rename = "Peer_Account")]
    peer: String,
    #[serde(rename = "C2CMsgInfo")]
    messages: Vec<Info>,
}

/// Back ends name a message by its key, the vendor's own clients by its parts.
#[derive(Deserialize)]
struct Info {
    #[serde(rename = "From_Account")]
    from: String,
    #[serde(rename = "To_Account")]
    to: String,
    #[serde(rename = "MsgKey")]
    key: Option<String>,
    #[serde(rename = "MsgSeq")]
    seq: Option<u64>,
    #[serde(rename = "MsgRandom")]
    random: Option<u32>,
    #[serde(rename = "MsgTime")]
    time: Option<u64>,
}

#[derive(Serialize)]
pub(super) struct Results {
    #[serde(rename = "C2CMsgReceiptList")]
    results: Vec<ReceiptResult>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ReceiptResult {
    msg_key: String,
    code: u32,
}

/// Each message has a code of its own; the call fails when none of them has a receipt afterwards. Errors: 10007, 10032,
/// 10062, 20003, 20022, 90001, 90003, 90008, 90048, 90054.
pub(super) async fn receipts(call: &Call, request: Receipts) -> Result<Results, Refusal> {
    call.check_user("Operator_Account", &request.reader)?;
    call.check_user("Peer_Account", &request.peer)?;
    let count = request.messages.len();
    if count == 0 || count > limits::RECEIPTS {
        let text = format!("C2CMsgInfo names {count} messages: 1 to {}", limits::RECEIPTS);
        return Err(Refusal::new(Code::BadC2cRequest, text));
    }
    let keys: Vec<MessageKey> = request
        .messages
        .iter()
        .map(|info| key(call, info, &request.reader, &request.peer))
        .collect::<Result<_, _>>()?;
    let reader = call.in_the_name_of(Some(&request.reader)).await?;
    let mut seqs = Vec::with_capacity(count);
    let mut judged = Vec::with_capacity(count);
    for key in &keys {
        match find(call, &reader, &request.peer, &request.peer, *key).await {
            Ok(seq) => seqs.push(seq),
            Err(refusal) if refusal.code() == Code::RecallUnknownC2c => seqs.push(0),
            Err(refusal) => return Err(refusal),
        }
    }
    let known: Vec<u64> = seqs.iter().copied().filter(|&seq| seq > 0).collect();
    let mut results = if known.is_empty() {
        Vec::new()
    } else {
        let send = v1::SendReceipts { conversation: with_user(&request.peer), seqs: known };
        call.service.send_receipts(&reader, send).await?.results
    }
    .into_iter();
    for seq in seqs {
        let code = match seq {
            0 => Code::RecallUnknownC2c.number(),
            _ => results.next().map_or(0, |result| result.code),
        };
        judged.push(Judged { seq, code });
    }
    group_receipt::check(&judged)?;
    let result = |(key, judged): (MessageKey, Judged)| ReceiptResult {
        msg_key: format!("{}_{}_{}", key.seq, key.random, key.time),
        code: judged.code,
    };
    Ok(Results { results: keys.into_iter().zip(judged).map(result).collect() })
}

fn key(call: &Call, info: &Info, reader: &str, peer: &str) -> Result<MessageKey, Refusal> {
    if info.from != peer {
        return Err(call.refuse("From_Account", "C2CMsgInfo: From_Account is not the Peer_Account"));
    }
    if info.to != reader {
        return Err(call.refuse("To_Account", "C2CMsgInfo: To_Account is not the Operator_Account"));
    }
    match (&info.key, info.seq, info.random, info.time) {
        (Some(key), ..) => key_in(call, "MsgKey", key),
        (None, Some(seq), Some(random), Some(time)) => Ok(MessageKey { seq, random, time }),
        _ => Err(call.refuse("MsgKey", "C2CMsgInfo: MsgKey is missing")),
    }
}

#[derive(Deserialize)]
pub(super) struct Unread {
    #[serde(rename = "To_Account")]
    user: String,
    #[serde(rename = "Peer_Account")]
    peers: Option<Vec<String>>,
}

#[derive(Serialize)]
pub(super) struct UnreadCounts {
    #[serde(rename = "AllC2CUnreadMsgNum", skip_serializing_if = "Option::is_none")]
    all: Option<u64>,
    #[serde(rename = "C2CUnreadMsgNumList", skip_serializing_if = "Option::is_none")]
    peers: Option<Vec<UnreadCount>>,
    #[serde(rename = "ErrorList", skip_serializing_if = "Vec::is_empty")]
    errors: Vec<UnknownPeer>,
}

#[derive(Serialize)]
struct UnreadCount {
    #[serde(rename = "Peer_Account")]
    peer: String,
    #[serde(rename = "C2CUnreadMsgNum")]
    unread: u64,
}

#[derive(Serialize)]
struct UnknownPeer {
    #[serde(rename = "Peer_Account")]
    peer: String,
    #[serde(rename = "ErrorCode")]
    code: u32,
}

/// Of all peers, or of up to 10 named ones. Errors: 90001, 90003, 90048.
pub(super) async fn unread(call: &Call, request: Unread) -> Result<UnreadCounts, Refusal> {
    call.check_user("To_Account", &request.user)?;
    let user = call.in_the_name_of(Some(&request.user)).await?;
    let peers = request.peers.unwrap_or_default();
    if peers.len() > PEERS {
        return Err(call.refuse("Peer_Account", format!("Peer_Account names more than {PEERS} users")));
    }
    if peers.is_empty() {
        let all = call.service.unread_with_peers(&user).await?;
        return Ok(UnreadCounts { all: Some(all), peers: None, errors: Vec::new() });
    }
    let known = call.service.get_profiles(&call.caller, v1::GetProfiles { user_ids: peers.clone() }).await?;
    let mut counts = UnreadCounts { all: None, peers: None, errors: Vec::new() };
    let mut list = Vec::with_capacity(peers.len());
    for peer in peers {
        if !known.profiles.iter().any(|profile| profile.user_id == peer) {
            counts.errors.push(UnknownPeer { peer, code: Code::NoSuchUserC2c.number() });
            continue;
        }
        let asked = v1::GetConversations { conversations: with_user(&peer).into_iter().collect() };
        let found = call.service.get_conversations(&user, asked).await?.conversations;
        list.push(UnreadCount { peer, unread: found.first().map_or(0, |found| found.unread_count) });
    }
    counts.peers = Some(list);
    Ok(counts)
}

#[derive(Deserialize)]
pub(super) struct Online {
    #[serde(rename = "To_Account")]
    users: Vec<String>,
    #[serde(rename = "IsNeedDetail")]
    detail: Option<Flag>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Statuses {
    query_result: Vec<Status>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    error_list: Vec<UnknownUser>,
}

#[derive(Serialize)]
struct Status {
    #[serde(rename = "To_Account")]
    user: String,
    #[serde(rename = "Status")]
    status: &'static str,
    #[serde(rename = "Detail", skip_serializing_if = "Option::is_none")]
    detail: Option<Vec<Detail>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Detail {
    platform: &'static str,
    status: &'static str,
}

#[derive(Serialize)]
struct UnknownUser {
    #[serde(rename = "To_Account")]
    user: String,
    #[serde(rename = "ErrorCode")]
    code: u32,
}

/// Errors: 90003, 90011; per user 90048.
pub(super) async fn online(call: &Call, request: Online) -> Result<Statuses, Refusal> {
    match request.users.len() {
        0 => return Err(call.refuse("To_Account", "To_Account names nobody")),
        count if count > USERS => {
            let text = format!("To_Account names {count} users: at most {USERS}");
            return Err(Refusal::new(Code::TooManyReceivers, text));
        }
        _ => {}
    }
    let found = call.service.online(&call.caller, &request.users).await?;
    let mut statuses = Statuses { query_result: Vec::new(), error_list: Vec::new() };
    for (user, platforms) in request.users.into_iter().zip(found) {
        let Some(platforms) = platforms else {
            statuses.error_list.push(UnknownUser { user, code: Code::NoSuchUserC2c.number() });
            continue;
        };
        let status = if platforms.is_empty() { "Offline" } else { "Online" };
        let detail = is_on(request.detail).then(|| platforms.iter().map(|&on| detail(on)).collect());
        statuses.query_result.push(Status { user, status, detail });
    }
    Ok(statuses)
}

fn detail(platform: i32) -> Detail {
    let platform = match v1::Platform::try_from(platform) {
        Ok(v1::Platform::Windows) => "Windows",
        Ok(v1::Platform::Android) => "Android",
        Ok(v1::Platform::Ios) => "iPhone",
        Ok(v1::Platform::Mac) => "Mac",
        Ok(v1::Platform::Simulator) => "Simulator",
        Ok(v1::Platform::Web) => "Web",
        Ok(v1::Platform::Linux) => "Linux",
        Ok(v1::Platform::Other) | Err(_) => "Unknown",
    };
    Detail { platform, status: "Online" }
}
