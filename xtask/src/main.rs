//! Chores of this repository: `cargo xtask ci`, `codegen`, `tidy`, `c-example`, `unity`, `schemathesis`, `web`,
//! `bench-compare`.
//!
//! A chore prints what it does and ends with a status other than 0 when something is wrong, so that a script needs
//! nothing but the exit code.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a chore talks to the person or script that started it"
)]

mod bench;
mod c_example;
mod ci;
mod codegen;
mod debian;
mod schemathesis;
mod server;
mod tidy;
mod unity;
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
    /// Writes what is generated: the types of the protos, the C library's header, its table and its remaining functions;
    /// after `npm ci` in web/ the TypeScript of the protos too
    Codegen {
        /// Writes nothing; fails when the committed files differ from what their sources give
        #[arg(long)]
        check: bool,
    },
    /// Asks a real server whatever the OpenAPI document of /api/v1 allows and forbids (needs python3)
    Schemathesis,
    /// Checks the rules of the house: file heads and lengths, crate directions, links, machine paths
    Tidy,
    /// Runs the five steps of a receipt in C against a server of its own; needs `cc`
    CExample,
    /// Runs the C# package under Mono against a real server: its tests and the five samples
    Unity {
        /// Only tests whose names contain one of these
        tests: Vec<String>,
    },
    /// Checks web/: generated code, lint, types, unit, server and browser tests, sizes. Needs Node; as root, installs Chromium
    Web,
    /// Measures Yidu beside the baselines in bench/ and writes docs/benchmarks.md; as root it installs their databases
    BenchCompare {
        /// How often everything is run, in turn
        #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..))]
        rounds: u32,
        /// Only these workloads; without any: all that the baselines have
        only: Vec<String>,
    },
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
    match chore {
        Chore::Ci { fast } => ci::run(&root, *fast),
        Chore::Codegen { check: false } => codegen::write(&root),
        Chore::Codegen { check: true } => codegen::check(&root),
        Chore::Schemathesis => schemathesis::run(&root),
        Chore::Tidy => tidy::run(&root),
        Chore::CExample => c_example::run(&root),
        Chore::Unity { tests } => unity::run(&root, tests),
        Chore::Web => web::run(&root),
        Chore::BenchCompare { rounds, only } => bench::compare(&root, *rounds, only),
    }
}

/// The folder of the workspace manifest, wherever in it cargo was called.
fn repo_root() -> Result<PathBuf> {
    let manifest_dir = std::env::var_os("CARGO_MANIFEST_DIR")
        .context("CARGO_MANIFEST_DIR is not set; start the chores as `cargo xtask …`")?;
    let root = PathBuf::from(manifest_dir).parent().map(PathBuf::from);
    root.context("the xtask folder has no parent; it belongs directly under the workspace root")
}
