//! Webhooks.

use async_trait::async_trait;

use super::timeline::{Kind, Stored, Timeline};
use super::{MemoryStore, State};
use crate::webhook::{
    DEAD_KEPT, DeadHook, GroupName, Hook, HookQueue, MEMBERS_TOLD, MessageKey, News, Place, Wanted, Webhooks,
    topic,
};
use crate::{AppId, ConversationId, Millis, Result, StoreError, Tinyid};

#[async_trait]
impl Webhooks for MemoryStore {
    async fn tell(&self, app: AppId, topic: u64, at: Millis, news: News) -> Result<()> {
        self.write(|state| {
            if !state.apps.contains_key(&app) {
                return Err(StoreError::NoSuchApp);
            }
            if state.tell(app, topic, at, news) {
                state.committed();
            }
            Ok(())
        })
    }

    async fn hook_queues(&self) -> Result<Vec<HookQueue>> {
        self.read(|state| {
            let waiting = |app: AppId| state.hooks.range((app, 0)..=(app, u64::MAX)).count() as u64;
            let queues = state.apps.keys().map(|&app| HookQueue { app, waiting: waiting(app) });
            Ok(queues.filter(|queue| queue.waiting > 0).collect())
        })
    }

    async fn hooks(&self, app: AppId, after: u64, limit: usize) -> Result<Vec<Hook>> {
        self.read(|state| {
            let waiting = state.hooks.range((app, 0)..=(app, u64::MAX)).map(|(_, hook)| hook);
            Ok(waiting.filter(|hook| hook.number > after).take(limit).cloned().collect())
        })
    }

    async fn settle_hooks(&self, app: AppId, numbers: &[u64]) -> Result<()> {
        self.write(|state| {
            let gone: Vec<_> =
                numbers.iter().filter_map(|&number| state.hooks.remove(&(app, number))).collect();
            if !gone.is_empty() {
                state.committed();
            }
            Ok(())
        })
    }

    async fn bury_hooks(&self, app: AppId, numbers: &[u64], why: &str, now: Millis) -> Result<()> {
        self.write(|state| {
            let mut any = false;
            for &number in numbers {
                let Some(hook) = state.hooks.remove(&(app, number)) else { continue };
                any = true;
                state.dead_hooks.insert((app, number), DeadHook { hook, died: now, why: why.to_owned() });
            }
            if any {
                let kept: Vec<_> =
                    state.dead_hooks.range((app, 0)..=(app, u64::MAX)).map(|(key, _)| *key).collect();
                for oldest in &kept[..kept.len().saturating_sub(DEAD_KEPT)] {
                    state.dead_hooks.remove(oldest);
                }
                state.committed();
            }
            Ok(())
        })
    }

    async fn dead_hooks(&self, app: AppId, below: u64, limit: usize) -> Result<Vec<DeadHook>> {
        self.read(|state| {
            let dead = state.dead_hooks.range((app, 0)..(app, below)).rev();
            Ok(dead.take(limit).map(|(_, dead)| dead.clone()).collect())
        })
    }

    async fn revive_hooks(&self, app: AppId, numbers: &[u64], now: Millis) -> Result<usize> {
        self.write(|state| {
            let mut revived = 0;
            for &number in numbers {
                let Some(dead) = state.dead_hooks.remove(&(app, number)) else { continue };
                state.hooks.insert((app, number), Hook { since: now, ..dead.hook });
                revived += 1;
            }
            if revived > 0 {
                state.committed();
            }
            Ok(revived)
        })
    }
}

impl State {
    /// Notes a hook, if the app wants it; returns whether it does.
    pub(super) fn tell(&mut self, app: AppId, topic: u64, at: Millis, news: News) -> bool {
        let wanted = self.apps.get(&app).map(|app| Wanted::of(&app.settings)).unwrap_or_default();
        if !wanted.has(news.command()) {
            return false;
        }
        let newest = self.hook_numbers.entry(app).or_default();
        *newest += 1;
        let number = *newest;
        self.hooks.insert((app, number), Hook { number, at, since: at, topic, news });
        true
    }

    /// Notes what happened in a conversation.
    pub(super) fn tell_of(&mut self, id: ConversationId, at: Millis, news: impl FnOnce(&Timeline) -> News) {
        if let Some(timeline) = self.conversations.get(&id) {
            let (app, news) = (timeline.app, news(timeline));
            self.tell(app, topic(id), at, news);
        }
    }
}

impl Timeline {
    pub(super) fn group_name(&self) -> GroupName {
        match &self.kind {
            Kind::Group(group) => GroupName { id: group.info.id.clone(), kind: group.info.r#type },
            Kind::C2c(..) => GroupName::default(),
        }
    }

    /// Where a message of this user is.
    pub(super) fn place(&self, sender: Tinyid) -> Place {
        match self.peer(sender) {
            Some(peer) => Place::Peer(peer),
            None => Place::Group(self.group_name()),
        }
    }

    /// The first members, as hooks name them.
    pub(super) fn first_members(&self) -> Vec<Tinyid> {
        let ordinals = self.roster.iter_members_from(0).take(MEMBERS_TOLD);
        ordinals.map(|ordinal| self.person(ordinal).user).collect()
    }
}

impl Stored {
    pub(super) fn key(&self) -> MessageKey {
        let message = &self.message;
        MessageKey {
            id: message.id.clone(),
            seq: message.seq,
            random: message.random,
            sent_at: message.time_ms,
        }
    }
}
