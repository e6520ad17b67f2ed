//! The async Rust SDK of Yidu: session, messages, receipts, events.
//!
//! A [`Client`] is a cheap handle; one background task owns its WebSocket. It logs in, keeps the session alive, comes
//! back after a lost connection and then tells what was missed, once ([`Event`]). Calls made meanwhile wait for the
//! connection until their deadline. Types of the contract (`proto/yidu/v1`) are used as they are: [`v1`].
//!
//! ```no_run
//! use yidu_client::{Client, Event, NewMessage, group};
//!
//! # async fn example(sig: String) -> yidu_client::Result<()> {
//! let client = Client::builder().server("ws://127.0.0.1:7400").app(1_400_000_001).build()?;
//! let mut events = client.events();
//! client.login("alice", sig).await?;
//!
//! let sent = client.send(NewMessage::text(group("team"), "lunch at noon?").need_receipt()).await?;
//! while let Some(event) = events.next().await {
//!     if let Event::Receipt(state) = event
//!         && state.seq == sent.seq
//!     {
//!         println!("{} of {} have read it", state.read_count, state.audience_count);
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # What holds
//! - Every request may be sent twice without harm (`semantics.md` rule 12), so a request that was under way when the
//!   connection broke is sent again after the reconnect, until its deadline.
//! - A future that is dropped gives the call up; the server may still have carried it out.
//! - At most 1,024 calls are under way and 1,024 wait in line; further callers wait their turn.
//! - State is kept in memory: what to resume from, and the outbox of receipts, live as long as the client.

mod api;
mod builder;
mod call;
mod client;
mod connection;
mod error;
mod event;
mod outbox;

pub use api::conversation::ReadUpTo;
pub use api::message::{HistoryQuery, NewMessage};
pub use api::receipt::ReceiptMembers;
pub use builder::{ClientBuilder, DEFAULT_SERVER};
pub use call::Call;
pub use client::{Client, Session, Status, group, user};
pub use connection::Reconnect;
pub use error::{Error, ErrorKind, Result};
pub use event::{Event, EventStream};
pub use outbox::CAPACITY as OUTBOX_CAPACITY;
pub use yidu_proto::{Code, Element, ElementKind, v1};
