//! Finding messages: for administrators and operators, who know one by its id or its place.

use yidu_proto::{Code, v1};
use yidu_store::conversation::ConversationKind;
use yidu_store::{ConversationId, Millis, Seq, Tinyid};

use super::failure::About;
use super::names::other;
use super::place::{group_ref, user_ref};
use super::{Caller, Failure, Service, receipt};

/// How far a device's clock may be from the server's for a message to be found by its id.
const SKEW: Millis = 10 * 60 * 1_000;

/// Conversations of a sender that are searched for a message id.
const CONVERSATIONS: usize = 1_000;

/// Messages of one conversation that are looked at for a message id.
const MESSAGES: Seq = 1_000;

/// A message and where it is.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundMessage {
    /// The conversation as the sender names it.
    pub conversation: v1::ConversationRef,
    /// The message.
    pub message: v1::Message,
    /// Its receipts, if it asked for them.
    pub receipt: Option<v1::ReceiptState>,
}

impl Service {
    /// The message with this place, whoever may see it. Errors: 70403; 10062 when there is none; as `find_place`.
    pub async fn message_at(
        &self,
        caller: &Caller,
        conversation: &v1::ConversationRef,
        seq: Seq,
    ) -> Result<FoundMessage, Failure> {
        self.require_administrator(caller).await?;
        let place = self.place(caller, Some(conversation)).await?;
        let found = self.found(place.id, seq, place.named_by_caller()).await?;
        found.ok_or_else(|| {
            Failure::new(Code::NoReceipt, format!("there is no message {seq} in this conversation"))
        })
    }

    /// The message with this id, looked for in the conversations that its sender is in now, among what they took within
    /// ten minutes of the client time in the id. Reads a few records of each of at most 1,000 conversations. Errors: 70403;
    /// 6017 (not a message id); 10062 when it is not found.
    pub async fn find_message(&self, caller: &Caller, id: &str) -> Result<FoundMessage, Failure> {
        self.require_administrator(caller).await?;
        let (sender, time) = parts(id).ok_or_else(|| {
            Failure::invalid("a message id is <number of the sender>-<client time>-<random>")
        })?;
        let none =
            || Failure::new(Code::NoReceipt, format!("no message {id} was found: give its place instead"));
        let account = self.store.accounts_by_tinyid(&[sender]).await.map_err(Failure::of(About::Account))?;
        let account = account.into_iter().flatten().next().filter(|account| account.app == caller.app);
        account.ok_or_else(none)?;
        let mut ids = self.store.conversation_ids(sender).await.map_err(Failure::of(About::Account))?;
        ids.sort_unstable_by(|one, other| other.cmp(one));
        ids.truncate(CONVERSATIONS);
        for conversation in ids {
            if let Some(seq) = self.seq_of(conversation, sender, id, time).await? {
                let named = self.named_by(sender, conversation).await?;
                return self.found(conversation, seq, named).await?.ok_or_else(none);
            }
        }
        Err(none())
    }

    async fn found(
        &self,
        conversation: ConversationId,
        seq: Seq,
        named: v1::ConversationRef,
    ) -> Result<Option<FoundMessage>, Failure> {
        let message = self.store.message(conversation, seq).await.map_err(Failure::of(About::Group))?;
        let Some((message, _)) = message else { return Ok(None) };
        let states = self.store.receipt_states(conversation, &[seq]).await;
        let states = states.map_err(Failure::of(About::Group))?;
        let receipt = states.first().map(|state| receipt::wire(state, named.clone()));
        Ok(Some(FoundMessage { conversation: named, message, receipt }))
    }

    /// The seq of a message in a conversation: times rise with seqs, so the place is found by halving.
    async fn seq_of(
        &self,
        conversation: ConversationId,
        sender: Tinyid,
        id: &str,
        time: Millis,
    ) -> Result<Option<Seq>, Failure> {
        let Ok(view) = self.store.conversation(sender, conversation).await else { return Ok(None) };
        let (mut low, mut high) = (1, view.last_seq + 1);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.time_of(conversation, middle).await? {
                Some(at) if at < time.saturating_sub(SKEW) => low = middle + 1,
                Some(_) => high = middle,
                // Expired: what is left lies behind.
                None => low = middle + 1,
            }
        }
        for seq in low..=view.last_seq.min(low.saturating_add(MESSAGES)) {
            let message = self.store.message(conversation, seq).await.map_err(Failure::of(About::Group))?;
            let Some((message, _)) = message else { continue };
            if message.id == id {
                return Ok(Some(seq));
            }
            if message.time_ms > time.saturating_add(SKEW) {
                break;
            }
        }
        Ok(None)
    }

    async fn time_of(&self, conversation: ConversationId, seq: Seq) -> Result<Option<Millis>, Failure> {
        let message = self.store.message(conversation, seq).await.map_err(Failure::of(About::Group))?;
        Ok(message.map(|(message, _)| message.time_ms))
    }

    async fn named_by(
        &self,
        viewer: Tinyid,
        conversation: ConversationId,
    ) -> Result<v1::ConversationRef, Failure> {
        let kinds = self.kinds(vec![conversation]).await?;
        Ok(match kinds.get(&conversation).map(|kind| &**kind) {
            Some(ConversationKind::Group(group)) => group_ref(group),
            Some(ConversationKind::C2c(one, two)) => {
                let peer = other(*one, *two, viewer);
                user_ref(&self.people(vec![peer]).await?.user(peer))
            }
            None => v1::ConversationRef::default(),
        })
    }
}

/// Sender and client time in ms of a message id.
fn parts(id: &str) -> Option<(Tinyid, Millis)> {
    let mut parts = id.split('-');
    let (sender, time, random) = (parts.next()?, parts.next()?, parts.next()?);
    random.parse::<u32>().ok()?;
    let time: u64 = time.parse().ok()?;
    let sender = Tinyid(sender.parse().ok()?);
    parts.next().is_none().then_some((sender, time.saturating_mul(1_000)))
}
