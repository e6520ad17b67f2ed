//! Somebody who is signed in to the console, as a browser would be.

use std::net::SocketAddr;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::api::{Api, Reply};

/// A session: its cookie and the word that writes must show.
#[derive(Clone, Debug)]
pub struct Console {
    api: Api,
    /// `yidu_session=…`.
    pub cookie: String,
    /// For the header `Yidu-Csrf`.
    pub csrf: String,
    /// What signing in answered.
    pub session: Value,
}

impl Console {
    /// Makes the first owner with the set-up token.
    pub async fn set_up(address: SocketAddr, token: &str, name: &str, password: &str) -> Result<Console> {
        let body = json!({ "token": token, "name": name, "password": password });
        Console::open(address, "/api/v1/session/setup", &body).await
    }

    /// Signs in.
    pub async fn sign_in(address: SocketAddr, name: &str, password: &str) -> Result<Console> {
        Console::open(address, "/api/v1/session", &json!({ "name": name, "password": password })).await
    }

    /// Sends what signs in, and keeps the cookie.
    pub async fn open(address: SocketAddr, path: &str, body: &Value) -> Result<Console> {
        let api = Api::new(address, None);
        let reply = api.json("POST", path, body).await?;
        ensure!(reply.status == 200, "{path}: {} {}", reply.status, String::from_utf8_lossy(&reply.body));
        let cookie = reply.header("set-cookie");
        for part in ["HttpOnly", "SameSite=Strict", "Path=/"] {
            ensure!(cookie.split("; ").any(|given| given == part), "{part} in {cookie}");
        }
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        let session = reply.json()?;
        let csrf = session["csrf"].as_str().context("a session without csrf")?.to_owned();
        Ok(Console { api, cookie, csrf, session })
    }

    /// A request of a page of the console.
    pub async fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Reply> {
        let headers = [("cookie", &*self.cookie), ("yidu-csrf", &*self.csrf), ("origin", "http://localhost")];
        self.api.send(method, path, &headers, body.map(|body| body.to_string().into_bytes())).await
    }

    /// A request with the cookie and these headers alone.
    pub async fn send_with(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Result<Reply> {
        let mut all = vec![("cookie", &*self.cookie)];
        all.extend(headers);
        self.api.send(method, path, &all, Some(b"{}".to_vec())).await
    }

    /// A GET.
    pub async fn get(&self, path: &str) -> Result<Reply> {
        self.send("GET", path, None).await
    }
}
