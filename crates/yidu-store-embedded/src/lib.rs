//! The storage contract on one machine: group commit, folded read sets, one folder.
//!
//! # How it works
//! - [`fjall`] holds every noun in its own keyspace (the catalog is `tables`); its log is the only journal.
//! - **One writer thread** (`commit`) runs every intent that writes, one after the other. What has arrived while the
//!   last sync ran becomes one batch: one atomic write, one sync, then all are answered.
//! - Intents write into an **overlay** of rows that are not on disk yet (`rows`) and into **live state** (rosters, hot
//!   read sets, positions of feeds). Readers see both, and wait before they answer until what they saw is durable.
//! - **A receipt** goes into the read set in memory and, with all others of its commit, into one journal row (`receipt`
//!   is the file to read first). In the background changed sets are **folded** into their stored form, in slices of a
//!   few milliseconds, and the journal rows behind them are dropped (`fold`).
//! - **Starting** reads the journal rows alone (`recover`); everything else is read when it is asked for.
//!
//! The folder holds `FORMAT` (version of the layout), `lock` and `data` (the engine).

mod account;
mod app;
mod audit;
mod cache;
mod check;
mod commit;
mod conversation;
mod faults;
mod feed;
mod fold;
mod folder;
mod group;
mod member;
mod message;
mod receipt;
mod record;
mod recover;
mod rows;
mod state;
mod store;
mod tables;
mod upkeep;
mod webhook;

pub use faults::{Faults, Injected, Operations};
pub use folder::OpenError;
pub use store::{Durability, EmbeddedStore, Options};
