//! The one writer: gathers intents, runs them, writes one batch, syncs once, then answers all.
//!
//! There is no timer: the first intent of a quiet time goes at once, and while its sync runs the next ones gather, so
//! that batches grow by themselves under load.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::{mpsc, oneshot, watch};
use yidu_store::{ConversationId, Result, Seq, StoreError};

use crate::cache::{self, Slot};
use crate::fold::Fold;
use crate::record::journal::{Journal, Receipt};
use crate::record::{self, Record};
use crate::rows::{View, stopped};
use crate::state::Conversation;
use crate::store::Shared;
use crate::tables::Table;
use crate::webhook::{self, Reads};

/// Intents that wait for the writer; when it is full, callers wait for a place.
pub(crate) const QUEUE: usize = 4_096;
/// Intents of one batch: bounds how long the first of them waits.
const BATCH: usize = 1_024;

/// What an intent hands back: told whether its batch is durable, it answers its caller.
type Answer = Box<dyn FnOnce(Result<()>) + Send>;
/// An intent: runs against live state and the batch, says whether it failed.
pub(crate) type Intent = Box<dyn FnOnce(&mut Txn<'_>) -> (Answer, bool) + Send>;

/// What the writer is asked to do.
pub(crate) enum Job {
    Run(Intent),
    /// Fold everything, then stop.
    Close(oneshot::Sender<Result<()>>),
}

/// How far the disk is, and whether it has failed.
pub(crate) struct Durable {
    batch: AtomicU64,
    state: watch::Sender<Option<StoreError>>,
}

impl Durable {
    pub(crate) fn new() -> Self {
        Self { batch: AtomicU64::new(0), state: watch::Sender::new(None) }
    }

    /// The newest batch that is on disk.
    pub(crate) fn batch(&self) -> u64 {
        self.batch.load(Ordering::Acquire)
    }

    /// Errors: what stopped the store.
    pub(crate) fn check(&self) -> Result<()> {
        self.state.borrow().clone().map_or(Ok(()), Err)
    }

    /// Waits until a batch is on disk. Errors: what stopped the store before.
    pub(crate) async fn wait(&self, batch: u64) -> Result<()> {
        if self.batch() < batch {
            let mut state = self.state.subscribe();
            let reached = state.wait_for(|stopped| stopped.is_some() || self.batch() >= batch).await;
            reached.map_err(|_| stopped("the writer has ended"))?;
        }
        if self.batch() >= batch { Ok(()) } else { self.check() }
    }

    fn reach(&self, batch: u64) {
        self.batch.store(batch, Ordering::Release);
        self.state.send_modify(|_| ());
    }

    /// Stops the store; the first reason stands.
    pub(crate) fn stop(&self, error: StoreError) {
        self.state.send_if_modified(|state| {
            let first = state.is_none();
            if first {
                *state = Some(error);
            }
            first
        });
    }
}

/// What an intent writes into. An intent reads and judges first and writes after, so that an error has changed nothing.
pub(crate) struct Txn<'a> {
    pub(crate) view: View<'a>,
    pub(crate) shared: &'a Shared,
    /// The number of the batch.
    pub(crate) batch: u64,
    /// Messages that have receipts which only the journal has, since this batch.
    pub(crate) unfolded: Vec<(ConversationId, Seq)>,
    /// Receipts that no hook tells of yet.
    pub(crate) reads: Reads,
    receipts: Vec<Receipt>,
    wrote: bool,
}

