//! A service with one app, users who have logged in with real UserSigs, a clock that stands until it is moved, and ears on
//! the bus.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;
use yidu_proto::{Code, Element, v1};
use yidu_server::bus::{Body, Event, Presence, Publish, Topic};
use yidu_server::clock::Clock;
use yidu_server::service::{Caller, Failure, LoggedIn, Service, SessionId};
use yidu_store::app::App;
use yidu_store::memory::MemoryStore;
use yidu_store::{Millis, Store, Tinyid};
use yidu_store_embedded::{EmbeddedStore, Options};
use yidu_usersig::{Claims, SecretKey, sign};

pub(crate) const START: Millis = 1_700_000_000_000;

pub(crate) struct World {
    pub(crate) service: Service,
    store: Arc<dyn Store>,
    /// The store of a world in memory, to make it fail.
    pub(crate) memory: Arc<MemoryStore>,
    pub(crate) bus: Arc<Ears>,
    pub(crate) clock: Arc<Hands>,
    pub(crate) app: App,
    /// Of a world on disk; removed with it.
    _folder: Option<tempfile::TempDir>,
    sessions: AtomicU64,
    randoms: AtomicU64,
}

/// Hears everything that is published.
#[derive(Default)]
pub(crate) struct Ears(Mutex<Vec<Event>>);

#[async_trait::async_trait]
impl Publish for Ears {
    fn publish(&self, events: Vec<Event>) {
        self.0.lock().extend(events);
    }

    async fn presence(&self, users: &[Tinyid]) -> Vec<Presence> {
        vec![Presence::default(); users.len()]
    }
}

impl Ears {
    /// What was published since the last time.
    pub(crate) fn heard(&self) -> Vec<Event> {
        std::mem::take(&mut self.0.lock())
    }
}

/// A clock that is moved by hand.
pub(crate) struct Hands(AtomicU64);

impl Clock for Hands {
    fn now(&self) -> Millis {
        self.0.load(Ordering::Relaxed)
    }
}

impl Hands {
    pub(crate) fn pass(&self, millis: Millis) {
        self.0.fetch_add(millis, Ordering::Relaxed);
    }
}

impl World {
    pub(crate) async fn new() -> World {
        let memory = Arc::new(MemoryStore::new());
        World::over(memory.clone(), memory, None).await
    }

    /// Over the engine of a single node, whose intents wait for the disk: what happens at the same time does interleave.
    pub(crate) async fn on_disk() -> World {
        let folder = tempfile::tempdir().unwrap();
        let store = EmbeddedStore::open(folder.path(), Options::default()).unwrap();
        World::over(store, Arc::new(MemoryStore::new()), Some(folder)).await
    }

    async fn over(
        store: Arc<dyn Store>,
        memory: Arc<MemoryStore>,
        folder: Option<tempfile::TempDir>,
    ) -> World {
        let bus = Arc::new(Ears::default());
        let clock = Arc::new(Hands(AtomicU64::new(START)));
        let service = Service::new(store.clone(), bus.clone(), clock.clone());
        let app = service.create_app("stories").await.unwrap();
        let (sessions, randoms) = (AtomicU64::new(1), AtomicU64::new(1));
        World { service, store, memory, bus, clock, app, _folder: folder, sessions, randoms }
    }

    /// Another node of the same cluster: the same truth, caches and bus of its own.
    pub(crate) fn other_node(&self) -> Service {
        Service::new(self.store.clone(), Arc::new(Ears::default()), self.clock.clone())
    }

    pub(crate) fn clock_now(&self) -> Millis {
        self.clock.now()
    }

    pub(crate) fn sig(&self, user: &str) -> String {
        self.sig_with(user, &self.app.keys[0].secret, self.clock.now() / 1_000)
    }

    pub(crate) fn sig_with(&self, user: &str, key: &str, issued_at: u64) -> String {
        let claims = Claims {
            app_id: self.app.id.0,
            user_id: user.to_owned(),
            issued_at,
            expires_in: 3_600,
            userbuf: None,
        };
        sign(&key.parse::<SecretKey>().unwrap(), &claims)
    }

    pub(crate) async fn login(&self, user: &str, sig: String) -> Result<LoggedIn, Failure> {
        let request = v1::Login {
            app_id: self.app.id.0,
            user_id: user.to_owned(),
            user_sig: sig,
            ..Default::default()
        };
        self.service.login(&request).await
    }

    /// Logs in on a new session; the first time makes the account.
    pub(crate) async fn user(&self, user: &str) -> Caller {
        let session = SessionId(self.sessions.fetch_add(1, Ordering::Relaxed));
        self.login(user, self.sig(user)).await.unwrap().caller(session, v1::Platform::Linux.into())
    }

    pub(crate) async fn users<const N: usize>(&self, users: [&str; N]) -> [Caller; N] {
        let mut callers = Vec::new();
        for user in users {
            callers.push(self.user(user).await);
        }
        callers.try_into().unwrap()
    }

    pub(crate) async fn administrator(&self) -> Caller {
        self.user("administrator").await
    }

    /// A group that the first makes and in which the others are from the start. The bus is quiet afterwards.
    pub(crate) async fn group(&self, kind: v1::GroupType, owner: &Caller, members: &[&Caller]) -> String {
        let request = v1::CreateGroup {
            r#type: kind.into(),
            name: "tea".to_owned(),
            members: members.iter().map(|member| member.user.to_string()).collect(),
            ..Default::default()
        };
        let made = self.service.create_group(owner, request).await.unwrap();
        self.bus.heard();
        made.group_id
    }

