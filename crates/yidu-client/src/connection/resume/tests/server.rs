//! The server of the tests: one user's view, in memory.

use std::collections::{BTreeMap, HashMap, VecDeque};

use yidu_proto::v1::{self, change, conversation_change, push, request::Operation, response};

use super::super::Ask;
use crate::error::Result;
use crate::{group, user};

pub(super) const ME: &str = "me";
/// Two groups and a user.
pub(super) const CONVERSATIONS: usize = 3;

const PAGE: usize = 3;

#[derive(Default)]
pub(super) struct Server {
    pub(super) now: u64,
    pub(super) online: bool,
    /// On its way to the client, in order.
    pub(super) socket: VecDeque<Out>,
    conversations: [Conversation; CONVERSATIONS],
    /// Thing → number, and the newest number.
    feed: BTreeMap<u64, u64>,
    position: u64,
    read_counts: HashMap<u64, u32>,
    /// Changes that are not pushed yet: receipts are paced.
    paced: Vec<u64>,
    logged_in_at: u64,
}

#[derive(Default)]
struct Conversation {
    messages: Vec<Stored>,
    /// Seqs recalled, by change number.
    changes: Vec<u64>,
    active_ms: u64,
    /// Where it stood when the client came.
    before: usize,
    changes_before: usize,
}

struct Stored {
    message: v1::Message,
    hidden: bool,
}

pub(super) enum Out {
    Answer(Ask, Result<response::Result>),
    Push(push::Event),
    Sent(usize, v1::Message),
}

pub(super) fn index(conversation: &v1::ConversationRef) -> usize {
    (0..CONVERSATIONS).find(|of| reference(*of) == *conversation).unwrap_or(2)
}

fn reference(of: usize) -> v1::ConversationRef {
    if of == 2 { user("bob") } else { group(format!("g{of}")) }
}

impl Server {
    /// The client comes: from here on it wants to know everything.
    pub(super) fn begins(&mut self) {
        for conversation in &mut self.conversations {
            conversation.before = conversation.messages.len();
            conversation.changes_before = conversation.changes.len();
        }
        self.paced.clear();
    }

    pub(super) fn login(&mut self) -> v1::LoginResult {
        self.now += 1;
        if self.logged_in_at == 0 {
            self.logged_in_at = self.now;
        }
        self.paced.clear();
        v1::LoginResult { server_time_ms: self.now, position: self.position, ..Default::default() }
    }

    pub(super) fn send_request(&self, of: usize, random: u32) -> v1::SendMessage {
        v1::SendMessage { to: Some(reference(of)), random, ..Default::default() }
    }

    pub(super) fn send(&mut self, of: usize, random: u32) -> v1::Message {
        let stored = |server: &Server| {
            let mut messages = server.conversations[of].messages.iter();
            messages.find(|stored| stored.message.random == random).map(|stored| stored.message.clone())
        };
        if stored(self).is_none() {
            self.post(of, false, ME, random);
        }
        stored(self).unwrap()
    }

    pub(super) fn post(&mut self, of: usize, hidden: bool, from: &str, random: u32) {
        self.now += 1;
        let conversation = &mut self.conversations[of];
        let to = if of == 2 && from != ME { user(ME) } else { reference(of) };
        let message = v1::Message {
            to: Some(to),
            from: from.to_owned(),
            seq: conversation.messages.len() as u64 + 1,
            time_ms: self.now,
            random,
            ..Default::default()
        };
        conversation.messages.push(Stored { message: message.clone(), hidden });
        conversation.active_ms = self.now;
        if !hidden && from != ME {
            self.push(push::Event::Message(message));
        }
    }

    pub(super) fn recall(&mut self, of: usize, back: u64) {
        self.now += 1;
        let conversation = &mut self.conversations[of];
        let Some(seq) = (conversation.messages.len() as u64).checked_sub(back).filter(|seq| *seq > 0) else {
            return;
        };
        if conversation.changes.contains(&seq) {
            return;
        }
        conversation.changes.push(seq);
        let change = self.change(of, self.conversations[of].changes.len());
        self.push(push::Event::ConversationChange(change));
    }

    fn change(&self, of: usize, number: usize) -> v1::ConversationChange {
        let seq = self.conversations[of].changes[number - 1];
        let recalled = v1::RecalledMessage { seq, from: "bob".into(), ..Default::default() };
        let to = if of == 2 { user(ME) } else { reference(of) };
        let thing = Some(conversation_change::Thing::Recalled(recalled));
        v1::ConversationChange { to: Some(to), number: number as u64, thing }
    }

    /// One more has read one's own message; every second one is pushed at once, with those that wait.
    pub(super) fn receipt(&mut self, seq: u64) {
        *self.read_counts.entry(seq).or_default() += 1;
        self.position += 1;
        self.feed.insert(seq, self.position);
        if !self.paced.contains(&seq) {
            self.paced.push(seq);
        }
        if self.position.is_multiple_of(2) {
            // The newest first, the others with a later push: they overtake each other.
            let now = self.paced.pop().unwrap();
            let waiting = self.paced.iter().map(|seq| self.feed[seq]).min();
            let position = waiting.map_or(self.position, |number| number - 1);
            let changes = vec![self.feed_entry(now)];
            self.push(push::Event::Changes(v1::Changes { changes, position }));
        } else if self.position.is_multiple_of(5) {
            self.push_paced();
        }
    }

