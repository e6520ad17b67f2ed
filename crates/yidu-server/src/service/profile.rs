//! Profiles.

use yidu_proto::{limits, v1};
use yidu_store::Tinyid;
use yidu_store::account::NewAccount;
use yidu_store::feed::Thing;

use super::failure::About;
use super::names::profile;
use super::place::check_count;
use super::{Caller, Failure, Service};
use crate::bus::{Body, Event, Topic};

impl Service {
    /// Profiles in order; who has no account is left out. Errors: 6017.
    pub async fn get_profiles(
        &self,
        caller: &Caller,
        request: v1::GetProfiles,
    ) -> Result<v1::GetProfilesResult, Failure> {
        check_count(request.user_ids.len(), limits::PAGE, "user ids")?;
        let accounts = self.accounts(caller.app, &request.user_ids).await?;
        Ok(v1::GetProfilesResult {
            profiles: accounts.iter().flatten().map(|account| profile(account)).collect(),
        })
    }

    /// Changes what is set of one's own profile, and tells one's other devices. Errors: 6017, 70107.
    pub async fn modify_profile(
        &self,
        caller: &Caller,
        request: v1::ModifyProfile,
    ) -> Result<v1::ModifyProfileResult, Failure> {
        check_profile_text("nick", request.nick.as_deref().unwrap_or_default())?;
        check_profile_text("avatar_url", request.avatar_url.as_deref().unwrap_or_default())?;
        let own = self.own_account(caller).await?;
        let changes = request.nick.as_ref().is_some_and(|nick| *nick != own.nick)
            || request.avatar_url.as_ref().is_some_and(|url| *url != own.avatar_url);
        if !changes {
            return Ok(v1::ModifyProfileResult { profile: Some(profile(&own)) });
        }
        let before = self.position(caller.tinyid).await?;
        let change =
            NewAccount { user: own.user.clone(), nick: request.nick, avatar_url: request.avatar_url };
        let opened = self.store.open_accounts(caller.app, vec![change], self.clock.now()).await;
        let opened = opened.map_err(Failure::of(About::Account))?;
        self.names.forget(&own);
        let new = opened.first().map_or_else(|| profile(&own), |(account, _)| profile(account));
        let event = self.profile_event(caller.tinyid, before, new.clone()).await?;
        self.announce(
            event.map(|event| Event { except: Some(caller.session), ..event }).into_iter().collect(),
        );
        Ok(v1::ModifyProfileResult { profile: Some(new) })
    }

    /// The newest number of a user's feed.
    pub(super) async fn position(&self, user: Tinyid) -> Result<u64, Failure> {
        self.store.position(user).await.map_err(Failure::of(About::Account))
    }

    /// Tells a user's sessions of a new profile, with the number that the change has in the feed after `before`.
    pub(super) async fn profile_event(
        &self,
        user: Tinyid,
        before: u64,
        profile: v1::Profile,
    ) -> Result<Option<Event>, Failure> {
        let page = self.store.changes(user, before, limits::CHANGES).await;
        let page = page.map_err(Failure::of(About::Account))?;
        let entry = page.changes.into_iter().find(|change| change.thing == Thing::Profile);
        Ok(entry.map(|entry| {
            let thing = Some(v1::change::Thing::Profile(profile));
            let body = Body::Changes(vec![v1::Change { number: entry.number, thing }]);
            Event { topic: Topic::User(user), except: None, only: None, body }
        }))
    }
}

/// Errors: 6017.
pub(super) fn check_profile_text(field: &str, text: &str) -> Result<(), Failure> {
    if text.len() > limits::PROFILE_TEXT_BYTES {
        return Err(Failure::invalid(format!("{field} is over {} bytes", limits::PROFILE_TEXT_BYTES)));
    }
    Ok(())
}
