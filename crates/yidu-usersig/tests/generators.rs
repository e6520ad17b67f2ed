//! Tokens of the published generators, and of their algorithm over other zlib builds, are accepted as they are.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test reports by panicking")]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use yidu_usersig::{Claims, Expected, Malformed, SecretKey, VerifyError, sign, verify};

const APP: u32 = 1_400_000_000;
const TOKENS: &str = include_str!("fixtures/tokens.tsv");

fn key() -> SecretKey {
    "0123456789abcdef".repeat(4).parse().unwrap()
}

/// (who made it, what it says, token) per line of the fixture.
fn tokens() -> Vec<(&'static str, Claims, &'static str)> {
    let lines = TOKENS.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let [maker, user, issued_at, expires_in, userbuf, token] = fields[..] else { panic!("{line}") };
            let claims = Claims {
                app_id: APP,
                user_id: user.to_owned(),
                issued_at: issued_at.parse().unwrap(),
                expires_in: expires_in.parse().unwrap(),
                userbuf: (userbuf != "-").then(|| STANDARD.decode(userbuf).unwrap()),
            };
            (maker, claims, token)
        })
        .collect()
}

#[test]
fn every_generator_logs_its_users_in() {
    let tokens = tokens();
    assert_eq!(tokens.len(), 43);
    for (maker, claims, token) in tokens {
        let expected = Expected { app_id: APP, user_id: &claims.user_id, now: claims.issued_at };
        assert_eq!(verify(&key(), token, &expected).as_ref(), Ok(&claims), "{maker}: {token}");
    }
}

/// Every other character in every place of a token per maker, with those of plain base64 and some noise among them.
#[test]
fn no_token_with_one_character_changed_is_accepted() {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789*-_+/=., \n\0%";
    let mut tokens = tokens();
    tokens.dedup_by_key(|(maker, ..)| *maker);
    for (maker, claims, token) in tokens {
        let expected = Expected { app_id: APP, user_id: &claims.user_id, now: claims.issued_at };
        for (at, was) in token.char_indices() {
            for other in alphabet.chars().filter(|other| *other != was) {
                let changed = format!("{}{other}{}", &token[..at], &token[at + 1..]);
                let verdict = verify(&key(), &changed, &expected);
                assert!(verdict.is_err(), "{maker}: {was} became {other} at {at} of {token}");
            }
        }
    }
}

#[test]
fn no_token_that_is_cut_or_lengthened_is_accepted() {
    for (maker, claims, token) in tokens() {
        let expected = Expected { app_id: APP, user_id: &claims.user_id, now: claims.issued_at };
        for len in 1..token.len() {
            let verdict = verify(&key(), &token[..len], &expected);
            assert_eq!(verdict.map_err(|error| error.code()), Err(70003), "{maker}: {len} of {token}");
        }
        for more in ["_", "=", "A", "AAAA", "\n", token] {
            assert!(verify(&key(), &format!("{token}{more}"), &expected).is_err(), "{maker}: {more}");
        }
    }
}

/// The level in the header is informative only, and a common decoder reads the stream under any of them.
#[test]
fn another_level_in_the_header_is_refused() {
    let claims = Claims { app_id: APP, user_id: "alice".into(), issued_at: 0, expires_in: 60, userbuf: None };
    let token = sign(&key(), &claims);
    assert!(token.starts_with("eJ"), "{token}");
    let expected = Expected { app_id: APP, user_id: "alice", now: 0 };
    for level in [0x01_u8, 0x5e, 0xda] {
        let body = STANDARD.decode(token.replace('*', "+").replace('-', "/").replace('_', "=")).unwrap();
        let relabelled = STANDARD.encode([&[0x78, level], &body[2..]].concat());
        let relabelled = relabelled.replace('+', "*").replace('/', "-").replace('=', "_");
        let refused = verify(&key(), &relabelled, &expected);
        assert!(matches!(refused, Err(VerifyError::Malformed(_))), "{level:x}: {refused:?}");
    }
}

/// A token whose code tables can be spelled in another way by changing one character, as about one in thirty can.
#[test]
fn another_spelling_of_the_code_tables_is_refused() {
    let token = "eJw9jVELgjAURv*K7DlsC3UR9CpavcSKYG-Cll5MnXczlOi-p6Xdx3MO332Ry0n4T41k55GNT8nK*xJQunZwh5-IVAU1WIeZa3BJ\
                 rCozY0CNAQvofLPTvQHUo9lGwR86qCbE*BQyGobLEOTTE9d2cdramzmmxUPI4oycR4jyehjkwNum7DuerONEIN2T9wdpBjZj";
    let expected = Expected { app_id: APP, user_id: "administrator", now: 1_700_001_055 };
    assert!(verify(&key(), token, &expected).is_ok());
    assert_eq!(&token[28..29], "v");
    let changed = format!("{}A{}", &token[..28], &token[29..]);
    assert_eq!(verify(&key(), &changed, &expected), Err(Malformed::NotCanonical.into()));
}
