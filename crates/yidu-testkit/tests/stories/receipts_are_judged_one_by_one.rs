//! Rule 3: "One call, one conversation, at most 50 messages. Each item gets a result of its own. The call as a whole fails
//! only when it is malformed, mixes conversations, holds too many items, or comes from someone who is not in the
//! conversation. The unread count of the conversation does not change."

use anyhow::Result;
use yidu_proto::v1::{self, GroupType, ReceiptVerdict as Verdict};
use yidu_testkit::TestServer;
use yidu_testkit::words::{group, group_id, plain, text, with};

#[tokio::test]
async fn every_item_has_a_verdict_and_a_number_of_its_own() -> Result<()> {
    let server = TestServer::start().await?;
    let to = server.group(GroupType::Work, &["alice", "bob", "carol"]).await?;
    let (mut alice, mut bob) = (server.user("alice").await?, server.user("bob").await?);
    let asked = alice.says(&to, "read me").await?;
    let again = alice.says(&to, "read me again").await?;
    let plain_one = alice.sends(plain(&to, "no receipts")).await?;
    let targeted = v1::SendMessage { targets: vec!["carol".into()], ..text(&to, "for carol") };
    let targeted = alice.sends(targeted).await?;
    let recalled = alice.says(&to, "recalled").await?;
    alice
        .ask(v1::RecallMessage { conversation: Some(to.clone()), seq: recalled.seq, ..Default::default() })
        .await?;
    let own = bob.says(&to, "mine").await?;
    bob.reads(&to, &[again.seq]).await?;

    let seqs = [asked.seq, again.seq, plain_one.seq, targeted.seq, recalled.seq, own.seq, 9_999, asked.seq];
    let request = v1::SendReceipts { conversation: Some(to.clone()), seqs: seqs.to_vec() };
    let results = bob.ask(request).await?.results;
    let told: Vec<_> = results.iter().map(|result| (result.seq, result.verdict(), result.code)).collect();
    assert_eq!(
        told,
        [
            (asked.seq, Verdict::Recorded, 0),
            (again.seq, Verdict::Already, 0),
            (plain_one.seq, Verdict::NotRequested, 10062),
            (targeted.seq, Verdict::NotInAudience, 10007),
            (recalled.seq, Verdict::Recalled, 10032),
            (own.seq, Verdict::OwnMessage, 0),
            (9_999, Verdict::UnknownMessage, 10062),
            (asked.seq, Verdict::Already, 0),
        ]
    );
    assert_eq!(alice.counts(&to, asked.seq).await?, [2, 1, 1, 0]);
    Ok(())
}

#[tokio::test]
async fn a_member_who_joined_later_is_not_in_the_audience() -> Result<()> {
    let server = TestServer::start().await?;
    let to = server.group(GroupType::Meeting, &["alice", "bob"]).await?;
    let (mut alice, mut late) = (server.user("alice").await?, server.user("late").await?);
    let message = alice.says(&to, "before late came").await?;
    late.ask(v1::JoinGroup { group_id: group_id(&to), ..Default::default() }).await?;
    assert_eq!(late.reads(&to, &[message.seq]).await?, [Verdict::NotInAudience]);
    assert_eq!(alice.counts(&to, message.seq).await?, [1, 0, 1, 0]);
    Ok(())
}

#[tokio::test]
async fn fifty_are_a_call_and_fifty_one_are_none() -> Result<()> {
    let server = TestServer::start().await?;
    let (mut alice, mut bob) = (server.user("alice").await?, server.user("bob").await?);
    let mut seqs = Vec::new();
    for n in 0..51 {
        seqs.push(alice.says(&with("bob"), &n.to_string()).await?.seq);
    }
    let receipts = |seqs: &[u64]| v1::SendReceipts { conversation: Some(with("alice")), seqs: seqs.to_vec() };
    assert_eq!(bob.refused(receipts(&seqs)).await?, 6017);
    assert_eq!(bob.refused(receipts(&[])).await?, 6017);
    assert_eq!(alice.counts(&with("bob"), seqs[0]).await?, [1, 0, 1, 0], "a refused call records nothing");
    assert_eq!(bob.reads(&with("alice"), &seqs[..50]).await?, vec![Verdict::Recorded; 50]);
    assert_eq!(alice.counts(&with("bob"), seqs[50]).await?, [1, 0, 1, 0]);
    Ok(())
}

#[tokio::test]
async fn who_is_not_in_the_conversation_is_refused_as_a_whole() -> Result<()> {
    let server = TestServer::start().await?;
    let to = server.group(GroupType::Work, &["alice", "bob"]).await?;
    let (mut alice, mut mallory) = (server.user("alice").await?, server.user("mallory").await?);
    let message = alice.says(&to, "not for mallory").await?;
    let receipts = |to: &v1::ConversationRef| v1::SendReceipts {
        conversation: Some(to.clone()),
        seqs: vec![message.seq],
    };
    assert_eq!(mallory.refused(receipts(&to)).await?, 10007);
    assert_eq!(mallory.refused(receipts(&group("nothing"))).await?, 10010);
    assert_eq!(mallory.refused(v1::SendReceipts { conversation: None, seqs: vec![1] }).await?, 6017);
    assert_eq!(alice.counts(&to, message.seq).await?, [1, 0, 1, 0]);

    // Whoever has left is out, although still in the audience.
    let mut bob = server.user("bob").await?;
    bob.ask(v1::QuitGroup { group_id: group_id(&to) }).await?;
    assert_eq!(bob.refused(receipts(&to)).await?, 10007);
    assert_eq!(alice.counts(&to, message.seq).await?, [1, 0, 0, 1]);
    Ok(())
}

#[tokio::test]
async fn the_unread_count_does_not_change() -> Result<()> {
    let server = TestServer::start().await?;
    let to = server.group(GroupType::Work, &["alice", "bob"]).await?;
    let (mut alice, mut bob) = (server.user("alice").await?, server.user("bob").await?);
    let one = alice.says(&to, "one").await?;
    alice.says(&to, "two").await?;
    bob.reads(&to, &[one.seq]).await?;
    assert_eq!(bob.conversation(&to).await?.unread_count, 2);
    Ok(())
}
