//! Signs and verifies UserSig v2, the token that logs a user in.
//!
//! A token is made by the app's own back end, with the app's [`SecretKey`], and shown by the client when it logs in.
//! It is the base64 (in an alphabet of its own) of the zlib stream of a JSON object with the [`Claims`] and an
//! HMAC-SHA256 over them. Tokens of the published generators are accepted as they are.
//!
//! ```
//! use yidu_usersig::{Claims, Expected, SecretKey, VerifyError, sign, verify};
//!
//! let key: SecretKey = "0123456789abcdef".parse()?;
//! let claims =
//!     Claims { app_id: 1_400_000_000, user_id: "alice".into(), issued_at: 1_700_000_000, expires_in: 60, userbuf: None };
//! let sig = sign(&key, &claims);
//!
//! let expected = Expected { app_id: 1_400_000_000, user_id: "alice", now: 1_700_000_059 };
//! assert_eq!(verify(&key, &sig, &expected)?, claims);
//! let late = Expected { now: 1_700_000_060, ..expected };
//! assert_eq!(verify(&key, &sig, &late), Err(VerifyError::Expired { at: 1_700_000_060 }));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # A changed token does not verify
//!
//! The HMAC covers the claims but not the bytes that carry them, and base64, zlib and deflate each let the same text
//! be written in many ways. The decoder therefore accepts one way only wherever a change could hide:
//!
//! - base64 must be padded, with zero bits behind the last byte, in the alphabet `A-Z a-z 0-9 * -` with `_` as padding;
//! - the zlib header is one of the two that published generators write (default and fastest level), the unused bits
//!   before a byte boundary are zero, the checksum is right and nothing follows it;
//! - the code tables of the deflate stream are spelled with the longest repeats, as every compressor does;
//! - a copy inside that stream takes its bytes from where a compressor of that level would have found them. At
//!   the default level that is the nearest place that holds them: every zlib build searches backwards and goes further
//!   only for more bytes, so its tokens pass, while a copy bent to another place with the same bytes does not. The
//!   fastest level remembers fewer places, and the rule is about those;
//! - the JSON object has the known keys, each once.
//!
//! Nothing is compared with what one certain zlib build would have written, since builds differ in where they copy.

mod claims;
mod error;
mod inflate;
mod key;
mod token;
mod verify;

pub use claims::{Claims, sign};
pub use error::{Malformed, VerifyError};
pub use key::{EmptyKey, SecretKey};
pub use verify::{Expected, named, verify};

/// Longest token that is looked at, in bytes; a longer one is [`Malformed::TooLong`]. Usual tokens have 200 to 400.
pub const MAX_SIG_LEN: usize = 6 * 1024;

/// Longest JSON object inside a token, in bytes; decoding stops there, whatever the stream would still give.
pub const MAX_JSON_LEN: usize = 4 * 1024;
