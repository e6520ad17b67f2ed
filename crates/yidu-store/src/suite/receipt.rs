//! Receipts: judging, counting, listing.

use tokio::task::JoinSet;
use yidu_proto::v1;

use super::Harness;
use super::scene::{Scene, distinct, targeting};
use crate::feed::Thing;
use crate::receipt::{Advance, AudienceAt, AudienceMember, Filter, Start, Verdict};
use crate::{ConversationId, StoreError, Tinyid};

pub(super) async fn a_first_receipt_is_recorded_and_tells_the_sender(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben, cleo] = scene.users(["anna", "ben", "cleo"]).await;
    let group = scene.group("g", &[anna, ben, cleo]).await;
    let seq = scene.ask(group, anna).await;
    let position = scene.position(anna).await.unwrap();

    let outcome = scene.read(group, ben, &[seq]).await.remove(0);
    let state = scene.state(group, seq).await;
    assert_eq!(outcome.verdict, Verdict::Recorded);
    assert_eq!(outcome.advance, Some(Advance { sender: anna, change: position + 1, state: state.clone() }));
    assert_eq!(scene.counts(group, seq).await, (1, 1, 0));
    assert_eq!((state.sender, state.closed, state.peer_read), (anna, false, None));
    assert_eq!(scene.things(anna, position).await, [Thing::Receipt(state)]);
}

pub(super) async fn a_repeated_receipt_writes_nothing_and_takes_no_change_number(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    let seqs = [scene.ask(group, anna).await, scene.ask(group, anna).await];
    scene.read(group, ben, &seqs).await;
    let (position, commits) = (scene.position(anna).await.unwrap(), 0);
    let before = scene.state(group, seqs[0]).await;

    let again = scene.commits(commits, scene.read(group, ben, &seqs)).await;
    assert!(again.iter().all(|o| o.verdict == Verdict::Already && o.advance.is_none()), "{again:?}");
    assert_eq!(scene.position(anna).await.unwrap(), position);
    scene.reopen().await;
    assert_eq!(scene.verdict(group, ben, seqs[0]).await, Verdict::Already);
    assert_eq!(scene.state(group, seqs[0]).await, before);
    assert_eq!(scene.position(anna).await.unwrap(), position);
}

pub(super) async fn each_seq_is_judged_by_itself_in_the_order_given(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let group = scene.group("g", &[anna]).await;
    let before = scene.ask(group, anna).await;
    scene.join(group, &[ben]).await;
    let own = scene.ask(group, ben).await;
    let unasked = scene.say(group, anna).await;
    let recalled = scene.ask(group, anna).await;
    scene.recall_message(group, recalled, v1::Recall::default(), 0).await.unwrap();
    let [first, second] = [scene.ask(group, anna).await, scene.ask(group, anna).await];
    scene.read(group, ben, &[first]).await;

    let seqs = [999, second, own, first, before, unasked, recalled, 0];
    let outcomes = scene.read(group, ben, &seqs).await;
    assert_eq!(outcomes.iter().map(|o| o.seq).collect::<Vec<_>>(), seqs);
    let verdicts: Vec<_> = outcomes.iter().map(|o| o.verdict).collect();
    let expected = [
        Verdict::UnknownMessage,
        Verdict::Recorded,
        Verdict::OwnMessage,
        Verdict::Already,
        Verdict::NotInAudience,
        Verdict::NotRequested,
        Verdict::Recalled,
        Verdict::UnknownMessage,
    ];
    assert_eq!(verdicts, expected);
    let advanced: Vec<_> = outcomes.iter().filter(|o| o.advance.is_some()).map(|o| o.seq).collect();
    assert_eq!(advanced, [second]);
}

pub(super) async fn a_seq_named_twice_is_recorded_once(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    let seq = scene.ask(group, anna).await;
    let position = scene.position(anna).await.unwrap();

    let outcomes = scene.read(group, ben, &[seq, seq, seq]).await;
    let verdicts: Vec<_> = outcomes.iter().map(|o| o.verdict).collect();
    assert_eq!(verdicts, [Verdict::Recorded, Verdict::Already, Verdict::Already]);
    assert_eq!(scene.position(anna).await.unwrap(), position + 1);
    assert_eq!(scene.counts(group, seq).await, (1, 0, 0));
}

