//! The lane of one app: tells what waits, in the order of each topic, several topics at once, again and again until it is
//! accepted or a day has passed.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use yidu_proto::v1;

use super::body;
use super::calls::{Call, next_calls};
use super::http::{Http, NoAnswer, Post};
use crate::metrics::metrics;
use crate::service::{AppId, Delivery, Endpoint, Failure, Hook, Millis, NAMED, Service};

/// Calls of one app under way.
const CALLS: usize = 4;

/// Hooks that are looked at together; the memory of a lane.
const PAGE: usize = 1_000;

/// Pages that are looked through for a topic that may go on while others wait.
const PAGES: usize = 10;

/// Time for an answer.
const WITHIN: Duration = Duration::from_secs(5);

/// Between two calls about receipts of one conversation: what comes meanwhile is told with the next.
const GATHER: Duration = Duration::from_millis(200);

/// Between two looks at what waits.
const LOOK: Duration = Duration::from_millis(100);

/// Until the first repetition; doubled from one to the next, up to [`LONGEST`].
const SHORTEST: Millis = 1_000;
const LONGEST: Millis = 10 * 60 * 1_000;

/// How long a hook is tried; the try that is due then is made.
const DAY: Millis = 24 * 60 * 60 * 1_000;

/// Hooks of one app that may wait; beyond them the oldest become dead letters.
const MOST: u64 = 1_000_000;

struct Lane {
    service: Arc<Service>,
    http: Http,
    app: AppId,
    under_way: JoinSet<Done>,
    busy: HashSet<u64>,
    /// What the pauses hold for: another endpoint or a replay ends them.
    endpoint: Endpoint,
    /// Topics whose last call failed; as many as there are topics in [`PAGES`] pages.
    failing: HashMap<u64, Pause>,
    /// The endpoint as a whole, when it cannot be reached.
    unreachable: Option<Pause>,
    /// When a conversation's receipts were told last.
    told: HashMap<u64, Instant>,
}

#[derive(Clone, Copy, Default)]
struct Pause {
    failures: u32,
    until: Millis,
}

struct Done {
    call: Call,
    endpoint: Endpoint,
    /// When it was started: from then on the pause after a failure counts.
    begun: Millis,
    result: Result<(), NoAnswer>,
}

