//! The server and the C library, built and running, for the chores that try other languages against them.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

/// Builds `yidu` and `libImSDK`; the folder in which both are.
pub(crate) fn build(root: &Path) -> Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["build", "--quiet", "--package", "yidu", "--package", "yidu-imsdk"];
    let status = Command::new(cargo).args(arguments).current_dir(root).status();
    ensure!(status.context("cannot start cargo")?.success(), "the server and the C library do not build");
    // Where cargo put this program, and with it everything else.
    let program = std::env::current_exe().context("cannot tell where this program is")?;
    Ok(program.parent().context("a program is in a folder")?.to_owned())
}

/// `yidu serve` on a free port and a folder of its own; both are gone when it is dropped.
pub(crate) struct Server {
    pub(crate) url: String,
    pub(crate) app: String,
    /// The file that holds the app's key.
    pub(crate) key: String,
    /// The command that makes UserSigs too.
    pub(crate) program: PathBuf,
    process: Child,
    _folder: TempDir,
}

impl Server {
    /// Starts the server that was built into `built`, and waits until it says where it listens.
    pub(crate) fn start(built: &Path) -> Result<Self> {
        let folder = tempfile::tempdir().context("no temporary folder")?;
        let program = built.join("yidu");
        let mut process = Command::new(&program)
            .args(["--json", "serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let output = process.stdout.take().context("the server has no output")?;
        let (url, app, key) = (String::new(), String::new(), String::new());
        let mut server = Self { url, app, key, program, process, _folder: folder };

        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let said: serde_json::Value = serde_json::from_str(&line).context("the server did not start")?;
        server.url = said["url"].as_str().context("the server told no URL")?.to_owned();
        server.app = said["apps"][0]["sdk_app_id"].as_u64().context("the server told no app")?.to_string();
        server.key = said["apps"][0]["key_file"].as_str().context("the server told no key file")?.to_owned();
        Ok(server)
    }

    /// A UserSig for a user of its app.
    pub(crate) fn sig(&self, user: &str) -> Result<String> {
        let arguments = ["usersig", user, "--app", &self.app, "--key-file", &self.key];
        let output = Command::new(&self.program).args(arguments).output()?;
        ensure!(output.status.success(), "no UserSig: {}", String::from_utf8_lossy(&output.stderr));
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // An error says that it has ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
