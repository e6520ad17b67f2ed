//! The server that the tests of the Unity package talk to.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};
use tempfile::TempDir;

/// A server on a free port and a folder of its own; both are gone when it is dropped.
pub(super) struct Server {
    pub(super) url: String,
    pub(super) app: u32,
    /// The file that holds the app's key.
    pub(super) key: PathBuf,
    process: Child,
    _folder: TempDir,
}

impl Server {
    /// Starts the server and waits until it says where it listens.
    pub(super) fn start(command: &Path) -> Result<Self> {
        let folder = tempfile::tempdir().context("cannot make a folder for the server")?;
        let mut process = Command::new(command)
            .args(["--json", "serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", command.display()))?;
        let stdout = process.stdout.take().context("the server has no output")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).context("cannot read what the server says")?;
        let said: serde_json::Value =
            serde_json::from_str(&line).with_context(|| format!("the server says {line:?}, no address"))?;
        let app = said["apps"][0]["sdk_app_id"].as_u64().and_then(|app| u32::try_from(app).ok());
        Ok(Self {
            url: said["url"].as_str().context("the server names no url")?.to_owned(),
            app: app.context("the server names no app")?,
            key: said["apps"][0]["key_file"].as_str().context("the server names no key file")?.into(),
            process,
            _folder: folder,
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; there is nothing else to do about it here.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
