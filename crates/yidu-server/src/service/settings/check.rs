//! Whether settings can be.

use std::collections::HashSet;

use yidu_proto::{Code, limits, name, v1};
use yidu_store::webhook::Command;

use crate::service::Failure;
use crate::service::policy;

/// Bytes of the URL of a webhook.
const URL_BYTES: usize = 1_024;

/// Bytes of its token.
const TOKEN_BYTES: usize = 256;

/// Errors: 10004 names the field.
pub(super) fn check(settings: &v1::AppSettings) -> Result<(), Failure> {
    check_receipt_types(&settings.receipt_group_types)?;
    if v1::ReceiptViewers::try_from(settings.receipt_viewers).is_err() {
        return Err(bad("receipt_viewers", "0 (sender), 1 (managers) and 2 (members) are known"));
    }
    if v1::MultiDevice::try_from(settings.multi_device).is_err() {
        return Err(bad("multi_device", "0 (all), 1 (one per platform) and 2 (one) are known"));
    }
    check_administrators(&settings.administrators)?;
    check_limits(&settings.group_limits)?;
    settings.webhook.as_ref().map_or(Ok(()), check_webhook)
}

fn check_webhook(webhook: &v1::Webhook) -> Result<(), Failure> {
    let field = "webhook";
    let known = ["http://", "https://"].iter().find_map(|scheme| webhook.url.strip_prefix(scheme));
    if !webhook.url.is_empty() && known.is_none_or(|rest| rest.is_empty() || rest.starts_with('/')) {
        return Err(bad(field, "its url begins with http:// or https:// and names a host"));
    }
    if webhook.url.len() > URL_BYTES || !webhook.url.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(bad(
            field,
            format!("its url is over {URL_BYTES} bytes or holds what no URL may: encode it"),
        ));
    }
    if webhook.token.len() > TOKEN_BYTES {
        return Err(bad(field, format!("its token is over {TOKEN_BYTES} bytes")));
    }
    if v1::WebhookTimeout::try_from(webhook.on_timeout).is_err() {
        return Err(bad(field, "on_timeout: 0 (allow) and 1 (deny) are known"));
    }
    let mut seen = HashSet::new();
    for command in &webhook.commands {
        if Command::of(command).is_none() {
            return Err(bad(field, format!("there is no command {command:?}: docs/webhooks.md has them")));
        }
        if !seen.insert(command) {
            return Err(bad(field, format!("{command} is named twice")));
        }
    }
    Ok(())
}

fn check_receipt_types(types: &[i32]) -> Result<(), Failure> {
    let mut seen = HashSet::new();
    for &number in types {
        let kind = v1::GroupType::try_from(number)
            .map_err(|_| bad("receipt_group_types", format!("there is no group type {number}")))?;
        let policy = policy::of(kind);
        if !policy.receipts {
            return Err(bad("receipt_group_types", format!("{} groups cannot have receipts", policy.name)));
        }
        if !seen.insert(number) {
            return Err(bad("receipt_group_types", format!("{} is named twice", policy.name)));
        }
    }
    Ok(())
}

fn check_administrators(administrators: &[String]) -> Result<(), Failure> {
    if administrators.is_empty() {
        return Err(bad("administrators", "without one nobody could change the settings again"));
    }
    if administrators.len() > limits::ADMINISTRATORS {
        return Err(bad("administrators", format!("at most {}", limits::ADMINISTRATORS)));
    }
    for user in administrators {
        name::check_user_id(user)
            .map_err(|why| bad("administrators", format!("{user:?} is not a user id: {why}")))?;
    }
    Ok(())
}

fn check_limits(group_limits: &[v1::GroupLimit]) -> Result<(), Failure> {
    let mut seen = HashSet::new();
    for limit in group_limits {
        let kind = v1::GroupType::try_from(limit.r#type)
            .map_err(|_| bad("group_limits", format!("there is no group type {}", limit.r#type)))?;
        let name = policy::of(kind).name;
        if limit.members == 0 || limit.members > limits::GROUP_MEMBERS {
            return Err(bad("group_limits", format!("{name}: 1 to {} members", limits::GROUP_MEMBERS)));
        }
        if !seen.insert(limit.r#type) {
            return Err(bad("group_limits", format!("{name} is named twice")));
        }
    }
    Ok(())
}

pub(super) fn bad(field: &str, why: impl std::fmt::Display) -> Failure {
    Failure::new(Code::BadGroupParameter, format!("settings, {field}: {why}"))
}
