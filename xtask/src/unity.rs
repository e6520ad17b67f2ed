//! `cargo xtask unity`: the C# package under Mono, Unity's own runtime, against a real server.

mod compile;

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::debian::{self, Tool};
use crate::server::{self, Server};

/// Mono's compiler and runtime, Json.NET, which Unity projects have as com.unity.nuget.newtonsoft-json, and NUnit, whose
/// attributes Unity's test runner knows too.
const TOOLS: [Tool; 4] = [
    ("mono-mcs", &["mcs", "--version"]),
    ("mono-runtime", &["mono", "--version"]),
    ("libnewtonsoft-json5.0-cil", &["test", "-e", compile::NEWTONSOFT]),
    ("libnunit-framework2.6.3-cil", &["test", "-e", compile::NUNIT]),
];

/// Compiles the package, its sample scene and its tests, starts a server and runs the tests: all of them, or those whose
/// names contain one of `wanted`.
pub(crate) fn run(root: &Path, wanted: &[String]) -> Result<()> {
    debian::ensure_installed(&TOOLS)?;
    let built = server::build(root)?;
    let out = built.join("unity");
    compile::all(root, &out)?;

    let server = Server::start(&built)?;
    let status = Command::new("mono")
        .arg(out.join(compile::TESTS))
        .args(wanted)
        .env("LD_LIBRARY_PATH", &built)
        .env("YIDU_SERVER_URL", &server.url)
        .env("YIDU_TEST_APP", &server.app)
        .env("YIDU_TEST_KEY", &server.key)
        .env("YIDU_TEST_COMMAND", &server.program)
        .current_dir(&out)
        .status()
        .context("cannot start mono")?;
    ensure!(status.success(), "the tests of the Unity package ended with {status}");
    if wanted.is_empty() { scenarios(root, &built, &out) } else { Ok(()) }
}

/// Plays `examples/scenarios` with people who use the package; a Rust test sets the stage.
fn scenarios(root: &Path, built: &Path, out: &Path) -> Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["test", "--quiet", "--package", "yidu-imsdk", "--test", "csharp", "--"])
        .args(["--ignored", "--nocapture"])
        .env("YIDU_TEST_CSHARP", out.join(compile::TESTS))
        .env("YIDU_TEST_LIBRARY", built)
        .current_dir(root)
        .status()
        .context("cannot start cargo")?;
    ensure!(status.success(), "the scenarios in C# ended with {status}");
    Ok(())
}

/// The whole chore, as a step of `cargo xtask ci`.
pub(crate) fn step(root: &Path) -> Result<()> {
    run(root, &[])
}
