using System.Collections.Generic;
using com.tencent.imsdk.unity.enums;
using Newtonsoft.Json;

namespace com.tencent.imsdk.unity.types
{
    /// <summary>
    /// A message. To send one, fill <see cref="message_elem_array"/> and what else is marked "app"; everything else is
    /// filled by the SDK.
    /// </summary>
    public class Message : ExtraData
    {
        /// <summary>App, required: the content, at least one element.</summary>
        public List<Elem> message_elem_array;
        /// <summary>The peer's user id or the group id.</summary>
        public string message_conv_id;
        public TIMConvType? message_conv_type;
        public string message_sender;
        /// <summary>App: groups only.</summary>
        public TIMMsgPriority? message_priority;
        /// <summary>Seconds, by the sender's clock.</summary>
        public ulong? message_client_time;
        /// <summary>Seconds, by the server's clock.</summary>
        public ulong? message_server_time;
        public bool? message_is_from_self;
        public TIMPlatform? message_platform;
        /// <summary>Whether the local user has read it, by the state of the conversation.</summary>
        public bool? message_is_read;
        /// <summary>App: only for those who are online; never stored.</summary>
        public bool? message_is_online_msg;

        /// <summary>C2C: the peer has cleared the conversation's unread count up to this message.</summary>
        public bool? message_is_peer_read;
        /// <summary>C2C: the peer has sent a receipt for exactly this message.</summary>
        public bool? message_receipt_peer_read;
        /// <summary>App: asks for receipts.</summary>
        public bool? message_need_read_receipt;
        /// <summary>Groups: the local user has sent a receipt for it.</summary>
        public bool? message_has_sent_receipt;
        /// <summary>Counts of the moment the message was delivered; ask MsgGetMessageReadReceipts for the newest.</summary>
        public int? message_group_receipt_read_count;
        /// <summary>As <see cref="message_group_receipt_read_count"/>.</summary>
        public int? message_group_receipt_unread_count;

        public bool? message_support_message_extension;
        public bool? message_is_broadcast_message;
        public TIMMsgStatus? message_status;
        /// <summary>Prefer <see cref="message_msg_id"/>.</summary>
        public ulong message_unique_id;
        /// <summary>The id of the message, the same on every device.</summary>
        public string message_msg_id;
        public ulong message_rand;
        /// <summary>Groups: from 1 without gaps.</summary>
        public ulong message_seq;

        /// <summary>App: never leaves this device.</summary>
        public int? message_custom_int;
        /// <summary>App: never leaves this device.</summary>
        public string message_custom_str;
        /// <summary>App: travels with the message.</summary>
        public string message_cloud_custom_str;
        /// <summary>App.</summary>
        public bool? message_is_excluded_from_unread_count;
        /// <summary>App.</summary>
        public bool? message_excluded_from_last_message;
        /// <summary>App.</summary>
        public bool? message_excluded_from_content_moderation;
        /// <summary>App.</summary>
        public string message_custom_moderation_configuration_id;
        /// <summary>App.</summary>
        public bool? message_excluded_from_muting;
        public bool? message_has_risk_content;
        /// <summary>App.</summary>
        public bool? message_disable_cloud_message_pre_hook;
        /// <summary>App.</summary>
        public bool? message_disable_cloud_message_post_hook;
        /// <summary>App: must be true when an existing message is sent again.</summary>
        public bool? message_is_forward_message;
        /// <summary>App: user ids; "__kImSDK_MessageAtALL__" is everybody.</summary>
        public List<string> message_group_at_user_array;
        /// <summary>App: only these members get it, and only they are asked to read it.</summary>
        public List<string> message_target_group_member_array;
        public UserProfile message_sender_profile;
        /// <summary>Groups: user id and name card.</summary>
        public GroupMemberInfo message_sender_group_member_info;
        /// <summary>App.</summary>
        public OfflinePushConfig message_offline_push_config;

