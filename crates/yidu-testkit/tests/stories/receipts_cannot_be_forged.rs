//! Rule 13: "A receipt counts for the user of the session it arrives on and for no other; only an app administrator can send
//! one for a named user, and that is logged."

use anyhow::Result;
use yidu_proto::v1::{self, GroupType, ReceiptFilter, ReceiptVerdict};
use yidu_server::service::SessionId;
use yidu_testkit::TestServer;
use yidu_testkit::words::with;

#[tokio::test]
async fn it_counts_for_the_user_of_the_session() -> Result<()> {
    let server = TestServer::start().await?;
    let to = server.group(GroupType::Work, &["alice", "bob", "carol", "mallory"]).await?;
    let mut people = server.users(&["alice", "bob", "carol", "mallory"]).await?;
    let seq = people[0].says(&to, "read me").await?.seq;
    let direct = people[0].says(&with("bob"), "for bob").await?.seq;

    // All that a request can say is where and what; in a conversation of two, neither can answer for the other.
    assert_eq!(people[3].reads(&to, &[seq]).await?, [ReceiptVerdict::Recorded]);
    assert_eq!(people[0].names(&to, seq, ReceiptFilter::Read).await?, ["mallory"]);
    assert_eq!(people[0].reads(&with("bob"), &[direct]).await?, [ReceiptVerdict::OwnMessage]);
    let elsewhere = v1::SendReceipts { conversation: Some(with("alice")), seqs: vec![direct] };
    assert_eq!(people[3].refused(elsewhere).await?, 10007);
    assert_eq!(people[0].counts(&with("bob"), direct).await?, [1, 0, 1, 0]);
    Ok(())
}

#[tokio::test]
async fn an_administrator_may_name_the_reader_and_nobody_else() -> Result<()> {
    let server = TestServer::start().await?;
    let to = server.group(GroupType::Work, &["alice", "bob", "carol"]).await?;
    let mut alice = server.user("alice").await?;
    let seq = alice.says(&to, "read me").await?.seq;
    let service = server.service();

    let session = SessionId(u64::MAX);
    let platform = v1::Platform::Other.into();
    let mallory = service.login(&server.login("carol", "backend")).await?.caller(session, platform);
    let refusal = service.on_behalf_of(&mallory, "bob").await.unwrap_err();
    assert_eq!(refusal.code.number(), 70403);

    let administrator =
        service.login(&server.login("administrator", "backend")).await?.caller(session, platform);
    let bob = service.on_behalf_of(&administrator, "bob").await?;
    let receipts = v1::SendReceipts { conversation: Some(to.clone()), seqs: vec![seq] };
    service.send_receipts(&bob, receipts).await?;
    assert_eq!(alice.names(&to, seq, ReceiptFilter::Read).await?, ["bob"]);
    assert_eq!(alice.hears_read(seq, 1).await?.read_count, 1);
    Ok(())
}
