//! The table of operations: from a request to the one call that carries it out.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::time::Instant;
use tracing::Instrument;
use v1::request::Operation;
use v1::response::Result as Answer;
use yidu_proto::{Code, v1};

use super::Gateway;
use crate::metrics::metrics;
use crate::service::{Caller, Failure};

/// What may not overtake one another within a session.
///
/// Requests are started in order and run side by side, so that many receipts share one commit. Where order shows, the
/// later request waits for the earlier one's answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Lane {
    /// What changes a conversation, receipts excepted: they commute (semantics.md rule 12).
    Conversation(v1::ConversationRef),
    /// What changes the account or the app.
    Account,
    /// What answers with a page. One after another because of their size, not their order: a session that does not read
    /// its answers holds one page and not as many as it has requests.
    Pages,
}

macro_rules! operations {
    ($($variant:ident $method:ident $lane:expr;)+) => {
        /// The operations by name, as metrics and logs show them.
        pub(crate) const OPERATIONS: &[&str] = &["login", "logout", "ping", $(stringify!($method),)+];

        /// The place of an operation in [`OPERATIONS`].
        pub(super) fn place(operation: &Operation) -> usize {
            #[derive(Clone, Copy)]
            #[allow(clippy::enum_variant_names, reason = "the names of the contract")]
            enum Place { Login, Logout, Ping, $($variant,)+ }
            let place = match operation {
                Operation::Login(_) => Place::Login,
                Operation::Logout(_) => Place::Logout,
                Operation::Ping(_) => Place::Ping,
                $(Operation::$variant(_) => Place::$variant,)+
            };
            place as usize
        }

        /// The lane of an operation; `None` for what runs whenever it comes.
        pub(super) fn lane(operation: &Operation) -> Option<Lane> {
            match operation {
                Operation::Login(_) | Operation::Logout(_) | Operation::Ping(_) => None,
                $(Operation::$variant(request) => {
                    let lane: fn(&v1::$variant) -> Option<Lane> = $lane;
                    lane(request)
                })+
            }
        }

        fn call(
            gateway: Arc<Gateway>,
            caller: Arc<Caller>,
            operation: Operation,
        ) -> BoxFuture<'static, Result<Answer, Failure>> {
            match operation {
                Operation::Login(_) => async {
                    Err(Failure::new(Code::LoginRunning, "this connection is logged in already: open another one"))
                }.boxed(),
                Operation::Logout(_) => async { Ok(Answer::Logout(v1::LogoutResult {})) }.boxed(),
                Operation::Ping(_) => async move {
                    Ok(Answer::Ping(v1::PingResult { server_time_ms: gateway.clock.now() }))
                }.boxed(),
                // Boxed one by one: in one future for all, the smallest request would weigh as much as the largest.
                $(Operation::$variant(request) => async move {
                    gateway.service.$method(&caller, request).await.map(Answer::$variant)
                }.boxed(),)+
            }
        }
    };
}

operations! {
    SendMessage send_message |request| conversation(&request.to);
    GetHistory get_history |_| Some(Lane::Pages);
    GetMessages get_messages |_| Some(Lane::Pages);
    RecallMessage recall_message |request| conversation(&request.conversation);
    DeleteMessages delete_messages |request| conversation(&request.conversation);
    SendReceipts send_receipts |_| None;
    GetReceipts get_receipts |_| None;
    ListReceiptMembers list_receipt_members |_| Some(Lane::Pages);
    GetReceiptPage get_receipt_page |_| Some(Lane::Pages);
    GetReadStatus get_read_status |_| Some(Lane::Pages);
    RemindUnread remind_unread |_| None;
    ListConversations list_conversations |_| Some(Lane::Pages);
    GetConversations get_conversations |_| Some(Lane::Pages);
    ClearUnread clear_unread |request| conversation(&request.conversation);
    DeleteConversation delete_conversation |request| conversation(&request.conversation);
    CreateGroup create_group |request| group(&request.group_id);
    DismissGroup dismiss_group |request| group(&request.group_id);
    JoinGroup join_group |request| group(&request.group_id);
    QuitGroup quit_group |request| group(&request.group_id);
    AddMembers add_members |request| group(&request.group_id);
    RemoveMembers remove_members |request| group(&request.group_id);
    GetGroups get_groups |_| Some(Lane::Pages);
    ListMembers list_members |_| Some(Lane::Pages);
    ModifyGroup modify_group |request| group(&request.group_id);
    ModifyMember modify_member |request| group(&request.group_id);
    TransferGroup transfer_group |request| group(&request.group_id);
    ListJoinedGroups list_joined_groups |_| Some(Lane::Pages);
    GetProfiles get_profiles |_| Some(Lane::Pages);
    ModifyProfile modify_profile |_| Some(Lane::Account);
    ImportAccounts import_accounts |_| Some(Lane::Account);
    DeleteAccounts delete_accounts |_| Some(Lane::Account);
    KickAccount kick_account |_| Some(Lane::Account);
    GetChanges get_changes |_| Some(Lane::Pages);
    GetConversationChanges get_conversation_changes |_| Some(Lane::Pages);
    GetSettings get_settings |_| Some(Lane::Account);
    ModifySettings modify_settings |_| Some(Lane::Account);
}

