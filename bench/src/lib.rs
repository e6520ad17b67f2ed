//! The part that both baselines share: one WebSocket per user, JSON, groups and messages in memory, pushes to the sender in
//! this process. Only where a receipt is kept differs. `README.md` has the protocol.

use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use axum::Router;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use parking_lot::{Mutex, RwLock};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// Where receipts are kept.
pub trait Receipts: Send + Sync + 'static {
    /// Records that a reader has read messages; for each that is new, how many have read it now.
    fn record(
        &self,
        group: &str,
        reader: &str,
        seqs: &[u64],
    ) -> impl Future<Output = Result<Vec<(u64, u32)>>> + Send;

    /// How many have read each message.
    fn counts(&self, group: &str, seqs: &[u64]) -> impl Future<Output = Result<Vec<(u64, u32)>>> + Send;
}

#[derive(Deserialize)]
struct Request {
    id: u64,
    op: String,
    group: String,
    #[serde(default)]
    seqs: Vec<u64>,
    #[serde(default)]
    members: Vec<String>,
}

#[derive(Default, Serialize)]
struct Answer {
    #[serde(skip_serializing_if = "is_zero")]
    id: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    recorded: Option<usize>,
    #[serde(skip_serializing_if = "is_zero")]
    seq: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    counts: Vec<(u64, u32)>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    push: Vec<(u64, u32)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

#[derive(Default)]
struct Group {
    members: HashSet<String>,
    /// The sender of message 1, 2, …
    senders: Vec<Arc<str>>,
}

struct Server<R> {
    receipts: R,
    groups: RwLock<HashMap<String, Group>>,
    online: Mutex<HashMap<Arc<str>, mpsc::UnboundedSender<(u64, u32)>>>,
}

/// Serves on a port of 127.0.0.1, and says so.
pub async fn serve<R: Receipts>(receipts: R, port: u16) -> Result<()> {
    let server = Arc::new(Server { receipts, groups: RwLock::default(), online: Mutex::default() });
    let router = Router::new().route("/ws", get(upgrade::<R>)).with_state(server);
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("ws://{}", listener.local_addr()?);
    let listener = axum::serve::ListenerExt::tap_io(listener, |stream| {
        // As Yidu does: a small answer does not wait for the last one's acknowledgement.
        let _slower = stream.set_nodelay(true);
    });
    Ok(axum::serve(listener, router).await?)
}

async fn upgrade<R: Receipts>(
    State(server): State<Arc<Server<R>>>,
    Query(query): Query<HashMap<String, String>>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let user: Arc<str> = query.get("user").map_or("", String::as_str).into();
    upgrade.on_upgrade(move |socket| async move {
        if let Err(error) = session(&server, &user, socket).await {
            eprintln!("{user}: {error:#}");
        }
    })
}

async fn session<R: Receipts>(server: &Server<R>, user: &Arc<str>, mut socket: WebSocket) -> Result<()> {
    let (sender, mut pushes) = mpsc::unbounded_channel();
    server.online.lock().insert(Arc::clone(user), sender);
    loop {
        let answer = tokio::select! {
            frame = socket.recv() => match frame {
                Some(Ok(Message::Text(text))) => {
                    let request: Request = serde_json::from_str(&text)?;
                    let id = request.id;
                    let answer = server.answer(user, request).await;
                    answer.unwrap_or_else(|error| Answer { id, error: Some(format!("{error:#}")), ..Answer::default() })
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => return Ok(()),
                Some(Ok(_)) => continue,
            },
            Some(first) = pushes.recv() => {
                // What has gathered meanwhile goes into the same frame.
                let push = std::iter::once(first).chain(std::iter::from_fn(|| pushes.try_recv().ok()));
                Answer { push: push.take(1_000).collect(), ..Answer::default() }
            }
        };
        socket.send(Message::Text(serde_json::to_string(&answer)?.into())).await?;
    }
}

impl<R: Receipts> Server<R> {
    async fn answer(&self, user: &Arc<str>, request: Request) -> Result<Answer> {
        let mut answer = Answer { id: request.id, ..Answer::default() };
        match request.op.as_str() {
            "join" => {
                let mut groups = self.groups.write();
                groups.entry(request.group).or_default().members.extend(request.members);
            }
            "send" => {
                let mut groups = self.groups.write();
                let group = groups.entry(request.group).or_default();
                group.senders.push(Arc::clone(user));
                answer.seq = group.senders.len() as u64;
            }
            "counts" => answer.counts = self.receipts.counts(&request.group, &request.seqs).await?,
            "read" => {
                let senders = self.allowed(user, &request)?;
                let new = self.receipts.record(&request.group, user, &request.seqs).await?;
                answer.recorded = Some(new.len());
                let online = self.online.lock();
                for (seq, read) in new {
                    let sender = request.seqs.iter().position(|asked| *asked == seq).map(|at| &senders[at]);
                    if let Some(device) = sender.and_then(|sender| online.get(sender)) {
                        let _gone = device.send((seq, read));
                    }
                }
            }
            other => bail!("no operation {other}"),
        }
        Ok(answer)
    }

    /// The senders of the messages, if the user is a member and there are such messages.
    fn allowed(&self, user: &str, request: &Request) -> Result<Vec<Arc<str>>> {
        let groups = self.groups.read();
        let group = groups.get(&request.group).filter(|group| group.members.contains(user));
        let group = group.context("not in this group")?;
        let sender = |seq: &u64| {
            let at = usize::try_from(*seq).ok()?.checked_sub(1)?;
            group.senders.get(at).cloned()
        };
        request.seqs.iter().map(|seq| sender(seq).context("no such message")).collect()
    }
}

/// The `n`th argument of the command line.
pub fn argument(n: usize, what: &str) -> Result<String> {
    std::env::args().nth(n).with_context(|| format!("argument {n} is missing: {what}"))
}
