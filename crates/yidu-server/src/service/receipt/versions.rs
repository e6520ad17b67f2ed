//! The order between receipts and versions of lists: no receipt gets a time that a version has passed.
//!
//! A version of a list is an instant, and the list at that version is what had been read by then. For that to stand still,
//! whatever is recorded later must have a later time, and whatever is on its way to the disk must not have an earlier one.
//! So receipts get their times here, and an instant is given out as a version only up to the oldest receipt on its way.
//! Costs some bytes for each receipt request under way; nothing is kept for a version.

use std::collections::BTreeMap;

use parking_lot::Mutex;
use yidu_store::Millis;

/// Gives receipts their times and lists their versions.
#[derive(Default)]
pub(in crate::service) struct Versions(Mutex<State>);

#[derive(Default)]
struct State {
    /// Times of requests whose receipts are not durable yet, with how many requests have that time.
    under_way: BTreeMap<Millis, usize>,
    /// The newest time that was given to a receipt.
    newest: Millis,
    /// Receipts get this time at least: every version is older.
    least: Millis,
}

/// A request of receipts on its way to the disk, until it is dropped.
pub(super) struct Stamp<'a> {
    versions: &'a Versions,
    at: Millis,
}

impl Versions {
    /// The time of receipts that come in now: the clock's, or the first instant behind all versions given out.
    pub(super) fn stamp(&self, now: Millis) -> Stamp<'_> {
        let mut state = self.0.lock();
        let at = now.max(state.least);
        state.newest = state.newest.max(at);
        *state.under_way.entry(at).or_default() += 1;
        Stamp { versions: self, at }
    }

    /// The newest instant at which lists stand still from now on: it covers every receipt that was acknowledged, but for
    /// those that came in while an older one was still on its way.
    pub(super) fn newest(&self, now: Millis) -> Millis {
        let mut state = self.0.lock();
        let mut version = now.max(state.newest);
        if let Some((&oldest, _)) = state.under_way.first_key_value() {
            version = version.min(oldest.saturating_sub(1));
        }
        state.least = state.least.max(version.saturating_add(1));
        version
    }
}

impl Stamp<'_> {
    /// The time.
    pub(super) fn at(&self) -> Millis {
        self.at
    }
}

impl Drop for Stamp<'_> {
    fn drop(&mut self) {
        let mut state = self.versions.0.lock();
        if let Some(requests) = state.under_way.get_mut(&self.at) {
            *requests -= 1;
            if *requests == 0 {
                state.under_way.remove(&self.at);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Versions;

    #[test]
    fn no_receipt_gets_a_time_that_a_version_has_passed() {
        let versions = Versions::default();
        assert_eq!(versions.stamp(100).at(), 100);
        assert_eq!(versions.newest(100), 100);
        let same_millisecond = versions.stamp(100);
        assert_eq!(same_millisecond.at(), 101);
        assert_eq!(versions.newest(105), 100, "one of 101 is on its way");
        drop(same_millisecond);
        assert_eq!(versions.newest(105), 105);
        assert_eq!(versions.stamp(90).at(), 106, "a clock that was set back");
        assert_eq!(versions.newest(90), 106, "what was acknowledged is there");
    }

    #[test]
    fn several_requests_of_a_millisecond_are_all_waited_for() {
        let versions = Versions::default();
        let (one, two) = (versions.stamp(7), versions.stamp(7));
        drop(one);
        assert_eq!(versions.newest(9), 6);
        drop(two);
        assert_eq!(versions.newest(9), 9);
    }
}
