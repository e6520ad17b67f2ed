//! Webhooks: hooks go into the queue of their app in the batch of what they tell of.
//!
//! Which app wants what is kept in memory, so that an app that wants nothing costs one look at a flag. New receipts of one
//! message in one batch become one hook ([`Reads`]); they are written before any other hook, so that the order of commits
//! is kept.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use parking_lot::{Mutex, RwLock};
use rustc_hash::FxHashMap;
use yidu_store::app::App;
use yidu_store::webhook::{
    Command, DEAD_KEPT, DeadHook, GroupName, Hook, HookQueue, MEMBERS_TOLD, MessageKey, News, Place, Wanted,
    topic,
};
use yidu_store::{AppId, ConversationId, Millis, Result, Seq, StoreError, Tinyid, Webhooks};

use crate::commit::Txn;
use crate::member;
use crate::record::Kind;
use crate::rows::{Rows, View, corrupt, parse};
use crate::state::Conversation;
use crate::store::EmbeddedStore;
use crate::tables::Table;

/// What is at hand of webhooks: changed by the writer only.
#[derive(Default)]
pub(crate) struct Hooks {
    /// Some app wants something.
    any: AtomicBool,
    wanted: RwLock<FxHashMap<AppId, Wanted>>,
    counts: Mutex<BTreeMap<AppId, Counts>>,
}

#[derive(Clone, Copy, Default)]
struct Counts {
    waiting: u64,
    dead: u64,
}

/// Receipts of a batch that no hook tells of yet.
pub(crate) type Reads = BTreeMap<(ConversationId, Seq), (AppId, Millis, News)>;

impl Hooks {
    /// Counts what waits.
    pub(crate) fn load(rows: &Rows) -> Result<Hooks> {
        let hooks = Hooks::default();
        let view = rows.view()?;
        view.each(Table::Apps, |key, value| {
            hooks.set(&parse::<App>(Table::Apps, key, value)?);
            Ok(())
        })?;
        view.each(Table::Hooks, |key, _| {
            hooks.count(app_of(Table::Hooks, key)?, |counts| counts.waiting += 1);
            Ok(())
        })?;
        view.each(Table::DeadHooks, |key, _| {
            hooks.count(app_of(Table::DeadHooks, key)?, |counts| counts.dead += 1);
            Ok(())
        })?;
        Ok(hooks)
    }

    /// An app has new settings.
    pub(crate) fn set(&self, app: &App) {
        let mut wanted = self.wanted.write();
        wanted.insert(app.id, Wanted::of(&app.settings));
        self.any.store(wanted.values().any(|wanted| !wanted.is_empty()), Ordering::Relaxed);
    }

    pub(crate) fn wants(&self, app: AppId, command: Command) -> bool {
        self.any.load(Ordering::Relaxed)
            && self.wanted.read().get(&app).is_some_and(|wanted| wanted.has(command))
    }

    fn count(&self, app: AppId, change: impl FnOnce(&mut Counts)) -> Counts {
        let mut counts = self.counts.lock();
        let counts = counts.entry(app).or_default();
        change(counts);
        *counts
    }
}

#[async_trait]
impl Webhooks for EmbeddedStore {
    async fn tell(&self, app: AppId, topic: u64, at: Millis, news: News) -> Result<()> {
        self.write(move |txn| {
            if !txn.view.has(Table::Apps, &app.0.to_be_bytes())? {
                return Err(StoreError::NoSuchApp);
            }
            tell(txn, app, topic, at, news)
        })
        .await
    }

    async fn hook_queues(&self) -> Result<Vec<HookQueue>> {
        self.shared.durable.check()?;
        let counts = self.shared.hooks.counts.lock();
        let queues = counts.iter().map(|(&app, counts)| HookQueue { app, waiting: counts.waiting });
        Ok(queues.filter(|queue| queue.waiting > 0).collect())
    }

