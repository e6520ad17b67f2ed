//! Groups.

use async_trait::async_trait;
use yidu_proto::{Element, ElementKind, v1};
use yidu_readset::{Ordinal, Roster};
use yidu_store::group::{
    Group, GroupChange, Member, MemberChange, MemberOutcome, MembersChange, MembersChanged, NewGroup,
};
use yidu_store::message::{Appended, NewMessage};
use yidu_store::webhook::{Command, News};
use yidu_store::{AppId, ConversationId, Groups, Millis, Result, StoreError, Tinyid};

use crate::account;
use crate::audit;
use crate::commit::Txn;
use crate::conversation::{lives_in, next_id, standing};
use crate::feed;
use crate::member;
use crate::message;
use crate::record::{Description, Entry, EntryThing, Head, Kind};
use crate::rows::View;
use crate::state::{Conversation, key_member};
use crate::store::EmbeddedStore;
use crate::tables::Table;
use crate::webhook;

/// How many of those concerned a tip names.
const TIP_USERS: usize = 100;

#[async_trait]
impl Groups for EmbeddedStore {
    async fn create_group(&self, group: NewGroup) -> Result<(Group, Vec<(Tinyid, u64)>)> {
        self.write(move |txn| create_group(txn, group)).await
    }

    async fn groups(&self, app: AppId, ids: &[String]) -> Result<Vec<Option<Group>>> {
        self.read(|view| {
            let find = |id: &String| match view.number(Table::Groups, &id_key(app, id))? {
                Some(conversation) => group(view, ConversationId(conversation)),
                None => Ok(None),
            };
            ids.iter().map(find).collect()
        })
        .await
    }

    async fn group_of(&self, conversation: ConversationId) -> Result<Option<Group>> {
        self.read(|view| group(view, conversation)).await
    }

    async fn list_groups(
        &self,
        app: AppId,
        after: &str,
        limit: usize,
    ) -> Result<(Vec<Group>, Option<String>)> {
        self.read(|view| {
            let (found, next) = view.names_behind(Table::Groups, app, after, limit)?;
            let groups = found.into_iter().map(|id| group(view, ConversationId(id)).transpose());
            Ok((groups.flatten().collect::<Result<_>>()?, next))
        })
        .await
    }

    async fn change_group(
        &self,
        conversation: ConversationId,
        change: GroupChange,
    ) -> Result<(Group, Option<Appended>)> {
        self.write(move |txn| change_group(txn, conversation, change)).await
    }

    async fn change_members(&self, change: MembersChange) -> Result<MembersChanged> {
        self.write(move |txn| change_members(txn, change)).await
    }

    async fn change_member(
        &self,
        conversation: ConversationId,
        user: Tinyid,
        change: MemberChange,
        tip: Option<NewMessage>,
    ) -> Result<Option<Appended>> {
        self.write(move |txn| change_member(txn, conversation, user, change, tip)).await
    }

    async fn members(
        &self,
        conversation: ConversationId,
        from: Ordinal,
        limit: usize,
    ) -> Result<(Vec<Member>, Ordinal)> {
        self.read_conversation(conversation, |view, found| {
            let mut ordinals = found.roster.iter_members_from(from);
            let page = ordinals.by_ref().take(limit).map(|ordinal| as_member(view, conversation, ordinal));
            Ok((page.collect::<Result<_>>()?, ordinals.next().unwrap_or(0)))
        })
        .await
    }

    async fn nth_member(&self, conversation: ConversationId, before: u32) -> Result<Option<Ordinal>> {
        self.read_conversation(conversation, |_, found| Ok(found.roster.nth_member(before))).await
    }

    async fn members_by_user(
        &self,
        conversation: ConversationId,
        users: &[Tinyid],
    ) -> Result<Vec<Option<Member>>> {
        self.read_conversation(conversation, |view, found| {
            let find = |&user: &Tinyid| match found.member(view, user) {
                Ok(ordinal) => as_member(view, conversation, ordinal).map(Some),
                Err(StoreError::NotMember) => Ok(None),
                Err(error) => Err(error),
            };
            users.iter().map(find).collect()
        })
        .await
    }

