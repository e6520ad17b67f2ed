//! Reminders: who has not read a message is asked again, by one entry of the conversation's feed.

use yidu_proto::limits;
use yidu_readset::{Filter, Seq};
use yidu_store::receipt::{NewReminder, Reminded};
use yidu_store::{ConversationId, Result, StoreError, Tinyid};

use super::{list, load};
use crate::commit::Txn;
use crate::message::Viewer;
use crate::record::{Member, Reminder};
use crate::rows::View;
use crate::state::{Conversation, key_member, key_seq, pair};
use crate::store::Shared;
use crate::tables::Table;

pub(super) fn remind(txn: &mut Txn<'_>, new: NewReminder) -> Result<Reminded> {
    let NewReminder { conversation: id, seq, by, at, users } = new;
    let slot = txn.slot(id);
    let mut conversation = txn.lock(&slot, id)?;
    load(txn.shared, &txn.view, &mut conversation, seq)?;
    if list::asked(&conversation, seq)?.recalled {
        return Err(StoreError::AlreadyRecalled);
    }
    let last: Option<Reminder> = txn.view.record(Table::Reminders, &key_seq(id, seq))?;
    let again_at = last.map_or(0, |last| last.at + limits::REMINDER_PACE_MS);
    if at < again_at {
        return Ok(Reminded::TooSoon { again_at });
    }
    let mut unread = unread(&txn.view, &mut conversation, seq, users.as_deref())?;
    unread.retain(|&user| user != by);
    if unread.is_empty() {
        return Ok(Reminded::Nobody);
    }
    forget(txn, id, seq)?;
    conversation.head.last_change += 1;
    let change = conversation.head.last_change;
    txn.put(Table::ConversationFeed, &pair(id.0, change), &seq.to_be_bytes());
    txn.put_record(Table::Reminders, &key_seq(id, seq), &Reminder { change, by, at, users });
    txn.put_record(Table::Heads, &id.0.to_be_bytes(), &conversation.head);
    Ok(Reminded::Noted { change, users: unread })
}

/// Those in the conversation who have not read, of all who were asked or of some.
fn unread(
    view: &View<'_>,
    conversation: &mut Conversation,
    seq: Seq,
    users: Option<&[Tinyid]>,
) -> Result<Vec<Tinyid>> {
    if let Some(users) = users {
        let members = list::members_named(view, conversation, seq, users)?.into_iter().flatten();
        let mut unread: Vec<_> = members.filter(|member| member.read_at.is_none() && !member.left).collect();
        unread.sort_unstable_by_key(|member| member.ordinal);
        unread.dedup_by_key(|member| member.ordinal);
        return Ok(unread.into_iter().map(|member| member.user).collect());
    }
    let hot = list::asked(conversation, seq)?;
    let all =
        yidu_readset::page(&conversation.roster, &hot.spec, &hot.set, Filter::Unread, 0, usize::MAX).members;
    let user = |(ordinal, _)| {
        let member: Member = view.expect(Table::Members, &key_member(conversation.id, ordinal))?;
        Ok(member.user)
    };
    all.into_iter().map(user).collect()
}

/// Takes the reminder of a message out of the feed.
pub(crate) fn forget(txn: &mut Txn<'_>, id: ConversationId, seq: Seq) -> Result<()> {
    let key = key_seq(id, seq);
    if let Some(reminder) = txn.view.record::<Reminder>(Table::Reminders, &key)? {
        txn.delete(Table::ConversationFeed, &pair(id.0, reminder.change));
        txn.delete(Table::Reminders, &key);
    }
    Ok(())
}

/// Whether a reminder is for somebody: asked, named, not the one who reminds, and has not read.
pub(crate) fn is_for(
    shared: &Shared,
    view: &View<'_>,
    conversation: &mut Conversation,
    viewer: &Viewer,
    seq: Seq,
    reminder: &Reminder,
) -> Result<bool> {
    let named = reminder.users.as_ref().is_none_or(|users| users.contains(&viewer.user));
    if !named || viewer.user == reminder.by {
        return Ok(false);
    }
    load(shared, view, conversation, seq)?;
    let Some(hot) = conversation.hot.get(&seq).filter(|hot| !hot.recalled) else { return Ok(false) };
    Ok(hot.audience(&conversation.roster).contains(viewer.ordinal) && !hot.set.contains(viewer.ordinal))
}
