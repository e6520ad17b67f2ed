//! The scenarios of `examples/scenarios`, played by people with the C library.

use std::collections::HashMap;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use yidu_client::v1::{self, conversation_ref::Of};
use yidu_testkit::TestServer;
use yidu_testkit::scenario::{Cast, Person as Actor, Step, listed};

use crate::person::Person;
use crate::words::{C2C, GROUP, history, one, send_receipts, states};

yidu_testkit::scenarios! {
    Library;
    a_group_of_a_hundred_and_fifty
    a_receipt_is_sent_offline
    any_script_in_every_field
    everybody_reads
    late_readers_find_it_in_the_history
    one_to_one
    the_network_is_cut_and_comes_back
    the_server_restarts
    two_devices
}

/// The C library.
struct Library;

impl Cast for Library {
    type Person = Somebody;

    /// Every process is a device of its own.
    async fn enter(&self, server: &TestServer, url: &str, user: &str, _device: &str) -> Result<Somebody> {
        let mut person = Person::logged_in_at(url, server, user);
        // So that the next one means a connection that came back.
        person.told("network", |line| line[4] == CONNECTED);
        Ok(Somebody { person, messages: HashMap::new() })
    }
}

// TIMNetworkStatus.
const CONNECTED: &str = "0";
const DISCONNECTED: &str = "1";

/// Somebody with the C library.
struct Somebody {
    person: Person,
    /// The messages that were sent, heard or seen in a history, by conversation and text.
    messages: HashMap<(String, String), Value>,
}

impl Actor for Somebody {
    async fn perform(&mut self, step: &Step) -> Result<Value> {
        match step.does.as_str() {
            "sends" => self.sends(step),
            "hears" => self.hears(step),
            "sees" => self.sees(step),
            "reads" => self.reads(step),
            "is_told" => self.is_told(step),
            "counts" => self.counts(step),
            "lists" => self.lists(step),
            "unread" => self.unread(step),
            "clears" => self.clears(step),
            "is_cleared" => {
                let (peer, _) = named(step)?;
                self.person.told_item("receipts", |item| {
                    item["msg_receipt_msg_id"] == "" && item["msg_receipt_conv_id"] == peer
                });
                Ok(json!({}))
            }
            "is_called" => {
                let change = json!({ "user_profile_item_nick_name": step.text("name")? });
                self.person.call("TIMProfileModifySelfUserProfile", "s", &[&change.to_string()]).good();
                Ok(json!({}))
            }
            "is_offline" => self.network(DISCONNECTED),
            "is_online" => self.network(CONNECTED),
            other => bail!("nobody can {other}"),
        }
    }
}

impl Somebody {
    fn sends(&mut self, step: &Step) -> Result<Value> {
        let (id, kind) = named(step)?;
        let mut message = crate::words::plain(step.text("text")?);
        message["message_need_read_receipt"] = (step.get("asks") != Some(&Value::Bool(false))).into();
        if let Some(data) = step.get("custom") {
            let custom = json!({ "elem_type": 3, "custom_elem_data": data });
            message["message_elem_array"].as_array_mut().context("no elements")?.push(custom);
        }
        if let Some(data) = step.get("cloud") {
            message["message_cloud_custom_str"] = data.clone();
        }
        let sent =
            self.person.call("TIMMsgSendMessage", "siso", &[id, kind, &message.to_string(), ""]).good();
        self.keep(id, sent);
        Ok(json!({}))
    }

    fn hears(&mut self, step: &Step) -> Result<Value> {
        let (id, _) = named(step)?;
        let heard = self.person.hears(step.text("text")?);
        ensure!(heard["message_conv_id"] == id, "heard in {}", heard["message_conv_id"]);
        self.keep(id, heard.clone());
        let custom = &heard["message_elem_array"][1]["custom_elem_data"];
        Ok(json!({
            "from": heard["message_sender"],
            "name": heard["message_sender_profile"]["user_profile_nick_name"],
            "custom": if custom.is_null() { "".into() } else { custom.clone() },
            "cloud": heard["message_cloud_custom_str"],
            "asks": heard["message_need_read_receipt"],
        }))
    }

