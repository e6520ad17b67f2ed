//! Who was asked to read a message, who has, when, and who has not: pure, no I/O, no async.
//!
//! # The idea
//! A message in a group of a million must not cost a million rows. So nothing is stored per message and
//! member; three facts are kept instead, and every question is answered from them:
//!
//! 1. **Who was there when**: a [`Roster`] per conversation. Whoever joins gets the next **ordinal** (0, 1, 2,
//!    …) for ever, and each stay is an interval of **seqs**, the positions of messages. Who was there at seq
//!    `s` are those whose stay holds `s`; as ordinals are given in the order of joining, that is "the first so
//!    many", corrected by the few who have ever left.
//! 2. **Whom a message asks**: an [`AudienceSpec`], some bytes stored with the message: its seq, its sender, its
//!    targets. With the roster it gives the [`Audience`], which never changes whoever comes and goes later.
//! 3. **Who has read**: a [`ReadSet`] per message, a bit per ordinal and the time of reading. It only grows and
//!    the first time stands, so it may be written twice, in any order, on several machines, and [merged].
//!
//! From these follow the [`verdict()`] on a receipt, the [`counts()`] of a message and, [`page()`] by page, the
//! people behind the counts. All are bit operations over chunks of 1,024 ordinals, so that they take
//! microseconds for a million members. [`encoding`] has the forms to store them in.
//!
//! [merged]: ReadSet::merge
//!
//! # Example
//! ```
//! use yidu_readset::{Audience, AudienceSpec, Filter, MessageFacts, ReadSet, Roster, Verdict};
//! use yidu_readset::{counts, page, verdict};
//!
//! // Four people are in the group before its first message.
//! let mut roster = Roster::new();
//! let [alice, bob, carol, dave] = [(); 4].map(|()| roster.join_new(1));
//!
//! // Alice sends message 1 and asks for receipts: the three others are its audience.
//! let spec = AudienceSpec { seq: 1, sender: Some(alice), targets: None };
//! let audience_count = Audience::new(&roster, &spec).len();
//! let mut set = ReadSet::new(1_700_000_000_000);
//! assert_eq!(audience_count, 3);
//!
//! // Bob reads it. The receipt is judged first; only what is new goes into the set.
//! let facts = Some(MessageFacts { spec: &spec, needs_receipt: true, recalled: false });
//! assert_eq!(verdict(&roster, facts, &set, bob), Verdict::Recorded);
//! set.insert(bob, 1_700_000_005_000);
//! assert_eq!(verdict(&roster, facts, &set, bob), Verdict::Already);
//! assert_eq!(verdict(&roster, facts, &set, alice), Verdict::OwnMessage);
//!
//! // Dave leaves and Erin joins before message 2. Dave is counted as left; Erin was never asked.
//! roster.leave(dave, 2)?;
//! let erin = roster.join_new(2);
//! assert_eq!(verdict(&roster, facts, &set, erin), Verdict::NotInAudience);
//! let c = counts(&roster, &spec, audience_count, &set);
//! assert_eq!((c.read, c.unread, c.left), (1, 1, 1));
//!
//! // Who has not read it? Only Carol, and that is the whole list.
//! let unread = page(&roster, &spec, &set, Filter::Unread, 0, 100);
//! assert_eq!(unread.members, [(carol, None)]);
//! assert!(unread.finished);
//! # Ok::<(), yidu_readset::UnknownOrdinal>(())
//! ```

mod audience;
mod bits;
mod counts;
pub mod encoding;
mod ids;
mod page;
mod roster;
mod set;
mod timeline;
mod verdict;

pub use audience::{Audience, AudienceSpec};
pub use counts::{Counts, counts};
pub use encoding::{DecodeError, ReadSetHead, WHOLE_MAX};
pub use ids::{Millis, Ordinal, Seq};
pub use page::{Filter, Page, PageAt, Start, page, page_at};
pub use roster::{Roster, UnknownOrdinal};
pub use set::ReadSet;
pub use timeline::{BUCKETS_MAX, Bucket, ReadTimeline, read_timeline};
pub use verdict::{MessageFacts, Verdict, verdict};
