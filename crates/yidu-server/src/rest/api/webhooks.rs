//! What the back end of an app is to be told, and what it could not be told. The endpoint itself is a setting of the app.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::access::Access;
use super::apps::AppPath;
use super::audit::Below;
use super::extract::{Body, Path, Query};
use super::problem::{BodyRefusals, Problem, Refusals};
use super::{Api, page_limit};
use crate::service::{DeadHook, Delivery};

/// The webhooks of an app.
#[derive(Serialize, ToSchema)]
pub(super) struct Webhooks {
    /// Calls that wait for being accepted.
    waiting: u64,
}

/// A page of dead letters.
#[derive(Serialize, ToSchema)]
pub(super) struct DeadLetters {
    /// Newest first.
    dead_letters: Vec<DeadLetter>,
    /// Pass as `below` for the next page; 0 at the end.
    next_below: u64,
}

/// A call that was given up.
#[derive(Serialize, ToSchema)]
pub(super) struct DeadLetter {
    /// Position among the app's calls, from 1.
    number: u64,
    /// The vendor's name of what happened.
    command: String,
    /// When it happened.
    time_ms: u64,
    /// When it was given up.
    given_up_ms: u64,
    /// Why.
    reason: String,
}

impl From<DeadHook> for DeadLetter {
    fn from(dead: DeadHook) -> DeadLetter {
        DeadLetter {
            number: dead.hook.number,
            command: dead.hook.news.command().name().to_owned(),
            time_ms: dead.hook.at,
            given_up_ms: dead.died,
            reason: dead.why,
        }
    }
}

/// Which dead letters to try again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Replay {
    /// Their numbers.
    #[schema(min_items = 1, max_items = 1000)]
    numbers: Vec<u64>,
}

/// What came of it.
#[derive(Serialize, ToSchema)]
pub(super) struct Replayed {
    /// How many were among the dead letters and wait again.
    replayed: usize,
}

/// How many calls to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Newest {
    /// 1 to 100; left out: 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// The newest calls to an app's back end.
#[derive(Serialize, ToSchema)]
pub(super) struct Deliveries {
    /// Newest first.
    deliveries: Vec<Call>,
}

/// A call to the back end.
#[derive(Serialize, ToSchema)]
pub(super) struct Call {
    /// When it began.
    at_ms: u64,
    /// Until its answer.
    took_ms: u64,
    /// The vendor's name of what was told.
    command: String,
    /// The endpoint, without the parameters that every call gets.
    url: String,
    /// How many hooks were told with it.
    hooks: usize,
    /// The first 20 of their numbers.
    numbers: Vec<u64>,
    /// Why it was not accepted. Left out where it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    reason: Option<String>,
}

impl From<Delivery> for Call {
    fn from(delivery: Delivery) -> Call {
        Call {
            at_ms: delivery.at,
            took_ms: delivery.took,
            command: delivery.command.name().to_owned(),
            url: delivery.url,
            hooks: delivery.hooks,
            numbers: delivery.numbers,
            reason: delivery.refused,
        }
    }
}

/// The newest calls to an app's back end
///
/// Accepted or not, since this node was started; the newest 100 are kept. Questions before messages are not among them. For
/// administrators and the operator.
#[utoipa::path(get, path = "/apps/{app}/webhooks/deliveries", tag = "webhooks", params(AppPath, Newest),
    responses((status = 200, description = "The calls.", body = Deliveries), Refusals))]
pub(super) async fn deliveries(
    State(api): State<Arc<Api>>,
    access: Access,
    Path(path): Path<AppPath>,
    Query(page): Query<Newest>,
) -> Result<Json<Deliveries>, Problem> {
    let caller = access.caller(&api, path.app).await?;
    let deliveries = api.service.deliveries(&caller, page_limit(page.limit)?).await?;
    Ok(Json(Deliveries { deliveries: deliveries.into_iter().map(Call::from).collect() }))
}

/// The webhooks of an app
///
/// How much waits. For administrators and the operator.
#[utoipa::path(get, path = "/apps/{app}/webhooks", tag = "webhooks", params(AppPath),
    responses((status = 200, description = "The webhooks.", body = Webhooks), Refusals))]
pub(super) async fn webhooks(
    State(api): State<Arc<Api>>,
    access: Access,
    Path(path): Path<AppPath>,
) -> Result<Json<Webhooks>, Problem> {
    let caller = access.caller(&api, path.app).await?;
    Ok(Json(Webhooks { waiting: api.service.hooks_waiting(&caller).await? }))
}

/// Calls that were given up
///
/// After a day of trying. The newest 10,000 are kept. For administrators and the operator.
#[utoipa::path(get, path = "/apps/{app}/webhooks/dead-letters", tag = "webhooks", params(AppPath, Below),
    responses((status = 200, description = "The page.", body = DeadLetters), Refusals))]
pub(super) async fn dead_letters(
    State(api): State<Arc<Api>>,
    access: Access,
    Path(path): Path<AppPath>,
    Query(page): Query<Below>,
) -> Result<Json<DeadLetters>, Problem> {
    let caller = access.caller(&api, path.app).await?;
    if page.below == Some(0) {
        return Err(Problem::invalid("nothing is below 0: leave `below` out for the newest"));
    }
    let dead = api.service.dead_hooks(&caller, page.below.unwrap_or_default(), page.limit()?).await?;
    let next_below = dead.last().map_or(0, |last| if last.hook.number > 1 { last.hook.number } else { 0 });
    Ok(Json(DeadLetters { dead_letters: dead.into_iter().map(DeadLetter::from).collect(), next_below }))
}

/// Tries calls again that were given up
///
/// For another day. Numbers that are not among the dead letters are ignored. For administrators and the operator.
#[utoipa::path(post, path = "/apps/{app}/webhooks/replay", tag = "webhooks", params(AppPath), request_body = Replay,
    responses((status = 200, description = "What came of it.", body = Replayed), Refusals, BodyRefusals))]
pub(super) async fn replay(
    State(api): State<Arc<Api>>,
    access: Access,
    Path(path): Path<AppPath>,
    Body(replay): Body<Replay>,
) -> Result<Json<Replayed>, Problem> {
    let caller = access.caller(&api, path.app).await?;
    let service = Arc::clone(&api.service);
    let replayed = api.drive(async move { service.replay_hooks(&caller, &replay.numbers).await }).await??;
    Ok(Json(Replayed { replayed }))
}
