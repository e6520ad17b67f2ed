//! Chores of this repository: `cargo xtask ci`, `cargo xtask codegen`, `cargo xtask tidy`, `cargo xtask web`.
//!
//! A chore prints what it does and ends with a status other than 0 when something is wrong, so that a script needs
//! nothing but the exit code.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a chore talks to the person or script that started it"
)]

mod ci;
mod codegen;
mod tidy;
mod web;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Chores of this repository")]
struct Args {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Runs every check that a change must pass, in the order of their cost
    Ci {
        /// Leaves out the crash stories (tests named crash_*), which kill and restart real servers
        #[arg(long)]
        fast: bool,
    },
    /// Writes crates/yidu-proto/src/gen and, after `npm ci` in web/, web/sdk/src/gen from proto/yidu/v1
    Codegen {
        /// Writes nothing; fails when the committed files differ from what the protos give
        #[arg(long)]
        check: bool,
    },
    /// Checks the rules of the house: file heads and lengths, crate directions, links, machine paths
    Tidy,
    /// Checks web/: generated code, lint, types, unit, server and browser tests, sizes. Needs Node; as root, installs Chromium
    Web,
}

fn main() -> ExitCode {
    match run(&Args::parse().chore) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(chore: &Chore) -> Result<()> {
    let root = repo_root()?;
    match *chore {
        Chore::Ci { fast } => ci::run(&root, fast),
        Chore::Codegen { check: false } => codegen::write(&root),
        Chore::Codegen { check: true } => codegen::check(&root),
        Chore::Tidy => tidy::run(&root),
        Chore::Web => web::run(&root),
    }
}

/// The folder of the workspace manifest, wherever in it cargo was called.
fn repo_root() -> Result<PathBuf> {
    let manifest_dir = std::env::var_os("CARGO_MANIFEST_DIR")
        .context("CARGO_MANIFEST_DIR is not set; start the chores as `cargo xtask …`")?;
    let root = PathBuf::from(manifest_dir).parent().map(PathBuf::from);
    root.context("the xtask folder has no parent; it belongs directly under the workspace root")
}
