//! The unpacked text, and where its copies may come from.

use crate::MAX_JSON_LEN;
use crate::error::Malformed;

/// How hard the compressor of a stream says that it looked for copies.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Effort {
    /// Level 6: every place is remembered (npm, PyPI, Java, PHP, C#).
    Default,
    /// Levels 0 and 1: places inside longer copies are not remembered (C++, Go).
    Fastest,
}

impl Effort {
    /// From the two header bytes: a window of 32 KiB, no dictionary, one of these levels.
    pub(super) fn of(header: [u8; 2]) -> Option<Self> {
        match header {
            [0x78, 0x9c] => Some(Self::Default),
            [0x78, 0x01] => Some(Self::Fastest),
            _ => None,
        }
    }
}

/// How a byte of the text came there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// A literal, or the first byte of a copy.
    Start,
    /// Further inside a copy that is short enough for the fastest level to remember its inside.
    ShortCopy,
    LongCopy,
}

/// Longest copy whose inside zlib's fastest level remembers.
const SHORT_COPY: usize = 4;

/// The text so far, at most `MAX_JSON_LEN` bytes of it.
pub(super) struct Copies {
    effort: Effort,
    text: Vec<u8>,
    origins: Vec<Origin>,
}

impl Copies {
    pub(super) fn new(effort: Effort) -> Self {
        Self { effort, text: Vec::new(), origins: Vec::new() }
    }

    pub(super) fn literal(&mut self, byte: u8) -> Result<(), Malformed> {
        self.reserve(1)?;
        self.text.push(byte);
        self.origins.push(Origin::Start);
        Ok(())
    }

    /// Repeats `len` bytes from `distance` bytes back; the two may overlap.
    pub(super) fn copy(&mut self, len: usize, distance: usize) -> Result<(), Malformed> {
        self.reserve(len)?;
        let to = self.text.len();
        let from = to.checked_sub(distance).ok_or(Malformed::Stream)?;
        for place in from..from + len {
            self.text.push(self.text[place]);
        }
        self.origins.push(Origin::Start);
        let inside = if len <= SHORT_COPY { Origin::ShortCopy } else { Origin::LongCopy };
        self.origins.resize(to + len, inside);
        if self.would_be_found(from, to) { Ok(()) } else { Err(Malformed::NotCanonical) }
    }

    pub(super) fn into_text(self) -> Vec<u8> {
        self.text
    }

    fn reserve(&self, len: usize) -> Result<(), Malformed> {
        if self.text.len() + len > MAX_JSON_LEN { Err(Malformed::TooLarge) } else { Ok(()) }
    }

    /// Whether a compressor of this effort, searching back from `to`, would have met `from` first.
    fn would_be_found(&self, from: usize, to: usize) -> bool {
        let copied = &self.text[to..];
        let holds_the_same = |place: usize| self.text[place..].starts_with(copied);
        match self.effort {
            Effort::Default => !(from + 1..to).any(holds_the_same),
            // Which insides of short copies are remembered differs between builds, so only the starts decide.
            Effort::Fastest => {
                self.origins[from] != Origin::LongCopy
                    && !(from + 1..to)
                        .any(|place| self.origins[place] == Origin::Start && holds_the_same(place))
            }
        }
    }
}
