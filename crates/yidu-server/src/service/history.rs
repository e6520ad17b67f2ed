//! Looking at messages, and taking them out of one's own view.

use yidu_proto::v1::get_history::Direction;
use yidu_proto::{limits, v1};
use yidu_store::message::{HistoryQuery, MessageView};
use yidu_store::{Millis, Seq};

use super::failure::About;
use super::place::{Place, To, check_count, page_size, user_ref};
use super::{Caller, Failure, Service, policy, receipt};

/// Messages in a page when the request does not say.
const MESSAGES: usize = 20;

/// How far the times of the messages of one request to many receivers lie apart at most.
const APART_MS: Millis = 3_000;

/// What a back end knows of a one-to-one message: the parts of the vendor's `MsgKey`.
#[derive(Clone, Copy, Debug)]
pub struct SentMessage<'a> {
    /// Who sent it.
    pub from: &'a str,
    /// Its seq, or that of the same message to another receiver.
    pub seq: Seq,
    /// The sender's random.
    pub random: u32,
    /// The server's clock, in seconds.
    pub time_s: u64,
}

impl Service {
    /// A page of a conversation's messages as the caller may see them; empty for a one-to-one conversation that nobody has
    /// written in. Errors: 6017, 7003, 10007, 10010, 20003.
    pub async fn get_history(
        &self,
        caller: &Caller,
        request: v1::GetHistory,
    ) -> Result<v1::GetHistoryResult, Failure> {
        let limit = page_size(request.limit, MESSAGES, limits::HISTORY)?;
        let newer = match Direction::try_from(request.direction) {
            Ok(Direction::Older) => false,
            Ok(Direction::Newer) => true,
            Err(_) => return Err(Failure::invalid(format!("there is no direction {}", request.direction))),
        };
        let Some(place) = self.find_place(caller, request.conversation.as_ref()).await? else {
            return Ok(v1::GetHistoryResult::default());
        };
        let query = HistoryQuery {
            conversation: place.id,
            viewer: caller.tinyid,
            before_joining: self.sees_before_joining(&place).await?,
            from: Some(request.from_seq).filter(|&seq| seq > 0),
            newer,
            limit,
            min_time: request.min_time_ms,
            max_time: if request.max_time_ms == 0 { Millis::MAX } else { request.max_time_ms },
        };
        let page = self.store.history(query).await.map_err(Failure::of(place.about()))?;
        Ok(v1::GetHistoryResult {
            messages: self.views(caller, &place, page.messages).await?,
            next_seq: page.next.unwrap_or_default(),
        })
    }

    /// Messages by seq as the caller may see them; what is not there or may not be seen is left out. Errors: as
    /// [`Service::get_history`].
    pub async fn get_messages(
        &self,
        caller: &Caller,
        request: v1::GetMessages,
    ) -> Result<v1::GetMessagesResult, Failure> {
        check_count(request.seqs.len(), limits::HISTORY, "seqs")?;
        let Some(place) = self.find_place(caller, request.conversation.as_ref()).await? else {
            return Ok(v1::GetMessagesResult::default());
        };
        let before_joining = self.sees_before_joining(&place).await?;
        let found = self.store.messages(place.id, caller.tinyid, before_joining, &request.seqs).await;
        let found = found.map_err(Failure::of(place.about()))?;
        Ok(v1::GetMessagesResult { messages: self.views(caller, &place, found).await? })
    }

    /// Takes messages out of the caller's view; nobody else's changes, and unknown seqs are ignored. Errors: as
    /// [`Service::get_history`].
    pub async fn delete_messages(
        &self,
        caller: &Caller,
        request: v1::DeleteMessages,
    ) -> Result<v1::DeleteMessagesResult, Failure> {
        check_count(request.seqs.len(), limits::DELETIONS, "seqs")?;
        if let Some(place) = self.find_place(caller, request.conversation.as_ref()).await? {
            let deleted = self.store.delete_messages(place.id, caller.tinyid, &request.seqs).await;
            deleted.map_err(Failure::of(place.about()))?;
        }
        Ok(v1::DeleteMessagesResult {})
    }

