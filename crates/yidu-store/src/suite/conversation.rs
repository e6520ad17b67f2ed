//! Conversations as their members see them.

use tokio::task::JoinSet;

use super::Harness;
use super::scene::{APP, Scene, app, distinct, targeting};
use crate::conversation::{ClearAdvance, ClearUpTo, ConversationKind};
use crate::feed::Thing;
use crate::{AppId, ConversationId, StoreError, Tinyid};

pub(super) async fn two_accounts_have_one_conversation(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben, cleo] = scene.users(["anna", "ben", "cleo"]).await;
    assert_eq!(scene.find_c2c(APP, ben, anna).await.unwrap(), None);
    let c2c = scene.commits(1, scene.c2c(ben, anna)).await;
    assert_eq!(scene.commits(0, scene.c2c(anna, ben)).await, c2c);
    assert_ne!(scene.c2c(anna, cleo).await, c2c);
    scene.reopen().await;
    assert_eq!(scene.find_c2c(APP, anna, ben).await.unwrap(), Some(c2c));
    assert_eq!(scene.conversation_kind(c2c).await.unwrap(), Some(ConversationKind::C2c(anna, ben)));
    assert_eq!(scene.conversation_kind(ConversationId(4_000_000)).await.unwrap(), None);
}

pub(super) async fn a_conversation_needs_two_accounts_of_the_app(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben, gone] = scene.users(["anna", "ben", "gone"]).await;
    scene.delete_account(gone).await.unwrap();
    let other = AppId(1_400_000_002);
    scene.create_app(app(other)).await.unwrap();
    for (app, one, two) in [(APP, anna, gone), (APP, Tinyid(77), ben), (other, anna, ben)] {
        assert_eq!(scene.open_c2c(app, one, two).await, Err(StoreError::NoSuchAccount));
    }
    let oneself = scene.open_c2c(APP, anna, anna).await;
    assert!(matches!(oneself, Err(StoreError::Invalid(_))), "{oneself:?}");
}

pub(super) async fn racing_openers_get_the_same_conversation(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let mut racers = JoinSet::new();
    for i in 0..16 {
        let (store, (one, two)) = (scene.shared(), if i % 2 == 0 { (anna, ben) } else { (ben, anna) });
        racers.spawn(async move { store.open_c2c(APP, one, two).await.unwrap() });
    }
    let ids = racers.join_all().await;
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
}

pub(super) async fn a_one_to_one_conversation_is_on_no_list_before_its_first_message(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let c2c = scene.c2c(anna, ben).await;
    assert_eq!((scene.list(anna).await, scene.list(ben).await), (vec![], vec![]));
    assert_eq!(scene.conversation_ids(ben).await.unwrap(), [c2c], "but sessions are told of it");
    scene.say(c2c, anna).await;
    assert_eq!((scene.list(anna).await, scene.list(ben).await), (vec![c2c], vec![c2c]));
    assert_eq!((scene.seen(c2c, anna).await, scene.seen(c2c, ben).await), (vec![1], vec![1]));
}

