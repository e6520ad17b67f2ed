//! People in groups: joining, quitting, being added and removed.

use std::collections::HashSet;
use std::sync::Arc;

use yidu_proto::v1::group_tip_element::Type;
use yidu_proto::v1::member_result::Outcome;
use yidu_proto::v1::membership::Cause;
use yidu_proto::{Code, limits, v1};
use yidu_store::Tinyid;
use yidu_store::account::Account;
use yidu_store::group::{Group, MemberOutcome, MembersChange};

use super::failure::About;
use super::group::{max_members, membership_event, subscription_event};
use super::place::check_count;
use super::policy::{self, Standing, Who};
use super::sequence::Moment;
use super::tips::membership;
use super::{Caller, Failure, Service};

mod list;
mod modify;

/// The vendor's numbers of how somebody joined.
const APPLIED: u32 = 1;
const INVITED: u32 = 2;

/// People come or go: what all of it has in common.
#[derive(Default)]
struct Moving {
    join: bool,
    cause: Cause,
    tip: Type,
    join_type: u32,
    /// Why somebody is removed.
    reason: String,
    silent: bool,
}

impl Service {
    /// Applies to join, which is granted at once or refused. Errors: 10004, 10007, 10010, 10013, 10014, 10015.
    pub async fn join_group(
        &self,
        caller: &Caller,
        request: v1::JoinGroup,
    ) -> Result<v1::JoinGroupResult, Failure> {
        if request.hello.len() > limits::HELLO_BYTES {
            let text = format!("the greeting is over {} bytes", limits::HELLO_BYTES);
            return Err(Failure::new(Code::BadGroupParameter, text));
        }
        let group = self.group(caller.app, &request.group_id).await?;
        if self.standing(caller, group.conversation).await?.is_member() {
            return Err(already(&request.group_id));
        }
        check_application(&group.info)?;
        let own = self.own_account(caller).await?;
        let joining = Moving {
            join: true,
            cause: Cause::Joined,
            tip: Type::Joined,
            join_type: APPLIED,
            ..Moving::default()
        };
        let outcomes = self.move_members(caller, &group, &[own], joining).await?;
        match outcomes.first() {
            Some(MemberOutcome::Done(_)) => Ok(v1::JoinGroupResult {}),
            Some(MemberOutcome::Full) => {
                Err(Failure::new(Code::GroupFull, "the group has all the members it may have"))
            }
            Some(MemberOutcome::NoSuchAccount) => {
                Err(Failure::new(Code::NoSuchAccount, "the account was deleted"))
            }
            Some(MemberOutcome::Already) | None => Err(already(&request.group_id)),
        }
    }

