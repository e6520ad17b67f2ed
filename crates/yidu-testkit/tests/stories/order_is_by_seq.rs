//! Rule 22: "Within a conversation everyone sees messages by seq; nothing goes back." Words: "Its messages carry a seq that
//! starts at 1 and has no gaps."

use anyhow::Result;
use yidu_proto::v1::push::Event;
use yidu_proto::v1::{self, GroupType};
use yidu_testkit::words::{plain, with};
use yidu_testkit::{TestServer, User};

/// The seqs of a conversation as a user hears them, until the last.
async fn heard(user: &mut User, to: &v1::ConversationRef, last: u64) -> Result<Vec<u64>> {
    let mut seqs = Vec::new();
    while seqs.last() != Some(&last) {
        let next = user.wait("a message", |event| match event {
            Event::Message(message) if message.to.as_ref() == Some(to) => Some(message.seq),
            _ => None,
        });
        seqs.push(next.await?);
    }
    Ok(seqs)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everyone_hears_what_everyone_says_in_the_same_order() -> Result<()> {
    const EACH: u64 = 150;
    let server = TestServer::start().await?;
    let names = ["alice", "bob", "carol"];
    let to = server.group(GroupType::Work, &["silent", "alice", "bob", "carol"]).await?;
    let mut silent = server.user("silent").await?;
    let mut speaking = Vec::new();
    for name in names {
        let (mut user, to) = (server.user(name).await?, to.clone());
        speaking.push(tokio::spawn(async move {
            let mut own = Vec::new();
            for n in 0..EACH {
                own.push(user.sends(plain(&to, &format!("{n}"))).await?.seq);
            }
            anyhow::Ok((user, own))
        }));
    }
    let mut people = Vec::new();
    for one in speaking {
        people.push(one.await??);
    }
    let mut all: Vec<u64> = people.iter().flat_map(|(_, own)| own).copied().collect();
    all.sort_unstable();
    let (first, last) = (all[0], all[all.len() - 1]);
    assert_eq!(all, (first..=last).collect::<Vec<_>>(), "gaps or doubles");
    assert_eq!(first, 1);

    assert_eq!(heard(&mut silent, &to, last).await?, all);
    for (user, own) in &mut people {
        assert!(own.is_sorted());
        let others: Vec<_> = all.iter().copied().filter(|seq| !own.contains(seq)).collect();
        if let Some(&last) = others.last() {
            assert_eq!(heard(user, &to, last).await?, others, "{}", user.name);
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_conversation_of_two_has_one_row_of_seqs() -> Result<()> {
    let server = TestServer::start().await?;
    let (mut alice, mut bob) = (server.user("alice").await?, server.user("bob").await?);
    let mut seqs = Vec::new();
    for n in 0..4 {
        seqs.push(alice.says(&with("bob"), &format!("a{n}")).await?.seq);
        seqs.push(bob.says(&with("alice"), &format!("b{n}")).await?.seq);
    }
    assert_eq!(seqs, (1..=8).collect::<Vec<_>>());
    let seen = bob.history(&with("alice")).await?;
    let seen: Vec<_> =
        seen.iter().filter_map(|view| view.message.as_ref()).map(|message| message.seq).collect();
    assert_eq!(seen, seqs);
    Ok(())
}
