//! Changing what a group is.

use yidu_proto::v1::group_tip_element::GroupChange as Told;
use yidu_proto::{Code, limits, v1};
use yidu_store::group::{Group, GroupChange};

use crate::service::failure::About;
use crate::service::policy::{self, Standing, Who};
use crate::service::settings::member_limit;
use crate::service::tips::group_changed;
use crate::service::{Caller, Failure, Service};

/// The vendor's numbers of what a tip says to have changed.
const CHANGED_NAME: u32 = 1;
const CHANGED_INTRODUCTION: u32 = 2;
const CHANGED_NOTIFICATION: u32 = 3;
const CHANGED_AVATAR: u32 = 4;
const CHANGED_MUTE_ALL: u32 = 8;

impl Service {
    /// Changes what is set; setting what is already so changes nothing and tells nobody. Name, texts and avatar: as the
    /// type has it. Add option, size, muting everybody: owner and group admins. The receipts switch: the owner.
    /// Administrators: all. Errors: 10004, 10007, 10010, 10015.
    pub async fn modify_group(
        &self,
        caller: &Caller,
        request: v1::ModifyGroup,
    ) -> Result<v1::ModifyGroupResult, Failure> {
        let id = self.find_group(caller.app, &request.group_id).await?;
        let _others_wait = self.groups.one_at_a_time(id).await;
        let group = self.group(caller.app, &request.group_id).await?;
        let standing = self.standing(caller, group.conversation).await?;
        check_rights(&request, &group, standing)?;
        let app = self.app(caller.app).await?;
        check_values(&request, &group, &app.settings)?;

        let mut info = changed(&group.info, request)?;
        if info == group.info {
            return Ok(v1::ModifyGroupResult { group: Some(super::wire(&app.settings, &group)) });
        }
        info.changed_ms = self.clock.now();
        let told = differences(&group.info, &info);
        let tip = if told.is_empty() {
            None
        } else {
            let tip = group_changed(&caller.user, told, group.info.member_count);
            Some(self.tip(caller, &group, vec![tip]).await?)
        };
        let for_store = tip.as_ref().and_then(|tip| tip.for_store());
        let note = (info.receipts != group.info.receipts)
            .then(|| self.switch_note(caller, &group.info, info.receipts()));
        let change = GroupChange { info: Some(info), owner: None, tip: for_store, note };
        let turn = self.turn(group.conversation);
        let changed = self.store.change_group(group.conversation, change).await;
        let (group, appended) = changed.map_err(Failure::of(About::Group))?;
        if let Some(tip) = tip {
            tip.tell(turn, appended);
        }
        Ok(v1::ModifyGroupResult { group: Some(super::wire(&app.settings, &group)) })
    }
}

fn check_rights(request: &v1::ModifyGroup, group: &Group, standing: Standing) -> Result<(), Failure> {
    let policy = policy::of(group.info.r#type());
    let texts = request.name.is_some()
        || request.introduction.is_some()
        || request.notification.is_some()
        || request.avatar_url.is_some();
    let rules = request.add_option.is_some()
        || request.max_members.is_some()
        || request.mute_all.is_some()
        || !request.app_data.is_empty();
    let refused = |what: &str| {
        Err(Failure::forbidden(format!("{what} of a {} group cannot be changed with this role", policy.name)))
    };
    if !standing.is_member() && !standing.administrator {
        Err(Failure::forbidden("only members change a group"))
    } else if texts && !standing.may(policy.modify) {
        refused("name, texts and avatar")
    } else if rules && !standing.may(Who::Managers) {
        refused("add option, size, muting and custom data")
    } else if request.receipts.is_some() && !standing.may(Who::Owner) {
        refused("the receipts switch")
    } else {
        Ok(())
    }
}

fn check_values(request: &v1::ModifyGroup, group: &Group, settings: &v1::AppSettings) -> Result<(), Failure> {
    check_texts(
        request.name.as_deref(),
        request.introduction.as_deref(),
        request.notification.as_deref(),
        request.avatar_url.as_deref(),
    )?;
    let kind = group.info.r#type();
    if let Some(option) = request.add_option {
        check_add_option(kind, option)?;
    }
    if let Some(members) = request.max_members {
        check_max_members(members, member_limit(settings, kind))?;
    }
    if let Some(switch) = request.receipts {
        check_switch(switch)?;
    }
    Ok(())
}

fn changed(info: &v1::Group, request: v1::ModifyGroup) -> Result<v1::Group, Failure> {
    let mut info = info.clone();
    info.app_data = with_app_data(info.app_data, &request.app_data)?;
    set(&mut info.name, request.name);
    set(&mut info.introduction, request.introduction);
    set(&mut info.notification, request.notification);
    set(&mut info.avatar_url, request.avatar_url);
    set(&mut info.add_option, request.add_option);
    set(&mut info.max_members, request.max_members);
    set(&mut info.mute_all, request.mute_all);
    set(&mut info.receipts, request.receipts);
    Ok(info)
}

/// Custom data with some entries set, or removed where their value is empty. Errors: 10004.
pub(super) fn with_app_data(
    mut data: Vec<v1::AppData>,
    changes: &[v1::AppData],
) -> Result<Vec<v1::AppData>, Failure> {
    for change in changes {
        if change.key.is_empty() || change.key.len() > limits::APP_DATA_KEY_BYTES {
            return Err(bad(format!("app_data: a key has 1 to {} bytes", limits::APP_DATA_KEY_BYTES)));
        }
        if change.value.len() > limits::APP_DATA_VALUE_BYTES {
            return Err(bad(format!("app_data: a value has at most {} bytes", limits::APP_DATA_VALUE_BYTES)));
        }
        match data.iter_mut().find(|known| known.key == change.key) {
            Some(known) => known.value.clone_from(&change.value),
            None => data.push(change.clone()),
        }
    }
    data.retain(|entry| !entry.value.is_empty());
    if data.len() > limits::APP_DATA {
        return Err(bad(format!("app_data: at most {} entries", limits::APP_DATA)));
    }
    Ok(data)
}

fn set<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}

