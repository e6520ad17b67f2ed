//! Logging of the server process: to standard error, as the configuration says.

use anyhow::{Context, Result, anyhow};
use tracing_subscriber::EnvFilter;
use yidu_server::config::{Config, LogFormat};

/// Starts logging. `RUST_LOG` wins over the configured level, for the moment one needs more.
pub(crate) fn start(config: &Config) -> Result<()> {
    let filter = match std::env::var("RUST_LOG") {
        Ok(filter) => EnvFilter::try_new(filter).context("RUST_LOG is no filter")?,
        Err(_) => EnvFilter::try_new(&config.log.level).context("log.level is no filter")?,
    };
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match config.log.format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
    started.map_err(|error| anyhow!("cannot start logging: {error}"))
}
