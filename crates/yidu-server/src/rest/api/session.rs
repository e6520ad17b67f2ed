//! Signing in to the console: a session is a cookie that no script sees, and a word that only its own page knows.

use std::net::IpAddr;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use utoipa::ToSchema;
use yidu_proto::Code;

use super::Api;
use super::extract::Body;
use super::problem::{BodyRefusals, Problem, Refusals};
use crate::gateway::Admission;
use crate::operators::{Refused, Role, SignedIn};

/// The cookie that holds a session.
pub(super) const COOKIE: &str = "yidu_session";

/// The header that shows that a page of the console has sent a request.
const CSRF: &str = "yidu-csrf";

/// Seconds for which a browser keeps the cookie: as long as a session lives at most.
const SECONDS: u64 = 12 * 60 * 60;

/// Who is signed in.
#[derive(Serialize, ToSchema)]
pub(super) struct Session {
    /// The operator; `operator` for whoever signed in with the token of the data folder.
    name: String,
    role: Role,
    /// For the header `Yidu-Csrf` of requests that write.
    csrf: String,
    /// When the session ends at the latest. It ends before, 30 minutes after its last request.
    expires_ms: u64,
}

/// Who wants to sign in: name and password, or the operator's token alone.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignIn {
    #[schema(nullable = false)]
    name: Option<String>,
    #[schema(nullable = false)]
    password: Option<String>,
    /// The token of the file `operator.token` in the data folder.
    #[schema(nullable = false)]
    token: Option<String>,
}

/// The first owner.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SetUp {
    /// The set-up token that the server printed.
    token: String,
    /// 1 to 64 of A-Z a-z 0-9 . _ - @
    #[schema(min_length = 1, max_length = 64)]
    name: String,
    /// 10 characters at least, 256 bytes at most.
    #[schema(min_length = 10, max_length = 256)]
    password: String,
}

impl From<SignedIn> for Session {
    fn from(signed_in: SignedIn) -> Session {
        Session {
            name: signed_in.name,
            role: signed_in.role,
            csrf: signed_in.csrf,
            expires_ms: signed_in.expires,
        }
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Problem {
        match refused {
            Refused::Wrong => Problem::new(
                StatusCode::UNAUTHORIZED,
                Code::NotLoggedIn,
                "name, password or token is not right",
            ),
            Refused::Wait(wait) => {
                let text = "too many sign-ins have failed: wait";
                Problem::new(StatusCode::TOO_MANY_REQUESTS, Code::TooManyCallsOfUser, text).wait(wait)
            }
            Refused::Busy => {
                let text = "too many are signing in at once: try again";
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, Code::Busy, text).wait(1_000)
            }
            Refused::Invalid(text) => Problem::invalid(text),
            Refused::Unknown(text) => Problem::new(StatusCode::NOT_FOUND, Code::NoAccount, text),
            Refused::SetUp => {
                let text = "this server is set up: sign in, or add an operator with `yidu operator add`";
                Problem::new(StatusCode::FORBIDDEN, Code::NoPermission, text)
            }
            Refused::Broken(text) => Problem::new(StatusCode::INTERNAL_SERVER_ERROR, Code::Internal, text),
        }
    }
}

/// Who is signed in
///
/// With the cookie `yidu_session` only.
#[utoipa::path(get, path = "/session", tag = "operators", security(("session" = [])),
    responses((status = 200, description = "The session.", body = Session), Refusals))]
pub(super) async fn session(
    State(api): State<Arc<Api>>,
    headers: HeaderMap,
) -> Result<Json<Session>, Problem> {
    let signed_in = cookie(&headers).and_then(|cookie| api.operators.session(cookie, true));
    Ok(Json(signed_in.ok_or_else(ended)?.into()))
}

/// Signs in
///
/// Sets the cookie `yidu_session`. After five failures of a name or from an address each further one costs a longer wait,
/// a minute at most (429).
#[utoipa::path(post, path = "/session", tag = "operators", security(()), request_body = SignIn,
    responses((status = 200, description = "The session.", body = Session), Refusals, BodyRefusals))]
pub(super) async fn sign_in(
    State(api): State<Arc<Api>>,
    admission: Option<Extension<Arc<Admission>>>,
    headers: HeaderMap,
    Body(given): Body<SignIn>,
) -> Result<Response, Problem> {
    check_origin(&headers, false)?;
    let from = peer(admission.as_ref());
    let opened = match (given.token, given.name, given.password) {
        (Some(token), None, None) => api.operators.sign_in_with_token(&token, from)?,
        (None, Some(name), Some(password)) => api.operators.sign_in(&name, password, from).await?,
        _ => return Err(Problem::invalid("sign in with `name` and `password`, or with `token` alone")),
    };
    Ok(opened_response(opened, admission, &headers))
}

