//! The receipts of one message from close by: where one user stands, and how fast it was read.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Api;
use super::access::Access;
use super::directory::check_user;
use super::extract::{Path, Query};
use super::model::{Profile, ReceiptState};
use super::problem::{Problem, Refusals};
use super::receipts::GroupMessage;
use crate::service::{AskedOrNot, BUCKETS_MAX, MemberReceipt, NotAsked, ReadTimeline};

/// Buckets of a timeline when the request does not say.
const BUCKETS: u32 = 16;

/// A user and a message of a group.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct MemberPath {
    /// The SDKAppID.
    app: u32,
    /// The group id.
    group: String,
    /// The seq of the message.
    seq: u64,
    /// The user id.
    user: String,
}

/// Where a user stands with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum MemberState {
    /// Has read.
    Read,
    /// Was asked, has not read, and is in the group now; of a recalled message: was at the recall.
    Unread,
    /// Was asked, has not read, and is no longer in the group; of a recalled message: was not at the recall.
    Left,
    /// Was not asked; `reason` says why.
    NotAsked,
}

/// Why a user was not asked to read a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Reason {
    /// Has sent it.
    Sender,
    /// Came into the group for the first time after it.
    JoinedLater,
    /// Had left the group before it, whether back since or not.
    LeftBefore,
    /// Was in the group, and the message went to others.
    NotTargeted,
    /// Never was in the group.
    NeverJoined,
}

impl From<NotAsked> for Reason {
    fn from(why: NotAsked) -> Reason {
        match why {
            NotAsked::Sender => Reason::Sender,
            NotAsked::JoinedLater => Reason::JoinedLater,
            NotAsked::LeftBefore => Reason::LeftBefore,
            NotAsked::NotTargeted => Reason::NotTargeted,
            NotAsked::NeverJoined => Reason::NeverJoined,
        }
    }
}

/// Where one user stands with one message, and what is known about why.
#[derive(Serialize, ToSchema)]
pub(super) struct ReceiptOfMember {
    #[serde(flatten)]
    profile: Profile,
    state: MemberState,
    /// Of who was not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    reason: Option<Reason>,
    /// When it was read, by the server's clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    read_time_ms: Option<u64>,
    /// Is in the group now.
    member: bool,
    /// The latest joining of who is or was in the group.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    joined_ms: Option<u64>,
    /// Has a session now. For administrators and the operator only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    online: Option<bool>,
    /// When the newest session ended, where the server remembers one. For administrators and the operator only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    last_online_ms: Option<u64>,
    /// Up to which seq a member has cleared the unread count of the group: at this seq or behind it, the message was in sight
    /// although no receipt was sent. For administrators and the operator only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    cleared_seq: Option<u64>,
    /// The newest of the 20 messages behind this one of which the user has sent a receipt. For administrators and the
    /// operator only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    newer_read_seq: Option<u64>,
    /// The counts of the same instant.
    receipt: ReceiptState,
}

impl From<MemberReceipt> for ReceiptOfMember {
    fn from(found: MemberReceipt) -> ReceiptOfMember {
        let (state, reason, read_time_ms) = match found.state {
            AskedOrNot::Read(at) => (MemberState::Read, None, Some(at)),
            AskedOrNot::Unread => (MemberState::Unread, None, None),
            AskedOrNot::Left => (MemberState::Left, None, None),
            AskedOrNot::NotAsked(why) => (MemberState::NotAsked, Some(why.into()), None),
        };
        ReceiptOfMember {
            profile: found.profile.into(),
            state,
            reason,
            read_time_ms,
            member: found.member,
            joined_ms: found.joined,
            online: found.sighting.map(|sighting| sighting.online),
            last_online_ms: found.sighting.and_then(|sighting| sighting.last_online),
            cleared_seq: found.sighting.and_then(|sighting| sighting.cleared_seq),
            newer_read_seq: found.sighting.and_then(|sighting| sighting.newer_read_seq),
            receipt: found.receipt.into(),
        }
    }
}

/// How fine a timeline is.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Fineness {
    /// Buckets at most: 1 to 63; 16 when it is left out.
    #[param(minimum = 1, maximum = 63)]
    buckets: Option<u32>,
}

/// How fast a message was read. Times are milliseconds after it was sent, by the server's clock.
#[derive(Serialize, ToSchema)]
pub(super) struct Timeline {
    /// The first reading. Left out, as the two below, while nobody has read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    first_ms: Option<u64>,
    /// By then half of those who have read had: the lower one of two in the middle.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    median_ms: Option<u64>,
    /// The last reading so far.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    last_ms: Option<u64>,
    /// Ascending; together they hold everybody who has read. The last ends with the last reading, each other one at half the
    /// time of the one behind it.
    buckets: Vec<Bucket>,
    /// The counts of the same instant.
    receipt: ReceiptState,
}

/// Who has read in one stretch of time.
#[derive(Serialize, ToSchema)]
pub(super) struct Bucket {
    /// Up to then, and after the bucket before.
    until_ms: u64,
    /// How many.
    count: u32,
}

/// Where one user stands with a group message
///
/// Read, unread, left, or not asked and why not; with what the server knows of the user that says more. For the sender,
/// administrators, the operator, and whoever `receipt_viewers` lets see receipts.
#[utoipa::path(get, path = "/apps/{app}/groups/{group}/messages/{seq}/receipt/members/{user}", tag = "receipts",
    params(MemberPath), responses((status = 200, description = "The state.", body = ReceiptOfMember), Refusals))]
pub(super) async fn group_receipt_member(
    State(api): State<Arc<Api>>,
    access: Access,
    Path(path): Path<MemberPath>,
) -> Result<Json<ReceiptOfMember>, Problem> {
    let caller = access.caller(&api, path.app).await?;
    check_user(&path.user)?;
    Ok(Json(api.service.member_receipt(&caller, &path.group, path.seq, &path.user).await?.into()))
}

/// How fast a group message was read
///
/// The first, median and last reading, and how many have read when. For the sender, administrators, the operator, and whoever
/// `receipt_viewers` lets see receipts.
#[utoipa::path(get, path = "/apps/{app}/groups/{group}/messages/{seq}/receipt/timeline", tag = "receipts",
    params(GroupMessage, Fineness),
    responses((status = 200, description = "The timeline.", body = Timeline), Refusals))]
pub(super) async fn group_receipt_timeline(
    State(api): State<Arc<Api>>,
    access: Access,
    Path(message): Path<GroupMessage>,
    Query(fineness): Query<Fineness>,
) -> Result<Json<Timeline>, Problem> {
    let caller = access.caller(&api, message.app).await?;
    let buckets = fineness.buckets.unwrap_or(BUCKETS);
    if !(1..=BUCKETS_MAX).contains(&buckets) {
        return Err(Problem::invalid(format!("a timeline has 1 to {BUCKETS_MAX} buckets")));
    }
    let (timeline, state) =
        api.service.receipt_timeline(&caller, &message.group, message.seq, buckets).await?;
    let of = |time: fn(&ReadTimeline) -> u64| timeline.as_ref().map(time);
    let buckets = timeline.iter().flat_map(|timeline| &timeline.buckets);
    Ok(Json(Timeline {
        first_ms: of(|timeline| timeline.first),
        median_ms: of(|timeline| timeline.median),
        last_ms: of(|timeline| timeline.last),
        buckets: buckets.map(|one| Bucket { until_ms: one.until, count: one.count }).collect(),
        receipt: state.into(),
    }))
}
