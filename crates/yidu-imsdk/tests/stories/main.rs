//! Stories of the C library: C programs as people, each in a process of its own, against the real server.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test asserts by panicking; the benchmark prints what it measured"
)]

mod person;
mod words;

mod a_slow_callback;
mod conversations_and_unread_counts;
mod every_field_takes_any_script;
mod from_init_to_uninit;
mod groups_and_their_members;
mod listeners_come_and_go;
mod logins_that_cannot_be;
mod memory_and_time;
mod no_leak_and_no_invalid_access;
mod parts_of_a_history;
mod profiles;
mod receipts_end_to_end;
mod scenarios;
mod secrets_stay_secret;
mod state_on_this_side;
mod the_header_and_its_symbols;
mod the_way_to_the_server;