    pub(crate) fn text(&self, to: v1::ConversationRef, text: &str) -> v1::SendMessage {
        v1::SendMessage {
            to: Some(to),
            random: u32::try_from(self.randoms.fetch_add(1, Ordering::Relaxed)).unwrap(),
            client_time_s: self.clock.now() / 1_000,
            elements: vec![Element::text(text)],
            ..Default::default()
        }
    }

    /// Sends a message that asks for receipts, and returns its seq. The bus is quiet afterwards.
    pub(crate) async fn ask(&self, from: &Caller, to: v1::ConversationRef) -> u64 {
        let request = v1::SendMessage { need_receipt: true, ..self.text(to, "read me") };
        let sent = self.service.send_message(from, request).await.unwrap();
        self.bus.heard();
        sent.message.unwrap().seq
    }

    pub(crate) async fn say(&self, from: &Caller, to: v1::ConversationRef) -> v1::Message {
        let sent = self.service.send_message(from, self.text(to, "hello")).await.unwrap();
        sent.message.unwrap()
    }

    pub(crate) async fn read(
        &self,
        reader: &Caller,
        conversation: v1::ConversationRef,
        seqs: &[u64],
    ) -> Result<Vec<v1::ReceiptVerdict>, Failure> {
        let request = v1::SendReceipts { conversation: Some(conversation), seqs: seqs.to_vec() };
        let result = self.service.send_receipts(reader, request).await?;
        Ok(result.results.iter().map(v1::ReceiptResult::verdict).collect())
    }

    pub(crate) async fn state(
        &self,
        caller: &Caller,
        conversation: v1::ConversationRef,
        seq: u64,
    ) -> v1::ReceiptState {
        let request = v1::GetReceipts { conversation: Some(conversation), seqs: vec![seq] };
        self.service.get_receipts(caller, request).await.unwrap().states.pop().unwrap()
    }

    pub(crate) async fn settings(&self, change: impl FnOnce(&mut v1::AppSettings)) {
        let administrator = self.administrator().await;
        let mut settings =
            self.service.get_settings(&administrator, v1::GetSettings {}).await.unwrap().settings.unwrap();
        change(&mut settings);
        let request = v1::ModifySettings { settings: Some(settings), dry_run: false };
        self.service.modify_settings(&administrator, request).await.unwrap();
    }

    pub(crate) async fn conversation(&self, caller: &Caller, of: v1::ConversationRef) -> v1::Conversation {
        let request = v1::GetConversations { conversations: vec![of] };
        self.service.get_conversations(caller, request).await.unwrap().conversations.pop().unwrap()
    }

    pub(crate) async fn remove(&self, by: &Caller, group: &str, user: &Caller) {
        let request = v1::RemoveMembers {
            group_id: group.to_owned(),
            users: vec![user.user.to_string()],
            ..Default::default()
        };
        self.service.remove_members(by, request).await.unwrap();
        self.bus.heard();
    }

    pub(crate) async fn add(&self, by: &Caller, group: &str, user: &Caller) {
        let request =
            v1::AddMembers { group_id: group.to_owned(), users: vec![user.user.to_string()], silent: false };
        self.service.add_members(by, request).await.unwrap();
        self.bus.heard();
    }

    pub(crate) async fn role(&self, owner: &Caller, group: &str, user: &Caller, role: v1::Role) {
        let request = v1::ModifyMember {
            group_id: group.to_owned(),
            user_id: user.user.to_string(),
            role: Some(role.into()),
            ..Default::default()
        };
        self.service.modify_member(owner, request).await.unwrap();
        self.bus.heard();
    }
}

pub(crate) fn user_ref(user: &str) -> v1::ConversationRef {
    v1::ConversationRef { of: Some(v1::conversation_ref::Of::User(user.to_owned())) }
}

pub(crate) fn group_ref(group: &str) -> v1::ConversationRef {
    v1::ConversationRef { of: Some(v1::conversation_ref::Of::Group(group.to_owned())) }
}

/// The number of a refusal; 0 for what was done.
pub(crate) fn code<T>(result: &Result<T, Failure>) -> u32 {
    result.as_ref().err().map_or(0, |failure| failure.code.number())
}

pub(crate) fn refused<T: std::fmt::Debug>(result: Result<T, Failure>, with: Code) -> String {
    let failure = result.unwrap_err();
    assert_eq!(failure.code, with, "{failure}");
    failure.text
}

/// Receipts that a user is told of, with their change numbers.
pub(crate) fn told_receipts(events: &[Event], user: Tinyid) -> Vec<(u64, v1::ReceiptState)> {
    told(events, user)
        .into_iter()
        .filter_map(|change| match change.thing {
            Some(v1::change::Thing::Receipt(state)) => Some((change.number, state)),
            _ => None,
        })
        .collect()
}

/// Changes that a user is told of.
pub(crate) fn told(events: &[Event], user: Tinyid) -> Vec<v1::Change> {
    let mut changes = Vec::new();
    for event in events {
        if let (Topic::User(to), Body::Changes(new)) = (event.topic, &event.body)
            && to == user
        {
            changes.extend(new.iter().cloned());
        }
    }
    changes
}

/// Messages that everybody in a group is told of.
pub(crate) fn told_group(events: &[Event]) -> Vec<Arc<v1::Message>> {
    events
        .iter()
        .filter_map(|event| match (&event.topic, &event.body) {
            (Topic::Conversation(_), Body::Message(message)) => Some(message.clone()),
            _ => None,
        })
        .collect()
}
