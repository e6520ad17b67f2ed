using System.Collections.Generic;
using System.Text;
using com.tencent.imsdk.unity;
using com.tencent.imsdk.unity.enums;
using com.tencent.imsdk.unity.types;

namespace Yidu.ImSdk.Samples
{
    /// <summary>Step 1: send a group message that asks for receipts. Arguments: app, user, UserSig, group, text.</summary>
    internal static class SendMessage
    {
        private static int Main(string[] arguments)
        {
            var group = arguments[3];
            return SampleApp.Run(long.Parse(arguments[0]), arguments[1], arguments[2], () =>
            {
                var message = new Message
                {
                    message_conv_id = group,
                    message_conv_type = TIMConvType.kTIMConv_Group,
                    message_cloud_custom_str = "unity local custom data",
                    message_elem_array = new List<Elem>
                    {
                        new Elem { elem_type = TIMElemType.kTIMElem_Text, text_elem_content = arguments[4] },
                    },
                    message_need_read_receipt = true,
                };
                var messageId = new StringBuilder(128);
                TIMResult res = TencentIMSDK.MsgSendMessage(group, TIMConvType.kTIMConv_Group, message, messageId,
                    (int code, string desc, Message data, string user_data) =>
                    {
                        if (SampleApp.Succeeded("MsgSendMessage", code, desc))
                        {
                            SampleApp.End(data.message_msg_id == messageId.ToString() ? data.message_msg_id : "other id");
                        }
                    });
                SampleApp.Accepted("MsgSendMessage", res);
            });
        }
    }
}
