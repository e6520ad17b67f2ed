//! Rule 18: "History and its receipts are kept for the app's `history_days`. After that the message is gone from roaming
//! history and its member lists answer 10062; the final counts stay." Rule 21: "Members of Meeting groups see messages from
//! before they joined; members of other groups don't. Either way they are in no older audience."

use anyhow::Result;
use yidu_proto::v1::{self, GroupType, ReceiptVerdict, get_history::Direction};
use yidu_testkit::words::{group_id, plain, text, text_of, with};
use yidu_testkit::{Clock, TestServer, User};

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

async fn sees(user: &mut User, to: &v1::ConversationRef) -> Result<Vec<String>> {
    let views = user.history(to).await?;
    Ok(views
        .iter()
        .filter_map(|view| view.message.as_ref())
        .map(text_of)
        .filter(|text| !text.is_empty())
        .collect())
}

#[tokio::test]
async fn after_its_days_a_message_is_gone_and_its_counts_stay() -> Result<()> {
    let clock = Clock::new();
    let server = TestServer::with_clock(&clock).await?;
    let to = server.group(GroupType::Work, &["alice", "bob", "carol"]).await?;
    server.settings(|settings| settings.history_days = 7).await?;
    let (mut alice, mut bob) = (server.user("alice").await?, server.user("bob").await?);
    let old = alice.says(&to, "old").await?.seq;
    bob.reads(&to, &[old]).await?;
    clock.advance(6 * DAY_MS);
    let young = alice.says(&to, "young").await?.seq;
    while server.service().run_retention().await? > 0 {}
    assert_eq!(sees(&mut bob, &to).await?, ["old", "young"], "not before its time");

    clock.advance(2 * DAY_MS);
    while server.service().run_retention().await? > 0 {}
    assert_eq!(sees(&mut bob, &to).await?, ["young"]);
    assert_eq!(sees(&mut alice, &to).await?, ["young"]);
    let page = v1::ListReceiptMembers { conversation: Some(to.clone()), seq: old, ..Default::default() };
    assert_eq!(alice.refused(page.clone()).await?, 10062);
    assert_eq!(alice.counts(&to, old).await?, [2, 1, 1, 0]);
    alice.ask(v1::ListReceiptMembers { seq: young, ..page }).await?;
    Ok(())
}

#[tokio::test]
async fn without_a_limit_history_is_for_ever() -> Result<()> {
    let clock = Clock::new();
    let server = TestServer::with_clock(&clock).await?;
    let (mut alice, _bob) = (server.user("alice").await?, server.user("bob").await?);
    alice.says(&with("bob"), "kept").await?;
    clock.advance(3_650 * DAY_MS);
    assert_eq!(server.service().run_retention().await?, 0);
    let mut bob = server.user("bob").await?;
    assert_eq!(sees(&mut bob, &with("alice")).await?, ["kept"]);
    Ok(())
}

#[tokio::test]
async fn who_joins_later_sees_the_past_in_meetings_only() -> Result<()> {
    let server = TestServer::start().await?;
    for (kind, expected) in
        [(GroupType::Meeting, vec!["before", "after"]), (GroupType::Public, vec!["after"])]
    {
        let to = server.group(kind, &["alice", "bob"]).await?;
        let mut alice = server.user("alice").await?;
        let before = alice.says(&to, "before").await?.seq;
        server.user("late").await?;
        let add = v1::AddMembers { group_id: group_id(&to), users: vec!["late".into()], silent: false };
        alice.ask(add).await?;
        alice.says(&to, "after").await?;
        let mut late = server.user("late").await?;
        assert_eq!(sees(&mut late, &to).await?, expected, "{kind:?}");
        assert_eq!(late.reads(&to, &[before]).await?, [ReceiptVerdict::NotInAudience]);
        assert_eq!(
            late.conversation(&to).await?.unread_count,
            1,
            "{kind:?}: what came before counts as read"
        );
        let got = v1::GetMessages { conversation: Some(to.clone()), seqs: vec![before] };
        assert_eq!(late.ask(got).await?.messages.len(), expected.len() - 1, "{kind:?}: by seq");
    }
    Ok(())
}

#[tokio::test]
async fn who_left_sees_nothing_and_who_returns_not_what_was_said_meanwhile() -> Result<()> {
    let server = TestServer::start().await?;
    let to = server.group(GroupType::Work, &["alice", "bob"]).await?;
    let (mut alice, mut bob) = (server.user("alice").await?, server.user("bob").await?);
    alice.says(&to, "one").await?;
    bob.ask(v1::QuitGroup { group_id: group_id(&to) }).await?;
    alice.says(&to, "two").await?;
    let history = v1::GetHistory { conversation: Some(to.clone()), limit: 100, ..Default::default() };
    assert_eq!(bob.refused(history).await?, 10007);
    let add = v1::AddMembers { group_id: group_id(&to), users: vec!["bob".into()], silent: true };
    server.administrator().await?.ask(add).await?;
    alice.says(&to, "three").await?;
    assert_eq!(sees(&mut bob, &to).await?, ["one", "three"]);
    Ok(())
}

#[tokio::test]
async fn pages_of_history_go_both_ways_and_targeted_or_deleted_messages_are_left_out() -> Result<()> {
    let server = TestServer::start().await?;
    let to = server.group(GroupType::Work, &["alice", "bob", "carol"]).await?;
    let mut people = server.users(&["alice", "bob", "carol"]).await?;
    let mut seqs = Vec::new();
    for n in 0..25 {
        seqs.push(people[0].sends(plain(&to, &format!("m{n}"))).await?.seq);
    }
    let secret = v1::SendMessage { targets: vec!["carol".into()], ..text(&to, "secret") };
    people[0].sends(secret).await?;
    let delete = v1::DeleteMessages { conversation: Some(to.clone()), seqs: vec![seqs[3], 9_999] };
    people[1].ask(delete).await?;

    let all: Vec<String> = (0..25).map(|n| format!("m{n}")).collect();
    for (direction, user) in [(Direction::Older, 1), (Direction::Newer, 1), (Direction::Older, 2)] {
        let mut expected: Vec<_> = all.clone();
        if user == 1 {
            expected.remove(3);
        } else {
            expected.push("secret".into());
        }
        let mut told = Vec::new();
        let mut request = v1::GetHistory {
            conversation: Some(to.clone()),
            direction: direction.into(),
            limit: 4,
            ..Default::default()
        };
        loop {
            let page = people[user].ask(request.clone()).await?;
            told.extend(page.messages.iter().filter_map(|view| view.message.as_ref()).map(text_of));
            if page.next_seq == 0 {
                break;
            }
            request.from_seq = page.next_seq;
        }
        if direction == Direction::Older {
            told.reverse();
        }
        told.retain(|text| !text.is_empty());
        assert_eq!(told, expected, "{direction:?}");
    }
    Ok(())
}
