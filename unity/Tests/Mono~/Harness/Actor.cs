using System;
using System.Collections.Generic;
using System.Linq;
using com.tencent.imsdk.unity;
using com.tencent.imsdk.unity.enums;
using com.tencent.imsdk.unity.types;
using Newtonsoft.Json.Linq;

namespace Yidu.ImSdk.Tests
{
    /// <summary>
    /// One person of a scenario (examples/scenarios): a process that gets steps as lines of JSON and answers with what
    /// they give. The stage is set elsewhere (crates/yidu-imsdk/tests/csharp.rs).
    /// </summary>
    internal sealed class Actor
    {
        private readonly object gate = new object();
        private readonly List<Message> heard = new List<Message>();
        private readonly List<MessageReceipt> told = new List<MessageReceipt>();
        private readonly Queue<TIMNetworkStatus> network = new Queue<TIMNetworkStatus>();
        private readonly Dictionary<string, Message> known = new Dictionary<string, Message>();

        /// <summary>The first line says who it is: the server's url, the app, the user and a UserSig.</summary>
        internal static int Play()
        {
            var who = JObject.Parse(Console.In.ReadLine());
            var actor = new Actor();
            actor.Listen();
            var config = new SdkConfig { sdk_config_server_url = (string)who["url"] };
            if (TencentIMSDK.Init((long)who["app"], config) != TIMResult.TIM_SUCC)
            {
                return 1;
            }
            Sdk.Tell(callback => TencentIMSDK.Login((string)who["user"], (string)who["sig"], callback)).Succeeded("login");
            // So that the next one means a connection that came back.
            actor.Network(TIMNetworkStatus.kTIMConnected);
            Answer(new JObject());
            string line;
            while ((line = Console.In.ReadLine()) != null)
            {
                try
                {
                    Answer(actor.Perform(JObject.Parse(line)));
                }
                catch (Exception exception)
                {
                    Answer(new JObject { { "error", exception.Message } });
                }
            }
            TencentIMSDK.Uninit();
            return 0;
        }

        private static void Answer(JObject answer)
        {
            Console.Out.WriteLine(Peer.Line(answer));
            Console.Out.Flush();
        }

        private void Listen()
        {
            TencentIMSDK.AddRecvNewMsgCallback((List<Message> messages, string name) => Note(heard, messages));
            TencentIMSDK.SetMsgReadedReceiptCallback((List<MessageReceipt> receipts, string name) => Note(told, receipts));
            TencentIMSDK.SetNetworkStatusListenerCallback((status, code, desc, name) =>
            {
                lock (gate)
                {
                    network.Enqueue(status);
                }
                Wait.Ring();
            });
        }

        private void Note<T>(List<T> notes, List<T> items)
        {
            lock (gate)
            {
                notes.AddRange(items);
            }
            Wait.Ring();
        }

        private JObject Perform(JObject step)
        {
            var place = step["in"] as JObject;
            var group = place != null && place["group"] != null;
            var id = place == null ? null : (string)(place["group"] ?? place["user"]);
            var type = group ? TIMConvType.kTIMConv_Group : TIMConvType.kTIMConv_C2C;
            switch ((string)step["does"])
            {
                case "sends":
                    Keep(id, Sdk.Send(id, type, Written(step)));
                    return new JObject();
                case "hears":
                    return Hears(id, (string)step["text"]);
                case "sees":
                    return Sees(id, type);
                case "reads":
                    var messages = step["texts"].Select(text => Known(id, (string)text)).ToList();
                    Sdk.Tell(callback => TencentIMSDK.MsgSendMessageReadReceipts(messages, callback)).Succeeded("receipts");
                    return new JObject();
                case "is_told":
                    return IsTold(Known(id, (string)step["text"]).message_msg_id, step["gives"]);
                case "counts":
                    return Shown(Sdk.Receipts(Known(id, (string)step["text"])).Single());
                case "lists":
                    return Lists(Known(id, (string)step["text"]), (string)step["list"], (int)step["page"]);
                case "unread":
                    return new JObject { { "count", Unread(id, type) } };
                case "clears":
                    Sdk.Tell(callback => TencentIMSDK.ConvCleanConversationUnreadMessageCount(
                        (group ? "group_" : "c2c_") + id, 0, 0, callback)).Succeeded("clearing");
                    return new JObject();
                case "is_cleared":
                    Receipt("the news that it was cleared",
                        receipt => receipt.msg_receipt_msg_id == "" && receipt.msg_receipt_conv_id == id);
                    return new JObject();
                case "is_called":
                    var item = new UserProfileItem { user_profile_item_nick_name = (string)step["name"] };
                    Sdk.Tell(callback => TencentIMSDK.ProfileModifySelfUserProfile(item, callback)).Succeeded("nick");
                    return new JObject();
                case "is_offline":
                    return Network(TIMNetworkStatus.kTIMDisconnected);
                case "is_online":
                    return Network(TIMNetworkStatus.kTIMConnected);
                default:
                    throw new ArgumentException("nobody can " + step["does"]);
            }
        }

