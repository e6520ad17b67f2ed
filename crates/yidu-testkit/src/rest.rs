//! A back end that calls REST v4 over real HTTP.

use std::net::SocketAddr;

use anyhow::{Context, Result, ensure};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Method, Request, StatusCode, header};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

use crate::TestServer;

/// One connection, kept alive, of an administrator.
pub struct Rest {
    sender: SendRequest<Full<Bytes>>,
    query: String,
}

impl TestServer {
    /// A back end that acts as an administrator.
    pub async fn rest(&self) -> Result<Rest> {
        self.rest_as("administrator", &self.sig("administrator")).await
    }

    /// A back end that shows this name and UserSig.
    pub async fn rest_as(&self, identifier: &str, sig: &str) -> Result<Rest> {
        let query = format!(
            "sdkappid={}&identifier={identifier}&usersig={sig}&random=7&contenttype=json",
            self.app()
        );
        Rest::connect(self.address(), &query).await
    }
}

impl Rest {
    /// A back end whose URLs have this query.
    pub async fn connect(address: SocketAddr, query: &str) -> Result<Rest> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Rest { sender, query: query.to_owned() })
    }

    /// The query of the back end's URLs.
    pub fn query(&self) -> &str {
        &self.query
    }

    /// Sends anything; the status and the body as JSON.
    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        body: impl Into<Bytes>,
    ) -> Result<(StatusCode, Value)> {
        self.sender.ready().await?;
        // No Content-Type: some of the vendor's clients send none.
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "yidu")
            .body(Full::new(body.into()))?;
        let response = self.sender.send_request(request).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        let json = serde_json::from_slice(&body)
            .with_context(|| format!("not JSON: {}", String::from_utf8_lossy(&body)))?;
        Ok((status, json))
    }

    /// Calls `<service>/<command>`; the whole answer, whatever it says. Its status is 200 and its envelope is whole.
    pub async fn call(&mut self, command: &str, body: impl Into<Bytes>) -> Result<Value> {
        let path = format!("/v4/{command}?{}", self.query);
        let (status, answer) = self.send(Method::POST, &path, body).await?;
        ensure!(status == StatusCode::OK, "{command}: HTTP {status}");
        check_envelope(&answer).with_context(|| format!("{command}: {answer}"))?;
        Ok(answer)
    }

    /// Calls a command that succeeds.
    pub async fn ok(&mut self, command: &str, body: Value) -> Result<Value> {
        let answer = self.call(command, body.to_string()).await?;
        ensure!(answer["ErrorCode"] == 0, "{command} {}: {}", short(&body), short(&answer));
        Ok(answer)
    }

    /// Calls a command that is refused; the number.
    pub async fn refused(&mut self, command: &str, body: Value) -> Result<u64> {
        let (code, _) = self.refusal(command, body).await?;
        Ok(code)
    }

    /// Calls a command that is refused; the number and the text.
    pub async fn refusal(&mut self, command: &str, body: Value) -> Result<(u64, String)> {
        let answer = self.call(command, body.to_string()).await?;
        let code = answer["ErrorCode"].as_u64().context("no ErrorCode")?;
        ensure!(code != 0, "{command} {} was not refused: {}", short(&body), short(&answer));
        Ok((code, answer["ErrorInfo"].as_str().unwrap_or_default().to_owned()))
    }
}

fn check_envelope(answer: &Value) -> Result<()> {
    let code = answer["ErrorCode"].as_u64().context("no ErrorCode")?;
    let info = answer["ErrorInfo"].as_str().context("no ErrorInfo")?;
    let status = if code == 0 { "OK" } else { "FAIL" };
    ensure!(answer["ActionStatus"] == status, "ActionStatus of code {code}");
    ensure!(info.is_empty() == (code == 0), "a text exactly where something failed");
    Ok(())
}

/// The beginning of what may be a megabyte.
fn short(json: &Value) -> String {
    json.to_string().chars().take(1_000).collect()
}
