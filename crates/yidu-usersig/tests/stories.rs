//! A login with a token, told case by case.

#![allow(clippy::unwrap_used, reason = "a test reports by panicking")]

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use yidu_usersig::{
    Claims, EmptyKey, Expected, MAX_SIG_LEN, Malformed, SecretKey, VerifyError, sign, verify,
};

const APP: u32 = 1_400_000_000;
const NOON: u64 = 1_700_000_000;
const LINES: &str = "TLS.identifier:alice\nTLS.sdkappid:1400000000\nTLS.time:1700000000\nTLS.expire:86400\n";
const LINES_HMAC: &str = "C78cR74h3kkb5ZIN2XIXoqDT14tpVlkxMQ2brG+aA0c=";

fn key() -> SecretKey {
    "0123456789abcdef".repeat(4).parse().unwrap()
}

fn alice() -> Claims {
    Claims { app_id: APP, user_id: "alice".into(), issued_at: NOON, expires_in: 86_400, userbuf: None }
}

fn alice_at(now: u64) -> Expected<'static> {
    Expected { app_id: APP, user_id: "alice", now }
}

fn hmac(text: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(key().as_str().as_bytes()).unwrap();
    STANDARD.encode(mac.chain_update(text).finalize().into_bytes())
}

/// A token around any text, as another generator would pack it.
fn packed(text: &[u8]) -> String {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).unwrap();
    STANDARD.encode(encoder.finish().unwrap()).replace('+', "*").replace('/', "-").replace('=', "_")
}

fn refused(text: &str) -> VerifyError {
    verify(&key(), &packed(text.as_bytes()), &alice_at(NOON)).unwrap_err()
}

/// Alice's token with the published HMAC, its fields spaced as Python does, one of them replaced.
fn spaced(replaced: &str, by: &str) -> String {
    let json = format!(
        r#"{{"TLS.ver": "2.0", "TLS.identifier": "alice", "TLS.sdkappid": 1400000000, "TLS.expire": 86400, "TLS.time": 1700000000, "TLS.sig": "{LINES_HMAC}"}}"#
    );
    assert!(json.contains(replaced), "{replaced}");
    json.replace(replaced, by)
}

#[test]
fn the_published_vector_has_the_published_hmac() {
    assert_eq!(hmac(LINES), LINES_HMAC);
    let token = packed(spaced("", "").as_bytes());
    assert_eq!(verify(&key(), &token, &alice_at(NOON)), Ok(alice()));
}

#[test]
fn a_token_is_good_up_to_its_last_second() {
    let token = sign(&key(), &alice());
    assert_eq!(verify(&key(), &token, &alice_at(NOON - 3_600)), Ok(alice()), "the back end's clock is ahead");
    assert_eq!(verify(&key(), &token, &alice_at(NOON + 86_399)), Ok(alice()));
    let expired = VerifyError::Expired { at: NOON + 86_400 };
    assert_eq!(verify(&key(), &token, &alice_at(NOON + 86_400)), Err(expired.clone()));
    assert_eq!(expired.code(), 70001);
}

#[test]
fn a_token_signed_for_ever_does_not_overflow() {
    let claims = Claims { expires_in: u64::MAX, ..alice() };
    assert_eq!(verify(&key(), &sign(&key(), &claims), &alice_at(u64::MAX - 1)), Ok(claims));
}

/// Generators sign whatever lifetime they are given.
#[test]
fn a_negative_lifetime_has_expired() {
    let text = LINES.replace("86400", "-60");
    let json = spaced("86400", "-60").replace(LINES_HMAC, &hmac(&text));
    assert_eq!(refused(&json), VerifyError::Expired { at: NOON - 60 });
}

#[test]
fn no_token_at_all_has_its_own_number() {
    assert_eq!(verify(&key(), "", &alice_at(NOON)).unwrap_err().code(), 70002);
}

