//! Which conversation a request means.

use std::sync::Arc;

use yidu_proto::v1::{self, conversation_ref::Of};
use yidu_store::account::Account;
use yidu_store::{ConversationId, Tinyid};

use super::failure::About;
use super::{Caller, Failure, Service};
use crate::bus::{Body, Event, Topic};

/// A conversation of the caller's, found. Whether the caller is in a group is for the store or the rule to say.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The conversation.
    pub(super) id: ConversationId,
    /// What the caller calls it.
    pub(super) to: To,
}

/// Who is at the other end.
#[derive(Clone, Debug)]
pub(super) enum To {
    /// One user.
    Peer(Arc<Account>),
    /// The group with this id.
    Group(String),
}

impl Place {
    /// The other user, as webhooks name the place.
    pub(super) fn peer(&self) -> yidu_store::webhook::Place {
        match &self.to {
            To::Peer(peer) => yidu_store::webhook::Place::Peer(peer.tinyid),
            To::Group(_) => yidu_store::webhook::Place::Group(Default::default()),
        }
    }

    /// How refusals are numbered.
    pub(super) fn about(&self) -> About {
        match self.to {
            To::Peer(_) => About::C2c,
            To::Group(_) => About::Group,
        }
    }

    /// As the caller names it.
    pub(super) fn named_by_caller(&self) -> v1::ConversationRef {
        match &self.to {
            To::Peer(peer) => user_ref(&peer.user),
            To::Group(group) => group_ref(group),
        }
    }

    /// As the one at the other end names it.
    pub(super) fn named_by_others(&self, caller: &Caller) -> v1::ConversationRef {
        match &self.to {
            To::Peer(_) => user_ref(&caller.user),
            To::Group(group) => group_ref(group),
        }
    }

    /// One event for everybody in the conversation but the caller's session. A one-to-one conversation goes to its two
    /// users, so that no session has to have heard of it before its first message.
    pub(super) fn events(&self, caller: &Caller, only: Option<Vec<Tinyid>>, body: &Body) -> Vec<Event> {
        let topics = match &self.to {
            To::Peer(peer) => vec![Topic::User(peer.tinyid), Topic::User(caller.tinyid)],
            To::Group(_) => vec![Topic::Conversation(self.id)],
        };
        let only: Option<Arc<[Tinyid]>> = only.map(Into::into);
        let event =
            |topic| Event { topic, except: Some(caller.session), only: only.clone(), body: body.clone() };
        topics.into_iter().map(event).collect()
    }
}

/// A one-to-one conversation.
pub(super) fn user_ref(user: &str) -> v1::ConversationRef {
    v1::ConversationRef { of: Some(Of::User(user.to_owned())) }
}

/// A group.
pub(super) fn group_ref(group: &str) -> v1::ConversationRef {
    v1::ConversationRef { of: Some(Of::Group(group.to_owned())) }
}

impl Service {
    /// The conversation; `None` for a one-to-one one that was never opened. Errors: 6017 (none named), 7003, 20003, 10015,
    /// 10010.
    pub(super) async fn find_place(
        &self,
        caller: &Caller,
        conversation: Option<&v1::ConversationRef>,
    ) -> Result<Option<Place>, Failure> {
        match conversation.and_then(|conversation| conversation.of.as_ref()) {
            None => Err(Failure::invalid("no conversation is named: set `user` or `group`")),
            Some(Of::User(user)) => {
                let peer = self.peer(caller, user).await?;
                let id = self.find_c2c(caller.app, caller.tinyid, peer.tinyid).await?;
                Ok(id.map(|id| Place { id, to: To::Peer(peer) }))
            }
            Some(Of::Group(group)) => {
                let id = self.find_group(caller.app, group).await?;
                Ok(Some(Place { id, to: To::Group(group.clone()) }))
            }
        }
    }

    /// The conversation. Errors: as [`Service::find_place`], and 10007 for a one-to-one one that was never opened.
    pub(super) async fn place(
        &self,
        caller: &Caller,
        conversation: Option<&v1::ConversationRef>,
    ) -> Result<Place, Failure> {
        self.find_place(caller, conversation)
            .await?
            .ok_or_else(|| Failure::forbidden("nothing was ever sent in this one-to-one conversation"))
    }
}

/// How many a page holds. Errors: 6017.
pub(super) fn page_size(asked: u32, default: usize, max: usize) -> Result<usize, Failure> {
    match usize::try_from(asked) {
        Ok(0) => Ok(default),
        Ok(size) if size <= max => Ok(size),
        Ok(_) | Err(_) => {
            Err(Failure::invalid(format!("a limit of {asked} is over the {max} that a page holds")))
        }
    }
}

/// Refuses a request that names nothing or too much. Errors: 6017.
pub(super) fn check_count(count: usize, max: usize, what: &str) -> Result<(), Failure> {
    match count {
        0 => Err(Failure::invalid(format!("no {what} named"))),
        _ if count > max => Err(Failure::invalid(format!("{count} {what} in one request: at most {max}"))),
        _ => Ok(()),
    }
}
