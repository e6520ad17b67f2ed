//! `yidu demo`: the whole story with real clients on a server of its own.

mod group;
mod ledger;
mod one_to_one;
mod people;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use clap::Args;

use self::group::GroupReport;
use self::people::People;
use super::own_server::Server;
use crate::output::Output;

/// Shows read receipts with real clients over real sockets: starts a server on a free port and a temporary folder, sends
/// messages that ask for receipts to one person and to a group, lets people read them, kills the server with −9 in the
/// middle, and checks at the end that every receipt that was acknowledged is there.
#[derive(Debug, Args)]
#[command(
    after_help = "What you see: counts as the sender's device hears of them (\"97 / 199 read\"), then both lists.\n\
    The end of the demo checks every page of both lists against what each reader was told; exit code 1 if anything \
    is missing.\n\nExamples:\n  yidu demo\n  yidu demo --members 10000 --over 0\n  yidu demo --json | jq .lost"
)]
pub(crate) struct DemoArgs {
    /// Members of the group, the sender included
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(2..=100_000))]
    members: u32,
    /// Messages that the sender posts to the group
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=50))]
    messages: u32,
    /// Members in a hundred who do not read
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(0..=100))]
    silent_percent: u32,
    /// Seconds over which readers come, so that one can watch; 0: all at once
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(0..=3_600))]
    over: u32,
    /// Let the server live
    #[arg(long)]
    no_kill: bool,
    /// Keep the folder, and say where it is
    #[arg(long)]
    keep: bool,
}

pub(crate) fn run(args: DemoArgs, output: Output) -> Result<ExitCode> {
    tokio::runtime::Runtime::new()?.block_on(demo(args, output))
}

async fn demo(args: DemoArgs, output: Output) -> Result<ExitCode> {
    let begun = Instant::now();
    let mut folder =
        tempfile::Builder::new().prefix("yidu-demo-").tempdir().context("cannot make a folder")?;
    folder.disable_cleanup(args.keep);
    super::own_server::allow_many_sockets();

    output.say(format!("Yidu demo: {} members, real clients, real sockets, a real disk.\n", args.members));
    let (mut server, took) = Server::start(folder.path()).await?;
    let people = Arc::new(People::of(&server, args.members)?);
    output.say(format!("Server      {} · app {} · up in {}", server.url(), people.app(), ms(took)));

    one_to_one::tell(&people, output).await?;
    let group = group::tell(&people, &mut server, &args, output).await?;

    if args.keep {
        output.say(format!("\nThe folder stays: {}", folder.path().display()));
    }
    summary(&group, begun.elapsed(), &server, output);
    ensure!(
        group.lost == 0 && group.wrong.is_empty(),
        "the demo found what must not be: {}",
        group.wrong.join("; ")
    );
    Ok(ExitCode::SUCCESS)
}

fn summary(group: &GroupReport, took: Duration, server: &Server, output: Output) {
    output.result(
        || {
            let kills = match group.killed_at {
                Some((at, _)) => format!("kill −9 after {at} of them, "),
                None => String::new(),
            };
            let memory = server.peak_memory().map_or(String::new(), |b| format!(", server memory {} MB", b >> 20));
            format!(
                "\nSummary     {} receipts acknowledged, {kills}{} lost, {} counted twice\n            \
                 the sender heard of them in {} updates, the last of each message exact\n            {:.1} s{memory}",
                group.acknowledged,
                group.lost,
                group.twice,
                group.updates,
                took.as_secs_f64()
            )
        },
        || {
            serde_json::json!({
                "members": group.members, "messages": group.messages, "acknowledged": group.acknowledged,
                "lost": group.lost, "counted_twice": group.twice, "updates": group.updates,
                "killed_after": group.killed_at.map(|(at, _)| at),
                "restart_ms": group.killed_at.map(|(_, took)| took.as_millis()),
                "problems": group.wrong, "seconds": took.as_secs_f64(),
                "server_memory_bytes": server.peak_memory(),
            })
        },
    );
}

/// Milliseconds with one digit: what people compare.
fn ms(duration: Duration) -> String {
    format!("{:.1} ms", duration.as_secs_f64() * 1e3)
}
