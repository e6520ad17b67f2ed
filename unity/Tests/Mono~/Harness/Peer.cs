using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using com.tencent.imsdk.unity;
using com.tencent.imsdk.unity.enums;
using com.tencent.imsdk.unity.types;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using NUnit.Framework;

namespace Yidu.ImSdk.Tests
{
    /// <summary>
    /// Another user's device: a process with an SDK of its own, told what to do by lines of JSON. It may log in as one
    /// user after another.
    /// </summary>
    internal sealed class Peer : IDisposable
    {
        private readonly Process process = Child.Talk("peer");

        /// <summary>Logs in, does nothing else and logs out: afterwards the users have accounts.</summary>
        internal void MakeAccounts(params string[] users)
        {
            foreach (var user in users)
            {
                Login(user);
                Logout();
            }
        }

        internal void Login(string user)
        {
            Do("login", user);
        }

        internal void Logout()
        {
            Do("logout");
        }

        internal void Join(string group)
        {
            Do("join", group);
        }

        /// <summary>Sends receipts for all messages of a conversation that ask for them; how many there were.</summary>
        internal int Read(string conversation, TIMConvType type)
        {
            return (int)Do("read", conversation, (int)type);
        }

        /// <summary>Clears the unread count.</summary>
        internal void Clean(string conversationId)
        {
            Do("clean", conversationId);
        }

        internal void Send(string conversation, TIMConvType type, string text)
        {
            Do("send", conversation, (int)type, text);
        }

        /// <summary>The newest message, as this device sees it.</summary>
        internal Message Newest(string conversation, TIMConvType type)
        {
            return Json.Read<Message>((string)Do("newest", conversation, (int)type), "newest");
        }

        /// <summary>What this device knows of a user's profile.</summary>
        internal UserProfile Profile(string user)
        {
            return Json.Read<UserProfile>((string)Do("profile", user), "profile");
        }

        internal GroupDetailInfo Group(string group)
        {
            return Json.Read<GroupDetailInfo>((string)Do("group", group), "group");
        }

        public void Dispose()
        {
            process.StandardInput.Close();
            if (!process.WaitForExit(30000))
            {
                process.Kill();
                throw new AssertionException("the peer has not ended within 30 s of its Uninit");
            }
            process.Dispose();
        }

        private JToken Do(params object[] command)
        {
            process.StandardInput.WriteLine(Line(new JArray(command)));
            process.StandardInput.Flush();
            var line = process.StandardOutput.ReadLine();
            var answer = line == null ? null : JObject.Parse(line);
            if (answer == null || answer["error"] != null)
            {
                throw new AssertionException("peer, at " + command[0] + ": " + (answer == null ? "it has ended" : (string)answer["error"]));
            }
            return answer["result"];
        }

        /// <summary>In ASCII, whatever the console speaks.</summary>
        internal static string Line(JToken token)
        {
            var settings = new JsonSerializerSettings { StringEscapeHandling = StringEscapeHandling.EscapeNonAscii };
            return JsonConvert.SerializeObject(token, settings);
        }

        // The other side.

        internal static int Serve()
        {
            Sdk.Init();
            string line;
            while ((line = Console.In.ReadLine()) != null)
            {
                var answer = new JObject();
                try
                {
                    answer["result"] = Obey(JArray.Parse(line));
                }
                catch (Exception exception)
                {
                    answer["error"] = exception.Message;
                }
                Console.Out.WriteLine(Line(answer));
                Console.Out.Flush();
            }
            return TencentIMSDK.Uninit() == TIMResult.TIM_SUCC ? 0 : 1;
        }

        private static JToken Obey(JArray command)
        {
            var first = command.Count > 1 ? (string)command[1] : null;
            var type = command.Count > 2 ? (TIMConvType)(int)command[2] : TIMConvType.kTIMConv_Invalid;
            switch ((string)command[0])
            {
                case "login":
                    Sdk.Login(first);
                    return null;
                case "logout":
                    Sdk.Tell(callback => TencentIMSDK.Logout(callback)).Succeeded("logout");
                    return null;
                case "join":
                    Sdk.Tell(callback => TencentIMSDK.GroupJoin(first, "", callback)).Succeeded("joining");
                    return null;
                case "read":
                    return SendReceipts(first, type);
                case "clean":
                    Sdk.Tell(callback => TencentIMSDK.ConvCleanConversationUnreadMessageCount(first, 0, 0, callback))
                        .Succeeded("cleaning");
                    return null;
                case "send":
                    return Sdk.Send(first, type, Sdk.Text((string)command[3])).message_msg_id;
                case "newest":
                    return Json.Write(Sdk.History(first, type).First());
                case "profile":
                    var wanted = new FriendShipGetProfileListParam
                    {
                        friendship_getprofilelist_param_identifier_array = new List<string> { first },
                        friendship_getprofilelist_param_force_update = true,
                    };
                    return Json.Write(Sdk.Ask<List<UserProfile>>(
                        callback => TencentIMSDK.ProfileGetUserProfileList(wanted, callback)).Succeeded("profile").Single());
                case "group":
                    return Json.Write(Sdk.Ask<List<GetGroupInfoResult>>(
                        callback => TencentIMSDK.GroupGetGroupInfoList(new List<string> { first }, callback))
                        .Succeeded("group").Single().get_groups_info_result_info);
                default:
                    throw new ArgumentException("unknown: " + command[0]);
            }
        }

        private static int SendReceipts(string conversation, TIMConvType type)
        {
            var asking = Sdk.History(conversation, type).Where(message =>
                message.message_is_from_self == false && message.message_need_read_receipt == true).ToList();
            if (asking.Count > 0)
            {
                Sdk.Tell(callback => TencentIMSDK.MsgSendMessageReadReceipts(asking, callback)).Succeeded("receipts");
            }
            return asking.Count;
        }
    }
}
