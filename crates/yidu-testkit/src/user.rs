//! A user on one device, spoken for by a bare peer.

use std::ops::{Deref, DerefMut};

use anyhow::{Context, Result};
use yidu_proto::v1::push::Event;
use yidu_proto::v1::{self, change::Thing};

use crate::peer::Peer;
use crate::words::{counts, group_id, text};

/// A logged-in user.
pub struct User {
    /// The user id.
    pub name: String,
    /// What the login was answered.
    pub login: v1::LoginResult,
    peer: Peer,
}

impl Deref for User {
    type Target = Peer;

    fn deref(&self) -> &Peer {
        &self.peer
    }
}

impl DerefMut for User {
    fn deref_mut(&mut self) -> &mut Peer {
        &mut self.peer
    }
}

impl User {
    /// Opens a socket and logs in.
    pub async fn login(url: &str, login: v1::Login) -> Result<User> {
        User::over(Peer::connect(url).await?, login).await
    }

    /// Logs in over a narrow socket ([`Peer::connect_narrowly`]), for who is to be a slow reader.
    pub async fn login_slowly(url: &str, login: v1::Login) -> Result<User> {
        User::over(Peer::connect_narrowly(url).await?, login).await
    }

    async fn over(mut peer: Peer, login: v1::Login) -> Result<User> {
        let name = login.user_id.clone();
        let login = peer.ask(login).await.with_context(|| format!("logging in {name}"))?;
        Ok(User { name, login, peer })
    }

    /// The socket alone.
    pub fn into_peer(self) -> Peer {
        self.peer
    }

    /// Sends a text that asks for receipts; the message as everyone sees it.
    pub async fn says(&mut self, to: &v1::ConversationRef, what: &str) -> Result<v1::Message> {
        self.sends(text(to, what)).await
    }

    /// Sends a message; as everyone sees it.
    pub async fn sends(&mut self, message: v1::SendMessage) -> Result<v1::Message> {
        self.ask(message).await?.message.context("an answer without the message")
    }

    /// Sends receipts; a verdict for each.
    pub async fn reads(&mut self, to: &v1::ConversationRef, seqs: &[u64]) -> Result<Vec<v1::ReceiptVerdict>> {
        let request = v1::SendReceipts { conversation: Some(to.clone()), seqs: seqs.to_vec() };
        Ok(self.ask(request).await?.results.iter().map(v1::ReceiptResult::verdict).collect())
    }

    /// The states of the user's messages.
    pub async fn receipts(
        &mut self,
        to: &v1::ConversationRef,
        seqs: &[u64],
    ) -> Result<Vec<v1::ReceiptState>> {
        let request = v1::GetReceipts { conversation: Some(to.clone()), seqs: seqs.to_vec() };
        Ok(self.ask(request).await?.states)
    }

    /// Audience, read, unread and left of one of the user's messages.
    pub async fn counts(&mut self, to: &v1::ConversationRef, seq: u64) -> Result<[u32; 4]> {
        let states = self.receipts(to, &[seq]).await?;
        Ok(counts(states.first().context("no receipts of this message")?))
    }

    /// A whole list of a message's audience, by pages of `limit`.
    pub async fn list(
        &mut self,
        to: &v1::ConversationRef,
        seq: u64,
        filter: v1::ReceiptFilter,
        limit: u32,
    ) -> Result<Vec<v1::ReceiptMember>> {
        let mut members = Vec::new();
        let mut request = v1::ListReceiptMembers {
            conversation: Some(to.clone()),
            seq,
            filter: filter.into(),
            cursor: 0,
            limit,
        };
        loop {
            let page = self.ask(request.clone()).await?;
            anyhow::ensure!(page.members.len() <= limit as usize, "a page of {} members", page.members.len());
            anyhow::ensure!(
                page.finished == (page.next_cursor == 0),
                "the last page has cursor 0, no other has"
            );
            members.extend(page.members);
            if page.finished {
                return Ok(members);
            }
            request.cursor = page.next_cursor;
        }
    }

    /// The names in a list, sorted.
    pub async fn names(
        &mut self,
        to: &v1::ConversationRef,
        seq: u64,
        filter: v1::ReceiptFilter,
    ) -> Result<Vec<String>> {
        let mut names: Vec<_> = self.list(to, seq, filter, 100).await?.iter().map(name).collect();
        names.sort_unstable();
        Ok(names)
    }

    /// A conversation as the user sees it.
    pub async fn conversation(&mut self, to: &v1::ConversationRef) -> Result<v1::Conversation> {
        let request = v1::GetConversations { conversations: vec![to.clone()] };
        self.ask(request).await?.conversations.pop().context("no such conversation")
    }

    /// The newest messages of a conversation as the user sees them, oldest first, at most 100.
    pub async fn history(&mut self, to: &v1::ConversationRef) -> Result<Vec<v1::MessageView>> {
        let request = v1::GetHistory { conversation: Some(to.clone()), limit: 100, ..Default::default() };
        let mut messages = self.ask(request).await?.messages;
        messages.reverse();
        Ok(messages)
    }

    /// Every entry of the change feed after a number.
    pub async fn changes_after(&mut self, after: u64) -> Result<Vec<v1::Change>> {
        let mut changes = Vec::new();
        let mut request = v1::GetChanges { after, limit: 100 };
        loop {
            let page = self.ask(request).await?;
            changes.extend(page.changes);
            if page.finished {
                return Ok(changes);
            }
            request.after = page.position;
        }
    }

    /// Adds members without tips, as an administrator.
    pub async fn adds(&mut self, to: &v1::ConversationRef, users: &[String]) -> Result<()> {
        for users in users.chunks(yidu_proto::limits::ADD_MEMBERS_ADMIN) {
            let request = v1::AddMembers { group_id: group_id(to), users: users.to_vec(), silent: true };
            let results = self.ask(request).await?.results;
            let failed = results.iter().find(|result| result.code != 0);
            anyhow::ensure!(failed.is_none(), "not everybody was added: {failed:?}");
        }
        Ok(())
    }

    /// Waits for a message with this text.
    pub async fn hears(&mut self, what: &str) -> Result<v1::Message> {
        let told = format!("the message {what:?}");
        self.wait(&told, |event| match event {
            Event::Message(message) if crate::words::text_of(message) == what => Some(message.clone()),
            _ => None,
        })
        .await
    }

    /// Waits for the update of a message's receipts that tells of at least `read` readers.
    pub async fn hears_read(&mut self, seq: u64, read: u32) -> Result<v1::ReceiptState> {
        let what = format!("{read} readers of message {seq}");
        self.hears_change(&what, |thing| match thing {
            Thing::Receipt(state) if state.seq == seq && state.read_count >= read => Some(state.clone()),
            _ => None,
        })
        .await
    }

    /// Waits for an entry of the change feed.
    pub async fn hears_change<T>(
        &mut self,
        what: &str,
        mut pick: impl FnMut(&Thing) -> Option<T>,
    ) -> Result<T> {
        self.wait(what, |event| match event {
            Event::Changes(changes) => {
                changes.changes.iter().filter_map(|c| c.thing.as_ref()).find_map(&mut pick)
            }
            _ => None,
        })
        .await
    }
}

/// The name of a member in a list.
pub fn name(member: &v1::ReceiptMember) -> String {
    member.profile.as_ref().map(|profile| profile.user_id.clone()).unwrap_or_default()
}
