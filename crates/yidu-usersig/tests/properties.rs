//! What is signed verifies, what is changed does not, for any key and user.

#![allow(clippy::unwrap_used, reason = "a test reports by panicking")]

use proptest::prelude::*;
use yidu_usersig::{Claims, Expected, SecretKey, sign, verify};

/// Keys of the console's form and others; user ids in the vendor's alphabet, in Chinese, and in anything printable.
fn key() -> impl Strategy<Value = SecretKey> {
    "[0-9a-f]{64}|\\PC{1,40}".prop_map(|key| SecretKey::new(key).unwrap())
}

fn claims() -> impl Strategy<Value = Claims> {
    let user_id = "[A-Za-z0-9_-]{1,32}|[\u{4e00}-\u{9fa5}]{1,16}|\\PC{1,64}";
    let userbuf = prop::option::weighted(0.2, prop::collection::vec(any::<u8>(), 0..60));
    let issued_at = prop_oneof![1_600_000_000_u64..2_000_000_000, any::<u64>()];
    let expires_in = prop_oneof![1_u64..20_000_000, any::<u64>()];
    (any::<u32>(), user_id, issued_at, expires_in, userbuf).prop_map(
        |(app_id, user_id, issued_at, expires_in, userbuf)| Claims {
            app_id,
            user_id,
            issued_at,
            expires_in,
            userbuf,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_signed_verifies_until_it_expires(key in key(), claims in claims(), elapsed in any::<u64>()) {
        let now = claims.issued_at.saturating_add(elapsed % claims.expires_in.max(1).saturating_mul(2));
        let expected = Expected { app_id: claims.app_id, user_id: &claims.user_id, now };
        let verdict = verify(&key, &sign(&key, &claims), &expected);
        if now < claims.expires_at() {
            prop_assert_eq!(verdict, Ok(claims));
        } else {
            prop_assert_eq!(verdict.map_err(|error| error.code()), Err(70001));
        }
    }

    #[test]
    fn any_changed_byte_is_refused(
        key in key(), claims in claims(), at in any::<prop::sample::Index>(), other in "[A-Za-z0-9*_-]|\\PC",
    ) {
        let token = sign(&key, &claims);
        let at = at.index(token.len());
        let expected = Expected { app_id: claims.app_id, user_id: &claims.user_id, now: 0 };
        if token[at..=at] != other {
            let changed = format!("{}{other}{}", &token[..at], &token[at + 1..]);
            let code = verify(&key, &changed, &expected).map_err(|error| error.code());
            prop_assert!(matches!(code, Err(70003 | 70009 | 70014)), "{:?} for {}", code, changed);
        }
    }

    #[test]
    fn another_key_never_verifies(key in key(), other in key(), claims in claims()) {
        prop_assume!(key.as_str() != other.as_str());
        let expected = Expected { app_id: claims.app_id, user_id: &claims.user_id, now: 0 };
        let verdict = verify(&other, &sign(&key, &claims), &expected);
        prop_assert_eq!(verdict.map_err(|error| error.code()), Err(70009));
    }

    #[test]
    fn no_input_panics(key in key(), input in "[A-Za-z0-9*_-]{0,200}|\\PC{0,200}") {
        let expected = Expected { app_id: 1, user_id: "alice", now: 0 };
        prop_assert!(verify(&key, &input, &expected).is_err());
    }
}
