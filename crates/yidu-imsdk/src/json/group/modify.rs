//! What may be changed in a group and in its members: the flag says which keys count.

use yidu_client::v1;

use super::CustomInfo;
use crate::ffi::enums::{TIMGroupAddOption, TIMGroupMemberModifyInfoFlag, TIMGroupModifyInfoFlag};
use crate::json::JsonError;
use crate::json::object::{objects, parse};

objects! {
    /// The parameter of TIMGroupModifyGroupInfo.
    GroupModifyInfoParam {
        group_modify_info_param_group_id: String,
        group_modify_info_param_modify_flag: i64,
        group_modify_info_param_group_name: Option<String>,
        group_modify_info_param_notification: Option<String>,
        group_modify_info_param_introduction: Option<String>,
        group_modify_info_param_face_url: Option<String>,
        group_modify_info_param_add_option: Option<i32>,
        group_modify_info_param_max_member_num: Option<u32>,
        group_modify_info_param_is_shutup_all: Option<bool>,
        group_modify_info_param_owner: Option<String>,
        group_modify_info_param_custom_info: Option<Vec<CustomInfo>>,
    }

    /// The parameter of TIMGroupModifyMemberInfo.
    GroupModifyMemberInfoParam {
        group_modify_member_info_group_id: String,
        group_modify_member_info_identifier: String,
        group_modify_member_info_modify_flag: i64,
        group_modify_member_info_member_role: Option<i32>,
        group_modify_member_info_shutup_time: Option<u32>,
        group_modify_member_info_name_card: Option<String>,
    }
}

