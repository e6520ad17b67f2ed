//! Receipts.

use std::collections::BTreeMap;

use async_trait::async_trait;
use yidu_proto::limits;
use yidu_readset::{Audience, MessageFacts, page, page_at, read_timeline, verdict};

use super::feed::Topic;
use super::timeline::{Kind, Reminder, Stored, Timeline};
use super::{MemoryStore, State};
use crate::receipt::{
    Advance, AudienceAt, AudienceAtPage, AudienceMember, AudiencePage, Filter, NewReminder, ReadTimeline,
    ReaderStanding, ReceiptBatch, ReceiptOutcome, ReceiptState, Receipts, Reminded, Verdict,
};
use crate::webhook::News;
use crate::{ConversationId, Millis, Ordinal, Result, Seq, StoreError, Tinyid};

#[async_trait]
impl Receipts for MemoryStore {
    async fn record_receipts(&self, batch: ReceiptBatch) -> Result<Vec<ReceiptOutcome>> {
        self.write(|state| state.record_receipts(&batch))
    }

    async fn receipt_states(&self, conversation: ConversationId, seqs: &[Seq]) -> Result<Vec<ReceiptState>> {
        self.read(|state| {
            let timeline = state.timeline(conversation)?;
            let asked = seqs.iter().filter_map(|&seq| timeline.stored(seq));
            let asked = asked.filter(|stored| stored.message.need_receipt);
            Ok(asked.map(|stored| timeline.receipt_state(conversation, stored)).collect())
        })
    }

    async fn audience_page(
        &self,
        conversation: ConversationId,
        seq: Seq,
        filter: Filter,
        cursor: Ordinal,
        limit: usize,
    ) -> Result<AudiencePage> {
        self.read(|state| {
            let timeline = state.timeline(conversation)?;
            let stored = timeline.asked(seq)?;
            let roster = timeline.roster_of(stored);
            let page = page(roster, &stored.audience, &stored.read, filter, cursor, limit);
            Ok(AudiencePage {
                members: timeline.audience_members(stored, page.members),
                next: page.next,
                finished: page.finished,
                state: timeline.receipt_state(conversation, stored),
            })
        })
    }

    async fn audience_at(&self, query: AudienceAt) -> Result<AudienceAtPage> {
        let AudienceAt { conversation, seq, filter, at, start, limit } = query;
        self.read(|state| {
            let timeline = state.timeline(conversation)?;
            let stored = timeline.asked(seq)?;
            let roster = timeline.roster_of(stored);
            let page = page_at(roster, &stored.audience, &stored.read, filter, at, start, limit);
            Ok(AudienceAtPage {
                members: timeline.audience_members(stored, page.members),
                next: page.next,
                finished: page.finished,
                offset: page.offset,
                total: page.total,
                state: timeline.receipt_state(conversation, stored),
            })
        })
    }

    async fn reader(&self, conversation: ConversationId, seq: Seq, user: Tinyid) -> Result<ReaderStanding> {
        self.read(|state| {
            let timeline = state.timeline(conversation)?;
            let stored = timeline.asked(seq)?;
            Ok(timeline.reader(conversation, stored, timeline.ordinals.get(&user).copied()))
        })
    }

    async fn read_timeline(
        &self,
        conversation: ConversationId,
        seq: Seq,
        buckets: u32,
    ) -> Result<(Option<ReadTimeline>, ReceiptState)> {
        self.read(|state| {
            let timeline = state.timeline(conversation)?;
            let stored = timeline.asked(seq)?;
            Ok((read_timeline(&stored.read, buckets), timeline.receipt_state(conversation, stored)))
        })
    }

    async fn audience_members(
        &self,
        conversation: ConversationId,
        seq: Seq,
        users: &[Tinyid],
    ) -> Result<Vec<Option<AudienceMember>>> {
        self.read(|state| {
            let timeline = state.timeline(conversation)?;
            let stored = timeline.asked(seq)?;
            let audience = Audience::new(&timeline.roster, &stored.audience);
            let member = |user| {
                let ordinal = timeline.ordinals.get(user).copied().filter(|&o| audience.contains(o))?;
                timeline.audience_members(stored, vec![(ordinal, stored.read.time_of(ordinal))]).pop()
            };
            Ok(users.iter().map(member).collect())
        })
    }

    async fn remind_unread(&self, reminder: NewReminder) -> Result<Reminded> {
        self.write(|state| state.remind_unread(reminder))
    }
}

impl State {
    fn remind_unread(&mut self, reminder: NewReminder) -> Result<Reminded> {
        let NewReminder { conversation, seq, by, at, users } = reminder;
        let timeline = self.timeline_mut(conversation)?;
        let stored = timeline.asked(seq)?;
        if stored.message.recall.is_some() {
            return Err(StoreError::AlreadyRecalled);
        }
        let again_at = timeline.reminders.get(&seq).map_or(0, |last| last.at + limits::REMINDER_PACE_MS);
        if at < again_at {
            return Ok(Reminded::TooSoon { again_at });
        }
        let unread = page(&timeline.roster, &stored.audience, &stored.read, Filter::Unread, 0, usize::MAX);
        let mut unread: Vec<Tinyid> = unread.members.iter().map(|(o, _)| timeline.person(*o).user).collect();
        unread.retain(|user| *user != by && users.as_ref().is_none_or(|users| users.contains(user)));
        if unread.is_empty() {
            return Ok(Reminded::Nobody);
        }
        let change = timeline.note(seq);
        timeline.reminders.insert(seq, Reminder { change, by, at, users });
        self.committed();
        Ok(Reminded::Noted { change, users: unread })
    }

