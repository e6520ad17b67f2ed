//! Messages: appending, history, recall.

use tokio::task::JoinSet;
use yidu_proto::{limits, v1};

use super::Harness;
use super::scene::{Scene, all, distinct, targeting};
use crate::message::HistoryQuery;
use crate::{ConversationId, Seq, StoreError};

pub(super) async fn seqs_begin_at_one_and_have_no_gaps(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let (group, c2c) = (scene.group("g", &[anna, ben]).await, scene.c2c(anna, ben).await);
    assert_eq!([scene.say(group, anna).await, scene.say(c2c, ben).await], [1, 1]);
    let refused = scene.append_message(scene.draft(ConversationId(4_000_000), anna)).await;
    assert_eq!(refused, Err(StoreError::NoSuchConversation));
    scene.reopen().await;
    assert_eq!(
        [scene.say(group, ben).await, scene.say(group, anna).await, scene.say(c2c, ben).await],
        [2, 3, 2]
    );
}

pub(super) async fn racing_messages_share_the_seqs_out(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    let mut racers = JoinSet::new();
    for _ in 0..24 {
        let (store, message) = (scene.shared(), scene.asking(group, anna));
        racers.spawn(async move { store.append_message(message).await.unwrap().message });
    }
    let sent = racers.join_all().await;
    let mut seqs: Vec<Seq> = sent.iter().map(|message| message.seq).collect();
    seqs.sort_unstable();
    assert_eq!(seqs, (1..=24).collect::<Vec<_>>());
    for message in sent {
        let (stored, _) = scene.message(group, message.seq).await.unwrap().unwrap();
        assert_eq!(stored, message, "each under its seq");
    }
}

pub(super) async fn an_appended_message_is_what_is_stored(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben, cleo] = scene.users(["anna", "ben", "cleo"]).await;
    let group = scene.group("g", &[anna, ben, cleo]).await;
    let draft = scene.asking(group, anna);
    let appended = scene.commits(1, scene.append_message(draft.clone())).await.unwrap();
    let expected = v1::Message { seq: 1, audience_count: 2, ..draft.message };
    assert_eq!((appended.repeated, appended.targets), (false, None));
    assert_eq!(appended.message, expected);
    scene.reopen().await;
    assert_eq!(scene.message(group, 1).await.unwrap(), Some((expected, anna)));
    assert_eq!(scene.message(group, 2).await.unwrap(), None);
    assert_eq!(scene.message(ConversationId(4_000_000), 1).await.unwrap(), None);
}

pub(super) async fn only_a_message_that_asks_says_the_size_of_its_audience(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    let unasked = scene.append_message(scene.draft(group, anna)).await.unwrap();
    assert_eq!(unasked.message.audience_count, 0);
    let mut outsider = scene.asking(group, scene.users(["admin"]).await[0]);
    outsider.as_administrator = true;
    assert_eq!(scene.append_message(outsider).await.unwrap().message.audience_count, 2, "less nobody");
}

pub(super) async fn the_same_message_sent_twice_is_one(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    let draft = targeting(scene.asking(group, anna), &[ben]);
    let first = scene.append_message(draft.clone()).await.unwrap();
    scene.say(group, anna).await;
    scene.reopen().await;
    scene.wait(limits::REPEAT_WINDOW_MS - 1_000);

    let mut again = draft.clone();
    again.message.time_ms = scene.now();
    let second = scene.commits(0, scene.append_message(again)).await.unwrap();
    assert!(second.repeated);
    assert_eq!((second.message, second.targets), (first.message, first.targets));
    assert_eq!(scene.view(ben, group).await.last_seq, 2);
}

pub(super) async fn a_repeat_is_answered_even_after_leaving(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    let draft = scene.draft(group, ben);
    scene.send(draft.clone()).await;
    scene.leave(group, &[ben]).await;
    assert!(scene.append_message(draft).await.unwrap().repeated);
}

pub(super) async fn racing_repeats_are_one_message(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    let draft = scene.draft(group, anna);
    let mut racers = JoinSet::new();
    for _ in 0..16 {
        let (store, draft) = (scene.shared(), draft.clone());
        racers.spawn(async move { store.append_message(draft).await.unwrap() });
    }
    let answers = racers.join_all().await;
    assert_eq!(answers.iter().filter(|answer| !answer.repeated).count(), 1);
    assert!(answers.iter().all(|answer| answer.message.seq == 1));
}

