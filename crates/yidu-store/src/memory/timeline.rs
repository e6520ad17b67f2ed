//! A conversation as it is kept: who is and was in it, its messages, its feed.

use std::collections::{BTreeSet, HashMap};

use yidu_proto::v1;
use yidu_readset::{Audience, AudienceSpec, Counts, ReadSet, Roster, counts};

use crate::conversation::ConversationKind;
use crate::{AppId, Millis, Ordinal, Result, Seq, StoreError, Tinyid};

pub(super) struct Timeline {
    pub(super) app: AppId,
    pub(super) kind: Kind,
    pub(super) roster: Roster,
    /// By ordinal: everybody who was ever in it.
    pub(super) people: Vec<Person>,
    pub(super) ordinals: HashMap<Tinyid, Ordinal>,
    /// The message with seq 1 first.
    pub(super) messages: Vec<Stored>,
    /// The feed of the conversation: seqs of recalled messages and of those reminded of, number 1 first.
    pub(super) feed: Vec<Seq>,
    /// The newest reminder of a message.
    pub(super) reminders: HashMap<Seq, Reminder>,
}

pub(super) struct Reminder {
    /// Its number in the feed.
    pub(super) change: u64,
    pub(super) by: Tinyid,
    pub(super) at: Millis,
    /// For these only; `None`: for everybody.
    pub(super) users: Option<Vec<Tinyid>>,
}

pub(super) enum Kind {
    C2c(Tinyid, Tinyid),
    Group(Box<GroupState>),
}

pub(super) struct GroupState {
    pub(super) info: v1::Group,
    pub(super) owner: Option<Tinyid>,
    pub(super) dismissed: bool,
}

/// What is kept of one user in one conversation, whether in it now or not.
pub(super) struct Person {
    pub(super) user: Tinyid,
    pub(super) role: v1::Role,
    pub(super) joined: Millis,
    pub(super) name_card: String,
    pub(super) muted_until: Millis,
    /// The newest reason for being in or out: cause and who did it.
    pub(super) moved: (i32, Option<Tinyid>),
    pub(super) read_seq: Seq,
    /// C2C: up to when this user has cleared.
    pub(super) cleared: Millis,
    /// History up to here is out of view.
    pub(super) history_deleted: Seq,
    /// Off the list until there is a message after this one.
    pub(super) unlisted_at: Option<Seq>,
    pub(super) deleted: BTreeSet<Seq>,
}

pub(super) struct Stored {
    pub(super) message: v1::Message,
    pub(super) sender: Tinyid,
    pub(super) counts_unread: bool,
    /// A tip, which is never sent twice and so is no repeat of anything.
    pub(super) tip: bool,
    pub(super) audience: AudienceSpec,
    pub(super) audience_count: u32,
    pub(super) read: ReadSet,
    /// Recalled or expired: those in the conversation at that instant, by whom counts and lists stand.
    pub(super) closed_with: Option<Roster>,
    pub(super) expired: bool,
}

impl Timeline {
    pub(super) fn new(app: AppId, kind: Kind) -> Self {
        Self {
            app,
            kind,
            roster: Roster::new(),
            people: Vec::new(),
            ordinals: HashMap::new(),
            messages: Vec::new(),
            feed: Vec::new(),
            reminders: HashMap::new(),
        }
    }

    pub(super) fn kind(&self) -> ConversationKind {
        match &self.kind {
            Kind::C2c(one, other) => ConversationKind::C2c(*one, *other),
            Kind::Group(group) => ConversationKind::Group(group.info.id.clone()),
        }
    }

    /// A group that is not dismissed.
    pub(super) fn group(&self) -> Option<&GroupState> {
        match &self.kind {
            Kind::Group(group) if !group.dismissed => Some(group),
            Kind::C2c(..) | Kind::Group(_) => None,
        }
    }

    pub(super) fn group_mut(&mut self) -> Option<&mut GroupState> {
        match &mut self.kind {
            Kind::Group(group) if !group.dismissed => Some(group),
            Kind::C2c(..) | Kind::Group(_) => None,
        }
    }

    pub(super) fn is_live(&self) -> bool {
        matches!(self.kind, Kind::C2c(..)) || self.group().is_some()
    }

