//! The real binary as a process on a temporary folder.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use yidu_proto::v1;
use yidu_usersig::{Claims, SecretKey, sign};

const START_DEADLINE: Duration = Duration::from_secs(60);

pub(crate) struct Process {
    folder: PathBuf,
    addr: SocketAddr,
    child: Child,
}

impl Process {
    pub(crate) fn start(folder: &Path) -> Process {
        let addr = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let child = spawn(folder, addr);
        let process = Process { folder: folder.to_owned(), addr, child };
        process.wait_until_ready();
        process
    }

    /// SIGKILL, then the same command on the same folder and port.
    pub(crate) fn kill_and_restart(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.child = spawn(&self.folder, self.addr);
        self.wait_until_ready();
    }

    pub(crate) fn url(&self) -> String {
        format!("ws://{}", self.addr)
    }

    pub(crate) fn login(&self, user: &str) -> v1::Login {
        let key = key_file(&self.folder).unwrap();
        let app_id = key.file_stem().unwrap().to_str().unwrap().parse().unwrap();
        let key: SecretKey = std::fs::read_to_string(&key).unwrap().trim().parse().unwrap();
        let issued_at = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
        let claims = Claims { app_id, user_id: user.into(), issued_at, expires_in: 3_600, userbuf: None };
        v1::Login { app_id, user_id: user.into(), user_sig: sign(&key, &claims), ..v1::Login::default() }
    }

    fn wait_until_ready(&self) {
        let begun = Instant::now();
        while key_file(&self.folder).is_none() || std::net::TcpStream::connect(self.addr).is_err() {
            let log = std::fs::read_to_string(self.folder.join("server.log")).unwrap_or_default();
            assert!(begun.elapsed() < START_DEADLINE, "the server does not come up:\n{log}");
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// The key of the app that the first start makes; `None` until it is there whole, under its last name.
fn key_file(folder: &Path) -> Option<PathBuf> {
    let files = std::fs::read_dir(folder.join("yidu-data/apps")).ok()?;
    files.filter_map(|file| Some(file.ok()?.path())).find(|file| file.extension().is_some_and(|e| e == "key"))
}

fn spawn(folder: &Path, addr: SocketAddr) -> Child {
    let log = std::fs::OpenOptions::new().create(true).append(true).open(folder.join("server.log")).unwrap();
    Command::new(env!("CARGO_BIN_EXE_yidu"))
        .args(["serve", "--listen", &addr.to_string(), "--data"])
        .arg(folder.join("yidu-data"))
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .unwrap()
}
