//! `yidu app`: the apps of a data folder, their keys and their settings.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::door::{Door, segment};
use crate::keys;
use crate::output::Output;
use crate::table::table;

mod settings;

/// Lists, makes and keeps the apps (tenants) of a data folder. Asks the server that runs on the folder, or works on the
/// folder when none does.
#[derive(Debug, Args)]
pub(crate) struct AppArgs {
    /// The data folder
    #[arg(long, global = true, default_value = "./yidu-data", env = "YIDU_DATA_DIR")]
    data: PathBuf,
    #[command(subcommand)]
    command: AppCommand,
}

#[derive(Debug, Subcommand)]
enum AppCommand {
    /// Makes an app with a key of its own
    Create {
        /// A name for people
        #[arg(default_value = "")]
        name: String,
    },
    /// Lists the apps
    List,
    /// Gives an app a new key; the old ones stay valid for the grace period
    #[command(after_help = "Example:\n  yidu app rotate-key 1400000001 --grace 604800")]
    RotateKey {
        /// The SDKAppID
        app: u32,
        /// Seconds for which UserSigs made with the old keys are still accepted
        #[arg(long, default_value_t = 86_400)]
        grace: u64,
    },
    /// Deletes one key of an app; the only one that stays good is not deleted
    #[command(
        after_help = "Example: a new key, then the old one goes at once\n  yidu app rotate-key 1400000001\n  yidu app \
        delete-key 1400000001 0a1b2c3d4e5f"
    )]
    DeleteKey {
        /// The SDKAppID
        app: u32,
        /// The fingerprint of the key, as `yidu app list` shows it
        key: String,
    },
    /// Shows and changes the settings of an app
    Settings {
        /// The SDKAppID; may be left out where the folder has only one
        #[arg(long, global = true)]
        app: Option<u32>,
        #[command(subcommand)]
        command: settings::SettingsCommand,
    },
}

pub(crate) fn run(args: AppArgs, output: Output) -> Result<ExitCode> {
    tokio::runtime::Runtime::new()?.block_on(async {
        let door = match args.command {
            AppCommand::Create { .. } => Door::open_or_make(&args.data).await?,
            AppCommand::List
            | AppCommand::RotateKey { .. }
            | AppCommand::DeleteKey { .. }
            | AppCommand::Settings { .. } => Door::open(&args.data).await?,
        };
        let done = carry_out(&door, &args, output).await;
        door.close().await?;
        done.map(|()| ExitCode::SUCCESS)
    })
}

async fn carry_out(door: &Door, args: &AppArgs, output: Output) -> Result<()> {
    match &args.command {
        AppCommand::Create { name } => {
            let made = door.send("POST", "/apps", &[], Some(&json!({ "name": name }))).await?.json().await?;
            show_new(&made, &args.data, output)
        }
        AppCommand::List => {
            let listed = door.get("/apps").await?;
            let apps = listed["apps"].as_array().context("an answer without apps")?;
            show(apps, &args.data, output)
        }
        AppCommand::RotateKey { app, grace } => {
            let path = format!("/apps/{app}/keys");
            let rotated = door.send("POST", &path, &[], Some(&json!({ "grace_seconds": grace }))).await?;
            show_new(&rotated.json().await?, &args.data, output)
        }
        AppCommand::DeleteKey { app, key } => {
            let path = format!("/apps/{app}/keys/{}", segment(key));
            let left = door.send("DELETE", &path, &[], None).await?.json().await?;
            show(&[left], &args.data, output)
        }
        AppCommand::Settings { app, command } => {
            let app = match app {
                Some(app) => *app,
                None => keys::only_app(&args.data)?,
            };
            settings::run(door, app, command, output).await
        }
    }
}

/// An app with a new key: its file is written anew, so that it holds the newest key.
fn show_new(made: &Value, data: &Path, output: Output) -> Result<()> {
    keys::write(data, id(&made["app"])?, made["secret_key"].as_str().context("an app without a key")?)?;
    show(std::slice::from_ref(&made["app"]), data, output)
}

/// Shows apps and where their key files are; never the keys themselves.
fn show(apps: &[Value], data: &Path, output: Output) -> Result<()> {
    let mut rows = Vec::new();
    for app in apps {
        rows.push((app, id(app)?, keys::path(data, id(app)?)));
    }
    let name = |app: &Value| app["name"].as_str().unwrap_or_default().to_owned();
    let keys = |app: &Value| app["keys"].as_array().cloned().unwrap_or_default();
    let fingerprints = |app: &Value| {
        let keys = keys(app);
        let named = keys.iter().filter_map(|key| key["fingerprint"].as_str().map(str::to_owned));
        named.collect::<Vec<_>>()
    };
    output.result(
        || {
            let row = |(app, id, key): &(&Value, u32, PathBuf)| {
                [id.to_string(), name(app), fingerprints(app).join(" "), key.display().to_string()]
            };
            table(["SDKAppID", "name", "keys", "newest key in"], &rows.iter().map(row).collect::<Vec<_>>())
        },
        || {
            let row = |(app, id, key): &(&Value, u32, PathBuf)| {
                json!({ "sdk_app_id": id, "name": name(app), "created_ms": app["created_ms"],
                        "keys": keys(app).len(), "fingerprints": fingerprints(app), "key_file": key })
            };
            rows.iter().map(row).collect()
        },
    );
    Ok(())
}

fn id(app: &Value) -> Result<u32> {
    let id = app["app_id"].as_u64().and_then(|id| u32::try_from(id).ok());
    id.context("an app without an id")
}
