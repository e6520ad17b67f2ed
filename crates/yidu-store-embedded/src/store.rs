//! Opening a store, and the two ways into it: reading and writing.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::thread::JoinHandle;

use fjall::Database;
use parking_lot::Mutex;
use tokio::sync::{mpsc, oneshot};
use yidu_store::{ConversationId, Result, StoreError};

use crate::cache::{self, Cache, Slot};
use crate::commit::{self, Answers, Durable, Job, QUEUE, Txn};
use crate::faults::{Faults, Operations};
use crate::feed::Feeds;
use crate::folder::{Folder, OpenError};
use crate::recover::{Recovered, recover};
use crate::rows::{Engine, Rows, View, io_error, stopped};
use crate::state::Conversation;
use crate::tables;
use crate::webhook::Hooks;

/// When a write counts as done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// After a sync of the disk: nothing acknowledged is lost, whatever stops.
    #[default]
    Sync,
    /// When the operating system has it: a power cut loses what it had not written yet. For tests only.
    NoSync,
}

/// How a store is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// Bytes for rosters and read sets in memory, and as many again for blocks of the disk. Receipts that are not
    /// folded yet come on top; the two limits below bound them.
    pub cache_bytes: usize,
    /// Bytes of journal after which read sets are folded: more makes starting slower and writes less.
    pub journal_fold_bytes: u64,
    /// Receipts after which read sets are folded, whatever their bytes.
    pub journal_fold_receipts: u64,
    /// When a write counts as done.
    pub durability: Durability,
    /// Counts operations, fails them in tests.
    pub faults: Faults,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            cache_bytes: 128 << 20,
            journal_fold_bytes: 16 << 20,
            journal_fold_receipts: 4_000_000,
            durability: Durability::Sync,
            faults: Faults::default(),
        }
    }
}

/// The store of a single machine, in one folder.
///
/// Dropping it without [`close`](yidu_store::Upkeep::close) loses nothing that was acknowledged; the next start has the
/// journal to read. Both wait for the writer to finish its batch.
pub struct EmbeddedStore {
    pub(crate) shared: Arc<Shared>,
    jobs: Option<mpsc::Sender<Job>>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

/// What the writer and the readers have in common.
pub(crate) struct Shared {
    pub(crate) rows: Rows,
    pub(crate) cache: Cache,
    pub(crate) feeds: Mutex<Feeds>,
    pub(crate) recovered: Recovered,
    pub(crate) hooks: Hooks,
    pub(crate) durable: Durable,
    pub(crate) options: Options,
    /// Receipts recorded since opening.
    pub(crate) receipts: AtomicU64,
    /// Receipts that only the journal has.
    pub(crate) unfolded: AtomicU64,
    /// Let go when the store is closed.
    pub(crate) folder: Mutex<Option<Folder>>,
}

impl EmbeddedStore {
    /// Opens the store in a folder, making it if it is not there. Reads the journal of receipts and nothing else. The
    /// calling thread does the work: some milliseconds, up to a second after a kill under load.
    ///
    /// # Errors
    /// See [`OpenError`]; nothing was changed then.
    pub fn open(dir: &Path, options: Options) -> Result<Arc<EmbeddedStore>, OpenError> {
        let folder = Folder::open(dir)?;
        let engine = open_engine(&folder, &options).map_err(|error| engine_error(dir, &error))?;
        let sync = options.durability == Durability::Sync;
        let rows = Rows::new(engine, options.faults.clone(), sync);
        let (recovered, feeds, fold) = recover(&rows, &options).map_err(open_error)?;
        let hooks = Hooks::load(&rows).map_err(open_error)?;
        let shared = Arc::new(Shared {
            rows,
            cache: Cache::new(options.cache_bytes),
            feeds: Mutex::new(feeds),
            recovered,
            hooks,
            durable: Durable::new(),
            options,
            receipts: AtomicU64::new(0),
            unfolded: AtomicU64::new(fold.unfolded()),
            folder: Mutex::new(Some(folder)),
        });
        let (jobs, received) = mpsc::channel(QUEUE);
        let writer = {
            let (shared, answers) = (Arc::clone(&shared), Answers::here());
            std::thread::Builder::new()
                .name("yidu-writer".to_owned())
                .spawn(move || commit::run(&shared, received, fold, &answers))
                .map_err(|error| OpenError::io(dir, error))?
        };
        Ok(Arc::new(Self { shared, jobs: Some(jobs), writer: Mutex::new(Some(writer)) }))
    }

