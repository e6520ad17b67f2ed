//! Why a token does not log its bearer in, with the numbers clients know.

/// Why a token was refused. No variant holds the token, its HMAC or the key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// There is no token.
    #[error("the UserSig is empty; sign one for this user and pass it at login")]
    Empty,
    /// The token cannot be read.
    #[error("the UserSig is malformed: {0}")]
    Malformed(#[from] Malformed),
    /// The token was made for another app.
    #[error("the UserSig was made for app {in_sig}, the login is for app {expected}")]
    AppMismatch {
        /// The app id that the token names.
        in_sig: u32,
        /// The app id of the login.
        expected: u32,
    },
    /// The HMAC is not that of the claims under this app's key.
    #[error(
        "the UserSig was signed with another key or changed afterwards; sign with the secret key of this app"
    )]
    WrongKey,
    /// The token was made for another user.
    #[error("the UserSig was made for user {in_sig:?}, the login is for user {expected:?}")]
    UserMismatch {
        /// The user id that the token names.
        in_sig: String,
        /// The user id of the login.
        expected: String,
    },
    /// The token was good once.
    #[error("the UserSig expired at {at} (unix seconds); sign a new one")]
    Expired {
        /// First second, in unix time, at which the token was no longer good.
        at: u64,
    },
}

impl VerifyError {
    /// The vendor's number for this refusal.
    ///
    /// The vendor has three numbers for a failed check: 70003 is given for a token that cannot be read (it is the one
    /// its documentation ties to truncated tokens), 70009 for a wrong HMAC, and 70005 never.
    pub fn code(&self) -> u32 {
        match self {
            Self::Empty => 70002,
            Self::Malformed(_) => 70003,
            Self::WrongKey => 70009,
            Self::UserMismatch { .. } => 70013,
            Self::AppMismatch { .. } => 70014,
            Self::Expired { .. } => 70001,
        }
    }
}

/// What is wrong with a token that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// The token is longer than [`MAX_SIG_LEN`](crate::MAX_SIG_LEN).
    #[error("it is longer than {max} bytes", max = crate::MAX_SIG_LEN)]
    TooLong,
    /// A character outside the alphabet, missing padding or bits behind the last byte.
    #[error("it is not base64 in the UserSig alphabet; was it cut short or escaped?")]
    Base64,
    /// A first pair of bytes that no published generator writes.
    #[error("it does not begin like a zlib stream of the default or the fastest level")]
    Header,
    /// The stream ends early, goes on after its end, or breaks the format.
    #[error("its zlib stream is damaged")]
    Stream,
    /// The stream is readable, but no compressor would have written it so.
    #[error("its zlib stream was changed after it was made")]
    NotCanonical,
    /// The stream gives more than [`MAX_JSON_LEN`](crate::MAX_JSON_LEN).
    #[error("it unpacks to more than {max} bytes", max = crate::MAX_JSON_LEN)]
    TooLarge,
    /// The text is not a JSON object of the known keys and types.
    #[error("it does not hold the JSON object of a UserSig")]
    Json,
    /// `TLS.ver` is not `2.0`.
    #[error("it is not of version 2.0")]
    Version,
    /// A user id with control characters could pass for further lines of the signed text.
    #[error("its user id holds control characters")]
    UserId,
}
