//! One user's state on one message, and why it is that.

use yidu_proto::{Code, v1};
use yidu_store::receipt::{ReadTimeline, ReaderStanding};
use yidu_store::{Millis, Seq, StoreError, Tinyid};

use super::super::failure::About;
use super::super::names::profile;
use super::super::place::{Place, group_ref};
use super::super::{Caller, Failure, Service};
use super::wire;

/// Messages behind the one asked about that are looked at for receipts of the user.
const NEWER: Seq = 20;

/// Where a user stands with a message.
#[derive(Clone, Debug, PartialEq)]
pub struct MemberReceipt {
    /// Who.
    pub profile: v1::Profile,
    /// Asked or not, and what came of it.
    pub state: AskedOrNot,
    /// In the group now.
    pub member: bool,
    /// The latest joining of who is or was in the group.
    pub joined: Option<Millis>,
    /// What only administrators learn.
    pub sighting: Option<Sighting>,
    /// State of the message at the same instant.
    pub receipt: v1::ReceiptState,
}

/// Whether somebody was asked to read a message, and what came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedOrNot {
    /// Has read.
    Read(Millis),
    /// Has not, and is in the group now; of a recalled message: was at the recall.
    Unread,
    /// Has not, and is no longer in the group; of a recalled message: was not at the recall.
    Left,
    /// Was not asked.
    NotAsked(NotAsked),
}

/// Why somebody was not asked to read a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAsked {
    /// Has sent it.
    Sender,
    /// Came in for the first time after it.
    JoinedLater,
    /// Had left before it, whether back since or not.
    LeftBefore,
    /// Was in the group, and the message went to others.
    NotTargeted,
    /// Never was in the group.
    NeverJoined,
}

/// What is known of a user's doings around a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// Is online now.
    pub online: bool,
    /// When the newest session ended that a node remembers; `None` when none is remembered.
    pub last_online: Option<Millis>,
    /// Up to which seq the user has cleared the unread count of the group; `None` for who is not in it.
    pub cleared_seq: Option<Seq>,
    /// The newest seq, among the 20 behind the message, of which the user has sent a receipt.
    pub newer_read_seq: Option<Seq>,
}

impl Service {
    /// Where a user stands with a group message, and why. Whoever may list its readers may ask; only administrators learn
    /// what else is known of the user. Errors: 10007, 10010, 10015, 10062, 70107.
    pub async fn member_receipt(
        &self,
        caller: &Caller,
        group_id: &str,
        seq: Seq,
        user: &str,
    ) -> Result<MemberReceipt, Failure> {
        let place = self.place(caller, Some(&group_ref(group_id))).await?;
        let others = self.sees_others_receipts(caller, &place).await?;
        let account = self.account(caller.app, user).await?;
        let number = account.as_ref().map_or(Tinyid(0), |account| account.tinyid);
        let standing = match self.store.reader(place.id, seq, number).await {
            Ok(standing) if others || standing.state.sender == caller.tinyid => standing,
            standing => return Err(self.unseen(caller, &place, others, standing.err()).await?),
        };
        let none = || Failure::new(Code::NoAccount, format!("{user} has no account in this app"));
        let account = account.ok_or_else(none)?;
        let sighting = if self.administers(caller).await? {
            Some(self.sighting(&place, seq, account.tinyid, &standing).await?)
        } else {
            None
        };
        Ok(MemberReceipt {
            profile: profile(&account),
            state: state(&standing, account.tinyid),
            member: standing.member,
            joined: standing.joined,
            sighting,
            receipt: wire(&standing.state, place.named_by_caller()),
        })
    }

    /// How fast a group message was read: `None` while nobody has read it. Whoever may list its readers may ask. Looks at
    /// each receipt twice: some milliseconds for a million. Errors: 10007, 10010, 10015, 10062.
    pub async fn receipt_timeline(
        &self,
        caller: &Caller,
        group_id: &str,
        seq: Seq,
        buckets: u32,
    ) -> Result<(Option<ReadTimeline>, v1::ReceiptState), Failure> {
        let place = self.place(caller, Some(&group_ref(group_id))).await?;
        let others = self.sees_others_receipts(caller, &place).await?;
        match self.store.read_timeline(place.id, seq, buckets).await {
            Ok((timeline, state)) if others || state.sender == caller.tinyid => {
                Ok((timeline, wire(&state, place.named_by_caller())))
            }
            timeline => Err(self.unseen(caller, &place, others, timeline.err()).await?),
        }
    }

    async fn sighting(
        &self,
        place: &Place,
        seq: Seq,
        user: Tinyid,
        standing: &ReaderStanding,
    ) -> Result<Sighting, Failure> {
        let presence = self.presence_of(user).await?;
        let cleared_seq = match self.store.conversation(user, place.id).await {
            Ok(conversation) => Some(conversation.read_seq),
            Err(StoreError::NotMember) => None,
            Err(error) => return Err(Failure::of(About::Group)(error)),
        };
        let mut newer_read_seq = None;
        if standing.joined.is_some() {
            for newer in (seq.saturating_add(1)..=seq.saturating_add(NEWER)).rev() {
                match self.store.audience_members(place.id, newer, &[user]).await.as_deref() {
                    Ok([Some(member), ..]) if member.read_at.is_some() => {
                        newer_read_seq = Some(newer);
                        break;
                    }
                    Ok(_) | Err(StoreError::NoSuchMessage | StoreError::NoReceipts) => {}
                    Err(error) => return Err(Failure::of(About::Group)(error.clone())),
                }
            }
        }
        Ok(Sighting {
            online: !presence.devices.is_empty(),
            last_online: presence.last_online,
            cleared_seq,
            newer_read_seq,
        })
    }
}

fn state(standing: &ReaderStanding, user: Tinyid) -> AskedOrNot {
    match standing.read_at {
        Some(at) => return AskedOrNot::Read(at),
        None if standing.left => return AskedOrNot::Left,
        None if standing.asked => return AskedOrNot::Unread,
        None => {}
    }
    AskedOrNot::NotAsked(match standing.first_seq {
        _ if standing.state.sender == user => NotAsked::Sender,
        None => NotAsked::NeverJoined,
        Some(first) if first > standing.state.seq => NotAsked::JoinedLater,
        Some(_) if standing.was_member => NotAsked::NotTargeted,
        Some(_) => NotAsked::LeftBefore,
    })
}
