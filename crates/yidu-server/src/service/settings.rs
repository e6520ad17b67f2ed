//! Apps: their keys, their settings, and who administers them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use parking_lot::RwLock;
use yidu_proto::{Code, limits, name, v1};
use yidu_store::app::{App, AppKey};
use yidu_store::{AppId, Millis, StoreError};

use super::failure::About;
use super::policy::{self, TYPES};
use super::{Caller, Failure, Service};

/// How long settings are taken for unchanged. A change made through this service counts at once, one made by another node
/// after this, which is within the second that `ModifySettings` promises.
const FRESH_MS: Millis = 500;

/// SDKAppIDs of new apps: the vendor's range.
const APP_IDS: std::ops::Range<u32> = 1_400_000_000..1_500_000_000;

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
    }
}

impl Service {
    /// All apps, by id: for operators.
    pub async fn apps(&self) -> Result<Vec<App>, Failure> {
        self.store.apps().await.map_err(Failure::of(About::Account))
    }

    /// Makes an app with a random SDKAppID, a random key of 64 hexadecimal digits and [`default_settings`].
    pub async fn create_app(&self, name: &str) -> Result<App, Failure> {
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
                Ok(()) => return Ok(app),
                Err(StoreError::AppExists) => {}
                Err(error) => return Err(Failure::of(About::Account)(error)),
            }
        }
    }

    /// Gives an app a new key; UserSigs made with the older ones are good for another `grace`. Keys that are no longer
    /// good are dropped. Errors: 70020.
    pub async fn rotate_key(&self, app: AppId, grace: Millis) -> Result<App, Failure> {
        let now = self.clock.now();
        self.change_app(app, |app| {
            app.keys.retain(|key| is_good(key, now));
            for key in &mut app.keys {
                key.retires = Some(key.retires.unwrap_or(Millis::MAX).min(now.saturating_add(grace)));
            }
            app.keys.insert(0, new_key(now));
        })
        .await
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

    /// Replaces the app's settings, which count from the next request on. Errors: 70403, 10004 names the field.
    pub async fn modify_settings(
        &self,
        caller: &Caller,
        request: v1::ModifySettings,
    ) -> Result<v1::ModifySettingsResult, Failure> {
        self.require_administrator(caller).await?;
        let settings = request.settings.ok_or_else(|| bad("settings", "there are none"))?;
        check(&settings)?;
        let app = self.change_app(caller.app, |app| app.settings = settings).await?;
        tracing::info!(app = app.id.0, by = %caller.user, "settings changed");
        Ok(v1::ModifySettingsResult { settings: Some(app.settings) })
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

    async fn change_app(&self, id: AppId, change: impl FnOnce(&mut App)) -> Result<App, Failure> {
        let _others_wait = self.apps.changing.lock().await;
        let app = self.store.app(id).await.map_err(Failure::of(About::Account))?;
        let mut app =
            app.ok_or_else(|| Failure::new(Code::NoSuchApp, format!("there is no app {}", id.0)))?;
        change(&mut app);
        self.store.update_app(app.clone()).await.map_err(Failure::of(About::Account))?;
        self.keep_app(app.clone(), self.clock.now());
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

fn new_key(now: Millis) -> AppKey {
    let bytes: [u8; 32] = rand::random();
    AppKey { secret: bytes.iter().map(|byte| format!("{byte:02x}")).collect(), created: now, retires: None }
}

fn check(settings: &v1::AppSettings) -> Result<(), Failure> {
    check_receipt_types(&settings.receipt_group_types)?;
    if v1::ReceiptViewers::try_from(settings.receipt_viewers).is_err() {
        return Err(bad("receipt_viewers", "0 (sender), 1 (managers) and 2 (members) are known"));
    }
    if v1::MultiDevice::try_from(settings.multi_device).is_err() {
        return Err(bad("multi_device", "0 (all), 1 (one per platform) and 2 (one) are known"));
    }
    check_administrators(&settings.administrators)?;
    check_limits(&settings.group_limits)
}

fn check_receipt_types(types: &[i32]) -> Result<(), Failure> {
    let mut seen = HashSet::new();
    for &number in types {
        let kind = v1::GroupType::try_from(number)
            .map_err(|_| bad("receipt_group_types", format!("there is no group type {number}")))?;
        let policy = policy::of(kind);
        if !policy.receipts {
            return Err(bad("receipt_group_types", format!("{} groups cannot have receipts", policy.name)));
        }
        if !seen.insert(number) {
            return Err(bad("receipt_group_types", format!("{} is named twice", policy.name)));
        }
    }
    Ok(())
}

fn check_administrators(administrators: &[String]) -> Result<(), Failure> {
    if administrators.is_empty() {
        return Err(bad("administrators", "without one nobody could change the settings again"));
    }
    if administrators.len() > limits::ADMINISTRATORS {
        return Err(bad("administrators", format!("at most {}", limits::ADMINISTRATORS)));
    }
    for user in administrators {
        name::check_user_id(user)
            .map_err(|why| bad("administrators", format!("{user:?} is not a user id: {why}")))?;
    }
    Ok(())
}

fn check_limits(group_limits: &[v1::GroupLimit]) -> Result<(), Failure> {
    let mut seen = HashSet::new();
    for limit in group_limits {
        let kind = v1::GroupType::try_from(limit.r#type)
            .map_err(|_| bad("group_limits", format!("there is no group type {}", limit.r#type)))?;
        let name = policy::of(kind).name;
        if limit.members == 0 || limit.members > limits::GROUP_MEMBERS {
            return Err(bad("group_limits", format!("{name}: 1 to {} members", limits::GROUP_MEMBERS)));
        }
        if !seen.insert(limit.r#type) {
            return Err(bad("group_limits", format!("{name} is named twice")));
        }
    }
    Ok(())
}

fn bad(field: &str, why: impl std::fmt::Display) -> Failure {
    Failure::new(Code::BadGroupParameter, format!("settings, {field}: {why}"))
}

/// Whether UserSigs made with the key are valid at this time.
pub(super) fn is_good(key: &AppKey, now: Millis) -> bool {
    key.retires.is_none_or(|retires| now < retires)
}
