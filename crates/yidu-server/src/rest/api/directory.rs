//! Looking up users, groups and messages.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use yidu_proto::v1::{self, conversation_ref::Of};
use yidu_proto::{Code, name};

use super::access::Access;
use super::extract::{Body, Path, Query};
use super::model::{GroupType, Message, Profile, ReceiptSwitch, Role};
use super::problem::{BodyRefusals, Problem, Refusals};
use super::receipts::GroupMessage;
use super::{Api, page_limit};
use crate::service::{Caller, Failure};

/// A user of an app.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct UserPath {
    /// The SDKAppID.
    pub(super) app: u32,
    /// The user id.
    pub(super) user: String,
}

/// A group of an app.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct GroupPath {
    /// The SDKAppID.
    pub(super) app: u32,
    /// The group id.
    pub(super) group: String,
}

/// A user.
#[derive(Serialize, ToSchema)]
pub(super) struct User {
    #[serde(flatten)]
    profile: Profile,
    /// When the account was made.
    created_ms: u64,
}

/// A group.
#[derive(Serialize, ToSchema)]
pub(super) struct Group {
    group_id: String,
    #[serde(rename = "type")]
    kind: GroupType,
    name: String,
    /// Empty in a group without an owner.
    owner: String,
    created_ms: u64,
    member_count: u32,
    max_members: u32,
    /// The newest seq; 0 without messages.
    last_seq: u64,
    /// The group's own switch.
    receipts: ReceiptSwitch,
    /// Receipts work here now: what the app's settings and the group's switch come to.
    receipts_work: bool,
}

impl From<v1::Group> for Group {
    fn from(group: v1::Group) -> Group {
        Group {
            kind: group.r#type().into(),
            receipts: group.receipts().into(),
            group_id: group.id,
            name: group.name,
            owner: group.owner,
            created_ms: group.created_ms,
            member_count: group.member_count,
            max_members: group.max_members,
            last_seq: group.last_seq,
            receipts_work: group.receipts_work,
        }
    }
}

/// A member of a group.
#[derive(Serialize, ToSchema)]
pub(super) struct Member {
    #[serde(flatten)]
    profile: Profile,
    role: Role,
    joined_ms: u64,
    name_card: String,
}

/// A page of members.
#[derive(Serialize, ToSchema)]
pub(super) struct Members {
    /// In order of joining.
    members: Vec<Member>,
    /// Pass as `cursor` for the next page; 0 at the end.
    next_cursor: u64,
}

/// A page of groups.
#[derive(Serialize, ToSchema)]
pub(super) struct Groups {
    /// In order of their making.
    groups: Vec<Group>,
    /// Pass as `cursor` for the next page; 0 at the end.
    next_cursor: u64,
}

/// Which page.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Page {
    /// `next_cursor` of the page before; 0 for the first.
    #[param(maximum = 4294967295_u64)]
    cursor: Option<u64>,
    /// How many the page holds: 1 to 100; 100 when it is left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// What to look for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Find {
    /// A message id, or `<group id>@<seq>`.
    #[param(min_length = 1, max_length = 200)]
    q: String,
}

/// A group's own switch for receipts.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GroupReceipts {
    receipts: ReceiptSwitch,
}

/// A user
#[utoipa::path(get, path = "/apps/{app}/users/{user}", tag = "directory", params(UserPath),
    responses((status = 200, description = "The user.", body = User), Refusals))]
pub(super) async fn user(
    State(api): State<Arc<Api>>,
    access: Access,
    Path(path): Path<UserPath>,
) -> Result<Json<User>, Problem> {
    let caller = access.caller(&api, path.app).await?;
    check_user(&path.user)?;
    let created_ms = api.service.account_created(&caller, &path.user).await?;
    let request = v1::GetProfiles { user_ids: vec![path.user.clone()] };
    let profile = api.service.get_profiles(&caller, request).await?.profiles.pop();
    let none = || Failure::new(Code::NoAccount, format!("{} has no account in this app", path.user));
    Ok(Json(User { profile: profile.ok_or_else(none)?.into(), created_ms }))
}

/// The groups a user is in
///
/// For the user, administrators and the operator.
#[utoipa::path(get, path = "/apps/{app}/users/{user}/groups", tag = "directory", params(UserPath, Page),
    responses((status = 200, description = "The page.", body = Groups), Refusals))]
pub(super) async fn user_groups(
    State(api): State<Arc<Api>>,
    access: Access,
    Path(path): Path<UserPath>,
    Query(page): Query<Page>,
) -> Result<Json<Groups>, Problem> {
    let caller = access.in_the_name_of(&api, path.app, &path.user).await?;
    let cursor = page.cursor.filter(|&cursor| cursor > 0).map(|cursor| cursor.to_string());
    let request = v1::ListJoinedGroups { cursor: cursor.unwrap_or_default(), limit: page_limit(page.limit)? };
    let joined = api.service.list_joined_groups(&caller, request).await?;
    Ok(Json(Groups {
        groups: joined.groups.into_iter().map(Group::from).collect(),
        next_cursor: joined.next_cursor.parse().unwrap_or_default(),
    }))
}

