//! People who use the Rust SDK.

use std::collections::HashMap;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use yidu_client::{Client, Event, HistoryQuery, NewMessage, ReadUpTo, Status};
use yidu_proto::v1::{self, ReceiptFilter, conversation_ref::Of};
use yidu_proto::{Element, ElementKind};

use super::{Cast, Person, Step};
use crate::words::{is_tip, text_of};
use crate::{Listener, TestServer};

/// The Rust SDK.
pub struct Sdk;

impl Cast for Sdk {
    type Person = SdkPerson;

    async fn enter(&self, server: &TestServer, url: &str, user: &str, device: &str) -> Result<SdkPerson> {
        let client = server.client_at(url, user, device).await?;
        let listener = Listener::of(&client);
        Ok(SdkPerson { client, listener, seqs: HashMap::new() })
    }
}

/// Somebody with the Rust SDK.
pub struct SdkPerson {
    client: Client,
    listener: Listener,
    /// The messages that were sent, heard or seen in a history, by conversation and text.
    seqs: HashMap<(Option<Of>, String), u64>,
}

impl Person for SdkPerson {
    async fn perform(&mut self, step: &Step) -> Result<Value> {
        match step.does.as_str() {
            "sends" => self.sends(step).await,
            "hears" => self.hears(step).await,
            "sees" => self.sees(step).await,
            "reads" => self.reads(step),
            "is_told" => self.is_told(step).await,
            "counts" => self.counts(step).await,
            "lists" => self.lists(step).await,
            "unread" => self.unread(step).await,
            "clears" => {
                self.client.clear_unread(step.place()?, ReadUpTo::Everything).await?;
                Ok(json!({}))
            }
            "is_cleared" => self.is_cleared(step).await,
            "is_called" => {
                let nick = Some(step.text("name")?.to_owned());
                self.client.modify_profile(v1::ModifyProfile { nick, avatar_url: None }).await?;
                Ok(json!({}))
            }
            "is_offline" => self.stands(|status| status == Status::Reconnecting).await,
            "is_online" => self.stands(|status| status == Status::Online).await,
            other => bail!("nobody can {other}"),
        }
    }
}

impl SdkPerson {
    async fn sends(&mut self, step: &Step) -> Result<Value> {
        let text = step.text("text")?;
        let mut message = NewMessage::text(step.place()?.clone(), text);
        if let Some(data) = step.get("custom").and_then(Value::as_str) {
            message = message.element(Element::custom(data));
        }
        if let Some(data) = step.get("cloud").and_then(Value::as_str) {
            message = message.cloud_custom_data(data);
        }
        if step.get("asks") != Some(&Value::Bool(false)) {
            message = message.need_receipt();
        }
        let sent = self.client.send(message).await?;
        self.keep(step.place()?, &sent);
        Ok(json!({}))
    }

    async fn hears(&mut self, step: &Step) -> Result<Value> {
        let heard = self.listener.hears(step.text("text")?).await?;
        self.keep(step.place()?, &heard);
        let custom = heard.elements.iter().find_map(|element| match element.kind() {
            Ok(Some(ElementKind::Custom(custom))) => Some(custom.data),
            _ => None,
        });
        Ok(json!({ "from": heard.from, "name": heard.from_nick, "custom": custom.unwrap_or_default(),
            "cloud": heard.cloud_custom_data, "asks": heard.need_receipt }))
    }

    async fn sees(&mut self, step: &Step) -> Result<Value> {
        let place = step.place()?.clone();
        let page = self.client.history(&place, HistoryQuery::newest().limit(100)).await?;
        let mut texts = Vec::new();
        let (mut sent, mut cleared) = (Vec::new(), Vec::new());
        for view in page.messages {
            let message = view.message.context("a view without a message")?;
            if is_tip(&message) {
                continue;
            }
            self.keep(&place, &message);
            let text = text_of(&message);
            sent.extend(view.receipt_sent.then(|| text.clone()));
            cleared.extend(view.peer_read.then(|| text.clone()));
            texts.push(text);
        }
        Ok(json!({ "texts": texts, "receipt_sent": sent, "peer_cleared": cleared }))
    }

