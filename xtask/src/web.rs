//! `cargo xtask web`: every check of `web/`, with the tools that it needs.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::codegen;
use crate::debian::{self, Tool};

const WEB: &str = "web";
/// Where the builds of the chat and of the console write.
const PAGES: &str = "crates/yidu-server/assets";
const NODE: (u32, u32) = (20, 19);
const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
const TOOLS: [Tool; 2] = [
    ("chromium", &["chromium", "--version"]),
    // Screenshots and heights of rows are those of real Chinese text.
    ("fonts-noto-cjk", &["test", "-e", "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"]),
];

/// Installs what is in the lock file, compares the generated code, lints, builds, compares the built
/// pages, checks types, runs all tests and weighs the SDK.
pub(crate) fn run(root: &Path) -> Result<()> {
    node()?;
    let browser = browser()?;
    let web = root.join(WEB);
    npm(&web, &["ci"], &[])?;
    codegen::web::check(root)?;
    for script in ["lint", "build", "check", "test", "size"] {
        npm(&web, &["run", script], &[])?;
    }
    pages_are_built(root)?;
    execute(
        Command::new(crate::ci::cargo()).args(["build", "--workspace", "--bin", "yidu"]).current_dir(root),
    )?;
    npm(&web, &["run", "test:server"], &[])?;
    npm(&web, &["run", "test:browser"], &[("YIDU_CHROMIUM", &browser)])
}

/// The pages in the binary are what their sources give: the build that was just made has changed nothing.
fn pages_are_built(root: &Path) -> Result<()> {
    let status = ["status", "--porcelain", "--", PAGES];
    let output = Command::new("git").args(status).current_dir(root).output().context("cannot start git")?;
    ensure!(output.status.success(), "git cannot compare {PAGES}");
    let changed = String::from_utf8_lossy(&output.stdout);
    ensure!(changed.is_empty(), "{PAGES} is not what web/ gives: commit what the build made\n{changed}");
    Ok(())
}

fn npm(web: &Path, arguments: &[&str], environment: &[(&str, &Path)]) -> Result<()> {
    println!("web: npm {}", arguments.join(" "));
    let environment = environment.iter().map(|(name, value)| (name, value.as_os_str()));
    execute(Command::new("npm").args(arguments).current_dir(web).envs(environment))
}

fn execute(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {command:?}"))?;
    ensure!(status.success(), "{command:?} ended with {status}");
    Ok(())
}

/// Fails, saying what to install, where Node is missing or too old.
fn node() -> Result<()> {
    let output = Command::new("node").arg("--version").output();
    let output = output.context("Node is missing: install Node 20.19 or newer with npm")?;
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    ensure!(is_new_enough(&version), "Node {version} is too old: install 20.19 or newer");
    Ok(())
}

fn is_new_enough(version: &str) -> bool {
    let mut numbers =
        version.trim_start_matches('v').split('.').map_while(|number| number.parse::<u32>().ok());
    let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    version >= NODE
}

/// The browser for the tests; Debian's is installed where there is none and that can be done.
fn browser() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("YIDU_CHROMIUM") {
        return Ok(PathBuf::from(named));
    }
    if let Some(found) = find_browser() {
        return Ok(found);
    }
    debian::ensure_installed(&TOOLS)
        .context("the browser tests need Chromium; YIDU_CHROMIUM names another one")?;
    find_browser().context("Chromium was installed, but is not on the path")
}

fn find_browser() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let mut places = std::env::split_paths(&path).flat_map(|folder| BROWSERS.map(|name| folder.join(name)));
    places.find(|place| place.is_file())
}

#[cfg(test)]
mod tests {
    use super::is_new_enough;

    #[test]
    fn versions_of_node_are_compared_by_number() {
        for (version, expected) in
            [("v20.19.0", true), ("v20.9.0", false), ("v22.1.0", true), ("v9.99.9", false), ("", false)]
        {
            assert_eq!(is_new_enough(version), expected, "{version}");
        }
    }
}
