//! The secret of an app.

use std::fmt;
use std::str::FromStr;

/// The secret of an app, with which its back end signs and Yidu verifies.
///
/// The HMAC key is this string as it stands, in UTF-8: the console shows 64 hexadecimal digits, which are not decoded.
/// `Debug` shows no part of it, and there is no `Display`.
#[derive(Clone)]
pub struct SecretKey(String);

/// A secret key of no characters, with which everybody could sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the secret key is empty; take the one that was shown when the app was made")]
pub struct EmptyKey;

impl SecretKey {
    /// Takes any string but the empty one.
    pub fn new(key: impl Into<String>) -> Result<Self, EmptyKey> {
        let key = key.into();
        if key.is_empty() { Err(EmptyKey) } else { Ok(Self(key)) }
    }

    /// The secret itself, for storage. It belongs in no log.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SecretKey {
    type Err = EmptyKey;

    fn from_str(key: &str) -> Result<Self, EmptyKey> {
        Self::new(key)
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(redacted)")
    }
}
