//! Upkeep.

use async_trait::async_trait;

use super::timeline::Timeline;
use super::{MemoryStore, State};
use crate::upkeep::{CheckReport, StoreStats, Upkeep};
use crate::{AppId, ConversationId, Millis, Result};

#[async_trait]
impl Upkeep for MemoryStore {
    async fn stats(&self) -> Result<StoreStats> {
        self.read(|state| Ok(state.stats.clone()))
    }

    async fn check(&self, progress: &(dyn Fn(&str, u64) + Send + Sync)) -> Result<CheckReport> {
        self.read(|state| Ok(state.check(progress)))
    }

    async fn expire_history(&self, app: AppId, before: Millis, limit: usize) -> Result<usize> {
        self.write(|state| Ok(state.expire_history(app, before, limit)))
    }

    async fn close(&self) -> Result<()> {
        self.state.lock().stopped.get_or_insert("it is closed");
        Ok(())
    }
}

impl State {
    fn check<'a>(&self, progress: &(dyn Fn(&'a str, u64) + Send + Sync)) -> CheckReport {
        let mut report = CheckReport::default();
        let mut messages = 0;
        for (done, (id, timeline)) in (1..).zip(&self.conversations) {
            messages += timeline.last_seq();
            timeline.check(*id, &mut report.problems);
            progress("conversations", done);
        }
        report.problems.truncate(1_000);
        report.looked_at = vec![("conversations", self.conversations.len() as u64), ("messages", messages)];
        report
    }

    fn expire_history(&mut self, app: AppId, before: Millis, limit: usize) -> usize {
        let mut expired = 0;
        for timeline in self.conversations.values_mut().filter(|timeline| timeline.app == app) {
            let roster = timeline.roster.clone();
            let old = timeline
                .messages
                .iter_mut()
                .filter(|stored| stored.message.time_ms < before && !stored.expired);
            for stored in old.take(limit - expired) {
                stored.close(roster.clone());
                stored.expired = true;
                expired += 1;
            }
        }
        if expired > 0 {
            self.committed();
        }
        expired
    }
}

impl Timeline {
    fn check(&self, id: ConversationId, problems: &mut Vec<String>) {
        for (seq, stored) in (1..).zip(&self.messages) {
            let counts = self.counts(stored);
            if stored.message.seq != seq {
                problems.push(format!("conversation {}: message {seq} has another seq", id.0));
            }
            if counts.read + counts.unread + counts.left != counts.audience {
                problems.push(format!("conversation {}: counts of message {seq} do not add up", id.0));
            }
        }
        if self.people.len() != self.roster.ordinals() as usize {
            problems.push(format!("conversation {}: people and roster differ", id.0));
        }
    }
}
