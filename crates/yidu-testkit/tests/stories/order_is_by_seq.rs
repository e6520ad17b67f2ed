//! Rule 22: "Within a conversation everyone sees messages by seq; nothing goes back." Words: "Its messages carry a seq that
//! starts at 1 and has no gaps."

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Result;
use yidu_proto::v1::push::Event;
use yidu_proto::v1::{self, GroupType};
use yidu_testkit::words::{group_id, is_tip, plain, with};
use yidu_testkit::{TestServer, User, members};

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
    let to = server.group(GroupType::Work, &["silent", "alice", "bob", "carol"]).await?;
    let mut silent = server.user("silent").await?;
    let mut speaking = Vec::new();
    for mut user in server.users(&["alice", "bob", "carol"]).await? {
        let to = to.clone();
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
    assert!(all.iter().copied().eq(1..=3 * EACH), "gaps or doubles");

    assert_eq!(heard(&mut silent, &to, 3 * EACH).await?, all);
    for (user, own) in &mut people {
        assert!(own.is_sorted());
        let others: Vec<_> = all.iter().copied().filter(|seq| !own.contains(seq)).collect();
        if let Some(&last) = others.last() {
            assert_eq!(heard(user, &to, last).await?, others, "{}", user.name);
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_server_tells_of_a_group_has_its_place_between_the_messages() -> Result<()> {
    const TIMES: u64 = 60;
    let server = TestServer::start().await?;
    let to = server.group(GroupType::Meeting, &["silent", "alice", "bob"]).await?;
    let mut people = server.users(&["silent", "alice", "bob", "guest"]).await?;
    let (mut guest, mut bob, mut alice) = (people.remove(3), people.remove(2), people.remove(1));
    let (talking, answering, moving) = (to.clone(), to.clone(), group_id(&to));
    let talks = tokio::spawn(async move {
        for n in 0..2 * TIMES {
            alice.sends(plain(&talking, &format!("{n}"))).await?;
        }
        anyhow::Ok(())
    });
    let answers = tokio::spawn(async move {
        for n in 0..2 * TIMES {
            bob.sends(plain(&answering, &format!("{n}"))).await?;
        }
        anyhow::Ok(())
    });
    let comes_and_goes = tokio::spawn(async move {
        for _ in 0..TIMES {
            guest.ask(v1::JoinGroup { group_id: moving.clone(), ..Default::default() }).await?;
            guest.ask(v1::QuitGroup { group_id: moving.clone() }).await?;
        }
        anyhow::Ok(())
    });
    for one in [talks, answers, comes_and_goes] {
        one.await??;
    }
    let last = 6 * TIMES;
    assert_eq!(heard(&mut people[0], &to, last).await?, (1..=last).collect::<Vec<_>>());
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_and_goes_amid_talk_hears_exactly_what_there_is_to_see() -> Result<()> {
    const GUESTS: usize = 40;
    let server = TestServer::start().await?;
    let guests = members("guest", GUESTS);
    let to = server.group(GroupType::Community, &["silent", "alice", "bob"]).await?;
    let mut silent = server.user("silent").await?;
    let talking = Arc::new(AtomicBool::new(true));
    let mut talks = Vec::new();
    for mut user in server.users(&["alice", "bob"]).await? {
        let (to, talking) = (to.clone(), Arc::clone(&talking));
        talks.push(tokio::spawn(async move {
            while talking.load(Ordering::Relaxed) {
                user.sends(plain(&to, "talk")).await?;
            }
            anyhow::Ok(())
        }));
    }
    for mut guest in server.users(&guests).await? {
        guest.ask(v1::JoinGroup { group_id: group_id(&to), ..Default::default() }).await?;
        let marker = silent.sends(plain(&to, &guest.name)).await?.seq;
        let told = heard(&mut guest, &to, marker).await?;
        let history = v1::GetHistory {
            conversation: Some(to.clone()),
            direction: v1::get_history::Direction::Newer.into(),
            limit: 100,
            ..Default::default()
        };
        let seen = guest.ask(history).await?.messages;
        let seen = seen.iter().filter_map(|view| view.message.as_ref()).map(|message| message.seq);
        let seen: Vec<_> = seen.filter(|&seq| seq <= marker).collect();
        assert_eq!(told, seen, "{} heard, and what there is to see", guest.name);

        guest.ask(v1::QuitGroup { group_id: group_id(&to) }).await?;
        let tip = silent.history(&to).await?;
        let tip = tip.iter().rev().filter_map(|view| view.message.as_ref()).find(|message| is_tip(message));
        let (tip, from) = tip.map(|tip| (tip.seq, tip.from.clone())).unwrap_or_default();
        assert_eq!(from, guest.name);
        silent.says(&with(&guest.name), "goodbye").await?;
        guest.hears("goodbye").await?;
        let later = guest.pushes().into_iter().find(|event| match event {
            Event::Message(message) => message.to.as_ref() == Some(&to) && message.seq >= tip,
            _ => false,
        });
        assert_eq!(later, None, "{} left with {tip}", guest.name);
    }
    talking.store(false, Ordering::Relaxed);
    for one in talks {
        one.await??;
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
