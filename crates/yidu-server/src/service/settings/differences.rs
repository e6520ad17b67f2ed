//! What a change of the settings changes.

use serde_json::{Value, json};
use yidu_proto::v1;

use crate::service::policy;

/// Fields that differ, in the order of the contract. Tokens are not shown, only that they differ.
pub(super) fn differences(before: &v1::AppSettings, after: &v1::AppSettings) -> Vec<v1::SettingsDifference> {
    let token = |settings: &v1::AppSettings| {
        settings.webhook.as_ref().map(|webhook| webhook.token.clone()).unwrap_or_default()
    };
    let mut after_fields = shown(after);
    if token(before) != token(after) {
        let shown = if token(after).is_empty() { "(none)" } else { "(new)" };
        if let Some((_, value)) = after_fields.iter_mut().find(|(field, _)| *field == "webhook") {
            value["token"] = json!(shown);
        }
    }
    shown(before)
        .into_iter()
        .zip(after_fields)
        .filter(|((_, before), (_, after))| before != after)
        .map(|((field, before), (_, after))| v1::SettingsDifference {
            field: field.to_owned(),
            before: before.to_string(),
            after: after.to_string(),
        })
        .collect()
}

/// Differences as two JSON objects, for the audit log.
pub(super) fn objects(differences: &[v1::SettingsDifference]) -> (String, String) {
    let object = |pick: fn(&v1::SettingsDifference) -> &String| {
        let parsed = |text: &String| serde_json::from_str(text).unwrap_or(Value::Null);
        let fields = differences.iter().map(|one| (one.field.clone(), parsed(pick(one))));
        Value::Object(fields.collect()).to_string()
    };
    (object(|one| &one.before), object(|one| &one.after))
}

fn shown(settings: &v1::AppSettings) -> Vec<(&'static str, Value)> {
    let name = |number: i32| {
        v1::GroupType::try_from(number)
            .map_or_else(|_| number.to_string(), |kind| policy::of(kind).name.to_owned())
    };
    let types: Vec<String> = settings.receipt_group_types.iter().map(|&kind| name(kind)).collect();
    let limits: serde_json::Map<String, Value> =
        settings.group_limits.iter().map(|limit| (name(limit.r#type), json!(limit.members))).collect();
    let webhook = settings.webhook.clone().unwrap_or_default();
    vec![
        ("receipt_group_types", json!(types)),
        ("receipt_viewers", json!(settings.receipt_viewers().as_str_name())),
        ("history_days", json!(settings.history_days)),
        ("recall_seconds", json!(settings.recall_seconds)),
        ("multi_device", json!(settings.multi_device().as_str_name())),
        ("administrators", json!(settings.administrators)),
        ("account_auto_create", json!(settings.account_auto_create)),
        ("group_limits", Value::Object(limits)),
        (
            "webhook",
            json!({
                "url": webhook.url,
                "commands": webhook.commands,
                "token": if webhook.token.is_empty() { "(none)" } else { "(set)" },
                "on_timeout": webhook.on_timeout().as_str_name(),
            }),
        ),
    ]
}
