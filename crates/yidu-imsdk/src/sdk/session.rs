//! Who is logged in, and what belongs to that login.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use yidu_client::{Client, v1};

use super::conversations::Conversations;
use super::log::Log;
use super::queue::Queue;
use crate::ffi::callback::Failure;
use crate::local::Local;

/// One login, from its success to its end.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) client: Client,
    pub(crate) me: yidu_client::Session,
    /// What is kept on this side for this user.
    pub(crate) local: Local,
    pub(crate) conversations: Conversations,
    pub(crate) queue: Queue,
    pub(crate) log: Arc<Log>,
    /// Cancelled when the login is over.
    pub(crate) over: CancellationToken,
}

impl Session {
    /// The login is over: nothing more is told of it, and what is kept on disk is complete.
    pub(crate) fn end(&self) {
        self.over.cancel();
        self.local.close();
    }

    /// The server can be asked now. When not, calls that have a local answer give it.
    pub(crate) fn is_online(&self) -> bool {
        self.client.status() == yidu_client::Status::Online
    }

    /// The conversation in which a message is, seen from here: the peer of a one-to-one one, or the group.
    pub(crate) fn conversation_of(&self, message: &v1::Message) -> Option<v1::ConversationRef> {
        use v1::conversation_ref::Of;
        match message.to.as_ref()?.of.as_ref()? {
            Of::Group(group) => Some(yidu_client::group(group.clone())),
            Of::User(to) if *to == self.me.user_id => Some(yidu_client::user(message.from.clone())),
            Of::User(to) => Some(yidu_client::user(to.clone())),
        }
    }
}

/// Whether a failure is about the way to the server, not about the request.
pub(crate) fn is_about_the_way(error: &yidu_client::Error) -> bool {
    use yidu_client::ErrorKind::{
        AlreadyLoggedIn, Closed, Disconnected, Invalid, NotLoggedIn, Protocol, Refused, Timeout,
    };
    match error.kind() {
        Timeout | Disconnected => true,
        Closed | NotLoggedIn | AlreadyLoggedIn | Refused(_) | Invalid | Protocol => false,
    }
}

impl Failure {
    /// With the message that could not be sent.
    pub(crate) fn with_json(self, json: String) -> Failure {
        Failure { json, ..self }
    }
}
