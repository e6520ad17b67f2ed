//! Groups. Listener: TIMSetGroupTipsEventCallback.

use std::ffi::c_int;

use futures_util::{StreamExt as _, stream};
use yidu_client::{Code, v1};

use crate::ffi::callback::{Answer, Callback, Failure, Outcome};
use crate::ffi::enums::TIMResult;
use crate::ffi::types::TIMCommCallback;
use crate::ffi::{Text, UserData};
use crate::json;
use crate::json::group::create::NewGroup;
use crate::json::group::modify::{self, GroupChange};
use crate::json::group::{CreateGroupResult, GroupBaseInfo, GroupDetailInfo, GroupInfoResult, params};
use crate::sdk::call::{self, nothing};
use crate::sdk::session::Session;

/// Groups in the list of one's own.
const LISTED: usize = 10_000;

/// Questions to the server that are under way at once.
const PARALLEL: usize = 8;

/// Creates a group. One is its owner and its first member.
///
/// `json_group_create_param`: CreateGroupParam with `create_group_param_group_name` (1 to 100 bytes). First members: at
/// most 20, of role 200 or 300 (admin). Custom fields, topics, permission groups and approval of invitations are not
/// there.
///
/// Callback: `{"create_group_result_groupid": id}`. Errors: 10021, 10025 (the id is taken), 10004 (a field is wrong),
/// 10019 (a first member has no account), 7013 (one of what is not there was set; nothing is created then). Returns
/// TIM_ERR_JSON without a name, TIM_ERR_PARAM for more than 20 members.
#[unsafe(no_mangle)]
pub extern "C" fn TIMGroupCreate(
    json_group_create_param: Text,
    cb: TIMCommCallback,
    user_data: UserData,
) -> c_int {
    call::in_session(Callback::Comm(cb, user_data), |session, reader| {
        let group = NewGroup::parse(reader.json(&json_group_create_param)?)?;
        let session = session.clone();
        Ok(async move { create(&session, group).await })
    })
}

async fn create(session: &Session, group: NewGroup) -> Outcome {
    if !group.unsupported.is_empty() {
        return Err(Failure::unsupported_keys(&group.unsupported));
    }
    let group_id = session.client.create_group(group.request).await?;
    for user_id in group.admins {
        let role = Some(v1::Role::Admin.into());
        let change = v1::ModifyMember { group_id: group_id.clone(), user_id, role, ..Default::default() };
        if let Err(error) = session.client.modify_member(change).await {
            session.log.warn(&format!("group {group_id} was created without one of its admins: {error}"));
        }
    }
    session.conversations.touch(&yidu_client::group(group_id.clone()));
    Ok(Answer::Json(json::text(&CreateGroupResult { create_group_result_groupid: group_id })))
}

/// Ends a group for everybody.
///
/// Callback: no result. Errors: 10007 (not the owner, or a Work group), 10010. Returns TIM_ERR_GROUP without an id.
#[unsafe(no_mangle)]
pub extern "C" fn TIMGroupDelete(group_id: Text, cb: TIMCommCallback, user_data: UserData) -> c_int {
    call::in_session(Callback::Comm(cb, user_data), |session, reader| {
        let group_id = reader.name(&group_id, TIMResult::TIM_ERR_GROUP)?.to_owned();
        let session = session.clone();
        Ok(async move {
            session.client.dismiss_group(group_id.clone()).await?;
            session.conversations.touch_given(&yidu_client::group(group_id));
            nothing()
        })
    })
}

/// Joins a group by applying; `hello_msg`: NULL, or at most 300 bytes.
///
/// Callback: no result; one is a member then. Errors: 10007 (the group takes no applications; nobody can approve one),
/// 10013 (a member already), 10014 (full), 10010. Returns TIM_ERR_GROUP without an id.
#[unsafe(no_mangle)]
pub extern "C" fn TIMGroupJoin(
    group_id: Text,
    hello_msg: Text,
    cb: TIMCommCallback,
    user_data: UserData,
) -> c_int {
    call::in_session(Callback::Comm(cb, user_data), |session, reader| {
        let group_id = reader.name(&group_id, TIMResult::TIM_ERR_GROUP)?.to_owned();
        let hello = reader.optional(&hello_msg, TIMResult::TIM_ERR_PARAM)?.unwrap_or_default().to_owned();
        let session = session.clone();
        Ok(async move {
            session.client.join_group(group_id.clone(), hello).await?;
            session.conversations.touch(&yidu_client::group(group_id));
            nothing()
        })
    })
}

/// Leaves a group.
///
/// Callback: no result. Errors: 10007 (not a member), 10009 (the owner of a group that is not Work), 10010. Returns
/// TIM_ERR_GROUP without an id.
#[unsafe(no_mangle)]
pub extern "C" fn TIMGroupQuit(group_id: Text, cb: TIMCommCallback, user_data: UserData) -> c_int {
    call::in_session(Callback::Comm(cb, user_data), |session, reader| {
        let group_id = reader.name(&group_id, TIMResult::TIM_ERR_GROUP)?.to_owned();
        let session = session.clone();
        Ok(async move {
            session.client.quit_group(group_id.clone()).await?;
            session.conversations.touch_given(&yidu_client::group(group_id));
            nothing()
        })
    })
}

