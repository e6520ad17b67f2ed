//! The baselines and their databases, on free ports and temporary folders.

use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;

/// How long a database may take to start: generous, since machines are shared.
const START: Duration = Duration::from_secs(60);

/// A baseline that serves.
pub(super) struct Peer {
    pub(super) url: String,
    /// Of the program and of its database; their children count too.
    pub(super) pids: Vec<u32>,
    program: Child,
    database: Database,
    _folder: TempDir,
}

enum Database {
    Postgres { stop: Command },
    Redis(Child),
}

impl Peer {
    /// A, on a PostgreSQL of its own with its default settings.
    pub(super) fn postgres(root: &Path) -> Result<Peer> {
        let folder = tempfile::tempdir().context("no temporary folder")?;
        let (data, port) = (folder.path().join("data"), free_port()?);
        let tools = postgres_tools()?;
        if is_root() {
            // PostgreSQL refuses to run as root.
            run(Command::new("chown").arg("postgres").arg(folder.path()))?;
        }
        let initdb = ["--auth=trust", "--username=postgres", "--no-instructions", "-D"];
        run(as_postgres(&tools.join("initdb")).args(initdb).arg(&data))?;
        let options = format!("-p {port} -c listen_addresses=127.0.0.1 -k {}", folder.path().display());
        let mut start = as_postgres(&tools.join("pg_ctl"));
        start.arg("-D").arg(&data).arg("-l").arg(folder.path().join("log"));
        run(start.args(["-w", "-t", "60", "-o", &options, "start"]))?;
        let mut stop = as_postgres(&tools.join("pg_ctl"));
        stop.arg("-D").arg(&data).args(["-m", "immediate", "stop"]);
        let pid = std::fs::read_to_string(data.join("postmaster.pid")).context("no postmaster.pid")?;
        let pid = pid.lines().next().unwrap_or_default().parse().context("no number of the postmaster")?;
        let database = format!("host=127.0.0.1 port={port} user=postgres dbname=postgres");
        Peer::start(root, "postgres", &database, (Database::Postgres { stop }, pid), folder)
    }

    /// B, on a Redis of its own with an append-only log, synced every second.
    pub(super) fn redis(root: &Path) -> Result<Peer> {
        let folder = tempfile::tempdir().context("no temporary folder")?;
        let port = free_port()?;
        let settings =
            ["--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--bind", "127.0.0.1"];
        let mut server = Command::new("redis-server");
        server.args(["--port", &port.to_string(), "--dir"]).arg(folder.path()).args(settings);
        let server = server.stdout(Stdio::null()).spawn().context("cannot start redis-server")?;
        let pid = server.id();
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            ensure!(begun.elapsed() < START, "redis-server does not answer");
            std::thread::sleep(Duration::from_millis(20));
        }
        let url = format!("redis://127.0.0.1:{port}/");
        Peer::start(root, "redis", &url, (Database::Redis(server), pid), folder)
    }

    fn start(
        root: &Path,
        name: &str,
        database: &str,
        (kept, pid): (Database, u32),
        folder: TempDir,
    ) -> Result<Peer> {
        let program = root.join("bench/target/release").join(name);
        let mut program = Command::new(&program)
            .args([database, "0"])
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let output = program.stdout.take().context("the baseline has no output")?;
        let mut url = String::new();
        BufReader::new(output).read_line(&mut url)?;
        let pids = vec![pid, program.id()];
        let peer = Peer { url: url.trim().to_owned(), pids, program, database: kept, _folder: folder };
        ensure!(peer.url.starts_with("ws://"), "the baseline did not start");
        Ok(peer)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // An error says that it has ended.
        let _ = self.program.kill();
        let _ = self.program.wait();
        match &mut self.database {
            Database::Postgres { stop } => _ = stop.stdout(Stdio::null()).status(),
            Database::Redis(server) => {
                let _ = server.kill();
                let _ = server.wait();
            }
        }
    }
}

/// Debian keeps the tools of each version in a folder of its own: the newest.
fn postgres_tools() -> Result<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").context("PostgreSQL is not installed")?;
    let mut versions: Vec<PathBuf> = versions.flatten().map(|entry| entry.path().join("bin")).collect();
    versions.sort();
    match versions.pop() {
        Some(newest) => Ok(newest),
        None => bail!("PostgreSQL is not installed"),
    }
}

fn as_postgres(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(program).current_dir("/");
    command
}

fn run(command: &mut Command) -> Result<()> {
    let output = command.stdout(Stdio::null()).status();
    let status = output.with_context(|| format!("cannot start {}", command.get_program().display()))?;
    ensure!(status.success(), "{} ended with {status}", command.get_program().display());
    Ok(())
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free port")?;
    Ok(listener.local_addr()?.port())
}

fn is_root() -> bool {
    crate::debian::is_root()
}
