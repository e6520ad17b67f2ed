//! The gateway over real sockets: what it takes, what it refuses, and what it costs to be slow, silent or hostile.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of tests report as tests do")]

mod devices;
mod http;
mod limits;
mod protocols;
mod requests;
mod stopping;
mod world;
