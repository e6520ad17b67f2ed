//! What happens to conversations: their events and the number of unread messages.
//!
//! Whatever touches a conversation only notes its name. One task for each login asks the server for all that were
//! touched since it asked last and tells how they are now: a burst of messages is one question and one event, and
//! nothing is asked when nobody listens.

use std::collections::HashMap;
use std::ffi::c_int;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::Notify;
use yidu_client::v1::{self, conversation_ref::Of};
use yidu_client::{Event, ReadUpTo};

use super::session::{Session, is_about_the_way};
use super::show;
use crate::ffi::callback::Notice;
use crate::ffi::enums::{TIMConvEvent, TIMConvType};
use crate::local::conversation_key;

/// Conversations that are asked for at once.
const AT_ONCE: usize = 100;

/// What is known of the conversations of one login. One entry at most for each conversation of the user.
#[derive(Debug, Default)]
pub(crate) struct Conversations {
    state: Mutex<State>,
    /// Something is to be asked.
    wake: Notify,
}

#[derive(Debug, Default)]
struct State {
    /// The app has been given these, by list or by event: what happens to them is an update.
    given: HashMap<String, v1::ConversationRef>,
    touched: HashMap<String, v1::ConversationRef>,
    /// Types of groups, which never change.
    types: HashMap<String, v1::GroupType>,
    /// The number that the app was given last; `None` before it has asked.
    total: Option<u64>,
    /// A connection has stood before.
    connected: bool,
    /// Since the connection came back, what was missed is being told.
    catching_up: bool,
}

impl Conversations {
    /// Something has changed in a conversation.
    pub(crate) fn touch(&self, conversation: &v1::ConversationRef) {
        self.state.lock().touched.insert(conversation_key(conversation), conversation.clone());
        self.wake.notify_one();
    }

    /// The same, for what matters only to an app that has been given the conversation.
    pub(crate) fn touch_given(&self, conversation: &v1::ConversationRef) {
        if self.state.lock().given.contains_key(&conversation_key(conversation)) {
            self.touch(conversation);
        }
    }

    fn touch_all_given(&self) {
        let mut state = self.state.lock();
        let given = state.given.clone();
        state.touched.extend(given);
        drop(state);
        self.wake.notify_one();
    }

    /// The app gets a conversation. Returns whether it had been given it.
    fn give(&self, conversation: &v1::ConversationRef) -> bool {
        self.state.lock().given.insert(conversation_key(conversation), conversation.clone()).is_some()
    }

    /// The app sees a conversation go. Returns whether it had been given it.
    fn take_back(&self, conversation: &v1::ConversationRef) -> bool {
        self.state.lock().given.remove(&conversation_key(conversation)).is_some()
    }

    /// The app asked for the number of unread messages: from now on it is told when that changes.
    pub(crate) fn count(&self, total: u64) {
        self.state.lock().total = Some(total);
    }

    fn take_touched(&self) -> Vec<v1::ConversationRef> {
        let mut state = self.state.lock();
        let keys: Vec<String> = state.touched.keys().take(AT_ONCE).cloned().collect();
        keys.iter().filter_map(|key| state.touched.remove(key)).collect()
    }
}

/// Notes what an event means for conversations, and tells when the connection begins and ends to catch up.
pub(crate) async fn on(session: &Session, event: &Event) {
    let conversations = &session.conversations;
    match event {
        Event::Message(message) if !message.online_only => {
            if let Some(conversation) = session.conversation_of(message) {
                conversations.touch(&conversation);
            }
        }
        Event::MessagesSkipped { conversation, .. } => conversations.touch(conversation),
        Event::Recalled { conversation, .. } => conversations.touch_given(conversation),
        Event::UnreadCleared(v1::UnreadCleared { conversation: Some(conversation), .. }) => {
            conversations.touch_given(conversation);
        }
        Event::Membership(membership) => {
            conversations.touch(&yidu_client::group(membership.group_id.clone()))
        }
        Event::GroupDismissed { group_id, .. } => {
            conversations.touch_given(&yidu_client::group(group_id.clone()));
        }
        Event::ConversationDeleted(conversation) => deleted(session, conversation).await,
        Event::Lagged(_) => conversations.touch_all_given(),
        Event::Connected => {
            conversations.wake.notify_one();
            let events = begun(&mut conversations.state.lock());
            for event in events {
                tell(session, *event, String::new()).await;
            }
        }
        Event::CaughtUp => {
            let ended = std::mem::take(&mut conversations.state.lock().catching_up);
            if ended {
                tell(session, TIMConvEvent::kTIMConvEvent_Finish, String::new()).await;
            }
        }
        _ => {}
    }
}

