//! Messages.

use async_trait::async_trait;
use yidu_proto::{limits, v1};
use yidu_readset::{Audience, ReadSet};

use super::timeline::{Reminder, Stored, Timeline};
use super::{MemoryStore, State};
use crate::message::{
    Appended, ConversationChange, HistoryPage, HistoryQuery, MessageView, Messages, NewMessage, Recalled,
};
use crate::webhook::News;
use crate::{ConversationId, Millis, Ordinal, Result, Seq, StoreError, Tinyid};

#[async_trait]
impl Messages for MemoryStore {
    async fn append_message(&self, message: NewMessage) -> Result<Appended> {
        self.write(|state| state.append_message(message))
    }

    async fn history(&self, query: HistoryQuery) -> Result<HistoryPage> {
        self.read(|state| state.history(&query))
    }

    async fn messages(
        &self,
        conversation: ConversationId,
        viewer: Tinyid,
        before_joining: bool,
        seqs: &[Seq],
    ) -> Result<Vec<MessageView>> {
        self.read(|state| {
            let timeline = state.timeline(conversation)?;
            let viewer = timeline.member(viewer)?;
            let there = seqs.iter().filter_map(|&seq| timeline.stored(seq));
            let visible = there.filter(|stored| timeline.may_see(viewer, stored, before_joining));
            Ok(visible.map(|stored| timeline.message_view(conversation, viewer, stored)).collect())
        })
    }

    async fn message(&self, conversation: ConversationId, seq: Seq) -> Result<Option<(v1::Message, Tinyid)>> {
        self.read(|state| {
            let stored = state.timeline(conversation).ok().and_then(|timeline| timeline.stored(seq));
            let stored = stored.filter(|stored| !stored.expired);
            Ok(stored.map(|stored| (stored.message.clone(), stored.sender)))
        })
    }

    async fn recall_message(
        &self,
        conversation: ConversationId,
        seq: Seq,
        recall: v1::Recall,
        not_before: Millis,
    ) -> Result<Recalled> {
        self.write(|state| state.recall_message(conversation, seq, recall, not_before))
    }

    async fn delete_messages(&self, conversation: ConversationId, user: Tinyid, seqs: &[Seq]) -> Result<()> {
        self.write(|state| state.delete_messages(conversation, user, seqs))
    }

    async fn conversation_changes(
        &self,
        conversation: ConversationId,
        viewer: Tinyid,
        before_joining: bool,
        after: u64,
        limit: usize,
    ) -> Result<(Vec<ConversationChange>, bool)> {
        self.read(|state| {
            let timeline = state.timeline(conversation)?;
            let viewer = timeline.member(viewer)?;
            let newer = timeline.entries(after).filter_map(|entry| timeline.entry_for(viewer, entry));
            let mut visible = newer.filter(|(stored, _)| timeline.may_see(viewer, stored, before_joining));
            let given = visible.by_ref().take(limit);
            let changes = given.map(|(stored, (number, reminder))| ConversationChange {
                number,
                message: stored.message.clone(),
                reminder: reminder.map(|reminder| (reminder.by, reminder.at)),
            });
            let changes = changes.collect();
            Ok((changes, visible.next().is_none()))
        })
    }
}

impl State {
    fn append_message(&mut self, new: NewMessage) -> Result<Appended> {
        let timeline = self.timeline_mut(new.conversation)?;
        if let Some(first) = timeline.first_of(&new) {
            let targets = timeline.targets(first);
            return Ok(Appended { message: first.message.clone(), repeated: true, targets });
        }
        if !new.as_administrator {
            timeline.member(new.sender)?;
        }
        let (conversation, sender, untold) = (new.conversation, new.sender, new.untold);
        let appended = timeline.append(new, false);
        if !untold {
            self.tell_sent(conversation, sender, &appended.message);
        }
        self.committed();
        Ok(appended)
    }

