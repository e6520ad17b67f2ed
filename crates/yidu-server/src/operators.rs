//! Operators: who may sign in to the console, and what each may do.
//!
//! Accounts are a file of the data folder and not a noun of the store: they are of the machine and of no app, a handful that
//! changes a few times a year, and whoever has lost a password must get in with the folder alone. The file is replaced as a
//! whole, so that a crash leaves the old or the new one. Sessions are in memory.

use std::net::IpAddr;
use std::sync::Arc;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use utoipa::ToSchema;
use yidu_store::Millis;

mod backoff;
mod book;
mod password;
mod sessions;

use backoff::Backoff;
use book::{Account, Book};
use password::Passwords;
use sessions::Sessions;

use crate::clock::Clock;
use crate::files::Files;

/// Who holds the operator's token: no account has this name in the audit log, where accounts are `operator:<name>`.
pub(crate) const TOKEN_HOLDER: &str = "operator";

/// What an operator may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    /// Read everything but the accounts of operators.
    Viewer,
    /// Change everything but apps, keys, UserSigs and accounts of operators.
    Operator,
    /// Everything.
    Owner,
}

/// A session.
#[derive(Clone, Debug)]
pub(crate) struct SignedIn {
    pub(crate) name: String,
    pub(crate) role: Role,
    /// What requests that write must show besides the cookie.
    pub(crate) csrf: String,
    /// When it ends at the latest.
    pub(crate) expires: Millis,
}

/// An account as it is shown.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) created: Millis,
}

/// Why something was refused. Nothing was changed.
#[derive(Debug)]
pub(crate) enum Refused {
    /// Name, password or token are not good.
    Wrong,
    /// Too many failures: milliseconds to wait.
    Wait(Millis),
    /// Too many sign-ins at once.
    Busy,
    /// What is asked for is out of bounds.
    Invalid(String),
    /// There is no such operator.
    Unknown(String),
    /// There are owners already, so nobody is the first.
    SetUp,
    /// The server cannot.
    Broken(&'static str),
}

/// The operators of a server.
pub(crate) struct Operators {
    /// `None`: a server without a folder, on which nobody has an account.
    files: Option<Files>,
    token: Option<String>,
    clock: Arc<dyn Clock>,
    passwords: Passwords,
    state: Mutex<State>,
}

struct State {
    book: Book,
    sessions: Sessions,
    backoff: Backoff,
    /// Makes the first owner, once.
    setup: Option<String>,
}

impl Operators {
    /// Reads the accounts. Where there is none, there is a set-up token. `token`: the operator's.
    pub(crate) fn open(
        files: Option<Files>,
        token: Option<String>,
        clock: Arc<dyn Clock>,
    ) -> std::io::Result<Operators> {
        let book = files.as_ref().map(Book::read).transpose()?.unwrap_or_default();
        let setup = (files.is_some() && book.operators.is_empty()).then(secret);
        let state = State { book, sessions: Sessions::default(), backoff: Backoff::new(), setup };
        Ok(Operators { files, token, clock, passwords: Passwords::new(), state: Mutex::new(state) })
    }

    /// What makes the first owner; `None` where somebody is.
    pub(crate) fn setup_token(&self) -> Option<String> {
        self.state.lock().setup.clone()
    }

    /// Whether it is the operator's token, which opens everything.
    pub(crate) fn is_token(&self, given: &str) -> bool {
        self.token.as_ref().is_some_and(|token| same(token, given))
    }

    /// Makes the first owner, who is signed in. The token is worth nothing afterwards.
    pub(crate) async fn set_up(
        &self,
        token: &str,
        name: &str,
        password: String,
        from: Option<IpAddr>,
    ) -> Result<(SignedIn, String), Refused> {
        self.attempt("", from)?;
        let good = match &self.state.lock().setup {
            None => return Err(Refused::SetUp),
            Some(setup) => same(setup, token),
        };
        if !good {
            return Err(Refused::Wrong);
        }
        self.state.lock().backoff.succeeded("", from);
        let password = self.passwords.hash(password).await?;
        let now = self.clock.now();
        let mut state = self.state.lock();
        if state.setup.is_none() {
            return Err(Refused::SetUp);
        }
        self.change(&mut state, |book| {
            book.add(name, Account { role: Role::Owner, created_ms: now, password })
        })?;
        tracing::info!(operator = name, "the first owner was made");
        state.setup = None;
        Ok(state.sessions.open(name.to_owned(), Role::Owner, now))
    }

