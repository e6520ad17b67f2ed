//! How a client is set up.

use std::time::Duration;

use tokio::runtime::Handle;
use tokio_tungstenite::tungstenite::http::Uri;
use yidu_proto::{WS_PATH, name, v1};

use crate::error::{Error, ErrorKind, Result};
use crate::{Client, Reconnect};

/// Where a client connects when it is not told.
pub const DEFAULT_SERVER: &str = "ws://127.0.0.1:7400";

/// Sets up a [`Client`]; made by [`Client::builder`]. Only the app has no default.
#[derive(Clone, Debug)]
#[must_use]
pub struct ClientBuilder {
    server: String,
    app_id: u32,
    device: Option<String>,
    platform: v1::Platform,
    reconnect: Reconnect,
    connect_timeout: Duration,
    request_timeout: Duration,
    event_capacity: usize,
    catch_up_limit: usize,
}

/// What the builder was told, checked.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) uri: Uri,
    pub(crate) app_id: u32,
    pub(crate) device: String,
    pub(crate) platform: v1::Platform,
    pub(crate) reconnect: Reconnect,
    pub(crate) connect_timeout: Duration,
    pub(crate) request_timeout: Duration,
    pub(crate) event_capacity: usize,
    pub(crate) catch_up_limit: usize,
}

impl ClientBuilder {
    pub(crate) fn new() -> ClientBuilder {
        ClientBuilder {
            server: DEFAULT_SERVER.to_owned(),
            app_id: 0,
            device: None,
            platform: v1::Platform::Other,
            reconnect: Reconnect::default(),
            connect_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_secs(30),
            event_capacity: 4_096,
            catch_up_limit: 1_000,
        }
    }

    /// The server: `ws://host:port`, or `wss://` in a build with the feature `tls`. Without a path, `/ws` is meant.
    pub fn server(mut self, url: impl Into<String>) -> ClientBuilder {
        self.server = url.into();
        self
    }

    /// The SDKAppID.
    pub fn app(mut self, app_id: u32) -> ClientBuilder {
        self.app_id = app_id;
        self
    }

    /// Names this installation among the user's devices: at most 64 bytes of printable ASCII, the same at every start.
    /// Without it a random one is used for the life of the client.
    pub fn device(mut self, id: impl Into<String>) -> ClientBuilder {
        self.device = Some(id.into());
        self
    }

    /// What kind of device this is, for `one per platform` (`semantics.md` rule 20).
    pub fn platform(mut self, platform: v1::Platform) -> ClientBuilder {
        self.platform = platform;
        self
    }

    /// How to come back after a lost connection. Default: full jitter, 0.5 s to 30 s, for ever.
    pub fn reconnect(mut self, policy: Reconnect) -> ClientBuilder {
        self.reconnect = policy;
        self
    }

    /// For connecting and logging in together. Default: 10 s.
    pub fn connect_timeout(mut self, limit: Duration) -> ClientBuilder {
        self.connect_timeout = limit;
        self
    }

    /// For every call, over reconnects. Default: 30 s.
    pub fn request_timeout(mut self, limit: Duration) -> ClientBuilder {
        self.request_timeout = limit;
        self
    }

    /// Events a subscriber may fall behind before it loses the oldest. Default: 4,096.
    pub fn event_capacity(mut self, events: usize) -> ClientBuilder {
        self.event_capacity = events;
        self
    }

    /// Messages of one conversation that are told one by one after a time away; older ones are summed up in
    /// [`Event::MessagesSkipped`](crate::Event::MessagesSkipped). Default: 1,000.
    pub fn catch_up_limit(mut self, messages: usize) -> ClientBuilder {
        self.catch_up_limit = messages;
        self
    }

    /// Makes the client and starts its background task. Does not connect: [`Client::login`] does.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`]: a value is out of bounds, or the call is not made inside a Tokio runtime.
    pub fn build(self) -> Result<Client> {
        let runtime = Handle::try_current()
            .map_err(|source| invalid("build a client inside a Tokio runtime").with_source(source))?;
        Ok(Client::start(self.check()?, &runtime))
    }

    fn check(self) -> Result<Config> {
        if self.app_id == 0 {
            return Err(invalid("no app; set the SDKAppID with app()"));
        }
        let device = self.device.unwrap_or_else(|| format!("rust-{:016x}", rand::random::<u64>()));
        name::check_device_id(&device)
            .map_err(|source| invalid("the device id cannot be one").with_source(source))?;
        if self.event_capacity == 0 || self.event_capacity > 1_000_000 {
            return Err(invalid("the event capacity has to be 1 to 1,000,000"));
        }
        Ok(Config {
            uri: server_uri(&self.server)?,
            app_id: self.app_id,
            device,
            platform: self.platform,
            reconnect: self.reconnect,
            connect_timeout: self.connect_timeout,
            request_timeout: self.request_timeout,
            event_capacity: self.event_capacity,
            catch_up_limit: self.catch_up_limit.max(1),
        })
    }
}

fn server_uri(url: &str) -> Result<Uri> {
    let uri: Uri =
        url.parse().map_err(|source| invalid("the server's address is not a URL").with_source(source))?;
    match uri.scheme_str() {
        Some("ws") => {}
        Some("wss") if cfg!(feature = "tls") => {}
        Some("wss") => return Err(invalid("this build has no TLS; build with the feature `tls` for wss://")),
        Some(_) | None => return Err(invalid("the server's address has to begin with ws:// or wss://")),
    }
    if uri.path() != "/" {
        return Ok(uri);
    }
    let mut parts = uri.into_parts();
    parts.path_and_query = WS_PATH.parse().ok();
    Uri::from_parts(parts).map_err(|source| invalid("the server's address is not a URL").with_source(source))
}

fn invalid(text: &str) -> Error {
    Error::new(ErrorKind::Invalid, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_a_path_means_the_websocket() {
        assert_eq!(server_uri("ws://h:1").unwrap().to_string(), "ws://h:1/ws");
        assert_eq!(server_uri("ws://h:1/").unwrap().to_string(), "ws://h:1/ws");
        assert_eq!(server_uri("ws://h/behind/a/proxy").unwrap().to_string(), "ws://h/behind/a/proxy");
    }

    #[test]
    fn a_bad_set_up_says_what_to_change() {
        let text = |builder: ClientBuilder| builder.check().unwrap_err().to_string();
        let good = || Client::builder().app(1);
        assert!(good().check().is_ok());
        assert!(text(Client::builder()).contains("app()"));
        assert!(text(good().server("http://h")).contains("ws://"));
        assert!(text(good().server("127.0.0.1")).contains("ws://"));
        assert!(text(good().device("x".repeat(65))).contains("device"));
        assert!(text(good().event_capacity(0)).contains("capacity"));
    }

    #[test]
    fn outside_a_runtime_it_says_so() {
        assert!(Client::builder().app(1).build().unwrap_err().to_string().contains("Tokio"));
    }
}
