using System;
using System.Runtime.InteropServices;

namespace Yidu.ImSdk
{
    /// <summary>
    /// The functions of the native library that the package calls, one to one.
    /// </summary>
    /// <remarks>
    /// Every text is a pointer to NUL-terminated UTF-8 (<see cref="Arguments"/>, <see cref="Utf8"/>): marshalling as
    /// <c>string</c> would go through the ANSI code page on Windows. Binding is lazy, so a symbol that is missing shows
    /// at its first call.
    /// </remarks>
    internal static class NativeMethods
    {
#if (UNITY_IOS || UNITY_TVOS || UNITY_WEBGL) && !UNITY_EDITOR
        private const string Library = "__Internal";
#elif UNITY_EDITOR_OSX || UNITY_STANDALONE_OSX
        private const string Library = "libImSDKForMac_C";
#else
        private const string Library = "ImSDK";
#endif
        private const CallingConvention C = CallingConvention.Cdecl;

        // Base

        [DllImport(Library, CallingConvention = C)]
        internal static extern int TIMInit(ulong appId, IntPtr config);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int TIMUninit();

        [DllImport(Library, CallingConvention = C)]
        internal static extern IntPtr TIMGetSDKVersion();

        [DllImport(Library, CallingConvention = C)]
        internal static extern ulong TIMGetServerTime();

        [DllImport(Library, CallingConvention = C)]
        internal static extern int TIMSetConfig(IntPtr config, NativeReply reply, IntPtr userData);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int TIMLogin(IntPtr userId, IntPtr userSig, NativeReply reply, IntPtr userData);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int TIMLogout(NativeReply reply, IntPtr userData);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int TIMGetLoginUserID(IntPtr buffer);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int TIMGetLoginStatus();

        [DllImport(Library, CallingConvention = C)]
        internal static extern int callExperimentalAPI(IntPtr request, NativeReply reply, IntPtr userData);

        // Profiles

        [DllImport(Library, CallingConvention = C)]
        internal static extern int TIMProfileGetUserProfileList(IntPtr param, NativeReply reply, IntPtr userData);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int TIMProfileModifySelfUserProfile(IntPtr item, NativeReply reply, IntPtr userData);

        // Messages

        [DllImport(Library, CallingConvention = C)]
        internal static extern int TIMMsgSendMessage(
            IntPtr convId, int convType, IntPtr message, IntPtr idBuffer, NativeReply reply, IntPtr userData);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int TIMMsgGetMsgList(
            IntPtr convId, int convType, IntPtr param, NativeReply reply, IntPtr userData);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int TIMMsgFindMessages(IntPtr ids, NativeReply reply, IntPtr userData);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int TIMMsgFindByMsgLocatorList(
            IntPtr convId, int convType, IntPtr locators, NativeReply reply, IntPtr userData);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int TIMMsgRevoke(
            IntPtr convId, int convType, IntPtr message, NativeReply reply, IntPtr userData);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int TIMMsgDelete(
            IntPtr convId, int convType, IntPtr param, NativeReply reply, IntPtr userData);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int TIMMsgListDelete(
            IntPtr convId, int convType, IntPtr messages, NativeReply reply, IntPtr userData);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int TIMMsgReportReaded(
            IntPtr convId, int convType, IntPtr message, NativeReply reply, IntPtr userData);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int TIMMsgMarkAllMessageAsRead(NativeReply reply, IntPtr userData);

        // Receipts

        [DllImport(Library, CallingConvention = C)]
        internal static extern int TIMMsgSendMessageReadReceipts(IntPtr messages, NativeReply reply, IntPtr userData);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int TIMMsgGetMessageReadReceipts(IntPtr messages, NativeReply reply, IntPtr userData);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int TIMMsgGetGroupMessageReadMemberList(
            IntPtr message, int filter, ulong nextSeq, uint count, NativeMemberPage page, IntPtr userData);

        // Conversations

        [DllImport(Library, CallingConvention = C)]
        internal static extern int TIMConvGetConvList(NativeReply reply, IntPtr userData);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int TIMConvGetConvInfo(IntPtr conversations, NativeReply reply, IntPtr userData);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int TIMConvDelete(IntPtr convId, int convType, NativeReply reply, IntPtr userData);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int TIMConvGetTotalUnreadMessageCount(NativeReply reply, IntPtr userData);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int TIMConvCleanConversationUnreadMessageCount(
            IntPtr conversationId, ulong timestamp, ulong sequence, NativeReply reply, IntPtr userData);

        // Groups

        [DllImport(Library, CallingConvention = C)]
        internal static extern int TIMGroupCreate(IntPtr group, NativeReply reply, IntPtr userData);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int TIMGroupDelete(IntPtr groupId, NativeReply reply, IntPtr userData);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int TIMGroupJoin(IntPtr groupId, IntPtr hello, NativeReply reply, IntPtr userData);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int TIMGroupQuit(IntPtr groupId, NativeReply reply, IntPtr userData);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int TIMGroupInviteMember(IntPtr param, NativeReply reply, IntPtr userData);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int TIMGroupDeleteMember(IntPtr param, NativeReply reply, IntPtr userData);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int TIMGroupGetJoinedGroupList(NativeReply reply, IntPtr userData);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int TIMGroupGetGroupInfoList(IntPtr groupIds, NativeReply reply, IntPtr userData);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int TIMGroupGetMemberInfoList(IntPtr param, NativeReply reply, IntPtr userData);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int TIMGroupModifyGroupInfo(IntPtr param, NativeReply reply, IntPtr userData);

        // Listeners

        [DllImport(Library, CallingConvention = C)]
        internal static extern void TIMAddRecvNewMsgCallback(NativeText listener, IntPtr userData);

        [DllImport(Library, CallingConvention = C)]
        internal static extern void TIMRemoveRecvNewMsgCallback(NativeText listener);

        [DllImport(Library, CallingConvention = C)]
        internal static extern void TIMSetMsgReadedReceiptCallback(NativeText listener, IntPtr userData);

        [DllImport(Library, CallingConvention = C)]
        internal static extern void TIMSetMsgRevokeCallback(NativeText listener, IntPtr userData);

        [DllImport(Library, CallingConvention = C)]
        internal static extern void TIMSetMsgUpdateCallback(NativeText listener, IntPtr userData);

        [DllImport(Library, CallingConvention = C)]
        internal static extern void TIMSetGroupTipsEventCallback(NativeText listener, IntPtr userData);

        [DllImport(Library, CallingConvention = C)]
        internal static extern void TIMSetSelfInfoUpdatedCallback(NativeText listener, IntPtr userData);

        [DllImport(Library, CallingConvention = C)]
        internal static extern void TIMSetConvEventCallback(NativeNumberedText listener, IntPtr userData);

        [DllImport(Library, CallingConvention = C)]
        internal static extern void TIMSetLogCallback(NativeNumberedText listener, IntPtr userData);

        [DllImport(Library, CallingConvention = C)]
        internal static extern void TIMSetConvTotalUnreadMessageCountChangedCallback(
            NativeNumber listener, IntPtr userData);

        [DllImport(Library, CallingConvention = C)]
        internal static extern void TIMSetNetworkStatusListenerCallback(NativeNetwork listener, IntPtr userData);

        [DllImport(Library, CallingConvention = C)]
        internal static extern void TIMSetKickedOfflineCallback(NativeSignal listener, IntPtr userData);

        [DllImport(Library, CallingConvention = C)]
        internal static extern void TIMSetUserSigExpiredCallback(NativeSignal listener, IntPtr userData);
    }
}