    /// Signs in with a password: the session and its secret.
    pub(crate) async fn sign_in(
        &self,
        name: &str,
        password: String,
        from: Option<IpAddr>,
    ) -> Result<(SignedIn, String), Refused> {
        let known: String = name.chars().take(64).collect();
        self.attempt(&known, from)?;
        let hash = self.state.lock().book.operators.get(name).map(|account| account.password.clone());
        if !self.passwords.verify(password, hash.clone()).await? {
            tracing::warn!(address = ?from, "a sign-in of an operator failed");
            return Err(Refused::Wrong);
        }
        let mut state = self.state.lock();
        // It may have been removed, or given another password, meanwhile.
        let account =
            state.book.operators.get(name).filter(|account| Some(&account.password) == hash.as_ref());
        let role = account.map(|account| account.role).ok_or(Refused::Wrong)?;
        state.backoff.succeeded(&known, from);
        tracing::info!(operator = name, "signed in");
        Ok(state.sessions.open(name.to_owned(), role, self.clock.now()))
    }

    /// Signs in with the operator's token.
    pub(crate) fn sign_in_with_token(
        &self,
        token: &str,
        from: Option<IpAddr>,
    ) -> Result<(SignedIn, String), Refused> {
        self.attempt("", from)?;
        if !self.is_token(token) {
            return Err(Refused::Wrong);
        }
        let mut state = self.state.lock();
        state.backoff.succeeded("", from);
        Ok(state.sessions.open(TOKEN_HOLDER.to_owned(), Role::Owner, self.clock.now()))
    }

    /// Whose session a secret is; `use_it`: a request of somebody, after which it is not idle.
    pub(crate) fn session(&self, token: &str, use_it: bool) -> Option<SignedIn> {
        self.state.lock().sessions.find(token, self.clock.now(), use_it)
    }

    /// Ends a session.
    pub(crate) fn sign_out(&self, token: &str) {
        self.state.lock().sessions.close(token);
    }

    /// All accounts, by name.
    pub(crate) fn list(&self) -> Vec<Listed> {
        let state = self.state.lock();
        let listed = |(name, account): (&String, &Account)| Listed {
            name: name.clone(),
            role: account.role,
            created: account.created_ms,
        };
        state.book.operators.iter().map(listed).collect()
    }

    /// Makes an account.
    pub(crate) async fn add(&self, name: &str, role: Role, password: String) -> Result<Listed, Refused> {
        let password = self.passwords.hash(password).await?;
        let created = self.clock.now();
        let mut state = self.state.lock();
        self.change(&mut state, |book| {
            book.add(name, Account { role, created_ms: created, password })?;
            book.keep_an_owner()
        })?;
        state.setup = None;
        Ok(Listed { name: name.to_owned(), role, created })
    }

    /// Changes role or password of an account, whose sessions end.
    pub(crate) async fn modify(
        &self,
        name: &str,
        role: Option<Role>,
        password: Option<String>,
    ) -> Result<Listed, Refused> {
        self.state.lock().book.account(name)?;
        let password = match password {
            Some(password) => Some(self.passwords.hash(password).await?),
            None => None,
        };
        let mut state = self.state.lock();
        let mut listed = None;
        self.change(&mut state, |book| {
            let account = book.account(name)?;
            account.role = role.unwrap_or(account.role);
            if let Some(password) = password {
                account.password = password;
            }
            listed = Some(Listed { name: name.to_owned(), role: account.role, created: account.created_ms });
            book.keep_an_owner()
        })?;
        state.sessions.close_all(name);
        listed.ok_or(Refused::Broken("the account is gone"))
    }

    /// Removes an account, whose sessions end.
    pub(crate) fn remove(&self, name: &str) -> Result<(), Refused> {
        let mut state = self.state.lock();
        self.change(&mut state, |book| {
            book.account(name)?;
            book.operators.remove(name);
            book.keep_an_owner()
        })?;
        state.sessions.close_all(name);
        Ok(())
    }

    /// A change counts once it is on disk; one that is refused changes nothing.
    fn change(
        &self,
        state: &mut State,
        change: impl FnOnce(&mut Book) -> Result<(), Refused>,
    ) -> Result<(), Refused> {
        let files = self.files.as_ref().ok_or(Refused::Broken("this server has no folder for accounts"))?;
        let mut book = state.book.clone();
        change(&mut book)?;
        book.write(files)?;
        state.book = book;
        Ok(())
    }

    /// Counts a try, unless it comes too early.
    fn attempt(&self, name: &str, from: Option<IpAddr>) -> Result<(), Refused> {
        let now = self.clock.now();
        let mut state = self.state.lock();
        match state.backoff.wait(name, from, now) {
            0 => state.backoff.tried(name, from, now),
            wait => return Err(Refused::Wait(wait)),
        }
        Ok(())
    }
}

/// 256 bits that cannot be guessed.
fn secret() -> String {
    let bytes: [u8; 32] = rand::random();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}
