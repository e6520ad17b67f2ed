//! What steps need from Debian beside Rust and a C compiler.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

/// A package, and a call that succeeds where what it brings is there.
pub(crate) type Tool = (&'static str, &'static [&'static str]);

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
    ensure!(still.is_empty(), "apt-get has installed {}, which does not work", still.join(", "));
    Ok(())
}

fn missing(tools: &[Tool]) -> Vec<&'static str> {
    tools.iter().filter(|(_, call)| !succeeds(call)).map(|(package, _)| *package).collect()
}

/// Whether a call can be made and ends well.
pub(crate) fn succeeds(call: &[&str]) -> bool {
    let Some((program, arguments)) = call.split_first() else { return false };
    let quiet = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
    quiet.is_ok_and(|status| status.success())
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

#[cfg(test)]
mod tests {
    use super::{Tool, missing};

    #[test]
    fn what_is_not_there_is_named_by_its_package() {
        let tools: [Tool; 3] = [
            ("cargo", &["cargo", "--version"]),
            ("none-such", &["no-such-tool-here"]),
            ("neither", &["cargo", "no-such-subcommand"]),
        ];
        assert_eq!(missing(&tools), ["none-such", "neither"]);
    }
}
