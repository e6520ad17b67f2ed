//! REST v4: the vendor's interface for back ends, `POST /v4/<service>/<command>`.

use std::sync::Arc;

use axum::Router;

use super::Rest;

/// The routes below `/v4`.
pub(super) fn routes(_rest: Arc<Rest>) -> Router {
    Router::new()
}
