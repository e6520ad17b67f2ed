//! Answers as text that is the same on both sides, and everything there is to be seen of a store.

use std::collections::HashMap;
use std::fmt::{Debug, Write};

use super::step::{CONVERSATIONS, GROUPS};
use super::world::World;
use crate::feed::Thing;
use crate::receipt::Filter;
use crate::suite::scene::{APP, all};
use crate::{Ordinal, Seq, Tinyid};

/// What users and conversations are called, by how their numbers are written.
#[derive(Default)]
pub(super) struct Told {
    names: Vec<(String, String)>,
    times: HashMap<String, usize>,
}

impl Told {
    /// Who has a name after somebody else is called by it and a count.
    pub(super) fn call(&mut self, number: impl Debug, name: &str) {
        let times = self.times.entry(name.to_owned()).or_insert(0);
        *times += 1;
        self.names.push((format!("{number:?}"), format!("<{name}, {times}>")));
    }

    pub(super) fn text(&self, answer: &impl Debug) -> String {
        let mut text = format!("{answer:?}");
        for (number, name) in &self.names {
            text = text.replace(number, name);
        }
        text
    }
}

pub(super) fn sorted<T: Ord>(mut items: Vec<T>) -> Vec<T> {
    items.sort_unstable();
    items
}

impl World {
    /// Everything that can be asked, one line each.
    pub(in crate::suite) async fn observe(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let ids = std::array::from_fn::<_, GROUPS, _>(|group| format!("group{group}"));
        lines.push(self.told.text(&self.store().groups(APP, &ids).await));
        lines.push(self.told.text(&self.store().list_groups(APP, "", 2).await));
        lines.push(self.told.text(&self.store().list_accounts(APP, "user1", 2).await));
        for (place, user) in self.users.iter().enumerate() {
            self.observe_user(place, *user, &mut lines).await;
        }
        for place in 0..CONVERSATIONS {
            self.observe_conversation(place, &mut lines).await;
        }
        lines
    }

    async fn observe_user(&self, place: usize, user: Tinyid, lines: &mut Vec<String>) {
        let store = self.store();
        let account = store.accounts_by_tinyid(&[user]).await.unwrap().remove(0);
        let deleted = account.as_ref().is_none_or(|account| account.deleted);
        let joined = sorted(store.conversation_ids(user).await.unwrap());
        let list = store.conversations(user, None, 100).await.unwrap();
        let mut about = self.told.text(&(account, &joined, list));
        if !deleted {
            // Nobody reads the feed of an account that is gone.
            for change in store.changes(user, 0, 1_000).await.unwrap().changes {
                if self.is_told(&change.thing, &joined).await {
                    write!(about, "\n{}", self.told.text(&change)).unwrap();
                }
            }
            write!(about, "\nposition {}", store.position(user).await.unwrap()).unwrap();
        }
        lines.push(format!("user {place}: {about}"));
        for conversation in 0..CONVERSATIONS {
            let id = self.at(conversation);
            let seen = store.history(all(id, user)).await;
            let all_seen =
                store.history(crate::message::HistoryQuery { before_joining: true, ..all(id, user) }).await;
            let recalled = store.conversation_changes(id, user, false, 0, 1_000).await;
            let view = store.conversation(user, id).await;
            let text = self.told.text(&(view, seen, all_seen, recalled));
            lines.push(format!("conversation {conversation} as user {place} sees it: {text}"));
        }
    }

    /// What became of a group one is no longer in, or that is no more, engines may tell or leave out.
    async fn is_told(&self, thing: &Thing, joined: &[crate::ConversationId]) -> bool {
        match thing {
            Thing::UnreadCleared { conversation, .. } | Thing::ConversationDeleted { conversation } => {
                joined.contains(conversation)
            }
            Thing::Membership { conversation, .. } => {
                self.store().conversation_kind(*conversation).await.unwrap().is_some()
            }
            Thing::Receipt(_) | Thing::PeerRead { .. } | Thing::Profile => true,
        }
    }

    async fn observe_conversation(&self, place: usize, lines: &mut Vec<String>) {
        let (store, id) = (self.store(), self.at(place));
        let members = store.members(id, 0, 100).await;
        let group = store.group_of(id).await;
        lines.push(format!("conversation {place}: {}", self.told.text(&(group, members))));
        let last = self.last_seq(place).await.unwrap();
        for seq in 0..=last + 1 {
            let message = store.message(id, seq).await;
            let state = store.receipt_states(id, &[seq]).await;
            let mut text = self.told.text(&(message, state));
            for filter in [Filter::Read, Filter::Unread, Filter::Left] {
                write!(text, "\n{filter:?}: {}", self.list(place, seq, filter).await).unwrap();
            }
            for user in &self.users {
                let reader = store.reader(id, seq, *user).await;
                write!(text, "\n{}", self.told.text(&reader)).unwrap();
            }
            let timeline = store.read_timeline(id, seq, 5).await;
            write!(text, "\n{}", self.told.text(&timeline)).unwrap();
            lines.push(format!("message {seq} of conversation {place}: {text}"));
        }
    }

    /// One list of an audience, by pages of two.
    async fn list(&self, place: usize, seq: Seq, filter: Filter) -> String {
        let (mut text, mut cursor): (String, Ordinal) = (String::new(), 0);
        loop {
            let page = match self.store().audience_page(self.at(place), seq, filter, cursor, 2).await {
                Ok(page) => page,
                Err(error) => return format!("{error:?}"),
            };
            text.push_str(&self.told.text(&page.members));
            if page.finished {
                return text;
            }
            cursor = page.next;
        }
    }
}
