//! A call under way: who makes it, of which command, and in whose name.

use std::sync::Arc;

use yidu_proto::{Code, name};

use super::answer::Refusal;
use super::command::Command;
use crate::service::{Caller, Service};

/// A call of an administrator.
pub(super) struct Call {
    pub(super) service: Arc<Service>,
    /// The administrator.
    pub(super) caller: Caller,
    command: &'static Command,
}

impl Call {
    pub(super) fn new(service: Arc<Service>, caller: Caller, command: &'static Command) -> Call {
        Call { service, caller, command }
    }

    /// The caller as that user (semantics.md rule 13); the administrator where none is named.
    pub(super) async fn in_the_name_of(&self, user: Option<&str>) -> Result<Caller, Refusal> {
        let Some(user) = user.filter(|user| *user != &*self.caller.user) else {
            return Ok(self.caller.clone());
        };
        let caller = self.service.on_behalf_of(&self.caller, user).await?;
        tracing::info!(app = caller.app.0, administrator = %self.caller.user, %user, command = self.command.label,
            "an administrator acts in a user's name");
        Ok(caller)
    }

    /// Refuses a name that cannot be a user's; `field` is where it came from.
    pub(super) fn check_user(&self, field: &str, user: &str) -> Result<(), Refusal> {
        name::check_user_id(user)
            .map_err(|why| self.refuse(field, format!("{field} is not a user id: {why}")))
    }

    /// A refusal because of what stands in a field, with the field's number.
    pub(super) fn refuse(&self, field: &str, text: impl Into<String>) -> Refusal {
        Refusal::new(self.number_of(field), text)
    }

    fn number_of(&self, field: &str) -> Code {
        super::request::number(self.command.area, field)
    }
}
