//! Boots real servers and users for tests.
//!
//! [`TestServer`] is the whole server in this process: embedded store with real syncs in a temporary folder, sockets on a
//! port of their own. [`User`] speaks the frames by hand, [`TestServer::client`] is the SDK. Nothing sleeps: stories wait
//! for what must come, for at most [`PATIENCE`], and a failure says what came instead; [`eventually`] is for what no event
//! tells of.
//!
//! The stories are in `tests/`, one file for each promise of `docs/semantics.md`; [`scenario`] plays those of
//! `examples/scenarios`, which are the same for every SDK.

pub mod api;
pub mod ask;
pub mod clock;
pub mod console;
pub mod eventually;
pub mod link;
pub mod listener;
pub mod memory;
pub mod peer;
pub mod receiver;
pub mod rest;
pub mod scenario;
pub mod server;
pub mod user;
pub mod words;

pub use api::{Api, Reply};
pub use clock::Clock;
pub use console::Console;
pub use eventually::eventually;
pub use link::Link;
pub use listener::Listener;
pub use peer::{PATIENCE, Peer, Refused};
pub use receiver::{Manner, Received, Receiver};
pub use rest::Rest;
pub use server::{TestServer, members};
pub use user::User;
