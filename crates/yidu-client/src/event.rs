//! What happens without being asked for, as a stream.

use std::time::Duration;

use futures_util::Stream;
use parking_lot::Mutex;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use yidu_proto::v1;

use crate::Error;

/// Something happened.
///
/// What happened while the connection was down is told after it is back, once, and [`CaughtUp`](Event::CaughtUp) ends
/// it: messages of each conversation in the order of their seqs, of everything else the newest state.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// Trying to reach the server.
    Connecting,
    /// Logged in, for the first time or again.
    Connected,
    /// The connection is gone, or could not be made.
    Disconnected {
        /// Why.
        error: Error,
        /// When the next attempt begins; `None` when there is none and the session is over.
        retry_in: Option<Duration>,
    },
    /// Everything missed while away has been told.
    CaughtUp,
    /// A message of a conversation one is in, also one's own from another device.
    Message(Box<v1::Message>),
    /// The newest receipts of one of one's own messages. Read counts only rise.
    Receipt(v1::ReceiptState),
    /// C2C: the peer cleared its unread count (`semantics.md` rule 11).
    PeerRead(v1::PeerRead),
    /// Another of one's own devices cleared an unread count.
    UnreadCleared(v1::UnreadCleared),
    /// One is in a group now, or no longer.
    Membership(v1::Membership),
    /// A message was recalled.
    Recalled {
        /// The conversation, as one names it oneself.
        conversation: v1::ConversationRef,
        /// Which message, by whom, why.
        message: v1::RecalledMessage,
    },
    /// One has not read a message and is asked again to (`semantics.md` rule 23).
    ReceiptReminder {
        /// The conversation, as one names it oneself.
        conversation: v1::ConversationRef,
        /// Which message, who reminds, when.
        reminder: v1::ReceiptReminder,
    },
    /// A group is no more.
    GroupDismissed {
        /// The group.
        group_id: String,
        /// Who dismissed it; empty when that was while the connection was down.
        by: String,
    },
    /// One's own profile was changed by another device or an administrator.
    Profile(v1::Profile),
    /// A conversation was deleted from one's own list.
    ConversationDeleted(v1::ConversationRef),
    /// Another of one's own devices has sent these receipts.
    ReceiptsSent(v1::ReceiptsSent),
    /// More messages were missed than are told one by one; they are in the history.
    MessagesSkipped {
        /// The conversation.
        conversation: v1::ConversationRef,
        /// The first seq left out.
        from: u64,
        /// The last seq left out.
        to: u64,
    },
    /// Receipts wait in the outbox, or no longer.
    OutboxChanged {
        /// How many wait for the server's answer.
        pending: usize,
    },
    /// Receipts left the outbox unsent.
    ReceiptsDropped {
        /// The conversation.
        conversation: v1::ConversationRef,
        /// The messages.
        seqs: Vec<u64>,
        /// Why the server refused the call; `None` when newer receipts needed the room.
        error: Option<Error>,
    },
    /// The session was ended from outside: no reconnect follows, and the next login is the app's decision.
    KickedOffline {
        /// 6208 another device, 70052 an administrator, 70107 the account is gone.
        code: u32,
        /// The server's words.
        text: String,
    },
    /// The UserSig ran out: log in with a new one.
    UserSigExpired,
    /// This subscriber was too slow: so many events are lost to it. Read the lists it shows again.
    Lagged(u64),
}

/// One subscriber's events, in order, from the moment of subscribing.
///
/// Each subscriber may fall behind by the capacity set in the builder; beyond that the oldest events are lost to it
/// alone, and the next thing it gets is [`Event::Lagged`]. A slow subscriber slows nobody.
#[derive(Debug)]
pub struct EventStream {
    receiver: broadcast::Receiver<Event>,
}

impl EventStream {
    /// The next event; `None` once the client is closed and everything has been given. May be cancelled without loss.
    pub async fn next(&mut self) -> Option<Event> {
        match self.receiver.recv().await {
            Ok(event) => Some(event),
            Err(RecvError::Lagged(lost)) => Some(Event::Lagged(lost)),
            Err(RecvError::Closed) => None,
        }
    }

    /// The same as a [`Stream`].
    pub fn into_stream(self) -> impl Stream<Item = Event> + Send {
        futures_util::stream::unfold(self, |mut events| async {
            let event = events.next().await?;
            Some((event, events))
        })
    }
}

/// Where events come in.
#[derive(Debug)]
pub(crate) struct Events {
    /// `None` once the client is closed, so that every stream ends.
    sender: Mutex<Option<broadcast::Sender<Event>>>,
}

impl Events {
    pub(crate) fn new(capacity: usize) -> Events {
        Events { sender: Mutex::new(Some(broadcast::channel(capacity).0)) }
    }

    pub(crate) fn subscribe(&self) -> EventStream {
        let receiver = match &*self.sender.lock() {
            Some(sender) => sender.subscribe(),
            // A channel without a sender: the stream ends at once.
            None => broadcast::channel(1).1,
        };
        EventStream { receiver }
    }

    pub(crate) fn tell(&self, event: Event) {
        if let Some(sender) = &*self.sender.lock() {
            // An error only says that nobody listens.
            let _ = sender.send(event);
        }
    }

    pub(crate) fn close(&self) {
        *self.sender.lock() = None;
    }
}
