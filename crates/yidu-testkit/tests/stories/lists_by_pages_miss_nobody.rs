//! Rule 5: "The cursor is a position in the audience, not an offset: while receipts keep landing, no member is returned
//! twice, and whoever belongs to the list from the first page to the last is returned exactly once. On the last page
//! `is_finished` is true and the cursor is 0." Yidu's own API: at most 1,000 a page.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use yidu_proto::v1::{self, GroupType, ReceiptFilter};
use yidu_testkit::{TestServer, members, user::name};

const READERS: usize = 300;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_receipts_land() -> Result<()> {
    let server = TestServer::start().await?;
    let names = members("m", READERS + 1);
    let to = server.group(GroupType::Public, &names).await?;
    let mut sender = server.user(&names[0]).await?;
    let seq = sender.says(&to, "who reads?").await?.seq;
    let mut readers = server.users(&names[1..]).await?;

    // A third has read before the first page, a third never reads, a third reads while the pages are turned.
    for reader in readers.iter_mut().step_by(3) {
        reader.reads(&to, &[seq]).await?;
    }
    let landing = {
        let to = to.clone();
        tokio::spawn(async move {
            for reader in readers.iter_mut().skip(1).step_by(3) {
                reader.reads(&to, &[seq]).await?;
            }
            anyhow::Ok(())
        })
    };
    let (mut before, mut never) = (BTreeSet::new(), BTreeSet::new());
    for (at, reader) in names[1..].iter().enumerate() {
        match at % 3 {
            0 => drop(before.insert(reader.clone())),
            1 => {}
            _ => drop(never.insert(reader.clone())),
        }
    }
    let mut rounds = 0;
    while !landing.is_finished() || rounds == 0 {
        rounds += 1;
        for (filter, must, must_not) in
            [(ReceiptFilter::Read, &before, &never), (ReceiptFilter::Unread, &never, &before)]
        {
            let listed: Vec<_> = sender.list(&to, seq, filter, 7).await?.iter().map(name).collect();
            let distinct: BTreeSet<_> = listed.iter().cloned().collect();
            assert_eq!(distinct.len(), listed.len(), "{filter:?}: somebody came twice");
            assert!(distinct.is_superset(must), "{filter:?} misses {:?}", must - &distinct);
            assert!(distinct.is_disjoint(must_not), "{filter:?} holds who never belonged to it");
        }
    }
    landing.await??;
    let third = READERS / 3;
    let all = [READERS, 2 * third, third, 0].map(|count| u32::try_from(count).unwrap());
    assert_eq!(sender.counts(&to, seq).await?, all);
    assert_eq!(sender.list(&to, seq, ReceiptFilter::Read, 7).await?.len(), 2 * third);
    Ok(())
}

#[tokio::test]
async fn a_thousand_a_page_with_times_and_no_more() -> Result<()> {
    let server = TestServer::start().await?;
    let names = members("m", 1_502);
    let to = server.group(GroupType::Public, &names).await?;
    let mut sender = server.user(&names[0]).await?;
    let message = sender.says(&to, "who reads?").await?;
    let mut reader = server.user(&names[1_501]).await?;
    reader.reads(&to, &[message.seq]).await?;

    let page = v1::ListReceiptMembers {
        conversation: Some(to.clone()),
        seq: message.seq,
        filter: ReceiptFilter::Unread.into(),
        cursor: 0,
        limit: 1_000,
    };
    let first = sender.ask(page.clone()).await?;
    assert_eq!((first.members.len(), first.finished), (1_000, false));
    let last = sender.ask(v1::ListReceiptMembers { cursor: first.next_cursor, ..page.clone() }).await?;
    assert_eq!((last.members.len(), last.finished, last.next_cursor), (500, true, 0));
    let listed: BTreeSet<_> = first.members.iter().chain(&last.members).map(name).collect();
    assert_eq!(listed, names[1..1_501].iter().cloned().collect());
    assert!(first.members.iter().all(|member| member.read_time_ms == 0));

    let read = v1::ListReceiptMembers { filter: ReceiptFilter::Read.into(), ..page.clone() };
    let read = sender.ask(read).await?;
    assert_eq!(read.members.iter().map(name).collect::<Vec<_>>(), [names[1_501].clone()]);
    assert!(read.members[0].read_time_ms >= message.time_ms);
    assert!(read.finished);

    assert_eq!(sender.refused(v1::ListReceiptMembers { limit: 1_001, ..page.clone() }).await?, 6017);
    assert_eq!(sender.refused(v1::ListReceiptMembers { filter: 9, ..page.clone() }).await?, 6017);
    let default = sender.ask(v1::ListReceiptMembers { limit: 0, ..page }).await?;
    assert_eq!(default.members.len(), 100);
    Ok(())
}

#[tokio::test]
async fn the_counts_of_a_page_are_of_the_same_instant() -> Result<()> {
    let server = TestServer::start().await?;
    let names = members("m", 31);
    let to = server.group(GroupType::Work, &names).await?;
    let mut sender = server.user(&names[0]).await?;
    let seq = sender.says(&to, "who reads?").await?.seq;
    let mut readers = server.users(&names[1..]).await?;
    let all = async {
        for reader in &mut readers {
            reader.reads(&to, &[seq]).await?;
        }
        anyhow::Ok(())
    };
    let looking = async {
        let mut seen = BTreeMap::new();
        for _ in 0..50 {
            let page = v1::ListReceiptMembers {
                conversation: Some(to.clone()),
                seq,
                filter: ReceiptFilter::Read.into(),
                cursor: 0,
                limit: 1_000,
            };
            let page = sender.ask(page).await?;
            let state = page.state.unwrap();
            assert_eq!(page.members.len(), state.read_count as usize);
            assert_eq!(state.read_count + state.unread_count, 30);
            for member in &page.members {
                let first = *seen.entry(name(member)).or_insert(member.read_time_ms);
                assert_eq!(first, member.read_time_ms, "the first time stands");
            }
        }
        anyhow::Ok(())
    };
    let (read, looked) = tokio::join!(all, looking);
    read?;
    looked
}
