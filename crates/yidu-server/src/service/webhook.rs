//! The service's half of webhooks: what is asked before a message is stored, what is told that no commit tells, and what
//! those need who deliver.
//!
//! Hooks of everything else are written by the store, in the commit of what they tell of.

use std::collections::HashMap;

use async_trait::async_trait;
use yidu_proto::{Code, Element, limits, v1};
use yidu_store::webhook::{Command, DeadHook, Hook, HookQueue, News, Place as Where, Wanted, topic};
use yidu_store::{AppId, Tinyid};

use super::failure::About;
use super::message::check_content;
use super::place::{Place, check_count, page_size};
use super::{Caller, Failure, Note, Service};

/// Dead letters taken back in one call.
const REPLAYED: usize = 1_000;

/// A message that is about to be stored.
#[derive(Clone, Debug)]
pub struct BeforeSend {
    /// The app.
    pub app: AppId,
    /// Where its back end listens.
    pub webhook: v1::Webhook,
    /// What is asked.
    pub command: Command,
    /// The group, with its type as `v1::GroupType`; empty for a one-to-one message.
    pub group: (String, i32),
    /// Who acts: the sender, or the administrator who sends in the sender's name.
    pub operator: String,
    /// From which platform, as `v1::Platform`.
    pub platform: i32,
    /// The message, without a seq.
    pub message: v1::Message,
}

/// What the back end says.
#[derive(Clone, Debug, PartialEq)]
pub enum Ruling {
    /// Go on, with other content where it is given.
    Allow {
        /// Instead of the message's elements.
        elements: Option<Vec<Element>>,
        /// Instead of its custom data.
        cloud_custom_data: Option<String>,
    },
    /// Refuse, with a number of the app's own where it is one that the vendor lets an app give.
    Deny {
        /// As the back end gave it.
        code: u32,
        /// For the sender.
        text: String,
    },
    /// Let the sender believe that it was sent.
    Drop,
}

/// Asks the back end of an app.
#[async_trait]
pub trait BeforeSendHook: Send + Sync {
    /// Answers within 2 s. The error says why there is no answer: for the log, without secrets.
    async fn ask(&self, send: BeforeSend) -> Result<Ruling, String>;
}

/// Where the back end of an app listens, and to what.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Endpoint {
    pub(crate) webhook: v1::Webhook,
    pub(crate) wanted: Wanted,
    /// How often hooks that were given up came back since the start: each time they are tried at once.
    pub(crate) replays: u64,
}

/// What became of a message that was asked about.
pub(super) enum Asked {
    Go(v1::Message),
    Drop(v1::Message),
}

impl Service {
    /// Asks the app's back end, if the app wants to be asked. Errors: 10016, 20006, numbers of the app's own, 80002 and
    /// 90002 for what the back end puts in place of the content.
    pub(super) async fn ask_before(
        &self,
        caller: &Caller,
        to: &Where,
        message: v1::Message,
    ) -> Result<Asked, Failure> {
        let Some(before) = &self.before else { return Ok(Asked::Go(message)) };
        let app = self.app(caller.app).await?;
        let (command, group) = match to {
            Where::Group(group) => (Command::GroupBefore, (group.id.clone(), group.kind)),
            Where::Peer(_) => (Command::C2cBefore, (String::new(), 0)),
        };
        let Some(webhook) = app.settings.webhook.as_ref().filter(|_| Wanted::of(&app.settings).has(command))
        else {
            return Ok(Asked::Go(message));
        };
        let operator = caller.administrator.as_ref().unwrap_or(&caller.user).to_string();
        let send = BeforeSend {
            app: caller.app,
            webhook: webhook.clone(),
            command,
            group,
            operator,
            platform: caller.platform,
            message: message.clone(),
        };
        match before.ask(send).await {
            Ok(ruling) => ruled(command, message, ruling),
            Err(why) => {
                tracing::warn!(app = caller.app.0, command = command.name(), why, "a webhook gave no answer");
                match webhook.on_timeout() {
                    v1::WebhookTimeout::Allow => Ok(Asked::Go(message)),
                    v1::WebhookTimeout::Deny => Err(Failure::new(
                        refused(command),
                        "the app's back end did not answer in time: try again",
                    )),
                }
            }
        }
    }

    /// A message that is stored nowhere is told of before it is delivered.
    pub(super) async fn tell_online_only(
        &self,
        caller: &Caller,
        place: &Place,
        to: Where,
        message: &v1::Message,
    ) -> Result<(), Failure> {
        let news = News::Sent { place: to, sender: caller.tinyid, message: Box::new(message.clone()) };
        self.tell(caller.app, topic(place.id), news).await
    }

    /// Notes that a device went online or offline, where the app wants to know.
    pub async fn state_changed(&self, caller: &Caller, action: &str, reason: &str, kicked: Vec<i32>) {
        let (action, reason) = (action.to_owned(), reason.to_owned());
        let news = News::State { user: caller.tinyid, platform: caller.platform, action, reason, kicked };
        if let Err(failure) = self.tell(caller.app, caller.tinyid.0, news).await {
            tracing::warn!(app = caller.app.0, %failure, "a change of a state could not be noted for the webhook");
        }
    }

