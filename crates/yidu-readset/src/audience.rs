//! Who is asked to read a message.

use crate::bits::{Bits, CHUNK, join, split};
use crate::roster::Chunk;
use crate::{Ordinal, Roster, Seq};

/// What a message says about its audience; stored with the message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AudienceSpec {
    /// The message's seq.
    pub seq: Seq,
    /// Who sent it; none when the sender is no member, for example an administrator.
    pub sender: Option<Ordinal>,
    /// Ascending: the only ones who are asked, as far as they are members; none asks every member.
    pub targets: Option<Vec<Ordinal>>,
}

/// The members at the instant a message got its seq, less its sender, less everybody not targeted.
///
/// It never changes, whoever comes or goes later (`semantics.md`, Words).
#[derive(Clone, Copy, Debug)]
pub struct Audience<'a> {
    roster: &'a Roster,
    spec: &'a AudienceSpec,
}

impl<'a> Audience<'a> {
    /// The audience of a message in the conversation with this roster.
    #[must_use]
    pub fn new(roster: &'a Roster, spec: &'a AudienceSpec) -> Self {
        Self { roster, spec }
    }

    /// Whether `o` is asked to read the message.
    #[must_use]
    pub fn contains(&self, o: Ordinal) -> bool {
        let targeted = self.spec.targets.as_ref().is_none_or(|targets| targets.binary_search(&o).is_ok());
        targeted && self.spec.sender != Some(o) && self.roster.was_member(o, self.spec.seq)
    }

    /// How many are asked. Constant time for the newest message without targets; it is stored with the
    /// message as its audience count.
    #[must_use]
    #[expect(
        clippy::len_without_is_empty,
        reason = "nobody asks it: a count of 0 is a figure like any other"
    )]
    pub fn len(&self) -> u32 {
        if let Some(targets) = &self.spec.targets {
            return targets.iter().map(|&o| u32::from(self.contains(o))).sum();
        }
        let sender = self.spec.sender.is_some_and(|o| self.roster.was_member(o, self.spec.seq));
        self.roster.members_at(self.spec.seq) - u32::from(sender)
    }

    /// The seq of the message.
    pub(crate) fn seq(&self) -> Seq {
        self.spec.seq
    }

    /// Everybody who is asked, ascending.
    pub fn iter(&self) -> impl Iterator<Item = Ordinal> + use<'a> {
        let audience = *self;
        self.roster.walk(0, move |index, chunk| {
            let mut exempt = Bits::default();
            audience.add_exempt(index, &mut exempt);
            chunk.among(audience.spec.seq, chunk.all().without(&exempt))
        })
    }

    /// Whether anybody in this chunk could be asked.
    pub(crate) fn concerns(&self, index: u32) -> bool {
        self.spec.targets.as_ref().is_none_or(|targets| !targets_in(index, targets).is_empty())
    }

    /// How many of a chunk were asked, are away now and are not among `read`, readers of the message.
    pub(crate) fn left(&self, index: u32, chunk: &Chunk, read: &Bits) -> u16 {
        let Some(away) = chunk.away() else { return 0 };
        let seq = self.spec.seq;
        if self.spec.targets.is_some() {
            let mut done = *read;
            self.add_exempt(index, &mut done);
            return chunk.among(seq, away.without(&done)).count();
        }
        let sender = self.spec.sender.map(split).filter(|(chunk, _)| *chunk == index);
        let sender = sender.is_some_and(|(_, o)| away.get(o) && chunk.was_member(o, seq));
        // Every reader was a member then, or could not have read.
        chunk.left_since(seq).saturating_sub(away.and(read).count() + u16::from(sender))
    }

    /// Adds those of a chunk who are not asked even if they were members: the sender, everybody not targeted.
    #[inline]
    pub(crate) fn add_exempt(&self, index: u32, bits: &mut Bits) {
        if let Some((chunk, offset)) = self.spec.sender.map(split)
            && chunk == index
        {
            bits.set(offset);
        }
        if let Some(targets) = &self.spec.targets {
            let not_targeted = Bits::below(CHUNK).without(&targets_in(index, targets));
            *bits = bits.or(&not_targeted);
        }
    }
}

fn targets_in(index: u32, targets: &[Ordinal]) -> Bits {
    let from = targets.partition_point(|&o| o < join(index, 0));
    let inside = targets[from..].iter().map(|&o| split(o)).take_while(|(chunk, _)| *chunk == index);
    inside.fold(Bits::default(), |mut bits, (_, offset)| {
        bits.set(offset);
        bits
    })
}