/// The groups that one is in, at most 10,000.
///
/// Callback: an array of GroupBaseInfo, each with how far one has read and one's role in it. Costs a question to the
/// server for each group.
#[unsafe(no_mangle)]
pub extern "C" fn TIMGroupGetJoinedGroupList(cb: TIMCommCallback, user_data: UserData) -> c_int {
    call::in_session(Callback::Comm(cb, user_data), |session, _| {
        let session = session.clone();
        Ok(async move { joined(&session).await })
    })
}

async fn joined(session: &Session) -> Outcome {
    let mut groups = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = session.client.joined_groups(cursor, 0).await?;
        groups.extend(page.groups);
        cursor = page.next_cursor;
        if cursor.is_empty() || groups.len() >= LISTED {
            break;
        }
    }
    groups.truncate(LISTED);
    let conversations = in_conversations(session, groups.iter().map(|group| group.id.clone())).await?;
    // Futures first: borrowing closures in the stream would tie its lifetime to theirs.
    let asked: Vec<_> = groups.iter().map(|group| oneself(session, &group.id)).collect();
    let members: Vec<Option<v1::Member>> = stream::iter(asked).buffered(PARALLEL).collect().await;
    let infos = groups.iter().zip(&members).map(|(group, member)| {
        let of = yidu_client::group(group.id.clone());
        let conversation = conversations.iter().find(|conversation| conversation.r#ref.as_ref() == Some(&of));
        GroupBaseInfo::of(group, conversation, member.as_ref())
    });
    Ok(Answer::Json(json::array(infos)))
}

/// Oneself as a member; `None` where one is no longer.
async fn oneself(session: &Session, group_id: &str) -> Option<v1::Member> {
    let (group_id, users) = (group_id.to_owned(), vec![session.me.user_id.clone()]);
    let page = session.client.call(v1::ListMembers { group_id, users, ..Default::default() }).await.ok()?;
    page.members.into_iter().next()
}

async fn in_conversations(
    session: &Session,
    groups: impl Iterator<Item = String>,
) -> Result<Vec<v1::Conversation>, yidu_client::Error> {
    let of: Vec<v1::ConversationRef> = groups.map(yidu_client::group).collect();
    session.client.conversations(&of).await
}

/// Groups by id: `json_group_getinfo_param` is an array of 1 to 50 ids.
///
/// Callback: an array, in that order, of `get_groups_info_result_code` (0, 10010 no such group, 10007 a Work group one is
/// not in), `_desc` and `_info` (GroupDetailInfo). Returns TIM_ERR_PARAM for an empty or a longer array.
#[unsafe(no_mangle)]
pub extern "C" fn TIMGroupGetGroupInfoList(
    json_group_getinfo_param: Text,
    cb: TIMCommCallback,
    user_data: UserData,
) -> c_int {
    call::in_session(Callback::Comm(cb, user_data), |session, reader| {
        let groups = params::read_groups(reader.json(&json_group_getinfo_param)?)?;
        let session = session.clone();
        Ok(async move { infos(&session, &groups).await })
    })
}

async fn infos(session: &Session, ids: &[String]) -> Outcome {
    let groups = session.client.groups(ids).await?;
    let conversations = in_conversations(session, ids.iter().cloned()).await?;
    let results = groups.into_iter().map(|result| {
        let of = yidu_client::group(result.group_id.clone());
        let conversation = conversations.iter().find(|conversation| conversation.r#ref.as_ref() == Some(&of));
        let last = conversation.and_then(|conversation| conversation.last_message.as_ref()?.message.as_ref());
        // Even of a group that may not be shown the caller learns which it is.
        let group = result.group.unwrap_or_else(|| v1::Group { id: result.group_id, ..Default::default() });
        GroupInfoResult {
            get_groups_info_result_code: result.code,
            get_groups_info_result_desc: meaning(result.code),
            get_groups_info_result_info: GroupDetailInfo::of(&group, last.map_or(0, |last| last.time_ms)),
        }
    });
    Ok(Answer::Json(json::array(results)))
}

/// "" for 0.
fn meaning(code: u32) -> String {
    Code::from_number(code).map(|code| code.meaning().to_owned()).unwrap_or_default()
}

/// Changes a group: the keys that `group_modify_info_param_modify_flag` names. The owner is changed alone.
///
/// Callback: no result. Errors: 10007 (owner and admins only, the new owner by the owner; in Work groups any member may),
/// 10004 (a text is too long), 10010, 7013 (what Yidu does not have: visible, searchable, approval of invitations,
/// permission groups; nothing is changed then). Returns TIM_ERR_JSON when a key that the flag names is
/// missing, TIM_ERR_PARAM for unknown flags.
#[unsafe(no_mangle)]
pub extern "C" fn TIMGroupModifyGroupInfo(
    json_group_modifyinfo_param: Text,
    cb: TIMCommCallback,
    user_data: UserData,
) -> c_int {
    call::in_session(Callback::Comm(cb, user_data), |session, reader| {
        let change = modify::read_group(reader.json(&json_group_modifyinfo_param)?)?;
        let session = session.clone();
        Ok(async move {
            match change {
                GroupChange::Modify(change) => session.client.modify_group(change).await.map(drop)?,
                GroupChange::Transfer(to) => session.client.transfer_group(to.group_id, to.owner).await?,
                GroupChange::Unsupported(what) => return Err(Failure::unsupported_keys(&what)),
            }
            nothing()
        })
    })
}
