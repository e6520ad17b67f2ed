//! What administrators do to users and groups, and where users are online.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use yidu_proto::{Code, v1};

use super::Api;
use super::access::Access;
use super::directory::{GroupPath, UserPath, check_user};
use super::extract::Path;
use super::model::{Device, devices};
use super::problem::{Problem, Refusals};
use crate::service::Failure;

/// Where a user is online.
#[derive(Serialize, ToSchema)]
pub(super) struct Sessions {
    /// In the order of login; empty for who is offline.
    devices: Vec<Device>,
    /// When the newest session ended. Left out where the server does not remember one: it remembers the newest 100,000 users,
    /// and nothing from before its start.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    last_online_ms: Option<u64>,
}

/// Where a user is online
///
/// The sessions that the user has now. For administrators and the operator.
#[utoipa::path(get, path = "/apps/{app}/users/{user}/sessions", tag = "directory", params(UserPath),
    responses((status = 200, description = "The sessions.", body = Sessions), Refusals))]
pub(super) async fn sessions(
    State(api): State<Arc<Api>>,
    access: Access,
    Path(path): Path<UserPath>,
) -> Result<Json<Sessions>, Problem> {
    let caller = access.caller(&api, path.app).await?;
    check_user(&path.user)?;
    let presence = api.service.presence(&caller, &path.user).await?;
    Ok(Json(Sessions { devices: devices(presence.devices), last_online_ms: presence.last_online }))
}

/// Ends a user's sessions
///
/// And makes every UserSig of the user from before now invalid: logging in again takes a new one. Noted in the audit log. For
/// administrators and the operator.
#[utoipa::path(post, path = "/apps/{app}/users/{user}/kick", tag = "directory", params(UserPath),
    responses((status = 204, description = "The sessions are ended."), Refusals))]
pub(super) async fn kick(
    State(api): State<Arc<Api>>,
    access: Access,
    Path(path): Path<UserPath>,
) -> Result<StatusCode, Problem> {
    let caller = access.caller(&api, path.app).await?;
    check_user(&path.user)?;
    let service = Arc::clone(&api.service);
    let request = v1::KickAccount { user_id: path.user };
    api.drive(async move { service.kick_account(&caller, request).await }).await??;
    Ok(StatusCode::NO_CONTENT)
}

/// Deletes a user
///
/// The user's sessions end, and the user is a leaver of every group; messages and receipts stay. An account that is made
/// under the same id later is somebody else. Noted in the audit log. For administrators and the operator.
#[utoipa::path(delete, path = "/apps/{app}/users/{user}", tag = "directory", params(UserPath),
    responses((status = 204, description = "The account is gone."), Refusals))]
pub(super) async fn delete_user(
    State(api): State<Arc<Api>>,
    access: Access,
    Path(path): Path<UserPath>,
) -> Result<StatusCode, Problem> {
    let caller = access.caller(&api, path.app).await?;
    check_user(&path.user)?;
    let service = Arc::clone(&api.service);
    let request = v1::DeleteAccounts { user_ids: vec![path.user.clone()] };
    let deleted = api.drive(async move { service.delete_accounts(&caller, request).await }).await??;
    if deleted.results.iter().any(|result| result.code != 0) {
        let text = format!("{} has no account in this app", path.user);
        return Err(Failure::new(Code::NoAccount, text).into());
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Dismisses a group
///
/// It is there for nobody any more, and its id is not given again. For the owner where the group's type lets the owner, and
/// for administrators and the operator, of whom it is noted in the audit log.
#[utoipa::path(delete, path = "/apps/{app}/groups/{group}", tag = "directory", params(GroupPath),
    responses((status = 204, description = "The group is dismissed."), Refusals))]
pub(super) async fn dismiss_group(
    State(api): State<Arc<Api>>,
    access: Access,
    Path(path): Path<GroupPath>,
) -> Result<StatusCode, Problem> {
    let caller = access.caller(&api, path.app).await?;
    let service = Arc::clone(&api.service);
    let request = v1::DismissGroup { group_id: path.group };
    api.drive(async move { service.dismiss_group(&caller, request).await }).await??;
    Ok(StatusCode::NO_CONTENT)
}
