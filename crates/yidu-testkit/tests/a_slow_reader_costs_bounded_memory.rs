//! Rule 7: "A slow device costs bounded memory and never slows another." A file of its own, since it looks at the memory of
//! its process.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "a test reports by panicking"
)]

use anyhow::{Context, Result, ensure};
use yidu_proto::limits::MESSAGE_BYTES;
use yidu_proto::v1::push::Event;
use yidu_proto::v1::request::Operation;
use yidu_proto::v1::{self, GroupType};
use yidu_testkit::words::{plain, text, text_of};
use yidu_testkit::{TestServer, User, members, memory};

/// In all far more than the buffers of a socket and the outbox of a session hold.
const MESSAGES: usize = 3_000;
const AT_ONCE: usize = 50;
const SLOW: usize = 20;

/// Everything that is said, in order.
async fn hears_all(mut user: User, count: usize) -> Result<User> {
    for n in 0..count {
        let heard = user
            .wait("the next message", |event| match event {
                Event::Message(message) => Some(text_of(message)),
                _ => None,
            })
            .await?;
        ensure!(heard.starts_with(&format!("{n} ")), "{:.20}… instead of message {n}", heard);
    }
    Ok(user)
}

/// Reads on where it stopped: what it missed it is told to pull, or it was turned away.
async fn was_cut_short(user: User) -> Result<bool> {
    let mut peer = user.into_peer();
    let mut heard = 0;
    loop {
        let event = peer.wait("anything", |event| Some(event.clone())).await;
        match event {
            Ok(Event::Resync(_)) => {
                ensure!(heard < MESSAGES, "a Resync without a loss");
                return Ok(true);
            }
            Ok(Event::Message(_)) => heard += 1,
            Ok(_) => {}
            Err(_closed) => return Ok(heard < MESSAGES),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn others_hear_everything_and_it_is_told_to_pull() -> Result<()> {
    let server = TestServer::start().await?;
    let names = members("m", SLOW + 3);
    let to = server.group(GroupType::Work, &names).await?;
    let mut talker = server.user(&names[0]).await?;
    let quick = server.user(&names[1]).await?;
    let mut slow = Vec::new();
    for name in &names[3..] {
        slow.push(User::login_slowly(&server.url(), server.login(name, "slow")).await?);
    }
    let before = memory::resident()?;
    let hearing = tokio::spawn(hears_all(quick, MESSAGES));

    let filler = "x".repeat(MESSAGE_BYTES - 200);
    for batch in 0..MESSAGES / AT_ONCE {
        let numbers = batch * AT_ONCE..(batch + 1) * AT_ONCE;
        let messages = numbers.map(|n| Operation::SendMessage(plain(&to, &format!("{n} {filler}"))));
        for id in talker.send(messages.collect()).await? {
            let response = talker.response_to(id).await?;
            ensure!(response.error.is_none(), "{:?}", response.error);
        }
    }
    hearing.await?.context("somebody who reads is held up by those who do not")?;

    // Receipts go on their way as well, while the slow ones still do not read.
    let asked = talker.ask(text(&to, "read me")).await?.message.context("the message")?;
    server.user(&names[2]).await?.reads(&to, &[asked.seq]).await?;
    talker.hears_read(asked.seq, 1).await?;

    let grown = memory::resident()?.saturating_sub(before);
    println!("{SLOW} slow readers of {MESSAGES} messages of {MESSAGE_BYTES} bytes: {} MiB more", grown >> 20);
    assert!(grown < 400 << 20, "{} MiB more in memory", grown >> 20);
    for user in slow {
        let name = user.name.clone();
        assert!(was_cut_short(user).await?, "{name} was kept everything for");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_pulls_afterwards_has_lost_nothing() -> Result<()> {
    let server = TestServer::start().await?;
    let to = server.group(GroupType::Work, &["talker", "slow"]).await?;
    let mut talker = server.user("talker").await?;
    let mut slow = User::login_slowly(&server.url(), server.login("slow", "slow")).await?;
    let own = slow.says(&to, "who reads?").await?.seq;
    let position = slow.login.position;
    let filler = "x".repeat(MESSAGE_BYTES - 200);
    for batch in 0..20 {
        let messages =
            (0..AT_ONCE).map(|n| Operation::SendMessage(plain(&to, &format!("{batch} {n} {filler}"))));
        for id in talker.send(messages.collect()).await? {
            talker.response_to(id).await?;
        }
    }
    talker.reads(&to, &[own]).await?;
    let told = slow.changes_after(position).await?;
    let reads = |change: &v1::Change| matches!(&change.thing, Some(v1::change::Thing::Receipt(state)) if state.seq == own);
    assert!(told.iter().any(reads), "{told:?}");
    assert_eq!(slow.conversation(&to).await?.unread_count as usize, 20 * AT_ONCE);
    Ok(())
}
