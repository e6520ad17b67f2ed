//! Messages: appending, history, recall.

use async_trait::async_trait;
use bytes::Bytes;
use yidu_proto::{limits, v1};
use yidu_readset::{Audience, AudienceSpec, Ordinal, Seq};
use yidu_store::message::{
    Appended, ConversationChange, HistoryPage, HistoryQuery, MessageView, NewMessage, Recalled,
};
use yidu_store::webhook::{Command, MessageKey, News};
use yidu_store::{ConversationId, Messages, Millis, Result, StoreError, Tinyid};

use crate::commit::Txn;
use crate::conversation::standing;
use crate::member;
use crate::receipt;
use crate::record::{Message, Reminder, Standing};
use crate::rows::{View, corrupt};
use crate::state::{Conversation, key_seq, key_standing, key_user_seq, pair};
use crate::store::{EmbeddedStore, Shared};
use crate::tables::Table;
use crate::webhook;

/// Seqs that one page looks at; a page that ends there says where to go on.
const SCAN: usize = 10_000;

#[async_trait]
impl Messages for EmbeddedStore {
    async fn append_message(&self, message: NewMessage) -> Result<Appended> {
        self.write(move |txn| {
            let slot = txn.slot(message.conversation);
            let mut conversation = txn.lock(&slot, message.conversation)?;
            if let Some(first) = first_of(txn, &mut conversation, &message)? {
                return Ok(first);
            }
            if !message.as_administrator {
                conversation.member(&txn.view, message.sender)?;
            }
            let (sender, untold) = (message.sender, message.untold);
            let appended = append(txn, &mut conversation, message, false)?;
            if !untold {
                tell_sent(txn, &conversation, sender, &appended.message)?;
            }
            Ok(appended)
        })
        .await
    }

    async fn history(&self, query: HistoryQuery) -> Result<HistoryPage> {
        let shared = &self.shared;
        self.read_conversation(query.conversation, |view, found| history(shared, view, found, &query)).await
    }

    async fn messages(
        &self,
        conversation: ConversationId,
        viewer: Tinyid,
        before_joining: bool,
        seqs: &[Seq],
    ) -> Result<Vec<MessageView>> {
        self.read_conversation(conversation, |view, found| {
            let viewer = Viewer::new(view, found, viewer, before_joining)?;
            let mut views = Vec::new();
            for &seq in seqs {
                if let Some(message) = viewer.see(view, found, seq)? {
                    views.push(self::view(&self.shared, view, found, &viewer, seq, &message)?);
                }
            }
            Ok(views)
        })
        .await
    }

    async fn message(&self, conversation: ConversationId, seq: Seq) -> Result<Option<(v1::Message, Tinyid)>> {
        let found = self.read_conversation(conversation, |view, found| {
            let message = found.message(view, seq)?.filter(|message| !message.expired);
            message.map(|message| Ok((wire(found.id, seq, &message)?, message.sender))).transpose()
        });
        match found.await {
            Err(StoreError::NoSuchConversation) => Ok(None),
            found => found,
        }
    }

    async fn recall_message(
        &self,
        conversation: ConversationId,
        seq: Seq,
        recall: v1::Recall,
        not_before: Millis,
    ) -> Result<Recalled> {
        self.write(move |txn| recall_message(txn, conversation, seq, recall, not_before)).await
    }

    async fn delete_messages(&self, conversation: ConversationId, user: Tinyid, seqs: &[Seq]) -> Result<()> {
        let seqs = seqs.to_vec();
        self.write(move |txn| {
            let slot = txn.slot(conversation);
            let mut found = txn.lock(&slot, conversation)?;
            found.member(&txn.view, user)?;
            for seq in seqs.into_iter().filter(|seq| (1..=found.head.last_seq).contains(seq)) {
                let key = key_user_seq(conversation, user, seq);
                if !txn.view.has(Table::Deletions, &key)? {
                    txn.put(Table::Deletions, &key, &[]);
                }
            }
            Ok(())
        })
        .await
    }

    async fn conversation_changes(
        &self,
        conversation: ConversationId,
        viewer: Tinyid,
        before_joining: bool,
        after: u64,
        limit: usize,
    ) -> Result<(Vec<ConversationChange>, bool)> {
        let shared = &self.shared;
        self.read_conversation(conversation, |view, found| {
            let viewer = Viewer::new(view, found, viewer, before_joining)?;
            changes(shared, view, found, &viewer, after, limit)
        })
        .await
    }
}

/// Who looks at the messages of a conversation.
pub(crate) struct Viewer {
    pub(crate) user: Tinyid,
    pub(crate) ordinal: Ordinal,
    /// History up to here was deleted.
    pub(crate) cleared: Seq,
    pub(crate) before_joining: bool,
}

