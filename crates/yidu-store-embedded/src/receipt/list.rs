//! The lists behind the counts: who has read, who has not, as they are and as they were at an instant.

use yidu_readset::{Millis, Ordinal, Page, PageAt, ReadSet, Seq};
use yidu_store::receipt::{AudienceAt, AudienceAtPage, AudienceMember, AudiencePage, Filter, ReaderStanding};
use yidu_store::{ConversationId, Result, StoreError, Tinyid};

use super::load;
use crate::record::Member;
use crate::rows::{View, corrupt};
use crate::state::{Conversation, Hot, key_member, key_seq};
use crate::store::Shared;
use crate::tables::Table;

pub(super) fn page(
    shared: &Shared,
    view: &View<'_>,
    found: &mut Conversation,
    seq: Seq,
    filter: Filter,
    cursor: Ordinal,
    limit: usize,
) -> Result<AudiencePage> {
    load(shared, view, found, seq)?;
    let found = &*found;
    let hot = asked(found, seq)?;
    let left = left_at_recall(view, found.id, hot)?;
    let page = match &left {
        Some(left) => recalled_page(found, hot, left, filter, cursor, limit),
        None => yidu_readset::page(&found.roster, &hot.spec, &hot.set, filter, cursor, limit),
    };
    Ok(AudiencePage {
        members: members(view, found, left.as_ref(), &page.members)?,
        next: page.next,
        finished: page.finished,
        state: hot.state(found.id, found.is_c2c(), &found.roster),
    })
}

pub(super) fn page_at(
    shared: &Shared,
    view: &View<'_>,
    found: &mut Conversation,
    query: AudienceAt,
) -> Result<AudienceAtPage> {
    let AudienceAt { seq, filter, at, start, limit, .. } = query;
    load(shared, view, found, seq)?;
    let found = &*found;
    let hot = asked(found, seq)?;
    let left = left_at_recall(view, found.id, hot)?;
    let page = match &left {
        Some(left) => {
            let list = recalled_list(found, hot, left, filter, at);
            PageAt::cut(list, |o| hot.set.time_of(o).filter(|_| filter == Filter::Read), start, limit)
        }
        None => yidu_readset::page_at(&found.roster, &hot.spec, &hot.set, filter, at, start, limit),
    };
    Ok(AudienceAtPage {
        members: members(view, found, left.as_ref(), &page.members)?,
        next: page.next,
        finished: page.finished,
        offset: page.offset,
        total: page.total,
        state: hot.state(found.id, found.is_c2c(), &found.roster),
    })
}

pub(super) fn reader(
    shared: &Shared,
    view: &View<'_>,
    found: &mut Conversation,
    seq: Seq,
    user: Tinyid,
) -> Result<ReaderStanding> {
    load(shared, view, found, seq)?;
    asked(found, seq)?;
    let ordinal = found.ordinal(view, user)?;
    let found = &*found;
    let (hot, roster) = (asked(found, seq)?, &found.roster);
    let member: Option<Member> = match ordinal {
        Some(o) => Some(view.expect(Table::Members, &key_member(found.id, o))?),
        None => None,
    };
    let asked = ordinal.is_some_and(|o| hot.audience(roster).contains(o));
    let read_at = ordinal.and_then(|o| hot.set.time_of(o));
    let gone = match left_at_recall(view, found.id, hot)? {
        Some(left) => ordinal.is_some_and(|o| left.contains(o)),
        None => !ordinal.is_some_and(|o| roster.is_member(o)),
    };
    Ok(ReaderStanding {
        asked,
        read_at,
        left: asked && read_at.is_none() && gone,
        was_member: ordinal.is_some_and(|o| roster.was_member(o, seq)),
        first_seq: ordinal.and_then(|o| roster.first_join(o)),
        member: ordinal.is_some_and(|o| roster.is_member(o)),
        joined: member.map(|member| member.joined),
        state: hot.state(found.id, found.is_c2c(), roster),
    })
}

/// A message that has lists, among those that are loaded.
pub(super) fn asked(found: &Conversation, seq: Seq) -> Result<&Hot> {
    let hot = found.hot.get(&seq).ok_or(StoreError::NoSuchMessage)?;
    if hot.needs_receipt && !hot.expired { Ok(hot) } else { Err(StoreError::NoReceipts) }
}

/// Of a recalled message: who had left without reading when it was recalled, which stands whoever comes and goes since.
fn left_at_recall(view: &View<'_>, conversation: ConversationId, hot: &Hot) -> Result<Option<ReadSet>> {
    if !hot.recalled {
        return Ok(None);
    }
    let key = key_seq(conversation, hot.spec.seq);
    let Some(row) = view.get(Table::RecalledLeft, &key)? else { return Ok(Some(ReadSet::new(0))) };
    let left = ReadSet::decode_whole(&row);
    left.map(Some).map_err(|error| corrupt(Table::RecalledLeft, &key, &error.to_string()))
}

fn recalled_list<'a>(
    conversation: &'a Conversation,
    hot: &'a Hot,
    left: &'a ReadSet,
    filter: Filter,
    at: Millis,
) -> impl Iterator<Item = Ordinal> + 'a {
    hot.audience(&conversation.roster).iter().filter(move |&o| {
        let read = hot.set.time_of(o).is_some_and(|time| time <= at);
        match filter {
            Filter::Read => read,
            Filter::Unread => !read && !left.contains(o),
            Filter::Left => !read && left.contains(o),
            Filter::NotRead => !read,
        }
    })
}

fn recalled_page(
    conversation: &Conversation,
    hot: &Hot,
    left: &ReadSet,
    filter: Filter,
    cursor: Ordinal,
    limit: usize,
) -> Page {
    let limit = limit.max(1);
    let list = recalled_list(conversation, hot, left, filter, Millis::MAX).filter(|&o| o >= cursor);
    let time = |o| hot.set.time_of(o).filter(|_| filter == Filter::Read);
    let mut members: Vec<_> = list.map(|o| (o, time(o))).take(limit.saturating_add(1)).collect();
    let finished = members.len() <= limit;
    members.truncate(limit);
    let next = members.last().filter(|_| !finished).map_or(0, |(last, _)| last + 1);
    Page { members, next, finished }
}

/// Those of a page with what is known of them. `left`: who had left a message that is recalled.
fn members(
    view: &View<'_>,
    conversation: &Conversation,
    left: Option<&ReadSet>,
    page: &[(Ordinal, Option<Millis>)],
) -> Result<Vec<AudienceMember>> {
    let gone = |o| match left {
        Some(left) => left.contains(o),
        None => !conversation.roster.is_member(o),
    };
    let member = |&(ordinal, read_at): &(Ordinal, Option<Millis>)| {
        let member: Member = view.expect(Table::Members, &key_member(conversation.id, ordinal))?;
        let left = read_at.is_none() && gone(ordinal);
        Ok(AudienceMember { user: member.user, ordinal, name_card: member.name_card, read_at, left })
    };
    page.iter().map(member).collect()
}