    pub(super) fn last_seq(&self) -> Seq {
        self.messages.len() as Seq
    }

    pub(super) fn stored(&self, seq: Seq) -> Option<&Stored> {
        let index = usize::try_from(seq.checked_sub(1)?).ok()?;
        self.messages.get(index)
    }

    pub(super) fn stored_mut(&mut self, seq: Seq) -> Option<&mut Stored> {
        let index = usize::try_from(seq.checked_sub(1)?).ok()?;
        self.messages.get_mut(index)
    }

    /// The ordinal of a member now.
    pub(super) fn member(&self, user: Tinyid) -> Result<Ordinal> {
        let ordinal = self.ordinals.get(&user).copied();
        ordinal.filter(|&ordinal| self.roster.is_member(ordinal)).ok_or(StoreError::NotMember)
    }

    pub(super) fn person(&self, ordinal: Ordinal) -> &Person {
        &self.people[ordinal as usize]
    }

    pub(super) fn person_mut(&mut self, ordinal: Ordinal) -> &mut Person {
        &mut self.people[ordinal as usize]
    }

    /// Somebody comes or comes back, in front of the next message. False: was in already.
    pub(super) fn join(&mut self, user: Tinyid, role: v1::Role, at: Millis) -> bool {
        if self.member(user).is_ok() {
            return false;
        }
        let (last, next) = (self.last_seq(), self.last_seq() + 1);
        match self.ordinals.get(&user).copied() {
            None => {
                let ordinal = self.roster.join_new(next);
                self.ordinals.insert(user, ordinal);
                self.people.push(Person::new(user, role, at, last));
            }
            Some(ordinal) => {
                self.roster.rejoin(ordinal, next).expect("the ordinal is from this roster");
                let person = self.person_mut(ordinal);
                person.role = role;
                person.joined = at;
                person.read_seq = last;
                person.unlisted_at = None;
            }
        }
        true
    }

    /// Somebody goes, behind the newest message. False: was not in.
    pub(super) fn leave(&mut self, user: Tinyid) -> bool {
        let Ok(ordinal) = self.member(user) else { return false };
        let next = self.last_seq() + 1;
        self.roster.leave(ordinal, next).expect("the ordinal is from this roster");
        self.person_mut(ordinal).role = v1::Role::None;
        if let Some(group) = self.group_mut()
            && group.owner == Some(user)
        {
            group.owner = None;
        }
        true
    }

    /// Four figures of a message; those of the instant of closing for a closed one.
    pub(super) fn counts(&self, stored: &Stored) -> Counts {
        counts(self.roster_of(stored), &stored.audience, stored.audience_count, &stored.read)
    }

    /// By whom the lists of a message stand.
    pub(super) fn roster_of<'a>(&'a self, stored: &'a Stored) -> &'a Roster {
        stored.closed_with.as_ref().unwrap_or(&self.roster)
    }

    pub(super) fn audience_of(
        &self,
        seq: Seq,
        sender: Tinyid,
        targets: Option<&[Tinyid]>,
    ) -> (AudienceSpec, u32) {
        let mut ordinals = targets.map(|targets| {
            targets.iter().filter_map(|&user| self.member(user).ok()).collect::<Vec<Ordinal>>()
        });
        if let Some(ordinals) = &mut ordinals {
            ordinals.sort_unstable();
            ordinals.dedup();
        }
        let sender = self.ordinals.get(&sender).copied();
        let spec = AudienceSpec { seq, sender, targets: ordinals };
        let size = Audience::new(&self.roster, &spec).len();
        (spec, size)
    }

    /// The targets of a message as users.
    pub(super) fn targets(&self, stored: &Stored) -> Option<Vec<Tinyid>> {
        let targets = stored.audience.targets.as_ref()?;
        Some(targets.iter().map(|&ordinal| self.person(ordinal).user).collect())
    }
}

impl Person {
    fn new(user: Tinyid, role: v1::Role, joined: Millis, read_seq: Seq) -> Self {
        Self {
            user,
            role,
            joined,
            name_card: String::new(),
            muted_until: 0,
            moved: (0, None),
            read_seq,
            cleared: 0,
            history_deleted: 0,
            unlisted_at: None,
            deleted: BTreeSet::new(),
        }
    }
}
