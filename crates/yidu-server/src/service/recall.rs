//! Recalling messages.

use yidu_proto::v1::conversation_change::Thing;
use yidu_proto::{Code, ElementKind, limits, v1};
use yidu_store::{Millis, Tinyid};

use super::failure::About;
use super::history::one_seq;
use super::message::with_sender;
use super::place::{Place, To};
use super::{Caller, Failure, Service};
use crate::bus::Body;

impl Service {
    /// Takes a message back from everybody: its content is gone, its receipts are closed (semantics.md rule 9), and
    /// everybody who saw it is told. Members within the app's recall time, administrators at any time. Errors: 6017, 10007,
    /// 10010, 10030 to 10032; one-to-one 20003, 20016, 20022, 20023.
    pub async fn recall_message(
        &self,
        caller: &Caller,
        request: v1::RecallMessage,
    ) -> Result<v1::RecallMessageResult, Failure> {
        let seq = one_seq(request.seq)?;
        if request.reason.len() > limits::REASON_BYTES {
            return Err(Failure::invalid(format!("the reason is over {} bytes", limits::REASON_BYTES)));
        }
        let place = self.place(caller, request.conversation.as_ref()).await?;
        let about = match place.to {
            To::Peer(_) => About::RecallC2c,
            To::Group(_) => About::RecallGroup,
        };
        let sender = self.may_recall(caller, &place, seq, about).await?;
        let now = self.clock.now();
        let by = self.own_account(caller).await?;
        let recall = v1::Recall {
            by: by.user.clone(),
            time_ms: now,
            reason: request.reason,
            by_nick: by.nick.clone(),
            by_avatar_url: by.avatar_url.clone(),
        };
        let not_before = self.recallable_from(caller, about, now).await?;
        let recalled = self.store.recall_message(place.id, seq, recall.clone(), not_before).await;
        let recalled = recalled.map_err(Failure::of(about))?;

        let only = with_sender(recalled.targets, sender);
        let change = change(recalled.message, recalled.change);
        self.announce(place.events(caller, only, &Body::ConversationChange(change)));
        Ok(v1::RecallMessageResult { recall: Some(recall) })
    }

    /// Own messages; owner and group admins also others'; administrators any. Returns the sender.
    async fn may_recall(
        &self,
        caller: &Caller,
        place: &Place,
        seq: u64,
        about: About,
    ) -> Result<Tinyid, Failure> {
        let standing = match place.to {
            To::Peer(_) => None,
            To::Group(_) => Some(self.standing(caller, place.id).await?),
        };
        if standing.is_some_and(|standing| !standing.is_member() && !standing.administrator) {
            return Err(Failure::forbidden("only members recall messages of a group"));
        }
        let found = self.store.message(place.id, seq).await.map_err(Failure::of(about))?;
        let Some((message, sender)) = found else {
            return Err(Failure::of(about)(yidu_store::StoreError::NoSuchMessage));
        };
        let any = standing.is_some_and(|standing| standing.administrator || standing.manages());
        if sender != caller.tinyid && !any {
            return Err(Failure::forbidden(
                "only the sender recalls it, in a group also its owner and admins",
            ));
        }
        if is_tip(&message) {
            return Err(Failure::new(
                Code::NotRecallable,
                "what the server says of a group cannot be recalled",
            ));
        }
        Ok(sender)
    }

    /// The oldest time a message may have. Errors: 20016, 10031 where the app forbids recalling.
    async fn recallable_from(&self, caller: &Caller, about: About, now: Millis) -> Result<Millis, Failure> {
        if self.administers(caller).await? {
            return Ok(0);
        }
        match self.app(caller.app).await?.settings.recall_seconds {
            0 => {
                let code =
                    if about == About::RecallC2c { Code::RecallTooLateC2c } else { Code::RecallTooLate };
                Err(Failure::new(
                    code,
                    "this app lets nobody but administrators recall (setting `recall_seconds`)",
                ))
            }
            seconds => Ok(now.saturating_sub(Millis::from(seconds) * 1_000)),
        }
    }
}

/// The entry of the conversation's feed about a recalled message.
pub(super) fn change(message: v1::Message, number: u64) -> v1::ConversationChange {
    v1::ConversationChange {
        to: message.to,
        number,
        thing: Some(Thing::Recalled(v1::RecalledMessage {
            seq: message.seq,
            message_id: message.id,
            from: message.from,
            recall: message.recall,
        })),
    }
}

fn is_tip(message: &v1::Message) -> bool {
    matches!(message.elements.first().map(|element| element.kind()), Some(Ok(Some(ElementKind::GroupTip(_)))))
}
