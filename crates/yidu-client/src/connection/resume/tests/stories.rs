//! Odd cases by name, each from a client that has been online once and comes back.

use yidu_proto::v1::{
    self, change, conversation_change::Thing, get_history, push, request::Operation, response,
};

use super::server::ME;
use super::*;
use crate::{group, user};

/// Logged in at 1,000 ms, feed at 5; group `g` stood at seq 10; now back again.
struct Back {
    resume: Resume,
    asks: Vec<(Ask, Operation)>,
    events: Vec<Event>,
}

impl Back {
    fn new(limit: usize) -> Back {
        let mut back = Back { resume: Resume::new(limit), asks: Vec::new(), events: Vec::new() };
        back.log_in();
        back.answer(|_| list(&[conversation("g", 10, 3, 900)], ""));
        assert!(back.asks.is_empty() && back.events.is_empty());
        back.log_in();
        back
    }

    fn log_in(&mut self) {
        let login = v1::LoginResult { position: 5, server_time_ms: 1_000, ..Default::default() };
        let steps = self.resume.logged_in(ME, &login);
        self.take(steps);
    }

    /// Answers the oldest question.
    fn answer(&mut self, answer: impl FnOnce(&Operation) -> response::Result) {
        let (ask, operation) = self.asks.remove(0);
        let answer = answer(&operation);
        let steps = self.resume.answered(ask, Ok(answer));
        self.take(steps);
    }

    fn refuse(&mut self, code: u32) {
        let (ask, _) = self.asks.remove(0);
        let error = Error::refused(v1::Error { code, ..Default::default() });
        let steps = self.resume.answered(ask, Err(error));
        self.take(steps);
    }

    fn pushed(&mut self, event: push::Event) {
        let steps = self.resume.pushed(event);
        self.take(steps);
    }

    fn take(&mut self, steps: Vec<Step>) {
        for step in steps {
            match step {
                Step::Ask(ask, operation) => self.asks.push((ask, operation)),
                Step::Tell(event) => self.events.push(event),
                Step::Retry(after) => panic!("retry after {after:?}"),
            }
        }
    }

    /// The seqs told of messages, and how many other events.
    fn told(&self) -> (Vec<u64>, usize) {
        let seq = |event: &Event| if let Event::Message(message) = event { Some(message.seq) } else { None };
        let seqs: Vec<u64> = self.events.iter().filter_map(seq).collect();
        let others = self.events.len() - seqs.len();
        (seqs, others)
    }
}

