//! Secrets of the contract do not show when a message is printed: a log line may hold any request.

use std::fmt;

use crate::v1;

impl fmt::Debug for v1::Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login")
            .field("app_id", &self.app_id)
            .field("user_id", &self.user_id)
            .field("user_sig", &format_args!("({} bytes)", self.user_sig.len()))
            .field("platform", &self.platform())
            .field("device_id", &self.device_id)
            .finish()
    }
}

impl fmt::Debug for v1::Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook")
            .field("url", &self.url)
            .field("commands", &self.commands)
            .field("token", &format_args!("({} bytes)", self.token.len()))
            .field("on_timeout", &self.on_timeout())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use crate::v1::{self, request};

    #[test]
    fn a_printed_login_keeps_its_usersig_to_itself() {
        let login = v1::Login { user_id: "alice".into(), user_sig: "eJw1il0L".into(), ..Default::default() };
        let request = v1::Request { id: 1, operation: Some(request::Operation::Login(login)) };
        let frame = v1::ClientFrame { requests: vec![request] };
        let printed = format!("{frame:?}");
        assert!(printed.contains("alice") && printed.contains("(8 bytes)"), "{printed}");
        assert!(!printed.contains("eJw1il0L"), "{printed}");
    }

    #[test]
    fn printed_settings_keep_the_token_of_the_webhook_to_themselves() {
        let webhook = v1::Webhook { token: "hush".into(), ..Default::default() };
        let settings = v1::AppSettings { webhook: Some(webhook), ..Default::default() };
        assert!(!format!("{settings:?}").contains("hush"));
    }
}
