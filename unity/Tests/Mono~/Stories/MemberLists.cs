using System.Collections.Generic;
using System.Linq;
using com.tencent.imsdk.unity;
using com.tencent.imsdk.unity.enums;
using com.tencent.imsdk.unity.types;
using NUnit.Framework;

namespace Yidu.ImSdk.Tests
{
    /// <summary>The lists of who has read and who has not: complete, page by page, and many at a time.</summary>
    public class MemberLists
    {
        private const TIMGroupMessageReadMembersFilter Read =
            TIMGroupMessageReadMembersFilter.TIM_GROUP_MESSAGE_READ_MEMBERS_FILTER_READ;
        private const TIMGroupMessageReadMembersFilter Unread =
            TIMGroupMessageReadMembersFilter.TIM_GROUP_MESSAGE_READ_MEMBERS_FILTER_UNREAD;

        [Test]
        public void HoldAHundredAndFiftyMembersByPagesOfSevenAndOfAHundred()
        {
            var members = Enumerable.Range(1, 149).Select(number => "m" + number.ToString("000")).ToArray();
            var readers = members.Where((member, index) => index % 2 == 0).ToArray();
            using (var peer = new Peer())
            {
                peer.MakeAccounts(members);
                Sdk.Start("paging-alice");
                var group = Sdk.CreateGroup("一百五十人", TIMGroupType.kTIMGroup_Private, members.Take(20).ToArray());
                foreach (var twenty in Batches(members.Skip(20), 20))
                {
                    Invite(group, twenty);
                }
                var message = Sdk.Send(group, TIMConvType.kTIMConv_Group, Sdk.Text("谁读了？"));
                foreach (var reader in readers)
                {
                    peer.Login(reader);
                    Assert.AreEqual(1, peer.Read(group, TIMConvType.kTIMConv_Group));
                    peer.Logout();
                }

                var receipt = Sdk.Receipts(message).Single();
                Assert.AreEqual(readers.Length, receipt.msg_receipt_read_count);
                Assert.AreEqual(members.Length - readers.Length, receipt.msg_receipt_unread_count);
                foreach (var pageSize in new[] { 7, 100 })
                {
                    CollectionAssert.AreEquivalent(readers, Sdk.Members(message, Read, pageSize));
                    CollectionAssert.AreEquivalent(members.Except(readers), Sdk.Members(message, Unread, pageSize));
                }
            }
        }

        [Test]
        public void AreAnsweredEachToItsOwnCall()
        {
            var members = Enumerable.Range(1, 12).Select(number => "c" + number.ToString("00")).ToArray();
            using (var peer = new Peer())
            {
                peer.MakeAccounts(members);
                Sdk.Start("many-alice");
                var group = Sdk.CreateGroup("many", TIMGroupType.kTIMGroup_Public, members);
                var message = Sdk.Send(group, TIMConvType.kTIMConv_Group, Sdk.Text("at once"));
                foreach (var reader in members.Take(5))
                {
                    peer.Login(reader);
                    peer.Read(group, TIMConvType.kTIMConv_Group);
                    peer.Logout();
                }

                var readPages = Ask(message, Read, 5);
                var unreadPages = Ask(message, Unread, 7);
                Wait.Until("all pages", () => readPages.Concat(unreadPages).All(page => page.Count > 0));
                foreach (var page in readPages)
                {
                    CollectionAssert.AreEquivalent(members.Take(5), page.Members);
                    Assert.AreEqual(1, page.Count);
                }
                foreach (var page in unreadPages)
                {
                    CollectionAssert.AreEquivalent(members.Skip(5), page.Members);
                    Assert.AreEqual(1, page.Count);
                }
                Assert.AreEqual(0, PendingCalls.Count);
            }
        }

        [Test]
        public void RefuseAPageOfMoreThanAHundredAtOnce()
        {
            Sdk.Start("refused-alice");
            var message = new Message { message_msg_id = "1-2-3" };
            foreach (var count in new[] { -1L, 0L, 101L, 1L << 40 })
            {
                Assert.AreEqual(TIMResult.TIM_ERR_PARAM, TencentIMSDK.GetMsgGroupMessageReadMemberList(
                    message, Read, 0, count, new Page().Arrive), count.ToString());
            }
            Assert.AreEqual(0, PendingCalls.Count);
        }

        /// <summary>Twenty calls of each kind, under way together with those of the other kind.</summary>
        private static List<Page> Ask(Message message, TIMGroupMessageReadMembersFilter filter, int pageSize)
        {
            var pages = new List<Page>();
            for (var call = 0; call < 20; call++)
            {
                var page = new Page();
                pages.Add(page);
                Assert.AreEqual(TIMResult.TIM_SUCC, call % 2 == 0
                    ? TencentIMSDK.GetMsgGroupMessageReadMemberList(message, filter, 0, pageSize, page.Arrive)
                    : TencentIMSDK.MsgGetGroupMessageReadMemberList(message, filter, 0, pageSize, page.Arrive));
            }
            return pages;
        }

        private static IEnumerable<List<string>> Batches(IEnumerable<string> all, int size)
        {
            return all.Select((name, index) => new { name, batch = index / size })
                .GroupBy(item => item.batch, item => item.name).Select(batch => batch.ToList());
        }

        private static void Invite(string group, List<string> members)
        {
            var param = new GroupInviteMemberParam
            {
                group_invite_member_param_group_id = group,
                group_invite_member_param_identifier_array = members,
            };
            var results = Sdk.Ask<List<GroupInviteMemberResult>>(
                callback => TencentIMSDK.GroupInviteMember(param, callback)).Succeeded("inviting");
            Assert.IsTrue(results.All(result => result.group_invite_member_result_result
                == HandleGroupMemberResult.kTIMGroupMember_HandledSuc));
        }
    }
}
