//! A user's change feed: what a back end that was away has missed.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use yidu_proto::v1;
use yidu_proto::v1::change::Thing;

use super::Api;
use super::access::Access;
use super::directory::UserPath;
use super::extract::{Path, Query};
use super::model::{Conversation, Profile, ReceiptState};
use super::problem::{Problem, Refusals};

/// Which part of the feed.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct After {
    /// Entries after this number: 0 for all, then the `position` of the page before.
    after: Option<u64>,
    /// Entries in the page: 1 to 1,000; 500 when it is left out.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
}

/// A page of a change feed.
#[derive(Serialize, ToSchema)]
pub(super) struct ChangePage {
    /// By rising number. Numbers have gaps where a newer entry about the same thing stands further on.
    changes: Vec<Change>,
    /// Everything up to here is given: pass it as `after`.
    position: u64,
    /// There is nothing more now.
    finished: bool,
}

/// An entry: the newest state of something that changed.
#[derive(Serialize, ToSchema)]
pub(super) struct Change {
    number: u64,
    #[serde(flatten)]
    thing: Changed,
}

/// What changed.
#[derive(Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Changed {
    /// The receipts of a message that the user sent.
    Receipt { receipt: ReceiptState },
    /// The peer of a one-to-one conversation has cleared its unread count up to a time.
    PeerRead { user_id: String, time_ms: u64 },
    /// The user has cleared an unread count.
    UnreadCleared { conversation: Conversation, read_seq: u64, unread_count: u64 },
    /// The user has come into a group or is no longer in it.
    Membership { group_id: String, member: bool },
    /// The user's own profile.
    Profile { profile: Profile },
    /// The user has taken a conversation off the list.
    ConversationDeleted { conversation: Conversation },
}

/// A user's change feed
///
/// One entry for each thing that changed, with its newest state: a million receipts on one message are one entry. For the
/// user, administrators and the operator.
#[utoipa::path(get, path = "/apps/{app}/users/{user}/changes", tag = "receipts", params(UserPath, After),
    responses((status = 200, description = "The page.", body = ChangePage), Refusals))]
pub(super) async fn user_changes(
    State(api): State<Arc<Api>>,
    access: Access,
    Path(user): Path<UserPath>,
    Query(query): Query<After>,
) -> Result<Json<ChangePage>, Problem> {
    let caller = access.in_the_name_of(&api, user.app, &user.user).await?;
    let limit = super::page_limit(query.limit)?;
    let request = v1::GetChanges { after: query.after.unwrap_or_default(), limit };
    let page = api.service.get_changes(&caller, request).await?;
    let changes = page.changes.into_iter().filter_map(change).collect();
    Ok(Json(ChangePage { changes, position: page.position, finished: page.finished }))
}

fn change(change: v1::Change) -> Option<Change> {
    let thing = match change.thing? {
        Thing::Receipt(state) => Changed::Receipt { receipt: state.into() },
        Thing::PeerRead(read) => Changed::PeerRead { user_id: read.user_id, time_ms: read.time_ms },
        Thing::UnreadCleared(cleared) => Changed::UnreadCleared {
            conversation: cleared.conversation.into(),
            read_seq: cleared.read_seq,
            unread_count: cleared.unread_count,
        },
        Thing::Membership(membership) => {
            Changed::Membership { group_id: membership.group_id, member: membership.member }
        }
        Thing::Profile(profile) => Changed::Profile { profile: profile.into() },
        Thing::ConversationDeleted(conversation) => {
            Changed::ConversationDeleted { conversation: Some(conversation).into() }
        }
    };
    Some(Change { number: change.number, thing })
}
