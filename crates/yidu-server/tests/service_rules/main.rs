//! The rules of the service, as stories over a real store; the bus is listened to where the gateway would be.

#![allow(clippy::unwrap_used, reason = "a story asserts by unwrapping")]

mod accounts;
mod conversations;
mod feeds;
mod groups;
mod logins;
mod messages;
mod permissions;
mod recalls;
mod receipt_pages;
mod receipt_switches;
mod receipt_viewers;
mod receipts;
mod settings;
mod storms;
mod world;
