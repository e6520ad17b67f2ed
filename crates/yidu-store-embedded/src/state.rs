//! A conversation in memory: what every intent about it needs at hand.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;
use yidu_proto::limits;
use yidu_readset::{Audience, AudienceSpec, MessageFacts, ReadSet, Roster, counts};
use yidu_store::receipt::{Counts, ReceiptState};
use yidu_store::webhook::MessageKey;
use yidu_store::{ConversationId, Millis, Ordinal, Result, Seq, StoreError, Tinyid};

use crate::record::{Description, Head, Kind, Message};
use crate::rows::{View, corrupt};
use crate::tables::Table;

/// A conversation. The writer changes it under its lock; whoever reads it waits for `pending` before answering.
pub(crate) struct Conversation {
    pub(crate) id: ConversationId,
    pub(crate) description: Description,
    pub(crate) head: Head,
    pub(crate) roster: Roster,
    /// The newest batch that changed it.
    pub(crate) pending: u64,
    pub(crate) hot: FxHashMap<Seq, Hot>,
    /// Ordinals asked for lately; not all.
    ordinals: FxHashMap<Tinyid, Option<Ordinal>>,
    recent: Option<Recent>,
    /// Used since the cache looked last.
    pub(crate) used: bool,
}

/// A message whose receipts are at hand.
pub(crate) struct Hot {
    pub(crate) id: String,
    pub(crate) sender: Tinyid,
    pub(crate) sent_at: Millis,
    pub(crate) random: u32,
    pub(crate) spec: AudienceSpec,
    pub(crate) needs_receipt: bool,
    pub(crate) recalled: bool,
    pub(crate) expired: bool,
    pub(crate) audience_count: u32,
    pub(crate) final_counts: Option<Counts>,
    pub(crate) set: ReadSet,
    /// The number under which the sender's feed has the message on disk; 0: none.
    pub(crate) stored_change: u64,
    /// It has receipts that only the journal has.
    pub(crate) unfolded: bool,
    pub(crate) used: bool,
}

/// Who sent what lately: the same message again is found by its random.
#[derive(Default)]
struct Recent {
    by_random: std::collections::HashMap<(Tinyid, u32), Seq>,
    by_time: VecDeque<(Millis, Tinyid, u32, Seq)>,
}

impl Conversation {
    /// Reads a conversation. Errors: `NoSuchConversation` (never made; a dismissed one is read).
    pub(crate) fn load(view: &View<'_>, id: ConversationId) -> Result<Self> {
        let key = id.0.to_be_bytes();
        let description = view.record(Table::Conversations, &key)?.ok_or(StoreError::NoSuchConversation)?;
        let head: Head = view.expect(Table::Heads, &key)?;
        let roster = Roster::from_chunks(head.ordinals, |chunk| {
            let key = key_roster(id, chunk);
            let row = view.get(Table::Rosters, &key).map_err(Bad::Store)?;
            row.map(|row| row.to_vec()).ok_or_else(|| Bad::Store(corrupt(Table::Rosters, &key, "missing")))
        });
        let roster = roster.map_err(|bad| bad.into_store(Table::Rosters, &key))?;
        Ok(Self::new(id, description, head, roster))
    }

    pub(crate) fn new(id: ConversationId, description: Description, head: Head, roster: Roster) -> Self {
        Self {
            id,
            description,
            head,
            roster,
            pending: 0,
            hot: FxHashMap::default(),
            ordinals: FxHashMap::default(),
            recent: None,
            used: true,
        }
    }

    pub(crate) fn is_c2c(&self) -> bool {
        matches!(self.description.kind, Kind::C2c(..))
    }

    /// C2C: the other one.
    pub(crate) fn peer(&self, user: Tinyid) -> Option<Tinyid> {
        match self.description.kind {
            Kind::C2c(one, other) => Some(if one == user { other } else { one }),
            Kind::Group { .. } => None,
        }
    }

    /// The ordinal that a user was given, member now or not.
    pub(crate) fn ordinal(&mut self, view: &View<'_>, user: Tinyid) -> Result<Option<Ordinal>> {
        if let Some(ordinal) = self.ordinals.get(&user) {
            return Ok(*ordinal);
        }
        let key = key_user(self.id, user);
        let ordinal = match view.number(Table::Ordinals, &key)? {
            Some(ordinal) => {
                Some(u32::try_from(ordinal).map_err(|_| corrupt(Table::Ordinals, &key, "not an ordinal"))?)
            }
            None => None,
        };
        self.ordinals.insert(user, ordinal);
        Ok(ordinal)
    }

