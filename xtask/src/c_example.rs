//! `cargo xtask c-example`: the five steps in C, against a server of its own.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::server::{self, Server};

const SOURCE: &str = "crates/yidu-imsdk/examples/five_steps.c";
const HEADER: &str = "crates/yidu-imsdk/include";

/// Builds the command and the library, compiles the example with `cc`, starts `yidu serve` on a temporary folder and a
/// free port, and runs the example against it.
pub(crate) fn run(root: &Path) -> Result<()> {
    let built = server::build(root)?;
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
    let server = Server::start(&built)?;
    done(
        Command::new(&program)
            .env("YIDU_SERVER_URL", &server.url)
            .env("YIDU_APP_ID", &server.app)
            .env("ALICE_SIG", server.sig("alice")?)
            .env("BOB_SIG", server.sig("bob")?),
    )
}

fn done(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_owned();
    let status = command.status().with_context(|| format!("cannot start {}", program.display()))?;
    ensure!(status.success(), "{} ended with {status}", program.display());
    Ok(())
}
