//! Rule 2: "There is no 200-member limit: a group with receipts may have as many members as the app allows." Rule 4 and rule
//! 5 at that size. A file of its own, since it looks at the memory of its process.
//!
//! What keeps it short: accounts and members come in by the thousand; all but a sample of the receipts go through the
//! service, where many wait for one sync; the sample comes over sockets.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    clippy::print_stdout,
    reason = "a test reports by panicking"
)]

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use futures_util::{StreamExt, TryStreamExt, stream};
use http_body_util::BodyExt;
use yidu_proto::v1::{self, GroupType, ReceiptFilter, ReceiptVerdict};
use yidu_testkit::words::group_id;
use yidu_testkit::{TestServer, members, memory, user::name};

const MEMBERS: usize = 100_000;
/// Of whom so many read over sockets of their own.
const SAMPLE: usize = 100;
/// Receipts on their way at once.
const AT_ONCE: usize = 512;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_message_and_all_acknowledge() -> Result<()> {
    let server = TestServer::start().await?;
    let limit = u32::try_from(MEMBERS + 1)?;
    server
        .settings(|settings| {
            settings.receipt_group_types.push(GroupType::Community.into());
            settings.group_limits =
                vec![v1::GroupLimit { r#type: GroupType::Community.into(), members: limit }];
        })
        .await?;
    let names = members("m", MEMBERS + 1);
    let to = server.group(GroupType::Community, &names).await?;
    let mut sender = server.user(&names[0]).await?;
    let message = sender.says(&to, "all of you").await?;
    assert_eq!(message.audience_count as usize, MEMBERS);
    let seq = message.seq;

    let (sample, bulk) = names[1..].split_at(SAMPLE);
    for reader in sample {
        let mut reader = server.user(reader).await?;
        assert_eq!(reader.reads(&to, &[seq]).await?, [ReceiptVerdict::Recorded]);
    }
    let half = bulk.len() / 2;
    read_all(&server, &to, seq, &bulk[..half]).await?;
    let read = u32::try_from(SAMPLE + half)?;
    assert_eq!(sender.counts(&to, seq).await?, [limit - 1, read, limit - 1 - read, 0]);
    lists(&mut sender, &to, seq, &names[1..=SAMPLE + half], &names[SAMPLE + half + 1..]).await?;

    export(&server, &to, seq, SAMPLE + half).await?;

    read_all(&server, &to, seq, &bulk[half..]).await?;
    assert_eq!(sender.hears_read(seq, limit - 1).await?.unread_count, 0, "the last state is delivered");
    assert_eq!(sender.counts(&to, seq).await?, [limit - 1, limit - 1, 0, 0]);
    lists(&mut sender, &to, seq, &names[1..], &[]).await?;
    let feed = sender.changes_after(0).await?;
    let entries = feed.iter().filter(|change| matches!(change.thing, Some(v1::change::Thing::Receipt(_))));
    assert_eq!(entries.count(), 1, "a hundred thousand receipts on one message are one entry");

    let peak = memory::peak()?;
    println!("{MEMBERS} members: {} MiB at most", peak >> 20);
    assert!(peak < 1 << 30, "{} MiB", peak >> 20);
    Ok(())
}

/// An export has everybody once, and is made as it is taken: the server does not hold it.
async fn export(server: &TestServer, to: &v1::ConversationRef, seq: u64, read: usize) -> Result<()> {
    let group = group_id(to).replace('@', "%40").replace('#', "%23");
    let path = format!("/api/v1/apps/{}/groups/{group}/messages/{seq}/receipt/export", server.app());
    let before = memory::resident()?;
    let mut body = server.api("administrator").open("GET", &path, &[], None).await?.into_body();
    let (mut rest, mut users, mut readers) = (Vec::new(), BTreeSet::new(), 0);
    while let Some(frame) = body.frame().await {
        rest.extend_from_slice(frame?.data_ref().map_or(&[][..], |data| data));
        let whole = rest.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
        for line in std::str::from_utf8(&rest[..whole])?.lines() {
            let line: serde_json::Value = serde_json::from_str(line)?;
            readers += usize::from(line["state"] == "read");
            ensure!(users.insert(line["user_id"].to_string()), "{line} came twice");
        }
        rest.drain(..whole);
    }
    let grown = memory::resident()?.saturating_sub(before);
    println!("an export of {MEMBERS}: {} MiB more", grown >> 20);
    ensure!(
        (users.len(), readers, rest.len()) == (MEMBERS, read, 0),
        "{} users, {readers} readers",
        users.len()
    );
    ensure!(grown < 128 << 20, "{} MiB", grown >> 20);
    Ok(())
}

async fn read_all(server: &TestServer, to: &v1::ConversationRef, seq: u64, readers: &[String]) -> Result<()> {
    let service = server.service();
    let administrator = server.caller("administrator").await?;
    stream::iter(readers)
        .map(async |reader| {
            let caller = service.on_behalf_of(&administrator, reader).await?;
            let receipts = v1::SendReceipts { conversation: Some(to.clone()), seqs: vec![seq] };
            let told = service.send_receipts(&caller, receipts).await?.results[0].verdict();
            ensure!(told == ReceiptVerdict::Recorded, "{reader}: {told:?}");
            Ok(())
        })
        .buffer_unordered(AT_ONCE)
        .try_collect::<()>()
        .await
}

/// Every page of both lists: everybody once, on the right side.
async fn lists(
    sender: &mut yidu_testkit::User,
    to: &v1::ConversationRef,
    seq: u64,
    read: &[String],
    unread: &[String],
) -> Result<()> {
    for (filter, expected) in [(ReceiptFilter::Read, read), (ReceiptFilter::Unread, unread)] {
        let listed = sender.list(to, seq, filter, 1_000).await?;
        ensure!(listed.len() == expected.len(), "{filter:?}: {} of {}", listed.len(), expected.len());
        let listed: BTreeSet<_> = listed.iter().map(name).collect();
        ensure!(listed == expected.iter().cloned().collect(), "{filter:?}: somebody else");
    }
    Ok(())
}