impl Viewer {
    /// Errors: `NotMember`.
    fn new(
        view: &View<'_>,
        conversation: &mut Conversation,
        user: Tinyid,
        before_joining: bool,
    ) -> Result<Self> {
        let ordinal = conversation.member(view, user)?;
        let Standing { cleared, .. } = standing(view, user, conversation.id)?;
        Ok(Self { user, ordinal, cleared, before_joining })
    }

    /// A message, if the viewer may see it.
    pub(crate) fn see(
        &self,
        view: &View<'_>,
        conversation: &Conversation,
        seq: Seq,
    ) -> Result<Option<Message>> {
        // What costs no look at the disk comes first.
        if seq <= self.cleared || seq <= conversation.head.expired {
            return Ok(None);
        }
        if !self.before_joining && !conversation.roster.was_member(self.ordinal, seq) {
            return Ok(None);
        }
        let Some(message) = conversation.message(view, seq)?.filter(|message| !message.expired) else {
            return Ok(None);
        };
        let meant = message.targets.as_ref().is_none_or(|targets| targets.contains(&self.ordinal));
        if !meant && message.sender != self.user {
            return Ok(None);
        }
        let deleted = view.has(Table::Deletions, &key_user_seq(conversation.id, self.user, seq))?;
        Ok((!deleted).then_some(message))
    }
}

/// A message and what it is to the viewer.
pub(crate) fn view(
    shared: &Shared,
    view: &View<'_>,
    conversation: &mut Conversation,
    viewer: &Viewer,
    seq: Seq,
    message: &Message,
) -> Result<MessageView> {
    let own = message.sender == viewer.user;
    let asked = message.needs_receipt;
    let receipt = if own && asked {
        receipt::states(shared, view, conversation, &[seq])?.into_iter().next()
    } else {
        None
    };
    let mut receipt_sent = false;
    if !own && asked && receipt::load(shared, view, conversation, seq)? {
        receipt_sent = conversation.hot.get(&seq).is_some_and(|hot| hot.set.contains(viewer.ordinal));
    }
    Ok(MessageView { message: wire(conversation.id, seq, message)?, receipt, receipt_sent })
}

/// Appends without asking whether the sender may: tips come from those who have just left, too.
pub(crate) fn append(
    txn: &mut Txn<'_>,
    conversation: &mut Conversation,
    new: NewMessage,
    tip: bool,
) -> Result<Appended> {
    let id = conversation.id;
    let sender_ordinal = conversation.ordinal(&txn.view, new.sender)?;
    let (targets, users) = match &new.targets {
        Some(targets) => {
            let targets = members_among(&txn.view, conversation, targets)?;
            let users = users_of(&txn.view, id, &targets)?;
            (Some(targets), Some(users))
        }
        None => (None, None),
    };
    let own = match sender_ordinal {
        Some(_) => Some(standing(&txn.view, new.sender, id)?),
        None => None,
    };
    let seq = conversation.head.last_seq + 1;
    let spec = AudienceSpec { seq, sender: sender_ordinal, targets: targets.clone() };
    let audience_count = Audience::new(&conversation.roster, &spec).len();
    let counts = new.counts_unread && targets.is_none();
    let mut message = new.message;
    message.seq = seq;
    message.audience_count = if message.need_receipt { audience_count } else { 0 };
    let mut stored = Message {
        id: message.id.clone(),
        sender: new.sender,
        sender_ordinal,
        sent_at: message.time_ms,
        random: message.random,
        needs_receipt: message.need_receipt,
        recalled: false,
        expired: false,
        counts_unread: new.counts_unread,
        not_last: message.exclude_from_last_message,
        tip,
        audience_count,
        counted: conversation.head.counted + u64::from(counts),
        targets,
        final_counts: None,
        body: Bytes::new(),
    };
    stored.set_body(&message);
    txn.put_record(Table::Messages, &key_seq(id, seq), &stored);
    if let Some(own) = own.filter(|_| counts) {
        count_own(txn, id, seq, new.sender, own);
    }
    advance(txn, conversation, &stored, seq);
    Ok(Appended { message, repeated: false, targets: users })
}

fn tell_sent(
    txn: &mut Txn<'_>,
    conversation: &Conversation,
    sender: Tinyid,
    message: &v1::Message,
) -> Result<()> {
    let at = message.time_ms;
    let group = !conversation.is_c2c();
    let sent = if group { Command::GroupSent } else { Command::C2cSent };
    webhook::tell_of(txn, conversation, sent, at, |_| {
        let (place, message) = (webhook::place(conversation, sender), Box::new(message.clone()));
        Ok(News::Sent { place, sender, message })
    })?;
    if !group || !message.need_receipt {
        return Ok(());
    }
    webhook::tell_of(txn, conversation, Command::GroupRead, at, |_| {
        let group = webhook::group_name(conversation);
        Ok(News::Asked { group, seq: message.seq, audience: message.audience_count })
    })
}

