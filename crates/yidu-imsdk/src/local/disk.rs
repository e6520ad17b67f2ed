//! What outlives the process: an embedded store in the folder that `TIMInit` named.
//!
//! Folder: `<folder>/yidu-local/<app>/<user id in hex>`, so that no user id can be a path. Tables: `messages`, id →
//! version byte and record; `places`, conversation, NUL, big-endian seq → id. Nothing is synced: a crash of the machine
//! may lose the last seconds, which the server still has, but for local custom data.

use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::path::Path;

use fjall::{Database, Keyspace, KeyspaceCreateOptions, PersistMode};
use prost::Message as _;

use super::record::Record;

/// Of the records in `messages`.
const VERSION: u8 = 1;
/// A client has little to cache, and its memory is the app's.
const CACHE_BYTES: u64 = 4 * 1024 * 1024;
const MEMTABLE_BYTES: u64 = 4 * 1024 * 1024;
/// The engine's least.
const JOURNAL_BYTES: u64 = 64 * 1024 * 1024;

/// The folder of one user of one app, held by this process.
pub(super) struct Disk {
    database: Database,
    messages: Keyspace,
    places: Keyspace,
}

impl std::fmt::Debug for Disk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Disk").finish_non_exhaustive()
    }
}

impl Disk {
    /// Opens the folder, making it if need be. An error when another process holds it, or it cannot be written.
    pub(super) fn open(folder: &str, app_id: u32, user_id: &str) -> Result<Disk, String> {
        let mut name = String::new();
        for byte in user_id.bytes() {
            // Writing to a String does not fail.
            let _ = write!(name, "{byte:02x}");
        }
        let path = Path::new(folder).join("yidu-local").join(app_id.to_string()).join(name);
        std::fs::create_dir_all(&path).map_err(|error| error.to_string())?;
        open(&path).map_err(|error| match error {
            fjall::Error::Locked => "another process uses this folder for the same user".to_owned(),
            error => error.to_string(),
        })
    }

    pub(super) fn get(&self, id: &str) -> Option<Record> {
        let bytes = self.messages.get(id).ok()??;
        match bytes.split_first() {
            Some((&VERSION, record)) => Record::decode(record).ok(),
            Some(_) | None => None,
        }
    }

    pub(super) fn id_at(&self, conversation: &str, seq: u64) -> Option<String> {
        let id = self.places.get(place(conversation, seq)).ok()??;
        String::from_utf8(id.to_vec()).ok()
    }

    /// A disk that cannot be written costs what is kept there, nothing else.
    pub(super) fn put(&self, conversation: &str, id: &str, record: &Record) {
        let mut bytes = vec![VERSION];
        record.encode_raw(&mut bytes);
        let seq = record.message().seq;
        let mut batch = self.database.batch();
        batch.insert(&self.messages, id, bytes);
        if seq > 0 {
            batch.insert(&self.places, place(conversation, seq), id);
        }
        let _ = batch.commit();
    }

    pub(super) fn page(
        &self,
        conversation: &str,
        from_seq: u64,
        older: bool,
        take: &mut dyn FnMut(Record) -> ControlFlow<()>,
    ) {
        let mut give = |guard: fjall::Guard| {
            let id = guard.value().ok().and_then(|id| String::from_utf8(id.to_vec()).ok());
            match id.and_then(|id| self.get(&id)) {
                Some(record) => take(record),
                None => ControlFlow::Continue(()),
            }
        };
        let _ = if older {
            let range = place(conversation, 0)..=place(conversation, from_seq);
            self.places.range(range).rev().try_for_each(&mut give)
        } else {
            let range = place(conversation, from_seq)..=place(conversation, u64::MAX);
            self.places.range(range).try_for_each(&mut give)
        };
    }

    pub(super) fn clear(&self) {
        let _ = self.messages.clear();
        let _ = self.places.clear();
    }

    /// Everything is on disk when this returns.
    pub(super) fn close(self) {
        let _ = self.database.persist(PersistMode::SyncAll);
    }
}

fn open(path: &Path) -> fjall::Result<Disk> {
    let database = Database::builder(path)
        .cache_size(CACHE_BYTES)
        .max_journaling_size(JOURNAL_BYTES)
        .worker_threads(1)
        .open()?;
    let options = || KeyspaceCreateOptions::default().max_memtable_size(MEMTABLE_BYTES);
    let messages = database.keyspace("messages", options)?;
    let places = database.keyspace("places", options)?;
    Ok(Disk { database, messages, places })
}

fn place(conversation: &str, seq: u64) -> Vec<u8> {
    let mut key = conversation.as_bytes().to_vec();
    key.push(0);
    key.extend_from_slice(&seq.to_be_bytes());
    key
}