    fn record_receipts(&mut self, batch: &ReceiptBatch) -> Result<Vec<ReceiptOutcome>> {
        let reader = self.timeline(batch.conversation)?.member(batch.reader)?;
        let mut outcomes = Vec::new();
        for &seq in &batch.seqs {
            let timeline = self.timeline_mut(batch.conversation)?;
            let verdict = timeline.judge(seq, reader);
            if verdict == Verdict::Recorded
                && let Some(stored) = timeline.stored_mut(seq)
            {
                stored.read.insert(reader, batch.at);
            }
            outcomes.push(ReceiptOutcome { seq, verdict, advance: None });
        }
        // Behind all receipts: states are of one instant, and one message that is named twice is recorded once.
        let mut recorded = 0;
        for outcome in outcomes.iter_mut().filter(|outcome| outcome.verdict == Verdict::Recorded) {
            outcome.advance = self.advance(batch.conversation, outcome.seq);
            recorded += 1;
        }
        self.tell_read(batch, &outcomes);
        if recorded > 0 {
            self.stats.receipts += recorded;
            self.committed();
        }
        Ok(outcomes)
    }

    /// In order of seqs, as one commit has them.
    fn tell_read(&mut self, batch: &ReceiptBatch, outcomes: &[ReceiptOutcome]) {
        let states = outcomes.iter().filter_map(|outcome| outcome.advance.as_ref());
        let states: BTreeMap<Seq, &Advance> = states.map(|advance| (advance.state.seq, advance)).collect();
        for (seq, Advance { sender, state, .. }) in states {
            self.tell_of(batch.conversation, batch.at, |timeline| match timeline.kind {
                Kind::C2c(..) => News::PeerRead {
                    author: *sender,
                    reader: batch.reader,
                    message: timeline.stored(seq).map(Stored::key).unwrap_or_default(),
                },
                Kind::Group(_) => News::Read {
                    group: timeline.group_name(),
                    seq,
                    read: state.counts.read,
                    unread: state.counts.unread,
                    readers: vec![(batch.reader, batch.at)],
                },
            });
        }
    }

    fn advance(&mut self, conversation: ConversationId, seq: Seq) -> Option<Advance> {
        let timeline = self.timeline(conversation).ok()?;
        let state = timeline.receipt_state(conversation, timeline.stored(seq)?);
        let change = self.note(state.sender, Topic::Receipt(conversation, seq));
        Some(Advance { sender: state.sender, change, state })
    }
}

impl Timeline {
    fn judge(&self, seq: Seq, reader: Ordinal) -> Verdict {
        let Some(stored) = self.stored(seq).filter(|stored| !stored.expired) else {
            return Verdict::UnknownMessage;
        };
        let facts = MessageFacts {
            spec: &stored.audience,
            needs_receipt: stored.message.need_receipt,
            recalled: stored.message.recall.is_some(),
        };
        verdict(&self.roster, Some(facts), &stored.read, reader)
    }

    pub(super) fn receipt_state(&self, conversation: ConversationId, stored: &Stored) -> ReceiptState {
        let peer = match self.kind {
            Kind::C2c(..) => stored.read.iter().next(),
            Kind::Group(_) => None,
        };
        ReceiptState {
            conversation,
            seq: stored.message.seq,
            message_id: stored.message.id.clone(),
            sender: stored.sender,
            counts: self.counts(stored),
            peer_read: peer.map(|(_, at)| at),
            closed: stored.message.recall.is_some(),
        }
    }

    /// A message that has lists.
    fn asked(&self, seq: Seq) -> Result<&Stored> {
        let stored = self.stored(seq).ok_or(StoreError::NoSuchMessage)?;
        if stored.message.need_receipt && !stored.expired { Ok(stored) } else { Err(StoreError::NoReceipts) }
    }

    fn reader(
        &self,
        conversation: ConversationId,
        stored: &Stored,
        ordinal: Option<Ordinal>,
    ) -> ReaderStanding {
        let audience = Audience::new(&self.roster, &stored.audience);
        let asked = ordinal.is_some_and(|o| audience.contains(o));
        let read_at = ordinal.and_then(|o| stored.read.time_of(o));
        let there = ordinal.is_some_and(|o| self.roster_of(stored).is_member(o));
        ReaderStanding {
            asked,
            read_at,
            left: asked && read_at.is_none() && !there,
            was_member: ordinal.is_some_and(|o| self.roster.was_member(o, stored.message.seq)),
            first_seq: ordinal.and_then(|o| self.roster.first_join(o)),
            member: ordinal.is_some_and(|o| self.roster.is_member(o)),
            joined: ordinal.map(|o| self.person(o).joined),
            state: self.receipt_state(conversation, stored),
        }
    }

    fn audience_members(&self, stored: &Stored, page: Vec<(Ordinal, Option<Millis>)>) -> Vec<AudienceMember> {
        let roster = self.roster_of(stored);
        let member = |(ordinal, read_at): (Ordinal, Option<Millis>)| {
            let person = self.person(ordinal);
            let left = read_at.is_none() && !roster.is_member(ordinal);
            AudienceMember { user: person.user, ordinal, name_card: person.name_card.clone(), read_at, left }
        };
        page.into_iter().map(member).collect()
    }
}
