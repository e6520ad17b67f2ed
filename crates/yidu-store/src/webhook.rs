//! Webhooks: what an app's back end is to be told, kept until it has been told.
//!
//! Hooks are written by the intents that change things, in the same commit, for apps whose settings name an endpoint and
//! the command; every other app pays nothing. Here they are read, taken off and laid aside. A hook holds all that its body
//! needs but names of users, so that a group that is dismissed or a message that is recalled meanwhile changes nothing.
//! Numbers of an app's hooks rise in the order of commits and have no gaps.

use async_trait::async_trait;
use yidu_proto::v1;

use crate::{AppId, ConversationId, Millis, Result, Seq, Tinyid};

/// Members that the hooks of a new and of a dismissed group name: the first ones.
pub const MEMBERS_TOLD: usize = 500;

/// Dead letters that are kept of an app; beyond them the oldest goes.
pub const DEAD_KEPT: usize = 10_000;

macro_rules! commands {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal;)+) => {
        /// What an app's back end can be told or asked. Names are the vendor's.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Command { $($(#[doc = $doc])+ $name,)+ }

        impl Command {
            /// All of them.
            pub const ALL: &[Command] = &[$(Command::$name,)+];

            /// As it stands in requests and settings.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Command::$name => $text,)+ }
            }
        }
    };
}

commands! {
    /// Asked before a group message is stored.
    GroupBefore = "Group.CallbackBeforeSendMsg";
    /// Asked before a one-to-one message is stored.
    C2cBefore = "C2C.CallbackBeforeSendMsg";
    /// A group message was sent.
    GroupSent = "Group.CallbackAfterSendMsg";
    /// A one-to-one message was sent.
    C2cSent = "C2C.CallbackAfterSendMsg";
    /// A group message that asks for receipts was sent, or somebody has read one.
    GroupRead = "Group.CallbackAfterReadReceipt";
    /// A one-to-one message was read: Yidu's own.
    C2cRead = "Yidu.C2CMessageReceipt";
    /// Somebody cleared the unread count of a one-to-one conversation.
    C2cReport = "C2C.CallbackAfterMsgReport";
    /// A group message was recalled.
    GroupRecalled = "Group.CallbackAfterRecallMsg";
    /// A one-to-one message was recalled.
    C2cRecalled = "C2C.CallbackAfterMsgWithDraw";
    /// Somebody came into a group.
    Joined = "Group.CallbackAfterNewMemberJoin";
    /// Somebody left a group or was removed.
    Left = "Group.CallbackAfterMemberExit";
    /// A group was made.
    Founded = "Group.CallbackAfterCreateGroup";
    /// A group was dismissed.
    Dismissed = "Group.CallbackAfterGroupDestroyed";
    /// A device went online or offline.
    State = "State.StateChange";
}

impl Command {
    /// The command of a name; `None` for one this build does not know.
    #[must_use]
    pub fn of(name: &str) -> Option<Command> {
        Command::ALL.iter().copied().find(|command| command.name() == name)
    }
}

/// The commands that an app wants. Nothing by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted(u32);

impl Wanted {
    /// What the settings of an app say.
    #[must_use]
    pub fn of(settings: &v1::AppSettings) -> Wanted {
        let Some(webhook) = settings.webhook.as_ref().filter(|webhook| !webhook.url.is_empty()) else {
            return Wanted::default();
        };
        let known = webhook.commands.iter().filter_map(|name| Command::of(name));
        Wanted(known.fold(0, |bits, command| bits | 1 << command as u32))
    }

    /// Nothing at all.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether this one is among them.
    #[must_use]
    pub fn has(self, command: Command) -> bool {
        self.0 & (1 << command as u32) != 0
    }
}

/// A group, as hooks name it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupName {
    /// Its id.
    pub id: String,
    /// As `v1::GroupType`.
    pub kind: i32,
}

/// Where a message is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a group.
    Group(GroupName),
    /// Sent to this user.
    Peer(Tinyid),
}

