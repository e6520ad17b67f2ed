//! HTTP for back ends: what other servers of an app call.
//!
//! [`v4`] is the vendor's REST API, command for command; [`api`] is Yidu's own; [`limit`] says how often either may be
//! called. The handlers translate; the rules are the service's. They know neither the store nor an engine.

use std::sync::Arc;

use axum::Router;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::metrics::metrics;
use crate::service::Service;

pub mod api;
pub mod limit;
pub mod v4;

use limit::Limit;

/// What all handlers share.
pub struct Rest {
    service: Arc<Service>,
    /// How often who may call.
    limit: Arc<Limit>,
    /// Calls that nobody need wait for any more: they end with the server.
    tasks: TaskTracker,
    ending: CancellationToken,
}

impl Rest {
    /// Handlers over a service. Calls run as tasks of `tasks` and are cut off by `ending`.
    pub fn new(
        service: Arc<Service>,
        limit: Limit,
        tasks: TaskTracker,
        ending: CancellationToken,
    ) -> Arc<Rest> {
        Arc::new(Rest { service, limit: Arc::new(limit), tasks, ending })
    }

    /// Runs a call to its end even when whoever asked has hung up: dropped between commit and publishing, it would leave
    /// others unaware of what is stored. `None`: it met a bug, which is counted and logged, or the server is ending.
    async fn drive<T: Send + 'static>(&self, call: impl Future<Output = T> + Send + 'static) -> Option<T> {
        let ending = self.ending.clone();
        let task = self.tasks.spawn(async move { ending.run_until_cancelled_owned(call).await });
        match task.await {
            Ok(done) => done,
            Err(error) => {
                if error.is_panic() {
                    metrics().panics.increment(1);
                    tracing::error!("a call of a back end met a bug of the server");
                }
                None
            }
        }
    }
}

/// All routes, for the gateway's port. `sign_in`: operators may sign in there.
pub fn routes(rest: &Arc<Rest>, api: Arc<api::Api>, sign_in: bool) -> Router {
    let api = if sign_in { api::routes(api) } else { api::routes_without_sign_in(api) };
    Router::new().merge(v4::routes(Arc::clone(rest))).merge(api)
}
