using System.Collections.Generic;
using System.Linq;
using com.tencent.imsdk.unity;
using com.tencent.imsdk.unity.enums;
using com.tencent.imsdk.unity.types;
using NUnit.Framework;

namespace Yidu.ImSdk.Tests
{
    /// <summary>Chinese, emoji and other text go through every field unharmed, to another process and back.</summary>
    public class Texts
    {
        private const string Text = "已读👩‍👩‍👧‍👦 “引号” \\ \n\t \u0001 é Ω \uFFFD 𠮷";

        [Test]
        public void OfAMessageArriveAsTheyWereSent()
        {
            var sent = new Message
            {
                message_need_read_receipt = true,
                message_cloud_custom_str = Text,
                message_elem_array = new List<Elem>
                {
                    new Elem { elem_type = TIMElemType.kTIMElem_Text, text_elem_content = Text },
                    new Elem
                    {
                        elem_type = TIMElemType.kTIMElem_Custom,
                        custom_elem_data = Text + 1,
                        custom_elem_desc = Text + 2,
                        custom_elem_ext = Text + 3,
                        custom_elem_sound = Text + 4,
                    },
                    new Elem { elem_type = TIMElemType.kTIMElem_Face, face_elem_index = 0, face_elem_buf = Text },
                    new Elem
                    {
                        elem_type = TIMElemType.kTIMElem_Location,
                        location_elem_desc = Text,
                        location_elem_latitude = 39.90923,
                        location_elem_longitude = -116.397428,
                    },
                },
            };
            using (var peer = new Peer())
            {
                peer.Login("texts-bob");
                Sdk.Start("texts-alice");
                Same(sent, Sdk.Send("texts-bob", TIMConvType.kTIMConv_C2C, sent));
                Same(sent, peer.Newest("texts-alice", TIMConvType.kTIMConv_C2C));
                Same(sent, Sdk.History("texts-bob", TIMConvType.kTIMConv_C2C).First());
            }
        }

        [Test]
        public void OfAProfileAreSeenByOthers()
        {
            using (var peer = new Peer())
            {
                peer.Login("texts-carol");
                Sdk.Start("texts-dave");
                var item = new UserProfileItem
                {
                    user_profile_item_nick_name = "阿戴👋",
                    user_profile_item_face_url = "https://example.com/头像.png",
                };
                Sdk.Tell(callback => TencentIMSDK.ProfileModifySelfUserProfile(item, callback)).Succeeded("profile");
                var seen = peer.Profile("texts-dave");
                Assert.AreEqual(item.user_profile_item_nick_name, seen.user_profile_nick_name);
                Assert.AreEqual(item.user_profile_item_face_url, seen.user_profile_face_url);
            }
        }

        [Test]
        public void OfAGroupAreSeenByItsMembers()
        {
            using (var peer = new Peer())
            {
                peer.Login("texts-erin");
                Sdk.Start("texts-frank");
                var group = Sdk.CreateGroup("群名🎲", TIMGroupType.kTIMGroup_Public, "texts-erin");
                Assert.AreEqual("群名🎲", peer.Group(group).group_detail_info_group_name);
                var change = new GroupModifyInfoParam
                {
                    group_modify_info_param_group_id = group,
                    group_modify_info_param_modify_flag = TIMGroupModifyInfoFlag.kTIMGroupModifyInfoFlag_Name
                        | TIMGroupModifyInfoFlag.kTIMGroupModifyInfoFlag_Notification
                        | TIMGroupModifyInfoFlag.kTIMGroupModifyInfoFlag_Introduction,
                    group_modify_info_param_group_name = "新名🎯",
                    group_modify_info_param_notification = "公告📢",
                    group_modify_info_param_introduction = "简介📖",
                };
                Sdk.Tell(callback => TencentIMSDK.GroupModifyGroupInfo(change, callback)).Succeeded("changing");
                var seen = peer.Group(group);
                Assert.AreEqual("新名🎯", seen.group_detail_info_group_name);
                Assert.AreEqual("公告📢", seen.group_detail_info_notification);
                Assert.AreEqual("简介📖", seen.group_detail_info_introduction);
            }
        }

        private static void Same(Message sent, Message seen)
        {
            Assert.AreEqual(sent.message_cloud_custom_str, seen.message_cloud_custom_str);
            Assert.AreEqual(sent.message_elem_array.Count, seen.message_elem_array.Count);
            for (var index = 0; index < sent.message_elem_array.Count; index++)
            {
                var wanted = sent.message_elem_array[index];
                var elem = seen.message_elem_array[index];
                Assert.AreEqual(wanted.elem_type, elem.elem_type);
                Assert.AreEqual(wanted.text_elem_content ?? "", elem.text_elem_content ?? "");
                Assert.AreEqual(wanted.custom_elem_data ?? "", elem.custom_elem_data ?? "");
                Assert.AreEqual(wanted.custom_elem_desc ?? "", elem.custom_elem_desc ?? "");
                Assert.AreEqual(wanted.custom_elem_ext ?? "", elem.custom_elem_ext ?? "");
                Assert.AreEqual(wanted.custom_elem_sound ?? "", elem.custom_elem_sound ?? "");
                Assert.AreEqual(wanted.face_elem_buf ?? "", elem.face_elem_buf ?? "");
                Assert.AreEqual(wanted.location_elem_desc ?? "", elem.location_elem_desc ?? "");
                Assert.AreEqual(wanted.location_elem_latitude, elem.location_elem_latitude);
                Assert.AreEqual(wanted.location_elem_longitude, elem.location_elem_longitude);
            }
        }
    }
}
