//! Whether a token logs its bearer in.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::Mac;

use crate::claims::{Claims, Document, VERSION};
use crate::error::{Malformed, VerifyError};
use crate::key::SecretKey;
use crate::token;

/// Who the bearer of a token says to be, and when.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The app of the login; the key given beside it is this app's.
    pub app_id: u32,
    /// The user of the login.
    pub user_id: &'a str,
    /// Now, in unix seconds.
    pub now: u64,
}

/// Tells what a token says if it is genuine, for this app and user, and still good.
///
/// The first check that fails names the error: empty, readable, app, HMAC, user, time. The app comes before the HMAC
/// because a token of another app has another key and would never get as far; it tells the bearer nothing but what
/// stands in the token. A token from the future is accepted, since a back end's clock may be ahead. The HMAC is
/// compared in constant time.
pub fn verify(key: &SecretKey, sig: &str, expected: &Expected<'_>) -> Result<Claims, VerifyError> {
    if sig.is_empty() {
        return Err(VerifyError::Empty);
    }
    let document = read(sig)?;
    if document.app_id != expected.app_id {
        return Err(VerifyError::AppMismatch { in_sig: document.app_id, expected: expected.app_id });
    }
    let hmac = STANDARD.decode(&document.hmac).map_err(|_| Malformed::Json)?;
    document.mac(key).verify_slice(&hmac).map_err(|_| VerifyError::WrongKey)?;
    if document.user_id != expected.user_id {
        let expected = expected.user_id.to_owned();
        return Err(VerifyError::UserMismatch { in_sig: document.user_id, expected });
    }
    let claims = claims(document)?;
    let at = claims.expires_at();
    if expected.now < at { Ok(claims) } else { Err(VerifyError::Expired { at }) }
}

/// The app and the user that a token names, for finding the key to verify it with. Unverified: whoever made the token may
/// have written what they liked.
pub fn named(sig: &str) -> Result<(u32, String), VerifyError> {
    if sig.is_empty() {
        return Err(VerifyError::Empty);
    }
    let document = read(sig)?;
    Ok((document.app_id, document.user_id))
}

fn read(sig: &str) -> Result<Document, Malformed> {
    let json = token::unpack(sig)?;
    let document: Document = serde_json::from_slice(&json).map_err(|_| Malformed::Json)?;
    if document.version != VERSION {
        return Err(Malformed::Version);
    }
    if document.user_id.chars().any(char::is_control) {
        return Err(Malformed::UserId);
    }
    Ok(document)
}

fn claims(document: Document) -> Result<Claims, VerifyError> {
    let userbuf = document.userbuf.map(|text| STANDARD.decode(text)).transpose();
    let userbuf = userbuf.map_err(|_| Malformed::Json)?;
    let issued_at = document.issued_at;
    let Ok(expires_in) = u64::try_from(document.expires_in) else {
        let before = u64::try_from(document.expires_in.unsigned_abs()).unwrap_or(u64::MAX);
        return Err(VerifyError::Expired { at: issued_at.saturating_sub(before) });
    };
    Ok(Claims { app_id: document.app_id, user_id: document.user_id, issued_at, expires_in, userbuf })
}