/// A change that is asked for, or the names of what Yidu cannot change.
#[derive(PartialEq)]
#[cfg_attr(test, derive(Debug))]
pub(crate) enum GroupChange {
    Modify(v1::ModifyGroup),
    Transfer(v1::TransferGroup),
    Unsupported(Vec<&'static str>),
}

/// A change of a member; who mutes says for how long, the contract until when.
#[derive(PartialEq)]
#[cfg_attr(test, derive(Debug))]
pub(crate) struct MemberChange {
    pub(crate) request: v1::ModifyMember,
    pub(crate) mute_seconds: Option<u32>,
    pub(crate) unsupported: Vec<&'static str>,
}

const NAME: i64 = flag(TIMGroupModifyInfoFlag::kTIMGroupModifyInfoFlag_Name);
const NOTIFICATION: i64 = flag(TIMGroupModifyInfoFlag::kTIMGroupModifyInfoFlag_Notification);
const INTRODUCTION: i64 = flag(TIMGroupModifyInfoFlag::kTIMGroupModifyInfoFlag_Introduction);
const FACE_URL: i64 = flag(TIMGroupModifyInfoFlag::kTIMGroupModifyInfoFlag_FaceUrl);
const ADD_OPTION: i64 = flag(TIMGroupModifyInfoFlag::kTIMGroupModifyInfoFlag_AddOption);
const MAX_MEMBERS: i64 = flag(TIMGroupModifyInfoFlag::kTIMGroupModifyInfoFlag_MaxMemberNum);
const MUTE_ALL: i64 = flag(TIMGroupModifyInfoFlag::kTIMGroupModifyInfoFlag_ShutupAll);
const CUSTOM: i64 = flag(TIMGroupModifyInfoFlag::kTIMGroupModifyInfoFlag_Custom);
const OWNER: i64 = flag(TIMGroupModifyInfoFlag::kTIMGroupModifyInfoFlag_Owner);

/// What the interface knows and Yidu does not have.
const FOREIGN: [(i64, &str); 6] = [
    (flag(TIMGroupModifyInfoFlag::kTIMGroupModifyInfoFlag_Visible), "whether a group is visible"),
    (flag(TIMGroupModifyInfoFlag::kTIMGroupModifyInfoFlag_Searchable), "whether a group is searchable"),
    (flag(TIMGroupModifyInfoFlag::kTIMGroupTopicModifyInfoFlag_CustomString), "custom texts of topics"),
    (flag(TIMGroupModifyInfoFlag::kTIMGroupModifyInfoFlag_ApproveOption), "approval of invitations"),
    (flag(TIMGroupModifyInfoFlag::kTIMGroupModifyInfoFlag_EnablePermissionGroup), "permission groups"),
    (flag(TIMGroupModifyInfoFlag::kTIMGroupModifyInfoFlag_DefaultPermissions), "permission groups"),
];

const fn flag(flag: TIMGroupModifyInfoFlag) -> i64 {
    flag as i32 as i64
}

const MEMBER_MSG_FLAG: i64 = TIMGroupMemberModifyInfoFlag::kTIMGroupMemberModifyFlag_MsgFlag as i64;
const MEMBER_ROLE: i64 = TIMGroupMemberModifyInfoFlag::kTIMGroupMemberModifyFlag_MemberRole as i64;
const MEMBER_SHUTUP: i64 = TIMGroupMemberModifyInfoFlag::kTIMGroupMemberModifyFlag_ShutupTime as i64;
const MEMBER_NAME_CARD: i64 = TIMGroupMemberModifyInfoFlag::kTIMGroupMemberModifyFlag_NameCard as i64;
const MEMBER_CUSTOM: i64 = TIMGroupMemberModifyInfoFlag::kTIMGroupMemberModifyFlag_Custom as i64;

/// Reads a change of a group.
pub(crate) fn read_group(text: &str) -> Result<GroupChange, JsonError> {
    let param: GroupModifyInfoParam = parse(text)?;
    let group_id = required(param.group_modify_info_param_group_id, "group_modify_info_param_group_id")?;
    let key = "group_modify_info_param_modify_flag";
    let flags = Flags::of(param.group_modify_info_param_modify_flag, key)?;
    if flags.has(OWNER) {
        if flags.0 != OWNER {
            return Err(JsonError::value(key, "the flag of the owner alone"));
        }
        let owner = required(
            param.group_modify_info_param_owner.unwrap_or_default(),
            "group_modify_info_param_owner",
        )?;
        return Ok(GroupChange::Transfer(v1::TransferGroup { group_id, owner }));
    }
    let foreign: Vec<_> = FOREIGN.into_iter().filter(|(flag, _)| flags.has(*flag)).collect();
    let known = NAME | NOTIFICATION | INTRODUCTION | FACE_URL | ADD_OPTION | MAX_MEMBERS | MUTE_ALL | CUSTOM;
    flags.only(foreign.iter().fold(known, |known, (flag, _)| known | flag), key)?;
    if !foreign.is_empty() {
        return Ok(GroupChange::Unsupported(foreign.into_iter().map(|(_, what)| what).collect()));
    }
    let option = flags.pick(
        ADD_OPTION,
        param.group_modify_info_param_add_option,
        "group_modify_info_param_add_option",
    )?;
    let custom = flags.pick(
        CUSTOM,
        param.group_modify_info_param_custom_info,
        "group_modify_info_param_custom_info",
    )?;
    Ok(GroupChange::Modify(v1::ModifyGroup {
        group_id,
        name: flags.pick(
            NAME,
            param.group_modify_info_param_group_name,
            "group_modify_info_param_group_name",
        )?,
        introduction: flags.pick(
            INTRODUCTION,
            param.group_modify_info_param_introduction,
            "group_modify_info_param_introduction",
        )?,
        notification: flags.pick(
            NOTIFICATION,
            param.group_modify_info_param_notification,
            "group_modify_info_param_notification",
        )?,
        avatar_url: flags.pick(
            FACE_URL,
            param.group_modify_info_param_face_url,
            "group_modify_info_param_face_url",
        )?,
        add_option: add_option(option, "group_modify_info_param_add_option")?.map(i32::from),
        max_members: flags.pick(
            MAX_MEMBERS,
            param.group_modify_info_param_max_member_num,
            "group_modify_info_param_max_member_num",
        )?,
        mute_all: flags.pick(
            MUTE_ALL,
            param.group_modify_info_param_is_shutup_all,
            "group_modify_info_param_is_shutup_all",
        )?,
        receipts: None,
        app_data: custom.unwrap_or_default().into_iter().map(v1::AppData::from).collect(),
    }))
}

/// Reads a change of a member.
pub(crate) fn read_member(text: &str) -> Result<MemberChange, JsonError> {
    let param: GroupModifyMemberInfoParam = parse(text)?;
    let group_id = required(param.group_modify_member_info_group_id, "group_modify_member_info_group_id")?;
    let user_id = required(param.group_modify_member_info_identifier, "group_modify_member_info_identifier")?;
    let key = "group_modify_member_info_modify_flag";
    let flags = Flags::of(param.group_modify_member_info_modify_flag, key)?;
    flags.only(MEMBER_MSG_FLAG | MEMBER_ROLE | MEMBER_SHUTUP | MEMBER_NAME_CARD | MEMBER_CUSTOM, key)?;
    let foreign =
        [(MEMBER_MSG_FLAG, "receive options of groups"), (MEMBER_CUSTOM, "custom fields of members")];
    let role_key = "group_modify_member_info_member_role";
    let role = flags.pick(MEMBER_ROLE, param.group_modify_member_info_member_role, role_key)?;
    if role.is_some_and(|role| v1::Role::try_from(role).is_err()) {
        return Err(JsonError::value(role_key, "a number of TIMGroupMemberRole"));
    }
    let mute_seconds = flags.pick(
        MEMBER_SHUTUP,
        param.group_modify_member_info_shutup_time,
        "group_modify_member_info_shutup_time",
    )?;
    let name_card = flags.pick(
        MEMBER_NAME_CARD,
        param.group_modify_member_info_name_card,
        "group_modify_member_info_name_card",
    )?;
    Ok(MemberChange {
        request: v1::ModifyMember { group_id, user_id, role, name_card, muted_until_ms: None },
        mute_seconds,
        unsupported: foreign.into_iter().filter(|(flag, _)| flags.has(*flag)).map(|(_, what)| what).collect(),
    })
}

/// Which keys count.
struct Flags(i64);

impl Flags {
    /// At least one. C# writes bit 31 as a negative number, C as a positive one.
    fn of(flags: i64, key: &str) -> Result<Flags, JsonError> {
        let flags = if flags == 1 << 31 { OWNER } else { flags };
        if flags == 0 { Err(JsonError::missing(key)) } else { Ok(Flags(flags)) }
    }

