using System;
using System.Collections.Generic;
using com.tencent.imsdk.unity;
using com.tencent.imsdk.unity.types;

namespace Yidu.ImSdk.Samples
{
    /// <summary>
    /// Step 3: hear who reads, while it happens. Ends when a message has as many readers as wanted. Arguments: app, user,
    /// UserSig, readers.
    /// </summary>
    internal static class ListenForReceipts
    {
        private static int Main(string[] arguments)
        {
            var wanted = int.Parse(arguments[3]);
            TencentIMSDK.SetMsgReadedReceiptCallback((List<MessageReceipt> message_receipt, string user_data) =>
            {
                foreach (var receipt in message_receipt)
                {
                    var line = receipt.msg_receipt_read_count + " 人已读";
                    if (receipt.msg_receipt_read_count >= wanted)
                    {
                        SampleApp.End(line);
                    }
                    else
                    {
                        Console.WriteLine(line);
                    }
                }
            });
            return SampleApp.Run(long.Parse(arguments[0]), arguments[1], arguments[2],
                () => Console.WriteLine("listening"));
        }
    }
}
