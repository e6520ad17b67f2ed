//! The messaging service: rules, gateway, bus, configuration.
//!
//! Rooms, in the order a request passes them: [`gateway`] (sockets and sessions) → [`service`] (the rules) → the store
//! contract (`yidu-store`) → [`bus`] (what advanced finds the gateways) → [`gateway`] again (outboxes and pacing).
//! Back ends come in through [`rest`] instead of the gateway. `pages` are the chat and the console for browsers. [`compose`] is the only place that names an engine.

pub mod bus;
pub mod clock;
pub mod compose;
pub mod config;
pub mod files;
pub mod gateway;
pub mod metrics;
mod operators;
mod pages;
pub mod rest;
pub mod service;
mod stats;
mod webhook;
