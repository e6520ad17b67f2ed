//! What the port serves besides sessions: health, readiness, figures.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use yidu_proto::WS_PATH;

use super::{Gateway, upgrade};
use crate::metrics;

/// The gateway's routes.
pub(super) fn routes(gateway: Arc<Gateway>) -> Router {
    Router::new()
        .route(WS_PATH, any(upgrade::upgrade))
        .route("/healthz", get(|| async { "alive\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(figures))
        .with_state(gateway)
}

/// 200 while the server takes work: it is not draining and its store answers.
async fn ready(State(gateway): State<Arc<Gateway>>) -> Response {
    if gateway.draining.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "draining\n").into_response();
    }
    match gateway.health.trouble() {
        None => "ready\n".into_response(),
        Some(trouble) => (StatusCode::SERVICE_UNAVAILABLE, format!("{trouble}\n")).into_response(),
    }
}

async fn figures() -> Response {
    match metrics::render() {
        Some(text) => ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response(),
        None => {
            let text = "this process has a metrics recorder of its own: ask that one\n";
            (StatusCode::NOT_FOUND, text).into_response()
        }
    }
}
