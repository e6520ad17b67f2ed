//! Which sessions are here: by user and by conversation.
//!
//! **Register first, then sample.** A session is registered for its user before the service is asked what the user is in
//! ([`Registration::subscribe`]); what happens in between is delivered and wins over the sample. The other way round, a
//! group that one joined in between would stay silent, and one that one left would go on talking.
//!
//! Locks are taken in this order: a shard of users, the subscriptions of a session, a shard of conversations.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::service::{ConversationId, Tinyid};
use parking_lot::Mutex;
use tokio::time::Instant;
use v1::kicked::Reason;
use yidu_proto::{Code, v1};

mod devices;
mod recent;
mod shards;
#[cfg(test)]
mod tests;

pub(crate) use devices::{Device, farewell};

use super::outbox::{Bounds, Outbox};
use crate::bus::{OnlineDevice, Presence};
use crate::clock::Clock;
use crate::metrics::metrics;
use crate::service::{Failure, Millis, SessionId};
use recent::Recent;
use shards::Shards;

/// Devices that were pushed out and users that were kicked, as far back as they are remembered.
const RECENT: usize = 10_000;

/// Users whose last session is remembered: some 10 MiB.
const GONE: usize = 100_000;

/// The sessions of this node.
pub struct Registry {
    users: Shards<Tinyid, Vec<Arc<Link>>>,
    conversations: Shards<ConversationId, HashMap<SessionId, Arc<Link>>>,
    /// Devices that were pushed out and have not been told at a login.
    pushed_out: Mutex<Recent<(Tinyid, String), ()>>,
    /// When users were kicked: a login that was checked before that does not count.
    kicked: Mutex<Recent<Tinyid, Instant>>,
    /// When the newest session of a user ended.
    gone: Mutex<Recent<Tinyid, Millis>>,
    clock: Arc<dyn Clock>,
}

/// What the registry knows of a session.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) session: SessionId,
    pub(crate) user: Tinyid,
    pub(crate) outbox: Outbox,
    device: Device,
    /// When it logged in, by the server's clock.
    since: Millis,
    /// It was kicked: it gets nothing more and counts for nothing.
    leaving: AtomicBool,
    subscriptions: Mutex<Subscriptions>,
}

#[derive(Debug, Default)]
struct Subscriptions {
    inside: HashSet<ConversationId>,
    /// Left before the sample came; `None` once it has.
    departed: Option<HashSet<ConversationId>>,
    /// The session is gone.
    ended: bool,
}

/// A session's place in the registry; dropping it ends it.
#[derive(Debug)]
pub(crate) struct Registration {
    registry: Arc<Registry>,
    link: Arc<Link>,
    /// Platforms of the devices that gave way to it.
    pub(super) pushed_out: Vec<i32>,
}

/// Who logs in.
#[derive(Debug)]
pub(crate) struct Newcomer {
    pub(crate) session: SessionId,
    pub(crate) user: Tinyid,
    pub(crate) device: Device,
    /// The app's rule (semantics.md rule 20).
    pub(crate) policy: v1::MultiDevice,
    /// When its login began to be checked.
    pub(crate) since: Instant,
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Registry").finish_non_exhaustive()
    }
}

impl Registry {
    /// A registry without sessions; `clock` is the server's.
    pub fn new(clock: Arc<dyn Clock>) -> Registry {
        Registry {
            users: Shards::new(),
            conversations: Shards::new(),
            pushed_out: Mutex::new(Recent::new(RECENT)),
            kicked: Mutex::new(Recent::new(RECENT)),
            gone: Mutex::new(Recent::new(GONE)),
            clock,
        }
    }

    /// Registers a session for its user; whom the policy has give way is kicked. Errors: 6208, once, for a device that
    /// was pushed out (rule 20); 70052 when the user was kicked while the login was being checked.
    pub(crate) fn register(
        self: &Arc<Self>,
        newcomer: Newcomer,
        bounds: Bounds,
    ) -> Result<Registration, Failure> {
        let Newcomer { session, user, device, policy, since } = newcomer;
        if self.pushed_out.lock().remove(&(user, device.id.clone())).is_some() {
            let text = "another device pushed this one out: log in again to take its place";
            return Err(Failure::new(Code::KickedOffline, text));
        }
        let subscriptions = Subscriptions { departed: Some(HashSet::new()), ..Subscriptions::default() };
        let link = Arc::new(Link {
            session,
            user,
            outbox: Outbox::new(bounds),
            device,
            since: self.clock.now(),
            leaving: AtomicBool::new(false),
            subscriptions: Mutex::new(subscriptions),
        });
        let giving_way = self.add(&link, policy);
        let pushed_out = giving_way.iter().map(|(other, _)| other.device.platform).collect();
        let registration = Registration { registry: Arc::clone(self), link, pushed_out };
        metrics().sessions.increment(1);
        // A kick notes itself before it looks for sessions, and this one was added before the look at the notes: one of
        // the two sees the other.
        if self.kicked.lock().get(&user).is_some_and(|at| *at >= since) {
            let text = "an administrator ended the user's sessions: sign a new UserSig";
            return Err(Failure::new(Code::UserSigRevoked, text));
        }
        for (other, reason) in giving_way {
            if reason == Reason::OtherDevice && !other.device.id.is_empty() {
                self.pushed_out.lock().insert((user, other.device.id.clone()), ());
            }
            other.kick(farewell(reason));
        }
        Ok(registration)
    }

