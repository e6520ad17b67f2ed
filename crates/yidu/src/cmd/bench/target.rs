//! What is measured: a Yidu server, or one of the baselines in `bench/`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use futures_util::{StreamExt, TryStreamExt, stream};
use yidu_proto::v1::{self, request::Operation, response};
use yidu_proto::{Element, limits};
use yidu_usersig::{Claims, SecretKey, sign};

use super::usage::Usage;
use super::wire::{Answer, Dialect, Say, Wire, group_ref};

/// Logins at the same time.
const DOORS: usize = 32;
/// Messages posted at once.
const POSTED: usize = 50;

pub(super) struct Target {
    pub(super) addr: SocketAddr,
    /// The processes whose use of the machine is the server's.
    pub(super) pids: Vec<u32>,
    /// Where the data is, when it is at hand.
    pub(super) data: Option<PathBuf>,
    /// The app and its key; none for a baseline.
    pub(super) app: Option<(u32, SecretKey)>,
    /// Part of every name, so that runs on one server do not meet.
    tag: String,
    opened: AtomicUsize,
    imported: AtomicU32,
    randoms: Arc<AtomicU32>,
}

impl Target {
    pub(super) fn new(addr: SocketAddr, app: Option<(u32, SecretKey)>, pids: Vec<u32>) -> Target {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        let (opened, imported) = (AtomicUsize::new(0), AtomicU32::new(0));
        let randoms = Arc::new(AtomicU32::new(now.subsec_nanos()));
        let tag = format!("b{:x}", now.as_millis());
        Target { addr, pids, data: None, app, tag, opened, imported, randoms }
    }

    pub(super) fn is_yidu(&self) -> bool {
        self.app.is_some()
    }

    pub(super) fn usage(&self) -> Usage {
        Usage::of(&self.pids)
    }

    pub(super) fn reader(&self, n: u32) -> String {
        format!("{}r{n}", self.tag)
    }

    pub(super) fn sender(&self) -> String {
        self.nth_sender(0)
    }

    pub(super) fn nth_sender(&self, n: u32) -> String {
        format!("{}s{n}", self.tag)
    }

    pub(super) fn group(&self, name: &str) -> String {
        format!("{}-{name}", self.tag)
    }

    /// A connection of a user, logged in.
    pub(super) async fn connect(&self, user: &str) -> Result<Wire> {
        self.login(user).await.map(|(wire, _)| wire)
    }

    /// A connection of a user, logged in, and the position of the user's change feed.
    pub(super) async fn login(&self, user: &str) -> Result<(Wire, u64)> {
        let nth = self.opened.fetch_add(1, Ordering::Relaxed);
        let Some((app, key)) = &self.app else {
            let path = format!("/ws?user={user}");
            return Ok((Wire::open(Dialect::Baseline, self.addr, nth, &path).await?, 0));
        };
        let mut wire = Wire::open(Dialect::Yidu, self.addr, nth, yidu_proto::WS_PATH).await?;
        let login = v1::Login {
            app_id: *app,
            user_id: user.to_owned(),
            user_sig: sig(*app, key, user),
            ..v1::Login::default()
        };
        match wire.ask(Operation::Login(login)).await.with_context(|| format!("{user} cannot log in"))? {
            response::Result::Login(result) => Ok((wire, result.position)),
            other => anyhow::bail!("an answer to something else: {other:?}"),
        }
    }

    /// Connections of readers, in order of `readers`.
    pub(super) async fn connect_readers(
        &self,
        readers: impl Iterator<Item = u32>,
        mut progress: impl FnMut(usize),
    ) -> Result<Vec<Wire>> {
        let logins = readers.map(|n| async move { self.connect(&self.reader(n)).await });
        let mut logins = stream::iter(logins).buffered(DOORS);
        let mut wires = Vec::new();
        while let Some(wire) = logins.try_next().await? {
            wires.push(wire);
            if wires.len() % 256 == 0 {
                progress(wires.len());
            }
        }
        Ok(wires)
    }

    /// A group of `senders`, the first of them its owner, and readers 1 to `members` − 1.
    pub(super) async fn found(
        &self,
        group: &str,
        senders: &[String],
        members: u32,
        mut progress: impl FnMut(usize),
    ) -> Result<()> {
        let sender = senders.first().context("a group has an owner")?;
        let others = senders.iter().skip(1).cloned();
        let readers: Vec<String> = (1..members).map(|n| self.reader(n)).chain(others).collect();
        if !self.is_yidu() {
            let mut wire = self.connect(sender).await?;
            for part in readers.chunks(limits::ADD_MEMBERS_ADMIN) {
                wire.ask_baseline(Say { op: "join", group, members: part, ..Say::default() }).await?;
            }
            return Ok(());
        }
        let mut administrator = self.connect("administrator").await?;
        self.import(&mut administrator, senders, members).await?;
        let create = v1::CreateGroup {
            group_id: group.to_owned(),
            r#type: v1::GroupType::Public.into(),
            name: "bench".to_owned(),
            owner: sender.clone(),
            ..Default::default()
        };
        administrator.ask(Operation::CreateGroup(create)).await?;
        for (n, users) in readers.chunks(limits::ADD_MEMBERS_ADMIN).enumerate() {
            let add = v1::AddMembers { group_id: group.to_owned(), users: users.to_vec(), silent: true };
            administrator.ask(Operation::AddMembers(add)).await?;
            progress(n * limits::ADD_MEMBERS_ADMIN);
        }
        Ok(())
    }