    async fn dismiss_group(&self, conversation: ConversationId, at: Millis) -> Result<()> {
        self.write(move |txn| {
            let slot = txn.slot(conversation);
            let mut found = lock_group(txn, &slot, conversation)?;
            webhook::tell_of(txn, &found, Command::Dismissed, at, |view| {
                let (owner, name) = owner_and_name(&found);
                let users = webhook::first_members(view, &found)?;
                Ok(News::Dismissed { group: webhook::group_name(&found), name, owner, users })
            })?;
            found.description.dismissed = true;
            txn.put_record(Table::Conversations, &conversation.0.to_be_bytes(), &found.description);
            Ok(())
        })
        .await
    }
}

fn owner_and_name(conversation: &Conversation) -> (Option<Tinyid>, String) {
    match &conversation.description.kind {
        Kind::Group { owner, info } => (*owner, info.name.clone()),
        Kind::C2c(..) => (None, String::new()),
    }
}

fn id_key(app: AppId, id: &str) -> Vec<u8> {
    [&app.0.to_be_bytes()[..], id.as_bytes()].concat()
}

/// A group as it is now; `None` for one-to-one conversations and dismissed groups.
fn group(view: &View<'_>, conversation: ConversationId) -> Result<Option<Group>> {
    let key = conversation.0.to_be_bytes();
    let Some(description) = view.record::<Description>(Table::Conversations, &key)? else { return Ok(None) };
    let Kind::Group { owner, info } = description.kind else { return Ok(None) };
    if description.dismissed {
        return Ok(None);
    }
    let head: Head = view.expect(Table::Heads, &key)?;
    let info = v1::Group {
        owner: owner.map_or_else(|| Ok(String::new()), |owner| account::name(view, owner))?,
        member_count: head.members,
        last_seq: head.last_seq,
        ..*info
    };
    Ok(Some(Group { conversation, app: description.app, info, owner }))
}

fn lock_group<'s>(
    txn: &Txn<'_>,
    slot: &'s crate::cache::Slot,
    id: ConversationId,
) -> Result<parking_lot::MappedMutexGuard<'s, Conversation>> {
    let found = txn.lock(slot, id)?;
    if found.is_c2c() { Err(StoreError::NoSuchConversation) } else { Ok(found) }
}

fn create_group(txn: &mut Txn<'_>, new: NewGroup) -> Result<(Group, Vec<(Tinyid, u64)>)> {
    let key = id_key(new.app, &new.info.id);
    if let Some(taken) = txn.view.number(Table::Groups, &key)? {
        let owner = group(&txn.view, ConversationId(taken))?.and_then(|group| group.owner);
        return Err(StoreError::GroupExists { owner });
    }
    let owner = match new.owner {
        Some(owner) => lives_in(&txn.view, new.app, owner)?.then_some(owner),
        None => None,
    };
    let mut first = Vec::new();
    for (index, user) in owner.into_iter().chain(new.members).enumerate() {
        let named = first.iter().any(|(other, _)| *other == user);
        if !named && lives_in(&txn.view, new.app, user)? {
            txn.shared.feeds.lock().load(&txn.view, user)?;
            let owns = index == 0 && owner.is_some();
            first.push((user, if owns { v1::Role::Owner } else { v1::Role::Member }));
        }
    }
    let id = next_id(txn)?;
    let (created, by) = (new.info.created_ms, new.by);
    let kind = Kind::Group { owner, info: Box::new(new.info) };
    let description = Description { app: new.app, dismissed: false, kind };
    let mut conversation = Conversation::new(id, description, Head::default(), Roster::new());
    let cause = v1::membership::Cause::Created.into();
    let mut members = Vec::with_capacity(first.len());
    for (user, role) in first {
        member::join(txn, &mut conversation, user, role.into(), created)?;
        members.push((user, feed::change(txn, user, moved(id, cause, owner))?));
    }
    txn.put(Table::Groups, &key, &id.0.to_be_bytes());
    webhook::tell_of(txn, &conversation, Command::Founded, created, |view| {
        let (owner, name) = owner_and_name(&conversation);
        let users = webhook::first_members(view, &conversation)?;
        Ok(News::Founded { group: webhook::group_name(&conversation), name, by: by.or(owner), owner, users })
    })?;
    member::put_new(txn, conversation);
    let made = group(&txn.view, id)?.ok_or(StoreError::NoSuchConversation)?;
    Ok((made, members))
}

