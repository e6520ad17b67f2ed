//! Who may sign in to the console: a file of the data folder, replaced as a whole.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use yidu_store::Millis;

use super::{Refused, Role, TOKEN_HOLDER};
use crate::files::Files;

/// Accounts at most.
const MOST: usize = 1_000;

/// Bytes of a name at most.
const NAME: usize = 64;

/// An account of the console.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Account {
    pub(super) role: Role,
    pub(super) created_ms: Millis,
    /// In the string form of PHC: algorithm, costs, salt and hash.
    pub(super) password: String,
}

/// All accounts, by name.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Book {
    pub(super) operators: BTreeMap<String, Account>,
}

impl Book {
    /// What the file says; no file: nobody.
    pub(super) fn read(files: &Files) -> std::io::Result<Book> {
        match files.read_operators() {
            Ok(text) => serde_json::from_str(&text).map_err(std::io::Error::from),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Book::default()),
            Err(error) => Err(error),
        }
    }

    /// Makes it what counts after a restart.
    pub(super) fn write(&self, files: &Files) -> Result<(), Refused> {
        let text =
            serde_json::to_string_pretty(self).map_err(|_| Refused::Broken("accounts have no JSON form"))?;
        files.write_operators(&text).map_err(|error| {
            tracing::error!(%error, "the accounts of operators could not be written");
            Refused::Broken("the accounts could not be written: the log says why")
        })
    }

    pub(super) fn add(&mut self, name: &str, account: Account) -> Result<(), Refused> {
        check_name(name)?;
        if self.operators.contains_key(name) {
            return Err(Refused::Invalid(format!("there is an operator {name} already")));
        }
        if self.operators.len() >= MOST {
            return Err(Refused::Invalid(format!("there are {MOST} operators: remove one first")));
        }
        self.operators.insert(name.to_owned(), account);
        Ok(())
    }

    pub(super) fn account(&mut self, name: &str) -> Result<&mut Account, Refused> {
        self.operators.get_mut(name).ok_or_else(|| Refused::Unknown(format!("there is no operator {name}")))
    }

    /// Refuses to be without an owner.
    pub(super) fn keep_an_owner(&self) -> Result<(), Refused> {
        if self.operators.values().any(|account| account.role == Role::Owner) {
            return Ok(());
        }
        Err(Refused::Invalid("there is always an owner: make another operator an owner first".to_owned()))
    }
}

/// A name goes into the audit log, cookies and addresses of pages.
fn check_name(name: &str) -> Result<(), Refused> {
    let good = |byte: u8| byte.is_ascii_alphanumeric() || b"._-@".contains(&byte);
    if name.is_empty()
        || name.len() > NAME
        || !name.bytes().all(good)
        || name.bytes().all(|byte| byte == b'.')
    {
        let text = format!("the name of an operator has 1 to {NAME} of A-Z a-z 0-9 . _ - @");
        return Err(Refused::Invalid(text));
    }
    if name == TOKEN_HOLDER {
        return Err(Refused::Invalid(format!(
            "{name} is whoever signs in with the operator's token: take another name"
        )));
    }
    Ok(())
}
