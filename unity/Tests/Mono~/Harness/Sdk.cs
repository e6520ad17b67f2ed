using System;
using System.Collections.Generic;
using com.tencent.imsdk.unity;
using com.tencent.imsdk.unity.callback;
using com.tencent.imsdk.unity.enums;
using com.tencent.imsdk.unity.types;
using NUnit.Framework;

namespace Yidu.ImSdk.Tests
{
    /// <summary>The SDK with answers waited for. Every method fails the test when the call does.</summary>
    internal static class Sdk
    {
        /// <summary>Makes a call and waits for its answer, whatever it is.</summary>
        internal static Answer<T> Ask<T>(Func<ValueCallback<T>, TIMResult> call) where T : class
        {
            var answer = new Answer<T>();
            answer.Result = call((code, desc, data, userData) => answer.Arrive(code, desc, data, userData));
            if (answer.Result == TIMResult.TIM_SUCC)
            {
                Wait.Until("an answer", () => answer.Count > 0);
            }
            return answer;
        }

        /// <summary>As <see cref="Ask{T}"/> for calls without a result.</summary>
        internal static Answer<string> Tell(Func<NullValueCallback, TIMResult> call)
        {
            var answer = new Answer<string>();
            answer.Result = call((code, desc, userData) => answer.Arrive(code, desc, null, userData));
            if (answer.Result == TIMResult.TIM_SUCC)
            {
                Wait.Until("an answer", () => answer.Count > 0);
            }
            return answer;
        }

        internal static void Init(SdkConfig config = null)
        {
            var app = long.Parse(Child.Setting("YIDU_TEST_APP"));
            Assert.AreEqual(TIMResult.TIM_SUCC, TencentIMSDK.Init(app, config));
        }

        internal static void Login(string user)
        {
            var sig = Child.UserSig(user);
            Tell(callback => TencentIMSDK.Login(user, sig, callback)).Succeeded("login of " + user);
        }

        internal static void Start(string user)
        {
            Init();
            Login(user);
        }

        internal static string CreateGroup(string name, TIMGroupType type, params string[] members)
        {
            var group = new CreateGroupParam
            {
                create_group_param_group_name = name,
                create_group_param_group_type = type,
                create_group_param_group_member_array = new List<GroupMemberInfo>(),
            };
            foreach (var member in members)
            {
                group.create_group_param_group_member_array.Add(
                    new GroupMemberInfo { group_member_info_identifier = member });
            }
            var answer = Ask<CreateGroupResult>(callback => TencentIMSDK.GroupCreate(group, callback));
            return answer.Succeeded("making a group").create_group_result_groupid;
        }

        internal static Message Text(string text, bool needsReceipt = true)
        {
            return new Message
            {
                message_need_read_receipt = needsReceipt,
                message_elem_array = new List<Elem>
                {
                    new Elem { elem_type = TIMElemType.kTIMElem_Text, text_elem_content = text },
                },
            };
        }

        internal static Message Send(string conversation, TIMConvType type, Message message)
        {
            return Ask<Message>(callback => TencentIMSDK.MsgSendMessage(conversation, type, message, null, callback))
                .Succeeded("sending");
        }

        internal static List<Message> History(string conversation, TIMConvType type)
        {
            var param = new MsgGetMsgListParam
            {
                msg_getmsglist_param_count = 100,
                msg_getmsglist_param_is_ramble = true,
            };
            return Ask<List<Message>>(callback => TencentIMSDK.MsgGetMsgList(conversation, type, param, callback))
                .Succeeded("history");
        }

        internal static List<MessageReceipt> Receipts(params Message[] messages)
        {
            return Ask<List<MessageReceipt>>(
                callback => TencentIMSDK.MsgGetMessageReadReceipts(new List<Message>(messages), callback))
                .Succeeded("receipts");
        }

        /// <summary>All members of one of the lists, page by page.</summary>
        internal static List<string> Members(Message message, TIMGroupMessageReadMembersFilter filter, int pageSize)
        {
            int pages;
            return Members(message, filter, pageSize, out pages);
        }

        /// <summary>The same, and how many pages it took.</summary>
        internal static List<string> Members(
            Message message, TIMGroupMessageReadMembersFilter filter, int pageSize, out int pages)
        {
            pages = 0;
            var members = new List<string>();
            ulong next = 0;
            bool finished;
            do
            {
                var page = new Page();
                Assert.AreEqual(TIMResult.TIM_SUCC, TencentIMSDK.GetMsgGroupMessageReadMemberList(
                    message, filter, next, pageSize, page.Arrive));
                Wait.Until("a page of members", () => page.Count > 0);
                Assert.LessOrEqual(page.Members.Count, pageSize);
                members.AddRange(page.Members);
                pages++;
                next = page.NextSeq;
                finished = page.IsFinished;
                Assert.AreEqual(finished, next == 0, "the cursor is 0 on the last page and only there");
            }
            while (!finished);
            return members;
        }
    }

    /// <summary>The answer to one call.</summary>
    internal sealed class Answer<T> where T : class
    {
        internal TIMResult Result;
        internal volatile int Count;
        internal int Code;
        internal string Desc;
        internal T Data;
        internal string UserData;
        internal int ThreadId;

        internal void Arrive(int code, string desc, T data, string userData)
        {
            Code = code;
            Desc = desc;
            Data = data;
            UserData = userData;
            ThreadId = System.Threading.Thread.CurrentThread.ManagedThreadId;
            Count++;
            Wait.Ring();
        }

        internal T Succeeded(string what)
        {
            Assert.AreEqual(TIMResult.TIM_SUCC, Result, what);
            Assert.AreEqual(0, Code, what + ": " + Desc);
            Assert.AreEqual(1, Count, what);
            return Data;
        }
    }

    /// <summary>One page of a member list.</summary>
    internal sealed class Page
    {
        internal volatile int Count;
        internal List<string> Members;
        internal ulong NextSeq;
        internal bool IsFinished;

        internal void Arrive(List<GroupMemberInfo> members, ulong nextSeq, bool isFinished, string userData)
        {
            Members = members.ConvertAll(member => member.group_member_info_identifier);
            NextSeq = nextSeq;
            IsFinished = isFinished;
            Count++;
            Wait.Ring();
        }
    }
}
