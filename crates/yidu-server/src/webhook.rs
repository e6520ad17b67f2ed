//! Webhooks: tells the back ends of apps over HTTP what has happened, and asks them before messages are stored.
//!
//! `docs/webhooks.md` has commands, bodies and rules. What is to be told waits in the store ([`crate::service::Hook`]); each
//! app with something waiting has a lane ([`lane`]), so that a slow endpoint delays no other app. A lane ends when nothing
//! waits: an app without a webhook costs nothing.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use crate::metrics::metrics;
use crate::service::{AppId, HookQueue, Service};

mod before;
mod body;
mod calls;
mod http;
mod lane;

pub(crate) use before::Before;
pub(crate) use http::Http;

/// How often is looked for what waits: about how late a back end hears at most when its endpoint keeps up.
const TICK: Duration = Duration::from_millis(100);

/// How often figures are renewed.
const FIGURES: Duration = Duration::from_secs(2);

/// Runs a lane for each app that has something to tell. Ends when it is dropped, with all lanes; what was not accepted is
/// told again after a start.
pub(crate) async fn deliver(service: Arc<Service>, http: Http) {
    let mut lanes: HashMap<AppId, Lane> = HashMap::new();
    let mut figures = Instant::now();
    loop {
        match service.hook_queues().await {
            Ok(queues) => {
                for queue in &queues {
                    let ended = lanes.get(&queue.app).is_none_or(|lane| lane.0.is_finished());
                    if ended {
                        let lane = tokio::spawn(lane::run(Arc::clone(&service), http.clone(), queue.app));
                        lanes.insert(queue.app, Lane(lane));
                    }
                }
                lanes.retain(|_, lane| !lane.0.is_finished());
                if figures <= Instant::now() {
                    figures = Instant::now() + FIGURES;
                    show(&service, &queues).await;
                }
            }
            // The store has stopped: nothing can be told until a restart.
            Err(failure) => tracing::debug!(%failure, "webhooks wait for the store"),
        }
        sleep(TICK).await;
    }
}

/// The task of an app; it ends with its handle.
struct Lane(JoinHandle<()>);

impl Drop for Lane {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn show(service: &Service, queues: &[HookQueue]) {
    let mut oldest = None;
    for queue in queues {
        if let Ok(first) = service.hooks(queue.app, 0, 1).await {
            oldest = oldest.into_iter().chain(first.first().map(|hook| hook.since)).min();
        }
    }
    let waiting = queues.iter().map(|queue| queue.waiting).sum();
    let age = oldest.map_or(0, |oldest| service.now().saturating_sub(oldest) / 1_000);
    metrics().hooks_waiting(waiting, age);
}
