//! What becomes of one receipt.

use crate::{Audience, AudienceSpec, Ordinal, ReadSet, Roster};

/// What becomes of one receipt (`semantics.md` rule 3). Where several would fit, the first of
/// `OwnMessage`, `Recalled`, `NotRequested`, `NotInAudience`, `Already`, `Recorded` holds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Verdict {
    /// It is new and goes into the read set.
    Recorded,
    /// There is one; nothing changes, the first time stands.
    Already,
    /// Nobody acknowledges what they have sent.
    OwnMessage,
    /// The message asks for no receipts.
    NotRequested,
    /// The reader was no member when the message was sent, or is not targeted.
    NotInAudience,
    /// There is no such message.
    UnknownMessage,
    /// The message was recalled: its receipts are closed (rule 9).
    Recalled,
}

/// What a verdict has to know about a message.
#[derive(Clone, Copy, Debug)]
pub struct MessageFacts<'a> {
    /// Who was asked.
    pub spec: &'a AudienceSpec,
    /// Whether the message asks for receipts.
    pub needs_receipt: bool,
    /// Whether it was recalled.
    pub recalled: bool,
}

/// Judges the receipt of `reader`; no facts means that there is no such message. Inserts nothing: the caller
/// does that on [`Verdict::Recorded`]. Whether the reader is in the conversation now is the caller's question.
#[must_use]
pub fn verdict(roster: &Roster, facts: Option<MessageFacts<'_>>, set: &ReadSet, reader: Ordinal) -> Verdict {
    let Some(facts) = facts else { return Verdict::UnknownMessage };
    if facts.spec.sender == Some(reader) {
        Verdict::OwnMessage
    } else if facts.recalled {
        Verdict::Recalled
    } else if !facts.needs_receipt {
        Verdict::NotRequested
    } else if !Audience::new(roster, facts.spec).contains(reader) {
        Verdict::NotInAudience
    } else if set.contains(reader) {
        Verdict::Already
    } else {
        Verdict::Recorded
    }
}
