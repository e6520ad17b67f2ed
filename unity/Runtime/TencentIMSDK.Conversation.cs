using System.Collections.Generic;
using com.tencent.imsdk.unity.callback;
using com.tencent.imsdk.unity.enums;
using com.tencent.imsdk.unity.types;
using Yidu.ImSdk;

namespace com.tencent.imsdk.unity
{
    // Conversations and their unread counts.
    public static partial class TencentIMSDK
    {
        /// <summary>All conversations of the local user.</summary>
        public static TIMResult ConvGetConvList(ValueCallback<List<ConvInfo>> callback)
        {
            return ConvList(Reply.To(callback));
        }

        /// <summary>As the overload with a list.</summary>
        public static TIMResult ConvGetConvList(ValueCallback<string> callback)
        {
            return ConvList(Reply.To(callback));
        }

        private static TIMResult ConvList(Reply reply)
        {
            return PendingCalls.Start("ConvGetConvList", reply, (arguments, native, token) =>
                NativeMethods.TIMConvGetConvList(native, token));
        }

        /// <summary>These conversations; those that do not exist are left out.</summary>
        public static TIMResult ConvGetConvInfo(List<ConvParam> conv_list_param, ValueCallback<List<ConvInfo>> callback)
        {
            return ConvInfos(conv_list_param, Reply.To(callback));
        }

        /// <summary>As the overload with a list.</summary>
        public static TIMResult ConvGetConvInfo(List<ConvParam> conv_list_param, ValueCallback<string> callback)
        {
            return ConvInfos(conv_list_param, Reply.To(callback));
        }

        private static TIMResult ConvInfos(List<ConvParam> conversations, Reply reply)
        {
            return PendingCalls.Start("ConvGetConvInfo", reply, (arguments, native, token) =>
                NativeMethods.TIMConvGetConvInfo(arguments.Json(conversations), native, token));
        }

        /// <summary>Deletes a conversation and its history for the local user; others keep theirs.</summary>
        public static TIMResult ConvDelete(string conv_id, TIMConvType conv_type, NullValueCallback callback)
        {
            return DeleteConv(conv_id, conv_type, Reply.To(callback));
        }

        /// <summary>As the overload with NullValueCallback.</summary>
        public static TIMResult ConvDelete(string conv_id, TIMConvType conv_type, ValueCallback<string> callback)
        {
            return DeleteConv(conv_id, conv_type, Reply.To(callback));
        }

        private static TIMResult DeleteConv(string conv_id, TIMConvType conv_type, Reply reply)
        {
            return PendingCalls.Start("ConvDelete", reply, (arguments, native, token) =>
                NativeMethods.TIMConvDelete(arguments.Text(conv_id), (int)conv_type, native, token));
        }

        /// <summary>
        /// The unread count over all conversations, without those that are muted. After the first call changes come
        /// through <see cref="SetConvTotalUnreadMessageCountChangedCallback"/>.
        /// </summary>
        public static TIMResult ConvGetTotalUnreadMessageCount(ValueCallback<GetTotalUnreadNumberResult> callback)
        {
            return TotalUnread(Reply.To(callback));
        }

        /// <summary>As the overload with GetTotalUnreadNumberResult.</summary>
        public static TIMResult ConvGetTotalUnreadMessageCount(ValueCallback<string> callback)
        {
            return TotalUnread(Reply.To(callback));
        }

        private static TIMResult TotalUnread(Reply reply)
        {
            return PendingCalls.Start("ConvGetTotalUnreadMessageCount", reply, (arguments, native, token) =>
                NativeMethods.TIMConvGetTotalUnreadMessageCount(native, token));
        }

        /// <summary>
        /// Clears unread counts. In C2C the peer hears that the conversation was read; no receipts are sent.
        /// </summary>
        /// <param name="conversation_id">"c2c_" and a user id, "group_" and a group id, "c2c" or "group" for all of
        /// them, <c>null</c> or "" for everything.</param>
        /// <param name="clean_timestamp">C2C only: up to this second; 0 for all.</param>
        /// <param name="clean_sequence">Groups only: up to this seq; 0 for all.</param>
        public static TIMResult ConvCleanConversationUnreadMessageCount(
            string conversation_id, ulong clean_timestamp, ulong clean_sequence, NullValueCallback callback)
        {
            return CleanUnread(conversation_id, clean_timestamp, clean_sequence, Reply.To(callback));
        }

        /// <summary>As the overload with NullValueCallback.</summary>
        public static TIMResult ConvCleanConversationUnreadMessageCount(
            string conversation_id, ulong clean_timestamp, ulong clean_sequence, ValueCallback<string> callback)
        {
            return CleanUnread(conversation_id, clean_timestamp, clean_sequence, Reply.To(callback));
        }

        private static TIMResult CleanUnread(string id, ulong timestamp, ulong sequence, Reply reply)
        {
            return PendingCalls.Start("ConvCleanConversationUnreadMessageCount", reply, (arguments, native, token) =>
                NativeMethods.TIMConvCleanConversationUnreadMessageCount(
                    arguments.Text(id), timestamp, sequence, native, token));
        }
    }
}
