//! Settings of the server: defaults, then a TOML file, then the environment; the later wins.
//!
//! A setting of the environment is named `YIDU_` and the key in capitals, with `_` for the dot: `YIDU_LISTEN`,
//! `YIDU_GATEWAY_HEARTBEAT_SECONDS`. The documentation of the fields is the documentation of the settings:
//! [`Config::example`] writes `yidu.example.toml` from it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

mod nearest;
mod section;
#[cfg(test)]
mod tests;
mod value;

use nearest::nearest;
use section::{Key, Section, section};
use value::{Raw, Value};

/// The form of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line, for machines.
    Json,
}

section! {
    /// What stands outside of any section of the file.
    pub struct Base {
        /// The address to listen on. Port 0 takes a free one. For other machines to connect: 0.0.0.0:7400, behind a proxy
        /// that speaks TLS.
        listen: SocketAddr = SocketAddr::from(([127, 0, 0, 1], 7_400));
        /// The folder that holds everything. Made when it is not there.
        data_dir: PathBuf = PathBuf::from("./yidu-data");
    }
}

section! {
    /// Connections and sessions.
    pub struct GatewayConfig {
        /// Connections at once. When they are all taken, accepting waits. Each needs a file descriptor.
        connections: usize = 100_000, in 1..=10_000_000;
        /// Of those, how many may not have logged in yet. When they are all taken, accepting waits.
        connections_not_logged_in: usize = 4_096, in 1..=1_000_000;
        /// Seconds a connection has to log in.
        login_seconds: u64 = 10, in 1..=300;
        /// Seconds between the signs of life that are asked of a client. It is taken for gone after three without one.
        heartbeat_seconds: u64 = 30, in 1..=3_600;
        /// Requests of one session under way. When they are, nothing more is read from it.
        requests: usize = 64, in 1..=10_000;
        /// Seconds without a byte going out after which a socket that is being written to is closed.
        stalled_seconds: u64 = 30, in 1..=3_600;
        /// Messages and other pushes that may wait for one session. When there are more, they are dropped and the client is
        /// told to pull.
        outbox_pushes: usize = 1_024, in 16..=1_000_000;
        /// KiB of those.
        outbox_kib: usize = 1_024, in 64..=1_048_576;
        /// Messages with receipt updates under way to one session (those of the last 200 ms included).
        outbox_receipts: usize = 4_096, in 16..=1_000_000;
        /// Seconds that running requests and connections get to end when the server stops.
        drain_seconds: u64 = 10, in 0..=3_600;
    }
}

section! {
    /// The store of a single machine.
    pub struct StorageConfig {
        /// MiB for member lists and read sets in memory, and as many again for blocks of the disk.
        cache_mib: usize = 128, in 8..=1_048_576;
        /// MiB of receipts in the journal after which they are folded into their read sets. More writes less to disk and
        /// makes starting slower.
        journal_fold_mib: u64 = 16, in 1..=4_096;
        /// Receipts in the journal after which they are folded, whatever their size. They are held in memory meanwhile.
        journal_fold_receipts: u64 = 4_000_000, in 1_000..=100_000_000;
    }
}

section! {
    /// HTTP for back ends and operators: REST v4 and /api/v1.
    pub struct RestConfig {
        /// Requests a second of one user of an app. Beyond that they are refused with 60007 and a time to wait.
        user_requests_per_second: u64 = 5_000, in 1..=1_000_000;
        /// Requests a second of all users of an app together. Beyond that they are refused with 60011 and a time to wait.
        app_requests_per_second: u64 = 20_000, in 1..=1_000_000;
        /// The file with the operator's token, which opens the whole of /api/v1. Made, readable by its owner only, when it
        /// is not there. A path that is not absolute begins in the data folder.
        operator_token_file: PathBuf = PathBuf::from("operator.token");
    }
}

section! {
    /// The chat in the browser.
    pub struct ChatConfig {
        /// Serve its pages at /.
        enabled: bool = true;
    }
}

section! {
    /// The administrator's console in the browser.
    pub struct ConsoleConfig {
        /// Serve its pages at /console/, and let operators sign in there.
        enabled: bool = true;
        /// An address of its own, such as 127.0.0.1:7401. The console is then served there, with /api/v1, and nobody can
        /// sign in at the other address. Empty: at the address that serves everything.
        listen: Option<SocketAddr> = None;
    }
}