pub(super) async fn senders_get_their_next_numbers_in_the_order_of_the_batch(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben, cleo] = scene.users(["anna", "ben", "cleo"]).await;
    let group = scene.group("g", &[anna, ben, cleo]).await;
    let (a1, b1, a2) =
        (scene.ask(group, anna).await, scene.ask(group, ben).await, scene.ask(group, anna).await);
    let (anna_at, ben_at) = (scene.position(anna).await.unwrap(), scene.position(ben).await.unwrap());

    let outcomes = scene.read(group, cleo, &[a2, b1, a1]).await;
    let told: Vec<_> = outcomes.into_iter().filter_map(|o| o.advance).map(|a| (a.sender, a.change)).collect();
    assert_eq!(told, [(anna, anna_at + 1), (ben, ben_at + 1), (anna, anna_at + 2)]);
}

pub(super) async fn the_first_time_stands(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    let seq = scene.ask(group, anna).await;
    scene.wait(5_000);
    let batch = scene.batch(group, ben, &[seq]);
    let first = batch.at;
    scene.record_receipts(batch).await.unwrap();
    scene.wait(5_000);
    scene.read(group, ben, &[seq]).await;

    for _ in 0..2 {
        let page = scene.audience_page(group, seq, Filter::Read, 0, 10).await.unwrap();
        assert_eq!(
            page.members.iter().map(|m| (m.user, m.read_at)).collect::<Vec<_>>(),
            [(ben, Some(first))]
        );
        scene.reopen().await;
    }
}

pub(super) async fn a_list_at_an_instant_stands_still(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let crowd = scene.crowd(40).await;
    let group = scene.group("g", &crowd).await;
    let seq = scene.ask(group, crowd[0]).await;
    let read = async |scene: &Scene, who: &[Tinyid]| {
        for &user in who {
            scene.read(group, user, &[seq]).await;
        }
        scene.batch(group, crowd[0], &[seq]).at
    };
    let at = read(&scene, &crowd[10..20]).await;
    scene.wait(1);
    read(&scene, &crowd[1..5]).await;
    scene.leave(group, &crowd[20..22]).await;
    let query = |filter, start| AudienceAt { conversation: group, seq, filter, at, start, limit: 7 };
    let not_read = [&crowd[1..10], &crowd[20..]].concat();
    let unread = [&crowd[1..10], &crowd[22..]].concat();
    for _ in 0..2 {
        for (filter, list) in [
            (Filter::Read, &crowd[10..20]),
            (Filter::NotRead, &not_read[..]),
            (Filter::Unread, &unread[..]),
            (Filter::Left, &crowd[20..22]),
        ] {
            let (mut cursor, mut listed) = (0, Vec::new());
            for offset in (0..list.len()).step_by(7) {
                let offset = u32::try_from(offset).unwrap();
                let page = scene.audience_at(query(filter, Start::Offset(offset))).await.unwrap();
                assert_eq!(scene.audience_at(query(filter, Start::Cursor(cursor))).await.unwrap(), page);
                assert_eq!((page.offset, page.total as usize), (offset, list.len()), "{filter:?}");
                let told = |m: &AudienceMember| m.read_at.is_some() == (filter == Filter::Read);
                assert!(page.members.iter().all(told), "{page:?}");
                listed.extend(page.members.iter().map(|member| member.user));
                cursor = page.next;
                assert_eq!(page.finished, cursor == 0);
            }
            assert_eq!((&listed[..], cursor), (list, 0), "{filter:?}");
        }
        let nobody = scene.audience_at(query(Filter::Read, Start::Offset(10))).await.unwrap();
        assert!(nobody.members.is_empty() && nobody.finished && nobody.total == 10);
        scene.reopen().await;
    }
    // A recall leaves the lists as they were.
    scene.recall_message(group, seq, v1::Recall::default(), 0).await.unwrap();
    scene.join(group, &crowd[20..22]).await;
    let left = scene.audience_at(query(Filter::Left, Start::Cursor(0))).await.unwrap();
    assert_eq!(
        left.members.iter().map(|m| (m.user, m.left)).collect::<Vec<_>>(),
        [(crowd[20], true), (crowd[21], true)]
    );
}

