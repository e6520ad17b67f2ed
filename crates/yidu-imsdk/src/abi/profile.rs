//! Profiles.

use std::ffi::c_int;

use crate::ffi::callback::{Answer, Callback, Failure};
use crate::ffi::types::TIMCommCallback;
use crate::ffi::{Text, UserData};
use crate::json;
use crate::json::profile::{self, UserProfile};
use crate::sdk::call::{self, Refusal, nothing};

/// Users that one call may ask for.
const USERS: usize = 1_000;

/// What everybody may know of users: nick and avatar; the other keys of UserProfile are 0, "" or [].
///
/// `json_get_user_profile_list_param`: an object with `friendship_getprofilelist_param_identifier_array`, at most 1,000
/// ids. Callback: an array of UserProfile; who has no account is left out. Returns TIM_ERR_JSON without the array,
/// TIM_ERR_PARAM for a longer one.
#[unsafe(no_mangle)]
pub extern "C" fn TIMProfileGetUserProfileList(
    json_get_user_profile_list_param: Text,
    cb: TIMCommCallback,
    user_data: UserData,
) -> c_int {
    call::in_session(Callback::Comm(cb, user_data), |session, reader| {
        let users = profile::read_get(reader.json(&json_get_user_profile_list_param)?)?;
        if users.len() > USERS {
            return Err(Refusal::param(format!("at most {USERS} users in one call")));
        }
        let session = session.clone();
        Ok(async move {
            let profiles = session.client.profiles(&users).await?;
            Ok(Answer::Json(json::array(profiles.iter().map(UserProfile::from))))
        })
    })
}

/// Changes one's own profile: what is set of `user_profile_item_nick_name` and `user_profile_item_face_url` (at most 500
/// bytes each).
///
/// Callback: no result. Errors: 6017 (too long), 7013 (another key is set, which Yidu does not keep; nothing is changed
/// then). Returns TIM_ERR_JSON when nothing is set.
#[unsafe(no_mangle)]
pub extern "C" fn TIMProfileModifySelfUserProfile(
    json_modify_self_user_profile_param: Text,
    cb: TIMCommCallback,
    user_data: UserData,
) -> c_int {
    call::in_session(Callback::Comm(cb, user_data), |session, reader| {
        let (change, unsupported) = profile::read_modify(reader.json(&json_modify_self_user_profile_param)?)?;
        let session = session.clone();
        Ok(async move {
            if !unsupported.is_empty() {
                return Err(Failure::unsupported_keys(&unsupported));
            }
            session.client.modify_profile(change).await?;
            nothing()
        })
    })
}
