using System.Collections.Generic;
using System.Linq;
using com.tencent.imsdk.unity;
using com.tencent.imsdk.unity.enums;
using com.tencent.imsdk.unity.types;
using UnityEngine;

namespace Yidu.ImSdk.Samples
{
    /// <summary>
    /// Put it on any object of a scene and fill in the fields. It logs in, sends a group message that asks for receipts,
    /// shows "2 人已读" as people read it, and lists who has read and who has not. What others send is confirmed when
    /// the button says that it was really looked at.
    /// </summary>
    public class ReadReceipts : MonoBehaviour
    {
        [Tooltip("wss://chat.example.com; empty: YIDU_SERVER_URL, else ws://127.0.0.1:7400")]
        public string serverUrl = "";
        public long sdkAppId = 1400000001;
        public string userId = "alice";
        [Tooltip("Made by your back end (or: yidu usersig alice). Never ship the secret key with a game.")]
        public string userSig = "";
        public string groupId = "";

        private const int PageSize = 100;
        private readonly List<string> lines = new List<string>();
        private readonly List<Message> toConfirm = new List<Message>();
        private readonly List<string> readers = new List<string>();
        private readonly List<string> others = new List<string>();
        private string text = "大家看到了吗？";
        private Message sent;
        private MessageReceipt receipt;

        private void Start()
        {
            var config = new SdkConfig
            {
                sdk_config_config_file_path = Application.persistentDataPath + "/TIM-Config",
                sdk_config_server_url = serverUrl == "" ? null : serverUrl,
            };
            if (TencentIMSDK.Init(sdkAppId, config) != TIMResult.TIM_SUCC)
            {
                lines.Add("Init was refused: look at the app id");
                return;
            }
            TencentIMSDK.AddRecvNewMsgCallback(OnMessages);
            TencentIMSDK.SetMsgReadedReceiptCallback(OnReceipts);
            TencentIMSDK.Login(userId, userSig, (int code, string desc, string user_data) =>
                lines.Add(code == 0 ? "logged in as " + userId : "Login: " + code + " " + desc));
        }

        private void OnApplicationQuit()
        {
            TencentIMSDK.Uninit();
        }

        private void OnGUI()
        {
            GUILayout.BeginArea(new Rect(20, 20, Screen.width - 40, Screen.height - 40));
            text = GUILayout.TextField(text);
            if (GUILayout.Button("Send"))
            {
                Send();
            }
            if (toConfirm.Count > 0 && GUILayout.Button("I have read " + toConfirm.Count + " messages"))
            {
                Confirm();
            }
            if (sent != null)
            {
                GUILayout.Label(State());
                if (GUILayout.Button("Who?"))
                {
                    ListBoth();
                }
                GUILayout.Label("已读: " + string.Join(", ", readers.ToArray()));
                GUILayout.Label("未读: " + string.Join(", ", others.ToArray()));
            }
            foreach (var line in lines.Skip(lines.Count - 10))
            {
                GUILayout.Label(line);
            }
            GUILayout.EndArea();
        }

        private string State()
        {
            if (receipt == null || receipt.msg_receipt_read_count == 0)
            {
                return "未读";
            }
            return receipt.msg_receipt_unread_count == 0 ? "全部已读" : receipt.msg_receipt_read_count + " 人已读";
        }

        private void Send()
        {
            var message = new Message
            {
                message_need_read_receipt = true,
                message_elem_array = new List<Elem>
                {
                    new Elem { elem_type = TIMElemType.kTIMElem_Text, text_elem_content = text },
                },
            };
            TencentIMSDK.MsgSendMessage(groupId, TIMConvType.kTIMConv_Group, message, null,
                (int code, string desc, Message data, string user_data) =>
                {
                    if (code != 0)
                    {
                        lines.Add("MsgSendMessage: " + code + " " + desc);
                        return;
                    }
                    sent = data;
                    receipt = null;
                    lines.Add("sent: " + text);
                });
        }

        private void OnMessages(List<Message> messages, string user_data)
        {
            foreach (var message in messages)
            {
                lines.Add(message.message_sender + ": " + message.message_elem_array[0].text_elem_content);
                if (message.message_is_from_self == false && message.message_need_read_receipt == true)
                {
                    toConfirm.Add(message);
                }
            }
        }

        private void Confirm()
        {
            // One call takes at most 50 messages of one conversation.
            foreach (var conversation in toConfirm.GroupBy(message => message.message_conv_id))
            {
                TencentIMSDK.MsgSendMessageReadReceipts(conversation.Take(50).ToList(),
                    (int code, string desc, string user_data) =>
                        lines.Add(code == 0 ? "receipts sent" : "MsgSendMessageReadReceipts: " + code + " " + desc));
            }
            toConfirm.Clear();
        }

        private void OnReceipts(List<MessageReceipt> receipts, string user_data)
        {
            foreach (var newest in receipts)
            {
                if (sent != null && newest.msg_receipt_msg_id == sent.message_msg_id)
                {
                    receipt = newest;
                }
            }
        }

        private void ListBoth()
        {
            readers.Clear();
            others.Clear();
            NextPage(TIMGroupMessageReadMembersFilter.TIM_GROUP_MESSAGE_READ_MEMBERS_FILTER_READ, 0, readers);
            NextPage(TIMGroupMessageReadMembersFilter.TIM_GROUP_MESSAGE_READ_MEMBERS_FILTER_UNREAD, 0, others);
        }

        private void NextPage(TIMGroupMessageReadMembersFilter filter, ulong next_seq, List<string> list)
        {
            TencentIMSDK.GetMsgGroupMessageReadMemberList(sent, filter, next_seq, PageSize,
                (List<GroupMemberInfo> members, ulong following_seq, bool is_finished, string user_data) =>
                {
                    list.AddRange(members.Select(member => member.group_member_info_identifier));
                    if (!is_finished)
                    {
                        NextPage(filter, following_seq, list);
                    }
                });
        }
    }
}
