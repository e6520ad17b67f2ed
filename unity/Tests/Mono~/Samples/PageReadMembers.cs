using System.Collections.Generic;
using System.Linq;
using com.tencent.imsdk.unity;
using com.tencent.imsdk.unity.enums;
using com.tencent.imsdk.unity.types;

namespace Yidu.ImSdk.Samples
{
    /// <summary>
    /// Step 5: page through who has read the newest own message of a group, and who has not. Arguments: app, user,
    /// UserSig, group, members a page.
    /// </summary>
    internal static class PageReadMembers
    {
        private static uint pageSize;

        private static int Main(string[] arguments)
        {
            var group = arguments[3];
            pageSize = uint.Parse(arguments[4]);
            return SampleApp.Run(long.Parse(arguments[0]), arguments[1], arguments[2], () =>
            {
                var newest = new MsgGetMsgListParam
                {
                    msg_getmsglist_param_count = 20,
                    msg_getmsglist_param_is_ramble = true,
                };
                TIMResult res = TencentIMSDK.MsgGetMsgList(group, TIMConvType.kTIMConv_Group, newest,
                    (int code, string desc, List<Message> messages, string user_data) =>
                    {
                        if (SampleApp.Succeeded("MsgGetMsgList", code, desc))
                        {
                            Show(messages.First(message => message.message_is_from_self == true
                                && message.message_need_read_receipt == true));
                        }
                    });
                SampleApp.Accepted("MsgGetMsgList", res);
            });
        }

        private static void Show(Message message)
        {
            const TIMGroupMessageReadMembersFilter read =
                TIMGroupMessageReadMembersFilter.TIM_GROUP_MESSAGE_READ_MEMBERS_FILTER_READ;
            const TIMGroupMessageReadMembersFilter unread =
                TIMGroupMessageReadMembersFilter.TIM_GROUP_MESSAGE_READ_MEMBERS_FILTER_UNREAD;
            NextPage(message, read, 0, new List<string>(), readers =>
                NextPage(message, unread, 0, new List<string>(), others =>
                    SampleApp.End("read: " + Names(readers) + "; unread: " + Names(others))));
        }

        private static void NextPage(
            Message message, TIMGroupMessageReadMembersFilter filter, ulong next_seq, List<string> members,
            System.Action<List<string>> done)
        {
            TIMResult res = TencentIMSDK.MsgGetGroupMessageReadMemberList(message, filter, next_seq, pageSize,
                (List<GroupMemberInfo> json_group_member_array, ulong following_seq, bool is_finished, string user_data) =>
                {
                    members.AddRange(json_group_member_array.Select(member => member.group_member_info_identifier));
                    if (is_finished)
                    {
                        done(members);
                    }
                    else
                    {
                        NextPage(message, filter, following_seq, members, done);
                    }
                });
            SampleApp.Accepted("MsgGetGroupMessageReadMemberList", res);
        }

        private static string Names(List<string> members)
        {
            return string.Join(" ", members.OrderBy(member => member, System.StringComparer.Ordinal).ToArray());
        }
    }
}
