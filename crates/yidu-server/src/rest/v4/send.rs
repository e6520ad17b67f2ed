//! Sending one-to-one messages.

use futures_util::StreamExt;
use futures_util::stream;
use serde::{Deserialize, Serialize};
use yidu_proto::{Code, v1};

use super::answer::Refusal;
use super::call::Call;
use super::elements::{self, Item};
use super::fields::{Flag, is_on, with_user};
use super::roaming::key_of;
use crate::service::Caller;

/// Receivers in one request.
const RECEIVERS: usize = 500;

/// Messages of one request that are under way at once, so that they share commits.
const AT_ONCE: usize = 50;

/// Seconds that a message may be kept for who is offline.
const LIFE_TIME: u64 = 7 * 24 * 60 * 60;

/// The words of ForbidCallbackControl.
pub(super) const BEFORE_HOOK: &str = "ForbidBeforeSendMsgCallback";
pub(super) const AFTER_HOOK: &str = "ForbidAfterSendMsgCallback";

/// Whether ForbidCallbackControl has this word.
pub(super) fn forbids(words: Option<&[String]>, word: &str) -> bool {
    words.unwrap_or_default().iter().any(|given| given == word)
}

/// A message for one receiver or for several.
#[derive(Deserialize)]
pub(super) struct Draft<To> {
    #[serde(rename = "To_Account")]
    to: To,
    #[serde(rename = "From_Account")]
    from: Option<String>,
    #[serde(rename = "SyncOtherMachine")]
    sync: Option<u32>,
    #[serde(rename = "MsgLifeTime")]
    life_time: Option<u64>,
    #[serde(rename = "OnlineOnlyFlag")]
    online_only: Option<Flag>,
    #[serde(rename = "MsgRandom")]
    random: u32,
    #[serde(rename = "MsgTimeStamp")]
    time: Option<u64>,
    #[serde(rename = "SendMsgControl")]
    control: Option<Vec<String>>,
    #[serde(rename = "MsgBody")]
    body: Vec<Item>,
    #[serde(rename = "CloudCustomData")]
    custom: Option<String>,
    #[serde(rename = "SupportMessageExtension")]
    extension: Option<Flag>,
    #[serde(rename = "IsNeedReadReceipt")]
    is_need: Option<Flag>,
    #[serde(rename = "NeedReadReceipt")]
    need: Option<Flag>,
    #[serde(rename = "ForbidCallbackControl")]
    forbid_callback: Option<Vec<String>>,
}

impl<To> Draft<To> {
    /// Who sends it, to whom, and the message but for its receiver.
    async fn taken_apart(self, call: &Call) -> Result<(Caller, To, v1::SendMessage), Refusal> {
        if let Some(from) = &self.from {
            call.check_user("From_Account", from)?;
        }
        let sender = call.in_the_name_of(self.from.as_deref()).await?;
        let hide_from_sender = match self.sync {
            None | Some(1) => false,
            Some(2) => true,
            Some(_) => return Err(call.refuse("SyncOtherMachine", "SyncOtherMachine is neither 1 nor 2")),
        };
        if self.life_time.is_some_and(|seconds| seconds > LIFE_TIME) {
            return Err(Refusal::new(Code::LifeTimeTooLong, format!("MsgLifeTime is over {LIFE_TIME} s")));
        }
        let control = self.control.unwrap_or_default();
        let asks = |word: &str| control.iter().any(|known| known == word);
        let message = v1::SendMessage {
            random: self.random,
            client_time_s: self.time.unwrap_or_default(),
            elements: elements::elements(self.body),
            need_receipt: is_on(self.is_need) || is_on(self.need),
            cloud_custom_data: self.custom.unwrap_or_default(),
            online_only: is_on(self.online_only) || self.life_time == Some(0),
            exclude_from_unread: asks("NoUnread"),
            exclude_from_last_message: asks("NoLastMsg"),
            support_extension: is_on(self.extension),
            hide_from_sender,
            skip_before_hook: forbids(self.forbid_callback.as_deref(), BEFORE_HOOK),
            skip_after_hook: forbids(self.forbid_callback.as_deref(), AFTER_HOOK),
            ..Default::default()
        };
        Ok((sender, self.to, message))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Sent {
    msg_time: u64,
    msg_key: String,
    msg_id: String,
}

/// Errors: 7013, 20001, 90001 to 90012, 90026, 90031, 90044, 90048, 93000.
pub(super) async fn one(call: &Call, request: Draft<String>) -> Result<Sent, Refusal> {
    call.check_user("To_Account", &request.to)?;
    let (sender, to, message) = request.taken_apart(call).await?;
    let message = send(call, &sender, &to, message).await?;
    Ok(Sent { msg_time: message.time_ms / 1_000, msg_key: key_of(&message), msg_id: message.id })
}

async fn send(
    call: &Call,
    sender: &Caller,
    to: &str,
    message: v1::SendMessage,
) -> Result<v1::Message, Refusal> {
    let message = v1::SendMessage { to: with_user(to), ..message };
    let sent = call.service.send_message(sender, message).await.map_err(|failure| match failure.code {
        Code::PeerUnknown => Refusal::new(Code::NoSuchReceiver, failure.text),
        Code::InvalidUserId => Refusal::new(Code::BadReceiver, failure.text),
        _ => Refusal::from(failure),
    })?;
    Ok(sent.message.unwrap_or_default())
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SentToMany {
    /// Of the first message; it finds the messages to the other receivers too.
    msg_key: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    error_list: Vec<NotSent>,
}

#[derive(Serialize)]
struct NotSent {
    #[serde(rename = "To_Account")]
    to: String,
    #[serde(rename = "ErrorCode")]
    code: u32,
}

/// Errors: as `sendmsg`, and 90011; 90012 when nobody got it.
pub(super) async fn many(call: &Call, request: Draft<Vec<String>>) -> Result<SentToMany, Refusal> {
    match request.to.len() {
        0 => return Err(call.refuse("To_Account", "To_Account names nobody")),
        count if count > RECEIVERS => {
            let text = format!("To_Account names {count} users: at most {RECEIVERS}");
            return Err(Refusal::new(Code::TooManyReceivers, text));
        }
        _ => {}
    }
    let (sender, to, message) = request.taken_apart(call).await?;
    let sender = &sender;
    let sending = to.into_iter().map(|to| {
        let message = message.clone();
        async move {
            let sent = send(call, sender, &to, message).await;
            (to, sent)
        }
    });
    let sent: Vec<_> = stream::iter(sending).buffered(AT_ONCE).collect().await;

    let mut first = None;
    let mut refused = Vec::new();
    for (to, sent) in sent {
        match sent {
            Ok(message) => drop(first.get_or_insert(message)),
            Err(refusal) => refused.push((to, refusal.of(super::command::Area::C2c))),
        }
    }
    match first {
        Some(first) => {
            let not_sent = |(to, refusal): (String, Refusal)| NotSent { to, code: refusal.number() };
            Ok(SentToMany {
                msg_key: key_of(&first),
                error_list: refused.into_iter().map(not_sent).collect(),
            })
        }
        None => Err(refused.swap_remove(0).1),
    }
}
