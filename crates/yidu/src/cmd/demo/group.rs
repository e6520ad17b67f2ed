//! A group: everybody reads but a few, the server dies in the middle, and the lists are right.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use parking_lot::Mutex;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use yidu_client::v1::{self, ReceiptFilter, ReceiptVerdict};
use yidu_client::{Client, Event, HistoryQuery, NewMessage, group};
use yidu_proto::limits;

use super::ledger::Ledger;
use super::people::{People, SENDER};
use super::{DemoArgs, ms};
use crate::cmd::own_server::Server;
use crate::output::Output;

const GROUP: &str = "demo";
/// Readers who are online at the same time; the others come after them.
const WAVE: usize = 200;
/// How long a reader, or the sender's screen, may take: generous, since machines are shared.
const PATIENCE: Duration = Duration::from_secs(120);

/// What came of it.
pub(crate) struct GroupReport {
    pub(crate) members: u32,
    pub(crate) messages: u32,
    pub(crate) acknowledged: usize,
    pub(crate) lost: usize,
    pub(crate) twice: usize,
    pub(crate) updates: usize,
    /// After how many acknowledged receipts, and how long until it served again.
    pub(crate) killed_at: Option<(usize, Duration)>,
    /// Whatever else is not as it must be.
    pub(crate) wrong: Vec<String>,
}

/// The newest counts the sender's device has heard of.
#[derive(Default)]
struct Screen {
    states: BTreeMap<u64, v1::ReceiptState>,
    updates: usize,
    fell: bool,
}

/// Tells the story of the group.
pub(crate) async fn tell(
    people: &Arc<People>,
    server: &mut Server,
    args: &DemoArgs,
    output: Output,
) -> Result<GroupReport> {
    let alice = gather(people, args, output).await?;
    let mut seqs = Vec::new();
    let screen = Arc::new(Mutex::new(Screen::default()));
    let watching = watch(&alice, Arc::clone(&screen));
    for n in 1..=args.messages {
        let text = format!("第 {n} 条通知, 请确认 / notice {n}, please confirm");
        seqs.push(alice.send(NewMessage::text(group(GROUP), text).need_receipt()).await?.seq);
    }
    let audience = args.members - 1;
    let silent = u32::try_from(u64::from(audience) * u64::from(args.silent_percent) / 100)?;
    let reading = (audience - silent) as usize;
    output.say(format!(
        "            alice posts {} messages that ask for receipts: 0 / {audience} read",
        seqs.len()
    ));

    let ledger = Arc::new(Ledger::default());
    let readers = read_all(people, &ledger, reading, args);
    let expected = reading * seqs.len();
    let kill_at = if args.no_kill { None } else { Some(expected / 2) };
    let killed_at =
        accompany(readers, &ledger, &screen, server, (expected, kill_at, audience), output).await?;

    let wanted = u32::try_from(reading)?;
    wait_for_screen(&screen, &seqs, wanted).await?;
    watching.abort();
    show_bars(&screen, audience, output);

    let mut report = GroupReport {
        members: args.members,
        messages: args.messages,
        acknowledged: ledger.len(),
        lost: 0,
        twice: 0,
        updates: screen.lock().updates,
        killed_at,
        wrong: Vec::new(),
    };
    if screen.lock().fell {
        report.wrong.push("a count that the sender was shown fell".to_owned());
    }
    for seq in &seqs {
        check_lists(&alice, *seq, &ledger.readers(*seq), audience, &mut report).await?;
    }
    show_lists(&alice, seqs[0], output).await?;
    alice.close().await;
    Ok(report)
}

