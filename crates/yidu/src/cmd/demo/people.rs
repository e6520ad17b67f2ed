//! The people of the demo and how they log in.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use yidu_client::{Client, ErrorKind, v1};
use yidu_proto::limits;
use yidu_usersig::{Claims, SecretKey, sign};

use crate::cmd::own_server::Server;

/// The administrator of a new app.
const ADMINISTRATOR: &str = "administrator";
/// The one who sends.
pub(crate) const SENDER: &str = "alice";

/// How long somebody tries to log in while the server is away: generous, since machines are shared.
const LOGIN_DEADLINE: Duration = Duration::from_secs(60);

/// Names, keys, addresses.
pub(crate) struct People {
    url: String,
    app: u32,
    key: SecretKey,
    members: u32,
}

impl People {
    pub(crate) fn of(server: &Server, members: u32) -> Result<People> {
        let app = crate::keys::only_app(&server.data())?;
        let key = crate::keys::read(&crate::keys::path(&server.data(), app))?;
        Ok(People { url: server.url(), app, key, members })
    }

    pub(crate) fn app(&self) -> u32 {
        self.app
    }

    /// Members of the group besides the sender.
    pub(crate) fn readers(&self) -> impl Iterator<Item = String> + use<> {
        (1..self.members).map(|n| format!("reader-{n:05}"))
    }

    /// A client that is logged in. The first login of a client is one attempt, and the server of the demo may be dead at
    /// that moment: it tries again, as a person would.
    pub(crate) async fn login(&self, user: &str) -> Result<Client> {
        let client = Client::builder().server(&self.url).app(self.app).build()?;
        let begun = Instant::now();
        while let Err(error) = client.login(user, self.sig(user)).await {
            let unreachable = matches!(error.kind(), ErrorKind::Disconnected | ErrorKind::Timeout);
            if !unreachable || begun.elapsed() > LOGIN_DEADLINE {
                return Err(error).with_context(|| format!("{user} cannot log in"));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(client)
    }

    pub(crate) async fn administrator(&self) -> Result<Client> {
        self.login(ADMINISTRATOR).await
    }

    /// Imports accounts, a thousand a request.
    pub(crate) async fn import(&self, users: &[String], mut progress: impl FnMut(usize)) -> Result<()> {
        let administrator = self.administrator().await?;
        for (n, part) in users.chunks(limits::ADD_MEMBERS_ADMIN).enumerate() {
            let profile = |user: &String| v1::Profile { user_id: user.clone(), ..Default::default() };
            administrator.import_accounts(&part.iter().map(profile).collect::<Vec<_>>()).await?;
            progress(n * limits::ADD_MEMBERS_ADMIN + part.len());
        }
        administrator.close().await;
        Ok(())
    }

    fn sig(&self, user: &str) -> String {
        let issued_at = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs();
        let user_id = user.to_owned();
        sign(&self.key, &Claims { app_id: self.app, user_id, issued_at, expires_in: 86_400, userbuf: None })
    }
}
