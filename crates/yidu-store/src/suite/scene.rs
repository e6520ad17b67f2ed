//! What the promises are told with: one app, users, groups, a clock that only goes forwards.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use yidu_proto::{Element, v1};

use super::{Harness, Operations};
use crate::account::NewAccount;
use crate::app::{App, AppKey};
use crate::conversation::ConversationView;
use crate::feed::{Change, Thing};
use crate::group::{MembersChange, MembersChanged, NewGroup};
use crate::message::{HistoryQuery, MessageView, NewMessage};
use crate::receipt::{Filter, ReceiptBatch, ReceiptOutcome, ReceiptState, Verdict};
use crate::{AppId, ConversationId, Millis, Seq, Store, Tinyid};

pub(super) const APP: AppId = AppId(1_400_000_001);
pub(super) const START: Millis = 1_700_000_000_000;

/// A store with an app in it. Intents are called on it as on the store.
pub(super) struct Scene<'h> {
    harness: &'h dyn Harness,
    store: Option<Arc<dyn Store>>,
    clock: AtomicU64,
    random: AtomicU32,
}

impl Deref for Scene<'_> {
    type Target = dyn Store;

    fn deref(&self) -> &Self::Target {
        self.store.as_deref().unwrap()
    }
}

impl<'h> Scene<'h> {
    pub(super) async fn open(harness: &'h dyn Harness) -> Self {
        let store = Some(harness.open().await);
        let scene = Self { harness, store, clock: AtomicU64::new(START), random: AtomicU32::new(0) };
        scene.create_app(app(APP)).await.unwrap();
        scene
    }

    /// For tasks that race.
    pub(super) fn shared(&self) -> Arc<dyn Store> {
        self.store.clone().unwrap()
    }

    pub(super) async fn reopen(&mut self) {
        self.store = None;
        self.store = Some(self.harness.open().await);
    }

    /// The server's clock; a millisecond later each time.
    pub(super) fn now(&self) -> Millis {
        self.clock.fetch_add(1, Ordering::Relaxed) + 1
    }

    pub(super) fn wait(&self, millis: Millis) {
        self.clock.fetch_add(millis, Ordering::Relaxed);
    }

    /// Accounts with these names.
    pub(super) async fn users<const N: usize>(&self, names: [&str; N]) -> [Tinyid; N] {
        let accounts = names.map(new_account).into();
        let opened = self.open_accounts(APP, accounts, self.now()).await.unwrap();
        std::array::from_fn(|i| opened[i].0.tinyid)
    }

    /// Accounts `n0`, `n1` and so on.
    pub(super) async fn crowd(&self, size: usize) -> Vec<Tinyid> {
        let accounts = (0..size).map(|i| new_account(&format!("n{i}"))).collect();
        let opened = self.open_accounts(APP, accounts, self.now()).await.unwrap();
        opened.into_iter().map(|(account, _)| account.tinyid).collect()
    }

    /// A group with this id; the first of the members owns it.
    pub(super) async fn group(&self, id: &str, members: &[Tinyid]) -> ConversationId {
        let (group, _) = self.create_group(new_group(id, members, self.now())).await.unwrap();
        group.conversation
    }

    pub(super) async fn c2c(&self, one: Tinyid, other: Tinyid) -> ConversationId {
        self.open_c2c(APP, one, other).await.unwrap()
    }

    /// A message that nobody has sent yet: it counts as unread and asks for no receipts.
    pub(super) fn draft(&self, conversation: ConversationId, sender: Tinyid) -> NewMessage {
        let random = self.random.fetch_add(1, Ordering::Relaxed) + 1;
        draft(conversation, sender, random, self.now())
    }

    pub(super) fn asking(&self, conversation: ConversationId, sender: Tinyid) -> NewMessage {
        let mut draft = self.draft(conversation, sender);
        draft.message.need_receipt = true;
        draft
    }

    pub(super) async fn send(&self, message: NewMessage) -> Seq {
        self.append_message(message).await.unwrap().message.seq
    }

    /// Sends a message that asks for no receipts.
    pub(super) async fn say(&self, conversation: ConversationId, sender: Tinyid) -> Seq {
        self.send(self.draft(conversation, sender)).await
    }

