//! Receipts: sending them, counting them, listing who has read and who has not (semantics.md rules 3 to 13). The exemplar
//! of the rules.

use yidu_proto::{Code, limits, v1};
use yidu_store::receipt::{
    Advance, AudiencePage, Filter, ReceiptBatch, ReceiptOutcome, ReceiptState, Verdict,
};
use yidu_store::{Millis, Ordinal, Seq, StoreError, Tinyid};

use super::place::{Place, To, check_count, group_ref, page_size};
use super::{Caller, Failure, Service};
use crate::bus::{Body, Event, Topic};
use crate::metrics::metrics;

mod list;
mod member;
mod remind;
mod switch;
mod versions;

pub use list::{ReceiptList, ReceiptListQuery, ReceiptReader};
pub use member::{AskedOrNot, MemberReceipt, NotAsked, Sighting};
pub(super) use remind::change as reminder;
pub(super) use switch::refusal;
pub(super) use versions::Versions;

/// Members in a page of readers when the request does not say.
const MEMBERS: usize = 100;

impl Service {
    /// Records that the caller has read messages of one conversation, and tells their senders what advanced.
    ///
    /// Each seq is judged by itself; a seq named twice is judged twice, the second time as the repeat that it is. Answers
    /// after the receipts are durable. A request in which nothing advances writes nothing and wakes nobody. The unread
    /// count does not change. Errors: 6017, 10007, 10010.
    pub async fn send_receipts(
        &self,
        caller: &Caller,
        request: v1::SendReceipts,
    ) -> Result<v1::SendReceiptsResult, Failure> {
        check_count(request.seqs.len(), limits::RECEIPTS, "seqs")?;
        let place = self.place(caller, request.conversation.as_ref()).await?;
        let stamp = self.versions.stamp(self.clock.now());
        let batch = ReceiptBatch {
            conversation: place.id,
            reader: caller.tinyid,
            seqs: distinct(&request.seqs),
            at: stamp.at(),
        };
        let outcomes = self.store.record_receipts(batch).await.map_err(Failure::of(place.about()))?;
        drop(stamp);

        if let Some(administrator) = &caller.administrator {
            tracing::info!(%administrator, reader = %caller.user, conversation = place.id.0, seqs = ?request.seqs,
                "an administrator sent receipts in a user's name");
            if outcomes.iter().any(|outcome| outcome.advance.is_some()) {
                self.note_receipts_for(caller, administrator, &place, &request.seqs).await?;
            }
        }
        self.announce(news(caller, &place, &outcomes));
        let results = results(&request.seqs, &outcomes);
        metrics().receipts(results.iter().map(|result| result.verdict));
        Ok(v1::SendReceiptsResult { results })
    }

    /// The states of messages of one conversation, in order of `seqs`: the caller's own, and those that the app lets the
    /// caller see. Others, unknown ones and those that did not ask are left out. Errors: 6017, 10010.
    pub async fn get_receipts(
        &self,
        caller: &Caller,
        request: v1::GetReceipts,
    ) -> Result<v1::GetReceiptsResult, Failure> {
        check_count(request.seqs.len(), limits::RECEIPT_STATES, "seqs")?;
        let Some(place) = self.find_place(caller, request.conversation.as_ref()).await? else {
            return Ok(v1::GetReceiptsResult::default());
        };
        let states = self.store.receipt_states(place.id, &request.seqs).await;
        let mut states = states.map_err(Failure::of(place.about()))?;

        let own = |state: &ReceiptState| state.sender == caller.tinyid;
        if !states.iter().all(own) && !self.sees_others_receipts(caller, &place).await? {
            states.retain(own);
        }
        let named = place.named_by_caller();
        Ok(v1::GetReceiptsResult { states: states.iter().map(|state| wire(state, named.clone())).collect() })
    }

