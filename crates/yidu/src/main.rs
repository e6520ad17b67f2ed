//! The `yidu` command: serve, demo, app, operator, receipts, usersig, check, bench.

mod cmd;
mod door;
mod keys;
mod log;
mod output;
mod table;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::output::Output;

/// Yidu 已读: a self-hosted messaging service whose heart is read receipts.
///
/// Start with `yidu demo`, which shows everything on a folder of its own, then `yidu serve`.
#[derive(Debug, Parser)]
#[command(name = "yidu", version, propagate_version = true, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 0 done, 1 failed (the text says why), 2 wrong usage, 3 a check found problems."
)]
struct Cli {
    /// Print the result as one line of JSON, for scripts
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(cmd::serve::ServeArgs),
    Demo(cmd::demo::DemoArgs),
    App(cmd::app::AppArgs),
    Operator(cmd::operator::OperatorArgs),
    Receipts(cmd::receipts::ReceiptsArgs),
    Usersig(cmd::usersig::UsersigArgs),
    Check(cmd::check::CheckArgs),
    Bench(cmd::bench::BenchArgs),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let output = Output::new(cli.json);
    let done = match cli.command {
        Command::Serve(args) => cmd::serve::run(args, output),
        Command::Demo(args) => cmd::demo::run(args, output),
        Command::App(args) => cmd::app::run(args, output),
        Command::Operator(args) => cmd::operator::run(args, output),
        Command::Receipts(args) => cmd::receipts::run(args, output),
        Command::Usersig(args) => cmd::usersig::run(args, output).map(|()| ExitCode::SUCCESS),
        Command::Check(args) => cmd::check::run(args, output),
        Command::Bench(args) => cmd::bench::run(args, output),
    };
    done.unwrap_or_else(|error| {
        output.progress_done();
        output.failure(&error);
        ExitCode::FAILURE
    })
}
