//! Programs that tests start: installed where that is possible, named where it is not.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

struct Tool {
    /// A call that succeeds where it is installed.
    probe: &'static [&'static str],
    /// Its Debian package.
    package: &'static str,
}

/// curl for the story of docs/rest-receipts.sh, the others for the vendor's published generators of UserSigs.
const TOOLS: &[Tool] = &[
    Tool { probe: &["curl", "--version"], package: "curl" },
    Tool { probe: &["node", "--version"], package: "nodejs" },
    Tool { probe: &["npm", "--version"], package: "npm" },
    Tool { probe: &["python3", "--version"], package: "python3" },
    Tool { probe: &["python3", "-m", "pip", "--version"], package: "python3-pip" },
];

/// Sees to it that every tool is there: on Debian, as root, with apt-get. Fails with what to install where it cannot.
pub(crate) fn install(_root: &Path) -> Result<()> {
    let missing = missing(TOOLS);
    if missing.is_empty() {
        return Ok(());
    }
    let by_hand = format!("apt-get install {}", missing.join(" "));
    ensure!(
        succeeds(&["apt-get", "--version"]) && is_root(),
        "tests need programs that are not installed: `{by_hand}` as root, or the like of another system"
    );
    println!("tools: {by_hand}");
    execute(&["apt-get", "update", "--quiet"])?;
    let install = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends"];
    execute(&[&install, missing.as_slice()].concat())?;
    let left = self::missing(TOOLS);
    ensure!(left.is_empty(), "tools: {} did not bring what the tests start", left.join(" "));
    Ok(())
}

/// The packages of the tools that are not there.
fn missing(tools: &[Tool]) -> Vec<&'static str> {
    tools.iter().filter(|tool| !succeeds(tool.probe)).map(|tool| tool.package).collect()
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|id| id.stdout.trim_ascii() == b"0")
}

fn succeeds(call: &[&str]) -> bool {
    let Some((program, arguments)) = call.split_first() else { return false };
    let quiet = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
    quiet.is_ok_and(|status| status.success())
}

fn execute(call: &[&str]) -> Result<()> {
    let (program, arguments) = call.split_first().context("nothing to run")?;
    let status = Command::new(program).args(arguments).env("DEBIAN_FRONTEND", "noninteractive").status()?;
    ensure!(status.success(), "`{}` ended with {status}", call.join(" "));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Tool, missing};

    #[test]
    fn what_is_not_there_is_named_by_its_package() {
        let tools = [
            Tool { probe: &["cargo", "--version"], package: "cargo" },
            Tool { probe: &["no-such-tool-here"], package: "none-such" },
            Tool { probe: &["cargo", "no-such-subcommand"], package: "neither" },
        ];
        assert_eq!(missing(&tools), ["none-such", "neither"]);
    }
}
