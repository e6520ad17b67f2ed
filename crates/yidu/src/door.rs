//! The way to the API of a data folder: over HTTP when a server runs on the folder, else in this process.
//!
//! Either way the same handlers answer, so a command behaves the same whether a server runs or not.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use axum::body::Body;
use http_body_util::BodyExt;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use tokio::net::TcpStream;
use tower::ServiceExt;
use yidu_server::compose::{self, OfflineApi, StartError};
use yidu_server::config::Config;
use yidu_server::files::Files;
use yidu_store_embedded::OpenError;

/// What need not be escaped in a segment of a path.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'@');

/// An open way to the API, with the rights of the operator.
pub(crate) struct Door {
    token: String,
    way: Way,
}

enum Way {
    Running(SocketAddr),
    Folder(OfflineApi),
}

/// What the API answered with a good status.
pub(crate) struct Answer(Response<Body>);

impl Door {
    /// Opens the way to a folder, which must be there.
    pub(crate) async fn open(data: &Path) -> Result<Door> {
        ensure!(data.is_dir(), "{} is no folder: name the data folder with --data", data.display());
        Door::open_or_make(data).await
    }

    /// Opens the way to a folder, which is made when it is not there.
    pub(crate) async fn open_or_make(data: &Path) -> Result<Door> {
        let file = std::env::var_os("YIDU_CONFIG");
        let mut config = Config::load(file.as_deref().map(Path::new))?;
        config.data_dir = data.to_owned();
        let files = Files::of(&config);
        let way = match compose::open_offline(config).await {
            Ok(offline) => Way::Folder(offline),
            Err(StartError::Store(OpenError::Locked(_))) => {
                let address = files.address().with_context(|| {
                    format!("a server runs on {} and does not say where it listens", data.display())
                })?;
                Way::Running(address)
            }
            Err(error) => return Err(error).with_context(|| format!("cannot open {}", data.display())),
        };
        let token = files.open_operator_token().with_context(|| {
            format!(
                "cannot read the operator's token in {}: run this as the user of the server",
                files.operator_token().display()
            )
        })?;
        Ok(Door { token, way })
    }

    /// Leaves in order.
    pub(crate) async fn close(self) -> Result<()> {
        match self.way {
            Way::Running(_) => Ok(()),
            Way::Folder(offline) => Ok(offline.close().await?),
        }
    }

    /// A GET, as JSON.
    pub(crate) async fn get(&self, path: &str) -> Result<Value> {
        self.send("GET", path, &[], None).await?.json().await
    }

    /// A request. A problem is an error with its text and number.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Answer> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header(HOST, "localhost")
            .header(AUTHORIZATION, format!("Bearer {}", self.token));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if body.is_some() {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        let body = body.map(|body| Body::from(body.to_string())).unwrap_or_default();
        let request = request.body(body)?;
        let response = match &self.way {
            Way::Running(address) => over_http(*address, request).await?,
            Way::Folder(offline) => match offline.router().oneshot(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            },
        };
        let answer = Answer(response);
        if answer.0.status().is_success() {
            return Ok(answer);
        }
        let status = answer.0.status();
        let problem: Value = answer.json().await.unwrap_or_default();
        match (problem["detail"].as_str(), problem["code"].as_u64()) {
            (Some(detail), Some(code)) => bail!("{detail} ({code})"),
            _ => bail!("the server answered {status}: is it of another version?"),
        }
    }
}

impl Answer {
    /// A header; empty when it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.0.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The whole body as JSON.
    pub(crate) async fn json(self) -> Result<Value> {
        let body = self.0.into_body().collect().await?.to_bytes();
        serde_json::from_slice(&body).context("the server's answer is no JSON")
    }

    /// The body, part by part as it comes.
    pub(crate) async fn copy_to(self, out: &mut impl std::io::Write) -> Result<()> {
        let mut body = self.0.into_body();
        while let Some(frame) = body.frame().await {
            let frame = frame.context("the server broke off: what was written is not everything")?;
            if let Some(data) = frame.data_ref() {
                out.write_all(data)?;
            }
        }
        Ok(out.flush()?)
    }
}

async fn over_http(address: SocketAddr, request: Request<Body>) -> Result<Response<Body>> {
    let stream = TcpStream::connect(address)
        .await
        .with_context(|| format!("the server that has the folder open does not answer at {address}"))?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(async move {
        let _ended = connection.await;
    });
    Ok(sender.send_request(request).await?.map(Body::new))
}

/// A name as a segment of a path: group ids have characters that mean something there.
pub(crate) fn segment(name: &str) -> String {
    utf8_percent_encode(name, SEGMENT).to_string()
}
