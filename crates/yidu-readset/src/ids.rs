//! The three numbers that everything here is written in.

/// Position of a message in its conversation: from 1, without gaps.
pub type Seq = u64;

/// A user's dense number in one conversation: from 0, given at the first join, kept for ever.
pub type Ordinal = u32;

/// The server's clock: milliseconds since the Unix epoch.
pub type Millis = u64;
