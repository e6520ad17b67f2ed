using System.Collections.Generic;
using com.tencent.imsdk.unity.callback;
using com.tencent.imsdk.unity.enums;
using com.tencent.imsdk.unity.types;
using Yidu.ImSdk;

namespace com.tencent.imsdk.unity
{
    // Read receipts: who was asked to read a message, who has, and who has not.
    public static partial class TencentIMSDK
    {
        /// <summary>
        /// Says that the local user has really read these messages. Their senders hear of it; the unread count stays as
        /// it is. The answer comes when the receipts are on the server's disk; without a connection it comes at once, and
        /// the receipts go out when there is one again. Repeating it changes nothing. Messages that are own, or did not
        /// ask, or were recalled are passed over. Errors: 10007 not in the conversation, 10010 no such group, 10062 none
        /// of the messages is known.
        /// </summary>
        /// <param name="msg_array">Received messages of one conversation, at most 50; otherwise TIM_ERR_PARAM.</param>
        public static TIMResult MsgSendMessageReadReceipts(List<Message> msg_array, NullValueCallback callback)
        {
            return SendReceipts(msg_array, Reply.To(callback));
        }

        /// <summary>As the overload with NullValueCallback.</summary>
        public static TIMResult MsgSendMessageReadReceipts(List<Message> msg_array, ValueCallback<string> callback)
        {
            return SendReceipts(msg_array, Reply.To(callback));
        }

        private static TIMResult SendReceipts(List<Message> msg_array, Reply reply)
        {
            return PendingCalls.Start("MsgSendMessageReadReceipts", reply, (arguments, native, token) =>
                NativeMethods.TIMMsgSendMessageReadReceipts(arguments.Json(msg_array), native, token));
        }

        /// <summary>
        /// The newest receipts of these messages, in one answer. Messages that are not the local user's own, or did not
        /// ask for receipts, are left out of it. Errors: 10007, 10010, 10062 as for sending.
        /// </summary>
        /// <param name="msg_array">1 to 1,000 messages of one conversation, otherwise TIM_ERR_PARAM; a whole page of
        /// history may be passed.</param>
        public static TIMResult MsgGetMessageReadReceipts(
            List<Message> msg_array, ValueCallback<List<MessageReceipt>> callback)
        {
            return GetReceipts(msg_array, Reply.To(callback));
        }

        /// <summary>As the overload with a list.</summary>
        public static TIMResult MsgGetMessageReadReceipts(List<Message> msg_array, ValueCallback<string> callback)
        {
            return GetReceipts(msg_array, Reply.To(callback));
        }

        private static TIMResult GetReceipts(List<Message> msg_array, Reply reply)
        {
            return PendingCalls.Start("MsgGetMessageReadReceipts", reply, (arguments, native, token) =>
                NativeMethods.TIMMsgGetMessageReadReceipts(arguments.Json(msg_array), native, token));
        }

        /// <summary>
        /// A page of the members of a group who have read a message, or of those who have not. While receipts keep
        /// landing nobody is returned twice. Any number of these calls may be under way; each gets its own answer.
        /// </summary>
        /// <param name="message">An own group message that asked for receipts.</param>
        /// <param name="next_seq">0 for the first page, then what the answer before gave.</param>
        /// <param name="count">1 to 100 members a page; otherwise TIM_ERR_PARAM.</param>
        /// <param name="callback">Has no code: a failure is an empty last page, its reason goes to the log callback.</param>
        /// <param name="stringCallback">The same with the members as JSON.</param>
        public static TIMResult GetMsgGroupMessageReadMemberList(
            Message message, TIMGroupMessageReadMembersFilter filter, ulong next_seq, long count,
            MsgGroupMessageReadMemberListCallback callback = null,
            MsgGroupMessageReadMemberListStringCallback stringCallback = null)
        {
            return ReadMembers(
                "GetMsgGroupMessageReadMemberList", message, filter, next_seq, count,
                MemberPageReply.To(callback, stringCallback));
        }

        /// <summary>
        /// <see cref="GetMsgGroupMessageReadMemberList"/> under the name that the vendor's documentation uses.
        /// </summary>
        public static TIMResult MsgGetGroupMessageReadMemberList(
            Message message, TIMGroupMessageReadMembersFilter filter, ulong next_seq, long count,
            MsgGroupMessageReadMemberListCallback callback = null,
            MsgGroupMessageReadMemberListStringCallback stringCallback = null)
        {
            return ReadMembers(
                "MsgGetGroupMessageReadMemberList", message, filter, next_seq, count,
                MemberPageReply.To(callback, stringCallback));
        }

        private static TIMResult ReadMembers(
            string method, Message message, TIMGroupMessageReadMembersFilter filter, ulong next_seq, long count,
            MemberPageReply reply)
        {
            if (count < 0 || count > uint.MaxValue)
            {
                return TIMResult.TIM_ERR_PARAM;
            }
            return PendingCalls.StartPage(method, reply, (arguments, native, token) =>
                NativeMethods.TIMMsgGetGroupMessageReadMemberList(
                    arguments.Json(message), (int)filter, next_seq, (uint)count, native, token));
        }
    }
}
