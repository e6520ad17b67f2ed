using System.Diagnostics;
using com.tencent.imsdk.unity;
using com.tencent.imsdk.unity.enums;
using NUnit.Framework;

namespace Yidu.ImSdk.Tests
{
    /// <summary>
    /// The five samples of the vendor's page on message read receipts, each a program of its own (Samples/), against the
    /// real server.
    /// </summary>
    public class FiveSamples
    {
        [Test]
        public void TellOneStory()
        {
            using (var peer = new Peer())
            {
                peer.MakeAccounts("sample-bob", "sample-carol", "sample-dave");
            }
            Sdk.Start("sample-alice");
            var group = Sdk.CreateGroup("五个例子", TIMGroupType.kTIMGroup_Public, "sample-bob", "sample-carol", "sample-dave");
            TencentIMSDK.Uninit();

            var id = Last(Run("SendMessage", "sample-alice", group, "你们看到了吗？👀"));
            StringAssert.IsMatch("^[0-9]+-[0-9]+-[0-9]+$", id);

            using (var listener = Program("ListenForReceipts", "sample-alice", "2"))
            {
                Assert.AreEqual("listening", listener.StandardOutput.ReadLine());
                Assert.AreEqual("1 read", Last(Run("SendReceipts", "sample-bob", group)));
                Assert.AreEqual("1 read", Last(Run("SendReceipts", "sample-carol", group)));
                Assert.AreEqual("2 人已读", Last(Output(listener)));
            }

            Assert.AreEqual("2 read, 1 unread", Last(Run("PullReceipts", "sample-alice", group)));
            Assert.AreEqual("read: sample-bob sample-carol; unread: sample-dave",
                Last(Run("PageReadMembers", "sample-alice", group, "1")));
        }

        private static string Run(string sample, string user, params string[] arguments)
        {
            using (var program = Program(sample, user, arguments))
            {
                return Output(program);
            }
        }

        private static Process Program(string sample, string user, params string[] arguments)
        {
            var all = new string[arguments.Length + 3];
            all[0] = Child.Setting("YIDU_TEST_APP");
            all[1] = user;
            all[2] = Child.UserSig(user);
            arguments.CopyTo(all, 3);
            return Child.Sample(sample, all);
        }

        private static string Output(Process program)
        {
            var output = program.StandardOutput.ReadToEnd();
            program.WaitForExit();
            Assert.AreEqual(0, program.ExitCode, output);
            return output;
        }

        private static string Last(string output)
        {
            var lines = output.TrimEnd('\n').Split('\n');
            return lines[lines.Length - 1];
        }
    }
}