    async fn hooks(&self, app: AppId, after: u64, limit: usize) -> Result<Vec<Hook>> {
        self.read(|view| {
            let (from, to) = (row_key(app, after.saturating_add(1)), row_key(app, u64::MAX));
            let rows = view.range(Table::Hooks, &from, &to, limit)?;
            rows.iter().map(|(key, value)| parse(Table::Hooks, key, value)).collect()
        })
        .await
    }

    async fn settle_hooks(&self, app: AppId, numbers: &[u64]) -> Result<()> {
        let numbers = numbers.to_vec();
        self.write(move |txn| {
            for number in numbers {
                if txn.view.has(Table::Hooks, &row_key(app, number))? {
                    take(txn, app, number);
                }
            }
            Ok(())
        })
        .await
    }

    async fn bury_hooks(&self, app: AppId, numbers: &[u64], why: &str, now: Millis) -> Result<()> {
        let (numbers, why) = (numbers.to_vec(), why.to_owned());
        self.write(move |txn| bury(txn, app, &numbers, &why, now)).await
    }

    async fn dead_hooks(&self, app: AppId, below: u64, limit: usize) -> Result<Vec<DeadHook>> {
        self.read(|view| {
            let rows = view.last_rows(Table::DeadHooks, &row_key(app, 0), &row_key(app, below), limit)?;
            rows.iter().map(|(key, value)| parse(Table::DeadHooks, key, value)).collect()
        })
        .await
    }

    async fn revive_hooks(&self, app: AppId, numbers: &[u64], now: Millis) -> Result<usize> {
        let numbers = numbers.to_vec();
        self.write(move |txn| {
            let mut revived = 0;
            for number in numbers {
                let key = row_key(app, number);
                let Some(dead) = txn.view.record::<DeadHook>(Table::DeadHooks, &key)? else { continue };
                txn.delete(Table::DeadHooks, &key);
                txn.put_record(Table::Hooks, &key, &Hook { since: now, ..dead.hook });
                txn.shared.hooks.count(app, |counts| {
                    counts.waiting += 1;
                    counts.dead = counts.dead.saturating_sub(1);
                });
                revived += 1;
            }
            Ok(revived)
        })
        .await
    }
}

fn take(txn: &mut Txn<'_>, app: AppId, number: u64) {
    txn.delete(Table::Hooks, &row_key(app, number));
    txn.shared.hooks.count(app, |counts| counts.waiting = counts.waiting.saturating_sub(1));
}

fn bury(txn: &mut Txn<'_>, app: AppId, numbers: &[u64], why: &str, now: Millis) -> Result<()> {
    let mut dead = 0;
    for &number in numbers {
        let key = row_key(app, number);
        let Some(hook) = txn.view.record::<Hook>(Table::Hooks, &key)? else { continue };
        take(txn, app, number);
        txn.put_record(Table::DeadHooks, &key, &DeadHook { hook, died: now, why: why.to_owned() });
        dead = txn.shared.hooks.count(app, |counts| counts.dead += 1).dead;
    }
    let over = usize::try_from(dead).unwrap_or(usize::MAX).saturating_sub(DEAD_KEPT);
    for (key, _) in txn.view.range(Table::DeadHooks, &row_key(app, 0), &row_key(app, u64::MAX), over)? {
        txn.delete(Table::DeadHooks, &key);
        txn.shared.hooks.count(app, |counts| counts.dead = counts.dead.saturating_sub(1));
    }
    Ok(())
}

/// Writes a hook, if the app wants it.
pub(crate) fn tell(txn: &mut Txn<'_>, app: AppId, topic: u64, at: Millis, news: News) -> Result<()> {
    if !txn.shared.hooks.wants(app, news.command()) {
        return Ok(());
    }
    tell_reads(txn)?;
    put(txn, app, topic, at, news)
}

/// Writes what the receipts of the batch so far have to tell.
pub(crate) fn tell_reads(txn: &mut Txn<'_>) -> Result<()> {
    for ((conversation, _), (app, at, news)) in std::mem::take(&mut txn.reads) {
        put(txn, app, topic(conversation), at, news)?;
    }
    Ok(())
}

