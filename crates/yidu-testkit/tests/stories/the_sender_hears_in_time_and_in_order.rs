//! Rule 7: "The first receipt after a quiet time goes out at once; while receipts keep coming, one update per message at most
//! every 200 ms, newest wins, and the last state is always delivered." Rule 22: "receipt updates of a message by rising
//! counts; nothing goes back."

use std::time::Instant;

use anyhow::Result;
use yidu_proto::limits::RECEIPT_PACE_MS;
use yidu_proto::v1::{self, GroupType, change::Thing};
use yidu_testkit::words::{counts, plain};
use yidu_testkit::{TestServer, User, members};

/// The next update of a message's receipts, in the order in which they come.
async fn update(user: &mut User, seqs: &[u64]) -> Result<v1::ReceiptState> {
    user.hears_change("an update", |thing| match thing {
        Thing::Receipt(state) if seqs.contains(&state.seq) => Some(state.clone()),
        _ => None,
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_most_one_update_per_message_and_pace_and_the_last_state_always() -> Result<()> {
    const READERS: usize = 150;
    let server = TestServer::start().await?;
    let names = members("m", READERS + 1);
    let to = server.group(GroupType::Work, &names).await?;
    let (mut phone, mut desk) =
        (server.device(&names[0], "phone").await?, server.device(&names[0], "desk").await?);
    let mut readers = server.users(&names[1..]).await?;
    let seqs = [phone.says(&to, "one").await?.seq, phone.says(&to, "two").await?.seq];

    let begun = Instant::now();
    let reading = {
        let to = to.clone();
        tokio::spawn(async move {
            for reader in &mut readers {
                reader.reads(&to, &seqs).await?;
            }
            anyhow::Ok(readers)
        })
    };
    for device in [&mut phone, &mut desk] {
        let (mut updates, mut last) = ([0_u128; 2], [0_u32; 2]);
        while last.iter().any(|&read| (read as usize) < READERS) {
            let state = update(device, &seqs).await?;
            let at = usize::from(state.seq == seqs[1]);
            assert!(
                state.read_count > last[at],
                "{} after {} readers of {}",
                state.read_count,
                last[at],
                state.seq
            );
            assert_eq!(counts(&state)[0] as usize, READERS);
            last[at] = state.read_count;
            updates[at] += 1;
        }
        // Every update but the first waited for the pace, so there is a bound however slow the machine is.
        let most = begun.elapsed().as_millis() / u128::from(RECEIPT_PACE_MS) + 1;
        assert!(updates.iter().all(|&updates| updates <= most), "{updates:?} updates, {most} had time");
    }
    reading.await??;
    Ok(())
}

#[tokio::test]
async fn after_a_quiet_time_each_receipt_goes_out() -> Result<()> {
    let server = TestServer::start().await?;
    let to = server.group(GroupType::Work, &["alice", "bob", "carol"]).await?;
    let mut alice = server.user("alice").await?;
    let seq = alice.says(&to, "read me").await?.seq;
    for (read, reader) in ["bob", "carol"].into_iter().enumerate() {
        server.user(reader).await?.reads(&to, &[seq]).await?;
        assert_eq!(update(&mut alice, &[seq]).await?.read_count as usize, read + 1);
    }
    Ok(())
}

#[tokio::test]
async fn several_messages_of_one_call_all_arrive() -> Result<()> {
    let server = TestServer::start().await?;
    let to = server.group(GroupType::Work, &["alice", "bob"]).await?;
    let (mut alice, mut bob) = (server.user("alice").await?, server.user("bob").await?);
    let mut seqs = Vec::new();
    for n in 0..50 {
        seqs.push(alice.says(&to, &n.to_string()).await?.seq);
    }
    bob.reads(&to, &seqs).await?;
    for &seq in &seqs {
        assert_eq!(counts(&alice.hears_read(seq, 1).await?), [1, 1, 0, 0]);
    }
    let position = alice.changes_after(0).await?.last().map_or(0, |change| change.number);
    alice.sends(plain(&to, "marker")).await?;
    assert_eq!(server.device("alice", "other").await?.login.position, position);
    Ok(())
}
