using System.Collections.Generic;
using System.Linq;
using com.tencent.imsdk.unity;
using com.tencent.imsdk.unity.enums;
using com.tencent.imsdk.unity.types;

namespace Yidu.ImSdk.Samples
{
    /// <summary>
    /// Step 2: having looked at a group, send receipts for the messages that ask for them. Arguments: app, user, UserSig,
    /// group.
    /// </summary>
    internal static class SendReceipts
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
                            Confirm(messages);
                        }
                    });
                SampleApp.Accepted("MsgGetMsgList", res);
            });
        }

        private static void Confirm(List<Message> messages)
        {
            var msg_array = messages.Where(message =>
                message.message_is_from_self == false && message.message_need_read_receipt == true).ToList();
            TIMResult res = TencentIMSDK.MsgSendMessageReadReceipts(
                msg_array, (int code, string desc, string user_data) =>
                {
                    if (SampleApp.Succeeded("MsgSendMessageReadReceipts", code, desc))
                    {
                        SampleApp.End(msg_array.Count + " read");
                    }
                });
            SampleApp.Accepted("MsgSendMessageReadReceipts", res);
        }
    }
}