pub(super) async fn a_batch_is_one_commit_and_a_bounded_number_of_reads(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let crowd = scene.crowd(200).await;
    for (id, members) in [("small", &crowd[..3]), ("large", &crowd[..])] {
        let group = scene.group(id, members).await;
        let mut seqs = Vec::new();
        for _ in 0..50 {
            seqs.push(scene.ask(group, members[0]).await);
        }
        let before = scene.operations();
        let outcomes = scene.commits(1, scene.read(group, members[1], &seqs)).await;
        assert!(outcomes.iter().all(|o| o.verdict == Verdict::Recorded));
        if let Some(done) = scene.operations_since(before) {
            assert!(done.reads <= 20 + 4 * 50, "{} reads for 50 receipts in the {id} group", done.reads);
        }
    }
}

pub(super) async fn a_batch_in_which_nothing_advances_writes_nothing(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    let (own, unasked) = (scene.ask(group, ben).await, scene.say(group, anna).await);
    let outcomes = scene.commits(0, scene.read(group, ben, &[own, unasked, 77])).await;
    assert!(outcomes.iter().all(|o| o.advance.is_none()));
}

pub(super) async fn who_is_not_in_the_conversation_cannot_read(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben, cleo] = scene.users(["anna", "ben", "cleo"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    let c2c = scene.c2c(anna, ben).await;
    let (asked, private) = (scene.ask(group, anna).await, scene.ask(c2c, anna).await);
    scene.leave(group, &[ben]).await;

    for (conversation, reader, seq) in [(group, ben, asked), (group, cleo, asked), (c2c, cleo, private)] {
        let refused = scene.record_receipts(scene.batch(conversation, reader, &[seq])).await;
        assert_eq!(refused, Err(StoreError::NotMember));
    }
    let nowhere = scene.batch(ConversationId(4_000_000), anna, &[1]);
    assert_eq!(scene.record_receipts(nowhere).await, Err(StoreError::NoSuchConversation));
    assert_eq!(scene.counts(group, asked).await, (0, 0, 1));
}

pub(super) async fn a_receipt_leaves_the_unread_count_alone(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let c2c = scene.c2c(anna, ben).await;
    let seq = scene.ask(c2c, anna).await;
    let before = scene.view(ben, c2c).await;
    scene.read(c2c, ben, &[seq]).await;
    let after = scene.view(ben, c2c).await;
    assert_eq!((before.unread, before.read_seq), (1, 0));
    assert_eq!((after.unread, after.read_seq), (1, 0));
    assert_eq!(scene.view(anna, c2c).await.peer_read, 0);
}

pub(super) async fn who_leaves_moves_from_unread_to_left(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben, cleo] = scene.users(["anna", "ben", "cleo"]).await;
    let group = scene.group("g", &[anna, ben, cleo]).await;
    let seq = scene.ask(group, anna).await;
    scene.leave(group, &[cleo]).await;
    assert_eq!(scene.counts(group, seq).await, (0, 1, 1));
    assert_eq!(scene.listed(group, seq, Filter::Unread).await, [ben]);
    assert_eq!(scene.listed(group, seq, Filter::Left).await, [cleo]);
}

pub(super) async fn who_comes_back_moves_from_left_to_unread(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    let seq = scene.ask(group, anna).await;
    scene.leave(group, &[ben]).await;
    let missed = scene.ask(group, anna).await;
    scene.join(group, &[ben]).await;
    for _ in 0..2 {
        assert_eq!(scene.counts(group, seq).await, (0, 1, 0));
        assert_eq!(scene.counts(group, missed).await, (0, 0, 0), "it was sent while ben was away");
        scene.reopen().await;
    }
    assert_eq!(scene.verdict(group, ben, seq).await, Verdict::Recorded);
    assert_eq!(scene.verdict(group, ben, missed).await, Verdict::NotInAudience);
}

pub(super) async fn who_has_read_stays_read_after_leaving(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben, cleo] = scene.users(["anna", "ben", "cleo"]).await;
    let group = scene.group("g", &[anna, ben, cleo]).await;
    let seq = scene.ask(group, anna).await;
    scene.read(group, ben, &[seq]).await;
    scene.leave(group, &[ben, cleo]).await;
    assert_eq!(scene.counts(group, seq).await, (1, 0, 1));
    assert_eq!(scene.listed(group, seq, Filter::Read).await, [ben]);
}

