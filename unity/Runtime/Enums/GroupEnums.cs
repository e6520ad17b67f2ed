using System;

namespace com.tencent.imsdk.unity.enums
{
    /// <summary>The type of a group, with the most members it has by default.</summary>
    public enum TIMGroupType
    {
        /// <summary>Public, 2,000.</summary>
        kTIMGroup_Public = 0,
        /// <summary>Work, 200: members are invited, nobody applies.</summary>
        kTIMGroup_Private = 1,
        /// <summary>Meeting, 6,000: joiners see earlier messages.</summary>
        kTIMGroup_ChatRoom = 2,
        /// <summary>Obsolete.</summary>
        kTIMGroup_BChatRoom = 3,
        /// <summary>Live broadcast: no receipts, no history.</summary>
        kTIMGroup_AVChatRoom = 4,
        /// <summary>Community, 100,000.</summary>
        kTIMGroup_Community = 5,
    }

    /// <summary>The role of a member.</summary>
    public enum TIMGroupMemberRole
    {
        kTIMMemberRole_None = 0,
        kTIMMemberRole_Normal = 200,
        kTIMMemberRole_Admin = 300,
        kTIMMemberRole_Owner = 400,
    }

    /// <summary>Who may join.</summary>
    public enum TIMGroupAddOption
    {
        kTIMGroupAddOpt_Forbid = 0,
        kTIMGroupAddOpt_Auth = 1,
        kTIMGroupAddOpt_Any = 2,
        kTIMGroupAddOpt_Unknown = 3,
    }

    /// <summary>What came of inviting or removing one member.</summary>
    public enum HandleGroupMemberResult
    {
        kTIMGroupMember_HandledErr = 0,
        kTIMGroupMember_HandledSuc = 1,
        /// <summary>Was a member already.</summary>
        kTIMGroupMember_Included = 2,
        /// <summary>Has to accept first.</summary>
        kTIMGroupMember_Invited = 3,
    }

    /// <summary>Which fields of a GroupModifyInfoParam are meant. Owner must stand alone.</summary>
    [Flags]
    public enum TIMGroupModifyInfoFlag : uint
    {
        kTIMGroupModifyInfoFlag_None = 0,
        kTIMGroupModifyInfoFlag_Name = 1,
        kTIMGroupModifyInfoFlag_Notification = 1 << 1,
        kTIMGroupModifyInfoFlag_Introduction = 1 << 2,
        kTIMGroupModifyInfoFlag_FaceUrl = 1 << 3,
        kTIMGroupModifyInfoFlag_AddOption = 1 << 4,
        kTIMGroupModifyInfoFlag_MaxMemberNum = 1 << 5,
        /// <summary>The same, as older scripts spell it.</summary>
        kTIMGroupModifyInfoFlag_MaxMmeberNum = 1 << 5,
        kTIMGroupModifyInfoFlag_Visible = 1 << 6,
        kTIMGroupModifyInfoFlag_Searchable = 1 << 7,
        kTIMGroupModifyInfoFlag_ShutupAll = 1 << 8,
        kTIMGroupModifyInfoFlag_Custom = 1 << 9,
        kTIMGroupTopicModifyInfoFlag_CustomString = 1 << 11,
        kTIMGroupModifyInfoFlag_ApproveOption = 1 << 12,
        kTIMGroupModifyInfoFlag_EnablePermissionGroup = 1 << 13,
        kTIMGroupModifyInfoFlag_DefaultPermissions = 1 << 14,
        kTIMGroupModifyInfoFlag_Owner = 1u << 31,
    }

    /// <summary>Which members a member list holds.</summary>
    [Flags]
    public enum TIMGroupMemberRoleFlag
    {
        kTIMGroupMemberRoleFlag_All = 0,
        kTIMGroupMemberRoleFlag_Owner = 1,
        kTIMGroupMemberRoleFlag_Admin = 1 << 1,
        kTIMGroupMemberRoleFlag_Member = 1 << 2,
    }

    /// <summary>Which fields of members are wanted. Yidu gives all of them whatever is asked.</summary>
    [Flags]
    public enum TIMGroupMemberInfoFlag
    {
        kTIMGroupMemberInfoFlag_None = 0,
        kTIMGroupMemberInfoFlag_JoinTime = 1,
        kTIMGroupMemberInfoFlag_MsgFlag = 1 << 1,
        kTIMGroupMemberInfoFlag_MsgSeq = 1 << 2,
        kTIMGroupMemberInfoFlag_MemberRole = 1 << 3,
        kTIMGroupMemberInfoFlag_ShutupUntill = 1 << 4,
        kTIMGroupMemberInfoFlag_NameCard = 1 << 5,
    }

