//! Between the text of a token and the JSON inside.

use std::io::Write;

use base64::Engine;
use base64::alphabet::{Alphabet, Symbol};
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};
use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::error::Malformed;
use crate::{MAX_SIG_LEN, inflate};

/// Standard base64 with `*`, `-` and `_` in the places of `+`, `/` and `=`; not the URL-safe alphabet of RFC 4648.
///
/// The default configuration refuses missing padding and bits behind the last byte.
static USERSIG_BASE64: GeneralPurpose = {
    let padding = Symbol::new(b'_').expect("an underscore is printable ASCII");
    let symbols = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789*-";
    match Alphabet::new_with_padding(symbols, padding) {
        Ok(alphabet) => GeneralPurpose::new(&alphabet, GeneralPurposeConfig::new()),
        // Evaluated at compile time: a wrong alphabet does not build.
        Err(_) => unreachable!(),
    }
};

/// Compresses and encodes the JSON of a token.
pub(crate) fn pack(json: &[u8]) -> String {
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
    let bytes = zlib.write_all(json).and_then(|()| zlib.finish());
    USERSIG_BASE64.encode(bytes.expect("writing to memory does not fail"))
}

/// Decodes and unpacks a token; time and memory are bounded by [`MAX_SIG_LEN`] and `MAX_JSON_LEN`.
pub(crate) fn unpack(sig: &str) -> Result<Vec<u8>, Malformed> {
    if sig.len() > MAX_SIG_LEN {
        return Err(Malformed::TooLong);
    }
    let bytes = USERSIG_BASE64.decode(sig).map_err(|_| Malformed::Base64)?;
    inflate::unpack(&bytes)
}