    /// A user has been given an ordinal.
    pub(crate) fn give_ordinal(&mut self, user: Tinyid, ordinal: Ordinal) {
        self.ordinals.insert(user, Some(ordinal));
    }

    /// The ordinal of a user who is a member now. Errors: `NotMember`.
    pub(crate) fn member(&mut self, view: &View<'_>, user: Tinyid) -> Result<Ordinal> {
        let ordinal = self.ordinal(view, user)?;
        ordinal.filter(|&ordinal| self.roster.is_member(ordinal)).ok_or(StoreError::NotMember)
    }

    /// A stored message; `None` when the seq was not given.
    pub(crate) fn message(&self, view: &View<'_>, seq: Seq) -> Result<Option<Message>> {
        if seq == 0 || seq > self.head.last_seq {
            return Ok(None);
        }
        view.expect(Table::Messages, &key_seq(self.id, seq)).map(Some)
    }

    /// Whether the same message was appended within the window; then its seq.
    pub(crate) fn repeated(
        &mut self,
        view: &View<'_>,
        sender: Tinyid,
        random: u32,
        now: Millis,
    ) -> Result<Option<Seq>> {
        if self.recent.is_none() {
            self.recent = Some(self.load_recent(view)?);
        }
        let recent = self.recent.get_or_insert_default();
        let Some(&seq) = recent.by_random.get(&(sender, random)) else { return Ok(None) };
        let message = self.message(view, seq)?;
        let age = |message: &Message| now.saturating_sub(message.sent_at);
        let within = |message: &Message| age(message) <= limits::REPEAT_WINDOW_MS;
        Ok(message.filter(within).map(|_| seq))
    }

    /// A message has been appended.
    pub(crate) fn remember(&mut self, sender: Tinyid, random: u32, seq: Seq, at: Millis) {
        if let Some(recent) = &mut self.recent {
            recent.push_back(sender, random, seq, at);
        }
    }

    fn load_recent(&self, view: &View<'_>) -> Result<Recent> {
        let mut found = Vec::new();
        for seq in (1..=self.head.last_seq).rev() {
            let Some(message) = self.message(view, seq)? else { break };
            if message.sent_at + limits::REPEAT_WINDOW_MS < self.head.last_time {
                break;
            }
            if !message.tip {
                found.push((message.sender, message.random, seq, message.sent_at));
            }
        }
        let mut recent = Recent::default();
        for (sender, random, seq, at) in found.into_iter().rev() {
            recent.push_back(sender, random, seq, at);
        }
        Ok(recent)
    }

    /// Bytes in memory, about.
    pub(crate) fn bytes(&self) -> usize {
        let recent = self.recent.as_ref().map_or(0, |recent| recent.by_time.len() * 80);
        size_of::<Self>()
            + self.roster.heap_bytes()
            + self.ordinals.len() * 32
            + recent
            + self.hot.values().map(Hot::bytes).sum::<usize>()
    }

    /// Lets go of what was not used since the last call and is on disk.
    pub(crate) fn shrink(&mut self, durable: u64) {
        if self.pending > durable {
            return;
        }
        self.hot.retain(|_, hot| hot.unfolded || std::mem::take(&mut hot.used));
        self.ordinals.clear();
    }

    /// Nothing in it would be lost by reading it again.
    pub(crate) fn is_clean(&self, durable: u64) -> bool {
        self.pending <= durable && self.hot.values().all(|hot| !hot.unfolded)
    }
}

impl Recent {
    fn push_back(&mut self, sender: Tinyid, random: u32, seq: Seq, at: Millis) {
        self.by_random.insert((sender, random), seq);
        self.by_time.push_back((at, sender, random, seq));
        while let Some(&(time, sender, random, seq)) = self.by_time.front()
            && time + limits::REPEAT_WINDOW_MS < at
        {
            self.by_time.pop_front();
            // The same random may have come again since.
            if self.by_random.get(&(sender, random)) == Some(&seq) {
                self.by_random.remove(&(sender, random));
            }
        }
    }
}

