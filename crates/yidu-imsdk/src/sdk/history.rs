//! Which part of a conversation's history is meant, and where it comes from: the server, or what is kept here.

use std::ops::ControlFlow;

use serde::Deserialize;
use yidu_client::{HistoryQuery, v1};

use super::call::Refusal;
use super::place::Place;
use super::session::{Session, is_about_the_way};
use crate::ffi::callback::Failure;
use crate::json::object::Field;
use crate::json::reference::MessageRef;
use crate::local::Record;

/// Messages of one call.
const MOST: u32 = 1_000;
/// Messages where the caller does not say how many.
const USUAL: u32 = 20;
/// Messages of one request to the server.
const PAGE: u32 = 100;

/// MsgGetMsgListParam.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct ListParam<'a> {
    #[serde(borrow, rename = "msg_getmsglist_param_last_msg")]
    last_msg: Option<MessageRef<'a>>,
    #[serde(rename = "msg_getmsglist_param_count", deserialize_with = "Field::read")]
    count: u32,
    #[serde(rename = "msg_getmsglist_param_is_ramble", deserialize_with = "Field::read")]
    is_ramble: Option<bool>,
    #[serde(rename = "msg_getmsglist_param_message_type_array", deserialize_with = "Field::read")]
    types: Vec<u32>,
    #[serde(rename = "msg_getmsglist_param_is_forward", deserialize_with = "Field::read")]
    is_forward: bool,
    #[serde(rename = "msg_getmsglist_param_last_msg_seq", deserialize_with = "Field::read")]
    last_msg_seq: u64,
    #[serde(rename = "msg_getmsglist_param_time_begin", deserialize_with = "Field::read")]
    time_begin: u64,
    #[serde(rename = "msg_getmsglist_param_time_period", deserialize_with = "Field::read")]
    time_period: u64,
    #[serde(rename = "msg_getmsglist_param_message_seq_array", deserialize_with = "Field::read")]
    seqs: Vec<u64>,
}

/// A part of a history.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Query {
    conversation: v1::ConversationRef,
    from: From,
    older: bool,
    /// Seconds, both included; 0 is open.
    times: (u64, u64),
    count: u32,
    /// From the server; else from what is kept here.
    ask: bool,
    /// Of what is kept here, only these kinds of element; all when empty.
    types: Vec<u32>,
}

#[derive(Clone, Debug, PartialEq)]
enum From {
    /// The newest, or the oldest.
    End,
    /// Included.
    Seq(u64),
    /// There is nothing beyond.
    Nothing,
    /// These alone.
    These(Vec<u64>),
}

impl ListParam<'_> {
    /// What is asked for. `message_seq_array` goes before everything else, then the last message (left out of the
    /// result), then the last seq (included), then the times.
    pub(crate) fn query(
        self,
        session: &Session,
        conversation: v1::ConversationRef,
    ) -> Result<Query, Refusal> {
        let is_group = matches!(conversation.of, Some(v1::conversation_ref::Of::Group(_)));
        let count = if self.count == 0 { USUAL } else { self.count };
        if count > MOST || self.seqs.len() > MOST as usize {
            return Err(Refusal::param(format!("at most {MOST} messages in one call")));
        }
        let older = !self.is_forward;
        let last = self.last_msg.filter(|last| !last.message_msg_id.is_empty() || last.message_seq > 0);
        let from = if is_group && !self.seqs.is_empty() {
            From::These(self.seqs)
        } else if let Some(last) = last {
            let place = Place::of(session, &last).filter(|place| place.conversation == conversation);
            let seq = place
                .ok_or_else(|| Refusal::param("last_msg is not known here, or of another conversation"))?
                .seq;
            if older { beyond(seq.checked_sub(1).filter(|seq| *seq > 0)) } else { beyond(seq.checked_add(1)) }
        } else if is_group && self.last_msg_seq > 0 {
            From::Seq(self.last_msg_seq)
        } else {
            From::End
        };
        let times = times(self.time_begin, self.time_period, older);
        let ask = self.is_ramble.unwrap_or(true);
        Ok(Query { conversation, from, older, times, count, ask, types: self.types })
    }
}

