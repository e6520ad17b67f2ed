//! Asking by name who has read, and asking those again who have not (semantics.md rule 23).

use yidu_proto::v1::conversation_change::Thing;
use yidu_proto::{Code, limits, v1};
use yidu_store::receipt::{AudienceMember, NewReminder, Reminded};
use yidu_store::{Millis, Seq, Tinyid};

use super::super::names::People;
use super::super::place::{Place, check_count};
use super::super::{Caller, Failure, Service};
use super::not_a_viewer;
use crate::bus::Body;

impl Service {
    /// Whether certain users have read a message, in the order asked. Users without an account were not asked. Errors: 6017,
    /// 10007, 10010, 10062.
    pub async fn get_read_status(
        &self,
        caller: &Caller,
        request: v1::GetReadStatus,
    ) -> Result<v1::GetReadStatusResult, Failure> {
        check_count(request.user_ids.len(), limits::RECEIPT_USERS, "users")?;
        let v1::GetReadStatus { conversation, seq, user_ids } = request;
        let members = self.named_members(caller, conversation.as_ref(), seq, &user_ids).await?;
        let status = |(user_id, member): (String, Option<AudienceMember>)| {
            let state = member.as_ref().map_or(v1::ReceiptReaderState::NotAsked, state_of);
            let read_time_ms = member.and_then(|member| member.read_at).unwrap_or_default();
            v1::ReadStatus { user_id, state: state.into(), read_time_ms }
        };
        let users = user_ids.into_iter().zip(members).map(status).collect();
        Ok(v1::GetReadStatusResult { users })
    }

    /// Users as the audience of a message has them, in order; `None` for those without an account and those who were not
    /// asked. Errors: 6017, 10007, 10010, 10062.
    pub(super) async fn named_members(
        &self,
        caller: &Caller,
        conversation: Option<&v1::ConversationRef>,
        seq: Seq,
        users: &[String],
    ) -> Result<Vec<Option<AudienceMember>>, Failure> {
        let place = self.seen_place(caller, conversation, seq).await?;
        let accounts = self.accounts(caller.app, users).await?;
        let tinyids: Vec<Tinyid> = accounts.iter().flatten().map(|account| account.tinyid).collect();
        let members = self.store.audience_members(place.id, seq, &tinyids).await;
        let mut members = members.map_err(Failure::of(place.about()))?.into_iter();
        Ok(accounts.into_iter().map(|account| account.and_then(|_| members.next().flatten())).collect())
    }

    /// Asks those again who have not read a message, all or those named: their devices hear of it, and who is offline finds
    /// it in the feed of the conversation. One entry and one encoded push, whatever their number. Nobody else is told, and
    /// no unread count changes. Errors: 6017, 10007, 10010, 10032, 10062, and 60007 within a minute of the last reminder of
    /// the message, with the time that is left.
    pub async fn remind_unread(
        &self,
        caller: &Caller,
        request: v1::RemindUnread,
    ) -> Result<v1::RemindUnreadResult, Failure> {
        let v1::RemindUnread { conversation, seq, user_ids } = request;
        let place = self.seen_place(caller, conversation.as_ref(), seq).await?;
        let users = if user_ids.is_empty() {
            None
        } else {
            check_count(user_ids.len(), limits::RECEIPT_USERS, "users")?;
            let accounts = self.accounts(caller.app, &user_ids).await?;
            let users: Vec<Tinyid> = accounts.into_iter().flatten().map(|account| account.tinyid).collect();
            if users.is_empty() {
                return Ok(v1::RemindUnreadResult { reminded: 0 });
            }
            Some(users)
        };
        let at = self.clock.now();
        let reminder = NewReminder { conversation: place.id, seq, by: caller.tinyid, at, users };
        let reminded = self.store.remind_unread(reminder).await.map_err(Failure::of(place.about()))?;
        match reminded {
            Reminded::Nobody => Ok(v1::RemindUnreadResult { reminded: 0 }),
            Reminded::TooSoon { again_at } => Err(too_soon(seq, again_at.saturating_sub(at))),
            Reminded::Noted { change, users } => {
                let reminded = u32::try_from(users.len()).unwrap_or(u32::MAX);
                if let Some((message, _)) =
                    self.store.message(place.id, seq).await.map_err(Failure::of(place.about()))?
                {
                    let people = self.people(vec![caller.tinyid]).await?;
                    let change = self::change(message, change, (caller.tinyid, at), &people);
                    self.announce(place.events(caller, Some(users), &Body::ConversationChange(change)));
                }
                Ok(v1::RemindUnreadResult { reminded })
            }
        }
    }

    /// The place of a message whose receipts the caller may see. Errors: 6017, 10007, 10010.
    async fn seen_place(
        &self,
        caller: &Caller,
        conversation: Option<&v1::ConversationRef>,
        seq: Seq,
    ) -> Result<Place, Failure> {
        let place = self.place(caller, conversation).await?;
        let states = self.store.receipt_states(place.id, &[seq]).await.map_err(Failure::of(place.about()))?;
        let own = states.first().is_some_and(|state| state.sender == caller.tinyid);
        // Whoever is in the conversation may learn that a message has no receipts, as from a list.
        let none = states.is_empty() && self.is_member(caller, &place).await?;
        if own || none || self.sees_others_receipts(caller, &place).await? {
            return Ok(place);
        }
        Err(not_a_viewer())
    }
}

/// The entry of the conversation's feed about a message that somebody is reminded of.
pub(in crate::service) fn change(
    message: v1::Message,
    number: u64,
    (by, time_ms): (Tinyid, Millis),
    people: &People,
) -> v1::ConversationChange {
    let by = people.profile(by);
    v1::ConversationChange {
        to: message.to,
        number,
        thing: Some(Thing::Reminder(v1::ReceiptReminder {
            seq: message.seq,
            message_id: message.id,
            from: message.from,
            by: by.user_id,
            by_nick: by.nick,
            time_ms,
        })),
    }
}

fn state_of(member: &AudienceMember) -> v1::ReceiptReaderState {
    match member.read_at {
        Some(_) => v1::ReceiptReaderState::Read,
        None if member.left => v1::ReceiptReaderState::Left,
        None => v1::ReceiptReaderState::Unread,
    }
}

fn too_soon(seq: Seq, wait: Millis) -> Failure {
    let text = format!(
        "message {seq} was reminded of within the last {} s: try again in {} s",
        limits::REMINDER_PACE_MS / 1_000,
        wait.div_ceil(1_000)
    );
    let retry_after_ms = u32::try_from(wait).unwrap_or(u32::MAX);
    Failure { retry_after_ms, ..Failure::new(Code::TooManyCallsOfUser, text) }
}
