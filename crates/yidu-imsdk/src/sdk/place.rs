//! Which message a caller means: a message of JSON says where it is, or at least its id, which may be known here.

use yidu_client::v1;

use super::call::Refusal;
use super::session::Session;
use crate::ffi::callback::Failure;
use crate::json::reference::MessageRef;

/// A message by its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Place {
    pub(crate) conversation: v1::ConversationRef,
    pub(crate) seq: u64,
}

/// Messages of one conversation by their places.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Places {
    pub(crate) conversation: v1::ConversationRef,
    pub(crate) seqs: Vec<u64>,
}

impl Place {
    /// What the message says itself, else what is known here of its id.
    pub(crate) fn of(session: &Session, reference: &MessageRef<'_>) -> Option<Place> {
        if let Some(conversation) = reference.conversation()
            && reference.message_seq > 0
        {
            return Some(Place { conversation, seq: reference.message_seq });
        }
        let record = session.local.get(&reference.message_msg_id)?;
        let message = record.message();
        let seq = Some(message.seq).filter(|seq| *seq > 0)?;
        Some(Place { conversation: session.conversation_of(message)?, seq })
    }
}

impl Places {
    /// The places of messages that have to be in one conversation, 1 to `most` of them; those of which no place is known
    /// are left out. `Ok(Err(_))` when none is left.
    pub(crate) fn of(
        session: &Session,
        references: &[MessageRef<'_>],
        most: usize,
    ) -> Result<Result<Places, Failure>, Refusal> {
        if references.is_empty() || references.len() > most {
            return Err(Refusal::param(format!("{} messages; 1 to {most} can be named", references.len())));
        }
        let mut found: Option<Places> = None;
        for place in references.iter().filter_map(|reference| Place::of(session, reference)) {
            match &mut found {
                None => found = Some(Places { conversation: place.conversation, seqs: vec![place.seq] }),
                Some(places) if places.conversation == place.conversation => places.seqs.push(place.seq),
                Some(_) => {
                    return Err(Refusal::param("messages of several conversations; name those of one"));
                }
            }
        }
        Ok(found.ok_or_else(Failure::unknown_message))
    }
}

impl Failure {
    /// 10062.
    pub(crate) fn unknown_message() -> Failure {
        Failure::new(
            10062,
            "not known here; name a message by message_conv_id, message_conv_type and message_seq, as it was received",
        )
    }
}
