//! Who asks: the query of the URL names an administrator and carries the UserSig.

use axum::http::Uri;
use serde::Deserialize;
use yidu_proto::{Code, name, v1};

use super::answer::Refusal;
use super::command::Command;
use crate::service::{Caller, Service, SessionId};

/// The query of every request; `random` and `contenttype` are not looked at.
#[derive(Deserialize)]
struct Query {
    sdkappid: Option<String>,
    identifier: Option<String>,
    usersig: Option<String>,
}

/// The administrator who asks. Errors: 60002, 60004, 60006, 60012, 60015; of the UserSig 70001, 70003, 70009, 70013,
/// 70014, 70052; who is no administrator 70403, 90009 or 10007, as the command belongs to accounts, one-to-one or groups.
pub(super) async fn identify(
    service: &Service,
    command: &Command,
    query: Option<&str>,
) -> Result<Caller, Refusal> {
    let query = read(query.unwrap_or_default())?;
    let app = query.sdkappid.filter(|app| !app.is_empty());
    let app = app.ok_or_else(|| Refusal::new(Code::AppIdMissing, "the URL lacks sdkappid"))?;
    let bad_app = |why: &str| Refusal::new(Code::BadAppId, format!("sdkappid {app:?}: {why}"));
    let app_id = app.parse().map_err(|_| bad_app("is no unsigned 32-bit number"))?;
    let user_id = given("identifier", query.identifier)?;
    let user_sig = given("usersig", query.usersig)?;
    name::check_user_id(&user_id)
        .map_err(|why| Refusal::new(Code::BadIdentifier, format!("identifier is not a user id: {why}")))?;
    let login = v1::Login { app_id, user_id, user_sig, ..v1::Login::default() };
    match service.login_administrator(&login).await {
        Ok(logged_in) => Ok(logged_in.caller(SessionId::NONE, v1::Platform::Other.into())),
        Err(failure) if failure.code == Code::NoSuchApp => Err(bad_app("no app has it")),
        Err(failure) => Err(Refusal::from(failure).of(command.area)),
    }
}

fn read(query: &str) -> Result<Query, Refusal> {
    let bad = |why: String| Refusal::new(Code::BadUrl, format!("the query cannot be read: {why}"));
    let uri = Uri::try_from(format!("/?{query}")).map_err(|error| bad(error.to_string()))?;
    let query = axum::extract::Query::<Query>::try_from_uri(&uri).map_err(|error| bad(error.to_string()))?;
    Ok(query.0)
}

fn given(name: &str, value: Option<String>) -> Result<String, Refusal> {
    value
        .filter(|value| !value.is_empty())
        .ok_or_else(|| Refusal::new(Code::CredentialsMissing, format!("the URL lacks {name}")))
}
