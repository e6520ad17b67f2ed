//! People, groups and messages for the stories of this folder.
#![allow(dead_code, reason = "every test file uses its own part")]

use std::path::Path;
use std::sync::Arc;

use yidu_proto::{Element, v1};
use yidu_store::account::NewAccount;
use yidu_store::app::{App, AppKey};
use yidu_store::group::{MembersChange, NewGroup};
use yidu_store::message::NewMessage;
use yidu_store::receipt::{Counts, ReceiptBatch};
use yidu_store::webhook::Command;
use yidu_store::{AppId, ConversationId, Millis, Seq, Store, Tinyid};
use yidu_store_embedded::{Durability, EmbeddedStore, Faults, Options};

pub(crate) const APP: AppId = AppId(1_400_000_001);
pub(crate) const NOON: Millis = 1_700_000_000_000;

/// Folds early and keeps little, so that few receipts pass through every stage.
pub(crate) fn hasty() -> Options {
    Options {
        cache_bytes: 0,
        journal_fold_bytes: 200,
        journal_fold_receipts: 5,
        durability: Durability::NoSync,
        faults: Faults::default(),
    }
}

/// Never folds by itself.
pub(crate) fn lazy() -> Options {
    Options { durability: Durability::NoSync, ..Options::default() }
}

pub(crate) fn open(dir: &Path, options: Options) -> Arc<EmbeddedStore> {
    EmbeddedStore::open(dir, options).unwrap()
}

pub(crate) fn app() -> App {
    App {
        id: APP,
        name: "test".to_owned(),
        keys: vec![AppKey { secret: "secret".to_owned(), created: NOON, retires: None }],
        settings: v1::AppSettings { history_days: 7, ..Default::default() },
        created: NOON,
    }
}

/// [`app`], with an endpoint that wants everything.
pub(crate) fn attentive() -> App {
    let commands = Command::ALL.iter().map(|command| command.name().to_owned()).collect();
    let webhook = v1::Webhook { url: "http://127.0.0.1:1".to_owned(), commands, ..Default::default() };
    let mut app = app();
    app.settings.webhook = Some(webhook);
    app
}

/// A store with an app and so many users.
pub(crate) async fn users(store: &dyn Store, count: usize) -> Vec<Tinyid> {
    store.create_app(app()).await.unwrap();
    let names = (0..count).map(|n| NewAccount { user: format!("user{n}"), ..Default::default() });
    let accounts = store.open_accounts(APP, names.collect(), NOON).await.unwrap();
    accounts.into_iter().map(|(account, _)| account.tinyid).collect()
}

pub(crate) async fn group(store: &dyn Store, id: &str, members: &[Tinyid]) -> ConversationId {
    let info = v1::Group { id: id.to_owned(), created_ms: NOON, ..Default::default() };
    let new = NewGroup {
        app: APP,
        info,
        owner: members.first().copied(),
        by: None,
        members: members[1..].to_vec(),
    };
    store.create_group(new).await.unwrap().0.conversation
}

/// A message that asks for receipts and counts.
pub(crate) fn message(conversation: ConversationId, sender: Tinyid, random: u32, at: Millis) -> NewMessage {
    let message = v1::Message {
        id: format!("{}-{at}-{random}", sender.0),
        time_ms: at,
        random,
        need_receipt: true,
        elements: vec![Element::text(format!("text {random}"))],
        cloud_custom_data: "custom".to_owned(),
        ..Default::default()
    };
    NewMessage {
        conversation,
        sender,
        as_administrator: false,
        message,
        targets: None,
        counts_unread: true,
        untold: false,
    }
}

/// Sends so many messages; their seqs follow each other.
pub(crate) async fn send(
    store: &dyn Store,
    conversation: ConversationId,
    sender: Tinyid,
    count: u32,
) -> Vec<Seq> {
    let mut seqs = Vec::new();
    for random in 0..count {
        let at = NOON + u64::from(random);
        let sent = store.append_message(message(conversation, sender, random, at)).await.unwrap();
        seqs.push(sent.message.seq);
    }
    seqs
}

pub(crate) fn batch(conversation: ConversationId, reader: Tinyid, seqs: &[Seq], at: Millis) -> ReceiptBatch {
    ReceiptBatch { conversation, reader, seqs: seqs.to_vec(), at }
}

pub(crate) async fn read(store: &dyn Store, conversation: ConversationId, reader: Tinyid, seqs: &[Seq]) {
    store.record_receipts(batch(conversation, reader, seqs, NOON + 9_000)).await.unwrap();
}

pub(crate) async fn counts(store: &dyn Store, conversation: ConversationId, seq: Seq) -> Counts {
    store.receipt_states(conversation, &[seq]).await.unwrap()[0].counts
}

pub(crate) fn membership(conversation: ConversationId, users: &[Tinyid], join: bool) -> MembersChange {
    MembersChange {
        conversation,
        users: users.to_vec(),
        join,
        cause: v1::membership::Cause::Added.into(),
        by: users[0],
        at: NOON,
        tip: None,
        max_members: 1_000_000,
    }
}

/// Copies a folder as a kill would leave it, while the store may be running.
pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}
