//! Logging of the server process: to standard error, as the configuration says.

use std::io::IsTerminal;

use anyhow::{Context, Result, anyhow};
use tracing_subscriber::EnvFilter;
use yidu_server::config::{Config, LogFormat};

/// What the engine tells of every file it writes is no news for an operator; a filter that names it wins.
const ENGINE: &str = "fjall=warn,lsm_tree=warn";

/// Starts logging. `RUST_LOG` wins over the configured level, for the moment one needs more.
pub(crate) fn start(config: &Config) -> Result<()> {
    let filter = match std::env::var("RUST_LOG") {
        Ok(filter) => EnvFilter::try_new(filter).context("RUST_LOG is no filter")?,
        Err(_) => {
            let filter = format!("{ENGINE},{}", config.log.level);
            EnvFilter::try_new(filter).context("log.level is no filter")?
        }
    };
    let colours = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let builder =
        tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr);
    let started = match config.log.format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
    started.map_err(|error| anyhow!("cannot start logging: {error}"))
}
