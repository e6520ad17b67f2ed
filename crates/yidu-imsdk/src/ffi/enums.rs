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
        TIMConvType_Invalid = 0,
        TIMConvType_C2C = 1,
        TIMConvType_Group = 2,
        TIMConvType_System = 3,
    }

    /// What an element of a message is (`elem_type`).
    TIMElemType {
        TIMElemType_Text = 0,
        TIMElemType_Image = 1,
        TIMElemType_Sound = 2,
        TIMElemType_Custom = 3,
        TIMElemType_File = 4,
        TIMElemType_GroupTips = 5,
        TIMElemType_Face = 6,
        TIMElemType_Location = 7,
        TIMElemType_GroupReport = 8,
        TIMElemType_Video = 9,
        TIMElemType_FriendChange = 10,
        TIMElemType_ProfileChange = 11,
        TIMElemType_Merge = 12,
        TIMElemType_Invalid = -1,
    }

    /// Where a message stands (`message_status`).
    TIMMsgStatus {
        TIMMsgStatus_Sending = 1,
        TIMMsgStatus_SendSucc = 2,
        TIMMsgStatus_SendFail = 3,
        TIMMsgStatus_Deleted = 4,
        TIMMsgStatus_LocalImported = 5,
        TIMMsgStatus_Revoked = 6,
        TIMMsgStatus_Cancel = 7,
    }

    /// How urgent a message is in a crowded group (`message_priority`).
    TIMMsgPriority {
        TIMMsgPriority_High = 0,
        TIMMsgPriority_Normal = 1,
        TIMMsgPriority_Low = 2,
        TIMMsgPriority_Lowest = 3,
    }

    /// What kind of device a message came from (`message_platform`).
    TIMPlatform {
        TIMPlatform_Other = 0,
        TIMPlatform_Windows = 1,
        TIMPlatform_Android = 2,
        TIMPlatform_IOS = 3,
        TIMPlatform_Mac = 4,
        TIMPlatform_Simulator = 5,
    }

    /// Which list of a group message's audience.
    TIMGroupMessageReadMembersFilter {
        TIM_GROUP_MESSAGE_READ_MEMBERS_FILTER_READ = 0,
        TIM_GROUP_MESSAGE_READ_MEMBERS_FILTER_UNREAD = 1,
    }

    /// The kinds of group, with the members they may have unless the app says otherwise.
    TIMGroupType {
        /// 2,000 members.
        TIMGroupType_Public = 0,
        /// Also called Work: 200 members.
        TIMGroupType_Private = 1,
        /// Also called Meeting: 6,000 members.
        TIMGroupType_ChatRoom = 2,
        /// Obsolete.
        TIMGroupType_BChatRoom = 3,
        TIMGroupType_AVChatRoom = 4,
        /// 100,000 members.
        TIMGroupType_Community = 5,
    }

    /// What a member may do.
    TIMGroupMemberRole {
        TIMGroupMemberRole_None = 0,
        TIMGroupMemberRole_Normal = 200,
        TIMGroupMemberRole_Admin = 300,
        TIMGroupMemberRole_Owner = 400,
    }

    /// Where the login stands.
    TIMLoginStatus {
        TIMLoginStatus_Logined = 1,
        TIMLoginStatus_Logining = 2,
        TIMLoginStatus_UnLogined = 3,
        TIMLoginStatus_Logouting = 4,
    }

    /// Where the connection stands.
    TIMNetworkStatus {
        TIMNetworkStatus_Connected = 0,
        TIMNetworkStatus_Disconnected = 1,
        TIMNetworkStatus_Connecting = 2,
        TIMNetworkStatus_ConnectFailed = 3,
    }

    /// What happened to conversations.
    TIMConvEvent {
        TIMConvEvent_Add = 0,
        TIMConvEvent_Del = 1,
        TIMConvEvent_Update = 2,
        TIMConvEvent_Start = 3,
        TIMConvEvent_Finish = 4,
    }

    /// What happened in a group (`group_tips_elem_tip_type`).
    TIMGroupTipType {
        TIMGroupTipType_None = 0,
        TIMGroupTipType_Invite = 1,
        TIMGroupTipType_Quit = 2,
        TIMGroupTipType_Kick = 3,
        TIMGroupTipType_SetAdmin = 4,
        TIMGroupTipType_CancelAdmin = 5,
        TIMGroupTipType_GroupInfoChange = 6,
        TIMGroupTipType_MemberInfoChange = 7,
        TIMGroupTipType_MemberMarkChange = 8,
        TIMGroupTipType_TopicInfoChange = 9,
        TIMGroupTipType_PinnedMessageAdded = 10,
        TIMGroupTipType_PinnedMessageDeleted = 11,
    }

    /// Which property of a group has changed (`group_tips_group_change_info_flag`).
    TIMGroupTipGroupChangeFlag {
        TIMGroupTipGroupChangeFlag_Unknown = 0x00,
        TIMGroupTipGroupChangeFlag_Name = 0x01,
        TIMGroupTipGroupChangeFlag_Introduction = 0x02,
        TIMGroupTipGroupChangeFlag_Notification = 0x03,
        TIMGroupTipGroupChangeFlag_FaceUrl = 0x04,
        TIMGroupTipGroupChangeFlag_Owner = 0x05,
        TIMGroupTipGroupChangeFlag_Custom = 0x06,
        TIMGroupTipGroupChangeFlag_Attribute = 0x07,
        TIMGroupTipGroupChangeFlag_ShutupAll = 0x08,
        TIMGroupTipGroupChangeFlag_TopicCustomData = 0x09,
        TIMGroupTipGroupChangeFlag_MessageReceiveOpt = 0x0A,
        TIMGroupTipGroupChangeFlag_GroupAddOpt = 0x0B,
        TIMGroupTipGroupChangeFlag_GroupApproveOpt = 0x0C,
        TIMGroupTipGroupChangeFlag_EnablePermissionGroup = 0x0D,
        TIMGroupTipGroupChangeFlag_DefaultPermissions = 0x0E,
        TIMGroupTipGroupChangeFlag_TopicAddOpt = 0x0F,
        TIMGroupTipGroupChangeFlag_TopicApproveOpt = 0x10,
        TIMGroupTipGroupChangeFlag_TopicMemberMaxCount = 0x11,
    }

    /// How somebody came into a group.
    TIMGroupJoinType {
        TIMGroupJoinType_None = 0,
        TIMGroupJoinType_Apply = 1,
        TIMGroupJoinType_Invite = 2,
    }

    /// Who may join by applying.
    TIMGroupAddOption {
        TIMGroupAddOption_Forbid = 0,
        TIMGroupAddOption_Auth = 1,
        TIMGroupAddOption_Any = 2,
        TIMGroupAddOption_Unknown = 3,
    }

    /// What became of one user in an invitation or a removal.
    HandleGroupMemberResult {
        HandleGroupMemberResult_HandledErr = 0,
        HandleGroupMemberResult_HandledSuc = 1,
        /// Was a member already.
        HandleGroupMemberResult_Included = 2,
        HandleGroupMemberResult_Invited = 3,
    }

    /// Which fields `TIMGroupModifyGroupInfo` changes (`group_modify_info_param_modify_flag`), as a bit set.
    TIMGroupModifyInfoFlag {
        TIMGroupModifyInfoFlag_None = 0x00,
        TIMGroupModifyInfoFlag_Name = 0x01,
        TIMGroupModifyInfoFlag_Notification = 0x02,
        TIMGroupModifyInfoFlag_Introduction = 0x04,
        TIMGroupModifyInfoFlag_FaceUrl = 0x08,
        TIMGroupModifyInfoFlag_AddOption = 0x10,
        TIMGroupModifyInfoFlag_MaxMemberNum = 0x20,
        TIMGroupModifyInfoFlag_Visible = 0x40,
        TIMGroupModifyInfoFlag_Searchable = 0x80,
        TIMGroupModifyInfoFlag_ShutupAll = 0x100,
        TIMGroupModifyInfoFlag_Custom = 0x200,
        TIMGroupModifyInfoFlag_CustomString = 0x800,
        TIMGroupModifyInfoFlag_ApproveOption = 0x1000,
        TIMGroupModifyInfoFlag_EnablePermissionGroup = 0x2000,
        TIMGroupModifyInfoFlag_DefaultPermissions = 0x4000,
        /// Bit 31, in JSON the unsigned number 2147483648. Must be alone.
        TIMGroupModifyInfoFlag_Owner = i32::MIN,
    }

    /// What `TIMGroupModifyMemberInfo` changes (`group_modify_member_info_modify_flag`), as a bit set.
    TIMGroupMemberModifyInfoFlag {
        TIMGroupMemberModifyInfoFlag_None = 0x00,
        TIMGroupMemberModifyInfoFlag_MsgFlag = 0x01,
        TIMGroupMemberModifyInfoFlag_MemberRole = 0x02,
        TIMGroupMemberModifyInfoFlag_ShutupTime = 0x04,
        TIMGroupMemberModifyInfoFlag_NameCard = 0x08,
        TIMGroupMemberModifyInfoFlag_Custom = 0x10,
    }

    /// Which roles a list of members is to hold, as a bit set.
    TIMGroupMemberRoleFlag {
        TIMGroupMemberRoleFlag_All = 0,
        TIMGroupMemberRoleFlag_Owner = 1,
        TIMGroupMemberRoleFlag_Admin = 2,
        TIMGroupMemberRoleFlag_Member = 4,
    }

    /// Whether messages of a conversation are received and told.
    TIMReceiveMessageOpt {
        TIMReceiveMessageOpt_Receive = 0,
        TIMReceiveMessageOpt_Not_Receive = 1,
        TIMReceiveMessageOpt_Not_Notify = 2,
        TIMReceiveMessageOpt_Not_Notify_Except_At = 3,
        TIMReceiveMessageOpt_Not_Receive_Except_At = 4,
    }

    /// Who was called upon in a group (`conv_group_at_info_at_type`).
    TIMGroupAtType {
        TIMGroupAtType_Me = 1,
        TIMGroupAtType_All = 2,
        TIMGroupAtType_All_At_ME = 3,
    }

    /// How much is logged.
    TIMLogLevel {
        TIMLogLevel_Off = 0,
        TIMLogLevel_Test = 1,
        TIMLogLevel_Verbose = 2,
        TIMLogLevel_Debug = 3,
        TIMLogLevel_Info = 4,
        TIMLogLevel_Warn = 5,
        TIMLogLevel_Error = 6,
        TIMLogLevel_Assert = 7,
    }
}
