//! `yidu bench`: a load generator on the real protocol, and what the server needed.

mod listener;
mod load;
mod plot;
mod report;
mod stage;
mod target;
mod usage;
mod wire;
mod workload;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail, ensure};
use clap::{Args, ValueEnum};

use self::report::Report;
use self::target::Target;
use super::own_server::{self, Server};
use crate::output::Output;

/// Measures receipts: a group whose readers acknowledge messages while the sender listens, over real sockets, against a
/// server process of its own on a temporary folder. Every run ends with a check of its own: exact counts of every message,
/// the sender's last push exact, the pushes bounded. Exit code 1 if anything is not as it must be.
#[derive(Debug, Args)]
#[command(
    after_help = "Workloads:\n  single     one receipt a request, closed loop\n  batch20    20 receipts a request; batch50 \
    likewise\n  low        50 receipts a second, Poisson, open loop\n  seventy    0.7 of the rate of single, Poisson, open loop\n  \
    storm      everybody reads one message within a second, while ten other groups chat\n  growth     single for 50 to \
    --members members\n  reconnect  devices log in and resume at once\n  soak       rounds of messages and receipts for \
    --seconds\n  connections idle connections for --seconds\n  \
    start      fills the disk, kills the server with −9 and starts it again\n\nOpen loops count latency from when a request should have been \
    sent. CPU, memory and bytes are the operating system's figures for the server's processes.\n\nExamples:\n  yidu bench\n  \
    yidu bench single batch20 --members 5000\n  yidu bench growth --members 100000 --plot growth.svg\n  yidu bench storm \
    --members 10000 --json\n  yidu bench start --members 5000 --receipts 100000000"
)]
pub(crate) struct BenchArgs {
    /// What to measure
    #[arg(value_enum, default_values_t = [Workload::Single, Workload::Batch20, Workload::Batch50, Workload::Low, Workload::Seventy])]
    workloads: Vec<Workload>,
    /// Members of the group, the sender included
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    members: u32,
    /// Receipts of a workload, about
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(1..))]
    receipts: u32,
    /// Requests under way at the same time in a closed loop
    #[arg(long, default_value_t = 48, value_parser = clap::value_parser!(u16).range(1..))]
    in_flight: u16,
    /// Readers online at the same time, at most; the others of a larger group do not read (storm: the whole group)
    #[arg(long, default_value_t = 5_000, value_parser = clap::value_parser!(u32).range(1..))]
    readers: u32,
    /// Connections of `reconnect` and `connections`
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..))]
    connections: u32,
    /// Seconds of `low`, `soak` (default 1800) and `connections`
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    seconds: Option<u32>,
    /// Receipts a second of `seventy`; without it 0.7 of a run of `single` before it
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    rate: Option<u32>,
    /// A running server (ws://address:port) instead of one's own; its users and groups get names of their own
    #[arg(long, requires = "app", requires = "key_file", conflicts_with = "peer")]
    server: Option<String>,
    /// The SDKAppID on that server
    #[arg(long)]
    app: Option<u32>,
    /// The file with the key of that app
    #[arg(long)]
    key_file: Option<PathBuf>,
    /// A baseline of bench/ (ws://address:port) instead of Yidu
    #[arg(long)]
    peer: Option<String>,
    /// The processes of --server or --peer whose CPU and memory count, with their children
    #[arg(long)]
    pid: Vec<u32>,
    /// Where one's own server keeps its temporary folder: the disk that is measured
    #[arg(long)]
    folder: Option<PathBuf>,
    /// Draws latency, and growth if it was measured, as SVG
    #[arg(long)]
    plot: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Workload {
    Single,
    Batch20,
    Batch50,
    Low,
    Seventy,
    Storm,
    Growth,
    Reconnect,
    Soak,
    Connections,
    Start,
}

pub(crate) fn run(args: BenchArgs, output: Output) -> Result<ExitCode> {
    tokio::runtime::Runtime::new()?.block_on(bench(&args, output))
}

async fn bench(args: &BenchArgs, output: Output) -> Result<ExitCode> {
    let sockets = own_server::allow_many_sockets();
    let mut reports: Vec<Report> = Vec::new();
    if args.server.is_none() && args.peer.is_none() {
        // One server a workload: none inherits what another has left behind.
        for &workload in &args.workloads {
            let mut named = tempfile::Builder::new();
            let named = named.prefix("yidu-bench-");
            let folder = match &args.folder {
                Some(parent) => named.tempdir_in(parent),
                None => named.tempdir(),
            };
            let folder = folder.context("cannot make a folder")?;
            let (mut server, _) = Server::start(folder.path()).await?;
            let target = own_target(&server)?;
            let own = Some(&mut server);
            reports.extend(workload::run(&target, args, (workload, sockets), &reports, own, output).await?);
        }
    } else {
        let target = other_target(args)?;
        for &workload in &args.workloads {
            reports.extend(workload::run(&target, args, (workload, sockets), &reports, None, output).await?);
        }
    }
    if let Some(path) = &args.plot {
        std::fs::write(path, plot::svg(&reports))
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    output.result(
        || report::table(&reports),
        || serde_json::json!({ "workloads": reports.iter().map(Report::json).collect::<Vec<_>>() }),
    );
    Ok(ExitCode::SUCCESS)
}

fn own_target(server: &Server) -> Result<Target> {
    let app = crate::keys::only_app(&server.data())?;
    let key = crate::keys::read(&crate::keys::path(&server.data(), app))?;
    let pid = server.pid().context("the server has ended")?;
    let mut target = Target::new(address(&server.url())?, Some((app, key)), vec![pid]);
    target.data = Some(server.data());
    Ok(target)
}

fn other_target(args: &BenchArgs) -> Result<Target> {
    match (&args.server, &args.peer, args.app, &args.key_file) {
        (Some(url), None, Some(app), Some(file)) => {
            let key = crate::keys::read(file)?;
            Ok(Target::new(address(url)?, Some((app, key)), args.pid.clone()))
        }
        (None, Some(url), _, _) => {
            let only_yidu = |one: &&Workload| {
                use Workload::{Batch20, Batch50, Growth, Low, Seventy, Single, Storm};
                ![Single, Batch20, Batch50, Low, Seventy, Storm, Growth].contains(one)
            };
            if let Some(workload) = args.workloads.iter().find(only_yidu) {
                bail!("{workload:?} is measured on Yidu only: the baselines have no such thing");
            }
            Ok(Target::new(address(url)?, None, args.pid.clone()))
        }
        _ => bail!("--server needs --app and --key-file"),
    }
}

fn address(url: &str) -> Result<SocketAddr> {
    let address = url.strip_prefix("ws://").unwrap_or(url).trim_end_matches('/');
    let found = std::net::ToSocketAddrs::to_socket_addrs(address);
    let found = found.with_context(|| format!("{url} is not ws://<address>:<port>"))?;
    let mut found = found.filter(SocketAddr::is_ipv4);
    let first = found.next().with_context(|| format!("{url} has no IPv4 address"))?;
    ensure!(first.port() != 0, "{url} has no port");
    Ok(first)
}
