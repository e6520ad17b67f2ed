//! Groups and their members.

use async_trait::async_trait;
use yidu_proto::v1;

use crate::audit::Note;
use crate::message::{Appended, NewMessage};
use crate::{AppId, ConversationId, Millis, Ordinal, Result, Seq, Tinyid};

/// A group.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The conversation.
    pub conversation: ConversationId,
    /// Its app.
    pub app: AppId,
    /// As members see it; `owner`, `member_count`, `last_seq` are filled by the store, `receipts_work` by the service.
    pub info: v1::Group,
    /// Who owns it.
    pub owner: Option<Tinyid>,
}

/// A group to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct NewGroup {
    /// Its app.
    pub app: AppId,
    /// Its description; `created_ms` is the server's clock, and the time at which the first members join.
    pub info: v1::Group,
    /// Joins as ordinal 0.
    pub owner: Option<Tinyid>,
    /// Who makes it; `None`: the owner.
    pub by: Option<Tinyid>,
    /// First members besides the owner, without repetition, in order of their ordinals.
    pub members: Vec<Tinyid>,
}

/// A member of a group now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub user: Tinyid,
    /// The number in the conversation, kept for ever.
    pub ordinal: Ordinal,
    /// As `v1::Role`.
    pub role: i32,
    /// The latest joining.
    pub joined: Millis,
    /// May be empty.
    pub name_card: String,
    /// May not send until then.
    pub muted_until: Millis,
}

/// People come or go.
#[derive(Clone, Debug, PartialEq)]
pub struct MembersChange {
    /// The group.
    pub conversation: ConversationId,
    /// Who, without repetition.
    pub users: Vec<Tinyid>,
    /// They come, otherwise they go.
    pub join: bool,
    /// As `v1::membership::Cause`; goes into the feeds of those concerned.
    pub cause: i32,
    /// Who does it.
    pub by: Tinyid,
    /// The server's clock.
    pub at: Millis,
    /// Appended behind the change in the same commit, if it changed anything: joiners see it, leavers do not. The store
    /// fills `users` and `member_count` of its group tip with those concerned (the first 100).
    pub tip: Option<NewMessage>,
    /// Joining stops at this many members.
    pub max_members: u32,
}

/// What became of each.
#[derive(Clone, Debug, PartialEq)]
pub struct MembersChanged {
    /// In order of `users`.
    pub outcomes: Vec<MemberOutcome>,
    /// The seq of the first message behind the change, the tip if there is one: joiners see it, leavers do not.
    pub next_seq: Seq,
    /// The tip, if one was given and anything changed.
    pub tip: Option<Appended>,
}

/// What became of one who was to come or go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberOutcome {
    /// Came or went; with the number in that user's feed.
    Done(u64),
    /// Was in already, or was not in.
    Already,
    /// The group is full.
    Full,
    /// No such account.
    NoSuchAccount,
}

/// Changes of a group's description; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GroupChange {
    /// New description as a whole; id, type and what the store fills stay.
    pub info: Option<v1::Group>,
    /// New owner, a member; the old one becomes an ordinary member.
    pub owner: Option<Tinyid>,
    /// Appended in the same commit.
    pub tip: Option<NewMessage>,
    /// Written into the app's audit log in the same commit.
    pub note: Option<Note>,
}

/// Changes of one member; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberChange {
    /// As `v1::Role`.
    pub role: Option<i32>,
    /// The name card.
    pub name_card: Option<String>,
    /// May not send until then.
    pub muted_until: Option<Millis>,
}

/// Groups.
#[async_trait]
pub trait Groups {
    /// Makes a group with its first members, one commit. Every first member gets a `Membership` change (cause created).
    /// Members without an account are left out. Returns the group and, in order, the members with their change numbers,
    /// the owner first. Errors: `GroupExists` (also for the id of a dismissed group, which is not given again).
    async fn create_group(&self, group: NewGroup) -> Result<(Group, Vec<(Tinyid, u64)>)>;

    /// Groups by id, in order; `None` for those that are not there or were dismissed.
    async fn groups(&self, app: AppId, ids: &[String]) -> Result<Vec<Option<Group>>>;

    /// The group of a conversation. `None` for C2C and dismissed groups.
    async fn group_of(&self, conversation: ConversationId) -> Result<Option<Group>>;

    /// Groups of an app in the order of their ids' bytes, behind the id `after` (empty: from the first on). Looks at `limit`
    /// ids at most, those of dismissed groups among them, which are left out. With the id to go on behind; `None` at the end.
    async fn list_groups(
        &self,
        app: AppId,
        after: &str,
        limit: usize,
    ) -> Result<(Vec<Group>, Option<String>)>;

    /// Changes the description or the owner. Returns the group as it is now, and the tip. Errors: `NoSuchConversation`,
    /// `NotMember` (the new owner).
    async fn change_group(
        &self,
        conversation: ConversationId,
        change: GroupChange,
    ) -> Result<(Group, Option<Appended>)>;

    /// People come or go, one commit. Who comes back has the ordinal of before. Roles of leavers are gone; a leaving owner
    /// leaves the group without one. Errors: `NoSuchConversation`.
    async fn change_members(&self, change: MembersChange) -> Result<MembersChanged>;

    /// Changes one member, with a tip in the same commit. Errors: `NoSuchConversation`, `NotMember`.
    async fn change_member(
        &self,
        conversation: ConversationId,
        user: Tinyid,
        change: MemberChange,
        tip: Option<NewMessage>,
    ) -> Result<Option<Appended>>;

    /// Members now, by ordinal from `from` on, at most `limit`; with the ordinal to go on from, 0 at the end. Errors:
    /// `NoSuchConversation`.
    async fn members(
        &self,
        conversation: ConversationId,
        from: Ordinal,
        limit: usize,
    ) -> Result<(Vec<Member>, Ordinal)>;

    /// The ordinal of the member now before whom so many others come, for [`Groups::members`]; `None` when there are not so
    /// many. Reads no members. Errors: `NoSuchConversation`.
    async fn nth_member(&self, conversation: ConversationId, before: u32) -> Result<Option<Ordinal>>;

    /// Members by user, in order; `None` for those who are no members now. In a one-to-one conversation the two are
    /// members with role `ROLE_MEMBER`. Errors: `NoSuchConversation`.
    async fn members_by_user(
        &self,
        conversation: ConversationId,
        users: &[Tinyid],
    ) -> Result<Vec<Option<Member>>>;

    /// Dismisses a group: from then on it is there for nobody; its messages and receipts are no longer served. One commit
    /// of constant size. Errors: `NoSuchConversation`.
    async fn dismiss_group(&self, conversation: ConversationId, at: Millis) -> Result<()>;
}
