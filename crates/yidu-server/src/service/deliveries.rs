//! What became of the newest calls to back ends: for whoever looks why an app is not told. In memory, of this node, since
//! its start; what waits and what was given up is in the store.

use std::collections::{HashMap, VecDeque};

use parking_lot::Mutex;
use yidu_proto::limits;
use yidu_store::webhook::Command;
use yidu_store::{AppId, Millis};

use super::place::page_size;
use super::{Caller, Failure, Service};

/// Calls of an app that are kept: when another comes the oldest goes.
const KEPT: usize = limits::PAGE;

/// Apps whose calls are kept: when another comes, the one that was called longest ago goes.
const APPS: usize = 256;

/// Hooks of a call that are named.
pub(crate) const NAMED: usize = 20;

/// A call to an app's back end. Holds nothing of what was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// When it began.
    pub at: Millis,
    /// How long until its answer.
    pub took: Millis,
    /// What was told.
    pub command: Command,
    /// Where.
    pub url: String,
    /// How many hooks it told of.
    pub hooks: usize,
    /// The first 20 of them.
    pub numbers: Vec<u64>,
    /// Why it was not accepted.
    pub refused: Option<String>,
}

#[derive(Default)]
pub(super) struct Deliveries(Mutex<HashMap<AppId, VecDeque<Delivery>>>);

impl Deliveries {
    fn note(&self, app: AppId, delivery: Delivery) {
        let mut apps = self.0.lock();
        if !apps.contains_key(&app) && apps.len() >= APPS {
            let silent = apps.iter().min_by_key(|(_, calls)| calls.back().map(|call| call.at));
            if let Some(silent) = silent.map(|(&app, _)| app) {
                apps.remove(&silent);
            }
        }
        let calls = apps.entry(app).or_default();
        if calls.len() >= KEPT {
            calls.pop_front();
        }
        calls.push_back(delivery);
    }

    fn newest(&self, app: AppId, limit: usize) -> Vec<Delivery> {
        let apps = self.0.lock();
        apps.get(&app).into_iter().flat_map(|calls| calls.iter().rev().take(limit).cloned()).collect()
    }
}

impl Service {
    /// The newest calls to the app's back end that this node has made since its start, newest first; at most 100, which is
    /// what is kept. Questions before messages are not among them. Errors: 6017, 70403.
    pub async fn deliveries(&self, caller: &Caller, limit: u32) -> Result<Vec<Delivery>, Failure> {
        self.require_administrator(caller).await?;
        Ok(self.deliveries.newest(caller.app, page_size(limit, KEPT, KEPT)?))
    }

    pub(crate) fn note_delivery(&self, app: AppId, delivery: Delivery) {
        self.deliveries.note(app, delivery);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(at: Millis) -> Delivery {
        let (command, url) = (Command::GroupRead, String::new());
        Delivery { at, took: 0, command, url, hooks: 1, numbers: vec![at], refused: None }
    }

    #[test]
    fn the_newest_stay() {
        let deliveries = Deliveries::default();
        (0..KEPT as u64 + 5).for_each(|at| deliveries.note(AppId(1), call(at)));
        let kept = deliveries.newest(AppId(1), usize::MAX);
        assert_eq!((kept.len(), kept[0].at, kept[KEPT - 1].at), (KEPT, KEPT as u64 + 4, 5));
        assert_eq!(deliveries.newest(AppId(1), 2), [call(KEPT as u64 + 4), call(KEPT as u64 + 3)]);
        assert!(deliveries.newest(AppId(2), 2).is_empty());
    }

    #[test]
    fn of_too_many_apps_the_one_that_was_called_longest_ago_goes() {
        let deliveries = Deliveries::default();
        (0..).take(APPS).for_each(|app| deliveries.note(AppId(app), call(app.into())));
        deliveries.note(AppId(0), call(1_000));
        deliveries.note(AppId(9_999), call(1_001));
        assert!(deliveries.newest(AppId(1), 1).is_empty());
        assert_eq!(deliveries.newest(AppId(0), 1), [call(1_000)]);
        assert_eq!(deliveries.0.lock().len(), APPS);
    }
}
