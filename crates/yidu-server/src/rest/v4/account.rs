//! Accounts (`im_open_login_svc`).

use serde::{Deserialize, Serialize};
use yidu_proto::{Code, v1};

use super::answer::{Nothing, Refusal};
use super::call::Call;
use super::fields::User;

/// Accounts in one request.
const MOST: usize = 100;

#[derive(Deserialize)]
pub(super) struct Import {
    #[serde(rename = "UserID")]
    user: Option<String>,
    #[serde(rename = "Identifier")]
    identifier: Option<String>,
    #[serde(rename = "Nick")]
    nick: Option<String>,
    #[serde(rename = "FaceUrl")]
    face_url: Option<String>,
}

/// Errors: 70402.
pub(super) async fn import(call: &Call, request: Import) -> Result<Nothing, Refusal> {
    let profile = profile(call, request)?;
    call.check_user("UserID", &profile.user_id)?;
    call.service.import_accounts(&call.caller, v1::ImportAccounts { accounts: vec![profile] }).await?;
    Ok(Nothing {})
}

fn profile(call: &Call, import: Import) -> Result<v1::Profile, Refusal> {
    let user_id = import.user.or(import.identifier);
    let user_id = user_id.ok_or_else(|| call.refuse("UserID", "UserID is missing"))?;
    Ok(v1::Profile {
        user_id,
        nick: import.nick.unwrap_or_default(),
        avatar_url: import.face_url.unwrap_or_default(),
    })
}

fn named(call: &Call, user: User) -> Result<String, Refusal> {
    user.named().ok_or_else(|| call.refuse("UserID", "UserID is missing"))
}

/// New clients send `AccountList`, old ones `Accounts`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ImportMany {
    account_list: Option<Vec<Import>>,
    accounts: Option<Vec<String>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Failed {
    fail_accounts: Vec<String>,
}

/// Errors: 70206, 70402.
pub(super) async fn import_many(call: &Call, request: ImportMany) -> Result<Failed, Refusal> {
    let listed = request.account_list.unwrap_or_default();
    let listed: Result<Vec<_>, _> = listed.into_iter().map(|import| profile(call, import)).collect();
    let bare = request.accounts.unwrap_or_default().into_iter();
    let bare = bare.map(|user_id| v1::Profile { user_id, ..Default::default() });
    let accounts: Vec<v1::Profile> = listed?.into_iter().chain(bare).collect();
    check_count("AccountList", accounts.len())?;
    let done = call.service.import_accounts(&call.caller, v1::ImportAccounts { accounts }).await?;
    Ok(Failed { fail_accounts: done.failed })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Check {
    check_item: Vec<User>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Results {
    result_item: Vec<ResultItem>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ResultItem {
    #[serde(rename = "UserID")]
    user: String,
    result_code: u32,
    result_info: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_status: Option<&'static str>,
}

/// Errors: 70206, 70402.
pub(super) async fn check(call: &Call, request: Check) -> Result<Results, Refusal> {
    let users = users(call, "CheckItem", request.check_item)?;
    let known = call.service.get_profiles(&call.caller, v1::GetProfiles { user_ids: users.clone() }).await?;
    let result = |user: String| {
        let imported = known.profiles.iter().any(|profile| profile.user_id == user);
        let status = if imported { "Imported" } else { "NotImported" };
        ResultItem { user, result_code: 0, result_info: "", account_status: Some(status) }
    };
    Ok(Results { result_item: users.into_iter().map(result).collect() })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Delete {
    delete_item: Vec<User>,
}

/// Errors: 70206, 70402; per user 70107.
pub(super) async fn delete(call: &Call, request: Delete) -> Result<Results, Refusal> {
    let user_ids = users(call, "DeleteItem", request.delete_item)?;
    let deleted = call.service.delete_accounts(&call.caller, v1::DeleteAccounts { user_ids }).await?;
    let result = |result: v1::delete_accounts_result::Result| ResultItem {
        user: result.user_id,
        result_code: result.code,
        result_info: Code::from_number(result.code).map_or("", Code::meaning),
        account_status: None,
    };
    Ok(Results { result_item: deleted.results.into_iter().map(result).collect() })
}

/// Errors: 70107, 70402.
pub(super) async fn kick(call: &Call, request: User) -> Result<Nothing, Refusal> {
    let user_id = named(call, request)?;
    call.check_user("UserID", &user_id)?;
    call.service.kick_account(&call.caller, v1::KickAccount { user_id }).await?;
    Ok(Nothing {})
}

fn users(call: &Call, field: &str, items: Vec<User>) -> Result<Vec<String>, Refusal> {
    check_count(field, items.len())?;
    items.into_iter().map(|user| named(call, user)).collect()
}

fn check_count(field: &str, count: usize) -> Result<(), Refusal> {
    if count == 0 || count > MOST {
        let text = format!("{field} names {count} accounts: 1 to {MOST} in one request");
        return Err(Refusal::new(Code::BadAccountCount, text));
    }
    Ok(())
}