/// A connection stands. The first one of a login has nothing to catch up with: the list is there to be asked for.
fn begun(state: &mut State) -> &'static [TIMConvEvent] {
    let first = !std::mem::replace(&mut state.connected, true);
    state.catching_up = !first;
    if first {
        &[TIMConvEvent::kTIMConvEvent_Start, TIMConvEvent::kTIMConvEvent_Finish]
    } else {
        &[TIMConvEvent::kTIMConvEvent_Start]
    }
}

/// A conversation is off the list.
pub(crate) async fn deleted(session: &Session, conversation: &v1::ConversationRef) {
    session.conversations.state.lock().touched.remove(&conversation_key(conversation));
    if session.conversations.take_back(conversation) {
        let gone = show::conversation_names(std::slice::from_ref(conversation));
        tell(session, TIMConvEvent::kTIMConvEvent_Del, gone).await;
    }
    // The unread messages in it are gone too.
    session.conversations.wake.notify_one();
}

/// Tells what was touched, for as long as the login lasts.
pub(crate) async fn follow(session: Arc<Session>) {
    let rounds = async {
        loop {
            session.conversations.wake.notified().await;
            let listeners = session.queue.listeners();
            if listeners.conversations.is_set() {
                tell_touched(&session).await;
            } else {
                session.conversations.state.lock().touched.clear();
            }
            if listeners.total_unread.is_set() {
                tell_total(&session).await;
            }
        }
    };
    let _: Option<()> = session.over.run_until_cancelled(rounds).await;
}

async fn tell_touched(session: &Session) {
    loop {
        let touched = session.conversations.take_touched();
        if touched.is_empty() {
            return;
        }
        match found(session, &touched).await {
            Ok(conversations) => tell_found(session, touched, conversations).await,
            Err(error) if is_about_the_way(&error) => {
                // The next connection asks again.
                let mut state = session.conversations.state.lock();
                state.touched.extend(touched.into_iter().map(|of| (conversation_key(&of), of)));
                return;
            }
            Err(error) => session.log.warn(&format!("changes of conversations are not told: {error}")),
        }
    }
}

async fn found(
    session: &Session,
    touched: &[v1::ConversationRef],
) -> Result<Vec<v1::Conversation>, yidu_client::Error> {
    let conversations = session.client.conversations(touched).await?;
    learn_types(session, &conversations).await?;
    Ok(conversations)
}