/// A group
#[utoipa::path(get, path = "/apps/{app}/groups/{group}", tag = "directory", params(GroupPath),
    responses((status = 200, description = "The group.", body = Group), Refusals))]
pub(super) async fn group(
    State(api): State<Arc<Api>>,
    access: Access,
    Path(path): Path<GroupPath>,
) -> Result<Json<Group>, Problem> {
    let caller = access.caller(&api, path.app).await?;
    Ok(Json(find_group(&api, &caller, path.group).await?))
}

/// Switches receipts on or off in one group
///
/// For new messages from now on; messages that have asked stay as they are. For the owner, administrators and the
/// operator.
#[utoipa::path(put, path = "/apps/{app}/groups/{group}/receipts", tag = "settings", params(GroupPath),
    request_body = GroupReceipts,
    responses((status = 200, description = "The group as it is now.", body = Group), Refusals, BodyRefusals))]
pub(super) async fn put_group_receipts(
    State(api): State<Arc<Api>>,
    access: Access,
    Path(path): Path<GroupPath>,
    Body(body): Body<GroupReceipts>,
) -> Result<Json<Group>, Problem> {
    let caller = access.caller(&api, path.app).await?;
    let request = v1::ModifyGroup {
        group_id: path.group,
        receipts: Some(v1::ReceiptSwitch::from(body.receipts).into()),
        ..Default::default()
    };
    let service = Arc::clone(&api.service);
    let changed = api.drive(async move { service.modify_group(&caller, request).await }).await??;
    Ok(Json(changed.group.unwrap_or_default().into()))
}

/// The members of a group
#[utoipa::path(get, path = "/apps/{app}/groups/{group}/members", tag = "directory", params(GroupPath, Page),
    responses((status = 200, description = "The page.", body = Members), Refusals))]
pub(super) async fn group_members(
    State(api): State<Arc<Api>>,
    access: Access,
    Path(path): Path<GroupPath>,
    Query(page): Query<Page>,
) -> Result<Json<Members>, Problem> {
    let caller = access.caller(&api, path.app).await?;
    let request = v1::ListMembers {
        group_id: path.group,
        cursor: page.cursor.unwrap_or_default(),
        limit: page_limit(page.limit)?,
        ..Default::default()
    };
    let listed = api.service.list_members(&caller, request).await?;
    let member = |member: v1::Member| Member {
        role: member.role().into(),
        profile: member.profile.unwrap_or_default().into(),
        joined_ms: member.joined_ms,
        name_card: member.name_card,
    };
    Ok(Json(Members {
        members: listed.members.into_iter().map(member).collect(),
        next_cursor: listed.next_cursor,
    }))
}

/// Finds a message by its id or place
///
/// By id it is looked for in the conversations that its sender is in now, among what they took within ten minutes of the
/// time in the id. Without its content. For administrators and the operator.
#[utoipa::path(get, path = "/apps/{app}/messages", tag = "directory",
    params(("app" = u32, Path, description = "The SDKAppID."), Find),
    responses((status = 200, description = "The message.", body = Message), Refusals))]
pub(super) async fn find_message(
    State(api): State<Arc<Api>>,
    access: Access,
    Path(app): Path<u32>,
    Query(find): Query<Find>,
) -> Result<Json<Message>, Problem> {
    let caller = access.caller(&api, app).await?;
    let q = find.q.trim();
    let found = match q.rsplit_once('@') {
        Some((group, seq)) if !group.is_empty() => {
            let seq = seq.parse().map_err(|_| Problem::invalid(format!("{seq:?} is no seq")))?;
            let conversation = v1::ConversationRef { of: Some(Of::Group(group.to_owned())) };
            api.service.message_at(&caller, &conversation, seq).await?
        }
        Some(_) | None => api.service.find_message(&caller, q).await?,
    };
    Ok(Json(found.into()))
}

/// A message of a group
///
/// Without its content. For administrators and the operator.
#[utoipa::path(get, path = "/apps/{app}/groups/{group}/messages/{seq}", tag = "directory", params(GroupMessage),
    responses((status = 200, description = "The message.", body = Message), Refusals))]
pub(super) async fn group_message(
    State(api): State<Arc<Api>>,
    access: Access,
    Path(message): Path<GroupMessage>,
) -> Result<Json<Message>, Problem> {
    let caller = access.caller(&api, message.app).await?;
    Ok(Json(api.service.message_at(&caller, &message.conversation(), message.seq).await?.into()))
}

async fn find_group(api: &Api, caller: &Caller, group: String) -> Result<Group, Problem> {
    let request = v1::GetGroups { group_ids: vec![group.clone()] };
    let found = api.service.get_groups(caller, request).await?.groups.pop().unwrap_or_default();
    match found.group {
        Some(found) => Ok(found.into()),
        None => {
            let code = Code::from_number(found.code).unwrap_or(Code::NoSuchGroup);
            Err(Failure::new(code, format!("group {group}: {}", code.meaning())).into())
        }
    }
}

pub(super) fn check_user(user: &str) -> Result<(), Problem> {
    name::check_user_id(user)
        .map_err(|why| Failure::new(Code::InvalidUserId, format!("not a user id: {why}")).into())
}
