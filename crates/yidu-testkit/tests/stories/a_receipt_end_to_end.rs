//! Rule 3: "The answer is sent after the receipts are on disk", rule 7 and rule 8, seen by users of the SDK: a message asks,
//! its readers answer, the sender watches the counts rise and looks at the lists.

use anyhow::Result;
use yidu_client::{Event, HistoryQuery, NewMessage};
use yidu_proto::v1::{GroupType, ReceiptFilter, ReceiptVerdict, ReceiptsSent};
use yidu_testkit::words::{counts, with};
use yidu_testkit::{Listener, TestServer, user::name};

#[tokio::test]
async fn in_c2c() -> Result<()> {
    let server = TestServer::start().await?;
    let (alice, bob) = (server.client("alice").await?, server.client("bob").await?);
    let (mut hears, mut bob_hears) = (Listener::of(&alice), Listener::of(&bob));
    let sent = alice.send(NewMessage::text(with("bob"), "are you there?").need_receipt()).await?;
    assert_eq!(sent.audience_count, 1);
    let heard = bob_hears.hears("are you there?").await?;
    assert_eq!((heard.id.as_str(), heard.seq, heard.need_receipt), (sent.id.as_str(), sent.seq, true));

    let told = bob.send_receipts(&with("alice"), &[heard.seq]).await?;
    assert_eq!(told[0].verdict(), ReceiptVerdict::Recorded);
    let state = hears.hears_read(sent.seq, 1).await?;
    assert_eq!(state.conversation, Some(with("bob")));
    assert_eq!(counts(&state), [1, 1, 0, 0]);
    assert!(state.peer_read_time_ms >= sent.time_ms);
    assert_eq!(alice.receipts(&with("bob"), &[sent.seq]).await?, [state]);
    Ok(())
}

#[tokio::test]
async fn in_a_group() -> Result<()> {
    let server = TestServer::start().await?;
    let to = server.group(GroupType::Work, &["alice", "bob", "carol", "dave"]).await?;
    let alice = server.client("alice").await?;
    let (phone, desk) =
        (server.client_device("bob", "phone").await?, server.client_device("bob", "desk").await?);
    let carol = server.client("carol").await?;
    let (mut hears, mut desk_hears) = (Listener::of(&alice), Listener::of(&desk));
    let sent = alice.send(NewMessage::text(to.clone(), "lunch at noon?").need_receipt()).await?;
    assert_eq!(sent.audience_count, 3);
    assert_eq!(counts(&alice.receipts(&to, &[sent.seq]).await?[0]), [3, 0, 3, 0]);

    // The phone marks it as read; alice sees the count, the desk sees that the phone has done it.
    phone.queue_receipts(&to, &[sent.seq])?;
    assert_eq!(counts(&hears.hears_read(sent.seq, 1).await?), [3, 1, 2, 0]);
    let told = desk_hears.wait("what the phone has sent", |event| match event {
        Event::ReceiptsSent(sent) => Some(sent.clone()),
        _ => None,
    });
    assert_eq!(told.await?, ReceiptsSent { conversation: Some(to.clone()), seqs: vec![sent.seq] });
    let seen = desk.history(&to, HistoryQuery::newest()).await?.messages;
    assert!(seen[0].receipt_sent);
    assert!(!carol.history(&to, HistoryQuery::newest()).await?.messages[0].receipt_sent);

    assert_eq!(carol.send_receipts(&to, &[sent.seq]).await?[0].verdict(), ReceiptVerdict::Recorded);
    assert_eq!(counts(&hears.hears_read(sent.seq, 2).await?), [3, 2, 1, 0]);
    for (filter, expected) in
        [(ReceiptFilter::Read, vec!["bob", "carol"]), (ReceiptFilter::Unread, vec!["dave"])]
    {
        let pages = alice.receipt_member_pages(&to, sent.seq, filter).page_size(1);
        let members = pages.collect().await?;
        assert_eq!(members.iter().map(name).collect::<Vec<_>>(), expected);
        assert!(
            members
                .iter()
                .all(|member| (member.read_time_ms >= sent.time_ms) == (filter == ReceiptFilter::Read))
        );
    }
    Ok(())
}