    /// What the store has asked of the disk since it was opened.
    #[must_use]
    pub fn operations(&self) -> Operations {
        self.shared.options.faults.operations()
    }

    /// Runs an intent on the writer; answers when its batch is durable.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        intent: impl FnOnce(&mut Txn<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (answer, answered) = oneshot::channel();
        let run: commit::Intent = Box::new(move |txn| {
            let result = intent(txn);
            let failed = result.is_err();
            // The caller may have given up waiting: what was written stays.
            (Box::new(move |durable: Result<()>| _ = answer.send(durable.and(result))), failed)
        });
        self.send(Job::Run(run)).await?;
        answered.await.map_err(|_| self.why_stopped())?
    }

    /// Reads, and answers when what was seen is durable.
    pub(crate) async fn read<T>(&self, look: impl FnOnce(&View<'_>) -> Result<T>) -> Result<T> {
        self.shared.durable.check()?;
        let (result, seen) = {
            let view = self.shared.rows.view()?;
            (look(&view), view.seen())
        };
        self.shared.durable.wait(seen).await?;
        result
    }

    /// Reads a conversation that is not dismissed. Errors: `NoSuchConversation`.
    pub(crate) async fn read_conversation<T>(
        &self,
        id: ConversationId,
        look: impl FnOnce(&View<'_>, &mut Conversation) -> Result<T>,
    ) -> Result<T> {
        let shared = Arc::clone(&self.shared);
        self.read(move |view| shared.with_conversation(view, id, |conversation| look(view, conversation)))
            .await
    }

    pub(crate) async fn send(&self, job: Job) -> Result<()> {
        let Some(jobs) = &self.jobs else { return Err(self.why_stopped()) };
        jobs.send(job).await.map_err(|_| self.why_stopped())
    }

    pub(crate) fn why_stopped(&self) -> StoreError {
        self.shared.durable.check().err().unwrap_or_else(|| stopped("the writer has ended"))
    }

    /// Waits for the writer's thread to end.
    pub(crate) fn join_writer(&self) {
        if let Some(writer) = self.writer.lock().take()
            && writer.join().is_err()
        {
            self.shared.durable.stop(stopped("the writer has panicked"));
        }
        self.shared.folder.lock().take();
    }
}

impl Drop for EmbeddedStore {
    fn drop(&mut self) {
        self.jobs.take();
        self.join_writer();
    }
}

impl Shared {
    /// Does something with a conversation that is not dismissed. Errors: `NoSuchConversation`.
    pub(crate) fn with_conversation<T>(
        &self,
        view: &View<'_>,
        id: ConversationId,
        look: impl FnOnce(&mut Conversation) -> Result<T>,
    ) -> Result<T> {
        let slot: Slot = self.cache.slot(id);
        let mut conversation = cache::lock(&slot, view, id)?;
        if conversation.description.dismissed {
            return Err(StoreError::NoSuchConversation);
        }
        look(&mut conversation)
    }
}

fn open_engine(folder: &Folder, options: &Options) -> fjall::Result<Engine> {
    let db = Database::builder(folder.data())
        .cache_size(options.cache_bytes as u64)
        // Reading the log is most of what a start takes, so it is kept short.
        .max_journaling_size(128 << 20)
        .open()?;
    let keyspaces = tables::open(&db)?;
    Ok(Engine::new(db, keyspaces))
}

fn engine_error(dir: &Path, error: &fjall::Error) -> OpenError {
    match (error, io_error(error)) {
        (fjall::Error::Locked, _) => OpenError::Locked(dir.to_owned()),
        (_, Some(io)) => OpenError::io(dir, std::io::Error::new(io.kind(), io.to_string())),
        (_, None) => OpenError::Corrupt { what: dir.display().to_string(), why: error.to_string() },
    }
}

fn open_error(error: StoreError) -> OpenError {
    match error {
        StoreError::Corrupt { what, why } => OpenError::Corrupt { what, why },
        StoreError::DiskFull => OpenError::DiskFull,
        other => OpenError::Corrupt { what: "the data folder".to_owned(), why: other.to_string() },
    }
}
