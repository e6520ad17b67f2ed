//! Logging in and out.
//!
//! The client of the last login is kept while the server stays the same: its outbox still holds the receipts that a
//! kicked user could not send, and the next login of that user resumes from where it was.

use std::sync::Arc;

use parking_lot::Mutex;
use tokio_util::sync::CancellationToken;
use yidu_client::{Client, ErrorKind, v1};

use super::address;
use super::call::nothing;
use super::conversations::{self, Conversations};
use super::events;
use super::library::Instance;
use super::session::Session;
use crate::ffi::callback::{Failure, Outcome};
use crate::ffi::enums::TIMLoginStatus;
use crate::local::Local;

/// Where the login stands.
#[derive(Debug, Default)]
pub(crate) struct Login {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Ends the login that is under way.
    logging_in: Option<CancellationToken>,
    /// A logout is under way.
    logging_out: bool,
    session: Option<Arc<Session>>,
    /// With the server that it is for.
    client: Option<(String, Client)>,
    /// What `internal_operation_set_custom_server_info` said; for the next login.
    custom_server: Option<String>,
    /// A second login of the same user succeeds without doing anything.
    ignore_repeated: bool,
    /// Names this installation: kept in the folder if there is one, else for the life of the process.
    device: Option<String>,
}

impl Login {
    /// Who is logged in; nobody once the session was ended from outside.
    pub(crate) fn session(&self) -> Option<Arc<Session>> {
        let session = self.state.lock().session.clone()?;
        let stands = !session.over.is_cancelled() && session.client.session().is_some();
        stands.then_some(session)
    }

    pub(crate) fn status(&self) -> TIMLoginStatus {
        let (logging_in, logging_out) = {
            let state = self.state.lock();
            (state.logging_in.is_some(), state.logging_out)
        };
        match (logging_out, logging_in, self.session()) {
            (true, _, _) => TIMLoginStatus::kTIMLoginStatus_Logouting,
            (_, true, _) => TIMLoginStatus::kTIMLoginStatus_Logining,
            (_, _, Some(_)) => TIMLoginStatus::kTIMLoginStatus_Logined,
            (_, _, None) => TIMLoginStatus::kTIMLoginStatus_UnLogined,
        }
    }

    /// There is something to log out from.
    pub(crate) fn is_begun(&self) -> bool {
        self.state.lock().logging_in.is_some() || self.session().is_some()
    }

    pub(crate) fn set_custom_server(&self, url: Option<String>) {
        self.state.lock().custom_server = url;
    }

    pub(crate) fn set_ignore_repeated(&self, ignore: bool) {
        self.state.lock().ignore_repeated = ignore;
    }

    /// Where the next login connects.
    pub(crate) fn server_url(&self, instance: &Instance) -> String {
        let custom = self.state.lock().custom_server.clone();
        address::server_url(custom.as_deref(), instance.init.server_url.as_deref())
    }

    /// The server's time in seconds as far as it is known.
    pub(crate) fn server_time_s(&self) -> u64 {
        let client = self.state.lock().client.as_ref().map(|(_, client)| client.clone());
        client.and_then(|client| client.server_time_ms()).unwrap_or_default() / 1_000
    }

    /// Closes the connection; the instance has ended.
    pub(crate) async fn close(&self) {
        let (session, client) = {
            let mut state = self.state.lock();
            (state.session.take(), state.client.take())
        };
        if let Some(session) = session {
            session.end();
        }
        if let Some((_, client)) = client {
            client.close().await;
        }
    }
}

/// A login that is under way until this is dropped.
pub(crate) struct LoggingIn {
    instance: Arc<Instance>,
    cancelled: CancellationToken,
}

/// A logout that is under way until this is dropped.
pub(crate) struct LoggingOut {
    instance: Arc<Instance>,
    session: Option<Arc<Session>>,
    client: Option<Client>,
}

/// Begins a login, or says what the call comes to without one: 7501 when a login is under way or somebody is logged in.
pub(crate) fn begin_login(instance: &Arc<Instance>, user_id: &str) -> Result<LoggingIn, Outcome> {
    let session = instance.session();
    let mut state = instance.login.state.lock();
    if state.logging_in.is_some() {
        return Err(Err(Failure::new(7501, "a login is under way already; wait for its callback")));
    }
    if let Some(session) = session {
        if state.ignore_repeated && session.me.user_id == user_id {
            return Err(nothing());
        }
        let text = format!("{} is logged in; call TIMLogout first", session.me.user_id);
        return Err(Err(Failure::new(7501, text)));
    }
    // A session that was ended from outside is let go of here, so that its folder is free for the next one.
    if let Some(ended) = state.session.take() {
        ended.end();
    }
    let cancelled = CancellationToken::new();
    state.logging_in = Some(cancelled.clone());
    Ok(LoggingIn { instance: instance.clone(), cancelled })
}

