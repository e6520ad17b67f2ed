//! A real server in this process, and the people who use it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use futures_util::future::try_join_all;
use tempfile::TempDir;
use yidu_client::{Client, Reconnect};
use yidu_proto::v1::{self, GroupType};
use yidu_server::clock::{Clock as ServerClock, SystemClock};
use yidu_server::compose::{self, Running};
use yidu_server::config::Config;
use yidu_server::files::Files;
use yidu_server::service::{Caller, Service, SessionId};
use yidu_usersig::{Claims, SecretKey, sign};

use crate::api::Api;
use crate::link::Link;
use crate::user::User;
use crate::words::group;

/// Who administers every app of the testkit.
const ADMINISTRATOR: &str = "administrator";

/// For how long UserSigs are good, in seconds.
const SIG_SECONDS: u64 = 180 * 24 * 60 * 60;

/// Logins that are under way at once.
const LOGINS: usize = 16;

/// A server on a temporary folder and a port of its own, with one app.
pub struct TestServer {
    running: Option<Running>,
    config: Config,
    clock: Arc<dyn ServerClock>,
    address: SocketAddr,
    app: u32,
    key: SecretKey,
    _folder: TempDir,
}

/// `count` user ids that sort as they were made.
pub fn members(prefix: &str, count: usize) -> Vec<String> {
    (0..count).map(|n| format!("{prefix}-{n:06}")).collect()
}

impl TestServer {
    /// Starts with the settings that a new server has.
    pub async fn start() -> Result<TestServer> {
        TestServer::with(|_| ()).await
    }

    /// Starts with changed settings.
    pub async fn with(change: impl FnOnce(&mut Config)) -> Result<TestServer> {
        TestServer::launch(change, Arc::new(SystemClock)).await
    }

    /// Starts with a clock that the story moves.
    pub async fn with_clock(clock: &crate::Clock) -> Result<TestServer> {
        TestServer::launch(|_| (), Arc::new(clock.clone())).await
    }

    async fn launch(change: impl FnOnce(&mut Config), clock: Arc<dyn ServerClock>) -> Result<TestServer> {
        let folder = TempDir::new()?;
        let mut config = Config::default();
        config.data_dir = folder.path().join("data");
        config.listen = SocketAddr::from(([127, 0, 0, 1], 0));
        change(&mut config);
        let running = compose::start_with_clock(config.clone(), Arc::clone(&clock)).await?;
        let address = running.local_addr();
        // The same port at every start, so that clients find the way back.
        config.listen = address;
        let app = running.service().create_app("stories").await?;
        let key = SecretKey::new(app.keys.first().context("an app without a key")?.secret.as_str())?;
        Ok(TestServer { running: Some(running), config, clock, address, app: app.id.0, key, _folder: folder })
    }

    /// Another app of the same server. What is asked of it by name goes to the same port; it cannot be stopped.
    pub async fn another_app(&self) -> Result<TestServer> {
        let app = self.service().create_app("another").await?;
        let key = SecretKey::new(app.keys.first().context("an app without a key")?.secret.as_str())?;
        Ok(TestServer {
            running: None,
            config: self.config.clone(),
            clock: Arc::clone(&self.clock),
            address: self.address,
            app: app.id.0,
            key,
            _folder: TempDir::new()?,
        })
    }

    /// Stops as an operator would: clients are told, running requests finish, the store closes.
    pub async fn stop(&mut self) -> Result<()> {
        if let Some(running) = self.running.take() {
            running.stop().await?;
        }
        Ok(())
    }

    /// Breaks off: no goodbye, no closing of the store.
    pub async fn abort(&mut self) {
        if let Some(running) = self.running.take() {
            running.abort().await;
        }
    }

    /// Stops, if it runs, and starts on the same folder and port.
    pub async fn restart(&mut self) -> Result<()> {
        self.stop().await?;
        self.start_again().await
    }

    /// Breaks off and starts on the same folder and port.
    pub async fn abort_and_restart(&mut self) -> Result<()> {
        self.abort().await;
        self.start_again().await
    }

    async fn start_again(&mut self) -> Result<()> {
        let running = compose::start_with_clock(self.config.clone(), Arc::clone(&self.clock)).await?;
        ensure!(running.local_addr() == self.address, "another port than before");
        self.running = Some(running);
        Ok(())
    }

    /// Where clients connect.
    pub fn url(&self) -> String {
        format!("ws://{}", self.address)
    }

    /// Where back ends connect.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where the console is served; `None`: nowhere.
    pub fn console_address(&self) -> Option<SocketAddr> {
        self.running.as_ref()?.console_addr()
    }

    /// What makes the first operator of the console.
    pub fn setup_token(&self) -> Option<String> {
        self.running.as_ref()?.setup_token()
    }

    /// The app's secret key, for generators of UserSigs that are not ours.
    pub fn secret(&self) -> &SecretKey {
        &self.key
    }

    /// The SDKAppID.
    pub fn app(&self) -> u32 {
        self.app
    }

    /// The rules themselves, for what no socket leads to.
    ///
    /// # Panics
    /// The server is stopped.
    pub fn service(&self) -> Arc<Service> {
        let running = self.running.as_ref();
        running.map(Running::service).expect("stories ask a server that runs")
    }

    /// A UserSig of the app's key.
    pub fn sig(&self, user: &str) -> String {
        self.sig_for(self.app, user)
    }

    /// A UserSig of the app's key for another app.
    pub fn sig_for(&self, app: u32, user: &str) -> String {
        sign(&self.key, &self.claims(app, user))
    }

