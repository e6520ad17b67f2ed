using System.Collections.Generic;
using System.Linq;
using com.tencent.imsdk.unity;
using com.tencent.imsdk.unity.enums;
using com.tencent.imsdk.unity.types;

namespace Yidu.ImSdk.Samples
{
    /// <summary>
    /// Step 4: coming back to a group, pull the receipts of the own messages in it. Arguments: app, user, UserSig, group.
    /// </summary>
    internal static class PullReceipts
    {
        private static int Main(string[] arguments)
        {
            var group = arguments[3];
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
                            Pull(messages);
                        }
                    });
                SampleApp.Accepted("MsgGetMsgList", res);
            });
        }

        private static void Pull(List<Message> messages)
        {
            var msg_array = messages.Where(message =>
                message.message_is_from_self == true && message.message_need_read_receipt == true).ToList();
            TIMResult res = TencentIMSDK.MsgGetMessageReadReceipts(
                msg_array, (int code, string desc, List<MessageReceipt> message_receipt, string user_data) =>
                {
                    if (SampleApp.Succeeded("MsgGetMessageReadReceipts", code, desc))
                    {
                        SampleApp.End(string.Join(", ", message_receipt.Select(receipt =>
                            receipt.msg_receipt_read_count + " read, " + receipt.msg_receipt_unread_count + " unread")
                            .ToArray()));
                    }
                });
            SampleApp.Accepted("MsgGetMessageReadReceipts", res);
        }
    }
}
