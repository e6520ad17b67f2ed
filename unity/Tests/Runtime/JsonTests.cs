using System;
using System.Collections.Generic;
using com.tencent.imsdk.unity.enums;
using com.tencent.imsdk.unity.types;
using Newtonsoft.Json.Linq;
using NUnit.Framework;

namespace Yidu.ImSdk.Tests
{
    /// <summary>
    /// What goes to the library and comes from it. Needs no library, so it runs in Unity's test runner as well as under
    /// Mono (cargo xtask unity).
    /// </summary>
    public class JsonTests
    {
        private readonly List<Exception> reported = new List<Exception>();

        [SetUp]
        public void Listen()
        {
            reported.Clear();
            CallbackErrors.Raised += reported.Add;
        }

        [TearDown]
        public void StopListening()
        {
            CallbackErrors.Raised -= reported.Add;
        }

        [Test]
        public void NumbersBeyondTheirFieldBecomeTheNearestInIt()
        {
            var receipt = Json.Read<MessageReceipt>(
                "{\"msg_receipt_read_count\":5000000000,\"msg_receipt_unread_count\":-5000000000,"
                + "\"msg_receipt_time_stamp\":-1,\"msg_receipt_msg_id\":\"m\"}", "test");
            Assert.AreEqual(int.MaxValue, receipt.msg_receipt_read_count);
            Assert.AreEqual(int.MinValue, receipt.msg_receipt_unread_count);
            Assert.AreEqual(0UL, receipt.msg_receipt_time_stamp);
            Assert.AreEqual("m", receipt.msg_receipt_msg_id);
            Assert.AreEqual(0, reported.Count);
        }

        [Test]
        public void TheWholeRangeOfUnsignedNumbersIsExact()
        {
            var message = Json.Read<Message>(
                "{\"message_unique_id\":18446744073709551615,\"message_seq\":9223372036854775808,"
                + "\"message_server_time\":18446744073709551600}", "test");
            Assert.AreEqual(ulong.MaxValue, message.message_unique_id);
            Assert.AreEqual(1UL << 63, message.message_seq);
            Assert.AreEqual(18446744073709551600UL, message.message_server_time);
            StringAssert.Contains("18446744073709551615", Json.Write(message));
        }

        [TestCase("2", 2)]
        [TestCase("2.0", 2)]
        [TestCase("\"2\"", 2)]
        [TestCase("true", 1)]
        [TestCase("null", 0)]
        [TestCase("1e30", int.MaxValue)]
        [TestCase("-99999999999999999999999999999999", int.MinValue)]
        public void WholeNumbersAreReadKindly(string written, int read)
        {
            var receipt = Json.Read<MessageReceipt>("{\"msg_receipt_read_count\":" + written + "}", "test");
            Assert.AreEqual(read, receipt.msg_receipt_read_count);
            Assert.AreEqual(0, reported.Count);
        }

        [TestCase("{\"message_seq\":{\"a\":[1,2]},\"message_msg_id\":\"m\"}", 1)]
        [TestCase("{\"message_elem_array\":{\"no\":\"list\"},\"message_msg_id\":\"m\"}", 1)]
        [TestCase("{\"message_elem_array\":{\"no\":{\"a\":[{}]}},\"message_msg_id\":\"m\"}", 1)]
        [TestCase("{\"message_elem_array\":[7,{\"elem_type\":\"what\"}],\"message_msg_id\":\"m\"}", 2)]
        [TestCase("{\"message_sender_profile\":[{\"a\":1}],\"message_msg_id\":\"m\"}", 1)]
        [TestCase("{\"message_is_read\":\"perhaps\",\"message_msg_id\":\"m\"}", 1)]
        [TestCase("{\"message_sender_profile\":7,\"message_msg_id\":\"m\"}", 1)]
        public void AValueThatDoesNotFitIsReportedAndLosesNothingElse(string json, int reports)
        {
            Assert.AreEqual("m", Json.Read<Message>(json, "MsgFindMessages_1").message_msg_id);
            Assert.AreEqual(reports, reported.Count);
            StringAssert.StartsWith("MsgFindMessages_1: ", reported[0].Message);
        }

        [Test]
        public void AListKeepsWhatFits()
        {
            var receipts = Json.Read<List<MessageReceipt>>(
                "[{\"msg_receipt_msg_id\":\"a\"},\"what\",null,{\"msg_receipt_msg_id\":\"b\"}]", "test");
            Assert.AreEqual(2, receipts.Count);
            Assert.AreEqual("b", receipts[1].msg_receipt_msg_id);
            Assert.AreEqual(1, reported.Count);
            Assert.IsNull(Json.Read<List<MessageReceipt>>("{\"not\":\"a list\"}", "test"));
        }

