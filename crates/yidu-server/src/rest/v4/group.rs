//! Groups: making, describing, changing and ending them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use yidu_proto::{Code, limits, v1};

use super::answer::{Nothing, Refusal};
use super::call::Call;
use super::fields::MemberItem;
use super::group_member;

/// First members in one request.
const FIRST_MEMBERS: usize = 100;

/// Groups of a user in one page.
const JOINED: usize = 5_000;

/// An entry of `AppDefinedData`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AppData {
    key: String,
    value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Create {
    #[serde(rename = "Owner_Account")]
    owner: Option<String>,
    r#type: String,
    group_id: Option<String>,
    name: String,
    introduction: Option<String>,
    notification: Option<String>,
    face_url: Option<String>,
    max_member_count: Option<u32>,
    max_member_num: Option<u32>,
    apply_join_option: Option<String>,
    app_defined_data: Option<Vec<AppData>>,
    member_list: Option<Vec<MemberItem>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Created {
    group_id: String,
}

/// Errors: 10004, 10005, 10014, 10015, 10019, 10021, 10025.
pub(super) async fn create(call: &Call, request: Create) -> Result<Created, Refusal> {
    let kind = kind(call, &request.r#type)?;
    let members = request.member_list.unwrap_or_default();
    if members.len() > FIRST_MEMBERS {
        let text = format!("MemberList names {} users: at most {FIRST_MEMBERS}", members.len());
        return Err(Refusal::new(Code::TooManyAccounts, text));
    }
    let admins = admins(call, &members)?;
    // A Work group takes no applications, so how it would is of no consequence.
    let join = request.apply_join_option.as_deref().filter(|_| kind != v1::GroupType::Work);
    let owner = request.owner.unwrap_or_default();
    let create = v1::CreateGroup {
        group_id: request.group_id.unwrap_or_default(),
        r#type: kind.into(),
        name: request.name,
        introduction: request.introduction.unwrap_or_default(),
        notification: request.notification.unwrap_or_default(),
        avatar_url: request.face_url.unwrap_or_default(),
        add_option: join.map(|option| add_option(call, option)).transpose()?.map(i32::from),
        max_members: request.max_member_count.or(request.max_member_num).unwrap_or_default(),
        members: members.into_iter().map(|member| member.user).collect(),
        without_owner: owner.is_empty(),
        owner,
        app_data: app_data(request.app_defined_data),
        admins,
        ..Default::default()
    };
    Ok(Created { group_id: call.service.create_group(&call.caller, create).await?.group_id })
}

fn admins(call: &Call, members: &[MemberItem]) -> Result<Vec<String>, Refusal> {
    let mut admins = Vec::new();
    for member in members {
        match member.role.as_deref() {
            Some("Admin") => admins.push(member.user.clone()),
            None | Some("" | "Member") => {}
            Some(other) => {
                return Err(call.refuse("MemberList", format!("MemberList: Role {other:?} is not Admin")));
            }
        }
    }
    Ok(admins)
}

fn app_data(given: Option<Vec<AppData>>) -> Vec<v1::AppData> {
    let given = given.unwrap_or_default().into_iter();
    given.map(|AppData { key, value }| v1::AppData { key, value }).collect()
}

/// A request that names a group and nothing else.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Destroy {
    group_id: String,
}

/// Errors: 10010, 10015.
pub(super) async fn destroy(call: &Call, request: Destroy) -> Result<Nothing, Refusal> {
    call.service.dismiss_group(&call.caller, v1::DismissGroup { group_id: request.group_id }).await?;
    Ok(Nothing {})
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct ResponseFilter {
    group_base_info_filter: Option<Vec<String>>,
    member_info_filter: Option<Vec<String>>,
    self_info_filter: Option<Vec<String>>,
    #[serde(rename = "AppDefinedDataFilter_Group")]
    app_data_filter: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Info {
    group_id_list: Vec<String>,
    response_filter: Option<ResponseFilter>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Infos {
    group_info: Vec<Map<String, Value>>,
}

/// With the members unless a filter names fields of the group only. Per group 0 or 10010. Errors: 10004, 10018.
pub(super) async fn info(call: &Call, request: Info) -> Result<Infos, Refusal> {
    let groups = request.group_id_list;
    if groups.is_empty() || groups.len() > limits::GROUPS {
        let text = format!("GroupIdList names {} groups: 1 to {}", groups.len(), limits::GROUPS);
        return Err(call.refuse("GroupIdList", text));
    }
    let found = call.service.get_groups(&call.caller, v1::GetGroups { group_ids: groups }).await?.groups;
    let filter = request.response_filter.unwrap_or_default();
    let members = filter.member_info_filter.is_some() || filter.group_base_info_filter.is_none();
    let mut infos = Vec::with_capacity(found.len());
    let mut bytes = 0;
    for result in found {
        let mut info = match &result.group {
            Some(group) => described(call, group, &filter).await?,
            None => Map::new(),
        };
        info.insert("GroupId".into(), result.group_id.clone().into());
        info.insert("ErrorCode".into(), result.code.into());
        let text = Code::from_number(result.code).map_or("", Code::meaning);
        info.insert("ErrorInfo".into(), text.into());
        if members && result.group.is_some() {
            let fields = filter.member_info_filter.as_deref();
            let all = group_member::everybody(call, &result.group_id, fields, &mut bytes).await?;
            info.insert("MemberList".into(), all.into());
        }
        infos.push(info);
    }
    Ok(Infos { group_info: infos })
}

/// The fields of a group that a filter names; all of them without one.
async fn described(
    call: &Call,
    group: &v1::Group,
    filter: &ResponseFilter,
) -> Result<Map<String, Value>, Refusal> {
    let fields = filter.group_base_info_filter.as_deref();
    let asked = |field: &str| fields.is_none_or(|fields| fields.iter().any(|known| known == field));
    let last_message = if asked("LastMsgTime") && group.last_seq > 0 {
        let last = call.service.group_messages(&call.caller, &group.id, None, 1).await?;
        last.into_iter().find_map(|(_, message)| message).map_or(0, |message| message.time_ms / 1_000)
    } else {
        0
    };
    let muted = if group.mute_all { "On" } else { "Off" };
    let data = group
        .app_data
        .iter()
        .filter(|data| filter.app_data_filter.as_ref().is_none_or(|keys| keys.contains(&data.key)));
    let data: Vec<Value> = data.map(|data| json!({"Key": data.key, "Value": data.value})).collect();
    let all = [
        ("Type", kind_name(group.r#type()).into()),
        ("Name", group.name.clone().into()),
        ("Introduction", group.introduction.clone().into()),
        ("Notification", group.notification.clone().into()),
        ("FaceUrl", group.avatar_url.clone().into()),
        ("Owner_Account", group.owner.clone().into()),
        ("CreateTime", (group.created_ms / 1_000).into()),
        ("LastInfoTime", (group.changed_ms.max(group.created_ms) / 1_000).into()),
        ("LastMsgTime", last_message.into()),
        ("NextMsgSeq", (group.last_seq + 1).into()),
        ("MemberNum", group.member_count.into()),
        ("MaxMemberNum", group.max_members.into()),
        ("ApplyJoinOption", add_option_name(group.add_option()).into()),
        ("ShutUpAllMember", muted.into()),
        ("MuteAllMember", muted.into()),
        ("AppDefinedData", data.into()),
    ];
    Ok(all
        .into_iter()
        .filter(|(field, _)| asked(field))
        .map(|(field, value)| (field.into(), value))
        .collect())
}

#[derive(Deserialize)]
pub(super) struct Joined {
    #[serde(rename = "Member_Account")]
    user: String,
    #[serde(rename = "WithHugeGroups")]
    huge: Option<super::fields::Flag>,
    #[serde(rename = "Limit")]
    limit: Option<usize>,
    #[serde(rename = "Offset")]
    offset: Option<usize>,
    #[serde(rename = "GroupType")]
    kind: Option<String>,
    #[serde(rename = "ResponseFilter")]
    filter: Option<ResponseFilter>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct JoinedGroups {
    total_count: usize,
    group_id_list: Vec<Map<String, Value>>,
}

/// Oldest first; AVChatRooms only with `WithHugeGroups`. Errors: 10004, 10018, 10019.
pub(super) async fn joined(call: &Call, request: Joined) -> Result<JoinedGroups, Refusal> {
    let limit = request.limit.unwrap_or(JOINED);
    if limit > JOINED {
        return Err(call.refuse("Limit", format!("Limit is over {JOINED}")));
    }
    call.check_user("Member_Account", &request.user)?;
    let only = request.kind.as_deref().map(|name| kind(call, name)).transpose()?;
    let huge = super::fields::is_on(request.huge);
    let user = call.in_the_name_of(Some(&request.user)).await?;
    let mut groups = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = call.service.list_joined_groups(&user, v1::ListJoinedGroups { cursor, limit: 0 }).await?;
        groups.extend(page.groups.into_iter().filter(|group| match only {
            Some(only) => group.r#type() == only,
            None => huge || group.r#type() != v1::GroupType::AvChatRoom,
        }));
        cursor = page.next_cursor;
        if cursor.is_empty() {
            break;
        }
    }
    let filter = request.filter.unwrap_or_default();
    let mut list = Vec::new();
    for group in groups.iter().skip(request.offset.unwrap_or_default()).take(limit) {
        let mut entry = match &filter.group_base_info_filter {
            Some(_) => described(call, group, &filter).await?,
            None => Map::new(),
        };
        entry.insert("GroupId".into(), group.id.clone().into());
        if let Some(fields) = &filter.self_info_filter {
            let own = group_member::certain(call, &group.id, &request.user, fields).await?;
            entry.insert("SelfInfo".into(), own.into());
        }
        list.push(entry);
    }
    Ok(JoinedGroups { total_count: groups.len(), group_id_list: list })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Modify {
    group_id: String,
    name: Option<String>,
    introduction: Option<String>,
    notification: Option<String>,
    face_url: Option<String>,
    max_member_num: Option<u32>,
    max_member_count: Option<u32>,
    apply_join_option: Option<String>,
    shut_up_all_member: Option<String>,
    mute_all_member: Option<String>,
    app_defined_data: Option<Vec<AppData>>,
}

/// Errors: 10004, 10010, 10015.
pub(super) async fn modify(call: &Call, request: Modify) -> Result<Nothing, Refusal> {
    let mute_all = match request.shut_up_all_member.or(request.mute_all_member).as_deref() {
        None => None,
        Some("On") => Some(true),
        Some("Off") => Some(false),
        Some(other) => {
            let text = format!("ShutUpAllMember {other:?} is neither On nor Off");
            return Err(call.refuse("ShutUpAllMember", text));
        }
    };
    let join = request.apply_join_option.as_deref();
    let modify = v1::ModifyGroup {
        group_id: request.group_id,
        name: request.name,
        introduction: request.introduction,
        notification: request.notification,
        avatar_url: request.face_url,
        add_option: join.map(|option| add_option(call, option)).transpose()?.map(i32::from),
        max_members: request.max_member_num.or(request.max_member_count),
        mute_all,
        app_data: app_data(request.app_defined_data),
        ..Default::default()
    };
    call.service.modify_group(&call.caller, modify).await?;
    Ok(Nothing {})
}

#[derive(Deserialize)]
pub(super) struct ChangeOwner {
    #[serde(rename = "GroupId")]
    group: String,
    #[serde(rename = "NewOwner_Account")]
    owner: String,
}

/// Errors: 10004, 10007, 10010, 10015.
pub(super) async fn change_owner(call: &Call, request: ChangeOwner) -> Result<Nothing, Refusal> {
    call.check_user("NewOwner_Account", &request.owner)?;
    let transfer = v1::TransferGroup { group_id: request.group, owner: request.owner };
    call.service.transfer_group(&call.caller, transfer).await?;
    Ok(Nothing {})
}

/// Back ends say Private and ChatRoom where everybody else says Work and Meeting.
fn kind(call: &Call, name: &str) -> Result<v1::GroupType, Refusal> {
    match name {
        "Public" => Ok(v1::GroupType::Public),
        "Private" | "Work" => Ok(v1::GroupType::Work),
        "ChatRoom" | "Meeting" => Ok(v1::GroupType::Meeting),
        "AVChatRoom" => Ok(v1::GroupType::AvChatRoom),
        "Community" => Ok(v1::GroupType::Community),
        other => {
            let known = "Public, Private, ChatRoom, AVChatRoom or Community";
            Err(call.refuse("Type", format!("Type {other:?} is not {known}")))
        }
    }
}

fn kind_name(kind: v1::GroupType) -> &'static str {
    match kind {
        v1::GroupType::Public => "Public",
        v1::GroupType::Work => "Private",
        v1::GroupType::Meeting => "ChatRoom",
        v1::GroupType::AvChatRoom => "AVChatRoom",
        v1::GroupType::Community => "Community",
    }
}

fn add_option(call: &Call, name: &str) -> Result<v1::AddOption, Refusal> {
    match name {
        "FreeAccess" => Ok(v1::AddOption::Any),
        "NeedPermission" => Ok(v1::AddOption::Approve),
        "DisableApply" => Ok(v1::AddOption::Forbid),
        other => {
            let text = format!("ApplyJoinOption {other:?} is not FreeAccess, NeedPermission or DisableApply");
            Err(call.refuse("ApplyJoinOption", text))
        }
    }
}

fn add_option_name(option: v1::AddOption) -> &'static str {
    match option {
        v1::AddOption::Any => "FreeAccess",
        v1::AddOption::Approve => "NeedPermission",
        v1::AddOption::Forbid => "DisableApply",
    }
}
