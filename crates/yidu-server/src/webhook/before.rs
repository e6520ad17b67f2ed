//! Asking before a message is stored: 2 s for an answer, the vendor's codes, other content in its place.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use parking_lot::Mutex;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};
use yidu_proto::v1::conversation_ref::Of;
use yidu_store::webhook::{GroupName, Place};

use super::body;
use super::http::{Http, Post};
use crate::clock::Clock;
use crate::rest::v4::elements::{self, Item};
use crate::service::{AppId, BeforeSend, BeforeSendHook, HookCommand, Ruling, Tinyid};

/// Time for an answer, waiting for a place included.
const WITHIN: Duration = Duration::from_secs(2);

/// Questions of one app under way; more wait for a place.
const QUESTIONS: usize = 256;

/// Asks endpoints.
pub(crate) struct Before {
    http: Http,
    clock: Arc<dyn Clock>,
    /// One entry for each app that ever asked.
    places: Mutex<HashMap<AppId, Arc<Semaphore>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    #[serde(default)]
    error_code: u32,
    #[serde(default)]
    error_info: String,
    msg_body: Option<Vec<Item>>,
    cloud_custom_data: Option<String>,
}

impl Before {
    pub(crate) fn new(http: Http, clock: Arc<dyn Clock>) -> Before {
        Before { http, clock, places: Mutex::default() }
    }
}

#[async_trait]
impl BeforeSendHook for Before {
    async fn ask(&self, send: BeforeSend) -> Result<Ruling, String> {
        let deadline = Instant::now() + WITHIN;
        let places =
            self.places.lock().entry(send.app).or_insert_with(|| Arc::new(Semaphore::new(QUESTIONS))).clone();
        let Ok(Ok(_place)) = timeout_at(deadline, places.acquire()).await else {
            return Err(format!("{QUESTIONS} questions are under way and none was answered in time"));
        };
        let post = Post {
            app: send.app,
            webhook: &send.webhook,
            command: send.command,
            platform: send.platform,
            numbers: &[],
            body: question(&send),
            now: self.clock.now(),
            within: deadline.saturating_duration_since(Instant::now()),
        };
        let answer = self.http.post(post).await.map_err(|why| why.to_string())?;
        let answer: Answer =
            serde_json::from_slice(&answer).map_err(|error| format!("not an answer: {error}"))?;
        Ok(ruling(answer))
    }
}

fn question(send: &BeforeSend) -> String {
    let message = &send.message;
    let to = match message.to.as_ref().and_then(|to| to.of.as_ref()) {
        Some(Of::User(user)) => user.as_str(),
        Some(Of::Group(_)) | None => "",
    };
    let group = send.command == HookCommand::GroupBefore;
    let place = if group {
        Place::Group(GroupName { id: send.group.0.clone(), kind: send.group.1 })
    } else {
        Place::Peer(Tinyid(0))
    };
    let mut body = body::sent(&place, &message.from, to, message);
    if group {
        body["Operator_Account"] = json!(send.operator);
    } else {
        // It has no seq yet.
        body["MsgSeq"] = json!(0);
        body["MsgKey"] = json!(body::key(0, message.random, message.time_ms));
    }
    body["CallbackCommand"] = json!(send.command.name());
    body["EventTime"] = json!(message.time_ms);
    body.to_string()
}

fn ruling(answer: Answer) -> Ruling {
    match answer.error_code {
        0 => Ruling::Allow {
            elements: answer.msg_body.map(elements::elements),
            cloud_custom_data: answer.cloud_custom_data,
        },
        2 => Ruling::Drop,
        code => Ruling::Deny { code, text: answer.error_info },
    }
}
