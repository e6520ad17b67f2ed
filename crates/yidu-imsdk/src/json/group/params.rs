//! The parameters of calls about groups and their members.

use yidu_client::v1;

use super::modify::required;
use crate::ffi::enums::TIMGroupMemberRoleFlag;
use crate::json::JsonError;
use crate::json::object::{objects, parse};

/// Users that one call may invite.
const INVITED: usize = 20;

/// Users that one call may remove, groups or members that it may ask for by name.
const NAMED: usize = 100;

/// Groups that one call may ask for.
const GROUPS: usize = 50;

/// Members in a page.
const PAGE: u32 = 100;

objects! {
    /// The parameter of TIMGroupInviteMember.
    InviteParam {
        group_invite_member_param_group_id: String,
        group_invite_member_param_identifier_array: Option<Vec<String>>,
    }

    /// The parameter of TIMGroupDeleteMember.
    DeleteParam {
        group_delete_member_param_group_id: String,
        group_delete_member_param_identifier_array: Option<Vec<String>>,
        group_delete_member_param_user_data: String,
        group_delete_member_param_duration: u32,
    }

    /// The parameter of TIMGroupGetMemberInfoList.
    MemberListParam {
        group_get_members_info_list_param_group_id: String,
        group_get_members_info_list_param_identifier_array: Vec<String>,
        group_get_members_info_list_param_option: MemberOption,
        group_get_members_info_list_param_next_seq: u64,
    }

    /// Which members.
    MemberOption {
        group_member_get_info_option_role_flag: u64,
    }
}

/// Members to be removed.
#[derive(PartialEq)]
#[cfg_attr(test, derive(Debug))]
pub(crate) struct Removal {
    pub(crate) group_id: String,
    pub(crate) users: Vec<String>,
    pub(crate) reason: String,
    /// For how many seconds they are not to come back.
    pub(crate) ban_seconds: u32,
}

/// Reads whom to invite: 1 to 20 users.
pub(crate) fn read_invite(text: &str) -> Result<v1::AddMembers, JsonError> {
    let param: InviteParam = parse(text)?;
    let group_id = required(param.group_invite_member_param_group_id, "group_invite_member_param_group_id")?;
    let key = "group_invite_member_param_identifier_array";
    let users = users(param.group_invite_member_param_identifier_array, INVITED, key)?;
    Ok(v1::AddMembers { group_id, users, silent: false })
}

/// Reads whom to remove: 1 to 100 users.
pub(crate) fn read_delete(text: &str) -> Result<Removal, JsonError> {
    let param: DeleteParam = parse(text)?;
    let group_id = required(param.group_delete_member_param_group_id, "group_delete_member_param_group_id")?;
    let key = "group_delete_member_param_identifier_array";
    let users = users(param.group_delete_member_param_identifier_array, NAMED, key)?;
    let reason = param.group_delete_member_param_user_data;
    Ok(Removal { group_id, users, reason, ban_seconds: param.group_delete_member_param_duration })
}

/// Reads which page of the members: 100 a page, or up to 100 by name.
pub(crate) fn read_members(text: &str) -> Result<v1::ListMembers, JsonError> {
    let param: MemberListParam = parse(text)?;
    let key = "group_get_members_info_list_param_group_id";
    let group_id = required(param.group_get_members_info_list_param_group_id, key)?;
    let named = param.group_get_members_info_list_param_identifier_array;
    let named = if named.is_empty() {
        named
    } else {
        users(Some(named), NAMED, "group_get_members_info_list_param_identifier_array")?
    };
    let option = param.group_get_members_info_list_param_option;
    Ok(v1::ListMembers {
        group_id,
        cursor: param.group_get_members_info_list_param_next_seq,
        limit: PAGE,
        users: named,
        roles: roles(option.group_member_get_info_option_role_flag)?.into_iter().map(i32::from).collect(),
    })
}

/// Reads which groups: an array of 1 to 50 ids.
pub(crate) fn read_groups(text: &str) -> Result<Vec<String>, JsonError> {
    users(Some(parse(text)?), GROUPS, "the array of group ids")
}

fn users(users: Option<Vec<String>>, at_most: usize, key: &str) -> Result<Vec<String>, JsonError> {
    let users = users.ok_or_else(|| JsonError::missing(key))?;
    if users.is_empty() || users.len() > at_most || users.iter().any(String::is_empty) {
        return Err(JsonError::value(key, format!("1 to {at_most} ids, none of them empty")));
    }
    Ok(users)
}

/// The roles of a bit set; none for all.
fn roles(flags: u64) -> Result<Vec<v1::Role>, JsonError> {
    let known = [
        (TIMGroupMemberRoleFlag::kTIMGroupMemberRoleFlag_Owner as u64, v1::Role::Owner),
        (TIMGroupMemberRoleFlag::kTIMGroupMemberRoleFlag_Admin as u64, v1::Role::Admin),
        (TIMGroupMemberRoleFlag::kTIMGroupMemberRoleFlag_Member as u64, v1::Role::Member),
    ];
    if flags & !known.iter().fold(0, |all, (flag, _)| all | flag) != 0 {
        return Err(JsonError::value(
            "group_member_get_info_option_role_flag",
            "a set of TIMGroupMemberRoleFlag",
        ));
    }
    Ok(known.into_iter().filter(|(flag, _)| flags & flag != 0).map(|(_, role)| role).collect())
}