    /// The seq of a message of the caller's conversation with `peer`, by what a back end knows of it; `None` when there is
    /// none. One request to many receivers is one key for all of them, so the seq alone does not decide. Errors: 7003,
    /// 20003.
    pub async fn find_sent(
        &self,
        caller: &Caller,
        peer: &str,
        sent: SentMessage<'_>,
    ) -> Result<Option<Seq>, Failure> {
        let Some(place) = self.find_place(caller, Some(&user_ref(peer))).await? else { return Ok(None) };
        let is_it = |message: &v1::Message| message.random == sent.random && message.from == sent.from;
        let at = self.store.message(place.id, sent.seq).await.map_err(Failure::of(place.about()))?;
        if at.is_some_and(|(message, _)| is_it(&message) && message.time_ms / 1_000 == sent.time_s) {
            return Ok(Some(sent.seq));
        }
        let time = sent.time_s.saturating_mul(1_000);
        let query = HistoryQuery {
            conversation: place.id,
            viewer: caller.tinyid,
            before_joining: false,
            from: None,
            newer: false,
            limit: limits::HISTORY,
            min_time: time.saturating_sub(APART_MS),
            max_time: time.saturating_add(999 + APART_MS),
        };
        let page = self.store.history(query).await.map_err(Failure::of(place.about()))?;
        let found = page.messages.into_iter().map(|view| view.message).find(is_it);
        Ok(found.map(|message| message.seq))
    }

    /// The newest messages of a group up to a seq, newest first and without a gap, whoever may see them; `None` for what
    /// has expired. Administrators only. Errors: 10010, 10015, 70403.
    pub async fn group_messages(
        &self,
        caller: &Caller,
        group_id: &str,
        up_to: Option<Seq>,
        count: u32,
    ) -> Result<Vec<(Seq, Option<v1::Message>)>, Failure> {
        self.require_administrator(caller).await?;
        let group = self.group(caller.app, group_id).await?;
        let newest = up_to.unwrap_or(Seq::MAX).min(group.info.last_seq);
        let oldest = newest.saturating_sub(u64::from(count)).saturating_add(1);
        let mut messages = Vec::new();
        for seq in (oldest.max(1)..=newest).rev() {
            let found = self.store.message(group.conversation, seq).await;
            let found = found.map_err(Failure::of(About::Group))?;
            messages.push((seq, found.map(|(message, _)| message)));
        }
        Ok(messages)
    }

    /// Whether members see messages from before they joined (semantics.md rule 21).
    pub(super) async fn sees_before_joining(&self, place: &Place) -> Result<bool, Failure> {
        match place.to {
            To::Peer(_) => Ok(false),
            To::Group(_) => {
                let group = self.group_of(place.id).await?;
                Ok(policy::of(group.info.r#type()).history_before_joining)
            }
        }
    }

    async fn views(
        &self,
        caller: &Caller,
        place: &Place,
        views: Vec<MessageView>,
    ) -> Result<Vec<v1::MessageView>, Failure> {
        let own = |view: &MessageView| view.message.from == *caller.user;
        let peer_read = match place.to {
            To::Peer(_) if views.iter().any(own) => {
                let conversation = self.store.conversation(caller.tinyid, place.id).await;
                conversation.map_err(Failure::of(place.about()))?.peer_read
            }
            To::Peer(_) | To::Group(_) => 0,
        };
        let named = place.named_by_caller();
        Ok(views.into_iter().map(|one| view(one, caller, &named, peer_read)).collect())
    }
}

/// A message and what it is to the caller. `named`: the conversation as the caller names it; `peer_read`: up to when the
/// peer has cleared a one-to-one conversation, else 0.
pub(super) fn view(
    view: MessageView,
    caller: &Caller,
    named: &v1::ConversationRef,
    peer_read: Millis,
) -> v1::MessageView {
    let own = view.message.from == *caller.user;
    v1::MessageView {
        receipt: view.receipt.map(|state| receipt::wire(&state, named.clone())),
        receipt_sent: view.receipt_sent,
        peer_read: own && view.message.time_ms <= peer_read,
        message: Some(view.message),
    }
}

/// The seq that is asked for, or a refusal. Errors: 6017.
pub(super) fn one_seq(seq: Seq) -> Result<Seq, Failure> {
    if seq == 0 { Err(Failure::invalid("no seq named: they begin at 1")) } else { Ok(seq) }
}
