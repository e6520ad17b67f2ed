//! Groups as they are shown: GroupBaseInfo, GroupDetailInfo and the results of calls. As they are given: [`create`],
//! [`modify`], [`params`].

pub(crate) mod create;
pub(crate) mod modify;
pub(crate) mod params;

use yidu_client::v1;

use super::member::GroupMemberInfo;
use super::object::objects;
use crate::ffi::enums::TIMGroupAddOption;

objects! {
    /// A group that one is in.
    GroupBaseInfo {
        group_base_info_group_id: String,
        group_base_info_group_name: String,
        group_base_info_group_type: i32,
        group_base_info_face_url: String,
        group_base_info_info_seq: u64,
        group_base_info_latest_seq: u64,
        group_base_info_readed_seq: u64,
        group_base_info_msg_flag: u32,
        group_base_info_is_shutup_all: bool,
        group_base_info_self_info: GroupSelfInfo,
    }

    /// Oneself in a group.
    GroupSelfInfo {
        group_self_info_join_time: u64,
        group_self_info_role: i32,
        group_self_info_unread_num: u64,
        group_self_info_msg_flag: u32,
    }

    /// Everything of a group but its members.
    GroupDetailInfo {
        group_detail_info_group_id: String,
        group_detail_info_group_type: i32,
        group_detail_info_is_support_topic: bool,
        group_detail_info_group_name: String,
        group_detail_info_notification: String,
        group_detail_info_introduction: String,
        group_detail_info_face_url: String,
        group_detail_info_create_time: u64,
        group_detail_info_info_seq: u64,
        group_detail_info_last_info_time: u64,
        group_detail_info_next_msg_seq: u64,
        group_detail_info_last_msg_time: u64,
        group_detail_info_member_num: u32,
        group_detail_info_max_member_num: u32,
        group_detail_info_add_option: i32,
        group_detail_info_approve_option: i32,
        group_detail_info_visible: u32,
        group_detail_info_searchable: u32,
        group_detail_info_is_shutup_all: bool,
        group_detail_info_owner_identifier: String,
        group_detail_info_custom_info: Vec<CustomInfo>,
        group_detail_info_enable_permission_group: bool,
        group_detail_info_default_permissions: u64,
    }

    /// A field of the app's own.
    CustomInfo {
        group_info_custom_string_info_key: String,
        group_info_custom_string_info_value: String,
    }

    /// One group of TIMGroupGetGroupInfoList.
    GroupInfoResult {
        get_groups_info_result_code: u32,
        get_groups_info_result_desc: String,
        get_groups_info_result_info: GroupDetailInfo,
    }

    /// The result of TIMGroupCreate.
    CreateGroupResult {
        create_group_result_groupid: String,
    }

    /// One user of TIMGroupInviteMember.
    InviteResult {
        group_invite_member_result_identifier: String,
        group_invite_member_result_result: i32,
    }

    /// One user of TIMGroupDeleteMember.
    DeleteResult {
        group_delete_member_result_identifier: String,
        group_delete_member_result_result: i32,
    }

    /// A page of TIMGroupGetMemberInfoList.
    MemberListResult {
        group_get_member_info_list_result_next_seq: u64,
        group_get_member_info_list_result_info_array: Vec<GroupMemberInfo>,
    }
}

impl GroupBaseInfo {
    /// A group, how far one has read in it, and oneself as a member, as far as that is known.
    pub(crate) fn of(
        group: &v1::Group,
        conversation: Option<&v1::Conversation>,
        member: Option<&v1::Member>,
    ) -> GroupBaseInfo {
        GroupBaseInfo {
            group_base_info_group_id: group.id.clone(),
            group_base_info_group_name: group.name.clone(),
            group_base_info_group_type: group.r#type,
            group_base_info_face_url: group.avatar_url.clone(),
            group_base_info_latest_seq: group.last_seq,
            group_base_info_readed_seq: conversation.map_or(0, |conversation| conversation.read_seq),
            group_base_info_is_shutup_all: group.mute_all,
            group_base_info_self_info: GroupSelfInfo {
                group_self_info_join_time: member.map_or(0, |member| member.joined_ms / 1_000),
                group_self_info_role: member.map_or(0, |member| member.role),
                group_self_info_unread_num: conversation.map_or(0, |conversation| conversation.unread_count),
                group_self_info_msg_flag: 0,
            },
            ..GroupBaseInfo::default()
        }
    }
}

impl GroupDetailInfo {
    /// A group. `last_message_ms`: when its newest message was sent, where one may know.
    pub(crate) fn of(group: &v1::Group, last_message_ms: u64) -> GroupDetailInfo {
        GroupDetailInfo {
            group_detail_info_group_id: group.id.clone(),
            group_detail_info_group_type: group.r#type,
            group_detail_info_group_name: group.name.clone(),
            group_detail_info_notification: group.notification.clone(),
            group_detail_info_introduction: group.introduction.clone(),
            group_detail_info_face_url: group.avatar_url.clone(),
            group_detail_info_create_time: group.created_ms / 1_000,
            group_detail_info_next_msg_seq: group.last_seq + 1,
            group_detail_info_last_msg_time: last_message_ms / 1_000,
            group_detail_info_member_num: group.member_count,
            group_detail_info_max_member_num: group.max_members,
            group_detail_info_add_option: group.add_option,
            // Who is invited is in.
            group_detail_info_approve_option: TIMGroupAddOption::kTIMGroupAddOpt_Any as i32,
            group_detail_info_is_shutup_all: group.mute_all,
            group_detail_info_owner_identifier: group.owner.clone(),
            group_detail_info_custom_info: group.app_data.iter().map(CustomInfo::from).collect(),
            ..GroupDetailInfo::default()
        }
    }
}

impl From<&v1::AppData> for CustomInfo {
    fn from(entry: &v1::AppData) -> CustomInfo {
        CustomInfo {
            group_info_custom_string_info_key: entry.key.clone(),
            group_info_custom_string_info_value: entry.value.clone(),
        }
    }
}

impl From<CustomInfo> for v1::AppData {
    fn from(entry: CustomInfo) -> v1::AppData {
        v1::AppData {
            key: entry.group_info_custom_string_info_key,
            value: entry.group_info_custom_string_info_value,
        }
    }
}

impl From<&v1::MemberResult> for InviteResult {
    fn from(result: &v1::MemberResult) -> InviteResult {
        InviteResult {
            group_invite_member_result_identifier: result.user_id.clone(),
            group_invite_member_result_result: result.outcome,
        }
    }
}

impl From<&v1::MemberResult> for DeleteResult {
    fn from(result: &v1::MemberResult) -> DeleteResult {
        DeleteResult {
            group_delete_member_result_identifier: result.user_id.clone(),
            group_delete_member_result_result: result.outcome,
        }
    }
}
