namespace com.tencent.imsdk.unity.enums
{
    /// <summary>The kind of a conversation.</summary>
    public enum TIMConvType
    {
        kTIMConv_Invalid = 0,
        /// <summary>One-to-one; the conversation id is the peer's user id.</summary>
        kTIMConv_C2C = 1,
        /// <summary>A group; the conversation id is the group id.</summary>
        kTIMConv_Group = 2,
        kTIMConv_System = 3,
    }

    /// <summary>What has happened to a conversation.</summary>
    public enum TIMConvEvent
    {
        kTIMConvEvent_Add = 0,
        kTIMConvEvent_Del = 1,
        kTIMConvEvent_Update = 2,
        /// <summary>The list is being synchronised; no conversations come along.</summary>
        kTIMConvEvent_Start = 3,
        kTIMConvEvent_Finish = 4,
    }

    /// <summary>Whether a message reaches the user, and how loudly.</summary>
    public enum TIMReceiveMessageOpt
    {
        kTIMRecvMsgOpt_Receive = 0,
        kTIMRecvMsgOpt_Not_Receive = 1,
        kTIMRecvMsgOpt_Not_Notify = 2,
        kTIMRecvMsgOpt_Not_Notify_Except_At = 3,
        kTIMRecvMsgOpt_Not_Receive_Except_At = 4,
    }

    /// <summary>Why a group conversation is marked with @.</summary>
    public enum TIMGroupAtType
    {
        kTIMGroup_At_Me = 1,
        kTIMGroup_At_All = 2,
        kTIMGroup_At_All_At_ME = 3,
    }

    /// <summary>The kind of an element, which says which of its fields count.</summary>
    public enum TIMElemType
    {
        kTIMElem_Text = 0,
        kTIMElem_Image = 1,
        kTIMElem_Sound = 2,
        kTIMElem_Custom = 3,
        kTIMElem_File = 4,
        /// <summary>Received only.</summary>
        kTIMElem_GroupTips = 5,
        kTIMElem_Face = 6,
        kTIMElem_Location = 7,
        /// <summary>Received only.</summary>
        kTIMElem_GroupReport = 8,
        kTIMElem_Video = 9,
        kTIMElem_FriendChange = 10,
        kTIMElem_ProfileChange = 11,
        kTIMElem_Merge = 12,
        kTIMElem_Invalid = -1,
    }

    /// <summary>Where a message stands.</summary>
    public enum TIMMsgStatus
    {
        kTIMMsg_Sending = 1,
        kTIMMsg_SendSucc = 2,
        kTIMMsg_SendFail = 3,
        kTIMMsg_Deleted = 4,
        kTIMMsg_LocalImported = 5,
        kTIMMsg_Revoked = 6,
        kTIMMsg_Cancel = 7,
    }

    /// <summary>Priority of a group message.</summary>
    public enum TIMMsgPriority
    {
        kTIMMsgPriority_High = 0,
        kTIMMsgPriority_Normal = 1,
        kTIMMsgPriority_Low = 2,
        kTIMMsgPriority_Lowest = 3,
    }

    /// <summary>The size in which an image is sent.</summary>
    public enum TIMImageLevel
    {
        kTIMImageLevel_Orig = 0,
        kTIMImageLevel_Compression = 1,
        kTIMImageLevel_HD = 2,
    }

    /// <summary>Which of the two member lists of a group message.</summary>
    public enum TIMGroupMessageReadMembersFilter
    {
        /// <summary>Members who have read it.</summary>
        TIM_GROUP_MESSAGE_READ_MEMBERS_FILTER_READ = 0,
        /// <summary>Members who were asked, have not read it and are in the group now.</summary>
        TIM_GROUP_MESSAGE_READ_MEMBERS_FILTER_UNREAD = 1,
    }

    /// <summary>Whether an offline push is wanted. Yidu carries the setting and sends no pushes.</summary>
    public enum TIMOfflinePushFlag
    {
        kTIMOfflinePushFlag_Default = 0,
        kTIMOfflinePushFlag_NoPush = 1,
    }

    /// <summary>How Android shows an offline push.</summary>
    public enum TIMAndroidOfflinePushNotifyMode
    {
        kTIMAndroidOfflinePushNotifyMode_Normal = 0,
        kTIMAndroidOfflinePushNotifyMode_Custom = 1,
    }
}
