using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using com.tencent.imsdk.unity;
using com.tencent.imsdk.unity.callback;
using com.tencent.imsdk.unity.enums;
using com.tencent.imsdk.unity.types;
using NUnit.Framework;

namespace Yidu.ImSdk.Tests
{
    /// <summary>What handlers throw is reported and stops neither the library nor the other handlers.</summary>
    public class HandlerErrors
    {
        private readonly List<Exception> reported = new List<Exception>();

        [TestCase(true)]
        [TestCase(false)]
        public void AreReportedAndStopNothing(bool withMainLoop)
        {
            if (withMainLoop)
            {
                Pump.Install();
            }
            CallbackErrors.Raised += exception =>
            {
                lock (reported)
                {
                    reported.Add(exception);
                }
                Wait.Ring();
            };
            var received = 0;
            TencentIMSDK.AddRecvNewMsgCallback((List<Message> list, string user_data) =>
            {
                throw new InvalidOperationException("first handler");
            });
            TencentIMSDK.AddRecvNewMsgCallback((List<Message> list, string user_data) =>
            {
                Interlocked.Add(ref received, list.Count);
                Wait.Ring();
            });
            Sdk.Start("errors-bob");

            TencentIMSDK.ConvGetConvList((int code, string desc, string list, string user_data) =>
            {
                throw new InvalidOperationException("an answer");
            });
            using (var peer = new Peer())
            {
                peer.Login("errors-carol");
                peer.Send("errors-bob", TIMConvType.kTIMConv_C2C, "one");
                peer.Send("errors-bob", TIMConvType.kTIMConv_C2C, "two");
                Wait.Until("both messages", () => received == 2);
            }
            Wait.Until("what was thrown", () => Messages().Count(text => text == "first handler") == 2
                && Messages().Contains("an answer"));
            Sdk.Tell(callback => TencentIMSDK.Logout(callback)).Succeeded("logout");
        }

        [Test]
        public void ListenersAreReplacedRemovedAndKeptOnce()
        {
            var first = 0;
            var second = 0;
            RecvNewMsgCallback counting = (list, user_data) =>
            {
                first += list.Count;
                Wait.Ring();
            };
            RecvNewMsgStringCallback raw = (json, user_data) =>
            {
                Assert.AreEqual("AddRecvNewMsgCallback", user_data);
                second++;
                Wait.Ring();
            };
            TencentIMSDK.AddRecvNewMsgCallback(counting);
            TencentIMSDK.AddRecvNewMsgCallback(counting);
            TencentIMSDK.AddRecvNewMsgCallback(null, raw);
            Sdk.Start("listening-bob");
            using (var peer = new Peer())
            {
                peer.Login("listening-carol");
                peer.Send("listening-bob", TIMConvType.kTIMConv_C2C, "one");
                Wait.Until("both handlers", () => first == 1 && second == 1);

                TencentIMSDK.RemoveRecvNewMsgCallback(counting);
                peer.Send("listening-bob", TIMConvType.kTIMConv_C2C, "two");
                Wait.Until("the one that is left", () => second == 2);

                TencentIMSDK.RemoveRecvNewMsgCallback();
                var updates = 0;
                TencentIMSDK.SetConvTotalUnreadMessageCountChangedCallback((total, user_data) => Assert.Fail("replaced"));
                TencentIMSDK.SetConvTotalUnreadMessageCountChangedCallback((total, user_data) =>
                {
                    updates = total;
                    Wait.Ring();
                });
                Sdk.Ask<GetTotalUnreadNumberResult>(callback => TencentIMSDK.ConvGetTotalUnreadMessageCount(callback))
                    .Succeeded("count");
                peer.Send("listening-bob", TIMConvType.kTIMConv_C2C, "three");
                Wait.Until("the unread count", () => updates == 3);
            }
            Assert.AreEqual(1, first);
            Assert.AreEqual(2, second);
        }

        private List<string> Messages()
        {
            lock (reported)
            {
                return reported.Select(exception => exception.Message).ToList();
            }
        }
    }
}
