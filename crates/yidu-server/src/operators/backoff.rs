//! Whoever fails to sign in waits, longer each time: per name and per address.

use std::hash::Hash;
use std::net::IpAddr;

use quick_cache::unsync::Cache;
use yidu_store::Millis;

/// Failures that cost nothing: people mistype.
const FREE: u32 = 5;

/// The longest wait. Not longer, so that a stranger who knows a name keeps nobody out for long.
const LONGEST: Millis = 60_000;

/// After so long without a failure all is forgotten.
const FORGET: Millis = 15 * 60 * 1_000;

/// Names, and as many addresses, that are remembered. When there are more, those not seen for longest are forgotten.
const REMEMBERED: usize = 4_096;

#[derive(Clone, Copy, Default)]
struct Failures {
    count: u32,
    last: Millis,
}

impl Failures {
    fn at(self, now: Millis) -> u32 {
        if now.saturating_sub(self.last) >= FORGET { 0 } else { self.count }
    }

    fn wait(self, now: Millis) -> Millis {
        let over = match self.at(now).checked_sub(FREE) {
            Some(over) => over.min(16),
            None => return 0,
        };
        self.last.saturating_add((1_000 << over).min(LONGEST)).saturating_sub(now)
    }
}

/// The failures of late.
pub(super) struct Backoff {
    names: Cache<String, Failures>,
    addresses: Cache<IpAddr, Failures>,
}

impl Backoff {
    pub(super) fn new() -> Backoff {
        Backoff { names: Cache::new(REMEMBERED), addresses: Cache::new(REMEMBERED) }
    }

    /// Milliseconds until another try is looked at; 0: now. Tries with a token, which cannot be guessed, have no name.
    pub(super) fn wait(&self, name: &str, address: Option<IpAddr>, now: Millis) -> Millis {
        let of_name = self.names.get(name).map_or(0, |failures| failures.wait(now));
        let of_address = address.and_then(|address| self.addresses.get(&address));
        of_name.max(of_address.map_or(0, |failures| failures.wait(now)))
    }

    /// A try has begun. It counts as a failure until [`Self::succeeded`], so that many at once gain nothing.
    pub(super) fn tried(&mut self, name: &str, address: Option<IpAddr>, now: Millis) {
        if !name.is_empty() {
            count(&mut self.names, name.to_owned(), now);
        }
        if let Some(address) = address {
            count(&mut self.addresses, address, now);
        }
    }

    /// It was no failure: the name's are forgotten, of the address's one is.
    pub(super) fn succeeded(&mut self, name: &str, address: Option<IpAddr>) {
        self.names.remove(name);
        if let Some(address) = address
            && let Some(failures) = self.addresses.get(&address).copied()
        {
            self.addresses.insert(address, Failures { count: failures.count.saturating_sub(1), ..failures });
        }
    }
}

fn count<Key: Hash + Eq + Clone>(cache: &mut Cache<Key, Failures>, key: Key, now: Millis) {
    let before = cache.get(&key).copied().unwrap_or_default();
    cache.insert(key, Failures { count: before.at(now).saturating_add(1), last: now });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_are_forgotten() {
        let mut backoff = Backoff::new();
        let here: Option<IpAddr> = Some([127, 0, 0, 1].into());
        let mut waits = Vec::new();
        for _ in 0..14 {
            waits.push(backoff.wait("ann", here, 0));
            backoff.tried("ann", here, 0);
        }
        assert_eq!(waits[..5], [0; 5]);
        assert_eq!(waits[5..], [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
        assert_eq!(backoff.wait("ben", None, 0), 0, "others do not wait");
        assert!(backoff.wait("ben", here, 0) > 0, "at the same address they do");
        assert_eq!(backoff.wait("ann", here, FORGET), 0);
    }

    #[test]
    fn a_crowd_of_names_costs_bounded_memory() {
        let mut backoff = Backoff::new();
        for n in 0..REMEMBERED * 4 {
            backoff.tried(&n.to_string(), None, 0);
        }
        assert!(backoff.names.len() <= REMEMBERED);
    }
}
