//! One side of a comparison: a store and what the script calls things in it.

use std::fmt::Debug;
use std::sync::Arc;

use yidu_proto::v1;

use super::step::{CONVERSATIONS, FULL, GROUPS, Manner, PAIRS, Step, USERS, UpTo};
use super::told::{Told, sorted};
use crate::account::NewAccount;
use crate::conversation::ClearUpTo;
use crate::group::{GroupChange, MemberChange, MembersChange};
use crate::message::NewMessage;
use crate::receipt::ReceiptBatch;
use crate::suite::scene::{APP, START, app, draft, new_account, new_group, targeting, tip};
use crate::{ConversationId, Millis, Result, Seq, Store, StoreError, Tinyid};

pub(in crate::suite) struct World {
    /// `None` only while it is opened again.
    pub(in crate::suite) store: Option<Arc<dyn Store>>,
    pub(in crate::suite) users: Vec<Tinyid>,
    pub(super) conversations: Vec<Option<ConversationId>>,
    pub(super) told: Told,
    clock: Millis,
    last_sent: Vec<NewMessage>,
}

impl World {
    /// An app with users who talk to each other in pairs, and no group.
    pub(in crate::suite) async fn open(store: Arc<dyn Store>) -> Self {
        store.create_app(app(APP)).await.unwrap();
        let mut world = Self {
            store: Some(store),
            users: vec![Tinyid(0); USERS],
            conversations: vec![None; CONVERSATIONS],
            told: Told::default(),
            clock: START,
            last_sent: Vec::new(),
        };
        for user in 0..USERS {
            world.take(&Step::OpenAccount { user }).await;
        }
        for (place, (one, other)) in (GROUPS..).zip(PAIRS) {
            let id = world.store().open_c2c(APP, world.users[one], world.users[other]).await.unwrap();
            world.meet(place, id);
        }
        world
    }

    pub(super) fn store(&self) -> &dyn Store {
        self.store.as_deref().unwrap()
    }

    /// Looks up what there is, after a step that may or may not have been carried out.
    pub(in crate::suite) async fn look_up(&mut self) {
        let accounts = self.store().accounts(APP, &std::array::from_fn::<_, USERS, _>(name)).await.unwrap();
        for (user, account) in accounts.into_iter().enumerate() {
            self.learn(user, account.map_or(self.users[user], |account| account.tinyid));
        }
        let ids = std::array::from_fn::<_, GROUPS, _>(group_id);
        for (place, group) in self.store().groups(APP, &ids).await.unwrap().into_iter().enumerate() {
            if let Some(group) = group {
                self.meet(place, group.conversation);
            }
        }
    }

    /// What was tried on one side only took time as well.
    pub(in crate::suite) fn same_time_as(&mut self, other: &Self) {
        self.clock = other.clock;
    }

    /// Carries out a step and says what it answered.
    pub(in crate::suite) async fn take(&mut self, step: &Step) -> String {
        self.try_take(step).await.unwrap_or_else(|error| self.refusal(&error))
    }

    pub(in crate::suite) fn refusal(&self, error: &StoreError) -> String {
        self.told.text(error)
    }

    /// The same, with errors as they are.
    pub(in crate::suite) async fn try_take(&mut self, step: &Step) -> Result<String> {
        self.clock += 10;
        match step {
            Step::Found { group, members } => self.found(*group, members).await,
            Step::Join { group, users, tip } => self.change_members(*group, users, true, *tip).await,
            Step::Leave { group, users, tip } => self.change_members(*group, users, false, *tip).await,
            Step::Send { to, from, manner } => self.send(*to, *from, manner).await,
            Step::SendAgain { to, from } => self.send_again(*to, *from).await,
            Step::Own { group, user } => self.own(*group, *user).await,
            Step::NameCard { group, user, tip } => self.name_card(*group, *user, *tip).await,
            Step::Dismiss { group } => {
                self.answer(self.store().dismiss_group(self.at(*group), self.clock).await)
            }
            Step::DeleteAccount { user } => {
                let groups = self.store().delete_account(self.users[*user]).await;
                self.answer(groups.map(sorted))
            }
            Step::OpenAccount { user } => self.open_account(*user, None).await,
            Step::Profile { user } => self.open_account(*user, Some(format!("nick {}", self.clock))).await,
            Step::Reopen => Ok(String::new()),
            Step::Read { .. } | Step::Recall { .. } | Step::Clear { .. } => self.take_of_messages(step).await,
            Step::DeleteMessages { .. } | Step::DeleteConversation { .. } => {
                self.take_of_messages(step).await
            }
        }
    }

