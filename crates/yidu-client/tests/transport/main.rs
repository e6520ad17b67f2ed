//! Session keeping against a peer on a real socket that does what a story says: drops connections, refuses, says
//! nothing, says nonsense.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a story that goes another way ends with a panic")]

mod calls;
mod outbox;
mod peer;
mod session;
