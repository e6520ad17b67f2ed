//! The built pages of the chat and of the console, from the binary.
//!
//! They come from `web/`, whose builds write below `assets`; `cargo build` takes what is there. The chat is served at `/`,
//! the console at `/console/`. These are fallback routes: whatever the API, the gateway or REST v4 serve comes first, and
//! a path of theirs that does not exist is never answered with a page.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
#[cfg(any(feature = "chat", feature = "console"))]
use rust_embed::Embed;
use rust_embed::EmbeddedFile;

mod asset;
mod security;

use asset::Asset;

use crate::files::Files;

#[cfg(feature = "chat")]
#[derive(Embed)]
#[folder = "assets/chat"]
struct ChatFiles;

#[cfg(feature = "console")]
#[derive(Embed)]
#[folder = "assets/console"]
struct ConsoleFiles;

/// The files of one site, by path without the leading slash.
type Site = BTreeMap<String, Arc<Asset>>;

/// Compressed at most once per process, whatever the number of servers in it.
#[cfg(feature = "chat")]
static CHAT: LazyLock<Site> = LazyLock::new(|| site(ChatFiles::iter(), ChatFiles::get));
#[cfg(not(feature = "chat"))]
static CHAT: LazyLock<Site> = LazyLock::new(|| site(std::iter::empty(), |_| None));

#[cfg(feature = "console")]
static CONSOLE: LazyLock<Site> = LazyLock::new(|| site(ConsoleFiles::iter(), ConsoleFiles::get));
#[cfg(not(feature = "console"))]
static CONSOLE: LazyLock<Site> = LazyLock::new(|| site(std::iter::empty(), |_| None));

fn site(paths: impl Iterator<Item = Cow<'static, str>>, file: fn(&str) -> Option<EmbeddedFile>) -> Site {
    let named = |path: Cow<'static, str>| Some((path.to_string(), Arc::new(Asset::new(file(&path)?))));
    paths.filter_map(named).collect()
}

/// The pages of the chat at `/`, and `/demo.json` where the data folder has one.
pub(crate) fn chat(files: Option<Files>) -> Router {
    Router::new().route("/demo.json", any(demo).with_state(files)).fallback(
        |method, uri: Uri, headers| async move {
            let path = uri.path().trim_start_matches('/');
            let path = if path.is_empty() { "index.html" } else { path };
            respond(CHAT.get(path), method, headers).await
        },
    )
}

/// The pages of the console at `/console/`. A path that is no file of it and not below `assets/` is a place in
/// the console, also with a dot in it (ids of users have them): its index shows it.
pub(crate) fn console() -> Router {
    let page = any(|method, uri: Uri, headers| async move {
        let path = uri.path().strip_prefix("/console/").unwrap_or_default();
        let place = !path.starts_with("assets/");
        let asset = CONSOLE.get(path).or_else(|| CONSOLE.get("index.html").filter(|_| place));
        respond(asset, method, headers).await
    });
    let slash = any(|| async { (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, "/console/")]) });
    Router::new().route("/console", slash).route("/console/", page.clone()).route("/console/{*path}", page)
}

async fn respond(asset: Option<&Arc<Asset>>, method: Method, headers: HeaderMap) -> Response {
    let Some(asset) = asset else {
        return (StatusCode::NOT_FOUND, "there is no such page\n").into_response();
    };
    if method != Method::GET && method != Method::HEAD {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")], "a page is read\n")
            .into_response();
    }
    let mut response = asset.respond(&headers).await;
    security::protect(response.headers_mut(), &headers);
    response
}

/// Who may be signed in as: written by `yidu demo` into the folder of its server.
async fn demo(State(files): State<Option<Files>>) -> Response {
    let read = tokio::task::spawn_blocking(move || files?.read_demo().ok());
    match read.await.ok().flatten() {
        Some(text) => {
            let kind = HeaderValue::from_static("application/json");
            let fresh = HeaderValue::from_static("no-store");
            ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, fresh)], text).into_response()
        }
        None => (StatusCode::NOT_FOUND, "this is no demo\n").into_response(),
    }
}