/// Moves the head behind a new message.
fn advance(txn: &mut Txn<'_>, conversation: &mut Conversation, stored: &Message, seq: Seq) {
    let head = &mut conversation.head;
    if head.expired + 1 == seq {
        let app = conversation.description.app;
        txn.put(Table::Oldest, &oldest_key(app, stored.sent_at, conversation.id), &[]);
    }
    head.last_seq = seq;
    head.last_time = stored.sent_at;
    head.counted = stored.counted;
    conversation.pending = txn.batch;
    txn.put_record(Table::Heads, &conversation.id.0.to_be_bytes(), head);
    if !stored.tip {
        conversation.remember(stored.sender, stored.random, seq, stored.sent_at);
    }
}

/// One more counting message of a user's own.
fn count_own(txn: &mut Txn<'_>, id: ConversationId, seq: Seq, user: Tinyid, mut standing: Standing) {
    standing.own += 1;
    txn.put_record(Table::UserConversations, &key_standing(user, id), &standing);
    txn.put(Table::OwnCounted, &key_user_seq(id, user, seq), &standing.own.to_be_bytes());
}

/// Key of `oldest`.
pub(crate) fn oldest_key(app: yidu_store::AppId, at: Millis, id: ConversationId) -> Vec<u8> {
    [&app.0.to_be_bytes()[..], &pair(at, id.0)].concat()
}

/// The message that this one repeats (semantics.md rule 12).
fn first_of(txn: &Txn<'_>, conversation: &mut Conversation, new: &NewMessage) -> Result<Option<Appended>> {
    let (random, now) = (new.message.random, new.message.time_ms);
    let Some(seq) = conversation.repeated(&txn.view, new.sender, random, now)? else { return Ok(None) };
    let Some(first) = conversation.message(&txn.view, seq)? else { return Ok(None) };
    let targets = first.targets.as_ref().map(|targets| users_of(&txn.view, conversation.id, targets));
    let message = wire(conversation.id, seq, &first)?;
    Ok(Some(Appended { message, repeated: true, targets: targets.transpose()? }))
}

/// The ordinals of those users who are members now, ascending.
fn members_among(view: &View<'_>, conversation: &mut Conversation, users: &[Tinyid]) -> Result<Vec<Ordinal>> {
    let mut ordinals = Vec::with_capacity(users.len());
    for &user in users {
        ordinals.extend(conversation.ordinal(view, user)?);
    }
    ordinals.retain(|&ordinal| conversation.roster.is_member(ordinal));
    ordinals.sort_unstable();
    ordinals.dedup();
    Ok(ordinals)
}

fn users_of(view: &View<'_>, id: ConversationId, ordinals: &[Ordinal]) -> Result<Vec<Tinyid>> {
    ordinals.iter().map(|&ordinal| Ok(member::member(view, id, ordinal)?.user)).collect()
}

fn wire(id: ConversationId, seq: Seq, message: &Message) -> Result<v1::Message> {
    message.message().map_err(|error| corrupt(Table::Messages, &key_seq(id, seq), &error.to_string()))
}

fn history(
    shared: &Shared,
    view: &View<'_>,
    conversation: &mut Conversation,
    query: &HistoryQuery,
) -> Result<HistoryPage> {
    let viewer = Viewer::new(view, conversation, query.viewer, query.before_joining)?;
    let last = conversation.head.last_seq;
    // Nothing before these was ever to be seen.
    let joined = if query.before_joining { None } else { conversation.roster.first_join(viewer.ordinal) };
    let first = joined.unwrap_or(1).max(viewer.cleared + 1).max(conversation.head.expired + 1);
    let seqs: &mut dyn Iterator<Item = Seq> = if query.newer {
        &mut (query.from.unwrap_or(1).max(first)..=last)
    } else {
        &mut (first..=query.from.unwrap_or(last).min(last)).rev()
    };
    let mut page = HistoryPage { messages: Vec::new(), next: None };
    for (looked, seq) in seqs.enumerate() {
        if looked == SCAN {
            page.next = Some(seq);
            break;
        }
        let Some(message) = viewer.see(view, conversation, seq)? else { continue };
        if !(query.min_time..=query.max_time).contains(&message.sent_at) {
            continue;
        }
        if page.messages.len() == query.limit {
            page.next = Some(seq);
            break;
        }
        page.messages.push(self::view(shared, view, conversation, &viewer, seq, &message)?);
    }
    Ok(page)
}

