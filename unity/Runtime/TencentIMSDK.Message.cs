using System.Collections.Generic;
using System.Text;
using com.tencent.imsdk.unity.callback;
using com.tencent.imsdk.unity.enums;
using com.tencent.imsdk.unity.types;
using Yidu.ImSdk;

namespace com.tencent.imsdk.unity
{
    // Sending, finding, recalling and deleting messages.
    public static partial class TencentIMSDK
    {
        /// <summary>
        /// Sends a message. The answer is the message as it is on the server's disk; on failure the message with status
        /// SendFail. Errors: 7013 receipts do not work in this group (the text says which switch to turn), 10007 not a
        /// member, 10010 no such group, 10017 muted, 20003 or 90012 the peer has no account, 80002 larger than 12 KiB,
        /// 6200 or 6012 the server cannot be reached (it may have got the message).
        /// </summary>
        /// <param name="conv_id">The peer's user id or the group id.</param>
        /// <param name="message_id">Gets the message's id before this returns. May be <c>null</c>; any capacity will do.</param>
        public static TIMResult MsgSendMessage(
            string conv_id, TIMConvType conv_type, Message message, StringBuilder message_id,
            ValueCallback<Message> callback)
        {
            return Send(conv_id, conv_type, message, message_id, Reply.To(callback));
        }

        /// <summary>As the overload with <see cref="Message"/>.</summary>
        public static TIMResult MsgSendMessage(
            string conv_id, TIMConvType conv_type, Message message, StringBuilder message_id,
            ValueCallback<string> callback)
        {
            return Send(conv_id, conv_type, message, message_id, Reply.To(callback));
        }

        private static TIMResult Send(
            string conv_id, TIMConvType conv_type, Message message, StringBuilder message_id, Reply reply)
        {
            return PendingCalls.Start("MsgSendMessage", reply, (arguments, native, token) =>
            {
                var buffer = arguments.IdBuffer();
                var result = NativeMethods.TIMMsgSendMessage(
                    arguments.Text(conv_id), (int)conv_type, arguments.Json(message), buffer, native, token);
                if (message_id != null)
                {
                    Arguments.CopyId(buffer, message_id);
                }
                return result;
            });
        }

        /// <summary>
        /// Part of a conversation's history: towards the older newest first, towards the newer oldest first. Recalled
        /// messages are in it, deleted ones are not. Members of Meeting groups see what was before they joined, others
        /// don't; AVChatRoom has no history. Errors: 10007 not in the conversation, 10010 no such group.
        /// </summary>
        public static TIMResult MsgGetMsgList(
            string conv_id, TIMConvType conv_type, MsgGetMsgListParam get_message_list_param,
            ValueCallback<List<Message>> callback)
        {
            return History(conv_id, conv_type, get_message_list_param, Reply.To(callback));
        }

        /// <summary>As the overload with a list.</summary>
        public static TIMResult MsgGetMsgList(
            string conv_id, TIMConvType conv_type, MsgGetMsgListParam get_message_list_param,
            ValueCallback<string> callback)
        {
            return History(conv_id, conv_type, get_message_list_param, Reply.To(callback));
        }

        private static TIMResult History(
            string conv_id, TIMConvType conv_type, MsgGetMsgListParam param, Reply reply)
        {
            return PendingCalls.Start("MsgGetMsgList", reply, (arguments, native, token) =>
                NativeMethods.TIMMsgGetMsgList(
                    arguments.Text(conv_id), (int)conv_type, arguments.Json(param), native, token));
        }

        /// <summary>
        /// The messages with these ids (1 to 1,000), as far as this device knows them; recalled and deleted ones
        /// included. Unknown ids are left out.
        /// </summary>
        public static TIMResult MsgFindMessages(List<string> message_id_array, ValueCallback<List<Message>> callback)
        {
            return Find(message_id_array, Reply.To(callback));
        }

        /// <summary>As the overload with a list.</summary>
        public static TIMResult MsgFindMessages(List<string> message_id_array, ValueCallback<string> callback)
        {
            return Find(message_id_array, Reply.To(callback));
        }

        private static TIMResult Find(List<string> ids, Reply reply)
        {
            return PendingCalls.Start("MsgFindMessages", reply, (arguments, native, token) =>
                NativeMethods.TIMMsgFindMessages(arguments.Json(ids), native, token));
        }

        /// <summary>As <see cref="MsgFindMessages(List{string}, ValueCallback{List{Message}})"/>, by locators.</summary>
        public static TIMResult MsgFindByMsgLocatorList(
            string conv_id, TIMConvType conv_type, List<MsgLocator> message_locator,
            ValueCallback<List<Message>> callback)
        {
            return Find(conv_id, conv_type, message_locator, Reply.To(callback));
        }

        /// <summary>As the overload with a list.</summary>
        public static TIMResult MsgFindByMsgLocatorList(
            string conv_id, TIMConvType conv_type, List<MsgLocator> message_locator, ValueCallback<string> callback)
        {
            return Find(conv_id, conv_type, message_locator, Reply.To(callback));
        }

        private static TIMResult Find(string conv_id, TIMConvType conv_type, List<MsgLocator> locators, Reply reply)
        {
            return PendingCalls.Start("MsgFindByMsgLocatorList", reply, (arguments, native, token) =>
                NativeMethods.TIMMsgFindByMsgLocatorList(
                    arguments.Text(conv_id), (int)conv_type, arguments.Json(locators), native, token));
        }