fn beyond(seq: Option<u64>) -> From {
    seq.map_or(From::Nothing, From::Seq)
}

/// A period reaches from its begin towards where the messages are looked for; without one it has no end.
fn times(begin: u64, period: u64, older: bool) -> (u64, u64) {
    match (begin, period, older) {
        (0, _, _) => (0, 0),
        (begin, 0, true) => (0, begin),
        (begin, 0, false) => (begin, 0),
        (begin, period, true) => (begin.saturating_sub(period).max(1), begin),
        (begin, period, false) => (begin, begin.saturating_add(period)),
    }
}

impl Query {
    /// The messages: towards the older newest first, towards the newer oldest first. When the server cannot be reached,
    /// what is kept here.
    pub(crate) async fn run(&self, session: &Session) -> Result<Vec<Record>, Failure> {
        if !self.ask {
            return Ok(self.kept(session));
        }
        if !session.is_online() {
            return Ok(self.kept(session));
        }
        match self.asked(session).await {
            Ok(records) => Ok(records),
            Err(error) if is_about_the_way(&error) => Ok(self.kept(session)),
            Err(error) => Err(error.into()),
        }
    }

    async fn asked(&self, session: &Session) -> yidu_client::Result<Vec<Record>> {
        let mut records = Vec::new();
        let keep = |records: &mut Vec<Record>, views: Vec<v1::MessageView>| {
            let seen = views.into_iter().map(|view| session.local.see(&self.conversation, view));
            records.extend(seen.filter(|record| !record.deleted));
        };
        let mut from = match &self.from {
            From::End => 0,
            From::Seq(seq) => *seq,
            From::Nothing => return Ok(records),
            From::These(seqs) => {
                keep(&mut records, session.client.messages(&self.conversation, seqs).await?);
                return Ok(records);
            }
        };
        let most = self.count as usize;
        while records.len() < most {
            let missing = u32::try_from(most - records.len()).unwrap_or(PAGE).min(PAGE);
            let query = if self.older { HistoryQuery::older(from) } else { HistoryQuery::newer(from) };
            let query = query.limit(missing).times(
                self.times.0.saturating_mul(1_000),
                // To the end of its second.
                if self.times.1 == 0 { 0 } else { self.times.1.saturating_mul(1_000).saturating_add(999) },
            );
            let page = session.client.history(&self.conversation, query).await?;
            keep(&mut records, page.messages);
            from = page.next_seq;
            if from == 0 {
                break;
            }
        }
        Ok(records)
    }

    fn kept(&self, session: &Session) -> Vec<Record> {
        let from = match (&self.from, self.older) {
            (From::End, true) => u64::MAX,
            (From::End, false) => 0,
            (From::Seq(seq), _) => *seq,
            (From::Nothing, _) => return Vec::new(),
            (From::These(seqs), _) => {
                let at = |seq: &u64| session.local.at(&self.conversation, *seq);
                return seqs.iter().filter_map(at).filter(|record| !record.deleted).collect();
            }
        };
        let mut records = Vec::new();
        session.local.page(&self.conversation, from, self.older, |record| {
            if self.wants(&record) {
                records.push(record);
            }
            if records.len() < self.count as usize {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        });
        records
    }

    fn wants(&self, record: &Record) -> bool {
        let message = record.message();
        let time_s = message.time_ms / 1_000;
        let in_time = self.times.0 <= time_s && (self.times.1 == 0 || time_s <= self.times.1);
        in_time && (self.types.is_empty() || super::show::has_element_of(message, &self.types))
    }
}

#[cfg(test)]
mod tests {
    use super::times;

    #[test]
    fn a_period_reaches_from_its_begin_in_the_direction_of_the_query() {
        assert_eq!(times(0, 60, true), (0, 0));
        assert_eq!(times(1_000, 60, true), (940, 1_000));
        assert_eq!(times(1_000, 60, false), (1_000, 1_060));
        assert_eq!(times(1_000, 0, true), (0, 1_000));
        assert_eq!(times(1_000, 0, false), (1_000, 0));
        assert_eq!(times(10, 60, true), (1, 10));
        assert_eq!(times(u64::MAX, 60, false), (u64::MAX, u64::MAX));
    }
}