        /// <summary>Set when <see cref="message_status"/> is Revoked.</summary>
        public string message_revoker_user_id;
        public string message_revoker_nick_name;
        public string message_revoker_face_url;
        public string message_revoke_reason;
        public string message_pinner_user_id;
        public string message_pinner_nick_name;
        public string message_pinner_friend_remark;
        public string message_pinner_name_card;
        public string message_pinner_face_url;

        public ulong? message_sender_tiny_id;
        public ulong? message_receiver_tiny_id;
        public ulong? message_version;
        public int? message_risk_type_identified;
    }

    /// <summary>What finds a message: all that its sender and the server gave it.</summary>
    public class MsgLocator : ExtraData
    {
        public string message_locator_conv_id;
        public TIMConvType message_locator_conv_type;
        public bool message_locator_is_revoked;
        /// <summary>Seconds, by the server's clock.</summary>
        public ulong message_locator_time;
        public ulong message_locator_seq;
        public bool message_locator_is_self;
        public ulong message_locator_rand;
        public ulong message_locator_unique_id;

        /// <summary>In the revoke callback: who has recalled it.</summary>
        public string message_revoker_user_id;
        public string message_revoker_nick_name;
        public string message_revoker_face_url;
        public string message_revoke_reason;
    }

    /// <summary>Which part of the history. All fields may be left out: then the newest messages come.</summary>
    public class MsgGetMsgListParam : ExtraData
    {
        /// <summary>Start beside this message, which is not in the answer.</summary>
        public Message msg_getmsglist_param_last_msg;
        public uint? msg_getmsglist_param_count;
        /// <summary>True asks the server, false only what this device has.</summary>
        public bool? msg_getmsglist_param_is_ramble;
        /// <summary>True goes to newer messages, false to older ones.</summary>
        public bool? msg_getmsglist_param_is_forward;
        /// <summary>Groups: start at this seq, which is in the answer.</summary>
        public ulong? msg_getmsglist_param_last_msg_seq;
        /// <summary>Seconds.</summary>
        public ulong? msg_getmsglist_param_time_begin;
        /// <summary>Seconds.</summary>
        public ulong? msg_getmsglist_param_time_period;
        /// <summary>Groups: exactly these.</summary>
        public List<ulong> msg_getmsglist_param_message_seq_array;
        public List<uint> msg_getmsglist_param_message_type_array;

        /// <summary>Short for a <see cref="msg_getmsglist_param_last_msg"/> of which only the id is known.</summary>
        [JsonIgnore]
        public string msg_last_msg_id
        {
            get
            {
                var last = msg_getmsglist_param_last_msg;
                return last == null ? null : last.message_msg_id;
            }
            set
            {
                var unknown = string.IsNullOrEmpty(value);
                msg_getmsglist_param_last_msg = unknown ? null : new Message { message_msg_id = value };
            }
        }
    }

    /// <summary>Which message to delete, and where.</summary>
    public class MsgDeleteParam : ExtraData
    {
        public Message msg_delete_param_msg;
        /// <summary>True: the copy on the server (the user's own). False, the default: the one on this device.</summary>
        public bool? msg_delete_param_is_ramble;
    }

    /// <summary>The state of a message's receipts. Every field is always there; what does not apply is 0, false or "".</summary>
    public class MessageReceipt : ExtraData
    {
        public string msg_receipt_conv_id;
        public TIMConvType msg_receipt_conv_type;
        /// <summary>Empty: the peer has read the whole C2C conversation up to <see cref="msg_receipt_time_stamp"/>.</summary>
        public string msg_receipt_msg_id;
        /// <summary>C2C, seconds: when the peer has read it.</summary>
        public ulong msg_receipt_time_stamp;
        /// <summary>C2C: the peer has read it.</summary>
        public bool msg_receipt_is_peer_read;
        /// <summary>Groups: members who have read it.</summary>
        public int msg_receipt_read_count;
        /// <summary>Groups: members who were asked, have not read it and are in the group now.</summary>
        public int msg_receipt_unread_count;
    }
}
