//! Conversations as the caller sees them: the list, unread counts.

use std::collections::HashMap;

use yidu_proto::v1::change::Thing;
use yidu_proto::v1::conversation_ref::Of;
use yidu_proto::{limits, v1};
use yidu_store::conversation::{ClearUpTo, Cleared, ConversationKind, ConversationView};
use yidu_store::group::Group;
use yidu_store::{ConversationId, Millis, StoreError, Tinyid};

use super::failure::About;
use super::history::view;
use super::names::{People, other};
use super::place::{check_count, group_ref, page_size, user_ref};
use super::{Caller, Failure, Service};
use crate::bus::{Body, Event, Topic};

impl Service {
    /// A page of the caller's list, most recently active first, with the unread messages of the whole list. Errors: 6017.
    pub async fn list_conversations(
        &self,
        caller: &Caller,
        request: v1::ListConversations,
    ) -> Result<v1::ListConversationsResult, Failure> {
        let limit = page_size(request.limit, limits::PAGE, limits::PAGE)?;
        let after = match request.cursor.as_str() {
            "" => None,
            cursor => Some(cursor_position(cursor)?),
        };
        let (mut found, total_unread) = self.page_of_conversations(caller.tinyid, after, limit + 1).await?;
        let more = found.len() > limit;
        found.truncate(limit);
        let next_cursor = match found.last() {
            Some(last) if more => format!("{}.{}", last.active, last.id.0),
            Some(_) | None => String::new(),
        };
        Ok(v1::ListConversationsResult {
            conversations: self.shown(caller, found).await?,
            next_cursor,
            total_unread,
        })
    }

    /// Conversations in order; those that are not there, or that the caller is not in, are left out. Errors: 6017.
    pub async fn get_conversations(
        &self,
        caller: &Caller,
        request: v1::GetConversations,
    ) -> Result<v1::GetConversationsResult, Failure> {
        check_count(request.conversations.len(), limits::PAGE, "conversations")?;
        let mut found = Vec::new();
        for id in self.find_all(caller, &request.conversations).await? {
            match self.store.conversation(caller.tinyid, id).await {
                Ok(conversation) => found.push(conversation),
                Err(StoreError::NoSuchConversation | StoreError::NotMember) => {}
                Err(error) => return Err(Failure::of(About::Account)(error)),
            }
        }
        Ok(v1::GetConversationsResult { conversations: self.shown(caller, found).await? })
    }

    /// The unread messages of all one-to-one conversations of the caller.
    pub async fn unread_with_peers(&self, caller: &Caller) -> Result<u64, Failure> {
        self.unread_of_peers(caller.tinyid).await
    }

    pub(super) async fn unread_of_peers(&self, user: Tinyid) -> Result<u64, Failure> {
        let mut unread = 0;
        let mut after = None;
        loop {
            let (found, _) = self.page_of_conversations(user, after, limits::PAGE).await?;
            let with_peers = found.iter().filter(|found| matches!(found.kind, ConversationKind::C2c(..)));
            unread += with_peers.map(|found| found.unread).sum::<u64>();
            if found.len() < limits::PAGE {
                return Ok(unread);
            }
            after = found.last().map(|last| (last.active, last.id));
        }
    }

    /// Clears the unread count of one conversation or of all. Sends no receipts; in a one-to-one conversation the peer
    /// learns the time (semantics.md rule 11). What is cleared already stays as it is and wakes nobody. Errors: 6017,
    /// 7003, 10007, 10010, 20003.
    pub async fn clear_unread(
        &self,
        caller: &Caller,
        request: v1::ClearUnread,
    ) -> Result<v1::ClearUnreadResult, Failure> {
        let up_to = match (request.up_to_seq, request.up_to_time_ms) {
            (0, 0) => ClearUpTo::Newest,
            (0, time) => ClearUpTo::Time(time),
            (seq, _) => ClearUpTo::Seq(seq),
        };
        if request.conversation.is_none() {
            if let ClearUpTo::Seq(_) = up_to {
                return Err(Failure::invalid("a seq is one of a conversation: name it"));
            }
            return self.clear_all(caller, up_to).await;
        }
        let Some(place) = self.find_place(caller, request.conversation.as_ref()).await? else {
            return Ok(v1::ClearUnreadResult { unread_count: 0 });
        };
        let cleared = self.store.clear_unread(caller.tinyid, place.id, up_to, self.clock.now()).await;
        let cleared = cleared.map_err(Failure::of(place.about()))?;
        self.announce(cleared_events(caller, place.named_by_caller(), &cleared));
        Ok(v1::ClearUnreadResult { unread_count: cleared.unread })
    }

