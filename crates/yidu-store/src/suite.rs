//! The conformance suite: every promise of the contract as a test that any engine runs.
//!
//! An engine takes this crate with the feature `suite` into its dev-dependencies, says in a [`Harness`] how its store
//! is opened, broken and measured, and runs everything with one line in a file of its `tests` folder:
//! ```
//! use std::sync::Arc;
//! use yidu_store::{Store, conformance_suite, memory::MemoryStore, suite::Harness};
//!
//! #[derive(Default)]
//! struct Memory(Arc<MemoryStore>);
//!
//! #[async_trait::async_trait]
//! impl Harness for Memory {
//!     async fn open(&self) -> Arc<dyn Store> {
//!         self.0.reopen();
//!         self.0.clone()
//!     }
//! }
//!
//! conformance_suite!(Memory::default);
//! ```
//! Each promise becomes a test of its own, `receipt::a_repeated_receipt_writes_nothing_…`, on a harness of its own.
//! Two more are [`model`], random scripts on the engine and on [`crate::memory`], answer by answer, and [`fault`], a
//! script in which each write fails once.
//!
//! All of it opens some five hundred stores: where opening syncs the disk, folders in memory make it far faster
//! (`TMPDIR`).
//!
//! Tests measure and break an engine only as far as its harness offers it; without [`Harness::operations`] and
//! [`Harness::fail_write`] those promises are not looked at.
#![cfg(feature = "suite")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the suite is test code in a library: a panic is its report"
)]

mod account;
mod app;
mod audit;
mod conversation;
pub mod fault;
mod feed;
mod group;
mod member;
mod message;
pub mod model;
mod reader;
mod receipt;
mod reminder;
mod scene;
mod upkeep;
mod webhook;

use std::pin::Pin;
use std::sync::Arc;

use async_trait::async_trait;

use crate::Store;

/// How the suite gets at one data folder (or database) of an engine. A new harness is an empty one; what it made is
/// gone when it is dropped.
#[async_trait]
pub trait Harness: Send + Sync {
    /// Opens the store: empty at first, later with everything durable. The suite has dropped the store it got before,
    /// closed or not. A fault that was asked for is over.
    async fn open(&self) -> Arc<dyn Store>;

    /// Makes the `nth` write or sync of the disk (0: the next) and all after it fail, until the next [`Harness::open`].
    /// False: the engine has no disk, and its stories of faults are not told.
    fn fail_write(&self, nth: u64) -> bool {
        let _ = nth;
        false
    }

    /// What the engine has done so far in this process; `None` when it does not count.
    fn operations(&self) -> Option<Operations> {
        None
    }
}

/// How much an engine has done for the intents it was given; work in the background is not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Operations {
    /// Transactions or atomic batches that wrote.
    pub commits: u64,
    /// Lookups and range scans in stored tables; round trips where that is what costs.
    pub reads: u64,
}

/// Makes a test of each promise, of the [`model`](crate::suite::model) and of the stories of
/// [`fault`](crate::suite::fault)s, for the harnesses that `$factory` makes: a path or closure without arguments that
/// returns one.
#[macro_export]
macro_rules! conformance_suite {
    ($factory:expr) => {
        $crate::every_promise! { conformance_tests, $factory }

        #[test]
        fn every_answer_equals_the_reference() {
            $crate::suite::model::equals_the_reference($factory);
        }

        #[test]
        fn whichever_write_fails_nothing_acknowledged_is_lost() {
            $crate::suite::fault::lose_nothing_acknowledged($factory);
        }
    };
}