impl Txn<'_> {
    /// The slot of a conversation, for [`Txn::lock`].
    pub(crate) fn slot(&self, id: ConversationId) -> Slot {
        self.shared.cache.slot(id)
    }

    /// Locks a conversation that is not dismissed. Errors: `NoSuchConversation`.
    pub(crate) fn lock<'s>(
        &self,
        slot: &'s Slot,
        id: ConversationId,
    ) -> Result<parking_lot::MappedMutexGuard<'s, Conversation>> {
        let mut conversation = cache::lock(slot, &self.view, id)?;
        if conversation.description.dismissed {
            return Err(StoreError::NoSuchConversation);
        }
        // Even if this intent then changes nothing: waiting for this batch costs a reader little.
        conversation.pending = self.batch;
        Ok(conversation)
    }

    pub(crate) fn put(&mut self, table: Table, key: &[u8], value: &[u8]) {
        self.wrote = true;
        self.shared.rows.put(table, key, Some(value.into()));
    }

    pub(crate) fn put_record(&mut self, table: Table, key: &[u8], value: &impl Record) {
        self.put(table, key, &record::encode(value));
    }

    pub(crate) fn delete(&mut self, table: Table, key: &[u8]) {
        self.wrote = true;
        self.shared.rows.put(table, key, None);
    }

    /// A receipt that goes into the journal row of this batch.
    pub(crate) fn record_receipt(&mut self, receipt: Receipt) {
        self.wrote = true;
        self.receipts.push(receipt);
    }

    /// The next number of a counter that begins at `first`.
    pub(crate) fn next_number(&mut self, counter: &[u8], first: u64) -> Result<u64> {
        let next = self.view.number(Table::Meta, counter)?.unwrap_or(first);
        self.put(Table::Meta, counter, &(next + 1).to_be_bytes());
        Ok(next)
    }
}

/// What became of a batch, for its callers.
type Done = (Vec<Answer>, Result<()>);

/// Hands answers on. Where there is a runtime, a task of it does: woken from there, callers go into the queue of the worker
/// at hand, which costs a tenth of what it costs to wake each from another thread, and the writer goes on meanwhile.
pub(crate) struct Answers(Option<mpsc::UnboundedSender<Done>>);

impl Answers {
    /// Of the runtime that the calling thread is in, if it is in one.
    pub(crate) fn here() -> Self {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return Self(None) };
        // Bounded by the callers: each waits for its answer before it asks for more.
        let (sender, mut done) = mpsc::unbounded_channel();
        runtime.spawn(async move {
            while let Some(batch) = done.recv().await {
                answer(batch);
            }
        });
        Self(Some(sender))
    }

    fn give(&self, done: Done) {
        match &self.0 {
            // The runtime may be ending: then nobody waits there, but callers elsewhere do.
            Some(task) => _ = task.send(done).map_err(|refused| answer(refused.0)),
            None => answer(done),
        }
    }
}

fn answer((answers, result): Done) {
    answers.into_iter().for_each(|answer| answer(result.clone()));
}

/// Runs on its own thread until all senders are gone or it is told to close.
pub(crate) fn run(shared: &Arc<Shared>, mut jobs: mpsc::Receiver<Job>, mut fold: Fold, answers: &Answers) {
    let closing = work(shared, &mut jobs, &mut fold, answers);
    shared.durable.stop(stopped("the store was closed"));
    jobs.close();
    while let Ok(job) = jobs.try_recv() {
        refuse(job, shared);
    }
    shared.rows.close();
    if let Some((answer, result)) = closing {
        // The caller may have given up waiting.
        let _ = answer.send(result);
    }
}

type Closing = (oneshot::Sender<Result<()>>, Result<()>);

fn work(
    shared: &Arc<Shared>,
    jobs: &mut mpsc::Receiver<Job>,
    fold: &mut Fold,
    answers: &Answers,
) -> Option<Closing> {
    while let Some(first) = next(jobs, fold) {
        let mut gathered = Vec::new();
        let mut close = None;
        for job in first.into_iter().chain(std::iter::from_fn(|| jobs.try_recv().ok())) {
            match job {
                Job::Run(intent) => gathered.push(intent),
                Job::Close(answer) => close = Some(answer),
            }
            if gathered.len() == BATCH || close.is_some() {
                break;
            }
        }
        let result = batch(shared, gathered, fold, answers);
        if let Some(answer) = close {
            let result = result.and_then(|()| fold_all(shared, fold, answers));
            return Some((answer, result));
        }
    }
    None
}

