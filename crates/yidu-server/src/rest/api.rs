//! Yidu's own API: `/api/v1`, JSON, described by the document at `/api/openapi.json`, which is built from the handlers.
//!
//! In the order a request passes: `access` (who is asking, how often) → `extract` (path, query, body) → a handler, which
//! translates → the service, which holds the rules. What is refused is a [`problem`]. `model` has what several show.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yidu_proto::Code;

mod access;
mod administration;
mod apps;
mod audit;
mod changes;
mod directory;
mod export;
mod extract;
mod lists;
mod model;
mod nodes;
mod operators;
mod problem;
mod reader;
mod reading;
mod receipts;
mod session;
mod settings;
mod stats;
mod webhooks;

use extract::Path;
use problem::Problem;

use super::Rest;
use super::limit::Limit;
use crate::config::Config;
use crate::files::Files;
use crate::operators::Operators;
use crate::service::Service;
use crate::stats::Stats;

/// Bytes of a body.
const BODY: usize = 64 * 1024;

/// What the handlers share.
pub struct Api {
    rest: Arc<Rest>,
    service: Arc<Service>,
    limit: Arc<Limit>,
    operators: Arc<Operators>,
    stats: Arc<Stats>,
    config: Config,
    /// Where key files are kept; `None` for a server without a folder.
    files: Option<Files>,
    started: Instant,
}

impl Api {
    /// The API of a server.
    pub(crate) fn new(
        rest: &Arc<Rest>,
        operators: Arc<Operators>,
        stats: Arc<Stats>,
        config: Config,
        files: Option<Files>,
    ) -> Arc<Api> {
        Arc::new(Api {
            rest: Arc::clone(rest),
            service: Arc::clone(&rest.service),
            limit: Arc::clone(&rest.limit),
            operators,
            stats,
            config,
            files,
            started: Instant::now(),
        })
    }

    /// Runs a call that changes something to its end, even when whoever asked has hung up.
    async fn drive<T: Send + 'static>(
        &self,
        call: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, Problem> {
        self.rest.drive(call).await.ok_or_else(Problem::cut_off)
    }
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Yidu",
        description = "Yidu's own API: receipts with all four counts, lists that stand still while receipts land, exports, \
            settings, webhooks, administration. `docs/api.md` shows how to call it."
    ),
    components(schemas(Problem)),
    modifiers(&Bearer),
    security(("bearer" = []), ("session" = [])),
    tags(
        (name = "receipts", description = "Who has read what."),
        (name = "directory", description = "Users, groups and messages."),
        (name = "settings", description = "Settings of apps and groups."),
        (name = "webhooks", description = "What the back end of an app was not told."),
        (name = "apps", description = "Apps and their keys. For the operator."),
        (name = "server", description = "The server itself. For operators."),
        (name = "operators", description = "Signing in to the console, and who may."),
    )
)]
struct Document;

/// How requests show who is asking.
struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("A UserSig of a user or an administrator of the app, or the operator's token."))
            .build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme));
        let text = "A session of the console. Requests that write also need the header `Yidu-Csrf` and an `Origin` of the same host.";
        let cookie = ApiKeyValue::with_description(session::COOKIE, text);
        components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    }
}

/// The routes below `/api`.
pub(crate) fn routes(api: Arc<Api>) -> Router {
    let (v1, document) = described();
    let document: Arc<str> = text(&document).into();
    let open = Router::new()
        .route("/openapi.json", get(move || serve_document(Arc::clone(&document))))
        .route("/problems/{number}", get(explain));
    let router = v1.with_state(api).merge(Router::new().nest("/api", open));
    router
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(BODY))
        .layer(axum::middleware::map_response(uncached))
        .route("/api", any(unknown))
        .route("/api/", any(unknown))
        .route("/api/{*path}", any(unknown))
}

/// [`routes`] for a port at which nobody signs in.
pub(crate) fn routes_without_sign_in(api: Arc<Api>) -> Router {
    routes(api).layer(axum::middleware::from_fn(|request: Request, next: Next| async move {
        if request.uri().path().starts_with("/api/v1/session") {
            return unknown(request.uri().clone()).await.into_response();
        }
        next.run(request).await
    }))
}