    async fn take_of_messages(&self, step: &Step) -> Result<String> {
        let (store, at) = (self.store(), self.clock);
        match step {
            Step::Read { of, by, back } => {
                let (conversation, reader) = (self.at(*of), self.users[*by]);
                let seqs = self.seqs(*of, back).await?;
                self.answer(store.record_receipts(ReceiptBatch { conversation, reader, seqs, at }).await)
            }
            Step::Recall { of, back, too_late } => {
                let seq = self.seqs(*of, &[*back]).await?[0];
                let recall = v1::Recall {
                    by: "somebody".into(),
                    time_ms: at,
                    reason: "typing".into(),
                    ..Default::default()
                };
                let not_before = if *too_late { at + 1 } else { 0 };
                self.answer(store.recall_message(self.at(*of), seq, recall, not_before).await)
            }
            Step::Clear { of, by, up_to } => {
                let up_to = match up_to {
                    UpTo::Newest => ClearUpTo::Newest,
                    UpTo::Back(back) => ClearUpTo::Seq(self.seqs(*of, &[*back]).await?[0]),
                    UpTo::Ago(millis) => ClearUpTo::Time(at - millis),
                    UpTo::Beyond => ClearUpTo::Seq(1_000),
                };
                self.answer(store.clear_unread(self.users[*by], self.at(*of), up_to, at).await)
            }
            Step::DeleteMessages { of, by, back } => {
                let seqs = self.seqs(*of, back).await?;
                self.answer(store.delete_messages(self.at(*of), self.users[*by], &seqs).await)
            }
            Step::DeleteConversation { of, by } => {
                self.answer(store.delete_conversation(self.users[*by], self.at(*of)).await)
            }
            other => panic!("{other:?} is not about messages"),
        }
    }

    async fn found(&mut self, group: usize, members: &[usize]) -> Result<String> {
        let members: Vec<Tinyid> = members.iter().map(|user| self.users[*user]).collect();
        let made = self.store().create_group(new_group(&group_id(group), &members, self.clock)).await;
        if let Ok((made, _)) = &made {
            self.meet(group, made.conversation);
        }
        self.answer(made)
    }

    async fn change_members(
        &self,
        group: usize,
        users: &[usize],
        join: bool,
        with_tip: bool,
    ) -> Result<String> {
        use v1::membership::Cause::{Added, Removed};
        let by = self.users[users[0]];
        let change = MembersChange {
            conversation: self.at(group),
            users: users.iter().map(|user| self.users[*user]).collect(),
            join,
            cause: if join { Added } else { Removed }.into(),
            by,
            at: self.clock,
            tip: with_tip.then(|| tip(self.draft(group, by))),
            max_members: FULL,
        };
        self.answer(self.store().change_members(change).await)
    }

    async fn send(&mut self, to: usize, from: usize, manner: &Manner) -> Result<String> {
        let mut new = self.draft(to, self.users[from]);
        new.message.need_receipt = manner.asks;
        new.message.exclude_from_last_message = manner.unlisted;
        new.counts_unread = manner.counts;
        new.as_administrator = manner.as_administrator;
        if let Some(targets) = &manner.targets
            && to < GROUPS
        {
            let targets: Vec<Tinyid> = targets.iter().map(|user| self.users[*user]).collect();
            new = targeting(new, &targets);
        }
        self.last_sent.push(new.clone());
        self.append(new).await
    }