/// Carries out a request of a session that is logged in.
pub(super) async fn dispatch(
    gateway: Arc<Gateway>,
    caller: Arc<Caller>,
    operation: Operation,
) -> Result<Answer, Failure> {
    let place = place(&operation);
    let name = OPERATIONS[place];
    let span =
        tracing::debug_span!("request", operation = name, user = &*caller.user, session = caller.session.0);
    watched(place, call(gateway, caller, operation).instrument(span)).await
}

/// Measures a request; `place` is the operation's in [`OPERATIONS`]. A bug that panics is counted and answered with
/// 10002; it ends neither the session nor the process.
pub(super) async fn watched<T>(
    place: usize,
    request: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let started = Instant::now();
    let answer = AssertUnwindSafe(request).catch_unwind().await;
    let answer = answer.unwrap_or_else(|panic| Err(panicked(OPERATIONS[place], &*panic)));
    metrics().request(place, started.elapsed());
    if let Err(failure) = &answer {
        metrics().request_failed(OPERATIONS[place], failure.code.number());
    }
    answer
}

fn panicked(operation: &'static str, panic: &(dyn std::any::Any + Send)) -> Failure {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no text");
    tracing::error!(operation, text, "a request met a bug of the server");
    metrics().panics.increment(1);
    Failure::new(Code::Internal, "something broke in the server; its log says what")
}

fn conversation(conversation: &Option<v1::ConversationRef>) -> Option<Lane> {
    // Without a conversation: every one of them, or a mistake. Both get an order of their own.
    Some(Lane::Conversation(conversation.clone().unwrap_or_default()))
}

fn group(id: &str) -> Option<Lane> {
    let group = v1::conversation_ref::Of::Group(id.to_owned());
    Some(Lane::Conversation(v1::ConversationRef { of: Some(group) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_names_what_it_holds() {
        let cases = [
            (Operation::Login(v1::Login::default()), "login"),
            (Operation::Ping(v1::Ping {}), "ping"),
            (Operation::SendMessage(v1::SendMessage::default()), "send_message"),
            (Operation::SendReceipts(v1::SendReceipts::default()), "send_receipts"),
            (Operation::ModifySettings(v1::ModifySettings::default()), "modify_settings"),
        ];
        for (operation, name) in cases {
            assert_eq!(OPERATIONS[place(&operation)], name);
        }
    }

    #[test]
    fn changes_of_one_conversation_share_a_lane_and_receipts_have_none() {
        let to = v1::ConversationRef { of: Some(v1::conversation_ref::Of::Group("g".into())) };
        let send = Operation::SendMessage(v1::SendMessage { to: Some(to.clone()), ..Default::default() });
        let quit = Operation::QuitGroup(v1::QuitGroup { group_id: "g".into() });
        assert_eq!(lane(&send), Some(Lane::Conversation(to)));
        assert_eq!(lane(&send), lane(&quit));
        assert_eq!(lane(&Operation::SendReceipts(v1::SendReceipts::default())), None);
    }
}
