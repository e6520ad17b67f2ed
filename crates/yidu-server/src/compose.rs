//! Putting a server together: the only place that names an engine.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use yidu_store::{Store, StoreError};
use yidu_store_embedded::{EmbeddedStore, OpenError, Options};

use crate::bus::LocalBus;
use crate::clock::{Clock, SystemClock};
use crate::config::{Config, ConfigError};
use crate::files::Files;
use crate::gateway::outbox::Bounds;
use crate::gateway::{Gateway, Health, Limits, Registry};
use crate::metrics;
use crate::operators::Operators;
use crate::pages;
use crate::rest::api::Api;
use crate::rest::limit::Limit;
use crate::rest::{self, Rest};
use crate::service::Service;
use crate::stats::Stats;
use crate::webhook::{self, Before, Http};

/// How often the store is asked how it is.
const PROBE: Duration = Duration::from_secs(2);

/// How often expired history is looked for; while there is some, every [`RETENTION_BREATH`].
const RETENTION: Duration = Duration::from_secs(10 * 60);

/// Between two slices of expired history, so that removing it slows nobody.
const RETENTION_BREATH: Duration = Duration::from_millis(100);

/// Why a server did not start. Nothing runs then.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A setting is out of bounds.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The data folder could not be opened.
    #[error(transparent)]
    Store(#[from] OpenError),
    /// The address could not be listened on.
    #[error("cannot listen on {address}: {error}; is another server running there?")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the operating system said.
        error: std::io::Error,
    },
    /// A file beside the store could not be read or written.
    #[error("{}: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: std::io::Error,
    },
}

/// A server that runs. Dropping it leaves it running; end it with [`Self::stop`] or [`Self::abort`].
pub struct Running {
    local_addr: SocketAddr,
    console: Option<SocketAddr>,
    drain: Duration,
    service: Arc<Service>,
    store: Arc<dyn Store>,
    gateway: Arc<Gateway>,
    operators: Arc<Operators>,
    stats: Arc<Stats>,
    /// Files beside the store, if it has a folder.
    files: Option<Files>,
    ending: CancellationToken,
    tasks: TaskTracker,
}

/// Starts a server on the data folder of its configuration.
///
/// # Errors
/// See [`StartError`].
pub async fn start(config: Config) -> Result<Running, StartError> {
    start_with_clock(config, Arc::new(SystemClock)).await
}

/// [`start`] with a clock of the caller's.
///
/// # Errors
/// See [`StartError`].
pub async fn start_with_clock(config: Config, clock: Arc<dyn Clock>) -> Result<Running, StartError> {
    config.check()?;
    let store = open_store(&config).await?;
    let files = Files::of(&config);
    launch(config, store, clock, Some(files)).await
}

/// Starts a server on a store that is open already. The server closes it when it stops. It has no folder, so there are no
/// key files and nobody is its operator.
///
/// # Errors
/// See [`StartError`].
pub async fn start_with_store(
    config: Config,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
) -> Result<Running, StartError> {
    config.check()?;
    launch(config, store, clock, None).await
}

