//! Roles, muting, name cards.

use yidu_proto::{Code, limits, v1};
use yidu_store::StoreError;
use yidu_store::group::{Member, MemberChange};

use crate::service::failure::About;
use crate::service::policy::{Standing, Who};
use crate::service::tips;
use crate::service::{Caller, Failure, Service};

impl Service {
    /// Changes what is set of one member; all of it or nothing. What is so already changes nothing and tells nobody.
    /// Errors: 10004, 10007, 10010, 10015.
    pub async fn modify_member(
        &self,
        caller: &Caller,
        request: v1::ModifyMember,
    ) -> Result<v1::ModifyMemberResult, Failure> {
        let group = self.group(caller.app, &request.group_id).await?;
        let standing = self.standing(caller, group.conversation).await?;
        let not_in = || Failure::forbidden(format!("{} is not in the group", request.user_id));
        let account = self.account(caller.app, &request.user_id).await?.ok_or_else(not_in)?;
        let member = self.member(group.conversation, account.tinyid).await?.ok_or_else(not_in)?;
        check(&request, standing, &member, account.tinyid == caller.tinyid)?;

        let change = MemberChange {
            role: request.role.filter(|&role| role != member.role),
            name_card: request.name_card.clone().filter(|card| *card != member.name_card),
            muted_until: request.muted_until_ms.filter(|&until| until != member.muted_until),
        };
        if change == MemberChange::default() {
            return Ok(v1::ModifyMemberResult {});
        }
        let count = group.info.member_count;
        let mut told = Vec::new();
        if let Some(role) = change.role {
            told.push(tips::role(&caller.user, &account.user, role == v1::Role::Admin as i32, count));
        }
        if let Some(until) = change.muted_until {
            told.push(tips::muted(&caller.user, &account.user, until, count));
        }
        let tip = if told.is_empty() { None } else { Some(self.tip(caller, &group, told).await?) };
        let for_store = tip.as_ref().and_then(|tip| tip.for_store());
        let turn = self.turn(group.conversation);
        let changed = self.store.change_member(group.conversation, account.tinyid, change, for_store).await;
        let appended = changed.map_err(|error| match error {
            StoreError::NotMember => not_in(),
            other => Failure::of(About::Group)(other),
        })?;
        if let Some(tip) = tip {
            tip.tell(turn, appended);
        }
        Ok(v1::ModifyMemberResult {})
    }
}

fn check(
    request: &v1::ModifyMember,
    standing: Standing,
    member: &Member,
    oneself: bool,
) -> Result<(), Failure> {
    if !standing.is_member() && !standing.administrator {
        return Err(Failure::forbidden("only members change members"));
    }
    if let Some(role) = request.role {
        check_role(role, standing, member)?;
    }
    if request.muted_until_ms.is_some() && !(standing.may(Who::Managers) && standing.outranks(member.role)) {
        return Err(Failure::forbidden("owner and admins mute members of a lower role"));
    }
    if let Some(card) = &request.name_card {
        if card.len() > limits::NAME_CARD_BYTES {
            return Err(bad(format!("the name card is over {} bytes", limits::NAME_CARD_BYTES)));
        }
        if !oneself && !standing.may(Who::Managers) {
            return Err(Failure::forbidden("only oneself, the owner and admins change a name card"));
        }
    }
    Ok(())
}

fn check_role(role: i32, standing: Standing, member: &Member) -> Result<(), Failure> {
    match v1::Role::try_from(role) {
        Ok(v1::Role::Member | v1::Role::Admin) => {}
        Ok(v1::Role::Owner) => return Err(bad("a new owner is made with TransferGroup")),
        Ok(v1::Role::None) | Err(_) => return Err(bad(format!("{role} is no role a member can be given"))),
    }
    if !standing.may(Who::Owner) {
        return Err(Failure::forbidden("only the owner makes admins"));
    }
    if member.role == v1::Role::Owner as i32 {
        return Err(Failure::forbidden("the owner stays one until the group is handed over"));
    }
    Ok(())
}

fn bad(text: impl Into<String>) -> Failure {
    Failure::new(Code::BadGroupParameter, text)
}
