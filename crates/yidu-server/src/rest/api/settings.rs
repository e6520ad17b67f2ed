//! The settings of an app: read with an `ETag`, replaced with `If-Match`, tried with a dry run.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use yidu_proto::{Code, v1};

use super::Api;
use super::access::Access;
use super::apps::AppPath;
use super::extract::{Body, Path, Query};
use super::model::{GroupType, named};
use super::problem::{BodyRefusals, Problem, Refusals};
use crate::service::{Caller, SettingsOutcome, default_settings};

/// Stands for a token that is there.
const HIDDEN: &str = "***";

named! {
    /// Who sees the receipts of a group message besides its sender and the administrators.
    ReceiptViewers of v1::ReceiptViewers {
        /// Nobody else.
        Sender = Sender,
        /// The owner and the admins of the group too.
        Managers = Managers,
        /// All members.
        Members = Members,
    }
}

named! {
    /// How many devices a user may be online on.
    MultiDevice of v1::MultiDevice {
        /// Ten; the oldest gives way.
        All = All,
        OnePerPlatform = OnePerPlatform,
        One = One,
    }
}

/// Members that a group of a type may have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct GroupLimits {
    #[schema(minimum = 1, maximum = 1000000)]
    work: u32,
    #[schema(minimum = 1, maximum = 1000000)]
    public: u32,
    #[schema(minimum = 1, maximum = 1000000)]
    meeting: u32,
    #[schema(minimum = 1, maximum = 1000000)]
    community: u32,
    #[serde(rename = "AVChatRoom")]
    #[schema(minimum = 1, maximum = 1000000)]
    av_chat_room: u32,
}

/// The settings of an app. A change replaces all of them: read them, change what is to change, send them back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    /// Group types whose messages may ask for receipts. AVChatRoom cannot be one.
    #[schema(max_items = 4)]
    receipt_group_types: Vec<GroupType>,
    receipt_viewers: ReceiptViewers,
    /// Days for which history and its receipts are kept; 0: for ever.
    history_days: u32,
    /// Seconds for which a message can be recalled by its sender; 0: never.
    recall_seconds: u32,
    multi_device: MultiDevice,
    /// User ids of the app's administrators.
    #[schema(min_items = 1, max_items = 20)]
    administrators: Vec<String>,
    /// The first login with a valid UserSig makes the account.
    account_auto_create: bool,
    group_limits: GroupLimits,
    /// `null`: nothing is told.
    #[serde(default)]
    webhook: Option<Webhook>,
}

named! {
    /// What becomes of a message when the endpoint does not answer in time.
    OnTimeout of v1::WebhookTimeout {
        /// It is sent.
        Allow = Allow,
        /// It is refused.
        Deny = Deny,
    }
}

/// Where the app's back end listens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Webhook {
    /// http or https.
    url: String,
    /// What is told and asked, by the vendor's names.
    commands: Vec<String>,
    /// Signs the requests; empty: they are not signed. Never shown: `***` stands for the one that there is, also in a
    /// change.
    token: String,
    on_timeout: OnTimeout,
}

/// How settings are changed.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    /// Changes nothing, tells what would change.
    dry_run: Option<bool>,
}

/// A setting that is different now.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Difference {
    field: String,
    #[schema(value_type = Value)]
    before: Value,
    #[schema(value_type = Value)]
    after: Value,
}

/// What a change came to.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SettingsChanged {
    /// Nothing was changed.
    dry_run: bool,
    /// The settings as they are now; of a dry run: as they would be.
    settings: Settings,
    /// What is different from before.
    differences: Vec<Difference>,
}

impl From<v1::Webhook> for Webhook {
    fn from(webhook: v1::Webhook) -> Webhook {
        let token = if webhook.token.is_empty() { String::new() } else { HIDDEN.to_owned() };
        Webhook {
            on_timeout: webhook.on_timeout().into(),
            url: webhook.url,
            commands: webhook.commands,
            token,
        }
    }
}

impl From<v1::AppSettings> for Settings {
    fn from(mut settings: v1::AppSettings) -> Settings {
        let webhook = settings.webhook.take().map(Webhook::from);
        let kind = |number: &i32| v1::GroupType::try_from(*number).ok().map(GroupType::from);
        let limit = |kind: v1::GroupType| {
            let named = |settings: &v1::AppSettings| {
                let limit = settings.group_limits.iter().find(|limit| limit.r#type == i32::from(kind));
                limit.map(|limit| limit.members)
            };
            named(&settings).or_else(|| named(&default_settings())).unwrap_or_default()
        };
        Settings {
            receipt_group_types: settings.receipt_group_types.iter().filter_map(kind).collect(),
            receipt_viewers: settings.receipt_viewers().into(),
            history_days: settings.history_days,
            recall_seconds: settings.recall_seconds,
            multi_device: settings.multi_device().into(),
            account_auto_create: settings.account_auto_create,
            group_limits: GroupLimits {
                work: limit(v1::GroupType::Work),
                public: limit(v1::GroupType::Public),
                meeting: limit(v1::GroupType::Meeting),
                community: limit(v1::GroupType::Community),
                av_chat_room: limit(v1::GroupType::AvChatRoom),
            },
            administrators: settings.administrators,
            webhook,
        }
    }
}

impl Settings {
    /// As they are stored; `token`: of the webhook as it is now.
    fn wire(self, version: u64, token: &str) -> v1::AppSettings {
        let webhook = self.webhook.map(|webhook| v1::Webhook {
            url: webhook.url,
            commands: webhook.commands,
            token: if webhook.token == HIDDEN { token.to_owned() } else { webhook.token },
            on_timeout: v1::WebhookTimeout::from(webhook.on_timeout).into(),
        });
        let limits = [
            (v1::GroupType::Work, self.group_limits.work),
            (v1::GroupType::Public, self.group_limits.public),
            (v1::GroupType::Meeting, self.group_limits.meeting),
            (v1::GroupType::Community, self.group_limits.community),
            (v1::GroupType::AvChatRoom, self.group_limits.av_chat_room),
        ];
        let limit = |(kind, members): (v1::GroupType, u32)| v1::GroupLimit { r#type: kind.into(), members };
        let types = self.receipt_group_types.into_iter().map(|kind| v1::GroupType::from(kind).into());
        v1::AppSettings {
            receipt_group_types: types.collect(),
            receipt_viewers: v1::ReceiptViewers::from(self.receipt_viewers).into(),
            history_days: self.history_days,
            recall_seconds: self.recall_seconds,
            multi_device: v1::MultiDevice::from(self.multi_device).into(),
            administrators: self.administrators,
            account_auto_create: self.account_auto_create,
            group_limits: limits.map(limit).to_vec(),
            webhook,
            version,
        }
    }
}

/// The settings of an app
///
/// The header `ETag` names this state of them. For administrators and the operator.
#[utoipa::path(get, path = "/apps/{app}/settings", tag = "settings", params(AppPath),
    responses(
        (status = 200, description = "The settings.", body = Settings,
            headers(("ETag" = String, description = "For `If-Match` of a change."))),
        Refusals))]
