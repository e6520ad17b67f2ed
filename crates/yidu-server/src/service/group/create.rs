//! Making groups.

use std::collections::HashSet;
use std::sync::Arc;

use yidu_proto::name::{self, InvalidName};
use yidu_proto::{Code, limits, v1};
use yidu_store::account::Account;
use yidu_store::group::{Group, MemberChange, NewGroup};
use yidu_store::{StoreError, Tinyid};

use super::modify::{check_add_option, check_max_members, check_switch, check_texts, with_app_data};
use super::{membership_event, subscription_event};
use crate::service::failure::About;
use crate::service::policy;
use crate::service::settings::member_limit;
use crate::service::{Caller, Failure, Service};

/// Begins the ids that the server makes.
const MADE: &str = "@TGS#";
/// Begins the ids of Community groups, whoever makes them.
const COMMUNITY: &str = "@TGS#_";
/// Letters of made ids: none that look alike, so that an id can be read out.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// Letters of a made id: 60 random bits, so that knowing some ids tells nothing of others.
const MADE_LETTERS: usize = 12;

impl Service {
    /// Makes a group with the caller (or, by an administrator, somebody else) as its owner. Every first member is told.
    /// Errors: 10004, 10005, 10007, 10014, 10015, 10019, 10021, 10025.
    pub async fn create_group(
        &self,
        caller: &Caller,
        request: v1::CreateGroup,
    ) -> Result<v1::CreateGroupResult, Failure> {
        let administrator = self.administers(caller).await?;
        let most = if administrator { limits::ADD_MEMBERS_ADMIN } else { limits::ADD_MEMBERS };
        if let Some(stranger) = request.admins.iter().find(|admin| !request.members.contains(admin)) {
            let text = format!("{stranger} is to be an admin and is not among the first members");
            return Err(Failure::new(Code::BadGroupParameter, text));
        }
        if request.members.len() > most {
            let text = format!("{} first members: at most {most}", request.members.len());
            return Err(Failure::new(Code::TooManyAccounts, text));
        }
        let mut info = self.describe(caller, &request).await?;
        let owner = self.first_owner(caller, &request, administrator).await?;
        let owner = owner.map(|owner| owner.tinyid);
        let members = self.first_members(caller, owner, &request.members).await?;
        let limit = super::max_members(&self.app(caller.app).await?.settings, &info);
        if u32::try_from(members.len() + usize::from(owner.is_some())).unwrap_or(u32::MAX) > limit {
            return Err(Failure::new(Code::GroupFull, format!("the group may have {limit} members")));
        }

        let kind = info.r#type();
        let (group, first) = loop {
            info.id = if request.group_id.is_empty() { made_id(kind) } else { request.group_id.clone() };
            let by = Some(caller.tinyid);
            let new = NewGroup { app: caller.app, info: info.clone(), owner, by, members: members.clone() };
            match self.store.create_group(new).await {
                Ok(made) => break made,
                Err(StoreError::GroupExists { .. }) if request.group_id.is_empty() => {}
                Err(StoreError::GroupExists { owner: taken_by }) => {
                    return Err(taken(&request.group_id, taken_by.is_some() && taken_by == owner));
                }
                Err(error) => return Err(Failure::of(About::Group)(error)),
            }
        };
        for account in self.accounts(caller.app, &request.admins).await?.into_iter().flatten() {
            let admin = MemberChange { role: Some(v1::Role::Admin.into()), ..Default::default() };
            let changed = self.store.change_member(group.conversation, account.tinyid, admin, None).await;
            changed.map_err(Failure::of(About::Group))?;
        }
        self.welcome(caller, &group, &first);
        Ok(v1::CreateGroupResult { group_id: group.info.id })
    }

    fn welcome(&self, caller: &Caller, group: &Group, first: &[(Tinyid, u64)]) {
        let mut events = Vec::with_capacity(first.len() * 2);
        for &(user, number) in first {
            let cause = v1::membership::Cause::Created;
            events.push(subscription_event(user, group.conversation, true));
            events.push(membership_event(caller, &group.info.id, user, number, cause, true));
        }
        self.announce(events);
    }

