//! UserProfile, and what may be changed in one's own.

use yidu_client::v1;

use super::JsonError;
use super::object::{objects, parse};

objects! {
    /// What everybody may know of a user. Yidu keeps nick and avatar; the other keys are 0, "" or [].
    UserProfile {
        user_profile_identifier: String,
        user_profile_nick_name: String,
        user_profile_gender: u32,
        user_profile_face_url: String,
        user_profile_friend_remark: String,
        user_profile_self_signature: String,
        user_profile_add_permission: u32,
        user_profile_location: String,
        user_profile_language: u32,
        user_profile_birthday: u32,
        user_profile_level: u32,
        user_profile_role: u32,
        user_profile_custom_string_array: Vec<CustomString>,
    }

    /// A field of the app's own.
    CustomString {
        user_profile_custom_string_info_key: String,
        user_profile_custom_string_info_value: String,
    }

    /// The parameter of TIMProfileGetUserProfileList.
    GetProfiles {
        friendship_getprofilelist_param_identifier_array: Option<Vec<String>>,
    }

    /// The parameter of TIMProfileModifySelfUserProfile.
    ModifyProfile {
        user_profile_item_nick_name: Option<String>,
        user_profile_item_face_url: Option<String>,
        user_profile_item_gender: Option<u32>,
        user_profile_item_self_signature: Option<String>,
        user_profile_item_add_permission: Option<u32>,
        user_profile_item_location: Option<String>,
        user_profile_item_language: Option<u32>,
        user_profile_item_birthday: Option<u32>,
        user_profile_item_level: Option<u32>,
        user_profile_item_role: Option<u32>,
        user_profile_item_custom_string_array: Option<Vec<CustomString>>,
    }
}

impl From<&v1::Profile> for UserProfile {
    fn from(profile: &v1::Profile) -> UserProfile {
        UserProfile {
            user_profile_identifier: profile.user_id.clone(),
            user_profile_nick_name: profile.nick.clone(),
            user_profile_face_url: profile.avatar_url.clone(),
            ..UserProfile::default()
        }
    }
}

/// Reads whose profiles are asked for.
pub(crate) fn read_get(text: &str) -> Result<Vec<String>, JsonError> {
    let param: GetProfiles = parse(text)?;
    param
        .friendship_getprofilelist_param_identifier_array
        .ok_or_else(|| JsonError::missing("friendship_getprofilelist_param_identifier_array"))
}

/// Reads a change of one's own profile, and the keys in it that Yidu does not keep.
pub(crate) fn read_modify(text: &str) -> Result<(v1::ModifyProfile, Vec<&'static str>), JsonError> {
    let param: ModifyProfile = parse(text)?;
    let unsupported = [
        (param.user_profile_item_gender.is_some(), "user_profile_item_gender"),
        (param.user_profile_item_self_signature.is_some(), "user_profile_item_self_signature"),
        (param.user_profile_item_add_permission.is_some(), "user_profile_item_add_permission"),
        (param.user_profile_item_location.is_some(), "user_profile_item_location"),
        (param.user_profile_item_language.is_some(), "user_profile_item_language"),
        (param.user_profile_item_birthday.is_some(), "user_profile_item_birthday"),
        (param.user_profile_item_level.is_some(), "user_profile_item_level"),
        (param.user_profile_item_role.is_some(), "user_profile_item_role"),
        (param.user_profile_item_custom_string_array.is_some(), "user_profile_item_custom_string_array"),
    ];
    let unsupported: Vec<_> = unsupported.into_iter().filter(|(set, _)| *set).map(|(_, key)| key).collect();
    let change = v1::ModifyProfile {
        nick: param.user_profile_item_nick_name,
        avatar_url: param.user_profile_item_face_url,
    };
    if unsupported.is_empty() && change == v1::ModifyProfile::default() {
        return Err(JsonError::missing("user_profile_item_nick_name"));
    }
    Ok((change, unsupported))
}
