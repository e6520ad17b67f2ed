//! The storage contract of Yidu: small traits, one per noun, that every engine keeps in the same way.
//!
//! What holds for every intent of every engine:
//! - **Durable when answered.** A write is answered after it is on disk (in the engine's configured mode), and a read
//!   shows only what is durable. After a failed write to disk every intent answers [`StoreError::Stopped`] until the
//!   store has been opened again.
//! - **All or nothing.** An intent that answers an error has changed nothing.
//! - **The store holds invariants, the service holds rules.** Seqs without gaps, audiences fixed when the seq is
//!   given, read sets that only grow, numbers of change feeds: here. Who may do what, limits, texts: in the service.
//! - Ids are the store's own numbers ([`Tinyid`], [`ConversationId`]); names of users and groups are looked up once.
//!
//! [`memory`] is the reference: simple, in memory, the model that engines are compared with. [`suite`] is the
//! conformance suite that every engine runs.

pub mod account;
pub mod app;
pub mod audit;
pub mod conversation;
pub mod error;
pub mod feed;
pub mod group;
pub mod ids;
pub mod memory;
pub mod message;
pub mod receipt;
pub mod suite;
pub mod upkeep;
pub mod webhook;

pub use account::Accounts;
pub use app::Apps;
pub use audit::Audits;
pub use conversation::Conversations;
pub use error::{Result, StoreError};
pub use feed::Feeds;
pub use group::Groups;
pub use ids::{AppId, ConversationId, Tinyid};
pub use message::Messages;
pub use receipt::Receipts;
pub use upkeep::Upkeep;
pub use webhook::Webhooks;
pub use yidu_readset::{Millis, Ordinal, Seq};

/// Everything the service needs of a store.
pub trait Store:
    Apps
    + Accounts
    + Conversations
    + Groups
    + Messages
    + Receipts
    + Feeds
    + Audits
    + Webhooks
    + Upkeep
    + Send
    + Sync
    + 'static
{
}

impl<S> Store for S where
    S: Apps
        + Accounts
        + Conversations
        + Groups
        + Messages
        + Receipts
        + Feeds
        + Audits
        + Webhooks
        + Upkeep
        + Send
        + Sync
        + 'static
{
}