    /// A page of who has read a message, who has not, or who left without. Errors: 6017, 10007, 10010, 10062.
    pub async fn list_receipt_members(
        &self,
        caller: &Caller,
        request: v1::ListReceiptMembers,
    ) -> Result<v1::ListReceiptMembersResult, Failure> {
        let limit = page_size(request.limit, MEMBERS, limits::RECEIPT_MEMBERS)?;
        let filter = filter(request.filter)?;
        let cursor = Ordinal::try_from(request.cursor)
            .map_err(|_| Failure::invalid("the cursor is none that a page has returned"))?;
        let place = self.place(caller, request.conversation.as_ref()).await?;

        let others = self.sees_others_receipts(caller, &place).await?;
        let page = self.store.audience_page(place.id, request.seq, filter, cursor, limit).await;
        match page {
            Ok(page) if others || page.state.sender == caller.tinyid => self.page(&place, page).await,
            page => Err(self.unseen(caller, &place, others, page.err()).await?),
        }
    }

    /// Why somebody does not get to see a list.
    async fn unseen(
        &self,
        caller: &Caller,
        place: &Place,
        others: bool,
        error: Option<StoreError>,
    ) -> Result<Failure, Failure> {
        match error {
            // Whoever may not look does not learn either which messages there are.
            Some(error) if others || self.is_member(caller, place).await? => {
                Ok(Failure::of(place.about())(error))
            }
            Some(_) | None => Ok(not_a_viewer()),
        }
    }

    /// When certain users have read a group message, in their order; `None` for who has not, or was not asked. Whoever may
    /// list its readers may ask. Errors: 6017, 10007, 10010, 10015, 10062.
    pub async fn read_times(
        &self,
        caller: &Caller,
        group_id: &str,
        seq: Seq,
        users: &[String],
    ) -> Result<Vec<Option<Millis>>, Failure> {
        let members = self.named_members(caller, Some(&group_ref(group_id)), seq, users).await?;
        Ok(members.into_iter().map(|member| member?.read_at).collect())
    }

    async fn page(&self, place: &Place, page: AudiencePage) -> Result<v1::ListReceiptMembersResult, Failure> {
        let people = self.people(page.members.iter().map(|member| member.user).collect()).await?;
        let members = page.members.into_iter().map(|member| v1::ReceiptMember {
            profile: Some(people.profile(member.user)),
            name_card: member.name_card,
            read_time_ms: member.read_at.unwrap_or_default(),
        });
        Ok(v1::ListReceiptMembersResult {
            members: members.collect(),
            next_cursor: page.next.into(),
            finished: page.finished,
            state: Some(wire(&page.state, place.named_by_caller())),
        })
    }

    /// Whether the caller sees receipts of messages that others have sent (semantics.md rule 6).
    async fn sees_others_receipts(&self, caller: &Caller, place: &Place) -> Result<bool, Failure> {
        if self.administers(caller).await? {
            return Ok(true);
        }
        let To::Group(_) = place.to else { return Ok(false) };
        let app = self.app(caller.app).await?;
        let least = match app.settings.receipt_viewers() {
            v1::ReceiptViewers::Sender => return Ok(false),
            v1::ReceiptViewers::Managers => v1::Role::Admin,
            v1::ReceiptViewers::Members => v1::Role::Member,
        };
        Ok(self.standing(caller, place.id).await?.role >= least as i32)
    }

    async fn is_member(&self, caller: &Caller, place: &Place) -> Result<bool, Failure> {
        match place.to {
            To::Peer(_) => Ok(true),
            To::Group(_) => Ok(self.standing(caller, place.id).await?.is_member()),
        }
    }
}

fn not_a_viewer() -> Failure {
    Failure::forbidden(
        "only the sender and administrators see who has read; the app's setting `receipt_viewers` lets others",
    )
}

/// The newest state of a message's receipts; `conversation` as the sender of the message names it.
pub(super) fn wire(state: &ReceiptState, conversation: v1::ConversationRef) -> v1::ReceiptState {
    v1::ReceiptState {
        conversation: Some(conversation),
        seq: state.seq,
        message_id: state.message_id.clone(),
        audience_count: state.counts.audience,
        read_count: state.counts.read,
        unread_count: state.counts.unread,
        left_count: state.counts.left,
        peer_read_time_ms: state.peer_read.unwrap_or_default(),
        closed: state.closed,
    }
}

