//! Who is asking: a user with a UserSig, or the operator of the server with its token.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use subtle::ConstantTimeEq;
use yidu_proto::{Code, v1};
use yidu_usersig::VerifyError;

use super::Api;
use super::problem::Problem;
use crate::gateway::Admission;
use crate::service::{AppId, Caller, LoggedIn, SessionId};

/// Longest token that is looked at: a UserSig is shorter.
const TOKEN: usize = 8 * 1024;

/// The app that the operator's requests count for in the rate limits: no app has this number.
const NO_APP: AppId = AppId(0);

/// Who is asking. Taken from the request before anything else of it is looked at.
#[derive(Debug)]
pub(super) enum Access {
    /// The operator: may do everything in every app.
    Operator,
    /// A user of one app, who may do what the rules say.
    User(LoggedIn),
}

impl Access {
    /// Refuses everybody but the operator.
    pub(super) fn operator(&self) -> Result<(), Problem> {
        match self {
            Access::Operator => Ok(()),
            Access::User(_) => {
                let text = "only the operator may do this: with the token of the file operator.token in the data folder";
                Err(Problem::new(StatusCode::FORBIDDEN, Code::NoPermission, text))
            }
        }
    }

    /// On whose behalf something is done in an app.
    pub(super) async fn caller(self, api: &Api, app: u32) -> Result<Caller, Problem> {
        match self {
            Access::Operator => Ok(api.service.operator(AppId(app)).await?),
            Access::User(user) if user.app == AppId(app) => {
                Ok(user.caller(SessionId::NONE, v1::Platform::Other.into()))
            }
            Access::User(user) => {
                let text = format!("the UserSig is for app {}, the path names app {app}", user.app.0);
                Err(Problem::new(StatusCode::FORBIDDEN, Code::UserSigOtherApp, text))
            }
        }
    }

    /// A user of an app: oneself, or, for administrators and the operator, anybody.
    pub(super) async fn in_the_name_of(self, api: &Api, app: u32, user: &str) -> Result<Caller, Problem> {
        let caller = self.caller(api, app).await?;
        if &*caller.user == user && caller.administrator.is_none() {
            return Ok(caller);
        }
        Ok(api.service.on_behalf_of(&caller, user).await?)
    }
}

impl FromRequestParts<Arc<Api>> for Access {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Result<Self, Problem> {
        let access = identify(api, bearer(&parts.headers)?).await?;
        if let Some(admission) = parts.extensions.get::<Arc<Admission>>() {
            admission.admit();
        }
        match &access {
            Access::Operator => api.limit.take(NO_APP, &"operator".into())?,
            Access::User(user) => api.limit.take(user.app, &user.user)?,
        }
        Ok(access)
    }
}

async fn identify(api: &Api, token: &str) -> Result<Access, Problem> {
    if let Some(operator) = &api.operator
        && bool::from(operator.as_bytes().ct_eq(token.as_bytes()))
    {
        return Ok(Access::Operator);
    }
    let (app_id, user_id) = yidu_usersig::named(token).map_err(|error| {
        let code = if error == VerifyError::Empty { Code::UserSigEmpty } else { Code::UserSigMalformed };
        let text = format!("the token is neither a UserSig nor this server's operator token: {error}");
        Problem::new(StatusCode::UNAUTHORIZED, code, text)
    })?;
    let login = v1::Login { app_id, user_id, user_sig: token.to_owned(), ..Default::default() };
    match api.service.login(&login).await {
        Ok(user) => Ok(Access::User(user)),
        // Whatever is wrong with a token, it does not say who is asking.
        Err(failure) if failure.code == Code::Internal || failure.code == Code::StorageUnavailable => {
            Err(failure.into())
        }
        Err(failure) => Err(Problem::new(StatusCode::UNAUTHORIZED, failure.code, failure.text)),
    }
}

fn bearer(headers: &HeaderMap) -> Result<&str, Problem> {
    let refuse = |text: &str| Problem::new(StatusCode::UNAUTHORIZED, Code::NotLoggedIn, text);
    let value = headers.get(header::AUTHORIZATION).ok_or_else(|| {
        refuse("send the header `Authorization: Bearer <UserSig of an administrator, or operator token>`")
    })?;
    let token = value.to_str().ok().and_then(|value| value.split_once(' '));
    match token {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && token.len() <= TOKEN => {
            Ok(token.trim())
        }
        _ => Err(refuse("the header Authorization is not `Bearer <token>`")),
    }
}