    /// Sends a message that asks for receipts.
    pub(super) async fn ask(&self, conversation: ConversationId, sender: Tinyid) -> Seq {
        self.send(self.asking(conversation, sender)).await
    }

    pub(super) fn batch(&self, conversation: ConversationId, reader: Tinyid, seqs: &[Seq]) -> ReceiptBatch {
        ReceiptBatch { conversation, reader, seqs: seqs.to_vec(), at: self.now() }
    }

    pub(super) async fn read(
        &self,
        conversation: ConversationId,
        reader: Tinyid,
        seqs: &[Seq],
    ) -> Vec<ReceiptOutcome> {
        self.record_receipts(self.batch(conversation, reader, seqs)).await.unwrap()
    }

    pub(super) async fn verdict(&self, conversation: ConversationId, reader: Tinyid, seq: Seq) -> Verdict {
        self.read(conversation, reader, &[seq]).await[0].verdict
    }

    pub(super) async fn state(&self, conversation: ConversationId, seq: Seq) -> ReceiptState {
        self.receipt_states(conversation, &[seq]).await.unwrap().remove(0)
    }

    /// Read, unread, left; they add up to the audience.
    pub(super) async fn counts(&self, conversation: ConversationId, seq: Seq) -> (u32, u32, u32) {
        let counts = self.state(conversation, seq).await.counts;
        assert_eq!(counts.read + counts.unread + counts.left, counts.audience, "{counts:?}");
        (counts.read, counts.unread, counts.left)
    }

    /// A whole list of an audience, by pages of three.
    pub(super) async fn listed(&self, conversation: ConversationId, seq: Seq, filter: Filter) -> Vec<Tinyid> {
        let (mut users, mut cursor) = (Vec::new(), 0);
        loop {
            let page = self.audience_page(conversation, seq, filter, cursor, 3).await.unwrap();
            assert!(page.members.len() <= 3);
            assert_eq!(page.finished, page.next == 0, "a cursor of 0 is the end, and only that");
            users.extend(page.members.iter().map(|member| member.user));
            if page.finished {
                return users;
            }
            cursor = page.next;
        }
    }

    pub(super) fn moving(&self, conversation: ConversationId, users: &[Tinyid], join: bool) -> MembersChange {
        let cause = if join { v1::membership::Cause::Added } else { v1::membership::Cause::Removed };
        MembersChange {
            conversation,
            users: users.to_vec(),
            join,
            cause: cause.into(),
            by: users[0],
            at: self.now(),
            tip: None,
            max_members: 1_000_000,
        }
    }

    pub(super) async fn join(&self, conversation: ConversationId, users: &[Tinyid]) -> MembersChanged {
        self.change_members(self.moving(conversation, users, true)).await.unwrap()
    }

    pub(super) async fn leave(&self, conversation: ConversationId, users: &[Tinyid]) -> MembersChanged {
        self.change_members(self.moving(conversation, users, false)).await.unwrap()
    }

    /// Everything of a conversation that a member sees, oldest first, by pages of three.
    pub(super) async fn seen(&self, conversation: ConversationId, viewer: Tinyid) -> Vec<Seq> {
        let views = self.walk(HistoryQuery { newer: true, limit: 3, ..all(conversation, viewer) }).await;
        views.iter().map(|view| view.message.seq).collect()
    }

    /// All pages of a history.
    pub(super) async fn walk(&self, mut query: HistoryQuery) -> Vec<MessageView> {
        let mut views = Vec::new();
        loop {
            let page = self.history(query.clone()).await.unwrap();
            assert!(page.messages.len() <= query.limit);
            assert!(page.next.is_none() || page.messages.len() == query.limit, "a short page is the last");
            views.extend(page.messages);
            if page.next.is_none() {
                return views;
            }
            query.from = page.next;
        }
    }

    pub(super) async fn view(&self, user: Tinyid, conversation: ConversationId) -> ConversationView {
        self.conversation(user, conversation).await.unwrap()
    }

    /// The first page of somebody's list.
    pub(super) async fn list(&self, user: Tinyid) -> Vec<ConversationId> {
        let (views, _) = self.conversations(user, None, 100).await.unwrap();
        views.iter().map(|view| view.id).collect()
    }

