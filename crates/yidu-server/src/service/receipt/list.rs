//! Lists of an audience at a version: for consoles and exports, which jump about in them while receipts land.

use yidu_proto::{limits, v1};
use yidu_store::receipt::{AudienceAt, AudienceAtPage, AudienceMember, Filter, Start};
use yidu_store::{Millis, Ordinal, Seq};

use super::super::names::People;
use super::super::place::{Place, page_size};
use super::super::{Caller, Failure, Service};
use super::{MEMBERS, filter, wire};

/// Members that one search looks at: the rest is for the next request.
const SEARCHED: usize = 20_000;

/// Which page of which list.
#[derive(Clone, Debug, PartialEq)]
pub struct ReceiptListQuery {
    /// Where the message is.
    pub conversation: v1::ConversationRef,
    /// The message.
    pub seq: Seq,
    /// The list.
    pub filter: Filter,
    /// The version that an earlier page told; `None`: the newest.
    pub version: Option<Millis>,
    /// Where the page begins.
    pub start: Start,
    /// 1 to 1,000.
    pub limit: usize,
    /// Only those with this in their user id, nick or name card, whatever the case.
    pub search: Option<String>,
}

/// A page of a list at a version.
#[derive(Clone, Debug, PartialEq)]
pub struct ReceiptList {
    /// In order of first joining.
    pub members: Vec<ReceiptReader>,
    /// The cursor to go on from; 0 at the end. A search may stop before its page is full and not be at the end.
    pub next: Ordinal,
    /// Nobody follows.
    pub finished: bool,
    /// Members of the list before this page, found by the search or not.
    pub offset: u32,
    /// Members of the whole list, found by the search or not.
    pub total: u32,
    /// The version of this page.
    pub version: Millis,
    /// The message's counts of now.
    pub state: v1::ReceiptState,
}

/// Somebody who was asked.
#[derive(Clone, Debug, PartialEq)]
pub struct ReceiptReader {
    /// Who.
    pub profile: v1::Profile,
    /// Name card in the group; empty in one-to-one conversations.
    pub name_card: String,
    /// When, for those who had read.
    pub read_at: Option<Millis>,
    /// Of those who had not: no longer in the conversation.
    pub left: bool,
}

impl Service {
    /// A page of a list as it was at a version, for clients. Errors: 6017, 10007, 10010, 10062.
    pub async fn get_receipt_page(
        &self,
        caller: &Caller,
        request: v1::GetReceiptPage,
    ) -> Result<v1::GetReceiptPageResult, Failure> {
        if request.keyword.len() > limits::RECEIPT_SEARCH_BYTES {
            let text = format!("the keyword has more than {} bytes", limits::RECEIPT_SEARCH_BYTES);
            return Err(Failure::invalid(text));
        }
        let query = ReceiptListQuery {
            conversation: request.conversation.unwrap_or_default(),
            seq: request.seq,
            filter: filter_at(request.filter)?,
            version: Some(request.version).filter(|&version| version > 0),
            start: match request.start {
                Some(v1::get_receipt_page::Start::Offset(offset)) => Start::Offset(offset),
                Some(v1::get_receipt_page::Start::Cursor(cursor)) => Start::Cursor(cursor),
                None => Start::Offset(0),
            },
            limit: page_size(request.limit, MEMBERS, limits::RECEIPT_PAGE)?,
            search: Some(request.keyword),
        };
        let list = self.receipt_list(caller, query).await?;
        Ok(v1::GetReceiptPageResult {
            members: list.members.into_iter().map(v1::ReceiptReader::from).collect(),
            version: list.version,
            total: list.total,
            offset: list.offset,
            next_cursor: list.next,
            state: Some(list.state),
        })
    }

