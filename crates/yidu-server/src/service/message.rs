//! Sending messages.

use std::sync::Arc;

use yidu_proto::v1::conversation_ref::Of;
use yidu_proto::{Code, Element, ElementKind, limits, v1};
use yidu_store::group::{Group, Member};
use yidu_store::message::NewMessage;
use yidu_store::webhook::{self as hook, GroupName};
use yidu_store::{Millis, Tinyid};

use super::place::{Place, To, group_ref};
use super::policy::{self, Standing};
use super::sequence::Moment;
use super::webhook::Asked;
use super::{Caller, Failure, Service, receipt};
use crate::bus::{Body, Event, Topic};

/// Messages that one merged message holds.
const MERGED: usize = 300;

/// Who writes what the server tells in an app's name.
const SYSTEM: &str = "@TIM#SYSTEM";

/// For whom a message is.
/// What the app's back end has to do with it.
#[derive(Clone, Copy, Default)]
struct Hooks {
    unasked: bool,
    untold: bool,
}

impl Hooks {
    fn of(request: &v1::SendMessage) -> Hooks {
        Hooks { unasked: request.skip_before_hook, untold: request.skip_after_hook }
    }
}

#[derive(Default)]
struct Audience {
    /// Group members who alone get it; `None`: everybody.
    targets: Option<Vec<Tinyid>>,
    /// The sender need not be a member.
    as_administrator: bool,
    /// Whose devices alone hear of it; `None`: those of everybody whom it is for.
    only: Option<Vec<Tinyid>>,
    /// The group it goes to.
    group: Option<GroupName>,
    hooks: Hooks,
}

impl Service {
    /// Sends a message to a user or a group, and delivers it to everybody it is for but the caller's session. A repeat
    /// (semantics.md rule 12) is answered with the first one's message; nothing is stored or delivered again. An
    /// online-only message, and every one in an AVChatRoom, is delivered and not stored: it has no seq, repeats are not
    /// recognised, and it cannot ask for receipts. Errors: 6017, 7003, 7013, 10007, 10010, 10017, 20003, 80002, 90002.
    pub async fn send_message(
        &self,
        caller: &Caller,
        request: v1::SendMessage,
    ) -> Result<v1::SendMessageResult, Failure> {
        check_form(&request)?;
        check_content(&request.elements, &request.cloud_custom_data)?;
        match request.to.as_ref().and_then(|to| to.of.clone()) {
            None => Err(Failure::invalid("no conversation is named: set `user` or `group`")),
            Some(Of::User(user)) => self.send_to_user(caller, request, &user).await,
            Some(Of::Group(group)) => self.send_to_group(caller, request, &group).await,
        }
    }

    async fn send_to_user(
        &self,
        caller: &Caller,
        request: v1::SendMessage,
        user: &str,
    ) -> Result<v1::SendMessageResult, Failure> {
        if !request.targets.is_empty() {
            return Err(Failure::invalid("targets are for groups"));
        }
        let hide = request.hide_from_sender;
        if hide {
            self.require_administrator(caller).await?;
        }
        let peer = self.peer(caller, user).await?;
        let id = self.open_c2c(caller.app, caller.tinyid, peer.tinyid).await?;
        let (only, hooks) = (hide.then(|| vec![peer.tinyid]), Hooks::of(&request));
        let place = Place { id, to: To::Peer(peer) };
        let message = self.compose(caller, request, String::new()).await?;
        let sent =
            self.send(caller, &place, message, Audience { only, hooks, ..Audience::default() }).await?;
        if hide && let Some(message) = sent.message.as_ref().filter(|message| message.seq > 0) {
            let hidden = self.store.delete_messages(place.id, caller.tinyid, &[message.seq]).await;
            hidden.map_err(Failure::of(place.about()))?;
        }
        Ok(sent)
    }