/// Tells an app's back end until nothing waits.
pub(super) async fn run(service: Arc<Service>, http: Http, app: AppId) {
    let mut lane = Lane {
        service,
        http,
        app,
        under_way: JoinSet::new(),
        busy: HashSet::new(),
        endpoint: Endpoint::default(),
        failing: HashMap::new(),
        unreachable: None,
        told: HashMap::new(),
    };
    loop {
        match lane.step().await {
            Ok(true) => {}
            Ok(false) => return,
            Err(failure) => {
                tracing::warn!(app = app.0, %failure, "a webhook waits for the store");
                sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

impl Lane {
    /// Starts what may start and takes note of what has ended. False: nothing waits.
    async fn step(&mut self) -> Result<bool, Failure> {
        if !self.start().await? && self.under_way.is_empty() {
            return Ok(false);
        }
        tokio::select! {
            Some(done) = self.under_way.join_next(), if !self.under_way.is_empty() => {
                let mut all = vec![done];
                all.extend(std::iter::from_fn(|| self.under_way.try_join_next()));
                self.ended(all.into_iter().filter_map(Result::ok).collect()).await?;
            }
            () = sleep(LOOK) => {}
        }
        self.told.retain(|_, at| at.elapsed() < GATHER);
        Ok(true)
    }

    /// Starts calls; false when nothing waits.
    async fn start(&mut self) -> Result<bool, Failure> {
        let now = self.service.now();
        let endpoint = self.service.endpoint(self.app).await?;
        if self.endpoint != endpoint {
            self.endpoint = endpoint;
            self.failing.clear();
            self.unreachable = None;
        }
        let probing = match self.unreachable {
            Some(pause) if now < pause.until => return Ok(true),
            Some(_) => true,
            None => false,
        };
        // An endpoint that could not be reached is tried with one call.
        let most = if probing { 1 } else { CALLS };
        let (mut after, mut earlier) = (0, HashSet::new());
        for _ in 0..PAGES {
            if self.under_way.len() >= most {
                return Ok(true);
            }
            let hooks = self.service.hooks(self.app, after, PAGE).await?;
            let (count, last) = (hooks.len(), hooks.last().map_or(after, |hook| hook.number));
            if count == 0 {
                return Ok(after > 0);
            }
            if after == 0 && self.too_many(&hooks).await? {
                return Ok(true);
            }
            self.start_some(hooks, now, most, &mut earlier).await?;
            if count < PAGE {
                return Ok(true);
            }
            after = last;
        }
        Ok(true)
    }

    async fn start_some(
        &mut self,
        hooks: Vec<Hook>,
        now: Millis,
        most: usize,
        earlier: &mut HashSet<u64>,
    ) -> Result<(), Failure> {
        let (hooks, unwanted): (Vec<_>, Vec<_>) =
            hooks.into_iter().partition(|hook| self.endpoint.wanted.has(hook.news.command()));
        if !unwanted.is_empty() {
            let numbers: Vec<u64> = unwanted.iter().map(|hook| hook.number).collect();
            self.bury(&numbers, "the webhook no longer wants this command").await?;
        }
        for call in next_calls(hooks, earlier) {
            if self.under_way.len() >= most {
                break;
            }
            if !self.may_start(&call, now) {
                continue;
            }
            self.busy.insert(call.topic);
            let (service, http) = (Arc::clone(&self.service), self.http.clone());
            let told = tell(service, http, self.app, self.endpoint.clone(), call);
            self.under_way.spawn(told);
        }
        Ok(())
    }

    fn may_start(&self, call: &Call, now: Millis) -> bool {
        // What keeps others waiting does not wait for more.
        let resting = call.is_receipts() && !call.followed && self.told.contains_key(&call.topic);
        let failing = self.failing.get(&call.topic).is_some_and(|pause| now < pause.until);
        !self.busy.contains(&call.topic) && !resting && !failing
    }

    async fn ended(&mut self, all: Vec<Done>) -> Result<(), Failure> {
        let mut accepted = Vec::new();
        self.busy.retain(|&topic| all.iter().all(|done| done.call.topic != topic));
        for Done { call, endpoint, begun, result } in all {
            match result {
                Ok(()) => {
                    self.unreachable = None;
                    self.failing.remove(&call.topic);
                    if call.is_receipts() {
                        self.told.insert(call.topic, Instant::now());
                    }
                    metrics().hooks_told(call.hooks.len() as u64);
                    accepted.extend(call.numbers());
                }
                Err(why) => self.failed(&call, &endpoint, begun, &why).await?,
            }
        }
        if !accepted.is_empty() {
            self.service.settle_hooks(self.app, &accepted).await?;
        }
        Ok(())
    }

    async fn failed(
        &mut self,
        call: &Call,
        endpoint: &Endpoint,
        begun: Millis,
        why: &NoAnswer,
    ) -> Result<(), Failure> {
        metrics().hook_failures.increment(1);
        let command = call.command().map_or("", |command| command.name());
        tracing::warn!(app = self.app.0, command, %why, "a webhook call was not accepted; it is repeated");
        let everything = matches!(why, NoAnswer::Unreachable(_));
        // A call from before a replay or to another endpoint says nothing about the next.
        if *endpoint == self.service.endpoint(self.app).await? {
            let pause = if everything {
                self.unreachable.get_or_insert_default()
            } else {
                self.failing.entry(call.topic).or_default()
            };
            pause.longer(begun);
        }
        // Whatever is as old and would meet the same end goes with it.
        let hooks = self.service.hooks(self.app, 0, PAGE).await?;
        let same = hooks.iter().chain(&call.hooks).filter(|hook| everything || hook.topic == call.topic);
        let mut old: Vec<u64> =
            same.filter(|hook| hook.since.saturating_add(DAY) <= begun).map(|hook| hook.number).collect();
        old.sort_unstable();
        old.dedup();
        if old.is_empty() { Ok(()) } else { self.bury(&old, &why.to_string()).await }
    }

    /// Keeps the queue within its bound; true when something had to go.
    async fn too_many(&self, oldest: &[Hook]) -> Result<bool, Failure> {
        let queues = self.service.hook_queues().await?;
        let waiting = queues.iter().find(|queue| queue.app == self.app).map_or(0, |queue| queue.waiting);
        let over = usize::try_from(waiting.saturating_sub(MOST)).unwrap_or(usize::MAX);
        let going = oldest.iter().filter(|hook| !self.busy.contains(&hook.topic)).take(over);
        let numbers: Vec<u64> = going.map(|hook| hook.number).collect();
        if numbers.is_empty() {
            return Ok(false);
        }
        self.bury(&numbers, &format!("more than {MOST} hooks waited")).await?;
        Ok(true)
    }

    async fn bury(&self, numbers: &[u64], why: &str) -> Result<(), Failure> {
        tracing::warn!(
            app = self.app.0,
            hooks = numbers.len(),
            why,
            "webhook calls were given up: they can be replayed"
        );
        metrics().hooks_dead.increment(numbers.len() as u64);
        self.service.bury_hooks(self.app, numbers, why).await
    }
}

impl Pause {
    fn longer(&mut self, begun: Millis) {
        let doubled = SHORTEST.checked_shl(self.failures.min(20)).unwrap_or(LONGEST);
        self.failures += 1;
        self.until = begun + doubled.min(LONGEST);
    }
}

async fn tell(service: Arc<Service>, http: Http, app: AppId, endpoint: Endpoint, call: Call) -> Done {
    let (begun, since) = (service.now(), Instant::now());
    let result = send(&service, &http, app, &endpoint.webhook, &call).await;
    if let Some(command) = call.command() {
        let numbers = call.hooks.iter().map(|hook| hook.number);
        let delivery = Delivery {
            at: begun,
            took: Millis::try_from(since.elapsed().as_millis()).unwrap_or(Millis::MAX),
            command,
            url: endpoint.webhook.url.clone(),
            hooks: call.hooks.len(),
            numbers: numbers.take(NAMED).collect(),
            refused: result.as_ref().err().map(ToString::to_string),
        };
        service.note_delivery(app, delivery);
    }
    Done { call, endpoint, begun, result }
}

async fn send(
    service: &Service,
    http: &Http,
    app: AppId,
    webhook: &v1::Webhook,
    call: &Call,
) -> Result<(), NoAnswer> {
    let Some(command) = call.command() else { return Ok(()) };
    let built = body::of_call(service, call).await;
    let (body, platform) = built.map_err(|failure| NoAnswer::Unreachable(failure.to_string()))?;
    let numbers = call.numbers();
    let post =
        Post { app, webhook, command, platform, numbers: &numbers, body, now: service.now(), within: WITHIN };
    let answer = http.post(post).await?;
    accepted(&answer)
}

/// An empty answer, or a JSON object whose `ErrorCode` is 0 or missing.
fn accepted(answer: &[u8]) -> Result<(), NoAnswer> {
    if answer.is_empty() {
        return Ok(());
    }
    let Ok(Value::Object(answer)) = serde_json::from_slice(answer) else {
        return Err(NoAnswer::Rubbish("the answer is not a JSON object".to_owned()));
    };
    match answer.get("ErrorCode").and_then(Value::as_i64).unwrap_or(0) {
        0 => Ok(()),
        code => Err(NoAnswer::Rubbish(format!("ErrorCode {code}"))),
    }
}