    /// <summary>Which fields of groups are wanted. Yidu gives all of them whatever is asked.</summary>
    [Flags]
    public enum TIMGroupGetInfoFlag
    {
        kTIMGroupInfoFlag_None = 0,
        kTIMGroupInfoFlag_Name = 1,
        kTIMGroupInfoFlag_CreateTime = 1 << 1,
        kTIMGroupInfoFlag_OwnerUin = 1 << 2,
        kTIMGroupInfoFlag_Seq = 1 << 3,
        kTIMGroupInfoFlag_LastTime = 1 << 4,
        kTIMGroupInfoFlag_NextMsgSeq = 1 << 5,
        kTIMGroupInfoFlag_LastMsgTime = 1 << 6,
        kTIMGroupInfoFlag_AppId = 1 << 7,
        kTIMGroupInfoFlag_MemberNum = 1 << 8,
        kTIMGroupInfoFlag_MaxMemberNum = 1 << 9,
        kTIMGroupInfoFlag_Notification = 1 << 10,
        kTIMGroupInfoFlag_Introduction = 1 << 11,
        kTIMGroupInfoFlag_FaceUrl = 1 << 12,
        kTIMGroupInfoFlag_AddOpton = 1 << 13,
        kTIMGroupInfoFlag_GroupType = 1 << 14,
        kTIMGroupInfoFlag_LastMsg = 1 << 15,
        kTIMGroupInfoFlag_OnlineNum = 1 << 16,
        kTIMGroupInfoFlag_Visible = 1 << 17,
        kTIMGroupInfoFlag_Searchable = 1 << 18,
        kTIMGroupInfoFlag_ShutupAll = 1 << 19,
    }

    /// <summary>What a group tip tells.</summary>
    public enum TIMGroupTipType
    {
        kTIMGroupTip_None = 0,
        /// <summary>Somebody joined, by invitation or alone.</summary>
        kTIMGroupTip_Invite = 1,
        kTIMGroupTip_Quit = 2,
        kTIMGroupTip_Kick = 3,
        kTIMGroupTip_SetAdmin = 4,
        kTIMGroupTip_CancelAdmin = 5,
        kTIMGroupTip_GroupInfoChange = 6,
        kTIMGroupTip_MemberInfoChange = 7,
        kTIMGroupTip_MemberMarkChange = 8,
        kTIMGroupTip_TopicInfoChange = 9,
        kTIMGroupTip_PinnedMessageAdded = 10,
        kTIMGroupTip_PinnedMessageDeleted = 11,
    }

    /// <summary>Which field of a group has changed.</summary>
    public enum TIMGroupTipGroupChangeFlag
    {
        kTIMGroupTipChangeFlag_Unknown = 0,
        kTIMGroupTipChangeFlag_Name = 1,
        kTIMGroupTipChangeFlag_Introduction = 2,
        kTIMGroupTipChangeFlag_Notification = 3,
        kTIMGroupTipChangeFlag_FaceUrl = 4,
        kTIMGroupTipChangeFlag_Owner = 5,
        kTIMGroupTipChangeFlag_Custom = 6,
        kTIMGroupTipChangeFlag_Attribute = 7,
        kTIMGroupTipChangeFlag_ShutupAll = 8,
        kTIMGroupTipChangeFlag_TopicCustomData = 9,
        kTIMGroupTipChangeFlag_MessageReceiveOpt = 10,
        kTIMGroupTipChangeFlag_GroupAddOpt = 11,
        kTIMGroupTipChangeFlag_GroupApproveOpt = 12,
        kTIMGroupTipChangeFlag_EnablePermissionGroup = 13,
        kTIMGroupTipChangeFlag_DefaultPermissions = 14,
        kTIMGroupTipChangeFlag_TopicAddOpt = 15,
        kTIMGroupTipChangeFlag_TopicApproveOpt = 16,
        kTIMGroupTipChangeFlag_TopicMemberMaxCount = 17,
    }

    /// <summary>How somebody came into a group.</summary>
    public enum TIMGroupJoinType
    {
        kTIMGroupJoinType_None = 0,
        kTIMGroupJoinType_Apply = 1,
        kTIMGroupJoinType_Invite = 2,
    }

    /// <summary>What a group notice to one person tells.</summary>
    public enum TIMGroupReportType
    {
        kTIMGroupReport_None = 0,
        kTIMGroupReport_AddRequest = 1,
        kTIMGroupReport_AddAccept = 2,
        kTIMGroupReport_AddRefuse = 3,
        kTIMGroupReport_BeKicked = 4,
        kTIMGroupReport_Delete = 5,
        kTIMGroupReport_Create = 6,
        kTIMGroupReport_Invite = 7,
        kTIMGroupReport_Quit = 8,
        kTIMGroupReport_GrantAdmin = 9,
        kTIMGroupReport_CancelAdmin = 10,
        kTIMGroupReport_GroupRecycle = 11,
        /// <summary>The same as InviteReqToInvitee, as older scripts spell it.</summary>
        kTIMGroupReport_InviteReq = 12,
        kTIMGroupReport_InviteReqToInvitee = 12,
        kTIMGroupReport_InviteAccept = 13,
        kTIMGroupReport_InviteRefuse = 14,
        kTIMGroupReport_ReadReport = 15,
        kTIMGroupReport_UserDefine = 16,
        kTIMGroupReport_ShutUpMember = 17,
        kTIMGroupReport_TopicCreate = 18,
        kTIMGroupReport_TopicDelete = 19,
        kTIMGroupReport_GroupMessageRead = 20,
        kTIMGroupReport_GroupMessageRecvOption = 21,
        kTIMGroupReport_BannedFromGroup = 22,
        kTIMGroupReport_UnbannedFromGroup = 23,
        kTIMGroupReport_InviteReqToAdmin = 24,
    }
}
