//! `yidu check`: is everything in a data folder as it should be?

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use clap::Args;
use yidu_store::Upkeep;
use yidu_store_embedded::{EmbeddedStore, Options};

use crate::output::Output;

/// What a check that found problems exits with.
const PROBLEMS: u8 = 3;

/// Reads a whole data folder and checks that it fits together: every record parses, seqs have no gaps, readers belong to
/// their audiences, change feeds name things that are there. Changes nothing. The server must not be running.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  yidu check --data ./yidu-data || echo \"restore from a backup\"")]
pub(crate) struct CheckArgs {
    /// The data folder
    #[arg(long, default_value = "./yidu-data", env = "YIDU_DATA_DIR")]
    data: PathBuf,
}

pub(crate) fn run(args: CheckArgs, output: Output) -> Result<ExitCode> {
    ensure!(args.data.is_dir(), "{} is no folder: name the data folder with --data", args.data.display());
    tokio::runtime::Runtime::new()?.block_on(check(args, output))
}

async fn check(args: CheckArgs, output: Output) -> Result<ExitCode> {
    let begun = Instant::now();
    let store = EmbeddedStore::open(&args.data, Options::default())
        .with_context(|| format!("cannot open {}", args.data.display()))?;
    let report = store.check(&|what, done| output.progress(format!("checking {what}: {done}"))).await?;
    output.progress_done();
    store.close().await?;
    let looked_at = || report.looked_at.iter();
    output.result(
        || {
            let mut lines: Vec<String> = looked_at().map(|(what, n)| format!("{n:>12}  {what}")).collect();
            lines.extend(report.problems.iter().map(|problem| format!("PROBLEM  {problem}")));
            lines.push(match report.problems.len() {
                0 => format!("no problems, {:.1} s", begun.elapsed().as_secs_f64()),
                n => format!("{n} problems: stop using this folder, keep a copy, restore from a backup"),
            });
            lines.join("\n")
        },
        || {
            let looked_at: serde_json::Map<_, _> =
                looked_at().map(|(what, n)| ((*what).to_owned(), (*n).into())).collect();
            serde_json::json!({ "looked_at": looked_at, "problems": report.problems })
        },
    );
    Ok(if report.problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(PROBLEMS) })
}
