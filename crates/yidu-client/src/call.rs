//! Every operation of the contract as a typed call.

use yidu_proto::v1::{self, request::Operation, response};

/// A request of the contract, paired with its answer. Implemented for the operations of `frame.proto` that a session
/// may ask for (all but `Login`, `Logout` and `Ping`, which the session keeping does itself); for nothing else.
pub trait Call: sealed::Sealed + Send {
    /// What the server answers with.
    type Answer: Send;

    #[doc(hidden)]
    fn into_operation(self) -> Operation;

    /// `None` when the result belongs to another operation.
    #[doc(hidden)]
    fn answer(result: response::Result) -> Option<Self::Answer>;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! calls {
    ($($name:ident => $answer:ident,)+) => {$(
        impl sealed::Sealed for v1::$name {}

        impl Call for v1::$name {
            type Answer = v1::$answer;

            fn into_operation(self) -> Operation {
                Operation::$name(self)
            }

            fn answer(result: response::Result) -> Option<v1::$answer> {
                if let response::Result::$name(answer) = result { Some(answer) } else { None }
            }
        }
    )+};
}

calls! {
    SendMessage => SendMessageResult,
    GetHistory => GetHistoryResult,
    GetMessages => GetMessagesResult,
    RecallMessage => RecallMessageResult,
    DeleteMessages => DeleteMessagesResult,
    SendReceipts => SendReceiptsResult,
    GetReceipts => GetReceiptsResult,
    ListReceiptMembers => ListReceiptMembersResult,
    GetReceiptPage => GetReceiptPageResult,
    GetReadStatus => GetReadStatusResult,
    RemindUnread => RemindUnreadResult,
    ListConversations => ListConversationsResult,
    GetConversations => GetConversationsResult,
    ClearUnread => ClearUnreadResult,
    DeleteConversation => DeleteConversationResult,
    CreateGroup => CreateGroupResult,
    DismissGroup => DismissGroupResult,
    JoinGroup => JoinGroupResult,
    QuitGroup => QuitGroupResult,
    AddMembers => AddMembersResult,
    RemoveMembers => RemoveMembersResult,
    GetGroups => GetGroupsResult,
    ListMembers => ListMembersResult,
    ModifyGroup => ModifyGroupResult,
    ModifyMember => ModifyMemberResult,
    TransferGroup => TransferGroupResult,
    ListJoinedGroups => ListJoinedGroupsResult,
    GetProfiles => GetProfilesResult,
    ModifyProfile => ModifyProfileResult,
    ImportAccounts => ImportAccountsResult,
    DeleteAccounts => DeleteAccountsResult,
    KickAccount => KickAccountResult,
    GetChanges => GetChangesResult,
    GetConversationChanges => GetConversationChangesResult,
    GetSettings => GetSettingsResult,
    ModifySettings => ModifySettingsResult,
}
