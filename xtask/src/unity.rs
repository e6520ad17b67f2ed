//! `cargo xtask unity`: the C# package under Mono, Unity's own runtime, against a real server.

mod compile;
mod server;
mod tools;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use self::server::Server;

/// Compiles the package, its sample scene and its tests, starts a server and runs the tests.
///
/// With `wanted`, only the tests whose names contain one of these texts. What the step needs from Debian it installs
/// when it may (root and apt-get), otherwise it says what to install.
pub(crate) fn run(root: &Path, wanted: &[String]) -> Result<()> {
    tools::ensure_installed()?;
    cargo_build(root)?;
    let out = target(root).join("unity");
    compile::all(root, &out)?;

    let binaries = target(root).join("debug");
    let command = binaries.join("yidu");
    let server = Server::start(&command)?;
    let status = Command::new("mono")
        .arg(out.join(compile::TESTS))
        .args(wanted)
        .env("LD_LIBRARY_PATH", &binaries)
        .env("YIDU_SERVER_URL", &server.url)
        .env("YIDU_TEST_APP", server.app.to_string())
        .env("YIDU_TEST_KEY", &server.key)
        .env("YIDU_TEST_COMMAND", &command)
        .env("YIDU_TEST_SCENARIOS", root.join("examples/scenarios"))
        .current_dir(&out)
        .status()
        .context("cannot start mono")?;
    ensure!(status.success(), "the tests of the Unity package ended with {status}");
    Ok(())
}

/// The whole chore, as a step of `cargo xtask ci`.
pub(crate) fn step(root: &Path) -> Result<()> {
    run(root, &[])
}

fn cargo_build(root: &Path) -> Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["build", "--package", "yidu", "--package", "yidu-imsdk"])
        .current_dir(root)
        .status()
        .context("cannot start cargo")?;
    ensure!(status.success(), "the native library and the server do not build");
    Ok(())
}

fn target(root: &Path) -> PathBuf {
    root.join(std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
}
