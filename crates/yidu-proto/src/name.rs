//! What a user id, a group id, a device id may look like.

use crate::limits;

/// An id that cannot be one. The text says why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidName {
    /// It has no characters.
    #[error("it is empty")]
    Empty,
    /// It is longer than the limit.
    #[error("it is longer than {0} bytes")]
    TooLong(usize),
    /// It has a character that it may not have.
    #[error("it has a character that is not allowed")]
    Character,
    /// It begins with the prefix of ids that the server makes.
    #[error("ids that begin with @TGS# are made by the server")]
    Reserved,
}

/// A user id: 1 to 32 bytes of UTF-8 without control characters.
///
/// # Errors
/// What is wrong with it.
pub fn check_user_id(id: &str) -> Result<(), InvalidName> {
    check(id, limits::USER_ID_BYTES, |c| !c.is_control())
}

/// A group id that a user chose: 1 to 48 bytes of printable ASCII, not beginning with `@TGS#`.
///
/// # Errors
/// What is wrong with it.
pub fn check_group_id(id: &str) -> Result<(), InvalidName> {
    check(id, limits::GROUP_ID_BYTES, |c| c.is_ascii_graphic() || c == ' ')?;
    if id.starts_with("@TGS#") { Err(InvalidName::Reserved) } else { Ok(()) }
}

/// A device id: at most 64 bytes of printable ASCII; may be empty.
///
/// # Errors
/// What is wrong with it.
pub fn check_device_id(id: &str) -> Result<(), InvalidName> {
    if id.is_empty() {
        Ok(())
    } else {
        check(id, limits::DEVICE_ID_BYTES, |c| c.is_ascii_graphic() || c == ' ')
    }
}

fn check(id: &str, bytes: usize, allowed: impl Fn(char) -> bool) -> Result<(), InvalidName> {
    if id.is_empty() {
        Err(InvalidName::Empty)
    } else if id.len() > bytes {
        Err(InvalidName::TooLong(bytes))
    } else if !id.chars().all(allowed) {
        Err(InvalidName::Character)
    } else {
        Ok(())
    }
}
