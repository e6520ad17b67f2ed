//! Members of groups.

use std::ffi::c_int;

use crate::ffi::callback::{Answer, Callback, Failure};
use crate::ffi::types::TIMCommCallback;
use crate::ffi::{Text, UserData};
use crate::json;
use crate::json::group::modify::{self, MemberChange};
use crate::json::group::{DeleteResult, InviteResult, MemberListResult, params};
use crate::json::member::GroupMemberInfo;
use crate::sdk::call::{self, nothing};

/// Adds users to a group, 1 to 20, each judged by itself. Who is invited is in; nobody is asked.
///
/// `json_group_invite_param`: `group_invite_member_param_group_id` and `_identifier_array`.
///
/// Callback: an array, in that order, of `group_invite_member_result_identifier` and `_result`
/// (HandleGroupMemberResult: 0 failed, 1 added, 2 was a member already). Errors of the whole: 10007 (may not invite),
/// 10010. Returns TIM_ERR_PARAM for none or more than 20.
#[unsafe(no_mangle)]
pub extern "C" fn TIMGroupInviteMember(
    json_group_invite_param: Text,
    cb: TIMCommCallback,
    user_data: UserData,
) -> c_int {
    call::in_session(Callback::Comm(cb, user_data), |session, reader| {
        let invited = params::read_invite(reader.json(&json_group_invite_param)?)?;
        let session = session.clone();
        Ok(async move {
            let results = session.client.add_members(invited.group_id, invited.users).await?;
            Ok(Answer::Json(json::array(results.iter().map(InviteResult::from))))
        })
    })
}

/// Removes members of a group, 1 to 100, each judged by itself.
///
/// `json_group_delete_param`: `group_delete_member_param_group_id`, `_identifier_array`, and as the reason `_user_data`
/// (at most 512 bytes).
///
/// Callback: an array, in that order, of `group_delete_member_result_identifier` and `_result` (0 failed, 1 is no member
/// now). Errors of the whole: 10007 (may not remove), 10010, 7013 (`_duration`: nobody can be kept from coming back).
/// Returns TIM_ERR_PARAM for none or more than 100.
#[unsafe(no_mangle)]
pub extern "C" fn TIMGroupDeleteMember(
    json_group_delete_param: Text,
    cb: TIMCommCallback,
    user_data: UserData,
) -> c_int {
    call::in_session(Callback::Comm(cb, user_data), |session, reader| {
        let removal = params::read_delete(reader.json(&json_group_delete_param)?)?;
        let session = session.clone();
        Ok(async move {
            if removal.ban_seconds > 0 {
                return Err(Failure::unsupported_keys(&["group_delete_member_param_duration"]));
            }
            let results =
                session.client.remove_members(&removal.group_id, &removal.users, &removal.reason).await?;
            Ok(Answer::Json(json::array(results.iter().map(DeleteResult::from))))
        })
    })
}

/// A page of a group's members, 100 at most, by order of joining.
///
/// `json_group_getmeminfos_param`: `group_get_members_info_list_param_group_id`; `_next_seq`, 0 for the first page, then
/// what the last page said; in `_option` `group_member_get_info_option_role_flag` (TIMGroupMemberRoleFlag, 0 for all);
/// `_identifier_array` asks for up to 100 members by name instead.
///
/// Callback: `group_get_member_info_list_result_next_seq` (0 on the last page) and `_info_array` (GroupMemberInfo).
/// Errors: 10007 (not a member), 10010.
#[unsafe(no_mangle)]
pub extern "C" fn TIMGroupGetMemberInfoList(
    json_group_getmeminfos_param: Text,
    cb: TIMCommCallback,
    user_data: UserData,
) -> c_int {
    call::in_session(Callback::Comm(cb, user_data), |session, reader| {
        let asked = params::read_members(reader.json(&json_group_getmeminfos_param)?)?;
        let session = session.clone();
        Ok(async move {
            let group_id = asked.group_id.clone();
            let page = session.client.call(asked).await?;
            let members = page.members.iter().map(|member| GroupMemberInfo::of(&group_id, member)).collect();
            Ok(Answer::Json(json::text(&MemberListResult {
                group_get_member_info_list_result_next_seq: page.next_cursor,
                group_get_member_info_list_result_info_array: members,
            })))
        })
    })
}

/// Changes a member of a group: what `group_modify_member_info_modify_flag` names, 2 the role (200 or 300, by the owner),
/// 4 for how many seconds muted (0: may write again), 8 the name card (at most 50 bytes).
///
/// `json_group_modifymeminfo_param`: `group_modify_member_info_group_id`, `_identifier`, `_modify_flag`, and `_member_role`,
/// `_shutup_time`, `_name_card` as it says.
///
/// Callback: no result. Errors: 10007, 10004, 10010, 7013 (1 the receive option, 16 custom fields; nothing is changed
/// then). Returns TIM_ERR_JSON when a key that the flag names is missing, TIM_ERR_PARAM for unknown flags.
#[unsafe(no_mangle)]
pub extern "C" fn TIMGroupModifyMemberInfo(
    json_group_modifymeminfo_param: Text,
    cb: TIMCommCallback,
    user_data: UserData,
) -> c_int {
    call::in_session(Callback::Comm(cb, user_data), |session, reader| {
        let change = modify::read_member(reader.json(&json_group_modifymeminfo_param)?)?;
        let session = session.clone();
        Ok(async move {
            let MemberChange { mut request, mute_seconds, unsupported } = change;
            if !unsupported.is_empty() {
                return Err(Failure::unsupported_keys(&unsupported));
            }
            // Until when, by the server's clock.
            request.muted_until_ms = mute_seconds.map(|seconds| match seconds {
                0 => 0,
                seconds => {
                    let now = session.client.server_time_ms().unwrap_or_default();
                    now.saturating_add(u64::from(seconds) * 1_000)
                }
            });
            session.client.modify_member(request).await?;
            nothing()
        })
    })
}
