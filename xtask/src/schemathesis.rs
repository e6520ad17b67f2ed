//! Schema-based tests of `/api/v1`: schemathesis, from PyPI, asks a real server whatever its OpenAPI document allows and
//! forbids. `xtask/schemathesis/run.py` does the asking; here is what it needs.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::debian::{self, Tool};

/// The version that the step was written for.
const PACKAGE: &str = "schemathesis==4.32.5";

/// Debian keeps the making of virtual environments in a package of its own.
const VENV: Tool = ("python3-venv", &["python3", "-c", "import ensurepip"]);

/// Seconds that each of the two runs may take.
const SECONDS: &str = "60";

/// Makes the tools where they are missing, builds the server and tests it.
pub(crate) fn run(root: &Path) -> Result<()> {
    let schemathesis = install(root)?;
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    execute(root, &cargo, &["build", "--package", "yidu"])?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let yidu = target.join("debug/yidu");
    let script = root.join("xtask/schemathesis/run.py");
    execute(root, "python3", &[&text(&script)?, &text(&yidu)?, &text(&schemathesis)?, SECONDS])
}

/// A virtual environment below `target`, made once for each version.
fn install(root: &Path) -> Result<PathBuf> {
    let folder = root.join("target").join(PACKAGE.replace("==", "-"));
    let schemathesis = folder.join("bin/schemathesis");
    if works(&text(&schemathesis)?, &["--version"]) {
        return Ok(schemathesis);
    }
    let path = text(&folder)?;
    debian::ensure_installed(&[VENV])?;
    execute(root, "python3", &["-m", "venv", "--clear", &path])?;
    let pip = text(&folder.join("bin/pip"))?;
    execute(root, &pip, &["install", "--quiet", "--disable-pip-version-check", PACKAGE]).with_context(
        || format!("{PACKAGE} cannot be installed from PyPI: it needs a network the first time"),
    )?;
    Ok(schemathesis)
}

fn works(program: &str, arguments: &[&str]) -> bool {
    let quiet = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
    quiet.is_ok_and(|status| status.success())
}

fn execute(root: &Path, program: &str, arguments: &[&str]) -> Result<()> {
    let status = Command::new(program).args(arguments).current_dir(root).status();
    let status = status.with_context(|| format!("cannot start {program}"))?;
    ensure!(status.success(), "`{program} {}` ended with {status}", arguments.join(" "));
    Ok(())
}

fn text(path: &Path) -> Result<String> {
    path.to_str().map(str::to_owned).with_context(|| format!("{} is not UTF-8", path.display()))
}