/// The document that describes the API, as it is served.
pub fn document() -> String {
    text(&described().1)
}

fn described() -> (Router<Arc<Api>>, utoipa::openapi::OpenApi) {
    let v1 = OpenApiRouter::new()
        .routes(routes!(receipts::group_receipt))
        .routes(routes!(receipts::group_receipt_members))
        .routes(routes!(reader::group_receipt_member))
        .routes(routes!(reader::group_receipt_timeline))
        .routes(routes!(export::export_group_receipt))
        .routes(routes!(receipts::user_receipt))
        .routes(routes!(reading::send_receipts))
        .routes(routes!(reading::remind))
        .routes(routes!(changes::user_changes))
        .routes(routes!(lists::users))
        .routes(routes!(lists::groups))
        .routes(routes!(directory::user, administration::delete_user))
        .routes(routes!(administration::kick))
        .routes(routes!(administration::sessions))
        .routes(routes!(directory::user_groups))
        .routes(routes!(directory::group, administration::dismiss_group))
        .routes(routes!(directory::group_members))
        .routes(routes!(directory::group_message))
        .routes(routes!(directory::find_message))
        .routes(routes!(settings::settings, settings::put_settings))
        .routes(routes!(directory::put_group_receipts))
        .routes(routes!(audit::audit))
        .routes(routes!(webhooks::webhooks))
        .routes(routes!(webhooks::deliveries))
        .routes(routes!(webhooks::dead_letters))
        .routes(routes!(webhooks::replay))
        .routes(routes!(apps::apps, apps::create_app))
        .routes(routes!(apps::app))
        .routes(routes!(apps::rotate_key))
        .routes(routes!(apps::delete_key))
        .routes(routes!(apps::create_user_sig))
        .routes(routes!(nodes::nodes))
        .routes(routes!(nodes::node_config))
        .routes(routes!(stats::stats))
        .routes(routes!(stats::stats_history))
        .routes(routes!(stats::stats_stream))
        .routes(routes!(session::session, session::sign_in, session::sign_out))
        .routes(routes!(session::set_up))
        .routes(routes!(operators::operators, operators::add_operator))
        .routes(routes!(operators::change_operator, operators::remove_operator));
    OpenApiRouter::with_openapi(Document::openapi()).nest("/api/v1", v1).split_for_parts()
}

fn text(document: &utoipa::openapi::OpenApi) -> String {
    let mut text = document.to_pretty_json().expect("a document of strings and numbers has a JSON form");
    text.push('\n');
    text
}

async fn serve_document(document: Arc<str>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], document.to_string()).into_response()
}

/// What the `type` of a problem leads to.
async fn explain(Path(number): Path<u32>) -> Result<String, Problem> {
    let code = Code::from_number(number).ok_or_else(|| {
        Problem::new(StatusCode::NOT_FOUND, Code::UnknownCommand, format!("there is no number {number}"))
    })?;
    Ok(format!(
        "{number}: {}\n\nThe `detail` of the problem says what is wrong with the request and what would be right. All \
        numbers are in docs/errors.md.\n",
        code.meaning()
    ))
}

async fn unknown(uri: Uri) -> Problem {
    let text = format!("there is no {}: /api/openapi.json lists what there is", uri.path());
    Problem::new(StatusCode::NOT_FOUND, Code::UnknownCommand, text)
}

async fn wrong_method(uri: Uri) -> Problem {
    let text = format!("{} has other methods: the header Allow names them", uri.path());
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, Code::UnknownCommand, text)
}

/// What users read is nobody else's to keep.
async fn uncached(mut response: Response) -> Response {
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// How many a page holds: the service knows 0 as its default, callers leave it out. Errors: 400.
fn page_limit(asked: Option<u32>) -> Result<u32, Problem> {
    match asked {
        Some(0) => Err(Problem::invalid("a page holds at least 1")),
        asked => Ok(asked.unwrap_or_default()),
    }
}
