//! Who is asking: a user with a UserSig, whoever holds the operator's token, or an operator who is signed in to the console.
//!
//! What an operator may do is decided here, by method and path, so that no handler can forget to ask.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use yidu_proto::{Code, v1};
use yidu_usersig::VerifyError;

use super::Api;
use super::problem::Problem;
use super::session::{self, check_origin};
use crate::gateway::Admission;
use crate::operators::{Role, TOKEN_HOLDER};
use crate::service::{AppId, Caller, LoggedIn, SessionId};

/// Longest token that is looked at: a UserSig is shorter.
const TOKEN: usize = 8 * 1024;

/// The app that the operator's requests count for in the rate limits: no app has this number.
const NO_APP: AppId = AppId(0);

/// Who is asking. Taken from the request before anything else of it is looked at.
#[derive(Debug)]
pub(super) enum Access {
    /// An operator: acts in every app.
    Operator(Actor),
    /// A user of one app, who may do what the rules say.
    User(LoggedIn),
}

/// An operator, as the audit log names it.
#[derive(Debug)]
pub(super) struct Actor {
    name: Arc<str>,
    role: Role,
}

impl Access {
    /// Refuses everybody but operators. How the audit log names this one.
    pub(super) fn operator(&self) -> Result<Arc<str>, Problem> {
        match self {
            Access::Operator(actor) => Ok(Arc::clone(&actor.name)),
            Access::User(_) => {
                let text = "only operators may do this: signed in to the console, or with the token of the file operator.token \
                    in the data folder";
                Err(Problem::new(StatusCode::FORBIDDEN, Code::NoPermission, text))
            }
        }
    }

    /// Refuses everybody but owners. How the audit log names this one.
    pub(super) fn owner(&self) -> Result<Arc<str>, Problem> {
        match self {
            Access::Operator(actor) if actor.role == Role::Owner => Ok(Arc::clone(&actor.name)),
            _ => Err(Problem::new(StatusCode::FORBIDDEN, Code::NoPermission, "only owners may do this")),
        }
    }

    /// On whose behalf something is done in an app.
    pub(super) async fn caller(self, api: &Api, app: u32) -> Result<Caller, Problem> {
        match self {
            Access::Operator(actor) => Ok(api.service.operator(AppId(app), &actor.name).await?),
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
        let access = match session::cookie(&parts.headers) {
            Some(cookie) if !parts.headers.contains_key(header::AUTHORIZATION) => {
                Access::Operator(signed_in(api, cookie, parts)?)
            }
            _ => identify(api, bearer(&parts.headers)?).await?,
        };
        if let Some(admission) = parts.extensions.get::<Arc<Admission>>() {
            admission.admit();
        }
        match &access {
            Access::Operator(actor) => api.limit.take(NO_APP, &actor.name)?,
            Access::User(user) => api.limit.take(user.app, &user.user)?,
        }
        Ok(access)
    }
}

/// The operator of a session, if the role allows the request, and its page, not another, has sent it.
fn signed_in(api: &Api, cookie: &str, parts: &Parts) -> Result<Actor, Problem> {
    let refuse = |text: &str| Problem::new(StatusCode::FORBIDDEN, Code::NoPermission, text);
    let signed_in = api.operators.session(cookie, true).ok_or_else(session::ended)?;
    let reads = parts.method == Method::GET || parts.method == Method::HEAD;
    if !reads {
        check_origin(&parts.headers, true)?;
        if !session::shows(&parts.headers, &signed_in) {
            return Err(refuse("send the header `Yidu-Csrf` with the `csrf` of GET /api/v1/session"));
        }
    }
    let needed = needed(&parts.method, parts.uri.path());
    if signed_in.role < needed {
        let needed = format!("{needed:?}").to_lowercase();
        return Err(refuse(&format!("{} may not do this: it takes the role {needed}", signed_in.name)));
    }
    let name = match &*signed_in.name {
        TOKEN_HOLDER => TOKEN_HOLDER.into(),
        name => format!("{TOKEN_HOLDER}:{name}").into(),
    };
    Ok(Actor { name, role: signed_in.role })
}

/// The role that a request takes. Whatever is added takes a role that may write, if it writes.
fn needed(method: &Method, path: &str) -> Role {
    let path = path.strip_prefix("/api/v1").unwrap_or(path);
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let reads = method == Method::GET || method == Method::HEAD;
    match segments.as_slice() {
        ["operators", ..] => Role::Owner,
        _ if reads => Role::Viewer,
        ["apps"] | ["apps", _] | ["apps", _, "keys" | "usersigs", ..] => Role::Owner,
        _ => Role::Operator,
    }
}

async fn identify(api: &Api, token: &str) -> Result<Access, Problem> {
    if api.operators.is_token(token) {
        return Ok(Access::Operator(Actor { name: TOKEN_HOLDER.into(), role: Role::Owner }));
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
        refuse("send the header `Authorization: Bearer <UserSig of an administrator, or operator token>`, or sign in")
    })?;
    let token = value.to_str().ok().and_then(|value| value.split_once(' '));
    match token {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && token.len() <= TOKEN => {
            Ok(token.trim())
        }
        _ => Err(refuse("the header Authorization is not `Bearer <token>`")),
    }
}
