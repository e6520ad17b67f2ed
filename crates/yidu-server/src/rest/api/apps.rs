//! The apps of the server and their keys: for the operator.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use yidu_proto::Code;

use super::Api;
use super::access::Access;
use super::extract::{Body, Path};
use super::problem::{BodyRefusals, Problem, Refusals};
use crate::service::{self, AppId, Failure, KeyDeletion};

/// Seconds for which keys that are being replaced can stay good.
const TEN_YEARS: u64 = 10 * 366 * 24 * 60 * 60;

/// An app.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct AppPath {
    /// The SDKAppID.
    pub(super) app: u32,
}

/// A key of an app.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct KeyPath {
    /// The SDKAppID.
    app: u32,
    /// The fingerprint of the key.
    key: String,
}

/// An app: a tenant with its own users, groups, keys and settings.
#[derive(Serialize, ToSchema)]
pub(super) struct App {
    /// The SDKAppID.
    app_id: u32,
    /// For people; may be empty.
    name: String,
    created_ms: u64,
    /// Newest first. UserSigs made with any of them are good.
    keys: Vec<Key>,
}

/// A secret key of an app, without the secret.
#[derive(Serialize, ToSchema)]
pub(super) struct Key {
    /// The first twelve digits of the secret's SHA-256: tells which key it is and nothing else.
    fingerprint: String,
    created_ms: u64,
    /// No longer good from then on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    retires_ms: Option<u64>,
}

/// All apps.
#[derive(Serialize, ToSchema)]
pub(super) struct Apps {
    /// By id.
    apps: Vec<App>,
}

/// An app with its newest secret key, which is shown this once; it is also in the key file beside the store.
#[derive(Serialize, ToSchema)]
pub(super) struct AppWithKey {
    app: App,
    /// What UserSigs are signed with.
    secret_key: String,
}

/// A new app.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewApp {
    /// For people; at most 100 bytes.
    #[serde(default)]
    #[schema(max_length = 100)]
    name: String,
}

/// A rotation of keys.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewKey {
    /// Seconds for which the older keys stay good, at most ten years; a day when it is left out.
    #[serde(default = "a_day")]
    #[schema(maximum = 316224000)]
    grace_seconds: u64,
}

/// A wish for a UserSig.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewUserSig {
    /// The user id; needs no account yet.
    #[schema(min_length = 1, max_length = 32)]
    user_id: String,
    /// Seconds for which it is good, at most ten years; a day when it is left out.
    #[serde(default = "a_day")]
    #[schema(minimum = 1, maximum = 316224000)]
    expires_seconds: u64,
}

/// A UserSig.
#[derive(Serialize, ToSchema)]
pub(super) struct UserSig {
    /// Logs the user in.
    user_sig: String,
    /// When it runs out.
    expires_ms: u64,
}

fn a_day() -> u64 {
    24 * 60 * 60
}

impl From<service::App> for App {
    fn from(app: service::App) -> App {
        let keys = app.keys.iter().map(|one| Key {
            fingerprint: service::fingerprint(&one.secret),
            created_ms: one.created,
            retires_ms: one.retires,
        });
        App { app_id: app.id.0, name: app.name.clone(), created_ms: app.created, keys: keys.collect() }
    }
}

/// All apps
#[utoipa::path(get, path = "/apps", tag = "apps",
    responses((status = 200, description = "The apps.", body = Apps), Refusals))]
pub(super) async fn apps(State(api): State<Arc<Api>>, access: Access) -> Result<Json<Apps>, Problem> {
    access.operator()?;
    Ok(Json(Apps { apps: api.service.apps().await?.into_iter().map(App::from).collect() }))
}

/// An app
#[utoipa::path(get, path = "/apps/{app}", tag = "apps", params(AppPath),
    responses((status = 200, description = "The app.", body = App), Refusals))]
pub(super) async fn app(
    State(api): State<Arc<Api>>,
    access: Access,
    Path(path): Path<AppPath>,
) -> Result<Json<App>, Problem> {
    access.operator()?;
    Ok(Json(api.service.app_of(AppId(path.app)).await?.into()))
}

/// Makes an app
///
/// With a random SDKAppID and key, and the settings of a new app.
#[utoipa::path(post, path = "/apps", tag = "apps", request_body = NewApp,
    responses((status = 201, description = "The app and its key.", body = AppWithKey), Refusals, BodyRefusals))]
pub(super) async fn create_app(
    State(api): State<Arc<Api>>,
    access: Access,
    Body(new): Body<NewApp>,
) -> Result<(StatusCode, Json<AppWithKey>), Problem> {
    let by = access.operator()?;
    if new.name.len() > 100 {
        return Err(Problem::invalid("the name has more than 100 bytes"));
    }
    let made = Arc::clone(&api);
    let app =
        api.drive(async move {
            Ok::<_, Failure>(keep_key(&made, made.service.create_app_by(&new.name, &by).await?))
        })
        .await??;
    Ok((StatusCode::CREATED, Json(app)))
}

