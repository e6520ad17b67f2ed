//! The callback thread and what waits for it.
//!
//! There is one queue and one thread, so callbacks come one after another, in the order in which things were answered
//! or happened, never nested and never with a lock of the library held.
//!
//! Bounds. Calls: at most [`CALLS`] units are accepted and unanswered, a call being one unit and one more for each KiB
//! of its texts; beyond that a function returns `TIM_ERR_PARAM` and logs why. Events: at most [`EVENTS`] wait; beyond
//! that the library stops taking them from the Rust SDK, which drops its oldest after 4,096 more and says so. Log
//! lines: at most [`LOG_LINES`] wait; beyond that they are dropped and counted.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::ffi::callback::{Callback, Failure, Listeners, Notice, Outcome};
use crate::ffi::enums::TIMLogLevel;

/// Units of calls that are accepted and unanswered at once.
pub(crate) const CALLS: u32 = 100_000;
/// Events that wait for their callback at once.
const EVENTS: usize = 4_096;
/// Log lines that wait for their callback at once.
const LOG_LINES: usize = 1_024;

thread_local! {
    static IS_CALLBACK_THREAD: Cell<bool> = const { Cell::new(false) };
}

/// Whether this code runs inside a callback.
pub(crate) fn inside_a_callback() -> bool {
    IS_CALLBACK_THREAD.get()
}

/// A cheap handle of the queue.
#[derive(Clone, Debug)]
pub(crate) struct Queue {
    jobs: mpsc::Sender<Job>,
    calls: Arc<Semaphore>,
    events: Arc<Semaphore>,
    log_lines: Arc<Semaphore>,
    lost_lines: Arc<AtomicU64>,
    listeners: Arc<Listeners>,
}

#[derive(Debug)]
enum Job {
    Answer(Callback, Outcome, OwnedSemaphorePermit),
    Tell(Notice, OwnedSemaphorePermit),
    Stop,
}

/// The duty to answer a call. Dropped without an answer, it answers 7009 by itself: exactly one callback, whatever
/// becomes of the task.
#[derive(Debug)]
pub(crate) struct Reply {
    jobs: mpsc::Sender<Job>,
    /// `None` once answered.
    open: Option<(Callback, OwnedSemaphorePermit)>,
}

impl Queue {
    /// Starts the callback thread, which waits for its predecessor to end first, so that there is never more than one.
    pub(crate) fn start(
        listeners: Arc<Listeners>,
        predecessor: Option<JoinHandle<()>>,
    ) -> std::io::Result<(Queue, JoinHandle<()>)> {
        let (jobs, waiting) = mpsc::channel();
        let told = listeners.clone();
        let thread = thread::Builder::new().name("imsdk-callbacks".to_owned()).spawn(move || {
            if let Some(predecessor) = predecessor {
                // An error says that it panicked: it has ended.
                let _ = predecessor.join();
            }
            IS_CALLBACK_THREAD.set(true);
            run(&waiting, &told);
        })?;
        let queue = Queue {
            jobs,
            calls: Arc::new(Semaphore::new(CALLS as usize)),
            events: Arc::new(Semaphore::new(EVENTS)),
            log_lines: Arc::new(Semaphore::new(LOG_LINES)),
            lost_lines: Arc::default(),
            listeners,
        };
        Ok((queue, thread))
    }

    /// Accepts a call whose texts have so many bytes; `None` when too much is unanswered.
    pub(crate) fn accept(&self, callback: Callback, bytes: usize) -> Option<Reply> {
        let units = u32::try_from(bytes / 1_024 + 1).unwrap_or(CALLS);
        let permit = self.calls.clone().try_acquire_many_owned(units).ok()?;
        Some(Reply { jobs: self.jobs.clone(), open: Some((callback, permit)) })
    }

    /// Puts an event in line, after waiting for room.
    pub(crate) async fn tell(&self, notice: Notice) {
        if let Ok(permit) = self.events.clone().acquire_owned().await {
            // An error says that the library is being closed: nobody listens any more.
            let _ = self.jobs.send(Job::Tell(notice, permit));
        }
    }

    /// Puts a log line in line, unless too many wait.
    pub(crate) fn tell_log(&self, level: TIMLogLevel, line: String) {
        if !self.listeners.log.is_set() {
            return;
        }
        let Ok(permit) = self.log_lines.clone().try_acquire_owned() else {
            self.lost_lines.fetch_add(1, Ordering::Relaxed);
            return;
        };
        let line = match self.lost_lines.swap(0, Ordering::Relaxed) {
            0 => line,
            lost => format!("{line} (before this, {lost} lines were lost: the log callback is too slow)"),
        };
        let _ = self.jobs.send(Job::Tell(Notice::Log(level, line), permit));
    }

    /// Who listens.
    pub(crate) fn listeners(&self) -> &Arc<Listeners> {
        &self.listeners
    }

    /// Ends the thread after what is in line now.
    pub(crate) fn stop(&self) {
        // An error says that it has ended.
        let _ = self.jobs.send(Job::Stop);
    }
}

impl Reply {
    /// Answers the call.
    pub(crate) fn answer(mut self, outcome: Outcome) {
        self.send(outcome);
    }

    /// Ends the duty without a callback: the call was not accepted after all.
    pub(crate) fn refuse(mut self) {
        self.open = None;
    }

    fn send(&mut self, outcome: Outcome) {
        if let Some((callback, permit)) = self.open.take() {
            // The receiver goes when the thread has ended, which is after the last call was answered.
            let _ = self.jobs.send(Job::Answer(callback, outcome, permit));
        }
    }
}

impl Drop for Reply {
    fn drop(&mut self) {
        self.send(Err(Failure::interrupted()));
    }
}

fn run(waiting: &mpsc::Receiver<Job>, listeners: &Listeners) {
    for job in waiting {
        match job {
            Job::Answer(callback, outcome, permit) => {
                callback.answer(outcome);
                drop(permit);
            }
            Job::Tell(notice, permit) => {
                listeners.tell(notice);
                drop(permit);
            }
            Job::Stop => return,
        }
    }
}