        private static Message Written(JObject step)
        {
            var message = Sdk.Text((string)step["text"], step["asks"] == null || (bool)step["asks"]);
            message.message_cloud_custom_str = (string)step["cloud"];
            if (step["custom"] != null)
            {
                message.message_elem_array.Add(new Elem
                {
                    elem_type = TIMElemType.kTIMElem_Custom,
                    custom_elem_data = (string)step["custom"],
                });
            }
            return message;
        }

        private JObject Hears(string id, string text)
        {
            Message message = null;
            Wait.Until("the message " + text, () =>
            {
                lock (gate)
                {
                    message = heard.FirstOrDefault(one => one.message_conv_id == id && TextOf(one) == text);
                    return message != null;
                }
            });
            Keep(id, message);
            var custom = message.message_elem_array.Skip(1).FirstOrDefault();
            var sender = message.message_sender_profile;
            return new JObject
            {
                { "from", message.message_sender },
                { "name", sender == null ? "" : sender.user_profile_nick_name },
                { "custom", custom == null ? "" : custom.custom_elem_data },
                { "cloud", message.message_cloud_custom_str },
                { "asks", message.message_need_read_receipt },
            };
        }

        private JObject Sees(string id, TIMConvType type)
        {
            var seen = Sdk.History(id, type).Where(message => TextOf(message) != null).ToList();
            seen.ForEach(message => Keep(id, message));
            return new JObject
            {
                { "texts", new JArray(seen.Select(TextOf)) },
                { "receipt_sent", new JArray(seen.Where(one => one.message_has_sent_receipt == true).Select(TextOf)) },
                { "peer_cleared", new JArray(seen.Where(one => one.message_is_peer_read == true).Select(TextOf)) },
            };
        }

        private JObject IsTold(string id, JToken wanted)
        {
            return Shown(Receipt("the receipts " + wanted,
                receipt => receipt.msg_receipt_msg_id == id && JToken.DeepEquals(Shown(receipt), wanted)));
        }

        private MessageReceipt Receipt(string what, Func<MessageReceipt, bool> fits)
        {
            MessageReceipt found = null;
            Wait.Until(what, () =>
            {
                lock (gate)
                {
                    found = told.FirstOrDefault(fits);
                    told.Remove(found);
                    return found != null;
                }
            });
            return found;
        }

        private static JObject Lists(Message message, string list, int pageSize)
        {
            var filter = list == "read"
                ? TIMGroupMessageReadMembersFilter.TIM_GROUP_MESSAGE_READ_MEMBERS_FILTER_READ
                : TIMGroupMessageReadMembersFilter.TIM_GROUP_MESSAGE_READ_MEMBERS_FILTER_UNREAD;
            int pages;
            var users = Sdk.Members(message, filter, pageSize, out pages);
            users.Sort(StringComparer.Ordinal);
            if (users.Distinct().Count() != users.Count)
            {
                throw new InvalidOperationException("somebody is listed twice");
            }
            return new JObject { { "users", new JArray(users) }, { "count", users.Count }, { "pages", pages } };
        }

        private static ulong Unread(string id, TIMConvType type)
        {
            var wanted = new List<ConvParam>
            {
                new ConvParam { get_conversation_list_param_conv_id = id, get_conversation_list_param_conv_type = type },
            };
            var found = Sdk.Ask<List<ConvInfo>>(callback => TencentIMSDK.ConvGetConvInfo(wanted, callback))
                .Succeeded("conversation");
            return found.Count == 0 ? 0 : found[0].conv_unread_num;
        }

        private JObject Network(TIMNetworkStatus wanted)
        {
            Wait.Until("the connection: " + wanted, () =>
            {
                lock (gate)
                {
                    while (network.Count > 0)
                    {
                        if (network.Dequeue() == wanted)
                        {
                            return true;
                        }
                    }
                    return false;
                }
            });
            return new JObject();
        }

        private static JObject Shown(MessageReceipt receipt)
        {
            return receipt.msg_receipt_conv_type == TIMConvType.kTIMConv_C2C
                ? new JObject { { "peer_read", receipt.msg_receipt_is_peer_read } }
                : new JObject
                {
                    { "read", receipt.msg_receipt_read_count }, { "unread", receipt.msg_receipt_unread_count },
                };
        }

        private static string TextOf(Message message)
        {
            var first = message.message_elem_array == null ? null : message.message_elem_array.FirstOrDefault();
            return first == null ? null : first.text_elem_content;
        }

        private void Keep(string id, Message message)
        {
            known[id + "\n" + TextOf(message)] = message;
        }

        private Message Known(string id, string text)
        {
            return known[id + "\n" + text];
        }
    }
}
