//! REST v4 (rule 16), one file per group of commands, told by a back end over real HTTP.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "a test reports by panicking"
)]

mod back_ends_ask_who_has_read;
mod back_ends_keep_accounts;
mod back_ends_keep_groups;
mod back_ends_read_one_to_one;
mod back_ends_send_one_to_one;
mod back_ends_write_to_groups;
mod message_bodies_come_back_intact;
mod only_administrators_call;
mod published_generators_sign_tokens_that_are_accepted;
mod the_documented_script_runs;
mod what_cannot_be_read_has_a_number;