    /// A whole feed after a number.
    pub(super) async fn feed(&self, user: Tinyid, after: u64) -> Vec<Change> {
        let page = self.changes(user, after, 1_000).await.unwrap();
        assert!(page.finished);
        page.changes
    }

    pub(super) async fn things(&self, user: Tinyid, after: u64) -> Vec<Thing> {
        self.feed(user, after).await.into_iter().map(|change| change.thing).collect()
    }

    /// What the engine did since; `None` when it does not count.
    pub(super) fn operations_since(&self, before: Option<Operations>) -> Option<Operations> {
        let (before, now) = (before?, self.harness.operations()?);
        Some(Operations { commits: now.commits - before.commits, reads: now.reads - before.reads })
    }

    pub(super) fn operations(&self) -> Option<Operations> {
        self.harness.operations()
    }

    /// Holds an intent to so many commits, where the engine counts them.
    pub(super) async fn commits<T>(&self, commits: u64, intent: impl Future<Output = T>) -> T {
        let before = self.harness.operations();
        let answer = intent.await;
        if let Some(done) = self.operations_since(before) {
            assert_eq!(done.commits, commits, "commits");
        }
        answer
    }
}

pub(super) fn app(id: AppId) -> App {
    let key = AppKey { secret: format!("key of {}", id.0), created: START, retires: None };
    let settings = v1::AppSettings { recall_seconds: 120, ..Default::default() };
    App { id, name: format!("app {}", id.0), keys: vec![key], settings, created: START }
}

pub(super) fn new_account(user: &str) -> NewAccount {
    NewAccount { user: user.to_owned(), nick: None, avatar_url: None }
}

pub(super) fn new_group(id: &str, members: &[Tinyid], created_ms: Millis) -> NewGroup {
    let info = v1::Group {
        id: id.to_owned(),
        r#type: v1::GroupType::Work.into(),
        name: format!("the group {id}"),
        created_ms,
        max_members: 1_000,
        ..Default::default()
    };
    NewGroup { app: APP, info, owner: members.first().copied(), by: None, members: members[1..].to_vec() }
}

pub(super) fn draft(conversation: ConversationId, sender: Tinyid, random: u32, now: Millis) -> NewMessage {
    let message = v1::Message {
        id: format!("{}-{}-{random}", sender.0, now / 1_000),
        time_ms: now,
        client_time_s: now / 1_000,
        random,
        elements: vec![Element::text(format!("message {random}"))],
        cloud_custom_data: format!("data {random}"),
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

/// A message of the server that tells what happened in a group.
pub(super) fn tip(mut draft: NewMessage) -> NewMessage {
    let content =
        v1::GroupTipElement { r#type: v1::group_tip_element::Type::Joined.into(), ..Default::default() };
    draft.message.elements = vec![yidu_proto::ElementKind::GroupTip(content).into()];
    draft.as_administrator = true;
    draft.counts_unread = false;
    draft
}

/// What a tip says, by the store that filled it: whom it concerns and how many members there are.
pub(super) fn tip_content(message: &v1::Message) -> (Vec<String>, u32) {
    match message.elements[0].kind() {
        Ok(Some(yidu_proto::ElementKind::GroupTip(tip))) => (tip.users, tip.member_count),
        other => panic!("{other:?} is no group tip"),
    }
}

/// A targeted message.
pub(super) fn targeting(mut draft: NewMessage, targets: &[Tinyid]) -> NewMessage {
    draft.targets = Some(targets.to_vec());
    draft.message.targeted = true;
    draft
}

pub(super) fn all(conversation: ConversationId, viewer: Tinyid) -> HistoryQuery {
    HistoryQuery {
        conversation,
        viewer,
        before_joining: false,
        from: None,
        newer: false,
        limit: 100,
        min_time: 0,
        max_time: Millis::MAX,
    }
}

/// Nobody twice.
pub(super) fn distinct<T: Eq + std::hash::Hash + std::fmt::Debug>(items: &[T]) {
    let mut times = HashMap::new();
    for item in items {
        let times = times.entry(item).or_insert(0);
        *times += 1;
        assert_eq!(*times, 1, "{item:?} comes twice");
    }
}