section! {
    /// What the server writes to standard error.
    pub struct LogConfig {
        /// error, warn, info, debug or trace; or a filter by module, such as "info,yidu_server::gateway=debug".
        level: String = "info".to_owned();
        /// "text" for people, "json" for machines.
        format: LogFormat = LogFormat::Text;
    }
}

/// All settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    base: Base,
    /// Connections and sessions.
    pub gateway: GatewayConfig,
    /// The store of a single machine.
    pub storage: StorageConfig,
    /// HTTP for back ends and operators.
    pub rest: RestConfig,
    /// The chat in the browser.
    pub chat: ChatConfig,
    /// The administrator's console in the browser.
    pub console: ConsoleConfig,
    /// What the server writes to standard error.
    pub log: LogConfig,
}

/// `config.listen` and `config.data_dir`.
impl std::ops::Deref for Config {
    type Target = Base;

    fn deref(&self) -> &Base {
        &self.base
    }
}

impl std::ops::DerefMut for Config {
    fn deref_mut(&mut self) -> &mut Base {
        &mut self.base
    }
}

/// What is wrong with the settings. The text names where it stands, the key, and what would be right.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is not there or not to be read.
    #[error("cannot read {}: {error}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        error: std::io::Error,
    },
    /// The file is not TOML.
    #[error("{} is not TOML: {error}", path.display())]
    NotToml {
        /// The file.
        path: PathBuf,
        /// Where and why.
        error: Box<toml::de::Error>,
    },
    /// A key that no setting has.
    #[error("{place}: there is no setting {key}{}", meant(.nearest.as_deref()))]
    UnknownKey {
        /// The file or the environment.
        place: String,
        /// The key.
        key: String,
        /// The one that was probably meant.
        nearest: Option<String>,
    },
    /// A value of another type, or out of bounds.
    #[error("{place}: {key}: {problem}")]
    BadValue {
        /// The file or the environment.
        place: String,
        /// The key.
        key: String,
        /// What is wrong and what would be right.
        problem: String,
    },
}

fn meant(nearest: Option<&str>) -> String {
    nearest.map(|name| format!(", did you mean {name}?")).unwrap_or_default()
}