/// Imports the people, makes the group, and logs the sender in.
async fn gather(people: &People, args: &DemoArgs, output: Output) -> Result<Client> {
    let begun = Instant::now();
    let readers: Vec<String> = people.readers().collect();
    people
        .import(&readers, |done| output.progress(format!("importing people: {done} / {}", readers.len())))
        .await?;
    let administrator = people.administrator().await?;
    let mut settings = administrator.settings().await?;
    let limit = v1::GroupLimit { r#type: v1::GroupType::Public.into(), members: limits::GROUP_MEMBERS };
    settings.group_limits.retain(|other| other.r#type != limit.r#type);
    settings.group_limits.push(limit);
    administrator.modify_settings(settings).await?;
    let create = v1::CreateGroup {
        group_id: GROUP.to_owned(),
        r#type: v1::GroupType::Public.into(),
        name: "研发一组 / Team one".to_owned(),
        owner: SENDER.to_owned(),
        ..Default::default()
    };
    administrator.create_group(create).await?;
    for (n, part) in readers.chunks(limits::ADD_MEMBERS_ADMIN).enumerate() {
        administrator.call(added(part)).await?;
        output.progress(format!(
            "adding members: {} / {}",
            n * limits::ADD_MEMBERS_ADMIN + part.len(),
            readers.len()
        ));
    }
    output.progress_done();
    administrator.close().await;
    output.say(format!(
        "\nGroup       {} members, imported and added in {}",
        args.members,
        ms(begun.elapsed())
    ));
    people.login(SENDER).await
}

/// Silent: a tip for every thousand people would be in everybody's history.
fn added(users: &[String]) -> v1::AddMembers {
    v1::AddMembers { group_id: GROUP.to_owned(), users: users.to_vec(), silent: true }
}

/// Keeps the newest counts that the sender's device hears of.
fn watch(alice: &Client, screen: Arc<Mutex<Screen>>) -> tokio::task::JoinHandle<()> {
    let mut events = alice.events();
    tokio::spawn(async move {
        while let Some(event) = events.next().await {
            if let Event::Receipt(state) = event {
                let mut screen = screen.lock();
                screen.updates += 1;
                let before = screen.states.insert(state.seq, state.clone());
                screen.fell |= before.is_some_and(|before| before.read_count > state.read_count);
            }
        }
    })
}

/// Starts the readers: each comes in its time, logs in, pulls the group's history, acknowledges what asks for it, and
/// leaves.
fn read_all(
    people: &Arc<People>,
    ledger: &Arc<Ledger>,
    reading: usize,
    args: &DemoArgs,
) -> JoinSet<Result<()>> {
    let doors = Arc::new(Semaphore::new(WAVE));
    let mut readers = JoinSet::new();
    let over = Duration::from_secs(args.over.into());
    let messages = args.messages;
    for (n, reader) in (0_u32..).zip(people.readers().take(reading)) {
        let (people, ledger, doors) = (Arc::clone(people), Arc::clone(ledger), Arc::clone(&doors));
        let comes_after = over * n / args.members;
        readers.spawn(async move {
            tokio::time::sleep(comes_after).await;
            let _place = doors.acquire().await?;
            let read = read_one(&people, &ledger, &reader, messages);
            tokio::time::timeout(PATIENCE, read).await.with_context(|| format!("{reader} waits for ever"))?
        });
    }
    readers
}

async fn read_one(people: &People, ledger: &Ledger, reader: &str, messages: u32) -> Result<()> {
    let client = people.login(reader).await?;
    let page = client.history(&group(GROUP), HistoryQuery::newest().limit(messages)).await?;
    let asking =
        page.messages.iter().filter_map(|view| view.message.as_ref()).filter(|message| message.need_receipt);
    let seqs: Vec<u64> = asking.map(|message| message.seq).collect();
    for result in client.send_receipts(&group(GROUP), &seqs).await? {
        match result.verdict() {
            ReceiptVerdict::Recorded | ReceiptVerdict::Already => ledger.acknowledged(reader, result.seq),
            other => bail!("{reader}'s receipt for message {} was judged {other:?}", result.seq),
        }
    }
    client.close().await;
    Ok(())
}

/// Shows how far it is while readers read, and kills the server when half of the receipts are acknowledged.
async fn accompany(
    mut readers: JoinSet<Result<()>>,
    ledger: &Ledger,
    screen: &Mutex<Screen>,
    server: &mut Server,
    (expected, kill_at, audience): (usize, Option<usize>, u32),
    output: Output,
) -> Result<Option<(usize, Duration)>> {
    let mut killed = None;
    let mut milestone = 0;
    let mut tick = tokio::time::interval(Duration::from_millis(20));
    loop {
        tokio::select! {
            done = readers.join_next() => match done {
                None => break,
                Some(done) => done.context("a reader broke")??,
            },
            _ = tick.tick() => {}
        }
        let acknowledged = ledger.len();
        if killed.is_none() && kill_at.is_some_and(|at| acknowledged >= at) {
            output.progress_done();
            server.kill().await?;
            let at = ledger.len();
            output.say(format!("Kill −9     after {at} of {expected} acknowledged receipts"));
            let took = server.restart().await?;
            output.say(format!(
                "Restart     serves again after {}; everybody's client reconnects and goes on",
                ms(took)
            ));
            killed = Some((at, took));
        }
        let heard = screen.lock().states.values().next().map_or(0, |state| state.read_count);
        output.progress(format!(
            "alice sees  {heard} / {audience} read · {acknowledged} of {expected} acknowledged"
        ));
        if !output.is_live() && acknowledged * 4 / expected.max(1) > milestone {
            milestone = acknowledged * 4 / expected.max(1);
            output.say(format!("            alice sees {heard} / {audience} read"));
        }
    }
    output.progress_done();
    Ok(killed)
}

/// Waits until the sender's device has heard the last state of every message.
async fn wait_for_screen(screen: &Mutex<Screen>, seqs: &[u64], wanted: u32) -> Result<()> {
    let begun = Instant::now();
    let heard = |seq: &u64| screen.lock().states.get(seq).map_or(0, |state| state.read_count);
    while !seqs.iter().all(|seq| heard(seq) == wanted) {
        ensure!(
            begun.elapsed() < PATIENCE,
            "alice's device was never told of all {wanted} receipts: it has heard {:?}",
            seqs.iter().map(heard).collect::<Vec<_>>()
        );
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Ok(())
}

/// Holds both lists, page by page, against what readers were told.
async fn check_lists(
    alice: &Client,
    seq: u64,
    told: &HashSet<String>,
    audience: u32,
    report: &mut GroupReport,
) -> Result<()> {
    let read = list(alice, seq, ReceiptFilter::Read).await?;
    let unread = list(alice, seq, ReceiptFilter::Unread).await?;
    let names: HashSet<&String> = read.iter().map(|(user, _)| user).collect();
    let silent: HashSet<&String> = unread.iter().map(|(user, _)| user).collect();
    report.twice += read.len() - names.len() + unread.len() - silent.len();
    report.lost += told.iter().filter(|user| !names.contains(user)).count();
    if names.intersection(&silent).next().is_some() {
        report.wrong.push(format!("somebody is in both lists of message {seq}"));
    }
    if names.len() + silent.len() != audience as usize {
        report
            .wrong
            .push(format!("the lists of message {seq} hold {} of {audience}", names.len() + silent.len()));
    }
    if names.len() != told.len() {
        report.wrong.push(format!("{} read message {seq}, {} were told so", names.len(), told.len()));
    }
    Ok(())
}

async fn list(alice: &Client, seq: u64, filter: ReceiptFilter) -> Result<Vec<(String, u64)>> {
    let members = alice.receipt_member_pages(&group(GROUP), seq, filter).page_size(1_000).collect().await?;
    Ok(members.into_iter().map(|m| (m.profile.unwrap_or_default().user_id, m.read_time_ms)).collect())
}

fn show_bars(screen: &Mutex<Screen>, audience: u32, output: Output) {
    for (n, state) in screen.lock().states.values().enumerate() {
        let full = (u64::from(state.read_count) * 30).div_ceil(u64::from(audience.max(1)));
        let bar: String = (0..30).map(|at| if at < full { '#' } else { '-' }).collect();
        output.say(format!(
            "message {:<3} [{bar}] {} / {audience} read, {} 人已读",
            n + 1,
            state.read_count,
            state.read_count
        ));
    }
}

/// The two lists of the first message, as far as they fit a screen.
async fn show_lists(alice: &Client, seq: u64, output: Output) -> Result<()> {
    const SHOWN: usize = 5;
    for (filter, title) in [(ReceiptFilter::Read, "read"), (ReceiptFilter::Unread, "unread")] {
        let list = list(alice, seq, filter).await?;
        let more =
            if list.len() > SHOWN { format!(" … and {} more", list.len() - SHOWN) } else { String::new() };
        let first = list.first().map_or(0, |(_, at)| *at);
        let name = |(user, at): &(String, u64)| match at.checked_sub(first) {
            Some(after) if *at > 0 => format!("{user} (+{after} ms)"),
            Some(_) | None => user.clone(),
        };
        let names: Vec<String> = list.iter().take(SHOWN).map(name).collect();
        output.say(format!("{title:<11} {}: {}{more}", list.len(), names.join(", ")));
    }
    Ok(())
}
