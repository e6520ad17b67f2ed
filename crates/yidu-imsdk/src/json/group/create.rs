//! CreateGroupParam.

use yidu_client::v1;

use super::CustomInfo;
use super::modify::add_option;
use crate::ffi::enums::{TIMGroupAddOption, TIMGroupMemberRole};
use crate::json::JsonError;
use crate::json::object::{objects, parse};

/// Members a new group may begin with.
const MEMBERS: usize = 20;

objects! {
    /// The parameter of TIMGroupCreate.
    CreateGroupParam {
        create_group_param_group_name: String,
        create_group_param_group_id: String,
        create_group_param_group_type: i32,
        create_group_param_group_member_array: Vec<FirstMember>,
        create_group_param_notification: String,
        create_group_param_introduction: String,
        create_group_param_face_url: String,
        create_group_param_add_option: Option<i32>,
        create_group_param_approve_option: Option<i32>,
        create_group_param_max_member_num: u32,
        create_group_param_custom_info: Vec<CustomInfo>,
        create_group_param_is_support_topic: bool,
        create_group_param_enable_permission_group: bool,
        create_group_param_default_permissions: u64,
    }

    /// A first member.
    FirstMember {
        group_member_info_identifier: String,
        group_member_info_member_role: i32,
        group_member_info_custom_info: Vec<MemberCustomInfo>,
    }

    /// A field of a member: that there is one is all that is read.
    MemberCustomInfo {
        group_member_info_custom_string_info_key: String,
    }
}

/// A group to be created.
#[derive(Default, PartialEq)]
#[cfg_attr(test, derive(Debug))]
pub(crate) struct NewGroup {
    pub(crate) request: v1::CreateGroup,
    /// First members who are to be admins.
    pub(crate) admins: Vec<String>,
    /// Keys of what Yidu does not have.
    pub(crate) unsupported: Vec<&'static str>,
}

impl NewGroup {
    /// Reads a group to be created; a name is required.
    pub(crate) fn parse(text: &str) -> Result<NewGroup, JsonError> {
        let param: CreateGroupParam = parse(text)?;
        if param.create_group_param_group_name.is_empty() {
            return Err(JsonError::missing("create_group_param_group_name"));
        }
        let unsupported = unsupported(&param);
        let (members, admins) = members(param.create_group_param_group_member_array)?;
        let group_type = v1::GroupType::try_from(param.create_group_param_group_type).map_err(|_| {
            JsonError::value("create_group_param_group_type", "a number of TIMGroupType (0, 1, 2, 4 or 5)")
        })?;
        let add_option = add_option(param.create_group_param_add_option, "create_group_param_add_option")?;
        let request = v1::CreateGroup {
            group_id: param.create_group_param_group_id,
            r#type: group_type.into(),
            name: param.create_group_param_group_name,
            introduction: param.create_group_param_introduction,
            notification: param.create_group_param_notification,
            avatar_url: param.create_group_param_face_url,
            add_option: add_option.map(i32::from),
            max_members: param.create_group_param_max_member_num,
            members,
            app_data: param.create_group_param_custom_info.into_iter().map(v1::AppData::from).collect(),
            ..Default::default()
        };
        Ok(NewGroup { request, admins, unsupported })
    }
}

/// The first members, and who of them are to be admins.
fn members(given: Vec<FirstMember>) -> Result<(Vec<String>, Vec<String>), JsonError> {
    let key = "create_group_param_group_member_array";
    if given.len() > MEMBERS {
        return Err(JsonError::value(key, format!("at most {MEMBERS} members")));
    }
    let (mut members, mut admins) = (Vec::new(), Vec::new());
    for member in given {
        if member.group_member_info_identifier.is_empty() {
            return Err(JsonError::missing("group_member_info_identifier"));
        }
        match TIMGroupMemberRole::from_number(member.group_member_info_member_role) {
            Some(TIMGroupMemberRole::kTIMMemberRole_Admin) => {
                admins.push(member.group_member_info_identifier.clone());
            }
            Some(TIMGroupMemberRole::kTIMMemberRole_None | TIMGroupMemberRole::kTIMMemberRole_Normal) => {}
            Some(TIMGroupMemberRole::kTIMMemberRole_Owner) | None => {
                return Err(JsonError::value("group_member_info_member_role", "200 (member) or 300 (admin)"));
            }
        }
        members.push(member.group_member_info_identifier);
    }
    Ok((members, admins))
}

fn unsupported(param: &CreateGroupParam) -> Vec<&'static str> {
    let needs_approval = |option: i32| {
        option == TIMGroupAddOption::kTIMGroupAddOpt_Auth as i32
            || option == TIMGroupAddOption::kTIMGroupAddOpt_Forbid as i32
    };
    let members = &param.create_group_param_group_member_array;
    let all = [
        (param.create_group_param_is_support_topic, "create_group_param_is_support_topic"),
        (param.create_group_param_enable_permission_group, "create_group_param_enable_permission_group"),
        (param.create_group_param_default_permissions != 0, "create_group_param_default_permissions"),
        (
            param.create_group_param_approve_option.is_some_and(needs_approval),
            "create_group_param_approve_option",
        ),
        (
            members.iter().any(|member| !member.group_member_info_custom_info.is_empty()),
            "group_member_info_custom_info",
        ),
    ];
    all.into_iter().filter(|(set, _)| *set).map(|(_, key)| key).collect()
}
