//! The opening handshake of the WebSocket (RFC 6455, section 4.2).

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use yidu_proto::{SUBPROTOCOL, SUBPROTOCOL_JSON};

use super::Gateway;
use super::session::{self, Form, Socket};
use super::wire::{Admission, Wire};

/// Answers the handshake and hands the connection to a session.
pub(super) async fn upgrade(State(gateway): State<Arc<Gateway>>, mut request: Request) -> Response {
    if gateway.draining.is_cancelled() {
        return refuse((
            StatusCode::SERVICE_UNAVAILABLE,
            "the server is about to stop: connect again in a moment",
        ));
    }
    let (accept, form) = match check(request.method(), request.headers()) {
        Ok(agreed) => agreed,
        Err(refusal) => return refuse(refusal),
    };
    let admission = request.extensions_mut().remove::<Arc<Admission>>();
    let on_upgrade = request.extensions_mut().remove::<OnUpgrade>();
    let (Some(admission), Some(on_upgrade)) = (admission, on_upgrade) else {
        return refuse((StatusCode::BAD_REQUEST, "this connection cannot become a WebSocket"));
    };
    let task = begin(Arc::clone(&gateway), admission, on_upgrade, form);
    gateway.spawn(task);
    let mut response = StatusCode::SWITCHING_PROTOCOLS.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    headers.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(name(form)));
    *response.body_mut() = Body::empty();
    response
}

async fn begin(gateway: Arc<Gateway>, admission: Arc<Admission>, on_upgrade: OnUpgrade, form: Form) {
    // The client may be gone before the answer is.
    let Ok(upgraded) = on_upgrade.await else { return };
    let Ok(parts) = upgraded.downcast::<TokioIo<Wire>>() else {
        tracing::error!("a connection is not of the kind that this server accepts");
        return;
    };
    let socket = Socket::new(parts.io.into_inner(), parts.read_buf, form).await;
    // A session lives in its own box: this future is as large as its largest state, for as long as a device is online.
    Box::pin(session::run(gateway, admission, socket)).await;
}

/// Why a handshake is refused.
type Refusal = (StatusCode, &'static str);

fn check(method: &Method, headers: &HeaderMap) -> Result<(HeaderValue, Form), Refusal> {
    let upgrade =
        names(headers, header::UPGRADE, "websocket") && names(headers, header::CONNECTION, "upgrade");
    if method != Method::GET || !upgrade {
        let text = "this is a WebSocket: connect to it with the sub-protocol yidu.v1";
        return Err((StatusCode::UPGRADE_REQUIRED, text));
    }
    if !names(headers, header::SEC_WEBSOCKET_VERSION, "13") {
        return Err((StatusCode::UPGRADE_REQUIRED, "the version of WebSocket spoken here is 13"));
    }
    let key = headers.get(header::SEC_WEBSOCKET_KEY);
    let accept = key.and_then(|key| HeaderValue::from_str(&derive_accept_key(key.as_bytes())).ok());
    let Some(accept) = accept else {
        return Err((StatusCode::BAD_REQUEST, "the header Sec-WebSocket-Key is missing"));
    };
    let offered = |protocol| names(headers, header::SEC_WEBSOCKET_PROTOCOL, protocol);
    let form = [Form::Binary, Form::Json].into_iter().find(|form| offered(name(*form)));
    let Some(form) = form else {
        let text = "offer a sub-protocol (header Sec-WebSocket-Protocol): yidu.v1 for protobuf, yidu.v1.json for JSON";
        return Err((StatusCode::BAD_REQUEST, text));
    };
    Ok((accept, form))
}

fn name(form: Form) -> &'static str {
    match form {
        Form::Binary => SUBPROTOCOL,
        Form::Json => SUBPROTOCOL_JSON,
    }
}

/// A header that is a list names this.
fn names(headers: &HeaderMap, header: HeaderName, name: &str) -> bool {
    let values = headers.get_all(header).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|word| word.trim().eq_ignore_ascii_case(name))
}

fn refuse((status, text): Refusal) -> Response {
    let mut response = (status, format!("{text}\n")).into_response();
    if status == StatusCode::UPGRADE_REQUIRED {
        response.headers_mut().insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        response.headers_mut().insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(protocol: &'static str) -> HeaderMap {
        let pairs = [
            (header::CONNECTION, "keep-alive, Upgrade"),
            (header::UPGRADE, "websocket"),
            (header::SEC_WEBSOCKET_VERSION, "13"),
            (header::SEC_WEBSOCKET_KEY, "dGhlIHNhbXBsZSBub25jZQ=="),
            (header::SEC_WEBSOCKET_PROTOCOL, protocol),
        ];
        pairs.into_iter().map(|(name, value)| (name, HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn binary_frames_are_preferred() {
        // Key and answer are the example of RFC 6455, section 1.3.
        let (accept, form) = check(&Method::GET, &headers("yidu.v1.json, yidu.v1")).unwrap();
        assert_eq!((accept.to_str().unwrap(), form), ("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", Form::Binary));
        assert_eq!(check(&Method::GET, &headers("yidu.v1.json")).unwrap().1, Form::Json);
    }

    #[test]
    fn each_refusal_has_its_status() {
        let status = |method: Method, headers: &HeaderMap| check(&method, headers).unwrap_err().0;
        assert_eq!(status(Method::POST, &headers("yidu.v1")), StatusCode::UPGRADE_REQUIRED);
        assert_eq!(status(Method::GET, &headers("yidu.v2")), StatusCode::BAD_REQUEST);
        for (missing, expected) in [
            (header::UPGRADE, StatusCode::UPGRADE_REQUIRED),
            (header::SEC_WEBSOCKET_VERSION, StatusCode::UPGRADE_REQUIRED),
            (header::SEC_WEBSOCKET_KEY, StatusCode::BAD_REQUEST),
            (header::SEC_WEBSOCKET_PROTOCOL, StatusCode::BAD_REQUEST),
        ] {
            let mut headers = headers("yidu.v1");
            headers.remove(missing);
            assert_eq!(status(Method::GET, &headers), expected);
        }
    }
}
