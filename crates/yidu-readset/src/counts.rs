//! Four figures of a message.

use std::convert::Infallible;

use crate::bits::Bits;
use crate::encoding::{DecodeError, ReadSetHead, decode_readers};
use crate::{Audience, AudienceSpec, ReadSet, Roster};

/// How far a message has been read; `read + unread + left == audience` (`semantics.md` rule 4).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// How many were asked.
    pub audience: u32,
    /// Of these: have a receipt. Never falls.
    pub read: u32,
    /// Of these: have none and are members now.
    pub unread: u32,
    /// Of these: have none and are no members now.
    pub left: u32,
}

/// The counts of a message. `audience_count` is [`Audience::len`] at the time of sending; `set` holds
/// receipts of the audience only, as [`verdict`](crate::verdict()) lets them in.
///
/// Constant time while nobody has left since the message; else some nanoseconds per chunk of 1,024 ordinals,
/// however many have left.
#[must_use]
pub fn counts(roster: &Roster, spec: &AudienceSpec, audience_count: u32, set: &ReadSet) -> Counts {
    let Ok(left) = left::<Infallible>(roster, spec, |index| Ok(set.bits(index)));
    Counts::of(audience_count, set.len(), left)
}

impl ReadSetHead {
    /// The counts of a message from the head of its stored set, as [`counts()`] gives them from the whole set.
    /// `fetch` gives the record of a chunk by index; it is called only for chunks of which somebody has left
    /// since the message.
    ///
    /// # Errors
    /// What `fetch` fails with; [`DecodeError`] when a record is not that of the chunk asked for.
    pub fn counts<E: From<DecodeError>>(
        &self,
        roster: &Roster,
        spec: &AudienceSpec,
        audience_count: u32,
        mut fetch: impl FnMut(u32) -> Result<Vec<u8>, E>,
    ) -> Result<Counts, E> {
        let left = left(roster, spec, |index| {
            if !self.has_chunk(index) {
                return Ok(Bits::default());
            }
            let record = fetch(index)?;
            decode_readers(&record, index).map_err(E::from)
        })?;
        Ok(Counts::of(audience_count, self.len, left))
    }
}

impl Counts {
    fn of(audience: u32, read: u32, left: u32) -> Self {
        Self { audience, read, unread: audience.saturating_sub(read).saturating_sub(left), left }
    }
}

/// How many of the audience are no members now and are not among the readers that `read` gives by chunk.
fn left<E>(
    roster: &Roster,
    spec: &AudienceSpec,
    mut read: impl FnMut(u32) -> Result<Bits, E>,
) -> Result<u32, E> {
    if roster.none_left_since(spec.seq) {
        return Ok(0);
    }
    let audience = Audience::new(roster, spec);
    let mut left = 0;
    for (index, chunk) in roster.chunks().filter(|(_, chunk)| !chunk.none_left_since(spec.seq)) {
        if audience.concerns(index) {
            left += u32::from(audience.left(index, chunk, &read(index)?));
        }
    }
    Ok(left)
}
