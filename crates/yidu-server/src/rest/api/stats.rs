//! Numbers of this node: now, since its start, and as a stream.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use yidu_proto::Code;

use super::Api;
use super::access::Access;
use super::extract::Query;
use super::problem::{Problem, Refusals};
use super::session;
use crate::stats::Figures;

/// The largest whole number that every reader of JSON knows exactly.
const LATEST: u64 = (1 << 53) - 1;

/// Which part of the history.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct HistoryQuery {
    /// Points from this time on, in ms since 1970; left out: all there are.
    #[param(maximum = 9007199254740991i64)]
    from_ms: Option<u64>,
    /// Milliseconds between two points at least; left out: 10,000. The density that is just not finer is answered.
    #[param(minimum = 1, maximum = 600000)]
    step_ms: Option<u64>,
}

/// What this node has counted since it was started.
#[derive(Serialize, ToSchema)]
pub(super) struct History {
    /// Milliseconds between two points: 10,000 (of the last hour), 60,000 (day), 300,000 (3 days) or 600,000 (7 days).
    step_ms: u64,
    /// Oldest first. Where nothing was read there is no point: two that are further apart than the step have a gap between
    /// them.
    points: Vec<Figures>,
}

/// The numbers of the last second
///
/// Of this node. For operators.
#[utoipa::path(get, path = "/stats", tag = "server",
    responses((status = 200, description = "The numbers.", body = Figures), Refusals))]
pub(super) async fn stats(State(api): State<Arc<Api>>, access: Access) -> Result<Response, Problem> {
    access.operator()?;
    Ok(Json(&*api.stats.now()).into_response())
}

/// The numbers since this node was started
///
/// Kept in memory, 7 days at most: a restart begins anew. For operators.
#[utoipa::path(get, path = "/stats/history", tag = "server", params(HistoryQuery),
    responses((status = 200, description = "The points.", body = History), Refusals))]
pub(super) async fn stats_history(
    State(api): State<Arc<Api>>,
    access: Access,
    Query(query): Query<HistoryQuery>,
) -> Result<Json<History>, Problem> {
    access.operator()?;
    if query.step_ms.is_some_and(|step| !(1..=600_000).contains(&step)) {
        return Err(Problem::invalid("step_ms is 1 to 600,000"));
    }
    if query.from_ms.is_some_and(|from| from > LATEST) {
        return Err(Problem::invalid(format!("from_ms is {LATEST} at most")));
    }
    let (step_ms, points) = api.stats.history(query.from_ms.unwrap_or_default(), query.step_ms.unwrap_or(1));
    Ok(Json(History { step_ms, points }))
}

/// The numbers, once a second
///
/// Server-sent events named `stats`, whose data is what GET /stats answers; one a second, so that silence means a broken
/// connection. 64 streams at most (503). A stream ends with the session that opened it and when the server drains. For
/// operators.
#[utoipa::path(get, path = "/stats/stream", tag = "server",
    responses((status = 200, description = "The stream.", body = String, content_type = "text/event-stream"), Refusals))]
pub(super) async fn stats_stream(
    State(api): State<Arc<Api>>,
    access: Access,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    access.operator()?;
    let stream = api.stats.stream().ok_or_else(|| {
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, Code::Busy, "64 streams are open: close one")
            .wait(1_000)
    })?;
    let cookie = session::cookie(&headers).map(str::to_owned);
    let next = |(mut stream, api, cookie): (crate::stats::Stream, Arc<Api>, Option<String>)| async move {
        let ending = stream.ending.clone();
        ending.run_until_cancelled(stream.figures.changed()).await?.ok()?;
        // Watching is no use of a session: one that nobody uses ends, and with it the stream.
        if cookie.as_ref().is_some_and(|cookie| api.operators.session(cookie, false).is_none()) {
            return None;
        }
        let figures = Arc::clone(&stream.figures.borrow_and_update());
        let event = Event::default().event("stats").json_data(&*figures).ok()?;
        Some((Ok::<_, Infallible>(event), (stream, api, cookie)))
    };
    Ok(Sse::new(stream::unfold((stream, api, cookie), next)).into_response())
}
