//! The bus: finds the sessions of whom something concerns.
//!
//! It carries wake-ups and copies, never truth: an event that is lost delays an update until the device asks its change
//! feed. Events are self-sufficient: who delivers one asks nobody back.

use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use yidu_proto::v1;
use yidu_store::{ConversationId, Millis, Tinyid};

use crate::service::SessionId;

/// Something that sessions are to hear of.
#[derive(Clone, Debug)]
pub struct Event {
    /// Whose sessions.
    pub topic: Topic,
    /// Not this one: it has the answer of its own request.
    pub except: Option<SessionId>,
    /// Of the topic's sessions only those of these users (targeted messages).
    pub only: Option<Arc<[Tinyid]>>,
    /// What.
    pub body: Body,
}

/// Whose sessions an event is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    /// All sessions of a user.
    User(Tinyid),
    /// All sessions of everybody in a conversation.
    Conversation(ConversationId),
}

/// What sessions hear.
#[derive(Clone, Debug)]
pub enum Body {
    /// A message.
    Message(Arc<v1::Message>),
    /// New entries of the user's change feed, by rising number. For one user they may arrive out of order.
    Changes(Vec<v1::Change>),
    /// A new entry of the conversation's feed.
    ConversationChange(v1::ConversationChange),
    /// The user has sent receipts from another device.
    ReceiptsSent(v1::ReceiptsSent),
    /// The user is in this conversation from now on: deliver its events to the user's sessions.
    Entered(ConversationId),
    /// The user is no longer in this conversation.
    Departed(ConversationId),
    /// The user's sessions end.
    Kicked(v1::Kicked),
}

/// The publishing half: what the service knows of the bus.
#[async_trait]
pub trait Publish: Send + Sync {
    /// Hands events over for delivery, in order. Never blocks and never fails: an event that finds no room is counted and
    /// dropped, and the session it was for is told to resync.
    fn publish(&self, events: Vec<Event>);

    /// Where users are online now, and when they were last, in order of the users.
    async fn presence(&self, users: &[Tinyid]) -> Vec<Presence>;
}

/// Where a user is online.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Presence {
    /// In the order of login; empty for who is offline.
    pub devices: Vec<OnlineDevice>,
    /// When the newest session ended, as far back as the nodes remember: they remember 100,000 users each, and nothing from
    /// before they were started.
    pub last_online: Option<Millis>,
}

/// A device on which a user is online.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnlineDevice {
    /// As `v1::Platform`.
    pub platform: i32,
    /// What the device calls itself; may be empty.
    pub id: String,
    /// When it logged in.
    pub since: Millis,
}

/// The receiving half: what the gateway gives the bus.
pub trait Deliver: Send + Sync {
    /// Puts an event into the outboxes it is for. Never blocks: outboxes have bounds of their own.
    fn deliver(&self, event: &Event);

    /// Where a user is online on this node.
    fn presence(&self, user: Tinyid) -> Presence;
}

/// The bus of a single node: delivery is a function call. What is published before a gateway is connected concerns nobody:
/// there are no sessions yet.
#[derive(Default)]
pub struct LocalBus {
    gateway: OnceLock<Arc<dyn Deliver>>,
}

impl LocalBus {
    /// Connects the gateway. A second call is ignored: a node has one gateway.
    pub fn connect(&self, gateway: Arc<dyn Deliver>) {
        let _second = self.gateway.set(gateway);
    }
}

#[async_trait]
impl Publish for LocalBus {
    fn publish(&self, events: Vec<Event>) {
        if let Some(gateway) = self.gateway.get() {
            for event in &events {
                gateway.deliver(event);
            }
        }
    }

    async fn presence(&self, users: &[Tinyid]) -> Vec<Presence> {
        let here =
            |&user| self.gateway.get().map_or_else(Presence::default, |gateway| gateway.presence(user));
        users.iter().map(here).collect()
    }
}

#[cfg(test)]
mod tests {
    use parking_lot::Mutex;

    use super::*;

    /// A gateway that notes whom it was to deliver to.
    #[derive(Default)]
    struct Notes(Mutex<Vec<Topic>>);

    impl Deliver for Notes {
        fn deliver(&self, event: &Event) {
            self.0.lock().push(event.topic);
        }

        fn presence(&self, _user: Tinyid) -> Presence {
            Presence::default()
        }
    }

    fn event(user: u64) -> Event {
        let body = Body::Entered(ConversationId(1));
        Event { topic: Topic::User(Tinyid(user)), except: None, only: None, body }
    }

    #[test]
    fn events_reach_the_gateway_in_order() {
        let bus = LocalBus::default();
        bus.publish(vec![event(1)]);
        let (gateway, second) = (Arc::new(Notes::default()), Arc::new(Notes::default()));
        bus.connect(Arc::clone(&gateway) as _);
        bus.connect(Arc::clone(&second) as _);
        bus.publish(vec![event(2), event(3)]);
        bus.publish(vec![event(4)]);
        assert_eq!(*gateway.0.lock(), [2, 3, 4].map(|user| Topic::User(Tinyid(user))));
        assert!(second.0.lock().is_empty(), "a node has one gateway");
    }
}
