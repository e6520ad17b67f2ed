using System.Collections.Generic;
using com.tencent.imsdk.unity.callback;
using com.tencent.imsdk.unity.enums;
using com.tencent.imsdk.unity.types;
using Yidu.ImSdk;

namespace com.tencent.imsdk.unity
{
    // Profiles of users.
    public static partial class TencentIMSDK
    {
        /// <summary>The profiles of these users; those without an account are left out.</summary>
        public static TIMResult ProfileGetUserProfileList(
            FriendShipGetProfileListParam json_get_user_profile_list_param, ValueCallback<List<UserProfile>> callback)
        {
            return Profiles(json_get_user_profile_list_param, Reply.To(callback));
        }

        /// <summary>As the overload with a list.</summary>
        public static TIMResult ProfileGetUserProfileList(
            FriendShipGetProfileListParam json_get_user_profile_list_param, ValueCallback<string> callback)
        {
            return Profiles(json_get_user_profile_list_param, Reply.To(callback));
        }

        private static TIMResult Profiles(FriendShipGetProfileListParam param, Reply reply)
        {
            return PendingCalls.Start("ProfileGetUserProfileList", reply, (arguments, native, token) =>
                NativeMethods.TIMProfileGetUserProfileList(arguments.Json(param), native, token));
        }

        /// <summary>
        /// Changes the own nick name and face URL, as far as they are set (at most 500 bytes each). Yidu keeps no other
        /// fields: 7013 names those that were asked for, and nothing is changed.
        /// </summary>
        public static TIMResult ProfileModifySelfUserProfile(
            UserProfileItem json_modify_self_user_profile_param, NullValueCallback callback)
        {
            return ModifySelf(json_modify_self_user_profile_param, Reply.To(callback));
        }

        /// <summary>As the overload with NullValueCallback.</summary>
        public static TIMResult ProfileModifySelfUserProfile(
            UserProfileItem json_modify_self_user_profile_param, ValueCallback<string> callback)
        {
            return ModifySelf(json_modify_self_user_profile_param, Reply.To(callback));
        }

        private static TIMResult ModifySelf(UserProfileItem item, Reply reply)
        {
            return PendingCalls.Start("ProfileModifySelfUserProfile", reply, (arguments, native, token) =>
                NativeMethods.TIMProfileModifySelfUserProfile(arguments.Json(item), native, token));
        }
    }
}
