//! Why a request was not carried out, as RFC 9457 has it.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};
use yidu_proto::Code;

use crate::service::Failure;

/// The media type of a problem.
pub(super) const MEDIA_TYPE: &str = "application/problem+json";

/// Where the numbers are documented; the number follows.
pub(super) const TYPES: &str = "/api/problems/";

/// Why a request was not carried out (RFC 9457). Nothing was changed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Problem {
    /// A page that documents the number.
    #[serde(rename = "type")]
    #[schema(example = "/api/problems/10062")]
    kind: String,
    /// What the number means.
    title: String,
    /// The status of the response.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What is wrong here and what would be right.
    detail: String,
    /// The number of the vendor's table (docs/errors.md).
    #[schema(example = 10062)]
    code: u32,
    /// Milliseconds after which it is worth trying again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    retry_after_ms: Option<u32>,
}

impl Problem {
    /// A refusal with a status of its own.
    pub(super) fn new(status: StatusCode, code: Code, detail: impl Into<String>) -> Problem {
        Problem {
            kind: format!("{TYPES}{}", code.number()),
            title: code.meaning().to_owned(),
            status: status.as_u16(),
            detail: detail.into(),
            code: code.number(),
            retry_after_ms: None,
        }
    }

    /// A request that is malformed or out of bounds.
    pub(super) fn invalid(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST, Code::InvalidParameters, detail)
    }

    /// Milliseconds after which it is worth trying again.
    pub(super) fn wait(self, milliseconds: u64) -> Problem {
        Problem { retry_after_ms: Some(u32::try_from(milliseconds).unwrap_or(u32::MAX)), ..self }
    }

    /// The server is about to stop, or a call met a bug in it.
    pub(super) fn cut_off() -> Problem {
        let text = "the call was cut off: the server is stopping, or its log says what broke; ask what has become of it";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, Code::Busy, text)
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Problem {
        let wait = Some(failure.retry_after_ms).filter(|&wait| wait > 0);
        Problem { retry_after_ms: wait, ..Problem::new(status(failure.code), failure.code, failure.text) }
    }
}

impl From<PathRejection> for Problem {
    fn from(rejection: PathRejection) -> Problem {
        Problem::new(rejection.status(), Code::InvalidParameters, rejection.body_text())
    }
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Problem {
        Problem::new(rejection.status(), Code::InvalidParameters, rejection.body_text())
    }
}

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Problem {
        Problem::new(rejection.status(), Code::InvalidParameters, rejection.body_text())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let wait = self.retry_after_ms;
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if let Some(wait) = wait {
            headers.insert(header::RETRY_AFTER, wait.div_ceil(1_000).into());
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"yidu\""));
        }
        response
    }
}

/// The status of a refusal.
fn status(code: Code) -> StatusCode {
    match code {
        Code::NotLoggedIn
        | Code::UserSigExpiredOnline
        | Code::KickedOffline
        | Code::UserSigExpired
        | Code::UserSigEmpty
        | Code::UserSigMalformed
        | Code::UserSigWrongKey
        | Code::UserSigOtherUser
        | Code::UserSigRevoked => StatusCode::UNAUTHORIZED,
        Code::NoPermission | Code::AdministratorRequired | Code::UserSigOtherApp => StatusCode::FORBIDDEN,
        Code::NoSuchApp
        | Code::NoSuchGroup
        | Code::NoSuchAccount
        | Code::NoAccount
        | Code::PeerUnknown
        | Code::NoReceipt
        | Code::UnknownCommand => StatusCode::NOT_FOUND,
        Code::TooManyCallsOfUser | Code::TooManyCallsOfApp => StatusCode::TOO_MANY_REQUESTS,
        Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        Code::StorageUnavailable | Code::Busy => StatusCode::SERVICE_UNAVAILABLE,
        // Everything else is about what was asked, whatever numbers are added.
        _ => StatusCode::BAD_REQUEST,
    }
}

/// The refusals that any request can meet.
pub(super) struct Refusals;

impl IntoResponses for Refusals {
    fn responses() -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
        documented(&[
            ("400", "The request is malformed or out of bounds."),
            ("401", "No UserSig, operator token or session, or one that is not good."),
            ("403", "The caller may not do this."),
            ("404", "There is no such thing."),
            ("429", "The user or the app calls too often; `Retry-After` says when there is room again."),
            ("500", "Something broke in the server; its log says what."),
            ("503", "The server is stopping, or cannot store anything now."),
        ])
    }
}

/// The refusals that a request with a body can meet besides [`Refusals`].
pub(super) struct BodyRefusals;

impl IntoResponses for BodyRefusals {
    fn responses() -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
        documented(&[
            ("408", "The body did not come in time."),
            ("413", "The body is over 64 KiB."),
            ("415", "The body is not declared as `application/json`."),
            ("422", "The body is JSON of another shape."),
        ])
    }
}

fn documented(statuses: &[(&str, &str)]) -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
    let problem = || Ref::from_schema_name("Problem");
    let response = |text: &str| {
        let content = ContentBuilder::new().schema(Some(problem())).build();
        ResponseBuilder::new().description(text).content(MEDIA_TYPE, content).build()
    };
    statuses.iter().map(|(status, text)| ((*status).to_owned(), RefOr::T(response(text)))).collect()
}
