//! Schema-based tests of `/api/v1`: schemathesis, from PyPI, asks a real server whatever its OpenAPI document allows and
//! forbids. `xtask/schemathesis/run.py` does the asking; here is what it needs.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::ci::{cargo, execute};
use crate::debian::{self, Tool, succeeds};

/// The version that the step was written for.
const PACKAGE: &str = "schemathesis==4.32.5";

/// Debian keeps the making of virtual environments in a package of its own.
const VENV: Tool = ("python3-venv", &["python3", "-c", "import ensurepip"]);

/// Seconds that each of the two runs may take.
const SECONDS: &str = "60";

/// Makes the tools where they are missing, builds the server and tests it.
pub(crate) fn run(root: &Path) -> Result<()> {
    let schemathesis = install(root)?;
    execute(root, &cargo(), &["build", "--package", "yidu"])?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let yidu = target.join("debug/yidu");
    let script = root.join("xtask/schemathesis/run.py");
    execute(root, "python3", &[&text(&script)?, &text(&yidu)?, &text(&schemathesis)?, SECONDS])
}

/// A virtual environment below `target`, made once for each version.
fn install(root: &Path) -> Result<PathBuf> {
    let folder = root.join("target").join(PACKAGE.replace("==", "-"));
    let schemathesis = folder.join("bin/schemathesis");
    if succeeds(&[&text(&schemathesis)?, "--version"]) {
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

fn text(path: &Path) -> Result<String> {
    path.to_str().map(str::to_owned).with_context(|| format!("{} is not UTF-8", path.display()))
}