pub(super) async fn settings(
    State(api): State<Arc<Api>>,
    access: Access,
    Path(path): Path<AppPath>,
) -> Result<Response, Problem> {
    let caller = access.caller(&api, path.app).await?;
    let settings = read(&api, &caller).await?;
    Ok((etag(settings.version), Json(Settings::from(settings))).into_response())
}

/// Changes the settings of an app
///
/// All of them, if they still are what `If-Match` names (`*`: whatever they are). In effect within a second, everywhere,
/// and noted in the audit log. For administrators and the operator.
#[utoipa::path(put, path = "/apps/{app}/settings", tag = "settings",
    params(AppPath, Change, ("If-Match" = String, Header, description = "The `ETag` of the settings that were read, or `*`.")),
    request_body = Settings,
    responses(
        (status = 200, description = "What the change came to.", body = SettingsChanged,
            headers(("ETag" = String, description = "For the next change."))),
        (status = 412, description = "Others have changed the settings meanwhile: read them again.",
            body = Problem, content_type = "application/problem+json"),
        (status = 428, description = "There is no `If-Match`.",
            body = Problem, content_type = "application/problem+json"),
        Refusals, BodyRefusals))]
pub(super) async fn put_settings(
    State(api): State<Arc<Api>>,
    access: Access,
    Path(path): Path<AppPath>,
    Query(change): Query<Change>,
    headers: HeaderMap,
    Body(wanted): Body<Settings>,
) -> Result<Response, Problem> {
    let caller = access.caller(&api, path.app).await?;
    let expected = headers.get(header::IF_MATCH).ok_or_else(|| {
        let text = "send the ETag of the settings that you have read as `If-Match`, or `*` to replace whatever is there";
        Problem::new(StatusCode::PRECONDITION_REQUIRED, Code::InvalidParameters, text)
    })?;
    let expected = expected.to_str().unwrap_or_default().trim().to_owned();
    let dry_run = change.dry_run.unwrap_or_default();
    let changing = Arc::clone(&api);
    api.drive(async move { put(&changing, &caller, &expected, wanted, dry_run).await }).await?
}

async fn put(
    api: &Api,
    caller: &Caller,
    expected: &str,
    wanted: Settings,
    dry_run: bool,
) -> Result<Response, Problem> {
    let now = read(api, caller).await?;
    let [(_, tag)] = etag(now.version);
    let anything = expected == "*";
    if !anything && !expected.split(',').any(|expected| expected.trim() == tag) {
        return Err(stale(now.version));
    }
    let token = now.webhook.as_ref().map(|webhook| webhook.token.clone()).unwrap_or_default();
    let version = if anything { 0 } else { now.version };
    let before = Settings::from(now);
    match api.service.change_settings(caller, wanted.wire(version, &token), dry_run).await? {
        SettingsOutcome::Stale { version } => Err(stale(version)),
        SettingsOutcome::Changed { settings, differences } => {
            let (version, settings) = (settings.version, Settings::from(settings));
            let differences = self::differences(&differences, &before, &settings);
            let changed = SettingsChanged { dry_run, settings, differences };
            Ok((etag(version), Json(changed)).into_response())
        }
    }
}

async fn read(api: &Api, caller: &Caller) -> Result<v1::AppSettings, Problem> {
    Ok(api.service.get_settings(caller, v1::GetSettings {}).await?.settings.unwrap_or_default())
}

fn etag(version: u64) -> [(HeaderName, String); 1] {
    [(header::ETAG, format!("\"{version}\""))]
}

fn stale(version: u64) -> Problem {
    let text = format!(
        "the settings were changed meanwhile: they are \"{version}\" now; read them and change them again"
    );
    Problem::new(StatusCode::PRECONDITION_FAILED, Code::BadGroupParameter, text)
}

/// What is different, in the words of this API. A token that changes is told without its text.
fn differences(told: &[v1::SettingsDifference], before: &Settings, after: &Settings) -> Vec<Difference> {
    let json = |settings: &Settings| serde_json::to_value(settings).unwrap_or_default();
    let (before, after) = (json(before), json(after));
    let difference = |told: &v1::SettingsDifference| Difference {
        before: before[&told.field].clone(),
        after: after[&told.field].clone(),
        field: told.field.clone(),
    };
    told.iter().map(difference).collect()
}
