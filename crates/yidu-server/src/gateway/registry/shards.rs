//! A map in shards, so that sessions that come and go do not wait for deliveries elsewhere.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};

use parking_lot::{RwLock, RwLockReadGuard, RwLockWriteGuard};

const SHARDS: usize = 64;

#[derive(Debug)]
pub(super) struct Shards<K, V> {
    hasher: RandomState,
    shards: Vec<RwLock<HashMap<K, V>>>,
}

impl<K: Eq + Hash, V> Shards<K, V> {
    pub(super) fn new() -> Shards<K, V> {
        let shards = (0..SHARDS).map(|_| RwLock::default()).collect();
        Shards { hasher: RandomState::new(), shards }
    }

    /// The shard that holds a key.
    pub(super) fn read(&self, key: &K) -> RwLockReadGuard<'_, HashMap<K, V>> {
        self.shard(key).read()
    }

    /// The shard that holds a key.
    pub(super) fn write(&self, key: &K) -> RwLockWriteGuard<'_, HashMap<K, V>> {
        self.shard(key).write()
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.read().len()).sum()
    }

    fn shard(&self, key: &K) -> &RwLock<HashMap<K, V>> {
        let hash = self.hasher.hash_one(key) % SHARDS as u64;
        &self.shards[usize::try_from(hash).unwrap_or(0)]
    }
}
