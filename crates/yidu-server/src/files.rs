//! Files beside the store in a data folder: the newest key of each app, the operator's token, the accounts of operators, where the server listens.
//!
//! The store holds the keys that count; the file is where an operator finds the newest one, and what lets `yidu usersig`
//! work while a server runs on the folder. Secrets are readable by the owner of the folder only, and files are replaced as
//! a whole, so that a crash leaves the old or the new one.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
#[cfg(unix)]
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::config::Config;

/// Characters of a token that cannot be guessed.
const TOKEN: usize = 32;

/// Who may be signed in as: only `yidu demo` writes it.
const DEMO: &str = "demo.json";

/// Who may sign in to the console, with hashes of passwords.
const OPERATORS: &str = "operators.json";

/// The files of one data folder.
#[derive(Clone, Debug)]
pub struct Files {
    folder: PathBuf,
    token: PathBuf,
}

impl Files {
    /// The files of the data folder of a configuration.
    pub fn of(config: &Config) -> Files {
        let folder = config.data_dir.clone();
        Files { token: folder.join(&config.rest.operator_token_file), folder }
    }

    /// The files of a data folder whose configuration says nothing else.
    pub fn in_folder(folder: &Path) -> Files {
        let mut config = Config::default();
        config.data_dir = folder.to_owned();
        Files::of(&config)
    }

    /// Where the newest key of an app is: `apps/<SDKAppID>.key`.
    pub fn app_key(&self, app: u32) -> PathBuf {
        self.folder.join("apps").join(format!("{app}.key"))
    }

    /// Writes the newest key of an app and tells where.
    pub fn write_app_key(&self, app: u32, secret: &str) -> io::Result<PathBuf> {
        let path = self.app_key(app);
        replace(&path, secret)?;
        Ok(path)
    }

    /// Where the operator's token is.
    pub fn operator_token(&self) -> &Path {
        &self.token
    }

    /// Reads the operator's token.
    pub fn read_operator_token(&self) -> io::Result<String> {
        let token = fs::read_to_string(&self.token)?.trim().to_owned();
        if token.len() < TOKEN || !token.chars().all(|c| c.is_ascii_graphic()) {
            let text = format!(
                "it holds no token: {TOKEN} printable characters at least; without the file a new one is made"
            );
            return Err(io::Error::new(io::ErrorKind::InvalidData, text));
        }
        Ok(token)
    }

    /// Reads the operator's token, which is made where there is none.
    pub fn open_operator_token(&self) -> io::Result<String> {
        match self.read_operator_token() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let bytes: [u8; 32] = rand::random();
                let token: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                replace(&self.token, &token)?;
                Ok(token)
            }
            read => read,
        }
    }

    /// Says where the server listens, for commands on the same machine.
    pub fn announce(&self, listening: SocketAddr) -> io::Result<()> {
        replace(&self.address_file(), &reachable(listening).to_string())
    }

    /// The server is about to stop.
    pub fn withdraw(&self) {
        let _not_there = fs::remove_file(self.address_file());
    }

    /// Where the server that was started last on this folder listens; it may have crashed since.
    pub fn address(&self) -> Option<SocketAddr> {
        fs::read_to_string(self.address_file()).ok()?.trim().parse().ok()
    }

    /// Who may be signed in as at a demo, as the chat reads it.
    pub fn write_demo(&self, json: &str) -> io::Result<()> {
        replace(&self.folder.join(DEMO), json)
    }

    /// What [`Self::write_demo`] wrote.
    pub fn read_demo(&self) -> io::Result<String> {
        fs::read_to_string(self.folder.join(DEMO))
    }

    /// The accounts of operators, as [`Self::write_operators`] wrote them.
    pub fn read_operators(&self) -> io::Result<String> {
        fs::read_to_string(self.operators())
    }

    /// Where the accounts of operators are.
    pub fn operators(&self) -> PathBuf {
        self.folder.join(OPERATORS)
    }

    /// Replaces the accounts of operators.
    pub fn write_operators(&self, json: &str) -> io::Result<()> {
        replace(&self.operators(), json)
    }

    fn address_file(&self) -> PathBuf {
        self.folder.join("server.address")
    }
}

/// Where somebody on this machine connects to a server that may listen on all addresses.
fn reachable(listening: SocketAddr) -> SocketAddr {
    let ip = match listening.ip() {
        ip if !ip.is_unspecified() => ip,
        IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    };
    SocketAddr::new(ip, listening.port())
}

fn replace(path: &Path, line: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut new = path.as_os_str().to_owned();
    new.push(".new");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    options.mode(0o600);
    let mut file = options.open(&new)?;
    writeln!(file, "{line}")?;
    file.sync_all()?;
    fs::rename(&new, path)?;
    // A power cut must not take the new name back.
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_made_once_and_for_the_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::in_folder(&folder.path().join("data"));
        let token = files.open_operator_token().unwrap();
        assert_eq!(token.len(), 64);
        assert_eq!(files.open_operator_token().unwrap(), token);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(files.operator_token()).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        fs::write(files.operator_token(), "short\n").unwrap();
        assert!(files.open_operator_token().unwrap_err().to_string().contains("32 printable"));
    }

    #[test]
    fn the_address_is_one_that_can_be_connected_to() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::in_folder(folder.path());
        assert_eq!(files.address(), None);
        for (listening, told) in
            [("0.0.0.0:7", "127.0.0.1:7"), ("[::]:7", "[::1]:7"), ("10.0.0.1:7", "10.0.0.1:7")]
        {
            files.announce(listening.parse().unwrap()).unwrap();
            assert_eq!(files.address(), Some(told.parse().unwrap()));
        }
        files.withdraw();
        assert_eq!(files.address(), None);
    }
}
