//! The store's own numbers.

/// A tenant: the SDKAppID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AppId(pub u32);

/// The internal number of an account, unique over all apps and never given again. The first is [`Tinyid::FIRST`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tinyid(pub u64);

/// The internal number of a conversation, unique over all apps and never given again. The first is 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConversationId(pub u64);

impl Tinyid {
    /// 2^57 + 1: the vendor's numbers begin there, and clients have been seen to look at the digits.
    pub const FIRST: Tinyid = Tinyid((1 << 57) + 1);
}