    fn has(&self, flag: i64) -> bool {
        self.0 & flag == flag
    }

    fn only(&self, known: i64, key: &str) -> Result<(), JsonError> {
        if self.0 & !known == 0 { Ok(()) } else { Err(JsonError::value(key, "a set of known flags")) }
    }

    /// The value of a key if it counts; it is then required.
    fn pick<T>(&self, flag: i64, value: Option<T>, key: &str) -> Result<Option<T>, JsonError> {
        match (self.has(flag), value) {
            (false, _) => Ok(None),
            (true, Some(value)) => Ok(Some(value)),
            (true, None) => Err(JsonError::missing(key)),
        }
    }
}

/// Who may join by applying; Unknown says nothing.
pub(super) fn add_option(number: Option<i32>, key: &str) -> Result<Option<v1::AddOption>, JsonError> {
    let Some(number) = number else { return Ok(None) };
    match TIMGroupAddOption::from_number(number) {
        Some(TIMGroupAddOption::kTIMGroupAddOpt_Forbid) => Ok(Some(v1::AddOption::Forbid)),
        Some(TIMGroupAddOption::kTIMGroupAddOpt_Auth) => Ok(Some(v1::AddOption::Approve)),
        Some(TIMGroupAddOption::kTIMGroupAddOpt_Any) => Ok(Some(v1::AddOption::Any)),
        Some(TIMGroupAddOption::kTIMGroupAddOpt_Unknown) => Ok(None),
        None => Err(JsonError::value(key, "a number of TIMGroupAddOption (0 to 3)")),
    }
}

pub(super) fn required(value: String, key: &str) -> Result<String, JsonError> {
    if value.is_empty() { Err(JsonError::missing(key)) } else { Ok(value) }
}