/// Makes the first owner
///
/// With the token that `yidu serve` prints where there is no operator yet; it works once. Signs in.
#[utoipa::path(post, path = "/session/setup", tag = "operators", security(()), request_body = SetUp,
    responses((status = 200, description = "The session.", body = Session), Refusals, BodyRefusals))]
pub(super) async fn set_up(
    State(api): State<Arc<Api>>,
    admission: Option<Extension<Arc<Admission>>>,
    headers: HeaderMap,
    Body(given): Body<SetUp>,
) -> Result<Response, Problem> {
    check_origin(&headers, false)?;
    let from = peer(admission.as_ref());
    let opened = api.operators.set_up(&given.token, &given.name, given.password, from).await?;
    Ok(opened_response(opened, admission, &headers))
}

/// Signs out
///
/// The session ends. Without a session there is nothing to end: 401.
#[utoipa::path(delete, path = "/session", tag = "operators", security(("session" = [])),
    responses((status = 204, description = "Signed out."), Refusals))]
pub(super) async fn sign_out(State(api): State<Arc<Api>>, headers: HeaderMap) -> Result<Response, Problem> {
    let cookie = cookie(&headers).ok_or_else(ended)?;
    let signed_in = api.operators.session(cookie, false).ok_or_else(ended)?;
    check_origin(&headers, true)?;
    if !shows(&headers, &signed_in) {
        let text = "send the header `Yidu-Csrf` with the `csrf` of GET /api/v1/session";
        return Err(Problem::new(StatusCode::FORBIDDEN, Code::NoPermission, text));
    }
    api.operators.sign_out(cookie);
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, baked("", 0, &headers))]).into_response())
}

fn opened_response(
    (signed_in, token): (SignedIn, String),
    admission: Option<Extension<Arc<Admission>>>,
    headers: &HeaderMap,
) -> Response {
    if let Some(Extension(admission)) = admission {
        admission.admit();
    }
    let cookie = baked(&token, SECONDS, headers);
    ([(header::SET_COOKIE, cookie)], Json(Session::from(signed_in))).into_response()
}

fn peer(admission: Option<&Extension<Arc<Admission>>>) -> Option<IpAddr> {
    admission.map(|admission| admission.peer())
}

/// A proxy that speaks TLS says so; then the cookie goes over TLS only.
fn baked(token: &str, seconds: u64, headers: &HeaderMap) -> HeaderValue {
    let proxy = headers.get("x-forwarded-proto").and_then(|proto| proto.to_str().ok());
    let secure = if proxy.is_some_and(|proto| proto.eq_ignore_ascii_case("https")) { "; Secure" } else { "" };
    let text = format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}");
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

/// The secret of the session that a request shows.
pub(super) fn cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs =
        cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find_map(|(name, value)| (name == COOKIE).then_some(value))
}

/// Whether a request shows the word that only pages of the console can read.
pub(super) fn shows(headers: &HeaderMap, signed_in: &SignedIn) -> bool {
    headers.get(CSRF).is_some_and(|shown| shown.as_bytes().ct_eq(signed_in.csrf.as_bytes()).into())
}

/// Refuses requests that a page of another host has sent; `needed`: also those that name no host.
pub(super) fn check_origin(headers: &HeaderMap, needed: bool) -> Result<(), Problem> {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let same = match (headers.get(header::ORIGIN).is_some(), text(header::ORIGIN), text(header::HOST)) {
        (false, _, _) => !needed,
        (true, Some(origin), Some(host)) => {
            origin.split_once("://").is_some_and(|(_, origin)| origin.eq_ignore_ascii_case(host))
        }
        (true, _, _) => false,
    };
    if same {
        return Ok(());
    }
    let text = "the header `Origin` is not the host that was asked: the page is of another server";
    Err(Problem::new(StatusCode::FORBIDDEN, Code::NoPermission, text))
}

/// There is no session, or it has ended.
pub(super) fn ended() -> Problem {
    let text = "not signed in, or the session has ended: sign in with POST /api/v1/session";
    Problem::new(StatusCode::UNAUTHORIZED, Code::NotLoggedIn, text)
}
