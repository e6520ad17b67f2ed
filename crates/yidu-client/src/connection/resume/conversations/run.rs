//! One run over the conversations: which were listed, which are to be read, what is held meanwhile.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use yidu_proto::v1::{self, ConversationRef, get_history::Direction, request::Operation};

use super::track::Track;

/// Messages held for one conversation; what comes beyond is read from the history.
const MOST_HELD: usize = 256;
/// Messages held for all of them.
const MOST_HELD_IN_ALL: usize = 4_096;

#[derive(Default)]
pub(super) struct Run {
    /// Messages are read, not only the list.
    pub(super) catching_up: bool,
    pub(super) listing: bool,
    pub(super) pass: Pass,
    pub(super) listed: HashSet<ConversationRef>,
    pub(super) behind: HashMap<ConversationRef, Behind>,
    pub(super) queue: VecDeque<ConversationRef>,
    pub(super) asked: usize,
    /// Messages held for all conversations.
    held: usize,
}

/// One reading of the list from its top.
///
/// The list is ordered by activity, so a conversation that becomes active while the pages are read moves to the top and
/// is on none of the pages that are left. After a pass of several pages another one is therefore made, down to what was
/// the top of the last one.
#[derive(Default)]
pub(super) struct Pass {
    pages: usize,
    /// Activity of the top of this pass.
    top_ms: u64,
    /// Activity of the top of the last pass: everything below was seen.
    down_to_ms: u64,
}

/// A conversation that has moved, or may have.
#[derive(Default)]
pub(super) struct Behind {
    /// The next history page begins here; 0 is by time. `None`: the history is read.
    pub(super) from_seq: Option<u64>,
    pub(super) last_seq: u64,
    /// Messages told in this run.
    pub(super) told: usize,
    /// Its changes are to be read.
    pub(super) changes: bool,
    /// The highest number that the list named.
    pub(super) last_change: u64,
    held: BTreeMap<u64, v1::Message>,
    /// More came than is held.
    pub(super) overflow: bool,
}

impl Run {
    pub(super) fn new(catching_up: bool) -> Run {
        Run { catching_up, listing: true, ..Run::default() }
    }

    /// Where to hold what is pushed to a conversation; `None` when it can be told at once.
    pub(super) fn holds(&mut self, of: &ConversationRef) -> Option<&mut Behind> {
        if !self.catching_up {
            return None;
        }
        if self.listing && !self.listed.contains(of) {
            return Some(self.behind.entry(of.clone()).or_default());
        }
        self.behind.get_mut(of)
    }

    /// Holds a message that must wait for older ones, or gives it back when it need not.
    pub(super) fn hold(&mut self, of: &ConversationRef, message: v1::Message) -> Option<v1::Message> {
        let room = self.held < MOST_HELD_IN_ALL;
        let Some(behind) = self.holds(of) else { return Some(message) };
        if !room || behind.held.len() >= MOST_HELD {
            behind.overflow = true;
        } else if behind.held.insert(message.seq, message).is_none() {
            self.held += 1;
        }
        None
    }

    /// The conversation is where it should be: what was held for it, in order.
    pub(super) fn release(&mut self, of: &ConversationRef) -> BTreeMap<u64, v1::Message> {
        let held = self.behind.remove(of).map(|behind| behind.held).unwrap_or_default();
        self.held -= held.len();
        held
    }
}

impl Pass {
    /// The request for the next page, of this pass or of another one.
    pub(super) fn next(&mut self, page: &v1::ListConversationsResult) -> Option<Operation> {
        let active_ms = |seen: Option<&v1::Conversation>| seen.map_or(0, |seen| seen.active_time_ms);
        if self.pages == 0 {
            self.top_ms = active_ms(page.conversations.first());
        }
        self.pages += 1;
        let at_end = page.next_cursor.is_empty() || active_ms(page.conversations.last()) <= self.down_to_ms;
        let cursor = if !at_end {
            page.next_cursor.clone()
        } else if self.pages > 1 {
            *self = Pass { down_to_ms: self.top_ms, ..Pass::default() };
            String::new()
        } else {
            return None;
        };
        Some(Operation::ListConversations(v1::ListConversations { cursor, limit: 0 }))
    }
}

impl Behind {
    pub(super) fn newest_seq(&self) -> u64 {
        self.held.keys().next_back().copied().unwrap_or(0)
    }

    pub(super) fn is_to_be_read(&self) -> bool {
        self.from_seq.is_some() || self.changes
    }

    /// The history first: a recall is of a message that was told.
    pub(super) fn next(&mut self, of: &ConversationRef, track: Option<&Track>, since_ms: u64) -> Operation {
        let conversation = Some(of.clone());
        if let Some(from_seq) = self.from_seq {
            return Operation::GetHistory(v1::GetHistory {
                conversation,
                direction: Direction::Newer.into(),
                from_seq,
                limit: 100,
                min_time_ms: if from_seq == 0 { since_ms } else { 0 },
                max_time_ms: 0,
            });
        }
        // A change that is pushed from now on may be missing in the answer.
        self.changes = false;
        let after = track.map_or(0, Track::last_change);
        Operation::GetConversationChanges(v1::GetConversationChanges { conversation, after, limit: 1_000 })
    }
}