impl Hot {
    pub(crate) fn new(message: &Message, seq: Seq, set: ReadSet) -> Self {
        Self {
            id: message.id.clone(),
            sender: message.sender,
            sent_at: message.sent_at,
            random: message.random,
            spec: message.spec(seq),
            needs_receipt: message.needs_receipt,
            recalled: message.recalled,
            expired: message.expired,
            audience_count: message.audience_count,
            final_counts: message.final_counts,
            set,
            stored_change: 0,
            unfolded: false,
            used: true,
        }
    }

    pub(crate) fn facts(&self) -> MessageFacts<'_> {
        MessageFacts { spec: &self.spec, needs_receipt: self.needs_receipt, recalled: self.recalled }
    }

    pub(crate) fn counts(&self, roster: &Roster) -> Counts {
        self.final_counts.unwrap_or_else(|| counts(roster, &self.spec, self.audience_count, &self.set))
    }

    pub(crate) fn state(&self, conversation: ConversationId, c2c: bool, roster: &Roster) -> ReceiptState {
        ReceiptState {
            conversation,
            seq: self.spec.seq,
            message_id: self.id.clone(),
            sender: self.sender,
            counts: self.counts(roster),
            peer_read: if c2c { self.set.iter().next().map(|(_, at)| at) } else { None },
            closed: self.recalled,
        }
    }

    pub(crate) fn audience<'a>(&'a self, roster: &'a Roster) -> Audience<'a> {
        Audience::new(roster, &self.spec)
    }

    /// As hooks name it.
    pub(crate) fn key(&self) -> MessageKey {
        MessageKey { id: self.id.clone(), seq: self.spec.seq, random: self.random, sent_at: self.sent_at }
    }

    fn bytes(&self) -> usize {
        size_of::<Self>() + self.id.len() + self.set.heap_bytes()
    }
}

/// An error inside a closure of `yidu-readset`, which may also be its own.
pub(crate) enum Bad {
    Store(StoreError),
    Record(yidu_readset::DecodeError),
}

impl From<yidu_readset::DecodeError> for Bad {
    fn from(error: yidu_readset::DecodeError) -> Self {
        Self::Record(error)
    }
}

impl Bad {
    pub(crate) fn into_store(self, table: Table, key: &[u8]) -> StoreError {
        match self {
            Self::Store(error) => error,
            Self::Record(error) => corrupt(table, key, &error.to_string()),
        }
    }
}

pub(crate) fn key_seq(conversation: ConversationId, seq: Seq) -> [u8; 16] {
    pair(conversation.0, seq)
}

pub(crate) fn key_user(conversation: ConversationId, user: Tinyid) -> [u8; 16] {
    pair(conversation.0, user.0)
}

/// Key of `user_conversations`: by user first.
pub(crate) fn key_standing(user: Tinyid, conversation: ConversationId) -> [u8; 16] {
    pair(user.0, conversation.0)
}

pub(crate) fn key_user_seq(conversation: ConversationId, user: Tinyid, seq: Seq) -> [u8; 24] {
    let mut key = [0; 24];
    key[..16].copy_from_slice(&key_user(conversation, user));
    key[16..].copy_from_slice(&seq.to_be_bytes());
    key
}

pub(crate) fn key_roster(conversation: ConversationId, chunk: u32) -> [u8; 12] {
    let mut key = [0; 12];
    key[..8].copy_from_slice(&conversation.0.to_be_bytes());
    key[8..].copy_from_slice(&chunk.to_be_bytes());
    key
}

/// Key of `members`.
pub(crate) fn key_member(conversation: ConversationId, ordinal: Ordinal) -> [u8; 12] {
    key_roster(conversation, ordinal)
}

/// Key of `read_set_chunks`.
pub(crate) fn key_chunk(conversation: ConversationId, seq: Seq, chunk: u32) -> [u8; 20] {
    let mut key = [0; 20];
    key[..16].copy_from_slice(&key_seq(conversation, seq));
    key[16..].copy_from_slice(&chunk.to_be_bytes());
    key
}

pub(crate) fn pair(first: u64, second: u64) -> [u8; 16] {
    let mut key = [0; 16];
    key[..8].copy_from_slice(&first.to_be_bytes());
    key[8..].copy_from_slice(&second.to_be_bytes());
    key
}
