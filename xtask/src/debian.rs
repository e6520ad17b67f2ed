//! What steps need from Debian beside Rust and a C compiler.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

/// A package, and the file by which it is known to be there.
pub(crate) type Tool = (&'static str, &'static str);

/// Installs what is missing where that is possible, which is as root on a Debian; elsewhere says what to install.
pub(crate) fn ensure_installed(tools: &[Tool]) -> Result<()> {
    let missing = missing(tools);
    if missing.is_empty() {
        return Ok(());
    }
    let how = format!("apt-get install --no-install-recommends {}", missing.join(" "));
    ensure!(is_root() && Path::new("/usr/bin/apt-get").exists(), "this needs, as root: {how}");
    println!("{how}");
    apt(&["update", "--quiet"])?;
    apt(&[&["install", "--quiet", "--yes", "--no-install-recommends"], missing.as_slice()].concat())?;
    let still = self::missing(tools);
    ensure!(still.is_empty(), "apt-get has installed {} and its files are not there", still.join(", "));
    Ok(())
}

fn missing(tools: &[Tool]) -> Vec<&'static str> {
    tools.iter().filter(|(_, file)| !Path::new(file).exists()).map(|(package, _)| *package).collect()
}

fn apt(arguments: &[&str]) -> Result<()> {
    let status = Command::new("apt-get")
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdout(Stdio::null())
        .status()
        .context("cannot start apt-get")?;
    ensure!(status.success(), "`apt-get {}` ended with {status}", arguments.join(" "));
    Ok(())
}

pub(crate) fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
