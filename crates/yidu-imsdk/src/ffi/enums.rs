//! The numbers of the interface. `ImSDK.h` gets its enums from here.
#![allow(missing_docs, reason = "the names say it; the enum's comment says the rest")]

use std::ffi::c_int;
use std::marker::PhantomData;

/// An `enum` argument: whatever number the caller passed.
#[repr(transparent)]
#[derive(Debug)]
pub struct Enum<T>(c_int, PhantomData<T>);

impl<T> Enum<T> {
    /// For callers in Rust.
    pub const fn new(number: c_int) -> Enum<T> {
        Enum(number, PhantomData)
    }

    /// The number as it came.
    pub(crate) fn number(&self) -> c_int {
        self.0
    }
}

macro_rules! c_enums {
    ($($(#[$about:meta])* $name:ident { $($(#[$note:meta])* $value:ident = $number:expr,)+ })+) => {$(
        $(#[$about])*
        #[repr(i32)]
        #[allow(non_camel_case_types, reason = "the names are those of the interface")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$note])* $value = $number,)+ }

        impl $name {
            /// The value with this number.
            pub fn from_number(number: c_int) -> Option<$name> {
                $(if number == $name::$value as c_int { return Some($name::$value); })+
                None
            }
        }
    )+};
}

c_enums! {
    /// What a function returns at once. The callback comes only after `TIM_SUCC`.
    TIMResult {
        TIM_SUCC = 0,
        /// Before `TIMInit`, or after `TIMUninit`.
        TIM_ERR_SDKUNINIT = -1,
        /// Nobody is logged in.
        TIM_ERR_NOTLOGIN = -2,
        /// A text is not JSON, not UTF-8, or lacks a required key.
        TIM_ERR_JSON = -3,
        /// A value is out of bounds.
        TIM_ERR_PARAM = -4,
        /// Not the id or the type of a conversation.
        TIM_ERR_CONV = -5,
        /// Not the id of a group.
        TIM_ERR_GROUP = -6,
    }

    /// The kinds of conversation.
    TIMConvType {
        kTIMConv_Invalid = 0,
        kTIMConv_C2C = 1,
        kTIMConv_Group = 2,
        kTIMConv_System = 3,
    }

    /// What an element of a message is (`elem_type`).
    TIMElemType {
        kTIMElem_Text = 0,
        kTIMElem_Image = 1,
        kTIMElem_Sound = 2,
        kTIMElem_Custom = 3,
        kTIMElem_File = 4,
        kTIMElem_GroupTips = 5,
        kTIMElem_Face = 6,
        kTIMElem_Location = 7,
        kTIMElem_GroupReport = 8,
        kTIMElem_Video = 9,
        kTIMElem_FriendChange = 10,
        kTIMElem_ProfileChange = 11,
        kTIMElem_Merge = 12,
        kTIMElem_Invalid = -1,
    }

    /// Where a message stands (`message_status`).
    TIMMsgStatus {
        kTIMMsg_Sending = 1,
        kTIMMsg_SendSucc = 2,
        kTIMMsg_SendFail = 3,
        kTIMMsg_Deleted = 4,
        kTIMMsg_LocalImported = 5,
        kTIMMsg_Revoked = 6,
        kTIMMsg_Cancel = 7,
    }

    /// How urgent a message is in a crowded group (`message_priority`).
    TIMMsgPriority {
        kTIMMsgPriority_High = 0,
        kTIMMsgPriority_Normal = 1,
        kTIMMsgPriority_Low = 2,
        kTIMMsgPriority_Lowest = 3,
    }

    /// What kind of device a message came from (`message_platform`).
    TIMPlatform {
        kTIMPlatform_Other = 0,
        kTIMPlatform_Windows = 1,
        kTIMPlatform_Android = 2,
        kTIMPlatform_IOS = 3,
        kTIMPlatform_Mac = 4,
        kTIMPlatform_Simulator = 5,
    }

    /// Which list of a group message's audience.
    TIMGroupMessageReadMembersFilter {
        TIM_GROUP_MESSAGE_READ_MEMBERS_FILTER_READ = 0,
        TIM_GROUP_MESSAGE_READ_MEMBERS_FILTER_UNREAD = 1,
    }

    /// The kinds of group, with the members they may have unless the app says otherwise.
    TIMGroupType {
        /// 2,000 members.
        kTIMGroup_Public = 0,
        /// Also called Work: 200 members.
        kTIMGroup_Private = 1,
        /// Also called Meeting: 6,000 members.
        kTIMGroup_ChatRoom = 2,
        /// Obsolete.
        kTIMGroup_BChatRoom = 3,
        kTIMGroup_AVChatRoom = 4,
        /// 100,000 members.
        kTIMGroup_Community = 5,
    }

    /// What a member may do.
    TIMGroupMemberRole {
        kTIMMemberRole_None = 0,
        kTIMMemberRole_Normal = 200,
        kTIMMemberRole_Admin = 300,
        kTIMMemberRole_Owner = 400,
    }

    /// Where the login stands.
    TIMLoginStatus {
        kTIMLoginStatus_Logined = 1,
        kTIMLoginStatus_Logining = 2,
        kTIMLoginStatus_UnLogined = 3,
        kTIMLoginStatus_Logouting = 4,
    }

    /// Where the connection stands.
    TIMNetworkStatus {
        kTIMConnected = 0,
        kTIMDisconnected = 1,
        kTIMConnecting = 2,
        kTIMConnectFailed = 3,
    }

    /// What happened to conversations.
    TIMConvEvent {
        kTIMConvEvent_Add = 0,
        kTIMConvEvent_Del = 1,
        kTIMConvEvent_Update = 2,
        kTIMConvEvent_Start = 3,
        kTIMConvEvent_Finish = 4,
    }

    /// What happened in a group (`group_tips_elem_tip_type`).
    TIMGroupTipType {
        kTIMGroupTip_None = 0,
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

    /// Which property of a group has changed (`group_tips_group_change_info_flag`).
    TIMGroupTipGroupChangeFlag {
        kTIMGroupTipChangeFlag_Unknown = 0x00,
        kTIMGroupTipChangeFlag_Name = 0x01,
        kTIMGroupTipChangeFlag_Introduction = 0x02,
        kTIMGroupTipChangeFlag_Notification = 0x03,
        kTIMGroupTipChangeFlag_FaceUrl = 0x04,
        kTIMGroupTipChangeFlag_Owner = 0x05,
        kTIMGroupTipChangeFlag_Custom = 0x06,
        kTIMGroupTipChangeFlag_Attribute = 0x07,
        kTIMGroupTipChangeFlag_ShutupAll = 0x08,
        kTIMGroupTipChangeFlag_TopicCustomData = 0x09,
        kTIMGroupTipChangeFlag_MessageReceiveOpt = 0x0A,
        kTIMGroupTipChangeFlag_GroupAddOpt = 0x0B,
        kTIMGroupTipChangeFlag_GroupApproveOpt = 0x0C,
        kTIMGroupTipChangeFlag_EnablePermissionGroup = 0x0D,
        kTIMGroupTipChangeFlag_DefaultPermissions = 0x0E,
        kTIMGroupTipChangeFlag_TopicAddOpt = 0x0F,
        kTIMGroupTipChangeFlag_TopicApproveOpt = 0x10,
        kTIMGroupTipChangeFlag_TopicMemberMaxCount = 0x11,
    }

    /// How somebody came into a group.
    TIMGroupJoinType {
        kTIMGroupJoinType_None = 0,
        kTIMGroupJoinType_Apply = 1,
        kTIMGroupJoinType_Invite = 2,
    }

    /// Who may join by applying.
    TIMGroupAddOption {
        kTIMGroupAddOpt_Forbid = 0,
        kTIMGroupAddOpt_Auth = 1,
        kTIMGroupAddOpt_Any = 2,
        kTIMGroupAddOpt_Unknown = 3,
    }

    /// What became of one user in an invitation or a removal.
    HandleGroupMemberResult {
        kTIMGroupMember_HandledErr = 0,
        kTIMGroupMember_HandledSuc = 1,
        /// Was a member already.
        kTIMGroupMember_Included = 2,
        kTIMGroupMember_Invited = 3,
    }

    /// Which fields `TIMGroupModifyGroupInfo` changes (`group_modify_info_param_modify_flag`), as a bit set.
    TIMGroupModifyInfoFlag {
        kTIMGroupModifyInfoFlag_None = 0x00,
        kTIMGroupModifyInfoFlag_Name = 0x01,
        kTIMGroupModifyInfoFlag_Notification = 0x02,
        kTIMGroupModifyInfoFlag_Introduction = 0x04,
        kTIMGroupModifyInfoFlag_FaceUrl = 0x08,
        kTIMGroupModifyInfoFlag_AddOption = 0x10,
        kTIMGroupModifyInfoFlag_MaxMemberNum = 0x20,
        kTIMGroupModifyInfoFlag_Visible = 0x40,
        kTIMGroupModifyInfoFlag_Searchable = 0x80,
        kTIMGroupModifyInfoFlag_ShutupAll = 0x100,
        kTIMGroupModifyInfoFlag_Custom = 0x200,
        kTIMGroupTopicModifyInfoFlag_CustomString = 0x800,
        kTIMGroupModifyInfoFlag_ApproveOption = 0x1000,
        kTIMGroupModifyInfoFlag_EnablePermissionGroup = 0x2000,
        kTIMGroupModifyInfoFlag_DefaultPermissions = 0x4000,
        /// Bit 31, in JSON the unsigned number 2147483648. Must be alone.
        kTIMGroupModifyInfoFlag_Owner = i32::MIN,
    }

    /// What `TIMGroupModifyMemberInfo` changes (`group_modify_member_info_modify_flag`), as a bit set.
    TIMGroupMemberModifyInfoFlag {
        kTIMGroupMemberModifyFlag_None = 0x00,
        kTIMGroupMemberModifyFlag_MsgFlag = 0x01,
        kTIMGroupMemberModifyFlag_MemberRole = 0x02,
        kTIMGroupMemberModifyFlag_ShutupTime = 0x04,
        kTIMGroupMemberModifyFlag_NameCard = 0x08,
        kTIMGroupMemberModifyFlag_Custom = 0x10,
    }

    /// Which roles a list of members is to hold, as a bit set.
    TIMGroupMemberRoleFlag {
        kTIMGroupMemberRoleFlag_All = 0,
        kTIMGroupMemberRoleFlag_Owner = 1,
        kTIMGroupMemberRoleFlag_Admin = 2,
        kTIMGroupMemberRoleFlag_Member = 4,
    }

    /// Whether messages of a conversation are received and told.
    TIMReceiveMessageOpt {
        kTIMRecvMsgOpt_Receive = 0,
        kTIMRecvMsgOpt_Not_Receive = 1,
        kTIMRecvMsgOpt_Not_Notify = 2,
        kTIMRecvMsgOpt_Not_Notify_Except_At = 3,
        kTIMRecvMsgOpt_Not_Receive_Except_At = 4,
    }

    /// Who was called upon in a group (`conv_group_at_info_at_type`).
    TIMGroupAtType {
        kTIMGroup_At_Me = 1,
        kTIMGroup_At_All = 2,
        kTIMGroup_At_All_At_ME = 3,
    }

    /// How much is logged.
    TIMLogLevel {
        kTIMLog_Off = 0,
        kTIMLog_Test = 1,
        kTIMLog_Verbose = 2,
        kTIMLog_Debug = 3,
        kTIMLog_Info = 4,
        kTIMLog_Warn = 5,
        kTIMLog_Error = 6,
        kTIMLog_Assert = 7,
    }
}
