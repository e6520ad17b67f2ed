//! What is kept on this side: messages that were seen, local custom data, receipts that were sent.
//!
//! In memory always, bounded; on disk too when `TIMInit` named a folder: one sub-folder for each app and user, held by
//! one process at a time. A process that finds it taken keeps its state in memory and says so in the log.

mod device;
mod disk;
mod memory;
mod record;

use std::ops::ControlFlow;

use parking_lot::Mutex;
use yidu_client::v1;

use self::disk::Disk;
use self::memory::Memory;
use crate::sdk::log::Log;

pub(crate) use self::device::device_id;
pub(crate) use self::memory::Marks;
pub(crate) use self::record::{Record, Way, conversation_key};

/// What is kept for one user of one app.
#[derive(Debug)]
pub(crate) struct Local(Mutex<State>);

#[derive(Debug)]
struct State {
    memory: Memory,
    disk: Option<Disk>,
}

impl Local {
    /// Opens what is kept for a user; in memory alone without a folder, or when another process holds it.
    pub(crate) fn open(folder: Option<&str>, app_id: u32, user_id: &str, log: &Log) -> Local {
        let disk = folder.and_then(|folder| {
            let opened = Disk::open(folder, app_id, user_id);
            opened
                .inspect_err(|error| {
                    log.warn(&format!(
                        "local state is kept in memory only, and lost with the process: {folder}: {error}"
                    ));
                })
                .ok()
        });
        Local(Mutex::new(State { memory: Memory::default(), disk }))
    }

    /// Writes out and lets go of the folder. What is asked or kept afterwards is in memory alone.
    pub(crate) fn close(&self) {
        let disk = self.0.lock().disk.take();
        if let Some(disk) = disk {
            disk.close();
        }
    }

    /// Keeps a message as the server shows it now. What is known on this side alone stays with it.
    pub(crate) fn see(&self, conversation: &v1::ConversationRef, view: v1::MessageView) -> Record {
        let id = view.message.as_ref().map(|message| message.id.clone()).unwrap_or_default();
        let mut state = self.0.lock();
        let mut record = state.get(&id).unwrap_or_default();
        record.see(view);
        state.put(conversation, &id, record.clone());
        record
    }

    /// Keeps a message of one's own that is on its way, or whose way has ended.
    pub(crate) fn put(&self, conversation: &v1::ConversationRef, record: Record) {
        let id = record.message().id.clone();
        self.0.lock().put(conversation, &id, record);
    }

    /// The message with this id.
    pub(crate) fn get(&self, id: &str) -> Option<Record> {
        self.0.lock().get(id)
    }

    /// The message at this place.
    pub(crate) fn at(&self, conversation: &v1::ConversationRef, seq: u64) -> Option<Record> {
        let mut state = self.0.lock();
        let id = state.id_at(&conversation_key(conversation), seq)?;
        state.get(&id)
    }

    /// Changes a message that is known; returns it as it is then.
    pub(crate) fn change(
        &self,
        conversation: &v1::ConversationRef,
        id: &str,
        change: impl FnOnce(&mut Record),
    ) -> Option<Record> {
        let mut state = self.0.lock();
        let mut record = state.get(id)?;
        change(&mut record);
        state.put(conversation, id, record.clone());
        Some(record)
    }

    /// Messages of a conversation from a seq on, included, towards the older or the newer. Deleted ones are left out.
    pub(crate) fn page(
        &self,
        conversation: &v1::ConversationRef,
        from_seq: u64,
        older: bool,
        mut take: impl FnMut(Record) -> ControlFlow<()>,
    ) {
        let key = conversation_key(conversation);
        let state = self.0.lock();
        let mut give = |record: Record| if record.deleted { ControlFlow::Continue(()) } else { take(record) };
        match &state.disk {
            Some(disk) => disk.page(&key, from_seq, older, &mut give),
            None => state.memory.page(&key, from_seq, older, &mut give),
        }
    }

    /// Takes news of how far a conversation was read; what is older than what is known changes nothing.
    pub(crate) fn mark(&self, conversation: &v1::ConversationRef, news: Marks) {
        self.0.lock().memory.mark(conversation_key(conversation), news);
    }

    /// How far a conversation was read, as far as it was told in this process.
    pub(crate) fn marks(&self, conversation: &v1::ConversationRef) -> Marks {
        self.0.lock().memory.marks(&conversation_key(conversation))
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) {
        let mut state = self.0.lock();
        state.memory = Memory::default();
        if let Some(disk) = &state.disk {
            disk.clear();
        }
    }
}

impl State {
    fn get(&mut self, id: &str) -> Option<Record> {
        if let Some(record) = self.memory.get(id) {
            return Some(record.clone());
        }
        self.disk.as_ref()?.get(id)
    }

    fn id_at(&mut self, conversation: &str, seq: u64) -> Option<String> {
        self.memory.id_at(conversation, seq).or_else(|| self.disk.as_ref()?.id_at(conversation, seq))
    }

    fn put(&mut self, conversation: &v1::ConversationRef, id: &str, record: Record) {
        // Without an id nobody could ask for it.
        if id.is_empty() {
            return;
        }
        let key = conversation_key(conversation);
        if let Some(disk) = &self.disk {
            disk.put(&key, id, &record);
        }
        self.memory.put(&key, id, record);
    }
}
