//! How fast a message was read.

use crate::{Millis, ReadSet};

/// Buckets of a timeline at most.
pub const BUCKETS_MAX: u32 = 63;

/// When those who have read a message did so, in milliseconds after it was sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReadTimeline {
    /// The first.
    pub first: Millis,
    /// By then half of them had read: the lower one of two in the middle.
    pub median: Millis,
    /// The last.
    pub last: Millis,
    /// Ascending; together they hold everybody.
    pub buckets: Vec<Bucket>,
}

/// Who has read in one stretch of time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bucket {
    /// Up to then, this millisecond included, and after the bucket before.
    pub until: Millis,
    /// How many.
    pub count: u32,
}

/// The timeline of a set; none while nobody has read.
///
/// The last bucket ends with the last reader and each of the others at half the time of the one behind it, so that minutes
/// and days have room beside each other. At most `buckets` (1 to [`BUCKETS_MAX`]), fewer where halves are the same
/// millisecond. Looks at each receipt twice and needs 8 bytes for it meanwhile: some milliseconds for a million.
#[must_use]
pub fn read_timeline(set: &ReadSet, buckets: u32) -> Option<ReadTimeline> {
    let mut times: Vec<Millis> = set.iter().map(|(_, at)| at - set.sent_at()).collect();
    let (&first, &last) = (times.iter().min()?, times.iter().max()?);
    let mut ends: Vec<Millis> =
        (0..buckets.clamp(1, BUCKETS_MAX)).rev().map(|halvings| last >> halvings).collect();
    ends.dedup();
    let mut buckets: Vec<Bucket> = ends.into_iter().map(|until| Bucket { until, count: 0 }).collect();
    for time in &times {
        let bucket = buckets.partition_point(|bucket| bucket.until < *time);
        buckets[bucket].count += 1;
    }
    let middle = (times.len() - 1) / 2;
    let (_, &mut median, _) = times.select_nth_unstable(middle);
    Some(ReadTimeline { first, median, last, buckets })
}
