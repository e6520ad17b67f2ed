//! The audit log of an app: who changed what, when.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::access::Access;
use super::apps::AppPath;
use super::extract::{Path, Query};
use super::problem::{Problem, Refusals};
use super::{Api, page_limit};
use crate::service::AuditEntry;

/// Which page of something that is listed newest first.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Below {
    /// Entries below this number: `next_below` of the page before. Left out: the newest.
    pub(super) below: Option<u64>,
    /// How many the page holds: 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

impl Below {
    pub(super) fn limit(&self) -> Result<u32, Problem> {
        page_limit(self.limit)
    }
}

/// A page of the audit log.
#[derive(Serialize, ToSchema)]
pub(super) struct AuditPage {
    /// Newest first.
    entries: Vec<Entry>,
    /// Pass as `below` for the next page; 0 at the end.
    next_below: u64,
}

/// Something that was changed.
#[derive(Serialize, ToSchema)]
pub(super) struct Entry {
    /// Position in the log, from 1.
    number: u64,
    time_ms: u64,
    /// A user id, or `operator`.
    by: String,
    /// What was done, such as `settings.changed`.
    what: String,
    /// To what; may be empty.
    whom: String,
    /// How it was. Holds no secret.
    #[schema(value_type = Value)]
    before: Value,
    /// How it is since.
    #[schema(value_type = Value)]
    after: Value,
}

impl From<AuditEntry> for Entry {
    fn from(entry: AuditEntry) -> Entry {
        let json = |text: String| match serde_json::from_str(&text) {
            Ok(value) => value,
            Err(_) if text.is_empty() => Value::Null,
            Err(_) => Value::String(text),
        };
        let note = entry.note;
        Entry {
            number: entry.number,
            time_ms: note.at,
            by: note.by,
            what: note.what,
            whom: note.whom,
            before: json(note.before),
            after: json(note.after),
        }
    }
}

/// The audit log of an app
///
/// The newest 10,000 entries are kept. For administrators and the operator.
#[utoipa::path(get, path = "/apps/{app}/audit", tag = "settings", params(AppPath, Below),
    responses((status = 200, description = "The page.", body = AuditPage), Refusals))]
pub(super) async fn audit(
    State(api): State<Arc<Api>>,
    access: Access,
    Path(path): Path<AppPath>,
    Query(page): Query<Below>,
) -> Result<Json<AuditPage>, Problem> {
    let caller = access.caller(&api, path.app).await?;
    if page.below == Some(0) {
        return Err(Problem::invalid("nothing is below 0: leave `below` out for the newest"));
    }
    let entries = api.service.audit(&caller, page.below.unwrap_or_default(), page.limit()?).await?;
    let next_below = entries.last().map_or(0, |last| if last.number > 1 { last.number } else { 0 });
    Ok(Json(AuditPage { entries: entries.into_iter().map(Entry::from).collect(), next_below }))
}
