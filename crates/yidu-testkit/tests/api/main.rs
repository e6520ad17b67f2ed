//! `/api/v1` over real sockets, one file for each promise.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of tests report as tests do")]

mod access;
mod administrators_act_and_it_is_noted;
mod apps_and_keys;
mod everybody_is_listed_once;
mod exports_are_whole;
mod feeds_have_a_cursor;
mod hostile_requests_get_a_problem;
mod lists_stand_still_at_a_version;
mod looking_up;
mod numbers_of_a_node;
mod operators_sign_in;
mod pages_are_in_the_binary;
mod rate_limits;
mod receipts_are_sent_and_asked_for_again;
mod receipts_of_a_message;
mod roles_hold_everywhere;
mod settings_are_changed_by_one_at_a_time;
mod webhooks_are_looked_after;
mod why_somebody_has_not_read;

use yidu_proto::v1;
use yidu_testkit::words::group_id;
use yidu_testkit::{Api, TestServer, User};

/// A Work group with a message that asks for receipts.
struct Scene {
    server: TestServer,
    to: v1::ConversationRef,
    group: String,
    sender: User,
    seq: u64,
}

impl Scene {
    /// `sender` has asked `members`.
    async fn with(members: &[&str]) -> Scene {
        Scene::on(TestServer::start().await.unwrap(), members).await
    }

    async fn on(server: TestServer, members: &[&str]) -> Scene {
        let everybody: Vec<&str> = std::iter::once("sender").chain(members.iter().copied()).collect();
        let to = server.group(v1::GroupType::Public, &everybody).await.unwrap();
        let mut sender = server.user("sender").await.unwrap();
        let seq = sender.says(&to, "please read").await.unwrap().seq;
        Scene { group: group_id(&to), server, to, sender, seq }
    }

    async fn reads(&self, user: &str) {
        let mut reader = self.server.user(user).await.unwrap();
        let verdicts = reader.reads(&self.to, &[self.seq]).await.unwrap();
        assert_eq!(verdicts, [v1::ReceiptVerdict::Recorded], "{user}");
    }

    /// The path of the message's receipts.
    fn receipt(&self) -> String {
        let group = escaped(&self.group);
        format!("/api/v1/apps/{}/groups/{group}/messages/{}/receipt", self.server.app(), self.seq)
    }

    fn administrator(&self) -> Api {
        self.server.api("administrator")
    }
}

/// Group ids as a segment of a path.
fn escaped(id: &str) -> String {
    id.replace('#', "%23").replace('@', "%40")
}
