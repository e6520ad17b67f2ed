//! What the read set promises, one promise a file, against a model that a child could check.
#![allow(clippy::unwrap_used, reason = "in a test the panic is the report")]

mod bytes_per_receipt_stay_small;
mod counts_add_up_to_the_audience;
mod damaged_records_are_errors;
mod history;
mod lists_stand_still_at_an_instant;
mod membership_is_remembered;
mod merging_loses_nothing;
mod model;
mod pages_miss_nobody_and_repeat_nobody;
mod receipts_are_judged_by_the_rules;
mod the_first_time_stands;
mod times_are_summed_up;
mod what_is_stored_comes_back;
