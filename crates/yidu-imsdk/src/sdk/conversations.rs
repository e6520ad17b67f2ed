//! What happens to conversations: their events and the number of unread messages.

use std::sync::Arc;

use yidu_client::Event;

use super::session::Session;

/// Follows the events of one login.
pub(crate) struct Conversations {
    _session: Arc<Session>,
}

impl Conversations {
    pub(crate) fn new(session: Arc<Session>) -> Conversations {
        Conversations { _session: session }
    }

    /// Tells the listeners what an event means for the conversations.
    pub(crate) async fn on(&mut self, _event: &Event) {}
}
