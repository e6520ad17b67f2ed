//! The reference in memory: the model that engines are compared with, and a valid store for tests.
//!
//! One lock over plain maps, and loops where an engine has indexes. Each intent checks first and changes then, so that
//! an error leaves everything as it was.
//!
//! Where the contract leaves a choice, engines answer as this does:
//! - A repeat is recognised before membership is asked: who has left still hears of the message sent before. Tips are
//!   no repeats of anything, nothing repeats a tip, and the sender of a tip need not be a member.
//! - Joining clears everything before it and puts the group on the list. Leaving takes the role; the name card and the
//!   muting stay for who comes back.
//! - Recalled, deleted and expired messages go on counting as unread until they are cleared.
//! - Who clears everything has read up to now; who clears a part, up to the time of its newest message.
//! - `before_joining` shows what was sent during every absence, too.
//! - A profile that is set to what it is takes no change number; a new account has none.
//! - An expired message takes no receipts (`UnknownMessage`) and cannot be recalled (`NoSuchMessage`).
//! - Receipts of a dismissed group, and cleared counts of a group one is not in, are left out of feeds.

mod account;
mod app;
mod audit;
mod conversation;
mod feed;
mod group;
mod member;
mod message;
mod receipt;
mod timeline;
mod upkeep;
mod webhook;

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

use parking_lot::Mutex;

use self::feed::Feed;
use self::timeline::Timeline;
use crate::account::Account;
use crate::app::App;
use crate::audit::Note;
use crate::upkeep::StoreStats;
use crate::webhook::{DeadHook, Hook};
use crate::{AppId, ConversationId, Result, StoreError, Tinyid};

/// A store that keeps everything in memory, and nothing longer than itself.
#[derive(Default)]
pub struct MemoryStore {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    stopped: Option<&'static str>,
    fault: Option<Fault>,
    stats: StoreStats,
    apps: BTreeMap<AppId, App>,
    accounts: BTreeMap<Tinyid, Account>,
    /// Of live accounts.
    names: BTreeMap<(AppId, String), Tinyid>,
    /// All that were ever made; dismissed groups too.
    conversations: BTreeMap<ConversationId, Timeline>,
    c2c: HashMap<(Tinyid, Tinyid), ConversationId>,
    group_ids: BTreeMap<(AppId, String), ConversationId>,
    feeds: HashMap<Tinyid, Feed>,
    audits: BTreeMap<(AppId, u64), Note>,
    hooks: BTreeMap<(AppId, u64), Hook>,
    /// The newest number given to a hook of an app.
    hook_numbers: HashMap<AppId, u64>,
    dead_hooks: BTreeMap<(AppId, u64), DeadHook>,
}

/// The next names of an app behind `after`, and the last of them when more follow.
fn names_behind<T: Copy>(
    names: &BTreeMap<(AppId, String), T>,
    app: AppId,
    after: &str,
    limit: usize,
) -> (Vec<T>, Option<String>) {
    let behind = (Bound::Excluded((app, after.to_owned())), Bound::Unbounded);
    let mut names = names.range(behind).take_while(|((of, _), _)| *of == app);
    let page: Vec<_> = names.by_ref().take(limit).collect();
    let last = page.last().map(|((_, name), _)| name.clone()).filter(|_| names.next().is_some());
    (page.into_iter().map(|(_, found)| *found).collect(), last)
}

#[derive(Clone, Copy)]
struct Fault {
    writes_before: u64,
    kept: bool,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes a write fail, to see what becomes of those who wait for it: the `nth` intent from now on that can write (0:
    /// the next) answers `Stopped`, and so does every intent after it until [`MemoryStore::reopen`]. What it was to
    /// change is there after that if `kept`, else not: both happen on a disk.
    pub fn fail_write(&self, nth: u64, kept: bool) {
        self.state.lock().fault = Some(Fault { writes_before: nth, kept });
    }

    /// Goes on after a failed write or [`crate::Upkeep::close`], as an engine does when it is opened again.
    pub fn reopen(&self) {
        let mut state = self.state.lock();
        state.stopped = None;
        state.fault = None;
    }

    /// How many intents have written something.
    #[must_use]
    pub fn commits(&self) -> u64 {
        self.state.lock().stats.commits
    }

    fn read<T>(&self, look: impl FnOnce(&State) -> Result<T>) -> Result<T> {
        let state = self.state.lock();
        state.running()?;
        look(&state)
    }

    fn write<T>(&self, change: impl FnOnce(&mut State) -> Result<T>) -> Result<T> {
        let mut state = self.state.lock();
        state.running()?;
        let Some(fault) = state.next_fault() else { return change(&mut state) };
        if fault.kept {
            // Nobody hears what became of it.
            drop(change(&mut state));
        }
        let reason = "a write was made to fail";
        state.stopped = Some(reason);
        Err(StoreError::Stopped { reason: reason.to_owned() })
    }
}

impl State {
    fn running(&self) -> Result<()> {
        self.stopped.map_or(Ok(()), |reason| Err(StoreError::Stopped { reason: reason.to_owned() }))
    }

    fn next_fault(&mut self) -> Option<Fault> {
        let fault = self.fault.as_mut()?;
        match fault.writes_before.checked_sub(1) {
            Some(fewer) => {
                fault.writes_before = fewer;
                None
            }
            None => self.fault.take(),
        }
    }

    /// Everything that one intent changes is one commit: called once by each that has changed something.
    fn committed(&mut self) {
        self.stats.commits += 1;
    }
}
