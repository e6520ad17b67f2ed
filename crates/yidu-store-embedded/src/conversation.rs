//! Conversations as their members see them.

use std::cmp::Reverse;

use async_trait::async_trait;
use yidu_readset::Roster;
use yidu_store::conversation::{ClearAdvance, ClearUpTo, Cleared, ConversationKind, ConversationView};
use yidu_store::message::MessageView;
use yidu_store::webhook::{Command, News};
use yidu_store::{AppId, ConversationId, Conversations, Millis, Ordinal, Result, Seq, StoreError, Tinyid};

use crate::account;
use crate::commit::Txn;
use crate::feed;
use crate::member;
use crate::message;
use crate::record::{Description, EntryThing, Head, Kind, Standing};
use crate::rows::{View, corrupt, parse};
use crate::state::{Conversation, key_standing, key_user_seq};
use crate::store::{EmbeddedStore, Shared};
use crate::tables::Table;
use crate::webhook;

/// Messages that a view looks at for the newest one to show. Those behind so many that may not be shown are none.
const LAST_MESSAGE_SCAN: u64 = 1_000;

#[async_trait]
impl Conversations for EmbeddedStore {
    async fn open_c2c(&self, app: AppId, one: Tinyid, other: Tinyid) -> Result<ConversationId> {
        if let Some(id) = self.find_c2c(app, one, other).await? {
            let both = self.read(|view| Ok(lives_in(view, app, one)? && lives_in(view, app, other)?)).await?;
            return if both { Ok(id) } else { Err(StoreError::NoSuchAccount) };
        }
        self.write(move |txn| open_c2c(txn, app, one, other)).await
    }

    async fn find_c2c(&self, app: AppId, one: Tinyid, other: Tinyid) -> Result<Option<ConversationId>> {
        self.read(|view| Ok(view.number(Table::C2c, &c2c_key(app, one, other))?.map(ConversationId))).await
    }

    async fn conversation_kind(&self, conversation: ConversationId) -> Result<Option<ConversationKind>> {
        self.read(|view| {
            let found: Option<Description> =
                view.record(Table::Conversations, &conversation.0.to_be_bytes())?;
            Ok(found.filter(|found| !found.dismissed).map(|found| kind(&found)))
        })
        .await
    }

    async fn conversation_ids(&self, user: Tinyid) -> Result<Vec<ConversationId>> {
        self.read(|view| Ok(joined(view, user)?.into_iter().map(|(id, ..)| id).collect())).await
    }

    async fn conversations(
        &self,
        user: Tinyid,
        after: Option<(Millis, ConversationId)>,
        limit: usize,
    ) -> Result<(Vec<ConversationView>, u64)> {
        self.read(|view| list(&self.shared, view, user, after, limit)).await
    }

    async fn conversation(&self, user: Tinyid, conversation: ConversationId) -> Result<ConversationView> {
        self.read_conversation(conversation, |view, found| {
            found.member(view, user)?;
            look(&self.shared, view, found, user)
        })
        .await
    }

    async fn clear_unread(
        &self,
        user: Tinyid,
        conversation: ConversationId,
        up_to: ClearUpTo,
        now: Millis,
    ) -> Result<Cleared> {
        self.write(move |txn| clear_unread(txn, user, conversation, up_to, now)).await
    }

    async fn delete_conversation(&self, user: Tinyid, conversation: ConversationId) -> Result<u64> {
        self.write(move |txn| {
            let slot = txn.slot(conversation);
            let mut found = txn.lock(&slot, conversation)?;
            found.member(&txn.view, user)?;
            let mut standing = standing(&txn.view, user, conversation)?;
            txn.shared.feeds.lock().load(&txn.view, user)?;
            let last = found.head.last_seq;
            standing.hidden = Some(last);
            standing.cleared = last;
            standing.read_seq = last;
            standing.counted_at_mark = found.head.counted;
            standing.own_at_mark = standing.own;
            txn.put_record(Table::UserConversations, &key_standing(user, conversation), &standing);
            feed::change(txn, user, EntryThing::ConversationDeleted(conversation))
        })
        .await
    }
}

/// How a user who was ever in a conversation has it.
pub(crate) fn standing(view: &View<'_>, user: Tinyid, conversation: ConversationId) -> Result<Standing> {
    view.expect(Table::UserConversations, &key_standing(user, conversation))
}

/// An account of the app that is not deleted.
pub(crate) fn lives_in(view: &View<'_>, app: AppId, user: Tinyid) -> Result<bool> {
    Ok(account::live(view, user)?.is_some_and(|account| account.app == app))
}

