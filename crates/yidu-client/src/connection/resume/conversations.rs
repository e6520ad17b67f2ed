//! The conversations: every message told once and in order, recalls told once.

mod run;
mod track;

use std::collections::{HashMap, HashSet};

use yidu_proto::v1::{
    self, ConversationRef, conversation_change::Thing, conversation_ref::Of, request::Operation,
};

use self::run::{Behind, Run};
use self::track::Track;
use crate::{Code, Error, Event};

/// Conversations that are read at once.
const PARALLEL: usize = 4;

pub(crate) struct Conversations {
    user_id: String,
    /// Where to begin in a conversation that is not known: the server's time of the first login.
    since_ms: u64,
    limit: usize,
    tracks: HashMap<ConversationRef, Track>,
    /// Own messages without an answer, by conversation and random.
    sending: HashSet<(ConversationRef, u32)>,
    run: Option<Run>,
}

impl Conversations {
    pub(crate) fn new(user_id: &str, since_ms: u64, limit: usize) -> Conversations {
        Conversations {
            user_id: user_id.to_owned(),
            since_ms,
            limit,
            tracks: HashMap::new(),
            sending: HashSet::new(),
            run: None,
        }
    }

    pub(crate) fn begin(&mut self, catching_up: bool) -> Operation {
        self.run = Some(Run::new(catching_up));
        Operation::ListConversations(v1::ListConversations::default())
    }

    pub(crate) fn is_running(&self) -> bool {
        self.run.is_some()
    }

    pub(crate) fn sending(&mut self, request: &v1::SendMessage) {
        if let Some(to) = &request.to {
            self.sending.insert((to.clone(), request.random));
        }
    }

    pub(crate) fn sent(&mut self, request: &v1::SendMessage, message: Option<&v1::Message>) {
        let Some(to) = &request.to else { return };
        self.sending.remove(&(to.clone(), request.random));
        if let Some(message) = message.filter(|message| message.seq > 0) {
            self.tracks.entry(to.clone()).or_default().take(message.seq);
        }
    }

    /// A message was pushed.
    pub(crate) fn pushed(&mut self, message: v1::Message) -> Vec<Event> {
        let Some(of) = conversation_of(&message, &self.user_id) else { return Vec::new() };
        let held = match &mut self.run {
            Some(run) if message.seq > 0 => run.hold(&of, message),
            Some(_) | None => Some(message),
        };
        held.and_then(|message| self.tell(&of, message)).into_iter().collect()
    }

    /// A change was pushed.
    pub(crate) fn changed(&mut self, change: v1::ConversationChange) -> Vec<Event> {
        let Some(of) = changed_conversation(&change, &self.user_id) else { return Vec::new() };
        if let Some(behind) = self.run.as_mut().and_then(|run| run.holds(&of)) {
            behind.changes = true;
            return Vec::new();
        }
        self.tell_change(&of, change).into_iter().collect()
    }

    /// A page of the list has come: what was held for conversations that have not moved, and the next request.
    pub(crate) fn list_page(&mut self, page: v1::ListConversationsResult) -> (Vec<Event>, Option<Operation>) {
        let mut events: Vec<Event> = page.conversations.iter().flat_map(|seen| self.place(seen)).collect();
        let next = self.run.as_mut().and_then(|run| run.pass.next(&page));
        if next.is_none() {
            events.extend(self.list_ended());
        }
        (events, next)
    }

    /// The list is at its end. What was pushed to conversations that it did not name makes them worth reading. A group that
    /// was followed and is not on it may be no more: nobody could be told while away, so it is read too.
    pub(crate) fn list_ended(&mut self) -> Vec<Event> {
        let Some(run) = &mut self.run else { return Vec::new() };
        run.listing = false;
        if run.catching_up {
            let followed = self.tracks.iter().filter(|(of, track)| is_group(of) && track.has_begun());
            let unlisted = followed.map(|(of, _)| of).filter(|of| !run.listed.contains(*of));
            unlisted.for_each(|of| _ = run.behind.entry(of.clone()).or_default());
        }
        for (of, behind) in &mut run.behind {
            if !run.listed.contains(of) {
                behind.from_seq = Some(self.tracks.get(of).map_or(0, Track::next));
                behind.last_seq = behind.newest_seq();
                run.queue.push_back(of.clone());
            }
        }
        Vec::new()
    }

