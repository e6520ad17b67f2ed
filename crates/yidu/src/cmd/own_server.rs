//! A server of one's own: this same binary as a process, so that it can be killed and its use of the machine is its own.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep};

/// How long a start may take before it counts as failed: generous, since machines are shared.
const START_DEADLINE: Duration = Duration::from_secs(60);

/// A `yidu serve` on a folder and a port that stay the same over restarts.
pub(crate) struct Server {
    folder: PathBuf,
    addr: SocketAddr,
    child: Option<Child>,
}

impl Server {
    /// Picks a free port and starts; with the time until it served.
    pub(crate) async fn start(folder: &Path) -> Result<(Server, Duration)> {
        let addr = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|port| port.local_addr());
        let addr = addr.context("cannot find a free port on 127.0.0.1")?;
        let mut server = Server { folder: folder.to_owned(), addr, child: None };
        let took = server.restart().await?;
        Ok((server, took))
    }

    /// Where clients connect.
    pub(crate) fn url(&self) -> String {
        format!("ws://{}", self.addr)
    }

    /// The folder of the server.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.join("yidu-data")
    }

    /// Ends the process as a power cut would: SIGKILL, no chance to say goodbye.
    pub(crate) async fn kill(&mut self) -> Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill().await.context("cannot kill the server")?;
        }
        Ok(())
    }

    /// Starts on the same folder and port; returns the time until it serves.
    pub(crate) async fn restart(&mut self) -> Result<Duration> {
        let begun = Instant::now();
        let log = self.folder.join("server.log");
        let log = std::fs::OpenOptions::new().create(true).append(true).open(&log)?;
        let child = Command::new(std::env::current_exe().context("cannot find this program")?)
            .arg("serve")
            .arg("--data")
            .arg(self.data())
            .arg("--listen")
            .arg(self.addr.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::from(log.try_clone()?))
            .stderr(Stdio::from(log))
            .kill_on_drop(true)
            .spawn()
            .context("cannot start the server")?;
        self.child = Some(child);
        // The first start makes the app behind the listening socket.
        while !(self.is_ready().await && crate::keys::only_app(&self.data()).is_ok()) {
            if let Some(status) = self.child.as_mut().and_then(|child| child.try_wait().ok().flatten()) {
                bail!("the server ended ({status}): {}", self.last_words());
            }
            if begun.elapsed() > START_DEADLINE {
                bail!("the server does not answer on {}: {}", self.addr, self.last_words());
            }
            sleep(Duration::from_millis(5)).await;
        }
        Ok(begun.elapsed())
    }

    /// The number of the process while it runs.
    pub(crate) fn pid(&self) -> Option<u32> {
        self.child.as_ref()?.id()
    }

    /// Resident memory at its highest, in bytes, where the system tells.
    pub(crate) fn peak_memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.as_ref()?.id()?)).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(kib * 1024)
    }

    async fn is_ready(&self) -> bool {
        let asked = async {
            let mut stream = TcpStream::connect(self.addr).await?;
            stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await?;
            let mut head = [0_u8; 12];
            stream.read_exact(&mut head).await?;
            std::io::Result::Ok(&head == b"HTTP/1.1 200")
        };
        matches!(tokio::time::timeout(Duration::from_secs(2), asked).await, Ok(Ok(true)))
    }

    fn last_words(&self) -> String {
        let log = std::fs::read_to_string(self.folder.join("server.log")).unwrap_or_default();
        let tail: Vec<&str> = log.lines().rev().take(5).collect();
        tail.into_iter().rev().collect::<Vec<_>>().join("\n")
    }
}

/// Clients and the server each hold a socket per connection: take what the system lets this user take, for this process and
/// those it starts; returns how many. A refusal is not an error: fewer are then online at once.
pub(crate) fn allow_many_sockets() -> u64 {
    const WANTED: u64 = 250_000;
    // Only a privileged user may go above the hard limit.
    let _refused = rlimit::Resource::NOFILE.set(WANTED, WANTED);
    if let Ok((soft, hard)) = rlimit::Resource::NOFILE.get() {
        let _unchanged = rlimit::Resource::NOFILE.set(hard.min(WANTED).max(soft), hard);
    }
    rlimit::Resource::NOFILE.get().map_or(1_024, |(soft, _)| soft)
}