#[test]
fn a_token_of_another_user_or_app_or_key_is_told_apart() {
    let bob = sign(&key(), &Claims { user_id: "bob".into(), ..alice() });
    let error = verify(&key(), &bob, &alice_at(NOON)).unwrap_err();
    assert_eq!(error, VerifyError::UserMismatch { in_sig: "bob".into(), expected: "alice".into() });
    assert_eq!(error.code(), 70013);

    let elsewhere = SecretKey::new("the key of another app").unwrap();
    let token = sign(&elsewhere, &Claims { app_id: 7, ..alice() });
    let error = verify(&key(), &token, &alice_at(NOON)).unwrap_err();
    assert_eq!(error, VerifyError::AppMismatch { in_sig: 7, expected: APP });
    assert_eq!(error.code(), 70014);

    let error = verify(&key(), &sign(&elsewhere, &alice()), &alice_at(NOON)).unwrap_err();
    assert_eq!((&error, error.code()), (&VerifyError::WrongKey, 70009));
}

/// Every field but the version stands under the HMAC.
#[test]
fn a_changed_claim_is_not_believed() {
    let changes = [
        ("86400", "864000"),
        ("1700000000", "1700000001"),
        ("\"alice\"", "\"alicf\""),
        ("1400000000", "1400000001"),
        ("\"TLS.sig\"", "\"TLS.userbuf\": \"\", \"TLS.sig\""),
        (LINES_HMAC, "AAAA"),
        (LINES_HMAC, ""),
    ];
    for (was, is) in changes {
        let token = packed(spaced(was, is).as_bytes());
        let who = if is.contains("alicf") { "alicf" } else { "alice" };
        let app_id = if is.ends_with("400000001") { APP + 1 } else { APP };
        let verdict = verify(&key(), &token, &Expected { app_id, user_id: who, now: NOON });
        assert_eq!(verdict, Err(VerifyError::WrongKey), "{was} became {is}");
    }
}

#[test]
fn json_that_is_not_quite_a_usersig_is_malformed() {
    let changes = [
        ("\"2.0\"", "\"1.0\"", Malformed::Version),
        ("1400000000", "\"1400000000\"", Malformed::Json),
        ("1400000000", "5000000000", Malformed::Json),
        ("86400", "86400.0", Malformed::Json),
        ("1700000000", "-1", Malformed::Json),
        ("\"TLS.expire\"", "\"TLS.extra\": 1, \"TLS.expire\"", Malformed::Json),
        ("\"TLS.expire\"", "\"TLS.time\": 1, \"TLS.expire\"", Malformed::Json),
        ("\"TLS.expire\"", "\"TLS.EXPIRE\"", Malformed::Json),
        (LINES_HMAC, "not base64", Malformed::Json),
        ("}", "} {}", Malformed::Json),
        ("alice", "alice\\nTLS.sdkappid:1", Malformed::UserId),
    ];
    for (was, is, expected) in changes {
        assert_eq!(refused(&spaced(was, is)), VerifyError::Malformed(expected), "{was} became {is}");
    }
}

#[test]
fn a_stream_that_unpacks_to_gigabytes_costs_little() {
    let bomb = packed(&vec![b' '; 4 << 20]);
    assert!(bomb.len() < MAX_SIG_LEN, "{} bytes are a fair trial", bomb.len());
    assert_eq!(verify(&key(), &bomb, &alice_at(NOON)), Err(Malformed::TooLarge.into()));
    let long = "A".repeat(MAX_SIG_LEN + 4);
    assert_eq!(verify(&key(), &long, &alice_at(NOON)), Err(Malformed::TooLong.into()));
}

#[test]
fn the_secret_shows_nowhere() {
    let secret = SecretKey::new("hush-hush").unwrap();
    assert_eq!(format!("{secret:?}"), "SecretKey(redacted)");
    assert_eq!(secret.as_str(), "hush-hush");
    assert_eq!(SecretKey::new("").unwrap_err(), EmptyKey);

    let token = sign(&secret, &alice());
    let error = verify(&key(), &token, &alice_at(NOON)).unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains("hush") && !shown.contains(&token), "{shown}");
}