pub(super) async fn a_joiner_is_in_no_older_audience(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben, cleo] = scene.users(["anna", "ben", "cleo"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    let older = scene.ask(group, anna).await;
    scene.join(group, &[cleo]).await;
    let newer = scene.ask(group, anna).await;
    assert_eq!(scene.counts(group, older).await, (0, 1, 0));
    assert_eq!(scene.listed(group, older, Filter::Unread).await, [ben]);
    assert_eq!(scene.verdict(group, cleo, older).await, Verdict::NotInAudience);
    assert_eq!(scene.counts(group, newer).await, (0, 2, 0));
    assert_eq!(scene.verdict(group, cleo, newer).await, Verdict::Recorded);
}

pub(super) async fn a_deleted_account_counts_as_left(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben, cleo] = scene.users(["anna", "ben", "cleo"]).await;
    let group = scene.group("g", &[anna, ben, cleo]).await;
    let c2c = scene.c2c(anna, ben).await;
    let (asked, private) = (scene.ask(group, anna).await, scene.ask(c2c, anna).await);
    scene.delete_account(ben).await.unwrap();
    assert_eq!(scene.counts(group, asked).await, (0, 1, 1));
    assert_eq!(scene.listed(group, asked, Filter::Left).await, [ben]);
    assert_eq!(scene.counts(c2c, private).await, (0, 0, 1));

    // Who takes the name is somebody else.
    let [other] = scene.users(["ben"]).await;
    scene.join(group, &[other]).await;
    assert_eq!(scene.counts(group, asked).await, (0, 1, 1));
    assert_eq!(scene.verdict(group, other, asked).await, Verdict::NotInAudience);
}

pub(super) async fn a_targeted_message_asks_its_targets_only(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben, cleo, dora] = scene.users(["anna", "ben", "cleo", "dora"]).await;
    let group = scene.group("g", &[anna, ben, cleo]).await;
    let seq = scene.send(targeting(scene.asking(group, anna), &[anna, cleo, dora])).await;
    scene.reopen().await;
    assert_eq!(scene.counts(group, seq).await, (0, 1, 0), "neither its sender nor dora, who is no member");
    assert_eq!(scene.verdict(group, ben, seq).await, Verdict::NotInAudience);
    scene.join(group, &[dora]).await;
    assert_eq!(scene.verdict(group, dora, seq).await, Verdict::NotInAudience);
    assert_eq!(scene.verdict(group, cleo, seq).await, Verdict::Recorded);
    assert_eq!(scene.listed(group, seq, Filter::Read).await, [cleo]);
}

pub(super) async fn in_c2c_the_time_of_the_peers_receipt_is_told(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let c2c = scene.c2c(anna, ben).await;
    let seq = scene.ask(c2c, ben).await;
    assert_eq!((scene.state(c2c, seq).await.peer_read, scene.counts(c2c, seq).await), (None, (0, 1, 0)));
    let batch = scene.batch(c2c, anna, &[seq]);
    let at = batch.at;
    let outcome = scene.record_receipts(batch).await.unwrap().remove(0);
    assert_eq!(outcome.advance.map(|a| (a.sender, a.state.peer_read)), Some((ben, Some(at))));
    scene.reopen().await;
    assert_eq!((scene.state(c2c, seq).await.peer_read, scene.counts(c2c, seq).await), (Some(at), (1, 0, 0)));
    assert_eq!(scene.verdict(c2c, ben, seq).await, Verdict::OwnMessage);
}

pub(super) async fn a_recall_closes_receipts_with_the_lists_as_they_were(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben, cleo, dora] = scene.users(["anna", "ben", "cleo", "dora"]).await;
    let group = scene.group("g", &[anna, ben, cleo, dora]).await;
    let seq = scene.ask(group, anna).await;
    scene.read(group, ben, &[seq]).await;
    scene.leave(group, &[cleo]).await;
    scene.recall_message(group, seq, v1::Recall::default(), 0).await.unwrap();

    // None of this is seen any more: people come and go, and who has not read does not get to.
    scene.join(group, &[cleo]).await;
    scene.leave(group, &[dora]).await;
    let position = scene.position(anna).await.unwrap();
    assert_eq!(scene.verdict(group, cleo, seq).await, Verdict::Recalled);
    assert_eq!(scene.position(anna).await.unwrap(), position);
    for _ in 0..2 {
        assert!(scene.state(group, seq).await.closed);
        assert_eq!(scene.counts(group, seq).await, (1, 1, 1));
        assert_eq!(scene.listed(group, seq, Filter::Read).await, [ben]);
        assert_eq!(scene.listed(group, seq, Filter::Unread).await, [dora]);
        assert_eq!(scene.listed(group, seq, Filter::Left).await, [cleo]);
        scene.reopen().await;
    }
}