    /// What to ask next, for as many conversations as may be read at once. Ends the run when there is nothing left.
    pub(crate) fn asks(&mut self) -> Vec<(ConversationRef, Operation)> {
        let mut asks = Vec::new();
        let Some(run) = &mut self.run else { return asks };
        while run.asked < PARALLEL
            && let Some(of) = run.queue.pop_front()
        {
            if let Some(behind) = run.behind.get_mut(&of) {
                let operation = behind.next(&of, self.tracks.get(&of), self.since_ms);
                asks.push((of, operation));
                run.asked += 1;
            }
        }
        if !run.listing && run.asked == 0 {
            self.run = None;
        }
        asks
    }

    pub(crate) fn history_page(&mut self, of: &ConversationRef, page: v1::GetHistoryResult) -> Vec<Event> {
        let mut events = Vec::new();
        let mut newest = 0;
        for message in page.messages.into_iter().filter_map(|view| view.message) {
            newest = message.seq.max(newest);
            events.extend(self.tell(of, message));
        }
        let limit = self.limit;
        let Some(behind) = self.behind(of) else { return events };
        behind.told += events.len();
        // A server that does not get on would be asked for ever.
        if page.next_seq <= newest.max(behind.from_seq.unwrap_or(0)) {
            behind.from_seq = None;
            let through = behind.last_seq.max(newest);
            self.tracks.entry(of.clone()).or_default().skip_to(through);
        } else if behind.told >= limit && page.next_seq <= behind.last_seq {
            let (from, to) = (page.next_seq, behind.last_seq);
            behind.from_seq = None;
            events.push(Event::MessagesSkipped { conversation: of.clone(), from, to });
            self.tracks.entry(of.clone()).or_default().skip_to(to);
        } else {
            behind.from_seq = Some(page.next_seq);
        }
        events.extend(self.answered(of));
        events
    }

    pub(crate) fn changes_page(
        &mut self,
        of: &ConversationRef,
        page: v1::GetConversationChangesResult,
    ) -> Vec<Event> {
        let more = !page.finished && !page.changes.is_empty();
        let mut events = Vec::new();
        for change in page.changes {
            events.extend(self.tell_change(of, change));
        }
        if let Some(behind) = self.behind(of) {
            behind.changes |= more;
            let last_change = behind.last_change;
            if !more {
                self.tracks.entry(of.clone()).or_default().change(last_change);
            }
        }
        events.extend(self.answered(of));
        events
    }

    /// The server would not say more about this conversation: it is as it is, or gone.
    pub(crate) fn refused(&mut self, of: &ConversationRef, error: &Error) -> Vec<Event> {
        if let Some(behind) = self.behind(of) {
            (behind.from_seq, behind.changes, behind.overflow) = (None, false, false);
        }
        let followed = self.tracks.get(of).is_some_and(Track::has_begun);
        let gone = followed && error.is_refused(Code::NoSuchGroup);
        let dismissed = if gone { self.dismissed(of, String::new()) } else { None };
        dismissed.into_iter().chain(self.answered(of)).collect()
    }

    fn dismissed(&mut self, of: &ConversationRef, by: String) -> Option<Event> {
        // Another group may take the id, and begins at 1.
        self.tracks.insert(of.clone(), Track::new());
        match &of.of {
            Some(Of::Group(group_id)) => Some(Event::GroupDismissed { group_id: group_id.clone(), by }),
            Some(Of::User(_)) | None => None,
        }
    }

