//! Rule 7: "A device that was away gets each changed message once, with its newest state, from the change feed."

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use futures_util::future::try_join_all;
use yidu_client::{Event, NewMessage};
use yidu_proto::v1::{self, GroupType, ReceiptVerdict, change::Thing};
use yidu_testkit::words::counts;
use yidu_testkit::{Link, Listener, TestServer, User, members};

const MESSAGES: usize = 50;
const READERS: usize = 200;

/// The readers' devices, and what each of them does: 50 receipts in one call.
async fn all_read(readers: &mut [User], to: &v1::ConversationRef, seqs: &[u64]) -> Result<()> {
    for wave in readers.chunks_mut(20) {
        let told = try_join_all(wave.iter_mut().map(|reader| reader.reads(to, seqs))).await?;
        ensure!(told.concat().iter().all(|verdict| *verdict == ReceiptVerdict::Recorded));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_the_change_feed() -> Result<()> {
    let server = TestServer::start().await?;
    let names = members("m", READERS + 1);
    let to = server.group(GroupType::Public, &names).await?;
    let mut readers = server.users(&names[1..]).await?;
    let mut sender = server.user(&names[0]).await?;
    let position = sender.login.position;
    let mut seqs = Vec::new();
    for n in 0..MESSAGES {
        seqs.push(sender.says(&to, &n.to_string()).await?.seq);
    }
    drop(sender);
    all_read(&mut readers, &to, &seqs).await?;

    let mut sender = server.user(&names[0]).await?;
    assert_eq!(sender.login.position - position, (MESSAGES * READERS) as u64, "each receipt took a number");
    let changes = sender.changes_after(position).await?;
    assert!(changes.is_sorted_by_key(|change| change.number));
    assert_eq!(changes.last().map(|change| change.number), Some(sender.login.position));
    let mut told = BTreeMap::new();
    for change in changes {
        let Some(Thing::Receipt(state)) = change.thing else { panic!("{change:?}") };
        let before = told.insert(state.seq, counts(&state));
        assert_eq!(before, None, "message {} came twice", state.seq);
    }
    let all = [READERS, READERS, 0, 0].map(|count| u32::try_from(count).unwrap());
    assert_eq!(told, seqs.iter().map(|&seq| (seq, all)).collect());
    assert!(sender.changes_after(sender.login.position).await?.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn through_the_sdk() -> Result<()> {
    let server = TestServer::start().await?;
    let names = members("m", READERS + 1);
    let to = server.group(GroupType::Public, &names).await?;
    let mut readers = server.users(&names[1..]).await?;
    let link = Link::to(&server.url()).await?;
    let sender = server.client_over(&link, &names[0]).await?;
    let mut hears = Listener::of(&sender);
    let mut seqs = Vec::new();
    for n in 0..MESSAGES {
        seqs.push(sender.send(NewMessage::text(to.clone(), n.to_string()).need_receipt()).await?.seq);
    }
    readers[0].reads(&to, &seqs[..1]).await?;
    hears.hears_read(seqs[0], 1).await?;

    link.cut();
    hears.wait("the cut", |event| matches!(event, Event::Disconnected { .. }).then_some(())).await?;
    hears.heard();
    all_read(&mut readers[1..], &to, &seqs).await?;
    link.mend();
    hears.caught_up().await?;
    let mut told = BTreeMap::new();
    for event in hears.heard() {
        if let Event::Receipt(state) = event {
            let before = told.insert(state.seq, state.read_count);
            assert_eq!(before, None, "message {} came twice", state.seq);
        }
    }
    let mut expected: BTreeMap<u64, u32> =
        seqs.iter().map(|&seq| (seq, u32::try_from(READERS - 1).unwrap())).collect();
    expected.insert(seqs[0], u32::try_from(READERS)?);
    assert_eq!(told, expected);

    // From then on updates are live again.
    readers[0].reads(&to, &seqs[1..2]).await?;
    assert_eq!(hears.hears_read(seqs[1], u32::try_from(READERS)?).await?.unread_count, 0);
    Ok(())
}