    async fn tell(&self, app: AppId, topic: u64, news: News) -> Result<(), Failure> {
        if !Wanted::of(&self.app(app).await?.settings).has(news.command()) {
            return Ok(());
        }
        self.store.tell(app, topic, self.clock.now(), news).await.map_err(Failure::of(About::Account))
    }

    /// Hooks that were given up, newest first, below a number (0: the newest). At most 100; the newest 10,000 are kept.
    /// Errors: 6017, 70403.
    pub async fn dead_hooks(
        &self,
        caller: &Caller,
        below: u64,
        limit: u32,
    ) -> Result<Vec<DeadHook>, Failure> {
        self.require_administrator(caller).await?;
        let limit = page_size(limit, limits::PAGE, limits::PAGE)?;
        let below = if below == 0 { u64::MAX } else { below };
        self.store.dead_hooks(caller.app, below, limit).await.map_err(Failure::of(About::Account))
    }

    /// Puts hooks that were given up back into the queue, for another day; at most 1,000. Pauses of the app end, so that
    /// they are tried at once. Returns how many there were.
    /// Errors: 6017, 70403.
    pub async fn replay_hooks(&self, caller: &Caller, numbers: &[u64]) -> Result<usize, Failure> {
        self.require_administrator(caller).await?;
        check_count(numbers.len(), REPLAYED, "numbers")?;
        let revived = self.store.revive_hooks(caller.app, numbers, self.clock.now()).await;
        let revived = revived.map_err(Failure::of(About::Account))?;
        if revived > 0 {
            *self.replays.lock().entry(caller.app).or_default() += 1;
            let after = serde_json::json!({ "hooks": revived }).to_string();
            let note = Note { after, ..self.entry(&caller.user, "webhook.replayed", "") };
            self.note(caller.app, note).await?;
        }
        Ok(revived)
    }

    /// How many hooks of the caller's app wait. Errors: 70403.
    pub async fn hooks_waiting(&self, caller: &Caller) -> Result<u64, Failure> {
        self.require_administrator(caller).await?;
        let queues = self.hook_queues().await?;
        Ok(queues.iter().find(|queue| queue.app == caller.app).map_or(0, |queue| queue.waiting))
    }
}

/// What those need who deliver.
impl Service {
    pub(crate) async fn hook_queues(&self) -> Result<Vec<HookQueue>, Failure> {
        self.store.hook_queues().await.map_err(Failure::of(About::Account))
    }

    pub(crate) async fn hooks(&self, app: AppId, after: u64, limit: usize) -> Result<Vec<Hook>, Failure> {
        self.store.hooks(app, after, limit).await.map_err(Failure::of(About::Account))
    }

    pub(crate) async fn settle_hooks(&self, app: AppId, numbers: &[u64]) -> Result<(), Failure> {
        self.store.settle_hooks(app, numbers).await.map_err(Failure::of(About::Account))
    }

    pub(crate) async fn bury_hooks(&self, app: AppId, numbers: &[u64], why: &str) -> Result<(), Failure> {
        let buried = self.store.bury_hooks(app, numbers, why, self.clock.now()).await;
        buried.map_err(Failure::of(About::Account))
    }

    pub(crate) async fn endpoint(&self, app: AppId) -> Result<Endpoint, Failure> {
        let replays = self.replays.lock().get(&app).copied().unwrap_or_default();
        let settings = &self.app(app).await?.settings;
        let webhook = settings.webhook.clone().unwrap_or_default();
        Ok(Endpoint { webhook, wanted: Wanted::of(settings), replays })
    }

    /// What users are called, deleted ones too.
    pub(crate) async fn user_names(&self, users: Vec<Tinyid>) -> Result<HashMap<Tinyid, String>, Failure> {
        let people = self.people(users.clone()).await?;
        Ok(users.into_iter().map(|user| (user, people.profile(user).user_id)).collect())
    }

    /// The unread one-to-one messages of a user.
    pub(crate) async fn unread(&self, user: Tinyid) -> Result<u64, Failure> {
        self.unread_of_peers(user).await
    }
}

fn ruled(command: Command, mut message: v1::Message, ruling: Ruling) -> Result<Asked, Failure> {
    match ruling {
        Ruling::Drop => Ok(Asked::Drop(message)),
        Ruling::Deny { code, text } => {
            let own = match command {
                Command::C2cBefore => 120_001..=130_000,
                _ => 10_100..=10_200,
            };
            let text =
                if text.is_empty() { "the app's back end refused the message".to_owned() } else { text };
            let own_number = own.contains(&code).then_some(code);
            Err(Failure { own_number, ..Failure::new(refused(command), text) })
        }
        Ruling::Allow { elements, cloud_custom_data } => {
            if let Some(elements) = elements {
                message.elements = elements;
            }
            if let Some(data) = cloud_custom_data {
                message.cloud_custom_data = data;
            }
            check_content(&message.elements, &message.cloud_custom_data)?;
            Ok(Asked::Go(message))
        }
    }
}

fn refused(command: Command) -> Code {
    match command {
        Command::C2cBefore => Code::RefusedByAppC2c,
        _ => Code::RefusedByApp,
    }
}