/// Gives an app a new key
///
/// It is good at once; UserSigs made with the older ones are good for the grace period.
#[utoipa::path(post, path = "/apps/{app}/keys", tag = "apps", params(AppPath), request_body = NewKey,
    responses((status = 201, description = "The app and its new key.", body = AppWithKey), Refusals, BodyRefusals))]
pub(super) async fn rotate_key(
    State(api): State<Arc<Api>>,
    access: Access,
    Path(path): Path<AppPath>,
    Body(new): Body<NewKey>,
) -> Result<(StatusCode, Json<AppWithKey>), Problem> {
    let by = access.operator()?;
    if new.grace_seconds > TEN_YEARS {
        return Err(Problem::invalid(format!("a grace period of more than {TEN_YEARS} seconds")));
    }
    let (rotated, grace) = (Arc::clone(&api), new.grace_seconds.saturating_mul(1_000));
    let app = api
        .drive(async move {
            Ok::<_, Failure>(keep_key(
                &rotated,
                rotated.service.rotate_key_by(AppId(path.app), grace, &by).await?,
            ))
        })
        .await??;
    Ok((StatusCode::CREATED, Json(app)))
}

/// Deletes a key of an app
///
/// UserSigs made with it are refused from then on, on every node within a second; sessions that are logged in stay until they
/// are kicked or their UserSig runs out. The only key that is good without end is not deleted: give the app a new one first.
/// Noted in the audit log; the key file holds the newest of the keys that are left.
#[utoipa::path(delete, path = "/apps/{app}/keys/{key}", tag = "apps", params(KeyPath),
    responses(
        (status = 200, description = "The app without the key.", body = App),
        (status = 409, description = "The app would be without a key that stays good.",
            body = Problem, content_type = "application/problem+json"),
        Refusals))]
pub(super) async fn delete_key(
    State(api): State<Arc<Api>>,
    access: Access,
    Path(path): Path<KeyPath>,
) -> Result<Json<App>, Problem> {
    access.operator()?;
    let (deleting, key) = (Arc::clone(&api), path.key.clone());
    let outcome = api.drive(async move { delete(&deleting, AppId(path.app), &key).await }).await??;
    match outcome {
        KeyDeletion::Deleted(app) => Ok(Json((*app).into())),
        KeyDeletion::NoSuchKey => {
            let text = format!(
                "the app has no key with the fingerprint {:?}: GET /apps/{} lists them",
                path.key, path.app
            );
            Err(Problem::new(StatusCode::NOT_FOUND, Code::InvalidParameters, text))
        }
        KeyDeletion::LastKey => {
            let text = format!(
                "the app would be without a key that stays good: give it a new one first (POST /apps/{}/keys)",
                path.app
            );
            Err(Problem::new(StatusCode::CONFLICT, Code::InvalidParameters, text))
        }
    }
}

async fn delete(api: &Api, app: AppId, key: &str) -> Result<KeyDeletion, Failure> {
    let outcome = api.service.delete_key(app, key).await?;
    if let KeyDeletion::Deleted(app) = &outcome {
        write_key(api, app);
    }
    Ok(outcome)
}

/// Makes a UserSig
///
/// With the newest key of the app, for trying things out: a back end signs its own.
#[utoipa::path(post, path = "/apps/{app}/usersigs", tag = "apps", params(AppPath), request_body = NewUserSig,
    responses((status = 201, description = "The UserSig.", body = UserSig), Refusals, BodyRefusals))]
pub(super) async fn create_user_sig(
    State(api): State<Arc<Api>>,
    access: Access,
    Path(path): Path<AppPath>,
    Body(new): Body<NewUserSig>,
) -> Result<(StatusCode, Json<UserSig>), Problem> {
    access.operator()?;
    let (user_sig, expires_ms) =
        api.service.user_sig(AppId(path.app), &new.user_id, new.expires_seconds).await?;
    Ok((StatusCode::CREATED, Json(UserSig { user_sig, expires_ms })))
}

/// The key file beside the store holds the newest key too. The store has it already: a file that cannot be written is for
/// the log, `yidu app list` writes it anew.
fn write_key(api: &Api, app: &service::App) {
    if let (Some(files), Some(key)) = (&api.files, app.keys.first())
        && let Err(error) = files.write_app_key(app.id.0, &key.secret)
    {
        tracing::error!(%error, app = app.id.0, "the key file of an app could not be written");
    }
}

fn keep_key(api: &Api, app: service::App) -> AppWithKey {
    write_key(api, &app);
    let secret_key = app.keys.first().map(|key| key.secret.clone()).unwrap_or_default();
    AppWithKey { app: app.into(), secret_key }
}
