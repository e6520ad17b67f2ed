//! Rule 10: "Only the server's clock counts, in milliseconds; device time is never used."

use anyhow::Result;
use yidu_proto::v1::{self, GroupType, ReceiptFilter};
use yidu_testkit::words::text;
use yidu_testkit::{Clock, TestServer};

#[tokio::test]
async fn for_messages_receipts_and_recalls() -> Result<()> {
    let clock = Clock::new();
    let server = TestServer::with_clock(&clock).await?;
    let to = server.group(GroupType::Work, &["alice", "bob"]).await?;
    let (mut alice, mut bob) = (server.user("alice").await?, server.user("bob").await?);

    // A device in the year 2200 and one in 1970.
    let sent = clock.now();
    let far = alice.sends(v1::SendMessage { client_time_s: 7_258_118_400, ..text(&to, "from 2200") }).await?;
    let old = alice.sends(v1::SendMessage { client_time_s: 1, ..text(&to, "from 1970") }).await?;
    assert_eq!((far.time_ms, old.time_ms), (sent, sent));
    assert_eq!((far.client_time_s, old.client_time_s), (7_258_118_400, 1), "kept, not used");
    assert!(far.seq < old.seq);

    clock.advance(61_007);
    bob.reads(&to, &[far.seq, old.seq]).await?;
    for seq in [far.seq, old.seq] {
        let read = alice.list(&to, seq, ReceiptFilter::Read, 10).await?;
        assert_eq!(read[0].read_time_ms, sent + 61_007);
    }
    let recall = v1::RecallMessage { conversation: Some(to.clone()), seq: old.seq, ..Default::default() };
    assert_eq!(alice.ask(recall.clone()).await?.recall.unwrap().time_ms, sent + 61_007);

    // How long a message may be recalled is for the server's clock to say, too.
    clock.advance(120_000);
    assert_eq!(alice.refused(v1::RecallMessage { seq: far.seq, ..recall }).await?, 10031);
    Ok(())
}