/// All conversations that a user was ever in, with the user's standing; also dismissed groups.
pub(crate) fn standings(view: &View<'_>, user: Tinyid) -> Result<Vec<(ConversationId, Standing)>> {
    let (from, to) = (user.0.to_be_bytes(), (user.0 + 1).to_be_bytes());
    let rows = view.range(Table::UserConversations, &from, &to, usize::MAX)?;
    let row = |(key, value): &(fjall::Slice, fjall::Slice)| {
        let id = key.get(8..).and_then(|id| <[u8; 8]>::try_from(id).ok());
        let id = id.ok_or_else(|| corrupt(Table::UserConversations, key, "the key is not one"))?;
        let standing = parse(Table::UserConversations, key, value)?;
        Ok((ConversationId(u64::from_be_bytes(id)), standing))
    };
    rows.iter().map(row).collect()
}

/// A new conversation's number; its rows are the caller's.
pub(crate) fn next_id(txn: &mut Txn<'_>) -> Result<ConversationId> {
    txn.next_number(b"conversation", 1).map(ConversationId)
}

fn open_c2c(txn: &mut Txn<'_>, app: AppId, one: Tinyid, other: Tinyid) -> Result<ConversationId> {
    if one == other {
        return Err(StoreError::Invalid("a one-to-one conversation is between two different accounts"));
    }
    if !lives_in(&txn.view, app, one)? || !lives_in(&txn.view, app, other)? {
        return Err(StoreError::NoSuchAccount);
    }
    let key = c2c_key(app, one, other);
    if let Some(id) = txn.view.number(Table::C2c, &key)? {
        return Ok(ConversationId(id));
    }
    let id = next_id(txn)?;
    let both = [one.min(other), one.max(other)];
    let description = Description { app, dismissed: false, kind: Kind::C2c(both[0], both[1]) };
    let mut conversation = Conversation::new(id, description, Head::default(), Roster::new());
    for user in both {
        member::join(txn, &mut conversation, user, v1_member(), 0)?;
    }
    txn.put(Table::C2c, &key, &id.0.to_be_bytes());
    member::put_new(txn, conversation);
    Ok(id)
}

fn v1_member() -> i32 {
    yidu_proto::v1::Role::Member.into()
}

fn c2c_key(app: AppId, one: Tinyid, other: Tinyid) -> Vec<u8> {
    let (smaller, greater) = (one.min(other), one.max(other));
    [&app.0.to_be_bytes()[..], &smaller.0.to_be_bytes(), &greater.0.to_be_bytes()].concat()
}

fn kind(description: &Description) -> ConversationKind {
    match &description.kind {
        Kind::C2c(one, other) => ConversationKind::C2c(*one, *other),
        Kind::Group { info, .. } => ConversationKind::Group(info.id.clone()),
    }
}

/// The conversations that a user is in now, without loading one.
fn joined(view: &View<'_>, user: Tinyid) -> Result<Vec<(ConversationId, Standing, Description)>> {
    let mut joined = Vec::new();
    for (id, standing) in standings(view, user)?.into_iter().filter(|(_, standing)| standing.member) {
        let description: Description = view.expect(Table::Conversations, &id.0.to_be_bytes())?;
        if !description.dismissed {
            joined.push((id, standing, description));
        }
    }
    Ok(joined)
}

fn list(
    shared: &Shared,
    view: &View<'_>,
    user: Tinyid,
    after: Option<(Millis, ConversationId)>,
    limit: usize,
) -> Result<(Vec<ConversationView>, u64)> {
    let mut listed = Vec::new();
    let mut unread = 0;
    for (id, standing, description) in joined(view, user)? {
        let head: Head = view.expect(Table::Heads, &id.0.to_be_bytes())?;
        let begun = matches!(description.kind, Kind::Group { .. }) || head.last_seq > 0;
        if begun && standing.listed(&head) {
            unread += standing.unread(&head);
            listed.push((Reverse(active(&head, &standing)), id));
        }
    }
    listed.sort_unstable();
    let after = after.map(|(active, id)| (Reverse(active), id));
    let page = listed.into_iter().filter(|place| after.is_none_or(|after| *place > after)).take(limit);
    let look = |(_, id)| shared.with_conversation(view, id, |found| look(shared, view, found, user));
    // A group that was dismissed since the look above is no more.
    let views = page.map(look).filter(|found| !matches!(found, Err(StoreError::NoSuchConversation)));
    Ok((views.collect::<Result<_>>()?, unread))
}

fn active(head: &Head, standing: &Standing) -> Millis {
    if head.last_seq == 0 { standing.joined } else { head.last_time }
}

