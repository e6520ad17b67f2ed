//! One file of the pages: its forms, and which of them an answer carries.

use std::borrow::Cow;
use std::io::Write;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use rust_embed::EmbeddedFile;
use tokio::sync::OnceCell;

/// Bytes below which compressing saves less than its headers cost.
const SMALL: usize = 512;

/// Brotli: quality and window. Two steps below the best costs a tenth of its time and a few bytes in a hundred.
const BROTLI: (u32, u32) = (9, 22);

/// How the bytes of an answer are coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coding {
    Brotli,
    Gzip,
    Identity,
}

/// A file in the forms in which it is served.
pub(super) struct Asset {
    plain: Bytes,
    kind: String,
    /// The beginning of the entity tags: the digest of the file.
    tag: String,
    /// Made when a browser first asks: starting a server stays quick, and one that serves no pages does no work.
    packed: OnceCell<Packed>,
}

/// `None`: not worth it.
struct Packed {
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

impl Asset {
    pub(super) fn new(file: EmbeddedFile) -> Asset {
        let digest = file.metadata.sha256_hash();
        let kind = match file.metadata.mimetype() {
            text if text.starts_with("text/") => format!("{text}; charset=utf-8"),
            other => other.to_owned(),
        };
        Asset {
            plain: match file.data {
                Cow::Borrowed(data) => Bytes::from_static(data),
                Cow::Owned(data) => data.into(),
            },
            kind,
            tag: digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect(),
            packed: OnceCell::new(),
        }
    }

    /// The file, or 304 where the browser has it. The tag is strong: every form has its own.
    pub(super) async fn respond(&self, asked: &HeaderMap) -> Response {
        let packed = self.packed.get_or_init(|| self.pack()).await;
        let (coding, body) = match accepted(asked) {
            Coding::Brotli if packed.brotli.is_some() => (Coding::Brotli, &packed.brotli),
            Coding::Brotli | Coding::Gzip if packed.gzip.is_some() && takes(asked, "gzip") => {
                (Coding::Gzip, &packed.gzip)
            }
            Coding::Brotli | Coding::Gzip | Coding::Identity => (Coding::Identity, &None),
        };
        let suffix = match coding {
            Coding::Brotli => "-br",
            Coding::Gzip => "-gz",
            Coding::Identity => "",
        };
        let tag = format!("\"{}{suffix}\"", self.tag);
        let body = body.as_ref().unwrap_or(&self.plain).clone();
        let mut response =
            if has(asked, &tag) { StatusCode::NOT_MODIFIED.into_response() } else { body.into_response() };
        let headers = response.headers_mut();
        let value = |text: &str| HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("invalid"));
        headers.insert(header::ETAG, value(&tag));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        headers.insert(header::CONTENT_TYPE, value(&self.kind));
        match coding {
            Coding::Brotli => drop(headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"))),
            Coding::Gzip => drop(headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"))),
            Coding::Identity => {}
        }
        response
    }

    async fn pack(&self) -> Packed {
        let plain = self.plain.clone();
        let packing = tokio::task::spawn_blocking(move || {
            let shorter = |packed: std::io::Result<Vec<u8>>| {
                packed.ok().filter(|packed| packed.len() < plain.len()).map(Bytes::from)
            };
            if plain.len() < SMALL {
                return Packed { brotli: None, gzip: None };
            }
            Packed { brotli: shorter(brotli(&plain)), gzip: shorter(gzip(&plain)) }
        });
        packing.await.unwrap_or(Packed { brotli: None, gzip: None })
    }
}

fn brotli(plain: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut packed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut packed, 4_096, BROTLI.0, BROTLI.1);
    writer.write_all(plain)?;
    writer.flush()?;
    drop(writer);
    Ok(packed)
}

fn gzip(plain: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(plain)?;
    writer.finish()
}

/// The best form that the browser takes.
fn accepted(asked: &HeaderMap) -> Coding {
    if takes(asked, "br") {
        Coding::Brotli
    } else if takes(asked, "gzip") {
        Coding::Gzip
    } else {
        Coding::Identity
    }
}

/// Whether `Accept-Encoding` names a coding and does not refuse it with `q=0`.
fn takes(asked: &HeaderMap, coding: &str) -> bool {
    let refused = |weight: &str| {
        weight.trim().strip_prefix("q=").and_then(|q| q.trim().parse::<f32>().ok()).is_some_and(|q| q <= 0.0)
    };
    listed(asked, header::ACCEPT_ENCODING).any(|item| {
        let mut parts = item.split(';');
        parts.next().is_some_and(|name| name.trim().eq_ignore_ascii_case(coding)) && !parts.any(refused)
    })
}

/// Whether `If-None-Match` names the tag.
fn has(asked: &HeaderMap, tag: &str) -> bool {
    listed(asked, header::IF_NONE_MATCH).any(|known| known == "*" || known.trim_start_matches("W/") == tag)
}

/// The items of a header that is a list.
fn listed(headers: &HeaderMap, name: header::HeaderName) -> impl Iterator<Item = &str> {
    headers
        .get_all(name)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|v| v.split(','))
        .map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(encoding: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(encoding))])
    }

    #[test]
    fn the_best_form_that_is_not_refused_is_taken() {
        for (encoding, form) in [
            ("gzip, deflate, br, zstd", Coding::Brotli),
            ("gzip;q=1.0, br;q=0", Coding::Gzip),
            ("GZIP", Coding::Gzip),
            ("bro, x-gzip", Coding::Identity),
            ("br; q=0.0 , gzip; q=0", Coding::Identity),
            ("", Coding::Identity),
        ] {
            assert_eq!(accepted(&asked(encoding)), form, "{encoding}");
        }
    }

    #[test]
    fn packing_loses_nothing() {
        use std::io::Read;
        let plain = b"who has read, and who has not; ".repeat(1_000);
        let mut back = Vec::new();
        brotli::Decompressor::new(brotli(&plain).unwrap().as_slice(), 4_096).read_to_end(&mut back).unwrap();
        assert_eq!(back, plain);
        back.clear();
        flate2::read::GzDecoder::new(gzip(&plain).unwrap().as_slice()).read_to_end(&mut back).unwrap();
        assert_eq!(back, plain);
    }
}
