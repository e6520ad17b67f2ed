//! GroupTipsElem: something happened in a group.

use yidu_client::v1::{self, conversation_ref::Of, group_tip_element::Type};

use super::member::GroupMemberInfo;
use super::object::objects;
use super::profile::UserProfile;
use crate::ffi::enums::{TIMElemType, TIMGroupTipType};

objects! {
    /// Something happened in a group. The profiles of those concerned are their ids: a tip names nobody else's nick.
    GroupTipsElem {
        elem_type: i32,
        group_tips_elem_tip_type: i32,
        group_tips_elem_join_type: u32,
        group_tips_elem_op_user: String,
        group_tips_elem_group_id: String,
        group_tips_elem_user_array: Vec<String>,
        group_tips_elem_group_change_info_array: Vec<GroupChangeInfo>,
        group_tips_elem_member_change_info_array: Vec<MemberChangeInfo>,
        group_tips_elem_op_user_info: UserProfile,
        group_tips_elem_op_group_memberinfo: GroupMemberInfo,
        group_tips_elem_changed_user_info_array: Vec<UserProfile>,
        group_tips_elem_changed_group_memberinfo_array: Vec<GroupMemberInfo>,
        group_tips_elem_member_num: u32,
    }

    /// What has changed in a group.
    GroupChangeInfo {
        group_tips_group_change_info_flag: u32,
        group_tips_group_change_info_value: String,
        group_tips_group_change_info_key: String,
        group_tips_group_change_info_bool_value: bool,
        group_tips_group_change_info_int_value: i32,
        group_tips_group_change_info_uint64_value: u64,
    }

    /// What has changed of a member.
    MemberChangeInfo {
        group_tips_member_change_info_identifier: String,
        /// For how many seconds muted; 0 for who may write again.
        #[serde(rename = "group_tips_member_change_info_shutupTime")]
        group_tips_member_change_info_shutup_time: u64,
    }
}

impl GroupTipsElem {
    /// A tip as it is in its message.
    pub(crate) fn of(message: &v1::Message, tip: &v1::GroupTipElement) -> GroupTipsElem {
        let group_id = match message.to.as_ref().and_then(|to| to.of.as_ref()) {
            Some(Of::Group(group)) => group.as_str(),
            Some(Of::User(_)) | None => "",
        };
        let by = v1::Profile {
            user_id: tip.by.clone(),
            nick: message.from_nick.clone(),
            avatar_url: message.from_avatar_url.clone(),
        };
        let concerned = |user: &String| v1::Profile { user_id: user.clone(), ..Default::default() };
        GroupTipsElem {
            elem_type: TIMElemType::kTIMElem_GroupTips as i32,
            group_tips_elem_tip_type: kind(tip.r#type()) as i32,
            group_tips_elem_join_type: tip.join_type,
            group_tips_elem_op_user: tip.by.clone(),
            group_tips_elem_group_id: group_id.to_owned(),
            group_tips_elem_user_array: tip.users.clone(),
            group_tips_elem_group_change_info_array: tip.group_changes.iter().map(group_change).collect(),
            group_tips_elem_member_change_info_array: (tip.member_changes.iter())
                .map(|change| member_change(message, change))
                .collect(),
            group_tips_elem_op_user_info: UserProfile::from(&by),
            group_tips_elem_op_group_memberinfo: GroupMemberInfo::named(
                group_id,
                Some(&by),
                &message.from_name_card,
            ),
            group_tips_elem_changed_user_info_array: (tip.users.iter())
                .map(|user| UserProfile::from(&concerned(user)))
                .collect(),
            group_tips_elem_changed_group_memberinfo_array: (tip.users.iter())
                .map(|user| GroupMemberInfo::named(group_id, Some(&concerned(user)), ""))
                .collect(),
            group_tips_elem_member_num: tip.member_count,
        }
    }
}

fn kind(kind: Type) -> TIMGroupTipType {
    match kind {
        Type::None => TIMGroupTipType::kTIMGroupTip_None,
        Type::Joined => TIMGroupTipType::kTIMGroupTip_Invite,
        Type::Quit => TIMGroupTipType::kTIMGroupTip_Quit,
        Type::Removed => TIMGroupTipType::kTIMGroupTip_Kick,
        Type::AdminSet => TIMGroupTipType::kTIMGroupTip_SetAdmin,
        Type::AdminCancelled => TIMGroupTipType::kTIMGroupTip_CancelAdmin,
        Type::GroupChanged => TIMGroupTipType::kTIMGroupTip_GroupInfoChange,
        Type::MemberChanged => TIMGroupTipType::kTIMGroupTip_MemberInfoChange,
    }
}

fn group_change(change: &v1::group_tip_element::GroupChange) -> GroupChangeInfo {
    GroupChangeInfo {
        group_tips_group_change_info_flag: change.what,
        group_tips_group_change_info_value: change.value.clone(),
        group_tips_group_change_info_bool_value: change.bool_value,
        ..GroupChangeInfo::default()
    }
}

fn member_change(message: &v1::Message, change: &v1::group_tip_element::MemberChange) -> MemberChangeInfo {
    let left_ms = change.muted_until_ms.saturating_sub(message.time_ms);
    MemberChangeInfo {
        group_tips_member_change_info_identifier: change.user_id.clone(),
        group_tips_member_change_info_shutup_time: left_ms.div_ceil(1_000).min(u32::MAX.into()),
    }
}