async fn launch(
    config: Config,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    files: Option<Files>,
) -> Result<Running, StartError> {
    let operators = operators(files.as_ref(), Arc::clone(&clock))?;
    let (listener, local_addr) = bind(config.listen).await?;
    let apart = match config.console.listen.filter(|_| config.console.enabled) {
        Some(address) => Some(bind(address).await?),
        None => None,
    };
    let bus = Arc::new(LocalBus::default());
    let http = Http::new();
    let service = Service::new(Arc::clone(&store), Arc::clone(&bus) as _, Arc::clone(&clock))
        .with_before_hook(Arc::new(Before::new(http.clone(), Arc::clone(&clock))));
    let service = Arc::new(service);
    let registry = Arc::new(Registry::new(Arc::clone(&clock)));
    bus.connect(Arc::clone(&registry) as _);
    let health = Arc::new(Health::default());
    let stats_clock = Arc::clone(&clock);
    let gateway = Gateway::new(Arc::clone(&service), registry, clock, limits(&config), Arc::clone(&health));
    let running = Running {
        local_addr,
        console: match &apart {
            Some((_, address)) => Some(*address),
            None => Some(local_addr).filter(|_| config.console.enabled),
        },
        drain: Duration::from_secs(config.gateway.drain_seconds),
        service: Arc::clone(&service),
        store: Arc::clone(&store),
        gateway,
        operators: Arc::clone(&operators),
        stats: Stats::new(),
        files,
        ending: CancellationToken::new(),
        tasks: TaskTracker::new(),
    };
    running.spawn(probe(store, health));
    running.spawn(Arc::clone(&running.stats).run(stats_clock));
    running.spawn(retain(Arc::clone(&service)));
    running.spawn(webhook::deliver(Arc::clone(&service), http));
    let rest = Rest::new(service, limit(&config), running.tasks.clone(), running.ending.clone());
    let api = Api::new(&rest, operators, Arc::clone(&running.stats), config.clone(), running.files.clone());
    let mut here = rest::routes(&rest, Arc::clone(&api), apart.is_none() && config.console.enabled);
    if config.chat.enabled {
        here = here.merge(pages::chat(running.files.clone()));
    }
    match apart {
        Some((listener, _)) => {
            running.gateway.listen_apart(listener, rest::api::routes(api).merge(pages::console()));
        }
        None if config.console.enabled => here = here.merge(pages::console()),
        None => {}
    }
    running.gateway.listen(listener, here);
    if let Some(files) = &running.files
        && let Err(error) = files.announce(local_addr)
    {
        tracing::warn!(%error, "commands on this machine will not find the server");
    }
    tracing::info!(address = %local_addr, "serving");
    Ok(running)
}

async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |error| StartError::Listen { address, error };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let local_addr = listener.local_addr().map_err(failed)?;
    Ok((listener, local_addr))
}

/// The API of a data folder on which no server runs: for commands, which speak to it in this process.
pub struct OfflineApi {
    router: Router,
    store: Arc<dyn Store>,
}

impl OfflineApi {
    /// Answers what `/api/v1` of a server would.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// Closes the store.
    ///
    /// # Errors
    /// The store could not be closed in order. Nothing that was answered is lost.
    pub async fn close(self) -> Result<(), StoreError> {
        self.store.close().await
    }
}

/// Opens a data folder without serving it.
///
/// # Errors
/// See [`StartError`]; [`OpenError::Locked`] where a server runs on the folder.
pub async fn open_offline(config: Config) -> Result<OfflineApi, StartError> {
    config.check()?;
    let store = open_store(&config).await?;
    let bus = Arc::new(LocalBus::default());
    let service = Arc::new(Service::new(Arc::clone(&store), bus, Arc::new(SystemClock)));
    let files = Files::of(&config);
    let operators = operators(Some(&files), Arc::new(SystemClock))?;
    let rest = Rest::new(service, limit(&config), TaskTracker::new(), CancellationToken::new());
    let router = rest::routes(&rest, Api::new(&rest, operators, Stats::new(), config, Some(files)), true);
    Ok(OfflineApi { router, store })
}

async fn open_store(config: &Config) -> Result<Arc<dyn Store>, StartError> {
    let storage = &config.storage;
    let options = Options {
        cache_bytes: storage.cache_mib << 20,
        journal_fold_bytes: storage.journal_fold_mib << 20,
        journal_fold_receipts: storage.journal_fold_receipts,
        ..Options::default()
    };
    let folder = config.data_dir.clone();
    let opened = tokio::task::spawn_blocking(move || EmbeddedStore::open(&folder, options)).await;
    Ok(opened.expect("opening a store answers errors and does not panic")?)
}

fn limit(config: &Config) -> Limit {
    Limit::new(config.rest.user_requests_per_second, config.rest.app_requests_per_second)
}

fn operators(files: Option<&Files>, clock: Arc<dyn Clock>) -> Result<Arc<Operators>, StartError> {
    let token = files.map(operator_token).transpose()?;
    let failed = |error| StartError::File { path: files.map(Files::operators).unwrap_or_default(), error };
    Ok(Arc::new(Operators::open(files.cloned(), token, clock).map_err(failed)?))
}