    async fn describe(&self, caller: &Caller, request: &v1::CreateGroup) -> Result<v1::Group, Failure> {
        let kind = v1::GroupType::try_from(request.r#type).map_err(|_| {
            Failure::new(Code::BadGroupParameter, format!("there is no group type {}", request.r#type))
        })?;
        if !request.group_id.is_empty() {
            check_id(&request.group_id, kind)?;
        }
        check_texts(
            Some(&request.name),
            Some(&request.introduction),
            Some(&request.notification),
            Some(&request.avatar_url),
        )?;
        check_switch(request.receipts)?;
        let add_option = request.add_option.unwrap_or(policy::of(kind).add_option.into());
        check_add_option(kind, add_option)?;
        if request.max_members > 0 {
            check_max_members(
                request.max_members,
                member_limit(&self.app(caller.app).await?.settings, kind),
            )?;
        }
        Ok(v1::Group {
            r#type: request.r#type,
            name: request.name.clone(),
            introduction: request.introduction.clone(),
            notification: request.notification.clone(),
            avatar_url: request.avatar_url.clone(),
            created_ms: self.clock.now(),
            max_members: request.max_members,
            add_option,
            receipts: request.receipts,
            app_data: with_app_data(Vec::new(), &request.app_data)?,
            ..Default::default()
        })
    }

    async fn first_owner(
        &self,
        caller: &Caller,
        request: &v1::CreateGroup,
        administrator: bool,
    ) -> Result<Option<Arc<Account>>, Failure> {
        if request.without_owner && administrator {
            return Ok(None);
        }
        if request.owner.is_empty() && !request.without_owner || request.owner == *caller.user {
            return self.own_account(caller).await.map(Some);
        }
        if !administrator {
            return Err(Failure::forbidden(
                "only administrators make groups for somebody else, or for nobody",
            ));
        }
        let owner = self.account(caller.app, &request.owner).await?;
        owner.ok_or_else(|| no_account(&request.owner)).map(Some)
    }

    async fn first_members(
        &self,
        caller: &Caller,
        owner: Option<Tinyid>,
        users: &[String],
    ) -> Result<Vec<Tinyid>, Failure> {
        let accounts = self.accounts(caller.app, users).await?;
        let mut seen: HashSet<Tinyid> = owner.into_iter().collect();
        let mut members = Vec::with_capacity(users.len());
        for (user, account) in users.iter().zip(accounts) {
            let account = account.ok_or_else(|| no_account(user))?;
            if seen.insert(account.tinyid) {
                members.push(account.tinyid);
            }
        }
        Ok(members)
    }
}

fn no_account(user: &str) -> Failure {
    Failure::new(Code::NoSuchAccount, format!("{user} has no account: import it or let the user log in once"))
}

fn taken(group_id: &str, by_owner: bool) -> Failure {
    if by_owner {
        Failure::new(Code::GroupIdTakenByOneself, format!("the owner has a group {group_id} already"))
    } else {
        Failure::new(
            Code::GroupIdTaken,
            format!("there is, or was, another group {group_id}: choose another id"),
        )
    }
}

fn check_id(group_id: &str, kind: v1::GroupType) -> Result<(), Failure> {
    let bad = |why: InvalidName| Failure::new(Code::InvalidGroupId, format!("not a group id: {why}"));
    match (kind, group_id.strip_prefix(COMMUNITY)) {
        (v1::GroupType::Community, None) => {
            Err(Failure::new(Code::InvalidGroupId, format!("ids of Community groups begin with {COMMUNITY}")))
        }
        (v1::GroupType::Community, Some(rest)) => {
            name::check_group_id(rest).map_err(bad)?;
            if group_id.len() > limits::GROUP_ID_BYTES {
                return Err(bad(InvalidName::TooLong(limits::GROUP_ID_BYTES)));
            }
            Ok(())
        }
        (
            v1::GroupType::Work | v1::GroupType::Public | v1::GroupType::Meeting | v1::GroupType::AvChatRoom,
            _,
        ) => name::check_group_id(group_id).map_err(bad),
    }
}

fn made_id(kind: v1::GroupType) -> String {
    let begin = if kind == v1::GroupType::Community { COMMUNITY } else { MADE };
    let random: [u8; MADE_LETTERS] = rand::random();
    let letters = random.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
    begin.chars().chain(letters).collect()
}
