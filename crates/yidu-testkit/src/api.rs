//! A caller of `/api/v1`, by hand.

use std::net::SocketAddr;

use anyhow::{Context, Result, ensure};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::{HeaderMap, Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

/// Somebody who calls the API with one token.
#[derive(Clone, Debug)]
pub struct Api {
    address: SocketAddr,
    token: Option<String>,
}

/// What was answered.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, whatever it is.
    pub body: Bytes,
}

impl Reply {
    /// The body as JSON.
    pub fn json(&self) -> Result<Value> {
        serde_json::from_slice(&self.body).with_context(|| format!("not JSON: {self:?}"))
    }

    /// A header; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The problem: its number, if the reply is one in every part.
    pub fn problem(&self) -> Result<(u16, u64)> {
        ensure!(self.header("content-type") == "application/problem+json", "no problem: {self:?}");
        let problem = self.json()?;
        let code = problem["code"].as_u64().context("a problem without a number")?;
        ensure!(problem["type"] == format!("/api/problems/{code}"), "{problem}");
        ensure!(problem["status"] == self.status, "{problem}");
        let text = |field: &str| problem[field].as_str().is_some_and(|text| !text.is_empty());
        ensure!(text("title") && text("detail"), "{problem}");
        Ok((self.status, code))
    }
}

impl Api {
    /// A caller with a token; `None`: with none.
    pub fn new(address: SocketAddr, token: Option<String>) -> Api {
        Api { address, token }
    }

    /// A request on a connection of its own, whose answer is taken as it comes.
    pub async fn open(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Vec<u8>>,
    ) -> Result<Response<Incoming>> {
        let stream = TcpStream::connect(self.address).await?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(async move {
            let _ended = connection.await;
        });
        let mut request = Request::builder().method(method).uri(path).header(HOST, "localhost");
        if let Some(token) = &self.token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        if body.is_some() && !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Ok(sender.send_request(request.body(Full::new(Bytes::from(body.unwrap_or_default())))?).await?)
    }

    /// A request and its whole answer.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Vec<u8>>,
    ) -> Result<Reply> {
        let response = self.open(method, path, headers, body).await?;
        let (parts, body) = response.into_parts();
        let body = body.collect().await?.to_bytes();
        Ok(Reply { status: parts.status.as_u16(), headers: parts.headers, body })
    }

    /// A GET and its answer.
    pub async fn get(&self, path: &str) -> Result<Reply> {
        self.send("GET", path, &[], None).await
    }

    /// A GET that must succeed, as JSON.
    pub async fn read(&self, path: &str) -> Result<Value> {
        let reply = self.get(path).await?;
        ensure!(reply.status == 200, "{path}: {} {}", reply.status, String::from_utf8_lossy(&reply.body));
        reply.json()
    }

    /// A request with a JSON body and its answer.
    pub async fn json(&self, method: &str, path: &str, body: &Value) -> Result<Reply> {
        self.send(method, path, &[], Some(body.to_string().into_bytes())).await
    }
}
