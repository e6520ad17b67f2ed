//! The promises of `docs/semantics.md`, one file each, told by users of a real server.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "a test reports by panicking"
)]

mod a_receipt_end_to_end;
mod a_restart_loses_nothing;
mod a_sender_who_was_away_gets_each_changed_message_once;
mod accounts_come_and_go;
mod counts_add_up_under_churn;
mod devices_of_one_user;
mod everything_may_be_sent_twice;
mod groups_have_their_permissions;
mod history_and_its_limits;
mod hostile_clients_get_a_number;
mod lists_at_a_version_by_the_wire;
mod lists_by_pages_miss_nobody;
mod nobody_else_is_told;
mod only_the_servers_clock_counts;
mod order_is_by_seq;
mod recall_closes_receipts;
mod receipts_are_judged_one_by_one;
mod receipts_cannot_be_forged;
mod receipts_work_where_they_are_switched_on;
mod settings_take_effect_and_are_noted;
mod the_sender_hears_in_time_and_in_order;
mod two_levels_of_read_in_c2c;
mod unread_counts_and_conversations;
mod webhooks_ask_before_messages_are_stored;
mod webhooks_leave_nothing_out;
mod webhooks_tell_what_happens;
mod who_has_not_read_can_be_reminded;
mod who_may_see_receipts;
