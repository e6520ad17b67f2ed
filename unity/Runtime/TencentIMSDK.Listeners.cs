using System;
using System.Collections.Generic;
using com.tencent.imsdk.unity.callback;
using com.tencent.imsdk.unity.enums;
using com.tencent.imsdk.unity.types;
using Yidu.ImSdk;

namespace com.tencent.imsdk.unity
{
    // Listeners. Setting one replaces the one before; setting none removes it. Of the two forms of a handler one or both
    // may be given. Register before Login, so that nothing is missed.
    public static partial class TencentIMSDK
    {
        /// <summary>
        /// Adds a listener for new messages. Several may be there, each is called; one that is added twice is called
        /// once.
        /// </summary>
        public static void AddRecvNewMsgCallback(
            RecvNewMsgCallback callback = null, RecvNewMsgStringCallback stringCallback = null)
        {
            Listeners.NewMessages.Add(Typed(callback), Raw(stringCallback));
        }

        /// <summary>Removes listeners for new messages: those given, or all when none is given.</summary>
        public static void RemoveRecvNewMsgCallback(
            RecvNewMsgCallback callback = null, RecvNewMsgStringCallback stringCallback = null)
        {
            if (callback == null && stringCallback == null)
            {
                Listeners.NewMessages.Clear();
            }
            else
            {
                Listeners.NewMessages.Remove(Typed(callback), Raw(stringCallback));
            }
        }

        private static TextHandler<List<Message>> Typed(RecvNewMsgCallback callback)
        {
            return TextHandler<List<Message>>.Typed(callback, (number, messages, name) => callback(messages, name));
        }

        private static TextHandler<List<Message>> Raw(RecvNewMsgStringCallback callback)
        {
            return TextHandler<List<Message>>.Raw(callback, (number, json, name) => callback(json, name));
        }

        /// <summary>
        /// Receipts of own messages. The first comes at once; while more keep coming, at most one update per message
        /// every 200 ms, with the newest absolute counts, and always the last state.
        /// </summary>
        public static void SetMsgReadedReceiptCallback(
            MsgReadedReceiptCallback callback = null, MsgReadedReceiptStringCallback stringCallback = null)
        {
            Listeners.Receipts.Set(
                TextHandler<List<MessageReceipt>>.Typed(callback, (number, receipts, name) => callback(receipts, name)),
                TextHandler<List<MessageReceipt>>.Raw(
                    stringCallback, (number, json, name) => stringCallback(json, name)));
        }

        /// <summary>Messages that were recalled.</summary>
        public static void SetMsgRevokeCallback(
            MsgRevokeCallback callback = null, MsgRevokeStringCallback stringCallback = null)
        {
            Listeners.Revoked.Set(
                TextHandler<List<MsgLocator>>.Typed(callback, (number, locators, name) => callback(locators, name)),
                TextHandler<List<MsgLocator>>.Raw(stringCallback, (number, json, name) => stringCallback(json, name)));
        }

        /// <summary>Messages that have changed.</summary>
        public static void SetMsgUpdateCallback(
            MsgUpdateCallback callback = null, MsgUpdateStringCallback stringCallback = null)
        {
            Listeners.Updated.Set(
                TextHandler<List<Message>>.Typed(callback, (number, messages, name) => callback(messages, name)),
                TextHandler<List<Message>>.Raw(stringCallback, (number, json, name) => stringCallback(json, name)));
        }

        /// <summary>Conversations that were added, changed or deleted.</summary>
        public static void SetConvEventCallback(
            ConvEventCallback callback = null, ConvEventStringCallback stringCallback = null)
        {
            Listeners.Conversations.Set(
                TextHandler<List<ConvInfo>>.Typed(
                    callback, (number, conversations, name) => callback((TIMConvEvent)number, conversations, name)),
                TextHandler<List<ConvInfo>>.Raw(
                    stringCallback, (number, json, name) => stringCallback((TIMConvEvent)number, json, name)));
        }

        /// <summary>The unread count over all conversations has changed.</summary>
        public static void SetConvTotalUnreadMessageCountChangedCallback(
            ConvTotalUnreadMessageCountChangedCallback callback = null)
        {
            Listeners.TotalUnread.Set(callback);
        }

        /// <summary>What has happened in the groups of the local user.</summary>
        public static void SetGroupTipsEventCallback(
            GroupTipsEventCallback callback = null, GroupTipsEventStringCallback stringCallback = null)
        {
            Listeners.GroupTips.Set(
                TextHandler<GroupTipsElem>.Typed(callback, (number, tip, name) => callback(tip, name)),
                TextHandler<GroupTipsElem>.Raw(stringCallback, (number, json, name) => stringCallback(json, name)));
        }

        /// <summary>The own profile has changed.</summary>
        public static void SetSelfInfoUpdatedCallback(
            SelfInfoUpdatedCallback callback = null, SelfInfoUpdatedStringCallback stringCallback = null)
        {
            Listeners.SelfInfo.Set(
                TextHandler<UserProfile>.Typed(callback, (number, profile, name) => callback(profile, name)),
                TextHandler<UserProfile>.Raw(stringCallback, (number, json, name) => stringCallback(json, name)));
        }

        /// <summary>The connection to the server has changed.</summary>
        public static void SetNetworkStatusListenerCallback(NetworkStatusListenerCallback callback = null)
        {
            Listeners.Network.Set(callback);
        }

        /// <summary>Another device has pushed this one out; the user is logged out here.</summary>
        public static void SetKickedOfflineCallback(KickedOfflineCallback callback = null)
        {
            Listeners.KickedOffline.Set(callback == null ? null : new Action<string>(callback.Invoke));
        }

        /// <summary>The UserSig has expired; log in again with a new one.</summary>
        public static void SetUserSigExpiredCallback(UserSigExpiredCallback callback = null)
        {
            Listeners.UserSigExpired.Set(callback == null ? null : new Action<string>(callback.Invoke));
        }

        /// <summary>The library's log. Comes often; also says why a member list came back empty.</summary>
        public static void SetLogCallback(LogCallback callback = null)
        {
            Listeners.Log.Set(TextHandler<string>.Raw(
                callback, (number, line, name) => callback((TIMLogLevel)number, line, name)));
        }
    }
}