    async fn clear_all(&self, caller: &Caller, up_to: ClearUpTo) -> Result<v1::ClearUnreadResult, Failure> {
        let mut unread_count = 0;
        let mut after = None;
        loop {
            let (found, _) = self.page_of_conversations(caller.tinyid, after, limits::PAGE).await?;
            after = found.last().map(|last| (last.active, last.id));
            let finished = found.len() < limits::PAGE;
            let unread: Vec<_> = found.into_iter().filter(|conversation| conversation.unread > 0).collect();
            let people = self.people(peers(caller, &unread)).await?;
            for conversation in unread {
                let cleared =
                    self.store.clear_unread(caller.tinyid, conversation.id, up_to, self.clock.now());
                match cleared.await {
                    Ok(cleared) => {
                        unread_count += cleared.unread;
                        let named = named(caller, &conversation.kind, &people);
                        self.announce(cleared_events(caller, named, &cleared));
                    }
                    // The caller has left the group meanwhile: nothing to clear.
                    Err(StoreError::NoSuchConversation | StoreError::NotMember) => {}
                    Err(error) => return Err(Failure::of(About::Account)(error)),
                }
            }
            if finished {
                return Ok(v1::ClearUnreadResult { unread_count });
            }
        }
    }

    /// Takes a conversation off the caller's list with its history so far, for the caller only. Errors: 7003, 10007, 10010,
    /// 20003.
    pub async fn delete_conversation(
        &self,
        caller: &Caller,
        request: v1::DeleteConversation,
    ) -> Result<v1::DeleteConversationResult, Failure> {
        if let Some(place) = self.find_place(caller, request.conversation.as_ref()).await? {
            let deleted = self.store.delete_conversation(caller.tinyid, place.id).await;
            let number = deleted.map_err(Failure::of(place.about()))?;
            let thing = Some(Thing::ConversationDeleted(place.named_by_caller()));
            let change = v1::Change { number, thing };
            self.announce(vec![caller.to_own_devices(Body::Changes(vec![change]))]);
        }
        Ok(v1::DeleteConversationResult {})
    }

    async fn page_of_conversations(
        &self,
        user: Tinyid,
        after: Option<(Millis, ConversationId)>,
        limit: usize,
    ) -> Result<(Vec<ConversationView>, u64), Failure> {
        let page = self.store.conversations(user, after, limit).await;
        page.map_err(Failure::of(About::Account))
    }

    /// Conversations by what the caller calls them; unknown ones are left out. Accounts and groups in one look-up each.
    async fn find_all(
        &self,
        caller: &Caller,
        refs: &[v1::ConversationRef],
    ) -> Result<Vec<ConversationId>, Failure> {
        let (mut users, mut groups) = (Vec::new(), Vec::new());
        for of in refs.iter().filter_map(|conversation| conversation.of.as_ref()) {
            match of {
                Of::User(user) => users.push(user.clone()),
                Of::Group(group) => groups.push(group.clone()),
            }
        }
        let mut users = self.accounts(caller.app, &users).await?.into_iter();
        let groups = if groups.is_empty() {
            Vec::new()
        } else {
            self.store.groups(caller.app, &groups).await.map_err(Failure::of(About::Group))?
        };
        let mut groups = groups.into_iter();
        let mut found = Vec::new();
        for of in refs.iter().filter_map(|conversation| conversation.of.as_ref()) {
            found.extend(match of {
                Of::User(_) => match users.next().flatten() {
                    Some(peer) if peer.tinyid != caller.tinyid => {
                        self.find_c2c(caller.app, caller.tinyid, peer.tinyid).await?
                    }
                    Some(_) | None => None,
                },
                Of::Group(_) => groups.next().flatten().map(|group| group.conversation),
            });
        }
        Ok(found)
    }

