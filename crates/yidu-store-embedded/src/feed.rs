//! Change feeds: numbers, things, and the newest receipts that have no row yet.
//!
//! A receipt takes the sender's next number in memory alone ([`Feeds::receipt`]); the journal row of its commit has the
//! number, and folding writes the row. Everything else has rows at once ([`change`]).

use std::collections::BTreeMap;

use async_trait::async_trait;
use rustc_hash::FxHashMap;
use yidu_proto::v1;
use yidu_store::feed::{Change, ChangePage, Thing};
use yidu_store::{ConversationId, Result, Seq, StoreError, Tinyid};

use crate::commit::Txn;
use crate::receipt;
use crate::record::{Entry, EntryThing, Standing};
use crate::rows::{View, corrupt, parse};
use crate::state::{key_standing, pair};
use crate::store::{EmbeddedStore, Shared};
use crate::tables::Table;

/// Feeds in memory that need not be; more are let go.
const KEPT: usize = 100_000;

/// The feeds that are in memory.
#[derive(Default)]
pub(crate) struct Feeds(FxHashMap<Tinyid, Feed>);

#[derive(Default)]
struct Feed {
    /// The newest number given out; `None`: not read yet.
    position: Option<u64>,
    /// Messages with receipts that no row tells of, with their newest number.
    receipts: FxHashMap<(ConversationId, Seq), u64>,
    pending: u64,
}

impl Feeds {
    /// Makes sure that numbers can be given out to a user.
    pub(crate) fn load(&mut self, view: &View<'_>, user: Tinyid) -> Result<u64> {
        let feed = self.0.entry(user).or_default();
        if let Some(position) = feed.position {
            view.see(feed.pending);
            return Ok(position);
        }
        let row = view.last(Table::Feed, &pair(user.0, 0), &pair(user.0 + 1, 0))?;
        let stored = row.map_or(Ok(0), |(key, _)| number(&key))?;
        let newest = feed.receipts.values().copied().max().unwrap_or(0);
        feed.pending = feed.pending.max(view.seen());
        Ok(*feed.position.insert(stored.max(newest)))
    }

    /// The next number of a user whose feed was loaded.
    fn next(&mut self, user: Tinyid, batch: u64) -> u64 {
        let feed = self.0.entry(user).or_default();
        feed.pending = batch;
        let position = feed.position.get_or_insert_default();
        *position += 1;
        *position
    }

    /// A receipt of a message: gives the sender's next number. The feed was loaded.
    pub(crate) fn receipt(&mut self, sender: Tinyid, message: (ConversationId, Seq), batch: u64) -> u64 {
        let number = self.next(sender, batch);
        self.0.entry(sender).or_default().receipts.insert(message, number);
        number
    }

    /// What the journal says about a message.
    pub(crate) fn recover(&mut self, sender: Tinyid, message: (ConversationId, Seq), number: u64) {
        let newest = self.0.entry(sender).or_default().receipts.entry(message).or_default();
        *newest = number.max(*newest);
    }

    /// The number of a message that has no row yet; from now on it has one.
    pub(crate) fn fold(&mut self, sender: Tinyid, message: (ConversationId, Seq), batch: u64) -> Option<u64> {
        let feed = self.0.get_mut(&sender)?;
        feed.pending = batch;
        feed.receipts.remove(&message)
    }

    /// Lets go of feeds that have nothing to lose, when there are many.
    pub(crate) fn sweep(&mut self, durable: u64) {
        if self.0.len() > KEPT {
            self.0.retain(|_, feed| !feed.receipts.is_empty() || feed.pending > durable);
        }
    }

    /// Messages without a row whose number is after `after`, by number.
    fn receipts_after(&self, user: Tinyid, after: u64) -> Vec<(u64, (ConversationId, Seq))> {
        let Some(feed) = self.0.get(&user) else { return Vec::new() };
        let after = feed.receipts.iter().filter(|(_, number)| **number > after);
        let mut found: Vec<_> = after.map(|(message, number)| (*number, *message)).collect();
        found.sort_unstable();
        found
    }

    /// The newest number of a message that has no row yet.
    fn newer(&self, user: Tinyid, message: (ConversationId, Seq)) -> Option<u64> {
        self.0.get(&user)?.receipts.get(&message).copied()
    }
}

/// Puts a change of anything but receipts into a user's feed; an older entry of the same thing goes. The feed was loaded.
pub(crate) fn change(txn: &mut Txn<'_>, user: Tinyid, entry: impl Into<Entry>) -> Result<u64> {
    let entry = entry.into();
    let mut name = user.0.to_be_bytes().to_vec();
    name.extend(entry.thing.key());
    let older = txn.view.number(Table::FeedThings, &name)?;
    let number = txn.shared.feeds.lock().next(user, txn.batch);
    if let Some(older) = older {
        txn.delete(Table::Feed, &pair(user.0, older));
    }
    txn.put_record(Table::Feed, &pair(user.0, number), &entry);
    txn.put(Table::FeedThings, &name, &number.to_be_bytes());
    Ok(number)
}

#[async_trait]
impl yidu_store::Feeds for EmbeddedStore {
    async fn position(&self, user: Tinyid) -> Result<u64> {
        self.read(|view| self.shared.feeds.lock().load(view, user)).await
    }