    /// Leaves a group. Errors: 10007, 10009, 10010, 10015.
    pub async fn quit_group(
        &self,
        caller: &Caller,
        request: v1::QuitGroup,
    ) -> Result<v1::QuitGroupResult, Failure> {
        let group = self.group(caller.app, &request.group_id).await?;
        let policy = policy::of(group.info.r#type());
        let member = self.member(group.conversation, caller.tinyid).await?;
        let Some(member) = member else {
            return Err(Failure::forbidden(format!("{} is not in group {}", caller.user, request.group_id)));
        };
        if member.role == v1::Role::Owner as i32 && !policy.owner_may_quit {
            return Err(Failure::new(
                Code::OwnerMayNotQuit,
                format!("the owner of a {} group hands it over or dismisses it first", policy.name),
            ));
        }
        let own = self.own_account(caller).await?;
        let quitting = Moving { cause: Cause::Quit, tip: Type::Quit, ..Moving::default() };
        self.move_members(caller, &group, &[own], quitting).await?;
        Ok(v1::QuitGroupResult {})
    }

    /// Adds users, each judged by itself; one result for each different user, in order. Errors: 6017, 10005, 10007, 10010,
    /// 10015.
    pub async fn add_members(
        &self,
        caller: &Caller,
        request: v1::AddMembers,
    ) -> Result<v1::AddMembersResult, Failure> {
        let group = self.group(caller.app, &request.group_id).await?;
        let standing = self.standing(caller, group.conversation).await?;
        let policy = policy::of(group.info.r#type());
        check_silence(request.silent, standing)?;
        if !standing.may(policy.add) {
            return Err(Failure::forbidden(match policy.add {
                Who::Nobody => format!("members of {} groups join by themselves", policy.name),
                Who::Owner | Who::Managers => {
                    "only the owner and admins add members to this group".to_owned()
                }
                Who::Members => "only members add members".to_owned(),
            }));
        }
        let most = if standing.administrator { limits::ADD_MEMBERS_ADMIN } else { limits::ADD_MEMBERS };
        check_accounts(request.users.len(), most)?;
        let users = distinct(request.users);
        let accounts = self.accounts(caller.app, &users).await?;
        let known: Vec<Arc<Account>> = accounts.iter().flatten().cloned().collect();
        let silent = request.silent;
        let adding = Moving {
            join: true,
            cause: Cause::Added,
            tip: Type::Joined,
            join_type: INVITED,
            silent,
            ..Moving::default()
        };
        let outcomes = self.move_members(caller, &group, &known, adding).await?;
        let mut outcomes = outcomes.into_iter();
        let results = users.into_iter().zip(accounts).map(|(user_id, account)| {
            let outcome = account.and_then(|_| outcomes.next()).unwrap_or(MemberOutcome::NoSuchAccount);
            let (outcome, code) = told(outcome);
            v1::MemberResult { user_id, outcome: outcome.into(), code }
        });
        Ok(v1::AddMembersResult { results: results.collect() })
    }

    /// Removes users of a lower role, each judged by itself: who is no member counts as done. One result for each different
    /// user, in order. Errors: 6017, 10004, 10005, 10007, 10010, 10015.
    pub async fn remove_members(
        &self,
        caller: &Caller,
        request: v1::RemoveMembers,
    ) -> Result<v1::RemoveMembersResult, Failure> {
        let group = self.group(caller.app, &request.group_id).await?;
        let standing = self.standing(caller, group.conversation).await?;
        let policy = policy::of(group.info.r#type());
        check_silence(request.silent, standing)?;
        if !standing.may(policy.remove) {
            return Err(Failure::forbidden(match policy.remove {
                Who::Nobody => format!("nobody is removed from {} groups", policy.name),
                Who::Owner => "only the owner removes members of this group".to_owned(),
                Who::Managers | Who::Members => "only the owner and admins remove members".to_owned(),
            }));
        }
        if request.reason.len() > limits::REASON_BYTES {
            let text = format!("the reason is over {} bytes", limits::REASON_BYTES);
            return Err(Failure::new(Code::BadGroupParameter, text));
        }
        check_accounts(request.users.len(), limits::REMOVE_MEMBERS)?;
        let users = distinct(request.users);
        let removing = Moving {
            cause: Cause::Removed,
            tip: Type::Removed,
            reason: request.reason,
            silent: request.silent,
            ..Moving::default()
        };
        let refused = self.remove(caller, &group, standing, &users, removing).await?;
        let results = users.into_iter().map(|user_id| {
            let (outcome, code) = if refused.contains(&user_id) {
                (Outcome::Failed, Code::NoPermission.number())
            } else {
                (Outcome::Done, 0)
            };
            v1::MemberResult { user_id, outcome: outcome.into(), code }
        });
        Ok(v1::RemoveMembersResult { results: results.collect() })
    }

    /// Returns those who are not the caller's to remove.
    async fn remove(
        &self,
        caller: &Caller,
        group: &Group,
        standing: Standing,
        users: &[String],
        removing: Moving,
    ) -> Result<HashSet<String>, Failure> {
        let accounts: Vec<_> = self.accounts(caller.app, users).await?.into_iter().flatten().collect();
        let tinyids: Vec<Tinyid> = accounts.iter().map(|account| account.tinyid).collect();
        let members = self.store.members_by_user(group.conversation, &tinyids).await;
        let members = members.map_err(Failure::of(About::Group))?;
        let mut refused = HashSet::new();
        let mut going = Vec::new();
        for (account, member) in accounts.into_iter().zip(members) {
            match member {
                Some(member) if standing.outranks(member.role) => {
                    going.push(account);
                }
                Some(_) => drop(refused.insert(account.user.clone())),
                None => {}
            }
        }
        self.move_members(caller, group, &going, removing).await?;
        Ok(refused)
    }

    /// Lets people come or go in one commit, and tells those concerned and the group. Outcomes are in order of `users`.
    async fn move_members(
        &self,
        caller: &Caller,
        group: &Group,
        users: &[Arc<Account>],
        moving: Moving,
    ) -> Result<Vec<MemberOutcome>, Failure> {
        if users.is_empty() {
            return Ok(Vec::new());
        }
        let tip = if moving.silent {
            None
        } else {
            let tip = membership(&caller.user, moving.tip, moving.join_type, moving.reason);
            Some(self.tip(caller, group, vec![tip]).await?)
        };
        let change = MembersChange {
            conversation: group.conversation,
            users: users.iter().map(|account| account.tinyid).collect(),
            join: moving.join,
            cause: moving.cause.into(),
            by: caller.tinyid,
            at: self.clock.now(),
            tip: tip.as_ref().and_then(|tip| tip.for_store()),
            max_members: max_members(&self.app(caller.app).await?.settings, &group.info),
        };
        let turn = self.turn(group.conversation);
        let changed = self.store.change_members(change).await.map_err(Failure::of(About::Group))?;

        let moved: Vec<(&Account, u64)> = users
            .iter()
            .zip(&changed.outcomes)
            .filter_map(|(account, outcome)| match outcome {
                MemberOutcome::Done(number) => Some((&**account, *number)),
                MemberOutcome::Already | MemberOutcome::Full | MemberOutcome::NoSuchAccount => None,
            })
            .collect();
        if moved.is_empty() {
            return Ok(changed.outcomes);
        }
        // Whoever comes hears the tip and whoever goes does not, so the subscriptions change first.
        let subscribe = |&(account, _): &(&Account, u64)| {
            subscription_event(account.tinyid, group.conversation, moving.join)
        };
        let mut events: Vec<_> = moved.iter().map(subscribe).collect();
        if let Some(tip) = tip {
            let count = members_after(group.info.member_count, moved.len(), moving.join);
            let named = moved.iter().map(|(account, _)| account.user.clone());
            events.extend(tip.concerning(named, count).event(changed.tip));
        }
        events.extend(moved.iter().map(|&(account, number)| {
            membership_event(caller, &group.info.id, account.tinyid, number, moving.cause, moving.join)
        }));
        turn.answered(Moment::before(changed.next_seq), events);
        Ok(changed.outcomes)
    }
}

fn check_application(group: &v1::Group) -> Result<(), Failure> {
    let policy = policy::of(group.r#type());
    if !policy.takes_applications {
        return Err(Failure::forbidden(format!(
            "{} groups take no applications: a member adds you",
            policy.name
        )));
    }
    match group.add_option() {
        v1::AddOption::Any => Ok(()),
        v1::AddOption::Forbid => Err(Failure::forbidden("the group takes no applications")),
        v1::AddOption::Approve => Err(Failure::forbidden(
            "the group approves applications, which Yidu does not do yet: its managers add you, or set add_option to any",
        )),
    }
}

fn check_silence(silent: bool, standing: Standing) -> Result<(), Failure> {
    if silent && !standing.administrator {
        return Err(Failure::forbidden("only administrators add or remove silently"));
    }
    Ok(())
}

fn check_accounts(count: usize, most: usize) -> Result<(), Failure> {
    if count > most {
        return Err(Failure::new(
            Code::TooManyAccounts,
            format!("{count} users in one request: at most {most}"),
        ));
    }
    check_count(count, most, "users")
}

fn told(outcome: MemberOutcome) -> (Outcome, u32) {
    match outcome {
        MemberOutcome::Done(_) => (Outcome::Done, 0),
        MemberOutcome::Already => (Outcome::Already, 0),
        MemberOutcome::Full => (Outcome::Failed, Code::GroupFull.number()),
        MemberOutcome::NoSuchAccount => (Outcome::Failed, Code::NoSuchAccount.number()),
    }
}

fn already(group_id: &str) -> Failure {
    Failure::new(Code::AlreadyMember, format!("a member of group {group_id} already"))
}

fn members_after(before: u32, moved: usize, join: bool) -> u32 {
    let moved = u32::try_from(moved).unwrap_or(u32::MAX);
    if join { before.saturating_add(moved) } else { before.saturating_sub(moved) }
}

fn distinct(users: Vec<String>) -> Vec<String> {
    let mut seen = HashSet::with_capacity(users.len());
    users.into_iter().filter(|user| seen.insert(user.clone())).collect()
}
