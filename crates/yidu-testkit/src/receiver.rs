//! The back end of an app that is told by webhooks: a real HTTP server on a port of its own, with manners of its own.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use yidu_proto::v1;

use crate::PATIENCE;

/// How a receiver answers.
#[derive(Clone, Debug)]
pub enum Manner {
    /// As the vendor wants it.
    Accept,
    /// With this body.
    Say(Value),
    /// With an HTTP status.
    Fail(u16),
    /// With something that is not JSON.
    Rubbish,
    /// Not at all.
    Hang,
}

/// A request that came.
#[derive(Clone, Debug)]
pub struct Received {
    /// What the URL says.
    pub query: HashMap<String, String>,
    /// Numbers of the hooks.
    pub numbers: Vec<u64>,
    /// The body.
    pub body: Value,
    /// It was answered as it should be.
    pub accepted: bool,
}

impl Received {
    /// The command.
    pub fn command(&self) -> &str {
        self.body["CallbackCommand"].as_str().unwrap_or_default()
    }

    /// Messages and readers that a receipt hook names, in its order.
    pub fn readers(&self) -> Vec<(u64, String)> {
        let list = self.body["GroupMsgReceiptList"].as_array().cloned().unwrap_or_default();
        let of = |entry: &Value| {
            let seq = entry["MsgSeq"].as_u64().unwrap_or_default();
            let members = entry["ReadReceiptMembers"].as_array().cloned().unwrap_or_default();
            let name = |member: &Value| member["Member_Account"].as_str().unwrap_or_default().to_owned();
            members.iter().map(|member| (seq, name(member))).collect::<Vec<_>>()
        };
        list.iter().flat_map(of).collect()
    }
}

type Rule = dyn Fn(&Received) -> Manner + Send + Sync;

struct Ears {
    rule: Mutex<Arc<Rule>>,
    heard: watch::Sender<Vec<Received>>,
}

/// A back end that listens.
pub struct Receiver {
    address: SocketAddr,
    ears: Arc<Ears>,
    serving: Option<JoinHandle<()>>,
}

impl Receiver {
    /// Starts one that accepts everything.
    pub async fn start() -> Result<Receiver> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let heard = watch::Sender::new(Vec::new());
        let ears = Arc::new(Ears { rule: Mutex::new(Arc::new(|_: &Received| Manner::Accept)), heard });
        let serving = Some(serve(listener, Arc::clone(&ears)));
        Ok(Receiver { address, ears, serving })
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// The settings that make an app call it, with these commands.
    pub fn webhook(&self, commands: &[&str]) -> v1::Webhook {
        let commands = commands.iter().map(|&command| command.to_owned()).collect();
        v1::Webhook { url: self.url(), commands, ..Default::default() }
    }

    /// From now on it answers so.
    pub fn answers(&self, rule: impl Fn(&Received) -> Manner + Send + Sync + 'static) {
        *self.ears.rule.lock().expect("a rule does not panic") = Arc::new(rule);
    }

    /// Closes the port.
    pub async fn vanish(&mut self) {
        if let Some(serving) = self.serving.take() {
            serving.abort();
            let _aborted = serving.await;
        }
    }

    /// Opens the same port again.
    pub async fn come_back(&mut self) -> Result<()> {
        let listener = TcpListener::bind(self.address).await?;
        self.serving = Some(serve(listener, Arc::clone(&self.ears)));
        Ok(())
    }

    /// Everything that came so far.
    pub fn heard(&self) -> Vec<Received> {
        self.ears.heard.borrow().clone()
    }

    /// What was accepted so far.
    pub fn accepted(&self) -> Vec<Received> {
        self.heard().into_iter().filter(|received| received.accepted).collect()
    }

    /// Waits until what was heard is enough.
    pub async fn wait(&self, what: &str, enough: impl Fn(&[Received]) -> bool) -> Result<Vec<Received>> {
        let mut heard = self.ears.heard.subscribe();
        let found = timeout(PATIENCE, heard.wait_for(|heard| enough(heard))).await;
        ensure!(found.is_ok(), "{what} did not come; what came: {:#?}", self.heard());
        Ok(self.heard())
    }

    /// Waits for the `nth` accepted call (from 1) of a command.
    pub async fn call(&self, command: &str, nth: usize) -> Result<Received> {
        let of = |heard: &[Received]| -> Vec<Received> {
            heard.iter().filter(|one| one.accepted && one.command() == command).cloned().collect()
        };
        let heard = self.wait(command, |heard| of(heard).len() >= nth).await?;
        of(&heard).into_iter().nth(nth - 1).context("it was there")
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        if let Some(serving) = &self.serving {
            serving.abort();
        }
    }
}

fn serve(listener: TcpListener, ears: Arc<Ears>) -> JoinHandle<()> {
    let router = Router::new().route("/hook", post(answer)).with_state(ears);
    tokio::spawn(async move {
        let _ended = axum::serve(listener, router).await;
    })
}

async fn answer(
    State(ears): State<Arc<Ears>>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let numbers = headers.get("yidu-hooks").and_then(|numbers| numbers.to_str().ok()).unwrap_or_default();
    let numbers = numbers.split(',').filter_map(|number| number.parse().ok()).collect();
    let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let mut received = Received { query, numbers, body, accepted: false };
    let rule = Arc::clone(&ears.rule.lock().expect("a rule does not panic"));
    let manner = rule(&received);
    received.accepted = match &manner {
        Manner::Accept => true,
        Manner::Say(answer) => answer["ErrorCode"].as_u64().unwrap_or(0) == 0,
        Manner::Fail(_) | Manner::Rubbish | Manner::Hang => false,
    };
    ears.heard.send_modify(|heard| heard.push(received));
    // Each request on a connection of its own: who closes the port is gone.
    ([(header::CONNECTION, "close")], said(manner).await).into_response()
}

async fn said(manner: Manner) -> Response {
    match manner {
        Manner::Accept => {
            axum::Json(json!({"ActionStatus": "OK", "ErrorInfo": "", "ErrorCode": 0})).into_response()
        }
        Manner::Say(answer) => axum::Json(answer).into_response(),
        Manner::Fail(status) => {
            StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response()
        }
        Manner::Rubbish => "<html>Welcome!</html>".into_response(),
        Manner::Hang => {
            tokio::time::sleep(Duration::from_secs(3_600)).await;
            StatusCode::OK.into_response()
        }
    }
}