pub(super) async fn another_sender_conversation_random_or_time_is_another_message(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let (group, other) = (scene.group("g", &[anna, ben]).await, scene.group("h", &[anna, ben]).await);
    let draft = scene.draft(group, anna);
    scene.send(draft.clone()).await;
    let mut others = [draft.clone(), draft.clone(), draft.clone(), draft.clone()];
    others[0].sender = ben;
    others[1].conversation = other;
    others[2].message.random += 1_000;
    others[3].message.time_ms += limits::REPEAT_WINDOW_MS + 1;
    for message in others {
        assert!(!scene.append_message(message).await.unwrap().repeated);
    }
    assert_eq!((scene.view(ben, group).await.last_seq, scene.view(ben, other).await.last_seq), (4, 1));
}

pub(super) async fn who_is_no_member_sends_only_as_administrator(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben, admin] = scene.users(["anna", "ben", "admin"]).await;
    let (group, c2c) = (scene.group("g", &[anna, ben]).await, scene.c2c(anna, ben).await);
    scene.leave(group, &[ben]).await;
    for (conversation, sender) in [(group, ben), (group, admin), (c2c, admin)] {
        let draft = scene.draft(conversation, sender);
        assert_eq!(scene.append_message(draft.clone()).await, Err(StoreError::NotMember));
        scene.send(crate::message::NewMessage { as_administrator: true, ..draft }).await;
    }
    assert_eq!(scene.view(anna, group).await.unread, 2);
    assert_eq!(scene.seen(c2c, ben).await, [1]);
}

pub(super) async fn targets_that_are_no_members_are_left_out(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben, cleo, dora] = scene.users(["anna", "ben", "cleo", "dora"]).await;
    let group = scene.group("g", &[anna, ben, cleo]).await;
    scene.leave(group, &[cleo]).await;
    let sent = scene.append_message(targeting(scene.asking(group, anna), &[dora, cleo, ben])).await.unwrap();
    assert_eq!(sent.targets, Some(vec![ben]));
    assert_eq!(sent.message.audience_count, 1);
    let nobody = scene.append_message(targeting(scene.asking(group, anna), &[dora])).await.unwrap();
    assert_eq!((nobody.targets, nobody.message.audience_count), (Some(vec![]), 0));
}

pub(super) async fn members_see_what_was_sent_while_they_were_members(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben, cleo] = scene.users(["anna", "ben", "cleo"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    scene.say(group, anna).await;
    scene.join(group, &[cleo]).await;
    scene.say(group, anna).await;
    scene.leave(group, &[cleo]).await;
    scene.say(group, anna).await;
    let away = scene.history(all(group, cleo)).await;
    assert_eq!(away, Err(StoreError::NotMember));
    scene.join(group, &[cleo]).await;
    scene.say(group, anna).await;
    for _ in 0..2 {
        assert_eq!(scene.seen(group, cleo).await, [2, 4]);
        assert_eq!(scene.seen(group, ben).await, [1, 2, 3, 4]);
        let meeting = HistoryQuery { before_joining: true, newer: true, ..all(group, cleo) };
        let seqs: Vec<Seq> = scene.walk(meeting).await.iter().map(|view| view.message.seq).collect();
        assert_eq!(seqs, [1, 2, 3, 4]);
        scene.reopen().await;
    }
    let nowhere = scene.history(all(ConversationId(4_000_000), anna)).await;
    assert_eq!(nowhere, Err(StoreError::NoSuchConversation));
}

pub(super) async fn a_targeted_message_is_seen_by_sender_and_targets(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben, cleo, dora] = scene.users(["anna", "ben", "cleo", "dora"]).await;
    let group = scene.group("g", &[anna, ben, cleo]).await;
    scene.send(targeting(scene.draft(group, anna), &[ben, dora])).await;
    scene.join(group, &[dora]).await;
    assert_eq!((scene.seen(group, anna).await, scene.seen(group, ben).await), (vec![1], vec![1]));
    assert_eq!(scene.seen(group, cleo).await, Vec::<u64>::new());
    let meeting = HistoryQuery { before_joining: true, ..all(group, dora) };
    assert_eq!(scene.walk(meeting).await, [], "she was named, but no member");
    assert_eq!(scene.messages(group, cleo, false, &[1]).await.unwrap(), []);
}