    /// Makes the accounts of the sender and of readers that are not there yet, and lets groups be large.
    async fn import(&self, administrator: &mut Wire, senders: &[String], members: u32) -> Result<()> {
        if self.imported.load(Ordering::Relaxed) == 0 {
            let get = administrator.ask(Operation::GetSettings(v1::GetSettings {})).await?;
            let response::Result::GetSettings(got) = get else { anyhow::bail!("no settings") };
            let mut settings = got.settings.unwrap_or_default();
            let limit =
                v1::GroupLimit { r#type: v1::GroupType::Public.into(), members: limits::GROUP_MEMBERS };
            settings.group_limits.retain(|other| other.r#type != limit.r#type);
            settings.group_limits.push(limit);
            let modify = v1::ModifySettings { settings: Some(settings), dry_run: false };
            administrator.ask(Operation::ModifySettings(modify)).await?;
        }
        let known = self.imported.fetch_max(members, Ordering::Relaxed);
        let new = (known.max(1)..members).map(|n| self.reader(n));
        let profiles: Vec<v1::Profile> = new
            .chain(senders.iter().cloned())
            .map(|user_id| v1::Profile { user_id, ..Default::default() })
            .collect();
        for accounts in profiles.chunks(limits::ADD_MEMBERS_ADMIN) {
            let import = v1::ImportAccounts { accounts: accounts.to_vec() };
            administrator.ask(Operation::ImportAccounts(import)).await?;
        }
        Ok(())
    }

    /// Posts messages that ask for receipts; their seqs.
    pub(super) async fn post(&self, wire: &mut Wire, group: &str, messages: u32) -> Result<Vec<u64>> {
        let mut seqs = Vec::new();
        if !self.is_yidu() {
            for _ in 0..messages {
                seqs.push(wire.ask_baseline(Say { op: "send", group, ..Say::default() }).await?.seq);
            }
            return Ok(seqs);
        }
        let mut left = messages as usize;
        while left > 0 {
            let part = left.min(POSTED);
            for _ in 0..part {
                wire.say(Operation::SendMessage(self.talker().message(group))).await?;
            }
            for _ in 0..part {
                let Answer::Yidu(answer) = wire.answer().await? else { anyhow::bail!("not Yidu") };
                seqs.push(posted(*answer)?);
            }
            left -= part;
        }
        Ok(seqs)
    }

    /// For a task of its own.
    pub(super) fn talker(&self) -> Talker {
        Talker { randoms: Arc::clone(&self.randoms) }
    }

    /// How many have read each of these messages, as the server counts.
    pub(super) async fn counts(&self, wire: &mut Wire, group: &str, seqs: &[u64]) -> Result<Vec<(u64, u32)>> {
        let mut counts = Vec::with_capacity(seqs.len());
        for part in seqs.chunks(limits::RECEIPT_STATES) {
            if self.is_yidu() {
                let get = v1::GetReceipts { conversation: Some(group_ref(group)), seqs: part.to_vec() };
                let answer = wire.ask(Operation::GetReceipts(get)).await?;
                let response::Result::GetReceipts(got) = answer else { anyhow::bail!("no counts") };
                counts.extend(got.states.iter().map(|state| (state.seq, state.read_count)));
            } else {
                let say = Say { op: "counts", group, seqs: part, ..Say::default() };
                counts.extend(wire.ask_baseline(say).await?.counts);
            }
        }
        ensure!(counts.len() == seqs.len(), "{} counts of {} messages", counts.len(), seqs.len());
        Ok(counts)
    }
}

/// Posts messages to Yidu one by one.
pub(super) struct Talker {
    randoms: Arc<AtomicU32>,
}

impl Talker {
    /// Posts a message that asks for receipts and waits for the answer; its seq.
    pub(super) async fn post_one(&self, wire: &mut Wire, group: &str) -> Result<u64> {
        posted(wire.ask(Operation::SendMessage(self.message(group))).await?)
    }

    fn message(&self, group: &str) -> v1::SendMessage {
        v1::SendMessage {
            to: Some(group_ref(group)),
            random: self.randoms.fetch_add(1, Ordering::Relaxed),
            client_time_s: UNIX_EPOCH.elapsed().unwrap_or_default().as_secs(),
            elements: vec![Element::text("请确认 / please confirm")],
            need_receipt: true,
            ..v1::SendMessage::default()
        }
    }
}

fn posted(answer: response::Result) -> Result<u64> {
    let response::Result::SendMessage(sent) = answer else { anyhow::bail!("no message: {answer:?}") };
    Ok(sent.message.context("an answer without a message")?.seq)
}

fn sig(app_id: u32, key: &SecretKey, user: &str) -> String {
    let issued_at = UNIX_EPOCH.elapsed().unwrap_or_default().as_secs();
    sign(key, &Claims { app_id, user_id: user.to_owned(), issued_at, expires_in: 86_400, userbuf: None })
}