pub(super) async fn pages_never_return_a_member_twice_while_receipts_land(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let crowd = scene.crowd(41).await;
    let (sender, readers) = crowd.split_first().unwrap();
    let group = scene.group("g", &crowd).await;
    let seq = scene.ask(group, *sender).await;

    // Everybody with an even number reads between the pages, from both ends inwards.
    let mut reading: Vec<Tinyid> = readers.iter().copied().step_by(2).collect();
    let mut unread = Vec::new();
    let mut cursor = 0;
    loop {
        let page = scene.audience_page(group, seq, Filter::Unread, cursor, 4).await.unwrap();
        unread.extend(page.members.iter().map(|member| member.user));
        let counts = page.state.counts;
        assert_eq!((counts.audience, counts.read + counts.unread), (40, 40), "one instant");
        if page.finished {
            break;
        }
        cursor = page.next;
        for _ in 0..2 {
            let next = if reading.len().is_multiple_of(2) { reading.pop() } else { Some(reading.remove(0)) };
            scene.read(group, next.unwrap(), &[seq]).await;
        }
    }
    distinct(&unread);
    assert!(readers.iter().skip(1).step_by(2).all(|stays| unread.contains(stays)), "who stays unread comes");
    let read = scene.listed(group, seq, Filter::Read).await;
    distinct(&read);
    assert_eq!(read.len(), 20 - reading.len());
}

pub(super) async fn the_last_page_says_so_and_only_the_last(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let crowd = scene.crowd(7).await;
    let group = scene.group("g", &crowd).await;
    let seq = scene.ask(group, crowd[0]).await;
    let page = async |cursor, limit| {
        let page = scene.audience_page(group, seq, Filter::Unread, cursor, limit).await.unwrap();
        (page.members.len(), page.next, page.finished)
    };
    let (len, next, finished) = page(0, 3).await;
    assert_eq!((len, finished), (3, false));
    assert_eq!(page(next, 3).await, (3, 0, true), "the page is full and nobody follows");
    assert_eq!(page(0, 6).await, (6, 0, true));
    let nobody = scene.audience_page(group, seq, Filter::Read, 0, 3).await.unwrap();
    assert_eq!((nobody.members.len(), nobody.next, nobody.finished), (0, 0, true));
}

pub(super) async fn lists_are_in_order_of_first_joining_with_name_cards(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben, cleo, dora] = scene.users(["anna", "ben", "cleo", "dora"]).await;
    let group = scene.group("g", &[anna, dora, ben]).await;
    scene.join(group, &[cleo]).await;
    scene.leave(group, &[dora]).await;
    scene.join(group, &[dora]).await;
    let card = crate::group::MemberChange { name_card: Some("Dr Dora".into()), ..Default::default() };
    scene.change_member(group, dora, card, None).await.unwrap();
    let seq = scene.ask(group, anna).await;
    scene.read(group, cleo, &[seq]).await;
    scene.read(group, dora, &[seq]).await;

    let page = scene.audience_page(group, seq, Filter::Read, 0, 10).await.unwrap();
    let read: Vec<_> = page.members.iter().map(|m| (m.user, m.ordinal, m.name_card.as_str())).collect();
    assert_eq!(read, [(dora, 1, "Dr Dora"), (cleo, 3, "")]);
    let page = scene.audience_page(group, seq, Filter::Unread, 0, 10).await.unwrap();
    assert_eq!(page.members.iter().map(|m| (m.user, m.read_at)).collect::<Vec<_>>(), [(ben, None)]);
}

