//! All users and all groups of an app, by pages.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::access::Access;
use super::apps::AppPath;
use super::directory::Group;
use super::extract::{Path, Query};
use super::model::{Device, Profile, devices};
use super::problem::{Problem, Refusals};
use super::{Api, page_limit};
use crate::service::{DirectoryQuery, ListedUser};

/// Which page of a list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Page {
    /// Only those whose id, or whose nick or name, begins with this, whatever the case; at most 100 bytes. A search looks at
    /// 5,000 at most, and then says where to go on: its page may be short, even empty, and not be the last.
    #[param(max_length = 100)]
    q: Option<String>,
    /// `next_cursor` of the page before. Left out: the first page.
    #[param(max_length = 100)]
    cursor: Option<String>,
    /// How many the page holds: 1 to 100; 100 when it is left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

impl Page {
    fn query(self) -> Result<DirectoryQuery, Problem> {
        let text = |name: &str, text: Option<String>| {
            let text = text.unwrap_or_default();
            if text.len() > 100 {
                return Err(Problem::invalid(format!("`{name}` has more than 100 bytes")));
            }
            Ok(text)
        };
        Ok(DirectoryQuery {
            prefix: text("q", self.q)?,
            after: text("cursor", self.cursor)?,
            limit: page_limit(self.limit)?,
        })
    }
}

/// A user in the list of an app.
#[derive(Serialize, ToSchema)]
pub(super) struct UserItem {
    #[serde(flatten)]
    profile: Profile,
    /// When the account was made.
    created_ms: u64,
    /// Has a session now.
    online: bool,
    /// When the newest session ended. Left out where the server does not remember one: it remembers the newest 100,000 users,
    /// and nothing from before its start.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    last_online_ms: Option<u64>,
    /// Where the user is online, in the order of login.
    devices: Vec<Device>,
}

impl From<ListedUser> for UserItem {
    fn from(user: ListedUser) -> UserItem {
        UserItem {
            profile: user.profile.into(),
            created_ms: user.created,
            online: !user.presence.devices.is_empty(),
            last_online_ms: user.presence.last_online,
            devices: devices(user.presence.devices),
        }
    }
}

/// A page of the users of an app.
#[derive(Serialize, ToSchema)]
pub(super) struct UserList {
    /// In order of their ids' bytes.
    users: Vec<UserItem>,
    /// Pass as `cursor` for the next page. Left out on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next_cursor: Option<String>,
}

/// A page of the groups of an app.
#[derive(Serialize, ToSchema)]
pub(super) struct GroupList {
    /// In order of their ids' bytes.
    groups: Vec<Group>,
    /// Pass as `cursor` for the next page. Left out on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next_cursor: Option<String>,
}

/// The users of an app
///
/// Who is there from the first page to the last is listed exactly once, whoever comes and goes meanwhile; deleted users are
/// not. For administrators and the operator.
#[utoipa::path(get, path = "/apps/{app}/users", tag = "directory", params(AppPath, Page),
    responses((status = 200, description = "The page.", body = UserList), Refusals))]
pub(super) async fn users(
    State(api): State<Arc<Api>>,
    access: Access,
    Path(path): Path<AppPath>,
    Query(page): Query<Page>,
) -> Result<Json<UserList>, Problem> {
    let caller = access.caller(&api, path.app).await?;
    let page = api.service.list_users(&caller, page.query()?).await?;
    let users = page.items.into_iter().map(UserItem::from).collect();
    Ok(Json(UserList { users, next_cursor: page.next }))
}

/// The groups of an app
///
/// Which is there from the first page to the last is listed exactly once; dismissed groups are not. For administrators and
/// the operator.
#[utoipa::path(get, path = "/apps/{app}/groups", tag = "directory", params(AppPath, Page),
    responses((status = 200, description = "The page.", body = GroupList), Refusals))]
pub(super) async fn groups(
    State(api): State<Arc<Api>>,
    access: Access,
    Path(path): Path<AppPath>,
    Query(page): Query<Page>,
) -> Result<Json<GroupList>, Problem> {
    let caller = access.caller(&api, path.app).await?;
    let page = api.service.list_groups(&caller, page.query()?).await?;
    let groups = page.items.into_iter().map(Group::from).collect();
    Ok(Json(GroupList { groups, next_cursor: page.next }))
}
