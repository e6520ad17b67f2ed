//! The process's one instance, from `TIMInit` to `TIMUninit`.
//!
//! What happens in which order when it ends: no further call is accepted; listeners are forgotten; operations under way
//! end with 7009 and the connection is closed; the callback thread delivers those answers and ends; `TIMUninit` waits
//! for it. Inside a callback it cannot wait for its own thread: it returns at once, the answers follow when the callback
//! has returned, then the thread ends, and the next `TIMInit` lets its own thread wait for it.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::runtime::{Handle, Runtime};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::config::{Config, InitConfig};
use super::log::Log;
use super::login::Login;
use super::queue::{Queue, inside_a_callback};
use super::session::Session;
use crate::ffi::callback::Listeners;
use crate::ffi::enums::TIMResult;

/// How long the runtime may take to let go of what it does.
const PATIENCE: Duration = Duration::from_secs(5);

static LIBRARY: Library = Library {
    current: Mutex::new(None),
    listeners: Mutex::new(None),
    last_thread: Mutex::new(None),
    ending: Mutex::new(()),
};

struct Library {
    current: Mutex<Option<Arc<Instance>>>,
    /// Made by whoever comes first: listeners may be set before `TIMInit`.
    listeners: Mutex<Option<Arc<Listeners>>>,
    /// A callback thread that nobody has waited for.
    last_thread: Mutex<Option<JoinHandle<()>>>,
    /// Held while an instance ends, so that a `TIMInit` on another thread finds its folder and its threads gone.
    ending: Mutex<()>,
}

/// The library between `TIMInit` and `TIMUninit`.
#[derive(Debug)]
pub(crate) struct Instance {
    pub(crate) app_id: u32,
    pub(crate) init: InitConfig,
    pub(crate) config: Mutex<Config>,
    pub(crate) queue: Queue,
    pub(crate) log: Arc<Log>,
    pub(crate) login: Login,
    pub(crate) runtime: Handle,
    /// Cancelled when the instance ends.
    pub(crate) closing: CancellationToken,
    /// Every task, so that the end can wait for them.
    pub(crate) tasks: TaskTracker,
    owned: Mutex<Option<(Runtime, JoinHandle<()>)>>,
}

/// The instance, if there is one.
pub(crate) fn current() -> Option<Arc<Instance>> {
    LIBRARY.current.lock().clone()
}

/// Runs `accept` unless the instance has ended. It cannot end meanwhile, so what is spawned here is waited for.
pub(crate) fn while_open<T>(instance: &Arc<Instance>, accept: impl FnOnce() -> T) -> Option<T> {
    let current = LIBRARY.current.lock();
    let open = current.as_ref().is_some_and(|current| Arc::ptr_eq(current, instance));
    open.then(accept)
}

/// Who listens, or will listen.
pub(crate) fn listeners() -> Arc<Listeners> {
    LIBRARY.listeners.lock().get_or_insert_default().clone()
}

/// Makes the instance. Does nothing when there is one of the same app; one of another app is `TIM_ERR_PARAM`.
pub(crate) fn init(app_id: u32, init: InitConfig) -> TIMResult {
    let _ended = (!inside_a_callback()).then(|| LIBRARY.ending.lock());
    let mut current = LIBRARY.current.lock();
    if let Some(instance) = &*current {
        if instance.app_id == app_id {
            return TIMResult::TIM_SUCC;
        }
        instance.log.error(&format!(
            "TIMInit: initialised for app {} already; call TIMUninit first",
            instance.app_id
        ));
        return TIMResult::TIM_ERR_PARAM;
    }
    match Instance::start(app_id, init) {
        Ok(instance) => {
            *current = Some(Arc::new(instance));
            TIMResult::TIM_SUCC
        }
        // The system gives no thread. Without one there is nobody who could be told more.
        Err(_) => TIMResult::TIM_ERR_SDKUNINIT,
    }
}

/// Ends the instance; see the head of this file.
pub(crate) fn uninit() -> TIMResult {
    let _ending = (!inside_a_callback()).then(|| LIBRARY.ending.lock());
    let Some(instance) = LIBRARY.current.lock().take() else {
        return TIMResult::TIM_ERR_SDKUNINIT;
    };
    if let Some(listeners) = LIBRARY.listeners.lock().take() {
        listeners.clear();
    }
    instance.end();
    TIMResult::TIM_SUCC
}

impl Instance {
    fn start(app_id: u32, init: InitConfig) -> std::io::Result<Instance> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("imsdk-runtime")
            .enable_all()
            .build()?;
        let predecessor = LIBRARY.last_thread.lock().take();
        let (queue, thread) = Queue::start(listeners(), predecessor)?;
        let config = Config::default();
        Ok(Instance {
            app_id,
            init,
            log: Arc::new(Log::new(queue.clone(), &config)),
            config: Mutex::new(config),
            queue,
            login: Login::default(),
            runtime: runtime.handle().clone(),
            closing: CancellationToken::new(),
            tasks: TaskTracker::new(),
            owned: Mutex::new(Some((runtime, thread))),
        })
    }

    /// Who is logged in.
    pub(crate) fn session(&self) -> Option<Arc<Session>> {
        self.login.session()
    }

    fn end(&self) {
        let Some((runtime, thread)) = self.owned.lock().take() else { return };
        self.closing.cancel();
        self.tasks.close();
        runtime.block_on(async {
            self.tasks.wait().await;
            self.login.close().await;
        });
        self.queue.stop();
        if inside_a_callback() {
            *LIBRARY.last_thread.lock() = Some(thread);
        } else {
            // An error says that it panicked: it has ended.
            let _ = thread.join();
        }
        runtime.shutdown_timeout(PATIENCE);
        if !inside_a_callback()
            && let Some(thread) = LIBRARY.last_thread.lock().take()
        {
            let _ = thread.join();
        }
    }
}
