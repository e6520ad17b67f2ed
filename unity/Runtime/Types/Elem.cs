using System.Collections.Generic;
using com.tencent.imsdk.unity.enums;

namespace com.tencent.imsdk.unity.types
{
    /// <summary>
    /// One element of a message. <see cref="elem_type"/> says which fields count; the others are not sent. The fields
    /// of a group tip are those of <see cref="GroupTipsElem"/>.
    /// </summary>
    public class Elem : GroupTipsElem
    {
        public TIMElemType elem_type;

        // Text
        public string text_elem_content;

        // Face
        public int face_elem_index;
        public string face_elem_buf;

        // Custom
        public string custom_elem_data;
        public string custom_elem_desc;
        public string custom_elem_ext;
        public string custom_elem_sound;

        // Location
        public string location_elem_desc;
        public double location_elem_longitude;
        public double location_elem_latitude;

        // Image
        public string image_elem_orig_path;
        public TIMImageLevel image_elem_level;
        public int image_elem_format;
        public string image_elem_orig_id;
        public int image_elem_orig_pic_height;
        public int image_elem_orig_pic_width;
        public int image_elem_orig_pic_size;
        public string image_elem_thumb_id;
        public int image_elem_thumb_pic_height;
        public int image_elem_thumb_pic_width;
        public int image_elem_thumb_pic_size;
        public string image_elem_large_id;
        public int image_elem_large_pic_height;
        public int image_elem_large_pic_width;
        public int image_elem_large_pic_size;
        public string image_elem_orig_url;
        public string image_elem_thumb_url;
        public string image_elem_large_url;
        public int image_elem_task_id;

        // Sound
        public string sound_elem_file_path;
        public int sound_elem_file_size;
        /// <summary>Seconds.</summary>
        public int sound_elem_file_time;
        public string sound_elem_file_id;
        public int sound_elem_business_id;
        public int sound_elem_download_flag;
        public string sound_elem_url;
        public int sound_elem_task_id;

        // File
        public string file_elem_file_path;
        public string file_elem_file_name;
        public int file_elem_file_size;
        public string file_elem_file_id;
        public int file_elem_business_id;
        public int file_elem_download_flag;
        public string file_elem_url;
        public int file_elem_task_id;

        // Video
        public string video_elem_video_type;
        public uint video_elem_video_size;
        /// <summary>Seconds.</summary>
        public uint video_elem_video_duration;
        public string video_elem_video_path;
        public string video_elem_video_id;
        public int video_elem_business_id;
        public int video_elem_video_download_flag;
        public string video_elem_video_url;
        public string video_elem_image_type;
        public uint video_elem_image_size;
        public uint video_elem_image_width;
        public uint video_elem_image_height;
        public string video_elem_image_path;
        public string video_elem_image_id;
        public int video_elem_image_download_flag;
        public string video_elem_image_url;
        public uint video_elem_task_id;

        // Merge
        public string merge_elem_title;
        public List<string> merge_elem_abstract_array;
        public List<Message> merge_elem_message_array;
        public string merge_elem_compatible_text;
        public bool merge_elem_layer_over_limit;
        public string merge_elem_relay_pb_key;
        public string merge_elem_relay_json_key;
        public string merge_elem_relay_buffer;

        // Group report
        public TIMGroupReportType group_report_elem_report_type;
        public string group_report_elem_group_id;
        public string group_report_elem_group_name;
        public string group_report_elem_op_user;
        public string group_report_elem_msg;
        public string group_report_elem_user_data;
        public UserProfile group_report_elem_op_user_info;
        public GroupMemberInfo group_report_elem_op_group_memberinfo;
        public string group_report_elem_platform;

        // Profile change
        public TIMProfileChangeType profile_change_elem_change_type;
        public string profile_change_elem_from_identifier;
        public UserProfileItem profile_change_elem_user_profile_item;
    }

    /// <summary>What has happened in a group; received only.</summary>
    public class GroupTipsElem : ExtraData
    {
        public TIMGroupTipType group_tips_elem_tip_type;
        public TIMGroupJoinType group_tips_elem_join_type;
        /// <summary>Who did it.</summary>
        public string group_tips_elem_op_user;
        public string group_tips_elem_group_name;
        public string group_tips_elem_group_id;
        public uint group_tips_elem_time;
        /// <summary>To whom it was done.</summary>
        public List<string> group_tips_elem_user_array;
        public List<GroupTipGroupChangeInfo> group_tips_elem_group_change_info_array;
        public List<GroupTipMemberChangeInfo> group_tips_elem_member_change_info_array;
        public UserProfile group_tips_elem_op_user_info;
        public GroupMemberInfo group_tips_elem_op_group_memberinfo;
        public List<UserProfile> group_tips_elem_changed_user_info_array;
        public List<GroupMemberInfo> group_tips_elem_changed_group_memberinfo_array;
        /// <summary>How many members there are now; for Invite, Quit and Kick.</summary>
        public uint group_tips_elem_member_num;
        public string group_tips_elem_platform;
    }

    /// <summary>One field of a group that has changed.</summary>
    public class GroupTipGroupChangeInfo : ExtraData
    {
        public TIMGroupTipGroupChangeFlag group_tips_group_change_info_flag;
        public string group_tips_group_change_info_key;
        public string group_tips_group_change_info_value;
        public bool group_tips_group_change_info_bool_value;
        public int group_tips_group_change_info_int_value;
        public ulong group_tips_group_change_info_uint64_value;
    }

    /// <summary>A member whose data has changed.</summary>
    public class GroupTipMemberChangeInfo : ExtraData
    {
        public string group_tips_member_change_info_identifier;
        public uint group_tips_member_change_info_shutupTime;
    }
}