fn moved(id: ConversationId, cause: i32, by: Option<Tinyid>) -> Entry {
    Entry { thing: EntryThing::Membership(id), moved: Some((cause, by)) }
}

fn change_group(
    txn: &mut Txn<'_>,
    id: ConversationId,
    change: GroupChange,
) -> Result<(Group, Option<Appended>)> {
    let slot = txn.slot(id);
    let mut conversation = lock_group(txn, &slot, id)?;
    check_tip(id, change.tip.as_ref())?;
    let new_owner = match change.owner {
        Some(owner) => Some((owner, conversation.member(&txn.view, owner)?)),
        None => None,
    };
    if let (Some(info), Kind::Group { info: old, .. }) = (change.info, &mut conversation.description.kind) {
        **old = v1::Group { id: old.id.clone(), r#type: old.r#type, ..info };
    }
    if let Some((owner, ordinal)) = new_owner {
        transfer(txn, &mut conversation, owner, ordinal)?;
    }
    txn.put_record(Table::Conversations, &id.0.to_be_bytes(), &conversation.description);
    let tip = append_tip(txn, &mut conversation, change.tip)?;
    audit::write(txn, conversation.description.app, change.note)?;
    let now = group(&txn.view, id)?.ok_or(StoreError::NoSuchConversation)?;
    Ok((now, tip))
}

fn transfer(txn: &mut Txn<'_>, conversation: &mut Conversation, to: Tinyid, ordinal: Ordinal) -> Result<()> {
    let Kind::Group { owner, .. } = &mut conversation.description.kind else { return Ok(()) };
    if let Some(old) = owner.replace(to)
        && let Some(old) = conversation.ordinal(&txn.view, old)?
    {
        set_role(txn, conversation.id, old, v1::Role::Member)?;
    }
    set_role(txn, conversation.id, ordinal, v1::Role::Owner)
}

fn set_role(txn: &mut Txn<'_>, id: ConversationId, ordinal: Ordinal, role: v1::Role) -> Result<()> {
    let mut member = member::member(&txn.view, id, ordinal)?;
    member.role = role.into();
    txn.put_record(Table::Members, &key_member(id, ordinal), &member);
    Ok(())
}

fn change_members(txn: &mut Txn<'_>, change: MembersChange) -> Result<MembersChanged> {
    let slot = txn.slot(change.conversation);
    let mut conversation = lock_group(txn, &slot, change.conversation)?;
    check_tip(change.conversation, change.tip.as_ref())?;
    // Whatever can fail is read before anything changes.
    for &user in &change.users {
        txn.shared.feeds.lock().load(&txn.view, user)?;
        account::by_tinyid(&txn.view, user)?;
        if let Some(ordinal) = conversation.ordinal(&txn.view, user)? {
            as_member(&txn.view, change.conversation, ordinal)?;
            standing(&txn.view, user, change.conversation)?;
        }
    }
    let mut outcomes = Vec::with_capacity(change.users.len());
    let (mut names, mut moved) = (Vec::new(), Vec::new());
    for &user in &change.users {
        let outcome = change_one(txn, &mut conversation, &change, user)?;
        if matches!(outcome, MemberOutcome::Done(_)) {
            moved.push(user);
            if names.len() < TIP_USERS {
                names.push(account::name(&txn.view, user)?);
            }
        }
        outcomes.push(outcome);
    }
    let next_seq = conversation.head.last_seq + 1;
    if names.is_empty() {
        return Ok(MembersChanged { outcomes, next_seq, tip: None });
    }
    member::put(txn, &mut conversation);
    let tip = change.tip.map(|tip| filled(tip, &names, conversation.roster.members()));
    let tip = append_tip(txn, &mut conversation, tip)?;
    let command = if change.join { Command::Joined } else { Command::Left };
    webhook::tell_of(txn, &conversation, command, change.at, |_| {
        let (group, cause) = (webhook::group_name(&conversation), change.cause);
        Ok(News::Moved { group, join: change.join, cause, by: change.by, users: moved })
    })?;
    Ok(MembersChanged { outcomes, next_seq, tip })
}

fn change_one(
    txn: &mut Txn<'_>,
    conversation: &mut Conversation,
    change: &MembersChange,
    user: Tinyid,
) -> Result<MemberOutcome> {
    if change.join && !lives_in(&txn.view, conversation.description.app, user)? {
        return Ok(MemberOutcome::NoSuchAccount);
    }
    let ordinal = conversation.ordinal(&txn.view, user)?;
    let ordinal = ordinal.filter(|&ordinal| conversation.roster.is_member(ordinal));
    match ordinal {
        Some(ordinal) if !change.join => member::leave(txn, conversation, user, ordinal)?,
        None if change.join && conversation.roster.members() >= change.max_members => {
            return Ok(MemberOutcome::Full);
        }
        None if change.join => {
            member::join(txn, conversation, user, v1::Role::Member.into(), change.at)?;
        }
        Some(_) | None => return Ok(MemberOutcome::Already),
    }
    let entry = moved(change.conversation, change.cause, Some(change.by));
    Ok(MemberOutcome::Done(feed::change(txn, user, entry)?))
}

fn change_member(
    txn: &mut Txn<'_>,
    id: ConversationId,
    user: Tinyid,
    change: MemberChange,
    tip: Option<NewMessage>,
) -> Result<Option<Appended>> {
    let slot = txn.slot(id);
    let mut conversation = lock_group(txn, &slot, id)?;
    check_tip(id, tip.as_ref())?;
    let ordinal = conversation.member(&txn.view, user)?;
    let mut member = member::member(&txn.view, id, ordinal)?;
    if let Some(role) = change.role.filter(|&role| v1::Role::try_from(role).is_ok()) {
        member.role = role;
    }
    member.name_card = change.name_card.unwrap_or(member.name_card);
    member.muted_until = change.muted_until.unwrap_or(member.muted_until);
    txn.put_record(Table::Members, &key_member(id, ordinal), &member);
    append_tip(txn, &mut conversation, tip)
}

fn as_member(view: &View<'_>, id: ConversationId, ordinal: Ordinal) -> Result<Member> {
    let member = member::member(view, id, ordinal)?;
    Ok(Member {
        user: member.user,
        ordinal,
        role: member.role,
        joined: member.joined,
        name_card: member.name_card,
        muted_until: member.muted_until,
    })
}

fn append_tip(
    txn: &mut Txn<'_>,
    conversation: &mut Conversation,
    tip: Option<NewMessage>,
) -> Result<Option<Appended>> {
    tip.map(|tip| message::append(txn, conversation, tip, true)).transpose()
}

fn check_tip(id: ConversationId, tip: Option<&NewMessage>) -> Result<()> {
    if tip.is_none_or(|tip| tip.conversation == id) {
        Ok(())
    } else {
        Err(StoreError::Invalid("a tip goes into the conversation that is changed"))
    }
}

/// A tip that names those concerned.
fn filled(mut tip: NewMessage, users: &[String], member_count: u32) -> NewMessage {
    for element in &mut tip.message.elements {
        if let Ok(Some(ElementKind::GroupTip(content))) = element.kind() {
            let content = v1::GroupTipElement { users: users.to_vec(), member_count, ..content };
            *element = Element::from(ElementKind::GroupTip(content));
        }
    }
    tip
}