    async fn changes(&self, user: Tinyid, after: u64, limit: usize) -> Result<ChangePage> {
        self.read(|view| page(&self.shared, view, user, after, limit.max(1))).await
    }
}

fn page(shared: &Shared, view: &View<'_>, user: Tinyid, after: u64, limit: usize) -> Result<ChangePage> {
    let mut changes: Vec<Change> = Vec::new();
    let mut from = after;
    loop {
        let (entries, position) = entries(shared, view, user, from, limit)?;
        let more = entries.len() > limit;
        for (number, entry) in entries {
            from = number;
            let Some(thing) = newest(shared, view, user, entry)? else { continue };
            if let Some(last) = changes.last().filter(|_| changes.len() == limit) {
                let position = last.number;
                return Ok(ChangePage { changes, position, finished: false });
            }
            changes.push(Change { number, thing });
        }
        if !more {
            return Ok(ChangePage { changes, position, finished: true });
        }
    }
}

/// Up to one more than `limit` entries after a number, and the newest number.
fn entries(
    shared: &Shared,
    view: &View<'_>,
    user: Tinyid,
    after: u64,
    limit: usize,
) -> Result<(BTreeMap<u64, Entry>, u64)> {
    // Under the lock, so that no message is between the rows and the memory.
    let mut feeds = shared.feeds.lock();
    let position = feeds.load(view, user)?;
    let mut entries = BTreeMap::new();
    for (number, (conversation, seq)) in feeds.receipts_after(user, after).into_iter().take(limit + 1) {
        entries.insert(number, EntryThing::Receipt(conversation, seq).into());
    }
    let mut from = after.saturating_add(1);
    let mut missing = limit + 1;
    while missing > 0 {
        let rows = view.range(Table::Feed, &pair(user.0, from), &pair(user.0 + 1, 0), missing)?;
        let more = rows.len() == missing;
        for (key, value) in rows {
            let number = number(&key)?;
            from = number + 1;
            let entry: Entry = parse(Table::Feed, &key, &value)?;
            let replaced = match entry.thing {
                EntryThing::Receipt(conversation, seq) => {
                    feeds.newer(user, (conversation, seq)).is_some_and(|newer| newer > number)
                }
                EntryThing::PeerRead(_)
                | EntryThing::UnreadCleared(_)
                | EntryThing::Membership(_)
                | EntryThing::Profile
                | EntryThing::ConversationDeleted(_) => false,
            };
            if !replaced {
                entries.insert(number, entry);
                missing -= 1;
            }
        }
        if !more {
            break;
        }
    }
    while entries.len() > limit + 1 {
        entries.pop_last();
    }
    Ok((entries, position))
}

/// The newest state of a thing; `None` when it is no longer served: of a dismissed group only the membership is told.
fn newest(shared: &Shared, view: &View<'_>, user: Tinyid, entry: Entry) -> Result<Option<Thing>> {
    let conversation = match entry.thing {
        EntryThing::Profile => return Ok(Some(Thing::Profile)),
        EntryThing::Receipt(conversation, _)
        | EntryThing::PeerRead(conversation)
        | EntryThing::UnreadCleared(conversation)
        | EntryThing::Membership(conversation)
        | EntryThing::ConversationDeleted(conversation) => conversation,
    };
    let thing = shared.with_conversation(view, conversation, |found| {
        let standing = |user| view.record(Table::UserConversations, &key_standing(user, conversation));
        Ok(match entry.thing {
            EntryThing::Receipt(_, seq) => {
                receipt::states(shared, view, found, &[seq])?.into_iter().next().map(Thing::Receipt)
            }
            EntryThing::PeerRead(_) => {
                let peer: Option<Standing> = found.peer(user).map_or(Ok(None), standing)?;
                let time = peer.unwrap_or_default().read_time;
                Some(Thing::PeerRead { conversation, time })
            }
            EntryThing::UnreadCleared(_) => {
                let standing = standing(user)?.filter(|standing| standing.member);
                standing.map(|standing| Thing::UnreadCleared {
                    conversation,
                    read_seq: standing.read_seq,
                    unread: standing.unread(&found.head),
                })
            }
            EntryThing::Membership(_) => {
                let (cause, by) = entry.moved.unwrap_or_default();
                let member = standing(user)?.is_some_and(|standing| standing.member);
                Some(Thing::Membership { conversation, member, cause, by })
            }
            EntryThing::Profile => Some(Thing::Profile),
            EntryThing::ConversationDeleted(_) => Some(Thing::ConversationDeleted { conversation }),
        })
    });
    match (thing, entry.thing) {
        (Err(StoreError::NoSuchConversation), EntryThing::Membership(_)) => {
            let cause = v1::membership::Cause::Dismissed.into();
            Ok(Some(Thing::Membership { conversation, member: false, cause, by: None }))
        }
        (Err(StoreError::NoSuchConversation), _) => Ok(None),
        (thing, _) => thing,
    }
}

/// The number in a key of the table `feed`.
pub(crate) fn number(key: &[u8]) -> Result<u64> {
    let number = key.get(8..).and_then(|number| <[u8; 8]>::try_from(number).ok());
    number.map(u64::from_be_bytes).ok_or_else(|| corrupt(Table::Feed, key, "the key is not one"))
}
