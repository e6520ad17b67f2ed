//! From the bus into the outboxes.

use std::sync::Arc;

use crate::service::Tinyid;
use bytes::Bytes;
use yidu_proto::v1;

use super::encode::{self, PushField};
use super::registry::{Link, Registry};
use crate::bus::{Body, Deliver, Event, Presence, Topic};

impl Deliver for Registry {
    fn presence(&self, user: Tinyid) -> Presence {
        self.presence_of(user)
    }

    fn deliver(&self, event: &Event) {
        if let (Topic::User(user), Body::Kicked(_)) = (event.topic, &event.body) {
            self.note_kick(user);
        }
        let mut encoded = None;
        let mut put = |link: &Arc<Link>| {
            if link.is_leaving() {
                return;
            }
            if Some(link.session) != event.except {
                self.put(link, &event.body, &mut encoded);
            } else if let Body::Changes(changes) = &event.body {
                link.outbox.known(changes);
            }
        };
        match (event.topic, &event.only) {
            (Topic::User(user), only) => {
                if only.as_ref().is_none_or(|only| only.contains(&user)) {
                    self.of_user(user, put);
                }
            }
            (Topic::Conversation(conversation), None) => match event.body {
                // These change who hears the conversation, which cannot happen while the hearers are being visited.
                Body::Entered(_) | Body::Departed(_) => {
                    let mut links = Vec::new();
                    self.of_conversation(conversation, |link| links.push(Arc::clone(link)));
                    links.iter().for_each(put);
                }
                Body::Message(_)
                | Body::Changes(_)
                | Body::ConversationChange(_)
                | Body::ReceiptsSent(_)
                | Body::Kicked(_) => self.of_conversation(conversation, put),
            },
            // Some users of a large conversation are found by themselves.
            (Topic::Conversation(conversation), Some(only)) => {
                let mut users: Vec<Tinyid> = only.to_vec();
                users.sort_unstable();
                users.dedup();
                for user in users {
                    self.of_user(user, |link| {
                        if link.hears(conversation) {
                            put(link);
                        }
                    });
                }
            }
        }
        if let (Topic::Conversation(conversation), Body::ConversationChange(change)) =
            (event.topic, &event.body)
            && let Some(v1::conversation_change::Thing::Dismissed(_)) = change.thing
        {
            self.dissolve(conversation);
        }
    }
}

impl Registry {
    /// Puts a body into one outbox. What all sessions get alike is encoded for the first and shared by the others.
    fn put(&self, link: &Arc<Link>, body: &Body, encoded: &mut Option<Bytes>) {
        let mut push =
            |encode: &dyn Fn() -> Bytes| link.outbox.push(encoded.get_or_insert_with(encode).clone());
        match body {
            Body::Message(message) => push(&|| encode::push(PushField::Message, &**message)),
            Body::ConversationChange(change) => push(&|| encode::push(PushField::ConversationChange, change)),
            Body::ReceiptsSent(sent) => push(&|| encode::push(PushField::ReceiptsSent, sent)),
            Body::Changes(changes) => link.outbox.changes(changes),
            Body::Entered(conversation) => self.enter(link, *conversation),
            Body::Departed(conversation) => self.depart(link, *conversation),
            Body::Kicked(kicked) => link.kick(kicked.clone()),
        }
    }
}
