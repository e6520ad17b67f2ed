using System.Collections.Generic;
using com.tencent.imsdk.unity.enums;
using Newtonsoft.Json;

namespace com.tencent.imsdk.unity.types
{
    /// <summary>A member of a group.</summary>
    public class GroupMemberInfo : ExtraData
    {
        public string group_member_info_identifier;
        public string group_member_info_group_id;
        /// <summary>Seconds.</summary>
        public uint group_member_info_join_time;
        public TIMGroupMemberRole group_member_info_member_role;
        public TIMReceiveMessageOpt group_member_info_msg_flag;
        public uint group_member_info_msg_seq;
        public uint group_member_info_shutup_time;
        public string group_member_info_name_card;
        public string group_member_info_nick_name;
        public string group_member_info_friend_remark;
        public string group_member_info_face_url;
        public List<GroupMemberInfoCustomString> group_member_info_custom_info;
        public List<string> group_member_info_online_devices;
        public string group_member_info_is_online;

        /// <summary><see cref="group_member_info_friend_remark"/>, as scripts know it.</summary>
        [JsonIgnore]
        public string group_member_info_remark
        {
            get { return group_member_info_friend_remark; }
            set { group_member_info_friend_remark = value; }
        }
    }

    public class GroupMemberInfoCustomString : ExtraData
    {
        public string group_member_info_custom_string_info_key;
        public string group_member_info_custom_string_info_value;
    }

    public class GroupInfoCustomString : ExtraData
    {
        public string group_info_custom_string_info_key;
        public string group_info_custom_string_info_value;
    }

    /// <summary>A group to make. Only the name is required.</summary>
    public class CreateGroupParam : ExtraData
    {
        /// <summary>At most 100 bytes.</summary>
        public string create_group_param_group_name;
        /// <summary>Left out: the server makes one. Printable ASCII, at most 48 bytes, not beginning with "@TGS#".</summary>
        public string create_group_param_group_id;
        /// <summary>Left out: Public.</summary>
        public TIMGroupType? create_group_param_group_type;
        public bool? create_group_param_is_support_topic;
        /// <summary>The first members, at most 20; id, role and custom info count.</summary>
        public List<GroupMemberInfo> create_group_param_group_member_array;
        public string create_group_param_notification;
        public string create_group_param_introduction;
        public string create_group_param_face_url;
        public TIMGroupAddOption? create_group_param_add_option;
        public TIMGroupAddOption? create_group_param_approve_option;
        public uint? create_group_param_max_member_num;
        public List<GroupInfoCustomString> create_group_param_custom_info;
        public bool? create_group_param_enable_permission_group;
        public ulong? create_group_param_default_permissions;
    }

    public class CreateGroupResult : ExtraData
    {
        public string create_group_result_groupid;
    }

    /// <summary>Whom to invite: at most 20.</summary>
    public class GroupInviteMemberParam : ExtraData
    {
        public string group_invite_member_param_group_id;
        public List<string> group_invite_member_param_identifier_array;
        public string group_invite_member_param_user_data;
    }

    public class GroupInviteMemberResult : ExtraData
    {
        public string group_invite_member_result_identifier;
        public HandleGroupMemberResult group_invite_member_result_result;
    }

    /// <summary>Whom to remove.</summary>
    public class GroupDeleteMemberParam : ExtraData
    {
        public string group_delete_member_param_group_id;
        public List<string> group_delete_member_param_identifier_array;
        /// <summary>Why.</summary>
        public string group_delete_member_param_user_data;
        /// <summary>Seconds during which they may not join again.</summary>
        public uint? group_delete_member_param_duration;
    }

    public class GroupDeleteMemberResult : ExtraData
    {
        public string group_delete_member_result_identifier;
        public HandleGroupMemberResult group_delete_member_result_result;
    }

    /// <summary>A group the local user is in.</summary>
    public class GroupBaseInfo : ExtraData
    {
        public string group_base_info_group_id;
        public string group_base_info_group_name;
        public TIMGroupType group_base_info_group_type;
        public string group_base_info_face_url;
        public uint group_base_info_info_seq;
        /// <summary>Seq of the newest message.</summary>
        public uint group_base_info_latest_seq;
        /// <summary>How far the local user has read.</summary>
        public uint group_base_info_readed_seq;
        public uint group_base_info_msg_flag;
        public bool group_base_info_is_shutup_all;
        public GroupSelfInfo group_base_info_self_info;
    }