/// What others are to hear: per sender one event with all that advanced, and the reader's other sessions what was sent.
fn news(caller: &Caller, place: &Place, outcomes: &[ReceiptOutcome]) -> Vec<Event> {
    let mut senders: Vec<(Tinyid, Vec<v1::Change>)> = Vec::new();
    let mut sent = Vec::new();
    for outcome in outcomes {
        let Some(Advance { sender, change, state }) = &outcome.advance else { continue };
        sent.push(outcome.seq);
        let receipt = wire(state, place.named_by_others(caller));
        let change = v1::Change { number: *change, thing: Some(v1::change::Thing::Receipt(receipt)) };
        match senders.iter_mut().find(|(known, _)| known == sender) {
            Some((_, changes)) => changes.push(change),
            None => senders.push((*sender, vec![change])),
        }
    }
    if sent.is_empty() {
        return Vec::new();
    }
    let mut events: Vec<Event> = senders
        .into_iter()
        .map(|(sender, mut changes)| {
            changes.sort_unstable_by_key(|change| change.number);
            Event { topic: Topic::User(sender), except: None, only: None, body: Body::Changes(changes) }
        })
        .collect();
    let sent = v1::ReceiptsSent { conversation: Some(place.named_by_caller()), seqs: sent };
    events.push(caller.to_own_devices(Body::ReceiptsSent(sent)));
    events
}

/// One result for each seq that was asked, in that order. There are at most [`limits::RECEIPTS`]: looking along them is
/// cheaper than hashing.
fn results(asked: &[Seq], outcomes: &[ReceiptOutcome]) -> Vec<v1::ReceiptResult> {
    let result = |(at, &seq): (usize, &Seq)| {
        let outcome = outcomes.iter().find(|outcome| outcome.seq == seq);
        let verdict = match outcome.map_or(Verdict::UnknownMessage, |outcome| outcome.verdict) {
            Verdict::Recorded if asked[..at].contains(&seq) => Verdict::Already,
            verdict => verdict,
        };
        let (verdict, code) = told(verdict);
        v1::ReceiptResult { seq, verdict: verdict.into(), code: code.map_or(0, Code::number) }
    };
    asked.iter().enumerate().map(result).collect()
}

fn told(verdict: Verdict) -> (v1::ReceiptVerdict, Option<Code>) {
    match verdict {
        Verdict::Recorded => (v1::ReceiptVerdict::Recorded, None),
        Verdict::Already => (v1::ReceiptVerdict::Already, None),
        Verdict::OwnMessage => (v1::ReceiptVerdict::OwnMessage, None),
        Verdict::NotRequested => (v1::ReceiptVerdict::NotRequested, Some(Code::NoReceipt)),
        Verdict::NotInAudience => (v1::ReceiptVerdict::NotInAudience, Some(Code::NoPermission)),
        Verdict::UnknownMessage => (v1::ReceiptVerdict::UnknownMessage, Some(Code::NoReceipt)),
        Verdict::Recalled => (v1::ReceiptVerdict::Recalled, Some(Code::NotRecallable)),
    }
}

fn filter(asked: i32) -> Result<Filter, Failure> {
    match v1::ReceiptFilter::try_from(asked) {
        Ok(v1::ReceiptFilter::Read) => Ok(Filter::Read),
        Ok(v1::ReceiptFilter::Unread) => Ok(Filter::Unread),
        Ok(v1::ReceiptFilter::Left) => Ok(Filter::Left),
        Ok(v1::ReceiptFilter::NotRead) => {
            Err(Failure::invalid("the filter NOT_READ is for pages at a version: ask with GetReceiptPage"))
        }
        Err(_) => Err(Failure::invalid(format!("there is no receipt filter {asked}"))),
    }
}

/// Each once, in the order of their first time.
fn distinct(seqs: &[Seq]) -> Vec<Seq> {
    let mut distinct = Vec::with_capacity(seqs.len());
    for seq in seqs {
        if !distinct.contains(seq) {
            distinct.push(*seq);
        }
    }
    distinct
}
