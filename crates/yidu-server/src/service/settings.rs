//! Apps: their keys, their settings, and who administers them.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::RwLock;
use serde_json::json;
use sha2::{Digest, Sha256};
use yidu_proto::{Code, v1};
use yidu_store::app::{App, AppKey};
use yidu_store::{AppId, Millis, StoreError};

use super::audit::OPERATOR;
use super::failure::About;
use super::policy::{self, TYPES};
use super::{Caller, Failure, Note, Service};

mod check;
mod differences;

use differences::{differences, objects};

/// How long settings are taken for unchanged. A change made through this service counts at once, one made by another node
/// after this, which is within the second that `ModifySettings` promises.
const FRESH_MS: Millis = 500;

/// SDKAppIDs of new apps: the vendor's range.
const APP_IDS: std::ops::Range<u32> = 1_400_000_000..1_500_000_000;

/// What became of a change of the settings.
#[derive(Clone, Debug, PartialEq)]
pub enum SettingsOutcome {
    /// They are changed, or would be.
    Changed {
        /// As they are, or would be.
        settings: v1::AppSettings,
        /// What is different from before; nothing: nothing was written.
        differences: Vec<v1::SettingsDifference>,
    },
    /// Somebody else has changed them meanwhile.
    Stale {
        /// Their version now.
        version: u64,
    },
}

/// What became of the deletion of a key.
#[derive(Clone, Debug, PartialEq)]
pub enum KeyDeletion {
    /// It is gone.
    Deleted(Box<App>),
    /// The app has no key with this fingerprint.
    NoSuchKey,
    /// Without it the app would be without a key that stays good.
    LastKey,
}

/// Apps as they were read last; one entry for each app there is.
pub(super) struct Apps {
    known: RwLock<HashMap<AppId, (Arc<App>, Millis)>>,
    /// Held while an app is read, changed and written back as a whole, so that no change undoes another.
    changing: tokio::sync::Mutex<()>,
}

impl Apps {
    pub(super) fn new() -> Apps {
        Apps { known: RwLock::default(), changing: tokio::sync::Mutex::new(()) }
    }
}

