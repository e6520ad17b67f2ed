//! The rules. Knows callers, requests and the store contract; no sockets, no engines.
//!
//! One file per noun, each an `impl Service` with the operations of that noun; `receipt` is the one to copy. What they
//! share: `names` (look-ups in caches), `place` (which conversation is meant), `policy` (who may do what, as data), `tips`
//! (what a group is told of itself), `failure` (numbers and texts of refusals).

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;
use yidu_store::Store;
/// Ids that callers and events carry.
pub use yidu_store::app::App;
pub use yidu_store::receipt::{BUCKETS_MAX, Filter, ReadTimeline, Start};
pub use yidu_store::upkeep::StoreStats;
pub use yidu_store::{AppId, ConversationId, Millis, Ordinal, Seq, Tinyid};

use crate::bus::{Body, Event, Publish, Topic};
use crate::clock::Clock;

mod account;
mod audit;
mod conversation;
mod deliveries;
mod directory;
mod failure;
mod feed;
mod group;
mod group_member;
mod history;
mod login;
mod lookup;
mod message;
mod names;
mod operator;
mod place;
mod policy;
mod presence;
mod profile;
mod recall;
mod receipt;
mod retention;
mod sequence;
mod settings;
mod tips;
mod webhook;

pub use deliveries::Delivery;
pub(crate) use deliveries::NAMED;
pub use directory::{DirectoryPage, DirectoryQuery, ListedUser};
pub use failure::Failure;
pub use history::SentMessage;
pub use login::{LoggedIn, Subscriptions};
pub use lookup::FoundMessage;
pub use receipt::{
    AskedOrNot, MemberReceipt, NotAsked, ReceiptList, ReceiptListQuery, ReceiptReader, Sighting,
};
pub use settings::{KeyDeletion, SettingsOutcome, default_settings, fingerprint};
pub(crate) use webhook::Endpoint;
pub use webhook::{BeforeSend, BeforeSendHook, Ruling};
pub use yidu_store::audit::{AuditEntry, Note};
pub use yidu_store::webhook::{Command as HookCommand, DeadHook, Hook, HookQueue};

/// A live session of the gateway, unique on this node while it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SessionId(pub u64);

impl SessionId {
    /// Of a request that came on no session: by REST. Every session of the user hears of what it does.
    pub const NONE: SessionId = SessionId(0);
}

/// On whose behalf a request is carried out: what login established ([`LoggedIn::caller`]).
#[derive(Clone, Debug)]
pub struct Caller {
    /// The app.
    pub app: AppId,
    /// The user's name.
    pub user: Arc<str>,
    /// The user's number.
    pub tinyid: Tinyid,
    /// The session the request came on.
    pub session: SessionId,
    /// As `v1::Platform`.
    pub platform: i32,
    /// The administrator who acts in this user's name ([`Service::on_behalf_of`]); `None` on sessions. Whether the user
    /// administers the app is not kept here: it is asked at each request, so that a change takes effect at once.
    pub administrator: Option<Arc<str>>,
}

impl Caller {
    /// An event for the caller's other sessions.
    fn to_own_devices(&self, body: Body) -> Event {
        Event { topic: Topic::User(self.tinyid), except: Some(self.session), only: None, body }
    }
}

/// The rules over one store and one bus. Every operation of the contract has a method of its name:
/// `async fn send_receipts(&self, caller: &Caller, request: v1::SendReceipts) -> Result<v1::SendReceiptsResult, Failure>`.
///
/// A method answers after the store has: what it answers is durable. What others are to hear is handed to the bus before
/// the method returns; an event of the caller's own doing skips the caller's session, which has the answer.
/// Whoever calls drives a method to its end even when nobody waits for the answer any more: dropped between commit and
/// publishing, it would leave others unaware of what is stored until they ask their feeds.
pub struct Service {
    store: Arc<dyn Store>,
    bus: Arc<dyn Publish>,
    clock: Arc<dyn Clock>,
    apps: settings::Apps,
    names: names::Names,
    groups: group::Changing,
    sequences: sequence::Sequences,
    versions: receipt::Versions,
    before: Option<Arc<dyn BeforeSendHook>>,
    /// Of apps that ever replayed hooks.
    replays: Mutex<HashMap<AppId, u64>>,
    deliveries: deliveries::Deliveries,
}

impl Service {
    /// A service over a store and a bus.
    pub fn new(store: Arc<dyn Store>, bus: Arc<dyn Publish>, clock: Arc<dyn Clock>) -> Service {
        Service {
            store,
            bus,
            clock,
            apps: settings::Apps::new(),
            names: names::Names::new(),
            groups: group::Changing::default(),
            sequences: sequence::Sequences::default(),
            versions: receipt::Versions::default(),
            before: None,
            replays: Mutex::default(),
            deliveries: deliveries::Deliveries::default(),
        }
    }

    /// Asks the back ends of apps before messages are stored. Without it nobody is asked.
    #[must_use]
    pub fn with_before_hook(self, before: Arc<dyn BeforeSendHook>) -> Service {
        Service { before: Some(before), ..self }
    }

    /// The server's clock, which alone counts (semantics.md rule 10).
    pub fn now(&self) -> Millis {
        self.clock.now()
    }

    fn announce(&self, events: Vec<Event>) {
        if !events.is_empty() {
            self.bus.publish(events);
        }
    }
}
