using System;
using System.Collections.Generic;
using com.tencent.imsdk.unity.callback;
using com.tencent.imsdk.unity.types;

namespace Yidu.ImSdk
{
    /// <summary>
    /// The listeners, one object per event. Those that share a native callback are told apart by their number, which
    /// is their user_data.
    /// </summary>
    internal static class Listeners
    {
        internal static readonly TextListener<List<Message>> NewMessages = new TextListener<List<Message>>(
            "AddRecvNewMsgCallback",
            number => NativeMethods.TIMAddRecvNewMsgCallback(NativeCallbacks.Text, number),
            () => NativeMethods.TIMRemoveRecvNewMsgCallback(NativeCallbacks.Text));

        internal static readonly TextListener<List<MessageReceipt>> Receipts = new TextListener<List<MessageReceipt>>(
            "SetMsgReadedReceiptCallback",
            number => NativeMethods.TIMSetMsgReadedReceiptCallback(NativeCallbacks.Text, number),
            () => NativeMethods.TIMSetMsgReadedReceiptCallback(null, IntPtr.Zero));

        internal static readonly TextListener<List<MsgLocator>> Revoked = new TextListener<List<MsgLocator>>(
            "SetMsgRevokeCallback",
            number => NativeMethods.TIMSetMsgRevokeCallback(NativeCallbacks.Text, number),
            () => NativeMethods.TIMSetMsgRevokeCallback(null, IntPtr.Zero));

        internal static readonly TextListener<List<Message>> Updated = new TextListener<List<Message>>(
            "SetMsgUpdateCallback",
            number => NativeMethods.TIMSetMsgUpdateCallback(NativeCallbacks.Text, number),
            () => NativeMethods.TIMSetMsgUpdateCallback(null, IntPtr.Zero));

        internal static readonly TextListener<GroupTipsElem> GroupTips = new TextListener<GroupTipsElem>(
            "SetGroupTipsEventCallback",
            number => NativeMethods.TIMSetGroupTipsEventCallback(NativeCallbacks.Text, number),
            () => NativeMethods.TIMSetGroupTipsEventCallback(null, IntPtr.Zero));

        internal static readonly TextListener<UserProfile> SelfInfo = new TextListener<UserProfile>(
            "SetSelfInfoUpdatedCallback",
            number => NativeMethods.TIMSetSelfInfoUpdatedCallback(NativeCallbacks.Text, number),
            () => NativeMethods.TIMSetSelfInfoUpdatedCallback(null, IntPtr.Zero));

        internal static readonly NumberedTextListener<List<ConvInfo>> Conversations =
            new NumberedTextListener<List<ConvInfo>>(
                "SetConvEventCallback",
                number => NativeMethods.TIMSetConvEventCallback(NativeCallbacks.NumberedText, number),
                () => NativeMethods.TIMSetConvEventCallback(null, IntPtr.Zero));

        internal static readonly NumberedTextListener<string> Log = new NumberedTextListener<string>(
            "SetLogCallback",
            number => NativeMethods.TIMSetLogCallback(NativeCallbacks.NumberedText, number),
            () => NativeMethods.TIMSetLogCallback(null, IntPtr.Zero));

        internal static readonly Listener<ConvTotalUnreadMessageCountChangedCallback> TotalUnread =
            new Listener<ConvTotalUnreadMessageCountChangedCallback>(
                "SetConvTotalUnreadMessageCountChangedCallback",
                number => NativeMethods.TIMSetConvTotalUnreadMessageCountChangedCallback(
                    NativeCallbacks.Number, number),
                () => NativeMethods.TIMSetConvTotalUnreadMessageCountChangedCallback(null, IntPtr.Zero));

        internal static readonly Listener<NetworkStatusListenerCallback> Network =
            new Listener<NetworkStatusListenerCallback>(
                "SetNetworkStatusListenerCallback",
                number => NativeMethods.TIMSetNetworkStatusListenerCallback(NativeCallbacks.Network, number),
                () => NativeMethods.TIMSetNetworkStatusListenerCallback(null, IntPtr.Zero));

        internal static readonly SignalListener KickedOffline = new SignalListener(
            "SetKickedOfflineCallback",
            number => NativeMethods.TIMSetKickedOfflineCallback(NativeCallbacks.Signal, number),
            () => NativeMethods.TIMSetKickedOfflineCallback(null, IntPtr.Zero));

        internal static readonly SignalListener UserSigExpired = new SignalListener(
            "SetUserSigExpiredCallback",
            number => NativeMethods.TIMSetUserSigExpiredCallback(NativeCallbacks.Signal, number),
            () => NativeMethods.TIMSetUserSigExpiredCallback(null, IntPtr.Zero));

        private static readonly IListener[] All =
        {
            NewMessages, Receipts, Revoked, Updated, GroupTips, SelfInfo, Conversations, Log, TotalUnread, Network,
            KickedOffline, UserSigExpired,
        };

        static Listeners()
        {
            for (var index = 0; index < All.Length; index++)
            {
                All[index].Number = new IntPtr(index + 1);
            }
        }

        internal static ITextListener OfText(IntPtr number)
        {
            return (ITextListener)All[number.ToInt32() - 1];
        }

        internal static INumberedTextListener OfNumberedText(IntPtr number)
        {
            return (INumberedTextListener)All[number.ToInt32() - 1];
        }

        internal static SignalListener OfSignal(IntPtr number)
        {
            return (SignalListener)All[number.ToInt32() - 1];
        }

        /// <summary>Removes every handler; events that are already on their way to one go nowhere.</summary>
        internal static void RemoveAll()
        {
            foreach (var listener in All)
            {
                listener.Clear();
            }
        }
    }
}
