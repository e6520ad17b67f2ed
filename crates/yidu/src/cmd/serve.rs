//! `yidu serve`: the server.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;
use yidu_server::compose::{self, Running};
use yidu_server::config::Config;

use crate::keys;
use crate::output::Output;

/// Runs a server on a data folder. The first start makes an app and an operator's token and
/// says where its secret key and the token are kept.
#[derive(Debug, Args)]
#[command(
    after_help = "Settings come from the file, then the environment (YIDU_LISTEN, YIDU_DATA_DIR, …), then these flags; \
    the later wins. yidu.example.toml in the repository documents all of them.\n\nExamples:\n  yidu serve\n  \
    yidu serve --data /var/lib/yidu --listen 0.0.0.0:7400\n  yidu serve --config yidu.toml\n\n\
    Ctrl-C and SIGTERM drain: clients are told to reconnect, running requests finish, the store closes."
)]
pub(crate) struct ServeArgs {
    /// A TOML file with settings
    #[arg(long, env = "YIDU_CONFIG")]
    config: Option<PathBuf>,
    /// The address to listen on; port 0 takes a free one
    #[arg(long)]
    listen: Option<SocketAddr>,
    /// The data folder; made when it is not there
    #[arg(long)]
    data: Option<PathBuf>,
}

pub(crate) fn run(args: ServeArgs, output: Output) -> Result<ExitCode> {
    let mut config = Config::load(args.config.as_deref())?;
    if let Some(listen) = args.listen {
        config.listen = listen;
    }
    if let Some(data) = args.data {
        config.data_dir = data;
    }
    crate::log::start(&config)?;
    tokio::runtime::Runtime::new()?.block_on(serve(config, output))
}

async fn serve(config: Config, output: Output) -> Result<ExitCode> {
    let data = config.data_dir.clone();
    let running = compose::start(config).await?;
    let apps = first_app(&running, &data).await?;
    let addr = running.local_addr();
    let console = running.console_addr().map(|addr| format!("http://{addr}/console/"));
    let token = running.files().map(|files| files.operator_token().to_owned()).unwrap_or_default();
    let setup = running.setup_token().filter(|_| console.is_some());
    output.result(
        || {
            let apps: Vec<String> =
                apps.iter().map(|(app, key)| format!("app {app}, key in {}", key.display())).collect();
            let apps = apps.join(" · ");
            let path = yidu_proto::WS_PATH;
            let console = console.as_ref().map(|url| format!(" · console {url}")).unwrap_or_default();
            let setup = setup.as_ref().map(|token| format!("\nFirst owner of the console: set-up token {token}"));
            format!(
                "Yidu serves ws://{addr}{path}{console} · {apps} · operator token in {}{}",
                token.display(),
                setup.unwrap_or_default()
            )
        },
        || {
            let apps: Vec<_> = apps
                .iter()
                .map(|(app, key)| serde_json::json!({ "sdk_app_id": app, "key_file": key }))
                .collect();
            serde_json::json!({ "url": format!("ws://{addr}"), "apps": apps, "console": console, "setup_token": setup, "operator_token_file": token })
        },
    );
    running.until_stopped().await?;
    Ok(ExitCode::SUCCESS)
}

/// The apps of the folder with their key files; makes the first app where there is none.
async fn first_app(running: &Running, data: &std::path::Path) -> Result<Vec<(u32, PathBuf)>> {
    let service = running.service();
    let mut apps = service.apps().await.context("cannot read the apps")?;
    if apps.is_empty() {
        apps.push(service.create_app("").await.context("cannot make the first app")?);
    }
    apps.iter().map(|app| Ok((app.id.0, keys::write(data, app.id.0, &app.keys[0].secret)?))).collect()
}
