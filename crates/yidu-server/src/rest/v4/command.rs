//! The table of commands: dispatch, the labels of metrics and the table of docs/rest.md come from here.

use axum::body::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use yidu_proto::Code;

use super::answer::{Refusal, success};
use super::call::Call;
use super::request::parse;
use super::{account, c2c, group, group_member, group_message, group_receipt, roaming, send};

/// Parts of the interface that number their errors differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Area {
    /// `im_open_login_svc`.
    Account,
    /// `openim`.
    C2c,
    /// `group_open_http_svc`.
    Group,
}

/// A command.
pub struct Command {
    pub(super) area: Area,
    /// `v4/<service>/<command>`: its path, and its label in metrics and logs.
    pub label: &'static str,
    /// What it does, for docs/rest.md.
    pub what: &'static str,
    run: fn(Call, Bytes) -> Answering,
}

/// A call being carried out; ends with the body of its answer.
type Answering = BoxFuture<'static, Result<Vec<u8>, Refusal>>;

impl Command {
    pub(super) fn carry_out(&self, call: Call, body: Bytes) -> Answering {
        let area = self.area;
        (self.run)(call, body).map(move |answer| answer.map_err(|refusal| refusal.of(area))).boxed()
    }
}

macro_rules! commands {
    ($($area:ident $service:literal { $($name:literal $handler:path, $what:literal;)+ })+) => {
        /// All commands.
        pub const COMMANDS: &[Command] = &[$($(Command {
            area: Area::$area,
            label: concat!("v4/", $service, "/", $name),
            what: $what,
            run: |call, body| async move {
                success($handler(&call, parse(Area::$area, &body)?).await?)
            }.boxed(),
        },)+)+];
    };
}

commands! {
    Account "im_open_login_svc" {
        "account_import" account::import, "Makes an account, or updates its nick and picture.";
        "multiaccount_import" account::import_many, "Makes up to 100 accounts.";
        "account_check" account::check, "Which of up to 100 users have accounts.";
        "account_delete" account::delete, "Deletes up to 100 accounts: their sessions end, they leave every group.";
        "kick" account::kick, "Ends a user's sessions; UserSigs made until now are invalid.";
    }
    C2c "openim" {
        "sendmsg" send::one, "Sends a message to a user.";
        "batchsendmsg" send::many, "Sends a message to up to 500 users.";
        "admin_getroammsg" roaming::list, "A page of a one-to-one conversation's history, with receipts.";
        "admin_set_msg_read" c2c::set_read, "Clears a user's unread count of a conversation; sends no receipts.";
        "admin_msgwithdraw" c2c::withdraw, "Takes a one-to-one message back, however old.";
        "c2c_msg_read_receipt" c2c::receipts, "Sends receipts for up to 50 messages in the reader's name.";
        "get_c2c_unread_msg_num" c2c::unread, "A user's unread one-to-one messages, in all or per peer.";
        "query_online_status" c2c::online, "Which of up to 500 users are online, and on which platforms.";
    }
    Group "group_open_http_svc" {
        "create_group" group::create, "Makes a group with up to 100 first members.";
        "destroy_group" group::destroy, "Dismisses a group of any type.";
        "add_group_member" group_member::add, "Adds up to 300 users, each judged by itself.";
        "delete_group_member" group_member::delete, "Removes up to 100 users.";
        "get_group_info" group::info, "What up to 50 groups are, each with a code of its own.";
        "get_group_member_info" group_member::list, "A page of a group's members.";
        "get_joined_group_list" group::joined, "The groups a user is in.";
        "get_role_in_group" group_member::roles, "What up to 500 users are in a group.";
        "modify_group_base_info" group::modify, "Changes what is set of a group's description.";
        "modify_group_member_info" group_member::modify, "Changes a member's role, name card or muting.";
        "change_group_owner" group::change_owner, "Makes another member the owner.";
        "send_group_msg" group_message::send, "Sends a message to a group.";
        "send_group_system_notification" group_message::notify, "Tells a group, or some members, something of the app's.";
        "group_msg_get_simple" group_message::list, "Up to 20 messages of a group, newest first.";
        "group_msg_recall" group_message::recall, "Takes up to 10 messages of a group back, each with a code of its own.";
        "get_group_msg_receipt" group_receipt::counts, "How many have read, for up to 100 messages.";
        "get_group_msg_receipt_detail" group_receipt::members, "A page of who has read a message, or has not.";
        "group_msg_receipt" group_receipt::send, "Sends receipts for up to 50 messages in a member's name.";
        "get_group_msg_receipts_by_users" group_receipt::by_users, "When certain users have read certain messages.";
    }
}

/// The place in [`COMMANDS`] of the command that a path names. Errors: 60002, for groups 10003.
pub(super) fn find(path: &str) -> Result<usize, Refusal> {
    let label = path.trim_start_matches('/');
    COMMANDS.iter().position(|command| command.label == label).ok_or_else(|| {
        let code =
            if label.starts_with("v4/group_open_http_svc/") { Code::UnknownCommand } else { Code::BadUrl };
        Refusal::new(code, "there is no such command: docs/rest.md lists them as /v4/<service>/<command>")
    })
}