async fn tell_found(
    session: &Session,
    touched: Vec<v1::ConversationRef>,
    conversations: Vec<v1::Conversation>,
) {
    let is_there = |of: &v1::ConversationRef| {
        conversations.iter().any(|conversation| conversation.r#ref.as_ref() == Some(of))
    };
    let gone: Vec<v1::ConversationRef> =
        touched.into_iter().filter(|of| !is_there(of) && session.conversations.take_back(of)).collect();
    let (old, new): (Vec<_>, Vec<_>) = conversations.into_iter().partition(|conversation| {
        conversation.r#ref.as_ref().is_some_and(|of| session.conversations.give(of))
    });
    if !new.is_empty() {
        tell(session, TIMConvEvent::kTIMConvEvent_Add, show::conversations(session, &new)).await;
    }
    if !old.is_empty() {
        tell(session, TIMConvEvent::kTIMConvEvent_Update, show::conversations(session, &old)).await;
    }
    if !gone.is_empty() {
        tell(session, TIMConvEvent::kTIMConvEvent_Del, show::conversation_names(&gone)).await;
    }
}

async fn tell_total(session: &Session) {
    let Some(told) = session.conversations.state.lock().total else { return };
    // A failure is about the connection: the next one asks again.
    let Ok(page) = session.client.list_conversations("", 1).await else { return };
    if page.total_unread != told {
        session.conversations.count(page.total_unread);
        session.queue.tell(Notice::TotalUnread(c_count(page.total_unread))).await;
    }
}

/// A number as C takes it.
pub(crate) fn c_count(total: u64) -> c_int {
    c_int::try_from(total).unwrap_or(c_int::MAX)
}

async fn tell(session: &Session, event: TIMConvEvent, json: String) {
    session.queue.tell(Notice::Conversations(event, json)).await;
}

/// The conversations of the user, most recently active first, at most so many.
pub(crate) async fn list(
    session: &Session,
    at_most: usize,
) -> Result<Vec<v1::Conversation>, yidu_client::Error> {
    let mut all = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = session.client.list_conversations(cursor, 0).await?;
        all.extend(page.conversations);
        cursor = page.next_cursor;
        if cursor.is_empty() || all.len() >= at_most {
            all.truncate(at_most);
            return Ok(all);
        }
    }
}

/// Gives conversations to the app: what happens to them from now on is an update.
pub(crate) async fn given(
    session: &Session,
    conversations: &[v1::Conversation],
) -> Result<String, yidu_client::Error> {
    learn_types(session, conversations).await?;
    for of in conversations.iter().filter_map(|conversation| conversation.r#ref.as_ref()) {
        session.conversations.give(of);
    }
    Ok(show::conversations(session, conversations))
}

/// The type of a group, if it was asked for.
pub(crate) fn type_of_group(session: &Session, group_id: &str) -> Option<v1::GroupType> {
    session.conversations.state.lock().types.get(group_id).copied()
}

async fn learn_types(session: &Session, of: &[v1::Conversation]) -> Result<(), yidu_client::Error> {
    let unknown: Vec<String> = {
        let types = &session.conversations.state.lock().types;
        of.iter()
            .filter_map(group_of)
            .filter(|group| !types.contains_key(*group))
            .map(str::to_owned)
            .collect()
    };
    let groups = session.client.groups(&unknown).await?;
    let groups = groups.into_iter().filter_map(|result| result.group);
    session.conversations.state.lock().types.extend(groups.map(|group| {
        let kind = group.r#type();
        (group.id, kind)
    }));
    Ok(())
}

fn group_of(conversation: &v1::Conversation) -> Option<&str> {
    match conversation.r#ref.as_ref()?.of.as_ref()? {
        Of::Group(group) => Some(group),
        Of::User(_) => None,
    }
}

/// Clears the unread count of a conversation.
pub(crate) async fn clear(
    session: &Session,
    conversation: &v1::ConversationRef,
    up_to: ReadUpTo,
) -> Result<(), yidu_client::Error> {
    session.client.clear_unread(conversation, up_to).await?;
    session.conversations.touch(conversation);
    // How far that is, so that messages are shown as read.
    let now = session.client.conversations(std::slice::from_ref(conversation)).await?;
    now.iter().for_each(|conversation| show::see(session, conversation));
    Ok(())
}

/// Clears the unread counts of all conversations of a type; `None`: of every type.
pub(crate) async fn clear_all(session: &Session, of: Option<TIMConvType>) -> Result<(), yidu_client::Error> {
    for conversation in list(session, usize::MAX).await? {
        let Some(reference) = conversation.r#ref else { continue };
        if conversation.unread_count > 0 && of.is_none_or(|of| type_of(&reference) == of) {
            clear(session, &reference, ReadUpTo::Everything).await?;
        }
    }
    Ok(())
}

fn type_of(conversation: &v1::ConversationRef) -> TIMConvType {
    match &conversation.of {
        Some(Of::User(_)) => TIMConvType::kTIMConv_C2C,
        Some(Of::Group(_)) => TIMConvType::kTIMConv_Group,
        None => TIMConvType::kTIMConv_Invalid,
    }
}
