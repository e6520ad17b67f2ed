//! `yidu app settings`: reading and changing an app's settings.

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use serde_json::{Map, Value};

use crate::door::Door;
use crate::output::Output;
use crate::table::table;

#[derive(Debug, Subcommand)]
pub(crate) enum SettingsCommand {
    /// Shows the settings, or one of them
    #[command(
        after_help = "Examples:\n  yidu app settings get\n  yidu app settings get group_limits.Work --json"
    )]
    Get {
        /// Which; all when it is left out
        key: Option<String>,
    },
    /// Changes one setting
    ///
    /// In effect within a second, also on a server that runs, and noted in the audit log.
    #[command(after_help = "Lists are written with commas or as JSON.\n\nExamples:\n  \
        yidu app settings set receipt_viewers members\n  \
        yidu app settings set receipt_group_types Work,Public,Community --dry-run\n  \
        yidu app settings set group_limits.Work 500\n  \
        yidu app settings set administrators alice,bob")]
    Set {
        /// Which, as `yidu app settings get` shows it
        key: String,
        /// The new value
        value: String,
        /// Changes nothing, shows what would change
        #[arg(long)]
        dry_run: bool,
    },
}

pub(crate) async fn run(door: &Door, app: u32, command: &SettingsCommand, output: Output) -> Result<()> {
    match command {
        SettingsCommand::Get { key } => get(door, app, key.as_deref(), output).await,
        SettingsCommand::Set { key, value, dry_run } => set(door, app, key, value, *dry_run, output).await,
    }
}

async fn get(door: &Door, app: u32, key: Option<&str>, output: Output) -> Result<()> {
    let mut settings = door.get(&format!("/apps/{app}/settings")).await?;
    let Some(key) = key else {
        let rows: Vec<[String; 2]> = flat(&settings).map(|(key, value)| [key, shown(value)]).collect();
        output.result(|| table(["setting", "value"], &rows), || settings.clone());
        return Ok(());
    };
    let value = find(&mut settings, key)?.clone();
    output.result(|| shown(&value), || value.clone());
    Ok(())
}

async fn set(door: &Door, app: u32, key: &str, value: &str, dry_run: bool, output: Output) -> Result<()> {
    let path = format!("/apps/{app}/settings");
    let answer = door.send("GET", &path, &[], None).await?;
    let etag = answer.header("etag").to_owned();
    let mut settings = answer.json().await?;
    let old = find(&mut settings, key)?;
    *old = read(key, value, old)?;
    let path = format!("{path}?dry_run={dry_run}");
    let changed = door.send("PUT", &path, &[("if-match", &etag)], Some(&settings)).await?.json().await?;
    let differences = changed["differences"].as_array().cloned().unwrap_or_default();
    let row = |difference: &Value| {
        let field = difference["field"].as_str().unwrap_or_default().to_owned();
        [field, shown(&difference["before"]), shown(&difference["after"])]
    };
    let rows: Vec<[String; 3]> = differences.iter().map(row).collect();
    output.result(
        || match (rows.is_empty(), dry_run) {
            (true, _) => format!("nothing changes: {key} is {value} already"),
            (false, true) => {
                format!("{}\nnothing was changed: a dry run", table(["setting", "before", "after"], &rows))
            }
            (false, false) => table(["setting", "before", "after"], &rows),
        },
        || changed.clone(),
    );
    Ok(())
}

/// All settings with dotted names.
fn flat(settings: &Value) -> impl Iterator<Item = (String, &Value)> {
    let all = settings.as_object().into_iter().flatten();
    all.flat_map(|(key, value)| match value.as_object() {
        Some(inner) => inner.iter().map(|(name, value)| (format!("{key}.{name}"), value)).collect(),
        None => vec![(key.clone(), value)],
    })
}

fn find<'a>(settings: &'a mut Value, key: &str) -> Result<&'a mut Value> {
    let known: Vec<String> = flat(settings).map(|(key, _)| key).collect();
    let mut place = Some(settings);
    for name in key.split('.') {
        place = place
            .and_then(|value| value.as_object_mut())
            .and_then(|inner: &mut Map<_, _>| inner.get_mut(name));
    }
    place.with_context(|| format!("there is no setting {key}; there are {}", known.join(", ")))
}

/// A value as it was typed, of the kind that the old one has.
fn read(key: &str, text: &str, old: &Value) -> Result<Value> {
    let bad = |kind: &str| format!("{key} is {kind}: {text:?} is not");
    Ok(match old {
        Value::Bool(_) => Value::Bool(text.parse().with_context(|| bad("true or false"))?),
        Value::Number(_) => {
            Value::from(text.replace('_', "").parse::<u64>().with_context(|| bad("a whole number"))?)
        }
        Value::Array(_) if text.trim_start().starts_with('[') => {
            serde_json::from_str(text).with_context(|| bad("a list"))?
        }
        Value::Array(_) => {
            text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(Value::from).collect()
        }
        Value::String(_) => Value::from(text),
        Value::Object(_) | Value::Null => match serde_json::from_str(text) {
            Ok(value) => value,
            Err(_) => bail!("{key} has parts: name one of them, or give the whole as JSON"),
        },
    })
}

/// As people read it.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join(", "),
        value => value.to_string(),
    }
}
