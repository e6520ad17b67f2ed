//! What happens unasked, on its way to the listeners.

use futures_util::FutureExt as _;
use yidu_client::{Event, EventStream, v1};

use super::conversations;
use super::queue::Queue;
use super::session::Session;
use super::show;
use crate::ffi::callback::Notice;
use crate::ffi::enums::TIMNetworkStatus;
use crate::local::{Marks, Record};

/// Where the connection stood when the last event came.
#[derive(Default)]
struct Network {
    connected: bool,
}

/// Tells what happens until the login is over.
pub(crate) async fn pump(session: std::sync::Arc<Session>, mut events: EventStream) {
    let mut network = Network::default();
    let over = session.over.clone();
    while let Some(Some(event)) = over.run_until_cancelled(events.next()).await {
        if let Some(notice) = network.notice(&event) {
            session.queue.tell(notice).await;
        }
        let last = matches!(event, Event::KickedOffline { .. } | Event::UserSigExpired);
        for notice in notices(&session, &event) {
            session.queue.tell(notice).await;
        }
        conversations::on(&session, &event).await;
        if last {
            session.end();
        }
    }
}

/// A login has failed: tells what came of its attempt to connect.
pub(crate) async fn tell_failed_login(queue: &Queue, events: &mut EventStream) {
    let mut network = Network::default();
    while let Some(Some(event)) = events.next().now_or_never() {
        if let Some(notice) = network.notice(&event) {
            queue.tell(notice).await;
        }
    }
}

impl Network {
    fn notice(&mut self, event: &Event) -> Option<Notice> {
        match event {
            Event::Connecting => Some(Notice::Network(TIMNetworkStatus::kTIMConnecting, 0, String::new())),
            Event::Connected => {
                self.connected = true;
                Some(Notice::Network(TIMNetworkStatus::kTIMConnected, 0, String::new()))
            }
            Event::Disconnected { error, .. } => {
                let status = if std::mem::take(&mut self.connected) {
                    TIMNetworkStatus::kTIMDisconnected
                } else {
                    TIMNetworkStatus::kTIMConnectFailed
                };
                Some(Notice::Network(status, error.code(), error.to_string()))
            }
            _ => None,
        }
    }
}

fn notices(session: &Session, event: &Event) -> Vec<Notice> {
    match event {
        Event::Message(message) => new_message(session, message),
        Event::Receipt(state) => receipt(session, state),
        Event::PeerRead(read) => peer_read(session, read),
        Event::Recalled { conversation, message } => recalled(session, conversation, message),
        Event::ReceiptsSent(sent) => receipts_sent(session, sent),
        Event::KickedOffline { code, text } => {
            session.log.warn(&format!("kicked offline: {code} {text}"));
            vec![Notice::KickedOffline]
        }
        Event::UserSigExpired => {
            session.log.warn("the UserSig ran out; log in with a new one");
            vec![Notice::UserSigExpired]
        }
        Event::Profile(profile) => vec![Notice::SelfInfo(show::profile(profile))],
        Event::UnreadCleared(cleared) => {
            if let Some(conversation) = &cleared.conversation {
                session.local.mark(conversation, Marks { read_seq: cleared.read_seq, ..Marks::default() });
            }
            Vec::new()
        }
        Event::ReceiptsDropped { seqs, error, .. } => {
            let why = error.as_ref().map_or("newer receipts needed the room".to_owned(), ToString::to_string);
            session.log.warn(&format!("{} receipts were not sent: {why}", seqs.len()));
            Vec::new()
        }
        Event::Lagged(lost) => {
            session.log.warn(&format!(
                "{lost} events were lost: callbacks are too slow; read conversations and histories again"
            ));
            Vec::new()
        }
        // The rest is about the connection, or about conversations.
        _ => Vec::new(),
    }
}

fn new_message(session: &Session, message: &v1::Message) -> Vec<Notice> {
    let Some(conversation) = session.conversation_of(message) else { return Vec::new() };
    let view = v1::MessageView { message: Some(message.clone()), ..Default::default() };
    let record = if message.online_only {
        Record { view: Some(view), ..Record::default() }
    } else {
        session.local.see(&conversation, view)
    };
    let mut notices = Vec::new();
    if session.queue.listeners().hears_new_messages() {
        notices.push(Notice::NewMessages(show::messages(session, &[record])));
    }
    notices.extend(show::group_tip(message).map(Notice::GroupTips));
    notices
}

fn receipt(session: &Session, state: &v1::ReceiptState) -> Vec<Notice> {
    if let Some(conversation) = &state.conversation {
        session.local.change(conversation, &state.message_id, |record| record.see_receipt(state.clone()));
    }
    vec![Notice::Receipts(show::receipts(std::slice::from_ref(state)))]
}

fn peer_read(session: &Session, read: &v1::PeerRead) -> Vec<Notice> {
    let conversation = yidu_client::user(read.user_id.clone());
    session.local.mark(&conversation, Marks { peer_read_ms: read.time_ms, ..Marks::default() });
    vec![Notice::Receipts(show::peer_read(read))]
}

fn recalled(
    session: &Session,
    conversation: &v1::ConversationRef,
    recalled: &v1::RecalledMessage,
) -> Vec<Notice> {
    let record = session.local.change(conversation, &recalled.message_id, |record| {
        record.recall(recalled.recall.clone().unwrap_or_default());
    });
    vec![Notice::Revoked(show::recalled(session, conversation, recalled, record.as_ref()))]
}

/// Another of one's own devices has sent receipts: the messages that are known here have changed.
fn receipts_sent(session: &Session, sent: &v1::ReceiptsSent) -> Vec<Notice> {
    let Some(conversation) = &sent.conversation else { return Vec::new() };
    let changed: Vec<Record> =
        sent.seqs.iter().filter_map(|seq| receipt_sent(session, conversation, *seq)).collect();
    if changed.is_empty() {
        return Vec::new();
    }
    vec![Notice::Updated(show::messages(session, &changed))]
}

/// Notes that one has sent a receipt for a message; `None` when that was known, or the message is not.
pub(crate) fn receipt_sent(
    session: &Session,
    conversation: &v1::ConversationRef,
    seq: u64,
) -> Option<Record> {
    let record = session.local.at(conversation, seq)?;
    if record.view.as_ref().is_some_and(|view| view.receipt_sent) {
        return None;
    }
    session.local.change(conversation, &record.message().id, |record| {
        record.view.get_or_insert_default().receipt_sent = true;
    })
}
