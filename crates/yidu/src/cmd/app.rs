//! `yidu app`: the apps of a data folder and their keys.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use yidu_server::bus::LocalBus;
use yidu_server::clock::SystemClock;
use yidu_server::service::Service;
use yidu_store::app::App;
use yidu_store::{AppId, Upkeep};
use yidu_store_embedded::{EmbeddedStore, Options};

use crate::keys;
use crate::output::Output;

/// Lists, makes and keeps the apps (tenants) of a data folder. The server must not be running on it.
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
}

pub(crate) fn run(args: AppArgs, output: Output) -> Result<ExitCode> {
    tokio::runtime::Runtime::new()?.block_on(async {
        let store = EmbeddedStore::open(&args.data, Options::default())
            .with_context(|| format!("cannot open {}", args.data.display()))?;
        let bus = Arc::new(LocalBus::default());
        let service = Service::new(Arc::clone(&store) as _, bus, Arc::new(SystemClock));
        let done = carry_out(&service, &args, output).await;
        store.close().await?;
        done.map(|()| ExitCode::SUCCESS)
    })
}

async fn carry_out(service: &Service, args: &AppArgs, output: Output) -> Result<()> {
    match &args.command {
        AppCommand::Create { name } => show(&[service.create_app(name).await?], &args.data, output),
        AppCommand::List => show(&service.apps().await?, &args.data, output),
        AppCommand::RotateKey { app, grace } => {
            let rotated = service.rotate_key(AppId(*app), grace.saturating_mul(1_000)).await?;
            show(&[rotated], &args.data, output)
        }
    }
}

/// Writes the key files anew, so that they hold the newest keys, and shows where they are; never the keys themselves.
fn show(apps: &[App], data: &Path, output: Output) -> Result<()> {
    let mut rows = Vec::new();
    for app in apps {
        let newest = app.keys.first().context("an app without a key")?;
        rows.push((app, keys::write(data, app.id.0, &newest.secret)?));
    }
    output.result(
        || {
            let row = |(app, key): &(&App, PathBuf)| {
                format!(
                    "{:<12}{:<24}{} keys, newest in {}",
                    app.id.0,
                    app.name,
                    app.keys.len(),
                    key.display()
                )
            };
            let mut lines = vec![format!("{:<12}{:<24}key", "SDKAppID", "name")];
            lines.extend(rows.iter().map(row));
            lines.join("\n")
        },
        || {
            let row = |(app, key): &(&App, PathBuf)| {
                serde_json::json!({ "sdk_app_id": app.id.0, "name": app.name, "created_ms": app.created,
                                    "keys": app.keys.len(), "key_file": key })
            };
            rows.iter().map(row).collect()
        },
    );
    Ok(())
}
