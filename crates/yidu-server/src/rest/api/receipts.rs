//! The receipts of one message: counts, and who is behind them.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use yidu_proto::v1::{self, conversation_ref::Of};

use super::Api;
use super::access::Access;
use super::extract::{Path, Query};
use super::model::{Reader, ReceiptState};
use super::problem::{Problem, Refusals};
use crate::service::{Caller, Filter, ReceiptListQuery, Start};

/// Members in a page when the request does not say.
const MEMBERS: usize = 100;

/// A message of a group.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct GroupMessage {
    /// The SDKAppID.
    pub(super) app: u32,
    /// The group id.
    pub(super) group: String,
    /// The seq of the message.
    pub(super) seq: u64,
}

impl GroupMessage {
    pub(super) fn conversation(&self) -> v1::ConversationRef {
        v1::ConversationRef { of: Some(Of::Group(self.group.clone())) }
    }
}

/// A message of a one-to-one conversation.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct UserMessage {
    /// The SDKAppID.
    app: u32,
    /// The user whose conversation it is.
    user: String,
    /// The other user.
    peer: String,
    /// The seq of the message.
    seq: u64,
}

/// Which list of those who were asked.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum List {
    /// Who had read at the version. Never changes.
    Read,
    /// Who had not, and is in the conversation now.
    Unread,
    /// Who had not, and is no longer in the conversation.
    Left,
    /// Who had not: unread and left together. Never changes.
    NotRead,
}

impl From<List> for Filter {
    fn from(list: List) -> Filter {
        match list {
            List::Read => Filter::Read,
            List::Unread => Filter::Unread,
            List::Left => Filter::Left,
            List::NotRead => Filter::NotRead,
        }
    }
}

/// Which page of a list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Page {
    /// The list.
    #[param(inline)]
    list: Option<List>,
    /// Members in the page: 1 to 1,000; 100 when it is left out.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    /// The version that an earlier page told, or any instant of the past in ms since 1970. Left out: the newest.
    version: Option<u64>,
    /// Begin behind so many members of the list. Not together with `cursor`.
    offset: Option<u32>,
    /// Begin where the page before says (`next_cursor`). Not together with `offset`.
    cursor: Option<u32>,
    /// Only those with this in their user id, nick or name card, whatever the case; at most 100 bytes. A search looks at
    /// 20,000 members at most, and then says where to go on.
    #[param(max_length = 100)]
    q: Option<String>,
}

/// A page of a list at a version.
#[derive(Serialize, ToSchema)]
pub(super) struct MemberPage {
    /// The instant that this page shows, in ms since 1970: pass it for every other page of the list.
    version: u64,
    /// Members of the whole list.
    total: u32,
    /// Members of the list before this page.
    offset: u32,
    /// In order of first joining.
    members: Vec<Reader>,
    /// Pass as `cursor` for the next page; 0 at the end.
    next_cursor: u32,
    /// Nobody follows.
    finished: bool,
    /// The counts of now, which may be ahead of the version.
    receipt: ReceiptState,
}

/// The receipts of a group message
///
/// All four counts of this instant. For the sender, administrators, the operator, and whoever `receipt_viewers` lets see
/// them.
#[utoipa::path(get, path = "/apps/{app}/groups/{group}/messages/{seq}/receipt", tag = "receipts", params(GroupMessage),
    responses((status = 200, description = "The counts.", body = ReceiptState), Refusals))]
pub(super) async fn group_receipt(
    State(api): State<Arc<Api>>,
    access: Access,
    Path(message): Path<GroupMessage>,
) -> Result<Json<ReceiptState>, Problem> {
    let caller = access.caller(&api, message.app).await?;
    state(&api, &caller, message.conversation(), message.seq).await
}

/// The receipts of a one-to-one message
///
/// Of a message that `user` sent to `peer`. For `user`, administrators and the operator.
#[utoipa::path(get, path = "/apps/{app}/users/{user}/peers/{peer}/messages/{seq}/receipt", tag = "receipts",
    params(UserMessage), responses((status = 200, description = "The counts.", body = ReceiptState), Refusals))]
pub(super) async fn user_receipt(
    State(api): State<Arc<Api>>,
    access: Access,
    Path(message): Path<UserMessage>,
) -> Result<Json<ReceiptState>, Problem> {
    let caller = access.in_the_name_of(&api, message.app, &message.user).await?;
    let conversation = v1::ConversationRef { of: Some(Of::User(message.peer)) };
    state(&api, &caller, conversation, message.seq).await
}

/// Who has read a group message, and who has not
///
/// A page of at most 1,000 members of one list, with times of reading, as the list was at a version. A version is an
/// instant of the server's clock: `read` and `not_read` at a version never change, whatever lands later, so `version` and
/// `offset` name the same member for ever, nobody comes twice and nobody is missed. `unread` and `left` divide `not_read`
/// by who is in the conversation now: who leaves or comes back changes from one to the other. Nothing is kept for a
/// version: any instant of the past is one, also after a restart.
#[utoipa::path(get, path = "/apps/{app}/groups/{group}/messages/{seq}/receipt/members", tag = "receipts",
    params(GroupMessage, Page), responses((status = 200, description = "The page.", body = MemberPage), Refusals))]
pub(super) async fn group_receipt_members(
    State(api): State<Arc<Api>>,
    access: Access,
    Path(message): Path<GroupMessage>,
    Query(page): Query<Page>,
) -> Result<Json<MemberPage>, Problem> {
    let caller = access.caller(&api, message.app).await?;
    let start = match (page.offset, page.cursor) {
        (Some(_), Some(_)) => return Err(Problem::invalid("give either `offset` or `cursor`")),
        (Some(offset), None) => Start::Offset(offset),
        (None, cursor) => Start::Cursor(cursor.unwrap_or_default()),
    };
    if page.q.as_ref().is_some_and(|search| search.len() > 100) {
        return Err(Problem::invalid("`q` has more than 100 bytes"));
    }
    let query = ReceiptListQuery {
        conversation: message.conversation(),
        seq: message.seq,
        filter: page.list.unwrap_or(List::Read).into(),
        version: page.version,
        start,
        limit: page.limit.unwrap_or(MEMBERS),
        search: page.q,
    };
    let list = api.service.receipt_list(&caller, query).await?;
    Ok(Json(MemberPage {
        version: list.version,
        total: list.total,
        offset: list.offset,
        members: list.members.into_iter().map(Reader::from).collect(),
        next_cursor: list.next,
        finished: list.finished,
        receipt: list.state.into(),
    }))
}

async fn state(
    api: &Api,
    caller: &Caller,
    conversation: v1::ConversationRef,
    seq: u64,
) -> Result<Json<ReceiptState>, Problem> {
    let request = v1::GetReceipts { conversation: Some(conversation.clone()), seqs: vec![seq] };
    if let Some(state) = api.service.get_receipts(caller, request).await?.states.pop() {
        return Ok(Json(state.into()));
    }
    // Left out: the list says why.
    let query = ReceiptListQuery {
        conversation,
        seq,
        filter: Filter::Read,
        version: None,
        start: Start::Cursor(0),
        limit: 1,
        search: None,
    };
    Ok(Json(api.service.receipt_list(caller, query).await?.state.into()))
}