    async fn send_to_group(
        &self,
        caller: &Caller,
        request: v1::SendMessage,
        group_id: &str,
    ) -> Result<v1::SendMessageResult, Failure> {
        let group = self.group(caller.app, group_id).await?;
        let member = self.member(group.conversation, caller.tinyid).await?;
        let administrator = self.administers(caller).await?;
        let standing = Standing { administrator, role: member.as_ref().map_or(0, |member| member.role) };
        if !standing.is_member() && !administrator {
            return Err(Failure::forbidden(format!("{} is not in group {group_id}", caller.user)));
        }
        // An administrator's word does not unmute the user who is named as the sender.
        let own = Standing { administrator: self.administers_by_name(caller).await?, ..standing };
        check_mute(&group, member.as_ref(), own, self.clock.now())?;
        if request.need_receipt
            && let Some(why) = receipt::refusal(&self.app(caller.app).await?.settings, &group.info)
        {
            return Err(Failure::new(Code::NotSupported, why));
        }
        let targets = self.targets(caller, &group, &request.targets).await?;
        let name_card = member.map(|member| member.name_card).unwrap_or_default();
        let hooks = Hooks::of(&request);
        let mut message = self.compose(caller, request, name_card).await?;
        message.online_only |= !policy::of(group.info.r#type()).stores_messages;
        let name = GroupName { id: group.info.id.clone(), kind: group.info.r#type };
        let place = Place { id: group.conversation, to: To::Group(group.info.id) };
        let audience =
            Audience { targets, as_administrator: administrator, only: None, group: Some(name), hooks };
        self.send(caller, &place, message, audience).await
    }

    /// Tells a group, or some of its members, something of the app's: a message of `@TIM#SYSTEM` with one custom element,
    /// which reaches who is online and is stored nowhere. Administrators only. Errors: 6017, 10010, 10015, 70403, 80002.
    pub async fn notify_group(
        &self,
        caller: &Caller,
        group_id: &str,
        members: &[String],
        content: String,
    ) -> Result<(), Failure> {
        self.require_administrator(caller).await?;
        if members.len() > limits::ADD_MEMBERS_ADMIN {
            return Err(Failure::invalid(format!("more than {} members named", limits::ADD_MEMBERS_ADMIN)));
        }
        if content.len() > limits::MESSAGE_BYTES {
            let text = format!("the notice has {} bytes: at most {}", content.len(), limits::MESSAGE_BYTES);
            return Err(Failure::new(Code::MessageTooLong, text));
        }
        let group = self.group(caller.app, group_id).await?;
        let only = if members.is_empty() {
            None
        } else {
            let accounts = self.accounts(caller.app, members).await?;
            Some(accounts.into_iter().flatten().map(|account| account.tinyid).collect::<Arc<[Tinyid]>>())
        };
        let message = v1::Message {
            to: Some(group_ref(group_id)),
            from: SYSTEM.to_owned(),
            time_ms: self.clock.now(),
            elements: vec![yidu_proto::Element::custom(content)],
            online_only: true,
            ..Default::default()
        };
        let body = Body::Message(Arc::new(message));
        let topic = Topic::Conversation(group.conversation);
        self.announce(vec![Event { topic, except: None, only, body }]);
        Ok(())
    }

    /// Users by name, of whom the store and the bus leave out who is no member; `None`: everyone.
    async fn targets(
        &self,
        caller: &Caller,
        group: &Group,
        targets: &[String],
    ) -> Result<Option<Vec<Tinyid>>, Failure> {
        if targets.is_empty() {
            return Ok(None);
        }
        let policy = policy::of(group.info.r#type());
        if !policy.targets {
            return Err(Failure::invalid(format!("a message in {} groups cannot have targets", policy.name)));
        }
        let accounts = self.accounts(caller.app, targets).await?;
        Ok(Some(accounts.into_iter().flatten().map(|account| account.tinyid).collect()))
    }

    /// The message as everyone will see it, but what the store fills in.
    async fn compose(
        &self,
        caller: &Caller,
        request: v1::SendMessage,
        name_card: String,
    ) -> Result<v1::Message, Failure> {
        let sender = self.own_account(caller).await?;
        let now = self.clock.now();
        let client_time_s = if request.client_time_s == 0 { now / 1_000 } else { request.client_time_s };
        Ok(v1::Message {
            id: message_id(caller.tinyid, client_time_s, request.random),
            to: request.to,
            from: sender.user.clone(),
            time_ms: now,
            client_time_s,
            random: request.random,
            elements: request.elements,
            need_receipt: request.need_receipt,
            priority: request.priority,
            cloud_custom_data: request.cloud_custom_data,
            at_users: request.at_users,
            at_all: request.at_all,
            online_only: request.online_only,
            exclude_from_unread: request.exclude_from_unread,
            exclude_from_last_message: request.exclude_from_last_message,
            support_extension: request.support_extension,
            platform: caller.platform,
            from_nick: sender.nick.clone(),
            from_avatar_url: sender.avatar_url.clone(),
            from_name_card: name_card,
            targeted: !request.targets.is_empty(),
            ..Default::default()
        })
    }

    async fn send(
        &self,
        caller: &Caller,
        place: &Place,
        message: v1::Message,
        audience: Audience,
    ) -> Result<v1::SendMessageResult, Failure> {
        let Audience { targets, as_administrator, only, group, hooks } = audience;
        let to = group.map_or_else(|| place.peer(), hook::Place::Group);
        let message = if hooks.unasked {
            message
        } else {
            match self.ask_before(caller, &to, message).await? {
                Asked::Go(message) => message,
                // Dropped without a word: the sender takes it for sent.
                Asked::Drop(message) => {
                    return Ok(v1::SendMessageResult { message: Some(message), repeated: false });
                }
            }
        };
        if message.online_only {
            if !hooks.untold {
                self.tell_online_only(caller, place, to, &message).await?;
            }
            let hear = only.or_else(|| with_sender(targets, caller.tinyid));
            self.announce(message_events(caller, place, &message, hear));
            return Ok(v1::SendMessageResult { message: Some(message), repeated: false });
        }
        let draft = NewMessage {
            conversation: place.id,
            sender: caller.tinyid,
            as_administrator,
            counts_unread: !message.exclude_from_unread && targets.is_none(),
            message,
            targets,
            untold: hooks.untold,
        };
        let turn = self.turn(place.id);
        let appended = self.store.append_message(draft).await.map_err(Failure::of(place.about()))?;
        if !appended.repeated {
            let hear = only.or_else(|| with_sender(appended.targets, caller.tinyid));
            let events = message_events(caller, place, &appended.message, hear);
            turn.answered(Moment::at(appended.message.seq), events);
        }
        Ok(v1::SendMessageResult { message: Some(appended.message), repeated: appended.repeated })
    }
}

fn message_events(
    caller: &Caller,
    place: &Place,
    message: &v1::Message,
    only: Option<Vec<Tinyid>>,
) -> Vec<Event> {
    metrics::counter!("yidu_messages_total").increment(1);
    place.events(caller, only, &Body::Message(Arc::new(message.clone())))
}

/// Those who alone hear of a targeted message: its targets and its sender.
pub(super) fn with_sender(targets: Option<Vec<Tinyid>>, sender: Tinyid) -> Option<Vec<Tinyid>> {
    targets.map(|mut targets| {
        targets.push(sender);
        targets
    })
}

/// `<tinyid of the sender>-<client time>-<random>`.
pub(super) fn message_id(sender: Tinyid, client_time_s: u64, random: u32) -> String {
    format!("{}-{client_time_s}-{random}", sender.0)
}

fn check_mute(
    group: &Group,
    member: Option<&Member>,
    standing: Standing,
    now: Millis,
) -> Result<(), Failure> {
    if standing.administrator || standing.manages() {
        return Ok(());
    }
    if group.info.mute_all {
        return Err(Failure::new(
            Code::Muted,
            format!("group {} is muted: only its managers write", group.info.id),
        ));
    }
    let until = member.map_or(0, |member| member.muted_until);
    if until <= now {
        return Ok(());
    }
    Err(Failure {
        code: Code::Muted,
        text: format!("muted in group {} until {until} (ms since 1970)", group.info.id),
        retry_after_ms: u32::try_from(until - now).unwrap_or(u32::MAX),
        own_number: None,
    })
}

fn check_form(request: &v1::SendMessage) -> Result<(), Failure> {
    if request.hide_from_sender
        && !matches!(request.to.as_ref().and_then(|to| to.of.as_ref()), Some(Of::User(_)))
    {
        return Err(Failure::invalid("only one-to-one messages are hidden from their sender"));
    }
    if request.online_only && request.need_receipt {
        return Err(Failure::invalid("an online-only message is stored nowhere and cannot ask for receipts"));
    }
    if request.at_users.len() > limits::AT_USERS {
        return Err(Failure::invalid(format!("at_users names more than {}", limits::AT_USERS)));
    }
    if request.at_users.iter().any(|user| user.len() > limits::USER_ID_BYTES) {
        return Err(Failure::invalid("at_users holds something that is not a user id"));
    }
    if request.targets.len() > limits::TARGETS {
        return Err(Failure::invalid(format!("more than {} targets", limits::TARGETS)));
    }
    if !request.targets.is_empty() && (request.at_all || !request.at_users.is_empty()) {
        return Err(Failure::invalid("a message with targets cannot have at_users or at_all"));
    }
    Ok(())
}

pub(super) fn check_content(elements: &[Element], custom: &str) -> Result<(), Failure> {
    let bytes: usize = elements.iter().map(|element| element.raw().len()).sum();
    let bytes = bytes + custom.len();
    if bytes > limits::MESSAGE_BYTES {
        let text = format!("the message has {bytes} bytes: at most {}", limits::MESSAGE_BYTES);
        return Err(Failure::new(Code::MessageTooLong, text));
    }
    let bad = |text: &str| Err(Failure::new(Code::BadMessageBody, text));
    if elements.is_empty() {
        return bad("the message has no elements");
    }
    if elements.len() > limits::ELEMENTS {
        return bad("the message has more than 100 elements");
    }
    for element in elements {
        match element.kind() {
            Err(_) => return bad("an element cannot be read"),
            Ok(None) if element.raw().is_empty() => return bad("an element is empty"),
            Ok(Some(ElementKind::GroupTip(_))) => return bad("group tips are written by the server only"),
            Ok(Some(ElementKind::Merge(merge))) if merge.messages.len() > MERGED => {
                return bad("a merged message holds more than 300 messages");
            }
            // A kind of a newer contract passes through.
            Ok(None | Some(_)) => {}
        }
    }
    Ok(())
}