        /// <summary>
        /// Recalls a message: its own sender, in a group also owner and admins, within 2 minutes unless the app allows
        /// more. <see cref="Message.message_revoke_reason"/> is shown to the others (at most 512 bytes). Errors:
        /// 20016/10031 too late, 20022/10030 no such message, 20023/10032 recalled already, 10007 not allowed.
        /// </summary>
        public static TIMResult MsgRevoke(
            string conv_id, TIMConvType conv_type, Message message, NullValueCallback callback)
        {
            return Revoke(conv_id, conv_type, message, Reply.To(callback));
        }

        /// <summary>As the overload with NullValueCallback.</summary>
        public static TIMResult MsgRevoke(
            string conv_id, TIMConvType conv_type, Message message, ValueCallback<string> callback)
        {
            return Revoke(conv_id, conv_type, message, Reply.To(callback));
        }

        private static TIMResult Revoke(string conv_id, TIMConvType conv_type, Message message, Reply reply)
        {
            return PendingCalls.Start("MsgRevoke", reply, (arguments, native, token) =>
                NativeMethods.TIMMsgRevoke(
                    arguments.Text(conv_id), (int)conv_type, arguments.Json(message), native, token));
        }

        /// <summary>Deletes one message for the local user; others keep it. Errors: 10007, 10010, 6200.</summary>
        public static TIMResult MsgDelete(
            string conv_id, TIMConvType conv_type, MsgDeleteParam message_delete_param, NullValueCallback callback)
        {
            return Delete(conv_id, conv_type, message_delete_param, Reply.To(callback));
        }

        /// <summary>As the overload with NullValueCallback.</summary>
        public static TIMResult MsgDelete(
            string conv_id, TIMConvType conv_type, MsgDeleteParam message_delete_param,
            ValueCallback<string> callback)
        {
            return Delete(conv_id, conv_type, message_delete_param, Reply.To(callback));
        }

        private static TIMResult Delete(string conv_id, TIMConvType conv_type, MsgDeleteParam param, Reply reply)
        {
            return PendingCalls.Start("MsgDelete", reply, (arguments, native, token) =>
                NativeMethods.TIMMsgDelete(
                    arguments.Text(conv_id), (int)conv_type, arguments.Json(param), native, token));
        }

        /// <summary>
        /// Deletes 1 to 50 messages of one conversation for the local user, here and on the server; more, or several
        /// conversations: TIM_ERR_PARAM.
        /// </summary>
        public static TIMResult MsgListDelete(
            string conv_id, TIMConvType conv_type, List<Message> message_list, NullValueCallback callback)
        {
            return Delete(conv_id, conv_type, message_list, Reply.To(callback));
        }

        /// <summary>As the overload with NullValueCallback.</summary>
        public static TIMResult MsgListDelete(
            string conv_id, TIMConvType conv_type, List<Message> message_list, ValueCallback<string> callback)
        {
            return Delete(conv_id, conv_type, message_list, Reply.To(callback));
        }

        private static TIMResult Delete(string conv_id, TIMConvType conv_type, List<Message> messages, Reply reply)
        {
            return PendingCalls.Start("MsgListDelete", reply, (arguments, native, token) =>
                NativeMethods.TIMMsgListDelete(
                    arguments.Text(conv_id), (int)conv_type, arguments.Json(messages), native, token));
        }

        /// <summary>
        /// Clears the unread count of a conversation up to <paramref name="message"/> (<c>null</c>: all of it). Sends
        /// no receipts. Prefer
        /// <see cref="ConvCleanConversationUnreadMessageCount(string, ulong, ulong, NullValueCallback)"/>.
        /// </summary>
        /// <param name="conv_id"><c>null</c> or "": all conversations of that type.</param>
        public static TIMResult MsgReportReaded(
            string conv_id, TIMConvType conv_type, Message message, NullValueCallback callback)
        {
            return ReportRead(conv_id, conv_type, message, Reply.To(callback));
        }

        /// <summary>As the overload with NullValueCallback.</summary>
        public static TIMResult MsgReportReaded(
            string conv_id, TIMConvType conv_type, Message message, ValueCallback<string> callback)
        {
            return ReportRead(conv_id, conv_type, message, Reply.To(callback));
        }

        private static TIMResult ReportRead(string conv_id, TIMConvType conv_type, Message message, Reply reply)
        {
            return PendingCalls.Start("MsgReportReaded", reply, (arguments, native, token) =>
                NativeMethods.TIMMsgReportReaded(
                    arguments.Text(conv_id), (int)conv_type, arguments.Json(message), native, token));
        }

        /// <summary>Clears the unread counts of all conversations. Sends no receipts.</summary>
        public static TIMResult MsgMarkAllMessageAsRead(NullValueCallback callback)
        {
            return MarkAll(Reply.To(callback));
        }

        /// <summary>As the overload with NullValueCallback.</summary>
        public static TIMResult MsgMarkAllMessageAsRead(ValueCallback<string> callback)
        {
            return MarkAll(Reply.To(callback));
        }

        private static TIMResult MarkAll(Reply reply)
        {
            return PendingCalls.Start("MsgMarkAllMessageAsRead", reply, (arguments, native, token) =>
                NativeMethods.TIMMsgMarkAllMessageAsRead(native, token));
        }
    }
}