pub(super) async fn history_goes_both_ways_from_any_seq(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    for _ in 0..9 {
        scene.say(group, anna).await;
    }
    scene.delete_messages(group, ben, &[4, 5]).await.unwrap();
    let seqs = async |from, newer, limit| {
        let page = scene.history(HistoryQuery { from, newer, limit, ..all(group, ben) }).await.unwrap();
        (page.messages.iter().map(|view| view.message.seq).collect::<Vec<_>>(), page.next)
    };
    assert_eq!(seqs(None, false, 100).await, (vec![9, 8, 7, 6, 3, 2, 1], None));
    assert_eq!(seqs(None, true, 100).await, (vec![1, 2, 3, 6, 7, 8, 9], None));
    assert_eq!(seqs(Some(6), false, 2).await.0, [6, 3]);
    assert_eq!(seqs(Some(3), true, 2).await.0, [3, 6]);
    assert_eq!(seqs(Some(5), false, 100).await, (vec![3, 2, 1], None));
    assert_eq!(seqs(Some(2), false, 2).await, (vec![2, 1], None), "a full page can be the last");
    assert_eq!(seqs(Some(40), true, 2).await, (vec![], None));
    let walked = scene.walk(HistoryQuery { limit: 2, ..all(group, ben) }).await;
    assert_eq!(walked.iter().map(|view| view.message.seq).collect::<Vec<_>>(), [9, 8, 7, 6, 3, 2, 1]);
}

pub(super) async fn history_can_be_held_to_times(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    let mut times = Vec::new();
    for _ in 0..6 {
        let draft = scene.draft(group, anna);
        times.push(draft.message.time_ms);
        scene.send(draft).await;
        scene.wait(1_000);
    }
    let query = HistoryQuery { min_time: times[1], max_time: times[3], limit: 2, ..all(group, ben) };
    let walked = scene.walk(query).await;
    assert_eq!(walked.iter().map(|view| view.message.seq).collect::<Vec<_>>(), [4, 3, 2], "both inclusive");
}

pub(super) async fn messages_by_seq_leave_out_what_may_not_be_seen(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben, cleo] = scene.users(["anna", "ben", "cleo"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    scene.say(group, anna).await;
    scene.join(group, &[cleo]).await;
    for _ in 0..3 {
        scene.say(group, anna).await;
    }
    scene.delete_messages(group, cleo, &[3, 99]).await.unwrap();
    let seqs = async |viewer, before_joining| {
        let views = scene.messages(group, viewer, before_joining, &[4, 99, 1, 3, 2]).await.unwrap();
        views.into_iter().map(|view| view.message.seq).collect::<Vec<_>>()
    };
    assert_eq!(seqs(cleo, false).await, [4, 2]);
    assert_eq!(seqs(cleo, true).await, [4, 1, 2]);
    assert_eq!(seqs(ben, false).await, [4, 1, 3, 2], "only cleo's view has changed");
    scene.leave(group, &[ben]).await;
    assert_eq!(scene.messages(group, ben, false, &[1]).await, Err(StoreError::NotMember));
    assert_eq!(scene.delete_messages(group, ben, &[1]).await, Err(StoreError::NotMember));
}

pub(super) async fn deleted_messages_stay_deleted(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let c2c = scene.c2c(anna, ben).await;
    for _ in 0..4 {
        scene.say(c2c, anna).await;
    }
    scene.commits(1, scene.delete_messages(c2c, ben, &[4, 2])).await.unwrap();
    scene.delete_messages(c2c, ben, &[2]).await.unwrap();
    scene.reopen().await;
    assert_eq!(scene.seen(c2c, ben).await, [1, 3]);
    assert_eq!(scene.seen(c2c, anna).await, [1, 2, 3, 4]);
    let last = scene.view(ben, c2c).await.last_message;
    assert_eq!(last.map(|view| view.message.seq), Some(3));
}

pub(super) async fn a_view_tells_ones_own_receipts_and_whether_one_has_sent_one(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben, cleo] = scene.users(["anna", "ben", "cleo"]).await;
    let group = scene.group("g", &[anna, ben, cleo]).await;
    let (asked, unasked) = (scene.ask(group, anna).await, scene.say(group, anna).await);
    scene.read(group, ben, &[asked]).await;
    for _ in 0..2 {
        let state = scene.state(group, asked).await;
        for (viewer, receipt, sent) in [(anna, Some(state), false), (ben, None, true), (cleo, None, false)] {
            let views = scene.messages(group, viewer, false, &[asked, unasked]).await.unwrap();
            assert_eq!((&views[0].receipt, views[0].receipt_sent), (&receipt, sent));
            assert_eq!((&views[1].receipt, views[1].receipt_sent), (&None, false));
        }
        scene.reopen().await;
    }
}

