//! Change feeds: what happened while a device was away.

use std::collections::HashMap;
use std::sync::Arc;

use yidu_proto::{limits, v1};
use yidu_store::conversation::ConversationKind;
use yidu_store::feed::{Change, Thing};
use yidu_store::{ConversationId, Tinyid};

use super::failure::About;
use super::names::{People, other, profile};
use super::place::{group_ref, page_size, user_ref};
use super::{Caller, Failure, Service, recall, receipt};

/// Entries of a user's feed when the request does not say.
const CHANGES: usize = 500;
/// Entries of a conversation's feed when the request does not say.
const CONVERSATION_CHANGES: usize = 100;

impl Service {
    /// Entries of the caller's feed after a position, oldest first, each with the newest state of its thing. An entry about
    /// a group that is gone may be left out; `position` passes it. Errors: 6017.
    pub async fn get_changes(
        &self,
        caller: &Caller,
        request: v1::GetChanges,
    ) -> Result<v1::GetChangesResult, Failure> {
        let limit = page_size(request.limit, CHANGES, limits::CHANGES)?;
        let page = self.store.changes(caller.tinyid, request.after, limit).await;
        let page = page.map_err(Failure::of(About::Account))?;
        let kinds = self
            .kinds(page.changes.iter().filter_map(|change| conversation(&change.thing)).collect())
            .await?;
        let people = self.people(named(caller, &page.changes, &kinds)).await?;
        let own = match page.changes.iter().any(|change| change.thing == Thing::Profile) {
            true => profile(&*self.own_account(caller).await?),
            false => v1::Profile::default(),
        };
        let words = Words { caller, kinds, people, own };
        let changes = page.changes.into_iter().filter_map(|change| {
            Some(v1::Change { number: change.number, thing: Some(words.thing(change.thing)?) })
        });
        Ok(v1::GetChangesResult {
            changes: changes.collect(),
            position: page.position,
            finished: page.finished,
        })
    }

    /// Entries of a conversation's feed after a number, oldest first, as far as the caller may see the messages they are
    /// about. Errors: 6017, 7003, 10007, 10010, 20003.
    pub async fn get_conversation_changes(
        &self,
        caller: &Caller,
        request: v1::GetConversationChanges,
    ) -> Result<v1::GetConversationChangesResult, Failure> {
        let limit = page_size(request.limit, CONVERSATION_CHANGES, limits::CHANGES)?;
        let Some(place) = self.find_place(caller, request.conversation.as_ref()).await? else {
            return Ok(v1::GetConversationChangesResult { changes: Vec::new(), finished: true });
        };
        let before_joining = self.sees_before_joining(&place).await?;
        let found = self
            .store
            .conversation_changes(place.id, caller.tinyid, before_joining, request.after, limit)
            .await;
        let (changes, finished) = found.map_err(Failure::of(place.about()))?;
        let reminding = changes.iter().filter_map(|change| change.reminder).map(|(by, _)| by).collect();
        let people = self.people(reminding).await?;
        let changes = changes.into_iter().map(|change| match change.reminder {
            Some(reminder) => receipt::reminder(change.message, change.number, reminder, &people),
            None => recall::change(change.message, change.number),
        });
        Ok(v1::GetConversationChangesResult { changes: changes.collect(), finished })
    }
}

/// Everything that the entries of a page name.
struct Words<'a> {
    caller: &'a Caller,
    kinds: HashMap<ConversationId, Arc<ConversationKind>>,
    people: People,
    own: v1::Profile,
}

impl Words<'_> {
    fn thing(&self, thing: Thing) -> Option<v1::change::Thing> {
        use v1::change::Thing as Told;
        Some(match thing {
            Thing::Receipt(state) => Told::Receipt(receipt::wire(&state, self.named(state.conversation)?)),
            Thing::PeerRead { conversation, time } => {
                Told::PeerRead(v1::PeerRead { user_id: self.peer(conversation)?, time_ms: time })
            }
            Thing::UnreadCleared { conversation, read_seq, unread } => {
                Told::UnreadCleared(v1::UnreadCleared {
                    conversation: Some(self.named(conversation)?),
                    read_seq,
                    unread_count: unread,
                })
            }
            Thing::Membership { conversation, member, cause, by } => Told::Membership(v1::Membership {
                group_id: self.group(conversation)?,
                member,
                cause,
                by: by.map(|by| self.people.user(by)).unwrap_or_default(),
            }),
            Thing::Profile => Told::Profile(self.own.clone()),
            Thing::ConversationDeleted { conversation } => {
                Told::ConversationDeleted(self.named(conversation)?)
            }
        })
    }

    fn named(&self, conversation: ConversationId) -> Option<v1::ConversationRef> {
        Some(match &**self.kinds.get(&conversation)? {
            ConversationKind::C2c(one, two) => {
                user_ref(&self.people.user(other(*one, *two, self.caller.tinyid)))
            }
            ConversationKind::Group(group) => group_ref(group),
        })
    }

    fn peer(&self, conversation: ConversationId) -> Option<String> {
        match &**self.kinds.get(&conversation)? {
            ConversationKind::C2c(one, two) => Some(self.people.user(other(*one, *two, self.caller.tinyid))),
            ConversationKind::Group(_) => None,
        }
    }

    fn group(&self, conversation: ConversationId) -> Option<String> {
        match &**self.kinds.get(&conversation)? {
            ConversationKind::C2c(..) => None,
            ConversationKind::Group(group) => Some(group.clone()),
        }
    }
}

fn conversation(thing: &Thing) -> Option<ConversationId> {
    match thing {
        Thing::Receipt(state) => Some(state.conversation),
        Thing::PeerRead { conversation, .. }
        | Thing::UnreadCleared { conversation, .. }
        | Thing::Membership { conversation, .. }
        | Thing::ConversationDeleted { conversation } => Some(*conversation),
        Thing::Profile => None,
    }
}

/// Users whose names the entries need.
fn named(
    caller: &Caller,
    changes: &[Change],
    kinds: &HashMap<ConversationId, Arc<ConversationKind>>,
) -> Vec<Tinyid> {
    let peers = kinds.values().filter_map(|kind| match &**kind {
        ConversationKind::C2c(one, two) => Some(other(*one, *two, caller.tinyid)),
        ConversationKind::Group(_) => None,
    });
    let actors = changes.iter().filter_map(|change| match &change.thing {
        Thing::Membership { by, .. } => *by,
        Thing::Receipt(_)
        | Thing::PeerRead { .. }
        | Thing::UnreadCleared { .. }
        | Thing::Profile
        | Thing::ConversationDeleted { .. } => None,
    });
    peers.chain(actors).collect()
}