    /// Conversations with the names and pictures of those they are with.
    async fn shown(
        &self,
        caller: &Caller,
        found: Vec<ConversationView>,
    ) -> Result<Vec<v1::Conversation>, Failure> {
        let people = self.people(peers(caller, &found)).await?;
        let ids: Vec<String> = found
            .iter()
            .filter_map(|conversation| match &conversation.kind {
                ConversationKind::C2c(..) => None,
                ConversationKind::Group(group) => Some(group.clone()),
            })
            .collect();
        let groups = if ids.is_empty() {
            Vec::new()
        } else {
            self.store.groups(caller.app, &ids).await.map_err(Failure::of(About::Group))?
        };
        let groups: HashMap<ConversationId, Group> =
            groups.into_iter().flatten().map(|group| (group.conversation, group)).collect();
        Ok(found.into_iter().map(|conversation| wire(caller, conversation, &people, &groups)).collect())
    }
}

fn wire(
    caller: &Caller,
    conversation: ConversationView,
    people: &People,
    groups: &HashMap<ConversationId, Group>,
) -> v1::Conversation {
    let named = named(caller, &conversation.kind, people);
    let (name, id, avatar_url) = match &conversation.kind {
        ConversationKind::C2c(one, two) => {
            let peer = people.profile(other(*one, *two, caller.tinyid));
            (peer.nick, peer.user_id, peer.avatar_url)
        }
        ConversationKind::Group(group) => {
            let info = groups.get(&conversation.id).map(|group| group.info.clone()).unwrap_or_default();
            (info.name, group.clone(), info.avatar_url)
        }
    };
    let peer_read = conversation.peer_read;
    v1::Conversation {
        last_seq: conversation.last_seq,
        last_change: conversation.last_change,
        last_message: conversation.last_message.map(|last| view(last, caller, &named, peer_read)),
        unread_count: conversation.unread,
        read_seq: conversation.read_seq,
        peer_read_time_ms: peer_read,
        active_time_ms: conversation.active,
        show_name: if name.is_empty() { id } else { name },
        avatar_url,
        r#ref: Some(named),
    }
}

fn named(caller: &Caller, kind: &ConversationKind, people: &People) -> v1::ConversationRef {
    match kind {
        ConversationKind::C2c(one, two) => user_ref(&people.user(other(*one, *two, caller.tinyid))),
        ConversationKind::Group(group) => group_ref(group),
    }
}

fn peers(caller: &Caller, conversations: &[ConversationView]) -> Vec<Tinyid> {
    conversations
        .iter()
        .filter_map(|conversation| match &conversation.kind {
            ConversationKind::C2c(one, two) => Some(other(*one, *two, caller.tinyid)),
            ConversationKind::Group(_) => None,
        })
        .collect()
}

/// What others are to hear of a cleared count: the caller's other devices, and in a one-to-one conversation the peer.
fn cleared_events(caller: &Caller, named: v1::ConversationRef, cleared: &Cleared) -> Vec<Event> {
    let Some(advance) = &cleared.advance else { return Vec::new() };
    let own = Thing::UnreadCleared(v1::UnreadCleared {
        conversation: Some(named),
        read_seq: cleared.read_seq,
        unread_count: cleared.unread,
    });
    let own = v1::Change { number: advance.own_change, thing: Some(own) };
    let mut events = vec![caller.to_own_devices(Body::Changes(vec![own]))];
    if let Some((peer, number, time_ms)) = advance.peer {
        let thing = Some(Thing::PeerRead(v1::PeerRead { user_id: caller.user.to_string(), time_ms }));
        let body = Body::Changes(vec![v1::Change { number, thing }]);
        events.push(Event { topic: Topic::User(peer), except: None, only: None, body });
    }
    events
}

fn cursor_position(cursor: &str) -> Result<(Millis, ConversationId), Failure> {
    let parts = cursor.split_once('.');
    let position =
        parts.and_then(|(active, id)| Some((active.parse().ok()?, ConversationId(id.parse().ok()?))));
    position.ok_or_else(|| Failure::invalid("the cursor is none that a page has returned"))
}