/// Begins a logout; a login under way ends with 6023. 7502 when a logout is under way.
pub(crate) fn begin_logout(instance: &Arc<Instance>) -> Result<LoggingOut, Outcome> {
    let mut state = instance.login.state.lock();
    if state.logging_out {
        return Err(Err(Failure::new(7502, "a logout is under way already; wait for its callback")));
    }
    state.logging_out = true;
    if let Some(login) = &state.logging_in {
        login.cancel();
    }
    let client = state.client.as_ref().map(|(_, client)| client.clone());
    Ok(LoggingOut { instance: instance.clone(), session: state.session.take(), client })
}

impl LoggingIn {
    /// Logs in. 6023 when a logout comes first.
    pub(crate) async fn run(self, user_id: String, user_sig: String) -> Outcome {
        let instance = &self.instance;
        let client = client(instance).await?;
        let mut told = client.events();
        let attempt = client.login(&user_id, user_sig);
        let Some(attempt) = self.cancelled.run_until_cancelled(attempt).await else {
            client.logout().await?;
            return Err(logged_out_first());
        };
        match attempt {
            Ok(me) => {
                instance.log.info(&format!("logged in as {}", me.user_id));
                let local = Local::open(instance.init.folder(), instance.app_id, &me.user_id, &instance.log);
                let session = Arc::new(Session {
                    client,
                    me,
                    local,
                    conversations: Conversations::default(),
                    queue: instance.queue.clone(),
                    log: instance.log.clone(),
                    over: CancellationToken::new(),
                });
                instance.login.state.lock().session = Some(session.clone());
                let closing = &instance.closing;
                let follow = conversations::follow(session.clone());
                let follow = closing.clone().run_until_cancelled_owned(follow);
                instance.tasks.spawn_on(follow, &instance.runtime);
                let pump = closing.clone().run_until_cancelled_owned(events::pump(session, told));
                instance.tasks.spawn_on(pump, &instance.runtime);
                nothing()
            }
            Err(error) => {
                events::tell_failed_login(&instance.queue, &mut told).await;
                Err(match error.kind() {
                    ErrorKind::NotLoggedIn => logged_out_first(),
                    _ => Failure::from(error),
                })
            }
        }
    }
}

fn logged_out_first() -> Failure {
    Failure::new(6023, "logged out before the login was finished")
}

impl LoggingOut {
    /// Logs out, on the server too if it can be reached. What happens from now on is no longer told.
    pub(crate) async fn run(self) -> Outcome {
        if let Some(session) = &self.session {
            session.end();
        }
        if let Some(client) = &self.client {
            client.logout().await?;
        }
        if let Some(session) = &self.session {
            self.instance.log.info(&format!("logged out {}", session.me.user_id));
        }
        nothing()
    }
}

impl Drop for LoggingIn {
    fn drop(&mut self) {
        self.instance.login.state.lock().logging_in = None;
    }
}

impl Drop for LoggingOut {
    fn drop(&mut self) {
        self.instance.login.state.lock().logging_out = false;
    }
}

/// The client for the server of now, the last login's if it is for the same.
async fn client(instance: &Arc<Instance>) -> Result<Client, Failure> {
    let url = instance.login.server_url(instance);
    let (kept, device) = {
        let mut state = instance.login.state.lock();
        let kept = state.client.take_if(|(of, _)| *of != url);
        if let Some((_, client)) = &state.client {
            return Ok(client.clone());
        }
        let device = state.device.get_or_insert_with(|| crate::local::device_id(instance.init.folder()));
        (kept, device.clone())
    };
    if let Some((_, other)) = kept {
        other.close().await;
    }
    let client =
        Client::builder().server(&url).app(instance.app_id).device(device).platform(platform()).build()?;
    instance.login.state.lock().client = Some((url, client.clone()));
    Ok(client)
}

fn platform() -> v1::Platform {
    if cfg!(windows) {
        v1::Platform::Windows
    } else if cfg!(target_os = "android") {
        v1::Platform::Android
    } else if cfg!(target_os = "ios") {
        v1::Platform::Ios
    } else if cfg!(target_os = "macos") {
        v1::Platform::Mac
    } else {
        v1::Platform::Linux
    }
}
