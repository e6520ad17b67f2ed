//! The members behind the counts, page by page.

use crate::bits::Bits;
use crate::roster::Chunk;
use crate::{Audience, AudienceSpec, Millis, Ordinal, ReadSet, Roster};

/// Which members of the audience to list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Filter {
    /// Who has a receipt, with its time.
    Read,
    /// Who has none and is a member now.
    Unread,
    /// Who has none and is no member now.
    Left,
    /// Who has none: [`Filter::Unread`] and [`Filter::Left`] in one list.
    NotRead,
}

/// One page of a list.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Page {
    /// Ascending by ordinal; the time only for [`Filter::Read`].
    pub members: Vec<(Ordinal, Option<Millis>)>,
    /// The cursor for the next page; 0 on the last one.
    pub next: Ordinal,
    /// Nobody follows. Exact: the page has looked ahead for one more.
    pub finished: bool,
}

/// The page from `cursor` on (0: from the start; else `next` of the page before) with at most `limit`
/// members (0 counts as 1).
///
/// The cursor is a position in the audience: while receipts land and members come and go between pages,
/// nobody comes twice, and whoever stays in the list comes exactly once (`semantics.md` rule 5).
/// The walk passes 1,024 ordinals in some tens of nanoseconds, plus what [`Roster`] says about leavers.
#[must_use]
pub fn page(
    roster: &Roster,
    spec: &AudienceSpec,
    set: &ReadSet,
    filter: Filter,
    cursor: Ordinal,
    limit: usize,
) -> Page {
    let limit = limit.max(1);
    let ahead = limit.saturating_add(1);
    let members: Vec<_> = match filter {
        Filter::Read => set.iter_from(cursor).map(|(o, at)| (o, Some(at))).take(ahead).collect(),
        Filter::Unread | Filter::Left | Filter::NotRead => {
            let audience = Audience::new(roster, spec);
            let list =
                roster.walk(cursor, |index, chunk| without(&audience, index, chunk, filter, set.bits(index)));
            list.map(|o| (o, None)).take(ahead).collect()
        }
    };
    cut(members, limit)
}

/// Where a page of a list at an instant begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Start {
    /// At this position in the audience: 0, or [`PageAt::next`] of the page before.
    Cursor(Ordinal),
    /// Behind this many members of the list.
    Offset(u32),
}

/// One page of a list as it was at an instant.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PageAt {
    /// Ascending by ordinal; the time only for those who had read.
    pub members: Vec<(Ordinal, Option<Millis>)>,
    /// The cursor for the next page; 0 on the last one.
    pub next: Ordinal,
    /// Nobody follows.
    pub finished: bool,
    /// Members of the list before this page.
    pub offset: u32,
    /// Members of the whole list.
    pub total: u32,
}

/// A page of a list as it was at the instant `at`, the receipts of that millisecond included.
///
/// A set only grows and times stand, so what it held at an instant can be told for ever without anything being kept:
/// [`Filter::Read`] and [`Filter::NotRead`] at an instant never change once no more receipts of that time come. Who of the
/// latter is [`Filter::Unread`] or [`Filter::Left`] is told by who is a member now. Any offset costs the same: one walk
/// over the audience, in which 1,024 ordinals cost about as much as the comparison of their times.
#[must_use]
pub fn page_at(
    roster: &Roster,
    spec: &AudienceSpec,
    set: &ReadSet,
    filter: Filter,
    at: Millis,
    start: Start,
    limit: usize,
) -> PageAt {
    let audience = Audience::new(roster, spec);
    let list = roster.walk(0, |index, chunk| {
        let read = set.bits_at(index, at);
        if filter == Filter::Read { read } else { without(&audience, index, chunk, filter, read) }
    });
    let time = |o| if filter == Filter::Read { set.time_of(o) } else { None };
    PageAt::cut(list, time, start, limit)
}

impl PageAt {
    /// The page of a whole list, ascending by ordinal; `time` is asked for the members of the page only.
    #[must_use]
    pub fn cut(
        list: impl Iterator<Item = Ordinal>,
        time: impl Fn(Ordinal) -> Option<Millis>,
        start: Start,
        limit: usize,
    ) -> PageAt {
        let limit = limit.max(1);
        let mut page = PageAt { finished: true, ..PageAt::default() };
        for o in list {
            let ahead = match start {
                Start::Cursor(cursor) => o < cursor,
                Start::Offset(offset) => page.total < offset,
            };
            page.total += 1;
            if ahead {
                page.offset += 1;
            } else if page.members.len() < limit {
                page.members.push((o, time(o)));
            } else {
                page.finished = false;
            }
        }
        if let Some((last, _)) = page.members.last().filter(|_| !page.finished) {
            page.next = last + 1;
        }
        page
    }
}

/// Who of a chunk is in one of the lists of those who are not in `read`.
fn without(audience: &Audience<'_>, index: u32, chunk: &Chunk, filter: Filter, read: Bits) -> Bits {
    let mut done = read;
    audience.add_exempt(index, &mut done);
    let standing = match filter {
        Filter::Unread => chunk.now(),
        Filter::Left => chunk.away().copied().unwrap_or_default(),
        Filter::Read | Filter::NotRead => chunk.all(),
    };
    chunk.among(audience.seq(), standing.without(&done))
}

fn cut(mut members: Vec<(Ordinal, Option<Millis>)>, limit: usize) -> Page {
    let finished = members.len() <= limit;
    members.truncate(limit);
    let next = match members.last() {
        Some((last, _)) if !finished => last + 1,
        Some(_) | None => 0,
    };
    Page { members, next, finished }
}