/// The one list of promises, handed to the macro `$crate::$then` behind what else it needs.
#[doc(hidden)]
#[macro_export]
macro_rules! every_promise {
    ($then:ident, $with:expr) => {
        $crate::$then! { $with;
            account {
                accounts_are_made_in_one_commit_and_once,
                racing_logins_make_one_account,
                accounts_are_found_by_name_and_by_number,
                each_app_has_its_own_names,
                what_is_given_of_a_profile_is_set,
                revoking_sigs_never_goes_back,
                a_deleted_account_leaves_everything_in_one_commit,
                a_free_name_is_given_to_somebody_else,
                accounts_are_listed_by_name_page_by_page,
                a_page_of_accounts_costs_the_same_in_a_large_app,
            }
            app {
                an_app_is_made_once,
                name_keys_and_settings_are_replaced,
            }
            audit {
                entries_come_newest_first_by_pages,
                a_change_takes_its_entry_along,
            }
            conversation {
                two_accounts_have_one_conversation,
                a_conversation_needs_two_accounts_of_the_app,
                racing_openers_get_the_same_conversation,
                a_one_to_one_conversation_is_on_no_list_before_its_first_message,
                a_view_tells_what_the_member_may_know,
                a_list_is_in_order_of_activity_page_by_page,
                unread_messages_are_others_that_count,
                clearing_goes_up_to_where_it_is_told,
                clearing_never_goes_back,
                clearing_in_c2c_tells_the_peer_and_sends_no_receipt,
                a_deleted_conversation_is_gone_until_a_new_message,
                who_leaves_a_group_no_longer_has_it,
            }
            fault {
                racing_receipts_that_were_acknowledged_survive_a_failed_write,
            }
            feed {
                every_change_takes_the_next_number,
                many_receipts_on_one_message_are_one_entry,
                an_entry_shows_the_newest_state_of_its_thing,
                pages_of_a_feed_leave_nothing_out,
                a_refused_intent_takes_no_number,
            }
            group {
                a_new_group_has_its_first_members_in_order,
                first_members_are_told_that_they_are_in,
                a_group_id_is_given_once_in_an_app,
                groups_are_found_by_id_and_by_conversation,
                a_new_description_leaves_what_the_store_fills,
                a_new_owner_takes_the_role_of_the_old_one,
                a_dismissed_group_is_there_for_nobody,
                dismissing_costs_the_same_whatever_the_size,
                intents_for_groups_do_not_find_one_to_one_conversations,
                groups_are_listed_by_id_without_those_dismissed,
            }
            member {
                each_who_comes_or_goes_is_judged_by_himself,
                a_change_that_changes_nothing_writes_nothing,
                those_who_move_are_told_why_and_by_whom,
                who_comes_back_has_the_ordinal_of_before,
                roles_of_leavers_are_gone,
                a_tip_names_those_concerned_and_is_seen_by_joiners,
                a_tip_names_the_first_hundred,
                a_tip_is_never_taken_for_a_repeat,
                members_come_by_pages_in_order_of_ordinals,
                a_member_is_found_by_how_many_come_before,
                one_member_is_changed_in_what_is_given,
            }
            message {
                seqs_begin_at_one_and_have_no_gaps,
                racing_messages_share_the_seqs_out,
                an_appended_message_is_what_is_stored,
                only_a_message_that_asks_says_the_size_of_its_audience,
                the_same_message_sent_twice_is_one,
                a_repeat_is_answered_even_after_leaving,
                racing_repeats_are_one_message,
                another_sender_conversation_random_or_time_is_another_message,
                who_is_no_member_sends_only_as_administrator,
                targets_that_are_no_members_are_left_out,
                members_see_what_was_sent_while_they_were_members,
                a_targeted_message_is_seen_by_sender_and_targets,
                history_goes_both_ways_from_any_seq,
                history_can_be_held_to_times,
                messages_by_seq_leave_out_what_may_not_be_seen,
                deleted_messages_stay_deleted,
                a_view_tells_ones_own_receipts_and_whether_one_has_sent_one,
                a_recall_is_one_commit_and_leaves_no_content,
                a_message_is_recalled_once_and_in_time,
                the_feed_of_a_conversation_tells_recalls_that_one_may_see,
                a_message_costs_as_much_in_a_group_of_a_thousand_as_in_one_of_three,
            }
            reader {
                where_anybody_stands_with_a_message_is_told,
                a_recall_keeps_who_had_left,
                times_of_reading_are_summed_up,
            }
            receipt {
                a_first_receipt_is_recorded_and_tells_the_sender,
                a_repeated_receipt_writes_nothing_and_takes_no_change_number,
                each_seq_is_judged_by_itself_in_the_order_given,
                a_seq_named_twice_is_recorded_once,
                senders_get_their_next_numbers_in_the_order_of_the_batch,
                the_first_time_stands,
                a_list_at_an_instant_stands_still,
                a_batch_is_one_commit_and_a_bounded_number_of_reads,
                a_batch_in_which_nothing_advances_writes_nothing,
                who_is_not_in_the_conversation_cannot_read,
                a_receipt_leaves_the_unread_count_alone,
                who_leaves_moves_from_unread_to_left,
                who_comes_back_moves_from_left_to_unread,
                who_has_read_stays_read_after_leaving,
                a_joiner_is_in_no_older_audience,
                a_deleted_account_counts_as_left,
                a_targeted_message_asks_its_targets_only,
                in_c2c_the_time_of_the_peers_receipt_is_told,
                a_recall_closes_receipts_with_the_lists_as_they_were,
                pages_never_return_a_member_twice_while_receipts_land,
                the_last_page_says_so_and_only_the_last,
                lists_are_in_order_of_first_joining_with_name_cards,
                states_leave_out_what_did_not_ask,
                pages_say_why_there_is_no_list,
                racing_repeats_are_recorded_once,
                racing_readers_all_count,
                a_large_audience_adds_up,
            }
            reminder {
                a_reminder_is_told_to_those_who_have_not_read_and_only_while,
                a_message_is_reminded_of_once_a_minute_and_the_newest_stands,
                what_cannot_be_read_any_more_is_not_reminded_of,
                of_many_reminders_the_newest_hundred_are_told,
                an_audience_is_asked_by_name,
            }
            upkeep {
                figures_count_commits_and_receipts,
                a_sound_store_has_no_problems,
                expired_messages_are_gone_but_for_their_final_counts,
                history_expires_by_app_and_in_slices,
                a_closed_store_has_stopped,
            }
            webhook {
                an_app_without_an_endpoint_has_no_hooks_and_costs_nothing,
                hooks_are_in_the_commit_of_what_they_tell_of,
                every_receipt_is_in_a_hook_and_repeats_are_not,
                a_one_to_one_receipt_names_its_message,
                hooks_outlive_what_they_tell_of,
                who_comes_and_goes_is_told,
                a_message_that_is_not_to_be_told_of_is_not,
                only_wanted_commands_are_noted,
                settled_hooks_are_gone_and_numbers_are_not_given_again,
                buried_hooks_come_back_with_their_numbers,
                racing_readers_are_all_told_of,
            }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! conformance_tests {
    ($factory:expr; $($noun:ident { $($name:ident,)* })*) => {
        $(mod $noun {
            #[allow(unused_imports, reason = "the factory may be a path of the file, or from elsewhere")]
            use super::*;
            $(#[test]
            fn $name() {
                $crate::suite::keeps(concat!(stringify!($noun), "::", stringify!($name)), $factory);
            })*
        })*
    };
}

type Promise = (&'static str, for<'a> fn(&'a dyn Harness) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>>);

#[doc(hidden)]
#[macro_export]
macro_rules! promise_table {
    ($unused:expr; $($noun:ident { $($name:ident,)* })*) => {
        &[$($((concat!(stringify!($noun), "::", stringify!($name)), |harness| Box::pin($noun::$name(harness))),)*)*]
    };
}

const PROMISES: &[Promise] = every_promise! { promise_table, () };

/// Runs one promise (`noun::name`) on a new harness; what [`conformance_suite!`] calls.
///
/// # Panics
/// The engine breaks the promise.
pub fn keeps<H: Harness>(promise: &str, factory: impl FnOnce() -> H) {
    let (_, check) = PROMISES.iter().find(|(name, _)| *name == promise).unwrap();
    block_on(async {
        let harness = factory();
        check(&harness).await;
    });
}

/// Two workers, so that what races really does.
fn block_on<T>(work: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    runtime.worker_threads(2).enable_all().build().unwrap().block_on(work)
}
