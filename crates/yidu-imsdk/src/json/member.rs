//! GroupMemberInfo.

use yidu_client::v1;

use super::object::objects;

objects! {
    /// A member of a group. In a list of readers only who it is is filled in. `group_member_info_is_online` and
    /// `_online_devices` are never written: Yidu does not tell who is online.
    GroupMemberInfo {
        group_member_info_identifier: String,
        group_member_info_group_id: String,
        group_member_info_join_time: u64,
        group_member_info_member_role: i32,
        group_member_info_msg_flag: u32,
        group_member_info_msg_seq: u64,
        /// Until when muted, in seconds since 1970; 0 for who is not.
        group_member_info_shutup_time: u64,
        group_member_info_name_card: String,
        group_member_info_nick_name: String,
        group_member_info_friend_remark: String,
        group_member_info_face_url: String,
        group_member_info_custom_info: Vec<CustomInfo>,
    }

    /// A field of the app's own.
    CustomInfo {
        group_member_info_custom_string_info_key: String,
        group_member_info_custom_string_info_value: String,
    }
}

impl GroupMemberInfo {
    /// A member as the list of members shows it.
    pub(crate) fn of(group_id: &str, member: &v1::Member) -> GroupMemberInfo {
        GroupMemberInfo {
            group_member_info_join_time: member.joined_ms / 1_000,
            group_member_info_member_role: member.role,
            group_member_info_shutup_time: seconds_of(member.muted_until_ms),
            ..GroupMemberInfo::named(group_id, member.profile.as_ref(), &member.name_card)
        }
    }

    /// One who has read a message, or has not.
    pub(crate) fn reader(group_id: &str, reader: &v1::ReceiptMember) -> GroupMemberInfo {
        GroupMemberInfo::named(group_id, reader.profile.as_ref(), &reader.name_card)
    }

    /// Somebody of whom no more than the name is known.
    pub(crate) fn named(group_id: &str, profile: Option<&v1::Profile>, name_card: &str) -> GroupMemberInfo {
        let profile = profile.cloned().unwrap_or_default();
        GroupMemberInfo {
            group_member_info_identifier: profile.user_id,
            group_member_info_group_id: group_id.to_owned(),
            group_member_info_name_card: name_card.to_owned(),
            group_member_info_nick_name: profile.nick,
            group_member_info_face_url: profile.avatar_url,
            ..GroupMemberInfo::default()
        }
    }
}

/// A point in time that the interface gives as 32 bits of seconds; what lies beyond is the last of them.
fn seconds_of(time_ms: u64) -> u64 {
    (time_ms.div_ceil(1_000)).min(u32::MAX.into())
}
