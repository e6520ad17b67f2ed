//! A bounded memory of what happened lately.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

/// Keeps the newest entries; when it is full, the oldest is forgotten.
#[derive(Debug)]
pub(super) struct Recent<K, V> {
    room: usize,
    /// With the number of the insertion, so that a key that was removed and came back is not forgotten too early.
    entries: HashMap<K, (u64, V)>,
    order: VecDeque<(u64, K)>,
    next: u64,
}

impl<K: Clone + Eq + Hash, V> Recent<K, V> {
    pub(super) fn new(room: usize) -> Recent<K, V> {
        Recent { room, entries: HashMap::new(), order: VecDeque::new(), next: 0 }
    }

    pub(super) fn insert(&mut self, key: K, value: V) {
        self.next += 1;
        self.entries.insert(key.clone(), (self.next, value));
        self.order.push_back((self.next, key));
        while self.order.len() > self.room {
            let Some((number, key)) = self.order.pop_front() else { break };
            if self.entries.get(&key).is_some_and(|(newest, _)| *newest == number) {
                self.entries.remove(&key);
            }
        }
    }

    pub(super) fn get(&self, key: &K) -> Option<&V> {
        self.entries.get(key).map(|(_, value)| value)
    }

    pub(super) fn remove(&mut self, key: &K) -> Option<V> {
        self.entries.remove(key).map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_is_forgotten_and_a_key_that_came_back_is_not_old() {
        let mut recent = Recent::new(3);
        for (key, value) in [("a", 1), ("b", 2), ("a", 3), ("c", 4)] {
            recent.insert(key, value);
        }
        assert_eq!((recent.get(&"a"), recent.get(&"b"), recent.get(&"c")), (Some(&3), Some(&2), Some(&4)));
        recent.insert("d", 5);
        assert_eq!((recent.get(&"a"), recent.get(&"b")), (Some(&3), None));
        assert_eq!(recent.remove(&"a"), Some(3));
        assert_eq!(recent.remove(&"a"), None);
        (0..1_000).for_each(|n| recent.insert("e", n));
        assert!(recent.order.len() <= 3 && recent.entries.len() <= 3);
    }
}