pub(super) async fn a_view_tells_what_the_member_may_know(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben, cleo] = scene.users(["anna", "ben", "cleo"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    let empty = scene.view(ben, group).await;
    assert_eq!((empty.last_seq, empty.last_change, empty.unread, empty.read_seq), (0, 0, 0, 0));
    assert_eq!((empty.last_message, empty.peer_read), (None, 0));
    assert_eq!(empty.kind, ConversationKind::Group("g".into()));
    assert_eq!(empty.active, scene.members_by_user(group, &[ben]).await.unwrap()[0].as_ref().unwrap().joined);

    scene.say(group, anna).await;
    let mut quiet = scene.draft(group, anna);
    quiet.message.exclude_from_last_message = true;
    scene.send(quiet).await;
    let whispered = targeting(scene.draft(group, anna), &[anna]);
    let active = whispered.message.time_ms;
    scene.send(whispered).await;
    scene.reopen().await;
    let view = scene.view(ben, group).await;
    assert_eq!((view.last_seq, view.active), (3, active));
    assert_eq!(view.last_message.map(|view| view.message.seq), Some(1));
    assert_eq!(scene.view(anna, group).await.last_message.map(|view| view.message.seq), Some(3));
    assert_eq!(scene.conversation(cleo, group).await, Err(StoreError::NotMember));
    let nowhere = scene.conversation(cleo, ConversationId(4_000_000)).await;
    assert_eq!(nowhere, Err(StoreError::NoSuchConversation));
}

pub(super) async fn a_list_is_in_order_of_activity_page_by_page(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let crowd = scene.crowd(9).await;
    let (me, others) = crowd.split_first().unwrap();
    let mut chats = Vec::new();
    for other in others {
        chats.push(scene.c2c(*me, *other).await);
    }
    let time = scene.now();
    for (i, &chat) in chats.iter().enumerate() {
        let mut draft = scene.draft(chat, others[i]);
        // Two at a time are equally active.
        draft.message.time_ms = time + 10 * (i as u64 / 2);
        scene.send(draft).await;
    }
    scene.reopen().await;
    let expected: Vec<_> = [6, 7, 4, 5, 2, 3, 0, 1].map(|i| chats[i]).to_vec();
    let (mut listed, mut after) = (Vec::new(), None);
    loop {
        let (page, unread) = scene.conversations(*me, after, 3).await.unwrap();
        assert_eq!(unread, 8, "over the whole list on every page");
        listed.extend(page.iter().map(|view| view.id));
        after = page.last().map(|view| (view.active, view.id));
        if page.len() < 3 {
            break;
        }
    }
    distinct(&listed);
    assert_eq!(listed, expected);
}

pub(super) async fn unread_messages_are_others_that_count(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben, cleo] = scene.users(["anna", "ben", "cleo"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    scene.say(group, anna).await;
    scene.say(group, ben).await;
    let mut silent = scene.draft(group, anna);
    silent.counts_unread = false;
    scene.send(silent).await;
    scene.send(targeting(scene.draft(group, anna), &[ben])).await;
    scene.join(group, &[cleo]).await;
    scene.say(group, anna).await;
    for _ in 0..2 {
        let unread = [scene.view(anna, group).await.unread, scene.view(ben, group).await.unread];
        assert_eq!(unread, [1, 2]);
        let joiner = scene.view(cleo, group).await;
        assert_eq!((joiner.unread, joiner.read_seq), (1, 4), "nothing from before joining");
        scene.reopen().await;
    }
    scene.leave(group, &[cleo]).await;
    scene.say(group, anna).await;
    scene.join(group, &[cleo]).await;
    assert_eq!(scene.view(cleo, group).await.unread, 0, "nothing from before coming back");
}

pub(super) async fn clearing_goes_up_to_where_it_is_told(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    let mut times = Vec::new();
    for _ in 0..6 {
        let draft = scene.draft(group, anna);
        times.push(draft.message.time_ms);
        scene.send(draft).await;
        scene.wait(100);
    }
    let steps = [
        (ClearUpTo::Seq(2), 2),
        (ClearUpTo::Time(times[2]), 3),
        (ClearUpTo::Time(times[3] + 50), 4),
        (ClearUpTo::Seq(900), 6),
    ];
    for (up_to, read_seq) in steps {
        let position = scene.position(ben).await.unwrap();
        let cleared = scene.commits(1, scene.clear_unread(ben, group, up_to, scene.now())).await.unwrap();
        let advance = Some(ClearAdvance { own_change: position + 1, peer: None });
        assert_eq!((cleared.read_seq, cleared.unread, cleared.advance), (read_seq, 6 - read_seq, advance));
        scene.reopen().await;
        let told = Thing::UnreadCleared { conversation: group, read_seq, unread: 6 - read_seq };
        assert_eq!(scene.things(ben, position).await, [told]);
        assert_eq!(scene.view(ben, group).await.read_seq, read_seq);
    }
    scene.say(group, anna).await;
    let newest = scene.clear_unread(ben, group, ClearUpTo::Newest, scene.now()).await.unwrap();
    assert_eq!((newest.read_seq, newest.unread), (7, 0));
}

pub(super) async fn clearing_never_goes_back(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben, cleo] = scene.users(["anna", "ben", "cleo"]).await;
    let c2c = scene.c2c(anna, ben).await;
    for _ in 0..3 {
        scene.say(c2c, anna).await;
    }
    scene.clear_unread(ben, c2c, ClearUpTo::Seq(2), scene.now()).await.unwrap();
    let positions = [scene.position(anna).await.unwrap(), scene.position(ben).await.unwrap()];
    for up_to in [ClearUpTo::Seq(2), ClearUpTo::Seq(1), ClearUpTo::Time(1), ClearUpTo::Seq(0)] {
        let cleared = scene.commits(0, scene.clear_unread(ben, c2c, up_to, scene.now())).await.unwrap();
        assert_eq!((cleared.read_seq, cleared.unread, cleared.advance), (2, 1, None));
    }
    assert_eq!([scene.position(anna).await.unwrap(), scene.position(ben).await.unwrap()], positions);
    let outsider = scene.clear_unread(cleo, c2c, ClearUpTo::Newest, scene.now()).await;
    assert_eq!(outsider, Err(StoreError::NotMember));
    let nowhere = scene.clear_unread(cleo, ConversationId(4_000_000), ClearUpTo::Newest, 1).await;
    assert_eq!(nowhere, Err(StoreError::NoSuchConversation));
}

pub(super) async fn clearing_in_c2c_tells_the_peer_and_sends_no_receipt(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let c2c = scene.c2c(anna, ben).await;
    let first = scene.asking(c2c, anna);
    let sent = first.message.time_ms;
    let seq = scene.send(first).await;
    scene.ask(c2c, anna).await;
    scene.wait(1_000);

    // A part of it is read as of its newest message, everything as of now.
    for (up_to, time) in [(ClearUpTo::Seq(seq), sent), (ClearUpTo::Newest, scene.now())] {
        let position = scene.position(anna).await.unwrap();
        let cleared = scene.clear_unread(ben, c2c, up_to, time.max(sent + 900)).await.unwrap();
        let told = cleared.advance.unwrap().peer;
        let time = if up_to == ClearUpTo::Newest { time.max(sent + 900) } else { time };
        assert_eq!(told, Some((anna, position + 1, time)));
        scene.reopen().await;
        assert_eq!(scene.view(anna, c2c).await.peer_read, time);
        assert_eq!(scene.things(anna, position).await, [Thing::PeerRead { conversation: c2c, time }]);
    }
    assert_eq!(scene.view(ben, c2c).await.peer_read, 0, "anna has cleared nothing");
    assert_eq!((scene.state(c2c, seq).await.peer_read, scene.counts(c2c, seq).await), (None, (0, 1, 0)));
}

pub(super) async fn a_deleted_conversation_is_gone_until_a_new_message(harness: &dyn Harness) {
    let mut scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let (c2c, group) = (scene.c2c(anna, ben).await, scene.group("g", &[anna, ben]).await);
    for conversation in [c2c, group] {
        scene.say(conversation, anna).await;
        scene.say(conversation, anna).await;
        let positions = [scene.position(anna).await.unwrap(), scene.position(ben).await.unwrap()];
        let number = scene.commits(1, scene.delete_conversation(ben, conversation)).await.unwrap();
        assert_eq!(number, positions[1] + 1);
        assert_eq!(scene.things(ben, positions[1]).await, [Thing::ConversationDeleted { conversation }]);
        scene.reopen().await;
        assert!(!scene.list(ben).await.contains(&conversation));
        assert_eq!(scene.seen(conversation, ben).await, Vec::<u64>::new());
        assert!(scene.list(anna).await.contains(&conversation));
        assert_eq!(scene.seen(conversation, anna).await, [1, 2]);
        let view = scene.view(ben, conversation).await;
        assert_eq!((view.unread, view.read_seq, view.last_message), (0, 2, None));
        assert_eq!(scene.view(anna, conversation).await.peer_read, 0, "the peer is not told");
        assert_eq!(scene.position(anna).await.unwrap(), positions[0]);

        scene.say(conversation, anna).await;
        assert!(scene.list(ben).await.contains(&conversation));
        assert_eq!(scene.seen(conversation, ben).await, [3]);
        assert_eq!(scene.view(ben, conversation).await.unread, 1);
    }
    scene.leave(group, &[ben]).await;
    assert_eq!(scene.delete_conversation(ben, group).await, Err(StoreError::NotMember));
    let nowhere = scene.delete_conversation(ben, ConversationId(4_000_000)).await;
    assert_eq!(nowhere, Err(StoreError::NoSuchConversation));
}

pub(super) async fn who_leaves_a_group_no_longer_has_it(harness: &dyn Harness) {
    let scene = Scene::open(harness).await;
    let [anna, ben] = scene.users(["anna", "ben"]).await;
    let group = scene.group("g", &[anna, ben]).await;
    assert_eq!(scene.list(ben).await, [group], "a group is on the list from joining on");
    scene.say(group, anna).await;
    scene.leave(group, &[ben]).await;
    assert_eq!((scene.list(ben).await, scene.conversation_ids(ben).await.unwrap()), (vec![], vec![]));
    assert_eq!(scene.conversations(ben, None, 10).await.unwrap().1, 0);
    scene.join(group, &[ben]).await;
    assert_eq!(scene.list(ben).await, [group]);
    scene.delete_conversation(ben, group).await.unwrap();
    scene.leave(group, &[ben]).await;
    scene.join(group, &[ben]).await;
    assert_eq!(scene.list(ben).await, [group], "coming back puts it on the list again");
}
