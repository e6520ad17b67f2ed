//! Saying that one has read, and asking again those who have not.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use yidu_proto::v1::{self, ReceiptVerdict, conversation_ref::Of};

use super::Api;
use super::access::Access;
use super::extract::{Body, Path};
use super::problem::{BodyRefusals, Problem, Refusals};
use super::receipts::GroupMessage;

/// A user of an app.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct Reader {
    /// The SDKAppID.
    app: u32,
    /// The user id.
    user: String,
}

/// Messages of one conversation that a user has read.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Receipts {
    /// The group. Either this or `peer`.
    group: Option<String>,
    /// The other user of a one-to-one conversation.
    peer: Option<String>,
    /// Which messages: 1 to 50.
    #[schema(min_items = 1, max_items = 50)]
    seqs: Vec<u64>,
}

/// What became of each receipt.
#[derive(Serialize, ToSchema)]
pub(super) struct Verdicts {
    /// In the order of `seqs`.
    results: Vec<Verdict>,
}

/// What became of one receipt.
#[derive(Serialize, ToSchema)]
pub(super) struct Verdict {
    seq: u64,
    /// `recorded`, `already`, `own_message`, `not_requested`, `not_in_audience`, `unknown_message` or `recalled`.
    verdict: &'static str,
    /// 0 for the first three, else the number of the vendor's table.
    code: u32,
}

/// Who is to be reminded.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Remind {
    /// Only these, at most 100. Left out or empty: everybody who has not read.
    #[serde(default)]
    #[schema(max_items = 100)]
    users: Vec<String>,
}

/// Who was reminded.
#[derive(Serialize, ToSchema)]
pub(super) struct Reminded {
    /// How many. With 0 nothing happened.
    reminded: u32,
}

/// Says that a user has read messages
///
/// Of one conversation, each judged by itself (semantics.md rule 3). It does what the SDKs do over their connection: for a
/// page that is being closed, and for devices without one. For the user; administrators and the operator may act in a
/// user's name, which is noted in the audit log.
#[utoipa::path(post, path = "/apps/{app}/users/{user}/receipts", tag = "receipts", params(Reader),
    request_body = Receipts,
    responses((status = 200, description = "What became of each.", body = Verdicts), Refusals, BodyRefusals))]
pub(super) async fn send_receipts(
    State(api): State<Arc<Api>>,
    access: Access,
    Path(reader): Path<Reader>,
    Body(body): Body<Receipts>,
) -> Result<Json<Verdicts>, Problem> {
    let caller = access.in_the_name_of(&api, reader.app, &reader.user).await?;
    let of = match (body.group, body.peer) {
        (Some(group), None) => Of::Group(group),
        (None, Some(peer)) => Of::User(peer),
        (Some(_), Some(_)) | (None, None) => return Err(Problem::invalid("give either `group` or `peer`")),
    };
    let conversation = Some(v1::ConversationRef { of: Some(of) });
    let request = v1::SendReceipts { conversation, seqs: body.seqs };
    let service = Arc::clone(&api.service);
    let sent = api.drive(async move { service.send_receipts(&caller, request).await }).await??;
    let verdict = |result: v1::ReceiptResult| Verdict {
        seq: result.seq,
        verdict: name(result.verdict()),
        code: result.code,
    };
    Ok(Json(Verdicts { results: sent.results.into_iter().map(verdict).collect() }))
}

/// Reminds those who have not read a group message
///
/// Their devices are told, also when they come back (semantics.md rule 23). Once a minute for each message: earlier is
/// refused with 429 and the time to wait. For the sender, administrators, the operator, and whoever `receipt_viewers` lets
/// see who has read.
#[utoipa::path(post, path = "/apps/{app}/groups/{group}/messages/{seq}/receipt/remind", tag = "receipts",
    params(GroupMessage), request_body = Remind,
    responses((status = 200, description = "How many were reminded.", body = Reminded), Refusals, BodyRefusals))]
pub(super) async fn remind(
    State(api): State<Arc<Api>>,
    access: Access,
    Path(message): Path<GroupMessage>,
    Body(body): Body<Remind>,
) -> Result<Json<Reminded>, Problem> {
    let caller = access.caller(&api, message.app).await?;
    let conversation = Some(message.conversation());
    let request = v1::RemindUnread { conversation, seq: message.seq, user_ids: body.users };
    let service = Arc::clone(&api.service);
    let told = api.drive(async move { service.remind_unread(&caller, request).await }).await??;
    Ok(Json(Reminded { reminded: told.reminded }))
}

fn name(verdict: ReceiptVerdict) -> &'static str {
    match verdict {
        ReceiptVerdict::Recorded => "recorded",
        ReceiptVerdict::Already => "already",
        ReceiptVerdict::OwnMessage => "own_message",
        ReceiptVerdict::NotRequested => "not_requested",
        ReceiptVerdict::NotInAudience => "not_in_audience",
        ReceiptVerdict::UnknownMessage | ReceiptVerdict::Unspecified => "unknown_message",
        ReceiptVerdict::Recalled => "recalled",
    }
}