fn changes(
    shared: &Shared,
    view: &View<'_>,
    conversation: &mut Conversation,
    viewer: &Viewer,
    after: u64,
    limit: usize,
) -> Result<(Vec<ConversationChange>, bool)> {
    let mut changes = Vec::new();
    for (number, seq, reminder) in entries(view, conversation, after)? {
        let Some(message) = viewer.see(view, conversation, seq)? else { continue };
        if let Some(reminder) = &reminder
            && !receipt::reminder_is_for(shared, view, conversation, viewer, seq, reminder)?
        {
            continue;
        }
        if changes.len() == limit {
            return Ok((changes, false));
        }
        let message = wire(conversation.id, seq, &message)?;
        let reminder = reminder.map(|reminder| (reminder.by, reminder.at));
        changes.push(ConversationChange { number, message, reminder });
    }
    Ok((changes, true))
}

/// The entries of a conversation's feed after a number; of the reminders only the newest, since each costs a look at a
/// read set.
fn entries(
    view: &View<'_>,
    conversation: &Conversation,
    after: u64,
) -> Result<Vec<(u64, Seq, Option<Reminder>)>> {
    let mut entries = Vec::new();
    let mut reminders = 0;
    for number in (after.saturating_add(1)..=conversation.head.last_change).rev() {
        // Where there is no row, a newer reminder has taken the place of this one.
        let key = pair(conversation.id.0, number);
        let Some(seq) = view.number(Table::ConversationFeed, &key)? else { continue };
        let reminder: Option<Reminder> = view.record(Table::Reminders, &key_seq(conversation.id, seq))?;
        let reminder = reminder.filter(|reminder| reminder.change == number);
        reminders += usize::from(reminder.is_some());
        if reminder.is_none() || reminders <= limits::REMINDERS {
            entries.push((number, seq, reminder));
        }
    }
    entries.reverse();
    Ok(entries)
}

fn recall_message(
    txn: &mut Txn<'_>,
    id: ConversationId,
    seq: Seq,
    recall: v1::Recall,
    not_before: Millis,
) -> Result<Recalled> {
    let slot = txn.slot(id);
    let mut conversation = txn.lock(&slot, id)?;
    let stored = conversation.message(&txn.view, seq)?.filter(|stored| !stored.expired);
    let mut stored = stored.ok_or(StoreError::NoSuchMessage)?;
    if stored.recalled {
        return Err(StoreError::AlreadyRecalled);
    }
    if stored.sent_at < not_before {
        return Err(StoreError::TooLateToRecall);
    }
    let mut message = wire(id, seq, &stored)?;
    let targets = stored.targets.as_ref().map(|targets| users_of(&txn.view, id, targets)).transpose()?;
    receipt::load(txn.shared, &txn.view, &mut conversation, seq)?;
    let (by, at) = (recall.by.clone(), recall.time_ms);
    message.recall = Some(recall);
    empty(&mut message);
    stored.set_body(&message);
    stored.recalled = true;
    let conversation = &mut *conversation;
    if stored.needs_receipt
        && let Some(hot) = conversation.hot.get(&seq)
    {
        stored.final_counts = Some(hot.counts(&conversation.roster));
        if let Some(left) = receipt::left_now(&conversation.roster, hot) {
            txn.put(Table::RecalledLeft, &key_seq(id, seq), &left);
        }
    }
    if let Some(hot) = conversation.hot.get_mut(&seq) {
        hot.recalled = true;
        hot.final_counts = stored.final_counts;
    }
    txn.put_record(Table::Messages, &key_seq(id, seq), &stored);
    conversation.head.last_change += 1;
    let change = conversation.head.last_change;
    txn.put(Table::ConversationFeed, &pair(id.0, change), &seq.to_be_bytes());
    txn.put_record(Table::Heads, &id.0.to_be_bytes(), &conversation.head);
    let sender = stored.sender;
    let command = if conversation.is_c2c() { Command::C2cRecalled } else { Command::GroupRecalled };
    webhook::tell_of(txn, conversation, command, at, |_| {
        let message =
            MessageKey { id: stored.id.clone(), seq, random: stored.random, sent_at: stored.sent_at };
        Ok(News::Recalled { place: webhook::place(conversation, sender), sender, by, message })
    })?;
    Ok(Recalled { message, change, targets })
}

/// Takes the content out of a message.
pub(crate) fn empty(message: &mut v1::Message) {
    message.elements.clear();
    message.cloud_custom_data.clear();
}