    fn tell_sent(&mut self, id: ConversationId, sender: Tinyid, message: &v1::Message) {
        let at = message.time_ms;
        self.tell_of(id, at, |timeline| News::Sent {
            place: timeline.place(sender),
            sender,
            message: Box::new(message.clone()),
        });
        if message.need_receipt && self.timeline(id).is_ok_and(|timeline| timeline.group().is_some()) {
            self.tell_of(id, at, |timeline| News::Asked {
                group: timeline.group_name(),
                seq: message.seq,
                audience: message.audience_count,
            });
        }
    }

    fn history(&self, query: &HistoryQuery) -> Result<HistoryPage> {
        let timeline = self.timeline(query.conversation)?;
        let viewer = timeline.member(query.viewer)?;
        let visible = timeline.messages.iter().filter(|stored| {
            let time = stored.message.time_ms;
            timeline.may_see(viewer, stored, query.before_joining)
                && (query.min_time..=query.max_time).contains(&time)
        });
        let mut wanted: Vec<&Stored> = if query.newer {
            visible.filter(|stored| query.from.is_none_or(|from| stored.message.seq >= from)).collect()
        } else {
            visible.rev().filter(|stored| query.from.is_none_or(|from| stored.message.seq <= from)).collect()
        };
        let next = wanted.get(query.limit).map(|stored| stored.message.seq);
        wanted.truncate(query.limit);
        let view = |stored| timeline.message_view(query.conversation, viewer, stored);
        Ok(HistoryPage { messages: wanted.into_iter().map(view).collect(), next })
    }

    fn recall_message(
        &mut self,
        conversation: ConversationId,
        seq: Seq,
        recall: v1::Recall,
        not_before: Millis,
    ) -> Result<Recalled> {
        let timeline = self.timeline_mut(conversation)?;
        let roster = timeline.roster.clone();
        let stored = timeline.stored_mut(seq).filter(|stored| !stored.expired);
        let stored = stored.ok_or(StoreError::NoSuchMessage)?;
        if stored.message.recall.is_some() {
            return Err(StoreError::AlreadyRecalled);
        }
        if stored.message.time_ms < not_before {
            return Err(StoreError::TooLateToRecall);
        }
        let (sender, key) = (stored.sender, stored.key());
        let (by, at) = (recall.by.clone(), recall.time_ms);
        stored.message.recall = Some(recall);
        stored.close(roster);
        let message = stored.message.clone();
        let change = timeline.note(seq);
        let targets = timeline.stored(seq).and_then(|stored| timeline.targets(stored));
        self.tell_of(conversation, at, |timeline| News::Recalled {
            place: timeline.place(sender),
            sender,
            by,
            message: key,
        });
        self.committed();
        Ok(Recalled { message, change, targets })
    }

    fn delete_messages(&mut self, conversation: ConversationId, user: Tinyid, seqs: &[Seq]) -> Result<()> {
        let timeline = self.timeline_mut(conversation)?;
        let ordinal = timeline.member(user)?;
        let known = 1..=timeline.last_seq();
        let person = timeline.person_mut(ordinal);
        let before = person.deleted.len();
        person.deleted.extend(seqs.iter().filter(|seq| known.contains(seq)));
        if person.deleted.len() > before {
            self.committed();
        }
        Ok(())
    }
}

impl Stored {
    /// Content gone; counts and lists stand from now on.
    pub(super) fn close(&mut self, roster: yidu_readset::Roster) {
        self.message.elements.clear();
        self.message.cloud_custom_data.clear();
        self.closed_with.get_or_insert(roster);
    }
}

/// An entry of the feed: its number, and the reminder that it is.
type Entry<'a> = (u64, Option<&'a Reminder>);

impl Timeline {
    /// Gives the next number of the feed to a message.
    pub(super) fn note(&mut self, seq: Seq) -> u64 {
        self.feed.push(seq);
        self.feed.len() as u64
    }