/// The settings of a new app: Work, Public and Meeting groups may ask for receipts, which the sender sees.
pub fn default_settings() -> v1::AppSettings {
    use v1::GroupType::{Meeting, Public, Work};
    let limit =
        |kind: v1::GroupType| v1::GroupLimit { r#type: kind.into(), members: policy::of(kind).max_members };
    v1::AppSettings {
        receipt_group_types: [Work, Public, Meeting].map(i32::from).to_vec(),
        receipt_viewers: v1::ReceiptViewers::Sender.into(),
        history_days: 0,
        recall_seconds: 120,
        multi_device: v1::MultiDevice::All.into(),
        administrators: vec!["administrator".to_owned()],
        account_auto_create: true,
        group_limits: TYPES.map(limit).to_vec(),
        webhook: None,
        version: 1,
    }
}

impl Service {
    /// All apps, by id: for operators.
    pub async fn apps(&self) -> Result<Vec<App>, Failure> {
        self.store.apps().await.map_err(Failure::of(About::Account))
    }

    /// Makes an app with a random SDKAppID, a random key of 64 hexadecimal digits and [`default_settings`].
    pub async fn create_app(&self, name: &str) -> Result<App, Failure> {
        self.create_app_by(name, OPERATOR).await
    }

    /// [`Self::create_app`] by somebody whom the audit log names.
    pub async fn create_app_by(&self, name: &str, by: &str) -> Result<App, Failure> {
        let now = self.clock.now();
        loop {
            let app = App {
                id: AppId(rand::random_range(APP_IDS)),
                name: name.to_owned(),
                keys: vec![new_key(now)],
                settings: default_settings(),
                created: now,
            };
            match self.store.create_app(app.clone()).await {
                Ok(()) => {
                    self.note(app.id, self.entry(by, "app.created", name)).await?;
                    return Ok(app);
                }
                Err(StoreError::AppExists) => {}
                Err(error) => return Err(Failure::of(About::Account)(error)),
            }
        }
    }

    /// Gives an app a new key; UserSigs made with the older ones are good for another `grace`. Keys that are no longer
    /// good are dropped. Errors: 70020.
    pub async fn rotate_key(&self, app: AppId, grace: Millis) -> Result<App, Failure> {
        self.rotate_key_by(app, grace, OPERATOR).await
    }

    /// [`Self::rotate_key`] by somebody whom the audit log names.
    pub async fn rotate_key_by(&self, app: AppId, grace: Millis, by: &str) -> Result<App, Failure> {
        let now = self.clock.now();
        self.change_app(app, |app| {
            app.keys.retain(|key| is_good(key, now));
            for key in &mut app.keys {
                key.retires = Some(key.retires.unwrap_or(Millis::MAX).min(now.saturating_add(grace)));
            }
            app.keys.insert(0, new_key(now));
            Some(self.entry(by, "key.rotated", ""))
        })
        .await
    }

    /// Deletes the key of an app that has this [`fingerprint`]: what it has signed is refused at the next login and request,
    /// on every node within a second; sessions that are logged in stay. Not if no key would be left that is good without end.
    /// Errors: 70020.
    pub async fn delete_key(&self, app: AppId, key: &str) -> Result<KeyDeletion, Failure> {
        let mut outcome = KeyDeletion::NoSuchKey;
        let app = self
            .change_app(app, |app| {
                let place = app.keys.iter().position(|one| fingerprint(&one.secret) == key)?;
                if !app.keys.iter().enumerate().any(|(at, one)| at != place && one.retires.is_none()) {
                    outcome = KeyDeletion::LastKey;
                    return None;
                }
                let before = keys_told(app);
                app.keys.remove(place);
                outcome = KeyDeletion::Deleted(Box::new(app.clone()));
                Some(Note { before, after: keys_told(app), ..self.entry(OPERATOR, "key.deleted", key) })
            })
            .await?;
        tracing::info!(
            app = app.id.0,
            key,
            deleted = matches!(outcome, KeyDeletion::Deleted(_)),
            "deletion of a key"
        );
        Ok(outcome)
    }

    /// The app's settings. Errors: 70403.
    pub async fn get_settings(
        &self,
        caller: &Caller,
        _request: v1::GetSettings,
    ) -> Result<v1::GetSettingsResult, Failure> {
        self.require_administrator(caller).await?;
        Ok(v1::GetSettingsResult { settings: Some(self.app(caller.app).await?.settings.clone()) })
    }

    /// Replaces the app's settings, which count from the next request on; see [`Service::change_settings`]. Errors: 70403,
    /// 10004 names the field.
    pub async fn modify_settings(
        &self,
        caller: &Caller,
        request: v1::ModifySettings,
    ) -> Result<v1::ModifySettingsResult, Failure> {
        let settings = request.settings.ok_or_else(|| check::bad("settings", "there are none"))?;
        match self.change_settings(caller, settings, request.dry_run).await? {
            SettingsOutcome::Changed { settings, differences } => {
                Ok(v1::ModifySettingsResult { settings: Some(settings), differences })
            }
            SettingsOutcome::Stale { version } => Err(check::bad(
                "version",
                format!("they were changed meanwhile, to version {version}: read them again"),
            )),
        }
    }

    /// Replaces the app's settings as a whole, in one commit with an entry of the audit log. What is as it was changes
    /// nothing and is not noted. With `version` 0 in any case, else only if it is still theirs. A dry run changes nothing
    /// and says what would be different. Errors: 70403, 10004 names the field.
    pub async fn change_settings(
        &self,
        caller: &Caller,
        settings: v1::AppSettings,
        dry_run: bool,
    ) -> Result<SettingsOutcome, Failure> {
        self.require_administrator(caller).await?;
        self.replace_settings(caller.app, &caller.user, settings, dry_run).await
    }

    /// [`Service::change_settings`] by whoever has the machine.
    pub async fn change_settings_as_operator(
        &self,
        app: AppId,
        settings: v1::AppSettings,
        dry_run: bool,
    ) -> Result<SettingsOutcome, Failure> {
        self.replace_settings(app, OPERATOR, settings, dry_run).await
    }

    async fn replace_settings(
        &self,
        id: AppId,
        by: &str,
        mut settings: v1::AppSettings,
        dry_run: bool,
    ) -> Result<SettingsOutcome, Failure> {
        check::check(&settings)?;
        let mut outcome = None;
        self.change_app(id, |app| {
            let before = &app.settings;
            if settings.version != 0 && settings.version != before.version {
                outcome = Some(SettingsOutcome::Stale { version: before.version });
                return None;
            }
            let differences = differences(before, &settings);
            let changes = !differences.is_empty();
            settings.version = before.version + u64::from(changes);
            outcome = Some(SettingsOutcome::Changed {
                settings: settings.clone(),
                differences: differences.clone(),
            });
            if dry_run || !changes {
                return None;
            }
            app.settings = settings;
            let (before, after) = objects(&differences);
            tracing::info!(app = id.0, by, version = app.settings.version, "settings changed");
            Some(Note { before, after, ..self.entry(by, "settings.changed", "") })
        })
        .await?;
        outcome.ok_or_else(|| Failure::new(Code::Internal, "the change was not tried"))
    }

    /// The app as it is now. Errors: 70020.
    pub(super) async fn app(&self, id: AppId) -> Result<Arc<App>, Failure> {
        let now = self.clock.now();
        let known = self.apps.known.read().get(&id).cloned();
        if let Some((app, at)) = known
            && now.abs_diff(at) < FRESH_MS
        {
            return Ok(app);
        }
        let app = self.store.app(id).await.map_err(Failure::of(About::Account))?;
        let app = app.ok_or_else(|| {
            Failure::new(
                Code::NoSuchApp,
                format!("there is no app {}: take the SDKAppID from the console", id.0),
            )
        })?;
        Ok(self.keep_app(app, now))
    }

    /// Whether the caller acts with the rights of an administrator of the app.
    pub(super) async fn administers(&self, caller: &Caller) -> Result<bool, Failure> {
        Ok(caller.administrator.is_some() || administers(&*self.app(caller.app).await?, &caller.user))
    }

    /// Whether the user whose name the caller bears is on the list of administrators, whoever acts in it.
    pub(super) async fn administers_by_name(&self, caller: &Caller) -> Result<bool, Failure> {
        Ok(administers(&*self.app(caller.app).await?, &caller.user))
    }

    /// Refuses everybody but administrators. Errors: 70403.
    pub(super) async fn require_administrator(&self, caller: &Caller) -> Result<(), Failure> {
        if self.administers(caller).await? { Ok(()) } else { Err(no_administrator(&caller.user)) }
    }

    /// Changes an app, with an entry of the audit log; no entry, no change.
    async fn change_app(
        &self,
        id: AppId,
        change: impl FnOnce(&mut App) -> Option<Note>,
    ) -> Result<App, Failure> {
        let _others_wait = self.apps.changing.lock().await;
        let app = self.store.app(id).await.map_err(Failure::of(About::Account))?;
        let mut app =
            app.ok_or_else(|| Failure::new(Code::NoSuchApp, format!("there is no app {}", id.0)))?;
        if let Some(note) = change(&mut app) {
            self.store.update_app(app.clone(), Some(note)).await.map_err(Failure::of(About::Account))?;
            self.keep_app(app.clone(), self.clock.now());
        }
        Ok(app)
    }

    fn keep_app(&self, app: App, now: Millis) -> Arc<App> {
        let app = Arc::new(app);
        self.apps.known.write().insert(app.id, (Arc::clone(&app), now));
        app
    }
}

/// Whether a user is on the list of the app's administrators.
pub(super) fn administers(app: &App, user: &str) -> bool {
    app.settings.administrators.iter().any(|administrator| administrator == user)
}

/// Why somebody may not do what administrators do.
pub(super) fn no_administrator(user: &str) -> Failure {
    Failure::new(
        Code::AdministratorRequired,
        format!("{user} is no administrator of this app: the console lists and adds them"),
    )
}

/// Members that a group of a type may have in this app.
pub(super) fn member_limit(settings: &v1::AppSettings, kind: v1::GroupType) -> u32 {
    let set = settings.group_limits.iter().find(|limit| limit.r#type == i32::from(kind));
    set.map_or(policy::of(kind).max_members, |limit| limit.members)
}

/// The first twelve digits of the SHA-256 of a key's secret: tells which key it is and nothing else.
pub fn fingerprint(secret: &str) -> String {
    Sha256::digest(secret.as_bytes()).iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// The keys of an app for its audit log.
fn keys_told(app: &App) -> String {
    let keys = app
        .keys
        .iter()
        .map(|key| json!({"fingerprint": fingerprint(&key.secret), "retires_ms": key.retires}));
    json!({ "keys": keys.collect::<Vec<_>>() }).to_string()
}

fn new_key(now: Millis) -> AppKey {
    let bytes: [u8; 32] = rand::random();
    AppKey { secret: bytes.iter().map(|byte| format!("{byte:02x}")).collect(), created: now, retires: None }
}

/// Whether UserSigs made with the key are valid at this time.
pub(super) fn is_good(key: &AppKey, now: Millis) -> bool {
    key.retires.is_none_or(|retires| now < retires)
}
