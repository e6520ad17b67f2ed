using System.Collections.Generic;
using System.Threading;
using com.tencent.imsdk.unity;
using com.tencent.imsdk.unity.enums;
using com.tencent.imsdk.unity.types;
using NUnit.Framework;

namespace Yidu.ImSdk.Tests
{
    /// <summary>On which thread handlers run.</summary>
    public class Threads
    {
        [Test]
        public void WithAMainLoopEverythingArrivesOnTheMainThread()
        {
            Pump.Install();
            foreach (var thread in Handlers())
            {
                Assert.AreEqual(Thread.CurrentThread.ManagedThreadId, thread);
            }
        }

        [Test]
        public void WithoutOneEverythingArrivesOnTheLibrarysOneThread()
        {
            Assert.IsNull(SynchronizationContext.Current);
            var threads = new HashSet<int>(Handlers());
            Assert.AreEqual(1, threads.Count);
            Assert.IsFalse(threads.Contains(Thread.CurrentThread.ManagedThreadId));
        }

        [Test]
        public void CallsFromInsideACallbackWork()
        {
            Sdk.Init();
            var sig = Child.UserSig("inside-alice");
            var received = 0;
            TencentIMSDK.Login("inside-alice", sig, (int code, string desc, string user_data) =>
                TencentIMSDK.ConvGetConvList((int second, string text, List<ConvInfo> list, string name) =>
                {
                    Interlocked.Increment(ref received);
                    TencentIMSDK.Uninit();
                    Wait.Ring();
                }));
            Wait.Until("the inner answer", () => received == 1);
            Assert.AreEqual(TIMResult.TIM_ERR_SDKUNINIT, TencentIMSDK.Logout((int code, string desc, string name) => { }));
        }

        [Test]
        public void ManyThreadsMayCallAtOnce()
        {
            Sdk.Start("threads-alice");
            const int each = 200;
            var answers = 0;
            var threads = new List<Thread>();
            for (var number = 0; number < 8; number++)
            {
                var thread = new Thread(() =>
                {
                    for (var call = 0; call < each; call++)
                    {
                        Assert.AreEqual(TIMResult.TIM_SUCC, TencentIMSDK.ConvGetTotalUnreadMessageCount(
                            (int code, string desc, GetTotalUnreadNumberResult data, string user_data) =>
                            {
                                if (code == 0 && data != null)
                                {
                                    Interlocked.Increment(ref answers);
                                }
                            }));
                    }
                });
                thread.Start();
                threads.Add(thread);
            }
            threads.ForEach(thread => thread.Join());
            Wait.Until("all answers", () => answers == 8 * each);
            Assert.AreEqual(0, PendingCalls.Count);
        }

        /// <summary>The threads on which answers, pages and listeners ran.</summary>
        private static List<int> Handlers()
        {
            var threads = new List<int>();
            var messages = 0;
            var conversations = 0;
            TencentIMSDK.AddRecvNewMsgCallback((List<Message> list, string user_data) =>
            {
                Note(threads);
                messages++;
            });
            TencentIMSDK.SetConvEventCallback((TIMConvEvent kind, List<ConvInfo> list, string user_data) =>
            {
                Note(threads);
                conversations++;
            });
            TencentIMSDK.SetNetworkStatusListenerCallback(
                (TIMNetworkStatus status, int code, string desc, string user_data) => Note(threads));
            Sdk.Init();
            Sdk.Login("threads-bob");
            Sdk.Tell(callback => TencentIMSDK.MsgMarkAllMessageAsRead((code, desc, user_data) =>
            {
                Note(threads);
                callback(code, desc, user_data);
            })).Succeeded("marking");
            using (var peer = new Peer())
            {
                peer.Login("threads-carol");
                peer.Send("threads-bob", TIMConvType.kTIMConv_C2C, "hello");
                Wait.Until("the message and its conversation", () => messages > 0 && conversations > 0);
            }
            lock (threads)
            {
                return new List<int>(threads);
            }
        }

        private static void Note(List<int> threads)
        {
            lock (threads)
            {
                threads.Add(Thread.CurrentThread.ManagedThreadId);
            }
            Wait.Ring();
        }
    }
}
