//! Passwords: argon2id, off the async threads, few at a time.

use std::sync::LazyLock;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use super::Refused;

/// Characters of a password at least.
pub(super) const SHORTEST: usize = 10;

/// Bytes of a password at most.
pub(super) const LONGEST: usize = 256;

/// Hashes under way at once. Each takes 19 MiB and some tens of milliseconds of a core, whoever asks.
const AT_ONCE: usize = 2;

/// How many may wait for that; more are refused.
const WAITING: usize = 32;

/// What is checked where there is no account of the name, so that the time tells nobody which names there are.
static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| hashed("nobody has this password"));

/// The work on passwords, bounded.
pub(super) struct Passwords {
    running: Semaphore,
    places: Semaphore,
}

impl Passwords {
    pub(super) fn new() -> Passwords {
        Passwords { running: Semaphore::new(AT_ONCE), places: Semaphore::new(AT_ONCE + WAITING) }
    }

    /// The hash under which a password is kept. Errors: its length, busy.
    pub(super) async fn hash(&self, password: String) -> Result<String, Refused> {
        check(&password)?;
        let hash = self.work(move || hashed(&password)).await?;
        hash.ok_or(Refused::Broken("the password could not be hashed"))
    }

    /// Whether a password belongs to a hash; `None`: it takes as long and it does not. Errors: busy.
    pub(super) async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, Refused> {
        if password.len() > LONGEST {
            return Ok(false);
        }
        self.work(move || {
            let known = hash.is_some();
            let Some(hash) = hash.or_else(|| NOBODY.clone()) else { return false };
            let same = PasswordHash::new(&hash)
                .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
            same && known
        })
        .await
    }

    async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refused> {
        let _place = self.places.try_acquire().map_err(|_| Refused::Busy)?;
        let _turn = self.running.acquire().await.map_err(|_| Refused::Busy)?;
        tokio::task::spawn_blocking(work).await.map_err(|_| Refused::Broken("hashing met a bug"))
    }
}

fn check(password: &str) -> Result<(), Refused> {
    if password.chars().count() < SHORTEST || password.len() > LONGEST {
        return Err(Refused::Invalid(format!(
            "a password has {SHORTEST} characters at least and {LONGEST} bytes at most"
        )));
    }
    Ok(())
}

fn hashed(password: &str) -> Option<String> {
    Some(Argon2::default().hash_password(password.as_bytes()).ok()?.to_string())
}
