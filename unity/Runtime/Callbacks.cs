using System.Collections.Generic;
using com.tencent.imsdk.unity.enums;
using com.tencent.imsdk.unity.types;

namespace com.tencent.imsdk.unity.callback
{
    /// <summary>
    /// The answer of a call. Code 0 is success; any other is an error number (docs/errors.md) that
    /// <paramref name="desc"/> explains. <paramref name="data"/> is <c>null</c> where there is no result (as
    /// <c>string</c>: ""). <paramref name="user_data"/> names the call, as "MsgSendMessage_17".
    /// </summary>
    public delegate void ValueCallback<T>(int code, string desc, T data, string user_data);

    /// <summary>The answer of a call that has no result.</summary>
    public delegate void NullValueCallback(int code, string desc, string user_data);

    /// <summary>
    /// One page of the members who have, or have not, read a message. <paramref name="next_seq"/> asks for the next
    /// page. There is no code: a failure is an empty list with <paramref name="is_finished"/>, and its reason goes to
    /// the log callback.
    /// </summary>
    public delegate void MsgGroupMessageReadMemberListCallback(
        List<GroupMemberInfo> json_group_member_array, ulong next_seq, bool is_finished, string user_data);

    /// <summary>The same with the members as JSON.</summary>
    public delegate void MsgGroupMessageReadMemberListStringCallback(
        string json_group_member_array, ulong next_seq, bool is_finished, string user_data);

    // Messages

    /// <summary>Messages that are new to this device; also own ones sent from another device.</summary>
    public delegate void RecvNewMsgCallback(List<Message> message, string user_data);

    /// <summary>The same as JSON.</summary>
    public delegate void RecvNewMsgStringCallback(string message, string user_data);

    /// <summary>Messages that have changed.</summary>
    public delegate void MsgUpdateCallback(List<Message> message_list, string user_data);

    /// <summary>The same as JSON.</summary>
    public delegate void MsgUpdateStringCallback(string message_list, string user_data);

    /// <summary>Messages that were recalled.</summary>
    public delegate void MsgRevokeCallback(List<MsgLocator> msg_locator, string user_data);

    /// <summary>The same as JSON.</summary>
    public delegate void MsgRevokeStringCallback(string msg_locator, string user_data);

    /// <summary>
    /// The newest receipts of own messages: absolute counts, never differences. An item with an empty
    /// <c>msg_receipt_msg_id</c> says that the peer has read the whole conversation up to <c>msg_receipt_time_stamp</c>.
    /// </summary>
    public delegate void MsgReadedReceiptCallback(List<MessageReceipt> message_receipt, string user_data);

    /// <summary>The same as JSON.</summary>
    public delegate void MsgReadedReceiptStringCallback(string message_receipt, string user_data);

    // Conversations and groups

    /// <summary>Conversations that were added, changed or deleted.</summary>
    public delegate void ConvEventCallback(TIMConvEvent conv_event, List<ConvInfo> conv_list, string user_data);

    /// <summary>The same as JSON.</summary>
    public delegate void ConvEventStringCallback(TIMConvEvent conv_event, string conv_list, string user_data);

    /// <summary>The unread count over all conversations.</summary>
    public delegate void ConvTotalUnreadMessageCountChangedCallback(int total_unread_count, string user_data);

    /// <summary>What has happened in a group.</summary>
    public delegate void GroupTipsEventCallback(GroupTipsElem message, string user_data);

    /// <summary>The same as JSON.</summary>
    public delegate void GroupTipsEventStringCallback(string message, string user_data);

    // System

    /// <summary>The connection has changed; code and text matter when it has failed.</summary>
    public delegate void NetworkStatusListenerCallback(
        TIMNetworkStatus status, int code, string desc, string user_data);

    /// <summary>Another device of the user has pushed this one out.</summary>
    public delegate void KickedOfflineCallback(string user_data);

    /// <summary>The UserSig has expired; log in again with a new one.</summary>
    public delegate void UserSigExpiredCallback(string user_data);

    /// <summary>A line of the library's log. Comes often.</summary>
    public delegate void LogCallback(TIMLogLevel log_level, string log, string user_data);

    /// <summary>The own profile has changed.</summary>
    public delegate void SelfInfoUpdatedCallback(UserProfile json_user_profile, string user_data);

    /// <summary>The same as JSON.</summary>
    public delegate void SelfInfoUpdatedStringCallback(string json_user_profile, string user_data);
}
