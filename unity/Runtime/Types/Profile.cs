using System.Collections.Generic;
using com.tencent.imsdk.unity.enums;

namespace com.tencent.imsdk.unity.types
{
    /// <summary>A user's profile; read only.</summary>
    public class UserProfile : ExtraData
    {
        public string user_profile_identifier;
        public string user_profile_nick_name;
        public TIMGenderType user_profile_gender;
        public string user_profile_face_url;
        public string user_profile_friend_remark;
        public string user_profile_self_signature;
        public TIMProfileAddPermission user_profile_add_permission;
        public string user_profile_location;
        public uint user_profile_language;
        public uint user_profile_birthday;
        public uint user_profile_level;
        public uint user_profile_role;
        public List<UserProfileCustomStringInfo> user_profile_custom_string_array;
    }

    /// <summary>A field of the app's own; the key begins with "Tag_Profile_Custom_", the value has at most 500 bytes.</summary>
    public class UserProfileCustomStringInfo : ExtraData
    {
        public string user_profile_custom_string_info_key;
        public string user_profile_custom_string_info_value;
    }

    /// <summary>What to change in the own profile; at least one field.</summary>
    public class UserProfileItem : ExtraData
    {
        public string user_profile_item_nick_name;
        public TIMGenderType? user_profile_item_gender;
        public string user_profile_item_face_url;
        public string user_profile_item_self_signature;
        public TIMProfileAddPermission? user_profile_item_add_permission;
        public string user_profile_item_location;
        public uint? user_profile_item_language;
        public uint? user_profile_item_birthday;
        public uint? user_profile_item_level;
        public uint? user_profile_item_role;
        public List<UserProfileCustomStringInfo> user_profile_item_custom_string_array;
    }

    /// <summary>Whose profiles.</summary>
    public class FriendShipGetProfileListParam : ExtraData
    {
        public List<string> friendship_getprofilelist_param_identifier_array;
        public bool friendship_getprofilelist_param_force_update;
    }
}