fn put(txn: &mut Txn<'_>, app: AppId, topic: u64, at: Millis, news: News) -> Result<()> {
    let counter = [&b"hook"[..], &app.0.to_be_bytes()].concat();
    let number = txn.next_number(&counter, 1)?;
    txn.put_record(Table::Hooks, &row_key(app, number), &Hook { number, at, since: at, topic, news });
    txn.shared.hooks.count(app, |counts| counts.waiting += 1);
    Ok(())
}

/// Notes what happened in a conversation, if the app wants `command`.
pub(crate) fn tell_of(
    txn: &mut Txn<'_>,
    conversation: &Conversation,
    command: Command,
    at: Millis,
    news: impl FnOnce(&View<'_>) -> Result<News>,
) -> Result<()> {
    let app = conversation.description.app;
    if !txn.shared.hooks.wants(app, command) {
        return Ok(());
    }
    let news = news(&txn.view)?;
    tell(txn, app, topic(conversation.id), at, news)
}

/// A receipt that advanced a group message: those of one message in one batch are one hook.
pub(crate) fn read(
    reads: &mut Reads,
    conversation: &Conversation,
    seq: Seq,
    counts: (u32, u32),
    receipt: (Tinyid, Millis),
) {
    let new = || {
        let group = group_name(conversation);
        let news = News::Read { group, seq, read: 0, unread: 0, readers: Vec::new() };
        (conversation.description.app, receipt.1, news)
    };
    let (_, _, news) = reads.entry((conversation.id, seq)).or_insert_with(new);
    if let News::Read { read, unread, readers, .. } = news {
        (*read, *unread) = counts;
        readers.push(receipt);
    }
}

/// A receipt that advanced a one-to-one message.
pub(crate) fn peer_read(
    reads: &mut Reads,
    conversation: &Conversation,
    message: MessageKey,
    author: Tinyid,
    receipt: (Tinyid, Millis),
) {
    let key = (conversation.id, message.seq);
    let news = News::PeerRead { author, reader: receipt.0, message };
    reads.insert(key, (conversation.description.app, receipt.1, news));
}

pub(crate) fn group_name(conversation: &Conversation) -> GroupName {
    match &conversation.description.kind {
        Kind::Group { info, .. } => GroupName { id: info.id.clone(), kind: info.r#type },
        Kind::C2c(..) => GroupName::default(),
    }
}

/// Where a message of this user is.
pub(crate) fn place(conversation: &Conversation, sender: Tinyid) -> Place {
    match conversation.peer(sender) {
        Some(peer) => Place::Peer(peer),
        None => Place::Group(group_name(conversation)),
    }
}

/// The first members, as hooks name them.
pub(crate) fn first_members(view: &View<'_>, conversation: &Conversation) -> Result<Vec<Tinyid>> {
    let ordinals = conversation.roster.iter_members_from(0).take(MEMBERS_TOLD);
    ordinals.map(|ordinal| Ok(member::member(view, conversation.id, ordinal)?.user)).collect()
}

/// Key of `hooks`, `dead_hooks` and `audit`.
pub(crate) fn row_key(app: AppId, number: u64) -> [u8; 12] {
    let mut key = [0; 12];
    key[..4].copy_from_slice(&app.0.to_be_bytes());
    key[4..].copy_from_slice(&number.to_be_bytes());
    key
}

/// The number in a key.
pub(crate) fn number_of(table: Table, key: &[u8]) -> Result<u64> {
    let number = key.get(4..).and_then(|number| <[u8; 8]>::try_from(number).ok());
    number.map(u64::from_be_bytes).ok_or_else(|| corrupt(table, key, "the key is not one"))
}

fn app_of(table: Table, key: &[u8]) -> Result<AppId> {
    number_of(table, key)?;
    let app = key.get(..4).and_then(|app| <[u8; 4]>::try_from(app).ok());
    app.map(|app| AppId(u32::from_be_bytes(app))).ok_or_else(|| corrupt(table, key, "the key is not one"))
}
