//! Who may do what in which type of group, as data (`tim-interface.md` A.4).

use yidu_proto::v1::{AddOption, GroupType, Role};

/// The rules of a group type.
#[derive(Debug)]
pub(super) struct GroupPolicy {
    /// What the vendor calls it.
    pub(super) name: &'static str,
    /// Members it may have unless the app says otherwise.
    pub(super) max_members: u32,
    /// Who dismisses it.
    pub(super) dismiss: Who,
    /// The owner may leave; elsewhere the owner hands it over or dismisses it first.
    pub(super) owner_may_quit: bool,
    /// Who adds members.
    pub(super) add: Who,
    /// Who removes members of a lower role.
    pub(super) remove: Who,
    /// Who changes name, texts and avatar.
    pub(super) modify: Who,
    /// People may apply to join, as the group's add option says.
    pub(super) takes_applications: bool,
    /// Whether they may, in a new group.
    pub(super) add_option: AddOption,
    /// Members see messages from before they joined (semantics.md rule 21).
    pub(super) history_before_joining: bool,
    /// Messages are stored; elsewhere they only reach who is online.
    pub(super) stores_messages: bool,
    /// Messages may go to some members only.
    pub(super) targets: bool,
    /// It can be ticked for receipts (semantics.md rule 1).
    pub(super) receipts: bool,
    /// Whoever is not in it may see what it is.
    pub(super) public: bool,
}

/// Which members may do something. Administrators of the app always may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    Nobody,
    Owner,
    /// Owner and group admins.
    Managers,
    Members,
}

/// What the caller is in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    /// Administers the app.
    pub(super) administrator: bool,
    /// As `v1::Role`; `ROLE_NONE` for who is no member.
    pub(super) role: i32,
}

impl Standing {
    pub(super) fn is_member(self) -> bool {
        self.role > Role::None as i32
    }

    /// The owner or a group admin.
    pub(super) fn manages(self) -> bool {
        self.role >= Role::Admin as i32
    }

    /// Whether something that `who` may do is open to this one.
    pub(super) fn may(self, who: Who) -> bool {
        self.administrator
            || match who {
                Who::Nobody => false,
                Who::Owner => self.role == Role::Owner as i32,
                Who::Managers => self.manages(),
                Who::Members => self.is_member(),
            }
    }

    /// Whether this one may act on a member with that role.
    pub(super) fn outranks(self, role: i32) -> bool {
        self.administrator || self.role > role
    }
}

/// The rules of a type.
pub(super) const fn of(kind: GroupType) -> &'static GroupPolicy {
    match kind {
        GroupType::Public => &PUBLIC,
        GroupType::Work => &WORK,
        GroupType::Meeting => &MEETING,
        GroupType::AvChatRoom => &AV_CHAT_ROOM,
        GroupType::Community => &COMMUNITY,
    }
}

/// Types with their rules, in the order the console shows them.
pub(super) const TYPES: [GroupType; 5] =
    [GroupType::Work, GroupType::Public, GroupType::Meeting, GroupType::Community, GroupType::AvChatRoom];

const WORK: GroupPolicy = GroupPolicy {
    name: "Work",
    max_members: 200,
    dismiss: Who::Nobody,
    owner_may_quit: true,
    add: Who::Members,
    remove: Who::Owner,
    modify: Who::Members,
    takes_applications: false,
    add_option: AddOption::Forbid,
    history_before_joining: false,
    stores_messages: true,
    targets: true,
    receipts: true,
    public: false,
};

const PUBLIC: GroupPolicy = GroupPolicy {
    name: "Public",
    max_members: 2_000,
    dismiss: Who::Owner,
    owner_may_quit: false,
    add: Who::Managers,
    remove: Who::Managers,
    modify: Who::Managers,
    takes_applications: true,
    add_option: AddOption::Approve,
    history_before_joining: false,
    stores_messages: true,
    targets: true,
    receipts: true,
    public: true,
};

const MEETING: GroupPolicy = GroupPolicy {
    name: "Meeting",
    max_members: 6_000,
    add_option: AddOption::Any,
    history_before_joining: true,
    ..PUBLIC
};

const COMMUNITY: GroupPolicy = GroupPolicy {
    name: "Community",
    max_members: 100_000,
    add: Who::Members,
    add_option: AddOption::Any,
    targets: false,
    ..PUBLIC
};

const AV_CHAT_ROOM: GroupPolicy = GroupPolicy {
    name: "AVChatRoom",
    max_members: 1_000_000,
    add: Who::Nobody,
    remove: Who::Nobody,
    add_option: AddOption::Any,
    stores_messages: false,
    targets: false,
    receipts: false,
    ..PUBLIC
};
