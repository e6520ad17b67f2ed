//! What the Unity step needs from Debian.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

/// Json.NET, which Unity projects have as com.unity.nuget.newtonsoft-json.
pub(super) const NEWTONSOFT: &str = "/usr/lib/cli/Newtonsoft.Json-5.0/Newtonsoft.Json.dll";
/// NUnit, whose attributes Unity's test runner knows too.
pub(super) const NUNIT: &str = "/usr/lib/cli/nunit.framework-2.6.3/nunit.framework.dll";

/// (Debian package, the file by which it is known to be there).
const TOOLS: [(&str, &str); 4] = [
    ("mono-mcs", "/usr/bin/mcs"),
    ("mono-runtime", "/usr/bin/mono"),
    ("libnewtonsoft-json5.0-cil", NEWTONSOFT),
    ("libnunit-framework2.6.3-cil", NUNIT),
];

/// Installs what is missing, when it may.
pub(super) fn ensure_installed() -> Result<()> {
    let missing = missing();
    if missing.is_empty() {
        return Ok(());
    }
    let how = format!("apt-get install --no-install-recommends {}", missing.join(" "));
    ensure!(is_root() && has_apt(), "Mono is not complete; as root: {how}");
    println!("unity: {how}");
    apt(&["update", "--quiet"])?;
    let mut arguments = vec!["install", "--quiet", "--yes", "--no-install-recommends"];
    arguments.extend(&missing);
    apt(&arguments)?;
    let still = self::missing();
    ensure!(still.is_empty(), "apt-get has installed {} and its files are not there", still.join(", "));
    Ok(())
}

fn missing() -> Vec<&'static str> {
    TOOLS.iter().filter(|(_, file)| !Path::new(file).exists()).map(|(package, _)| *package).collect()
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

fn has_apt() -> bool {
    Path::new("/usr/bin/apt-get").exists()
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
