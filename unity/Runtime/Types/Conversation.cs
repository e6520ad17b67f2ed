using System.Collections.Generic;
using com.tencent.imsdk.unity.enums;

namespace com.tencent.imsdk.unity.types
{
    /// <summary>Names a conversation in ConvGetConvInfo.</summary>
    public class ConvParam : ExtraData
    {
        public TIMConvType get_conversation_list_param_conv_type;
        public string get_conversation_list_param_conv_id;
    }

    /// <summary>A conversation of the local user; read only.</summary>
    public class ConvInfo : ExtraData
    {
        /// <summary>The peer's user id or the group id.</summary>
        public string conv_id;
        public TIMConvType conv_type;
        public string conv_owner;
        public ulong conv_unread_num;
        public ulong? conv_active_time;
        public bool conv_is_has_lastmsg;
        public Message conv_last_msg;
        public bool conv_is_has_draft;
        public Draft conv_draft;
        public TIMReceiveMessageOpt conv_recv_opt;
        public TIMGroupType? conv_group_type;
        public List<GroupAtInfo> conv_group_at_info_array;
        public bool conv_is_pinned;
        /// <summary>What to show: group name or id, nick name or user id.</summary>
        public string conv_show_name;
        public string conv_face_url;
        public List<ulong> conv_mark_array;
        public string conv_custom_data;
        public List<string> conv_conversation_group_array;
        /// <summary>C2C, seconds: how far the local user has read.</summary>
        public ulong conv_c2c_read_timestamp;
        /// <summary>Groups: how far the local user has read.</summary>
        public ulong conv_group_read_sequence;
    }

    /// <summary>A text not yet sent.</summary>
    public class Draft : ExtraData
    {
        public Message draft_msg;
        public string draft_user_define;
        public uint draft_edit_time;
    }

    /// <summary>A message of a group that names the local user.</summary>
    public class GroupAtInfo : ExtraData
    {
        public ulong conv_group_at_info_seq;
        public TIMGroupAtType conv_group_at_info_at_type;
    }

    /// <summary>The unread count over all conversations.</summary>
    public class GetTotalUnreadNumberResult : ExtraData
    {
        public int conv_get_total_unread_message_count_result_unread_count;
    }
}
