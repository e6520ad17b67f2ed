//! Requests to back ends: the vendor's query parameters, the signature, limits.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::{Method, Request, StatusCode, header};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::crypto::ring::default_provider as ring;
use rustls::{ClientConfig, RootCertStore};
use sha2::Sha256;
use tokio::time::timeout;
use yidu_proto::v1::{self, Platform};

use crate::service::{AppId, HookCommand, Millis};

/// Bytes of an answer that are read.
const ANSWER: usize = 64 * 1024;

/// Time to connect.
const CONNECT: Duration = Duration::from_secs(2);

/// Names the numbers of the hooks that a request tells of.
const NUMBERS: &str = "yidu-hooks";

/// A client for all endpoints; clones share connections.
#[derive(Clone)]
pub(crate) struct Http {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

/// A request to a back end.
#[derive(Clone, Debug)]
pub(super) struct Post<'a> {
    pub(super) app: AppId,
    pub(super) webhook: &'a v1::Webhook,
    pub(super) command: HookCommand,
    /// As `v1::Platform`.
    pub(super) platform: i32,
    /// Of the hooks; empty for a question.
    pub(super) numbers: &'a [u64],
    pub(super) body: String,
    pub(super) now: Millis,
    pub(super) within: Duration,
}

/// Why a request was not answered as it should be. Texts name no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NoAnswer {
    /// The endpoint cannot be reached, or hangs.
    Unreachable(String),
    /// It answers, but with something else.
    Rubbish(String),
}

impl std::fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            NoAnswer::Unreachable(why) | NoAnswer::Rubbish(why) => f.write_str(why),
        }
    }
}

impl Http {
    /// A client that trusts the certificates of the machine.
    pub(crate) fn new() -> Http {
        let mut connector = HttpConnector::new();
        connector.enforce_http(false);
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(CONNECT));
        let tls = match HttpsConnectorBuilder::new().with_provider_and_native_roots(ring()) {
            Ok(tls) => tls,
            Err(error) => {
                tracing::info!(%error, "this machine trusts no certificates: webhooks reach http endpoints only");
                let config =
                    ClientConfig::builder_with_provider(ring().into()).with_safe_default_protocol_versions();
                let config = config.expect("the provider knows the default versions");
                let config = config.with_root_certificates(RootCertStore::empty()).with_no_client_auth();
                HttpsConnectorBuilder::new().with_tls_config(config)
            }
        };
        let connector = tls.https_or_http().enable_http1().wrap_connector(connector);
        Http { client: Client::builder(TokioExecutor::new()).build(connector) }
    }

    /// Sends a request and reads the whole answer; status 200 only.
    pub(super) async fn post(&self, post: Post<'_>) -> Result<Bytes, NoAnswer> {
        let within = post.within;
        let request = request(post)?;
        match timeout(within, self.send(request)).await {
            Ok(answer) => answer,
            Err(_) => Err(NoAnswer::Unreachable(format!("no answer within {} ms", within.as_millis()))),
        }
    }

    async fn send(&self, request: Request<Full<Bytes>>) -> Result<Bytes, NoAnswer> {
        let answer = self.client.request(request).await;
        let answer = answer.map_err(|error| NoAnswer::Unreachable(causes(&error)))?;
        let status = answer.status();
        let body = Limited::new(answer.into_body(), ANSWER).collect().await;
        if status != StatusCode::OK {
            return Err(NoAnswer::Rubbish(format!("HTTP status {status}")));
        }
        match body {
            Ok(body) => Ok(body.to_bytes()),
            Err(error) if error.is::<http_body_util::LengthLimitError>() => {
                Err(NoAnswer::Rubbish(format!("the answer is over {ANSWER} bytes")))
            }
            Err(error) => Err(NoAnswer::Unreachable(format!("the answer was cut off: {error}"))),
        }
    }
}

/// An error with what caused it: the first alone says little.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

fn request(post: Post<'_>) -> Result<Request<Full<Bytes>>, NoAnswer> {
    let request = Request::builder()
        .method(Method::POST)
        .uri(url(&post))
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::USER_AGENT, concat!("yidu/", env!("CARGO_PKG_VERSION")));
    let request = if post.numbers.is_empty() {
        request
    } else {
        let numbers: Vec<String> = post.numbers.iter().map(u64::to_string).collect();
        request.header(NUMBERS, numbers.join(","))
    };
    request
        .body(Full::new(Bytes::from(post.body)))
        .map_err(|error| NoAnswer::Unreachable(format!("the url cannot be used: {error}")))
}

/// The endpoint with the vendor's parameters behind those that it has.
fn url(post: &Post<'_>) -> String {
    let base = post.webhook.url.split('#').next().unwrap_or_default();
    let mark = if base.contains('?') { '&' } else { '?' };
    let mut url = format!(
        "{base}{mark}SdkAppid={}&CallbackCommand={}&contenttype=json&ClientIP=&OptPlatform={}",
        post.app.0,
        post.command.name(),
        platform(post.platform),
    );
    if !post.webhook.token.is_empty() {
        let time = post.now / 1_000;
        url.push_str(&format!("&Sign={}&RequestTime={time}", sign(&post.webhook.token, time)));
    }
    url
}

/// HMAC-SHA256 over the decimal seconds with the token as its key, in lower-case hexadecimal digits.
fn sign(token: &str, time: u64) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(token.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(time.to_string().as_bytes());
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// In the vendor's words.
pub(super) fn platform(platform: i32) -> &'static str {
    match Platform::try_from(platform) {
        Ok(Platform::Windows) => "Windows",
        Ok(Platform::Mac) => "Mac",
        Ok(Platform::Android) => "Android",
        Ok(Platform::Ios) => "iOS",
        Ok(Platform::Web) => "Web",
        Ok(_) | Err(_) => "Unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(webhook: &v1::Webhook) -> Post<'_> {
        Post {
            app: AppId(1_400_000_000),
            webhook,
            command: HookCommand::GroupRead,
            platform: Platform::Android.into(),
            numbers: &[3, 4],
            body: String::new(),
            now: 1_700_000_000_999,
            within: CONNECT,
        }
    }

    #[test]
    fn a_url_has_the_vendors_parameters_behind_its_own() {
        let webhook = v1::Webhook { url: "https://example.com/hook?a=1#x".into(), ..Default::default() };
        let parameters = "SdkAppid=1400000000&CallbackCommand=Group.CallbackAfterReadReceipt&contenttype=json&ClientIP=\
            &OptPlatform=Android";
        assert_eq!(url(&post(&webhook)), format!("https://example.com/hook?a=1&{parameters}"));
        let plain = v1::Webhook { url: "http://example.com/hook".into(), ..Default::default() };
        assert_eq!(url(&post(&plain)), format!("http://example.com/hook?{parameters}"));
        let request = request(post(&plain)).unwrap();
        assert_eq!(request.headers()[NUMBERS], "3,4");
    }

    /// Made with: printf 1700000000 | openssl dgst -sha256 -hmac secret
    #[test]
    fn a_token_signs_the_time() {
        let webhook =
            v1::Webhook { url: "http://example.com".into(), token: "secret".into(), ..Default::default() };
        let url = url(&post(&webhook));
        let signed =
            "&Sign=4b227f8831b3763d066901751ad4c583ed08832bf1924a4ec50c2e871b1e8586&RequestTime=1700000000";
        assert!(url.ends_with(signed), "{url}");
        assert!(!url.contains("secret"));
    }
}