fn differences(old: &v1::Group, new: &v1::Group) -> Vec<Told> {
    let texts = [
        (CHANGED_NAME, &old.name, &new.name),
        (CHANGED_INTRODUCTION, &old.introduction, &new.introduction),
        (CHANGED_NOTIFICATION, &old.notification, &new.notification),
        (CHANGED_AVATAR, &old.avatar_url, &new.avatar_url),
    ];
    let mut told: Vec<Told> = texts
        .into_iter()
        .filter(|(_, old, new)| old != new)
        .map(|(what, _, new)| Told { what, value: new.clone(), bool_value: false })
        .collect();
    if old.mute_all != new.mute_all {
        told.push(Told { what: CHANGED_MUTE_ALL, value: String::new(), bool_value: new.mute_all });
    }
    told
}

/// Errors: 10004.
pub(super) fn check_texts(
    name: Option<&str>,
    introduction: Option<&str>,
    notification: Option<&str>,
    avatar_url: Option<&str>,
) -> Result<(), Failure> {
    if name.is_some_and(str::is_empty) {
        return Err(bad("a group needs a name"));
    }
    let texts = [
        ("name", name, limits::GROUP_NAME_BYTES),
        ("introduction", introduction, limits::GROUP_TEXT_BYTES),
        ("notification", notification, limits::GROUP_TEXT_BYTES),
        ("avatar_url", avatar_url, limits::PROFILE_TEXT_BYTES),
    ];
    for (field, text, most) in texts {
        if text.is_some_and(|text| text.len() > most) {
            return Err(bad(format!("{field} is over {most} bytes")));
        }
    }
    Ok(())
}

/// Errors: 10004.
pub(super) fn check_add_option(kind: v1::GroupType, option: i32) -> Result<(), Failure> {
    let policy = policy::of(kind);
    match v1::AddOption::try_from(option) {
        Err(_) => Err(bad(format!("there is no add option {option}"))),
        Ok(v1::AddOption::Approve | v1::AddOption::Any) if !policy.takes_applications => {
            Err(bad(format!("{} groups take no applications: members are added", policy.name)))
        }
        Ok(v1::AddOption::Forbid | v1::AddOption::Approve | v1::AddOption::Any) => Ok(()),
    }
}

/// Errors: 10004.
pub(super) fn check_max_members(members: u32, limit: u32) -> Result<(), Failure> {
    if members == 0 || members > limit {
        return Err(bad(format!("max_members {members}: this app allows 1 to {limit} for the type")));
    }
    Ok(())
}

/// Errors: 10004.
pub(super) fn check_switch(switch: i32) -> Result<(), Failure> {
    match v1::ReceiptSwitch::try_from(switch) {
        Ok(_) => Ok(()),
        Err(_) => Err(bad(format!("there is no receipts switch {switch}"))),
    }
}

fn bad(text: impl Into<String>) -> Failure {
    Failure::new(Code::BadGroupParameter, text)
}
