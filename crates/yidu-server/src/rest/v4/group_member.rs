//! Who is in a group.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use yidu_proto::v1::member_result::Outcome;
use yidu_proto::{Code, v1};

use super::answer::{Nothing, Refusal, too_large};
use super::call::Call;
use super::fields::{Flag, MemberItem, is_on};

/// Users added in one request.
const ADDED: usize = 300;

/// Users removed in one request.
const DELETED: usize = 100;

/// Members in a page.
const PAGE: usize = 6_000;

/// Members that are read from the service at once.
const AT_ONCE: u32 = 1_000;

/// Users in one request for their roles.
const ROLES: usize = 500;

/// Bytes of members after which an answer is too large whatever else is in it.
const MOST: usize = 1024 * 1024;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Add {
    group_id: String,
    silence: Option<Flag>,
    member_list: Vec<MemberItem>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Added {
    member_list: Vec<AddedMember>,
}

#[derive(Serialize)]
struct AddedMember {
    #[serde(rename = "Member_Account")]
    user: String,
    /// 0 failed, 1 added, 2 a member already, 3 waiting for acceptance.
    #[serde(rename = "Result")]
    result: i32,
}

/// Errors: 10004, 10005, 10007 (AVChatRoom), 10010, 10014, 10015, 10019; the latter where no one of them was added.
pub(super) async fn add(call: &Call, request: Add) -> Result<Added, Refusal> {
    check_count("MemberList", request.member_list.len(), ADDED)?;
    if is_av_chat_room(call, &request.group_id).await? {
        return Err(Refusal::new(Code::NoPermission, "members of AVChatRooms join by themselves"));
    }
    let add = v1::AddMembers {
        group_id: request.group_id,
        users: request.member_list.into_iter().map(|member| member.user).collect(),
        silent: is_on(request.silence),
    };
    let results = call.service.add_members(&call.caller, add).await?.results;
    let failed = |result: &&v1::MemberResult| result.outcome() == Outcome::Failed;
    if let Some(first) = results.first().filter(|_| results.iter().all(|result| failed(&result)))
        && let Some(code) = Code::from_number(first.code)
    {
        return Err(Refusal::new(code, format!("nobody was added; {}: {}", first.user_id, code.meaning())));
    }
    let added = |result: v1::MemberResult| AddedMember { user: result.user_id, result: result.outcome };
    Ok(Added { member_list: results.into_iter().map(added).collect() })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Delete {
    group_id: String,
    silence: Option<Flag>,
    reason: Option<String>,
    #[serde(rename = "MemberToDel_Account")]
    users: Vec<String>,
}

/// Who is no member counts as removed. Errors: 10004 (AVChatRoom, too many), 10010, 10015.
pub(super) async fn delete(call: &Call, request: Delete) -> Result<Nothing, Refusal> {
    check_count("MemberToDel_Account", request.users.len(), DELETED)?;
    if is_av_chat_room(call, &request.group_id).await? {
        return Err(call.refuse("Type", "nobody is removed from AVChatRooms"));
    }
    let remove = v1::RemoveMembers {
        group_id: request.group_id,
        users: request.users,
        reason: request.reason.unwrap_or_default(),
        silent: is_on(request.silence),
    };
    call.service.remove_members(&call.caller, remove).await?;
    Ok(Nothing {})
}

/// What a group is; `None` where there is none.
async fn described(call: &Call, group_id: &str) -> Result<Option<v1::Group>, Refusal> {
    let asked = v1::GetGroups { group_ids: vec![group_id.to_owned()] };
    let found = call.service.get_groups(&call.caller, asked).await?.groups;
    Ok(found.into_iter().next().and_then(|found| found.group))
}

async fn is_av_chat_room(call: &Call, group_id: &str) -> Result<bool, Refusal> {
    let group = described(call, group_id).await?;
    Ok(group.is_some_and(|group| group.r#type() == v1::GroupType::AvChatRoom))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    group_id: String,
    member_info_filter: Option<Vec<String>>,
    member_role_filter: Option<Vec<String>>,
    limit: Option<usize>,
    offset: Option<usize>,
    next: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Page {
    member_num: u32,
    member_list: Vec<Map<String, Value>>,
    /// Where the next page begins; empty on the last.
    next: String,
}

/// By order of joining. `Next` of the last answer goes on where that one ended; `Offset` counts from the first member.
/// Errors: 10004, 10010, 10015, 10018.
pub(super) async fn list(call: &Call, request: List) -> Result<Page, Refusal> {
    let limit = request.limit.filter(|&limit| limit > 0);
    if limit.is_some_and(|limit| limit > PAGE) {
        return Err(call.refuse("Limit", format!("Limit is over {PAGE}")));
    }
    let roles = request.member_role_filter.unwrap_or_default();
    let roles: Vec<i32> = roles.iter().map(|name| role(call, name)).collect::<Result<_, _>>()?;
    let next = match request.next.as_deref() {
        None | Some("") => 0,
        Some(next) => {
            next.parse().map_err(|_| call.refuse("Next", "Next is none that a page has returned"))?
        }
    };
    let group = described(call, &request.group_id).await?;
    let offset = if next > 0 { 0 } else { request.offset.unwrap_or_default() };
    // Only who looks at the members knows their roles: with a filter the offset is walked.
    let from = if roles.is_empty() && offset > 0 {
        let offset = u32::try_from(offset).unwrap_or(u32::MAX);
        call.service.member_cursor(&call.caller, &request.group_id, offset).await?
    } else {
        Some(next)
    };
    let mut walk = Walk {
        call,
        group_id: &request.group_id,
        skip: if roles.is_empty() { 0 } else { offset },
        roles,
        fields: request.member_info_filter.as_deref(),
        bytes: 0,
    };
    let (members, next) = match from {
        Some(from) => walk.page(from, limit.unwrap_or(usize::MAX)).await?,
        None => (Vec::new(), 0),
    };
    Ok(Page {
        member_num: group.map_or(0, |group| group.member_count),
        member_list: members,
        next: if next == 0 { String::new() } else { next.to_string() },
    })
}

/// All members of a group, as long as they fit into an answer; `bytes` counts what is in it already. Errors: 10018.
pub(super) async fn everybody(
    call: &Call,
    group_id: &str,
    fields: Option<&[String]>,
    bytes: &mut usize,
) -> Result<Vec<Map<String, Value>>, Refusal> {
    let mut walk = Walk { call, group_id, roles: Vec::new(), fields, skip: 0, bytes: *bytes };
    let (members, _) = walk.page(0, usize::MAX).await?;
    *bytes = walk.bytes;
    Ok(members)
}

/// One member, or nothing of who is none.
pub(super) async fn certain(
    call: &Call,
    group_id: &str,
    user: &str,
    fields: &[String],
) -> Result<Map<String, Value>, Refusal> {
    let list =
        v1::ListMembers { group_id: group_id.to_owned(), users: vec![user.to_owned()], ..Default::default() };
    let members = call.service.list_members(&call.caller, list).await?.members;
    let shown = shown(call, group_id, members, Some(fields)).await?;
    Ok(shown.into_iter().next().unwrap_or_default())
}

/// A walk over the members of a group.
struct Walk<'a> {
    call: &'a Call,
    group_id: &'a str,
    roles: Vec<i32>,
    fields: Option<&'a [String]>,
    skip: usize,
    bytes: usize,
}

impl Walk<'_> {
    /// Members from a cursor on, and the cursor behind them, 0 at the end.
    async fn page(
        &mut self,
        mut cursor: u64,
        limit: usize,
    ) -> Result<(Vec<Map<String, Value>>, u64), Refusal> {
        let mut page = Vec::new();
        loop {
            let wanted = limit.saturating_sub(page.len()).saturating_add(self.skip);
            let list = v1::ListMembers {
                group_id: self.group_id.to_owned(),
                cursor,
                limit: u32::try_from(wanted).unwrap_or(u32::MAX).min(AT_ONCE),
                users: Vec::new(),
                roles: self.roles.clone(),
            };
            let mut found = self.call.service.list_members(&self.call.caller, list).await?;
            let skipped = self.skip.min(found.members.len());
            self.skip -= skipped;
            found.members.drain(..skipped);
            for member in shown(self.call, self.group_id, found.members, self.fields).await? {
                self.bytes += serde_json::to_vec(&member).map_or(MOST, |member| member.len() + 1);
                if self.bytes > MOST {
                    return Err(too_large());
                }
                page.push(member);
            }
            cursor = found.next_cursor;
            if cursor == 0 || page.len() >= limit {
                return Ok((page, cursor));
            }
        }
    }
}

/// The fields of members that a filter names; all of them without one.
async fn shown(
    call: &Call,
    group_id: &str,
    members: Vec<v1::Member>,
    fields: Option<&[String]>,
) -> Result<Vec<Map<String, Value>>, Refusal> {
    let asked = |field: &str| fields.is_none_or(|fields| fields.iter().any(|known| known == field));
    let user = |member: &v1::Member| {
        member.profile.as_ref().map(|profile| profile.user_id.clone()).unwrap_or_default()
    };
    let users: Vec<String> = members.iter().map(user).collect();
    let read = if asked("MsgSeq") {
        call.service.read_positions(&call.caller, group_id, &users).await?
    } else {
        vec![0; users.len()]
    };
    let shown = members.into_iter().zip(users).zip(read).map(|((member, user), read)| {
        let muted = member.muted_until_ms / 1_000;
        let all = [
            ("Role", role_name(member.role).into()),
            ("JoinTime", (member.joined_ms / 1_000).into()),
            ("MsgSeq", read.into()),
            ("MsgFlag", "AcceptAndNotify".into()),
            ("ShutUpUntil", muted.into()),
            ("MuteUntil", muted.into()),
            ("NameCard", Value::from(member.name_card)),
        ];
        let mut shown: Map<String, Value> =
            all.into_iter().filter(|(field, _)| asked(field)).map(|(field, v)| (field.into(), v)).collect();
        shown.insert("Member_Account".into(), user.into());
        shown
    });
    Ok(shown.collect())
}

#[derive(Deserialize)]
pub(super) struct Roles {
    #[serde(rename = "GroupId")]
    group: String,
    #[serde(rename = "User_Account")]
    users: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RoleList {
    user_id_list: Vec<RoleOf>,
}

#[derive(Serialize)]
struct RoleOf {
    #[serde(rename = "Member_Account")]
    user: String,
    #[serde(rename = "Role")]
    role: &'static str,
}

/// Errors: 10004, 10005, 10010, 10015.
pub(super) async fn roles(call: &Call, request: Roles) -> Result<RoleList, Refusal> {
    check_count("User_Account", request.users.len(), ROLES)?;
    let mut list = Vec::with_capacity(request.users.len());
    for users in request.users.chunks(yidu_proto::limits::PAGE) {
        let asked =
            v1::ListMembers { group_id: request.group.clone(), users: users.to_vec(), ..Default::default() };
        let members = call.service.list_members(&call.caller, asked).await?.members;
        let role = |user: &String| {
            let is = |member: &&v1::Member| {
                member.profile.as_ref().is_some_and(|profile| profile.user_id == *user)
            };
            members.iter().find(is).map_or("NotMember", |member| role_name(member.role))
        };
        list.extend(users.iter().map(|user| RoleOf { user: user.clone(), role: role(user) }));
    }
    Ok(RoleList { user_id_list: list })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Modify {
    group_id: String,
    #[serde(rename = "Member_Account")]
    user: String,
    role: Option<String>,
    name_card: Option<String>,
    shut_up_time: Option<u64>,
    mute_time: Option<u64>,
}

/// `ShutUpTime` is seconds from now, 0 lets the member speak. Errors: 10004, 10007, 10010, 10015.
pub(super) async fn modify(call: &Call, request: Modify) -> Result<Nothing, Refusal> {
    call.check_user("Member_Account", &request.user)?;
    let until = |seconds: u64| match seconds {
        0 => 0,
        seconds => call.service.now().saturating_add(seconds.saturating_mul(1_000)),
    };
    let modify = v1::ModifyMember {
        group_id: request.group_id,
        user_id: request.user,
        role: request.role.as_deref().map(|name| role(call, name)).transpose()?,
        name_card: request.name_card,
        muted_until_ms: request.shut_up_time.or(request.mute_time).map(until),
    };
    call.service.modify_member(&call.caller, modify).await?;
    Ok(Nothing {})
}

fn role(call: &Call, name: &str) -> Result<i32, Refusal> {
    let role = match name {
        "Owner" => v1::Role::Owner,
        "Admin" => v1::Role::Admin,
        "Member" => v1::Role::Member,
        other => {
            return Err(call.refuse("Role", format!("Role {other:?} is not Owner, Admin or Member")));
        }
    };
    Ok(role.into())
}

fn role_name(role: i32) -> &'static str {
    match v1::Role::try_from(role) {
        Ok(v1::Role::Owner) => "Owner",
        Ok(v1::Role::Admin) => "Admin",
        Ok(v1::Role::Member) => "Member",
        Ok(v1::Role::None) | Err(_) => "NotMember",
    }
}

fn check_count(field: &str, count: usize, most: usize) -> Result<(), Refusal> {
    match count {
        0 => Err(Refusal::new(Code::BadGroupParameter, format!("{field} names nobody"))),
        _ if count > most => {
            Err(Refusal::new(Code::TooManyAccounts, format!("{field} names {count} users: at most {most}")))
        }
        _ => Ok(()),
    }
}