    /// The entries after a number, of reminders the newest only.
    fn entries(&self, after: u64) -> impl Iterator<Item = (Seq, Entry<'_>)> {
        let mut reminders: Vec<u64> = self.reminders.values().map(|reminder| reminder.change).collect();
        reminders.sort_unstable_by_key(|&change| std::cmp::Reverse(change));
        let oldest = reminders.get(limits::REMINDERS - 1).copied().unwrap_or(0);
        (1..).zip(&self.feed).filter(move |(number, _)| *number > after).filter_map(move |(number, &seq)| {
            let reminder = self.reminders.get(&seq).filter(|reminder| reminder.change == number);
            match reminder {
                Some(_) => (number >= oldest).then_some((seq, (number, reminder))),
                // The recall of a message is its last entry.
                None if self.feed.iter().rposition(|&other| other == seq)? as u64 + 1 == number => {
                    Some((seq, (number, None)))
                }
                None => None,
            }
        })
    }

    /// The message of an entry that is for the viewer.
    fn entry_for<'a>(
        &'a self,
        viewer: Ordinal,
        (seq, entry): (Seq, Entry<'a>),
    ) -> Option<(&'a Stored, Entry<'a>)> {
        let stored = self.stored(seq)?;
        let meant = entry.1.is_none_or(|reminder| self.reminds(reminder, stored, viewer));
        meant.then_some((stored, entry))
    }

    fn reminds(&self, reminder: &Reminder, stored: &Stored, viewer: Ordinal) -> bool {
        let user = self.person(viewer).user;
        let named = reminder.users.as_ref().is_none_or(|users| users.contains(&user));
        let asked = Audience::new(&self.roster, &stored.audience).contains(viewer);
        let named = named && user != reminder.by;
        named && asked && stored.message.recall.is_none() && !stored.read.contains(viewer)
    }

    /// The message that this one repeats (semantics.md rule 12).
    fn first_of(&self, new: &NewMessage) -> Option<&Stored> {
        self.messages.iter().rev().find(|stored| {
            let age = new.message.time_ms.saturating_sub(stored.message.time_ms);
            let same = stored.sender == new.sender && stored.message.random == new.message.random;
            same && !stored.tip && age <= limits::REPEAT_WINDOW_MS
        })
    }

    /// Appends without asking whether the sender may: tips come from those who have just left, too.
    pub(super) fn append(&mut self, new: NewMessage, tip: bool) -> Appended {
        let seq = self.last_seq() + 1;
        let (audience, audience_count) = self.audience_of(seq, new.sender, new.targets.as_deref());
        let mut message = new.message;
        message.seq = seq;
        message.audience_count = if message.need_receipt { audience_count } else { 0 };
        let stored = Stored {
            read: ReadSet::new(message.time_ms),
            message: message.clone(),
            sender: new.sender,
            counts_unread: new.counts_unread,
            tip,
            audience,
            audience_count,
            closed_with: None,
            expired: false,
        };
        let targets = self.targets(&stored);
        self.messages.push(stored);
        Appended { message, repeated: false, targets }
    }

    /// Whether a member sees a message.
    pub(super) fn may_see(&self, viewer: Ordinal, stored: &Stored, before_joining: bool) -> bool {
        let (person, seq) = (self.person(viewer), stored.message.seq);
        let was_there = before_joining || self.roster.was_member(viewer, seq);
        let meant = stored.audience.targets.as_ref().is_none_or(|targets| targets.contains(&viewer));
        let deleted = seq <= person.history_deleted || person.deleted.contains(&seq);
        was_there && (meant || stored.sender == person.user) && !deleted && !stored.expired
    }

    pub(super) fn message_view(&self, id: ConversationId, viewer: Ordinal, stored: &Stored) -> MessageView {
        let own = stored.sender == self.person(viewer).user;
        let asked = stored.message.need_receipt;
        MessageView {
            message: stored.message.clone(),
            receipt: (own && asked).then(|| self.receipt_state(id, stored)),
            receipt_sent: !own && asked && stored.read.contains(viewer),
        }
    }
}