pub(super) async fn a_recall_is_one_commit_and_leaves_no_content(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben, cleo] = scene.users(["anna", "ben", "cleo"]).await;
    let group = scene.group("g", &[anna, ben, cleo]).await;
    let seq = scene.send(targeting(scene.asking(group, anna), &[cleo])).await;
    let recall =
        v1::Recall { by: "anna".into(), time_ms: scene.now(), reason: "typing".into(), ..Default::default() };
    let (before, _) = scene.message(group, seq).await.unwrap().unwrap();

    let recalled = scene.commits(1, scene.recall_message(group, seq, recall.clone(), 0)).await.unwrap();
    let expected = v1::Message {
        elements: Vec::new(),
        cloud_custom_data: String::new(),
        recall: Some(recall),
        ..before
    };
    assert_eq!(recalled.message, expected);
    assert_eq!((recalled.change, recalled.targets), (1, Some(vec![cleo])));
    scene.reopen().await;
    assert_eq!(scene.message(group, seq).await.unwrap(), Some((expected.clone(), anna)));
    let view = scene.messages(group, cleo, false, &[seq]).await.unwrap().remove(0);
    assert_eq!(view.message, expected);
    assert_eq!(scene.view(ben, group).await.last_change, 1);
}

pub(super) async fn a_message_is_recalled_once_and_in_time(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    let draft = scene.draft(group, anna);
    let sent = draft.message.time_ms;
    let seq = scene.send(draft).await;
    let recall = async |conversation, seq, not_before| {
        let recall = v1::Recall { by: "anna".into(), ..Default::default() };
        scene.recall_message(conversation, seq, recall, not_before).await.map(|recalled| recalled.change)
    };
    assert_eq!(recall(group, seq, sent + 1).await, Err(StoreError::TooLateToRecall));
    assert_eq!(scene.view(ben, group).await.last_change, 0);
    assert_eq!(recall(group, seq, sent).await, Ok(1));
    assert_eq!(recall(group, seq, 0).await, Err(StoreError::AlreadyRecalled));
    assert_eq!(recall(group, 9, 0).await, Err(StoreError::NoSuchMessage));
    assert_eq!(recall(ConversationId(4_000_000), 1, 0).await, Err(StoreError::NoSuchConversation));
    assert_eq!(scene.view(ben, group).await.last_change, 1);
}

pub(super) async fn the_feed_of_a_conversation_tells_recalls_that_one_may_see(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben, cleo] = scene.users(["anna", "ben", "cleo"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    let older = scene.say(group, anna).await;
    scene.join(group, &[cleo]).await;
    let whispered = scene.send(targeting(scene.draft(group, anna), &[ben])).await;
    let (first, second) = (scene.say(group, anna).await, scene.say(group, anna).await);
    for seq in [second, older, whispered, first] {
        scene.recall_message(group, seq, v1::Recall::default(), 0).await.unwrap();
    }
    scene.reopen().await;
    let changes = async |viewer, before_joining, after, limit| {
        let (changes, finished) =
            scene.conversation_changes(group, viewer, before_joining, after, limit).await.unwrap();
        assert!(changes.iter().all(|change| change.message.recall.is_some()));
        (changes.iter().map(|change| (change.number, change.message.seq)).collect::<Vec<_>>(), finished)
    };
    let everything = vec![(1, second), (2, older), (3, whispered), (4, first)];
    assert_eq!(changes(ben, false, 0, 10).await, (everything, true));
    assert_eq!(changes(ben, false, 1, 2).await, (vec![(2, older), (3, whispered)], false));
    assert_eq!(changes(cleo, false, 0, 10).await, (vec![(1, second), (4, first)], true));
    assert_eq!(changes(cleo, true, 1, 10).await, (vec![(2, older), (4, first)], true));
    assert_eq!(changes(cleo, false, 4, 10).await, (vec![], true));
    scene.leave(group, &[ben]).await;
    assert_eq!(scene.conversation_changes(group, ben, false, 0, 10).await, Err(StoreError::NotMember));
}

pub(super) async fn a_message_costs_as_much_in_a_group_of_a_thousand_as_in_one_of_three(
    harness: &dyn Harness,
) {
    let scene = Scene::open(harness).await;
    let crowd = scene.crowd(1_000).await;
    let mut costs = Vec::new();
    for (id, members) in [("small", &crowd[..3]), ("large", &crowd[..])] {
        let group = scene.group(id, members).await;
        scene.ask(group, members[0]).await;
        let before = scene.operations();
        assert_eq!(scene.ask(group, members[1]).await, 2);
        costs.push(scene.operations_since(before));
        let last = scene.view(members[2], group).await.last_message.unwrap();
        assert_eq!(usize::try_from(last.message.audience_count).unwrap(), members.len() - 1);
    }
    assert_eq!(costs[0], costs[1]);
    distinct(&crowd);
}