    /// <summary>The local user in a group.</summary>
    public class GroupSelfInfo : ExtraData
    {
        public uint group_self_info_join_time;
        public uint group_self_info_role;
        public uint group_self_info_unread_num;
        public TIMReceiveMessageOpt group_self_info_msg_flag;
    }

    /// <summary>What came of asking for one group.</summary>
    public class GetGroupInfoResult : ExtraData
    {
        public int get_groups_info_result_code;
        public string get_groups_info_result_desc;
        public GroupDetailInfo get_groups_info_result_info;
    }

    /// <summary>Everything about a group.</summary>
    public class GroupDetailInfo : ExtraData
    {
        public string group_detail_info_group_id;
        public TIMGroupType group_detail_info_group_type;
        public bool? group_detail_info_is_support_topic;
        public string group_detail_info_group_name;
        public string group_detail_info_notification;
        public string group_detail_info_introduction;
        public string group_detail_info_face_url;
        public uint group_detail_info_create_time;
        public uint group_detail_info_info_seq;
        public uint group_detail_info_last_info_time;
        public uint group_detail_info_next_msg_seq;
        public uint group_detail_info_last_msg_time;
        public uint group_detail_info_member_num;
        public uint group_detail_info_max_member_num;
        public TIMGroupAddOption group_detail_info_add_option;
        public TIMGroupAddOption group_detail_info_approve_option;
        public uint group_detail_info_online_member_num;
        public uint group_detail_info_visible;
        public uint group_detail_info_searchable;
        public bool group_detail_info_is_shutup_all;
        public string group_detail_info_owner_identifier;
        public List<GroupInfoCustomString> group_detail_info_custom_info;
        public bool group_detail_info_enable_permission_group;
        public uint group_detail_info_default_permissions;
    }

    /// <summary>What to change. Only the fields that the flag names count.</summary>
    public class GroupModifyInfoParam : ExtraData
    {
        public string group_modify_info_param_group_id;
        public TIMGroupModifyInfoFlag group_modify_info_param_modify_flag;
        public string group_modify_info_param_group_name;
        public string group_modify_info_param_notification;
        public string group_modify_info_param_introduction;
        public string group_modify_info_param_face_url;
        public TIMGroupAddOption? group_modify_info_param_add_option;
        public TIMGroupAddOption? group_modify_info_param_approve_option;
        public uint? group_modify_info_param_max_member_num;
        public uint? group_modify_info_param_visible;
        public uint? group_modify_info_param_searchable;
        public bool? group_modify_info_param_is_shutup_all;
        /// <summary>The new owner; the flag must be Owner alone.</summary>
        public string group_modify_info_param_owner;
        public List<GroupInfoCustomString> group_modify_info_param_custom_info;
        public bool? group_modify_info_param_enable_permission_group;
        public ulong? group_modify_info_param_default_permissions;
    }

    /// <summary>Which members of which group.</summary>
    public class GroupGetMemberInfoListParam : ExtraData
    {
        public string group_get_members_info_list_param_group_id;
        /// <summary>Only these.</summary>
        public List<string> group_get_members_info_list_param_identifier_array;
        public GroupMemberGetInfoOption group_get_members_info_list_param_option;
        /// <summary>0 first, then what the answer before gave.</summary>
        public ulong? group_get_members_info_list_param_next_seq;
    }

    public class GroupMemberGetInfoOption : ExtraData
    {
        public TIMGroupMemberInfoFlag? group_member_get_info_option_info_flag;
        public TIMGroupMemberRoleFlag? group_member_get_info_option_role_flag;
        public List<string> group_member_get_info_option_custom_array;
    }

    /// <summary>A page of members; the next seq is 0 on the last one.</summary>
    public class GroupGetMemberInfoListResult : ExtraData
    {
        public ulong group_get_member_info_list_result_next_seq;
        public List<GroupMemberInfo> group_get_member_info_list_result_info_array;
    }
}