    /// A page of a list as it was at a version, from any place on.
    ///
    /// A version is an instant of the server's clock, and at it `Read` and `NotRead` stand still for ever: whatever lands
    /// later, every offset names the same member, nobody is there twice and nobody is missed. `Unread` and `Left` divide
    /// `NotRead` by who is in the conversation now, so somebody who leaves or comes back changes from one to the other.
    /// Any instant of the past will do for a version. Nothing is kept for one; a page costs a walk over the audience
    /// (about a millisecond for a million) and its members' names. A search looks at 20,000 members at most and
    /// then says where to go on. Errors: 6017, 10007, 10010, 10062.
    pub async fn receipt_list(
        &self,
        caller: &Caller,
        query: ReceiptListQuery,
    ) -> Result<ReceiptList, Failure> {
        if !(1..=limits::RECEIPT_MEMBERS).contains(&query.limit) {
            return Err(Failure::invalid(format!("a page holds 1 to {} members", limits::RECEIPT_MEMBERS)));
        }
        let newest = self.versions.newest(self.clock.now());
        let version = query.version.unwrap_or(newest);
        if version > newest {
            let text = format!(
                "there is no version {version} yet: the newest is {newest}; leave it out to get that"
            );
            return Err(Failure::invalid(text));
        }
        let place = self.place(caller, Some(&query.conversation)).await?;
        let asked = AudienceAt {
            conversation: place.id,
            seq: query.seq,
            filter: query.filter,
            at: version,
            start: query.start,
            limit: query.limit,
        };
        match query.search.as_deref().map(str::trim).filter(|search| !search.is_empty()) {
            None => {
                let page = self.list_page(caller, &place, asked).await?;
                let people = self.people_of(&page).await?;
                let members = page.members.iter().map(|member| reader(&people, member)).collect();
                Ok(told(&place, version, members, page.next, &page))
            }
            Some(search) => self.search_list(caller, &place, asked, &search.to_lowercase()).await,
        }
    }

    async fn search_list(
        &self,
        caller: &Caller,
        place: &Place,
        asked: AudienceAt,
        search: &str,
    ) -> Result<ReceiptList, Failure> {
        let mut found = Vec::new();
        let mut query = AudienceAt { limit: limits::RECEIPT_MEMBERS, ..asked };
        let mut looked_at = 0;
        loop {
            let page = self.list_page(caller, place, query).await?;
            let people = self.people_of(&page).await?;
            for member in &page.members {
                if found.len() == asked.limit {
                    return Ok(told(place, asked.at, found, member.ordinal, &page));
                }
                let member = reader(&people, member);
                if names(&member, search) {
                    found.push(member);
                }
            }
            looked_at += page.members.len();
            if page.finished || looked_at >= SEARCHED {
                return Ok(told(place, asked.at, found, page.next, &page));
            }
            query.start = Start::Cursor(page.next);
        }
    }

    async fn list_page(
        &self,
        caller: &Caller,
        place: &Place,
        query: AudienceAt,
    ) -> Result<AudienceAtPage, Failure> {
        let others = self.sees_others_receipts(caller, place).await?;
        match self.store.audience_at(query).await {
            Ok(page) if others || page.state.sender == caller.tinyid => Ok(page),
            page => Err(self.unseen(caller, place, others, page.err()).await?),
        }
    }

    async fn people_of(&self, page: &AudienceAtPage) -> Result<People, Failure> {
        self.people(page.members.iter().map(|member| member.user).collect()).await
    }
}

fn filter_at(asked: i32) -> Result<Filter, Failure> {
    match v1::ReceiptFilter::try_from(asked) {
        Ok(v1::ReceiptFilter::NotRead) => Ok(Filter::NotRead),
        Ok(_) | Err(_) => filter(asked),
    }
}

impl From<ReceiptReader> for v1::ReceiptReader {
    fn from(reader: ReceiptReader) -> v1::ReceiptReader {
        let state = match reader.read_at {
            Some(_) => v1::ReceiptReaderState::Read,
            None if reader.left => v1::ReceiptReaderState::Left,
            None => v1::ReceiptReaderState::Unread,
        };
        v1::ReceiptReader {
            profile: Some(reader.profile),
            name_card: reader.name_card,
            read_time_ms: reader.read_at.unwrap_or_default(),
            state: state.into(),
        }
    }
}

fn told(
    place: &Place,
    version: Millis,
    members: Vec<ReceiptReader>,
    next: Ordinal,
    page: &AudienceAtPage,
) -> ReceiptList {
    ReceiptList {
        members,
        next,
        finished: next == 0,
        offset: page.offset,
        total: page.total,
        version,
        state: wire(&page.state, place.named_by_caller()),
    }
}

fn reader(people: &People, member: &AudienceMember) -> ReceiptReader {
    ReceiptReader {
        profile: people.profile(member.user),
        name_card: member.name_card.clone(),
        read_at: member.read_at,
        left: member.left,
    }
}

fn names(member: &ReceiptReader, search: &str) -> bool {
    let texts = [&member.profile.user_id, &member.profile.nick, &member.name_card];
    texts.into_iter().any(|text| text.to_lowercase().contains(search))
}