    pub(super) fn push_paced(&mut self) {
        let paced = std::mem::take(&mut self.paced);
        let mut changes: Vec<v1::Change> = paced.into_iter().map(|seq| self.feed_entry(seq)).collect();
        changes.sort_by_key(|change| change.number);
        self.push(push::Event::Changes(v1::Changes { changes, position: self.position }));
    }

    fn feed_entry(&self, seq: u64) -> v1::Change {
        let read_count = self.read_counts[&seq];
        let state =
            v1::ReceiptState { conversation: Some(reference(0)), seq, read_count, ..Default::default() };
        v1::Change { number: self.feed[&seq], thing: Some(change::Thing::Receipt(state)) }
    }

    fn push(&mut self, event: push::Event) {
        if self.online {
            self.socket.push_back(Out::Push(event));
        }
    }

    pub(super) fn drop_pushes(&mut self) {
        self.socket.retain(|out| !matches!(out, Out::Push(_)));
        self.paced.clear();
        self.push(push::Event::Resync(v1::Resync {}));
    }

    pub(super) fn answer(&mut self, operation: Operation) -> response::Result {
        match operation {
            Operation::GetChanges(get) => {
                let mut changes: Vec<v1::Change> =
                    self.feed.keys().map(|seq| self.feed_entry(*seq)).collect();
                changes.retain(|change| change.number > get.after);
                changes.sort_by_key(|change| change.number);
                let finished = changes.len() <= PAGE;
                changes.truncate(PAGE);
                let last = changes.last().map_or(get.after, |change| change.number);
                let position = if finished { self.position } else { last };
                response::Result::GetChanges(v1::GetChangesResult { changes, position, finished })
            }
            Operation::ListConversations(list) => self.list(&list.cursor),
            Operation::GetHistory(get) => self.history(&get),
            Operation::GetConversationChanges(get) => {
                let of = index(&get.conversation.unwrap());
                let after = usize::try_from(get.after).unwrap();
                let last = self.conversations[of].changes.len();
                let to = last.min(after + PAGE);
                let changes = (after + 1..=to).map(|number| self.change(of, number)).collect();
                response::Result::GetConversationChanges(v1::GetConversationChangesResult {
                    changes,
                    finished: to == last,
                })
            }
            other => panic!("resuming does not ask for this: {other:?}"),
        }
    }

    /// Most recently active first, one a page; the cursor is the activity of the last one given.
    fn list(&self, cursor: &str) -> response::Result {
        let before = if cursor.is_empty() { u64::MAX } else { cursor.parse().unwrap() };
        let mut order: Vec<usize> = (0..CONVERSATIONS)
            .filter(|of| (1..before).contains(&self.conversations[*of].active_ms))
            .collect();
        order.sort_by_key(|of| std::cmp::Reverse(self.conversations[*of].active_ms));
        let page = order.first().map(|&of| v1::Conversation {
            r#ref: Some(reference(of)),
            last_seq: self.conversations[of].messages.len() as u64,
            last_change: self.conversations[of].changes.len() as u64,
            active_time_ms: self.conversations[of].active_ms,
            ..Default::default()
        });
        let more = order.len() > 1;
        let next_cursor = page.iter().filter(|_| more).map(|page| page.active_time_ms.to_string()).collect();
        response::Result::ListConversations(v1::ListConversationsResult {
            conversations: page.into_iter().collect(),
            next_cursor,
            total_unread: 0,
        })
    }

    fn history(&self, get: &v1::GetHistory) -> response::Result {
        let of = index(get.conversation.as_ref().unwrap());
        let mut seen: Vec<&Stored> = self.conversations[of]
            .messages
            .iter()
            .filter(|stored| !stored.hidden && stored.message.seq >= get.from_seq)
            .filter(|stored| stored.message.time_ms >= get.min_time_ms)
            .collect();
        let next_seq = seen.get(PAGE).map_or(0, |stored| stored.message.seq);
        seen.truncate(PAGE);
        let view =
            |stored: &Stored| v1::MessageView { message: Some(stored.message.clone()), ..Default::default() };
        let messages = seen.into_iter().map(view).collect();
        response::Result::GetHistory(v1::GetHistoryResult { messages, next_seq })
    }

    /// The seqs that the client was to learn of.
    pub(super) fn news(&self, of: usize) -> Vec<u64> {
        let conversation = &self.conversations[of];
        let new = conversation.messages.iter().skip(conversation.before);
        new.filter(|stored| !stored.hidden).map(|stored| stored.message.seq).collect()
    }

    pub(super) fn recalls(&self) -> Vec<(usize, u64)> {
        let of = 0..CONVERSATIONS;
        let new =
            |of: usize| self.conversations[of].changes.iter().skip(self.conversations[of].changes_before);
        of.flat_map(|of| new(of).map(move |seq| (of, *seq))).collect()
    }

    /// The last state of each own message that has receipts.
    pub(super) fn receipts(&self) -> HashMap<u64, u32> {
        self.read_counts.clone()
    }
}