    /// Calls `visit` for every session of a user.
    pub(super) fn of_user(&self, user: Tinyid, mut visit: impl FnMut(&Arc<Link>)) {
        if let Some(links) = self.users.read(&user).get(&user) {
            links.iter().for_each(&mut visit);
        }
    }

    /// Where a user is online.
    pub(super) fn presence_of(&self, user: Tinyid) -> Presence {
        let mut devices = Vec::new();
        self.of_user(user, |link| {
            if !link.is_leaving() {
                let Device { platform, id } = link.device.clone();
                devices.push(OnlineDevice { platform, id, since: link.since });
            }
        });
        Presence { devices, last_online: self.gone.lock().get(&user).copied() }
    }

    /// Calls `visit` for every session that hears a conversation.
    pub(super) fn of_conversation(&self, conversation: ConversationId, mut visit: impl FnMut(&Arc<Link>)) {
        if let Some(links) = self.conversations.read(&conversation).get(&conversation) {
            links.values().for_each(&mut visit);
        }
    }

    /// The session hears the conversation from now on.
    pub(super) fn enter(&self, link: &Arc<Link>, conversation: ConversationId) {
        let mut subscriptions = link.subscriptions.lock();
        if let Some(departed) = &mut subscriptions.departed {
            departed.remove(&conversation);
        }
        self.subscribe(link, &mut subscriptions, conversation);
    }

    /// The session does not hear the conversation any more.
    pub(super) fn depart(&self, link: &Link, conversation: ConversationId) {
        let mut subscriptions = link.subscriptions.lock();
        if let Some(departed) = &mut subscriptions.departed {
            departed.insert(conversation);
        }
        if subscriptions.inside.remove(&conversation) {
            self.unsubscribe(link, conversation);
        }
    }

    /// Nobody hears the conversation any more.
    pub(super) fn dissolve(&self, conversation: ConversationId) {
        let links = self.conversations.write(&conversation).remove(&conversation);
        for link in links.into_iter().flat_map(HashMap::into_values) {
            self.depart(&link, conversation);
        }
    }

    /// Notes that a user is being kicked. To be called before the user's sessions are looked for.
    pub(super) fn note_kick(&self, user: Tinyid) {
        self.kicked.lock().insert(user, Instant::now());
    }

    fn add(&self, link: &Arc<Link>, policy: v1::MultiDevice) -> Vec<(Arc<Link>, Reason)> {
        let mut shard = self.users.write(&link.user);
        let links = shard.entry(link.user).or_default();
        let online: Vec<&Arc<Link>> = links.iter().filter(|link| !link.is_leaving()).collect();
        let devices: Vec<&Device> = online.iter().map(|link| &link.device).collect();
        let giving_way = devices::giving_way(policy, &devices, &link.device);
        let giving_way: Vec<_> =
            giving_way.into_iter().map(|(index, reason)| (Arc::clone(online[index]), reason)).collect();
        // Marked under the lock, so that two who come at once do not both count the same one.
        giving_way.iter().for_each(|(other, _)| other.leaving.store(true, Ordering::Relaxed));
        links.push(Arc::clone(link));
        giving_way
    }

    fn subscribe(&self, link: &Arc<Link>, subscriptions: &mut Subscriptions, conversation: ConversationId) {
        if !subscriptions.ended && subscriptions.inside.insert(conversation) {
            let mut shard = self.conversations.write(&conversation);
            shard.entry(conversation).or_default().insert(link.session, Arc::clone(link));
        }
    }

    fn unsubscribe(&self, link: &Link, conversation: ConversationId) {
        let mut shard = self.conversations.write(&conversation);
        if let Some(links) = shard.get_mut(&conversation) {
            links.remove(&link.session);
            if links.is_empty() {
                shard.remove(&conversation);
            }
        }
    }
}

impl Link {
    /// Ends the session with this.
    pub(crate) fn kick(&self, kicked: v1::Kicked) {
        self.leaving.store(true, Ordering::Relaxed);
        self.outbox.kick(kicked);
    }

    pub(super) fn is_leaving(&self) -> bool {
        self.leaving.load(Ordering::Relaxed)
    }

    /// The session hears the conversation.
    pub(super) fn hears(&self, conversation: ConversationId) -> bool {
        self.subscriptions.lock().inside.contains(&conversation)
    }
}

impl Registration {
    pub(crate) fn link(&self) -> &Arc<Link> {
        &self.link
    }

    /// Adds what the user was in when the service looked, less what the user has left since.
    pub(crate) fn subscribe(&self, sample: Vec<ConversationId>) {
        let mut subscriptions = self.link.subscriptions.lock();
        let departed = subscriptions.departed.take().unwrap_or_default();
        for conversation in sample {
            if !departed.contains(&conversation) {
                self.registry.subscribe(&self.link, &mut subscriptions, conversation);
            }
        }
        subscriptions.inside.shrink_to_fit();
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        metrics().sessions.decrement(1);
        let user = self.link.user;
        // Noted first, so that nobody is neither online nor was lately.
        self.registry.gone.lock().insert(user, self.registry.clock.now());
        let mut shard = self.registry.users.write(&user);
        if let Some(links) = shard.get_mut(&user) {
            links.retain(|link| link.session != self.link.session);
            if links.is_empty() {
                shard.remove(&user);
            }
        }
        drop(shard);
        let mut subscriptions = self.link.subscriptions.lock();
        subscriptions.ended = true;
        for conversation in std::mem::take(&mut subscriptions.inside) {
            self.registry.unsubscribe(&self.link, conversation);
        }
    }
}