    /// Sees from the list where a conversation stands: it is to be read, or what was held for it is told.
    fn place(&mut self, seen: &v1::Conversation) -> Vec<Event> {
        let (Some(of), Some(run)) = (&seen.r#ref, &mut self.run) else { return Vec::new() };
        if !run.listed.insert(of.clone()) {
            return Vec::new();
        }
        let track = self.tracks.entry(of.clone()).or_default();
        if seen.active_time_ms < self.since_ms {
            track.stood_at(seen.last_seq);
        }
        if !run.catching_up {
            track.change(seen.last_change);
            return Vec::new();
        }
        let skipped = skip_the_oldest(of, track, seen.last_seq, self.limit);
        let behind = run.behind.entry(of.clone()).or_default();
        let last_seq = seen.last_seq.max(behind.newest_seq());
        behind.from_seq = track.missing(last_seq).or(behind.overflow.then(|| track.next()));
        behind.last_seq = seen.last_seq;
        behind.changes |= seen.last_change > track.last_change();
        behind.last_change = seen.last_change;
        if behind.is_to_be_read() {
            run.queue.push_back(of.clone());
            return skipped.into_iter().collect();
        }
        skipped.into_iter().chain(self.settle(of)).collect()
    }

    fn behind(&mut self, of: &ConversationRef) -> Option<&mut Behind> {
        self.run.as_mut()?.behind.get_mut(of)
    }

    /// An answer about a conversation has come: what follows for it.
    fn answered(&mut self, of: &ConversationRef) -> Vec<Event> {
        let Some(run) = &mut self.run else { return Vec::new() };
        run.asked = run.asked.saturating_sub(1);
        let Some(behind) = run.behind.get_mut(of) else { return Vec::new() };
        if behind.from_seq.is_none() && behind.overflow {
            behind.overflow = false;
            behind.from_seq = Some(self.tracks.get(of).map_or(0, Track::next));
        }
        if behind.is_to_be_read() {
            run.queue.push_back(of.clone());
            return Vec::new();
        }
        self.settle(of)
    }

    /// A conversation is where it should be: what was held for it is told.
    fn settle(&mut self, of: &ConversationRef) -> Vec<Event> {
        let held = self.run.as_mut().map(|run| run.release(of)).unwrap_or_default();
        held.into_values().filter_map(|message| self.tell(of, message)).collect()
    }

    /// The event of a message; `None` when it was told, or is one's own and about to be answered.
    fn tell(&mut self, of: &ConversationRef, message: v1::Message) -> Option<Event> {
        let new = message.seq == 0 || self.tracks.entry(of.clone()).or_default().take(message.seq);
        let own = message.from == self.user_id && self.sending.contains(&(of.clone(), message.random));
        (new && !own).then(|| Event::Message(Box::new(message)))
    }

    fn tell_change(&mut self, of: &ConversationRef, change: v1::ConversationChange) -> Option<Event> {
        match change.thing? {
            Thing::Recalled(message) => {
                let new = self.tracks.entry(of.clone()).or_default().change(change.number);
                new.then(|| Event::Recalled { conversation: of.clone(), message })
            }
            Thing::Reminder(reminder) => {
                let new = self.tracks.entry(of.clone()).or_default().change(change.number);
                new.then(|| Event::ReceiptReminder { conversation: of.clone(), reminder })
            }
            // Has no number: the feed has gone with the group.
            Thing::Dismissed(dismissed) => self.dismissed(of, dismissed.by),
        }
    }
}

fn is_group(of: &ConversationRef) -> bool {
    matches!(of.of, Some(Of::Group(_)))
}

/// Leaves out what is more than `limit` messages back, and says so.
fn skip_the_oldest(of: &ConversationRef, track: &mut Track, last_seq: u64, limit: usize) -> Option<Event> {
    let from = track.missing(last_seq).filter(|from| *from > 0)?;
    let to = last_seq.saturating_sub(limit as u64);
    if to < from {
        return None;
    }
    track.skip_to(to);
    Some(Event::MessagesSkipped { conversation: of.clone(), from, to })
}

/// The conversation of a message as one who sees it names it.
fn conversation_of(message: &v1::Message, user_id: &str) -> Option<ConversationRef> {
    other_side(message.to.as_ref()?, &message.from, user_id)
}

fn changed_conversation(change: &v1::ConversationChange, user_id: &str) -> Option<ConversationRef> {
    let from = match &change.thing {
        Some(Thing::Recalled(recalled)) => recalled.from.as_str(),
        Some(Thing::Reminder(reminder)) => reminder.from.as_str(),
        Some(Thing::Dismissed(_)) | None => "",
    };
    other_side(change.to.as_ref()?, from, user_id)
}

fn other_side(to: &ConversationRef, from: &str, user_id: &str) -> Option<ConversationRef> {
    match to.of.as_ref()? {
        Of::User(to) if to == user_id => Some(crate::user(from)),
        Of::User(_) | Of::Group(_) => Some(to.clone()),
    }
}
