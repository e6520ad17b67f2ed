//! Who is signed in. In memory: a restart signs everybody out.

use std::collections::HashMap;

use sha2::{Digest, Sha256};
use yidu_store::Millis;

use super::{Role, SignedIn, secret};

/// A session ends so long after signing in, whatever happens.
const LONGEST: Millis = 12 * 60 * 60 * 1_000;

/// A session ends so long after its last request.
const IDLE: Millis = 30 * 60 * 1_000;

/// Sessions at once; beyond that the one that was idle longest ends.
const MOST: usize = 1_000;

/// What a session is found by: of its secret only the digest is kept, and looking it up tells nothing of the secret.
type Key = [u8; 32];

struct Session {
    signed_in: SignedIn,
    used: Millis,
}

/// The sessions.
#[derive(Default)]
pub(super) struct Sessions(HashMap<Key, Session>);

impl Sessions {
    /// A new session and its secret.
    pub(super) fn open(&mut self, name: String, role: Role, now: Millis) -> (SignedIn, String) {
        self.0.retain(|_, session| is_alive(session, now));
        if self.0.len() >= MOST
            && let Some(idlest) = self.0.iter().min_by_key(|(_, session)| session.used).map(|(key, _)| *key)
        {
            self.0.remove(&idlest);
        }
        let signed_in = SignedIn { name, role, csrf: secret(), expires: now.saturating_add(LONGEST) };
        let token = secret();
        self.0.insert(key(&token), Session { signed_in: signed_in.clone(), used: now });
        (signed_in, token)
    }

    /// Whose session it is; `use_it`: a request of somebody, after which it is not idle.
    pub(super) fn find(&mut self, token: &str, now: Millis, use_it: bool) -> Option<SignedIn> {
        let key = key(token);
        let session = self.0.get_mut(&key)?;
        if !is_alive(session, now) {
            self.0.remove(&key);
            return None;
        }
        if use_it {
            session.used = now;
        }
        Some(session.signed_in.clone())
    }

    pub(super) fn close(&mut self, token: &str) {
        self.0.remove(&key(token));
    }

    /// Ends all sessions of an operator.
    pub(super) fn close_all(&mut self, name: &str) {
        self.0.retain(|_, session| session.signed_in.name != name);
    }
}

fn key(token: &str) -> Key {
    Sha256::digest(token.as_bytes()).into()
}

fn is_alive(session: &Session, now: Millis) -> bool {
    now < session.signed_in.expires && now < session.used.saturating_add(IDLE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_when_it_is_idle_and_after_twelve_hours() {
        let mut sessions = Sessions::default();
        let (_, idle) = sessions.open("a".to_owned(), Role::Viewer, 0);
        assert!(sessions.find(&idle, IDLE - 1, false).is_some(), "looking is not using");
        assert!(sessions.find(&idle, IDLE, true).is_none());
        let (_, busy) = sessions.open("a".to_owned(), Role::Viewer, 0);
        for now in (0..LONGEST).step_by(60_000) {
            assert!(sessions.find(&busy, now, true).is_some(), "{now}");
        }
        assert!(sessions.find(&busy, LONGEST, true).is_none());
        assert!(sessions.0.is_empty());
    }

    #[test]
    fn sessions_are_bounded_and_the_idlest_gives_way() {
        let mut sessions = Sessions::default();
        let (_, first) = sessions.open("a".to_owned(), Role::Viewer, 0);
        let (_, second) = sessions.open("a".to_owned(), Role::Viewer, 1);
        sessions.find(&first, 2, true);
        for _ in 0..MOST - 1 {
            sessions.open("b".to_owned(), Role::Viewer, 3);
        }
        assert_eq!(sessions.0.len(), MOST);
        assert!(sessions.find(&second, 4, false).is_none() && sessions.find(&first, 4, false).is_some());
    }
}
