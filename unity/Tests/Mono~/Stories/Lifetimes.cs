using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using com.tencent.imsdk.unity;
using com.tencent.imsdk.unity.enums;
using com.tencent.imsdk.unity.types;
using NUnit.Framework;

namespace Yidu.ImSdk.Tests
{
    /// <summary>Starting, stopping and what stays behind.</summary>
    public class Lifetimes
    {
        [TestCase("Uninit")]
        [TestCase("Forget")]
        [TestCase("UninitWithCallsUnderWay")]
        public void TheProcessEnds(string act)
        {
            using (var child = Child.Start("act", act))
            {
                var ended = child.WaitForExit(60000);
                if (!ended)
                {
                    child.Kill();
                }
                Assert.IsTrue(ended, act);
                Assert.AreEqual(0, child.ExitCode, act);
            }
        }

        [Test]
        public void AHundredRoundsOfInitAndUninitLeaveNoThreadBehind()
        {
            Round();
            var before = Process.GetCurrentProcess().Threads.Count;
            for (var round = 0; round < 100; round++)
            {
                Round();
            }
            // Mono's own pool may have grown by a few.
            Assert.LessOrEqual(Process.GetCurrentProcess().Threads.Count, before + 5);
            Sdk.Start("rounds-alice");
        }

        [Test]
        public void EveryCallUnderWayIsAnsweredOnceWhenTheSdkStops()
        {
            using (var peer = new Peer())
            {
                peer.MakeAccounts("stopping-bob");
            }
            Sdk.Start("stopping-alice");
            var answers = new List<int>();
            for (var call = 0; call < 100; call++)
            {
                Assert.AreEqual(TIMResult.TIM_SUCC, TencentIMSDK.MsgGetMsgList(
                    "stopping-bob", TIMConvType.kTIMConv_C2C, new MsgGetMsgListParam { msg_getmsglist_param_is_ramble = true },
                    (int code, string desc, List<Message> list, string user_data) =>
                    {
                        lock (answers)
                        {
                            answers.Add(code);
                        }
                    }));
            }
            Assert.AreEqual(TIMResult.TIM_SUCC, TencentIMSDK.Uninit());
            Assert.AreEqual(100, answers.Count);
            CollectionAssert.IsSubsetOf(answers.Distinct(), new[] { 0, 7009 });
            Assert.AreEqual(0, PendingCalls.Count);
        }

        [Test]
        public void TwentyThousandCallsLeaveMemoryFlat()
        {
            using (var peer = new Peer())
            {
                peer.MakeAccounts("memory-bob");
            }
            Sdk.Start("memory-alice");
            var group = Sdk.CreateGroup("memory", TIMGroupType.kTIMGroup_Public, "memory-bob");
            var message = Sdk.Send(group, TIMConvType.kTIMConv_Group, Sdk.Text(new string('文', 500)));
            Calls(2000, message);
            var before = PrivateKib();
            Calls(20000, message);
            var grown = PrivateKib() - before;
            Console.WriteLine("private memory grew by {0} KiB in 20,000 calls", grown);
            // 16 MiB are 0.8 KiB a call, less than the call's own JSON: one allocation left behind per call shows.
            Assert.Less(grown, 16 * 1024);
            Assert.AreEqual(0, PendingCalls.Count);
        }

        private static void Round()
        {
            Sdk.Init();
            Sdk.Ask<SetConfig>(callback => TencentIMSDK.SetConfig(new SetConfig(), callback)).Succeeded("config");
            Assert.AreEqual(TIMResult.TIM_SUCC, TencentIMSDK.Uninit());
            Assert.AreEqual(TIMResult.TIM_ERR_SDKUNINIT, TencentIMSDK.Uninit());
        }

        private static void Calls(int count, Message message)
        {
            const int atOnce = 20;
            var messages = new List<Message> { message };
            var answered = 0;
            for (var done = 0; done < count; done += atOnce)
            {
                for (var call = 0; call < atOnce; call++)
                {
                    Assert.AreEqual(TIMResult.TIM_SUCC, TencentIMSDK.MsgGetMessageReadReceipts(
                        messages, (int code, string desc, List<MessageReceipt> receipts, string user_data) =>
                        {
                            if (code == 0 && receipts.Count == 1)
                            {
                                Interlocked.Increment(ref answered);
                            }
                            Wait.Ring();
                        }));
                }
                Wait.Until("the answers", () => answered == done + atOnce);
            }
        }

        private static long PrivateKib()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            return File.ReadAllLines("/proc/self/smaps")
                .Where(line => line.StartsWith("Private_", StringComparison.Ordinal))
                .Sum(line => long.Parse(line.Split(new[] { ' ' }, StringSplitOptions.RemoveEmptyEntries)[1]));
        }
    }
}