    fn sees(&mut self, step: &Step) -> Result<Value> {
        let (id, kind) = named(step)?;
        let mut texts = Vec::new();
        let (mut sent, mut cleared) = (Vec::new(), Vec::new());
        for message in history(&mut self.person, id, kind) {
            // Tips have no text.
            let text = message["message_elem_array"][0]["text_elem_content"].clone();
            if text.is_null() {
                continue;
            }
            sent.extend((message["message_has_sent_receipt"] == true).then(|| text.clone()));
            cleared.extend((message["message_is_peer_read"] == true).then(|| text.clone()));
            self.keep(id, message);
            texts.push(text);
        }
        Ok(json!({ "texts": texts, "receipt_sent": sent, "peer_cleared": cleared }))
    }

    fn reads(&mut self, step: &Step) -> Result<Value> {
        let (id, _) = named(step)?;
        let messages: Result<Vec<Value>> =
            step.texts("texts")?.into_iter().map(|text| self.message(id, text)).collect();
        send_receipts(&mut self.person, &messages?);
        Ok(json!({}))
    }

    fn is_told(&mut self, step: &Step) -> Result<Value> {
        let (id, _) = named(step)?;
        let message = self.message(id, step.text("text")?)?;
        let wanted = step.get("gives").cloned().unwrap_or_default();
        let told = self.person.told_item("receipts", |item| {
            item["msg_receipt_msg_id"] == message["message_msg_id"] && shown(item) == wanted
        });
        Ok(shown(&told))
    }

    fn counts(&mut self, step: &Step) -> Result<Value> {
        let (id, _) = named(step)?;
        let message = self.message(id, step.text("text")?)?;
        let states = states(&mut self.person, &[message]);
        Ok(shown(states.first().context("no receipts")?))
    }

    fn lists(&mut self, step: &Step) -> Result<Value> {
        let (id, _) = named(step)?;
        let message = self.message(id, step.text("text")?)?;
        let filter = match step.text("list")? {
            "read" => 0,
            "unread" => 1,
            other => bail!("{other:?} is no list"),
        };
        let size = step.number("page")?;
        let (mut users, mut pages, mut next) = (Vec::new(), 0, 0);
        loop {
            let (members, next_seq, finished) = self.person.members(&message, filter, next, size);
            ensure!(members.len() <= size as usize, "a page is too long");
            users.extend(
                members
                    .iter()
                    .filter_map(|member| member["group_member_info_identifier"].as_str().map(str::to_owned)),
            );
            pages += 1;
            next = next_seq;
            if finished {
                ensure!(next == 0, "the last page goes on at {next}");
                return listed(users, pages);
            }
        }
    }

    fn unread(&mut self, step: &Step) -> Result<Value> {
        let (id, kind) = named(step)?;
        let kind: u32 = kind.parse()?;
        let ask = json!({ "get_conversation_list_param_conv_id": id, "get_conversation_list_param_conv_type": kind });
        let found = self.person.call("TIMConvGetConvInfo", "s", &[&one(&ask)]).good();
        Ok(json!({ "count": found[0]["conv_unread_num"].as_u64().unwrap_or_default() }))
    }

    fn clears(&mut self, step: &Step) -> Result<Value> {
        let (id, kind) = named(step)?;
        let id = if kind == C2C { format!("c2c_{id}") } else { format!("group_{id}") };
        self.person.call("TIMConvCleanConversationUnreadMessageCount", "suu", &[&id, "0", "0"]).good();
        Ok(json!({}))
    }

    fn network(&mut self, status: &str) -> Result<Value> {
        self.person.told("network", |line| line[4] == status);
        Ok(json!({}))
    }

    fn keep(&mut self, place: &str, message: Value) {
        let text =
            message["message_elem_array"][0]["text_elem_content"].as_str().unwrap_or_default().to_owned();
        self.messages.insert((place.to_owned(), text), message);
    }

    fn message(&self, place: &str, text: &str) -> Result<Value> {
        let message = self.messages.get(&(place.to_owned(), text.to_owned()));
        message.cloned().with_context(|| format!("{text:?} was not sent, heard or seen"))
    }
}

/// The conversation of a step: its bare id and the number of its type.
fn named(step: &Step) -> Result<(&str, &'static str)> {
    let v1::ConversationRef { of } = step.place()?;
    match of {
        Some(Of::User(user)) => Ok((user, C2C)),
        Some(Of::Group(group)) => Ok((group, GROUP)),
        None => bail!("no conversation"),
    }
}

/// A receipt as the steps give it.
fn shown(receipt: &Value) -> Value {
    if receipt["msg_receipt_conv_type"] == 1 {
        json!({ "peer_read": receipt["msg_receipt_is_peer_read"] })
    } else {
        json!({ "read": receipt["msg_receipt_read_count"], "unread": receipt["msg_receipt_unread_count"] })
    }
}