fn operator_token(files: &Files) -> Result<String, StartError> {
    let failed = |error| StartError::File { path: files.operator_token().to_owned(), error };
    files.open_operator_token().map_err(failed)
}

impl Running {
    /// Where it listens: the port that was taken when the configuration said 0.
    pub fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// Where the console is served; `None`: nowhere.
    pub fn console_addr(&self) -> Option<SocketAddr> {
        self.console
    }

    /// What makes the first operator of the console; `None` where there is one, or no folder to keep it in. Not for logs.
    pub fn setup_token(&self) -> Option<String> {
        self.operators.setup_token()
    }

    /// The rules, for whoever is in the same process.
    pub fn service(&self) -> Arc<Service> {
        Arc::clone(&self.service)
    }

    /// Runs until the process is told to stop (SIGTERM or Ctrl-C), then [`Self::stop`]s.
    ///
    /// # Errors
    /// As [`Self::stop`].
    pub async fn until_stopped(self) -> Result<(), StoreError> {
        stop_signal().await;
        self.stop().await
    }

    /// Drains: takes nothing new, tells the sessions, lets what is under way end within `drain_seconds`, closes the store.
    ///
    /// # Errors
    /// The store could not be closed in order. Nothing that was acknowledged is lost.
    pub async fn stop(self) -> Result<(), StoreError> {
        tracing::info!("draining");
        self.stats.end_streams();
        self.gateway.drain(self.drain).await;
        self.end_tasks().await;
        self.store.close().await?;
        tracing::info!("stopped");
        Ok(())
    }

    /// Breaks off: no goodbye to the sessions, no closing of the store.
    pub async fn abort(self) {
        self.gateway.abort().await;
        self.end_tasks().await;
    }

    /// Files beside the store; `None` for a server without a folder.
    pub fn files(&self) -> Option<&Files> {
        self.files.as_ref()
    }

    async fn end_tasks(&self) {
        if let Some(files) = &self.files {
            files.withdraw();
        }
        self.ending.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let ending = self.ending.clone();
        self.tasks.spawn(async move {
            let _ended = ending.run_until_cancelled_owned(task).await;
        });
    }
}

fn limits(config: &Config) -> Limits {
    let gateway = &config.gateway;
    Limits {
        connections: gateway.connections,
        strangers: gateway.connections_not_logged_in,
        login: Duration::from_secs(gateway.login_seconds),
        heartbeat: Duration::from_secs(gateway.heartbeat_seconds),
        requests: gateway.requests,
        stalled: Duration::from_secs(gateway.stalled_seconds),
        outbox: Bounds {
            pushes: gateway.outbox_pushes,
            bytes: gateway.outbox_kib << 10,
            receipts: gateway.outbox_receipts,
        },
    }
}

/// Keeps figures and readiness up to date.
async fn probe(store: Arc<dyn Store>, health: Arc<Health>) {
    loop {
        match tokio::time::timeout(PROBE, store.stats()).await {
            Ok(Ok(stats)) => {
                metrics::metrics().store(&stats);
                health.set(None);
            }
            Ok(Err(error)) => health.set(Some(error.to_string())),
            Err(_) => health.set(Some("the store does not answer".to_owned())),
        }
        metrics::upkeep();
        tokio::time::sleep(PROBE).await;
    }
}

/// Removes expired history (semantics.md rule 18).
async fn retain(service: Arc<Service>) {
    loop {
        let pause = match service.run_retention().await {
            Ok(0) => RETENTION,
            Ok(messages) => {
                tracing::debug!(messages, "expired history was removed");
                RETENTION_BREATH
            }
            Err(error) => {
                tracing::warn!(%error, "expired history could not be removed; trying again later");
                RETENTION
            }
        };
        tokio::time::sleep(pause).await;
    }
}

/// SIGTERM or Ctrl-C.
async fn stop_signal() {
    let interrupted = async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::warn!(%error, "Ctrl-C cannot be listened for");
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(error) => {
                tracing::warn!(%error, "SIGTERM cannot be listened for");
                std::future::pending::<()>().await;
            }
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}
