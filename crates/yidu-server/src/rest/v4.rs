//! REST v4: the vendor's interface for back ends, `POST /v4/<service>/<command>` (semantics.md rule 16).
//!
//! In the order a request passes: [`handle`] → `identity` (who asks: an administrator of the app) → `request` (the body
//! as the command's type) → the command of the table in `command` → `answer` (the vendor's envelope). Everything is
//! answered with HTTP status 200 and the envelope.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{Method, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use http_body_util::{BodyExt, Limited};
use tokio::time::{Instant, timeout};
use yidu_proto::Code;

use super::Rest;
use crate::gateway::Admission;
use crate::metrics::metrics;
use crate::service::Caller;

mod account;
mod answer;
mod c2c;
mod call;
mod command;
pub(crate) mod elements;
mod fields;
mod group;
mod group_member;
mod group_message;
mod group_receipt;
mod identity;
mod request;
mod roaming;
mod send;

use answer::Refusal;
use call::Call;
pub use command::{COMMANDS, Command};

/// Bytes of a request's body.
const BODY: usize = 1024 * 1024;

/// Time for a body to arrive.
const BODY_TIME: Duration = Duration::from_secs(10);

/// Time for a call. What takes longer is answered with 60008 and goes on to its end.
const CALL_TIME: Duration = Duration::from_secs(3);

/// Bytes of a body that are read from somebody who is turned away.
const UNWANTED: usize = 16 * 1024;

/// Time for them to arrive.
const UNWANTED_TIME: Duration = Duration::from_secs(1);

/// The routes below `/v4`.
pub(super) fn routes(rest: Arc<Rest>) -> Router {
    Router::new().route("/v4/{*path}", any(handle)).with_state(rest)
}

async fn handle(State(rest): State<Arc<Rest>>, request: Request) -> Response {
    let json = [(header::CONTENT_TYPE, "application/json")];
    let refusal = match answer(&rest, request).await {
        Ok(body) => return (json, body).into_response(),
        Err(refusal) => refusal,
    };
    let mut response = (json, refusal.body()).into_response();
    if let Some(wait) = refusal.wait() {
        response.headers_mut().insert(header::RETRY_AFTER, wait.into());
    }
    response
}

async fn answer(rest: &Arc<Rest>, request: Request) -> Result<Vec<u8>, Refusal> {
    let (parts, body) = request.into_parts();
    let (command, caller) = match admit(rest, &parts).await {
        Ok(admitted) => admitted,
        Err(refusal) => {
            // Read, so that the refusal is not lost with a connection that closes on unread bytes.
            let _unread = timeout(UNWANTED_TIME, Limited::new(body, UNWANTED).collect()).await;
            return Err(refusal);
        }
    };
    let body = read(body).await.map_err(|refusal| counted(command, refusal))?;
    let call = Call::new(Arc::clone(&rest.service), caller, &COMMANDS[command]);
    carry_out(rest, command, call, body).await.map_err(|refusal| counted(command, refusal))
}

/// The place of the command that is called, and who calls it; from then on the connection may send large bodies.
async fn admit(rest: &Rest, parts: &Parts) -> Result<(usize, Caller), Refusal> {
    let command = command::find(parts.uri.path())?;
    if parts.method != Method::POST {
        return Err(Refusal::new(Code::BadUrl, format!("{}: commands are called with POST", parts.method)));
    }
    let caller = identity::identify(&rest.service, &COMMANDS[command], parts.uri.query()).await;
    let caller = caller.map_err(|refusal| counted(command, refusal))?;
    if let Some(admission) = parts.extensions.get::<Arc<Admission>>() {
        admission.admit();
    }
    rest.limit.take(caller.app, &caller.user).map_err(|failure| counted(command, failure.into()))?;
    Ok((command, caller))
}

/// Carries out a call within [`CALL_TIME`], measured as the gateway measures its requests.
async fn carry_out(rest: &Arc<Rest>, command: usize, call: Call, body: Bytes) -> Result<Vec<u8>, Refusal> {
    let started = Instant::now();
    let answer = timeout(CALL_TIME, rest.drive(COMMANDS[command].carry_out(call, body))).await;
    metrics().command(command, started.elapsed());
    match answer {
        Ok(Some(answer)) => answer,
        Ok(None) => Err(Refusal::new(Code::Internal, "something broke in the server; its log says what")),
        Err(_) => Err(Refusal::new(
            Code::TimedOut,
            "the call takes longer than 3 s and goes on: calling again does no harm, repeats are recognised",
        )),
    }
}

fn counted(command: usize, refusal: Refusal) -> Refusal {
    metrics().request_failed(COMMANDS[command].label, refusal.number());
    refusal
}

async fn read(body: Body) -> Result<Bytes, Refusal> {
    let whole = timeout(BODY_TIME, Limited::new(body, BODY).collect()).await;
    match whole {
        Ok(Ok(whole)) => Ok(whole.to_bytes()),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => Err(Refusal::new(
            Code::NotJson,
            format!("the body is over {BODY} bytes: send less in one request"),
        )),
        Ok(Err(_)) => Err(Refusal::new(Code::NotJson, "the body was cut off")),
        Err(_) => Err(Refusal::new(Code::TimedOut, "the body did not arrive within 10 s")),
    }
}
