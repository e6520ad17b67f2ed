//! House rule: "Hostile input costs bounded memory and time." Thousands of connections that never log in leave the
//! server serving. A file of its own, since it looks at the memory of its process and raises its limit of open files.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "a test reports by panicking"
)]

use anyhow::{Context, Result};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use yidu_testkit::words::with;
use yidu_testkit::{PATIENCE, Peer, TestServer, User, memory};

const WANTED: u64 = 10_000;
/// Files that are open otherwise: the store's, the runtime's, the sockets of those who are served.
const OTHERS: u64 = 500;
/// What one may cost, both ends together, since both are in this process.
const BYTES_EACH: u64 = 40 << 10;

/// Each costs two files: both ends are in this process.
fn as_many_as_the_limit_allows() -> Result<u64> {
    let (_, hard) = rlimit::Resource::NOFILE.get()?;
    let limit = rlimit::increase_nofile_limit(hard.min(2 * WANTED + OTHERS))?;
    Ok(WANTED.min(limit.saturating_sub(OTHERS) / 2))
}

/// Two who are logged in already are served.
async fn serves(alice: &mut User, bob: &mut User, what: &str) -> Result<()> {
    let message = alice.says(&with("bob"), what).await?;
    bob.hears(what).await?;
    bob.reads(&with("alice"), &[message.seq]).await?;
    alice.hears_read(message.seq, 1).await?;
    Ok(())
}

/// Connections that say nothing, or begin to say something.
async fn strangers(server: &TestServer, count: u64) -> Result<Vec<TcpStream>> {
    let address = server.url().trim_start_matches("ws://").to_owned();
    let mut strangers = Vec::new();
    for n in 0..count {
        let mut stream = TcpStream::connect(&address).await.with_context(|| format!("connection {n}"))?;
        if n % 2 == 0 {
            stream.write_all(b"GET /ws HTTP/1.1\r\nHost: localhost\r\nX-Slow: ").await?;
        }
        strangers.push(stream);
    }
    Ok(strangers)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_serves_on() -> Result<()> {
    let count = as_many_as_the_limit_allows()?;
    assert!(count >= 100, "the limit of open files is too low to say anything");
    let server =
        TestServer::with(|config| config.gateway.connections_not_logged_in = 2 * WANTED as usize).await?;
    let (mut alice, mut bob) = (server.user("alice").await?, server.user("bob").await?);
    let before = memory::resident()?;
    let mut upgraded = Vec::new();
    for _ in 0..count / 10 {
        upgraded.push(Peer::connect(&server.url()).await?);
    }
    let mut silent = strangers(&server, count - count / 10).await?;
    serves(&mut alice, &mut bob, "still there?").await?;
    server.user("carol").await?;

    let grown = memory::resident()?.saturating_sub(before);
    println!("{count} half-open connections: {} KiB each", grown / count / 1024);
    assert!(grown < count * BYTES_EACH, "{} KiB each", grown / count / 1024);

    // In the end the server hangs up on them.
    let mut rest = Vec::new();
    let hung_up = timeout(PATIENCE, silent.swap_remove(0).read_to_end(&mut rest)).await;
    hung_up.context("a silent connection may stay for ever")?.ok();
    upgraded.swap_remove(0).until_closed().await?;
    serves(&mut alice, &mut bob, "and now?").await
}

#[tokio::test]
async fn who_is_logged_in_does_not_notice_that_strangers_take_every_place() -> Result<()> {
    let server = TestServer::with(|config| {
        config.gateway.connections_not_logged_in = 20;
        config.gateway.login_seconds = 1;
    })
    .await?;
    let (mut alice, mut bob) = (server.user("alice").await?, server.user("bob").await?);
    let _strangers = strangers(&server, 60).await?;
    serves(&mut alice, &mut bob, "still there?").await?;
    // Whoever comes now waits for a place, and gets one.
    server.user("carol").await?;
    Ok(())
}