fn conversation(id: &str, last_seq: u64, last_change: u64, active_time_ms: u64) -> v1::Conversation {
    v1::Conversation { r#ref: Some(group(id)), last_seq, last_change, active_time_ms, ..Default::default() }
}

fn list(conversations: &[v1::Conversation], next_cursor: &str) -> response::Result {
    response::Result::ListConversations(v1::ListConversationsResult {
        conversations: conversations.to_vec(),
        next_cursor: next_cursor.to_owned(),
        total_unread: 0,
    })
}

fn no_changes(_: &Operation) -> response::Result {
    response::Result::GetChanges(v1::GetChangesResult { changes: Vec::new(), position: 5, finished: true })
}

fn message(to: v1::ConversationRef, seq: u64) -> v1::Message {
    v1::Message { to: Some(to), from: "bob".into(), seq, ..Default::default() }
}

fn history(seqs: impl IntoIterator<Item = u64>, next_seq: u64) -> response::Result {
    let view = |seq| v1::MessageView { message: Some(message(group("g"), seq)), ..Default::default() };
    let messages = seqs.into_iter().map(view).collect();
    response::Result::GetHistory(v1::GetHistoryResult { messages, next_seq })
}

#[test]
fn the_history_is_read_from_where_it_was_left() {
    let mut back = Back::new(1_000);
    back.answer(|_| list(&[conversation("g", 12, 3, 2_000)], ""));
    back.answer(no_changes);
    back.answer(|operation| {
        let Operation::GetHistory(get) = operation else { panic!("{operation:?}") };
        assert_eq!((get.from_seq, get.direction()), (11, get_history::Direction::Newer));
        history([11, 12], 0)
    });
    assert_eq!(back.told(), (vec![11, 12], 1));
    assert!(matches!(back.events.last(), Some(Event::CaughtUp)));
}

#[test]
fn what_is_pushed_meanwhile_waits_for_what_is_older() {
    let mut back = Back::new(1_000);
    back.pushed(push::Event::Message(message(group("g"), 13)));
    back.answer(|_| list(&[conversation("g", 12, 3, 2_000)], ""));
    back.answer(no_changes);
    back.pushed(push::Event::Message(message(group("other"), 1)));
    assert_eq!(back.told().0, [1]);
    back.answer(|_| history([11, 12], 0));
    assert_eq!(back.told().0, [1, 11, 12, 13]);
}

#[test]
fn more_than_is_held_is_read_instead() {
    let mut back = Back::new(1_000);
    for seq in 11..=400 {
        back.pushed(push::Event::Message(message(group("g"), seq)));
    }
    back.answer(|_| list(&[conversation("g", 10, 3, 2_000)], ""));
    back.answer(no_changes);
    back.answer(|_| history(11..=300, 0));
    back.answer(|operation| {
        let Operation::GetHistory(get) = operation else { panic!("{operation:?}") };
        history(get.from_seq..=400, 0)
    });
    assert_eq!(back.told(), ((11..=400).collect(), 1));
}

#[test]
fn of_a_long_absence_the_newest_messages_are_told_and_the_rest_is_named() {
    let mut back = Back::new(2);
    back.answer(|_| list(&[conversation("g", 100, 3, 2_000)], ""));
    back.answer(no_changes);
    back.answer(|_| history([99, 100], 0));
    let Some(Event::MessagesSkipped { from, to, .. }) = back.events.first() else {
        panic!("{:?}", back.events)
    };
    assert_eq!((*from, *to), (11, 98));
    assert_eq!(back.told().0, [99, 100]);
}

#[test]
fn a_conversation_that_refuses_does_not_hold_up_the_others() {
    let mut back = Back::new(1_000);
    back.answer(|_| list(&[conversation("gone", 5, 1, 2_000), conversation("g", 11, 3, 2_000)], ""));
    back.answer(no_changes);
    back.refuse(10_007);
    back.answer(|_| history([11], 0));
    assert_eq!(back.told(), (vec![11], 1));
    assert!(back.asks.is_empty());
}

#[test]
fn a_group_that_takes_the_id_of_a_dismissed_one_begins_at_one() {
    let mut back = Back::new(1_000);
    back.answer(|_| list(&[conversation("g", 10, 3, 2_000)], ""));
    back.answer(no_changes);
    let thing = Some(Thing::Dismissed(v1::Dismissed { by: "bob".into() }));
    back.pushed(push::Event::ConversationChange(v1::ConversationChange {
        to: Some(group("g")),
        // As the server tells it.
        number: 0,
        thing,
    }));
    back.pushed(push::Event::Message(message(group("g"), 1)));
    assert!(
        matches!(&back.events[1], Event::GroupDismissed { group_id, by } if group_id == "g" && by == "bob")
    );
    assert_eq!(back.told().0, [1]);
}

#[test]
fn a_group_that_was_dismissed_meanwhile_is_told_once() {
    let mut back = Back::new(1_000);
    back.answer(|_| list(&[], ""));
    back.answer(no_changes);
    assert!(matches!(back.asks[..], [(_, Operation::GetHistory(_))]), "of the group it followed");
    back.refuse(10_010);
    let told = back.events.iter().filter(|event| matches!(event, Event::GroupDismissed { .. })).count();
    assert_eq!(told, 1);

    back.log_in();
    back.answer(|_| list(&[], ""));
    back.answer(no_changes);
    assert!(back.asks.is_empty(), "it is forgotten");
}

#[test]
fn a_group_that_one_has_left_is_not_told_as_dismissed() {
    let mut back = Back::new(1_000);
    back.answer(|_| list(&[], ""));
    back.answer(no_changes);
    back.refuse(10_007);
    assert!(!back.events.iter().any(|event| matches!(event, Event::GroupDismissed { .. })));
}

#[test]
fn online_only_messages_have_no_place_and_are_told_as_they_come() {
    let mut back = Back::new(1_000);
    back.pushed(push::Event::Message(message(user(ME), 0)));
    back.pushed(push::Event::Message(message(user(ME), 0)));
    assert_eq!(back.told().0, [0, 0]);
}

#[test]
fn a_receipt_that_was_overtaken_is_not_told() {
    let mut back = Back::new(1_000);
    let state = |number, read_count| v1::Change {
        number,
        thing: Some(change::Thing::Receipt(v1::ReceiptState { seq: 1, read_count, ..Default::default() })),
    };
    let pushed = |changes, position| push::Event::Changes(v1::Changes { changes, position });
    back.pushed(pushed(vec![state(8, 4)], 5));
    back.answer(|_| list(&[], ""));
    back.answer(|_| {
        let changes = vec![state(7, 3)];
        response::Result::GetChanges(v1::GetChangesResult { changes, position: 7, finished: true })
    });
    back.pushed(pushed(vec![state(8, 4)], 8));
    back.pushed(pushed(vec![state(9, 2)], 9));
    back.pushed(pushed(vec![state(10, 4)], 10));
    let count = |event: &Event| if let Event::Receipt(state) = event { Some(state.read_count) } else { None };
    // The second 4 has a number of its own: those who have left may have changed.
    assert_eq!(back.events.iter().filter_map(count).collect::<Vec<_>>(), [4, 4]);
}

#[test]
fn another_user_begins_afresh() {
    let mut back = Back::new(1_000);
    back.asks.clear();
    let steps = back.resume.logged_in("somebody else", &v1::LoginResult::default());
    back.take(steps);
    assert!(matches!(back.asks[..], [(_, Operation::ListConversations(_))]));
}

#[test]
fn what_many_conversations_hold_has_a_bound_and_loses_nothing() {
    let mut back = Back::new(1_000);
    let name = |n: u64| format!("h{n:02}");
    for n in 0..20 {
        for seq in 1..=250 {
            back.pushed(push::Event::Message(message(group(name(n)), seq)));
        }
    }
    // The list was taken before any of it.
    let mut names: Vec<v1::Conversation> = (0..20).map(|n| conversation(&name(n), 0, 0, 2_000)).collect();
    names.push(conversation("g", 10, 3, 900));
    back.answer(|_| list(&names, ""));
    back.answer(no_changes);
    while !back.asks.is_empty() {
        back.answer(|operation| {
            let Operation::GetHistory(get) = operation else { panic!("{operation:?}") };
            let view = |seq| {
                let message = message(get.conversation.clone().unwrap(), seq);
                v1::MessageView { message: Some(message), ..Default::default() }
            };
            let messages = (get.from_seq.max(1)..=250).map(view).collect();
            response::Result::GetHistory(v1::GetHistoryResult { messages, next_seq: 0 })
        });
    }
    assert_eq!(back.told().0.len(), 20 * 250);
    assert_eq!(back.told().1, 1);
}