/// What names a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessageKey {
    /// Its id.
    pub id: String,
    /// Its seq.
    pub seq: Seq,
    /// The client's random.
    pub random: u32,
    /// When it was sent.
    pub sent_at: Millis,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// A message was sent.
    Sent {
        /// Where.
        place: Place,
        /// By whom.
        sender: Tinyid,
        /// As everyone sees it.
        message: Box<v1::Message>,
    },
    /// A group message that asks for receipts was sent.
    Asked {
        /// The group.
        group: GroupName,
        /// The message.
        seq: Seq,
        /// How many were asked.
        audience: u32,
    },
    /// A group message was read.
    Read {
        /// The group.
        group: GroupName,
        /// The message.
        seq: Seq,
        /// Who of the audience has read it, behind these receipts.
        read: u32,
        /// Who has not and is in the group.
        unread: u32,
        /// Whose receipts these are.
        readers: Vec<(Tinyid, Millis)>,
    },
    /// A one-to-one message was read.
    PeerRead {
        /// Its sender.
        author: Tinyid,
        /// Who has read it.
        reader: Tinyid,
        /// The message.
        message: MessageKey,
    },
    /// The unread count of a one-to-one conversation was cleared.
    Cleared {
        /// Whose.
        reader: Tinyid,
        /// The other one.
        peer: Tinyid,
        /// Up to which time.
        time: Millis,
    },
    /// A message was recalled.
    Recalled {
        /// Where.
        place: Place,
        /// Who had sent it.
        sender: Tinyid,
        /// Who recalled it, by name.
        by: String,
        /// The message.
        message: MessageKey,
    },
    /// People came into a group or left it.
    Moved {
        /// The group.
        group: GroupName,
        /// They came.
        join: bool,
        /// As `v1::membership::Cause`.
        cause: i32,
        /// Who did it.
        by: Tinyid,
        /// Who.
        users: Vec<Tinyid>,
    },
    /// A group was made.
    Founded {
        /// The group.
        group: GroupName,
        /// Its name.
        name: String,
        /// Who did it.
        by: Option<Tinyid>,
        /// Its owner.
        owner: Option<Tinyid>,
        /// Its members, at most [`MEMBERS_TOLD`].
        users: Vec<Tinyid>,
    },
    /// A group was dismissed.
    Dismissed {
        /// The group.
        group: GroupName,
        /// Its name.
        name: String,
        /// Its owner.
        owner: Option<Tinyid>,
        /// Its members, at most [`MEMBERS_TOLD`].
        users: Vec<Tinyid>,
    },
    /// A device went online or offline.
    State {
        /// Whose.
        user: Tinyid,
        /// As `v1::Platform`.
        platform: i32,
        /// `Login`, `Logout` or `Disconnect`.
        action: String,
        /// In the vendor's words.
        reason: String,
        /// Platforms of devices that were pushed out by it.
        kicked: Vec<i32>,
    },
}

impl News {
    /// The command that tells it.
    #[must_use]
    pub fn command(&self) -> Command {
        match self {
            News::Sent { place: Place::Group(_), .. } => Command::GroupSent,
            News::Sent { place: Place::Peer(_), .. } => Command::C2cSent,
            News::Asked { .. } | News::Read { .. } => Command::GroupRead,
            News::PeerRead { .. } => Command::C2cRead,
            News::Cleared { .. } => Command::C2cReport,
            News::Recalled { place: Place::Group(_), .. } => Command::GroupRecalled,
            News::Recalled { place: Place::Peer(_), .. } => Command::C2cRecalled,
            News::Moved { join: true, .. } => Command::Joined,
            News::Moved { join: false, .. } => Command::Left,
            News::Founded { .. } => Command::Founded,
            News::Dismissed { .. } => Command::Dismissed,
            News::State { .. } => Command::State,
        }
    }
}

/// Something that an app's back end is to be told.
#[derive(Clone, Debug, PartialEq)]
pub struct Hook {
    /// Position among the app's hooks, from 1.
    pub number: u64,
    /// When it happened.
    pub at: Millis,
    /// Since when it waits: `at`, or when it was taken back from the dead letters.
    pub since: Millis,
    /// Hooks of one topic are told in their order: a conversation, or a user where it is about none.
    pub topic: u64,
    /// What happened.
    pub news: News,
}

/// A hook that was given up.
#[derive(Clone, Debug, PartialEq)]
pub struct DeadHook {
    /// The hook.
    pub hook: Hook,
    /// When it was given up.
    pub died: Millis,
    /// Why, for people.
    pub why: String,
}

/// The hooks of an app that wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HookQueue {
    /// The app.
    pub app: AppId,
    /// How many wait.
    pub waiting: u64,
}

/// Webhooks.
#[async_trait]
pub trait Webhooks {
    /// Adds a hook of what no other intent tells. Nothing where the app does not want the command. Errors: `NoSuchApp`.
    async fn tell(&self, app: AppId, topic: u64, at: Millis, news: News) -> Result<()>;

    /// Apps with hooks that wait, by id. Asked often: costs no look at the disk.
    async fn hook_queues(&self) -> Result<Vec<HookQueue>>;

    /// Waiting hooks after a number, by rising number, at most `limit`.
    async fn hooks(&self, app: AppId, after: u64, limit: usize) -> Result<Vec<Hook>>;

    /// Takes off what was told, in one commit. Numbers that do not wait are ignored.
    async fn settle_hooks(&self, app: AppId, numbers: &[u64]) -> Result<()>;

    /// Moves hooks to the dead letters, in one commit; of those the oldest beyond [`DEAD_KEPT`] are dropped. Numbers that do
    /// not wait are ignored.
    async fn bury_hooks(&self, app: AppId, numbers: &[u64], why: &str, now: Millis) -> Result<()>;

    /// Dead letters, by falling number, below a number (`u64::MAX` for the newest), at most `limit`.
    async fn dead_hooks(&self, app: AppId, below: u64, limit: usize) -> Result<Vec<DeadHook>>;

    /// Puts dead letters back into the queue, under the numbers they had, waiting since `now`. Returns how many there were.
    async fn revive_hooks(&self, app: AppId, numbers: &[u64], now: Millis) -> Result<usize>;
}

/// The topic of what happens in a conversation.
#[must_use]
pub fn topic(conversation: ConversationId) -> u64 {
    conversation.0
}
