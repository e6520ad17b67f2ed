//! `cargo xtask c-example`: the five steps in C, against a server of its own.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};

const SOURCE: &str = "crates/yidu-imsdk/examples/five_steps.c";
const HEADER: &str = "crates/yidu-imsdk/include";

/// Builds the command and the library, compiles the example with `cc`, starts `yidu serve` on a temporary folder and a
/// free port, and runs the example against it.
pub(crate) fn run(root: &Path) -> Result<()> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    done(Command::new(cargo).args(["build", "--quiet", "-p", "yidu", "-p", "yidu-imsdk"]).current_dir(root))?;
    let built = built_folder()?;
    let folder = tempfile::tempdir().context("no temporary folder")?;
    let program = folder.path().join("five_steps");
    done(
        Command::new("cc")
            .args(["-std=c99", "-Wall", "-Wextra", "-Werror", "-I", HEADER, SOURCE, "-L"])
            .arg(&built)
            .args(["-lImSDK", "-lpthread", "-o"])
            .arg(&program)
            // Before LD_LIBRARY_PATH, in which cargo names folders of its own.
            .arg(format!("-Wl,--disable-new-dtags,-rpath,{}", built.display()))
            .current_dir(root),
    )?;
    let server = Server::start(&built.join("yidu"), &folder.path().join("data"))?;
    done(
        Command::new(&program)
            .env("YIDU_SERVER_URL", &server.url)
            .env("YIDU_APP_ID", &server.app)
            .env("ALICE_SIG", server.sig("alice")?)
            .env("BOB_SIG", server.sig("bob")?),
    )
}

/// Where cargo put this program, and with it everything else.
fn built_folder() -> Result<PathBuf> {
    let program = std::env::current_exe().context("cannot tell where this program is")?;
    Ok(program.parent().context("a program is in a folder")?.to_owned())
}

/// `yidu serve`, until it is dropped.
struct Server {
    child: Child,
    program: PathBuf,
    data: PathBuf,
    url: String,
    app: String,
}

impl Server {
    fn start(program: &Path, data: &Path) -> Result<Server> {
        let mut child = Command::new(program)
            .args(["--json", "serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let output = child.stdout.take().context("the server has no output")?;
        let mut server = Server {
            child,
            program: program.to_owned(),
            data: data.to_owned(),
            url: String::new(),
            app: String::new(),
        };
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let started: serde_json::Value = serde_json::from_str(&line).context("the server did not start")?;
        server.url = started["url"].as_str().context("the server told no URL")?.to_owned();
        server.app = started["apps"][0]["sdk_app_id"].as_u64().context("the server told no app")?.to_string();
        Ok(server)
    }

    fn sig(&self, user: &str) -> Result<String> {
        let output =
            Command::new(&self.program).args(["usersig", user, "--data"]).arg(&self.data).output()?;
        ensure!(output.status.success(), "no UserSig: {}", String::from_utf8_lossy(&output.stderr));
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // An error says that it has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn done(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_owned();
    let status = command.status().with_context(|| format!("cannot start {}", program.display()))?;
    ensure!(status.success(), "{} ended with {status}", program.display());
    Ok(())
}