        [TestCase("{\"message_msg_id\":\"m\"")]
        [TestCase("nonsense")]
        [TestCase("[1,2")]
        public void WhatIsNoJsonIsNothingAndReported(string json)
        {
            Assert.IsNull(Json.Read<Message>(json, "test"));
            Assert.AreEqual(1, reported.Count);
        }

        [Test]
        public void NestingHasABound()
        {
            var deep = new string('[', 100000) + new string(']', 100000);
            Assert.IsNull(Json.Read<List<Message>>(deep, "test"));
            Assert.AreEqual(1, reported.Count);
        }

        [Test]
        public void NoTextIsNoResult()
        {
            Assert.IsNull(Json.Read<Message>("", "test"));
            Assert.IsNull(Json.Read<Message>(null, "test"));
            Assert.AreEqual(0, reported.Count);
        }

        [Test]
        public void KeysWithoutAFieldComeBackWhenAMessageIsHandedBack()
        {
            var message = Json.Read<Message>(
                "{\"message_msg_id\":\"m\",\"message_from_tomorrow\":{\"a\":[1,\"二\"]}}", "test");
            Assert.AreEqual(1, message.UnknownKeys.Count);
            var written = JObject.Parse(Json.Write(message));
            Assert.AreEqual("二", (string)written["message_from_tomorrow"]["a"][1]);
            Assert.IsNull(written["UnknownKeys"]);
        }

        [Test]
        public void AnElementCarriesOnlyTheKeysOfItsType()
        {
            var elem = new Elem { elem_type = TIMElemType.kTIMElem_Face };
            var written = JObject.Parse(Json.Write(elem));
            CollectionAssert.AreEquivalent(new[] { "elem_type", "face_elem_index" }, Keys(written));
            Assert.AreEqual(6, (int)written["elem_type"]);

            elem = new Elem { elem_type = TIMElemType.kTIMElem_Text, text_elem_content = "你好", image_elem_level = TIMImageLevel.kTIMImageLevel_HD };
            CollectionAssert.AreEquivalent(
                new[] { "elem_type", "text_elem_content" }, Keys(JObject.Parse(Json.Write(elem))));
        }

        [Test]
        public void AGroupTipKeepsItsFieldsOnItsOwnAndAsAnElement()
        {
            const string tip = "{\"group_tips_elem_tip_type\":3,\"group_tips_elem_user_array\":[\"bob\"],\"elem_type\":5}";
            Assert.AreEqual(TIMGroupTipType.kTIMGroupTip_Kick, Json.Read<GroupTipsElem>(tip, "test").group_tips_elem_tip_type);
            var elem = Json.Read<Elem>(tip, "test");
            Assert.AreEqual("bob", elem.group_tips_elem_user_array[0]);
            Assert.AreEqual("bob", (string)JObject.Parse(Json.Write(elem))["group_tips_elem_user_array"][0]);
        }

        [Test]
        public void NullsAreLeftOutAndEnumsAreNumbers()
        {
            var message = new Message
            {
                message_conv_type = TIMConvType.kTIMConv_Group,
                message_need_read_receipt = true,
            };
            CollectionAssert.AreEquivalent(
                new[]
                {
                    "message_conv_type", "message_need_read_receipt", "message_unique_id", "message_rand", "message_seq",
                },
                Keys(JObject.Parse(Json.Write(message))));
            StringAssert.Contains("\"message_conv_type\":2", Json.Write(message));
        }

        [Test]
        public void EnumNumbersOfTomorrowAreKept()
        {
            var info = Json.Read<ConvInfo>("{\"conv_type\":77}", "test");
            Assert.AreEqual(77, (int)info.conv_type);
            Assert.AreEqual(0, reported.Count);
        }

        [Test]
        public void NewOwnerIsAPositiveFlag()
        {
            var param = new GroupModifyInfoParam
            {
                group_modify_info_param_modify_flag = TIMGroupModifyInfoFlag.kTIMGroupModifyInfoFlag_Owner,
            };
            StringAssert.Contains("2147483648", Json.Write(param));
        }

        [Test]
        public void OldNamesLeadToTheSameFields()
        {
            var member = Json.Read<GroupMemberInfo>("{\"group_member_info_friend_remark\":\"阿波\"}", "test");
            Assert.AreEqual("阿波", member.group_member_info_remark);
            var param = new MsgGetMsgListParam { msg_last_msg_id = "m" };
            Assert.AreEqual("m", (string)JObject.Parse(Json.Write(param))["msg_getmsglist_param_last_msg"]["message_msg_id"]);
            Assert.IsNull(JObject.Parse(Json.Write(param))["msg_last_msg_id"]);
        }

        private static IEnumerable<string> Keys(JObject json)
        {
            foreach (var property in json.Properties())
            {
                yield return property.Name;
            }
        }
    }
}