    async fn send_again(&self, to: usize, from: usize) -> Result<String> {
        let (conversation, sender) = (self.at(to), self.users[from]);
        let same = |sent: &&NewMessage| sent.conversation == conversation && sent.sender == sender;
        let Some(sent) = self.last_sent.iter().rev().find(same) else { return Ok(String::new()) };
        let mut again = sent.clone();
        again.message.time_ms = self.clock;
        self.append(again).await
    }

    async fn append(&self, new: NewMessage) -> Result<String> {
        let appended = self.store().append_message(new).await;
        self.answer(
            appended.map(|appended| (appended.message, appended.repeated, appended.targets.map(sorted))),
        )
    }

    async fn own(&self, group: usize, user: usize) -> Result<String> {
        let change = GroupChange { owner: Some(self.users[user]), ..Default::default() };
        self.answer(self.store().change_group(self.at(group), change).await)
    }

    async fn name_card(&self, group: usize, user: usize, with_tip: bool) -> Result<String> {
        let name_card = Some(format!("card {}", self.clock));
        let change = MemberChange { name_card, muted_until: Some(self.clock), role: None };
        let tip = with_tip.then(|| tip(self.draft(group, self.users[user])));
        self.answer(self.store().change_member(self.at(group), self.users[user], change, tip).await)
    }

    async fn open_account(&mut self, user: usize, nick: Option<String>) -> Result<String> {
        let account = NewAccount { nick, ..new_account(&name(user)) };
        let opened = self.store().open_accounts(APP, vec![account], self.clock).await;
        if let Ok(opened) = &opened {
            self.learn(user, opened[0].0.tinyid);
        }
        self.answer(opened)
    }

    fn answer<T: Debug>(&self, answer: Result<T>) -> Result<String> {
        answer.map(|answer| self.told.text(&answer))
    }

    /// The conversation at a place; one that never was for a group that is not founded.
    pub(in crate::suite) fn at(&self, place: usize) -> ConversationId {
        self.conversations[place].unwrap_or(ConversationId(4_000_000))
    }

    /// Seqs counted back from the newest, 0 being the newest; of a conversation that is not there, 1.
    async fn seqs(&self, of: usize, back: &[u64]) -> Result<Vec<Seq>> {
        let last = self.last_seq(of).await?;
        Ok(back.iter().map(|back| last.saturating_sub(*back)).collect())
    }

    /// The newest seq, as whoever is in the conversation sees it; 1 where nobody is.
    pub(super) async fn last_seq(&self, of: usize) -> Result<Seq> {
        for user in &self.users {
            match self.store().conversation(*user, self.at(of)).await {
                Ok(view) => return Ok(view.last_seq),
                Err(stopped @ StoreError::Stopped { .. }) => return Err(stopped),
                Err(_) => {}
            }
        }
        Ok(1)
    }

    fn draft(&self, to: usize, from: Tinyid) -> NewMessage {
        let random = u32::try_from(self.clock - START).unwrap();
        let mut new = draft(self.at(to), from, random, self.clock);
        new.message.id = format!("{to}-{random}");
        new
    }

    fn learn(&mut self, user: usize, tinyid: Tinyid) {
        if self.users[user] != tinyid {
            self.users[user] = tinyid;
            self.told.call(tinyid, &name(user));
        }
    }

    fn meet(&mut self, place: usize, id: ConversationId) {
        if self.conversations[place] != Some(id) {
            self.conversations[place] = Some(id);
            self.told.call(id, &format!("conversation {place}"));
        }
    }
}

fn name(user: usize) -> String {
    format!("user{user}")
}

fn group_id(group: usize) -> String {
    format!("group{group}")
}