    fn reads(&mut self, step: &Step) -> Result<Value> {
        let place = step.place()?;
        let seqs: Result<Vec<u64>> =
            step.texts("texts")?.into_iter().map(|text| self.seq(place, text)).collect();
        self.client.queue_receipts(place, &seqs?)?;
        Ok(json!({}))
    }

    async fn is_told(&mut self, step: &Step) -> Result<Value> {
        let (place, text) = (step.place()?.clone(), step.text("text")?);
        let seq = self.seq(&place, text)?;
        let wanted = step.get("gives").cloned().unwrap_or_default();
        let what = format!("{wanted} for {text:?}");
        self.listener
            .wait(&what, |event| match event {
                Event::Receipt(state) if state.seq == seq && state.conversation.as_ref() == Some(&place) => {
                    Some(shown(state)).filter(|shown| *shown == wanted)
                }
                _ => None,
            })
            .await
    }

    async fn counts(&mut self, step: &Step) -> Result<Value> {
        let place = step.place()?;
        let states = self.client.receipts(place, &[self.seq(place, step.text("text")?)?]).await?;
        Ok(shown(states.first().context("no receipts")?))
    }

    async fn lists(&mut self, step: &Step) -> Result<Value> {
        let place = step.place()?;
        let filter = match step.text("list")? {
            "read" => ReceiptFilter::Read,
            "unread" => ReceiptFilter::Unread,
            other => bail!("{other:?} is no list"),
        };
        let seq = self.seq(place, step.text("text")?)?;
        let mut pages = self.client.receipt_member_pages(place, seq, filter).page_size(step.number("page")?);
        let (mut users, mut count) = (Vec::new(), 0);
        while let Some(page) = pages.next().await? {
            ensure!(page.members.len() <= step.number("page")? as usize, "a page is too long");
            users.extend(page.members.into_iter().map(|member| member.profile.unwrap_or_default().user_id));
            count += 1;
        }
        super::listed(users, count)
    }

    async fn unread(&mut self, step: &Step) -> Result<Value> {
        let found = self.client.conversations(std::slice::from_ref(step.place()?)).await?;
        Ok(json!({ "count": found.first().map_or(0, |conversation| conversation.unread_count) }))
    }

    async fn is_cleared(&mut self, step: &Step) -> Result<Value> {
        let place = step.place()?.clone();
        self.listener
            .wait("the peer to clear", |event| match event {
                Event::PeerRead(read) if place.of == Some(Of::User(read.user_id.clone())) => Some(json!({})),
                _ => None,
            })
            .await
    }

    /// Waits for the connection to be so.
    async fn stands(&mut self, wanted: impl Fn(Status) -> bool) -> Result<Value> {
        let client = self.client.clone();
        if wanted(client.status()) {
            return Ok(json!({}));
        }
        let stands = self.listener.wait("the connection", |event| match event {
            Event::Connected | Event::Disconnected { .. } if wanted(client.status()) => Some(json!({})),
            _ => None,
        });
        stands.await
    }

    fn keep(&mut self, place: &v1::ConversationRef, message: &v1::Message) {
        self.seqs.insert((place.of.clone(), text_of(message)), message.seq);
    }

    fn seq(&self, place: &v1::ConversationRef, text: &str) -> Result<u64> {
        let seq = self.seqs.get(&(place.of.clone(), text.to_owned()));
        seq.copied().with_context(|| format!("{text:?} was not sent, heard or seen"))
    }
}

/// Receipts as the steps give them.
fn shown(state: &v1::ReceiptState) -> Value {
    match state.conversation.as_ref().and_then(|conversation| conversation.of.as_ref()) {
        Some(Of::User(_)) => json!({ "peer_read": state.read_count > 0 }),
        Some(Of::Group(_)) | None => json!({ "read": state.read_count, "unread": state.unread_count }),
    }
}