    /// A UserSig of another key.
    pub fn sig_with(&self, key: &str, user: &str) -> Result<String> {
        Ok(sign(&SecretKey::new(key)?, &self.claims(self.app, user)))
    }

    /// A UserSig that has run out.
    pub fn expired_sig(&self, user: &str) -> String {
        let claims = self.claims(self.app, user);
        let issued_at = claims.issued_at - 1_000;
        sign(&self.key, &Claims { issued_at, expires_in: 10, ..claims })
    }

    fn claims(&self, app_id: u32, user: &str) -> Claims {
        let issued_at = self.clock.now() / 1_000;
        Claims { app_id, user_id: user.to_owned(), issued_at, expires_in: SIG_SECONDS, userbuf: None }
    }

    /// The request that logs a user in on a device.
    pub fn login(&self, user: &str, device: &str) -> v1::Login {
        v1::Login {
            app_id: self.app,
            user_id: user.to_owned(),
            user_sig: self.sig(user),
            platform: v1::Platform::Linux.into(),
            device_id: device.to_owned(),
        }
    }

    /// A user, logged in by hand on a device of its own.
    pub async fn user(&self, user: &str) -> Result<User> {
        static DEVICES: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
        let number = DEVICES.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        self.device(user, &format!("device-{number}")).await
    }

    /// A user, logged in by hand on a named device.
    pub async fn device(&self, user: &str, device: &str) -> Result<User> {
        User::login(&self.url(), self.login(user, device)).await
    }

    /// Several users, in order.
    pub async fn users(&self, users: &[impl AsRef<str>]) -> Result<Vec<User>> {
        let mut all = Vec::with_capacity(users.len());
        for users in users.chunks(LOGINS) {
            all.extend(try_join_all(users.iter().map(|user| self.user(user.as_ref()))).await?);
        }
        Ok(all)
    }

    /// An administrator of the app.
    pub async fn administrator(&self) -> Result<User> {
        self.user(ADMINISTRATOR).await
    }

    /// A caller of [`TestServer::service`] who is that user.
    pub async fn caller(&self, user: &str) -> Result<Caller> {
        let logged_in = self.service().login(&self.login(user, "caller")).await?;
        Ok(logged_in.caller(SessionId(u64::MAX), v1::Platform::Other.into()))
    }

    /// An SDK client, logged in.
    pub async fn client(&self, user: &str) -> Result<Client> {
        self.client_device(user, "sdk").await
    }

    /// An SDK client, logged in on a named device.
    pub async fn client_device(&self, user: &str, device: &str) -> Result<Client> {
        self.client_at(&self.url(), user, device).await
    }

    /// An SDK client whose way to the server can be cut.
    pub async fn client_over(&self, link: &Link, user: &str) -> Result<Client> {
        self.client_at(&link.url(), user, "sdk").await
    }

    /// An SDK client that connects at a URL.
    pub async fn client_at(&self, url: &str, user: &str, device: &str) -> Result<Client> {
        let client =
            Client::builder().server(url).app(self.app).device(device).reconnect(impatient()).build()?;
        client.login(user, self.sig(user)).await?;
        Ok(client)
    }

    /// A caller of `/api/v1` who is this user.
    pub fn api(&self, user: &str) -> Api {
        Api::new(self.address, Some(self.sig(user)))
    }

    /// A caller of `/api/v1` without a token.
    pub fn api_of_nobody(&self) -> Api {
        Api::new(self.address, None)
    }

    /// The files beside the store.
    pub fn files(&self) -> Result<&Files> {
        self.running.as_ref().and_then(Running::files).context("a server without files")
    }

    /// A caller of `/api/v1` who is the operator of the server.
    pub fn api_of_operator(&self) -> Result<Api> {
        Ok(Api::new(self.address, Some(self.operator_token()?)))
    }

    /// The token of the data folder.
    pub fn operator_token(&self) -> Result<String> {
        Ok(self.files()?.read_operator_token()?)
    }

    /// Changes the app's settings.
    pub async fn settings(&self, change: impl FnOnce(&mut v1::AppSettings)) -> Result<()> {
        let mut administrator = self.administrator().await?;
        let mut settings = administrator.ask(v1::GetSettings {}).await?.settings.context("no settings")?;
        change(&mut settings);
        administrator.ask(v1::ModifySettings { settings: Some(settings), ..Default::default() }).await?;
        Ok(())
    }

    /// A new group with these members, who get accounts where they have none; the first is the owner. Nobody is told.
    pub async fn group(&self, kind: GroupType, members: &[impl AsRef<str>]) -> Result<v1::ConversationRef> {
        let members: Vec<String> = members.iter().map(|user| user.as_ref().to_owned()).collect();
        let mut administrator = self.administrator().await?;
        for users in members.chunks(yidu_proto::limits::ADD_MEMBERS_ADMIN) {
            let profile = |user: &String| v1::Profile { user_id: user.clone(), ..Default::default() };
            let failed = administrator
                .ask(v1::ImportAccounts { accounts: users.iter().map(profile).collect() })
                .await?
                .failed;
            ensure!(failed.is_empty(), "not user ids: {failed:?}");
        }
        let (owner, others) = members.split_first().context("a group without an owner")?;
        let create = v1::CreateGroup {
            r#type: kind.into(),
            name: "a group".into(),
            owner: owner.clone(),
            ..Default::default()
        };
        let to = group(&administrator.ask(create).await?.group_id);
        administrator.adds(&to, others).await?;
        Ok(to)
    }
}

/// Stories should not wait for a client to dare another attempt.
fn impatient() -> Reconnect {
    Reconnect::between(Duration::from_millis(10), Duration::from_millis(100))
}