impl Config {
    /// The settings of a file, if there is one, and of the environment.
    ///
    /// Variables that begin with `YIDU_` and a section but name no setting are refused; others, such as
    /// `YIDU_SERVER_URL` of the clients, are none of the server's business.
    ///
    /// # Errors
    /// See [`ConfigError`].
    pub fn load(file: Option<&Path>) -> Result<Config, ConfigError> {
        let variables = std::env::vars_os();
        Config::read(
            file,
            variables.filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?))),
        )
    }

    /// All settings with their documentation and defaults, as a TOML file.
    pub fn example() -> String {
        let mut out = String::from(
            "# Settings of a Yidu server, with their defaults. Leave out what is to stay as it is.\n\
             # Each can be given in the environment too: YIDU_LISTEN, YIDU_GATEWAY_HEARTBEAT_SECONDS. The environment wins.\n\
             # Written from the documentation in the code: change it there, then run\n\
             # YIDU_WRITE_EXAMPLE=1 cargo test -p yidu-server --lib example\n",
        );
        for (section, about, keys) in sections() {
            if !section.is_empty() {
                out.push_str(&format!("\n# {about}\n[{section}]\n"));
            }
            for key in keys {
                out.push('\n');
                key.doc.iter().for_each(|line| out.push_str(&format!("#{line}\n")));
                out.push_str(&format!("{} = {}\n", key.name, key.default));
            }
        }
        out
    }

    /// Every setting is within its bounds.
    ///
    /// # Errors
    /// [`ConfigError::BadValue`] for the first that is not.
    pub fn check(&self) -> Result<(), ConfigError> {
        self.check_from("the configuration")
    }

    fn read(
        file: Option<&Path>,
        variables: impl Iterator<Item = (String, String)>,
    ) -> Result<Config, ConfigError> {
        let mut config = Config::default();
        if let Some(path) = file {
            let text = std::fs::read_to_string(path)
                .map_err(|error| ConfigError::Unreadable { path: path.to_owned(), error })?;
            config.read_toml(path, &text)?;
            config.check_from(&path.display().to_string())?;
        }
        for (name, value) in variables {
            config.read_variable(&name, &value)?;
        }
        config.check_from("the environment")?;
        Ok(config)
    }

    fn read_toml(&mut self, path: &Path, text: &str) -> Result<(), ConfigError> {
        let table: toml::Table = text
            .parse()
            .map_err(|error| ConfigError::NotToml { path: path.to_owned(), error: Box::new(error) })?;
        let place = path.display().to_string();
        for (name, value) in &table {
            match value {
                toml::Value::Table(section) if self.section(name).is_some() => {
                    for (key, value) in section {
                        self.set(&place, name, key, Raw::Toml(value))?;
                    }
                }
                _ => self.set(&place, "", name, Raw::Toml(value))?,
            }
        }
        Ok(())
    }

    fn read_variable(&mut self, name: &str, value: &str) -> Result<(), ConfigError> {
        let Some(name) = name.strip_prefix("YIDU_") else { return Ok(()) };
        let name = name.to_ascii_lowercase();
        let place = "the environment";
        for (section, _, keys) in sections() {
            let key = if section.is_empty() {
                Some(name.as_str())
            } else {
                name.strip_prefix(&format!("{section}_"))
            };
            let Some(key) = key else { continue };
            if !section.is_empty() || keys.iter().any(|known| known.name == key) {
                return self.set(place, section, key, Raw::Text(value));
            }
        }
        Ok(())
    }

    fn set(&mut self, place: &str, section: &str, key: &str, raw: Raw<'_>) -> Result<(), ConfigError> {
        let place = place.to_owned();
        let full = full_name(section, key);
        match self.section(section).and_then(|settings| settings.set(key, raw)) {
            Some(Ok(())) => Ok(()),
            Some(Err(problem)) => Err(ConfigError::BadValue { place, key: full, problem }),
            None => {
                let names: Vec<String> = sections()
                    .iter()
                    .flat_map(|(section, _, keys)| keys.iter().map(|key| full_name(section, key.name)))
                    .collect();
                let nearest = nearest(&full, names.iter().map(String::as_str)).map(str::to_owned);
                Err(ConfigError::UnknownKey { place, key: full, nearest })
            }
        }
    }

    fn section(&mut self, name: &str) -> Option<&mut dyn Section> {
        match name {
            "" => Some(&mut self.base),
            "gateway" => Some(&mut self.gateway),
            "storage" => Some(&mut self.storage),
            "rest" => Some(&mut self.rest),
            "chat" => Some(&mut self.chat),
            "console" => Some(&mut self.console),
            "log" => Some(&mut self.log),
            _ => None,
        }
    }

    /// Every setting by its full name, with its value as it stands in a TOML file.
    pub fn shown(&self) -> Vec<(String, String)> {
        let all = self.all().into_iter().flat_map(|(section, settings)| {
            settings.shown().into_iter().map(move |(key, value)| (full_name(section, key), value))
        });
        all.collect()
    }

    fn all(&self) -> [(&'static str, &dyn Section); 7] {
        [
            ("", &self.base),
            ("gateway", &self.gateway),
            ("storage", &self.storage),
            ("rest", &self.rest),
            ("chat", &self.chat),
            ("console", &self.console),
            ("log", &self.log),
        ]
    }

    fn check_from(&self, place: &str) -> Result<(), ConfigError> {
        let bad = self.all().into_iter().find_map(|(section, settings)| {
            settings.out_of_bounds().map(|(key, problem)| (full_name(section, key), problem))
        });
        match bad {
            Some((key, problem)) => Err(ConfigError::BadValue { place: place.to_owned(), key, problem }),
            None => Ok(()),
        }
    }
}

/// Name, purpose and settings of each section, in the order of the file.
fn sections() -> [(&'static str, &'static str, Vec<Key>); 7] {
    [
        ("", "", Base::keys()),
        ("gateway", "Connections and sessions.", GatewayConfig::keys()),
        ("storage", "The store of a single machine.", StorageConfig::keys()),
        ("rest", "HTTP for back ends and operators: REST v4 and /api/v1.", RestConfig::keys()),
        ("chat", "The chat in the browser.", ChatConfig::keys()),
        ("console", "The administrator's console in the browser.", ConsoleConfig::keys()),
        ("log", "What the server writes to standard error.", LogConfig::keys()),
    ]
}

fn full_name(section: &str, key: &str) -> String {
    if section.is_empty() { key.to_owned() } else { format!("{section}.{key}") }
}