pub(super) async fn states_leave_out_what_did_not_ask(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    let (asked, unasked, other) =
        (scene.ask(group, anna).await, scene.say(group, anna).await, scene.ask(group, ben).await);
    let states = scene.receipt_states(group, &[other, 99, unasked, asked, 0]).await.unwrap();
    assert_eq!(states.iter().map(|s| (s.seq, s.sender)).collect::<Vec<_>>(), [(other, ben), (asked, anna)]);
    let (message, _) = scene.message(group, asked).await.unwrap().unwrap();
    assert_eq!((states[1].conversation, &states[1].message_id), (group, &message.id));
    let nowhere = scene.receipt_states(ConversationId(4_000_000), &[1]).await;
    assert_eq!(nowhere, Err(StoreError::NoSuchConversation));
}

pub(super) async fn pages_say_why_there_is_no_list(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    let unasked = scene.say(group, anna).await;
    let why = async |group, seq| scene.audience_page(group, seq, Filter::Read, 0, 10).await.unwrap_err();
    assert_eq!(why(group, unasked).await, StoreError::NoReceipts);
    assert_eq!(why(group, 99).await, StoreError::NoSuchMessage);
    assert_eq!(why(ConversationId(4_000_000), 1).await, StoreError::NoSuchConversation);
}

pub(super) async fn racing_repeats_are_recorded_once(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    let seq = scene.ask(group, anna).await;
    let position = scene.position(anna).await.unwrap();
    let mut racers = JoinSet::new();
    for _ in 0..16 {
        let (store, batch) = (scene.shared(), scene.batch(group, ben, &[seq]));
        racers.spawn(async move { store.record_receipts(batch).await.unwrap().remove(0) });
    }
    let recorded = racers.join_all().await.into_iter().filter(|o| o.verdict == Verdict::Recorded).count();
    assert_eq!(recorded, 1);
    assert_eq!(scene.position(anna).await.unwrap(), position + 1);
}

pub(super) async fn racing_readers_all_count(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let crowd = scene.crowd(33).await;
    let group = scene.group("g", &crowd).await;
    let seqs = [scene.ask(group, crowd[0]).await, scene.ask(group, crowd[0]).await];
    let position = scene.position(crowd[0]).await.unwrap();
    let mut racers = JoinSet::new();
    for &reader in &crowd[1..] {
        let (store, batch) = (scene.shared(), scene.batch(group, reader, &seqs));
        racers.spawn(async move { store.record_receipts(batch).await.unwrap() });
    }
    let advances: Vec<_> =
        racers.join_all().await.into_iter().flatten().map(|outcome| outcome.advance.unwrap()).collect();
    let mut numbers: Vec<_> = advances.iter().map(|advance| advance.change).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (position + 1..=position + 64).collect::<Vec<_>>(), "every change has its number");
    assert!(advances.iter().any(|advance| advance.state.counts.read == 32), "the last one tells the whole");
    for _ in 0..2 {
        for seq in seqs {
            assert_eq!(scene.counts(group, seq).await, (32, 0, 0));
        }
        scene.reopen().await;
    }
}

pub(super) async fn a_large_audience_adds_up(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let crowd = scene.crowd(1_100).await;
    let group = scene.group("g", &crowd).await;
    let seq = scene.ask(group, crowd[0]).await;
    // Readers on both sides of ordinals 16, 64, 128 and 1,024, where compact forms change.
    let readers: Vec<_> =
        crowd[1..].iter().copied().enumerate().filter(|(i, _)| *i < 150 || *i > 1_000).collect();
    let mut racers = JoinSet::new();
    for &(_, reader) in &readers {
        let (store, batch) = (scene.shared(), scene.batch(group, reader, &[seq]));
        racers.spawn(async move { store.record_receipts(batch).await.unwrap() });
    }
    racers.join_all().await;
    scene.leave(group, &crowd[1_050..]).await;
    scene.leave(group, &crowd[500..510]).await;
    let read = u32::try_from(readers.len()).unwrap();
    for _ in 0..2 {
        assert_eq!(scene.counts(group, seq).await, (read, 1_099 - read - 10, 10));
        let page = scene.audience_page(group, seq, Filter::Read, 0, 1_000).await.unwrap();
        assert!(page.finished);
        assert!(page.members.iter().map(|m| m.user).eq(readers.iter().map(|(_, reader)| *reader)));
        assert_eq!(scene.listed(group, seq, Filter::Left).await, crowd[500..510]);
        scene.reopen().await;
    }
}