fn look(
    shared: &Shared,
    view: &View<'_>,
    conversation: &mut Conversation,
    user: Tinyid,
) -> Result<ConversationView> {
    let standing = standing(view, user, conversation.id)?;
    let peer_read = match conversation.peer(user) {
        Some(peer) => self::standing(view, peer, conversation.id)?.read_time,
        None => 0,
    };
    let last_message = match conversation.ordinal(view, user)? {
        Some(ordinal) => last_message(shared, view, conversation, user, ordinal, &standing)?,
        None => None,
    };
    let head = &conversation.head;
    Ok(ConversationView {
        id: conversation.id,
        kind: kind(&conversation.description),
        last_seq: head.last_seq,
        last_change: head.last_change,
        last_message,
        unread: standing.unread(head),
        read_seq: standing.read_seq,
        peer_read,
        active: active(head, &standing),
    })
}

fn last_message(
    shared: &Shared,
    view: &View<'_>,
    conversation: &mut Conversation,
    user: Tinyid,
    ordinal: Ordinal,
    standing: &Standing,
) -> Result<Option<MessageView>> {
    let viewer = message::Viewer { user, ordinal, cleared: standing.cleared, before_joining: false };
    let last = conversation.head.last_seq;
    let oldest = last.saturating_sub(LAST_MESSAGE_SCAN).max(standing.cleared);
    for seq in (oldest + 1..=last).rev() {
        if let Some(found) = viewer.see(view, conversation, seq)?
            && !found.not_last
        {
            return message::view(shared, view, conversation, &viewer, seq, &found).map(Some);
        }
    }
    Ok(None)
}

fn clear_unread(
    txn: &mut Txn<'_>,
    user: Tinyid,
    id: ConversationId,
    up_to: ClearUpTo,
    now: Millis,
) -> Result<Cleared> {
    let slot = txn.slot(id);
    let mut conversation = txn.lock(&slot, id)?;
    conversation.member(&txn.view, user)?;
    let mut standing = standing(&txn.view, user, id)?;
    let head = conversation.head;
    let seq = clear_seq(&txn.view, &conversation, &standing, up_to)?;
    if seq <= standing.read_seq {
        let (read_seq, unread) = (standing.read_seq, standing.unread(&head));
        return Ok(Cleared { read_seq, unread, advance: None });
    }
    let marked = conversation.message(&txn.view, seq)?.ok_or(StoreError::NoSuchMessage)?;
    let own = own_up_to(&txn.view, id, user, seq)?;
    let peer = conversation.peer(user);
    for user in [Some(user), peer].into_iter().flatten() {
        txn.shared.feeds.lock().load(&txn.view, user)?;
    }
    standing.read_seq = seq;
    standing.counted_at_mark = marked.counted;
    standing.own_at_mark = own;
    // Everything is cleared at this moment; a part of it, as of its newest message.
    let time = if seq == head.last_seq { now } else { marked.sent_at };
    standing.read_time = standing.read_time.max(time);
    txn.put_record(Table::UserConversations, &key_standing(user, id), &standing);
    let own_change = feed::change(txn, user, EntryThing::UnreadCleared(id))?;
    let peer = match peer {
        Some(peer) => Some((peer, feed::change(txn, peer, EntryThing::PeerRead(id))?, standing.read_time)),
        None => None,
    };
    let unread = standing.unread(&head);
    if let Some((peer, ..)) = peer {
        webhook::tell_of(txn, &conversation, Command::C2cReport, now, |_| {
            Ok(News::Cleared { reader: user, peer, time: standing.read_time })
        })?;
    }
    Ok(Cleared { read_seq: seq, unread, advance: Some(ClearAdvance { own_change, peer }) })
}

/// Up to which seq is to be cleared; not above the mark when there is nothing to do.
fn clear_seq(
    view: &View<'_>,
    conversation: &Conversation,
    standing: &Standing,
    up_to: ClearUpTo,
) -> Result<Seq> {
    let last = conversation.head.last_seq;
    let time = match up_to {
        ClearUpTo::Newest => return Ok(last),
        ClearUpTo::Seq(seq) => return Ok(seq.min(last)),
        ClearUpTo::Time(time) => time,
    };
    let old_enough = |seq| {
        let message = conversation.message(view, seq)?;
        Ok::<bool, StoreError>(message.is_some_and(|message| message.sent_at <= time))
    };
    // Messages lie in the order of their times, give or take a clock that was set: halving finds the place.
    let (mut low, mut high) = (standing.read_seq, last);
    if low < high && old_enough(high)? {
        return Ok(high);
    }
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if old_enough(middle)? {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    Ok(low)
}

/// How many counting messages a user had sent up to a seq.
fn own_up_to(view: &View<'_>, id: ConversationId, user: Tinyid, seq: Seq) -> Result<u64> {
    let (from, to) = (key_user_seq(id, user, 0), key_user_seq(id, user, seq + 1));
    let Some((key, value)) = view.last(Table::OwnCounted, &from, &to)? else { return Ok(0) };
    let count = <[u8; 8]>::try_from(&*value).map_err(|_| corrupt(Table::OwnCounted, &key, "not a number"))?;
    Ok(u64::from_be_bytes(count))
}
