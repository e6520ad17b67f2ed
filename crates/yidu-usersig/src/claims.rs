//! What a token says, and how it is signed.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::key::SecretKey;
use crate::token;

/// The version in every token.
pub(crate) const VERSION: &str = "2.0";

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// The app (SDKAppID) whose user this is.
    pub app_id: u32,
    /// The user who may log in.
    pub user_id: String,
    /// When the token was made, in unix seconds.
    pub issued_at: u64,
    /// For how many seconds from then it is good.
    pub expires_in: u64,
    /// Permissions of the vendor's audio and video rooms (PrivateMapKey): covered by the signature, unused by Yidu.
    pub userbuf: Option<Vec<u8>>,
}

impl Claims {
    /// First unix second at which the token is no longer good.
    pub fn expires_at(&self) -> u64 {
        self.issued_at.saturating_add(self.expires_in)
    }
}

/// Makes the token for these claims.
///
/// The same claims give the same token. One whose user id holds control characters or some thousand bytes is made,
/// but [`verify`](crate::verify) refuses it.
pub fn sign(key: &SecretKey, claims: &Claims) -> String {
    let mut document = Document {
        version: VERSION.to_owned(),
        user_id: claims.user_id.clone(),
        app_id: claims.app_id,
        expires_in: claims.expires_in.into(),
        issued_at: claims.issued_at,
        userbuf: claims.userbuf.as_ref().map(|bytes| STANDARD.encode(bytes)),
        hmac: String::new(),
    };
    document.hmac = STANDARD.encode(document.mac(key).finalize().into_bytes());
    token::pack(&serde_json::to_vec(&document).expect("strings and numbers have a JSON form"))
}

/// The JSON object inside a token.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Document {
    #[serde(rename = "TLS.ver")]
    pub(crate) version: String,
    #[serde(rename = "TLS.identifier")]
    pub(crate) user_id: String,
    #[serde(rename = "TLS.sdkappid")]
    pub(crate) app_id: u32,
    /// The generators take a negative lifetime and sign it; such a token is expired rather than malformed.
    #[serde(rename = "TLS.expire")]
    pub(crate) expires_in: i128,
    #[serde(rename = "TLS.time")]
    pub(crate) issued_at: u64,
    #[serde(rename = "TLS.userbuf", skip_serializing_if = "Option::is_none")]
    pub(crate) userbuf: Option<String>,
    #[serde(rename = "TLS.sig")]
    pub(crate) hmac: String,
}

impl Document {
    /// The HMAC over the lines that a token is signed with, in their fixed order.
    pub(crate) fn mac(&self, key: &SecretKey) -> Hmac<Sha256> {
        let mut text = format!(
            "TLS.identifier:{}\nTLS.sdkappid:{}\nTLS.time:{}\nTLS.expire:{}\n",
            self.user_id, self.app_id, self.issued_at, self.expires_in
        );
        if let Some(userbuf) = &self.userbuf {
            text += &format!("TLS.userbuf:{userbuf}\n");
        }
        let mac = Hmac::<Sha256>::new_from_slice(key.as_str().as_bytes());
        mac.expect("an HMAC key may have any length").chain_update(text)
    }
}
