//! Every operation of the contract with the answer that belongs to it.

use yidu_proto::v1::{self, request::Operation, response};

/// A request that knows its answer.
pub trait Ask: Send {
    /// What the server says when it carried the request out.
    type Answer: Send;

    /// As it travels.
    fn operation(self) -> Operation;

    /// Takes the answer out of a response; `None` for the answer of another operation.
    fn answer(result: response::Result) -> Option<Self::Answer>;
}

macro_rules! asks {
    ($($name:ident -> $answer:ident),+ $(,)?) => {$(
        impl Ask for v1::$name {
            type Answer = v1::$answer;

            fn operation(self) -> Operation {
                Operation::$name(self)
            }

            fn answer(result: response::Result) -> Option<v1::$answer> {
                match result {
                    response::Result::$name(answer) => Some(answer),
                    _ => None,
                }
            }
        }
    )+};
}

asks! {
    Login -> LoginResult,
    Logout -> LogoutResult,
    Ping -> PingResult,
    SendMessage -> SendMessageResult,
    GetHistory -> GetHistoryResult,
    GetMessages -> GetMessagesResult,
    RecallMessage -> RecallMessageResult,
    DeleteMessages -> DeleteMessagesResult,
    SendReceipts -> SendReceiptsResult,
    GetReceipts -> GetReceiptsResult,
    ListReceiptMembers -> ListReceiptMembersResult,
    GetReceiptPage -> GetReceiptPageResult,
    GetReadStatus -> GetReadStatusResult,
    RemindUnread -> RemindUnreadResult,
    ListConversations -> ListConversationsResult,
    GetConversations -> GetConversationsResult,
    ClearUnread -> ClearUnreadResult,
    DeleteConversation -> DeleteConversationResult,
    CreateGroup -> CreateGroupResult,
    DismissGroup -> DismissGroupResult,
    JoinGroup -> JoinGroupResult,
    QuitGroup -> QuitGroupResult,
    AddMembers -> AddMembersResult,
    RemoveMembers -> RemoveMembersResult,
    GetGroups -> GetGroupsResult,
    ListMembers -> ListMembersResult,
    ModifyGroup -> ModifyGroupResult,
    ModifyMember -> ModifyMemberResult,
    TransferGroup -> TransferGroupResult,
    ListJoinedGroups -> ListJoinedGroupsResult,
    GetProfiles -> GetProfilesResult,
    ModifyProfile -> ModifyProfileResult,
    ImportAccounts -> ImportAccountsResult,
    DeleteAccounts -> DeleteAccountsResult,
    KickAccount -> KickAccountResult,
    GetChanges -> GetChangesResult,
    GetConversationChanges -> GetConversationChangesResult,
    GetSettings -> GetSettingsResult,
    ModifySettings -> ModifySettingsResult,
}