/// The next job, or none while there is folding to do; ends when all senders are gone.
fn next(jobs: &mut mpsc::Receiver<Job>, fold: &Fold) -> Option<Option<Job>> {
    if !fold.is_running() {
        return jobs.blocking_recv().map(Some);
    }
    match jobs.try_recv() {
        Ok(job) => Some(Some(job)),
        Err(mpsc::error::TryRecvError::Empty) => Some(None),
        Err(mpsc::error::TryRecvError::Disconnected) => None,
    }
}

fn fold_all(shared: &Arc<Shared>, fold: &mut Fold, answers: &Answers) -> Result<()> {
    fold.start(shared);
    while fold.is_running() {
        batch(shared, Vec::new(), fold, answers)?;
    }
    Ok(())
}

/// One batch: intents, a slice of folding, the write, the answers.
fn batch(shared: &Arc<Shared>, intents: Vec<Intent>, fold: &mut Fold, to: &Answers) -> Result<()> {
    let number = shared.durable.batch() + 1;
    let (answers, result) = match shared.durable.check().and_then(|()| shared.rows.view()) {
        Ok(view) => {
            let mut txn = Txn {
                view,
                shared,
                batch: number,
                unfolded: Vec::new(),
                reads: Reads::new(),
                receipts: Vec::new(),
                wrote: false,
            };
            let (answers, ran) = run_all(&mut txn, intents);
            let result = ran.and_then(|()| finish(&mut txn, fold));
            (answers, result)
        }
        // The store has stopped: every caller hears why.
        Err(error) => return refuse_all(intents, shared, error),
    };
    match &result {
        Ok(()) => shared.durable.reach(number),
        Err(error) => {
            tracing::error!(%error, "a write failed: the store has stopped");
            shared.durable.stop(error.clone());
        }
    }
    to.give((answers, result.clone()));
    shared.cache.sweep(shared.durable.batch());
    shared.feeds.lock().sweep(shared.durable.batch());
    result
}

fn run_all(txn: &mut Txn<'_>, intents: Vec<Intent>) -> (Vec<Answer>, Result<()>) {
    let mut answers = Vec::with_capacity(intents.len());
    let mut result = Ok(());
    for intent in intents {
        let wrote = std::mem::take(&mut txn.wrote);
        let (answer, failed) = intent(txn);
        answers.push(answer);
        if failed && txn.wrote {
            // It read something bad after it had begun to write. The disk still has the truth.
            result = Err(stopped("an intent failed half-way"));
        }
        txn.wrote |= wrote;
    }
    (answers, result)
}

fn finish(txn: &mut Txn<'_>, fold: &mut Fold) -> Result<()> {
    webhook::tell_reads(txn)?;
    let receipts = std::mem::take(&mut txn.receipts);
    let count = receipts.len() as u64;
    if count > 0 {
        let row = record::encode(&Journal::new(receipts));
        fold.grew(row.len() as u64, count);
        txn.shared.receipts.fetch_add(count, Ordering::Relaxed);
        let number = fold.next_row();
        txn.put(Table::Journal, &number.to_be_bytes(), &row);
    }
    fold.mark(std::mem::take(&mut txn.unfolded));
    fold.step(txn)?;
    txn.shared.rows.commit()
}

fn refuse_all(intents: Vec<Intent>, shared: &Arc<Shared>, error: StoreError) -> Result<()> {
    intents.into_iter().for_each(|intent| refuse(Job::Run(intent), shared));
    Err(error)
}

/// Lets go of a job: its caller's channel closes, and [`crate::EmbeddedStore`] then says what stopped the store.
fn refuse(job: Job, shared: &Arc<Shared>) {
    match job {
        Job::Run(intent) => drop(intent),
        Job::Close(answer) => {
            let _ = answer.send(shared.durable.check());
        }
    }
}
